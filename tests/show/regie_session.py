# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins of those that a desktop has besides Régie, see fake_session.py."""
import json
import subprocess
import threading

from regie_testing import TESTS, wait_until


class Session:
    """The stand-ins of logind, desktop and portal, and what they were asked."""

    def __init__(self, stage, *kinds):
        self.calls = []
        stage.environment['DBUS_SYSTEM_BUS_ADDRESS'] = stage.environment['DBUS_SESSION_BUS_ADDRESS']
        self.process = stage.start(['/usr/bin/python3', TESTS / 'show' / 'fake_session.py', *kinds],
                                   stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, daemon=True).start()
        self.wait_for(lambda call: call['call'] == 'ready', 'the stand-ins', 10)

    def _read(self):
        for line in self.process.stdout:
            self.calls.append(json.loads(line))

    def find(self, **wanted):
        return [call for call in self.calls if all(call.get(key) == value for key, value in wanted.items())]

    def wait_for(self, predicate, what, timeout_s=5.0):
        return wait_until(lambda: next((call for call in self.calls if predicate(call)), None), what, timeout_s)

    def names(self):
        return [call['call'] for call in self.calls]

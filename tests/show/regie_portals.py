# SPDX-License-Identifier: GPL-3.0-or-later
"""Régie in a sandbox such as Flatpak's, with the real xdg-desktop-portal outside of it.

The sandbox is bubblewrap's, as Flatpak's is, with the file in it by which the portal knows who asks. From outside it has
the session bus and the sound server, and nothing else: above all not PipeWire. Somebody who would be asked is
portal_backend.py.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading

from regie_testing import TESTS, Failure, Regie, Skipped, wait_until

LIBEXEC = pathlib.Path('/usr/libexec')
INTERFACES = ('Access', 'Secret', 'Inhibit', 'Background', 'Notification')
INFO = """[Application]
name=live.regie.Regie
runtime=runtime/org.gnome.Platform/x86_64/51

[Instance]
instance-id=4711
app-path=/app

[Context]
shared=network;
sockets=pulseaudio;
"""


class Portals:
    """xdg-desktop-portal, what it remembers, and who answers for a person: “yes”, “no” or “later”."""

    def __init__(self, stage, answer):
        self.stage = stage
        self.calls = []
        for program in ('xdg-desktop-portal', 'xdg-permission-store'):
            if not (LIBEXEC / program).exists():
                raise Skipped(f'{program} is not installed')
        folder = stage.folder / 'portals'
        folder.mkdir()
        names = ';'.join(f'org.freedesktop.impl.portal.{name}' for name in INTERFACES)
        (folder / 'test.portal').write_text(
            f'[portal]\nDBusName=org.freedesktop.impl.portal.desktop.test\nInterfaces={names}\nUseIn=test\n')
        self.environment = dict(stage.environment, XDG_DESKTOP_PORTAL_DIR=str(folder), XDG_CURRENT_DESKTOP='test')
        self.log = open(stage.folder / 'portal.log', 'wb')  # pylint: disable=consider-using-with
        backend = stage.start(['/usr/bin/python3', TESTS / 'show' / 'portal_backend.py', answer],
                              stdout=subprocess.PIPE, stderr=self.log, text=True)
        threading.Thread(target=self._read, args=(backend,), daemon=True).start()
        self.wait_for(lambda call: call['call'] == 'ready', 'the backend')
        self._start('xdg-permission-store', 'org.freedesktop.impl.portal.PermissionStore')
        self.process = None
        self.start()

    def _start(self, program, name):
        process = self.stage.start([LIBEXEC / program], env=self.environment, stdout=self.log, stderr=self.log)
        wait_until(lambda: self._has_owner(name), program, 20)
        return process

    def _has_owner(self, name):
        return self.stage.bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'ListNames',
                                        None, None, 0, 10000, None).unpack()[0].count(name) > 0

    def start(self):
        self.process = self._start('xdg-desktop-portal', 'org.freedesktop.portal.Desktop')

    def kill(self):
        self.process.kill()
        self.process.wait()

    def _read(self, backend):
        for line in backend.stdout:
            self.calls.append(json.loads(line))

    def find(self, **wanted):
        return [call for call in self.calls if all(call.get(key) == value for key, value in wanted.items())]

    def wait_for(self, predicate, what, timeout_s=20.0):
        return wait_until(lambda: next((call for call in self.calls if predicate(call)), None), what, timeout_s)


class Sandbox:
    """Where Régie runs from now on in this case."""

    def __init__(self, stage):
        self.stage = stage
        if shutil.which('bwrap') is None:
            raise Skipped('bwrap is not installed')
        runtime = stage.environment['XDG_RUNTIME_DIR']
        info = stage.folder / 'flatpak-info'
        info.write_text(INFO)
        self.command = ['bwrap', '--die-with-parent', '--dev-bind', '/dev', '/dev', '--proc', '/proc']
        for folder in sorted(os.listdir('/')):
            if folder in ('dev', 'proc', 'tmp', 'run') or not os.path.isdir('/' + folder):
                continue
            if os.path.islink('/' + folder):
                self.command += ['--symlink', os.readlink('/' + folder), '/' + folder]
            else:
                self.command += ['--ro-bind', '/' + folder, '/' + folder]
        self.command += ['--bind', '/tmp', '/tmp', '--bind', stage.folder, stage.folder, '--tmpfs', runtime]
        for socket in ('pulse',):
            if os.path.exists(f'{runtime}/{socket}'):
                self.command += ['--bind', f'{runtime}/{socket}', f'{runtime}/{socket}']
        self.command += ['--ro-bind', info, '/.flatpak-info', '--']
        if subprocess.run([*map(str, self.command), 'true'], check=False, capture_output=True).returncode != 0:
            raise Skipped('bwrap may make no sandbox here')

    def start(self, event, **options):
        return SandboxedRegie(self, event, **options)


class SandboxedRegie(Regie):
    def __init__(self, sandbox, event, **options):
        program = os.environ['REGIE']
        wrapper = sandbox.stage.folder / 'regie-in-sandbox'
        words = ' '.join(f"'{word}'" for word in sandbox.command)
        wrapper.write_text(f'#!/bin/sh\nexec {words} {program} "$@"\n')
        wrapper.chmod(0o755)
        os.environ['REGIE'] = str(wrapper)
        try:
            super().__init__(sandbox.stage, event, **options)
        finally:
            os.environ['REGIE'] = program

    def stop(self, timeout_s=20.0):
        """Ctrl-C for Régie itself: its sandbox ends with it."""
        if self.process.poll() is None:
            if not self.status:
                raise Failure('regie said nothing')
            os.kill(self.pid, signal.SIGINT)
        return self.wait(timeout_s)

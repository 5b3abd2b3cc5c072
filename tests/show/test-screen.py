#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A screen of this machine as a source: through a desktop's portal, and from an X server where there is none.

The portal is fake_portal.py, because the real one belongs to a desktop with somebody in front of it; PipeWire, and
what comes through it, is real.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from regie_desk import Desk  # noqa: E402
from regie_testing import Regie, source, tap, wait_until, write_event  # noqa: E402

FAKE_PORTAL = pathlib.Path(__file__).resolve().parent / 'fake_portal.py'


def screen_event(stage):
    return write_event(stage.folder, [{'id': 'screen', 'title': 'Screen', 'kind': 'screen'}])


def is_state(state):
    return lambda status: source(status, 'screen')['state'] == state


def find_node(stage, name):
    dump = subprocess.run(['pw-dump'], env=stage.environment, capture_output=True, text=True, check=False,
                          timeout=10).stdout
    for entry in json.loads(dump or '[]'):
        properties = (entry.get('info') or {}).get('props') or {}
        if properties.get('node.name') == name:
            return entry['id']
    return None


class Portal:
    def __init__(self, stage, *arguments):
        self.path = stage.folder / 'portal.log'
        self.process = stage.start(['/usr/bin/python3', str(FAKE_PORTAL), *arguments],
                                   stdout=open(self.path, 'wb'),  # pylint: disable=consider-using-with
                                   stderr=subprocess.DEVNULL)
        wait_until(lambda: 'ready' in self.log(), 'the portal', 10)

    def log(self):
        return self.path.read_text()


def shared(stage):
    """Somebody chooses a screen; the next show has it without a question; then the sharing is ended."""
    desk = Desk(stage)
    desk.plug_camera('a-screen')
    node = wait_until(lambda: find_node(stage, 'a-screen'), 'the screen’s node', 10)
    portal = Portal(stage, 'grant', str(node))
    for expected in ('SelectSources 3 2 -', 'SelectSources 3 2 as-before'):
        show = Regie(stage, screen_event(stage), go_live=False)
        status = show.wait_for(is_state('live'), 'the screen', 20)
        tap.check(source(status, 'screen')['description'].startswith('640×360'), 'the screen is there',
                  source(status, 'screen'))
        tap.check(expected in portal.log(), f'the portal was asked: {expected}', portal.log())
        if expected.endswith('-'):
            tap.check(show.stop() == 0, 'ends well', show.stderr[-3:])
            wait_until(lambda: 'Close\n' in portal.log(), 'the session closed', 5)
    portal.process.send_signal(signal.SIGUSR1)
    status = show.wait_for(is_state('failed'), 'the end of the sharing', 8)
    tap.check('not shown any more' in source(status, 'screen')['error'], 'says that it was ended',
              source(status, 'screen'))
    show.stop()


def refused(stage):
    """Whoever is asked says no."""
    Portal(stage, 'refuse')
    show = Regie(stage, screen_event(stage), go_live=False)
    status = show.wait_for(is_state('failed'), 'the refusal', 15)
    tap.check(source(status, 'screen')['error'] == 'it was not allowed to show a screen or a window',
              'says that it was refused', source(status, 'screen'))
    tap.check(show.stop() == 1, 'and goes on without it', show.stderr[-3:])


def silent(stage):
    """A portal that never answers holds nobody up."""
    portal = Portal(stage, 'silent')
    show = Regie(stage, screen_event(stage), go_live=False)
    wait_until(lambda: 'CreateSession' in portal.log(), 'the question', 10)
    tap.check(is_state('starting')(show.wait_for_running(2)), 'waits for the answer')
    show.stop()


def no_portal(stage):
    """Neither a portal nor an X server."""
    show = Regie(stage, screen_event(stage), go_live=False)
    status = show.wait_for(is_state('failed'), 'no screen', 15)
    tap.check('portal' in source(status, 'screen')['error'] and 'grabber' in source(status, 'screen')['error'],
              'says what is missing, and what to do', source(status, 'screen'))
    show.stop()


def x_server(stage):
    """Without a portal, the screen of the X server."""
    read, write = os.pipe()
    stage.start(['Xvfb', '-displayfd', str(write), '-screen', '0', '800x600x24', '-nolisten', 'tcp'],
                pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as display:
        stage.environment['DISPLAY'] = ':' + display.readline().strip()
    show = Regie(stage, screen_event(stage), go_live=False)
    status = show.wait_for(is_state('live'), 'the screen', 15)
    tap.check(source(status, 'screen')['description'] == '800×600 30 fps', 'the whole screen',
              source(status, 'screen'))
    tap.check(show.stop() == 0, 'ends well', show.stderr[-3:])


if __name__ == '__main__':
    tap.run(shared, refused, silent, no_portal, x_server)

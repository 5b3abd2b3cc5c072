#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window dies on air and comes back as it was; after a power cut it offers to.

    test-console-resume.py REGIE EVENT

Skipped (77) where Xvfb, a session bus or the AT-SPI bindings are missing.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import regie_window
from regie_window import APPLICATION_ID, Failure, Stage, Window, wait_for
from regie_pace import within  # in a folder that regie_window knows


class Started:
    """A Régie that is no child of ours."""

    def __init__(self, pid):
        self.pid = pid
        self.returncode = None

    def poll(self):
        return None if os.path.exists(f'/proc/{self.pid}') else 0


def owner(window):
    """The process that has Régie's name on the bus, or None."""
    try:
        reply = window.bus.call_sync('org.freedesktop.DBus', '/', 'org.freedesktop.DBus', 'GetConnectionUnixProcessID',
                                     window.glib.Variant('(s)', (APPLICATION_ID,)), None,
                                     window.gio.DBusCallFlags.NONE, 2000, None)
        return reply.unpack()[0]
    except window.glib.Error:
        return None


def state(window, action):
    try:
        enabled, _, value = window.call('Describe', window.glib.Variant('(s)', (action,))).unpack()[0]
        return value[0] if value else enabled
    except window.glib.Error:
        return None


def watchdogs(folder):
    """Those of this test only."""
    found = []
    for path in pathlib.Path('/proc').glob('[0-9]*/environ'):
        try:
            if f'XDG_RUNTIME_DIR={folder}/runtime'.encode() in path.read_bytes().split(b'\0') and \
                    b'regie-watchdog' in (path.parent / 'cmdline').read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            pass
    return found


def activate(window, name, parameter=None):
    window.call('Activate', window.glib.Variant('(sava{sv})', (name, [parameter] if parameter else [], {})))


def crash(window, artifacts):
    """SIGKILL: the same window is back on air within five seconds."""
    window.button('Shot 2: *')
    activate(window, 'go-live')
    # The demonstration cannot be saved where it is: the change is nowhere but in Régie.
    activate(window, 'add-shot', window.glib.Variant('s', json.dumps(
        {'id': 'mine', 'title': 'Mine', 'layout': 'full', 'sources': ['guest']})))
    activate(window, 'take', window.glib.Variant('s', 'mine'))
    activate(window, 'mute', window.glib.Variant('(sb)', ('room', True)))
    wait_for('a live show', lambda: state(window, 'go-live') is True and state(window, 'take') == 'mine')
    window.wait_for_text('● ON AIR 00:')
    # How it is arranged is on the disk within a second.
    time.sleep(1)
    pid = owner(window)
    os.kill(pid, signal.SIGKILL)
    dead = time.monotonic()
    wait_for('another Régie on air', lambda: owner(window) not in (None, pid) and state(window, 'go-live') is True, 15)
    took_s = time.monotonic() - dead
    print(f'back on air after {took_s:.2f} s')
    if not within(took_s, 5):
        raise Failure(f'it took {took_s:.1f} s')
    again = Window(Started(owner(window)), artifacts, 'resume')
    if (state(again, 'take'), state(again, 'mute')['room']) != ('mine', True):
        raise Failure(f"it is not as it was: {state(again, 'take')}, {state(again, 'mute')}")
    again.wait_for_text('● ON AIR 00:')
    again.wait_for_text('— not saved')
    again.picture('back-on-air')
    return again


def power_cut(stage, window, artifacts):
    """Everything gone at once: the next start, without an event, offers to go on."""
    pid = owner(window)
    for dog in watchdogs(stage.folder):
        os.kill(dog, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    wait_for('its end', lambda: owner(window) is None, 10)
    time.sleep(0.5)
    for dog in watchdogs(stage.folder):
        raise Failure(f'a watchdog is still there: {dog}')


def start_desktop(stage):
    """Who is asked to keep the computer awake; what it was asked is in the file that is returned."""
    asked = stage.folder / 'asked'
    fake = pathlib.Path(__file__).resolve().parent.parent / 'show' / 'fake_session.py'
    with open(asked, 'wb') as log:
        stage.start('/usr/bin/python3', str(fake), 'desktop', stdout=log)
    wait_for('the desktop', lambda: 'ready' in asked.read_text(), 10)
    return asked


def start(stage, artifacts, *words):
    log = open(artifacts / 'resume-stderr.txt', 'ab')  # pylint: disable=consider-using-with
    process = stage.start(os.path.abspath(sys.argv[1]), *words, stdout=log, stderr=subprocess.STDOUT,
                          env={**os.environ, 'G_DEBUG': 'fatal-warnings'})
    return Window(process, artifacts, 'resume')


def clean_up(stage):
    for dog in watchdogs(stage.folder):
        os.kill(dog, signal.SIGTERM)
    for path in pathlib.Path('/proc').glob('[0-9]*/environ'):
        try:
            if f'XDG_RUNTIME_DIR={stage.folder}/runtime'.encode() in path.read_bytes().split(b'\0') and \
                    os.path.basename(os.readlink(path.parent / 'exe')) == 'regie':
                os.kill(int(path.parent.name), signal.SIGTERM)
        except OSError:
            pass


def run(stage, artifacts):
    stage.open()
    asked = start_desktop(stage)
    window = start(stage, artifacts, os.path.abspath(sys.argv[2]))
    window = crash(window, artifacts)
    # Once by each of the two.
    wait_for('the desktop to be asked to stay awake', lambda: asked.read_text().count('desktop.Inhibit') == 2, 10)
    if '"flags": 15' not in asked.read_text() or 'rehearsed' not in asked.read_text():
        raise Failure(f'the desktop was asked for too little: {asked.read_text()}')
    power_cut(stage, window, artifacts)
    window = start(stage, artifacts)
    window.wait_for_text('Go back on air?')
    window.picture('offered')
    if state(window, 'go-live') is not False:
        raise Failure('it went on air without being asked to')
    window.answer('Go back on air?', 'Go back on air')
    wait_for('a live show', lambda: state(window, 'go-live') is True, 10)
    if (state(window, 'take'), state(window, 'mute')['room']) != ('mine', True):
        raise Failure('it is not as it was')
    # SIGTERM is an end: nothing comes back, and nothing is offered the next time.
    window.process.send_signal(signal.SIGTERM)
    if window.process.wait(15) != 0:
        raise Failure(f'SIGTERM ended it with {window.process.returncode}')
    wait_for('the end of the watchdog', lambda: not watchdogs(stage.folder), 5)
    if list((stage.folder / 'home' / 'state' / 'regie').glob('show-*')):
        raise Failure('an end left something to go on with')


def main():
    reason = regie_window._why_not()  # pylint: disable=protected-access
    if reason:
        print(reason)
        return regie_window.SKIP
    artifacts = pathlib.Path(os.environ.get('REGIE_TEST_ARTIFACTS', 'tests/artifacts')).resolve()
    artifacts.mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(tempfile.mkdtemp(prefix='regie-resume-'))
    stage = Stage(folder)
    try:
        run(stage, artifacts)
    except Failure as failure:
        print(f'FAILED: {failure}', file=sys.stderr)
        print((artifacts / 'resume-stderr.txt').read_text(errors='replace')[-3000:], file=sys.stderr)
        return 1
    finally:
        clean_up(stage)
        stage.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f'The window came back. Screenshots: {artifacts}')
    return 0


if __name__ == '__main__':
    sys.exit(main())

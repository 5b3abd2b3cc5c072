#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Started by the session bus, as the menu entry does: its actions, an event, and the desktop telling of an alarm.

    test-console-activation.py REGIE DESKTOP-FILE

Skipped (77) where Xvfb, a session bus or the AT-SPI bindings are missing.
"""
import configparser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import regie_window
from regie_window import APPLICATION_ID, Failure, Stage, Window, wait_for

NAMES = {'open', 'open-folder', 'open-demonstration', 'about', 'quit', 'go-live', 'take', 'panic'}


class Started:
    """A Régie that is no child of ours."""

    def __init__(self, pid):
        self.pid = pid
        self.returncode = None

    def poll(self):
        return None if os.path.exists(f'/proc/{self.pid}') else 0


def offer_service(regie, desktop_path, log_path):
    """What `meson install` installs, with the program that was built."""
    entries = pathlib.Path(os.environ['XDG_DATA_HOME'], 'applications')
    entries.mkdir(parents=True)
    shutil.copy(desktop_path, entries)
    folder = pathlib.Path(os.environ['XDG_DATA_HOME'], 'dbus-1', 'services')
    folder.mkdir(parents=True)
    programs = folder / 'bin'
    programs.mkdir()
    wrapper = programs / 'regie'
    os.environ['PATH'] = f'{programs}:{os.environ["PATH"]}'
    wrapper.write_text(f'#!/bin/sh\nexec env G_DEBUG=fatal-warnings "{regie}" --no-watchdog "$@" >> "{log_path}" 2>&1\n')
    wrapper.chmod(0o755)
    (folder / f'{APPLICATION_ID}.service').write_text(
        f'[D-BUS Service]\nName={APPLICATION_ID}\nExec={wrapper} --gapplication-service\n')
    run('gdbus', 'call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus',
        '--method', 'org.freedesktop.DBus.ReloadConfig')


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if result.returncode != 0:
        raise Failure(f'{" ".join(command)}: {result.stderr}')
    return result.stdout


def owner_pid(window):
    try:
        reply = window.bus.call_sync('org.freedesktop.DBus', '/', 'org.freedesktop.DBus', 'GetConnectionUnixProcessID',
                                     window.glib.Variant('(s)', (APPLICATION_ID,)), None,
                                     window.gio.DBusCallFlags.NONE, 5000, None)
    except window.glib.Error:
        return None
    return reply.unpack()[0]


def actions(window):
    return set(window.bus.call_sync(APPLICATION_ID, regie_window.OBJECT_PATH, 'org.gtk.Actions', 'List', None, None,
                                    window.gio.DBusCallFlags.NONE, 10000, None).unpack()[0])


def start_server(stage):
    """Who shows notifications; what it was given is in the file that is returned."""
    given = stage.folder / 'notifications'
    fake = pathlib.Path(__file__).resolve().parent.parent / 'show' / 'fake_session.py'
    with open(given, 'wb') as log:
        stage.start('/usr/bin/python3', str(fake), 'notifications', stdout=log)
    wait_for('the notifications’ server', lambda: 'ready' in given.read_text(encoding='utf-8'))
    return given


def titles():
    found = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', '.'], capture_output=True, text=True, timeout=60,
                           check=False).stdout.split()
    return {subprocess.run(['xdotool', 'getwindowname', window], capture_output=True, text=True, timeout=60,
                           check=False).stdout.strip() for window in found}


def wait_for_title(text):
    wait_for(f'a window called {text}', lambda: any(text in title for title in titles()), 60)


def look_away(stage):
    """Another program's window gets the keyboard."""
    stage.start('xev', '-name', 'elsewhere', stdout=subprocess.DEVNULL)
    wait_for_title('elsewhere')
    run('xdotool', 'search', '--onlyvisible', '--name', 'elsewhere', 'windowfocus')


def check_window_class(desktop_path):
    """On X11 a window belongs to a menu entry by its class."""
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read(desktop_path, encoding='utf-8')
    wanted = entry['Desktop Entry'].get('StartupWMClass', APPLICATION_ID)
    found = run('xdotool', 'search', '--onlyvisible', '--class', '.').split()
    classes = {run('xprop', '-id', window, 'WM_CLASS').strip() for window in found}
    if not any(re.search(f'"{re.escape(wanted)}"', line) for line in classes):
        raise Failure(f'no window has the class {wanted}: {classes}')


def write_event(stage):
    path = stage.folder / 'assembly.regie'
    path.write_text(json.dumps({
        'regie': 1, 'title': 'Assembly',
        'sources': [{'id': 'room', 'title': 'Room', 'kind': 'camera', 'device': 'not-there', 'sound': 'none'}],
        'shots': [{'id': 'room', 'title': 'Room', 'layout': 'full', 'sources': ['room']}],
        'recording': {'folder': str(stage.folder / 'recordings')}}), encoding='utf-8')
    return path


def journey(stage, window, desktop_path):
    given = start_server(stage)
    run('gapplication', 'action', APPLICATION_ID, 'open-demonstration')
    window.process = Started(wait_for('Régie on the bus', lambda: owner_pid(window)))
    if run('gapplication', 'list-actions', APPLICATION_ID).split() != ['open-demonstration']:
        raise Failure('the menu entry has no action, or another one')
    wait_for('the demonstration’s actions', lambda: NAMES <= actions(window))
    wait_for_title('Journée numérique')
    check_window_class(desktop_path)
    run('gapplication', 'action', APPLICATION_ID, 'about')
    wait_for_title('About')
    first = window.process.pid
    run('gapplication', 'launch', APPLICATION_ID, str(write_event(stage)))
    wait_for_title('Assembly')
    if owner_pid(window) != first:
        raise Failure('an event was opened by a second Régie')
    wait_for('the event’s actions', lambda: NAMES <= actions(window))
    look_away(stage)
    run('gapplication', 'action', APPLICATION_ID, 'go-live')
    said = wait_for('a notification', lambda: [json.loads(line) for line in given.read_text(encoding='utf-8').splitlines()
                                               if '"Notify"' in line])
    if said[0]['title'] != 'The audience misses something' or 'Room' not in said[0]['text']:
        raise Failure(f'the notification says something else: {said}')
    run('gapplication', 'action', APPLICATION_ID, 'end-live')
    wait_for('the end of the show', lambda: window.find(None, lambda name: 'Go live' in name))
    run('gapplication', 'action', APPLICATION_ID, 'quit')
    wait_for('the end', lambda: owner_pid(window) is None)


def main():
    reason = regie_window._why_not()  # pylint: disable=protected-access
    if reason:
        print(reason)
        return regie_window.SKIP
    artifacts = pathlib.Path(os.environ.get('REGIE_TEST_ARTIFACTS', 'tests/artifacts')).resolve()
    artifacts.mkdir(parents=True, exist_ok=True)
    log_path = artifacts / 'activation-stderr.txt'
    log_path.write_bytes(b'')
    folder = pathlib.Path(tempfile.mkdtemp(prefix='regie-activation-'))
    stage = Stage(folder)
    window = None
    try:
        stage.open()
        offer_service(os.path.abspath(sys.argv[1]), sys.argv[2], log_path)
        window = Window(Started(os.getpid()), artifacts, 'activation')
        journey(stage, window, sys.argv[2])
    except Failure as failure:
        print(f'FAILED: {failure}', file=sys.stderr)
        if window is not None:
            window.picture('failed')
        print(log_path.read_text(errors='replace')[-3000:], file=sys.stderr)
        return 1
    finally:
        stage.close()
        shutil.rmtree(folder, ignore_errors=True)
    print('The bus started it, and it did what it was asked.')
    return 0


if __name__ == '__main__':
    sys.exit(main())

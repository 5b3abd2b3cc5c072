#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trims a talk by the window: its begin goes forward by the arrow keys, and its file is made again.

    test-console-talks.py REGIE

Starts its own X server and session bus. Keeps a screenshot of each step in $REGIE_TEST_ARTIFACTS.
Skipped (77) where one of them is missing.
"""
import json
import pathlib
import subprocess
import sys
import time

from regie_window import Failure, main, wait_for

OVER_WINDOW = (700, 430)


def write_event(stage):
    """A speaker who moves, three talks, small pictures."""
    path = stage.folder / 'event.regie'
    path.write_text(json.dumps({
        'regie': 1,
        'title': 'Autumn meeting',
        'program': {'width': 640, 'height': 360, 'rate': 15, 'video-kbps': 500},
        'sources': [{'id': 'hall', 'title': 'Hall', 'kind': 'drawn', 'drawing': 'speaker'}],
        'shots': [{'id': 'hall', 'title': 'Hall', 'layout': 'full', 'sources': ['hall']}],
        'talks': [{'title': 'Opening', 'speakers': ['Ada Lovelace']},
                  {'title': 'Compilers & people', 'speakers': ['Grace Hopper']}, {'title': 'Closing'}],
        'recording': {'folder': 'recordings'},
    }), encoding='utf-8')
    stage.recordings = stage.folder / 'recordings'
    return path


def film(window, title):
    return next(window.stage.recordings.glob(f'* {title}.mp4'), None)


def duration_s(path):
    said = subprocess.run(['ffprobe', '-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path],
                          capture_output=True, check=True, text=True, timeout=30)
    return float(said.stdout)


def open_talks(window):
    """By the main menu, and the underlined letter in it."""
    window.key('F10')
    wait_for('the menu', lambda: window.find(None, 'Talks of the day…'.__eq__))
    window.key('t')


def test_empty(window):
    """Before the show there is none, and it says so."""
    open_talks(window)
    window.wait_for_text('No talk yet')
    window.check_names('the empty window')
    window.picture('none')


def test_talks(window):
    """Two talks are given; the first has its file while the second goes on."""
    window.activate('go-live')
    window.wait_for_text('Opening — Ada Lovelace')
    time.sleep(9)  # a talk lasts: this is the show, not a wait for something
    window.activate('next-talk')
    path = wait_for('the file of the first talk', lambda: film(window, 'Opening'))
    window.button('Trim: Opening')
    window.wait_for_text(path.name)
    window.wait_for_text('It goes on')
    window.check_names('the talks')
    window.picture('first-done')
    time.sleep(5)
    window.activate('end-live')
    wait_for('the file of the second', lambda: film(window, 'Compilers & people'))
    window.wait_for_text('All of “Autumn meeting”')
    wait_for('the recording', lambda: len(list(window.stage.recordings.glob('*.jpg'))) == 3)
    window.picture('all-done')


def test_trim(window):
    """Its begin is moved by two keyframes; the file is shorter by as much."""
    path = film(window, 'Opening')
    before_s, old = duration_s(path), path.stat().st_ino
    window.press('Trim: Opening')
    window.wait_for_text('The talk lasts')
    window.wait_for_text('Begin: 0:00:00.0')
    names = window.find(('dialog', 'frame'), lambda name: name.startswith('Trim “'))
    if names is None:
        raise Failure('the trim window does not say what it trims')
    time.sleep(1.5)  # the pictures, for whoever looks at the screenshot
    window.picture('trim')
    window.key('Right', 'Right', over=OVER_WINDOW)
    window.wait_for_text('Begin: 0:00:04.0')
    time.sleep(1)
    window.picture('moved')
    window.press('Make the file again')
    wait_for('the new file', lambda: path.stat().st_ino != old)
    wait_for('it to be shorter', lambda: abs(before_s - duration_s(path) - 4) < 0.2)
    window.picture('trimmed')


def journey(window):
    window.button('Go live…')
    for test in (test_empty, test_talks, test_trim):
        print(f'{test.__doc__}', flush=True)
        test(window)


if __name__ == '__main__':
    sys.exit(main('console-talks', write_event, journey))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the real window on the demonstration event and drives it as assistive tools do.

    test-console-window.py REGIE [EVENT]

Starts its own X server and session bus. Keeps a screenshot of each step in $REGIE_TEST_ARTIFACTS.
Skipped (77) where Xvfb, a session bus or the AT-SPI bindings are missing.
"""
import json
import os
import pathlib
import shutil
import sys

from regie_window import OVER_DIALOG, Failure, main, wait_for


def test_take(window):
    """With preview before taking off a shot goes on air at once, with it on after Cut."""
    window.button('Shot 2: *')
    if window.state('preview-before-taking'):
        window.press('Preview before taking')
    wait_for('preview before taking to be off',
             lambda: window.state('preview-before-taking') is False)
    window.press('Shot 2: *')
    window.wait_for_tally('Shot 2: *', 'NOW')
    window.picture('shot-2-on-air')

    window.press('Preview before taking')
    wait_for('preview before taking to be on', lambda: window.state('preview-before-taking'))
    window.press('Shot 1: *')
    window.wait_for_tally('Shot 1: *', 'NEXT')
    window.wait_for_tally('Shot 2: *', 'NOW')
    window.press('Cut')
    window.wait_for_tally('Shot 1: *', 'NOW')
    window.picture('shot-1-cut')


def test_new_source(window):
    """A source is added in its window, muted, and has a tile."""
    window.press('New source')
    window.button('Add a source…')
    window.check_names('the sources window')
    window.picture('kinds')
    window.key('Down', 'Down', 'Down', 'Down', 'Down', 'Down', 'Return', over=OVER_DIALOG)
    window.wait_for_text('Source Card: Live')
    wait_for('the new source to be muted', lambda: window.state('mute').get('card'))
    window.check_names('the new source')
    window.picture('new-source')
    if window.find(('radio button', 'page tab', 'toggle button'), 'Sound'.__eq__):
        raise Failure('a card has no sound, and its sound is offered to be set')
    window.press('Picture')
    window.key('Escape', over=OVER_DIALOG)
    wait_for('the sources window to close', lambda: not window.find(None, 'Test picture'.__eq__))


def test_new_shot(window):
    """A shot is made of all sources, and its key takes it."""
    window.press('New shot')
    window.press('Everyone')
    window.wait_for_text('The first four of these')
    window.check_names('the shots window')
    window.picture('new-shot')
    window.key('Escape', over=OVER_DIALOG)
    wait_for('the shots window to close',
             lambda: not window.find(None, lambda name: 'The first four of these' in name))
    window.button('Shot 9: New shot')
    window.key('9')
    window.wait_for_tally('Shot 9: New shot', 'NEXT')
    window.key('Return')
    window.wait_for_tally('Shot 9: New shot', 'NOW')


def test_slides(window):
    """The keys of a presenter remote turn the slides that are next."""
    window.press('Shot 7: *')
    window.wait_for_tally('Shot 7: *', 'NEXT')
    window.wait_for_text('1 / 2')
    window.key('Next')
    window.wait_for_text('2 / 2')
    window.key('Prior')
    window.wait_for_text('1 / 2')


def test_sound(window):
    """A fader moves the volume that all others see."""
    window.set_value('Volume of Caméra salle', 0.5)
    wait_for('the volume', lambda: abs(window.state('volume')['room'] + 12) < 1)
    window.set_value('Volume of Caméra salle', 0.75)
    wait_for('the volume', lambda: abs(window.state('volume')['room']) < 1)


def test_pause(window):
    """P shows the pause card to the audience, and takes it away again."""
    window.key('p')
    wait_for('the pause', lambda: window.state('pause'))
    window.wait_for_text('⏸ PAUSE')
    window.picture('pause')
    window.key('p')
    wait_for('the end of the pause', lambda: window.state('pause') is False)


def test_alarm(window):
    """On air, silence is an alarm, and its button ends it."""
    window.press('Mute Caméra salle')
    window.press('Mute Invitée · Amsterdam')
    window.button('Unmute', 60.0)
    window.picture('alarm')
    window.press('Unmute')
    wait_for('somebody to be heard', lambda: not all(
        window.state('mute')[source] for source in ('room', 'guest')))


def test_go_live(window):
    """Going live asks once and then says so in words."""
    window.press('Go live…')
    window.answer('Go live?', 'Cancel')
    window.press('Go live…')
    window.answer('Go live?', 'Go live')
    window.wait_for_text('● ON AIR 00:')
    window.wait_for_text('⏺ REC')
    window.wait_for_tally('Shot 1: *', 'ON AIR')
    window.button('End live…')
    window.picture('live')


def test_posts(window):
    """A post is approved, shown and taken off the screen."""
    window.press('✓ Approve', inside=window.page('Incoming'))
    window.press('Approved 1')
    window.press('On screen', inside=window.page('Approved'))
    window.wait_for_text('ON SCREEN')
    window.picture('post-on-screen')
    window.check_names('with a post on screen')
    window.press('Take off screen')
    wait_for('the post to leave the screen',
             lambda: not window.find(None, lambda name: name == 'ON SCREEN'))


def test_closing_asks(window):
    """Closing while live asks, and cancelling leaves the show on air."""
    window.activate('quit')
    window.answer('End live and quit?', 'Cancel')
    window.button('End live…')


def test_end(window):
    """Ending asks, then says how long it was."""
    window.press('End live…')
    window.answer('End live?', 'End live')
    window.wait_for_text('Ended')
    window.picture('ended')


def test_quit(window):
    """The window closes and the program ends well."""
    window.activate('quit')
    status = window.process.wait(40)
    if status != 0:
        raise Failure(f'regie ended with status {status}')


def write_event(stage):
    """The demonstration, on a free port and recording to our own folder."""
    folder = stage.folder
    demo = pathlib.Path(os.environ.get('REGIE_DATA_DIR', 'data')) / 'demo'
    if not demo.is_dir():
        return None
    shutil.copytree(demo, folder / 'event')
    path = folder / 'event' / 'demo.regie'
    event = json.loads(path.read_text(encoding='utf-8'))
    event['live-page'] = {**event.get('live-page', {}), 'port': 0}
    event['recording'] = {'folder': str(folder / 'recordings')}
    # Assistive tools ask the thread that draws: the less it draws, the sooner they have their answers.
    event['program'] = {'width': 640, 'height': 360, 'rate': 10, 'video-kbps': 600}
    deck = folder / 'event' / 'deck'
    deck.mkdir()
    for page in ('1.png', '2.png'):
        shutil.copy(demo / 'affiche.png', deck / page)
    event['sources'] = event['sources'][:3]
    event['sources'].append({'id': 'deck', 'title': 'Deck', 'kind': 'slides', 'file': 'deck'})
    event['shots'] = event['shots'][:8]
    event['shots'][6] = {'id': 'deck', 'title': 'Deck', 'layout': 'full', 'sources': ['deck']}
    (folder / 'recordings').mkdir()
    path.write_text(json.dumps(event), encoding='utf-8')
    return path


def journey(window):
    window.button('Go live…', 60.0)
    window.wait_for_text('Incoming ')
    window.picture('opened')
    window.check_names('the window')
    test_take(window)
    test_new_source(window)
    test_new_shot(window)
    test_slides(window)
    test_sound(window)
    window.press('Shot 1: *')
    window.press('Cut')
    window.wait_for_tally('Shot 1: *', 'NOW')
    test_go_live(window)
    test_pause(window)
    test_alarm(window)
    test_posts(window)
    test_closing_asks(window)
    test_end(window)
    test_quit(window)


if __name__ == '__main__':
    sys.exit(main('window', write_event, journey))

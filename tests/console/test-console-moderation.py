#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The moderators' window: the page is opened, its link shown, copied and made void, without a mouse.

    test-console-moderation.py REGIE

Starts its own X server and session bus. Keeps a screenshot of each step in $REGIE_TEST_ARTIFACTS.
Skipped (77) where one of them is missing.
"""
import json
import sys

from regie_window import Failure, main, wait_for

LINK = 'http://localhost:'


def write_event(stage):
    path = stage.folder / 'event.regie'
    path.write_text(json.dumps({
        'regie': 1,
        'title': 'Autumn meeting',
        'program': {'width': 640, 'height': 360, 'rate': 15, 'video-kbps': 500},
        'sources': [{'id': 'hall', 'title': 'Hall', 'kind': 'drawn', 'drawing': 'speaker'}],
        'shots': [{'id': 'hall', 'title': 'Hall', 'layout': 'full', 'sources': ['hall']}],
        'recording': {'enabled': False},
    }), encoding='utf-8')
    return path


def shown_link(window):
    node = window.find(('label',), lambda name: name.startswith(LINK))
    return node.get_name() if node is not None else None


def journey(window):
    window.button('Go live…')
    window.key('F10')
    wait_for('the menu', lambda: window.find(None, 'Moderators…'.__eq__))
    window.key('m')
    window.wait_for_text('Nobody but you sorts posts.')
    window.check_names('the closed page')
    window.picture('closed')
    if shown_link(window):
        raise Failure('there is a link to a page that nobody can open')

    window.activate('moderation', window.glib.Variant('s', 'computer'))
    window.wait_for_text('Nobody is connected yet.')
    link = wait_for('the link', lambda: shown_link(window))
    window.check_names('the open page')
    window.picture('open')
    window.press('They may also put posts on screen')
    wait_for('moderators may show posts', lambda: window.state('moderators-may-show') is True)
    window.press('New link')
    wait_for('another link', lambda: shown_link(window) not in (None, link))
    window.press('Copy the link')
    window.wait_for_text('The link was copied.')
    window.activate('moderation', window.glib.Variant('s', 'closed'))
    window.wait_for_text('Nobody but you sorts posts.')
    wait_for('no link', lambda: not shown_link(window))


if __name__ == '__main__':
    sys.exit(main('console-moderation', write_event, journey))

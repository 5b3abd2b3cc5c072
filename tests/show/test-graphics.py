#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is laid over the picture: it comes, ticks, goes by itself, and is seen where it should be in the recording."""
import datetime
import json
import pathlib

from regie_testing import (
    BLUE, GLib, Regie, colour_at, frames, is_colour, make_picture, save_frame, tap, wait_until, write_event)

NIGHT = (20, 18, 33)
LIVE_RED = (204, 15, 33)
WIDTH, HEIGHT = 640, 360
PLATE = (42, 315)       # of a name, between its bar and its letters
LIVE_MARK = (18, 24)   # beside its dot
CARD = (560, 300)      # a post's card stands at the bottom right


def make_event(folder, **graphics):
    make_picture(folder / 'blue.png', BLUE)
    with open(folder / 'posts.ndjson', 'w', encoding='utf-8') as file:
        for identifier in ('p1', 'p2'):
            post = {'at': 0, 'network': 'mastodon', 'id': identifier, 'text': f'Hello, number {identifier}',
                    'author': {'id': 'ana', 'name': 'Ana', 'handle': '@ana@example.org',
                               'created': '2019-03-02T12:00:00Z', 'followers': 100}, 'lang': 'en'}
            file.write(json.dumps(post) + '\n')
    talks = [{'title': f'Talk {i}', 'speakers': [f'Speaker {i}'], 'affiliation': 'Somewhere',
              'start': f'2020-01-0{i}T10:00:00+01:00', 'end': f'2020-01-0{i}T11:00:00+01:00'} for i in (1, 2)]
    return write_event(folder, [{'id': 'blue', 'title': 'Blue', 'kind': 'still', 'picture': 'blue.png'}], talks=talks,
                       graphics={'colour': '#e8731a', 'font': 'No Such Font', **graphics}, language='en',
                       posts={'tags': ['x'], 'networks': [{'kind': 'replay', 'file': 'posts.ndjson'}]})


def becomes(show, name, value, claim, timeout_s=4):
    try:
        wait_until(lambda: show.state(name) == value, name, timeout_s)
    except Exception:  # pylint: disable=broad-except
        pass
    return tap.check(show.state(name) == value, claim, '' if show.state(name) == value else show.state(name))


def complains(show, name, parameter, words):
    before = len(show.stderr)
    show.action(name, parameter)
    try:
        wait_until(lambda: len(show.stderr) > before, 'a sentence', 3)
    except Exception:  # pylint: disable=broad-except
        pass
    said = ''.join(show.stderr[before:]).strip()
    tap.check(words in said, f'{name} {parameter}: says why not', said)


def runs_of(recording, point, wanted):
    """How often, and for how many pictures, a colour is seen at a point."""
    runs = []
    seen = False
    for frame in frames(recording, WIDTH, HEIGHT, 'rgb24'):
        now = is_colour(colour_at(frame, WIDTH, *point), wanted)
        if now and not seen:
            runs.append(0)
        if now:
            runs[-1] += 1
        seen = now
    return runs


def come_and_go(stage):
    """Names, posts and marks, as the recording has them."""
    show = Regie(stage, make_event(stage.folder, **{'name-s': 2, 'post-s': 2}))
    show.wait_for_live()
    tap.check(any('No Such Font' in line and 'installed' in line for line in show.stderr), 'a missing font is said once',
              ''.join(show.stderr))
    show.set_state('show-live-mark', GLib.Variant('b', True))
    show.set_state('show-clock', GLib.Variant('b', True))
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
    until = then.strftime('%Y-%m-%dT%H:%M:%SZ')
    show.action('show-countdown', until)
    becomes(show, 'show-countdown', until, 'counts down')
    show.action('show-talk', GLib.Variant('i', 0))
    becomes(show, 'show-talk', 0, 'the name is shown')
    becomes(show, 'show-talk', -1, 'the name goes by itself', 6)
    show.wait_for(lambda status: status['posts']['incoming'] >= 2, 'the posts')
    show.action('approve-post', 'p1')
    show.action('show-post', 'p1')
    becomes(show, 'show-post', 'p1', 'the post is shown')
    becomes(show, 'show-post', '', 'the post goes by itself', 6)
    graphics = show.status['graphics']
    tap.check(graphics['clock'] is True and graphics['live-mark'] is True and graphics['name-style'] == 'plate',
              'the status line has them', graphics)
    becomes(show, 'show-countdown', '', 'the countdown goes ten seconds after its end', 16)
    show.set_state('show-live-mark', GLib.Variant('b', False))
    show.wait_for_running(1)
    status = show.stop()
    tap.check(status == 0, 'the show ends well', ''.join(show.stderr[-3:]))
    look(pathlib.Path(show.status['recording']['path']))


def look(recording):
    save_frame(recording, 2, 'graphics-name.png')
    save_frame(recording, 4.5, 'graphics-post.png')
    names = runs_of(recording, PLATE, NIGHT)
    tap.check(len(names) == 1 and 45 <= names[0] <= 110, 'the name was seen once, for about two seconds', names)
    cards = runs_of(recording, CARD, (253, 253, 252))
    tap.check(len(cards) == 1 and 45 <= cards[0] <= 110, 'so was the post', cards)
    live = runs_of(recording, LIVE_MARK, LIVE_RED)
    tap.check(len(live) == 1 and live[0] > 300, 'the live mark stayed as long as it was asked for', live)


def drafts(stage):
    """What is previewed before it is shown, and what is no style or no time."""
    show = Regie(stage, make_event(stage.folder), go_live=False)
    show.wait_for_actions()
    wait_until(lambda: show.status, 'the first status line', 15)
    show.action('draft-name', GLib.Variant('i', 1))
    becomes(show, 'draft-name', 1, 'a name is a draft')
    show.action('show-talk', GLib.Variant('i', 1))
    becomes(show, 'draft-name', -1, 'shown, it is none any more')
    show.action('draft-name', GLib.Variant('i', 0))
    show.action('draft-name', GLib.Variant('i', -1))
    becomes(show, 'draft-name', -1, 'it can be withdrawn')
    show.wait_for(lambda status: status['posts']['incoming'] >= 2, 'the posts')
    show.action('draft-post', 'p2')
    becomes(show, 'draft-post', 'p2', 'a post is a draft')
    show.action('refuse-post', 'p2')
    becomes(show, 'draft-post', '', 'refused, it is none any more')
    show.action('name-style', 'band')
    becomes(show, 'name-style', 'band', 'names have another style')
    complains(show, 'name-style', 'gothic', 'plate, band or line')
    complains(show, 'show-countdown', 'soon', 'not a time')
    complains(show, 'draft-name', GLib.Variant('i', 9), 'no talk 9')
    complains(show, 'draft-post', 'p9', 'no post')
    tap.check(show.state('name-style') == 'band' and show.state('show-countdown') == '', 'nothing changed')
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))


if __name__ == '__main__':
    tap.run(come_and_go, drafts)

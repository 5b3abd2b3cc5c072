#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every action of a show over D-Bus, and what the program says when it is asked for nonsense."""
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from regie_testing import (  # noqa: E402
    RED, BLUE, Gio, GLib, Regie, find, is_recording, make_picture, source, tap, wait_until, write_event)

NAMES = {'take', 'next', 'cut', 'fade', 'go-live', 'rehearse', 'end-live', 'mute', 'volume', 'show-talk', 'hide-talk', 'next-talk',
         'approve-post', 'refuse-post', 'block-author', 'show-post', 'hide-post', 'preview-before-taking',
         'transition-ms', 'move', 'take-suggested', 'slides-forward', 'slides-back', 'play-film', 'stop-film', 'ask-again',
         'add-source', 'edit-source', 'remove-source', 'move-source', 'add-shot', 'edit-shot', 'remove-shot', 'move-shot',
         'save', 'save-as', 'show-clock', 'show-live-mark', 'show-countdown', 'name-style', 'draft-name', 'draft-post',
         'panic', 'quit'}
POSTS = [('ana', 'p1'), ('ana', 'p2'), ('bea', 'p3'), ('cleo', 'p4'), ('cleo', 'p5')]


def make_event(folder, **parts):
    make_picture(folder / 'red.png', RED)
    make_picture(folder / 'blue.png', BLUE)
    with open(folder / 'posts.ndjson', 'w', encoding='utf-8') as file:
        for author, identifier in POSTS:
            post = {'at': 0, 'network': 'mastodon', 'id': identifier, 'text': f'Hello from {author}, number {identifier}',
                    'author': {'id': author, 'name': author.title(), 'handle': f'@{author}@example.org',
                               'created': '2019-03-02T12:00:00Z', 'followers': 100}, 'lang': 'en'}
            file.write(json.dumps(post) + '\n')
    sources = [{'id': 'red', 'title': 'Red', 'kind': 'still', 'picture': 'red.png'},
               {'id': 'blue', 'title': 'Blue', 'kind': 'still', 'picture': 'blue.png'}]
    talks = [{'title': f'Talk {i}', 'speakers': [f'Speaker {i}'], 'start': f'2020-01-0{i}T10:00:00Z',
              'end': f'2020-01-0{i}T11:00:00Z'} for i in (1, 2, 3)]
    return write_event(folder, sources, talks=talks,
                       posts={'tags': ['x'], 'networks': [{'kind': 'replay', 'file': 'posts.ndjson'}]}, **parts)


def start(stage, **options):
    show = Regie(stage, make_event(stage.folder), go_live=False, **options)
    show.wait_for_actions()
    wait_until(lambda: show.status, 'the first status line', 15)
    return show


def becomes(show, name, value, claim):
    """The action's state, which follows within a moment."""
    try:
        wait_until(lambda: show.state(name) == value, name, 3)
    except Exception:  # pylint: disable=broad-except
        pass
    return tap.check(show.state(name) == value, claim, '' if show.state(name) == value else show.state(name))


def says(show, predicate, claim):
    """The status line."""
    try:
        show.wait_for(predicate, claim, 5)
        tap.check(True, claim)
    except Exception as error:  # pylint: disable=broad-except
        tap.check(False, claim, f'{error}: {show.status}')


def complains(show, name, parameter, words):
    """Says so on standard error, changes nothing, and goes on."""
    before = len(show.stderr)
    state = show.state(name)
    show.action(name, parameter)
    try:
        wait_until(lambda: len(show.stderr) > before, 'a sentence', 3)
    except Exception:  # pylint: disable=broad-except
        pass
    said = ''.join(show.stderr[before:]).strip()
    tap.check(words in said and show.state(name) == state, f'{name} {parameter}: says why not', said)


def listed(stage):
    """They are all there, with their types and states."""
    show = start(stage)
    names = set(show.wait_for_actions())
    tap.check(NAMES <= names, 'all actions are on the bus', sorted(names ^ NAMES))
    wrong = {}
    for name, kind in {'take': 's', 'next': 's', 'cut': '', 'mute': '(sb)', 'volume': '(sd)', 'show-talk': 'i',
                       'show-post': 's', 'quit': '', 'edit-source': '(ss)', 'move-shot': '(si)', 'save-as': 's', 'take-suggested': ''}.items():
        reply = show.bus.call_sync('live.regie.Regie', '/live/regie/Regie', 'org.gtk.Actions', 'Describe',
                                   GLib.Variant('(s)', (name,)), None, Gio.DBusCallFlags.NONE, 5000, None)
        if reply.unpack()[0][1] != kind:
            wrong[name] = reply.unpack()
    tap.check(not wrong, 'their parameters are as documented', wrong or '')
    show.action('quit')
    tap.check(show.wait(10) == 0, 'quit ends the program well', ''.join(show.stderr[-3:]))
    tap.check(show.lines[-1][1]['final'], 'the last line says that it is the last')
    tap.check(not show.garbage, 'and there is nothing but JSON on standard output', show.garbage or '')


def shots(stage):
    """take, next, cut, fade, transition-ms, preview-before-taking."""
    show = start(stage)
    show.action('take', 'red')
    becomes(show, 'take', 'red', 'take puts a shot on air')
    show.action('next', 'blue')
    becomes(show, 'next', 'blue', 'next chooses the next one')
    says(show, lambda s: s['program']['on-air'] == 'red' and s['program']['next'] == 'blue', 'the status line says so')
    says(show, lambda s: source(s, 'red')['on-air'] and not source(s, 'blue')['on-air'], 'and so do the sources')
    show.action('cut')
    becomes(show, 'take', 'blue', 'cut puts the next one on air')
    becomes(show, 'next', 'red', 'and the one before comes next')
    show.set_state('transition-ms', GLib.Variant('u', 400))
    becomes(show, 'transition-ms', 400, 'the length of a fade can be set')
    show.action('fade')
    becomes(show, 'take', 'red', 'fade puts the next one on air')
    before = show.state('preview-before-taking')
    show.set_state('preview-before-taking', GLib.Variant('b', not before))
    becomes(show, 'preview-before-taking', not before, 'preview-before-taking can be set')
    complains(show, 'take', 'nowhere', 'nowhere')
    complains(show, 'next', '', 'shot')
    show.set_state('take', GLib.Variant('s', 'blue'))
    time.sleep(0.3)
    tap.check(show.state('take') == 'red', 'the state of take cannot be made to lie', show.state('take'))
    for asked, wanted in ((4294967295, 1000), (1, 150), (0, 0), (300, 300)):
        show.set_state('transition-ms', GLib.Variant('u', asked))
        becomes(show, 'transition-ms', wanted, f'a transition of {asked} ms becomes one of {wanted} ms')
    show.action('fade')
    becomes(show, 'take', 'blue', 'it goes on')
    show.action('move')
    becomes(show, 'take', 'red', 'move puts the next one on air')
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))


def live(stage):
    """go-live and end-live, twice: each is recorded in a file of its own."""
    show = start(stage)
    paths = []
    for turn in ('once', 'again'):
        show.action('go-live')
        becomes(show, 'go-live', True, f'{turn}: goes live')
        status = show.wait_for(is_recording, 'recording', 10)
        tap.check(status['state'] == 'live', f'{turn}: the status line says so')
        paths.append(status['recording']['path'])
        show.wait_for_running(1.5)
        show.action('go-live')
        time.sleep(0.3)
        tap.check(show.state('go-live') is True, f'{turn}: asking twice changes nothing')
        show.action('end-live')
        becomes(show, 'go-live', False, f'{turn}: ends')
        says(show, lambda s: s['state'] == 'ended' and s['recording']['state'] == 'off', f'{turn}: and says so')
        show.action('end-live')
    tap.check(paths[0] != paths[1] and all(os.path.getsize(p) > 1000 for p in paths), 'two recordings', paths)
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))


def sound(stage):
    """mute and volume."""
    show = start(stage)
    show.action('mute', GLib.Variant('(sb)', ('red', True)))
    becomes(show, 'mute', {'red': True, 'blue': False}, 'mute mutes one source')
    says(show, lambda s: source(s, 'red')['muted'], 'the status line says so')
    show.action('mute', GLib.Variant('(sb)', ('red', False)))
    becomes(show, 'mute', {'red': False, 'blue': False}, 'and unmutes it')
    for asked, wanted in ((-12.5, -12.5), (99.0, 12.0), (-500.0, -60.0), (float('inf'), 12.0), (0.0, 0.0)):
        show.action('volume', GLib.Variant('(sd)', ('blue', asked)))
        becomes(show, 'volume', {'red': 0.0, 'blue': wanted}, f'volume {asked} dB becomes {wanted} dB')
    show.action('volume', GLib.Variant('(sd)', ('blue', float('nan'))))
    time.sleep(0.3)
    tap.check(show.state('volume')['blue'] == 0, 'a volume that is no number is 0 dB', show.state('volume'))
    complains(show, 'mute', GLib.Variant('(sb)', ('nobody', True)), 'nobody')
    complains(show, 'volume', GLib.Variant('(sd)', ('nobody', 1.0)), 'nobody')
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))


def talks(stage):
    """show-talk, hide-talk, next-talk."""
    show = start(stage)
    tap.check(show.state('show-talk') == -1, 'no talk is shown at first')
    show.action('show-talk', GLib.Variant('i', -1))
    becomes(show, 'show-talk', 0, 'shows the current talk')
    show.action('next-talk')
    becomes(show, 'show-talk', -1, 'the name of the one before goes')
    show.action('show-talk', GLib.Variant('i', -1))
    becomes(show, 'show-talk', 1, 'shows the next one')
    show.action('hide-talk')
    becomes(show, 'show-talk', -1, 'hides it')
    show.action('show-talk', GLib.Variant('i', 2))
    becomes(show, 'show-talk', 2, 'shows any one')
    for index in (3, -2, 2147483647, -2147483648):
        complains(show, 'show-talk', GLib.Variant('i', index), 'no talk')
    # There is no talk after the last: the action is disabled, so that nothing is said either.
    show.action('next-talk')
    time.sleep(0.3)
    tap.check(show.state('show-talk') == 2, 'after the last talk there is no next')
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))


def posts(stage):
    """approve-post, show-post, hide-post, refuse-post, block-author."""
    show = start(stage)

    def count(status):
        return status['posts']
    says(show, lambda s: count(s)['incoming'] + count(s)['held'] == len(POSTS), 'all posts have come')
    show.action('approve-post', 'p1')
    says(show, lambda s: count(s)['approved'] == 1, 'approve-post approves')
    show.action('show-post', 'p1')
    becomes(show, 'show-post', 'p1', 'show-post puts it on screen')
    says(show, lambda s: count(s)['on-screen'] == 'p1', 'the status line says so')
    show.action('hide-post')
    becomes(show, 'show-post', '', 'hide-post takes it off')
    show.action('approve-post', 'p3')
    show.action('show-post', 'p3')
    becomes(show, 'show-post', 'p3', 'another one')
    show.action('refuse-post', 'p3')
    says(show, lambda s: count(s)['hidden'] == 1 and count(s)['on-screen'] is None,
         'a post that is refused goes off the screen')
    show.action('block-author', 'cleo')
    says(show, lambda s: count(s)['hidden'] == 3, 'a blocked author’s posts are hidden')
    for name in ('approve-post', 'refuse-post', 'show-post'):
        complains(show, name, 'no-such-post', 'no-such-post')
    show.action('block-author', 'nobody-at-all')
    show.action('hide-post')
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))


def nonsense(stage):
    """Wrong types and unknown actions are refused; the show goes on."""
    show = start(stage)
    show.action('take', 'red')
    for name, parameter in (('take', GLib.Variant('i', 5)), ('take', None), ('cut', GLib.Variant('s', 'x')),
                            ('mute', GLib.Variant('s', 'red')), ('no-such-action', None), ('quit', GLib.Variant('s', ''))):
        try:
            show.action(name, parameter)
        except GLib.Error:
            pass
    try:
        show.set_state('transition-ms', GLib.Variant('s', 'soon'))
    except GLib.Error:
        pass
    status = show.wait_for_running(1)
    tap.check(status['program']['on-air'] == 'red', 'nothing changed')
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))


def run_regie(stage, *words, timeout_s=20, **changes):
    environment = dict(stage.environment, G_DEBUG='fatal-warnings', **changes)
    return subprocess.run([os.environ['REGIE'], *map(str, words)], env=environment, capture_output=True, text=True,
                          timeout=timeout_s, check=False, stdin=subprocess.DEVNULL)


def is_sentence(result, status=None):
    lines = result.stderr.strip().splitlines()
    return (result.returncode > 0 if status is None else result.returncode == status) and len(lines) >= 1 and \
        len(lines[0]) > 10 and 'CRITICAL' not in result.stderr and 'WARNING' not in result.stderr


def second(stage):
    """Two shows on one machine would fight for devices and ports."""
    show = start(stage)
    result = run_regie(stage, '--headless', stage.folder / 'event.regie')
    tap.check(is_sentence(result) and 'running' in result.stderr and not result.stdout,
              'a second one says that one is running', (result.returncode, result.stderr))
    show.wait_for_running(1)
    tap.check(show.stop() == 0, 'the first one does not mind', ''.join(show.stderr[-3:]))


def command_lines(stage):
    """Bad command lines end with a sentence."""
    event = make_event(stage.folder)
    secrets = stage.folder / 'secrets.json'
    secrets.write_text('{}')
    secrets.chmod(0o644)
    broken = stage.folder / 'broken.regie'
    broken.write_text('{ "regie": 1,')
    for words in (('--headless',), ('--headless', event, event), ('--headless', event, '--for', 'soon'),
                  ('--headless', event, '--for', '-3'), ('--headless', event, '--no-such-option'),
                  ('--headless', event, '--secrets'), ('--headless', event, '--secrets', '/nowhere.json'),
                  ('--headless', event, '--secrets', secrets), ('--headless', stage.folder / 'nowhere.regie'),
                  ('--headless', stage.folder), ('--headless', broken), ('--headless', '')):
        result = run_regie(stage, *words)
        shown = ' '.join(os.path.basename(str(word)) for word in words)
        tap.check(is_sentence(result) and not result.stdout, f'“{shown}” is refused',
                  f'{result.returncode}: {result.stderr.strip()}')


def no_bus(stage):
    """Without a session bus a show runs all the same."""
    event = make_event(stage.folder)
    for address in ('', 'unix:path=/nowhere/at/all'):
        result = run_regie(stage, '--headless', event, '--go-live', '--for', '3', DBUS_SESSION_BUS_ADDRESS=address)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        tap.check(result.returncode == 0 and lines and lines[-1]['final'] and lines[-1]['recording']['bytes'] > 0,
                  f'runs with the bus “{address}”', f'{result.returncode}: {result.stderr.strip()}')


if __name__ == '__main__':
    tap.run(listed, shots, live, sound, talks, posts, nonsense, second, command_lines, no_bus)

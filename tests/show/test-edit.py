#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An event that is edited while it is live; films that go on to a shot; shots that lose a source."""
import json
import os
import signal
import socket
import subprocess
import sys

from gi.repository import GLib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from regie_pace import within
from regie_testing import (  # noqa: E402
    BLUE, FRAME_S, GREEN, RED, Regie, Sound, colour_at, frames, free_port, gaps, is_colour, is_recording, make_clip,
    make_picture, n_lost_frames, packets, source, tap, wait_until, write_event)

STEADY_HZ = 440
SPARE_FRAMES = 10


def start(stage, sources, **parts):
    make_picture(stage.folder / 'red.png', RED)
    make_picture(stage.folder / 'blue.png', BLUE)
    make_picture(stage.folder / 'green.png', GREEN)
    event = write_event(stage.folder, sources, **parts)
    show = Regie(stage, event, go_live=False)
    show.wait_for_actions()
    wait_until(lambda: show.status, 'the first status line', 15)
    return show, event


def still(name):
    return {'id': name, 'title': name.title(), 'kind': 'still', 'picture': f'{name}.png'}


def edit(show, action, identifier, **changes):
    show.action(action, GLib.Variant('(ss)', (identifier, json.dumps(changes))))


def shot(status, identifier):
    return next((s for s in status['shots'] if s['id'] == identifier), None)


def ids(entries):
    return [entry['id'] for entry in entries]


def is_whole(path, n_dropped):
    """Thirty pictures a second in their places, but for those that the program says it left out; and sound
    without a hole."""
    times = [packet.time for packet in packets(path, 'v')]
    n_missing = round((times[-1] - times[0]) / FRAME_S) - (len(times) - 1)
    beside = [t for t in times if abs((t - times[0]) / FRAME_S - round((t - times[0]) / FRAME_S)) > 0.005]
    tap.check(not beside and 0 <= n_missing <= min(n_dropped, SPARE_FRAMES),
              'recording: each picture is exactly 1/30 s after the last',
              f'{len(times)} pictures in {times[-1] - times[0]:.2f} s, {n_missing} missing, {n_dropped} said to be')
    wrong = gaps([packet.time for packet in packets(path, 'a')], 1024 / 48000, 0.0001)
    tap.check(not wrong, 'recording: sound packets without a gap', wrong[:5] or '')
    sound = Sound(path)
    length_s = len(sound.samples) / 48000
    quiet = [round(t, 2) for t, level in sound.tones(STEADY_HZ) if level < 0.1 and 0.1 < t < length_s - 0.1]
    tap.check(not quiet, 'recording: a source that nobody edited is heard all along', quiet[:10] or '')


def edits(stage):
    """Add, rename, order and remove a source and its shots while live; what is saved is right."""
    make_clip(stage.folder / 'steady.mp4', RED, STEADY_HZ, 60)
    steady = {'id': 'steady', 'kind': 'uri', 'uri': 'steady.mp4', 'loop': True, 'future': {'kept': [1, 2]}}
    show, event = start(stage, [steady, still('blue')], zz='kept', shots=[
        {'id': 'steady', 'layout': 'full', 'sources': ['steady']},
        {'id': 'two', 'layout': 'side-by-side', 'sources': ['steady', 'blue']}])
    show.go_live()
    recording = show.wait_for(is_recording, 'the recording')['recording']['path']
    before = n_lost_frames(show.status)
    began = show.status['running-ms']

    show.action('add-source', json.dumps(still('green')))
    show.wait_for(lambda s: 'green' in ids(s['sources']) and source(s, 'green')['state'] == 'live', 'the new source')
    show.action('add-shot', json.dumps({'id': 'new', 'layout': 'full', 'sources': ['green']}))
    status = show.wait_for(lambda s: shot(s, 'new'), 'the new shot')
    tap.check(shot(status, 'new')['key'] == 3, 'a shot that is added gets the next digit', shot(status, 'new'))
    show.action('take', 'new')
    status = show.wait_for(lambda s: s['program']['on-air'] == 'new', 'the new shot on air')
    tap.check(source(status, 'green')['on-air'], 'and it can be taken at once')
    show.wait_for_running(1.5)

    edit(show, 'edit-source', 'green', title='Vert')
    show.action('move-source', GLib.Variant('(si)', ('green', 0)))
    show.action('move-shot', GLib.Variant('(si)', ('new', 0)))
    edit(show, 'edit-shot', 'two', title='Deux', key=9)
    status = show.wait_for(lambda s: ids(s['sources']) == ['green', 'steady', 'blue'], 'the new order')
    tap.check(source(status, 'green')['title'] == 'Vert' and source(status, 'green')['state'] == 'live',
              'a source that is renamed goes on as it runs', source(status, 'green'))
    tap.check([(s['id'], s['key']) for s in status['shots']] == [('new', 1), ('steady', 2), ('two', 9)],
              'shots are in their new order', status['shots'])

    edit(show, 'edit-shot', 'new', layout='side-by-side', sources=['blue', 'green'])
    status = show.wait_for(lambda s: source(s, 'blue')['on-air'], 'the edited shot')
    tap.check(status['program']['on-air'] == 'new', 'a shot on air that is edited stays on air, and is what it is now')
    show.wait_for_running(1.5)
    show.action('remove-source', 'green')
    status = show.wait_for(lambda s: 'green' not in ids(s['sources']), 'the source gone')
    tap.check(status['program']['on-air'] == 'new' and ids(status['shots']) == ['new', 'steady', 'two'],
              'a shot goes on without the source that is removed', status['shots'])
    show.wait_for_running(1.5)
    show.action('remove-shot', 'new')
    status = show.wait_for(lambda s: not shot(s, 'new'), 'the shot gone')
    tap.check(status['program']['on-air'] == 'two', 'a shot on air that is removed gives way to the nearest one',
              status['program']['on-air'])
    show.wait_for(lambda s: not s['modified'], 'saved', 10)
    saved = json.loads(event.read_text())
    tap.check(ids(saved['sources']) == ['steady', 'blue'] and saved['sources'][0] == steady and saved['zz'] == 'kept',
              'the file has the sources that are left, and keys that nobody knows', saved['sources'])
    tap.check(saved['shots'] == [{'id': 'steady', 'layout': 'full', 'sources': ['steady']},
                                 {'id': 'two', 'layout': 'side-by-side', 'sources': ['steady', 'blue'],
                                  'title': 'Deux', 'key': 9}], 'and the shots', saved['shots'])
    show.wait_for_running(1)
    grown = n_lost_frames(show.status) - before
    tap.check(within(grown, SPARE_FRAMES), 'no edit costs the program a picture',
              f"{grown} in {(show.status['running-ms'] - began) / 1000:.0f} s")
    n_dropped = show.status['program']['dropped']
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))
    is_whole(recording, n_dropped)
    seen = []
    for frame in frames(recording, 32, 18, 'rgb24'):
        names = tuple(next((name for name, colour in (('red', RED), ('blue', BLUE), ('green', GREEN))
                            if is_colour(colour_at(frame, 32, x, 9), colour)), None) for x in (8, 23))
        if None not in names and (not seen or seen[-1] != names):
            seen.append(names)
    tap.check(seen == [('red', 'red'), ('green', 'green'), ('blue', 'green'), ('blue', 'blue'), ('red', 'blue')],
              'and the picture shows one thing after the other', seen)


def refusals(stage):
    """What an event does not allow changes nothing, and is said in the words of its reader."""
    show, event = start(stage, [still('red'), still('blue')])
    before = event.read_text()
    for action, parameter, words in (
            ('add-source', '{"id": "red", "kind": "drawn"}', 'sources[2].id is “red”'),
            ('add-source', '{"id": ', 'the entry: line 1'),
            ('add-shot', '{"id": "x", "layout": "full", "sources": ["nobody"]}', 'shots[2].sources[0] is “nobody”'),
            ('edit-source', ('red', '{"picture-settings": {"zoom": 99}}'), 'sources[0].picture-settings.zoom is 99'),
            ('edit-source', ('nobody', '{}'), 'there is no source “nobody”'),
            ('edit-shot', ('red', '{"sources": []}'), 'shots[0].sources has 0'),
            ('move-shot', ('nobody', 1), 'there is no shot “nobody”'),
            ('remove-source', 'nobody', 'there is no source “nobody”'),
            ('save-as', 'relative.regie', 'no whole path'),
            ('save-as', str(stage.folder / 'no' / 'where.regie'), 'where.regie: cannot be saved'),
            ('take-suggested', None, 'no other shot is suggested'),
            ('play-film', 'red', 'the source “red” is no film'),
            ('slides-forward', '', 'there are no slides')):
        n_said = len(show.stderr)
        if isinstance(parameter, tuple):
            parameter = GLib.Variant('(si)' if isinstance(parameter[1], int) else '(ss)', parameter)
        show.action(action, parameter)
        try:
            wait_until(lambda: len(show.stderr) > n_said, 'a sentence', 5)  # pylint: disable=cell-var-from-loop
        except Exception:  # pylint: disable=broad-except
            pass
        said = ''.join(show.stderr[n_said:]).strip()
        tap.check(words in said, f'{action} {parameter}: says why not', said)
    status = show.wait_for_running(1.5)
    tap.check(not status['modified'] and event.read_text() == before and ids(status['shots']) == ['red', 'blue'],
              'and nothing has changed')
    copy = stage.folder / 'other'
    copy.mkdir()
    show.action('save-as', str(copy / 'copy.regie'))
    wait_until((copy / 'copy.regie').exists, 'the copy', 10)
    edit(show, 'edit-source', 'red', title='Rouge')
    wait_until(lambda: 'Rouge' in (copy / 'copy.regie').read_text(), 'the copy with the edit', 10)
    saved = json.loads((copy / 'copy.regie').read_text())
    tap.check(saved['sources'][0]['picture'] == str(stage.folder / 'red.png'), 'save-as: its files are found from there',
              saved['sources'][0])
    tap.check(event.read_text() == before, 'and what is edited from now on is saved there')
    edit(show, 'edit-source', 'blue', title='Bleu')
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))
    tap.check('Bleu' in (copy / 'copy.regie').read_text(), 'an edit of the last moment is saved as well')


def films(stage):
    """A film goes on to its shot when it ends on air, and only then."""
    make_clip(stage.folder / 'film.mp4', GREEN, STEADY_HZ, 3)
    film = {'id': 'film', 'kind': 'film', 'file': 'film.mp4', 'then': 'blue'}
    show, _ = start(stage, [still('red'), still('blue'), film])
    show.wait_for(lambda s: source(s, 'film')['state'] == 'live', 'the film')
    show.action('take', 'film')
    show.wait_for(lambda s: (source(s, 'film')['left-ms'] or 9999) < 2500, 'the film running', 10)
    status = show.wait_for(lambda s: s['program']['on-air'] != 'film', 'its end', 15)
    tap.check(status['program']['on-air'] == 'blue', 'at its end the shot comes that it names', status['program'])
    show.action('play-film', 'film')
    show.wait_for(lambda s: (source(s, 'film')['left-ms'] or 9999) < 1500, 'the film running', 10)
    show.action('take', 'red')
    status = show.wait_for_running(4)
    tap.check(status['program']['on-air'] == 'red', 'not when it ends off air', status['program'])
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))


def suggestions(stage):
    """A sender dies on air: the nearest shot without it is offered, until it is back."""
    make_clip(stage.folder / 'guest.mp4', GREEN, STEADY_HZ, 20)
    port = free_port(socket.SOCK_DGRAM)
    command = ['ffmpeg', '-nostdin', '-loglevel', 'error', '-re', '-stream_loop', '-1', '-i', stage.folder / 'guest.mp4',
               '-c', 'copy', '-f', 'mpegts', f'srt://127.0.0.1:{port}?mode=listener']
    sender = stage.start(command, stderr=subprocess.DEVNULL)
    show, _ = start(stage, [still('red'), still('blue'),
                            {'id': 'guest', 'kind': 'uri', 'uri': f'srt://127.0.0.1:{port}'}], shots=[
        {'id': 'blue', 'layout': 'full', 'sources': ['blue']},
        {'id': 'guest', 'layout': 'full', 'sources': ['guest']},
        {'id': 'red', 'layout': 'full', 'sources': ['red']},
        {'id': 'duo', 'layout': 'side-by-side', 'sources': ['red', 'guest']}])
    show.wait_for(lambda s: source(s, 'guest')['state'] == 'live', 'the guest')
    show.action('take', 'duo')
    show.wait_for(lambda s: source(s, 'guest')['on-air'], 'the guest on air')

    def suggested(status):
        return [s['id'] for s in status['shots'] if s['suggested']]
    os.kill(sender.pid, signal.SIGKILL)
    sender.wait()
    lost = show.wait_for(lambda s: source(s, 'guest')['state'] == 'lost', 'the guest lost', 30)
    status = show.wait_for(suggested, 'a suggestion', 15)
    tap.check(suggested(status) == ['red'], 'the nearest shot without the lost source is offered', suggested(status))
    tap.check(suggested(lost) == [] and status['running-ms'] - lost['running-ms'] >= 900,
              'not before it has been lost for two seconds', status['running-ms'] - lost['running-ms'])
    show.action('take-suggested')
    status = show.wait_for(lambda s: s['program']['on-air'] == 'red', 'what was offered')
    tap.check(suggested(status) == [], 'a shot that has all its sources offers nothing')
    show.action('take', 'guest')
    status = show.wait_for(suggested, 'a suggestion', 5)
    tap.check(suggested(status) == ['blue'], 'a lost source that is taken offers another shot at once',
              suggested(status))
    stage.start(command, stderr=subprocess.DEVNULL)
    show.wait_for(lambda s: source(s, 'guest')['state'] == 'live', 'the guest back', 30)
    status = show.wait_for_running(1)
    tap.check(suggested(status) == [], 'once it is back nothing is offered any more', suggested(status))
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))


if __name__ == '__main__':
    tap.run(edits, refusals, films, suggestions)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Régie dies on air, again and again, and each time the show goes on as it was.

REGIE_RESUME_KILLS says how often `killed` kills it (6 otherwise).
"""
import json
import os
import pathlib
import random
import signal
import time
import urllib.request

from regie_testing import (
    BLUE, FRAME_S, RED, SAMPLE_RATE, GLib, NginxRtmp, Regie, Sound, artifact, colour_at, destination, frames, is_colour,
    is_recording, make_clip, run, source, tap, wait_until, write_event, write_secrets)

N_KILLS = int(os.environ.get('REGIE_RESUME_KILLS') or 6)
MAX_RESUME_S = 5.0
KEY = 'a-stream-key-that-nobody-may-see'
POSTS = [('ana', 'p1', 0), ('ana', 'p2', 0), ('bea', 'p3', 0), ('cleo', 'p4', 0), ('dora', 'p5', 3600)]


def make_event(stage, server=None, **parts):
    """Red hums, blue is silent; posts, talks, a destination with a key."""
    make_clip(stage.folder / 'red.mp4', RED, 440, 120)
    make_clip(stage.folder / 'blue.mp4', BLUE, 880, 120)
    with open(stage.folder / 'posts.ndjson', 'w', encoding='utf-8') as file:
        for author, identifier, at_s in POSTS:
            file.write(json.dumps({
                'at': at_s, 'network': 'mastodon', 'id': identifier, 'text': f'Hello from {author}', 'lang': 'en',
                'author': {'id': author, 'name': author.title(), 'handle': f'@{author}@example.org',
                           'created': '2019-03-02T12:00:00Z', 'followers': 100}}) + '\n')
    talks = [{'title': f'Talk {i}', 'speakers': [f'Speaker {i}'], 'start': f'2020-01-0{i}T10:00:00Z',
              'end': f'2020-01-0{i}T11:00:00Z'} for i in (1, 2, 3)]
    destinations = [{'id': 'rtmp', 'title': 'nginx', 'url': server.url(), 'key': 'keyring'}] if server else []
    return write_event(
        stage.folder,
        [{'id': name, 'kind': 'uri', 'uri': f'{name}.mp4'} for name in ('red', 'blue')],
        [{'id': 'red', 'layout': 'full', 'sources': ['red']}, {'id': 'blue', 'layout': 'full', 'sources': ['blue']},
         {'id': 'duo', 'layout': 'side-by-side', 'sources': ['red', 'blue']}],
        talks=talks, posts={'tags': ['x'], 'networks': [{'kind': 'replay', 'file': 'posts.ndjson'}]},
        destinations=destinations, **{'live-page': {'port': 0}}, **parts)


def start(stage, server=None, state='go-live', **options):
    secrets = write_secrets(stage.folder, {'rtmp': KEY}) if server else None
    show = Regie(stage, make_event(stage, server), go_live=False, secrets=secrets, watchdog=True, **options)
    show.wait_for(lambda status: all(s['state'] == 'live' for s in status['sources']), 'every source')
    show.wait_for_actions()
    show.wait_for(lambda status: status['posts']['incoming'] + status['posts']['held'] >= 4, 'the posts')
    if state is not None:
        show.action(state)
        show.wait_for(lambda status: is_recording(status) and (
            state != 'go-live' or all(d['state'] == 'live' for d in status['destinations'])), 'on air')
    return show


def arrange(show):
    """Everything that must not get lost."""
    show.action('next', 'duo')
    show.action('mute', GLib.Variant('(sb)', ('blue', True)))
    show.action('volume', GLib.Variant('(sd)', ('red', -7.5)))
    show.action('solo', GLib.Variant('(sb)', ('red', True)))
    show.action('pan', GLib.Variant('(sd)', ('red', -0.25)))
    show.action('sound-follows', GLib.Variant('(ss)', ('blue', 'seen')))
    show.set_state('transition-ms', GLib.Variant('u', 700))
    show.action('show-clock')
    show.action('next-talk')
    show.action('show-talk', GLib.Variant('i', -1))
    show.action('approve-post', 'p1')
    show.action('refuse-post', 'p3')
    show.action('block-author', 'cleo')
    show.action('show-post', 'p2')
    return show.wait_for(lambda status: status['posts']['on-screen'] == 'p2' and status['graphics']['name'] == 1,
                         'the arrangement')


STATES = ('take', 'next', 'mute', 'volume', 'solo', 'pan', 'sound-follows', 'transition-ms', 'show-clock', 'show-talk',
          'show-post', 'pause', 'match-loudness', 'name-style', 'rehearse', 'go-live')


def states(show):
    return {name: show.state(name) for name in STATES}


def memory_file(stage):
    return next(iter((stage.folder / 'home' / 'state' / 'regie').glob('show-*.json')), None)


def wait_for_memory(stage, predicate, what, timeout_s=1.5):
    """What is on the disk of how the show is arranged."""
    def read():
        path = memory_file(stage)
        return path is not None and predicate(json.loads(path.read_text()))
    return wait_until(read, what, timeout_s, 0.02)


def crash(show, number=signal.SIGKILL):
    """Returns when, and the pid."""
    pid = show.pid
    os.kill(pid, number)
    return time.monotonic(), pid


def wait_for_next(show, pid, predicate, what, timeout_s=15.0):
    """A status line of another Régie than the one that died."""
    return show.wait_for(lambda status: status['pid'] != pid and predicate(status), what, timeout_s)


def is_back(status):
    return status['state'] == 'live' and is_recording(status) and \
        all(d['state'] == 'live' for d in status['destinations'])


def wait_for_publish(server, n_before, timeout_s=20.0):
    """When the server had pictures of a new publisher."""
    wait_until(lambda: len([path for path in server.files() if path.stat().st_size > 20000]) > n_before,
               'a new stream at nginx', timeout_s, 0.02)
    return time.monotonic()


def after_last_cut(path):
    """How much picture and sound follow the last change of colour."""
    pictures = frames(path, 16, 9, 'rgb24')
    blue = [is_colour(colour_at(frame, 16, 4, 2), BLUE) for frame in pictures]
    mark = next(i for i in range(len(blue) - 1, 0, -1) if blue[i] != blue[i - 1])
    sound = Sound(path)
    return (pictures[-1].time + FRAME_S - pictures[mark].time,
            sound.start_s + len(sound.samples) / SAMPLE_RATE - pictures[mark].time)


def killed(stage):
    """SIGKILL and SIGSEGV by turns, at random times."""
    server = NginxRtmp(stage)
    show = start(stage, server)
    arrange(show)
    chance = random.Random(5)
    resume_s, moments, wanted = [], [], None
    for turn in range(N_KILLS):
        show.action('take', 'blue' if turn % 2 == 0 else 'red')
        marked = time.monotonic()
        wanted = states(show)
        n_files = len([path for path in server.files() if path.stat().st_size > 20000])
        path = show.status['recording']['path']
        # More often would be a show that cannot be helped, see gives_up ().
        dies_at = marked + 5.5 + chance.random() * 2
        wait_until(lambda dies_at=dies_at: time.monotonic() >= dies_at, 'the moment', 20, 0.01)
        number = (signal.SIGKILL, signal.SIGSEGV)[turn % 2]
        dead, pid = crash(show, number)
        back = wait_for_publish(server, n_files)
        resume_s.append(back - dead)
        moments.append((path, dead - marked))
        status = wait_for_next(show, pid, is_back, 'everything back')
        now = states(show)
        tap.check(back - dead <= MAX_RESUME_S and now == wanted and status['resumed'],
                  f'{number.name}: back on air within {MAX_RESUME_S:.0f} s, as it was',
                  f'{back - dead:.2f} s' + ''.join(f'; {name}: {now[name]}, was {wanted[name]}'
                                                   for name in now if now[name] != wanted[name]))
    posts = show.status['posts']
    tap.check((posts['approved'], posts['hidden'], posts['on-screen']) == (2, 2, 'p2'), 'the posts are where they were', posts)
    tap.check(show.status['live-s'] > sum(resume_s), 'the time on air goes on to be counted', show.status['live-s'])
    path = show.status['recording']['path']
    os.kill(show.pid, signal.SIGINT)
    show.wait_until_gone()
    tap.check(show.lines[-1][1]['final'] and not show.garbage, 'one standard output, to the end', show.garbage or '')
    losses = [moment - min(after_last_cut(part)) for part, moment in moments]
    tap.check(max(losses) <= 1.0 and len({part for part, _ in moments} | {path}) == N_KILLS + 1,
              'each part of the recording lacks at most its last second', ' '.join(f'{loss:.2f}' for loss in losses))
    complaints = [run(['ffmpeg', '-nostdin', '-v', 'warning', '-i', part, '-f', 'null', '-']).stderr.decode().strip()
                  for part in (path,)]
    tap.check(complaints == [''], 'the last part can be read', complaints[0][:300])
    tap.check(not stage.strangers(), 'no process is left', stage.strangers())
    tap.check(memory_file(stage) is None, 'and nothing to go on with')
    said = ''.join(show.stderr) + ''.join(map(str, show.lines))
    tap.check(KEY not in said, 'the key is in no word of it')
    tap.note(f'back on air after: {" ".join(f"{s:.2f}" for s in resume_s)} s, '
             f'on average {sum(resume_s) / len(resume_s):.2f} s, at the most {max(resume_s):.2f} s')
    artifact('resume-times.json').write_text(json.dumps({'resume-s': resume_s, 'lost-s': losses}))


tap.run(killed)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Régie dies on air, again and again, and each time the show goes on as it was.

REGIE_RESUME_KILLS says how often `killed` kills it (6 otherwise).
"""
import json
import os
import pathlib
import random
import re
import signal
import time
import urllib.request

from regie_pace import within
from regie_session import Session
from regie_testing import (
    BLUE, FRAME_S, GREEN, RED, SAMPLE_RATE, YELLOW, GLib, NginxRtmp, Regie, Sound, artifact, colour_at, frames, is_colour,
    is_recording, make_clip, make_picture, run, source, tap, wait_until, write_event, write_secrets)

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
        try:
            return predicate(json.loads(memory_file(stage).read_text()))
        except (AttributeError, FileNotFoundError):
            return False
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
        # What becomes of the parts at the end is no matter here.
        part = stage.folder / f'part-{turn}.mp4'
        os.link(path, part)
        moments.append((part, dead - marked))
        status = wait_for_next(show, pid, is_back, 'everything back')
        now = states(show)
        tap.check(back - dead <= MAX_RESUME_S and now == wanted and status['resumed'],
                  f'{number.name}: back on air within {MAX_RESUME_S:.0f} s, as it was',
                  f'{back - dead:.2f} s' + ''.join(f'; {name}: {now[name]}, was {wanted[name]}'
                                                   for name in now if now[name] != wanted[name]))
    posts = show.status['posts']
    tap.check((posts['approved'], posts['hidden'], posts['on-screen']) == (2, 2, 'p2'), 'the posts are where they were', posts)
    tap.check(show.status['live-s'] > sum(resume_s), 'the time on air goes on to be counted', show.status['live-s'])
    status = wait_until(lambda: len(show.status['recording']['parts']) == N_KILLS + 1 and show.status, 'all parts', 5)
    starts = [part['starts-ms'] for part in status['recording']['parts']]
    tap.check(starts == sorted(starts) and starts[-1] > 5000 * N_KILLS, 'they are parts of one recording', starts)
    path = status['recording']['path']
    os.link(path, stage.folder / 'last.mp4')
    os.kill(show.pid, signal.SIGINT)
    show.wait_until_gone()
    tap.check(show.lines[-1][1]['final'] and not show.garbage, 'one standard output, to the end', show.garbage or '')
    losses = [moment - min(after_last_cut(part)) for part, moment in moments]
    tap.check(max(losses) <= 1.0, 'each part of the recording lacks at most its last second',
              ' '.join(f'{loss:.2f}' for loss in losses))
    complaints = run(['ffmpeg', '-nostdin', '-v', 'warning', '-i', stage.folder / 'last.mp4', '-f', 'null',
                      '-']).stderr.decode().strip()
    tap.check(complaints == '', 'the last part can be read', complaints[:300])
    tap.check(not stage.strangers(), 'no process is left', stage.strangers())
    tap.check(memory_file(stage) is None, 'and nothing to go on with')
    said = ''.join(show.stderr) + ''.join(map(str, show.lines))
    tap.check(KEY not in said, 'the key is in no word of it')
    tap.note(f'back on air after: {" ".join(f"{s:.2f}" for s in resume_s)} s, '
             f'on average {sum(resume_s) / len(resume_s):.2f} s, at the most {max(resume_s):.2f} s')
    artifact('resume-times.json').write_text(json.dumps({'resume-s': resume_s, 'lost-s': losses}))


def make_quiet_event(stage, **parts):
    """Nothing but pictures and pages: it starts fast, and costs little."""
    (stage.folder / 'pages').mkdir(exist_ok=True)
    for i, colour in enumerate((RED, GREEN, BLUE), 1):
        make_picture(stage.folder / 'pages' / f'{i}.png', colour)
    make_picture(stage.folder / 'yellow.png', YELLOW)
    return write_event(
        stage.folder,
        [{'id': 'pages', 'kind': 'slides', 'file': 'pages'}, {'id': 'yellow', 'kind': 'still', 'picture': 'yellow.png'}],
        **{'live-page': {'port': 0}}, **parts)


def start_quiet(stage, *options, event=None, **parts):
    show = Regie(stage, event or make_quiet_event(stage, **parts), go_live=False, watchdog=True, options=options)
    show.wait_for(lambda status: all(s['state'] == 'live' for s in status['sources']), 'every source')
    show.wait_for_actions()
    return show


def watchdogs(stage):
    return [pid for pid in stage.strangers()
            if b'regie-watchdog' in pathlib.Path(f'/proc/{pid}/cmdline').read_bytes()]


def kill_all(stage, show):
    """A power cut: nobody is left to say or do anything."""
    for pid in [*watchdogs(stage), show.pid]:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not stage.strangers() and show.process.poll() is not None, 'its end', 5)
    show.wait_until_gone()


def rehearsal(stage):
    """A rehearsal, with a pause and a page of slides; abort () this time."""
    show = start_quiet(stage, '--rehearse')
    show.action('take', 'pages')
    show.action('slides-forward', 'pages')
    show.action('slides-forward', 'pages')
    show.action('pause')
    status = show.wait_for(lambda status: status['program']['paused'] and is_recording(status) and
                           source(status, 'pages')['page'] == 3, 'a pause on page 3')
    page = status['live-page']
    wait_for_memory(stage, lambda memory: memory['state'].get('paused') and memory['state']['pages']['pages'] == 3 and
                    memory['state'].get('recording-log'), 'the pause on the disk')
    text = memory_file(stage).read_text()
    tap.check(memory_file(stage).stat().st_mode & 0o777 == 0o600 and KEY not in text, 'the memory is private')
    _, pid = crash(show, signal.SIGABRT)
    status = wait_for_next(show, pid, lambda status: is_recording(status) and source(status, 'pages')['page'] == 3,
                           'the rehearsal, on page 3')
    tap.check(status['state'] == 'rehearsal' and status['program']['paused'] and status['resumed'],
              'it is a rehearsal again, in a pause', status['state'])
    tap.check(status['live-page'] == page, 'the live page is where it was', status['live-page'])
    with urllib.request.urlopen(page + 'state.json', timeout=5) as reply:
        tap.check(json.loads(reply.read())['status'] == 'waiting', 'and says nothing of a rehearsal')
    show.action('pause')
    status = show.wait_for(lambda status: not status['program']['paused'], 'the end of the pause', 5)
    tap.check(status['program']['on-air'] == 'pages', 'after the pause comes what was before', status['program'])
    show.action('end-live')
    wait_until(lambda: not watchdogs(stage) and memory_file(stage) is None, 'the end of the watchdog', 5)
    pid = show.pid
    os.kill(pid, signal.SIGKILL)
    show.wait_until_gone()
    tap.check(not stage.strangers(), 'off air nobody brings it back', stage.strangers())


def ends(stage):
    """What is meant as an end is one."""
    event = make_quiet_event(stage)
    # Under nohup or behind a shell's “&” they would be ignored, by Régie too.
    for number in (signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    for how in ('SIGTERM', 'SIGHUP', 'SIGQUIT', 'quit'):
        show = start_quiet(stage, '--go-live', event=event)
        show.wait_for(is_recording, 'a recording')
        tap.check(len(watchdogs(stage)) == 1, f'{how}: one process waits beside it', watchdogs(stage))
        if how == 'quit':
            show.action('quit')
        else:
            os.kill(show.pid, getattr(signal, how))
        status = show.wait(20)
        show.wait_until_gone()
        wait_until(lambda: not stage.strangers(), 'the end of all of it', 3)
        tap.check(status == (-signal.SIGQUIT if how == 'SIGQUIT' else 0) and
                  (how == 'SIGQUIT') == (memory_file(stage) is not None), f'{how}: nothing comes back', status)
    show = Regie(stage, event, go_live=True, watchdog=True, for_s=5)
    show.wait_for(lambda status: is_recording(status) and status['live-s'] >= 1, 'a recording')
    began = time.monotonic()
    _, pid = crash(show)
    wait_for_next(show, pid, is_recording, 'the show')
    show.wait_until_gone(10)
    took_s = time.monotonic() - began
    tap.check(show.lines[-1][1]['final'] and show.lines[-1][1]['pid'] != pid and took_s > 2 and within(took_s, 5.5),
              '--for counts from the first start', f'{took_s:.1f} s after the crash')
    show = Regie(stage, event, go_live=True, watchdog=False)
    show.wait_for(is_recording, 'a recording')
    tap.check(not watchdogs(stage), '--no-watchdog: nobody waits')
    show.kill()
    tap.check(not stage.strangers(), 'and nothing comes back')


def gives_up(stage):
    """A show that dies again and again is left alone, and that is said."""
    desktop = Session(stage, 'notifications')
    show = start_quiet(stage, '--go-live')
    show.wait_for(is_recording, 'a recording')
    n_deaths = 0
    end = time.monotonic() + 40
    while time.monotonic() < end and (watchdogs(stage) or n_deaths == 0):
        for pid in {show.pid, *stage.strangers()} - set(watchdogs(stage)):
            try:
                if os.path.basename(os.readlink(f'/proc/{pid}/exe')) == 'regie':
                    os.kill(pid, signal.SIGKILL)
                    n_deaths += 1
            except OSError:
                pass
        time.sleep(0.6)
    show.wait_until_gone()
    tap.check(4 <= n_deaths <= 9, 'after some times it is not started again', f'{n_deaths} deaths')
    tap.check('keeps crashing' in ''.join(show.stderr), 'standard error says so', ''.join(show.stderr[-3:]))
    note = desktop.wait_for(lambda call: call['call'] == 'Notify', 'a notification')
    tap.check('Régie' in note['title'] and note['text'], 'and so does the desktop', note)
    wait_until(lambda: not [pid for pid in stage.strangers() if b'regie' in pathlib.Path(
        f'/proc/{pid}/cmdline').read_bytes() and b'fake' not in pathlib.Path(f'/proc/{pid}/cmdline').read_bytes()],
               'the end of all of it', 5)


def power_cut(stage):
    """Nobody is left; the next start offers it, and does it when told to."""
    event = make_quiet_event(stage)
    show = start_quiet(stage, '--go-live', event=event)
    show.action('take', 'yellow')
    wait_for_memory(stage, lambda memory: memory['state'].get('on-air') == 'yellow', 'the shot on the disk')
    kill_all(stage, show)
    show = start_quiet(stage, event=event)
    tap.check('was interrupted at' in ''.join(show.stderr), 'a start says that the show was interrupted',
              ''.join(show.stderr))
    tap.check(show.status['state'] == 'off-air' and not show.status['resumed'], 'and does nothing by itself')
    show.action('resume-show')
    status = show.wait_for(is_back, 'the show')
    tap.check(status['resumed'] and status['program']['on-air'] == 'yellow', 'resume-show: it goes on as it was',
              status['program'])
    kill_all(stage, show)
    show = start_quiet(stage, '--resume', event=event)
    status = show.wait_for(is_back, 'the show')
    tap.check(status['resumed'] and status['program']['on-air'] == 'yellow', '--resume does the same', status['program'])
    kill_all(stage, show)
    show = start_quiet(stage, event=event)
    show.action('forget-show')
    wait_until(lambda: memory_file(stage) is None, 'the end of the memory', 3)
    tap.check(show.stop() == 0, 'forget-show does not', ''.join(show.stderr[-3:]))
    show = start_quiet(stage, '--resume', event=event)
    tap.check('no interrupted show' in ''.join(show.stderr) and show.status['state'] == 'off-air',
              'with nothing to go on with, --resume says so', ''.join(show.stderr))
    show.stop()


HOSTILE = {
    'live': True, 'since': 'long ago', 'page-port': 'none', 'recording': {}, 'recording-log': '/nowhere/at/all.json',
    'event-json': '{', 'on-air': 5, 'next': 'nowhere', 'before-pause': [], 'paused': 'yes', 'pages': {'pages': 'three', 'x': 1},
    'actions': {'mute': {'yellow': True, 'nobody': True}, 'sound-follows': {'pages': 5}, 'volume': [1, 2], 'solo': None, 'pan': {'yellow': 1e99},
                'transition-ms': -5, 'name-style': 'baroque', 'show-clock': 'true', 'headphones-volume': 1e308},
    'talk': [], 'posts': {'approved': [5, {}, None, {'id': 'x', 'text': 'y', 'author-name': 'z'}], 'hidden': [1, 'h'],
                          'blocked': 'all', 'on-screen': {}}}


def numbers(show):
    """Where the live page's playlist begins: its first segment, and how many breaks were before."""
    def read():
        try:
            with urllib.request.urlopen(show.status['live-page'] + 'live/stream.m3u8', timeout=5) as reply:
                text = reply.read().decode()
                return 'seg-' in text and tuple(int(re.search(f'{word}:(\\d+)', text).group(1)) for word in (
                    '#EXT-X-MEDIA-SEQUENCE', '#EXT-X-DISCONTINUITY-SEQUENCE'))
        except OSError:
            return None
    return wait_until(read, 'a segment of the live page', 15)


def damaged(stage):
    """What was kept is garbage: it is back on air all the same, with the first shot, and says so."""
    show = start_quiet(stage, '--go-live')
    show.wait_for(is_recording, 'a recording')
    before = numbers(show)
    wait_for_memory(stage, lambda memory: memory['state'].get('recording-log'), 'the memory')
    time.sleep(0.6)
    memory_file(stage).write_text('[' * 100000)
    _, pid = crash(show)
    status = wait_for_next(show, pid, is_back, 'the show')
    tap.check(status['program']['on-air'] == 'pages', 'it is on air with its first shot')
    tap.check('cannot be read' in ''.join(show.stderr), 'and says what is wrong', ''.join(show.stderr[-6:]))
    wait_for_memory(stage, lambda memory: memory['state'].get('recording-log'), 'the memory')
    time.sleep(0.6)
    memory = json.loads(memory_file(stage).read_text())
    memory['state'] = HOSTILE
    memory_file(stage).write_text(json.dumps(memory))
    _, pid = crash(show)
    status = wait_for_next(show, pid, is_back, 'the show')
    tap.check(status['program']['on-air'] == 'pages' and status['resumed'], 'of nonsense it takes what makes sense')
    tap.check(status['posts']['approved'] == 1 and source(status, 'yellow')['muted'], 'and only that', status['posts'])
    after = numbers(show)
    tap.check(after[0] > before[0] and after[1] > before[1], 'players of the live page see that another stream began',
              f'{before}, then {after}')
    os.kill(show.pid, signal.SIGTERM)
    show.wait_until_gone()


def without_a_dog(stage):
    """A watchdog that dies is replaced. What is small stays small."""
    show = start_quiet(stage, '--go-live')
    show.wait_for(is_recording, 'a recording')
    first = watchdogs(stage)
    memory_kb = int(re.search(r'VmRSS:\s+(\d+)', pathlib.Path(f'/proc/{first[0]}/status').read_text()).group(1))
    tap.check(memory_kb < 4000, 'it takes no memory to speak of', f'{memory_kb} kB')
    os.kill(first[0], signal.SIGKILL)
    wait_until(lambda: len(watchdogs(stage)) == 1 and watchdogs(stage) != first, 'another watchdog', 3)
    _, pid = crash(show)
    status = wait_for_next(show, pid, is_back, 'the show')
    tap.check(status['resumed'], 'and the next one does what the first would have')
    # From now on it is another file's show.
    show.action('save-as', str(stage.folder / 'evening.regie'))
    show.action('take', 'yellow')
    wait_for_memory(stage, lambda memory: memory['event'].endswith('evening.regie') and
                    memory['state'].get('on-air') == 'yellow', 'the other event', 5)
    _, pid = crash(show)
    status = wait_for_next(show, pid, is_back, 'the show')
    tap.check(status['resumed'] and status['program']['on-air'] == 'yellow', 'saved elsewhere, it goes on from there')
    # Without the session there is nobody to bring it back for.
    stage.processes[0].kill()
    show.wait_until_gone(10)
    wait_until(lambda: not stage.strangers(), 'the end of all of it', 3)
    tap.check(True, 'when the session bus goes, all of it goes')


tap.run(killed, rehearsal, ends, gives_up, power_cut, damaged, without_a_dog)

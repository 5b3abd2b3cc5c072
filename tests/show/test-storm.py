#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything at once: sources die, come back, are added and removed, shots are taken, for a while.

Afterwards the recording has each picture at its time, sound without a gap, and the program is no
larger than it was. REGIE_STORM_S says for how long (45 s; ten minutes prove more), REGIE_STORM_SEED
repeats a storm.
"""
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import time

from gi.repository import GLib

from regie_testing import (
    BLUE, FRAME_S, GREEN, RED, YELLOW, Failure, Regie, free_port, gaps, is_recording, make_clip,
    make_picture, packets, source, tap, write_event)

STORM_S = float(os.environ.get('REGIE_STORM_S', '45'))
SEED = int(os.environ.get('REGIE_STORM_SEED', random.randrange(1 << 30)))
MAX_ADDED = 3
N_CALMS = 5 if STORM_S >= 120 else 3


class Sender:
    """ffmpeg, which waits for Régie and sends it a clip by SRT; dies, hangs and comes back."""

    def __init__(self, stage, clip, port):
        self.stage = stage
        self.command = ['ffmpeg', '-nostdin', '-loglevel', 'error', '-re', '-stream_loop', '-1', '-i', clip,
                        '-c', 'copy', '-f', 'mpegts', f'srt://127.0.0.1:{port}?mode=listener']
        self.process = None
        self.revive()

    def revive(self):
        if self.process is None or self.process.poll() is not None:
            self.process = self.stage.start(self.command, stderr=subprocess.DEVNULL)
        else:
            self.process.send_signal(signal.SIGCONT)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def hang(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGSTOP)


class Storm:
    """Chooses what happens next."""

    def __init__(self, show, senders, seed):
        self.show = show
        self.senders = senders
        self.random = random.Random(seed)
        self.added = []
        self.added_shots = []
        self.n_made = 0
        self.counts = {}

    def shots(self):
        return ['steady', 'one', 'two', 'still', 'drawn', 'duo', 'corner', 'all', 'pause'] + self.added_shots

    def sources(self):
        return ['steady', 'one', 'two', 'still', 'drawn'] + self.added

    def take(self):
        self.show.action('take', self.random.choice(self.shots()))

    def transition(self):
        self.show.set_state('transition-ms', GLib.Variant('u', self.random.choice((150, 400, 1000))))
        self.show.action('next', self.random.choice(self.shots()))
        self.show.action(self.random.choice(('cut', 'fade', 'move')))

    def pause(self):
        self.show.action('pause')

    def kill(self):
        self.random.choice(self.senders).kill()

    def hang(self):
        self.random.choice(self.senders).hang()

    def revive(self):
        self.random.choice(self.senders).revive()

    def volume(self):
        name = self.random.choice(self.sources())
        self.show.action('volume', GLib.Variant('(sd)', (name, self.random.uniform(-40, 6))))
        self.show.action('mute', GLib.Variant('(sb)', (name, self.random.random() < 0.3)))

    def edit(self, name, changes):
        self.show.action('edit-source', GLib.Variant('(ss)', (name, json.dumps(changes))))

    def treat_picture(self):
        r = self.random
        self.edit(r.choice(self.sources()), {'picture-settings': {
            'rotate': r.choice((0, 0, 90, 180)), 'mirror': r.random() < 0.5, 'zoom': r.choice((1, 1.5, 4)),
            'brightness': r.uniform(-0.5, 0.5), 'contrast': r.uniform(0.5, 1.5),
            'crop': {'left': r.uniform(0, 0.4), 'top': r.uniform(0, 0.4)}}})

    def treat_sound(self):
        r = self.random
        self.edit(r.choice(self.sources()), {'sound-settings': {
            'follows': r.choice(('always', 'seen')), 'pan': r.uniform(-1, 1), 'delay-ms': r.randrange(-500, 500),
            'low-cut': r.random() < 0.5, 'compressor': r.random() < 0.5}})

    def add(self):
        if len(self.added) >= MAX_ADDED:
            self.remove()
            return
        self.n_made += 1
        name = f'added-{self.n_made}'
        entry = self.random.choice(({'kind': 'uri', 'uri': 'added.mp4', 'loop': True},
                                    {'kind': 'uri', 'uri': 'not-there.mp4'},
                                    {'kind': 'still', 'picture': 'still.png'},
                                    {'kind': 'drawn', 'drawing': 'slides'},
                                    {'kind': 'card', 'card': 'clock', 'text': 'It is'},
                                    {'kind': 'film', 'file': 'added.mp4'}))
        self.show.action('add-source', json.dumps({'id': name, 'volume-db': -20, **entry}))
        self.show.action('add-shot', json.dumps({'id': name, 'layout': 'full', 'sources': [name]}))
        self.added.append(name)
        self.added_shots.append(name)

    def remove(self):
        if self.added:
            name = self.added.pop(self.random.randrange(len(self.added)))
            self.added_shots.remove(name)
            self.show.action('remove-source', name)

    def reorder(self):
        self.show.action('move-source', GLib.Variant('(si)', (self.random.choice(self.sources()), 0)))
        self.show.action('move-shot', GLib.Variant('(si)', (self.random.choice(self.shots()), 1)))

    def name(self):
        if self.random.random() < 0.5:
            self.show.action('show-talk', GLib.Variant('i', -1))
        else:
            self.show.action('hide-talk')

    def step(self):
        what, = self.random.choices(
            (self.take, self.transition, self.pause, self.kill, self.hang, self.revive, self.volume,
             self.treat_picture, self.treat_sound, self.add, self.remove, self.reorder, self.name),
            (6, 8, 1, 2, 1, 5, 2, 2, 2, 3, 2, 1, 2))
        self.counts[what.__name__] = self.counts.get(what.__name__, 0) + 1
        what()


def memory_mb(process):
    """What it has for itself alone."""
    for line in pathlib.Path(f'/proc/{process.pid}/smaps_rollup').read_text().splitlines():
        if line.startswith('Pss_Anon:'):
            return int(line.split()[1]) / 1024
    raise Failure('no Pss_Anon')


def n_threads(process):
    return len(os.listdir(f'/proc/{process.pid}/task'))


def n_files(process):
    return len(os.listdir(f'/proc/{process.pid}/fd'))


def calm(show, storm, senders):
    """As it was in the beginning: what was added is gone, and everybody is there."""
    while storm.added:
        storm.remove()
    show.action('take', 'duo')

    def everybody_lives(status):
        # One that hung finds its line gone when it goes on, and ends.
        for sender in senders:
            sender.revive()
        return all(s['state'] == 'live' for s in status['sources']) and len(status['sources']) == 5
    show.wait_for(everybody_lives, 'five sources that live', 60)
    show.wait_for_running(5)
    return memory_mb(show.process), n_threads(show.process), n_files(show.process)


def storm(stage):
    """Kills, revivals, additions, removals and takes at random."""
    make_clip(stage.folder / 'steady.mp4', RED, 440, 30)
    make_clip(stage.folder / 'blue.mp4', BLUE, 880, 20)
    make_clip(stage.folder / 'green.mp4', GREEN, 1250, 20)
    make_clip(stage.folder / 'added.mp4', YELLOW, 2200, 20)
    make_picture(stage.folder / 'still.png', YELLOW)
    ports = [free_port(socket.SOCK_DGRAM) for _ in range(2)]
    names = ['steady', 'one', 'two', 'still', 'drawn']
    shots = [{'id': name, 'layout': 'full', 'sources': [name]} for name in names] + [
        {'id': 'duo', 'layout': 'side-by-side', 'sources': ['one', 'two']},
        {'id': 'corner', 'layout': 'picture-in-picture', 'sources': ['steady', 'one']},
        {'id': 'all', 'layout': 'everyone', 'sources': names},
        {'id': 'pause', 'layout': 'pause', 'sources': []}]
    event = write_event(
        stage.folder,
        [{'id': 'steady', 'kind': 'uri', 'uri': 'steady.mp4', 'loop': True},
         {'id': 'one', 'kind': 'uri', 'uri': f'srt://127.0.0.1:{ports[0]}'},
         {'id': 'two', 'kind': 'uri', 'uri': f'srt://127.0.0.1:{ports[1]}'},
         {'id': 'still', 'kind': 'still', 'picture': 'still.png'},
         {'id': 'drawn', 'kind': 'drawn', 'drawing': 'guest'}],
        shots, talks=[{'title': 'In the storm', 'speakers': ['Ada Lovelace']}], **{'live-page': {'port': 0}})
    senders = [Sender(stage, stage.folder / clip, port) for clip, port in zip(('blue.mp4', 'green.mp4'), ports)]
    show = Regie(stage, event, go_live=False)
    show.wait_for(lambda status: all(s['state'] == 'live' for s in status['sources']), 'every source', 40)
    show.wait_for_actions()
    show.action('go-live')
    show.wait_for(is_recording, 'the recording', 20)
    happening = Storm(show, senders, SEED)
    tap.note(f'seed {SEED}, {STORM_S:.0f} s')

    began = time.monotonic()
    calms = []
    while time.monotonic() - began < STORM_S:
        happening.step()
        # A volunteer in panic: several things a second. Status lines come once a second.
        time.sleep(happening.random.uniform(0.05, 0.6))
        if show.process.poll() is not None:
            raise Failure(f'Régie ended in the storm after {happening.counts}')
        if len(calms) < N_CALMS - 1 and time.monotonic() - began > STORM_S * (len(calms) + 1) / N_CALMS:
            calms.append(calm(show, happening, senders))
    calms.append(calm(show, happening, senders))
    before, after = calms[0], calms[-1]
    tap.note(f'{happening.counts}')
    tap.check(source(show.status, 'one')['state'] == 'live' and source(show.status, 'two')['state'] == 'live',
              'after the storm everybody is back')
    # What has been on air, and at what size, decides what is kept ready: the first half minute does not know it yet.
    growth = 1.25 if STORM_S >= 300 else 1.4
    tap.check(after[0] <= before[0] * growth + 8, 'memory is flat', ', then '.join(f'{megabytes:.1f} MB' for megabytes, _, _ in calms))
    tap.check(after[1] <= before[1] + 4 and after[2] <= before[2] + 6, 'no thread and no file is left behind',
              f'{before[1]} threads and {before[2]} files, then {after[1]} and {after[2]}')
    tap.check(show.stop() == 0, 'the show ends well', ''.join(show.stderr[-3:]))
    said = ''.join(show.stderr)
    tap.check('CRITICAL' not in said and 'WARNING' not in said, 'nothing critical is logged')
    check_recording(show)


def check_recording(show):
    path = pathlib.Path(show.status['recording']['path'])
    times = [packet.time for packet in packets(path, 'v')]
    wrong = gaps(times, FRAME_S, 0.0001)
    dropped = show.status['program']['dropped']
    n_missing = round((times[-1] - times[0]) / FRAME_S) - (len(times) - 1)
    tap.check(times[-1] - times[0] >= STORM_S and 0 <= n_missing <= dropped,
              'each picture of the program is exactly 1/30 s after the last',
              f'{len(times)} pictures, {n_missing} missing, the program says {dropped}: {wrong[:5]}')
    wrong = gaps([packet.time for packet in packets(path, 'a')], 1024 / 48000, 0.0001)
    tap.check(not wrong, 'the program has sound without a gap', f'{wrong[:5]}')


tap.run(storm)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program: its time runs on whatever its sources do, and shots follow each other as asked."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess

from gi.repository import GLib

from regie_pace import within
from regie_testing import (
    BLUE, FRAME_S, GREEN, RED, YELLOW, NginxRtmp, Regie, Sound, colour_at, frames, free_port, gaps, is_colour,
    is_recording, make_clip, n_lost_frames, packets, save_frame, source, tap, wait_until, write_event)

STEADY_HZ, SRT_HZ, RTMP_HZ, FILE_HZ = 440, 1250, 2200, 3300
FADE_MS = 600
SPARE_FRAMES = 10


class Sender:
    """ffmpeg, which sends a clip as somebody's encoder does."""

    def __init__(self, stage, clip, form, address):
        self.command = ['ffmpeg', '-nostdin', '-loglevel', 'error', '-re', '-stream_loop', '-1', '-i', clip,
                        '-c', 'copy', '-f', form, address]
        self.stage = stage
        self.process = None
        self.start()

    def start(self):
        self.process = self.stage.start(self.command, stderr=subprocess.DEVNULL)

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


def check_timeline(path, shortest_s, n_dropped):
    """Thirty pictures a second, and sound that follows on.

    On a machine that others use as well, the program may have to leave out a picture; then it says
    so. A picture that it knows nothing of must not be missing, and none may be beside its time.
    """
    times = [packet.time for packet in packets(path, 'v')]
    wrong = gaps(times, FRAME_S, 0.0001)
    n_missing = round((times[-1] - times[0]) / FRAME_S) - (len(times) - 1)
    beside = [t for t in times if abs((t - times[0]) / FRAME_S - round((t - times[0]) / FRAME_S)) > 0.005]
    tap.check(times[-1] - times[0] >= shortest_s and not beside and 0 <= n_missing <= min(n_dropped, SPARE_FRAMES),
              'recording: each picture is exactly 1/30 s after the last',
              f'{len(times)} pictures in {times[-1] - times[0]:.2f} s, {n_missing} missing, of which the program says '
              f'{n_dropped}: {wrong[:5]}')
    sound_times = [packet.time for packet in packets(path, 'a')]
    wrong = gaps(sound_times, 1024 / 48000, 0.0001)
    tap.check(not wrong, 'recording: sound packets without a gap', f'{len(sound_times)} packets, wrong: {wrong[:5]}')
    sound = Sound(path)
    length_s = len(sound.samples) / 48000
    quiet = [round(t, 2) for t, level in sound.tones(STEADY_HZ) if level < 0.1 and 0.1 < t < length_s - 0.1]
    tap.check(not quiet, 'recording: the sound of the source that stayed is heard all along', f'quiet at {quiet[:10]}')
    return sound


def sources_die_and_return(stage):
    """A film that is not there yet, an SRT and an RTMP sender that are killed and started again."""
    make_clip(stage.folder / 'steady.mp4', RED, STEADY_HZ, 150)
    make_clip(stage.folder / 'blue.mp4', BLUE, SRT_HZ, 20)
    make_clip(stage.folder / 'green.mp4', GREEN, RTMP_HZ, 20)
    make_clip(stage.folder / 'yellow.mp4', YELLOW, FILE_HZ, 60)
    nginx = NginxRtmp(stage)
    srt_port = free_port(socket.SOCK_DGRAM)
    event = write_event(
        stage.folder,
        [{'id': 'steady', 'kind': 'uri', 'uri': 'steady.mp4', 'volume-db': -6},
         {'id': 'srt', 'title': 'SRT guest', 'kind': 'uri', 'volume-db': -6, 'uri': f'srt://127.0.0.1:{srt_port}'},
         {'id': 'rtmp', 'title': 'RTMP guest', 'kind': 'uri', 'volume-db': -6, 'uri': nginx.url('feed') + '/guest'},
         {'id': 'late', 'title': 'Late film', 'kind': 'uri', 'volume-db': -6, 'uri': 'late.mp4', 'loop': True}],
        **{'live-page': {'port': 0}})
    srt = Sender(stage, stage.folder / 'blue.mp4', 'mpegts', f'srt://127.0.0.1:{srt_port}?mode=listener')
    rtmp = Sender(stage, stage.folder / 'green.mp4', 'flv', nginx.url('feed') + '/guest')
    wait_until(lambda: 'guest' in nginx.streams(), 'the RTMP sender', 15)
    show = Regie(stage, event, go_live=False)
    show.wait_for_actions()

    def state_is(name, state, timeout_s=25):
        status = show.wait_for(lambda status: source(status, name)['state'] == state, f'{name} {state}', timeout_s)
        return source(status, name)

    for name in ('steady', 'srt', 'rtmp'):
        state_is(name, 'live')
    show.action('go-live')
    lost = state_is('late', 'lost')
    show.wait_for(is_recording, 'the recording')
    tap.check(lost['error'] is not None, 'the film that is not there is lost, with a reason', lost['error'])
    before = show.status
    # One that others may still be reading appears whole or not at all.
    shutil.copyfile(stage.folder / 'yellow.mp4', stage.folder / 'part.mp4')
    (stage.folder / 'part.mp4').rename(stage.folder / 'late.mp4')
    tap.check(state_is('late', 'live')['error'] is None, 'the film is live by itself once it is there')

    for name, sender in (('srt', srt), ('rtmp', rtmp)):
        show.action('take', name)
        show.wait_for_running(3)
        sender.kill()
        lost = state_is(name, 'lost')
        tap.check(lost['error'] is not None and lost['on-air'], f'{name}: killed on air, it is lost, with a reason',
                  lost['error'])
        show.wait_for_running(2)
        sender.start()
        began = show.status['running-ms']
        back = state_is(name, 'live')
        tap.check(back['error'] is None, f'{name}: it comes back by itself',
                  f"{(show.status['running-ms'] - began) / 1000:.0f} s after it was started again")
        show.wait_for_running(2)
    show.action('take', 'late')
    show.wait_for_running(2)
    grown = n_lost_frames(show.status) - n_lost_frames(before)
    took_s = (show.status['running-ms'] - before['running-ms']) / 1000
    tap.check(within(grown, SPARE_FRAMES), 'the program neither repeats nor drops pictures because of it',
              f'{grown} in {took_s:.0f} s')
    tap.check(show.stop() == 0, 'the exit status is 0, since everything works again', ''.join(show.stderr[-2:]))
    path = pathlib.Path(show.status['recording']['path'])
    sound = check_timeline(path, took_s, show.status['program']['dropped'])
    check_what_was_seen(path)
    end = len(sound.samples) - 48000 - 4800
    levels = {hz: sound.tone(hz, end) for hz in (STEADY_HZ, SRT_HZ, RTMP_HZ, FILE_HZ)}
    tap.check(min(levels.values()) > 0.05, 'in the end all four are heard', f'{levels}')


def check_what_was_seen(path):
    """Each guest, then the card that says that it is lost, then the guest again, in this order."""
    seen = []
    pictures = frames(path, 32, 18, 'rgb24')
    for frame in pictures:
        colour = colour_at(frame, 32, 2, 2)
        name = next((name for name, wanted in (('red', RED), ('blue', BLUE), ('green', GREEN), ('yellow', YELLOW))
                     if is_colour(colour, wanted)), 'card')
        if not seen or seen[-1][0] != name:
            seen.append([name, frame.time, 0])
        seen[-1][2] += 1
    order = [name for name, _, _ in seen]
    # A guest's first try may show the card for a moment before the first picture.
    while order and order[0] in ('card', 'red'):
        order.pop(0)
    tap.check(order == ['blue', 'card', 'blue', 'green', 'card', 'green', 'yellow'],
              'the picture shows each guest, the card while it is lost, and the guest again',
              ', '.join(f'{name} {count}' for name, _, count in seen))
    card = next((entry for entry in seen if entry[0] == 'card' and entry[2] > 30), None)
    if card is not None:
        save_frame(path, card[1] - pictures[0].time + 0.5, 'program-lost.png')


def red_to_blue(frame):
    """How blue a picture is: 0 the red one, 1 the blue one."""
    red, _, blue = colour_at(frame, 16, 8, 4)
    return ((RED[0] - red) / (RED[0] - BLUE[0]) + (blue - RED[2]) / (BLUE[2] - RED[2])) / 2


def cut_and_fade(stage):
    """A cut happens between two pictures, a fade takes as long as was asked."""
    make_clip(stage.folder / 'red.mp4', RED, STEADY_HZ, 60)
    make_clip(stage.folder / 'blue.mp4', BLUE, None, 60)
    event = write_event(
        stage.folder,
        [{'id': 'red', 'kind': 'uri', 'uri': 'red.mp4'}, {'id': 'blue', 'kind': 'uri', 'uri': 'blue.mp4'}],
        **{'live-page': {'port': 0}})
    show = Regie(stage, event, go_live=False)
    show.go_live()
    show.set_state('transition-ms', GLib.Variant('u', FADE_MS))
    show.wait_for_running(1)
    show.action('next', 'blue')
    show.action('cut')
    tap.check(show.state('take') == 'blue', 'D-Bus: “cut” puts the next shot on air', show.state('take'))
    show.wait_for_running(2)
    show.action('next', 'red')
    show.action('fade')
    show.wait_for_running(2)
    tap.check(show.state('take') == 'red', 'D-Bus: so does “fade”')
    show.stop()
    path = pathlib.Path(show.status['recording']['path'])
    check_timeline(path, 4, show.status['program']['dropped'])
    levels = [red_to_blue(frame) for frame in frames(path, 16, 9, 'rgb24')]
    cut = next(i for i, level in enumerate(levels) if level > 0.5)
    between = [level for level in levels[max(0, cut - 10):cut + 10] if 0.06 < level < 0.94]
    tap.check(cut > 0 and not between, 'a cut: no picture is in between', f'at picture {cut}')
    fading = [i for i in range(cut, len(levels)) if 0.04 < levels[i] < 0.96]
    monotone = all(levels[i + 1] <= levels[i] + 0.02 for i in range(fading[0] - 1, fading[-1] + 1)) if fading else False
    # Slow at both ends: for so much of its time an eased fade is between 4 and 96 %.
    wanted = 0.76 * FADE_MS / 1000 / FRAME_S
    whole = bool(fading) and fading == list(range(fading[0], fading[-1] + 1))
    tap.check(whole and monotone and abs(len(fading) - wanted) <= 3, 'a fade: goes from one to the other, never back',
              f"{len(fading)} pictures of {wanted:.0f}: {', '.join(f'{levels[i]:.2f}' for i in fading)}")
    if fading:
        save_frame(path, (fading[0] + len(fading) // 2) * FRAME_S, 'program-fade.png')


tap.run(sources_die_and_return, cut_and_fade)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A destination dies, hangs and comes back: it does so by itself, and nobody else notices."""
import pathlib
import signal
import time

from regie_pace import within
from regie_testing import (
    FRAME_S, RED, HlsReceiver, Knocks, NginxRtmp, Regie, Sound, SrtReceiver, destination, frames, gaps, make_clip,
    n_lost_frames, packets, probe, save_frame, source, tap, wait_until, write_event)

TONE_HZ = 440
# A machine that others use as well may hold up the mixer now and then; a fault of ours would cost
# seconds of pictures.
SPARE_FRAMES = 10


def start(stage):
    """A show with a clip on air at RTMP, SRT, the live page and in the recording."""
    make_clip(stage.folder / 'red.mp4', RED, TONE_HZ, 150)
    nginx, srt = NginxRtmp(stage), SrtReceiver(stage)
    event = write_event(stage.folder, [{'id': 'red', 'kind': 'uri', 'uri': 'red.mp4'}],
                        destinations=[{'id': 'tube', 'url': nginx.url() + '/show'}, {'id': 'srt', 'url': srt.url()}],
                        **{'live-page': {'port': 0}})
    show = Regie(stage, event, go_live=False)
    show.go_live()
    page = HlsReceiver(stage, show.status['live-page'])
    show.wait_for_running(5)
    return show, nginx, srt, page


def check_others(show, srt, page, before):
    """Nothing but the broken destination has noticed anything."""
    after = show.status
    took_s = (after['running-ms'] - before['running-ms']) / 1000
    grown = n_lost_frames(after) - n_lost_frames(before)
    tap.check(within(grown, SPARE_FRAMES), 'the program neither repeats nor drops pictures because of it',
              f'{grown} in {took_s:.0f} s')
    for name in ('srt', 'live-page'):
        now = destination(after, name)
        tap.check(now['state'] == 'live' and now['reconnects'] == 0 and now['error'] is None,
                  f'{name}: stayed connected')
    tap.check(source(after, 'red')['state'] == 'live', 'the source stayed live')
    page.stop()
    tap.check(show.stop() == 0, 'the exit status is 0, since everything works again')
    srt.stop()
    for name, path, shortest_s in (('srt', srt.path, took_s), ('live page', page.path, took_s - 8),
                                   ('recording', pathlib.Path(show.status['recording']['path']), took_s)):
        times = [packet.time for packet in packets(path, 'v')]
        wrong = gaps(times, FRAME_S, 0.0001)
        tap.check(times[-1] - times[0] > shortest_s and not wrong, f'{name}: not one picture is missing',
                  f'{len(times)} pictures in {times[-1] - times[0]:.2f} s, gaps: {wrong[:5]}')
        sound = Sound(path)
        quiet = [round(t, 2) for t, level in sound.tones(TONE_HZ) if level < 0.2]
        # The encoder's first packet and the captures' ends are no gaps.
        quiet = [t for t in quiet if 0.1 < t < len(sound.samples) / 48000 - 0.1]
        tap.check(not sound.gaps(0.002) and not quiet, f'{name}: the tone is there all along',
                  f'gaps {sound.gaps(0.002)[:5]}, quiet at {quiet[:10]}')


def server_killed(stage):
    """The RTMP server is killed and comes back half a minute later."""
    show, nginx, srt, page = start(stage)
    before = show.status
    first_files = set(nginx.files())
    killed = time.monotonic()
    nginx.kill()
    knocks = Knocks(nginx.port)
    status = show.wait_for(lambda status: destination(status, 'tube')['state'] != 'live', 'the break', 5)
    tap.check(destination(status, 'tube')['error'] is not None, 'the break is said in words',
              destination(status, 'tube')['error'])
    # 0.5, 1, 2, 4, 7, 10 s: the sixth knock comes after 24.5 s.
    knocks.wait_for(6, 40)
    knocks.close()
    attempts = [t - killed for t in knocks.times]
    pauses = [b - a for a, b in zip([0] + attempts, attempts)]
    tap.check(within(attempts[0], 1.0), 'the first retry comes within a second', f'{attempts[0]:.2f} s after the kill')
    tap.check(within(max(pauses), 10.3, 14), 'retries are never more than 10 s apart',
              f"{', '.join(f'{pause:.2f}' for pause in pauses)} s")
    nginx.start()
    restarted = time.monotonic()
    show.wait_for(lambda status: destination(status, 'tube')['state'] == 'live', 'the destination live again', 16)
    back_s = time.monotonic() - restarted
    tap.check(within(back_s, 14), 'it is live again by itself', f'{back_s:.1f} s after the server is back '
              f"({destination(show.status, 'tube')['reconnects']} tries)")
    show.wait_for_running(4)
    tap.check(destination(show.status, 'tube')['error'] is None, 'no error is left')
    check_others(show, srt, page, before)
    nginx.stop()
    new_file = [path for path in nginx.files() if path not in first_files][-1]
    pictures = packets(new_file, 'v')
    tap.check(pictures[0].keyframe and len(frames(new_file)) == len(pictures) and len(pictures) > 60,
              'what the server gets then begins with a keyframe and can be decoded whole', f'{len(pictures)} pictures')
    save_frame(new_file, 1, 'reconnect-killed.png')


def server_hangs(stage):
    """The RTMP server hangs for twelve seconds: its connection is half open."""
    show, nginx, srt, page = start(stage)
    before = show.status
    nginx.signal(signal.SIGSTOP)
    show.wait_for_running(12)
    during = destination(show.status, 'tube')
    tap.note(f'after 12 s: {during}')
    nginx.signal(signal.SIGCONT)
    resumed = time.monotonic()
    n_bytes = during['bytes']
    show.wait_for(lambda status: destination(status, 'tube')['state'] == 'live' and
                  destination(status, 'tube')['bytes'] > n_bytes + 200000, 'the destination live and sending', 20)
    tap.check(True, 'it goes on by itself once the server does', f'{time.monotonic() - resumed:.1f} s until 200 kB more')
    wait_until(lambda: 'show' in nginx.streams(), 'the stream at the server', 10)
    n_files = len(nginx.files())
    show.wait_for_running(4)
    tap.check(destination(show.status, 'tube')['state'] == 'live' and len(nginx.files()) == n_files, 'and it stays')
    check_others(show, srt, page, before)
    nginx.stop()
    last = nginx.files()[-1]
    tap.check(float(probe(last, '-show_format')['format']['duration']) > 3, 'the server has got the rest')


tap.run(server_killed, server_hangs)

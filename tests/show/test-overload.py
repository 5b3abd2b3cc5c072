#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine that others keep busy on every core: the picture gives way, the sound does not."""
import os
import pathlib
import signal

from regie_testing import (
    BLUE, FRAME_S, RED, HlsReceiver, NginxRtmp, Regie, Sound, SrtReceiver, gaps, make_clip, n_lost_frames,
    packets, tap, write_event)

TONE_HZ = 440
HOGS_A_CORE = 3
BUSY_S = 12


class Hogs:
    """Programs that use every core as much as they can."""

    def __init__(self, stage):
        self.processes = [stage.start(['sh', '-c', 'while :; do :; done'])
                          for _ in range(HOGS_A_CORE * (os.cpu_count() or 2))]

    def stop(self):
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
            process.wait()


def check_sound(name, path):
    sound = Sound(path)
    holes = sound.gaps(0.002)
    tap.check(len(sound.samples) / 48000 > BUSY_S and not holes, f'{name}: sound packets without a gap',
              f'{len(sound.samples) / 48000:.1f} s, {holes[:5]}')
    end = len(sound.samples) / 48000
    quiet = [round(t, 2) for t, level in sound.tones(TONE_HZ) if level < 0.1 and 0.2 < t < end - 0.2]
    tap.check(not quiet, f'{name}: the tone is heard all along', f'quiet at {quiet[:8]}')


def check_picture(path, lost):
    times = [packet.time for packet in packets(path, 'v')]
    beside = [round(t, 4) for t in times
              if abs((t - times[0]) / FRAME_S - round((t - times[0]) / FRAME_S)) > 0.005]
    n_missing = round((times[-1] - times[0]) / FRAME_S) - (len(times) - 1)
    tap.check(not beside and n_missing <= lost, 'recording: no picture is beside its time',
              f'{len(times)} pictures, {n_missing} missing, the program says {lost}; beside: {beside[:5]}')


def hogs_on_both_cores(stage):
    """1080p to three places, and then everything else on the machine wants to run as well."""
    make_clip(stage.folder / 'red.mp4', RED, TONE_HZ, 120)
    make_clip(stage.folder / 'blue.mp4', BLUE, None, 120)
    nginx, srt = NginxRtmp(stage), SrtReceiver(stage)
    event = write_event(
        stage.folder,
        [{'id': 'red', 'kind': 'uri', 'uri': 'red.mp4'}, {'id': 'blue', 'kind': 'uri', 'uri': 'blue.mp4'},
         {'id': 'drawn', 'kind': 'drawn', 'drawing': 'guest', 'muted': True}],
        [{'id': 'all', 'layout': 'side-by-side', 'sources': ['red', 'drawn']}],
        program={'width': 1920, 'height': 1080, 'rate': 30, 'video-kbps': 4500, 'audio-kbps': 128},
        destinations=[{'id': 'tube', 'url': nginx.url() + '/x'}, {'id': 'srt', 'url': srt.url()}],
        **{'live-page': {'port': 0}})
    show = Regie(stage, event, go_live=False)
    show.go_live()
    page = HlsReceiver(stage, show.status['live-page'])
    show.wait_for_running(3)
    before = n_lost_frames(show.status)
    hogs = Hogs(stage)
    try:
        show.wait_for_running(BUSY_S, 90)
        said = [status['program']['overloaded'] for _, status in show.lines[-BUSY_S:]]
    finally:
        hogs.stop()
    grown = n_lost_frames(show.status) - before
    tap.check(any(said) or grown <= 2 * BUSY_S, 'when the picture stutters, the show says so',
              f'{grown} pictures repeated or dropped, said in {sum(said)} of {len(said)} s')
    show.wait_for(lambda status: not status['program']['overloaded'], 'the end of the overload', 60)
    show.wait_for_running(3)
    page.stop()
    show.stop()
    last = show.status
    srt.stop()
    nginx.stop()
    tap.note(f"{last['program']}")
    recording = pathlib.Path(last['recording']['path'])
    for name, path in (('rtmp', nginx.files()[0]), ('srt', srt.path), ('live-page', page.path),
                       ('recording', recording)):
        check_sound(name, path)
    check_picture(recording, last['program']['dropped'])


tap.run(hogs_on_both_cores)

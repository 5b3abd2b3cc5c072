#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lips and sound: a flash and a beep that begin together do so at every output."""
import pathlib
import statistics

from regie_testing import (
    HlsReceiver, NginxRtmp, Regie, Sound, SrtReceiver, flashes, make_flash_and_beep, tap, write_event)

LIMIT_MS = 20
N_FLASHES = 3


def measure(path):
    """How much later than its flash each beep begins, in milliseconds."""
    beeps = Sound(path).onsets()
    offsets = []
    for flash in flashes(path):
        beep = min(beeps, key=lambda t: abs(t - flash), default=None)
        if beep is not None and abs(beep - flash) < 0.9:
            offsets.append((beep - flash) * 1000)
    return offsets


def check(name, path):
    offsets = measure(path)
    tap.check(len(offsets) >= N_FLASHES and max(map(abs, offsets)) <= LIMIT_MS,
              f'{name}: sound and picture within ±{LIMIT_MS} ms',
              f"sound after picture: mean {statistics.mean(offsets) if offsets else 0:+.1f} ms, each "
              f"{', '.join(f'{offset:+.1f}' for offset in offsets)}")


def everywhere(stage):
    """RTMP, SRT, live page and recording, measured in what was decoded."""
    clip = make_flash_and_beep(stage.folder / 'flash.mp4', 40)
    source_offsets = measure(clip)
    tap.check(len(source_offsets) > 15 and max(map(abs, source_offsets)) < 1,
              'the flash and the beep of the source begin together',
              f'{min(source_offsets):+.2f} … {max(source_offsets):+.2f} ms')
    nginx, srt = NginxRtmp(stage), SrtReceiver(stage)
    event = write_event(stage.folder, [{'id': 'flash', 'kind': 'uri', 'uri': 'flash.mp4'}],
                        destinations=[{'id': 'rtmp', 'url': nginx.url() + '/flash'}, {'id': 'srt', 'url': srt.url()}],
                        **{'live-page': {'port': 0}})
    show = Regie(stage, event, go_live=False)
    show.go_live()
    page = HlsReceiver(stage, show.status['live-page'])
    show.wait_for_running(16)
    page.stop()
    show.stop()
    srt.stop()
    nginx.stop()
    for name, path in (('rtmp', nginx.files()[0]), ('recording', pathlib.Path(show.status['recording']['path'])),
                       ('srt', srt.path), ('live page', page.path)):
        check(name, path)


def again(stage, looped):
    make_flash_and_beep(stage.folder / 'flash.mp4', 7.5 if looped else 20)
    event = write_event(stage.folder, [{'id': 'flash', 'kind': 'uri', 'uri': 'flash.mp4', 'loop': looped}],
                        **{'live-page': {'port': 0}})
    show = Regie(stage, event)
    show.wait_for_live()
    show.wait_for_running(26 if looped else 9)
    show.stop()
    check('recording, looped' if looped else 'recording, started anew', pathlib.Path(show.status['recording']['path']))


def started_anew(stage):
    """Where the frames of a source fall between those of the program is different every time."""
    again(stage, False)


def looped(stage):
    """A film that begins again and again keeps its sound, though neither track fills whole frames."""
    again(stage, True)


tap.run(everywhere, started_anew, looped)

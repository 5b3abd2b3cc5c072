#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the program is encoded: planned for the strictest destination, and following a slow uplink."""
import os
import pathlib
import select
import shutil
import socket
import threading
import time

from regie_pace import within
from regie_testing import (
    GREEN, NginxRtmp, Regie, colour_at, destination, frames, gaps, is_colour, is_recording, make_clip, n_lost_frames,
    packets, probe, tap, write_event)

# What was in an encoder that failed is gone; the next one begins with what comes.
GAP_S = 0.2

PROGRAM = {'width': 640, 'height': 360, 'rate': 30, 'video-kbps': 3000, 'audio-kbps': 128}


class Narrow:
    """A line to a server that carries only so much: a bucket that is read as it empties."""

    def __init__(self, port):
        self.kbps = 0  # 0: as much as comes
        self.target = port
        self.listener = socket.socket()
        # A short queue on this side, so that what waits is seen on the other.
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        self.listener.bind(('127.0.0.1', 0))
        self.listener.listen(4)
        self.port = self.listener.getsockname()[1]
        self.n_bytes = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self):
        return f'rtmp://127.0.0.1:{self.port}/live'

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(('127.0.0.1', self.target))
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near, far):
        due = time.monotonic()
        with near, far:
            while True:
                readable, _, _ = select.select([near, far], [], [], 1)
                if far in readable:
                    answer = far.recv(65536)
                    if not answer:
                        return
                    near.sendall(answer)
                if near in readable:
                    data = near.recv(8192 if self.kbps else 65536)
                    if not data:
                        return
                    try:
                        far.sendall(data)
                    except OSError:
                        return
                    self.n_bytes += len(data)
                    now = time.monotonic()
                    due = max(due, now - 0.05) + (len(data) * 8 / (self.kbps * 1000) if self.kbps else 0)
                    if due > now:
                        time.sleep(due - now)

    def close(self):
        self.listener.close()


def say(status):
    return ' / '.join(status['program']['plan'])


def plan_applied(stage):
    """The strictest destination counts for all, and what comes there is what the plan says."""
    make_clip(stage.folder / 'green.mp4', GREEN, 440, 60)
    nginx = NginxRtmp(stage)
    event = write_event(
        stage.folder, [{'id': 'green', 'kind': 'uri', 'uri': 'green.mp4'}],
        program=dict(PROGRAM, **{'video-kbps': 1500, 'audio-kbps': 192}),
        destinations=[{'id': 'face', 'title': 'Face', 'service': 'facebook', 'url': nginx.url() + '/face'},
                      {'id': 'own', 'title': 'Own', 'url': nginx.url() + '/own'}])
    show = Regie(stage, event, go_live=False)
    show.wait_for_actions()
    before = show.wait_for(lambda status: True, 'a status')
    tap.check('Facebook limits the picture to 1 Mbit/s at 360p30.' in before['program']['plan'],
              'what a service takes is said before going live', say(before))
    show.go_live()
    status = show.wait_for_running(7)
    program = status['program']
    tap.check(program['video-kbps'] == 1000 and program['second-kbps'] == 0, 'and is what is encoded',
              f"{program['video-kbps']} kbit/s")
    tap.check(program['encoder'] in ('x264enc', 'openh264enc') or program['encoder-preset'] is None,
              'the encoder is named', f"{program['encoder']} {program['encoder-preset']}")
    tap.check({'vah264enc', 'nvh264enc', 'v4l2h264enc'} <= {tried['name'] for tried in program['encoder-tried']} and
              all(tried['reason'] for tried in program['encoder-tried']),
              'and why no other is taken', f"{program['encoder-tried']}")
    tap.check(show.stop() == 0, 'regie ends well', show.describe())
    nginx.stop()
    for path in nginx.files():
        size = count_bytes(path, 'v')
        seconds = len(packets(path, 'v')) / 30
        tap.check(0.8 < size * 8 / seconds / 1e6 < 1.15, f'{path.name}: 1 Mbit/s came there',
                  f'{size * 8 / seconds / 1e6:.2f} Mbit/s')
        sound_size = count_bytes(path, 'a') * 8 / seconds / 1000
        tap.check(sound_size < 140, f'{path.name}: and 128 kbit/s of sound', f'{sound_size:.0f}')


def count_bytes(path, kind):
    """Of all packets of the stream `v` or `a`."""
    found = probe(path, '-select_streams', kind, '-show_entries', 'packet=size')
    return sum(int(packet['size']) for packet in found['packets'])


def follows_uplink(stage):
    """A slow line: the picture steps down within seconds, comes back, and the recording keeps its own."""
    make_clip(stage.folder / 'green.mp4', GREEN, 440, 60)
    nginx = NginxRtmp(stage)
    line = Narrow(nginx.port)
    event = write_event(
        stage.folder, [{'id': 'green', 'kind': 'uri', 'uri': 'green.mp4'}], program=PROGRAM,
        recording={'folder': 'recordings', 'video-kbps': 5000},
        destinations=[{'id': 'tube', 'title': 'Tube', 'url': line.url() + '/tube'}])
    show = Regie(stage, event, go_live=False)
    show.go_live()
    status = show.wait_for_running(3)
    tap.check(status['program']['video-kbps'] == 3000 and status['program']['recording-kbps'] == 5000,
              'the recording has an encode of its own', say(status))
    line.kbps = 1300
    began = time.monotonic()
    status = show.wait_for(lambda status: status['program']['video-kbps'] < 1300, 'a smaller picture', 15)
    took_s = time.monotonic() - began
    tap.check(within(took_s, 12), 'a slow line makes the picture smaller within seconds',
              f"{took_s:.1f} s: {status['program']['video-kbps']} kbit/s")
    tap.check('“Tube” is too slow' in say(status) and 'recording is not affected' in say(status),
              'and that is said, with what it means for the recording', say(status))
    low = status['program']['video-kbps']
    line.kbps = 0
    status = show.wait_for(lambda status: status['program']['video-kbps'] > low, 'a better picture again', 40)
    tap.check(status['program']['video-kbps'] <= low * 1.2, 'it comes back gently once the line is good',
              f"{low} → {status['program']['video-kbps']} kbit/s")
    tap.check(destination(status, 'tube')['reconnects'] == 0, 'without being connected anew')
    tap.check(within(n_lost_frames(status), 0, 15), 'and no picture was lost', f"{status['program']}")
    path = pathlib.Path(status['recording']['path'])
    tap.check(show.stop() == 0, 'regie ends well', show.describe())
    line.close()
    nginx.stop()
    pictures = packets(path, 'v')
    rate = count_bytes(path, 'v') * 8 / (len(pictures) / 30) / 1e6
    tap.check(4 < rate < 5.8, 'the recording kept its 5 Mbit/s', f'{rate:.2f} Mbit/s')
    tap.check(not gaps([packet.time for packet in pictures], 1 / 30, 0.004), 'without a gap')


def one_of_several(stage):
    """Of two destinations one is slow: it gets a second picture, and its pause is a pause, too."""
    make_clip(stage.folder / 'green.mp4', GREEN, 440, 60)
    nginx = NginxRtmp(stage)
    line = Narrow(nginx.port)
    event = write_event(
        stage.folder, [{'id': 'green', 'kind': 'uri', 'uri': 'green.mp4'}], program=PROGRAM,
        destinations=[{'id': 'slow', 'title': 'Slow', 'url': line.url() + '/slow'},
                      {'id': 'good', 'title': 'Good', 'url': nginx.url() + '/good'}])
    show = Regie(stage, event, go_live=False)
    show.go_live()
    show.wait_for_running(3)
    line.kbps = 1500
    status = show.wait_for(lambda status: status['program']['second-kbps'] > 0, 'a second picture', 20)
    tap.check(status['program']['video-kbps'] == 3000 and status['program']['second-kbps'] < 3000 and
              'the others lose nothing' in say(status), 'one slow destination of two gets a picture of its own',
              say(status))
    status = show.wait_for(lambda status: destination(status, 'slow')['state'] == 'live' and
                           status['program']['second-kbps'] < 1500, 'the slow one live again', 25)
    tap.check(status['program']['video-kbps'] == 3000 and destination(status, 'good')['reconnects'] == 0,
              'the other one keeps the whole', f"{status['program']['video-kbps']}")
    show.wait_for_running(6)
    show.action('pause')
    show.wait_for(lambda status: status['program']['paused'], 'the pause')
    status = show.wait_for_running(8)
    tap.check(destination(status, 'slow')['state'] == 'live', 'the slow one stays live')
    tap.check(within(n_lost_frames(status), 0, 15), 'no picture was lost', f"{status['program']}")
    tap.check(show.stop() == 0, 'regie ends well', show.describe())
    line.close()
    nginx.stop()
    slow = [path for path in nginx.files() if path.name.startswith('slow')][-1]
    good = [path for path in nginx.files() if path.name.startswith('good')]
    tap.check(len(good) == 1, 'the other one was never interrupted', f'{good}')
    for path in (slow, good[0]):
        pictures = frames(path, 16, 9, 'rgb24')
        green = [frame for frame in pictures if is_green(frame)]
        hidden = [frame for frame in pictures[-30:] if not is_green(frame)]
        tap.check(len(green) > 60 and len(hidden) == 30, f'{path.name}: shows the program, then the pause',
                  f'{len(green)} green of {len(pictures)}, {len(hidden)} of the last 30 are not')


def chip_fails(stage):
    """The best encoder that passes its trial is taken; when it fails on air, software goes on."""
    make_clip(stage.folder / 'green.mp4', GREEN, 440, 60)
    registry = stage.folder / 'registry.bin'
    if pathlib.Path(stage.environment['GST_REGISTRY']).exists():
        shutil.copy(stage.environment['GST_REGISTRY'], registry)
    stage.environment.update(GST_REGISTRY=str(registry), GST_PLUGIN_PATH=os.environ['REGIE_TEST_PLUGINS'])
    nginx = NginxRtmp(stage)
    event = write_event(
        stage.folder, [{'id': 'green', 'kind': 'uri', 'uri': 'green.mp4'}], program=PROGRAM,
        destinations=[{'id': 'tube', 'title': 'Tube', 'url': nginx.url() + '/tube'}])
    show = Regie(stage, event, go_live=False)
    status = show.wait_for(lambda status: status['program']['encoder'] == 'v4l2h264enc', 'the trials', 60)
    reasons = {tried['name']: tried['reason'] for tried in status['program']['encoder-tried']}
    tap.check('crashes' in reasons['vah264enc'] and 'hangs' in reasons['vah264lpenc'] and
              'keyframe' in reasons['vaapih264enc'], 'drivers that crash, hang or disobey are refused', f'{reasons}')
    show.go_live()
    status = show.wait_for(lambda status: status['program']['encoder'] == 'x264enc', 'software', 30)
    reasons = {tried['name']: tried['reason'] for tried in status['program']['encoder-tried']}
    tap.check('gone away' in reasons['v4l2h264enc'], 'one that fails on air is replaced', f'{reasons}')
    status = show.wait_for_running(6)
    tap.check(destination(status, 'tube')['state'] == 'live' and destination(status, 'tube')['reconnects'] == 0 and
              is_recording(status), 'the show goes on', f"{status['destinations']} {status['recording']}")
    # No file can have two formats while it grows.
    tap.check(len(status['recording']['parts']) == 2, 'the recording in another file',
              f"{status['recording']['parts']}")
    tap.check(show.stop() == 0, 'regie ends well', show.describe())
    nginx.stop()
    parts = sorted(pathlib.Path(stage.folder / 'recordings').glob('*.mp4'))
    tap.check(len(parts) == 1, 'which are one at the end', f'{[path.name for path in parts]}')
    for name, paths in (('the destination', nginx.files()), ('the recording', parts)):
        seen = [frame for path in paths for frame in frames(path, 16, 9, 'rgb24')]
        n = len([frame for frame in seen if is_green(frame)])
        longest = max(after.time - before.time for before, after in zip(seen, seen[1:]))
        tap.check(n == len(seen) > 30 * 8 and longest < GAP_S, f'{name} has what was before and after',
                  f'{n} of {len(seen)} pictures in {[path.name for path in paths]}, the longest gap is {longest:.3f} s')


def is_green(frame):
    return is_colour(colour_at(frame, 16, 8, 4), GREEN, 70)


tap.run(plan_applied, follows_uplink, one_of_several, chip_fails)

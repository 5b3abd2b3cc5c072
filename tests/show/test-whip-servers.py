#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""WHIP servers with ways of their own: Janus, some that take no H.264, one that is busy, one that goes mute."""
import http.server
import json
import subprocess
import threading
import time

from regie_eyevinn import EyevinnWhip, own_address
from regie_janus import Janus, JanusWhip
from regie_pace import within
from regie_servers import wait_for_port
from regie_testing import (
    RED, TESTS, Regie, Sound, colour_at, destination, frames, free_port, is_colour, make_clip, streams, tap,
    wait_until, write_event, write_secrets)

TOKEN = 'Very-Secret-Token'
TONE_HZ = 440
PAUSE_S = 3
FORWARD_S = 5


def play_to(stage, url):
    make_clip(stage.folder / 'clip.mp4', RED, TONE_HZ, 40)
    event = write_event(stage.folder, [{'id': 'clip', 'kind': 'uri', 'uri': 'clip.mp4'}],
                        destinations=[{'id': 'whip', 'kind': 'whip', 'url': url, 'key': 'keyring'}])
    return Regie(stage, event, secrets=write_secrets(stage.folder, {'whip': TOKEN}))


def vp8(stage):
    """Eyevinn's endpoint takes no H.264: picture and sound arrive all the same."""
    server = EyevinnWhip(stage, TOKEN)
    show = play_to(stage, server.url())
    show.wait_for_live()
    wait_until(lambda: len(server.seen('video')) > 120, '120 pictures at the server', 30)
    ended = time.monotonic()
    code = show.stop()
    took = time.monotonic() - ended
    pictures, sound = server.seen('video'), server.seen('audio')
    # RED as luma and chroma; the first pictures may be coarse.
    seen = [p for p in pictures[30:] if abs(p['y'] - 72) < 14 and abs(p['u'] - 103) < 14 and abs(p['v'] - 204) < 16]
    tap.check(len(seen) > 0.95 * len(pictures[30:]) and (pictures[-1]['width'], pictures[-1]['height']) == (640, 360),
              'the picture arrives as VP8',
              f'{len(pictures)} pictures, {len(seen)} of {len(pictures[30:])} of the right colour, last: {pictures[-1]}')
    heard = [s for s in sound if s['peak'] > 1000 and abs(s['hz'] - TONE_HZ) < 60]
    tap.check(len(heard) > 200, 'and the sound', f'{len(heard)} of {len(sound)} pieces of 10 ms')
    tap.check(code == 0 and within(took, 2) and len(server.seen('end')) == 2,
              'both sessions are deleted, and the end comes within 2 s', f"{took:.2f} s, {len(server.seen('end'))} ends")
    tap.check(any('VP8' in line for line in show.stderr), 'that the picture is encoded once more is said')
    tap.check(TOKEN not in ''.join(show.stderr), 'the token is in no log')


def seen_by_janus(stage, codec, least_rate, without=None):
    """What Janus forwards of a show is what was sent; returns the endpoint and what Régie said."""
    server = Janus(stage)
    front = JanusWhip(server, TOKEN, without)
    show = play_to(stage, front.url())
    show.wait_for_live()
    process, path = server.forward(*front.wait_for_publisher(), codec, FORWARD_S)
    process.wait(FORWARD_S + 15)
    code = show.stop()
    tap.check(code == 0 and front.said[-1] == ('DELETE', 200) and not server.publishers(),
              'the session is deleted, and nobody publishes any more', f'{front.said} {server.publishers()}')
    front.close()
    arrived = {stream['codec_name'] for stream in streams(path)}
    tap.check(arrived == {'opus', codec.lower()}, f'{codec} and Opus arrive', f'{arrived}')
    pictures = frames(path, 16, 9, 'rgb24')
    rate = (len(pictures) - 1) / (pictures[-1].time - pictures[0].time)
    red = [picture for picture in pictures if is_colour(colour_at(picture, 16, 8, 4), RED, 60)]
    tap.check(len(red) == len(pictures) > 2 * least_rate and least_rate < rate < 31,
              'every picture is decoded and of the right colour',
              f'{len(red)} of {len(pictures)}, {rate:.2f} a second')
    tones = [level for _, level in Sound(path).tones(TONE_HZ, 0.1)][5:]
    tap.check(len(tones) > 20 and min(tones) > 0.1, 'the tone is heard all the time',
              f'{len(tones)} pieces, the faintest {min(tones):.3f}')
    tap.check(TOKEN not in ''.join(show.stderr), 'the token is in no log')
    return front, show


def janus(stage):
    """Janus gets the show's own H.264, and Opus."""
    front, _ = seen_by_janus(stage, 'H264', 29)
    tap.check(front.said == [('POST', 201), ('DELETE', 200)], 'one session, and no more', f'{front.said}')


def refuses_h264(stage):
    """A server that refuses H.264 by its status (415) is offered VP8 at once."""
    # What is encoded once more leaves pictures out on a busy machine.
    front, show = seen_by_janus(stage, 'VP8', 20, 'H264')
    tap.check(front.said == [('POST', 415), ('POST', 201), ('DELETE', 200)], 'the second offer is taken',
              f'{front.said}')
    tap.check(any('VP8' in line for line in show.stderr), 'that the picture is encoded once more is said')


class Busy(http.server.BaseHTTPRequestHandler):
    """Has too much to do."""

    posts = []

    def log_message(self, *_):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers.get('Content-Length') or 0))
        self.posts.append(time.monotonic())
        self.send_response(503)
        self.send_header('Retry-After', str(PAUSE_S))
        self.send_header('Content-Length', '0')
        self.end_headers()


def busy(stage):
    """A server that asks for a pause gets it, though Régie would try again sooner by itself."""
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Busy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    show = play_to(stage, f'http://127.0.0.1:{server.server_port}/whip')
    status = show.wait_for(lambda s: destination(s, 'whip')['state'] == 'waiting', 'the refusal')
    tap.check(destination(status, 'whip')['error-code'] == 'busy', 'that it is busy is said',
              destination(status, 'whip')['error'])
    wait_until(lambda: len(Busy.posts) > 1, 'the next try', 20)
    pause = Busy.posts[1] - Busy.posts[0]
    tap.check(PAUSE_S <= pause < PAUSE_S + 5, 'it is left alone for as long as it wants', f'{pause:.2f} s')
    show.stop()
    server.shutdown()


def mute(stage):
    """A server that says yes and then never exchanges keys is given up, told so, and asked again."""
    own_address()
    port, path = free_port(), stage.folder / 'mute'
    with open(path, 'w') as output:
        process = stage.start(['/usr/bin/python3', TESTS / 'show' / 'whip-mute-server.py', port, TOKEN],
                              stdout=output, stderr=subprocess.DEVNULL)
    wait_for_port(port, process)

    def requests(method):
        said = [json.loads(line) for line in path.read_text().splitlines() if line.endswith('}')]
        return [r for r in said if r['event'] == 'request' and r['method'] == method and r['status'] < 300]
    show = play_to(stage, f'http://127.0.0.1:{port}/whip')
    wait_until(lambda: requests('POST'), 'the first session', 20)
    # It waits for half a second only: what it says of it stays until it is connected.
    status = show.wait_for(lambda s: destination(s, 'whip')['error-code'] is not None, 'giving up', 15)
    tap.check(destination(status, 'whip')['error-code'] == 'not-found', 'that no way was found is said',
              destination(status, 'whip')['error'])
    wait_until(lambda: len(requests('POST')) > 1, 'the next session', 10)
    tap.check(len(requests('DELETE')) == 1, 'the session that came to nothing is deleted')
    show.stop()


tap.run(janus, refuses_h264, vp8, busy, mute)

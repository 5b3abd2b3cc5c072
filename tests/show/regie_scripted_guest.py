# SPDX-License-Identifier: GPL-3.0-or-later
"""A guest without a browser, made of aiortc: he speaks the page's language to Régie, shows one colour
and whistles one tone.

As a program it writes a line of JSON for whatever happens, and takes commands, a line of JSON each:

    regie_scripted_guest.py LINK HZ RED,GREEN,BLUE [HZ-TO-LISTEN-FOR,… [VISITS]]

    {"do": "place", "place": "ready"}   {"do": "join"}   {"do": "leave"}   {"do": "send", "message": {…}}
    {"do": "garble", "on": true}   from now on his picture is nonsense

With a number of visits he needs no commands: so many times he comes, is there until he has seen and heard
the show, and leaves.
"""
import asyncio
import fractions
import json
import math
import os
import subprocess
import sys
import threading
import time
import urllib.parse

RATE, PIECE, FPS, SIZE = 48000, 960, 20, (320, 180)


def say(**what):
    print(json.dumps(what), flush=True)


def level_db(samples, hz):
    """Of a tone in a piece of sound, in dB below full scale; a Hann window keeps others out."""
    import numpy  # pylint: disable=import-outside-toplevel
    window = numpy.hanning(len(samples))
    turn = numpy.exp(-2j * math.pi * hz / RATE * numpy.arange(len(samples)))
    return 20 * math.log10(max(2 * abs((samples * window * turn).sum()) / window.sum(), 1e-9))


def make_tracks(hz, colour):
    import av  # pylint: disable=import-outside-toplevel
    import numpy  # pylint: disable=import-outside-toplevel
    from aiortc import MediaStreamTrack  # pylint: disable=import-outside-toplevel

    class Paced(MediaStreamTrack):
        """A frame whenever it is due."""

        def __init__(self, period_s):
            super().__init__()
            self.period_s, self.count, self.began = period_s, 0, time.monotonic()

        async def due(self):
            self.count += 1
            await asyncio.sleep(max(0, self.began + self.count * self.period_s - time.monotonic()))
            return self.count - 1

    class Whistle(Paced):
        kind = 'audio'

        async def recv(self):
            n = await self.due()
            t = (n * PIECE + numpy.arange(PIECE)) / RATE
            mono = (numpy.sin(2 * math.pi * hz * t) * 8192).astype(numpy.int16)
            frame = av.AudioFrame.from_ndarray(numpy.repeat(mono, 2).reshape(1, -1), format='s16', layout='stereo')
            frame.sample_rate, frame.pts, frame.time_base = RATE, n * PIECE, fractions.Fraction(1, RATE)
            return frame

    class Picture(Paced):
        kind = 'video'

        async def recv(self):
            n = await self.due()
            picture = numpy.empty((SIZE[1], SIZE[0], 3), numpy.uint8)
            picture[:] = colour
            picture[-20:-10, n * 8 % SIZE[0]:n * 8 % SIZE[0] + 16] = 255
            frame = av.VideoFrame.from_ndarray(picture, format='rgb24')
            frame.pts, frame.time_base = n * (90000 // FPS), fractions.Fraction(1, 90000)
            return frame

    return Whistle(PIECE / RATE), Picture(1 / FPS)


class Garbler:
    """Between an encoder and the network: what comes out looks like VP8 only at first sight."""

    def __init__(self, encoder):
        self.encoder, self.on = encoder, False

    def encode(self, frame, force_keyframe=False):
        payloads, timestamp = self.encoder.encode(frame, force_keyframe)
        if self.on:
            payloads = [payload[:8] + os.urandom(max(len(payload) - 8, 200)) for payload in payloads]
        return payloads, timestamp

    def __getattr__(self, name):
        return getattr(self.encoder, name)


class Guest:
    """One link, one line, one connection at a time."""

    def __init__(self, link, hz, colour, ears):
        parts = urllib.parse.urlsplit(link)
        self.token = parts.fragment
        self.origin = f'{parts.scheme}://{parts.netloc}'
        self.line = f'{"wss" if parts.scheme == "https" else "ws"}://{parts.netloc}/signal'
        self.hz, self.colour, self.ears = hz, colour, ears
        self.socket = self.peer = None
        self.place = 'following'
        self.joined = 0.0
        self.over = asyncio.Event()
        self.welcome, self.seen, self.heard = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def send(self, kind, **what):
        await self.socket.send(json.dumps({'type': kind, **what}))

    async def live(self, visits=False):
        import websockets  # pylint: disable=import-outside-toplevel
        async with websockets.connect(self.line, origin=self.origin, ping_interval=None) as self.socket:
            tasks = [asyncio.ensure_future(work()) for work in (self.listen, self.visit if visits else self.obey, self.ping)]
            await self.send('hello', token=self.token, language='en')
            await self.over.wait()
            for task in tasks:
                task.cancel()
            await self.hang_up()

    async def ping(self):
        for number in range(1 << 30):
            await asyncio.sleep(3)
            await self.send('ping', id=number)

    async def listen(self):
        import websockets  # pylint: disable=import-outside-toplevel
        try:
            async for text in self.socket:
                message = json.loads(text)
                if message['type'] not in ('pong', 'offer', 'candidate'):
                    say(event='message', type=message['type'], message=message)
                if message['type'] == 'welcome':
                    self.welcome.set()
                if message['type'] == 'offer':
                    await self.answer(message['sdp'])
                elif message['type'] == 'candidate' and self.peer is not None:
                    await self.add_candidate(message)
                elif message['type'] == 'bye':
                    break
        except websockets.ConnectionClosed:
            pass
        except Exception as error:  # pylint: disable=broad-except
            say(event='error', error=f'{type(error).__name__}: {error}')
        say(event='closed')
        self.over.set()

    async def obey(self):
        reader = asyncio.StreamReader()
        await asyncio.get_event_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        async for line in reader:
            command = json.loads(line)
            if command['do'] == 'place':
                self.place = command['place']
                await self.send('place', place=self.place)
            elif command['do'] == 'join':
                self.joined = time.monotonic()
                await self.send('join', channel='main')
            elif command['do'] == 'send':
                await self.send(**{'kind' if key == 'type' else key: value for key, value in command['message'].items()})
            elif command['do'] == 'garble':
                self.garble(command['on'])
            elif command['do'] == 'leave':
                await self.send('leave')
                await self.socket.close()
        self.over.set()

    def garble(self, on):
        for sender in self.peer.getSenders():
            if sender.kind == 'video':
                if not isinstance(sender._RTCRtpSender__encoder, Garbler):
                    sender._RTCRtpSender__encoder = Garbler(sender._RTCRtpSender__encoder)
                sender._RTCRtpSender__encoder.on = on

    async def visit(self):
        await self.welcome.wait()
        self.place, self.joined = 'ready', time.monotonic()
        await self.send('place', place=self.place)
        await self.send('join', channel='main')
        try:
            await asyncio.wait_for(asyncio.gather(self.seen.wait(), self.heard.wait()), 20)
            say(event='visited', after_ms=round(1000 * (time.monotonic() - self.joined)))
        except asyncio.TimeoutError:
            say(event='error', error=f'seen: {self.seen.is_set()}, heard: {self.heard.is_set()}')
        await self.send('leave')
        self.over.set()

    async def hang_up(self):
        if self.peer is not None:
            peer, self.peer = self.peer, None
            await peer.close()

    async def add_candidate(self, message):
        from aiortc.sdp import candidate_from_sdp  # pylint: disable=import-outside-toplevel
        text = message['candidate'].removeprefix('a=').removeprefix('candidate:')
        if not text or 'tcptype' in text:
            return
        candidate = candidate_from_sdp(text)
        candidate.sdpMLineIndex, candidate.sdpMid = message['index'], None
        await self.peer.addIceCandidate(candidate)

    async def answer(self, sdp):
        from aiortc import RTCPeerConnection, RTCSessionDescription  # pylint: disable=import-outside-toplevel
        await self.hang_up()
        peer = self.peer = RTCPeerConnection()

        @peer.on('track')
        def on_track(track):
            asyncio.ensure_future(self.watch(track) if track.kind == 'video' else self.hear(track))

        @peer.on('connectionstatechange')
        def on_state():
            say(event='state', state=peer.connectionState, after_ms=round(1000 * (time.monotonic() - self.joined)))

        await peer.setRemoteDescription(RTCSessionDescription(sdp=sdp, type='offer'))
        if self.place != 'following':
            for track in make_tracks(self.hz, self.colour):
                peer.addTrack(track)
        await peer.setLocalDescription(await peer.createAnswer())
        await self.send('answer', channel='main', sdp=peer.localDescription.sdp)

    async def watch(self, track):
        count, until = 0, time.monotonic() + 1
        first = True
        while True:
            try:
                frame = await track.recv()
            except Exception:  # pylint: disable=broad-except
                return
            count += 1
            self.seen.set()
            if first:
                say(event='first-picture', after_ms=round(1000 * (time.monotonic() - self.joined)))
                first = False
            if time.monotonic() > until:
                small = frame.reformat(32, 18, 'rgb24').to_ndarray()
                say(event='video', pictures=count, width=frame.width, height=frame.height,
                    colour=[int(value) for value in small[4:12, 12:20].mean(axis=(0, 1))])
                count, until = 0, time.monotonic() + 1

    async def hear(self, track):
        import numpy  # pylint: disable=import-outside-toplevel
        pieces = []
        while True:
            try:
                frame = await track.recv()
            except Exception:  # pylint: disable=broad-except
                return
            self.heard.set()
            pieces.append(frame.to_ndarray().reshape(-1)[::len(frame.layout.channels)])
            if sum(len(piece) for piece in pieces) >= RATE:
                samples = numpy.concatenate(pieces).astype('float') / 32768
                pieces_of_50_ms = samples[:len(samples) // 2400 * 2400].reshape(-1, 2400)
                say(event='audio', levels={str(hz): round(level_db(samples, hz), 1) for hz in self.ears},
                    heard={str(hz): round(sorted(level_db(piece, hz) for piece in pieces_of_50_ms)[-5], 1)
                           for hz in self.ears})
                pieces = []


def main():
    values = (sys.argv[1], int(sys.argv[2]), [int(word) for word in sys.argv[3].split(',')],
              [int(word) for word in sys.argv[4].split(',')] if sys.argv[4:] and sys.argv[4] else [])
    n_visits = int(sys.argv[5]) if sys.argv[5:] else 0

    async def live():
        for _ in range(n_visits or 1):
            await Guest(*values).live(n_visits > 0)
    asyncio.run(live())


if __name__ == '__main__':
    main()


class ScriptedGuest:
    """The program above as a process of a test's stage."""

    def __init__(self, stage, link, hz=1000, colour=(30, 160, 30), ears=(), prefix=(), visits=0):
        from regie_testing import wait_until  # pylint: disable=import-outside-toplevel
        self.wait_until = wait_until
        self.said = []
        self.log = open(stage.folder / f'scripted-{hz}-{time.monotonic_ns()}.log', 'wb')
        self.process = stage.start(
            [*prefix, '/usr/bin/python3', __file__, link, str(hz), ','.join(str(c) for c in colour),
             ','.join(str(hz) for hz in ears), *([str(visits)] if visits else [])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.said.append(dict(json.loads(line), at=time.monotonic()))

    def do(self, what, **more):
        self.process.stdin.write(json.dumps({'do': what, **more}) + '\n')
        self.process.stdin.flush()

    def send(self, **message):
        self.do('send', message=message)

    def all(self, event, since=0.0, **more):
        return [said for said in list(self.said) if said['event'] == event and said['at'] >= since and
                all(said.get(key) == value for key, value in more.items())]

    def wait_for(self, event, timeout_s=20, since=0.0, **more):
        try:
            return self.wait_until(lambda: self.all(event, since, **more), f'{event} {more}', timeout_s)[-1]
        except Exception as failure:
            raise type(failure)(f'{failure}; said last: {[s for s in self.said if s["event"] != "audio"][-4:]}') from None

    def arrive(self, place='ready', timeout_s=20):
        """Says hello, joins, and waits until he is connected."""
        self.wait_for('message', timeout_s, type='welcome')
        since = time.monotonic()
        self.do('place', place=place)
        self.do('join')
        return self.wait_for('state', timeout_s, since, state='connected')

    def leave(self):
        self.do('leave')
        self.process.stdin.close()
        self.process.wait(10)

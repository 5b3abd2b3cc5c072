# SPDX-License-Identifier: GPL-3.0-or-later
"""A WHIP endpoint (RFC 9725) made of aiortc, which says what it sees and hears.

As a program it serves until it is ended, and writes a line of JSON for each request, each decoded
picture and each decoded piece of sound:

    regie_whip.py PORT TOKEN [REFUSE_KEYFRAMES]

Times are those of the sender's clock, as RTCP sender reports relate them to RTP's: of picture and
sound, so that they can be compared.
"""
import asyncio
import json
import sys
import threading
import time

from regie_pace import PATIENCE

TOKEN_REFUSED, CREATED = 401, 201


def say(**what):
    print(json.dumps(what), flush=True)


class Endpoint:
    """POST /moved → 307 to /whip; POST /whip → 201; DELETE /session/N."""

    def __init__(self, port, token):
        self.port, self.token = port, token
        self.peers = {}
        self.reports = {}  # kind → (NTP time in s, RTP time)

    # -- HTTP

    async def serve(self):
        server = await asyncio.start_server(self.handle, '127.0.0.1', self.port)
        say(event='ready')
        async with server:
            await server.serve_forever()

    async def handle(self, reader, writer):
        try:
            await self.answer(reader, writer)
        except Exception as error:  # pylint: disable=broad-except
            say(event='error', error=f'{type(error).__name__}: {error}')
        finally:
            writer.close()

    async def answer(self, reader, writer):
        head = (await reader.readuntil(b'\r\n\r\n')).decode()
        request, *lines = head.split('\r\n')
        method, path, _ = request.split(' ')
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(':') for line in lines if line)}
        body = (await reader.readexactly(int(headers.get('content-length', 0)))).decode()
        status, extra, reply = await self.act(method, path, headers, body)
        say(event='request', method=method, path=path, status=status, bearer='authorization' in headers)
        text = reply.encode()
        writer.write((f'HTTP/1.1 {status} X\r\nContent-Length: {len(text)}\r\nConnection: close\r\n' +
                      ''.join(f'{name}: {value}\r\n' for name, value in extra) + '\r\n').encode() + text)
        await writer.drain()

    async def act(self, method, path, headers, body):
        if method == 'POST' and path == '/moved':
            return 307, [('Location', '/whip')], ''
        if headers.get('authorization') != f'Bearer {self.token}':
            return TOKEN_REFUSED, [], ''
        if method == 'POST' and path == '/whip':
            number = len(self.peers) + 1
            sdp = await self.take(number, body)
            return CREATED, [('Content-Type', 'application/sdp'), ('Location', f'session/{number}'), ('ETag', '"1"'),
                             ('Link', '<stun:127.0.0.1:9>; rel="ice-server"')], sdp
        if method == 'DELETE' and path.startswith('/session/'):
            peer = self.peers.pop(int(path.rsplit('/', 1)[1]), None)
            if peer is None:
                return 404, [], ''
            await peer.close()
            return 200, [], ''
        return 405, [], ''

    # -- WebRTC

    async def take(self, number, sdp):
        from aiortc import RTCPeerConnection, RTCSessionDescription  # pylint: disable=import-outside-toplevel
        say(event='offer', sdp=sdp)
        peer = RTCPeerConnection()
        self.peers[number] = peer

        @peer.on('track')
        def on_track(track):
            asyncio.ensure_future(self.watch(number, track))

        @peer.on('connectionstatechange')
        def on_state():
            say(event='state', number=number, state=peer.connectionState)

        await peer.setRemoteDescription(RTCSessionDescription(sdp=sdp, type='offer'))
        await peer.setLocalDescription(await peer.createAnswer())
        return peer.localDescription.sdp

    def to_sender_time(self, kind, rtp_time, rate):
        if kind not in self.reports:
            return None
        ntp_s, rtp = self.reports[kind]
        return ntp_s + ((rtp_time - rtp + (1 << 31)) % (1 << 32) - (1 << 31)) / rate

    async def watch(self, number, track):
        while True:
            try:
                frame = await track.recv()
            except Exception:  # pylint: disable=broad-except
                return  # aiortc says so at the end
            if track.kind == 'video':
                small = frame.reformat(32, 18, 'rgb24').to_ndarray()
                say(event='video', number=number, time=self.to_sender_time('video', frame.pts, 90000),
                    colour=[int(value) for value in small.mean(axis=(0, 1))], width=frame.width, height=frame.height)
            else:
                samples = frame.to_ndarray().astype('float') / 32768
                # The loudest millisecond by the time at which it begins.
                loud = abs(samples.reshape(-1)[::2])
                where = [i for i in range(0, len(loud) - 48, 48) if loud[i:i + 48].max() > 0.1]
                time_s = self.to_sender_time('audio', frame.pts, frame.sample_rate)
                say(event='audio', number=number, time=time_s, loud=round(float(loud.max()), 3),
                    onset=None if time_s is None or not where else time_s + where[0] / frame.sample_rate)


def teach(endpoint):
    """RTP times stay as they came, and sender reports are kept."""
    from aiortc import rtcrtpreceiver  # pylint: disable=import-outside-toplevel
    from aiortc.rtp import RtcpSrPacket  # pylint: disable=import-outside-toplevel
    rtcrtpreceiver.TimestampMapper.map = lambda self, timestamp: timestamp
    before = rtcrtpreceiver.RTCRtpReceiver._handle_rtcp_packet

    def handle(self, packet):
        result = before(self, packet)
        if isinstance(packet, RtcpSrPacket):
            info = packet.sender_info
            endpoint.reports[self._RTCRtpReceiver__kind] = (info.ntp_timestamp / (1 << 32), info.rtp_timestamp)
        return result
    rtcrtpreceiver.RTCRtpReceiver._handle_rtcp_packet = handle


def main():
    endpoint = Endpoint(int(sys.argv[1]), sys.argv[2])
    teach(endpoint)
    asyncio.run(endpoint.serve())


if __name__ == '__main__':
    main()


class WhipServer:
    """The program above as a process of a test's stage."""

    def __init__(self, stage, port, token='t0ken'):
        self.stage, self.port, self.token = stage, port, token
        self.said = []
        self.changed = threading.Condition()
        self.process = None
        self.start()

    def start(self):
        import subprocess  # pylint: disable=import-outside-toplevel
        self.process = self.stage.start([sys.executable, __file__, str(self.port), self.token],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()
        self.wait_for(lambda said: said['event'] == 'ready', 'the WHIP endpoint', 15)

    def url(self, path='whip'):
        return f'http://127.0.0.1:{self.port}/{path}'

    def _read(self, pipe):
        for line in pipe:
            with self.changed:
                self.said.append(dict(json.loads(line), at=time.monotonic()))
                self.changed.notify_all()

    def all(self, event):
        with self.changed:
            return [said for said in self.said if said['event'] == event]

    def forget(self):
        with self.changed:
            self.said.clear()

    def wait_for(self, condition, what, timeout_s=20):
        end = time.monotonic() + timeout_s * PATIENCE
        with self.changed:
            while True:
                for said in self.said:
                    if condition(said):
                        return said
                if time.monotonic() > end:
                    last = [said for said in self.said if said['event'] not in ('video', 'audio')][-5:]
                    raise RuntimeError(f'waited {timeout_s} s in vain for: {what}; last: {last}')
                self.changed.wait(0.2)

    def kill(self):
        self.process.kill()
        self.process.wait()

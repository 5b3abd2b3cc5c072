# SPDX-License-Identifier: GPL-3.0-or-later
"""WHIP and WHEP from the other side, made of aiortc: who publishes to a show, and who has pictures for it.

As a program:

    regie_whep.py publish URL TOKEN HZ RED,GREEN,BLUE   POSTs an offer, DELETEs at the end of its input
    regie_whep.py serve PORT TOKEN HZ RED,GREEN,BLUE    answers offers at /whep, with 201
"""
import asyncio
import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from regie_scripted_guest import make_tracks, say
from regie_whip import Endpoint


def request(method, url, token, body=None):
    """Returns status, address of the session, and what was answered."""
    headers = {'Authorization': f'Bearer {token}'} if token else {}
    headers.update({'Content-Type': 'application/sdp'} if body is not None else {})
    asked = urllib.request.Request(url, None if body is None else body.encode(), headers, method=method)
    try:
        reply = urllib.request.urlopen(asked, timeout=20)
    except urllib.error.HTTPError as error:
        reply = error
    with reply:
        location = reply.headers.get('Location')
        return reply.status, urllib.parse.urljoin(url, location) if location else None, reply.read().decode()


async def publish(url, token, hz, colour):
    from aiortc import RTCPeerConnection, RTCSessionDescription  # pylint: disable=import-outside-toplevel
    peer = RTCPeerConnection()

    @peer.on('connectionstatechange')
    def on_state():
        say(event='state', state=peer.connectionState)

    for track in make_tracks(hz, colour):
        peer.addTransceiver(track, 'sendonly')
    await peer.setLocalDescription(await peer.createOffer())
    loop = asyncio.get_event_loop()
    status, session, answer = await loop.run_in_executor(None, request, 'POST', url, token, peer.localDescription.sdp)
    say(event='posted', status=status, session=session, answer=answer)
    if status == 201:
        await peer.setRemoteDescription(RTCSessionDescription(sdp=answer, type='answer'))
    await loop.run_in_executor(None, sys.stdin.read)
    if session:
        say(event='deleted', status=(await loop.run_in_executor(None, request, 'DELETE', session, token))[0])
    await peer.close()


class WhepEndpoint(Endpoint):
    """As the WHIP endpoint, but it sends."""

    hz, colour = 1000, (30, 160, 30)

    async def act(self, method, path, headers, body):
        return await super().act(method, path.replace('/whep', '/whip'), headers, body)

    async def take(self, number, sdp):
        from aiortc import RTCPeerConnection, RTCSessionDescription  # pylint: disable=import-outside-toplevel
        peer = self.peers[number] = RTCPeerConnection()

        @peer.on('connectionstatechange')
        def on_state():
            say(event='state', number=number, state=peer.connectionState)

        await peer.setRemoteDescription(RTCSessionDescription(sdp=sdp, type='offer'))
        for track in make_tracks(self.hz, self.colour):
            peer.addTrack(track)
        await peer.setLocalDescription(await peer.createAnswer())
        return peer.localDescription.sdp


def main():
    what, where, token, hz = sys.argv[1:5]
    colour = [int(word) for word in sys.argv[5].split(',')]
    if what == 'publish':
        asyncio.run(publish(where, token, int(hz), colour))
    else:
        endpoint = WhepEndpoint(int(where), token)
        endpoint.hz, endpoint.colour = int(hz), colour
        asyncio.run(endpoint.serve())


if __name__ == '__main__':
    main()


class Program:
    """The program above as a process of a test's stage."""

    def __init__(self, stage, what, where, token, hz=1000, colour=(30, 160, 30)):
        from regie_testing import wait_until  # pylint: disable=import-outside-toplevel
        self.wait_until = wait_until
        self.said = []
        self.process = stage.start(
            ['/usr/bin/python3', __file__, what, str(where), token, str(hz), ','.join(str(c) for c in colour)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=open(stage.folder / f'whep-{time.monotonic_ns()}.log', 'wb'), text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def all(self, event, **more):
        return [said for said in list(self.said) if said['event'] == event and
                all(said.get(key) == value for key, value in more.items())]

    def wait_for(self, event, timeout_s=20, **more):
        return self.wait_until(lambda: self.all(event, **more), f'{event} {more}', timeout_s)[-1]

    def end(self):
        self.process.stdin.close()
        self.process.wait(15)

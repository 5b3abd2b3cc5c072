#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A source that is pulled from a relay by WHEP: it comes, goes, and comes back, and only who has the token gets it."""
import asyncio
import json
import os
import subprocess
import sys
import threading
import time

from gi.repository import GLib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from regie_scripted_guest import make_tracks  # noqa: E402
from regie_testing import Regie, free_port, source, tap, wait_until, write_event, write_secrets  # noqa: E402

TOKEN = 'relay-token-of-the-day'
ROOM = {'id': 'room', 'title': 'Room', 'kind': 'drawn'}


# ---------------------------------------------------------------------------------------------
# The relay, a program of its own: regie's offers are answered, or countered


def bundle(sdp):
    """An offer as relays make it: all parts go the way of the first, which aiortc says only in its answers."""
    head, first, *rest = sdp.split('m=')
    same = {line.split(':')[0]: line for line in first.splitlines() if line.startswith('a=ice-')}
    rest = ['\r\n'.join(same.get(line.split(':')[0], line) for line in part.splitlines()
                         if not line.startswith(('a=candidate', 'a=end-of-candidates'))) + '\r\n' for part in rest]
    return 'm='.join([head, first, *rest])


async def serve(port, mode):
    from aiohttp import web
    from aiortc import RTCPeerConnection, RTCSessionDescription
    peers = {}

    def say(**what):
        print(json.dumps(what), flush=True)

    def is_welcome(request):
        return request.headers.get('Authorization') == f'Bearer {TOKEN}'

    async def play(request):
        offer = await request.text()
        say(event='post', welcome=is_welcome(request), candidates='a=candidate' in offer)
        if not is_welcome(request):
            return web.Response(status=401)
        peer = RTCPeerConnection()
        number = len(peers)
        peers[number] = peer
        tracks = make_tracks(1000, (30, 160, 30))
        headers = {'Location': f'/session/{number}'}

        @peer.on('connectionstatechange')
        def on_state():
            say(event='state', number=number, state=peer.connectionState)

        if mode == 'counter':
            for track in tracks:
                peer.addTransceiver(track, direction='sendonly')
            await peer.setLocalDescription(await peer.createOffer())
            return web.Response(status=406, text=bundle(peer.localDescription.sdp), content_type='application/sdp',
                                headers=headers)
        await peer.setRemoteDescription(RTCSessionDescription(sdp=offer, type='offer'))
        for track in tracks:
            peer.addTrack(track)
        await peer.setLocalDescription(await peer.createAnswer())
        return web.Response(status=201, text=peer.localDescription.sdp, content_type='application/sdp', headers=headers)

    async def patch(request):
        peer = peers[int(request.match_info['number'])]
        say(event='patch', welcome=is_welcome(request), type=request.content_type)
        await peer.setRemoteDescription(RTCSessionDescription(sdp=await request.text(), type='answer'))
        return web.Response(status=204)

    async def delete(request):
        say(event='delete', number=int(request.match_info['number']), welcome=is_welcome(request))
        peer = peers.get(int(request.match_info['number']))
        if peer is not None:
            await peer.close()
        return web.Response()

    application = web.Application()
    application.router.add_post('/whep', play)
    application.router.add_patch('/session/{number}', patch)
    application.router.add_delete('/session/{number}', delete)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, '127.0.0.1', port).start()
    say(event='ready')
    await asyncio.Event().wait()


class Relay:
    """It as a process of the stage."""

    def __init__(self, stage, port, mode='answer'):
        self.said = []
        self.log = open(stage.folder / f'relay-{time.monotonic_ns()}.log', 'wb')
        self.process = stage.start(['/usr/bin/python3', __file__, '--relay', port, mode], stdout=subprocess.PIPE,
                                   stderr=self.log, text=True)
        threading.Thread(target=self._read, daemon=True).start()
        self.wait_for('ready')

    def _read(self):
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def wait_for(self, event, **more):
        return wait_until(lambda: next((s for s in list(self.said) if s['event'] == event and
                                        all(s.get(key) == value for key, value in more.items())), None),
                          f'the relay’s “{event}” {more}; it said {self.said[-4:]}')

    def kill(self):
        self.process.kill()
        self.process.wait()


# ---------------------------------------------------------------------------------------------
# Cases


def remote(status):
    return source(status, 'far')['remote']


def is_there(status):
    far = source(status, 'far')
    return far['state'] == 'live' and far['remote']['connected'] and max(far['peak-db']) > -30 and far['remote']['fps']


def start(stage, port, keys):
    event = write_event(stage.folder, [ROOM, {'id': 'far', 'title': 'Far away', 'kind': 'whep',
                                              'uri': f'http://127.0.0.1:{port}/whep',
                                              'sound-settings': {'follows': 'always'}}])
    show = Regie(stage, event, go_live=False, secrets=write_secrets(stage.folder, keys))
    show.wait_for_actions()
    wait_until(lambda: show.status, 'the first status line', 15)
    return show


def test_answer(stage):
    """The relay answers our offer: picture and sound are there, and are let go at the end."""
    port = free_port()
    relay = Relay(stage, port)
    show = start(stage, port, {'whep:far': TOKEN})
    status = show.wait_for(is_there, 'the relay’s picture and sound')
    tap.check((remote(status)['width'], remote(status)['height']) == (320, 180), 'its size is known', remote(status))
    tap.check(relay.said[1] == {'event': 'post', 'welcome': True, 'candidates': True},
              'the offer has the token and all candidates', relay.said)
    tap.check(TOKEN not in json.dumps(status) + ''.join(show.stderr), 'nothing that is printed has the token')
    show.action('take', 'far')
    show.wait_for(lambda s: s['program']['on-air'] == 'far' and max(s['program']['peak-db']) > -30,
                  'it is seen and heard in the program')
    show.action('remove-source', 'far')
    relay.wait_for('delete', welcome=True)
    tap.check(True, 'a source that is removed is let go at the relay')
    show.stop()


def test_counter(stage):
    """A relay that makes the offer itself gets an answer by PATCH."""
    port = free_port()
    relay = Relay(stage, port, 'counter')
    show = start(stage, port, {'whep:far': TOKEN})
    relay.wait_for('patch', welcome=True, type='application/sdp')
    show.wait_for(is_there, 'the relay’s picture and sound')
    tap.check(True, 'picture and sound are there')
    show.stop()
    relay.wait_for('delete', welcome=True)
    tap.check(True, 'it is let go at the end of the show')


def test_comes_back(stage):
    """The relay dies and comes back, and so does the source; the rest goes on."""
    port = free_port()
    relay = Relay(stage, port)
    show = start(stage, port, {'whep:far': TOKEN})
    show.wait_for(is_there, 'the relay’s picture and sound')
    show.action('take', 'far')
    relay.kill()
    status = show.wait_for(lambda s: source(s, 'far')['state'] == 'lost' and remote(s)['retry-s'], 'it is lost')
    tap.check(not remote(status)['connected'] and remote(status)['error'], 'why it is lost is said', remote(status))
    before = show.status['program']
    Relay(stage, port)
    show.wait_for(is_there, 'the source again', 60)
    after = show.status['program']
    tap.check(after['mixed'] > before['mixed'], 'it is back by itself, and the program has gone on')
    show.stop()


def test_token(stage):
    """Without its token nothing comes, and that is said; it is tried again."""
    port = free_port()
    relay = Relay(stage, port)
    show = start(stage, port, {'whep:far': 'another-token'})
    status = show.wait_for(lambda s: remote(s)['error'], 'why nothing comes')
    tap.check('does not accept the token' in remote(status)['error'] and remote(status)['retry-s'] >= 0,
              'the token is refused', remote(status)['error'])
    tap.check('another-token' not in json.dumps(status) + ''.join(show.stderr), 'it is not printed')
    wait_until(lambda: len([s for s in relay.said if s['event'] == 'post']) >= 2, 'another try', 15)
    show.stop()


if __name__ == '__main__':
    if sys.argv[1:2] == ['--relay']:
        asyncio.run(serve(int(sys.argv[2]), sys.argv[3]))
    tap.run(test_answer, test_counter, test_comes_back, test_token)

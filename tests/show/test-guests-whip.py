#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A source that is pushed to Régie by WHIP: by whoever has its address, and by nobody else."""
import asyncio
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from regie_scripted_guest import make_tracks  # noqa: E402
from regie_testing import Regie, free_port, source, tap, wait_until, write_event, write_secrets  # noqa: E402

ROOM = {'id': 'room', 'title': 'Room', 'kind': 'drawn'}


# ---------------------------------------------------------------------------------------------
# What pushes, a program of its own


async def push(address):
    import aiohttp
    from aiortc import RTCPeerConnection, RTCSessionDescription

    def say(**what):
        print(json.dumps(what), flush=True)

    peer = RTCPeerConnection()

    @peer.on('connectionstatechange')
    def on_state():
        say(event='state', state=peer.connectionState)

    for track in make_tracks(1000, (30, 160, 30)):
        peer.addTransceiver(track, direction='sendonly')
    await peer.setLocalDescription(await peer.createOffer())
    async with aiohttp.ClientSession() as session:
        async with session.post(address, data=peer.localDescription.sdp,
                                headers={'Content-Type': 'application/sdp'}) as answer:
            text = await answer.text()
            say(event='answer', status=answer.status, type=answer.content_type,
                location=answer.headers.get('Location'))
        if answer.status != 201:
            return
        await peer.setRemoteDescription(RTCSessionDescription(sdp=text, type='answer'))
        await asyncio.get_event_loop().run_in_executor(None, sys.stdin.readline)
        async with session.delete(urllib.parse.urljoin(address, answer.headers['Location'])) as deleted:
            say(event='deleted', status=deleted.status)
    await peer.close()


class Pusher:
    """It as a process of the stage."""

    def __init__(self, stage, address):
        self.said = []
        self.log = open(stage.folder / f'pusher-{time.monotonic_ns()}.log', 'wb')
        self.process = stage.start(['/usr/bin/python3', __file__, '--push', address], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=self.log, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def wait_for(self, event):
        return wait_until(lambda: next((s for s in list(self.said) if s['event'] == event), None),
                          f'“{event}” of what pushes; it said {self.said[-4:]}')

    def end(self):
        self.process.stdin.write('\n')
        self.process.stdin.flush()


# ---------------------------------------------------------------------------------------------
# Cases


def remote(status):
    return source(status, 'obs')['remote']


def is_there(status):
    obs = source(status, 'obs')
    return obs['state'] == 'live' and remote(status)['connected'] and max(obs['peak-db']) > -30 and remote(status)['fps']


def start(stage, keys=None):
    event = write_event(stage.folder, [ROOM, {'id': 'obs', 'title': 'OBS', 'kind': 'whip',
                                              'sound-settings': {'follows': 'always'}}],
                        guests={'port': free_port()})
    show = Regie(stage, event, go_live=False, secrets=write_secrets(stage.folder, keys or {}))
    show.wait_for_actions()
    show.wait_for(lambda s: 'remote' in source(s, 'obs') and remote(s)['address'], 'its address')
    return show, remote(show.status)['address']


def answer_to(address, method='POST', body=b'v=0\r\n'):
    request = urllib.request.Request(address, data=body if method != 'DELETE' else None, method=method,
                                     headers={'Content-Type': 'application/sdp'})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0  # it was cut off


def test_push(stage):
    """Whoever has the address pushes picture and sound, and lets go again."""
    show, address = start(stage)
    tap.check('/whip/' in address and len(address.rsplit('/', 1)[1]) >= 22, 'the address has a token')
    pusher = Pusher(stage, address)
    answer = pusher.wait_for('answer')
    tap.check(answer['status'] == 201 and answer['type'] == 'application/sdp' and answer['location'],
              'the offer is answered', answer)
    status = show.wait_for(is_there, 'picture and sound')
    tap.check((remote(status)['width'], remote(status)['height']) == (320, 180), 'its size is known', remote(status))
    show.action('take', 'obs')
    show.wait_for(lambda s: s['program']['on-air'] == 'obs' and max(s['program']['peak-db']) > -30,
                  'it is seen and heard in the program')
    pusher.end()
    tap.check(pusher.wait_for('deleted')['status'] == 200, 'it ends by DELETE')
    show.wait_for(lambda s: source(s, 'obs')['state'] != 'live' and not remote(s)['connected'], 'it is gone')
    Pusher(stage, address)
    show.wait_for(is_there, 'it again')
    tap.check(True, 'it can come again to the same address')
    show.stop()


def test_address(stage):
    """A wrong address leads nowhere, a revoked one nowhere any more."""
    show, address = start(stage)
    base, token = address.rsplit('/', 1)
    tap.check(answer_to(f'{base}/{"A" * 27}') in (401, 403, 404), 'nobody gets in with another token')
    tap.check(answer_to(address, body=b'no description') in (400, 406, 415, 422), 'what is no description is refused')
    tap.check(answer_to(address, body=b'v=0\r\n' + b'a' * 200000) in (0, 400, 413), 'what is too long is refused')
    show.wait_for(lambda s: remote(s)['link-state'] == 'kept', 'the address is kept')
    Pusher(stage, address)
    show.wait_for(is_there, 'picture and sound')
    show.action('revoke-guest', 'obs')
    status = show.wait_for(lambda s: remote(s)['link-state'] == 'revoked' and not remote(s)['connected'],
                           'it is revoked, and what came is gone')
    tap.check(remote(status)['address'] is None and token not in json.dumps(status), 'the old address is not printed')
    tap.check(answer_to(address) in (401, 403, 404), 'it leads nowhere any more')
    show.action('renew-guest', 'obs')
    status = show.wait_for(lambda s: remote(s)['address'], 'another address')
    tap.check(remote(status)['address'] != address, 'renewed, it has another address')
    Pusher(stage, remote(status)['address'])
    show.wait_for(is_there, 'picture and sound at the new address')
    show.action('remove-source', 'obs')
    show.wait_for(lambda s: not s['guests']['open'], 'nobody listens any more')
    show.stop()
    tap.check(token not in ''.join(show.stderr), 'no log has the token')


if __name__ == '__main__':
    if sys.argv[1:2] == ['--push']:
        asyncio.run(push(sys.argv[2]))
        sys.exit()
    tap.run(test_push, test_address)

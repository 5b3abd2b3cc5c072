#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A show that follows its tags on the networks: from the wire to the screen, and off it again."""
import json
import os
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'posts'))
from regie_pace import within
from regie_testing import RED, GLib, Regie, make_picture, tap, write_event, write_secrets  # noqa: E402
from standin import FIXTURES, Server  # noqa: E402

TAG = 'NuitSolidaire26'
FIRST = 'mastodon:127.0.0.1:115300000000065536'


class Networks:
    """Mastodon and Bluesky in one; what is sent on is said by the case."""

    def __init__(self):
        self.stream, self.ready = None, threading.Event()
        self.server = Server(self.route)

    def route(self, request, connection):
        if request.path == '/api/v1/streaming/hashtag' and request.token == 'good':
            connection.stream('text/event-stream')
            connection.chunk(b':)\n')
            self.stream = connection
            self.ready.set()
            connection.hold()
        elif request.path.startswith('/api/v1/timelines/'):
            connection.fixture('mastodon/http/timeline-empty.json')
        elif request.path == '/api/v1/streaming/hashtag':
            connection.fixture('mastodon/http/401-invalid-token.json')
        elif request.path == '/subscribe':
            connection.websocket(request)
            for line in (FIXTURES / 'bluesky/firehose-noise.ndjson').read_bytes().splitlines():
                connection.frame(line)
            connection.hold()
        elif request.path.startswith('/xrpc/'):
            connection.fixture('bluesky/http/getProfiles.json')
        else:
            connection.answer(404)

    def send(self, name):
        self.stream.chunk((FIXTURES / 'mastodon' / name).read_bytes())

    def send_event(self, event, data):
        self.stream.chunk(f'event: {event}\ndata: {data}\n\n'.encode())


def start(stage, *options):
    networks = Networks()
    make_picture(stage.folder / 'red.png', RED)
    event = write_event(
        stage.folder, [{'id': 'red', 'title': 'Red', 'kind': 'still', 'picture': 'red.png'}],
        posts={'tags': [TAG], 'networks': [
            {'kind': 'mastodon', 'server': networks.server.http, 'key': 'keyring'},
            {'kind': 'bluesky', 'stream': networks.server.ws, 'profiles': networks.server.http},
            {'kind': 'x', 'server': networks.server.http}]})
    secrets = write_secrets(stage.folder, {'mastodon:127.0.0.1': 'good'})
    show = Regie(stage, event, go_live=False, secrets=secrets, options=options)
    show.wait_for_actions()
    assert networks.ready.wait(20), 'no stream was opened'
    return show, networks


def network(status, title):
    return next(n for n in status['posts']['networks'] if n['title'] == title)


def from_the_wire(stage):
    export = stage.folder / 'posts.json'
    show, networks = start(stage, '--export-posts', str(export))
    networks.send('01-normal.sse')
    show.wait_for(lambda s: network(s, '127.0.0.1')['posts'] == 1 and network(s, 'Bluesky')['posts'] == 4, 'the posts')
    status = show.status
    mastodon, bluesky, x = (network(status, t) for t in ('127.0.0.1', 'Bluesky', 'X'))
    tap.check((mastodon['state'], mastodon['way']) == ('live', 'events'), 'Mastodon is live, with its token', mastodon)
    tap.check((bluesky['state'], bluesky['way'], bluesky['malformed']) == ('live', 'websocket', 0), 'Bluesky is live', bluesky)
    tap.check((x['state'], x['error-code'], x['cost-usd']) == ('failed', 'token', 0), 'X says that it needs a token', x)
    tap.check(mastodon['per-minute'] == 1 and mastodon['silent-s'] is not None, 'posts per minute and the last byte', mastodon)
    total = sum(status['posts'][k] for k in ('incoming', 'held', 'approved', 'hidden'))
    tap.check(total == 5 and status['posts']['on-screen'] is None, 'every post is on the desk, none on screen', status['posts'])

    show.action('show-post', FIRST)
    show.wait_for(lambda s: s['posts']['on-screen'] == FIRST, 'the post on screen')
    networks.send('08-sensitive.sse')
    show.wait_for(lambda s: s['posts']['hidden'] >= 1, 'the bot is hidden')
    tap.check(show.status['posts']['on-screen'] == FIRST, 'a bot changes nothing on screen')

    show.set_state('panic', GLib.Variant('b', True))
    show.wait_for(lambda s: s['posts']['panic'] and s['posts']['on-screen'] is None, 'panic clears the screen')
    show.action('show-post', FIRST)
    time.sleep(1.5)
    tap.check(show.status['posts']['on-screen'] is None, 'nothing is shown until it is released')
    show.set_state('panic', GLib.Variant('b', False))
    show.wait_for(lambda s: not s['posts']['panic'], 'released')
    show.action('show-post', FIRST)
    show.wait_for(lambda s: s['posts']['on-screen'] == FIRST, 'the post on screen again')

    before = time.monotonic()
    networks.send_event('delete', FIRST.rsplit(':', 1)[1])
    show.wait_for(lambda s: s['posts']['on-screen'] is None, 'the take-down')
    tap.check(within(time.monotonic() - before, 2.2), 'off the screen in the next status line', f'{time.monotonic() - before:.2f} s')

    networks.send('05-reply.sse')
    reply = 'mastodon:127.0.0.1:115300000000458752'
    show.wait_for(lambda s: network(s, '127.0.0.1')['posts'] == 3, 'the reply')
    tap.check(show.status['posts']['approved'] == 0, 'the post that was taken down is in no list', show.status['posts'])
    show.action('approve-post', reply)
    show.wait_for(lambda s: s['posts']['approved'] == 1, 'approved')
    show.action('show-post', reply)
    show.wait_for(lambda s: s['posts']['on-screen'] == reply, 'on screen')
    text = (FIXTURES / 'mastodon/05-reply.sse').read_text().replace('event: update', 'event: status.update')
    networks.stream.chunk(text.replace('depuis Brest', 'depuis Nantes').encode())
    show.wait_for(lambda s: s['posts']['on-screen'] is None and s['posts']['approved'] == 0, 'the edit')
    tap.check(True, 'an edited post leaves the screen and goes back to a human')
    show.action('approve-post', reply)
    show.wait_for(lambda s: s['posts']['approved'] == 1, 'approved again')
    words = ''.join(show.stderr) + json.dumps(show.status)
    tap.check('good' not in words.replace('"word": "good"', ''), 'the token is nowhere')
    show.stop()
    posts = json.loads(export.read_text(encoding='utf-8'))
    tap.check([(p['id'], p['network'], 'Nantes' in p['text']) for p in posts] == [(reply, 'mastodon', True)],
              'the approved post is exported', posts)
    tap.check(export.stat().st_mode & 0o077 == 0, 'for nobody else to read')


def after_a_crash(stage):
    show, networks = start(stage)
    networks.send('01-normal.sse')
    networks.send('05-reply.sse')
    networks.send('08-sensitive.sse')
    show.wait_for(lambda s: network(s, '127.0.0.1')['posts'] == 3 and network(s, 'Bluesky')['posts'] == 4, 'the posts')
    show.action('approve-post', FIRST)
    show.action('block-author', 'mastodon:sofiaruiz@127.0.0.1')
    show.wait_for(lambda s: s['posts']['approved'] == 1 and s['posts']['hidden'] == 2, 'decided')
    before = {k: show.status['posts'][k] for k in ('incoming', 'held', 'approved', 'hidden')}
    show.kill()
    again = Regie(stage, stage.folder / 'event.regie', go_live=False)
    again.wait_for(lambda s: {k: s['posts'][k] for k in before} == before, 'the desk as it was')
    tap.check(True, 'after a kill the desk is as it was', before)
    tap.check(again.status['posts']['on-screen'] is None, 'and nothing is on screen by itself')
    again.stop()


if __name__ == '__main__':
    sys.exit(tap.run(from_the_wire, after_a_crash))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each network over real sockets, against a server that does what the real ones do at their worst."""

import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from listener import (BUSY, PACE, QUOTA, REFUSED, SILENT, SOURCE, TAG, TOKEN, Listener, equal, read,  # noqa: E402
                      run, sizes)
from standin import FIXTURES, Server  # noqa: E402


# Mastodon

FIRST, SECOND = '115300000000065536', '115300000000917504'
STREAM, SOCKET, PAGE = '/api/v1/streaming/hashtag', '/api/v1/streaming', f'/api/v1/timelines/tag/{TAG}'


def mastodon(stream=None, socket=None, page=None, status=None):
    """A Mastodon; what is not said has no such thing."""
    def route(request, connection):
        if request.path == STREAM and stream:
            stream(request, connection)
        elif request.path == SOCKET and socket:
            socket(request, connection)
        elif request.path == PAGE and page:
            page(request, connection)
        elif request.path == PAGE:
            connection.fixture('mastodon/http/timeline-empty.json')
        elif request.path.startswith('/api/v1/statuses/') and status:
            status(request, connection)
        else:
            connection.fixture('mastodon/http/404.json')
    return Server(route)


def with_token(then):
    def route(request, connection):
        if request.token is None:
            connection.fixture('mastodon/http/401-missing.json')
        elif request.token != 'good':
            connection.fixture('mastodon/http/401-invalid-token.json')
        else:
            then(request, connection)
    return route


def send_session(request, connection):
    connection.stream('text/event-stream')
    connection.chunks(read('mastodon/session.body'), sizes('mastodon/session.chunks.json'))
    connection.hold()


def test_mastodon_events_in_pieces():
    server = mastodon(with_token(send_session))
    listener = Listener('mastodon', server.http, 'good')
    equal(listener.state('LIVE')['way'], 'events')
    listener.until(lambda e: SECOND in listener.posts and any(FIRST in g for g in listener.gone), 'all of it')
    equal(set(listener.posts), {SECOND})
    stats = listener.stats()
    equal((stats['posts'], stats['malformed'], stats['per-minute']), (2, 0, 2))
    listener.close()


def test_mastodon_heartbeat_and_its_absence():
    beats = threading.Event()

    def stream(request, connection):
        connection.stream('text/event-stream')
        connection.chunk(b':)\n')
        # Three times as long as silence is allowed.
        for _ in range(12):
            if server.count(STREAM) > 1:
                break
            time.sleep(0.4)
            connection.chunk(b':thump\n\n')
        beats.set()
        connection.hold()
    server = mastodon(stream, page=lambda r, c: c.fixture('mastodon/http/timeline-tag.json'))
    listener = Listener('mastodon', server.http, 'good')
    listener.state('LIVE')
    beats.wait(15)
    equal(server.count(STREAM), 1)
    listener.state('SILENT')
    equal(listener.state('WAITING')['code'], SILENT)
    listener.state('LIVE')
    # What came meanwhile was asked for, from a bit before the newest one on.
    pages = [r.query for r in server.wait(PAGE, 3)]
    equal([p.get('min_id') for p in pages[:3]], [None, '115299960679317504', None])
    listener.close()


def test_mastodon_without_account_polls():
    polls = []

    def page(request, connection):
        polls.append(request)
        assert request.token is None
        connection.fixture('mastodon/http/timeline-tag.json' if len(polls) == 2 else 'mastodon/http/timeline-empty.json')
    server = mastodon(with_token(None), with_token(None), page)
    listener = Listener('mastodon', server.http)
    live = listener.state('LIVE')
    equal((live['way'], live['code']), ('polling', -1))
    listener.post(SECOND)
    equal(server.count(STREAM), 1)
    server.wait(PAGE, 4)
    listener.close()


def test_mastodon_websocket():
    def socket(request, connection):
        assert request.query == {'stream': 'hashtag', 'tag': TAG}, request.query
        equal(request.token, 'good')
        connection.websocket(request, request.headers['sec-websocket-protocol'])
        for line in read('mastodon/ws-frames.ndjson').split(b'\n'):
            if line:
                connection.frame(line)
        connection.hold()
    server = mastodon(None, socket)
    listener = Listener('mastodon', server.http, 'good')
    equal(listener.state('LIVE')['way'], 'websocket')
    listener.until(lambda e: listener.posts, 'a post')
    listener.close()


def test_mastodon_wrong_token_is_said():
    def page(request, connection):
        if request.token:
            connection.fixture('mastodon/http/401-invalid-token.json')
        else:
            connection.fixture('mastodon/http/timeline-tag.json')
    server = mastodon(with_token(None), with_token(None), page)
    listener = Listener('mastodon', server.http, 'bad')
    listener.post(SECOND)
    stats = listener.stats()
    equal((stats['state'], stats['way'], stats['code']), ('LIVE', 'polling', TOKEN))
    assert 'bad' not in json.dumps(listener.heard), 'the token is told'
    listener.close()


def test_mastodon_account_needed():
    server = mastodon(with_token(None), with_token(None), lambda r, c: c.fixture('mastodon/http/422-timeline-auth.json'))
    listener = Listener('mastodon', server.http)
    equal(listener.state('FAILED')['code'], TOKEN)
    n = server.count(PAGE)
    time.sleep(1)
    equal(server.count(PAGE), n)
    listener.close()


def test_mastodon_too_many_requests():
    answers = ['mastodon/http/429.json', 'mastodon/http/503-html.json']

    def page(request, connection):
        connection.fixture(answers.pop(0) if answers else 'mastodon/http/timeline-tag.json')
    server = mastodon(None, None, page)
    listener = Listener('mastodon', server.http)
    equal(listener.state('WAITING')['code'], BUSY)
    equal(listener.state('WAITING')['code'], SOURCE)
    listener.post(SECOND)
    listener.close()


def test_mastodon_breaks():
    """RST amid an event, a body that ends, headers that never end, a line of 5 MiB, then all is well."""
    ways = []

    def stream(request, connection):
        ways.append(1)
        body = read('mastodon/01-normal.sse')
        if len(ways) == 1:
            connection.stream('text/event-stream')
            connection.chunk(body[:900])
            time.sleep(0.2)
            connection.reset()
        elif len(ways) == 2:
            connection.raw(b'HTTP/1.1 200 OK\r\nContent-')
            for _ in range(100):
                connection.raw(b'a')
                time.sleep(0.1)
        elif len(ways) == 3:
            connection.stream('text/event-stream')
            connection.chunk(b'event: update\ndata: {"id":"')
            connection.raw(b'0\r\n\r\n')
        else:
            connection.stream('text/event-stream')
            connection.chunk(b'event: update\ndata: ')
            for _ in range(5):
                connection.chunk(b'x' * 1024 * 1024)
            connection.chunk(b'\n\n' + body)
            connection.hold()
    server = mastodon(stream)
    listener = Listener('mastodon', server.http, 'good')
    for _ in range(3):
        listener.state('WAITING')
    listener.post(FIRST)
    equal(listener.stats()['malformed'], 1)
    listener.close()


def test_mastodon_watches_what_is_shown():
    gone = threading.Event()

    def status(request, connection):
        if gone.is_set():
            connection.fixture('mastodon/http/404.json')
        else:
            connection.answer(503)
    server = mastodon(send_session, status=status)
    listener = Listener('mastodon', server.http, 'good', pace=600)
    listener.post(SECOND)
    listener.say(f'watch mastodon:127.0.0.1:{SECOND} x:1')
    server.wait(f'/api/v1/statuses/{SECOND}')
    assert SECOND in listener.posts
    gone.set()
    listener.until(lambda e: SECOND not in listener.posts, 'it is gone')
    listener.close()


def test_mastodon_token_goes_nowhere_else():
    other = Server(lambda r, c: c.answer(200, 'got it'))
    server = mastodon(lambda r, c: c.answer(302, '', {'Location': other.http + '/x'}), None,
                      lambda r, c: c.answer(301, '', {'Location': other.http + '/y'}))
    listener = Listener('mastodon', server.http, 'good')
    equal(listener.state('FAILED')['code'], REFUSED)
    equal(other.requests, [])
    listener.close()


def test_accounts_are_tested():
    def page(request, connection):
        if request.token == 'good':
            connection.fixture('mastodon/http/timeline-tag.json')
        else:
            connection.fixture('mastodon/http/401-invalid-token.json')
    server = mastodon(None, None, page)
    listener = Listener('mastodon', server.http)
    name = ('mastodon:127.0.0.1', server.http, False)
    equal(listener.test_account('good'), (*name, True, -1))
    equal(listener.test_account('wrongone'), (*name, False, TOKEN))
    listener.close()
    x = X(lambda r, c: c.answer(503))
    listener = Listener('x', x.server.http)
    equal(listener.test_account('good'), ('x', x.server.http, True, True, -1))
    equal(listener.test_account('wrongone'), ('x', x.server.http, True, False, TOKEN))
    listener.close()
    # Nobody there, and a network that takes no account.
    listener = Listener('mastodon', 'http://127.0.0.1:1')
    equal(listener.test_account('good')[3:], (False, SOURCE))
    listener.close()
    listener = Listener('bluesky', 'ws://127.0.0.1:1', profiles='http://127.0.0.1:1')
    equal(listener.test_account('good'), (None, None, False, False, REFUSED))
    listener.close()


# Bluesky

POST = 'at://did:plc:moizu4bh5qpxtnikvvsepwcm/app.bsky.feed.post/3lzopen22ab2k'
PROFILES = '/xrpc/app.bsky.actor.getProfiles'


def bluesky(subscribe, profiles=None):
    def route(request, connection):
        if request.path == '/subscribe':
            equal(request.query['wantedCollections'], 'app.bsky.feed.post')
            subscribe(request, connection)
        elif request.path == PROFILES and profiles:
            profiles(request, connection)
        elif request.path == PROFILES:
            connection.fixture('bluesky/http/getProfiles.json')
        else:
            connection.answer(404)
    return Server(route)


def frames(connection, name):
    for line in read(name).split(b'\n'):
        connection.frame(line)


def listen_bluesky(server, **options):
    return Listener('bluesky', server.ws, profiles=server.http, **options)


def test_bluesky_every_fixture_with_names():
    names = sorted(p.name for p in (FIXTURES / 'bluesky').glob('[0-9]*.ndjson') if 'utf8' not in p.name)

    def subscribe(request, connection):
        connection.websocket(request)
        for name in names:
            frames(connection, 'bluesky/' + name)
        connection.hold()
    server = bluesky(subscribe)
    listener = listen_bluesky(server)
    post = listener.post('at://did:plc:gnkevkgnjkcfljgl5bvifzz7/app.bsky.feed.post/3lzopen22aq2k')
    equal((post['name'], post['handle']), ('Karim B.', '@karim_b.example'))
    # One deleted it, another account is gone: they take what waits with them.
    listener.until(lambda e: e['event'] == 'author-gone' or 'author-gone' in str(listener.heard), 'author gone')
    listener.post('at://did:plc:xoyewwyx5abglsvqk6twjxsj/app.bsky.feed.post/3lzopen22av2k')
    for request in server.wait(PROFILES):
        assert len(request.queries['actors']) <= 25
    listener.close()


def test_bluesky_noise():
    def subscribe(request, connection):
        connection.websocket(request)
        frames(connection, 'bluesky/firehose-noise.ndjson')
        connection.hold()
    expected = set(json.loads(read('bluesky/firehose-noise.expect.json'))['posts_ids'])
    server = bluesky(subscribe)
    listener = listen_bluesky(server)
    listener.until(lambda e: len(listener.posts) == 4, 'four posts')
    equal(set(listener.posts), expected)
    listener.close()


def test_bluesky_goes_on_where_it_was():
    def subscribe(request, connection):
        n = server.count('/subscribe')
        connection.websocket(request)
        if n == 1:
            frames(connection, 'bluesky/01-normal.ndjson')
            frames(connection, 'bluesky/10-update-stale-facets.ndjson')
            time.sleep(0.5)
            connection.reset()
        elif n == 2:
            equal(request.query['cursor'], str(1790011001200036 - 5000000))
            frames(connection, 'bluesky/18-invalid-utf8.ndjson')
            connection.hold()
        else:
            frames(connection, 'bluesky/09-delete.ndjson')
            connection.hold()
    server = bluesky(subscribe)
    listener = listen_bluesky(server)
    listener.post(POST)
    listener.state('WAITING')
    listener.until(lambda e: 'bluesky:' + POST in listener.gone, 'deleted')
    equal(server.count('/subscribe'), 3)
    equal(listener.stats()['posts'], 2)
    listener.close()


def test_bluesky_second_version():
    """A server that has no first one; afterwards it goes on by its own numbers."""
    events = '/xrpc/network.bsky.jetstream.subscribeEvents'
    lines = [line for line in read('bluesky/v2-frames.ndjson').split(b'\n') if line]

    def route(request, connection):
        if request.path == PROFILES:
            connection.fixture('bluesky/http/getProfiles.json')
        elif request.path != events:
            connection.answer(410)
        elif server.count(events) == 1:
            assert 'cursor' not in request.query and 'wantedCollections' not in request.query, request.query
            equal(request.queries['collections'], ['app.bsky.feed.post'])
            connection.websocket(request)
            for line in lines:
                connection.frame(line)
            time.sleep(0.5)
            connection.reset()
        else:
            equal(request.query['cursor'], '12357')
            connection.websocket(request)
            connection.frame(lines[0])
            connection.hold()
    server = Server(route)
    listener = listen_bluesky(server)
    # It waits for its author's name, and so comes behind what came after it.
    listener.post(POST)
    assert any(e['event'] == 'author-gone' for e in listener.heard), listener.heard
    listener.state('WAITING')
    listener.state('LIVE')
    equal(server.count('/subscribe'), 1)
    equal([listener.stats()[k] for k in ('posts', 'malformed')], [1, 0])
    listener.close()


def test_bluesky_without_profiles():
    """A post whose author nobody knows comes late, and says so."""
    def subscribe(request, connection):
        connection.websocket(request)
        frames(connection, 'bluesky/01-normal.ndjson')
        connection.hold()
    server = bluesky(subscribe, lambda r, c: c.answer(200, {'profiles': []}))
    listener = listen_bluesky(server)
    equal(int(listener.post(POST)['traits']) & 128, 128)
    equal(len(server.wait(PROFILES, 2)), 2)
    listener.close()


def test_bluesky_profiles_refused():
    answers = ['bluesky/http/429.json']

    def subscribe(request, connection):
        connection.websocket(request)
        frames(connection, 'bluesky/01-normal.ndjson')
        connection.hold()

    def profiles(request, connection):
        connection.fixture(answers.pop() if answers else 'bluesky/http/getProfiles.json')
    server = bluesky(subscribe, profiles)
    listener = listen_bluesky(server)
    equal(listener.post(POST)['name'], 'Léa Marchand')
    listener.close()


def test_bluesky_half_open():
    """A connection that is there but dead: no pong."""
    def subscribe(request, connection):
        connection.websocket(request)
        connection.hold(pings=server.count('/subscribe') > 1)
    server = bluesky(subscribe)
    listener = listen_bluesky(server)
    listener.state('LIVE')
    equal(listener.state('WAITING')['code'], SILENT)
    listener.state('LIVE')
    time.sleep(4)
    equal(server.count('/subscribe'), 2)
    listener.close()


# X

X_STREAM, X_RULES, X_SEARCH = '/2/tweets/search/stream', '/2/tweets/search/stream/rules', '/2/tweets/search/recent'
RULE = f'(#{TAG}) -is:retweet -is:nullcast'
X_FIRST, X_SECOND = '1974100000001000003', '1974100000014000042'


class X:
    """Keeps rules, as X does, across connections."""

    def __init__(self, stream, search=None, look_up=None):
        self.rules = [{'id': '1', 'value': 'autre règle', 'tag': 'autre-appli'},
                      {'id': '2', 'value': '#Avant', 'tag': 'regie:1'}]
        self.stream, self.search, self.look_up = stream, search, look_up
        self.server = Server(self.route)

    def route(self, request, connection):
        if request.token != 'good':
            connection.fixture('x/http/401.json')
        elif request.path == X_RULES and request.method == 'GET':
            connection.answer(200, {'data': self.rules, 'meta': {}} if self.rules else {'meta': {}})
        elif request.path == X_RULES:
            body = json.loads(request.body)
            ids = body.get('delete', {}).get('ids', [])
            self.rules = [r for r in self.rules if r['id'] not in ids]
            for rule in body.get('add', []):
                self.rules.append({'id': str(len(self.rules) + 10), **rule})
            connection.answer(201 if 'add' in body else 200, {'meta': {'summary': {}}})
        elif request.path == X_STREAM:
            if not any(r['tag'].startswith('regie:') for r in self.rules):
                connection.fixture('x/http/409-no-rules.json')
            else:
                self.stream(request, connection)
        elif request.path == X_SEARCH and self.search:
            self.search(request, connection)
        elif request.path == X_SEARCH:
            connection.fixture('x/http/search-recent-empty.json')
        elif request.path == '/2/tweets' and self.look_up:
            self.look_up(request, connection)
        elif request.path == '/2/connections/all':
            connection.answer(200, {'data': {}})
        else:
            connection.answer(404)


def send_x(connection, name, pieces=None):
    connection.stream('application/json')
    data = read(name)
    connection.chunks(data, sizes(pieces) if pieces else [len(data)])


def test_x_rules_and_stream():
    def stream(request, connection):
        assert 'expansions' in request.query and 'tweet.fields' in request.query
        send_x(connection, 'x/session.body', 'x/session.chunks.json')
        connection.hold()
    x = X(stream)
    listener = Listener('x', x.server.http, 'good')
    equal(listener.state('LIVE')['way'], 'stream')
    listener.until(lambda e: {X_FIRST, X_SECOND} <= set(listener.posts), 'both posts')
    equal([(r['tag'], r['value']) for r in x.rules], [('autre-appli', 'autre règle'), ('regie:1', RULE)])
    stats = listener.stats()
    equal((stats['posts'], round(stats['cost'], 3)), (2, 0.03))
    listener.close()


def test_x_disconnected_and_filled():
    pages = []

    def stream(request, connection):
        if x.server.count(X_STREAM) == 1:
            send_x(connection, 'x/01-normal.ndjson')
            connection.chunk(read('x/12-operational-disconnect.ndjson'))
            connection.raw(b'0\r\n\r\n')
        else:
            connection.stream('application/json')
            connection.hold()

    def search(request, connection):
        pages.append(request.query)
        connection.fixture('x/http/search-recent-page%s.json' % ('1' if len(pages) == 1 else '2-last'))
    x = X(stream, search)
    listener = Listener('x', x.server.http, 'good')
    waiting = listener.state('WAITING')
    assert waiting['wait-ms'] <= 1000, waiting
    listener.post(X_SECOND)
    listener.post('1974100000000999998')
    equal([p['since_id'] for p in pages], [X_FIRST, X_FIRST])
    equal(pages[0]['query'], RULE)
    assert 'next_token' not in pages[0] and pages[1]['next_token']
    listener.close()


def test_x_ghost_is_chased():
    def stream(request, connection):
        if x.server.count('/2/connections/all', 'DELETE'):
            connection.stream('application/json')
            connection.hold()
        else:
            connection.fixture('x/http/429-connections.json')
    x = X(stream)
    listener = Listener('x', x.server.http, 'good', pace=200)
    equal(listener.state('WAITING')['code'], BUSY)
    listener.state('LIVE')
    equal(x.server.count(X_STREAM), 3)
    listener.close()


def test_x_refusals():
    for name, code in (('401', TOKEN), ('429-usage-capped', QUOTA)):
        x = X(lambda r, c, name=name: c.fixture(f'x/http/{name}.json'))
        listener = Listener('x', x.server.http, 'good')
        equal(listener.state('FAILED')['code'], code)
        time.sleep(0.5)
        equal(x.server.count(X_STREAM), 1)
        listener.close()
    listener = Listener('x', x.server.http)
    equal(listener.state('FAILED')['code'], TOKEN)
    listener.close()
    listener = Listener('x', x.server.http, 'bad')
    equal(listener.state('FAILED')['code'], TOKEN)
    listener.close()


def test_x_waits_and_comes_back():
    answers = ['x/http/503.json', 'x/http/429-rate.json']

    def stream(request, connection):
        if answers:
            connection.fixture(answers.pop(0))
        else:
            send_x(connection, 'x/01-normal.ndjson')
            connection.hold()
    x = X(stream)
    listener = Listener('x', x.server.http, 'good')
    first = listener.state('WAITING')
    equal(first['code'], SOURCE)
    assert first['wait-ms'] <= 5000 / PACE, first
    second = listener.state('WAITING')
    equal(second['code'], BUSY)
    assert second['wait-ms'] > 40000 / PACE, second
    listener.post(X_FIRST)
    # No sign of life: silent, then away, and back.
    listener.state('SILENT')
    equal(listener.state('WAITING')['code'], SILENT)
    listener.state('LIVE')
    listener.close()


def test_x_without_stream_searches():
    def search(request, connection):
        connection.fixture('x/http/search-recent-page1.json' if x.server.count(X_SEARCH) == 1
                           else 'x/http/search-recent-empty.json')
    x = X(lambda r, c: c.fixture('x/http/403-client-forbidden.json'), search)
    listener = Listener('x', x.server.http, 'good')
    equal(listener.state('LIVE')['way'], 'search')
    listener.post(X_SECOND)
    searches = x.server.wait(X_SEARCH, 3)
    equal([r.query.get('since_id') for r in searches[:3]], [None, X_SECOND, X_SECOND])
    equal(searches[0].query['max_results'], '10')
    listener.close()


def test_x_stops_when_spent():
    def stream(request, connection):
        send_x(connection, 'x/session.body')
        connection.hold()
    x = X(stream)
    listener = Listener('x', x.server.http, 'good', max_cost=0.02)
    equal(listener.state('FAILED')['code'], QUOTA)
    listener.say('start')
    listener.state('FAILED')
    equal(x.server.count(X_STREAM), 1)
    listener.close()


def test_x_looks_up_what_is_shown():
    def stream(request, connection):
        send_x(connection, 'x/01-normal.ndjson')
        while True:
            time.sleep(0.02)
            connection.chunk(b'\r\n')

    def look_up(request, connection):
        assert request.query['ids'] == X_FIRST, request.query
        connection.answer(200, read('x/10-delete-lookup.json'))
    x = X(stream, look_up=look_up)
    listener = Listener('x', x.server.http, 'good', pace=300)
    listener.post(X_FIRST)
    listener.say(f'watch mastodon:a:1 x:{X_FIRST}')
    listener.until(lambda e: X_FIRST not in listener.posts, 'it is gone')
    listener.close()


if __name__ == '__main__':
    sys.exit(run(globals()))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chats of a stream's viewers over real sockets, against servers that do what the real ones do."""

import json
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from listener import BUSY, QUOTA, REFUSED, SILENT, SOURCE, TOKEN, Listener, equal, read, run  # noqa: E402
from standin import Server  # noqa: E402

PACE = 10


# Twitch

CHANNEL = 'nuitsolidair'
SHOWN = json.loads(read('twitch/irc.expect.json'))['shown_ids_in']


class Twitch:
    """Lets everyone in, then does what `then (connection, nth)` does; keeps what it is told."""

    def __init__(self, then):
        self.then, self.told, self.n = then, [], 0
        self.server = Server(self.route)

    def route(self, request, connection):
        self.n += 1
        nth, login = self.n, []
        connection.websocket(request)
        while not login or not login[-1].startswith('JOIN'):
            opcode, data = connection.read_frame()
            if opcode == 1:
                assert data.endswith(b'\r\n'), data
                login.append(data.decode().rstrip())
        equal(login[0], 'CAP REQ :twitch.tv/tags twitch.tv/commands')
        assert login[2].startswith('NICK justinfan'), login
        equal(login[3], 'JOIN #' + CHANNEL)
        self.then(connection, nth)

    def join(self, connection):
        connection.frame(f':x!x@x.tmi.twitch.tv JOIN #{CHANNEL}\r\n'.encode())

    def hold(self, connection, pongs=True):
        """Keeps what is said until the client goes."""
        while frame := connection.read_frame():
            if frame[0] == 8:
                return
            if frame[0] == 9 and pongs:
                connection.frame(frame[1], 10)
            if frame[0] == 1:
                self.told.append(frame[1].decode())


def listen_twitch(twitch, **options):
    return Listener('twitch', twitch.server.ws, room='NuitSolidair', pace=PACE, tags=['x'], **options)


def test_twitch_session():
    lines = read('twitch/irc.txt').split(b'\r\n')
    until = lines.index(b':tmi.twitch.tv RECONNECT')
    again, clear = threading.Event(), threading.Event()

    def then(connection, nth):
        if nth == 1:
            for i in range(0, until, 4):
                connection.frame(b'\r\n'.join(lines[i:min(i + 4, until)]) + b'\r\n')
            threading.Thread(target=lambda: again.wait(20) and connection.frame(lines[until]), daemon=True).start()
        else:
            twitch.join(connection)
            # What came before comes again, and once only.
            connection.frame(b'\r\n'.join(lines[5:6]))
            threading.Thread(target=lambda: clear.wait(20) and connection.frame(
                f'@room-id=1 :tmi.twitch.tv CLEARCHAT #{CHANNEL}'.encode()), daemon=True).start()
        twitch.hold(connection)
    twitch = Twitch(then)
    listener = listen_twitch(twitch)
    equal(listener.state('LIVE')['way'], 'websocket')
    listener.until(lambda e: set(SHOWN) <= set(listener.posts), 'all that is shown')
    equal(listener.posts[SHOWN[2]]['text'], 'applaudit')
    equal(listener.posts[SHOWN[0]]['handle'], '@leamarchand')
    assert any('0003' in g for g in listener.gone), listener.gone
    assert any(e['event'] == 'author-gone' and e['id'] == 'twitch:1003' for e in listener.heard)
    stats = listener.stats()
    equal((stats['posts'], stats['malformed'], stats['cost']), (7, 3, -1))
    again.set()
    listener.state('CONNECTING')
    listener.state('LIVE')
    assert 'PONG :tmi.twitch.tv\r\n' in twitch.told, twitch.told
    clear.set()
    listener.until(lambda e: not listener.posts, 'the chat is cleared')
    equal(listener.stats()['posts'], 7)
    listener.close()


def test_twitch_refused_and_unknown():
    def banned(connection, nth):
        connection.frame(f'@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #{CHANNEL} :gone\r\n'.encode())
        connection.hold()
    twitch = Twitch(banned)
    listener = listen_twitch(twitch)
    equal(listener.state('FAILED')['code'], REFUSED)
    time.sleep(0.5)
    equal(twitch.n, 1)
    listener.close()
    # A channel that is not there is not answered: a moment later it is tried again.
    twitch = Twitch(lambda connection, nth: connection.hold())
    listener = listen_twitch(twitch)
    equal(listener.state('WAITING')['code'], SOURCE)
    listener.close()


def test_twitch_half_open_and_flood():
    def then(connection, nth):
        twitch.join(connection)
        if nth == 1:
            twitch.hold(connection, pongs=False)
        elif nth == 2:
            connection.frame(b'x' * 5 * 1024 * 1024)
            connection.hold()
        else:
            connection.frame(read('twitch/irc.txt').split(b'\r\n')[5])
            twitch.hold(connection)
    twitch = Twitch(then)
    listener = listen_twitch(twitch)
    listener.state('SILENT')
    equal(listener.state('WAITING')['code'], SILENT)
    equal(listener.state('WAITING')['code'], SOURCE)
    listener.post(SHOWN[0])
    assert 'PING :regie\r\n' in twitch.told, twitch.told
    listener.close()


# YouTube

VIDEO, KEY = 'abcdefghijk', 'cle-fictive-9'
VIDEOS, CHAT, STREAM = '/youtube/v3/videos', '/youtube/v3/liveChat/messages', '/youtube/v3/liveChat/messages/stream'
WRONG_KEY = {'error': {'code': 400, 'message': 'API key not valid.', 'errors': [{'reason': 'badRequest'}]}}


def youtube(stream=None, chat=None, video=None):
    def route(request, connection):
        assert KEY not in str(request.query)
        if request.headers.get('x-goog-api-key') != KEY:
            connection.answer(400, WRONG_KEY)
        elif request.path == VIDEOS:
            equal(request.query['id'], VIDEO)
            video(request, connection) if video else connection.answer(200, read('youtube/videos.json'))
        elif request.path == STREAM and stream:
            stream(request, connection)
        elif request.path == CHAT and chat:
            chat(request, connection)
        else:
            connection.answer(404, '<html>not found</html>')
    return Server(route)


def listen_youtube(server, key=KEY, **options):
    return Listener('youtube', server.http, key, room=VIDEO, pace=options.pop('pace', PACE), tags=['x'], **options)


def test_youtube_stream_in_pieces():
    def stream(request, connection):
        equal(request.query['liveChatId'], 'KicKnuitsolidaire26')
        nth = server.count(STREAM)
        body = read('youtube/stream-body-cut.json' if nth == 1 else 'youtube/stream-body.json')
        equal(request.query.get('pageToken'), None if nth == 1 else 'GNjnuitso')
        connection.stream('application/json')
        for i in range(0, len(body), 997):
            connection.chunk(body[i:i + 997])
            time.sleep(0.005)
        if nth == 1:
            time.sleep(0.8)  # longer than too short
            connection.raw(b'0\r\n\r\n')
        else:
            connection.hold()
    server = youtube(stream)
    listener = listen_youtube(server)
    equal(listener.state('LIVE')['way'], 'stream')
    listener.post('LCC.op000002')
    listener.state('CONNECTING')
    listener.state('LIVE')
    listener.until(lambda e: 'LCC.op000010' in listener.posts, 'the last one')
    equal(listener.posts['LCC.op000001']['name'], 'Léa Marchand')
    assert any(e['event'] == 'author-gone' and e['id'] == 'youtube:UCop00000000000000000003' for e in listener.heard)
    assert 'youtube:LCC.op000003' in listener.gone
    equal(server.count(VIDEOS), 1)
    assert KEY not in json.dumps(listener.heard), 'the key is told'
    listener.close()


def test_youtube_polls_where_there_is_no_stream():
    times = []

    def chat(request, connection):
        times.append((time.monotonic(), request.query.get('pageToken')))
        connection.answer(200, read('youtube/list-page1.json' if len(times) == 1 else
                                    'youtube/list-empty.json' if len(times) < 4 else 'youtube/list-offline.json'))
    server = youtube(chat=chat)
    listener = listen_youtube(server)
    equal(listener.state('LIVE')['way'], 'polling')
    listener.post('LCC.op000007')
    listener.state('ENDED')
    equal([t[1] for t in times], [None, 'GNjnuitso', 'GNjnuitso', 'GNjnuitso'])
    # Five seconds, which pass in half a one here: a day's quota has no more.
    assert all(b[0] - a[0] >= 5 / PACE - 0.05 for a, b in zip(times, times[1:])), times
    equal(listener.stats()['malformed'], 1)
    listener.close()


def test_youtube_refusals():
    for name, state, code in (('quotaExceeded', 'FAILED', QUOTA), ('liveChatDisabled', 'FAILED', REFUSED),
                              ('liveChatEnded', 'ENDED', -1), ('rateLimitExceeded', 'WAITING', BUSY),
                              ('liveChatNotFound', 'WAITING', SOURCE)):
        server = youtube(lambda r, c, name=name: c.fixture(f'youtube/http-{name}.json'))
        listener = listen_youtube(server, pace=1)
        equal(listener.state(state)['code'], code)
        equal(server.count(STREAM), 1)
        listener.close()
    for key in (None, 'autre'):
        listener = listen_youtube(server, key)
        equal(listener.state('FAILED')['code'], TOKEN)
        listener.close()


def test_youtube_video_that_is_not_live_yet():
    def video(request, connection):
        connection.answer(200, read('youtube/videos.json') if server.count(VIDEOS) > 1 else
                          {'items': [{'id': VIDEO, 'liveStreamingDetails': {}}]})

    def stream(request, connection):
        connection.stream('application/json')
        connection.chunk(read('youtube/stream-body.json')[:4000])
        connection.reset()
    server = youtube(stream, video=video)
    listener = listen_youtube(server, pace=60)
    equal(listener.state('WAITING')['code'], BUSY)
    listener.state('LIVE')
    equal(listener.state('WAITING')['code'], SOURCE)
    listener.close()
    server = youtube(video=lambda r, c: c.answer(200, {'items': []}))
    listener = listen_youtube(server)
    equal(listener.state('FAILED')['code'], REFUSED)
    listener.close()


def test_youtube_key_is_tested():
    server = youtube(lambda r, c: c.hold())
    listener = listen_youtube(server, None)
    equal(listener.test_account(KEY), ('youtube', server.http, True, True, -1))
    equal(listener.test_account('autrecle')[3:], (False, TOKEN))
    listener.close()
    server = youtube(video=lambda r, c: c.answer(200, {'items': []}))
    listener = listen_youtube(server, None)
    equal(listener.test_account(KEY)[3:], (False, REFUSED))
    listener.close()


# Owncast

class Owncast:
    def __init__(self, then, history=b'[]', register=None):
        self.then, self.n, self.history, self.register = then, 0, history, register
        self.server = Server(self.route)

    def route(self, request, connection):
        if request.path == '/api/chat/register' and request.method == 'POST':
            equal(json.loads(request.body), {'displayName': 'Régie'})
            self.register(connection) if self.register else connection.answer(200, read('owncast/register.json'))
        elif request.query.get('accessToken') != 'jeton-fictif':
            connection.answer(401)
        elif request.path == '/api/chat':
            connection.answer(200, self.history)
        elif request.path == '/ws':
            self.n += 1
            self.then(request, connection, self.n)
        else:
            connection.answer(404)


def listen_owncast(owncast, pace=PACE):
    return Listener('owncast', owncast.server.http, pace=pace, tags=['x'])


def test_owncast_session():
    frames = read('owncast/ws-frames.ndjson').split(b'\n')
    before = [{'type': 'CHAT', 'id': 'avant', 'timestamp': '2026-10-03T18:00:30Z', 'body': '<p>avant</p>',
               'user': {'id': 'u1', 'displayName': 'Léa', 'createdAt': '2019-03-04T08:00:00Z'}},
              {'type': 'SYSTEM', 'id': 's', 'body': 'x'}]

    def then(request, connection, nth):
        connection.websocket(request)
        if nth == 1:
            # Each of them alone, then all of them at once, the last of which says that we are not known.
            for frame in frames[:8]:
                connection.frame(frame)
            connection.frame(b'\n'.join(frames))
        else:
            connection.frame(b'nonsense')
        connection.hold()
    owncast = Owncast(then, json.dumps(before).encode())
    listener = listen_owncast(owncast)
    listener.state('LIVE')
    listener.until(lambda e: {'ocop1', 'ocop5', 'avant'} <= set(listener.posts), 'what is shown')
    assert 'owncast:127.0.0.1:ocop2' in listener.gone
    owncast.server.wait('/api/chat/register', 2, 'POST')
    owncast.server.wait('/ws', 2)
    while listener.stats()['malformed'] < 1:
        time.sleep(0.05)
    equal(listener.stats()['posts'], 4)
    assert 'jeton' not in json.dumps(listener.heard)
    listener.close()


def test_owncast_full_then_sent_out():
    def then(request, connection, nth):
        if nth == 1:
            connection.answer(200, 'ERROR_MAX_CONNECTIONS_EXCEEDED')
        else:
            connection.websocket(request)
            connection.frame(b'{"type":"ERROR_MAX_CONNECTIONS_EXCEEDED"}' if nth == 2 else
                             b'{"type":"ERROR_USER_DISABLED"}')
            connection.hold()
    owncast = Owncast(then)
    listener = listen_owncast(owncast)
    equal(listener.state('WAITING')['code'], BUSY)
    equal(listener.state('WAITING')['code'], BUSY)
    equal(listener.state('FAILED')['code'], REFUSED)
    time.sleep(0.3)
    equal(owncast.n, 3)
    listener.close()


def test_owncast_half_open_and_no_owncast():
    def then(request, connection, nth):
        connection.websocket(request)
        connection.hold(pings=nth > 1)
    owncast = Owncast(then)
    listener = listen_owncast(owncast)
    listener.state('SILENT')
    equal(listener.state('WAITING')['code'], SILENT)
    listener.state('LIVE')
    equal(owncast.server.count('/api/chat/register', 'POST'), 1)
    listener.close()
    owncast = Owncast(then, register=lambda c: c.answer(404, 'nothing here'))
    listener = listen_owncast(owncast)
    equal(listener.state('FAILED')['code'], REFUSED)
    listener.close()


if __name__ == '__main__':
    sys.exit(run(globals()))

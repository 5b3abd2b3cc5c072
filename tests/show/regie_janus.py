# SPDX-License-Identifier: GPL-3.0-or-later
"""Janus, a WebRTC server of others, behind a WHIP endpoint: its VideoRoom publishes, and forwards what
it got as plain RTP to ffmpeg."""
import http.server
import itertools
import json
import pathlib
import re
import socket
import subprocess
import threading
import urllib.request

from regie_eyevinn import own_address
from regie_servers import wait_for_port
from regie_testing import Failure, Skipped, free_port, wait_for_udp_port, wait_until

PLUGINS = pathlib.Path('/usr/lib/x86_64-linux-gnu/janus')
ROOM = 1234

CONFIG = '''general: {{
  configs_folder = "{folder}"
  plugins_folder = "{plugins}/plugins"
  transports_folder = "{plugins}/transports"
  debug_level = 4
  server_name = "test"
}}
media: {{ rtp_port_range = "20000-40000" }}
nat: {{ nice_debug = false  ice_enforce_list = "{address}" }}
plugins: {{ disable = "{other_plugins}" }}
transports: {{ disable = "{other_transports}" }}
'''
HTTP = '''general: {{
  json = "compact"
  base_path = "/janus"
  http = true
  port = {port}
  ip = "127.0.0.1"
  https = false
}}
admin: {{ admin_http = false  admin_https = false }}
'''
SDP = '''v=0
o=- 0 0 IN IP4 127.0.0.1
s=Janus
c=IN IP4 127.0.0.1
t=0 0
m=audio {audio} RTP/AVP 111
a=rtpmap:111 opus/48000/2
m=video {video} RTP/AVP 96
a=rtpmap:96 {codec}/90000
'''


def names_but(folder, one):
    return ','.join(path.name for path in sorted(folder.glob('*.so')) if path.name != one)


class Janus:
    """The server itself, with one room; its HTTP interface is on the loopback."""

    def __init__(self, stage):
        address = own_address()  # it gathers none on the loopback
        if not PLUGINS.is_dir():
            raise Skipped('Janus is not where Debian has it')
        self.stage, self.port = stage, free_port()
        self.numbers = itertools.count(1)
        self.folder = stage.folder / f'janus-{self.port}'
        self.folder.mkdir()
        (self.folder / 'janus.jcfg').write_text(CONFIG.format(
            folder=self.folder, plugins=PLUGINS, address=address,
            other_plugins=names_but(PLUGINS / 'plugins', 'libjanus_videoroom.so'),
            other_transports=names_but(PLUGINS / 'transports', 'libjanus_http.so')))
        (self.folder / 'janus.transport.http.jcfg').write_text(HTTP.format(port=self.port))
        (self.folder / 'janus.plugin.videoroom.jcfg').write_text(
            f'room-{ROOM}: {{ description = "test"  publishers = 4  audiocodec = "opus"  videocodec = "h264,vp8" }}\n')
        log = self.folder / 'log'
        with open(log, 'w') as output:
            process = stage.start(['janus', '-F', self.folder, '-C', self.folder / 'janus.jcfg', '-o'],
                                  stdout=output, stderr=subprocess.STDOUT)
        wait_for_port(self.port, process, log)

    def _call(self, path='', **message):
        """One request of Janus' own interface, or with no message, the next event."""
        body = json.dumps(dict(message, transaction=f't{next(self.numbers)}')).encode() if message else None
        request = urllib.request.Request(f'http://127.0.0.1:{self.port}/janus{path}', body,
                                         {'Content-Type': 'application/json'})
        with urllib.request.urlopen(request, timeout=35) as reply:
            answer = json.load(reply)
        if answer['janus'] == 'error' or 'error' in answer.get('plugindata', {}).get('data', {}):
            raise Failure(f'Janus: {answer}')
        return answer

    def attach(self):
        """Returns the paths of a session, and of a handle in it to the room."""
        session = f"/{self._call(janus='create')['data']['id']}"
        handle = self._call(session, janus='attach', plugin='janus.plugin.videoroom')['data']['id']
        return session, f'{session}/{handle}'

    def message(self, handle, body, **more):
        return self._call(handle, janus='message', body=body, **more)

    def publish(self, offer):
        """Returns the path of a handle that publishes, the publisher's id, and Janus' answer to an offer."""
        session, handle = self.attach()
        self.message(handle, {'request': 'joinandconfigure', 'room': ROOM, 'ptype': 'publisher', 'display': 'show'},
                     jsep={'type': 'offer', 'sdp': offer})
        publisher = None
        while True:
            event = self._call(session)
            publisher = event.get('plugindata', {}).get('data', {}).get('id', publisher)
            if 'jsep' in event:
                return handle, publisher, event['jsep']['sdp']

    def subscribe(self, publisher):
        """Returns the path of a handle that gets what a publisher sends, and Janus' offer."""
        # One who has not been connected yet is no feed.
        wait_until(lambda: any(p['id'] == publisher for p in self.publishers()), 'the publisher', 15)
        session, handle = self.attach()
        self.message(handle, {'request': 'join', 'room': ROOM, 'ptype': 'subscriber', 'streams': [{'feed': publisher}]})
        while True:
            event = self._call(session)
            if 'jsep' in event:
                return handle, event['jsep']['sdp']

    def destroy(self, session):
        self._call(session, janus='destroy')

    def publishers(self):
        session, handle = self.attach()
        answer = self.message(handle, {'request': 'listparticipants', 'room': ROOM})
        self.destroy(session)
        return [p for p in answer['plugindata']['data']['participants'] if p['publisher']]

    def forward(self, publishing, publisher, mids, codec, seconds):
        """ffmpeg, which writes down what Janus sends on; returns its process and the file."""
        video, audio = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM)
        path = self.folder / f'{codec.lower()}.mkv'
        sdp = path.with_suffix('.sdp')
        sdp.write_text(SDP.format(audio=audio, video=video, codec=codec))
        process = self.stage.start(
            ['ffmpeg', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,udp,rtp', '-i', sdp,
             '-t', str(seconds), '-c', 'copy', '-y', path], stderr=open(path.with_suffix('.log'), 'w'))
        wait_for_udp_port(audio)
        wait_for_udp_port(video)
        _, handle = self.attach()
        self.message(handle, {
            'request': 'rtp_forward', 'room': ROOM, 'publisher_id': publisher, 'host': '127.0.0.1',
            'host_family': 'ipv4', 'streams': [{'mid': mids['audio'], 'port': audio, 'pt': 111},
                                               {'mid': mids['video'], 'port': video, 'pt': 96}]})
        # What comes before one cannot be decoded.
        self.message(publishing, {'request': 'configure', 'keyframe': True})
        return process, path


class JanusWhip:
    """A WHIP endpoint (RFC 9725) in front of it: POST publishes, DELETE ends."""

    def __init__(self, janus, token, without=None):
        front = self
        self.said = []  # (method, status)
        self.published = []  # handles and ids of publishers, and what their picture and sound are called there

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def log_message(self, *_):
                pass

            def reply(self, status, body='', **headers):
                front.said.append((self.command, status))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace('_', '-'), value)
                self.send_header('Content-Length', str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def is_known(self):
                if self.headers.get('Authorization') == f'Bearer {token}':
                    return True
                self.reply(401)
                return False

            def do_POST(self):
                offer = self.rfile.read(int(self.headers.get('Content-Length') or 0)).decode()
                if not self.is_known():
                    return
                if without is not None and without in offer:
                    self.reply(415)
                    return
                handle, publisher, answer = janus.publish(offer)
                mids = dict(re.findall(r'^m=(audio|video) [^\0]*?^a=mid:(\S+)', answer, re.M))
                front.published.append((handle, publisher, mids))
                self.reply(201, answer, Content_Type='application/sdp', Location=f"/session{handle.rsplit('/', 1)[0]}")

            def do_DELETE(self):
                if self.is_known():
                    janus.destroy(self.path.removeprefix('/session'))
                    self.reply(200)

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self):
        return f'http://127.0.0.1:{self.server.server_port}/whip'

    def wait_for_publisher(self):
        wait_until(lambda: self.published, 'somebody publishing', 20)
        return self.published[-1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class JanusWhep:
    """A WHEP endpoint in front of the room, where Janus offers: POST gets 406 and its offer instead of an
    answer, PATCH brings the answer. It may recommend a server to be found by, a Link."""

    def __init__(self, janus, token, publisher, ice_server=None):
        front = self
        self.said = []  # (method, status)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def log_message(self, *_):
                pass

            def reply(self, status, body='', **headers):
                front.said.append((self.command, status))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace('_', '-'), value)
                self.send_header('Content-Length', str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def take(self):
                body = self.rfile.read(int(self.headers.get('Content-Length') or 0)).decode()
                if self.headers.get('Authorization') == f'Bearer {token}':
                    return body
                self.reply(401)
                return None

            def do_POST(self):
                if self.take() is not None:
                    handle, offer = janus.subscribe(publisher)
                    self.reply(406, offer, Content_Type='application/sdp', Location=f'/session{handle}',
                               **({'Link': ice_server} if ice_server else {}))

            def do_PATCH(self):
                answer = self.take()
                if answer is not None:
                    janus.message(self.path.removeprefix('/session'), {'request': 'start'},
                                  jsep={'type': 'answer', 'sdp': answer})
                    self.reply(204)

            def do_DELETE(self):
                if self.take() is not None:
                    janus.destroy(self.path.removeprefix('/session').rsplit('/', 1)[0])
                    self.reply(200)

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self):
        return f'http://127.0.0.1:{self.server.server_port}/whep'

    def close(self):
        self.server.shutdown()
        self.server.server_close()

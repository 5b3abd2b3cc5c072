# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that stands in for networks and chats: bytes exactly as told, over real sockets."""

import base64
import hashlib
import json
import pathlib
import socket
import struct
import threading
import urllib.parse

FIXTURES = pathlib.Path(__file__).parent / 'fixtures'
WEBSOCKET_ID = b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11'


class Request:
    def __init__(self, method, target, headers, body):
        self.method, self.headers, self.body = method, headers, body
        self.path, _, query = target.partition('?')
        self.query = {k: v[-1] for k, v in urllib.parse.parse_qs(query).items()}
        self.queries = urllib.parse.parse_qs(query)
        self.token = headers.get('authorization', '').removeprefix('Bearer ') or None


class Connection:
    """What a route may do with one connection."""

    def __init__(self, sock, server):
        self.sock, self.server, self.upgraded = sock, server, False

    def raw(self, data):
        self.sock.sendall(data)

    def answer(self, status, body=b'', headers=None):
        if not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        lines = [f'HTTP/1.1 {status} X', f'Content-Length: {len(body)}', 'Connection: close']
        lines += [f'{k}: {v}' for k, v in (headers or {}).items()]
        self.raw('\r\n'.join(lines).encode() + b'\r\n\r\n' + body)

    def fixture(self, name):
        answer = json.loads((FIXTURES / name).read_text())
        headers = {k: v for k, v in answer['headers'].items() if k.lower() != 'link'}
        self.answer(answer['status'], answer['body'], headers)

    def stream(self, content_type):
        self.raw(f'HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n'.encode())

    def chunk(self, data):
        self.raw(b'%x\r\n%s\r\n' % (len(data), data))

    def chunks(self, data, sizes):
        for size in sizes:
            if data:
                self.chunk(data[:size])
            data = data[size:]
        if data:
            self.chunk(data)

    def websocket(self, request, protocol=None):
        key = hashlib.sha1(request.headers['sec-websocket-key'].encode() + WEBSOCKET_ID).digest()
        lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade',
                 'Sec-WebSocket-Accept: ' + base64.b64encode(key).decode()]
        if protocol:
            lines.append('Sec-WebSocket-Protocol: ' + protocol)
        self.raw('\r\n'.join(lines).encode() + b'\r\n\r\n')
        self.upgraded = True

    def frame(self, data, opcode=1):
        if len(data) < 126:
            head = struct.pack('!BB', 0x80 | opcode, len(data))
        elif len(data) < 65536:
            head = struct.pack('!BBH', 0x80 | opcode, 126, len(data))
        else:
            head = struct.pack('!BBQ', 0x80 | opcode, 127, len(data))
        self.raw(head + data)

    def read_frame(self):
        """Opcode and payload of the next frame of the client; None at its end."""
        head = self.exactly(2)
        if head is None:
            return None
        length = head[1] & 0x7F
        if length > 125:
            more = self.exactly(2 if length == 126 else 8)
            length = int.from_bytes(more, 'big')
        mask = self.exactly(4)
        data = self.exactly(length) if length else b''
        return head[0] & 0x0F, bytes(b ^ mask[i % 4] for i, b in enumerate(data))

    def exactly(self, n):
        data = b''
        while len(data) < n:
            more = self.sock.recv(n - len(data))
            if not more:
                return None
            data += more
        return data

    def reset(self):
        """An end without a goodbye: RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.sock.close()

    def hold(self, pings=True):
        """Open until the client goes; answers its pings if wanted."""
        try:
            while True:
                if self.upgraded:
                    frame = self.read_frame()
                    if frame is None or frame[0] == 8:
                        return
                    if frame[0] == 9 and pings:
                        self.frame(frame[1], 10)
                elif not self.sock.recv(4096):
                    return
        except OSError:
            pass


class Server:
    """Calls `route (request, connection)` in a thread for each request."""

    def __init__(self, route):
        self.route, self.requests = route, []
        self.changed = threading.Condition()
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def http(self):
        return f'http://127.0.0.1:{self.port}'

    @property
    def ws(self):
        return f'ws://127.0.0.1:{self.port}'

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        try:
            data = b''
            while b'\r\n\r\n' not in data:
                more = sock.recv(65536)
                if not more:
                    return
                data += more
            head, _, body = data.partition(b'\r\n\r\n')
            lines = head.decode().split('\r\n')
            method, target, _ = lines[0].split(' ', 2)
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(':') for line in lines[1:])}
            while len(body) < int(headers.get('content-length', 0)):
                body += sock.recv(65536)
            request = Request(method, target, headers, body)
            with self.changed:
                self.requests.append(request)
                self.changed.notify_all()
            self.route(request, Connection(sock, self))
        except OSError:
            pass
        finally:
            sock.close()

    def count(self, path, method='GET'):
        return sum(r.path == path and r.method == method for r in self.requests)

    def wait(self, path, n=1, method='GET', timeout=20):
        with self.changed:
            if not self.changed.wait_for(lambda: self.count(path, method) >= n, timeout):
                raise AssertionError(f'{method} {path}: {self.count(path, method)} of {n}')
        return [r for r in self.requests if r.path == path and r.method == method]

    def close(self):
        self.listener.close()

# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers of others that a show publishes to: what streaming services and volunteers run."""
import contextlib
import hashlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

from regie_testing import TESTS, Failure, NginxRtmp, Skipped, free_port, run, wait_until


def npm_folder():
    """Where build-aux/install-deps has put the servers of tests/servers/package.json, or Skipped."""
    cache = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache')
    digest = hashlib.sha256((TESTS / 'servers' / 'package.json').read_bytes()).hexdigest()
    folder = cache / 'regie' / f'test-servers-{digest[:12]}'
    if not folder.is_dir():
        raise Skipped('npm could not install the servers of tests/servers/package.json here')
    return folder


class NginxWithKeys(NginxRtmp):
    """An RTMP server that takes one stream key and turns every other one away."""

    def __init__(self, stage, key):
        self.key = key
        super().__init__(stage)

    def _configure(self):
        door = f'location /door {{ if ($arg_name = "{self.key}") {{ return 200; }} return 403; }} location /stat'
        return super()._configure().replace('location /stat', door).replace(
            'record all;',
            f'record all; notify_method get; on_publish http://127.0.0.1:{self.http_port}/door;')


class Certificates:
    """An authority of our own, and what it signs for localhost: good, expired, of another host, or by nobody."""

    def __init__(self, stage):
        self.folder = stage.folder / 'certificates'
        self.folder.mkdir(exist_ok=True)
        self.authority = self.folder / 'authority.pem'
        if not self.authority.exists():
            self._openssl('req', '-x509', '-days', '2', '-subj', '/CN=Test authority', *self._new_key('authority'),
                          '-addext', 'keyUsage=critical,keyCertSign', '-out', self.authority)

    def _openssl(self, *arguments):
        run(['openssl', *arguments])

    def _new_key(self, name):
        return ('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
                '-keyout', self.folder / f'{name}.key')

    def make(self, kind):
        """A file with certificate and key; kind is good, expired, other-host or unknown."""
        host = 'other.example' if kind == 'other-host' else 'localhost'
        names = f'subjectAltName=DNS:{host}' + ('' if kind == 'other-host' else ',IP:127.0.0.1')
        path, request = self.folder / f'{kind}.pem', self.folder / f'{kind}.csr'
        if kind == 'unknown':
            self._openssl('req', '-x509', '-days', '2', '-subj', f'/CN={host}', *self._new_key(kind), '-addext', names,
                          '-out', path)
        else:
            self._openssl('req', '-new', '-subj', f'/CN={host}', *self._new_key(kind), '-out', request)
            (self.folder / f'{kind}.ext').write_text(names + '\n')
            self._openssl('x509', '-req', '-in', request, '-CA', self.authority,
                          '-CAkey', self.folder / 'authority.key', '-CAcreateserial',
                          '-days', '-1' if kind == 'expired' else '2',
                          '-extfile', self.folder / f'{kind}.ext', '-out', path)
        with open(path, 'a') as output:
            output.write((self.folder / f'{kind}.key').read_text())
        path.chmod(0o600)
        return path


class Stunnel:
    """TLS in front of a server that has none."""

    def __init__(self, stage, target_port, certificate):
        self.port = free_port()
        folder = stage.folder / f'stunnel-{self.port}'
        folder.mkdir()
        config = folder / 'stunnel.conf'
        config.write_text(f'foreground = yes\npid =\nsyslog = no\noutput = {folder}/log\ndebug = 4\n'
                          f'[rtmps]\naccept = 127.0.0.1:{self.port}\nconnect = 127.0.0.1:{target_port}\n'
                          f'cert = {certificate}\n')
        self.process = stage.start(['stunnel4', config], stderr=subprocess.DEVNULL)
        wait_for_port(self.port, self.process, folder / 'log')

    def url(self, application='live', host='localhost'):
        return f'rtmps://{host}:{self.port}/{application}'


def wait_for_port(port, process, log=None, host='127.0.0.1'):
    """Waits until somebody listens there."""
    def listening():
        if process.poll() is not None:
            raise Failure(f'the server ended: {log.read_text() if log and log.exists() else process.returncode}')
        try:
            socket.create_connection((host, port), timeout=1).close()
            return True
        except OSError:
            return False
    wait_until(listening, f'somebody listening on port {port}', 15)


class NodeMediaServer:
    """node-media-server, which gives as HTTP-FLV what it gets by RTMP."""

    def __init__(self, stage, secret=None):
        folder = npm_folder()
        self.stage = stage
        self.secret = secret
        self.port, self.http_port = free_port(), free_port()
        self.folder = stage.folder / f'node-{self.port}'
        self.folder.mkdir()
        config = self.folder / 'config.json'
        config.write_text(json.dumps({
            'bind': '127.0.0.1', 'notify': {'url': ''}, 'store': {'path': str(self.folder / 'data')},
            'auth': {'play': False, 'publish': secret is not None, 'secret': secret or 'unused'},
            'rtmp': {'port': self.port}, 'http': {'port': self.http_port}}))
        self.log = self.folder / 'log'
        with open(self.log, 'wb') as log:
            self.process = stage.start(['node', folder / 'node_modules/node-media-server/bin/app.js',
                                        '-c', config, '--no-admin'], stdout=log, stderr=log, cwd=self.folder)
        wait_for_port(self.port, self.process, self.log)

    def url(self, application='live'):
        return f'rtmp://127.0.0.1:{self.port}/{application}'

    def sign(self, name, application='live'):
        """The stream key with the signature that the server asks for."""
        until = int(time.time()) + 3600
        digest = hashlib.md5(f'/{application}/{name}-{until}-{self.secret}'.encode()).hexdigest()
        return f'{name}?sign={until}-{digest}'

    def watch(self, name, application='live'):
        """ffmpeg, which reads the stream as a player does; returns the process and where it writes."""
        path = self.folder / f'{name}.nut'
        process = self.stage.start(
            ['ffmpeg', '-nostdin', '-loglevel', 'error', '-i',
             f'http://127.0.0.1:{self.http_port}/{application}/{name}.flv', '-c', 'copy', '-y', path],
            stderr=subprocess.DEVNULL)
        return process, path


class SrtServer:
    """srt-live-transmit, which writes what is sent to it: it waits for a call, or calls."""

    def __init__(self, stage, mode='listener', port=None, **options):
        self.port = port or free_port(socket.SOCK_DGRAM)
        self.stage = stage
        self.path = stage.folder / f'srt-{mode}-{self.port}.ts'
        query = '&'.join(f'{name}={value}' for name, value in {'mode': mode, 'latency': 200, **options}.items())
        self.address = f'srt://127.0.0.1:{self.port}?{query}'
        self.log = stage.folder / f'srt-{mode}-{self.port}.log'
        self.process = None
        self.start()

    def start(self):
        with open(self.path, 'ab') as output, open(self.log, 'ab') as log:
            self.process = self.stage.start(['srt-live-transmit', '-q', '-a:no', '-loglevel:error', self.address,
                                             'file://con'], stdout=output, stderr=log)

    def url(self, **options):
        query = '&'.join(f'{name}={value}' for name, value in options.items())
        return f'srt://127.0.0.1:{self.port}' + (f'?{query}' if query else '')

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(10)
        return self.path


@contextlib.contextmanager
def trusting(stage, authority):
    """The Régie that is started meanwhile trusts this authority as well as the system's; gives
    whether that can be done here."""
    system = pathlib.Path('/etc/ssl/certs/ca-certificates.crt')
    probe = subprocess.run(['unshare', '-m', 'true'], capture_output=True, check=False)
    if probe.returncode != 0 or not system.exists():
        yield False
        return
    bundle, wrapper = stage.folder / 'trusted.crt', stage.folder / 'regie'
    bundle.write_bytes(system.read_bytes() + authority.read_bytes())
    # Its own view of the file system, where the list of authorities is ours.
    wrapper.write_text(f'#!/bin/sh\nexec unshare -m sh -c \'mount --bind "$0" {system} && exec "$@"\' '
                       f'{bundle} {os.environ["REGIE"]} "$@"\n')
    wrapper.chmod(0o755)
    real, os.environ['REGIE'] = os.environ['REGIE'], str(wrapper)
    try:
        yield True
    finally:
        os.environ['REGIE'] = real


class Line:
    """A network of two machines, one of them ours: its line can be made slow, cut, and mended."""

    n_made = 0

    def __init__(self, stage):
        Line.n_made += 1
        self.name = f'rg{os.getpid() % 100000}n{Line.n_made}'
        # Addresses for measurements of networks (RFC 2544), which nobody has.
        network = f'198.18.{os.getpid() % 250}.{4 * Line.n_made}'
        ours, self.host = (network.rsplit('.', 1)[0] + f'.{4 * Line.n_made + i}' for i in (1, 2))
        # The network ends with this process, and the line with the network.
        holder = stage.start(['unshare', '-n', 'sleep', '1000'], stderr=subprocess.DEVNULL)
        self.prefix = ('nsenter', '-t', str(holder.pid), '-n')
        wait_until(lambda: holder.poll() is not None or self._is_apart(holder.pid), 'a network', 5)
        if holder.poll() is not None:
            raise Skipped('only an administrator can make a network')
        for command in (
                ['ip', 'link', 'add', self.name, 'type', 'veth', 'peer', 'name', 'there', 'netns', holder.pid],
                ['ip', 'address', 'add', f'{ours}/30', 'dev', self.name], ['ip', 'link', 'set', self.name, 'up'],
                [*self.prefix, 'ip', 'address', 'add', f'{self.host}/30', 'dev', 'there'],
                [*self.prefix, 'ip', 'link', 'set', 'there', 'up'], [*self.prefix, 'ip', 'link', 'set', 'lo', 'up']):
            try:
                run(command)
            except Failure as failure:
                raise Skipped(f'no network can be made here: {failure}') from None

    @staticmethod
    def _is_apart(pid):
        try:
            return os.readlink(f'/proc/{pid}/ns/net') != os.readlink('/proc/self/ns/net')
        except OSError:
            return False

    def slow_down(self, kbps):
        run(['tc', 'qdisc', 'replace', 'dev', self.name, 'root', 'tbf', 'rate', f'{kbps}kbit', 'burst', '8kb',
             'limit', '64kb'])

    def speed_up(self):
        run(['tc', 'qdisc', 'del', 'dev', self.name, 'root'])

    def cut(self):
        run(['ip', 'link', 'set', self.name, 'down'])

    def mend(self):
        run(['ip', 'link', 'set', self.name, 'up'])


class NginxFarAway(NginxRtmp):
    """An RTMP server at the other end of a line."""

    def __init__(self, stage, line):
        self.host, self.prefix = line.host, line.prefix
        super().__init__(stage)

    def _configure(self):
        # One whose line was cut does not say goodbye.
        return super()._configure().replace('record all;', 'record all; drop_idle_publisher 5s;')

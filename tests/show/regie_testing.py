# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of a whole show share: the headless program, real servers, and eyes and ears.

A test is a script with cases; each case gets a Stage of its own, with a private folder, home,
runtime folder and session bus, and everything that it starts is gone when the case is over. What
a show sent out is captured in a file and then judged by ffprobe and ffmpeg alone.

The program under test is $REGIE. One picture per proof goes to $REGIE_TEST_ARTIFACTS.
"""
import array
import collections
import ctypes
import json
import math
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.error
import urllib.request
import zlib

import gi
gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

from regie_pace import PATIENCE  # noqa: E402

SKIP = 77
BUS_NAME = 'live.regie.Regie'
OBJECT_PATH = '/live/regie/Regie'
TESTS = pathlib.Path(__file__).resolve().parent.parent
ARTIFACTS = pathlib.Path(os.environ.get('REGIE_TEST_ARTIFACTS') or TESTS / 'artifacts')
RTMP_MODULES = ('/usr/lib/nginx/modules/ngx_rtmp_module.so', '/usr/lib64/nginx/modules/ngx_rtmp_module.so',
                '/usr/share/nginx/modules/ngx_rtmp_module.so')
RATE = 30
FRAME_S = 1 / RATE
SAMPLE_RATE = 48000
PROGRAM = {'width': 640, 'height': 360, 'rate': RATE, 'video-kbps': 800, 'audio-kbps': 128}
FLASH_PERIOD_S = 2
FLASH_S = 0.1
# Colours that survive encoding, far enough apart to be told from each other after it.
RED, BLUE, GREEN, YELLOW, MAGENTA, BLACK, WHITE = (
    (200, 30, 30), (30, 30, 200), (30, 160, 30), (200, 200, 30), (255, 0, 255), (0, 0, 0), (255, 255, 255))

Frame = collections.namedtuple('Frame', 'time data')
Packet = collections.namedtuple('Packet', 'time duration keyframe')


class Failure(Exception):
    """The case cannot go on."""


class Skipped(Exception):
    """What the case needs is not here."""


# ---------------------------------------------------------------------------------------------
# Results


class Tap:
    """Claims and what came of them, as TAP on standard output."""

    def __init__(self):
        self.n_claims = self.n_failed = 0
        self.n_skipped = 0

    def _say(self, line):
        print(line, flush=True)

    def note(self, text):
        for line in str(text).splitlines() or ['']:
            self._say('# ' + line)

    def check(self, holds, claim, detail=''):
        """One claim; goes on whether it holds or not."""
        self.n_claims += 1
        if not holds:
            self.n_failed += 1
        self._say(f'{"ok" if holds else "not ok"} {self.n_claims} {claim}')
        if detail != '':
            self.note(detail)
        return holds

    def skip(self, claim, reason):
        self.n_claims += 1
        self.n_skipped += 1
        self._say(f'ok {self.n_claims} {claim} # SKIP {reason}')

    def run(self, *cases):
        """Runs the cases, or those named on the command line, and ends the program."""
        wanted = [case for case in cases if not sys.argv[1:] or case.__name__ in sys.argv[1:]]
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        for case in wanted:
            began = time.monotonic()
            self.note(f'{case.__name__}: {(case.__doc__ or "").strip()}')
            n_failed = self.n_failed
            with Stage(case.__name__) as stage:
                try:
                    case(stage)
                except Skipped as skipped:
                    self.skip(case.__name__, skipped)
                except Exception as error:  # pylint: disable=broad-except
                    self.check(False, case.__name__, f'{type(error).__name__}: {error}')
                    if not isinstance(error, Failure):
                        self.note(traceback.format_exc())
                if self.n_failed > n_failed:
                    for show in stage.shows:
                        self.note(show.describe())
            self.note(f'{case.__name__}: {time.monotonic() - began:.1f} s')
        self._say(f'1..{self.n_claims}')
        sys.exit(1 if self.n_failed else 0)


tap = Tap()


def artifact(name):
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    return ARTIFACTS / name


def wait_until(condition, what, timeout_s=20.0, interval_s=0.05):
    """Waits until condition () gives something true, and returns that."""
    end = time.monotonic() + timeout_s * PATIENCE
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise Failure(f'waited {timeout_s * PATIENCE:.0f} s in vain for: {what}')
        time.sleep(interval_s)


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


# ---------------------------------------------------------------------------------------------
# The stage and what plays on it


def _die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Stage:
    """A private folder, home and session bus; knows every process of a case."""

    def __init__(self, name):
        self.name = name
        self.processes = []
        self.shows = []
        self.folder = None
        self.bus = None
        self.mounts = []

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix='regie-test-'))
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def _open(self):
        home, runtime = self.folder / 'home', self.folder / 'runtime'
        home.mkdir()
        runtime.mkdir(mode=0o700)
        # Any GStreamer program of this user makes this one: looking at all plugins takes seconds.
        cache = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache')
        registry = cache / 'gstreamer-1.0' / f'registry.{os.uname().machine}.bin'
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(('XDG_', 'DBUS_', 'LC_', 'LANG')) and
                            name not in ('DISPLAY', 'WAYLAND_DISPLAY', 'PULSE_SERVER')}
        self.environment.update({
            'HOME': str(home),
            'XDG_RUNTIME_DIR': str(runtime),
            'XDG_CONFIG_HOME': str(home / 'config'),
            'XDG_DATA_HOME': str(home / 'data'),
            'XDG_CACHE_HOME': str(home / 'cache'),
            'XDG_STATE_HOME': str(home / 'state'),
            'GST_REGISTRY': os.environ.get('GST_REGISTRY') or str(registry),
            'GSETTINGS_BACKEND': 'memory',
            'LC_ALL': 'C.UTF-8',
            'LANGUAGE': 'C',
        })
        self._open_bus()

    def _open_bus(self):
        # Without service folders: nothing but the program is ever on this bus.
        config = self.folder / 'bus.conf'
        config.write_text(
            '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" '
            '"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">\n'
            f'<busconfig><type>session</type><listen>unix:path={self.folder}/bus</listen>'
            '<policy context="default"><allow send_destination="*"/><allow own="*"/>'
            '<allow eavesdrop="true"/></policy></busconfig>\n')
        daemon = self.start(['dbus-daemon', f'--config-file={config}', '--nofork', '--print-address=1'],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        address = daemon.stdout.readline().strip()
        if not address:
            raise Failure('dbus-daemon did not start')
        self.environment['DBUS_SESSION_BUS_ADDRESS'] = address
        self.bus = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
            Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.bus.set_exit_on_close(False)

    def start(self, command, **options):
        """A process that is gone at the end of the case, whatever happens."""
        if shutil.which(str(command[0])) is None:
            raise Skipped(f'{command[0]} is not installed')
        options.setdefault('env', self.environment)
        options.setdefault('stdin', subprocess.DEVNULL)
        process = subprocess.Popen([str(word) for word in command], start_new_session=True,
                                   preexec_fn=_die_with_parent, **options)
        self.processes.append(process)
        return process

    def mount_tmpfs(self, path, size):
        """A disk of our own, or Skipped."""
        path.mkdir(parents=True)
        result = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={size},mode=0777', 'none', str(path)],
                                capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise Skipped(f'no small disk can be mounted here: {result.stderr.strip()}')
        self.mounts.append(path)

    def strangers(self):
        """Processes of this stage that we have not started ourselves: a watchdog, and what it started."""
        mark = f'XDG_RUNTIME_DIR={self.folder}/runtime'.encode()
        known = {process.pid for process in self.processes}
        found = []
        for path in pathlib.Path('/proc').glob('[0-9]*/environ'):
            try:
                if mark in path.read_bytes().split(b'\0') and int(path.parent.name) not in known:
                    found.append(int(path.parent.name))
            except OSError:
                pass
        return found

    def _end_strangers(self):
        # The watchdog first, or it would bring back what we end.
        strangers = sorted(self.strangers(), key=lambda pid: b'regie-watchdog' not in _command(pid))
        for pid in strangers:
            try:
                os.kill(pid, signal.SIGTERM if b'regie' in _command(pid) else signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            wait_until(lambda: not self.strangers(), 'the end of all processes', 5)
        except Failure:
            for pid in self.strangers():
                os.kill(pid, signal.SIGKILL)

    def close(self):
        if self.folder is not None and self.strangers():
            self._end_strangers()
        for process in reversed(self.processes):
            if process.poll() is None:
                _signal_group(process, signal.SIGCONT)
                _signal_group(process, signal.SIGTERM)
        end = time.monotonic() + 5
        for process in reversed(self.processes):
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()
        for path in self.mounts:
            subprocess.run(['umount', '-l', str(path)], check=False)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def _command(pid):
    try:
        return pathlib.Path(f'/proc/{pid}/cmdline').read_bytes()
    except OSError:
        return b''


def _signal_group(process, number):
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def write_event(folder, sources, shots=None, **parts):
    """An event file; shots default to one `full` shot for each source, of the same id."""
    event = {'regie': 1, 'title': 'Test', 'program': PROGRAM, 'sources': sources,
             'shots': shots or [{'id': source['id'], 'layout': 'full', 'sources': [source['id']]}
                                for source in sources],
             'recording': {'folder': 'recordings'}}
    event.update(parts)
    path = pathlib.Path(folder) / 'event.regie'
    path.write_text(json.dumps(event, indent=2))
    return path


def write_secrets(folder, keys, mode=0o600):
    path = pathlib.Path(folder) / 'secrets.json'
    path.write_text(json.dumps(keys))
    path.chmod(mode)
    return path


class Regie:
    """The headless program, its status lines and its actions."""

    def __init__(self, stage, event, go_live=True, for_s=None, secrets=None, options=(), watchdog=False):
        command = [os.environ['REGIE'], '--headless', event]
        command += ['--go-live'] if go_live else []
        command += ['--for', for_s] if for_s else []
        command += ['--secrets', secrets] if secrets else []
        # A crash is a failure of the test, not something to come back from.
        command += [] if watchdog else ['--no-watchdog']
        command += options
        self.bus = stage.bus
        self.lines = []  # (monotonic time, status)
        self.garbage = []  # what was on standard output and is not JSON
        self.stderr = []
        self.changed = threading.Condition()
        environment = dict(stage.environment, G_DEBUG='fatal-warnings', MALLOC_CHECK_='3')
        self.process = stage.start(command, env=environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, errors='replace')
        self.readers = [threading.Thread(target=self._read, daemon=True),
                        threading.Thread(target=self._read_errors, daemon=True)]
        for reader in self.readers:
            reader.start()
        stage.shows.append(self)

    def _read(self):
        for line in self.process.stdout:
            now = time.monotonic()
            with self.changed:
                try:
                    self.lines.append((now, json.loads(line)))
                except ValueError:
                    self.garbage.append(line)
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def _read_errors(self):
        for line in self.process.stderr:
            self.stderr.append(line)

    def describe(self):
        last = json.dumps(self.lines[-1][1], indent=1) if self.lines else 'none'
        return (f'exit status: {self.process.poll()}\nlast status line: {last}\n'
                f'standard error:\n{"".join(self.stderr[-60:])}')

    @property
    def status(self):
        return self.lines[-1][1] if self.lines else None

    def wait_for(self, predicate, what, timeout_s=20.0):
        """Waits for a status line, from now on, for which predicate (status) is true."""
        with self.changed:
            at = len(self.lines)
            end = time.monotonic() + timeout_s * PATIENCE
            while True:
                for _, status in self.lines[at:]:
                    at += 1
                    if predicate(status):
                        return status
                left_s = end - time.monotonic()
                if self.process.poll() is not None and not self.readers[0].is_alive():
                    raise Failure(f'regie ended with status {self.process.returncode} before: {what}')
                if left_s <= 0:
                    raise Failure(f'waited {timeout_s * PATIENCE:.0f} s in vain for: {what}')
                self.changed.wait(min(left_s, 0.5))

    def wait_for_live(self, timeout_s=25.0):
        """Every source, every destination and the recording work."""
        return self.wait_for(
            lambda status: all(s['state'] == 'live' for s in status['sources']) and
            all(d['state'] == 'live' for d in status['destinations']) and
            is_recording(status), 'everything live', timeout_s)

    def go_live(self):
        """Once every source works, so that nothing else is in the captures; then as wait_for_live ()."""
        self.wait_for(lambda status: all(s['state'] == 'live' for s in status['sources']), 'every source')
        self.wait_for_actions()
        self.action('go-live')
        self.wait_for_live()

    def wait_for_running(self, seconds, timeout_s=None):
        """Waits until the show has gone on for so long from now, by its own time."""
        began = self.status['running-ms'] if self.status else 0
        return self.wait_for(lambda status: status['running-ms'] >= began + seconds * 1000,
                             f'{seconds} s of show', timeout_s or seconds * 2 + 10)

    def _call(self, method, parameters, reply):
        return self.bus.call_sync(BUS_NAME, OBJECT_PATH, 'org.gtk.Actions', method, parameters, reply,
                                  Gio.DBusCallFlags.NONE, 10000, None)

    def wait_for_actions(self, timeout_s=15.0):
        def listed():
            if self.process.poll() is not None:
                raise Failure(f'regie ended with status {self.process.returncode}')
            try:
                return self._call('List', None, GLib.VariantType('(as)'))
            except GLib.Error:
                return None
        return wait_until(listed, 'the actions on D-Bus', timeout_s)[0]

    def action(self, name, parameter=None):
        """Activates an action; `parameter` is a GLib.Variant or a string."""
        if isinstance(parameter, str):
            parameter = GLib.Variant('s', parameter)
        parameters = [parameter] if parameter is not None else []
        self._call('Activate', GLib.Variant('(sava{sv})', (name, parameters, {})), None)

    def set_state(self, name, value):
        self._call('SetState', GLib.Variant('(sva{sv})', (name, value, {})), None)

    def state(self, name):
        """The state of an action as a Python value."""
        described = self._call('Describe', GLib.Variant('(s)', (name,)), GLib.VariantType('((bgav))'))
        states = described.unpack()[0][2]
        return states[0] if states else None

    def stop(self, timeout_s=20.0):
        """Ctrl-C; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.wait(timeout_s)

    def kill(self):
        self.process.kill()
        return self.wait()

    @property
    def pid(self):
        """Of the one that runs now, which the watchdog may have started."""
        return self.status['pid']

    def wait_until_gone(self, timeout_s=20.0):
        """The end of a Régie that was started again; its standard output closes with it."""
        for reader in self.readers:
            reader.join(timeout_s * PATIENCE)
        if any(reader.is_alive() for reader in self.readers):
            raise Failure(f'something still holds regie’s standard output after {timeout_s * PATIENCE:.0f} s')

    def wait(self, timeout_s=20.0):
        try:
            status = self.process.wait(timeout_s * PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failure(f'regie did not end within {timeout_s * PATIENCE:.0f} s') from None
        for reader in self.readers:
            reader.join(5)
        return status


def find(entries, identifier):
    return next(entry for entry in entries if entry['id'] == identifier)


def source(status, identifier):
    return find(status['sources'], identifier)


def destination(status, identifier):
    return find(status['destinations'], identifier)


def is_recording(status):
    return status['recording']['state'] in ('recording', 'degraded') and status['recording']['bytes'] > 0


def n_lost_frames(status):
    return status['program']['repeated'] + status['program']['halved'] + status['program']['dropped']


class NginxRtmp:
    """nginx with its RTMP module: records what is published to it, and says who is there."""

    host = '127.0.0.1'
    prefix = ()  # what starts it somewhere else

    def __init__(self, stage):
        self.stage = stage
        self.module = next((path for path in RTMP_MODULES if os.path.exists(path)), None)
        if self.module is None:
            raise Skipped('the RTMP module of nginx is not installed')
        self.port = free_port()
        self.http_port = free_port()
        self.folder = stage.folder / f'nginx-{self.port}'
        self.recordings = self.folder / 'recordings'
        self.recordings.mkdir(parents=True)
        self.process = None
        (self.folder / 'nginx.conf').write_text(self._configure())
        self.start()

    def _configure(self):
        user = 'user root;' if os.geteuid() == 0 else ''
        folders = ' '.join(f'{kind}_temp_path {self.folder}/{kind};'
                           for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
        return f'''
load_module {self.module};
{user}
daemon off;
master_process off;
worker_processes 1;
pid {self.folder}/nginx.pid;
error_log {self.folder}/error.log warn;
events {{ worker_connections 64; }}
http {{
  access_log off;
  {folders}
  server {{ listen {self.host}:{self.http_port}; location /stat {{ rtmp_stat all; }} }}
}}
rtmp {{
  access_log off;
  server {{
    listen {self.host}:{self.port};
    chunk_size 4096;
    application live {{
      live on;
      record all;
      record_path {self.recordings};
      record_suffix .flv;
      record_unique on;
    }}
    application feed {{ live on; }}
  }}
}}
'''

    def url(self, application='live'):
        return f'rtmp://{self.host}:{self.port}/{application}'

    def start(self):
        self.process = self.stage.start([*self.prefix, 'nginx', '-p', self.folder, '-c', self.folder / 'nginx.conf'],
                                        stderr=subprocess.DEVNULL)
        wait_until(self.stat, 'nginx', 10)

    def stat(self):
        """Its own report as XML; None while it does not answer."""
        if self.process.poll() is not None:
            raise Failure(f'nginx ended: {(self.folder / "error.log").read_text()}')
        try:
            with urllib.request.urlopen(f'http://{self.host}:{self.http_port}/stat', timeout=2) as reply:
                return reply.read().decode()
        except (urllib.error.URLError, OSError):
            return None

    def streams(self):
        return re.findall(r'<stream>\s*<name>([^<]*)</name>', self.stat() or '')

    def signal(self, number):
        _signal_group(self.process, number)

    def kill(self):
        """At once, as a machine that loses its power."""
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Lets it finish its files."""
        self.signal(signal.SIGTERM)
        self.process.wait(10)

    def files(self):
        """What was recorded, oldest first."""
        return sorted(self.recordings.glob('*.flv'), key=lambda path: path.stat().st_mtime)


class Knocks:
    """Listens in the place of a server that died, and notes who comes when."""

    def __init__(self, port):
        self.times = []
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        wait_until(lambda: self._bind(port), f'port {port}', 5)
        self.socket.listen(8)
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _bind(self, port):
        try:
            self.socket.bind(('127.0.0.1', port))
            return True
        except OSError:
            return False

    def _run(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            connection.close()
            with self.changed:
                self.times.append(time.monotonic())
                self.changed.notify_all()

    def wait_for(self, count, timeout_s):
        end = time.monotonic() + timeout_s * PATIENCE
        with self.changed:
            while len(self.times) < count:
                if time.monotonic() > end:
                    raise Failure(f'{len(self.times)} connections in {timeout_s * PATIENCE:.0f} s, not {count}')
                self.changed.wait(0.5)

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(5)


class SrtReceiver:
    """srt-live-transmit, which writes to a file what is sent to it."""

    def __init__(self, stage):
        self.port = free_port(socket.SOCK_DGRAM)
        self.path = stage.folder / f'srt-{self.port}.ts'
        with open(self.path, 'wb') as output:
            self.process = stage.start(
                ['srt-live-transmit', '-q', '-a:no', '-loglevel:fatal',
                 f'srt://127.0.0.1:{self.port}?mode=listener&latency=200', 'file://con'],
                stdout=output, stderr=subprocess.DEVNULL)
        wait_for_udp_port(self.port)

    def url(self):
        return f'srt://127.0.0.1:{self.port}'

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(10)
        return self.path


def wait_for_udp_port(port):
    def bound():
        for table in ('/proc/net/udp', '/proc/net/udp6'):
            if re.search(rf':{port:04X} ', pathlib.Path(table).read_text()):
                return True
        return False
    wait_until(bound, f'somebody listening on UDP port {port}', 10)


class HlsReceiver:
    """ffmpeg, which reads the live page's HLS as a player does."""

    def __init__(self, stage, page):
        self.address = page.rstrip('/') + '/live/stream.m3u8'
        self.path = stage.folder / 'live-page.nut'
        wait_until(self._has_segment, 'the first segment of the live page', 20)
        self.log = open(stage.folder / 'live-page.log', 'wb')
        self.process = stage.start(
            ['ffmpeg', '-nostdin', '-loglevel', 'warning', '-live_start_index', '0', '-i', self.address,
             '-map', '0:v', '-map', '0:a', '-c', 'copy', '-y', self.path], stderr=self.log)

    def _has_segment(self):
        try:
            with urllib.request.urlopen(self.address, timeout=2) as reply:
                return b'#EXTINF' in reply.read()
        except (urllib.error.URLError, OSError):
            return False

    def stop(self):
        """Before the show ends: a player does not."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(15)
        self.log.close()
        return self.path


# ---------------------------------------------------------------------------------------------
# What is played


def run(command, **options):
    result = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                            capture_output=True, check=False, **options)
    if result.returncode != 0:
        raise Failure(f'{command[0]}: {result.stderr.decode(errors="replace")[-2000:]}')
    return result


H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '30', '-bf', '0', '-threads', '1']


_made = {}  # what it was made of → where it is
_made_folder = None


def once(maker):
    """Cases want the same clips: each is made once in a program."""
    def make(path, *arguments):
        global _made_folder
        if _made_folder is None:
            _made_folder = tempfile.TemporaryDirectory(prefix='regie-clips-')
        key = (maker, *arguments)
        if key not in _made:
            _made[key] = pathlib.Path(_made_folder.name) / f'{len(_made)}{pathlib.Path(path).suffix}'
            maker(_made[key], *arguments)
        shutil.copyfile(_made[key], path)
        return path
    make.__doc__ = maker.__doc__
    return make


@once
def make_flash_and_beep(path, seconds=60):
    """Black; a white flash and a 1 kHz beep of 100 ms begin at every odd second, so
    that what a decoder may lose at the beginning of a film is silence."""
    beep = f'0.5*sin(2*PI*1000*t)*lt(mod(t+1,{FLASH_PERIOD_S}),{FLASH_S})'
    run(['ffmpeg', '-nostdin', '-loglevel', 'error', '-y',
         '-f', 'lavfi', '-i', f'color=black:s=640x360:r={RATE}:d={seconds}',
         '-f', 'lavfi', '-i',
         f"aevalsrc=exprs='{beep}|{beep}':s={SAMPLE_RATE}:d={seconds}",
         # Half a frame early, so that rounding cannot move a flash by a frame.
         '-vf', f"drawbox=c=white:t=fill:enable='lt(mod(t+1+{FRAME_S / 2},{FLASH_PERIOD_S}),{FLASH_S})'",
         *H264, '-c:a', 'aac', '-b:a', '128k', path])
    return path


@once
def make_clip(path, colour, tone_hz=None, seconds=120):
    """One colour, and a tone."""
    sound = (['-f', 'lavfi', '-i', f'sine=frequency={tone_hz}:sample_rate={SAMPLE_RATE}:duration={seconds},'
              'volume=12dB,aformat=channel_layouts=stereo'] if tone_hz else [])
    run(['ffmpeg', '-nostdin', '-loglevel', 'error', '-y',
         '-f', 'lavfi', '-i', f'color=0x{bytes(colour).hex()}:s=640x360:r={RATE}:d={seconds}', *sound,
         *H264, *(['-c:a', 'aac', '-b:a', '96k'] if tone_hz else []), path])
    return path


def make_picture(path, colour, width=640, height=360):
    """A PNG of one colour."""
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    row = b'\0' + bytes(colour) * width
    pathlib.Path(path).write_bytes(
        b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)) +
        chunk(b'IDAT', zlib.compress(row * height)) + chunk(b'IEND', b''))
    return path


# ---------------------------------------------------------------------------------------------
# Eyes and ears: ffprobe and ffmpeg


def probe(path, *options):
    return json.loads(run(['ffprobe', '-v', 'error', '-of', 'json', *options, path]).stdout)


def streams(path):
    """The picture's and the sound's stream as ffprobe describes them."""
    found = probe(path, '-show_streams')['streams']
    return (next(s for s in found if s['codec_type'] == 'video'),
            next(s for s in found if s['codec_type'] == 'audio'))


def packets(path, kind):
    """Packets of the stream `v` or `a`."""
    found = probe(path, '-select_streams', kind, '-show_entries', 'packet=pts_time,duration_time,flags')
    return [Packet(float(p['pts_time']), float(p.get('duration_time', 0)), 'K' in p['flags'])
            for p in found['packets'] if 'pts_time' in p]


def gaps(times, distance_s, tolerance_s):
    """Where the times are not that far apart: (time, distance)."""
    return [(round(before, 4), round(after - before, 5)) for before, after in zip(times, times[1:])
            if abs(after - before - distance_s) > tolerance_s]


# ffmpeg prints times with six digits only, so they are read as whole numbers of this unit: the
# smallest in which MPEG-TS and 48 kHz times are both exact.
UNITS_A_SECOND = 720000


def _decode(path, options, pattern):
    command = ['ffmpeg', '-nostdin', '-nostats', '-hide_banner', '-loglevel', 'info', '-threads', '1',
               '-copyts', '-i', path, *options, 'pipe:1']
    result = run(command)
    return result.stdout, re.findall(pattern, result.stderr.decode(errors='replace'))


def frames(path, width=32, height=18, pixels='gray'):
    """Every decoded picture with its time as (time, bytes), scaled by averaging."""
    size = width * height * {'gray': 1, 'rgb24': 3}[pixels]
    data, times = _decode(
        path, ['-map', '0:v:0', '-an', '-vf',
               f'scale={width}:{height}:flags=area,format={pixels},settb=1/{UNITS_A_SECOND},showinfo=checksum=0',
               '-vsync', 'passthrough', '-f', 'rawvideo'], r'Parsed_showinfo.* pts:\s*(-?\d+)')
    if len(data) != size * len(times):
        raise Failure(f'{path}: {len(data)} bytes of {len(times)} pictures of {size} bytes')
    return [Frame(int(t) / UNITS_A_SECOND, data[i * size:(i + 1) * size]) for i, t in enumerate(times)]


class Sound:
    """Decoded sound: samples −1…1 of both channels together, and when each piece begins."""

    def __init__(self, path):
        data, found = _decode(
            path, ['-map', '0:a:0', '-vn', '-af',
                   f'aformat=sample_fmts=s16:sample_rates=48000:channel_layouts=mono,asettb=1/{UNITS_A_SECOND},'
                   'ashowinfo', '-f', 's16le'],
            r'Parsed_ashowinfo.* pts:\s*(-?\d+) .*nb_samples:(\d+)')
        self.samples = array.array('h', data)
        self.pieces = [(int(t) / UNITS_A_SECOND, int(n)) for t, n in found]
        if sum(n for _, n in self.pieces) != len(self.samples):
            raise Failure(f'{path}: {len(self.samples)} samples do not fit the sound’s pieces')

    @property
    def start_s(self):
        return self.pieces[0][0]

    def gaps(self, tolerance_s):
        """Where a piece does not begin when the one before ends: (time, gap)."""
        return [(round(t, 4), round(after - t - n / SAMPLE_RATE, 5))
                for (t, n), (after, _) in zip(self.pieces, self.pieces[1:])
                if abs(after - t - n / SAMPLE_RATE) > tolerance_s]

    def times(self):
        """Yields (time, index, count) of each piece."""
        index = 0
        for t, n in self.pieces:
            yield t, index, n
            index += n

    def onsets(self, threshold=0.15, silence_s=0.5):
        """When a sound begins after at least so much silence."""
        limit = int(threshold * 32768)
        n_quiet = int(silence_s * SAMPLE_RATE)
        quiet, found = 0, []
        for t, index, n in self.times():
            for i in range(n):
                if abs(self.samples[index + i]) < limit:
                    quiet += 1
                else:
                    if quiet >= n_quiet:
                        found.append(t + i / SAMPLE_RATE)
                    quiet = 0
        return found

    def tone(self, hz, from_index=0, count=SAMPLE_RATE):
        """Goertzel: the amplitude of a tone, 0…1."""
        samples = self.samples[from_index:from_index + count]
        if not samples:
            return 0.0
        factor = 2 * math.cos(2 * math.pi * hz / SAMPLE_RATE)
        s1 = s2 = 0.0
        for sample in samples:
            s1, s2 = sample + factor * s1 - s2, s1
        power = s1 * s1 + s2 * s2 - factor * s1 * s2
        return 2 * math.sqrt(max(power, 0)) / len(samples) / 32768

    def tones(self, hz, window_s=0.02):
        """The amplitude of a tone in each window, with the time of the window from the first sample."""
        n = int(window_s * SAMPLE_RATE)
        return [(i / SAMPLE_RATE, self.tone(hz, i, n)) for i in range(0, len(self.samples) - n + 1, n)]


def brightness(frame):
    return sum(frame.data) / len(frame.data)


def flashes(path):
    """When the picture goes from dark to bright."""
    found, dark = [], False
    for frame in frames(path):
        bright = brightness(frame) > 128
        if bright and dark:
            found.append(frame.time)
        dark = not bright
    return found


def colour_at(frame, width, x, y, radius=1):
    """The mean colour around a point of an rgb24 picture."""
    points = [((y + dy) * width + x + dx) * 3 for dy in range(-radius, radius + 1)
              for dx in range(-radius, radius + 1)]
    return tuple(round(sum(frame.data[p + c] for p in points) / len(points)) for c in range(3))


def is_colour(seen, wanted, tolerance=45):
    return all(abs(a - b) <= tolerance for a, b in zip(seen, wanted))


def save_frame(path, time_s, name):
    """Keeps one picture of a capture as a PNG, time counted from its first picture."""
    run(['ffmpeg', '-nostdin', '-loglevel', 'error', '-y', '-i', path, '-map', '0:v:0',
         '-vf', f"select='gte(t-start_t,{time_s})',format=rgb24", '-frames:v', '1', artifact(name)])

# SPDX-License-Identifier: GPL-3.0-or-later
"""HLS into a folder and by HTTP PUT to nginx, both kinds of segments, with what goes wrong there."""
import array
import datetime
import math
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

from regie_testing import (
    BLUE, FRAME_S, GREEN, H264, RATE, RED, SAMPLE_RATE, NginxRtmp, Regie, Skipped, Sound, colour_at, destination, frames,
    free_port, gaps, is_colour, make_clip, make_picture, packets, run, save_frame, streams, tap, wait_until,
    write_event, write_secrets)

USER, PASSWORD = 'studio', 'Very-Secret-Password'
RED_HZ, BLUE_HZ = 440, 1250
WIDTH, HEIGHT = 64, 36
SEGMENT = re.compile(r'#EXTINF:([0-9.]+),\n(\S+)')


class Playlist:
    """A media playlist, and what RFC 8216 wants of it."""

    def __init__(self, text):
        self.text = text
        self.segments = [(float(duration), name) for duration, name in SEGMENT.findall(text)]
        self.sequence = int(re.search(r'#EXT-X-MEDIA-SEQUENCE:(\d+)', text)[1])
        self.target = int(re.search(r'#EXT-X-TARGETDURATION:(\d+)', text)[1])
        self.ended = '#EXT-X-ENDLIST' in text
        self.n_breaks = len(re.findall(r'#EXT-X-DISCONTINUITY\n', text))
        self.maps = re.findall(r'#EXT-X-MAP:URI="([^"]+)"', text)

    def faults(self):
        wrong = [] if self.text.startswith('#EXTM3U\n') else ['begins otherwise']
        wrong += [tag for tag in ('#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS') if tag not in self.text]
        wrong += [f'{name} is longer than the target' for duration, name in self.segments
                  if round(duration) > self.target]
        dates = re.findall(r'#EXT-X-PROGRAM-DATE-TIME:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z', self.text)
        if len(dates) != len(self.segments):
            wrong.append(f'{len(dates)} dates for {len(self.segments)} segments')
        return wrong

    def last(self):
        """The number of the newest segment."""
        return self.sequence + len(self.segments) - 1


def read_playlist(place, name='stream.m3u8'):
    """From a folder or a web address; None while it is not there."""
    try:
        if isinstance(place, pathlib.Path):
            return Playlist((place / name).read_text())
        with urllib.request.urlopen(f'{place}/{name}', timeout=2) as reply:
            return Playlist(reply.read().decode())
    except (FileNotFoundError, urllib.error.URLError, OSError):
        return None


def wait_for_segments(place, count, timeout_s=25):
    def enough():
        playlist = read_playlist(place)
        return playlist if playlist and len(playlist.segments) >= count else None
    return wait_until(enough, f'{count} segments in {place}', timeout_s)


class NginxDav:
    """nginx that takes files by PUT from who knows the password, and gives them to everybody."""

    def __init__(self, stage):
        self.stage = stage
        self.port = free_port()
        self.folder = stage.folder / f'dav-{self.port}'
        self.root = self.folder / 'root'
        self.root.mkdir(parents=True)
        user = 'user root;' if os.geteuid() == 0 else ''
        folders = ' '.join(f'{kind}_temp_path {self.folder}/{kind};'
                           for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
        (self.folder / 'users').write_text(f'{USER}:{{PLAIN}}{PASSWORD}\n')
        (self.folder / 'nginx.conf').write_text(f'''
{user}
daemon off;
master_process off;
worker_processes 1;
pid {self.folder}/nginx.pid;
error_log {self.folder}/error.log warn;
events {{ worker_connections 64; }}
http {{
  log_format timed '$msec $request_method $uri $status "$http_user_agent" "$content_type"';
  access_log {self.folder}/access.log timed;
  client_max_body_size 20m;
  {folders}
  types {{ text/html html; application/vnd.apple.mpegurl m3u8; video/iso.segment m4s; video/mp4 mp4; video/mp2t ts; }}
  server {{
    listen 127.0.0.1:{self.port};
    root {self.root};
    location / {{
      dav_methods PUT DELETE MKCOL;
      limit_except GET HEAD {{ auth_basic "studio"; auth_basic_user_file {self.folder}/users; }}
    }}
    location /closed/ {{ }}
  }}
}}
''')
        self.process = None
        self.start()

    def url(self, path=''):
        return f'http://127.0.0.1:{self.port}/{path}'

    def start(self):
        self.process = self.stage.start(['nginx', '-p', self.folder, '-c', self.folder / 'nginx.conf'],
                                        stderr=subprocess.DEVNULL)
        wait_until(self.answers, 'nginx', 10)

    def answers(self):
        try:
            urllib.request.urlopen(self.url(), timeout=1)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def requests(self, method):
        """(time, path, status, content type) of each request."""
        found = re.findall(rf'^([0-9.]+) {method} (\S+) (\d+) "[^"]*" "([^"]*)"$',
                           (self.folder / 'access.log').read_text(), re.M)
        return [(float(t), path, int(status), kind) for t, path, status, kind in found]


def hls_events(stage, destinations, **parts):
    make_clip(stage.folder / 'red.mp4', RED, RED_HZ, 60)
    make_clip(stage.folder / 'blue.mp4', BLUE, BLUE_HZ, 60)
    return write_event(
        stage.folder, [{'id': 'red', 'kind': 'uri', 'uri': 'red.mp4'}, {'id': 'blue', 'kind': 'uri', 'uri': 'blue.mp4'}],
        destinations=destinations, **parts)


class SlowWire:
    """Passes a connection on; what comes back is so many seconds later, and waits while it is held."""

    def __init__(self, port, delay_s):
        self.delay_s, self.held = delay_s, threading.Event()
        self.to_port = port
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            near, _ = self.listener.accept()
            far = socket.create_connection(('127.0.0.1', self.to_port))
            threading.Thread(target=self._forward, args=(near, far), daemon=True).start()
            threading.Thread(target=self._back, args=(far, near), daemon=True).start()

    @staticmethod
    def _forward(near, far):
        try:
            while data := near.recv(65536):
                far.sendall(data)
        except OSError:
            pass
        far.close()

    def _back(self, far, near):
        """The handshake passes at once."""
        waiting, passed = [], 0
        far.settimeout(0.02)
        while True:
            try:
                data = far.recv(65536)
                if not data:
                    break
                passed += len(data)
                waiting.append((time.monotonic() + (self.delay_s if passed > 4500 else 0), data))
            except TimeoutError:
                pass
            except OSError:
                break
            while waiting and waiting[0][0] <= time.monotonic() and not self.held.is_set():
                try:
                    near.sendall(waiting.pop(0)[1])
                except OSError:
                    return
        near.close()


def make_speech(path, seconds=150):
    """Beeps and pauses of any length, and a picture that moves: no two moments are alike."""
    chance = random.Random(3)
    tones = [array.array('h', (round(4000 * level * math.sin(2 * math.pi * 600 * i / SAMPLE_RATE))
                               for i in range(SAMPLE_RATE // 10))).tobytes() for level in range(6)]
    sound, played = pathlib.Path(path).with_suffix('.pcm'), 0
    with open(sound, 'wb') as output:
        while played < seconds * 10:
            for level, length in ((chance.randint(2, 5), chance.randint(1, 5)), (0, chance.choice((1, 2, 4, 9)))):
                output.write(tones[level] * length)
                played += length
    run(['ffmpeg', '-nostdin', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', f'testsrc=s=640x360:r={RATE}:d={seconds}',
         '-f', 's16le', '-ar', SAMPLE_RATE, '-ac', 1, '-i', sound, '-shortest', *H264, '-c:a', 'aac', '-b:a', '96k', path])
    return path


def follow(stage, address, path):
    """ffmpeg, which plays what it finds from its first segment on, and goes on until the end."""
    return stage.start(['ffmpeg', '-nostdin', '-loglevel', 'error', '-live_start_index', '0',
                        '-allowed_extensions', 'ALL', '-i', address, '-map', '0:v', '-map', '0:a', '-c', 'copy', '-y',
                        path], stderr=subprocess.DEVNULL)


def check_stream(name, path, n_seconds):
    video, audio = streams(path)
    times = [packet.time for packet in packets(path, 'v')]
    wrong = gaps(times, FRAME_S, 0.0012)
    tap.check((video['codec_name'], video['width'], video['height'], audio['codec_name'], audio['sample_rate'],
               audio['channels']) == ('h264', 640, 360, 'aac', '48000', 2), f'{name}: H.264 and AAC, 640 × 360, stereo')
    tap.check(len(times) > n_seconds * RATE and not wrong, f'{name}: 30 pictures a second without a gap',
              f'{len(times)} pictures, uneven at {wrong[:5]}')
    colours = [colour_at(frame, WIDTH, WIDTH // 2, HEIGHT // 2) for frame in frames(path, WIDTH, HEIGHT, 'rgb24')]
    first_blue = next((i for i, colour in enumerate(colours) if is_colour(colour, BLUE)), 0)
    tap.check(first_blue > 2 and all(is_colour(colour, RED) for colour in colours[:first_blue]) and
              all(is_colour(colour, BLUE) for colour in colours[first_blue:]),
              f'{name}: red, then blue from one picture to the next', f'blue from {first_blue} of {len(colours)}')
    sound = Sound(path)
    end = len(sound.samples) - 48000 - 4800
    red, blue, none = sound.tone(RED_HZ, 48000), sound.tone(BLUE_HZ, end), sound.tone(3000, end)
    tap.check(red > 0.15 and blue > 0.15 and none < 0.01 and not sound.gaps(0.003),
              f'{name}: the sound of both, without a gap', f'{red:.3f} {blue:.3f} {none:.4f} {sound.gaps(0.003)[:3]}')
    save_frame(path, 1, f'hls-{name}.png')


def to_folder_and_web(stage):
    """The same show as MP4 fragments in a folder and as MPEG-TS on a web host whose folders are missing."""
    nginx = NginxDav(stage)
    folder = stage.folder / 'public' / 'hls'
    folder.mkdir(parents=True)
    (folder / 'index.html').write_text('mine')
    event = hls_events(stage, [
        {'id': 'folder', 'title': 'Folder', 'url': 'public/hls'},
        {'id': 'web', 'title': 'Web', 'kind': 'hls', 'url': nginx.url('2026/hall'), 'segments': 'ts',
         'key': 'keyring', 'key-is': 'password'}])
    show = Regie(stage, event, go_live=False, secrets=write_secrets(stage.folder, {'web': f'{USER}:{PASSWORD}'}))
    show.go_live()
    place = nginx.url('2026/hall')
    wait_for_segments(place, 1)
    player = follow(stage, f'{place}/index.m3u8', stage.folder / 'web.nut')
    wait_for_segments(folder, 2)
    show.action('take', 'blue')
    wait_for_segments(folder, 4)
    wait_for_segments(place, 4)
    during = read_playlist(folder)
    status = show.stop()
    player.wait(20)
    tap.check(status == 0 and not show.garbage, 'the show ends well', f'status {status}')
    said = ''.join(show.stderr) + ''.join(str(line) for _, line in show.lines)
    tap.check(PASSWORD not in said, 'the password is not said anywhere')
    for name, where in (('folder', folder), ('web', place)):
        playlist = read_playlist(where)
        tap.check(not playlist.faults(), f'{name}: a valid playlist', str(playlist.faults()))
        tap.check(playlist.ended and playlist.n_breaks == 0, f'{name}: it has ended, and had no break')
        durations = [duration for duration, _ in playlist.segments]
        tap.check(len(durations) >= 4 and all(abs(duration - 2) < 0.01 for duration in durations[:-1]),
                  f'{name}: segments of two seconds', str(durations))
    tap.check(not during.ended and during.maps == read_playlist(folder).maps and len(during.maps) == 1,
              'folder: while it goes on it has not ended; one init segment for all', str(during.maps))
    master = (folder / 'index.m3u8').read_text()
    tap.check(re.search(r'#EXT-X-STREAM-INF:BANDWIDTH=\d+,.*RESOLUTION=640x360,.*'
                        r'CODECS="avc1\.64[0-9a-f]{4},mp4a\.40\.2"\nstream\.m3u8\n', master) is not None,
              'the multivariant playlist tells bandwidth, resolution and codecs', master)
    stray = [path.name for path in folder.iterdir() if path.suffix == '.part']
    tap.check((folder / 'index.html').read_text() == 'mine' and not stray, 'folder: what was there is there still',
              str(stray))
    kinds = {pathlib.PurePath(path).suffix: kind for _, path, code, kind in nginx.requests('PUT') if code in (201, 204)}
    tap.check(kinds == {'.m3u8': 'application/vnd.apple.mpegurl', '.ts': 'video/mp2t'},
              'web: each file is sent as what it is', str(kinds))
    tap.check([path for _, path, code, _ in nginx.requests('MKCOL') if code == 201] == ['/2026/', '/2026/hall/'],
              'web: the folders that were missing were made')
    check_stream('folder', folder / 'stream.m3u8', 8)
    check_stream('web', stage.folder / 'web.nut', 8)


def refused(stage):
    """A wrong password, a place that takes no files, and an unknown host."""
    nginx = NginxDav(stage)
    make_picture(stage.folder / 'green.png', GREEN)
    (nginx.root / 'closed').mkdir()
    event = write_event(stage.folder, [{'id': 'green', 'kind': 'still', 'picture': 'green.png'}], destinations=[
        {'id': 'wrong', 'kind': 'hls', 'url': nginx.url('a'), 'key': 'keyring', 'key-is': 'password'},
        {'id': 'closed', 'kind': 'hls', 'url': nginx.url('closed')},
        {'id': 'nobody', 'kind': 'hls', 'url': f'http://127.0.0.1:{free_port()}/a'}])
    show = Regie(stage, event, secrets=write_secrets(stage.folder, {'wrong': f'{USER}:{PASSWORD}x'}))
    status = show.wait_for(lambda s: [destination(s, name)['state'] for name in ('wrong', 'closed', 'nobody')] ==
                           ['refused', 'refused', 'waiting'], 'the three refused', 25)
    words = {name: destination(status, name)['error'] for name in ('wrong', 'closed', 'nobody')}
    tap.check('password' in words['wrong'] and 'takes no files' in words['closed'] and
              'cannot be reached' in words['nobody'], 'each says what is wrong in words', str(words))
    tap.check(PASSWORD not in str(words), 'and quotes no password')
    n_tries = len([path for _, path, code, _ in nginx.requests('PUT') if path.startswith('/a/')])
    tap.check(n_tries <= 3, 'a wrong password is not tried again and again', f'{n_tries} requests')
    show.stop()


PLAYER = '''<!DOCTYPE html><video id="v" src="%s" muted autoplay></video><script>
setInterval(() => fetch(`/played/${v.videoWidth}/${v.currentTime}`), 250)
setInterval(() => v.currentTime || location.reload(), 10000)</script>'''


def play_in_browser(stage, nginx, playlist):
    """Chromium tells the server how far it has come."""
    (nginx.root / 'player.html').write_text(PLAYER % playlist)
    try:
        browser = stage.start(
            ['chromium', '--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage',
             '--disable-background-networking', '--autoplay-policy=no-user-gesture-required',
             f'--user-data-dir={stage.folder}/chromium', nginx.url('player.html')],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except Skipped as skipped:
        tap.skip('a browser plays it', skipped)
        return

    def played():
        found = re.findall(r' GET /played/(\d+)/([0-9.]+) ', (nginx.folder / 'access.log').read_text())
        return max((float(seconds) for width, seconds in found if width == '640'), default=0)
    try:
        wait_until(lambda: played() > 1.5, 'a browser to play', 40)
    finally:
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()
    tap.check(True, 'a browser plays it', f'{played():.1f} s')


def server_and_show_killed(stage):
    """The web host dies and is back; then the show is killed and goes on in the same place."""
    nginx = NginxDav(stage)
    make_picture(stage.folder / 'green.png', GREEN)
    event = write_event(stage.folder, [{'id': 'green', 'kind': 'still', 'picture': 'green.png'}], destinations=[
        {'id': 'web', 'kind': 'hls', 'url': nginx.url('live/show.m3u8'), 'key': 'keyring', 'key-is': 'password'}])
    secrets = write_secrets(stage.folder, {'web': f'{USER}:{PASSWORD}'})
    show = Regie(stage, event, secrets=secrets)
    place = nginx.url('live')
    wait_for_segments(place, 2)
    play_in_browser(stage, nginx, 'live/show.m3u8')
    before = read_playlist(place)
    nginx.kill()
    show.wait_for(lambda s: destination(s, 'web')['state'] == 'waiting', 'the outage', 25)
    recorded = show.status['recording']['bytes']
    nginx.start()
    began = time.monotonic()
    show.wait_for(lambda s: destination(s, 'web')['state'] == 'live', 'the web host is back', 25)
    tap.note(f'live again {time.monotonic() - began:.1f} s after the server is back')
    after = wait_for_segments(place, len(before.segments) + 1)
    tap.check(after.n_breaks == 1 and not after.faults() and len(set(after.maps)) == 2,
              'the gap is marked as one, with an init segment of its own', after.text)
    tap.check(after.sequence == before.sequence and after.segments[:2] == before.segments[:2],
              'numbers go on, and what was there is there still')
    tap.check(show.status['recording']['bytes'] > recorded, 'the recording went on')
    show.kill()
    left = read_playlist(place)
    played = subprocess.run(['ffmpeg', '-nostdin', '-v', 'error', '-t', '3', '-live_start_index', '0', '-i', f'{place}/show.m3u8', '-f', 'null', '-'],
                            stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=20)
    tap.check(not left.ended and played.returncode == 0 and not played.stderr, 'what SIGKILL leaves can be played',
              played.stderr.decode())
    show = Regie(stage, event, secrets=secrets)
    again = wait_until(lambda: (lambda p: p if p and p.last() >= left.last() + 2 else None)(read_playlist(place)),
                       'the show in the same place again', 25)
    names = [name for _, name in again.segments]
    # The window may have moved on meanwhile.
    last = [name for _, name in left.segments][-2:]
    tap.check(again.n_breaks == 2 and not again.faults() and len(set(names)) == len(names) and
              last in [names[i:i + 2] for i in range(len(names) - 1)],
              'started again, it goes on with the next number after a break', again.text)
    show.stop()
    tap.check(read_playlist(place).ended, 'and ends it')


def bad_disks(stage):
    """A full and a read-only folder: said, tried again, and live when it helps."""
    small, locked = stage.folder / 'small', stage.folder / 'locked'
    stage.mount_tmpfs(small, '1m')
    stage.mount_tmpfs(locked, '20m')
    ballast = small / 'ballast'
    ballast.write_bytes(b'x' * (1 << 20))
    if subprocess.run(['mount', '-o', 'remount,ro', str(locked)], capture_output=True, check=False).returncode != 0:
        raise Skipped('nothing can be mounted read-only here')
    make_picture(stage.folder / 'green.png', GREEN)
    event = write_event(stage.folder, [{'id': 'green', 'kind': 'still', 'picture': 'green.png'}], destinations=[
        {'id': 'small', 'url': str(small)}, {'id': 'locked', 'url': str(locked / 'deep')}])
    show = Regie(stage, event)
    status = show.wait_for(lambda s: all(destination(s, name)['error'] for name in ('small', 'locked')), 'both', 25)
    words = {name: destination(status, name)['error'] for name in ('small', 'locked')}
    tap.check('is full' in words['small'] and 'cannot be written' in words['locked'], 'said in words', str(words))
    ballast.unlink()
    subprocess.run(['mount', '-o', 'remount,rw', str(locked)], check=True)
    show.wait_for(lambda s: all(destination(s, name)['state'] == 'live' for name in ('small', 'locked')),
                  'both live once they can be written', 30)
    tap.check(read_playlist(small).segments and read_playlist(locked / 'deep').segments,
              'both are live when they can be written')
    show.stop()


def eye(status, name):
    return destination(status, name)['audience']


def kinds(status):
    return [alarm['kind'] for alarm in status['alarms']]


def first_seen(nginx, playlists):
    """How old the first segment was when the eye loaded it, by the server's clock: so late it plays."""
    loaded, name = re.findall(r'^([0-9.]+) GET /live/(regie-\S+\.m4s) 200 "GStreamer',
                              (nginx.folder / 'access.log').read_text(), re.M)[0]
    dates = {name: date for text in playlists
             for date, name in re.findall(r'#EXT-X-PROGRAM-DATE-TIME:(\S+)Z\n#EXTINF:\S+\n(\S+)', text)}
    return float(loaded) - datetime.datetime.fromisoformat(dates[name] + '+00:00').timestamp()


def eye_of_the_audience(stage):
    """What comes back of HLS and RTMP is seen, with its real delay; frozen and silent there is an alarm."""
    make_speech(stage.folder / 'speech.mp4')
    nginx, rtmp = NginxDav(stage), NginxRtmp(stage)
    wire = SlowWire(rtmp.port, 4)
    live, feed = rtmp.url('live'), rtmp.url('feed')
    event = write_event(stage.folder, [{'id': 'speech', 'kind': 'uri', 'uri': 'speech.mp4'}], destinations=[
        {'id': 'web', 'title': 'Web', 'kind': 'hls', 'url': nginx.url('live'), 'key': 'keyring', 'key-is': 'password',
         'watch': nginx.url('live/index.m3u8')},
        {'id': 'tube', 'title': 'Tube', 'url': f'{live}/tube', 'watch': f'rtmp://127.0.0.1:{wire.port}/live/tube'},
        {'id': 'mute', 'title': 'Mute', 'url': f'{live}/loud', 'watch': f'{feed}/mute'},
        {'id': 'none', 'title': 'None', 'url': f'{live}/none'}])
    show = Regie(stage, event, go_live=False, secrets=write_secrets(stage.folder, {'web': f'{USER}:{PASSWORD}'}))
    show.go_live()
    tap.check(eye(show.status, 'none') is None and eye(show.status, 'web')['state'] == 'opening' and
              eye(show.status, 'web')['delay-ms'] == -1, 'first it is opened, where it is said where to watch')
    stage.start(['ffmpeg', '-nostdin', '-loglevel', 'error', '-i', f'{live}/loud', '-c:v', 'copy', '-af', 'volume=0',
                 '-c:a', 'aac', '-f', 'flv', f'{feed}/mute'], stderr=subprocess.DEVNULL)
    playlists = []

    def known(status):
        playlist = read_playlist(nginx.url('live'))
        playlists.append(playlist.text if playlist else '')
        return all(eye(status, name)['state'] == 'seen' and eye(status, name)['delay-ms'] >= 0
                   for name in ('web', 'tube'))
    status = show.wait_for(known, 'both streams seen, and their delay', 50)
    tap.note(f"after {status['live-s']} s: {eye(status, 'web')} {eye(status, 'tube')}")
    truth, told = first_seen(nginx, playlists), eye(status, 'web')['delay-ms'] / 1000
    tap.check(abs(told - truth) < 0.5, 'HLS: its delay is told within half a second',
              f'{told:.2f} s, in truth {truth:.2f} s')
    told = eye(status, 'tube')['delay-ms'] / 1000
    tap.check(4 <= told < 4.7, 'RTMP that takes four seconds longer: so is its delay', f'{told:.2f} s')
    tap.check(not {'audience-frozen', 'audience-gone'} & set(kinds(status)), 'there is no alarm about them',
              str(status['alarms']))
    status = show.wait_for(lambda s: eye(s, 'mute')['state'] == 'silent' and 'audience-silent' in kinds(s),
                           'the silence', 40)
    tap.check(eye(status, 'web')['state'] == 'seen', 'nothing is heard at one of them: an alarm says so')
    wire.held.set()
    held = time.monotonic()
    status = show.wait_for(lambda s: eye(s, 'tube')['state'] == 'frozen' and 'audience-frozen' in kinds(s),
                           'the frozen one', 30)
    tap.check(destination(status, 'tube')['state'] == 'live', 'one stands still although we send: an alarm says so',
              f'after {time.monotonic() - held:.1f} s')
    tap.check(any('Tube' in line and 'stands still' in line for line in show.stderr), 'and names it',
              ''.join(show.stderr[-3:]))
    wire.held.clear()
    show.wait_for(lambda s: eye(s, 'tube')['state'] == 'seen' and 'audience-frozen' not in kinds(s),
                  'the frozen one goes on', 30)
    tap.check(True, 'it is over when it moves again')
    show.action('end-live')
    show.wait_for(lambda s: all(eye(s, name)['state'] == 'off' for name in ('web', 'tube', 'mute')), 'the end', 10)
    tap.check(show.stop() == 0, 'with the show it ends')


tap.run(to_folder_and_web, refused, server_and_show_killed, bad_disks, eye_of_the_audience)

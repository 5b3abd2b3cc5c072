#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the live page in Chromium: real H.264 and AAC, a server that goes and comes back."""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ARTIFACTS = os.environ.get('REGIE_TEST_ARTIFACTS') or os.path.join(
    os.environ.get('G_TEST_SRCDIR') or os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'artifacts')
SEGMENT_S = 2
FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
         '--disable-background-networking', '--disable-component-update', '--disable-sync',
         '--disable-dev-shm-usage', '--lang=fr']
DESKTOP = (1280, 800, False)
PHONE = (390, 844, True)

# Luminance of 16 × 9 points of the picture shown now.
READ_PICTURE = '''
  const video = document.getElementById('video');
  const canvas = document.createElement('canvas');
  canvas.width = 16; canvas.height = 9;
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, 16, 9);
  const data = context.getImageData(0, 0, 16, 9).data;
  const values = [];
  for (let i = 0; i < data.length; i += 4)
    values.push((data[i] + data[i + 1] + data[i + 2]) / 3);
  return values;
'''


class Demo:
    """ffmpeg and the server it feeds."""

    def __init__(self, program, port, language='fr'):
        self.ffmpeg = self.server = None
        self.program = program
        self.port = port
        self.language = language

    def start(self, feed=True):
        source = subprocess.DEVNULL
        read_end = None
        if feed:
            read_end, write_end = os.pipe()
            self.ffmpeg = subprocess.Popen(
                ['ffmpeg', '-nostdin', '-loglevel', 'error', '-re',
                 '-f', 'lavfi', '-i', 'testsrc2=size=960x540:rate=25',
                 '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000',
                 '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p',
                 '-g', str(25 * SEGMENT_S), '-keyint_min', str(25 * SEGMENT_S), '-sc_threshold', '0',
                 '-b:v', '2M', '-c:a', 'aac', '-b:a', '96k',
                 '-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-flush_packets', '1',
                 '-f', 'mp4', 'pipe:1'], stdin=subprocess.DEVNULL, stdout=write_end)
            os.close(write_end)
            source = read_end
        else:
            # A pipe nobody writes to: not started yet.
            read_end, self.idle = os.pipe()
            source = read_end
        self.server = subprocess.Popen(
            [self.program, str(self.port), self.language, '960', '540', str(SEGMENT_S * 1000)],
            stdin=source, stdout=subprocess.PIPE, text=True)
        os.close(read_end)
        self.uri = self.server.stdout.readline().strip()
        assert self.uri.startswith('http://127.0.0.1:'), 'the server did not start'
        self.port = int(self.uri.rstrip('/').rsplit(':', 1)[1])

    def stop(self):
        for process in (self.server, self.ffmpeg):
            if process:
                process.send_signal(signal.SIGKILL)
                process.wait()
        self.server = self.ffmpeg = None

    def finish(self):
        """The end of the show: the server stays."""
        self.ffmpeg.send_signal(signal.SIGKILL)
        self.ffmpeg.wait()
        self.ffmpeg = None


class Browser:
    """Just enough of WebDriver."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix='regie-chromium-')
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            port = free.getsockname()[1]
        self.base = f'http://127.0.0.1:{port}'
        self.driver = subprocess.Popen([shutil.which('chromedriver'), f'--port={port}'],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.session = None
        wait(lambda: self.call('GET', '/status')['ready'], 20, 'chromedriver starts')
        options = {'args': FLAGS + [f'--user-data-dir={self.profile}'],
                   'prefs': {'intl.accept_languages': 'fr'}, 'binary': shutil.which('chromium')}
        answer = self.call('POST', '/session', {'capabilities': {'alwaysMatch': {
            'goog:chromeOptions': options, 'goog:loggingPrefs': {'browser': 'ALL'}}}})
        self.session = '/session/' + answer['sessionId']

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={'Content-Type': 'application/json'})
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.load(reply)['value']

    def post(self, path, body):
        return self.call('POST', self.session + path, body)

    def run(self, script):
        return self.post('/execute/sync', {'script': script, 'args': []})

    def command(self, name, **params):
        return self.post('/goog/cdp/execute', {'cmd': name, 'params': params})

    def resize(self, width, height, mobile):
        self.command('Emulation.setDeviceMetricsOverride', width=width, height=height,
                     deviceScaleFactor=1, mobile=mobile)

    def screenshot(self, name):
        os.makedirs(ARTIFACTS, exist_ok=True)
        picture = self.call('GET', self.session + '/screenshot')
        with open(os.path.join(ARTIFACTS, name), 'wb') as file:
            file.write(base64.b64decode(picture))

    def errors(self):
        entries = self.post('/se/log', {'type': 'browser'})
        return [entry['message'] for entry in entries if entry['level'] == 'SEVERE']

    def close(self):
        try:
            if self.session:
                self.call('DELETE', self.session)
        finally:
            self.driver.terminate()
            self.driver.wait()
            shutil.rmtree(self.profile, ignore_errors=True)


def wait(condition, timeout_s, what):
    until = time.monotonic() + timeout_s
    while True:
        try:
            value = condition()
            if value:
                return value
        except OSError:
            pass
        assert time.monotonic() < until, f'waited {timeout_s} s in vain: {what}'
        time.sleep(0.2)


class Test:
    def __init__(self, program):
        self.demo = Demo(program, 0)
        self.browser = Browser()

    def text(self, element):
        return self.browser.run(f"return document.getElementById('{element}').innerText")

    def shown(self, element):
        return self.browser.run(f"return document.getElementById('{element}').offsetParent !== null")

    def position(self):
        return self.browser.run("return document.getElementById('video').currentTime")

    def advance(self, seconds, timeout_s):
        """Waits until the picture has moved on by that much without jumping more than it may."""
        wait(lambda: self.browser.run("return document.getElementById('video').readyState >= 3"),
             timeout_s, 'the video has a picture')
        start = self.position()
        wait(lambda: self.position() - start > seconds, timeout_s, f'currentTime advances by {seconds} s')

    def picture(self):
        values = self.browser.run(READ_PICTURE)
        assert max(values) - min(values) > 60, f'a flat picture: {values}'

    def waits_before_the_show(self):
        self.demo.start(feed=False)
        self.browser.resize(*DESKTOP)
        self.browser.post('/url', {'url': self.demo.uri})
        wait(lambda: self.text('status-word') == 'Pas encore commencé', 10, 'the page says it waits')
        assert self.shown('cover')
        self.browser.screenshot('livepage-waiting.png')
        self.demo.stop()

    def plays(self):
        self.demo.start()
        wait(lambda: self.text('status-word') == 'En direct', 20, 'the page says it is live')
        self.advance(3.5, 30)
        self.picture()
        assert not self.shown('cover')
        behind = self.browser.run("const v = document.getElementById('video');"
                                  "return v.buffered.end(v.buffered.length - 1) - v.currentTime")
        assert behind < 3 * SEGMENT_S, f'{behind} s behind the live edge'

    def shows_posts_as_text(self):
        assert 'La collecte par SMS' in self.text('posts')
        assert '<script>' in self.text('posts')
        assert self.browser.run("return document.querySelectorAll('#posts img, #posts script').length") == 0
        assert 'pwned' not in self.browser.run('return document.title')
        on_screen = self.browser.run("return document.querySelector('.post.on-screen').innerText")
        assert 'Question' in on_screen and 'À l’écran' in on_screen, on_screen
        assert 'Ada Martin' in self.text('talk-speakers')

    def looks_good(self):
        for name, size in (('desktop', DESKTOP), ('phone', PHONE)):
            self.browser.resize(*size)
            time.sleep(0.5)
            self.browser.screenshot(f'livepage-{name}.png')
            overflow = self.browser.run('return document.documentElement.scrollWidth - innerWidth')
            assert overflow <= 0, f'{name}: {overflow} px too wide'
        self.browser.resize(*DESKTOP)

    def sound_comes_by_one_press(self):
        assert self.shown('sound')
        element = self.browser.post('/element', {'using': 'css selector', 'value': '#sound'})
        self.browser.post(f'/element/{list(element.values())[0]}/click', {})
        wait(lambda: self.browser.run("return !document.getElementById('video').muted"), 5, 'sound')
        wait(lambda: not self.shown('sound'), 5, 'the button goes')
        self.advance(1, 10)
        self.browser.screenshot('livepage-sound.png')

    def heals_when_the_server_comes_back(self):
        self.demo.stop()
        wait(lambda: self.shown('trouble'), 20, 'the page says it lost the connection')
        time.sleep(3)
        self.demo.start()
        wait(lambda: not self.shown('trouble'), 20, 'the page is connected again')
        # Segments of the new server, not what was left in the buffer.
        self.advance(5 * SEGMENT_S, 40)
        self.picture()
        assert not self.shown('cover')
        self.browser.screenshot('livepage-healed.png')
        assert self.browser.run("return !document.getElementById('video').muted"), 'sound stays on'

    def survives_a_short_loss(self):
        """A request that fails must not throw away what is in the buffer."""
        self.browser.command('Network.enable')
        offline = dict(latency=0, downloadThroughput=-1, uploadThroughput=-1)
        before = self.position()
        self.browser.command('Network.emulateNetworkConditions', offline=True, **offline)
        time.sleep(1.5)
        self.browser.command('Network.emulateNetworkConditions', offline=False, **offline)
        self.advance(2 * SEGMENT_S, 20)
        assert self.position() > before + 2 * SEGMENT_S, 'the player began anew'

    def says_when_it_is_over(self):
        self.demo.finish()
        wait(lambda: self.text('status-word') == 'Terminé', 15, 'the page says it is over')
        wait(lambda: self.shown('cover'), 20, 'the end card')
        self.browser.screenshot('livepage-ended.png')

    def breaks_no_rule_of_its_own(self):
        # What cannot be reached while the server is gone is no fault of the page.
        errors = [e for e in self.browser.errors() if 'Failed to load resource' not in e]
        assert not errors, errors

    def close(self):
        self.browser.close()
        self.demo.stop()


STEPS = ['waits_before_the_show', 'plays', 'shows_posts_as_text', 'looks_good', 'sound_comes_by_one_press',
         'survives_a_short_loss', 'heals_when_the_server_comes_back', 'says_when_it_is_over', 'breaks_no_rule_of_its_own']


def main():
    missing = [name for name in ('chromedriver', 'chromium', 'ffmpeg') if not shutil.which(name)]
    if missing:
        print('1..0 # SKIP not installed: ' + ', '.join(missing))
        return 0
    print(f'1..{len(STEPS)}', flush=True)
    test = Test(sys.argv[1])
    failed = False
    try:
        for number, step in enumerate(STEPS, 1):
            started = time.monotonic()
            try:
                assert not failed, 'a step before failed'
                getattr(test, step)()
                print(f'ok {number} {step}', flush=True)
            except Exception as error:  # Whatever it is, the step failed.
                if not failed:
                    test.browser.screenshot('livepage-failed.png')
                    print('# ' + '\n# '.join(test.browser.errors()))
                failed = True
                print(f'not ok {number} {step}: {error!r}'.replace('\n', ' '), flush=True)
            print(f'# {time.monotonic() - started:.1f} s', flush=True)
    finally:
        test.close()
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())

# SPDX-License-Identifier: GPL-3.0-or-later
"""Real browsers, driven as a person would: Chromium and Firefox, with a camera and a microphone that
are known in every pixel and every hertz.

Chromium is spoken to over a pipe (its own protocol), Firefox by Marionette: no driver program, and no
port of Chromium's, so that it may run in a network of its own.
"""
import base64
import fcntl
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

from regie_pace import PATIENCE
from regie_testing import SAMPLE_RATE, Failure, Skipped, artifact, free_port, once, run, wait_until

CHROMIUM_FLAGS = [
    '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--no-default-browser-check',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
    '--disable-extensions', '--disable-background-timer-throttling', '--disable-renderer-backgrounding',
    '--disable-backgrounding-occluded-windows', '--disable-features=Translate,OptimizationHints,MediaRouter',
    '--use-fake-device-for-media-stream=fps=30', '--use-fake-ui-for-media-stream', '--mute-audio']
FIREFOX_PREFERENCES = {
    'marionette.port': 0, 'media.navigator.streams.fake': True, 'media.navigator.permission.disabled': True,
    'media.autoplay.default': 0, 'media.gmp-manager.url': '', 'media.gmp-provider.enabled': False,
    'app.update.enabled': False, 'browser.shell.checkDefaultBrowser': False,
    'browser.startup.homepage_override.mstone': 'ignore', 'datareporting.policy.dataSubmissionEnabled': False,
    'network.captive-portal-service.enabled': False, 'network.connectivity-service.enabled': False,
    'browser.safebrowsing.update.enabled': False, 'extensions.update.enabled': False,
    'services.settings.server': '', 'toolkit.telemetry.server': '', 'app.normandy.enabled': False,
    'browser.newtabpage.enabled': False, 'browser.cache.disk.enable': False, 'ui.prefersReducedMotion': 1}
FRAME = re.compile(rb'(\d+):')


@once
def make_camera(path, colour, width=1280, height=720, rate=30, text=''):
    """Two seconds of one colour with a bar that crosses its lower edge, again and again."""
    run(['ffmpeg', '-nostdin', '-loglevel', 'error', '-y', '-f', 'lavfi',
         '-i', f'color=0x{bytes(colour).hex()}:s={width}x{height}:r={rate}:d=2', '-f', 'lavfi',
         '-i', f'color=white:s={width // 16}x{height // 12}:r={rate}:d=2', '-filter_complex',
         f'[0][1]overlay=x=t/2*{width}:y={height - height // 8}', '-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p',
         '-f', 'mjpeg', path])
    return path


@once
def make_microphone(path, hz, seconds=10):
    """A tone of a quarter of full scale; whole periods, so that it may be repeated."""
    run(['ffmpeg', '-nostdin', '-loglevel', 'error', '-y', '-f', 'lavfi',
         '-i', f'sine=frequency={hz}:sample_rate={SAMPLE_RATE}:duration={seconds},volume=6dB', '-c:a', 'pcm_s16le', path])
    return path


class Tab:
    """One page of Chromium."""

    def __init__(self, browser, context, target):
        self.browser, self.context, self.target = browser, context, target
        self.complaints = []  # what the page or the browser said was wrong
        self.session = browser.call('Target.attachToTarget', targetId=target, flatten=True)['sessionId']
        browser.tabs[self.session] = self
        for domain in ('Page', 'Runtime', 'Log', 'DOM', 'Network'):
            self.call(f'{domain}.enable')

    def call(self, method, timeout_s=30, **parameters):
        return self.browser.call(method, timeout_s, self.session, **parameters)

    def said(self, method, parameters):
        """Reader's thread."""
        if method == 'Page.javascriptDialogOpening':  # whether he really wants to leave the page: yes
            self.browser.send('Page.handleJavaScriptDialog', self.session, accept=True)
        elif method == 'Runtime.exceptionThrown':
            details = parameters['exceptionDetails']
            self.complaints.append(details.get('exception', {}).get('description') or details['text'])
        elif method == 'Log.entryAdded' and parameters['entry']['level'] == 'error':
            self.complaints.append(parameters['entry']['text'])
        elif method == 'Runtime.consoleAPICalled' and parameters['type'] in ('error', 'assert'):
            self.complaints.append(' '.join(str(a.get('value', a.get('description'))) for a in parameters['args']))

    def prepare(self, script):
        """Runs in every page of this tab before its own scripts."""
        self.call('Page.addScriptToEvaluateOnNewDocument', source=script)

    def go(self, url):
        self.call('Page.navigate', url=url)

    def reload(self):
        self.call('Page.reload')

    def evaluate(self, expression, timeout_s=30):
        answer = self.call('Runtime.evaluate', timeout_s, expression=expression, returnByValue=True, awaitPromise=True)
        if 'exceptionDetails' in answer:
            details = answer['exceptionDetails']
            raise Failure(f"{expression[:80]}: {details.get('exception', {}).get('description', details['text'])}")
        return answer['result'].get('value')

    def find(self, role, name):
        """The node of that role whose accessible name fits; None if there is none."""
        for node in self.call('Accessibility.getFullAXTree')['nodes']:
            if not node.get('ignored') and node.get('role', {}).get('value') == role and \
                    re.search(name, node.get('name', {}).get('value', '')) and 'backendDOMNodeId' in node:
                return node['backendDOMNodeId']
        return None

    def press(self, role, name, timeout_s=20):
        """Scrolls it into view and clicks in its middle with the mouse."""
        node = wait_until(lambda: self._try(lambda: self.find(role, name)), f'the {role} “{name}”', timeout_s)
        self.call('DOM.scrollIntoViewIfNeeded', backendNodeId=node)
        quad = self.call('DOM.getContentQuads', backendNodeId=node)['quads'][0]
        x, y = sum(quad[0::2]) / 4, sum(quad[1::2]) / 4
        for kind in ('mouseMoved', 'mousePressed', 'mouseReleased'):
            self.call('Input.dispatchMouseEvent', type=kind, x=x, y=y, button='none' if kind == 'mouseMoved' else 'left',
                      clickCount=0 if kind == 'mouseMoved' else 1)

    @staticmethod
    def _try(function):
        try:
            return function()
        except Failure:
            return None

    def screenshot(self, name):
        picture = self.call('Page.captureScreenshot', format='png')
        artifact(name).write_bytes(base64.b64decode(picture['data']))

    def resize(self, width, height, mobile=False):
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def kill(self):
        """The tab's process dies, as when it needs too much memory."""
        try:
            self.call('Page.crash', 1)
        except Failure:
            pass  # it cannot answer any more

    def close(self):
        self.browser.call('Target.closeTarget', targetId=self.target)


class Chromium:
    """The whole browser; `prefix` starts it somewhere else."""

    n_made = 0

    def __init__(self, stage, camera=None, microphone=None, prefix=(), language='en', flags=()):
        Chromium.n_made += 1
        self.folder = stage.folder / f'chromium-{Chromium.n_made}'
        self.folder.mkdir()
        self.numbers = itertools.count(1)
        self.answers = {}
        self.tabs = {}
        self.changed = threading.Condition()
        self.gone = False
        command = ['chromium', *CHROMIUM_FLAGS, f'--user-data-dir={self.folder}', f'--lang={language}',
                   f'--accept-lang={language}', '--remote-debugging-pipe', *flags]
        command += [f'--use-file-for-fake-video-capture={camera}'] if camera else []
        command += [f'--use-file-for-fake-audio-capture={microphone}'] if microphone else []
        if shutil.which('chromium') is None:
            raise Skipped('chromium is not installed')
        pipes = [os.pipe(), os.pipe()]
        # Far from 3 and 4, which it reads and writes.
        to_read, self.to_write, self.to_read, to_write = (
            fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for pipe in pipes for end in pipe)
        for pipe in pipes:
            for end in pipe:
                os.close(end)
        self.process = stage.start(
            [*prefix, 'bash', '-c', f'exec "$@" 3<&{to_read} 4>&{to_write} {to_read}<&- {to_write}>&-', 'bash',
             *command, 'about:blank'],
            pass_fds=(to_read, to_write), stdout=subprocess.DEVNULL, stderr=open(self.folder / 'log', 'wb'),
            env=dict(stage.environment, LANGUAGE=language))
        os.close(to_read)
        os.close(to_write)
        threading.Thread(target=self._read, daemon=True).start()
        self.call('Browser.getVersion', 60)

    def _read(self):
        rest = b''
        while True:
            try:
                data = os.read(self.to_read, 1 << 16)
            except OSError:
                data = b''
            if not data:
                break
            *messages, rest = (rest + data).split(b'\0')
            for message in messages:
                self._take(json.loads(message))
        with self.changed:
            self.gone = True
            self.changed.notify_all()

    def _take(self, message):
        if 'id' in message:
            with self.changed:
                self.answers[message['id']] = message
                self.changed.notify_all()
        elif message.get('sessionId') in self.tabs:
            self.tabs[message['sessionId']].said(message['method'], message['params'])

    def send(self, method, session=None, **parameters):
        number = next(self.numbers)
        message = {'id': number, 'method': method, 'params': parameters}
        if session is not None:
            message['sessionId'] = session
        try:
            os.write(self.to_write, json.dumps(message).encode() + b'\0')
        except OSError:
            raise Failure(f'{method}: chromium is gone') from None
        return number

    def call(self, method, timeout_s=30, session=None, **parameters):
        number = self.send(method, session, **parameters)
        end = time.monotonic() + timeout_s * PATIENCE
        with self.changed:
            while number not in self.answers:
                if self.gone:
                    raise Failure(f'{method}: chromium ended: {(self.folder / "log").read_text(errors="replace")[-500:]}')
                if time.monotonic() > end:
                    raise Failure(f'{method}: no answer within {timeout_s} s')
                self.changed.wait(0.5)
            answer = self.answers.pop(number)
        if 'error' in answer:
            raise Failure(f"{method}: {answer['error']['message']}")
        return answer['result']

    def new_tab(self, url='about:blank'):
        """In a window and with a memory of its own, as if it were another computer's."""
        context = self.call('Target.createBrowserContext')['browserContextId']
        target = self.call('Target.createTarget', url='about:blank', browserContextId=context, newWindow=True)['targetId']
        tab = Tab(self, context, target)
        tab.resize(1280, 800)
        if url != 'about:blank':
            tab.go(url)
        return tab

    def kill(self):
        """The whole browser, at once: it cannot say goodbye."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Firefox:
    """One window of Firefox, with one page; what it needs of Tab's ways."""

    def __init__(self, stage, language='en', microphone_hz=440, prefix=()):
        if shutil.which('firefox-esr') is None:
            raise Skipped('firefox-esr is not installed')
        self.complaints = []
        self.folder = stage.folder / f'firefox-{free_port()}'
        self.folder.mkdir()
        preferences = dict(FIREFOX_PREFERENCES, **{
            'intl.accept_languages': language, 'intl.locale.requested': 'en-US',
            'media.navigator.audio.fake_frequency': microphone_hz})
        (self.folder / 'user.js').write_text(''.join(
            f'user_pref({json.dumps(name)}, {json.dumps(value)});\n' for name, value in preferences.items()))
        self.process = stage.start(
            [*prefix, 'firefox-esr', '--headless', '--marionette', '--no-remote', '--profile', self.folder, 'about:blank'],
            stdout=subprocess.DEVNULL, stderr=open(self.folder / 'log', 'wb'),
            env=dict(stage.environment, MOZ_HEADLESS='1'))
        active = self.folder / 'MarionetteActivePort'
        port = int(wait_until(lambda: active.exists() and active.read_text().strip(), 'Firefox', 60))
        self.socket = socket.create_connection(('127.0.0.1', port), timeout=60)
        self.rest = b''
        self.numbers = itertools.count(1)
        self._receive()  # who it is
        self.call('WebDriver:NewSession', capabilities={'alwaysMatch': {'unhandledPromptBehavior': 'ignore'}})

    def _receive(self):
        while True:
            head = FRAME.match(self.rest)
            if head and len(self.rest) >= head.end() + int(head.group(1)):
                end = head.end() + int(head.group(1))
                message, self.rest = self.rest[head.end():end], self.rest[end:]
                return json.loads(message)
            data = self.socket.recv(1 << 16)
            if not data:
                raise Failure('Firefox ended')
            self.rest += data

    def call(self, command, **parameters):
        number = next(self.numbers)
        data = json.dumps([0, number, command, parameters]).encode()
        self.socket.sendall(str(len(data)).encode() + b':' + data)
        while True:
            message = self._receive()
            if message[1] == number:
                break
        if message[2]:
            raise Failure(f"{command}: {message[2]['message']}")
        result = message[3]
        return result['value'] if isinstance(result, dict) and set(result) == {'value'} else result

    def go(self, url):
        self.call('WebDriver:Navigate', url=url)

    def reload(self):
        self.call('WebDriver:Refresh')

    def evaluate(self, expression, timeout_s=30):
        return self.call('WebDriver:ExecuteScript', script=f'return ({expression})', args=[],
                         scriptTimeout=timeout_s * 1000, sandbox=None, newSandbox=False)

    def find(self, role, name):
        for element in self.call('WebDriver:FindElements', using='css selector',
                                 value='button, a, input, select, [role]'):
            identity = list(element.values())[0]
            if self.call('WebDriver:GetComputedRole', id=identity) == role and \
                    re.search(name, self.call('WebDriver:GetComputedLabel', id=identity) or '') and \
                    self.call('WebDriver:IsElementDisplayed', id=identity):
                return identity
        return None

    def press(self, role, name, timeout_s=20):
        identity = wait_until(lambda: self.find(role, name), f'the {role} “{name}”', timeout_s)
        self.call('WebDriver:ElementClick', id=identity)

    def screenshot(self, name):
        artifact(name).write_bytes(base64.b64decode(self.call('WebDriver:TakeScreenshot', full=False)))

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

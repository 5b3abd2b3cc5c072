#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Has a guest, all by the window: invites her, copies her link, reads its QR code off the screen, writes
her a cue, talks to her, puts her back, revokes her link; and looks how guests reach this computer.

    test-console-guests.py REGIE

The guest speaks the line of the guests' page, over the network. Starts its own X server, session bus
and keyring. Keeps a screenshot of each step in $REGIE_TEST_ARTIFACTS. Skipped (77) where one of them is
missing.
"""
import asyncio
import json
import pathlib
import queue
import shutil
import subprocess
import sys
import threading
import urllib.parse

from regie_window import Failure, main, start_keyring, wait_for

OVER_WINDOW = (600, 150)
CUE = 'Please speak louder'
CUE_LINE = 'A sentence to this guest'


class GuestLine:
    """What the guests' page says and hears, without its picture and sound."""

    def __init__(self, link):
        parts = urllib.parse.urlsplit(link)
        self.origin, self.token = f'{parts.scheme}://{parts.netloc}', parts.fragment
        self.line = f'ws://{parts.netloc}/signal'
        self.heard, self.to_say = [], queue.Queue()
        self.closed = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._live()), daemon=True).start()

    async def _live(self):
        import websockets  # pylint: disable=import-outside-toplevel
        try:
            async with websockets.connect(self.line, origin=self.origin) as socket:
                await socket.send(json.dumps({'type': 'hello', 'token': self.token, 'language': 'en'}))
                await asyncio.gather(self._listen(socket), self._speak(socket))
        except (websockets.ConnectionClosed, OSError):
            pass
        finally:
            self.closed.set()

    async def _listen(self, socket):
        async for text in socket:
            self.heard.append(json.loads(text))
        raise ConnectionResetError

    async def _speak(self, socket):
        for beat in range(1 << 30):
            try:
                await socket.send(json.dumps(self.to_say.get_nowait()))
            except queue.Empty:
                await asyncio.sleep(0.05)
            if beat % 60 == 0:
                await socket.send(json.dumps({'type': 'ping', 'id': beat}))

    def say(self, kind, **what):
        self.to_say.put({'type': kind, **what})

    def wait_for(self, kind, timeout_s=15.0, **what):
        def has_heard():
            return next((message for message in reversed(self.heard) if message['type'] == kind and
                         all(message.get(key) == value for key, value in what.items())), None)
        return wait_for(f'the guest to hear “{kind}” {what}', has_heard, timeout_s)


def write_event(stage):
    """A speaker in the hall, and no guest."""
    if not all(shutil.which(program) for program in ('gnome-keyring-daemon', 'zbarimg', 'import')):
        return None
    try:
        import websockets  # noqa: F401 pylint: disable=import-outside-toplevel,unused-import
    except ImportError:
        return None
    start_keyring(stage)
    path = stage.folder / 'event.regie'
    path.write_text(json.dumps({
        'regie': 1,
        'title': 'Journée numérique',
        'program': {'width': 640, 'height': 360, 'rate': 10, 'video-kbps': 300},
        'sources': [{'id': 'hall', 'title': 'Hall', 'kind': 'drawn', 'drawing': 'speaker'}],
        'shots': [{'id': 'hall', 'title': 'Hall', 'layout': 'full', 'sources': ['hall']}],
        'recording': {'enabled': False},
        'guests': {'port': 0},
    }), encoding='utf-8')
    return path


def find_link(window):
    """As the window shows it, or None."""
    node = window.find(None, lambda name: name.startswith('http://') and '/#' in name)
    return node.get_name() if node else None


def middle(window, name):
    """Of a button, in its window, which stands at the corner of the screen."""
    where = window.button(name).get_extents(window.atspi.CoordType.WINDOW)
    return where.x + where.width // 2, where.y + where.height // 2


def test_empty(window):
    """Without guests the window says in a sentence what to do."""
    window.key('ctrl+g')
    window.wait_for_text('No guest yet')
    window.check_names('the empty window')
    window.picture('nobody')


def test_invite(window):
    """Anna is invited by her name alone."""
    window.press('Invite a guest…')
    window.wait_for_text('Who comes?')
    window.check_names('the question for the name')
    subprocess.run(['xdotool', 'mousemove', '380', '300', 'type', '--delay', '30', 'Anna'], check=True, timeout=30)
    window.press('Make the link')
    window.wait_for_text('Invitation for Anna')
    window.wait_for_text('⚠ This link works on this computer only.')
    window.link = wait_for('her link', lambda: find_link(window))
    window.check_names('the invitation')
    if len(urllib.parse.urlsplit(window.link).fragment) < 22:
        raise Failure(f'{window.link} can be guessed')


def test_code(window):
    """Whoever points a telephone at the screen gets the very link."""
    def read():
        path = window.artifacts / 'console-guests-code.png'
        subprocess.run(['import', '-window', 'root', str(path)], check=True, timeout=30)
        return subprocess.run(['zbarimg', '--quiet', '--raw', str(path)], capture_output=True,
                              text=True, timeout=30, check=False).stdout.strip()
    window.picture('code')
    said = wait_for('the code to be read', read)
    if said != window.link:
        raise Failure(f'the code says {said}, the link is {window.link}')


def read(window, name):
    """What stands in a field."""
    field = wait_for(f'the field “{name}”', lambda: window.find(('text', 'entry', 'text area'), name.__eq__))
    return window.atspi.Text.get_text(field, 0, window.atspi.Text.get_character_count(field))


def test_mail(window):
    """The mail is there in both languages, each with her name, the event and her link."""
    window.press('Mail text')
    window.picture('mail')
    for language, greeting in (('Français', 'Bonjour Anna,'), ('English', 'Hello Anna,')):
        window.press(language)
        mail = wait_for(f'the mail in {language}', lambda: (lambda text: text.startswith(greeting) and text)(
            read(window, 'Text of the mail')))
        if f'\n{window.link}\n' not in mail or 'Journée numérique' not in mail:
            raise Failure(f'the mail does not say link and event: {mail}')
    window.key('Escape', over=OVER_WINDOW)
    wait_for('the invitation to close', lambda: not window.find(None, 'Invitation for Anna'.__eq__))


def test_copied(window):
    """The link is copied, and can be pasted where it is needed."""
    window.press('Copy link')
    where = wait_for('the line for a cue', lambda: window.find(('text', 'entry'), CUE_LINE.__eq__)).get_extents(
        window.atspi.CoordType.WINDOW)
    subprocess.run(['xdotool', 'mousemove', str(where.x + 60), str(where.y + where.height // 2), 'click', '1',
                    'key', 'ctrl+v'], check=True, timeout=30)
    wait_for('the link to be pasted', lambda: read(window, CUE_LINE) == window.link)
    subprocess.run(['xdotool', 'key', 'ctrl+a', 'key', 'Delete'], check=True, timeout=30)
    wait_for('the line to be empty', lambda: read(window, CUE_LINE) == '')


def test_states(window):
    """What she does is said in words, in the list, beside her picture and on the source's tile."""
    window.wait_for_text('○ Anna has not come yet')
    window.guest = GuestLine(window.link)
    window.guest.wait_for('welcome', name='Anna', event='Journée numérique')
    window.wait_for_text('◔ Anna follows the event')
    window.guest.say('place', place='green-room')
    window.wait_for_text('◐ In the green room')
    window.guest.say('place', place='ready')
    window.wait_for_text('✓ Anna is ready')
    window.check_names('a guest who is there')
    window.picture('ready')


def test_cue(window):
    """A ready sentence reaches her, and the window says when she has seen it."""
    window.press(CUE)
    cue = window.guest.wait_for('cue', text=CUE)
    window.wait_for_text(f'Sent, and not seen yet: “{CUE}”')
    window.guest.say('cue-seen', id=cue['id'])
    wait_for('the cue to be seen', lambda: not window.find(None, lambda name: 'not seen yet' in name))


def test_talk(window):
    """She hears the operator exactly as long as the button, or T, is held."""
    def is_talking():
        return window.state('talkback')

    x, y = middle(window, 'Hold to talk to Anna')
    subprocess.run(['xdotool', 'mousemove', str(x), str(y), 'mousedown', '1'], check=True, timeout=30)
    try:
        window.guest.wait_for('talkback', on=True)
        window.button('⚠ No microphone')  # this test has none, and who talks must know
        window.picture('talking')
    finally:
        subprocess.run(['xdotool', 'mouseup', '1'], check=True, timeout=30)
    window.guest.wait_for('talkback', on=False)
    wait_for('silence', lambda: not is_talking())

    window.key('Tab', over=OVER_WINDOW)  # out of the line for cues, where T is a letter
    subprocess.run(['xdotool', 'keydown', 't'], check=True, timeout=30)
    try:
        wait_for('T to talk', lambda: is_talking() == ['anna'])
    finally:
        subprocess.run(['xdotool', 'keyup', 't'], check=True, timeout=30)
    wait_for('silence', lambda: not is_talking())

    window.press('Hold to talk to all guests')  # assistive tools cannot hold
    wait_for('all to be talked to', lambda: is_talking() == ['anna'])
    window.press('⚠ No microphone')
    wait_for('silence', lambda: not is_talking())


def test_put_back(window):
    """She is put back, and is no longer ready."""
    window.press('Put back')
    window.guest.wait_for('place', place='green-room')
    window.wait_for_text('◐ Anna is in the green room')


def test_reach(window):
    """The page says in words from where guests come."""
    window.press('Reaching Régie')
    window.wait_for_text('✓ Guests come from this computer only')
    window.check_names('reaching Régie')
    window.picture('reach')
    window.button('Test now')
    window.press('Guests')


def test_revoke(window):
    """Her link is void at once, and a new one is another one."""
    window.press('Revoke link…')
    window.answer('Revoke the link of Anna?', 'Revoke')
    window.guest.wait_for('bye', reason='revoked')
    window.wait_for_text('⊘ Link revoked')
    window.wait_for_text('nobody can come in with it')
    refused = GuestLine(window.link)
    refused.wait_for('bye', reason='invalid')
    window.picture('revoked')
    window.press('New link')
    new = wait_for('a new link', lambda: find_link(window))
    if new == window.link:
        raise Failure('the new link is the revoked one')
    GuestLine(new).wait_for('welcome', name='Anna')
    window.wait_for_text('◔ Anna follows the event')


def test_secret(window):
    """No token is in the event file or in what Régie says."""
    token = urllib.parse.urlsplit(window.link).fragment
    for path in (window.stage.folder / 'event.regie', window.log_path):
        if token in pathlib.Path(path).read_text(encoding='utf-8', errors='replace'):
            raise Failure(f'the token is in {path}')


def journey(window):
    window.button('Go live…')
    for test in (test_empty, test_invite, test_code, test_mail, test_copied, test_states, test_cue, test_talk,
                 test_put_back, test_reach, test_revoke, test_secret):
        print(f'{test.__doc__}', flush=True)
        test(window)


if __name__ == '__main__':
    sys.exit(main('console-guests', write_event, journey))

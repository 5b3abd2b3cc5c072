#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends a show to a real nginx, all by the window: adds the destination, mistypes its key, rehearses,
goes live, mends the key, loses the server and gets it back; tests the upload, moves and removes one.

    test-console-destinations.py REGIE

Starts its own X server, session bus, keyring and nginx. Keeps a screenshot of each step in
$REGIE_TEST_ARTIFACTS. Skipped (77) where one of them is missing.
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import urllib.request

from regie_window import Failure, main, start_keyring, wait_for

MODULES = ('/usr/lib/nginx/modules/ngx_rtmp_module.so', '/usr/lib64/nginx/modules/ngx_rtmp_module.so',
           '/usr/share/nginx/modules/ngx_rtmp_module.so')
GOOD_KEY = 'right-key-1234'
WRONG_KEY = 'wrong-key-5678'
OVER_WINDOW = (600, 650)


class Nginx:
    """Takes what is published to it with the right key only, and shows it to the audience under another
    name.
    """

    def __init__(self, stage, module):
        self.stage = stage
        self.port, self.http_port = (self._free_port() for _ in range(2))
        self.folder = stage.folder / 'nginx'
        self.folder.mkdir()
        self.process = None
        user = 'user root;' if os.geteuid() == 0 else ''
        temporary = ' '.join(f'{kind}_temp_path {self.folder}/{kind};'
                             for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
        (self.folder / 'nginx.conf').write_text(f'''
load_module {module};
{user}
daemon off;
master_process off;
worker_processes 1;
pid {self.folder}/nginx.pid;
error_log {self.folder}/error.log warn;
events {{ worker_connections 64; }}
http {{
  access_log off;
  {temporary}
  server {{
    listen 127.0.0.1:{self.http_port};
    location /stat {{ rtmp_stat all; }}
    location /check {{
      absolute_redirect off;
      if ($arg_name != {GOOD_KEY}) {{ return 403; }}
      return 302 stage;
    }}
    location = /hls/stage.m3u8 {{ alias {self.folder}/hls/{GOOD_KEY}.m3u8; }}
    location /hls/ {{ alias {self.folder}/hls/; }}
  }}
}}
rtmp {{
  access_log off;
  server {{
    listen 127.0.0.1:{self.port};
    notify_method get;
    application live {{
      live on;
      on_publish http://127.0.0.1:{self.http_port}/check;
      hls on;
      hls_path {self.folder}/hls;
      hls_fragment 2s;
    }}
  }}
}}
''')
        self.start()

    @staticmethod
    def _free_port():
        with socket.socket() as probe:
            probe.bind(('127.0.0.1', 0))
            return probe.getsockname()[1]

    def start(self):
        self.process = self.stage.start('nginx', '-p', str(self.folder), '-c',
                                        str(self.folder / 'nginx.conf'), stderr=subprocess.DEVNULL)
        wait_for('nginx', lambda: self.stat() is not None, 10.0)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stat(self):
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{self.http_port}/stat', timeout=2) as reply:
                return reply.read().decode()
        except OSError:
            return None

    def has_stream(self):
        return '<name>stage</name>' in (self.stat() or '')

    def watch_address(self):
        return f'http://127.0.0.1:{self.http_port}/hls/stage.m3u8'


def write_event(stage):
    """One card and no destination, small, so that it costs little."""
    module = next((path for path in MODULES if os.path.exists(path)), None)
    if module is None or not shutil.which('nginx') or not shutil.which('gnome-keyring-daemon'):
        return None
    stage.nginx = Nginx(stage, module)
    start_keyring(stage)
    path = stage.folder / 'event.regie'
    path.write_text(json.dumps({
        'regie': 1,
        'title': 'Évènement',
        'program': {'width': 320, 'height': 180, 'rate': 10, 'video-kbps': 300},
        'sources': [{'id': 'card', 'title': 'Card', 'kind': 'card', 'card': 'clock'}],
        'shots': [{'id': 'card', 'title': 'Card', 'layout': 'full', 'sources': ['card']}],
        'recording': {'folder': 'recordings'},
    }), encoding='utf-8')
    (stage.folder / 'recordings').mkdir()
    stage.event = path
    return path


def write(window, name, text):
    """Clicks into a field and replaces what stands there."""
    field = wait_for(f'the field “{name}”', lambda: window.find(
        ('text', 'entry', 'password text'), lambda label: label == name))
    where = field.get_extents(window.atspi.CoordType.WINDOW)
    subprocess.run(['xdotool', 'mousemove', str(where.x + where.width // 2),
                    str(where.y + where.height // 2), 'click', '1', 'key', 'ctrl+a', 'key', 'Delete',
                    'type', '--delay', '12', text], check=True, timeout=60)


def test_add(window):
    """A destination is added with its address and key, and mistakes are said while they are typed."""
    window.press('No destination')
    window.press('New destination')
    window.wait_for_text('Where shall the show go?')
    window.picture('services')
    window.check_names('the platforms')
    window.key('End', 'Return', over=OVER_WINDOW)
    window.button('Add')
    window.check_names('the form')
    window.picture('empty-form')

    write(window, 'Address', 'https://stream.example.org/live')
    window.wait_for_text('This is the address of a web page.')
    write(window, 'Stream key', 'rtmp://stream.example.org')
    window.wait_for_text('This is an address, not a key.')
    window.picture('mistakes')
    write(window, 'Address', f'rtmp://127.0.0.1:{window.stage.nginx.port}/live')
    write(window, 'Stream key', WRONG_KEY)
    write(window, 'What you call it', 'Hall')
    window.picture('filled')
    window.press('Add')
    window.wait_for_text('A key is kept in this computer’s keyring.')
    window.picture('added')


def test_secret(window):
    """The key is in the keyring and nowhere else."""
    event = pathlib.Path(window.stage.event)
    wait_for('the event to be saved', lambda: '"Hall"' in event.read_text(encoding='utf-8'))
    saved = json.loads(event.read_text(encoding='utf-8'))['destinations']
    if saved[0]['key'] != 'keyring' or saved[0]['service'] != 'own':
        raise Failure(f'the event has {saved}')
    for path in (event, window.log_path):
        if WRONG_KEY in path.read_text(encoding='utf-8', errors='replace'):
            raise Failure(f'the key is in {path}')
    if window.find(None, lambda name: WRONG_KEY in name):
        raise Failure('the key can be read in the window')


def test_watch_address(window):
    """Where it is watched is said elsewhere, and the form shows it."""
    patch = json.dumps({'watch': window.stage.nginx.watch_address()})
    window.activate('edit-destination', window.glib.Variant('(ss)', ('hall', patch)))


def test_audience(window):
    """What the audience sees is seen, and how late."""
    window.press('1 / 1 live')
    window.wait_for_text('The audience sees it')
    window.picture('audience')
    window.key('Escape')


def test_recording_settings(window):
    """Switching the recording off is told in red, and it is switched on again."""
    window.press('Records with the show')
    window.press('How to record…')
    window.press('Record the show')
    window.wait_for_text('✕ Nothing will be kept of this event.')
    window.wait_for_text('✕ NOT RECORDING')
    window.check_names('the recording settings')
    window.picture('not-recording')
    window.press('Record the show')
    window.wait_for_text('Records with the show')
    window.key('Escape', over=(300, 600))


def test_rehearsal(window):
    """A rehearsal says what it is, records, and publishes nothing."""
    window.press('Rehearse')
    window.wait_for_text('◎ REHEARSAL 00:')
    window.wait_for_text('nobody sees this')
    window.wait_for_text('⏺ REC 00:')
    window.check_names('the rehearsal')
    window.picture('rehearsal')
    if window.stage.nginx.has_stream():
        raise Failure('a rehearsal was published')


def test_wrong_key(window):
    """Going live says whether keys are there; one that is wrong is told where it can be mended."""
    window.press('Go live…')
    window.wait_for_text('✓ Its key is there')
    window.answer('Go live?', 'Go live')
    window.wait_for_text('● ON AIR 00:')
    window.press('1 destination')
    window.wait_for_text('the stream key is probably wrong')
    window.picture('wrong-key')
    window.press('Enter key…')
    window.wait_for_text('Stream key of Hall')
    window.picture('key-question')
    subprocess.run(['xdotool', 'type', '--delay', '12', GOOD_KEY], check=True, timeout=60)
    window.press('Save')
    window.button('1 / 1 live')
    wait_for('the stream at the server', window.stage.nginx.has_stream)


def test_server_lost(window):
    """A server that is killed is waited for, the gap is told, and it is live again by itself."""
    window.stage.nginx.kill()
    window.button('1 destination')
    window.press('1 destination')
    window.wait_for_text('↻ Not connected')
    window.picture('server-lost')
    # By itself it would wait longer than pressing the button may take.
    wait_for('a try that is far away', lambda: window.find(None, lambda name: any(
        f'again in {seconds} s' in name for seconds in range(3, 11))))
    window.stage.nginx.start()
    window.press('Retry now')
    wait_for('the stream at once', window.stage.nginx.has_stream, 2.5)
    window.wait_for_text('● Live · ')
    window.wait_for_text('the recording has it')
    window.picture('live-again')
    window.key('Escape')


def test_locked(window):
    """What is being sent cannot be changed, and says so."""
    window.press('1 / 1 live')
    window.press('Change destinations')
    window.wait_for_text('The show is being sent there now.')
    window.picture('locked')
    window.key('Escape', over=OVER_WINDOW)


def test_end(window):
    window.press('End live…')
    window.answer('End live?', 'End live')
    window.wait_for_text('Ended after')
    wait_for('the server to be left', lambda: not window.stage.nginx.has_stream())


def test_upload(window):
    """The upload is tested off air, nothing can be changed meanwhile, and the verdict is told in words."""
    window.press('1 destination')
    window.press('Change destinations')
    window.press('Test upload…')
    # Not answer (): the toast of the saved recording has a button that libadwaita gives no name.
    window.wait_for_text('Test the upload to Hall?')
    window.press('Test')
    window.wait_for_text('◌ Being tested')
    window.wait_for_text('The upload is being tested. What is written here can be changed')
    wait_for('the test at the server', window.stage.nginx.has_stream)
    window.picture('upload-test')
    window.wait_for_text('✓ Test: good. The network carries ')
    window.picture('upload-verdict')
    wait_for('the server to be left', lambda: not window.stage.nginx.has_stream())


def titles_in_event(window):
    saved = json.loads(pathlib.Path(window.stage.event).read_text(encoding='utf-8'))
    return [destination['title'] for destination in saved['destinations']]


def test_unsaved(window):
    """What is written and not saved is not left without a question."""
    write(window, 'What you call it', 'Great hall')
    window.press('Add a destination…')
    window.answer('Save what you wrote?', 'Back to it')
    window.press('Add a destination…')
    window.answer('Save what you wrote?', 'Save')
    window.wait_for_text('Where shall the show go?')
    wait_for('the new name in the event', lambda: titles_in_event(window) == ['Great hall'])
    window.key('End', 'Return', over=OVER_WINDOW)
    write(window, 'What you call it', 'Foyer')
    window.key('Escape', over=OVER_WINDOW)
    window.answer('Save what you wrote?', 'Discard')
    wait_for('the window to close', lambda: not window.find(None, lambda name: name == 'Destinations'))
    if titles_in_event(window) != ['Great hall']:
        raise Failure('what was discarded is in the event')
    window.press('1 destination')
    window.press('New destination')
    window.wait_for_text('Where shall the show go?')


def test_move_and_remove(window):
    """A second destination is moved before the first and removed again; the first one stays."""
    window.key('End', 'Return', over=OVER_WINDOW)
    write(window, 'Address', f'rtmp://127.0.0.1:{window.stage.nginx.port}/other')
    write(window, 'What you call it', 'Foyer')
    window.press('Add')
    wait_for('the second one', lambda: titles_in_event(window) == ['Great hall', 'Foyer'])
    window.press('Move up')
    wait_for('the other order', lambda: titles_in_event(window) == ['Foyer', 'Great hall'])
    window.picture('moved')
    window.press('Remove')
    window.answer('Remove “Foyer”?', 'Remove')
    wait_for('the first one alone', lambda: titles_in_event(window) == ['Great hall'])
    window.picture('removed')
    window.key('Escape', over=OVER_WINDOW)


def test_quit(window):
    window.activate('quit')
    status = window.process.wait(40)
    if status != 0:
        raise Failure(f'regie ended with status {status}')
    log = window.log_path.read_text(errors='replace')
    if WRONG_KEY in log or GOOD_KEY in log:
        raise Failure('a key was logged')


def journey(window):
    window.button('Go live…', 60.0)
    window.check_names('the window')
    test_add(window)
    test_secret(window)
    test_watch_address(window)
    window.key('Escape', over=OVER_WINDOW)
    test_recording_settings(window)
    test_rehearsal(window)
    test_wrong_key(window)
    test_audience(window)
    test_server_lost(window)
    test_locked(window)
    test_end(window)
    test_upload(window)
    test_unsaved(window)
    test_move_and_remove(window)
    test_quit(window)


if __name__ == '__main__':
    sys.exit(main('destinations', write_event, journey))

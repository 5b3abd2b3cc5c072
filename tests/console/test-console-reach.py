#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets guests come from the network and from far away, all by the window: opens the door, chooses certificates
good and bad, sets up a tunnel and a TURN server, and tests whether a guest can come.

    test-console-reach.py REGIE

What answers is real: a TLS client, stunnel and coturn, in a network of the test's own. Starts its own X server,
session bus and keyring. Keeps a screenshot of each step in $REGIE_TEST_ARTIFACTS. Skipped (77) where one of them
is missing.
"""
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import time

from regie_window import Failure, main, start_keyring, wait_for

SHOW = pathlib.Path(__file__).resolve().parent.parent / 'show'
sys.path.insert(0, str(SHOW))
from regie_networks import OWN, Turn, go_apart  # noqa: E402
from regie_servers import Certificates  # noqa: E402
from regie_testing import Skipped, free_port, run  # noqa: E402
from regie_tunnel import PublicEnd  # noqa: E402

# Beside the settings, which the wheel would change; and from where to where they are seen.
OVER_MARGIN = (60, 400)
SEEN = range(120, 620)
# Without a window manager it stands in the corner.
OVER_FILES = (300, 100)
TURN = f'turn:{OWN}:3478?transport=udp'
WRONG = 'wrong-password-1'
PROGRAMS = ('gnome-keyring-daemon', 'openssl', 'stunnel4', 'turnserver')


class Servers:
    """The window's stage as servers for shows know one."""

    def __init__(self, stage):
        self.stage, self.folder = stage, stage.folder

    def start(self, command, **options):
        return self.stage.start(*map(str, command), **options)


def write_event(stage):
    """A speaker in the hall and Anna, who has not come."""
    if not all(shutil.which(program) for program in PROGRAMS):
        return None
    stage.certificates = Certificates(Servers(stage))
    stage.certificates.folder.mkdir(exist_ok=True)
    stage.socket = stage.folder / 'tunnel'
    stage.far = PublicEnd(Servers(stage), OWN, stage.socket)
    stage.turn = Turn(Servers(stage), OWN)
    stage.port = free_port()
    start_keyring(stage)
    path = stage.folder / 'event.regie'
    path.write_text(json.dumps({
        'regie': 1,
        'title': 'Event',
        'program': {'width': 320, 'height': 180, 'rate': 10, 'video-kbps': 300},
        'sources': [{'id': 'hall', 'title': 'Hall', 'kind': 'drawn', 'drawing': 'speaker'},
                    {'id': 'anna', 'title': 'Anna', 'kind': 'guest'}],
        'shots': [{'id': 'hall', 'title': 'Hall', 'layout': 'full', 'sources': ['hall']}],
        'recording': {'enabled': False},
        'guests': {'port': stage.port},
    }), encoding='utf-8')
    stage.event = path
    return path


def scroll_to(window, node):
    """Turns the wheel until a part of the page can be seen; returns its middle."""
    def middle():
        where = node.get_extents(window.atspi.CoordType.WINDOW)
        return where.x + where.width // 2, where.y + where.height // 2
    for _ in range(60):
        x, y = middle()
        if SEEN.start < y < SEEN.stop:
            return x, y
        subprocess.run(['xdotool', 'mousemove', *map(str, OVER_MARGIN), 'click', '5' if y >= SEEN.stop else '4'],
                       check=True, timeout=30)
        wait_for('the page to move', lambda: middle() != (x, y))
    raise Failure('the wheel leads nowhere')


def write(window, name, text):
    """Clicks into a field, replaces what stands there, and leaves it by Return."""
    field = wait_for(f'the field “{name}”', lambda: window.find(('text', 'entry', 'password text'), name.__eq__))
    subprocess.run(['xdotool', 'mousemove', *map(str, scroll_to(window, field)), 'click', '1', 'key', 'ctrl+a', 'key', 'Delete',
                    'type', '--delay', '12', str(text)], check=True, timeout=60)
    subprocess.run(['xdotool', 'key', 'Return'], check=True, timeout=30)


def is_asked(title):
    """Whether a window of that name is on the screen."""
    return subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', f'^{title}$'], capture_output=True,
                          check=False).returncode == 0


def choose(window, certificate, key):
    """Both files, as the window asks for them."""
    window.press('Choose files…')
    for title, path in (('Choose the certificate', certificate), ('Choose its private key', key)):
        wait_for(f'“{title}”', lambda: is_asked(title))
        window.button('Choose')
        window.key('ctrl+l', over=OVER_FILES)
        subprocess.run(['xdotool', 'type', '--delay', '20', str(path)], check=True, timeout=60)

        def is_chosen():
            # What was typed is looked up in the background; before that there is nothing to choose.
            button = window.find(('push button',), lambda name: f' {name}'.endswith(' Choose')) if is_asked(title) else None
            if button is not None:
                button.do_action(0)
                time.sleep(0.5)
            return not is_asked(title)
        wait_for(f'the end of “{title}”', is_chosen)


def shake_hands(window, host, authority):
    """Whether a browser that trusts @authority would open the door without a warning."""
    context = ssl.create_default_context(cafile=authority)
    try:
        with socket.create_connection((OWN, window.stage.port + 1), timeout=10) as plain, \
                context.wrap_socket(plain, server_hostname=host):
            return True
    except (OSError, ssl.SSLError):
        return False


def saved(window):
    """What the event file has of it."""
    return json.loads(window.stage.event.read_text(encoding='utf-8')).get('guests', {})


def test_near(window):
    """At first nobody comes from outside."""
    window.key('ctrl+g')
    window.press('Reaching Régie')
    window.wait_for_text(f'✓ Guests come from this computer only, by http://localhost:{window.stage.port}/')
    window.check_names('reaching Régie')
    window.picture('near')
    try:
        socket.create_connection((OWN, window.stage.port + 1), timeout=5).close()
    except OSError:
        return
    raise Failure('the network is let in without having been asked for')


def test_network(window):
    """One switch lets the network in, with a certificate that Régie makes."""
    window.press('Let guests on this network in')
    window.wait_for_text(f'✓ Guests come from this network, by https://{OWN}:{window.stage.port + 1}/')
    window.wait_for_text('Régie made one: browsers warn once')
    window.check_names('the open door')
    window.picture('network')
    made = window.stage.folder / 'home' / 'data' / 'regie' / 'guests.crt'
    if not shake_hands(window, OWN, made):
        raise Failure('who trusts the certificate is warned')


def test_certificates(window):
    """A certificate of one's own is taken, and one that is no good is told in a sentence."""
    certificates = window.stage.certificates
    good, expired = certificates.make('good'), certificates.make('expired')
    choose(window, good, good)
    window.wait_for_text(f'✓ Guests come from this network, by https://localhost:{window.stage.port + 1}/')
    window.wait_for_text('good.pem')
    window.picture('own-certificate')
    if not shake_hands(window, 'localhost', certificates.authority):
        raise Failure('a good certificate is not served')

    key = window.stage.folder / 'another.key'
    run(['openssl', 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key])
    choose(window, good, key)
    window.wait_for_text('The certificate or its key cannot be read, or they do not belong together.')
    window.picture('wrong-key')
    choose(window, expired, expired)
    window.wait_for_text('The certificate has run out.')
    window.picture('expired')
    if not shake_hands(window, 'localhost', certificates.authority):
        raise Failure('the good certificate is not served any more')
    window.press('Régie’s own')
    window.wait_for_text('Régie made one: browsers warn once')
    window.wait_for_text(f'✓ Guests come from this network, by https://{OWN}:')
    wait_for('the complaint to go', lambda: not window.find(None, lambda name: 'The certificate has run out' in name))
    wait_for('the event to be saved', lambda: 'certificate' not in saved(window) and saved(window).get('lan'))


def test_tunnel(window):
    """A tunnel is started by its command; what is wrong with it is told; the test says how far it leads."""
    write(window, 'Tunnel command', 'no-such-program-here --at-all')
    window.wait_for_text('The program of the tunnel is not installed.')
    window.picture('no-tunnel')
    write(window, 'Tunnel command', f'/usr/bin/python3 {SHOW}/regie_tunnel.py {window.stage.port} {window.stage.socket}')
    window.wait_for_text('✓ The tunnel runs.')
    wait_for('the complaint to go', lambda: not window.find(None, lambda name: 'of the tunnel is not installed' in name))
    write(window, 'Public address', 'guests.example.org')
    wait_for('it not to be taken', lambda: 'public-address' not in saved(window))
    write(window, 'Public address', window.stage.far.url)
    window.wait_for_text('✓ Guests come from everywhere, by https://')
    window.press('Test now')
    window.wait_for_text('✕ The guests’ page from far away')
    window.wait_for_text('The certificate of this address is not good, so browsers refuse it.')
    window.check_names('what the test found')
    window.picture('tunnel')


def test_turn(window):
    """A TURN server's address is kept in the event, its password in the keyring; the test tries both."""
    write(window, 'STUN servers', f'stun:{OWN}:3478')
    write(window, 'TURN servers', TURN)
    write(window, 'User', Turn.USER)
    write(window, 'Password', WRONG)
    window.press('Save TURN servers')
    window.wait_for_text('✓ It is kept in this computer’s keyring.')
    window.picture('turn')

    def test():
        window.press('Test now')
        wait_for('the test', lambda: window.find(('push button',), 'Test now'.__eq__))
    test()
    window.wait_for_text('✓ STUN server: finds a direct way')
    window.wait_for_text('✕ TURN server: passes on what finds no direct way')
    window.wait_for_text('It does not take this name and password.')
    write(window, 'Password', Turn.PASSWORD)
    window.press('Save TURN servers')

    def works():
        test()
        return window.find(None, lambda name: '✓ TURN server: passes on what finds no direct way' in name)
    wait_for('the right password', works)
    window.picture('turn-works')
    if window.stage.turn.allocations() < 1:
        raise Failure('coturn was not asked for an address')
    wait_for('the event to be saved', lambda: saved(window).get('turn') == [{'address': TURN, 'user': Turn.USER}])


def test_secret(window):
    """No password is in the event file or in what Régie says."""
    for path in (window.stage.event, window.log_path):
        text = pathlib.Path(path).read_text(encoding='utf-8', errors='replace')
        if WRONG in text or Turn.PASSWORD in text:
            raise Failure(f'a password is in {path}')


def journey(window):
    window.button('Go live…')
    for test in (test_near, test_network, test_certificates, test_tunnel, test_turn, test_secret):
        print(f'{test.__doc__}', flush=True)
        test(window)


if __name__ == '__main__':
    try:
        go_apart()
    except Skipped as skipped:
        print(skipped)
        sys.exit(77)
    sys.exit(main('console-reach', write_event, journey))

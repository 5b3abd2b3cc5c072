#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How guests come is changed while one is on air: she stays. And the door to the network: its certificate, as a
real TLS client sees it."""
import json
import pathlib
import socket
import ssl
import stat
import time
import urllib.parse

from regie_guests import guest, link, near_link, write_guests_event
from regie_networks import OWN, Turn, go_apart
from regie_scripted_guest import ScriptedGuest
from regie_servers import Certificates
from regie_testing import GREEN, Regie, free_port, run, source, tap, wait_until, write_secrets

TUNNEL = pathlib.Path(__file__).with_name('regie_tunnel.py')
TURN = f'turn:{OWN}:3478?transport=udp'


def edit(show, **what):
    show.action('edit-guests', json.dumps(what))


def guests(status):
    return status['guests']


def start(stage, names=('anna',), **settings):
    event = write_guests_event(stage, list(names), **settings)
    show = Regie(stage, event, go_live=False, secrets=write_secrets(stage.folder, {TURN: Turn.PASSWORD}))
    show.wait_for_actions()
    show.wait_for(lambda status: guests(status) and guests(status)['open'], 'the room')
    return show


def port_of(address):
    return urllib.parse.urlsplit(address).port


def listens(port, host='127.0.0.1'):
    try:
        socket.create_connection((host, port), timeout=5).close()
        return True
    except OSError:
        return False


def shake_hands(show, host=OWN, authority=None):
    """What a TLS client at the network's door sees: the certificate, and what the page's server says."""
    port = port_of(wait_until(lambda: guests(show.status)['lan'], 'the page on the network'))
    context = ssl.create_default_context(cafile=authority)
    if authority is None:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection((OWN, port), timeout=10) as plain, \
            context.wrap_socket(plain, server_hostname=host) as secure:
        certificate = secure.getpeercert(binary_form=True)
        secure.sendall(f'GET /health HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n'.encode())
        answer = b''
        while True:
            piece = secure.recv(4096)
            if not piece:
                break
            answer += piece
    return ssl.DER_cert_to_PEM_cert(certificate).strip(), answer.decode()


def refuses(show, **how):
    try:
        shake_hands(show, **how)
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    return ''


# ---------------------------------------------------------------------------------------------


def changes(stage):
    """Ports, servers, limits, doors and tunnels come and go; the guest on air notices nothing."""
    show = start(stage)
    anna = ScriptedGuest(stage, near_link(show, 'anna'), 1000, GREEN, [440])
    anna.arrive()
    show.action('take', 'anna')
    show.wait_for(lambda status: source(status, 'anna')['state'] == 'live' and guest(status, 'anna')['place'] == 'on-air',
                  'her on air', 30)
    since = time.monotonic()

    edit(show, stun=[f'stun:{OWN}:3478'], turn=[{'address': TURN, 'user': Turn.USER}])

    def learnt():
        return any(TURN in str(server) and server.get('credential') == Turn.PASSWORD
                   for said in anna.all('message', since, type='ice') for server in said['message']['ice'])
    wait_until(learnt, 'her page to learn of a TURN server')
    tap.check(True, 'her page learns of a TURN server for the next time')
    edit(show, most=1, **{'green-room-hears': True})
    show.wait_for(lambda status: guests(status)['green-room-hears'], 'who waits to hear each other')

    before, port = guests(show.status)['address'], free_port()
    edit(show, port=port)
    show.wait_for(lambda status: guests(status)['address'] == f'http://localhost:{port}/', 'the page at another port')
    tap.check(listens(port) and not listens(port_of(before)), 'the page is at the new port, and no longer at the old one')
    tap.check(port_of(link(show, 'anna')) == port, 'her link says so')

    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(('127.0.0.1', 0))
        other.listen()
        edit(show, port=other.getsockname()[1])
        show.wait_for(lambda status: guests(status)['error'], 'the port that another program has')
        tap.check(guests(show.status)['open'] and listens(port), 'a port that cannot be had: the page stays where it was')
        taken = other.getsockname()[1]
    show.wait_for(lambda status: guests(status)['error'] is None and port_of(guests(status)['address']) == taken,
                  'the port, once it is free', 30)

    edit(show, lan=True)
    show.wait_for(lambda status: guests(status)['lan'], 'the door to the network')
    tap.check('regie' in shake_hands(show)[1], 'the network is let in')
    lan_port = port_of(guests(show.status)['lan'])
    edit(show, lan=False)
    show.wait_for(lambda status: guests(status)['lan'] is None, 'the door to be shut')
    tap.check(not listens(lan_port, OWN), 'the network is kept out again')

    edit(show, tunnel=['/usr/bin/python3', str(TUNNEL), str(taken), str(stage.folder / 'tunnel')])
    show.wait_for(lambda status: guests(status)['tunnel'] == 'running', 'the tunnel')
    edit(show, **{'public-address': 'https://guests.example.org'})
    show.wait_for(lambda status: (guests(status)['public'] or '').startswith('https://guests.example.org'), 'the public address')
    tap.check(link(show, 'anna').startswith('https://guests.example.org/#'), 'her link is the public one')
    edit(show, tunnel=None)
    show.wait_for(lambda status: guests(status)['tunnel'] == 'off', 'the tunnel to end')
    edit(show, **{'public-address': None, 'relay-only': True})
    wait_until(lambda: anna.all('message', since, type='ice')[-1]['message']['relay'], 'her page to learn that only relays count')
    show.action('invite-guest', 'Ben')
    show.wait_for(lambda status: any(s['id'] == 'ben' for s in status['sources']), 'another guest')

    until = time.monotonic()
    seen = len(anna.all('video', until))
    wait_until(lambda: len(anna.all('video', until)) > seen + 1, 'her to see the show still', 20)
    status = show.status
    tap.check(source(status, 'anna')['state'] == 'live' and guest(status, 'anna')['place'] == 'on-air' and
              guest(status, 'anna')['state'] != 'rejoined', 'she is on air still')
    tap.check(not anna.all('state', since) and not anna.all('closed', since) and
              not anna.all('message', since, type='welcome') and not anna.all('message', since, type='closed'),
              'her line and her connection are those she came with', [s for s in anna.said if s['event'] == 'state'])
    show.stop()


def certificates(stage):
    """The network's door: the certificate that Régie makes, one of one's own, and ones that are no good."""
    show = start(stage, lan=True)
    made, answer = shake_hands(show)
    tap.check('regie' in answer, 'a client that takes the certificate gets the page')
    folder = next(stage.folder.rglob('guests.crt')).parent
    tap.check(stat.S_IMODE((folder / 'guests.key').stat().st_mode) == 0o600, 'its key is private')
    tap.check((folder / 'guests.crt').read_text().strip() == made, 'it is the one that is kept')
    authority = stage.folder / 'made.pem'
    authority.write_text(made + '\n')
    tap.check('regie' in shake_hands(show, authority=authority)[1], f'whoever trusts it gets in by {OWN} without a warning')
    tap.check('regie' in shake_hands(show, 'localhost' if socket.gethostname() == 'localhost' else socket.gethostname(),
                                     authority)[1], 'and by the name of this computer')
    tap.check(refuses(show, host='elsewhere.example', authority=authority), 'and is warned at another name')

    own = Certificates(stage)
    good, expired = own.make('good'), own.make('expired')
    edit(show, certificate=str(good), **{'certificate-key': str(good)})
    show.wait_for(lambda status: 'localhost' in (guests(status)['lan'] or ''), 'the address by the certificate’s name')
    theirs, answer = shake_hands(show, 'localhost', own.authority)
    tap.check('regie' in answer and theirs != made, 'one of one’s own is served, and no client is warned')

    key = stage.folder / 'another.key'
    run(['openssl', 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key])
    for what, file, its_key in (('with another’s key', good, key), ('that has run out', expired, expired),
                                ('that is not there', stage.folder / 'nowhere.pem', good)):
        edit(show, certificate=str(file), **{'certificate-key': str(its_key)})
        status = show.wait_for(lambda status: guests(status)['error'], f'a certificate {what} to be told')
        tap.check(guests(status)['open'] and shake_hands(show, 'localhost', own.authority)[0] == theirs,
                  f'a certificate {what}: it is told, and the good one is served', guests(status)['error'])
        edit(show, certificate=str(good), **{'certificate-key': str(good)})
        show.wait_for(lambda status: guests(status)['error'] is None, 'the good one again')
    edit(show, certificate=None, **{'certificate-key': None})
    show.wait_for(lambda status: OWN in (guests(status)['lan'] or ''), 'the one that Régie has made')
    tap.check(shake_hands(show)[0] == made, 'the one that Régie has made is the one it was')
    show.stop()


def reaching(stage):
    """“Can my guest reach me?” with a real TURN server, its password right and wrong."""
    turn = Turn(stage, OWN)
    show = start(stage, stun=[f'stun:{OWN}:{turn.port}'], turn=[{'address': TURN, 'user': Turn.USER}])

    def check():
        show.action('check-reach')
        show.wait_for(lambda status: not guests(status)['checking-reach'] and guests(status)['reach'] is not None, 'the test', 40)
        return {item['what']: item for item in guests(show.status)['reach']}
    found = check()
    tap.check(found['stun']['ok'] and found['turn']['ok'], 'STUN and TURN work', found)
    tap.check(not found['page']['ok'] and found['page']['code'] == 'not-set', 'no public address is no fault')
    tap.check(turn.allocations() == 1, 'coturn has lent an address')
    edit(show, turn=[{'address': TURN, 'user': 'nobody'}], stun=[f'stun:{OWN}:9'])
    wait_until(lambda: check()['turn']['code'] == 'password', 'the wrong password', 60)
    found = check()
    tap.check(found['turn']['code'] == 'password', 'a wrong password is told as such', found['turn'])
    tap.check(not found['stun']['ok'], 'a STUN server that is not there is told', found['stun'])
    show.stop()


go_apart()
tap.run(changes, certificates, reaching)

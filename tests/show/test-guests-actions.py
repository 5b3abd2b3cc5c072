#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests by actions alone: invited, revoked, renewed, spoken to; their links through a restart; wrong events."""
import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import urllib.parse

import websockets
from gi.repository import GLib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from regie_guests import guest, link, write_guests_event  # noqa: E402
from regie_testing import (  # noqa: E402
    Regie, free_port, source, tap, wait_until, write_event, write_secrets)

ROOM = {'id': 'room', 'title': 'Room', 'kind': 'drawn'}


def start(stage, event, keys=None, **options):
    """A show that is not on air; `keys`: what the secrets file has, None for no file."""
    secrets = write_secrets(stage.folder, keys) if keys is not None else None
    show = Regie(stage, event, go_live=False, secrets=secrets, **options)
    show.wait_for_actions()
    wait_until(lambda: show.status, 'the first status line', 15)
    return show, secrets


def invite(show, name, identifier):
    show.action('invite-guest', name)
    show.wait_for(lambda status: any(s['id'] == identifier and s.get('guest', {}).get('link')
                                     for s in status['sources']), f'the link of {name}')
    return guest(show.status, identifier)['link']


class Line:
    """The line of a guest's page to Régie, without the page; nothing is sent that is not said here."""

    def __init__(self, address, token=None):
        parts = urllib.parse.urlsplit(address)
        self.uri = f'ws://{parts.netloc}/signal'
        self.origin = f'http://{parts.netloc}'
        self.heard = []
        self.socket = None
        self.over = False
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self._listen(), self.loop)
        wait_until(lambda: self.socket or self.over, 'a WebSocket')
        self.say(type='hello', token=token or token_of(address), language='en')

    async def _listen(self):
        try:
            async with websockets.connect(self.uri, origin=self.origin) as self.socket:
                async for message in self.socket:
                    self.heard.append(json.loads(message))
        except (websockets.WebSocketException, OSError):
            pass
        self.over = True

    def say(self, **message):
        asyncio.run_coroutine_threadsafe(self.socket.send(json.dumps(message)), self.loop).result(10)

    def wait_for(self, kind, what=lambda message: True):
        return wait_until(lambda: next((m for m in list(self.heard) if m['type'] == kind and what(m)), None),
                          f'“{kind}”; heard {self.heard[-5:]}', 10)

    def hang_up(self):
        asyncio.run_coroutine_threadsafe(self.socket.close(), self.loop).result(10)


def token_of(address):
    return address.split('#')[1]


def kept(secrets):
    return json.loads(secrets.read_text())


def said(show):
    """All that a log or a window would have of it: standard error, and the journal beside it."""
    return ''.join(show.stderr)


def test_invite(stage):
    """Whoever is invited has a source, a shot and a link, and the show goes on."""
    event = write_event(stage.folder, [ROOM], guests={'port': free_port()})
    show, secrets = start(stage, event, {'room-key': 'of-another'})
    tap.check(show.status['guests']['open'] is False and show.status['guests']['address'] is None,
              'nobody listens at a port while nobody is invited')
    address = invite(show, '  Zoé Müller ', 'zoe-muller')
    tap.check(address.startswith('http://localhost:') and len(token_of(address)) >= 22,
              'the link is in the status line, with a token of 128 bits at least')
    status = show.status
    tap.check(source(status, 'zoe-muller')['title'] == 'Zoé Müller', 'the source has the name')
    tap.check(any(s['id'] == 'zoe-muller' for s in status['shots']), 'there is a shot of it')
    tap.check(status['guests']['open'], 'the room is open')
    tap.check(guest(status, 'zoe-muller')['state'] == 'invited', 'the guest is invited')
    other = invite(show, 'Zoe Muller', 'zoe-muller-2')
    tap.check(other != address, 'another of that name has another link')
    show.wait_for(lambda s: guest(s, 'zoe-muller')['link-state'] == 'kept' and
                  guest(s, 'zoe-muller-2')['link-state'] == 'kept', 'both links are kept')
    tap.check(kept(secrets).get('guest:zoe-muller') == token_of(address) and
              kept(secrets).get('room-key') == 'of-another',
              'the token is in the secrets file, and what was there stays')
    tap.check(stat.S_IMODE(secrets.stat().st_mode) == 0o600, 'the secrets file is still private')
    show.action('take', 'zoe-muller')
    show.wait_for(lambda s: s['program']['on-air'] == 'zoe-muller', 'an invited guest can be taken')
    show.action('remove-source', 'zoe-muller-2')
    show.wait_for(lambda s: all(e['id'] != 'zoe-muller-2' for e in s['sources'] + s['shots']), 'he is gone')
    wait_until(lambda: 'guest:zoe-muller-2' not in kept(secrets), 'his token is forgotten')
    show.stop()
    saved = json.loads(event.read_text())
    tap.check([s['id'] for s in saved['sources']] == ['room', 'zoe-muller'] and
              token_of(address) not in event.read_text(), 'the event file has the guest, and not the token')
    tap.check(token_of(address) not in said(show), 'no log has the token')


def test_restart(stage):
    """A link in a mail holds on the day; one that was revoked does not come back."""
    event = write_guests_event(stage, ['anna', 'bernd'], [ROOM])
    show, secrets = start(stage, event, {})
    anna, bernd = link(show, 'anna'), link(show, 'bernd')
    show.action('revoke-guest', 'bernd')
    status = show.wait_for(lambda s: guest(s, 'bernd')['state'] == 'revoked', 'bernd is revoked')
    tap.check(guest(status, 'bernd')['link'] is None and token_of(bernd) not in json.dumps(status),
              'the status line has no token that is void')
    tap.check(guest(status, 'anna')['link'] == anna, 'the other link is as it was')
    wait_until(lambda: kept(secrets).get('guest:bernd') == 'revoked', 'that he is revoked is kept')
    show.stop()

    show = Regie(stage, event, go_live=False, secrets=secrets)
    show.wait_for_actions()
    tap.check(link(show, 'anna') == anna, 'the link holds after a restart')
    status = show.wait_for(lambda s: guest(s, 'bernd')['state'] == 'revoked', 'bernd stays revoked')
    tap.check(guest(status, 'bernd')['link'] is None, 'who was revoked has no link after a restart')
    show.action('renew-guest', 'bernd')
    again = link(show, 'bernd')
    tap.check(again != bernd and guest(show.status, 'bernd')['state'] == 'invited', 'renewed, he has another link')
    show.action('renew-guest', 'anna')
    show.wait_for(lambda s: guest(s, 'anna')['link'] not in (anna, None), 'a link that holds can be renewed, too')
    show.kill()

    show = Regie(stage, event, go_live=False, secrets=secrets)
    show.wait_for_actions()
    tap.check(link(show, 'bernd') == again, 'a new link holds after a crash as well')
    show.stop()


def test_without_keyring(stage):
    """Where nothing can be kept, the link holds for this run, and that is said."""
    event = write_guests_event(stage, ['anna'], [ROOM])
    show, _ = start(stage, event)
    first = link(show, 'anna')
    tap.check(guest(show.status, 'anna')['link-state'] == 'for-this-run', 'the status line says that it is not kept')
    show.action('revoke-guest', 'anna')
    show.wait_for(lambda s: guest(s, 'anna')['state'] == 'revoked' and guest(s, 'anna')['link'] is None,
                  'it can be revoked all the same')
    show.action('renew-guest', 'anna')
    tap.check(link(show, 'anna') != first, 'and renewed')
    show.stop()


def test_hello(stage):
    """Who has the link gets in, and nobody else; revoked, he is out at once."""
    event = write_guests_event(stage, ['anna'], [ROOM], view='room')
    show, _ = start(stage, event, {})
    address = link(show, 'anna')
    stranger = Line(address, token='A' * 27)
    tap.check(stranger.wait_for('bye')['reason'] == 'invalid', 'a token of nobody is refused')
    anna = Line(address)
    welcome = anna.wait_for('welcome')
    tap.check((welcome['name'], welcome['event'], welcome['place'], welcome['room_view'], welcome['live']) ==
              ('Anna', 'Test', 'following', True, False), 'the guest is welcomed by name', welcome)
    show.wait_for(lambda s: guest(s, 'anna')['connected'], 'she is there')
    show.action('revoke-guest', 'anna')
    tap.check(anna.wait_for('bye')['reason'] == 'revoked', 'revoked, she is told so')
    wait_until(lambda: anna.over, 'the end of her line', 10)
    again = Line(address)
    tap.check(again.wait_for('bye')['reason'] == 'invalid', 'her old link opens nothing')
    show.action('renew-guest', 'anna')
    new = Line(link(show, 'anna'))
    new.wait_for('welcome')
    tap.check(True, 'her new link does')
    show.stop()


def test_operator(stage):
    """What the operator says and does reaches the guest's page, and comes back into the status line."""
    talk = [{'title': 'Birds', 'speakers': ['Anna'], 'start': '2026-11-22T14:00:00+01:00',
             'end': '2026-11-22T14:30:00+01:00'}, {'title': 'Bees', 'start': '2026-11-22T14:30:00+01:00'}]
    event = write_event(stage.folder, [ROOM, {'id': 'anna', 'title': 'Anna', 'kind': 'guest'}],
                        guests={'port': free_port()}, talks=talk)
    show, _ = start(stage, event, {})
    anna = Line(link(show, 'anna'))
    schedule = anna.wait_for('schedule')
    tap.check((schedule['title'], schedule['speakers'], schedule['next_title']) == ('Birds', 'Anna', 'Bees') and
              schedule['ends'] - schedule['starts'] == 1800, 'she knows the schedule', schedule)
    anna.say(type='place', place='green-room')
    show.wait_for(lambda s: guest(s, 'anna')['state'] == 'green-room', 'she is in the green room')
    anna.say(type='place', place='ready')
    show.wait_for(lambda s: guest(s, 'anna')['ready'] and guest(s, 'anna')['place'] == 'ready', 'she is ready')
    show.action('put-back-guest', 'anna')
    tap.check(anna.wait_for('place')['place'] == 'green-room', 'she is put back')
    show.wait_for(lambda s: not guest(s, 'anna')['ready'], 'she is not ready any more')

    show.action('cue-guest', GLib.Variant('(ss)', ('anna', 'Two minutes')))
    cue = anna.wait_for('cue')
    tap.check(cue['text'] == 'Two minutes', 'she reads what the operator writes')
    show.wait_for(lambda s: guest(s, 'anna')['cue'] == 'Two minutes', 'the cue is not seen yet')
    anna.say(type='cue-seen', id=cue['id'])
    show.wait_for(lambda s: guest(s, 'anna')['cue'] is None, 'the cue is seen')
    show.action('ask-guest', GLib.Variant('(si)', ('anna', 360)))
    tap.check(anna.wait_for('limit')['height'] == 360, 'she is asked for a smaller picture')
    show.wait_for(lambda s: guest(s, 'anna')['asked-height'] == 360, 'the status line has it')

    show.action('talkback', GLib.Variant('as', ['anna']))
    anna.wait_for('talkback', lambda m: m['on'])
    tap.check(show.state('talkback') == ['anna'], 'the operator talks to her')
    show.action('talkback', GLib.Variant('as', []))
    anna.wait_for('talkback', lambda m: not m['on'])
    tap.check(show.state('talkback') == [], 'and no longer')
    show.action('take', 'anna')
    anna.wait_for('tally', lambda m: m['on_air'])
    show.wait_for(lambda s: guest(s, 'anna')['state'] == 'on-air', 'she is on air by an ordinary take')
    show.action('go-live')
    anna.wait_for('live', lambda m: m['live'])
    tap.check(True, 'she knows that it is live')
    show.wait_for(lambda s: s['recording']['state'] == 'recording' and s['recording']['bytes'],
                  'the recording, which the journal is beside')

    show.action('dismiss-guest', 'anna')
    tap.check(anna.wait_for('bye')['reason'] == 'dismissed', 'she is dismissed')
    back = Line(link(show, 'anna'))
    back.wait_for('welcome')
    tap.check(True, 'her link still holds')
    back.say(type='place', place='green-room')
    show.wait_for(lambda s: guest(s, 'anna')['state'] in ('green-room', 'on-air'), 'she is back')
    address = guest(show.status, 'anna')['link']
    show.action('revoke-guest', 'anna')
    back.wait_for('bye')
    show.wait_for(lambda s: guest(s, 'anna')['state'] == 'revoked', 'she is revoked')
    show.stop()
    journal = ''.join(path.read_text() for path in (stage.folder / 'recordings').glob('*.journal.*'))
    for words in ('“Anna” has gone home', '“Anna” is on air', 'the link of “Anna” is void'):
        tap.check(words in journal, f'the journal says: {words}')
    tap.check(token_of(address) not in journal + said(show), 'neither journal nor log has her token')


def test_wrong_actions(stage):
    """What cannot be done is said, and changes nothing."""
    event = write_guests_event(stage, ['anna'], [ROOM])
    show, _ = start(stage, event, {})
    address = link(show, 'anna')
    wrong = [('invite-guest', GLib.Variant('s', ' '), 'title is empty'),
             ('invite-guest', GLib.Variant('s', 'x' * 300), 'title has 300 characters'),
             ('revoke-guest', GLib.Variant('s', 'room'), 'there is no guest “room”'),
             ('renew-guest', GLib.Variant('s', 'nobody'), 'there is no guest “nobody”'),
             ('put-back-guest', GLib.Variant('s', 'nobody'), 'there is no guest “nobody”'),
             ('dismiss-guest', GLib.Variant('s', 'room'), 'there is no guest “room”'),
             ('talkback', GLib.Variant('as', ['anna', 'x']), 'there is no guest “x”'),
             ('ask-guest', GLib.Variant('(si)', ('x', 360)), 'there is no guest “x”'),
             ('cue-guest', GLib.Variant('(ss)', ('anna', 'Hello')), 'is not there'),
             ('edit-guests', GLib.Variant('s', '{"port": "x"}'), 'guests.port is “x”'),
             ('edit-guests', GLib.Variant('s', '{"relay-only": true}'), 'there is no TURN server'),
             ('edit-guests', GLib.Variant('s', 'lan'), ''),
             ('edit-source', GLib.Variant('(ss)', ('anna', '{"screen-of": "room"}')), 'screen-of is “room”')]
    for name, parameter, words in wrong:
        n_lines = len(show.stderr)
        show.action(name, parameter)
        wait_until(lambda n=n_lines: len(show.stderr) > n, f'a sentence on {name}', 10)
        tap.check(words in ''.join(show.stderr[n_lines:]), f'{name} {parameter.print_(False)[:40]} is refused',
                  ''.join(show.stderr[n_lines:]).strip())
    tap.check(show.state('talkback') == [], 'nobody is talked to')
    status = show.wait_for(lambda s: True, 'a status line')
    tap.check(guest(status, 'anna')['link'] == address and len(status['sources']) == 2, 'nothing has changed')
    show.stop()


def test_wrong_events(stage):
    """An event that is wrong about guests is refused in words that name the place."""
    wrong = [({'port': 70000}, 'guests.port is 70000'),
             ({'turn': [{'address': 'turn:h', 'user': 'me', 'password': 's3cret'}]}, 'guests.turn[0].password is there'),
             ({'stun': ['stun.example.org']}, 'guests.stun[0] is'),
             ({'public-address': 'http://example.org'}, 'guests.public-address begins with “http”'),
             ({'view': 'anna'}, 'guests.view is “anna”')]
    for settings, words in wrong:
        event = write_guests_event(stage, ['anna'], [ROOM], **settings)
        show = Regie(stage, event, go_live=False)
        tap.check(show.wait() == 1 and words in said(show) and 's3cret' not in said(show), f'refused: {words}',
                  said(show).strip())


def test_edit(stage):
    """How guests come in can be changed while they are there: they come again with the same link."""
    event = write_guests_event(stage, ['anna'], [ROOM])
    show, secrets = start(stage, event, {})
    address = link(show, 'anna')
    Line(address).wait_for('welcome')
    port = free_port()
    show.action('edit-guests', json.dumps({'port': port, 'green-room-hears': True}))
    show.wait_for(lambda s: f':{port}/' in (guest(s, 'anna')['link'] or ''), 'another port')
    moved = link(show, 'anna')
    tap.check(token_of(moved) == token_of(address), 'the token is the same')
    Line(moved).wait_for('welcome')
    tap.check(show.state('green-room-hears') is True and show.status['guests']['green-room-hears'] is True,
              'the green room is heard')
    show.set_state('green-room-hears', GLib.Variant('b', False))
    show.wait_for(lambda s: s['guests']['green-room-hears'] is False, 'the operator has the last word')
    show.action('edit-source', GLib.Variant('(ss)', ('anna', '{"title": "Anna Blume"}')))
    show.wait_for(lambda s: source(s, 'anna')['title'] == 'Anna Blume', 'another name')
    tap.check(Line(moved).wait_for('welcome')['name'] == 'Anna Blume', 'she is welcomed by it')
    show.action('edit-source', GLib.Variant('(ss)', ('anna', '{"kind": "drawn"}')))
    show.wait_for(lambda s: 'guest' not in source(s, 'anna') and not s['guests']['open'],
                  'no guest any more, and nobody listens')
    wait_until(lambda: 'guest:anna' not in kept(secrets), 'her token is forgotten')
    show.stop()


def test_port_taken(stage):
    """Another program has the port: it is said, and the room opens once it is free."""
    import socket
    event = write_guests_event(stage, ['anna'], [ROOM])
    port = json.loads(event.read_text())['guests']['port']
    with socket.socket() as other:
        other.bind(('127.0.0.1', port))
        other.listen()
        show, _ = start(stage, event, {})
        status = show.wait_for(lambda s: s['guests']['error'], 'the error')
        tap.check(not status['guests']['open'] and guest(status, 'anna')['link'] is None,
                  'there is no link while the port is taken', status['guests']['error'])
    Line(link(show, 'anna')).wait_for('welcome')
    tap.check(show.status['guests']['error'] is None, 'the room opens by itself once the port is free')
    show.stop()


def test_crash(stage):
    """Régie dies on air: the room opens again at the same port, and the same link leads in."""
    event = write_event(stage.folder, [ROOM, {'id': 'anna', 'title': 'Anna', 'kind': 'guest'}], guests={'port': 0})
    secrets = write_secrets(stage.folder, {})
    show = Regie(stage, event, go_live=True, secrets=secrets, watchdog=True)
    show.wait_for_actions()
    address = link(show, 'anna')
    show.wait_for(lambda s: s['state'] == 'live' and guest(s, 'anna')['link-state'] == 'kept', 'live', 25)
    show.wait_for_running(2)
    pid = show.pid
    os.kill(pid, signal.SIGKILL)
    show.wait_for(lambda s: s['pid'] != pid and s['resumed'] and guest(s, 'anna')['link'], 'the show goes on', 30)
    tap.check(guest(show.status, 'anna')['link'] == address, 'the link is the same, though any port would do')
    Line(address).wait_for('welcome')
    tap.check(True, 'whoever was there can come again by himself')
    os.kill(show.pid, signal.SIGTERM)
    show.wait_until_gone()


if __name__ == '__main__':
    tap.run(test_invite, test_restart, test_without_keyring, test_hello, test_operator, test_wrong_actions,
            test_wrong_events, test_edit, test_port_taken, test_crash)

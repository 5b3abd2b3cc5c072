#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests by actions alone: invited, revoked, renewed, spoken to; their links through a restart; wrong events."""
import json
import os
import pathlib
import signal
import stat
import subprocess
import sys

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


if __name__ == '__main__':
    tap.run(test_invite, test_restart, test_without_keyring)

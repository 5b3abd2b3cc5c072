#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A guest far away: two houses whose routers hide them, a tunnel, STUN, and a relay whose passwords Régie makes."""
import json
import os
import time

from regie_browser import Chromium, make_camera
from regie_guests import GuestPage, guest, link, write_guests_event
from regie_networks import Internet, Turn, go_apart
from regie_testing import BLUE, GREEN, TESTS, Regie, free_port, make_clip, source, tap, write_secrets
from regie_tunnel import PublicEnd

ROOM_HZ, ANNA_HZ = 440, 1000
A_DAY_S = 24 * 60 * 60


class Far:
    """Régie in one house with a tunnel, a guest in another, a relay between them."""

    def __init__(self, stage):
        self.internet = Internet()
        self.home, self.away = self.internet.house(stage), self.internet.house(stage)
        self.turn = Turn(stage, Internet.OURS, shared_secret=True)
        tunnel = stage.folder / 'tunnel'
        self.public = PublicEnd(stage, Internet.OURS, tunnel)
        port = free_port()
        address = f'turn:{Internet.OURS}:{self.turn.port}?transport='
        self.addresses = {kind: address + kind for kind in ('udp', 'tcp')}
        secrets = write_secrets(stage.folder, {address: self.turn.SECRET for address in self.addresses.values()})
        make_clip(stage.folder / 'room.mp4', BLUE, ROOM_HZ, 60)
        event = write_guests_event(
            stage, ['anna'], [{'id': 'room', 'title': 'Room', 'kind': 'uri', 'uri': 'room.mp4', 'loop': True}], port=port,
            stun=[f'stun:{Internet.OURS}:{self.turn.port}'], **{
                'public-address': self.public.url,
                'tunnel': ['/usr/bin/python3', str(TESTS / 'show' / 'regie_tunnel.py'), str(port), str(tunnel)]})
        before, os.environ['REGIE'] = os.environ['REGIE'], self.home.place.wrap(stage, os.environ['REGIE'], 'regie')
        try:
            self.show = Regie(stage, event, go_live=False, secrets=secrets)
        finally:
            os.environ['REGIE'] = before
        self.show.wait_for_actions()
        self.browser = Chromium(stage, make_camera(stage.folder / 'anna.mjpeg', GREEN, 320, 180, 25),
                                prefix=self.away.place.prefix, flags=['--ignore-certificate-errors'])

    def hide(self, symmetric):
        for house in (self.home, self.away):
            house.hide(symmetric)

    def set(self, **settings):
        """How guests reach us; for that the door is shut for a moment, and the tunnel begun anew."""
        self.show.action('edit-guests', json.dumps(settings))

    def turns(self, *kinds):
        return [{'address': self.addresses[kind], 'shared-secret': True} for kind in kinds]

    def visit(self, claim, way, own=None, protocol=None):
        """He comes, sees, is seen, and leaves."""
        self.show.wait_for(lambda status: status['guests']['open'] and status['guests']['tunnel'] == 'running', 'the tunnel', 30)
        tab = self.browser.new_tab()
        page = GuestPage(tab, link(self.show, 'anna'), ANNA_HZ)
        began = time.monotonic()
        page.come_in()
        page.wait_for_picture(45)
        took = time.monotonic() - began
        page.get_ready(music=False)
        status = self.show.wait_for(lambda status: source(status, 'anna')['state'] == 'live' and
                                    guest(status, 'anna')['way'] != 'unknown', 'his picture', 30)
        found = page.way()
        tap.check(guest(status, 'anna')['way'] == way and (own is None or found[0] == own) and
                  (protocol is None or found[2] == protocol), claim,
                  f"his end: {found}, Régie says {guest(status, 'anna')['way']}, picture after {took:.1f} s")
        tab.close()
        self.show.wait_for(lambda status: source(status, 'anna')['state'] != 'live', 'his leave', 30)


def houses(stage):
    """Directly where that is possible, else by the relay: where UDP is blocked, and where it is wanted so."""
    far = Far(stage)
    show = far.show
    far.hide(symmetric=False)
    tap.check(link(show, 'anna').startswith(far.public.url), 'the link is the public one', far.public.url)
    far.visit('routers that keep the port: STUN is enough, and the crew reads that the way is direct', 'direct')
    far.away.block_udp()
    far.set(turn=far.turns('udp', 'tcp'))
    far.visit('his network blocks UDP: by the relay over TCP, and the crew reads it', 'relayed', 'relay', 'tcp')
    far.hide(symmetric=True)
    far.set(**{'relay-only': True})
    far.visit('both by the relay only', 'relayed', 'relay')
    users = far.turn.users()
    now = time.time()
    expire = [int(user.split(':')[0]) - now for user in users]
    tap.check(len(users) >= 2 and all(0 < seconds <= 2 * A_DAY_S for seconds in expire),
              'the relay is used by names that Régie made from the shared secret, and that expire', users)
    show.stop()
    tap.check(far.turn.SECRET not in ''.join(show.stderr), 'the secret is in no log')
    far.internet.close()


go_apart()
tap.run(houses)

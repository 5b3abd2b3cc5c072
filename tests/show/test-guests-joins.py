#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests who come and go, one after the other: each of them sees and hears the show. And one of whom nothing
comes: it is told, and made good.

With $REGIE_JOINS so many come; otherwise as many as it takes for some to have to wait.
"""
import os
import time

from regie_guests import guest, link, write_guests_event
from regie_networks import go_apart
from regie_scripted_guest import ScriptedGuest
from regie_testing import GREEN, RED, Regie, source, tap, wait_until

N_JOINS = int(os.environ.get('REGIE_JOINS', '24'))
GUESTS = {'anna': (1000, GREEN), 'ben': (1500, RED)}


def start(stage, names):
    event = write_guests_event(stage, names, [{'id': 'room', 'title': 'Room', 'kind': 'drawn', 'drawing': 'speaker'}])
    show = Regie(stage, event, go_live=False)
    show.wait_for_actions()
    return show


def joins(stage):
    """Two guests, who come and go at the same time, faster than anybody does who is well."""
    show = start(stage, list(GUESTS))
    n_each = -(-N_JOINS // len(GUESTS))
    guests = {name: ScriptedGuest(stage, link(show, name), hz, colour, visits=n_each) for name, (hz, colour) in GUESTS.items()}
    for name, visitor in guests.items():
        wait_until(lambda: visitor.process.poll() is not None, f'{name}, who comes {n_each} times', 30 + 30 * n_each)
        visits, errors = visitor.all('visited'), visitor.all('error')
        took = sorted(visit['after_ms'] for visit in visits)
        tap.check(len(visits) == n_each and not errors, f'{name} came {n_each} times, saw and heard each time',
                  f'{len(visits)} times, after {took[len(took) // 2] if took else "?"} ms, at most {took[-1:]} ms; {errors}')
    show.stop()


def starved(stage):
    """One who is connected, and nothing of what her page says that it sends comes."""
    show = start(stage, ['anna'])
    anna = ScriptedGuest(stage, link(show, 'anna'), 1000, GREEN)
    anna.arrive('following')
    anna.do('place', place='ready')
    anna.send(type='devices', camera=True, microphone=True, music=False)
    since = time.monotonic()
    show.wait_for(lambda status: 'nothing comes' in (guest(status, 'anna')['error'] or ''), 'the operator to be told', 30)
    tap.check(anna.wait_for('message', 20, since, type='missing')['message']['missing'], 'her page is told')
    closed = anna.wait_for('message', 30, since, type='closed')
    tap.check(closed['message']['reason'] == 'starved', 'another connection is asked for', closed['message'])
    anna.do('join')  # as the page does
    show.wait_for(lambda status: source(status, 'anna')['state'] == 'live' and guest(status, 'anna')['error'] is None,
                  'her picture', 30)
    told = wait_until(lambda: [said['message']['missing'] for said in anna.all('message', since, type='missing')][-1:] == [False],
                      'her page to be told that she is seen', 20)
    tap.check(told, 'with another connection she is there, and told so')
    show.stop()


go_apart()
tap.run(joins, starved)

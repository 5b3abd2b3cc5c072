#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operator's headphones: the program or what is on solo, on one device, which may go and come.

The devices are sinks of a PipeWire of our own; what is played into them is recorded from their
monitors. See regie_desk.py.
"""
import os
import signal
import subprocess
import sys

from gi.repository import GLib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from regie_desk import Desk  # noqa: E402
from regie_pace import within
from regie_testing import (  # noqa: E402
    BLUE, RED, SAMPLE_RATE, Regie, Sound, make_clip, n_lost_frames, source, tap, wait_until, write_event)

ROOM_HZ, GUEST_HZ = 1000, 440


def is_state(state):
    return lambda status: status['headphones']['state'] == state


class Ear:
    """Records what a sink plays."""

    def __init__(self, stage, sink):
        self.path = stage.folder / f'{sink}-{len(list(stage.folder.glob("*.wav")))}.wav'
        self.process = stage.start(
            ['gst-launch-1.0', '-q', '-e', 'pulsesrc', f'device={sink}.monitor', '!',
             f'audio/x-raw,rate={SAMPLE_RATE},channels=2', '!', 'wavenc', '!', 'filesink', f'location={self.path}'],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def hear(self, seconds):
        """Waits until so much was recorded and gives its last second back."""
        size = int(seconds * SAMPLE_RATE) * 4
        wait_until(lambda: self.path.exists() and self.path.stat().st_size > size, 'what the sink plays', seconds + 10)
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        return Sound(self.path)


def levels(sound):
    begin = max(0, len(sound.samples) - SAMPLE_RATE)
    return sound.tone(ROOM_HZ, begin), sound.tone(GUEST_HZ, begin)


def start(stage):
    make_clip(stage.folder / 'room.mp4', RED, ROOM_HZ)
    make_clip(stage.folder / 'guest.mp4', BLUE, GUEST_HZ)
    sources = [{'id': name, 'title': name.title(), 'kind': 'uri', 'uri': f'{name}.mp4'} for name in ('room', 'guest')]
    show = Regie(stage, write_event(stage.folder, sources), go_live=False)
    show.wait_for_actions()
    show.wait_for(lambda s: all(max(entry['peak-db']) > -40 for entry in s['sources']), 'sound of both sources')
    return show


def heard_and_lost(stage):
    """The program, then only what is on solo; the headphones are unplugged, and plugged in again."""
    desk = Desk(stage)
    phones = desk.plug_sink('phones')
    desk.plug_sink('hall')
    desk.set_default_sink('hall')
    show = start(stage)

    show.action('headphones', 'phones')
    status = show.wait_for(is_state('live'), 'the headphones')
    tap.check(show.state('headphones') == 'phones', 'the action says which device it is')
    room, guest = levels(Ear(stage, 'phones').hear(2.5))
    tap.check(0.15 < room < 0.4 and 0.15 < guest < 0.4, 'the headphones play the program', f'{room:.3f}, {guest:.3f}')

    show.action('mute', GLib.Variant('(sb)', ('guest', True)))
    show.action('solo', GLib.Variant('(sb)', ('guest', True)))
    show.action('headphones-volume', GLib.Variant('d', -6.02))
    show.wait_for(lambda s: source(s, 'guest')['solo'], 'solo')
    alone, quiet = levels(Ear(stage, 'phones').hear(2.5))
    tap.check(alone < 0.002 and abs(quiet / guest - 0.5) < 0.05, 'solo is alone in them, half as loud, even muted',
              f'{alone:.4f}, {quiet:.3f}')
    tap.check(max(source(show.status, 'room')['peak-db']) > -40, 'the program goes on', show.status['sources'])

    desk.unplug_sink(phones)
    status = show.wait_for(is_state('lost'), 'the headphones lost', 8)
    tap.check('not plugged in' in status['headphones']['error'] or 'unplugged' in status['headphones']['error'],
              'says what is missing', status['headphones'])
    hall = levels(Ear(stage, 'hall').hear(2.5))
    tap.check(max(hall) < 0.0005, 'nothing is played in the hall instead', hall)

    desk.plug_sink('phones')
    status = show.wait_for(is_state('live'), 'the headphones again', 12)
    alone, quiet = levels(Ear(stage, 'phones').hear(2.5))
    tap.check(alone < 0.002 and quiet > 0.05, 'they play again by themselves', f'{alone:.4f}, {quiet:.3f}')

    show.action('headphones', '')
    show.wait_for(is_state('off'), 'no headphones')
    tap.check(within(n_lost_frames(show.status), 3, 15), 'the program did not wait for any of this', show.status['program'])
    tap.check(show.stop() == 0, 'ends well', show.stderr[-3:])


def not_there(stage):
    """Headphones that nobody has are lost, in words, and the show does not care."""
    Desk(stage)
    show = start(stage)
    show.action('headphones', 'nobody-has-these')
    status = show.wait_for(is_state('lost'), 'no such headphones', 10)
    tap.check('nobody-has-these' in status['headphones']['error'], 'says which', status['headphones'])
    tap.check(show.stop() == 0, 'ends well', show.stderr[-3:])


def switches(stage):
    """What else the actions of the sound do, without a sound server: their states and the status line tell it."""
    show = start(stage)
    show.action('pan', GLib.Variant('(sd)', ('guest', -0.5)))
    show.action('sound-follows', GLib.Variant('(ss)', ('guest', 'seen')))
    show.action('match-loudness')
    tap.check(show.state('pan')['guest'] == -0.5, 'pan', show.state('pan'))
    tap.check(show.state('sound-follows') == {'room': 'always', 'guest': 'seen'}, 'sound follows the shot',
              show.state('sound-follows'))
    tap.check(show.state('match-loudness') is True, 'loudness is matched')
    status = show.wait_for(lambda s: max(source(s, 'guest')['peak-db']) == -120, 'the guest, who is not seen, silent')
    tap.check(max(source(status, 'room')['peak-db']) > -40, 'the room is heard', status['sources'])
    show.action('take', 'guest')
    show.wait_for(lambda s: max(source(s, 'guest')['peak-db']) > -40, 'the guest, who is seen, heard')
    show.action('volume', GLib.Variant('(sd)', ('room', 12.0)))
    status = show.wait_for(lambda s: source(s, 'room')['clipped'] and s['program']['clipped'], 'clip lamps')
    loudness = status['program']['loudness']
    tap.check(loudness['word'] == 'loud' and loudness['true-peak-db'] < -1, 'it is too loud, and below -1 dBTP', loudness)
    show.action('volume', GLib.Variant('(sd)', ('room', -40.0)))
    show.action('volume', GLib.Variant('(sd)', ('guest', -40.0)))
    show.wait_for(lambda s: max(source(s, 'room')['peak-db']) < -40, 'soft')
    tap.check(source(show.status, 'room')['clipped'], 'the lamp stays')
    show.action('clear-clip', 'room')
    show.action('clear-clip', '')
    show.wait_for(lambda s: not source(s, 'room')['clipped'] and not s['program']['clipped'], 'the lamps out')
    show.wait_for(lambda s: s['program']['loudness']['word'] in ('quiet', 'silent'), 'too quiet')
    tap.check(show.stop() == 0, 'ends well', show.stderr[-3:])


if __name__ == '__main__':
    tap.run(heard_and_lost, not_there, switches)

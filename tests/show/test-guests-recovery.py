#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A guest whose network, page, tab or browser dies harms nobody, and is back in his place by himself."""
import pathlib
import time

from regie_browser import Chromium, make_camera
from regie_guests import GuestPage, guest, lan_link, near_link, write_guests_event
from regie_networks import Cable, go_apart
from regie_scripted_guest import ScriptedGuest
from regie_testing import (
    BLUE, FRAME_S, GREEN, RED, YELLOW, Regie, Sound, colour_at, frames, gaps, is_colour, is_recording, make_clip,
    packets, save_frame, source, tap, wait_until)

ROOM_HZ, ANNA_HZ, BEN_HZ, CLEO_HZ = 440, 1000, 1500, 2100
SHORT_CUT_S, LONG_CUT_S = 10, 45
GAP_S = 0.1
# Where each of the four is in a picture of 32 × 18 points, and its colour.
PLACES = {'room': ((8, 4), BLUE), 'anna': ((24, 4), GREEN), 'ben': ((8, 13), RED), 'cleo': ((24, 13), YELLOW)}


def state_is(show, name, states, what, timeout_s=20):
    began = time.monotonic()
    show.wait_for(lambda status: source(status, name)['state'] in states, f'{name}: {what}', timeout_s)
    return time.monotonic() - began


def is_back(show, name, what, timeout_s=25):
    """His pictures are there again, and he is where he was."""
    began = time.monotonic()
    show.wait_for(lambda status: source(status, name)['state'] == 'live' and
                  guest(status, name)['place'] == 'on-air' and guest(status, name)['fps'] > 0, f'{name} back', timeout_s)
    tap.check(True, f'{what}: he is back in the same place', f'{time.monotonic() - began:.1f} s')


def arrive(show, page, name):
    page.come_in()
    page.get_ready()
    state_is(show, name, ['live'], 'live')


def start(stage):
    make_clip(stage.folder / 'room.mp4', BLUE, ROOM_HZ, 120)
    room = {'id': 'room', 'title': 'Room', 'kind': 'uri', 'uri': 'room.mp4', 'loop': True, 'volume-db': -6}
    shots = [{'id': shot, 'layout': 'full', 'sources': ['room']} for shot in ('room', 'wide')]
    shots += [{'id': 'all', 'layout': 'everyone', 'sources': list(PLACES)}]
    event = write_guests_event(stage, ['anna', 'ben', 'cleo'], [room], shots, lan=True)
    show = Regie(stage, event, go_live=False)
    state_is(show, 'room', ['live'], 'live', 25)
    show.wait_for_actions()
    return show


def near_browser(stage, number):
    return Chromium(stage, make_camera(stage.folder / f'ben-{number}.mjpeg', RED, 320, 180, 25))


def accidents(stage):
    """Cut off for 10 s and for 45 s; meanwhile another one reloads, loses his tab and his browser, and a third
    one sends nonsense."""
    cable = Cable(stage)
    show = start(stage)
    far = Chromium(stage, make_camera(stage.folder / 'anna.mjpeg', GREEN, 320, 180, 25), prefix=cable.place.prefix,
                   flags=['--ignore-certificate-errors'])
    anna = GuestPage(far.new_tab(), lan_link(show, 'anna', cable.OURS), ANNA_HZ)
    arrive(show, anna, 'anna')
    near = near_browser(stage, 1)
    ben = GuestPage(near.new_tab(), near_link(show, 'ben'), BEN_HZ)
    arrive(show, ben, 'ben')
    cleo = ScriptedGuest(stage, near_link(show, 'cleo'), CLEO_HZ, YELLOW, [ROOM_HZ, CLEO_HZ])
    cleo.arrive()
    state_is(show, 'cleo', ['live'], 'live')
    show.action('take', 'all')
    show.action('go-live')
    show.wait_for(is_recording, 'the recording', 25)
    for page in (anna, ben):
        page.wait_for(lambda report: report['state'] == 'on-air', 'being on air')
    began, dropped = time.monotonic(), show.status['program']['dropped']

    cable.cut()
    cut = time.monotonic()
    tap.note(f"her picture is given up after {state_is(show, 'anna', ['lost'], 'lost'):.1f} s")
    wait_until(lambda: time.monotonic() > cut + SHORT_CUT_S, 'the cut', SHORT_CUT_S + 5)
    cable.mend()
    is_back(show, 'anna', f'cut off for {SHORT_CUT_S} s')

    cable.cut()
    cut = time.monotonic()
    ben.tab.reload()
    ben.wait_for_view('stage')
    is_back(show, 'ben', 'page loaded again, nothing pressed')
    ben.tab.kill()
    state_is(show, 'ben', ['lost', 'starting'], 'gone')
    ben = GuestPage(near.new_tab(), near_link(show, 'ben'), BEN_HZ)
    ben.come_in()
    is_back(show, 'ben', 'tab killed, link opened again')
    near.kill()
    state_is(show, 'ben', ['lost', 'starting'], 'gone')
    ben = GuestPage(near_browser(stage, 2).new_tab(), near_link(show, 'ben'), BEN_HZ)
    ben.come_in()
    is_back(show, 'ben', 'browser killed, link opened again')
    cleo.do('garble', on=True)
    wait_until(lambda: cleo.all('message', type='closed') or source(show.status, 'cleo')['state'] != 'live',
               'the nonsense to be noticed', 20)
    if cleo.all('message', type='closed'):
        cleo.do('join')  # as the page does
    else:
        cleo.do('garble', on=False)
    is_back(show, 'cleo', 'a picture of nonsense')
    wait_until(lambda: time.monotonic() > cut + LONG_CUT_S, 'the long cut', LONG_CUT_S + 5)
    cable.mend()
    is_back(show, 'anna', f'cut off for {LONG_CUT_S} s')
    for page in (anna, ben):
        page.wait_for(lambda report: report['state'] == 'on-air', 'being on air again')
    show.wait_for_running(2)
    took = time.monotonic() - began
    n_dropped = show.status['program']['dropped'] - dropped
    heard = [said['heard'][str(ROOM_HZ)] for said in cleo.all('audio', began + 1)]
    show.stop()
    tap.check(len(heard) > 0.9 * took - 5 and sorted(heard)[len(heard) // 20] > -40,
              'the bystander heard the room all the time', f'{len(heard)} seconds of {took:.0f}, the faintest {min(heard)} dB')
    judge(pathlib.Path(show.status['recording']['path']), took, n_dropped)


def is_seen(frame, colour):
    """Somewhere: who is away leaves his place to the others."""
    return any(is_colour(colour_at(frame, 32, x, y), colour) for x in range(4, 32, 4) for y in (4, 9, 13))


def judge(path, took, n_dropped):
    times = [packet.time for packet in packets(path, 'v')]
    wrong = gaps(times, FRAME_S, 0.0001)
    n_missing = round((times[-1] - times[0]) / FRAME_S) - (len(times) - 1)
    # A machine that also runs the guests' browsers may not keep up when one starts; then the program says so.
    tap.check(times[-1] - times[0] > took - 5 and
              (max((distance for _, distance in wrong), default=0) <= GAP_S or n_missing <= n_dropped),
              f'program: no gap of more than {GAP_S * 1000:.0f} ms',
              f'{len(times)} pictures, {n_missing} missing, {n_dropped} of them for want of time: {wrong[:5]}')
    sound = Sound(path)
    tap.check(not sound.gaps(0.001), 'program: nor any in the sound', sound.gaps(0.001)[:5])
    length_s = len(sound.samples) / 48000
    quiet = [round(t, 2) for t, level in sound.tones(ROOM_HZ) if level < 0.1 and 0.1 < t < length_s - 0.1]
    tap.check(len(quiet) * 0.02 <= GAP_S, 'program: the room is heard all along', quiet[:10])
    pictures = frames(path, 32, 18, 'rgb24')
    n_room = sum(is_seen(frame, BLUE) for frame in pictures)
    tap.check(n_room == len(pictures), 'program: the room is seen all along', f'{n_room} of {len(pictures)} pictures')
    last = {name: sum(is_colour(colour_at(frame, 32, *at), colour) for frame in pictures[-15:])
            for name, (at, colour) in PLACES.items()}
    tap.check(min(last.values()) == 15, 'program: in the end everybody is seen, in his place', last)
    away = [next((frame.time for frame in pictures if not is_seen(frame, colour)), None) for colour in (GREEN, RED)]
    tap.check(None not in away, 'program: who is away leaves it')
    if away[0] is not None:
        save_frame(path, away[0] - times[0] + 3, 'guests-lost.png')


go_apart()
tap.run(accidents)

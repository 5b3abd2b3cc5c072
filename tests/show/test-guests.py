#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests in real browsers: seen and heard in the program, and hearing everything but themselves."""
import os
import pathlib
import re
import time

from gi.repository import GLib

from regie_browser import Chromium, Firefox, make_camera, make_microphone
from regie_guests import GuestPage, guest, leak_db, link, tones, write_guests_event
from regie_networks import go_apart
from regie_pace import within
from regie_scripted_guest import ScriptedGuest
from regie_testing import (
    BLUE, FRAME_S, GREEN, MAGENTA, RED, YELLOW, Failure, Regie, Sound, artifact, colour_at, frames, gaps, is_colour,
    is_recording, make_clip, packets, save_frame, source, tap, wait_until)

ROOM_HZ, ANNA_HZ, BEN_HZ, CLEO_HZ, DORA_HZ = 440, 1000, 1500, 2100, 2900
SILENT_DB = -60  # of one's own voice, below how loud the others hear it
JOIN_S = 2.0
LONG_S = int(os.environ.get('REGIE_TEST_FOLLOW_S', '0'))  # how long a guest only follows, 600 for a day's worth
PAGE = {'width': 1280, 'height': 720, 'rate': 30}


def start(stage, guests, shots=None, **settings):
    """A show with a room camera, and those guests; recorded."""
    make_clip(stage.folder / 'room.mp4', BLUE, ROOM_HZ, 60)
    room = {'id': 'room', 'title': 'Room', 'kind': 'uri', 'uri': 'room.mp4', 'loop': True, 'volume-db': -6}
    # The first shot is on air, the second one comes next: no guest is to be in them by chance.
    shots = [{'id': shot, 'layout': 'full', 'sources': [name]}
             for shot, name in [('room', 'room'), ('wide', 'room'), *zip(guests, guests)]] + (shots or [])
    event = write_guests_event(stage, guests, [room], shots, view='room', **settings)
    show = Regie(stage, event, go_live=False)
    show.wait_for(lambda status: source(status, 'room')['state'] == 'live', 'the room', 25)
    show.wait_for_actions()
    return show


def go_live(show):
    show.action('go-live')
    show.wait_for(is_recording, 'the recording', 25)


def wait_for_place(show, name, place, timeout_s=20):
    return show.wait_for(lambda status: guest(status, name)['place'] == place, f'{name} at {place}', timeout_s)


def wait_for_guest(show, name, timeout_s=20):
    """His pictures are there."""
    return show.wait_for(lambda status: source(status, name)['state'] == 'live' and guest(status, name)['width'] > 0,
                         f'the pictures of {name}', timeout_s)


def check_grows(page, claim, seconds=2, least_share=0.8):
    """So many frames a second go both ways, and sound."""
    def look():
        inbound, outbound = page.stats('inbound-rtp', 'video'), page.stats('outbound-rtp', 'video')
        return (inbound['framesDecoded'], outbound['framesSent'], page.count('inbound-rtp', 'audio', 'packetsReceived'),
                page.count('outbound-rtp', 'audio', 'packetsSent'), time.monotonic())
    before = look()
    wait_until(lambda: time.monotonic() - before[-1] > seconds, 'some seconds', seconds + 5)
    after = look()
    took = after[-1] - before[-1]
    rates = [(b - a) / took for a, b in zip(before[:-1], after[:-1])]
    tap.check(min(rates[:2]) > 30 * least_share and min(rates[2:]) > 45 * least_share, claim,
              'a second: {:.1f} pictures decoded, {:.1f} sent; {:.1f} pieces of sound received, {:.1f} sent'.format(*rates))


def check_hears(page, own, others, who):
    """The others, and of himself nothing."""
    samples = page.listen()
    heard, own_db = tones(samples, *others), leak_db(samples, own)
    tap.check(min(heard.values()) > -40, f'{who} hears the others', heard)
    tap.check(own_db < max(heard.values()) + SILENT_DB, f'{who} does not hear himself (< {SILENT_DB} dB)', f'{own_db} dB')


def recording(show):
    return pathlib.Path(show.status['recording']['path'])


def spans(path, colours):
    """Which colour the middle of the picture has, as a list of [name, first, last time, count]."""
    found = []
    for frame in frames(path, 32, 18, 'rgb24'):
        seen = colour_at(frame, 32, 16, 6)
        name = next((name for name, wanted in colours.items() if is_colour(seen, wanted)), 'else')
        if not found or found[-1][0] != name:
            found.append([name, frame.time, frame.time, 0])
        found[-1][2], found[-1][3] = frame.time, found[-1][3] + 1
    return found


def level_at(sound, hz, start_s, seconds=0.5):
    """By short pieces, since on a busy machine a browser's tone has some missing."""
    begin = int((start_s - sound.start_s) * 48000)
    found = sorted(sound.tone(hz, begin + i * 2400, 2400) for i in range(int(seconds / 0.05)))
    return found[len(found) // 2]


def size(show):
    """Threads, files and megabytes of the show's process."""
    status = pathlib.Path(f'/proc/{show.pid}/status').read_text()
    return (int(re.search(r'Threads:\s+(\d+)', status)[1]), len(os.listdir(f'/proc/{show.pid}/fd')),
            int(re.search(r'VmRSS:\s+(\d+)', status)[1]) / 1024)


def look_long(show, page, seconds):
    """Ten minutes, or as long as is asked for: neither grows, and the show never stands still for him."""
    show.wait_for_running(60, 90)  # until all that a first minute brings is there
    before = [size(show)]
    began, last, slowest = time.monotonic(), page.report()['main'], 60
    while time.monotonic() < began + seconds:
        mark = time.monotonic()
        wait_until(lambda mark=mark: time.monotonic() > mark + 10, 'ten seconds', 15, 0.5)
        now = page.report()['main']
        slowest = min(slowest, (now['framesDecoded'] - last['framesDecoded']) / (time.monotonic() - mark))
        last = now
        before.append(size(show))
        if len(before) % 6 == 0:
            tap.note('after {:.0f} s: {} threads, {} files, {:.1f} MB'.format(time.monotonic() - began, *before[-1]))
    first, after = before[0], before[-1]
    tap.check(slowest > 20, 'following: in no ten seconds the show stood still', f'{slowest:.1f} pictures a second at least')
    tap.check(after[0] <= first[0] + 1 and after[1] <= first[1] + 1, 'following: no thread and no file more',
              f'{first[:2]} → {after[:2]}')
    tap.check(after[2] < first[2] + 8, 'following: nor memory', f'{first[2]:.1f} → {after[2]:.1f} MB')


def follow(show, page, seconds):
    """He sees and hears the show, and sends nothing."""
    page.wait_for_picture()
    wait_for_place(show, 'anna', 'following')
    before, began = page.report()['main'], time.monotonic()
    if LONG_S:
        look_long(show, page, seconds)
    else:
        time.sleep(seconds)
    after, seconds = page.report()['main'], time.monotonic() - began
    rate = (after['framesDecoded'] - before['framesDecoded']) / seconds
    tap.check(rate > 24 and after['freezes'] - before['freezes'] <= 1 + seconds / 60,
              f'following: the show moves for {seconds:.0f} s', f'{rate:.1f} pictures a second of {after["width"]} × '
              f'{after["height"]}, {after["freezes"] - before["freezes"]} freezes')
    heard = tones(page.listen(), ROOM_HZ)
    tap.check(heard[ROOM_HZ] > -40, 'and is heard', heard)
    sent = after['sentFrames'], after['sentAudioBytes']
    tap.check(sent == (0, 0) and source(show.status, 'anna')['state'] != 'live', 'and nothing of him goes out', f'{sent}')


def one(stage):
    """From the link to the end: follows, gets ready, is on air, muted, cued, put back and turned away."""
    show = start(stage, ['anna'])
    go_live(show)
    browser = Chromium(stage, make_camera(stage.folder / 'anna.mjpeg', GREEN),
                       make_microphone(stage.folder / 'anna.wav', ANNA_HZ))
    url = link(show, 'anna')
    page = GuestPage(browser.new_tab(), url)
    tab = page.tab
    page.wait_for_view('arrival')
    tab.screenshot('guests-arrival.png')
    began = time.monotonic()
    page.come_in()
    page.wait_for_picture()
    took = time.monotonic() - began
    tap.check(within(took, JOIN_S), f'join to picture, which should take {JOIN_S} s at most', f'{took:.2f} s')
    follow(show, page, LONG_S or 3)

    page.get_ready()
    wait_for_guest(show, 'anna')
    status = wait_for_place(show, 'anna', 'ready')
    tap.check(guest(status, 'anna')['state'] == 'ready' and guest(status, 'anna')['ready'],
              'the crew sees that he is ready', guest(status, 'anna'))
    show.action('take', 'anna')
    page.wait_for(lambda report: report['state'] == 'on-air', 'the red frame')
    wait_for_place(show, 'anna', 'on-air')
    check_grows(page, 'on air: pictures and sound go both ways')
    tab.screenshot('guests-on-air.png')
    check_hears(page, ANNA_HZ, [ROOM_HZ], 'he')
    status = show.wait_for(lambda status: guest(status, 'anna')['rtt_ms'] >= 0 and guest(status, 'anna')['way'] == 'direct',
                           'round trip and way', 15)
    figures = guest(status, 'anna')
    tap.check(figures['width'] == 1280 and figures['height'] == 720 and figures['fps'] > 24 and figures['lost'] < 0.02,
              'the crew knows size, rate, loss and way', figures)

    show.action('mute', GLib.Variant('(sb)', ('anna', True)))
    page.wait_for(lambda report: report['muted'], 'to be told that he is muted')
    began_muted = show.status['running-ms']
    show.wait_for_running(1.5)
    show.action('mute', GLib.Variant('(sb)', ('anna', False)))
    page.wait_for(lambda report: not report['muted'], 'to be told that he is heard again')
    show.action('cue-guest', GLib.Variant('(ss)', ('anna', 'Two minutes left')))
    page.wait_for(lambda report: [cue['text'] for cue in report['cues']] == ['Two minutes left'], 'the cue')
    tab.press('button', 'Understood')
    page.wait_for(lambda report: not report['cues'], 'the cue to go')
    tap.check(True, 'mute and cue reach him')
    show.action('ask-guest', GLib.Variant('(si)', ('anna', 360)))
    show.wait_for(lambda status: guest(status, 'anna')['height'] == 360, 'a smaller picture', 25)
    tap.check(True, 'he sends a smaller picture when he is asked to', f"{guest(show.status, 'anna')['width']} × 360")

    show.action('take', 'room')
    page.wait_for(lambda report: report['state'] == 'ready', 'off air')
    show.action('put-back-guest', 'anna')
    page.wait_for(lambda report: report['place'] == 'green-room', 'being put back')
    wait_for_place(show, 'anna', 'green-room')
    show.action('revoke-guest', 'anna')
    page.wait_for(lambda report: report['view'] == 'notice' and report['notice'] == 'revoked', 'the notice')
    late = GuestPage(browser.new_tab(), url)
    late.wait_for(lambda report: report['view'] == 'notice' and report['notice'] in ('invalid', 'revoked'), 'the refusal')
    tap.check(guest(show.status, 'anna')['state'] == 'revoked', 'revoked: he is out, and the link opens nothing',
              late.report()['notice'])
    tap.check(not tab.complaints, 'his browser has nothing to complain about', tab.complaints or '')
    token = url.rsplit('#', 1)[1]
    show.stop()
    tap.check(token not in ''.join(show.stderr), 'the token is in no log')
    judge(show, began_muted / 1000)


def judge(show, muted_s):
    """What the recording has of it."""
    path = recording(show)
    seen = [span for span in spans(path, {'anna': GREEN, 'room': BLUE}) if span[3] > 10]
    order = [span[0] for span in seen]
    tap.check(order == ['room', 'anna', 'room'], 'recording: the room, him, and the room', seen)
    times = [packet.time for packet in packets(path, 'v')]
    wrong = gaps(times, FRAME_S, 0.0001)
    tap.check(max((distance for _, distance in wrong), default=0) <= 0.1, 'recording: no gap is longer than 100 ms', wrong[:5])
    sound = Sound(path)
    _, first, last, _ = next(span for span in seen if span[0] == 'anna')
    save_frame(path, (first + last) / 2 - times[0], 'guests-program.png')
    levels = [level_at(sound, ANNA_HZ, first + 0.5 + i * 0.5) for i in range(int((last - first - 1) / 0.5))]
    tap.check(max(levels) > 0.05, 'recording: he is heard', f'{[round(level, 3) for level in levels]}')
    quiet = [i for i, level in enumerate(levels) if level < 0.002]
    tap.check(quiet and len(quiet) <= 6, 'recording: but not while he was muted', f'{quiet}, muted at {muted_s:.1f} s')
    outside = max(level_at(sound, ANNA_HZ, first - 2), level_at(sound, ANNA_HZ, last + 0.5))
    tap.check(outside < 0.002, 'recording: nor before and after', f'{outside:.4f}')


def firefox(stage):
    """The same page in Firefox: pictures and sound both ways."""
    show = start(stage, ['ben'])
    browser = Firefox(stage, microphone_hz=BEN_HZ)
    go_live(show)
    page = GuestPage(browser, link(show, 'ben'))
    page.come_in()
    page.wait_for_picture()
    page.get_ready(music=False)
    wait_for_guest(show, 'ben')
    show.action('take', 'ben')
    before = page.wait_for(lambda report: report['state'] == 'on-air', 'the red frame')['main']
    began = time.monotonic()
    show.wait_for_running(3)
    after, took = page.report()['main'], time.monotonic() - began
    rates = [(after[key] - before[key]) / took for key in ('framesDecoded', 'sentFrames')]
    tap.check(min(rates) > 20, 'Firefox: pictures go both ways',
              f'{rates[0]:.1f} decoded and {rates[1]:.1f} sent a second, {after["sentWidth"]} × {after["sentHeight"]}')
    tap.check(after['sentAudioBytes'] > before['sentAudioBytes'] and after['audioEnergy'] > before['audioEnergy'],
              'Firefox: so does sound', f'{after["sentAudioBytes"] - before["sentAudioBytes"]} bytes sent')
    browser.screenshot('guests-firefox.png')
    show.stop()
    path = recording(show)
    seen = spans(path, {'room': BLUE})
    ben = [span for span in seen if span[0] == 'else' and span[3] > 10]
    tap.check(ben and sum(span[3] for span in ben) > 45, 'recording: he is seen', seen[:6])
    sound = Sound(path)
    loudest = max(level for _, level in sound.tones(BEN_HZ, 0.25))
    tap.check(loudest > 0.01, 'recording: and heard', f'{loudest:.3f}')


def many(stage):
    """Two in one browser, then four: each hears the others and not himself."""
    names = ['anna', 'ben', 'cleo', 'dora']
    shots = [{'id': 'two', 'layout': 'everyone', 'sources': ['room', 'anna', 'ben']},
             {'id': 'four', 'layout': 'everyone', 'sources': names}]
    show = start(stage, names, shots)
    # Small pictures: four guests are to be heard here, and their browsers share this machine.
    browser = Chromium(stage, make_camera(stage.folder / 'small.mjpeg', GREEN, 320, 180, 25))
    pages = [GuestPage(browser.new_tab(), link(show, name), hz) for name, hz in (('anna', ANNA_HZ), ('ben', BEN_HZ))]
    for page in pages:
        page.come_in()
        page.get_ready()
    for name in ('anna', 'ben'):
        wait_for_guest(show, name)
    show.action('take', 'two')
    for page in pages:
        page.wait_for(lambda report: report['state'] == 'on-air', 'being on air')
    check_hears(pages[0], ANNA_HZ, [ROOM_HZ, BEN_HZ], 'two guests: the first')
    check_hears(pages[1], BEN_HZ, [ROOM_HZ, ANNA_HZ], 'two guests: the second')

    everyone = (ROOM_HZ, ANNA_HZ, BEN_HZ, CLEO_HZ, DORA_HZ)
    scripted = [ScriptedGuest(stage, link(show, name), hz, colour, everyone)
                for name, hz, colour in (('cleo', CLEO_HZ, YELLOW), ('dora', DORA_HZ, MAGENTA))]
    for one_more in scripted:
        one_more.arrive()
    for name in ('cleo', 'dora'):
        wait_for_guest(show, name)
    show.action('take', 'four')
    for name in names:
        wait_for_place(show, name, 'on-air')
    check_hears(pages[0], ANNA_HZ, [ROOM_HZ, BEN_HZ, CLEO_HZ, DORA_HZ], 'four guests: the first')
    check_hears(pages[1], BEN_HZ, [ROOM_HZ, ANNA_HZ, CLEO_HZ, DORA_HZ], 'four guests: the second')
    since = time.monotonic() + 1
    for who, one_more, own in (('third', scripted[0], CLEO_HZ), ('fourth', scripted[1], DORA_HZ)):
        wait_until(lambda: len(one_more.all('audio', since)) >= 5, 'five seconds of sound', 30)
        said = one_more.all('audio', since)
        heard = {hz: max(piece['heard'][str(hz)] for piece in said) for hz in everyone if hz != own}
        own_db = sorted(piece['levels'][str(own)] for piece in said)[len(said) // 4]
        tap.check(min(heard.values()) > -40 and own_db < max(heard.values()) + SILENT_DB,
                  f'four guests: the {who} hears all the others, not himself', f'{heard}, himself {own_db}')
    show.stop()


go_apart()
tap.run(one, firefox, many)

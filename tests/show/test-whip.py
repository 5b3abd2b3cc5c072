#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""WHIP: the show arrives by WebRTC, in step; tokens, redirections, ends and outages."""
import statistics

from regie_testing import (
    FLASH_PERIOD_S, FRAME_S, NginxRtmp, Regie, destination, free_port, gaps, make_flash_and_beep, packets, tap,
    wait_until, write_event, write_secrets)
from regie_whip import WhipServer

TOKEN = 't0ken-5ecret'


def onsets(pieces, is_on, at):
    """When something begins that was not there for half a second."""
    found, last_on = [], None
    for piece in pieces:
        if not is_on(piece):
            continue
        if last_on is None or piece['time'] - last_on > 0.5:
            found.append(at(piece))
        last_on = piece['time']
    return found


def check_lips(said):
    """Each flash has its beep; how far apart are they?"""
    pictures = [p for p in said if p['event'] == 'video' and p['time'] is not None]
    sounds = [p for p in said if p['event'] == 'audio' and p['time'] is not None]
    flashes = onsets(pictures, lambda p: min(p['colour']) > 128, lambda p: p['time'])
    beeps = onsets(sounds, lambda p: p['onset'] is not None, lambda p: p['onset'])
    offsets = [min((beep - flash for beep in beeps), key=abs) for flash in flashes[1:]
               if beeps and min(abs(beep - flash) for beep in beeps) < FLASH_PERIOD_S / 4]
    tap.check(len(offsets) >= 2 and abs(statistics.median(offsets)) < 0.04, 'picture and sound arrive in step',
              f'beep after flash: {[round(o * 1000, 1) for o in offsets]} ms')


def published(stage):
    """By way of a redirection, beside an RTMP destination; the server is killed, and back; the end is said."""
    make_flash_and_beep(stage.folder / 'clip.mp4', 90)
    nginx, port = NginxRtmp(stage), free_port()
    server = WhipServer(stage, port, TOKEN)
    event = write_event(
        stage.folder, [{'id': 'clip', 'kind': 'uri', 'uri': 'clip.mp4', 'loop': True}],
        destinations=[{'id': 'tube', 'url': nginx.url() + '/key'},
                      {'id': 'whip', 'kind': 'whip', 'title': 'Far', 'url': server.url('moved'), 'key': 'keyring'}])
    show = Regie(stage, event, secrets=write_secrets(stage.folder, {'whip': TOKEN}))
    show.wait_for(lambda status: destination(status, 'whip')['state'] == 'live' and
                  destination(status, 'tube')['state'] == 'live', 'both to be live', 30)
    offer = server.wait_for(lambda said: said['event'] == 'offer', 'the offer')['sdp']
    tap.check('H264/90000' in offer and 'opus/48000/2' in offer.lower() and 'a=sendonly' in offer,
              'H.264 and Opus are offered, to be sent only')
    tap.check([(r['path'], r['status']) for r in server.all('request')] == [('/moved', 307), ('/whip', 201)],
              'a redirection is followed, with the token')
    server.wait_for(lambda said: said['event'] == 'video' and said['time'] is not None, 'pictures')
    wait_until(lambda: len([p for p in server.all('audio') if p['onset'] is not None]) > 30, 'some beeps', 30)
    said = list(server.said)
    pictures = [p for p in said if p['event'] == 'video' and p['time'] is not None]
    missing = gaps([p['time'] for p in pictures], FRAME_S, 0.002)
    tap.check(len(pictures) > 100 and pictures[-1]['width'] == 640 and len(missing) <= 1,
              'the picture arrives whole', f'{len(pictures)} pictures, gaps {missing[:5]}')
    check_lips(said)
    status = show.status
    uplink = destination(status, 'whip')['uplink']
    tap.check(0 <= uplink['rtt-ms'] < 500 and uplink['lost'] is not None and uplink['sent-kbps'] > 300,
              'round trip, loss and rate are known', f'{uplink}')

    server.kill()
    show.wait_for(lambda status: destination(status, 'whip')['state'] == 'waiting', 'the loss to be noticed', 30)
    server.forget()
    server.start()
    show.wait_for(lambda status: destination(status, 'whip')['state'] == 'live', 'being live again', 30)
    server.wait_for(lambda said: said['event'] == 'video', 'pictures again')
    tap.check(destination(show.status, 'whip')['missed-ms'] > 0, 'what was missed is known')
    show.stop()
    requests = [(r['method'], r['status']) for r in server.all('request')]
    tap.check(requests[-1] == ('DELETE', 200), 'the end is said to the server', f'{requests}')
    nginx.stop()
    times = [packet.time for packet in packets(nginx.files()[-1], 'v')]
    tap.check(not gaps(times, FRAME_S, 0.002), 'the other destination misses no picture', f'{len(times)} pictures')
    tap.check(TOKEN not in ''.join(show.stderr), 'the token is in no log')


def wrong_token(stage):
    """It is said in words, and tried once."""
    make_flash_and_beep(stage.folder / 'clip.mp4', 90)
    server = WhipServer(stage, free_port(), TOKEN)
    event = write_event(
        stage.folder, [{'id': 'clip', 'kind': 'uri', 'uri': 'clip.mp4', 'loop': True}],
        destinations=[{'id': 'whip', 'kind': 'whip', 'title': 'Far', 'url': server.url(), 'key': 'keyring'}])
    show = Regie(stage, event, secrets=write_secrets(stage.folder, {'whip': 'wrong'}))
    status = show.wait_for(lambda status: destination(status, 'whip')['state'] == 'refused', 'the refusal', 30)
    tap.check('token' in destination(status, 'whip')['error'], 'a wrong token is said in words',
              destination(status, 'whip')['error'])
    count = show.status['running-ms']
    show.wait_for(lambda status: status['running-ms'] > count + 4000, 'four more seconds', 30)
    tap.check(len(server.all('request')) == 1, 'the server is asked once only', f"{len(server.all('request'))}")
    show.stop()


if __name__ == '__main__':
    tap.run(published, wrong_token)

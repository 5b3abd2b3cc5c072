#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rehearsal: everything runs and is recorded, nobody outside sees anything, and going live from it leaves no gap."""
import json
import pathlib
import urllib.error
import urllib.request

from regie_testing import (
    BLUE, FRAME_S, RED, NginxRtmp, Regie, Sound, destination, frames, gaps, is_recording, make_clip, packets, tap,
    wait_until, write_event)


def make_event(stage, server, **parts):
    make_clip(stage.folder / 'red.mp4', RED, 440, 90)
    make_clip(stage.folder / 'blue.mp4', BLUE, None, 90)
    return write_event(
        stage.folder,
        [{'id': 'red', 'kind': 'uri', 'uri': 'red.mp4'}, {'id': 'blue', 'kind': 'uri', 'uri': 'blue.mp4'}],
        destinations=[{'id': 'rtmp', 'title': 'nginx', 'url': server.url() + '/show'}],
        **{'live-page': {'port': 0}}, **parts)


def fetch(show, path):
    """What the live page answers: the status and the text."""
    try:
        with urllib.request.urlopen(show.status['live-page'] + path, timeout=5) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ''


def journal(show):
    path = pathlib.Path(show.status['recording']['path']).with_suffix('.journal.jsonl')
    return [json.loads(line) for line in path.read_text().splitlines()]


def is_rehearsal(status):
    return status['state'] == 'rehearsal' and is_recording(status)


def check_nothing_outside(show, server):
    states = [d['state'] for d in show.status['destinations']]
    tap.check(states == ['off', 'off'] and all(d['bytes'] == 0 for d in show.status['destinations']),
              'every destination stays off, and says so', states)
    tap.check(server.streams() == [], 'the server has got nothing', server.streams())
    tap.check(fetch(show, 'live/stream.m3u8')[0] == 404, 'the live page has no picture')
    tap.check(json.loads(fetch(show, 'state.json')[1])['status'] == 'waiting', 'and does not say that it is live',
              fetch(show, 'state.json')[1])


def to_live(stage):
    """Rehearsal, then live, then the end: one recording without a gap."""
    server = NginxRtmp(stage)
    show = Regie(stage, make_event(stage, server), go_live=False)
    show.wait_for(lambda status: all(s['state'] == 'live' for s in status['sources']), 'every source')
    show.wait_for_actions()
    show.action('rehearse')
    status = show.wait_for(is_rehearsal, 'a rehearsal that is recorded')
    path = status['recording']['path']
    tap.check(show.state('rehearse') is True and show.state('go-live') is False, 'the actions say so')
    show.wait_for_running(4)
    check_nothing_outside(show, server)
    show.action('go-live')
    show.wait_for_live()
    status = show.wait_for_running(4)
    tap.check(status['recording']['path'] == path and status['state'] == 'live', 'the recording goes on in its file')
    tap.check('show' in server.streams() and fetch(show, 'live/stream.m3u8')[0] == 200, 'now everybody outside sees it')
    tap.check(json.loads(fetch(show, 'state.json')[1])['status'] == 'live', 'and the page says that it is live')
    show.action('end-live')
    show.wait_for(lambda status: status['state'] == 'ended', 'the end')
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))
    times = [frame.time for frame in frames(path, 16, 9, 'rgb24')]
    sound = Sound(path)
    tap.check(times[-1] - times[0] > 8 and not gaps(times, FRAME_S, 0.0001) and not sound.gaps(0.001),
              'the recording has the rehearsal and the show, without a gap', f'{times[-1] - times[0]:.1f} s')
    tap.check(len(times) == len(packets(path, 'v')), 'and every picture of it can be decoded')
    kinds = [entry['kind'] for entry in journal(show)]
    tap.check(kinds.index('rehearsal') < kinds.index('live') < kinds.index('ended'), 'and so has the journal', kinds)


def ended(stage):
    """A rehearsal that is ended: off air again, and the page never said a word."""
    server = NginxRtmp(stage)
    show = Regie(stage, make_event(stage, server), go_live=False, options=['--rehearse'])
    status = show.wait_for(is_rehearsal, 'a rehearsal at once')
    first = status['recording']['path']
    show.wait_for_running(2)
    before = len(show.stderr)
    show.action('rehearse')
    show.action('end-live')
    status = show.wait_for(lambda status: status['state'] == 'off-air', 'off air again')
    tap.check(status['recording']['state'] == 'off', 'nothing is recorded any more')
    check_nothing_outside(show, server)
    kinds = [entry['kind'] for entry in journal(show)]
    tap.check('rehearsal' in kinds and kinds[-1] == 'ended' and 'live' not in kinds, 'the journal has it', kinds)
    show.action('rehearse')
    status = show.wait_for(lambda status: is_rehearsal(status) and status['recording']['path'] != first,
                           'another rehearsal, in another file')
    wait_until(lambda: pathlib.Path(first).stat().st_size > 100000, 'the first recording', 5)
    tap.check(len(show.stderr) == before or 'rehearsal' not in ''.join(show.stderr[before:]),
              'asking twice is no failure, the action is disabled', ''.join(show.stderr[before:]))
    tap.check(show.stop() == 0, 'in rehearsal destinations are not missed: the exit status is 0',
              ''.join(show.stderr[-3:]))


def too_short(stage):
    """A rehearsal that was over before it had a file: the show that follows has its journal all the same."""
    server = NginxRtmp(stage)
    show = Regie(stage, make_event(stage, server), go_live=False)
    show.wait_for_actions()
    for action in ('rehearse', 'end-live', 'go-live'):
        show.action(action)
    show.wait_for(lambda status: status['state'] == 'live' and is_recording(status) and status['live-s'] >= 1, 'the show')
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))
    kinds = [entry['kind'] for entry in journal(show)]
    tap.check('live' in kinds and kinds[-1] == 'ended', 'its journal is beside its recording', kinds)


def on_air(stage):
    """On air there is nothing to rehearse."""
    server = NginxRtmp(stage)
    show = Regie(stage, make_event(stage, server))
    show.wait_for_live()
    show.action('rehearse')
    status = show.wait_for_running(1.5)
    tap.check(status['state'] == 'live' and destination(status, 'rtmp')['state'] == 'live', 'it stays live')
    tap.check(show.stop() == 0, 'ends well', ''.join(show.stderr[-3:]))


tap.run(to_live, ended, too_short, on_air)

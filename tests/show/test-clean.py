#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program without graphics, recorded beside the program."""
import json
import pathlib

from regie_testing import (
    BLUE, FRAME_S, MAGENTA, GLib, Regie, Sound, colour_at, flashes, frames, gaps, is_colour, is_recording, make_clip,
    make_flash_and_beep, make_picture, packets, probe, run, save_frame, streams, tap, write_event)

WIDTH, HEIGHT = 640, 360
WHITE, NIGHT = (253, 253, 252), (20, 18, 33)
LIVE_RED = (204, 15, 33)
# Where what is laid over the picture is to be seen: see test-graphics.py.
GRAPHICS = {'logo': ((596, 34), MAGENTA), 'name': ((42, 315), NIGHT), 'post': ((560, 300), WHITE),
            'live mark': ((18, 24), LIVE_RED)}


def make_event(folder, recordings='recordings'):
    make_clip(folder / 'blue.mp4', BLUE, None, 60)
    make_flash_and_beep(folder / 'flash.mp4', 60)
    make_picture(folder / 'logo.png', MAGENTA, 400, 200)
    with open(folder / 'posts.ndjson', 'w', encoding='utf-8') as file:
        file.write(json.dumps({'at': 0, 'network': 'mastodon', 'id': 'p1', 'text': 'Hello', 'lang': 'en', 'author': {
            'id': 'ana', 'name': 'Ana', 'handle': '@ana@example.org', 'created': '2019-03-02T12:00:00Z',
            'followers': 100}}) + '\n')
    talk = {'title': 'Talk', 'speakers': ['Somebody'], 'start': '2020-01-01T10:00:00+01:00',
            'end': '2020-01-01T11:00:00+01:00'}
    return write_event(
        folder, [{'id': 'blue', 'kind': 'uri', 'uri': 'blue.mp4'}, {'id': 'flash', 'kind': 'uri', 'uri': 'flash.mp4'}],
        talks=[talk], graphics={'logo': 'logo.png', 'logo-position': 'top-right'}, language='en',
        posts={'tags': ['x'], 'networks': [{'kind': 'replay', 'file': 'posts.ndjson'}]},
        recording={'folder': str(recordings), 'clean-program': True})


def seen(path):
    """For each picture: what is at the places of the graphics, and in the middle."""
    places = {**{name: place for name, (place, _) in GRAPHICS.items()}, 'middle': (WIDTH // 2, HEIGHT // 2)}
    return [{name: colour_at(frame, WIDTH, *place) for name, place in places.items()}
            for frame in frames(path, WIDTH, HEIGHT, 'rgb24')]


def is_dressed(picture):
    return all(is_colour(picture[name], colour) for name, (_, colour) in GRAPHICS.items())


def is_bare(picture):
    """Both sources are of one colour at any moment."""
    return all(is_colour(colour, picture['middle'], 12) for colour in picture.values())


def beside(stage):
    """Picture for picture the same show, but for what was laid over it; a pause does not hide it."""
    show = Regie(stage, make_event(stage.folder), go_live=False)
    show.go_live()
    show.wait_for(lambda status: status['recording']['clean']['path'], 'its file', 20)
    show.set_state('show-live-mark', GLib.Variant('b', True))
    show.wait_for(lambda status: status['posts']['incoming'] >= 1, 'the post')
    show.action('approve-post', 'p1')
    show.action('show-post', 'p1')
    show.action('show-talk', GLib.Variant('i', 0))
    show.wait_for_running(3)
    show.action('pause')
    show.wait_for_running(2)
    show.action('take', 'flash')
    show.wait_for_running(7)
    tap.check(any('without graphics is recorded, too' in line for line in show.status['program']['plan']),
              'the plan says so', show.status['program']['plan'])
    tap.check(show.stop() == 0, 'the exit status is 0', ''.join(show.stderr[-3:]))
    status = show.status
    main, clean = pathlib.Path(status['recording']['path']), pathlib.Path(status['recording']['clean']['path'])
    tap.check(clean.parent == main.parent and clean.name == f'{main.stem} – without graphics.mp4',
              'it lies beside the recording', clean.name)
    tap.check(status['recording']['clean']['error'] is None and status['recording']['clean']['frames-dropped'] == 0 and
              status['program']['dropped'] == 0, 'no frame was lost, of the program or of it',
              f"{status['program']}, {status['recording']['clean']}")
    compare(main, clean)
    pictures(main, clean)


def compare(main, clean):
    formats = [[(stream['codec_name'], stream.get('width'), stream.get('r_frame_rate')) for stream in streams(path)]
               for path in (main, clean)]
    tap.check(formats[0] == formats[1], 'both are of one format', formats)
    times = [[packet.time for packet in packets(path, 'v')] for path in (main, clean)]
    tap.check(not gaps(times[0], FRAME_S, 0.0001) and not gaps(times[1], FRAME_S, 0.0001), 'neither has a gap',
              f'{gaps(times[0], FRAME_S, 0.0001)[:3]}, {gaps(times[1], FRAME_S, 0.0001)[:3]}')
    both = min(map(len, times))
    tap.check(both > 300 and times[0][:both] == times[1][:both] and abs(len(times[0]) - len(times[1])) <= 15,
              'they have the same times from the first picture on', f'{len(times[0])} and {len(times[1])} pictures')
    sounds = [Sound(path) for path in (main, clean)]
    tap.check(not sounds[0].gaps(0.002) and not sounds[1].gaps(0.002), 'no gap in the sound either')
    onsets = [sound.onsets() for sound in sounds]
    n = min(map(len, onsets))
    tap.check(n >= 2 and all(abs(a - b) < 0.002 for a, b in zip(*onsets)), 'each beep is at the same time in both',
              f'{onsets}')
    light = [flashes(path) for path in (main, clean)]
    n = min(map(len, light))
    tap.check(n >= 2 and light[0][:n] == light[1][:n], 'so is each flash', f'{light}')
    movie = probe(clean, '-show_format')['format']
    atoms = run(['ffmpeg', '-nostdin', '-v', 'trace', '-i', clean, '-f', 'null', '-t', '0', '-']).stderr.decode()
    tap.check(float(movie['duration']) > 10 and "type:'moof'" not in atoms, 'it was made an ordinary file',
              movie['duration'])


def pictures(main, clean):
    save_frame(main, 3, 'clean-program.png')
    save_frame(clean, 3, 'clean-without.png')
    with_graphics, without = seen(main), seen(clean)
    dressed = [i for i, picture in enumerate(with_graphics) if is_dressed(picture)]
    tap.check(len(dressed) > 60, 'the recording has logo, name, post and live mark', len(dressed))
    bare = [is_bare(without[i]) for i in dressed if i < len(without)]
    tap.check(len(bare) > 60 and all(bare), 'at the same moments it has the bare picture',
              f'{bare.count(True)} of {len(dressed)}')
    tap.check(all(map(is_bare, without)), 'and so it has at every other moment')
    cuts = [next(i for i, picture in enumerate(each) if max(picture['middle']) < 40) for each in (with_graphics, without)]
    tap.check(cuts[0] == cuts[1], 'it is cut with the very same picture', cuts)


def no_room(stage):
    """What is left on a small disk is the recording's own."""
    disk = stage.folder / 'disk'
    stage.mount_tmpfs(disk, '300m')
    show = Regie(stage, make_event(stage.folder, disk), go_live=False)
    show.go_live()
    show.wait_for(lambda status: status['recording']['clean']['state'] == 'stopped', 'that it is not recorded', 20)
    show.wait_for(lambda status: any('is not recorded now' in line for line in status['program']['plan']), 'a sentence', 5)
    show.wait_for_running(4)
    tap.check(is_recording(show.status) and show.status['recording']['error'] is None, 'the recording goes on',
              show.status['recording'])
    tap.check(show.stop() == 0, 'the exit status is 0', ''.join(show.stderr[-3:]))
    tap.check(not list(disk.glob('*without graphics*')), 'there is no other file', sorted(disk.iterdir()))


def killed(stage):
    """Killed, and begun again: what was written of it is repaired like any other recording."""
    event = make_event(stage.folder)
    show = Regie(stage, event, go_live=False)
    show.go_live()
    show.wait_for(lambda status: status['recording']['clean']['path'], 'its file', 20)
    show.wait_for_running(4)
    tap.check(is_recording(show.status), 'it goes on')
    clean = pathlib.Path(show.status['recording']['clean']['path'])
    show.kill()
    lasts_s = packets(clean, 'v')[-1].time
    again = Regie(stage, event, go_live=False)
    again.wait_for_actions()
    again.action('forget-show')
    again.wait_for(lambda status: any(entry['path'] == str(clean) and entry['state'] == 'done'
                                      for entry in status['exports']), 'the repair', 25)
    tap.check(again.stop() == 0, 'the exit status is 0', ''.join(again.stderr[-3:]))
    times = [packet.time for packet in packets(clean, 'v')]
    tap.check(lasts_s > 2 and abs(times[-1] - lasts_s) < 0.6 and not gaps(times, FRAME_S, 0.0001),
              'all of it is there', f'{times[-1]:.2f} of {lasts_s:.2f} s')


tap.run(beside, no_room, killed)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recording: survives a crash, ends well, overwrites nothing, and a bad disk stops nothing else."""
import hashlib
import pathlib
import random
import time

from regie_testing import (
    BLUE, FRAME_S, RED, SAMPLE_RATE, Regie, Sound, colour_at, destination, frames, gaps, is_colour, is_recording,
    make_clip, packets, probe, run, save_frame, tap, wait_until, write_event)

TONE_HZ = 440


def start(stage, folder='recordings', wait=True, **parts):
    """A show with a red and a blue clip and no destination but the live page."""
    make_clip(stage.folder / 'red.mp4', RED, TONE_HZ, 90)
    make_clip(stage.folder / 'blue.mp4', BLUE, None, 90)
    event = write_event(
        stage.folder,
        [{'id': 'red', 'kind': 'uri', 'uri': 'red.mp4'}, {'id': 'blue', 'kind': 'uri', 'uri': 'blue.mp4'}],
        recording={'folder': str(folder)}, **{'live-page': {'port': 0}}, **parts)
    show = Regie(stage, event, go_live=not wait)
    if wait:
        show.go_live()
    return show


def cut_to_blue(show):
    """Marks this moment in the picture; returns it."""
    now = time.monotonic()
    show.action('take', 'blue')
    return now


def after_mark(path):
    """How much picture and sound follow the cut to blue, in seconds; and whether all of it is as it should be."""
    pictures = frames(path, 16, 9, 'rgb24')
    times = [frame.time for frame in pictures]
    mark = next(frame.time for frame in pictures if is_colour(colour_at(frame, 16, 8, 4), BLUE))
    sound = Sound(path)
    end = sound.start_s + len(sound.samples) / SAMPLE_RATE
    clean = not gaps(times, FRAME_S, 0.0001) and not sound.gaps(0.001) and len(times) == len(packets(path, 'v'))
    return times[-1] + FRAME_S - mark, end - mark, clean


def clean_decoding(path):
    """What ffmpeg complains about when it decodes everything."""
    result = run(['ffmpeg', '-nostdin', '-v', 'warning', '-i', path, '-f', 'null', '-'])
    return result.stderr.decode(errors='replace').strip()


def killed(stage):
    """SIGKILL at five moments that nobody chose: the file opens, and lacks at most the last second.

    The measure is in the picture itself: the moment of a cut, asked for over D-Bus, is known by the
    clock, and so is the moment of the kill; the file must hold as much after the cut as lies between
    the two, less a second. The cut is in the picture later than it was asked for, so the loss is
    never shown too small.
    """
    losses = []
    for wait_s in (random.uniform(2.5, 5.5) for _ in range(5)):
        show = start(stage)
        show.wait_for_running(1)
        marked = cut_to_blue(show)
        wait_until(lambda marked=marked, wait_s=wait_s: time.monotonic() >= marked + wait_s, 'the moment', 20, 0.01)
        path = pathlib.Path(show.status['recording']['path'])
        dead = time.monotonic()
        show.kill()
        complaints = clean_decoding(path)
        tap.check(complaints == '', 'ffmpeg reads the file without a word', complaints[:400])
        picture_s, sound_s, clean = after_mark(path)
        loss_s = dead - marked - min(picture_s, sound_s)
        losses.append(loss_s)
        tap.check(loss_s <= 1.0, 'at most the last second is missing',
                  f'{loss_s:.2f} s of {dead - marked:.2f} s; picture {picture_s:.2f} s, sound {sound_s:.2f} s')
        tap.check(clean, 'what is there has no gap, and every packet can be decoded')
        save_frame(path, 2, 'recording-killed.png')
    tap.note(f"lost by SIGKILL: {', '.join(f'{loss:.2f}' for loss in losses)} s")


def ended(stage):
    """A normal end: the whole show, with its duration, and seeking works."""
    show = start(stage)
    show.wait_for_running(1)
    marked = cut_to_blue(show)
    show.wait_for_running(8)
    asked = time.monotonic()
    tap.check(show.stop() == 0, 'the exit status is 0')
    path = pathlib.Path(show.status['recording']['path'])
    tap.check(clean_decoding(path) == '', 'ffmpeg reads the file without a word')
    picture_s, sound_s, clean = after_mark(path)
    tap.check(clean and abs(picture_s - sound_s) < 0.2 and -0.05 < asked - marked - picture_s < 0.5,
              'it lasts until the end was asked for',
              f'{asked - marked:.2f} s after the mark; picture {picture_s:.2f} s, sound {sound_s:.2f} s')
    pictures = packets(path, 'v')
    lasts_s = pictures[-1].time + FRAME_S - pictures[0].time
    said_s = float(probe(path, '-show_format')['format'].get('duration', 0))
    tap.check(abs(said_s - lasts_s) < 0.1, 'the file says how long it lasts', f'{said_s:.2f} s, really {lasts_s:.2f} s')
    for part in (0.1, 0.5, 0.9):
        wanted_s = lasts_s * part
        reply = probe(path, '-read_intervals', f'{wanted_s:.3f}%+#1', '-select_streams', 'v',
                      '-show_entries', 'packet=pts_time,flags')['packets'][0]
        off_s = wanted_s - float(reply['pts_time'])
        tap.check(-0.1 <= off_s <= 2.1 and 'K' in reply['flags'], f'seeking to {part:.0%} of it finds the keyframe before',
                  f"wanted {wanted_s:.2f} s, found {reply['pts_time']}")


def overwrites_nothing(stage):
    """Off air and on again in the same minute, and a second program start."""
    def digest(path):
        return hashlib.sha256(path.read_bytes()).hexdigest()

    paths, digests = [], []
    show = start(stage)
    for round_ in range(3):
        if round_ == 1:
            show.action('go-live')
        elif round_ == 2:
            show.stop()
            show = start(stage)
        show.wait_for(lambda status, paths=paths: is_recording(status) and
                      status['recording']['path'] not in map(str, paths), 'a recording in a new file')
        show.wait_for_running(2)
        paths.append(pathlib.Path(show.status['recording']['path']))
        show.action('end-live')
        show.wait_for(lambda status: status['recording']['state'] == 'off' and status['exports'] and
                      status['exports'][-1]['state'] == 'done', 'the end of the recording, and an ordinary file')
        # Its end is written in another thread.
        wait_until(lambda path=paths[-1]: float(probe(path, '-show_format')['format'].get('duration', 0)) > 1,
                   'a finished file', 10)
        time_ns = paths[-1].stat().st_mtime_ns
        wait_until(lambda path=paths[-1], time_ns=time_ns: path.stat().st_mtime_ns == time_ns, 'a quiet file', 5)
        digests.append(digest(paths[-1]))
    show.stop()
    tap.check(len(set(paths)) == 3, 'each has a name of its own', ', '.join(path.name for path in paths))
    tap.check([digest(path) for path in paths] == digests, 'what was recorded before is as it was')
    tap.check(all(clean_decoding(path) == '' for path in paths), 'all three can be read')


def no_folder(stage):
    """A file is where the folder should be: it is said, and the show goes on."""
    blocked = stage.folder / 'blocked'
    blocked.write_text('a file, not a folder')
    show = start(stage, blocked, wait=False)
    status = show.wait_for(lambda status: status['recording']['state'] == 'stopped' and
                           destination(status, 'live-page')['state'] == 'live', 'the recording stopped and a live page')
    tap.check('blocked' in (status['recording']['error'] or ''), 'the recording says that the folder cannot be written',
              status['recording']['error'])
    before = destination(status, 'live-page')['bytes']
    show.wait_for_running(3)
    tap.check(show.status['state'] == 'live' and destination(show.status, 'live-page')['bytes'] > before + 100000,
              'the live page goes on')
    blocked.unlink()
    status = show.wait_for(is_recording, 'a recording once the folder can be made', 15)
    tap.check(status['recording']['error'] is None, 'it begins by itself once the folder can be made')
    blocked_again = show.stop()
    tap.check(blocked_again == 0, 'then the exit status is 0', f'{blocked_again}')

    stage.folder.joinpath('blocked-2').write_text('a file, not a folder')
    show = start(stage, stage.folder / 'blocked-2', wait=False)
    show.wait_for_running(3)
    tap.check(show.stop() == 1 and 'recording' in ''.join(show.stderr), 'without a recording the exit status is 1',
              show.stderr[-1] if show.stderr else '')


def disk_full(stage):
    """The disk is full: it is said, the show goes on, and so does the recording once there is room."""
    disk = stage.folder / 'disk'
    stage.mount_tmpfs(disk, '32m')
    filler = disk / 'filler'
    filler.write_bytes(bytes(31_500_000))
    show = start(stage, disk)
    status = show.wait_for(lambda status: status['recording']['state'] == 'stopped', 'the recording stopped', 40)
    tap.check('space' in (status['recording']['error'] or '').lower() or
              'full' in (status['recording']['error'] or '').lower(), 'the recording says that the disk is full',
              status['recording']['error'])
    tap.check(show.status['state'] == 'live' and destination(status, 'live-page')['state'] == 'live',
              'the live page goes on')
    first = pathlib.Path(status['recording']['path'])
    # More than twice the time after which it looks again: what it leaves behind must not pile up.
    show.wait_for_running(13)
    files = sorted(path.name for path in disk.iterdir() if path != filler)
    recordings = [name for name in files if name.endswith('.mp4')]
    # Each recording has its journal beside it, as text and as JSON, and what belongs to it.
    tap.check(len(recordings) <= 2 and len(files) <= 4 * len(recordings), 'trying again leaves no heap of empty files',
              ', '.join(files))
    complaints = clean_decoding(first)
    tap.check(len(packets(first, 'v')) > 30, 'what was recorded before can be read', complaints[:300])
    n_bytes = destination(show.status, 'live-page')['bytes']
    filler.unlink()
    status = show.wait_for(lambda status: is_recording(status) and status['recording']['path'] != str(first),
                           'a recording in a new file once there is room', 20)
    tap.check(status['recording']['error'] is None, 'it goes on in a new file once there is room')
    show.wait_for_running(2)
    tap.check(destination(show.status, 'live-page')['bytes'] > n_bytes, 'and all the while the live page goes on')
    show.stop()


tap.run(killed, ended, overwrites_nothing, no_folder, disk_full)

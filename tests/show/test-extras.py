#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is recorded beside the program: each source as it came, and each source's sound."""
import datetime
import pathlib

from gi.repository import GLib
from regie_testing import (
    RED, NginxRtmp, Regie, Sound, is_recording, make_clip, packets, probe, run, streams, tap, wait_until, write_event)

TONE_HZ, CAMERA_HZ = 440, 1000


def make_camera(path):
    """Pictures that no encoder would give twice."""
    if not path.exists():
        run(['ffmpeg', '-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-f', 'lavfi', '-i',
             f'sine=frequency={CAMERA_HZ}:sample_rate=48000', '-t', '20', '-c:v', 'libx264', '-preset', 'ultrafast',
             '-g', '25', '-bf', '0', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-ac', '2', path])


def hashes(path):
    """One for each picture, as it is after decoding."""
    text = run(['ffmpeg', '-nostdin', '-v', 'error', '-i', path, '-map', '0:v', '-fps_mode', 'passthrough', '-f', 'framemd5',
                '-']).stdout.decode()
    return [line.rsplit(',', 1)[1].strip() for line in text.splitlines() if not line.startswith('#')]


def start(stage, **recording):
    make_clip(stage.folder / 'red.mp4', RED, TONE_HZ, 60)
    make_camera(stage.folder / 'camera.mp4')
    nginx = NginxRtmp(stage)
    stage.start(['ffmpeg', '-nostdin', '-v', 'error', '-re', '-stream_loop', '-1', '-i', stage.folder / 'camera.mp4', '-c',
                 'copy', '-f', 'flv', f"{nginx.url('feed')}/camera"])
    wait_until(lambda: 'camera' in nginx.streams(), 'the camera', 15)
    event = write_event(
        stage.folder,
        [{'id': 'red', 'title': 'The clip', 'kind': 'uri', 'uri': 'red.mp4'},
         {'id': 'camera', 'title': 'Hall: left', 'kind': 'uri', 'uri': f"{nginx.url('feed')}/camera"}],
        recording={'folder': 'recordings', **recording})
    show = Regie(stage, event, go_live=False)
    show.go_live()
    return show


def by_source(status, ending):
    return {extra['source']: extra['path'] for extra in status['recording']['extras']
            if extra['path'] and extra['path'].endswith(ending)}


def beside(stage):
    """The network camera bit for bit, and the sound of both, even of the one whose fader is down."""
    show = start(stage, sources=True, tracks=True)
    show.action('volume', GLib.Variant('(sd)', ('camera', -60.0)))
    status = show.wait_for(lambda status: len(status['recording']['extras']) == 3 and
                           all(extra['path'] for extra in status['recording']['extras']), 'three files', 20)
    show.wait_for_running(6)
    recording = pathlib.Path(show.status['recording']['path'])
    tap.check(show.stop() == 0, 'the exit status is 0')
    sources, tracks = by_source(status, '.mkv'), by_source(status, '.mka')
    folder = recording.with_name(f'{recording.stem} – sources')
    tap.check(sorted(path.name for path in folder.iterdir()) == ['Hall left.mka', 'Hall left.mkv', 'The clip.mka'],
              'they are in a folder of their own, under the names of the sources', f'{sorted(folder.iterdir())}')
    lasts_s = packets(recording, 'v')[-1].time

    camera = sources['camera']
    video, audio = streams(camera)
    tap.check((video['codec_name'], video['width'], audio['codec_name']) == ('h264', 320, 'aac'),
              'the camera is recorded with picture and sound as they came', f"{video['codec_name']} {audio['codec_name']}")
    sent, got = set(hashes(stage.folder / 'camera.mp4')), hashes(camera)
    times = [packet.time for packet in packets(camera, 'v')]
    tap.check(len(got) > 100 and all(one in sent for one in got), 'each picture is the one that was sent, bit for bit',
              f'{sum(one in sent for one in got)} of {len(got)}')
    tap.check(times[0] < 4 and abs(lasts_s - times[-1]) < 1.5, 'its times are those of the recording',
              f'{times[0]:.2f} to {times[-1]:.2f} s; the recording lasts {lasts_s:.2f} s')

    for source, hz, other_hz in (('red', TONE_HZ, CAMERA_HZ), ('camera', CAMERA_HZ, TONE_HZ)):
        sound = Sound(tracks[source])
        middle = len(sound.samples) // 2
        tap.check(probe(tracks[source], '-show_streams')['streams'][0]['codec_name'] == 'flac' and not sound.gaps(0.002) and
                  sound.tone(hz, middle) > 0.02 > 10 * sound.tone(other_hz, middle),
                  f'the track of “{source}” has its sound, and no other', f'{sound.tone(hz, middle):.3f}, '
                  f'{sound.tone(other_hz, middle):.4f}')
        end_s = sound.start_s + len(sound.samples) / 48000
        tap.check(abs(end_s - lasts_s) < 1.0, 'up to the end', f'{end_s:.2f} s')


def cannot_be(stage):
    """Their folder cannot be made: it is said, and the recording is as it should be."""
    recordings = stage.folder / 'recordings'
    recordings.mkdir()
    now = datetime.datetime.now()
    for minutes in range(3):
        date = (now + datetime.timedelta(minutes=minutes)).strftime('%Y-%m-%d %H%M')
        (recordings / f'{date} Test – sources').write_text('a file, not a folder')
    show = start(stage, sources=True, tracks=True)
    status = show.wait_for(lambda status: len(status['recording']['extras']) == 3 and
                           all(extra['error'] for extra in status['recording']['extras']), 'three errors', 20)
    tap.check(all(extra['path'] is None for extra in status['recording']['extras']), 'it is said of each',
              status['recording']['extras'][0]['error'])
    show.wait_for_running(2)
    tap.check(is_recording(show.status) and show.status['recording']['error'] is None, 'the recording goes on')
    tap.check(show.stop() == 0, 'the exit status is 0')


tap.run(beside, cannot_be)

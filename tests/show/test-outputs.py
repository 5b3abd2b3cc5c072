#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same show at an RTMP server, an SRT receiver and on the live page at once, and its keys."""
import pathlib

from regie_testing import (
    BLUE, FRAME_S, GREEN, MAGENTA, RATE, RED, HlsReceiver, NginxRtmp, Regie, Sound, SrtReceiver, artifact,
    colour_at, destination, frames, free_port, gaps, is_colour, make_clip, make_picture, packets, save_frame,
    streams, tap, write_event, write_secrets)

KEY = 'live_1234-VerySecret_abcd'
RED_HZ, BLUE_HZ = 440, 1250
WIDTH, HEIGHT = 160, 90  # what the pictures are looked at in: a quarter


def check_format(name, path, tolerance_s):
    video, audio = streams(path)
    pictures = packets(path, 'v')
    times = [packet.time for packet in pictures]
    keys = [packet.time for packet in pictures if packet.keyframe]
    wrong = gaps(times, FRAME_S, tolerance_s)
    tap.check((video['codec_name'], video['profile'], video['width'], video['height']) == ('h264', 'High', 640, 360),
              f'{name}: H.264 High, 640 × 360', f"{video['codec_name']} {video['profile']}")
    tap.check(len(times) > 5 * RATE and not wrong, f'{name}: 30 pictures a second, evenly',
              f'{len(times)} pictures, uneven at: {wrong[:5]}')
    tap.check(len(keys) >= 3 and keys[0] == times[0] and not gaps(keys, 2, 0.002),
              f'{name}: begins with a keyframe, then one every 2 s', f'{keys}')
    tap.check((audio['codec_name'], audio['profile'], audio['sample_rate'], audio['channels']) ==
              ('aac', 'LC', '48000', 2), f'{name}: AAC-LC, 48 kHz, stereo')


def logo_box(position_right=True):
    """Where a logo of 2:1 is in the small pictures: 12 % high, 4 % of the height from the edges."""
    height = 0.12 * HEIGHT
    margin = 0.04 * HEIGHT
    x = WIDTH - margin - height if position_right else margin + height
    return round(x), round(margin + height / 2)


def check_picture(name, path):
    """The shot is red, then blue from one picture to the next; the logo is in its corner all along."""
    x, y = logo_box()
    mirrored = logo_box(False)[0]
    pictures = frames(path, WIDTH, HEIGHT, 'rgb24')
    colours = [colour_at(frame, WIDTH, WIDTH // 2, HEIGHT // 2) for frame in pictures]
    first_blue = next((i for i, colour in enumerate(colours) if is_colour(colour, BLUE)), 0)
    steady = (first_blue > 2 and all(is_colour(colour, RED) for colour in colours[:first_blue]) and
              all(is_colour(colour, BLUE) for colour in colours[first_blue:]))
    tap.check(steady, f'{name}: shows the shot that was taken, and cuts to the next from one picture to another',
              f'{len(colours)} pictures, blue from number {first_blue}')
    with_logo = [is_colour(colour_at(frame, WIDTH, x, y), MAGENTA, 60) for frame in pictures]
    tap.check(sum(with_logo) == len(pictures) and
              not any(is_colour(colour_at(frame, WIDTH, mirrored, y), MAGENTA, 60) for frame in pictures),
              f'{name}: the logo is in the top right corner of every picture', f'{sum(with_logo)} of {len(pictures)}')
    save_frame(path, max(0, pictures[first_blue].time - pictures[0].time + 0.5), f'outputs-{name}.png')


def check_sound(name, path):
    sound = Sound(path)
    half = len(sound.samples) // 2
    red, blue, none = (sound.tone(hz, half) for hz in (RED_HZ, BLUE_HZ, 3000))
    tap.check(red > 0.15 and blue > 0.15 and none < 0.01, f'{name}: the sound of both sources is there',
              f'{RED_HZ} Hz {red:.3f}, {BLUE_HZ} Hz {blue:.3f}, 3000 Hz {none:.4f}')
    tap.check(not sound.gaps(0.002), f'{name}: sound without a gap', f'{sound.gaps(0.002)[:5]}')


def three_at_once(stage):
    """RTMP, SRT, live page and recording get the same show."""
    make_clip(stage.folder / 'red.mp4', RED, RED_HZ, 90)
    make_clip(stage.folder / 'blue.mp4', BLUE, BLUE_HZ, 90)
    make_picture(stage.folder / 'logo.png', MAGENTA, 400, 200)
    nginx, srt = NginxRtmp(stage), SrtReceiver(stage)
    event = write_event(
        stage.folder,
        [{'id': 'red', 'kind': 'uri', 'uri': 'red.mp4'}, {'id': 'blue', 'kind': 'uri', 'uri': 'blue.mp4'}],
        graphics={'logo': 'logo.png', 'logo-position': 'top-right'},
        destinations=[{'id': 'tube', 'title': 'Tube', 'url': nginx.url(), 'key': 'keyring'},
                      {'id': 'srt', 'title': 'SRT', 'url': srt.url()}],
        **{'live-page': {'port': 0}})
    show = Regie(stage, event, go_live=False, secrets=write_secrets(stage.folder, {'tube': KEY}))
    show.go_live()
    tap.check(nginx.streams() == [KEY], 'the RTMP server got the stream under its key')
    page = HlsReceiver(stage, show.status['live-page'])
    show.wait_for_running(4)
    show.action('take', 'blue')
    tap.check(show.state('take') == 'blue', 'D-Bus: the shot that is on air is the state of “take”')
    show.wait_for(lambda status: status['program']['on-air'] == 'blue', 'blue on air', 5)
    show.wait_for_running(6)
    command_line = pathlib.Path(f'/proc/{show.process.pid}/cmdline').read_bytes()
    page.stop()
    status = show.stop()
    last = show.status
    srt.stop()
    nginx.stop()

    tap.check(status == 0 and last['final'], 'the exit status is 0 and the last line is final', f'{status}')
    tap.check(not show.garbage, 'each line on standard output is JSON')
    said = ''.join(show.stderr) + ''.join(str(line) for _, line in show.lines)
    tap.check(KEY not in said and KEY.encode() not in command_line, 'the stream key is not said anywhere')
    tap.check(all(destination(last, name)['bytes'] > 100000 and destination(last, name)['error'] is None
                  for name in ('tube', 'srt', 'live-page')), 'each destination tells its bytes, and no error')
    for name, path, tolerance_s in (('rtmp', nginx.files()[0], 0.0011), ('srt', srt.path, 0.0001),
                                    ('live-page', page.path, 0.0001),
                                    ('recording', pathlib.Path(last['recording']['path']), 0.0001)):
        check_format(name, path, tolerance_s)
        check_picture(name, path)
        check_sound(name, path)
    tap.note(f"pictures: {last['program']}; kept in {artifact('')}")


def keys_that_others_may_read(stage):
    """A secrets file that others may read is refused."""
    make_picture(stage.folder / 'green.png', GREEN)
    event = write_event(stage.folder, [{'id': 'green', 'kind': 'still', 'picture': 'green.png'}],
                        **{'live-page': {'port': 0}})
    secrets = write_secrets(stage.folder, {'tube': KEY}, 0o644)
    show = Regie(stage, event, secrets=secrets)
    status = show.wait()
    said = ''.join(show.stderr)
    tap.check(status != 0 and not show.lines, 'a secrets file with mode 0644 ends the program', f'status {status}')
    tap.check('chmod 600' in said and str(secrets) in said and KEY not in said,
              'the sentence names the file and what to do, and quotes no key', said)


def nobody_there(stage):
    """A destination that never could be reached."""
    make_picture(stage.folder / 'green.png', GREEN)
    event = write_event(stage.folder, [{'id': 'green', 'kind': 'still', 'picture': 'green.png'}],
                        destinations=[{'id': 'tube', 'title': 'Tube', 'url': f'rtmp://127.0.0.1:{free_port()}/live/x'}],
                        **{'live-page': {'port': 0}})
    show = Regie(stage, event, for_s=5)
    status = show.wait()
    tap.check(status == 1, 'the exit status is 1 when a destination never could be reached', f'status {status}')
    tap.check(destination(show.status, 'tube')['error'] and 'tube' in ''.join(show.stderr),
              'it is said which one and why', show.stderr[-1] if show.stderr else '')
    tap.check(destination(show.status, 'live-page')['state'] == 'live' and show.status['recording']['bytes'] > 0,
              'the live page and the recording work all the same')


tap.run(three_at_once, keys_that_others_may_read, nobody_there)

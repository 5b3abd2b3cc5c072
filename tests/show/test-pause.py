#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pause: the audience sees a card and hears nothing, the recording goes on with the real program."""
import pathlib

from regie_testing import (
    BLUE, FRAME_S, RED, NginxRtmp, Regie, Sound, artifact, colour_at, frames, gaps, is_colour, make_clip,
    n_lost_frames, packets, save_frame, tap, write_event)

WIDTH, HEIGHT = 160, 90
TONE_HZ = 440


def check_times(name, path, tolerance_s):
    pictures = packets(path, 'v')
    uneven = gaps([packet.time for packet in pictures], FRAME_S, tolerance_s)
    tap.check(len(pictures) > 300 and not uneven, f'{name}: 30 pictures a second without a gap',
              f'{len(pictures)}, uneven at {uneven[:5]}')
    holes = Sound(path).gaps(0.002)
    tap.check(not holes, f'{name}: sound without a gap', f'{holes[:5]}')


def corner_colours(path):
    """Which colour the lower left corner has from picture to picture: nobody writes there."""
    found = []
    for frame in frames(path, WIDTH, HEIGHT, 'rgb24'):
        colour = colour_at(frame, WIDTH, 5, HEIGHT - 5)
        name = 'red' if is_colour(colour, RED) else 'blue' if is_colour(colour, BLUE) else 'card'
        if not found or found[-1][0] != name:
            found.append([name, 0])
        found[-1][1] += 1
    return found


def silent_share(path):
    loud = [level > 0.1 for _, level in Sound(path).tones(TONE_HZ)]
    return loud.count(False) / len(loud)


def pause_and_resume(stage):
    """Pause by its action, back by its action, then into another shot."""
    make_clip(stage.folder / 'red.mp4', RED, TONE_HZ, 90)
    make_clip(stage.folder / 'blue.mp4', BLUE, TONE_HZ, 90)
    nginx = NginxRtmp(stage)
    event = write_event(
        stage.folder,
        [{'id': 'red', 'kind': 'uri', 'uri': 'red.mp4'}, {'id': 'blue', 'kind': 'uri', 'uri': 'blue.mp4'}],
        destinations=[{'id': 'tube', 'title': 'Tube', 'url': nginx.url() + '/x'}])
    show = Regie(stage, event, go_live=False)
    show.go_live()
    lost = n_lost_frames(show.status)
    show.wait_for_running(3)
    show.action('pause')
    show.wait_for(lambda status: status['program']['paused'], 'the pause', 5)
    tap.check(show.state('pause') is True, 'the action says that it pauses')
    show.wait_for_running(4)
    show.action('pause')
    show.wait_for(lambda status: not status['program']['paused'] and status['program']['on-air'] == 'red',
                  'the shot from before the pause', 5)
    show.wait_for_running(2)
    show.action('pause')
    show.wait_for_running(3)
    show.action('take', 'blue')
    show.wait_for(lambda status: not status['program']['paused'] and status['program']['on-air'] == 'blue',
                  'another shot after the pause', 5)
    show.wait_for_running(2)
    status = show.stop()
    last = show.status
    nginx.stop()
    tap.check(status == 0 and last['final'], 'the show ends well', f'{status}')
    tap.note(f"{n_lost_frames(last) - lost} pictures lost; kept in {artifact('')}")

    recording, sent = pathlib.Path(last['recording']['path']), nginx.files()[0]
    tap.check(len(nginx.files()) == 1, 'the connection to the server was not touched')
    check_times('sent', sent, 0.0011)
    check_times('recorded', recording, 0.0001)
    recorded_colours, sent_colours = corner_colours(recording), corner_colours(sent)
    tap.check([name for name, _ in recorded_colours] == ['red', 'blue'], 'the recording knows no pause',
              f'{recorded_colours}')
    tap.check([name for name, _ in sent_colours] == ['red', 'card', 'red', 'card', 'blue'],
              'the audience sees card, shot, card, other shot, and nothing between', f'{sent_colours}')
    tap.check(silent_share(recording) < 0.02, 'the recording has its sound all along', f'{silent_share(recording):.3f}')
    share = sum(n for name, n in sent_colours if name == 'card') / sum(n for _, n in sent_colours)
    tap.check(abs(silent_share(sent) - share) < 0.04, 'the audience hears nothing as long as it sees the card',
              f'{silent_share(sent):.3f} of the sound, {share:.3f} of the pictures')
    save_frame(sent, 5.5, 'pause-sent.png')
    save_frame(recording, 5.5, 'pause-recorded.png')


tap.run(pause_and_resume)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every layout as the audience gets it: measured on the encoded program."""
import pathlib

from gi.repository import GLib

from regie_testing import (
    BLACK, BLUE, FRAME_S, GREEN, MAGENTA, RED, YELLOW, Regie, colour_at, frames, gaps, is_colour, is_recording,
    make_clip, make_picture, n_lost_frames, packets, save_frame, source, tap, write_event)

WIDTH, HEIGHT = 320, 180
TOLERANCE = 24  # of 255, after H.264 and back to RGB
EDGE = 28  # pixels of 1080 lines: places are even in a program of 360 lines, and colours are means of 3×3
STEADY = 15  # so many pictures in a row

# Shot → sources and where each is in a program of 1920×1080, in painting order: see test-engine-painter.c.
LAYOUTS = {
    'full': ('full', [RED], [(0, 0, 1920, 1080)]),
    'side': ('side-by-side', [RED, BLUE], [(18, 276, 934, 526), (968, 276, 934, 526)]),
    'corner': ('picture-in-picture', [RED, BLUE], [(0, 0, 1920, 1080), (1354, 740, 518, 292)]),
    'speaker': ('slides-and-speaker', [RED, BLUE], [(24, 178, 1292, 726), (1340, 592, 556, 312)]),
    'two': ('slides-and-two', [RED, BLUE, GREEN],
            [(24, 190, 1246, 700), (1294, 190, 602, 338), (1294, 552, 602, 338)]),
    'everyone': ('everyone', [RED, BLUE, GREEN],
                 [(36, 16, 916, 516), (968, 16, 916, 516), (502, 548, 916, 516)]),
}
# Once the one who was missing has come.
ALL_FOUR = ([RED, BLUE, GREEN, YELLOW],
            [(36, 16, 916, 516), (968, 16, 916, 516), (36, 548, 916, 516), (968, 548, 916, 516)])
NAMES = {RED: 'red', BLUE: 'blue', GREEN: 'green', YELLOW: 'yellow'}


def is_at(rect, x, y, margin):
    left, top, width, height = rect
    return left - margin <= x < left + width + margin and top - margin <= y < top + height + margin


def looks_like(frame, colours, rects, ground):
    """Whether every point of a grid has the colour of the picture that lies there; those near an edge do not count."""
    for row in range(4, HEIGHT, 8):
        for column in range(4, WIDTH, 8):
            x, y = column * 1920 / WIDTH, row * 1080 / HEIGHT
            wanted, at_edge = ground, False
            for colour, rect in zip(colours, rects):
                if is_at(rect, x, y, -EDGE):
                    wanted, at_edge = colour, False
                elif is_at(rect, x, y, EDGE):
                    at_edge = True
            if not at_edge and not is_colour(colour_at(frame, WIDTH, column, row), wanted, TOLERANCE):
                return False
    return True


def first_run(hits, after):
    """Where, from there on, a steady run of true ones begins, and how long it is; its length is 0 without one."""
    for begin in range(after, len(hits)):
        length = next((n for n, hit in enumerate(hits[begin:]) if not hit), len(hits) - begin)
        if length >= STEADY:
            return begin, length
    return after, 0


def make_event(stage):
    sources = []
    for colour in (RED, BLUE, GREEN):
        picture = make_picture(stage.folder / f'{NAMES[colour]}.png', colour)
        sources.append({'id': NAMES[colour], 'kind': 'still', 'picture': picture.name})
    sources.append({'id': 'yellow', 'kind': 'uri', 'uri': 'yellow.mp4'})
    make_picture(stage.folder / 'ground.png', MAGENTA)
    shots = [{'id': shot, 'layout': layout, 'sources': [NAMES[colour] for colour in colours]}
             for shot, (layout, colours, _) in LAYOUTS.items()]
    shots[-1]['sources'].insert(3, 'yellow')
    shots[1]['background'] = 'ground.png'
    return write_event(stage.folder, sources, shots)


def every_layout(stage):
    """Each shot is taken for a second; then one more comes, and everyone makes room."""
    show = Regie(stage, make_event(stage))
    show.wait_for(is_recording, 'the recording')
    show.wait_for_running(1)
    for shot in LAYOUTS:
        show.action('take', shot)
        show.wait_for_running(1)
    make_clip(stage.folder / 'yellow.mp4', YELLOW, None, 60)
    show.wait_for(lambda status: source(status, 'yellow')['state'] == 'live', 'the one who was missing', 40)
    show.wait_for_running(1.5)
    show.action('next', 'corner')
    show.set_state('transition-ms', GLib.Variant('u', 500))
    show.action('move')
    show.wait_for_running(1.5)
    show.stop()
    path = pathlib.Path(show.status['recording']['path'])
    times = [packet.time for packet in packets(path, 'v')]
    odd = gaps(times, FRAME_S, 0.002)
    tap.check(len(odd) <= show.status['program']['dropped'], 'the pictures are one frame apart, through all of it',
              odd[:5])
    pictures = frames(path, WIDTH, HEIGHT, 'rgb24')
    end = 0
    for shot, (_, colours, rects) in LAYOUTS.items():
        ground = MAGENTA if shot == 'side' else BLACK
        begin, length = first_run([looks_like(frame, colours, rects, ground) for frame in pictures], end)
        tap.check(length > 0, f'{shot}: each picture is where it belongs',
                  f'{length} pictures from number {begin} on, {n_lost_frames(show.status)} lost')
        save_frame(path, (begin + length // 2) * FRAME_S, f'layout-{shot}.png')
        end = begin + length
    begin, length = first_run([looks_like(frame, *ALL_FOUR, BLACK) for frame in pictures], end)
    tap.check(length > 0 and begin - end <= 12, 'everyone: makes room within 300 ms for one who comes',
              f'{length} pictures from number {begin} on, three until {end}')
    save_frame(path, (begin + length // 2) * FRAME_S, 'layout-everyone-4.png')
    end = begin + length
    blue = [sum(is_colour(colour_at(frame, WIDTH, x, y), BLUE, TOLERANCE)
                for x in range(0, WIDTH, 4) for y in range(0, HEIGHT, 4)) for frame in pictures[end:end + 20]]
    tap.check(looks_like(pictures[-1], *LAYOUTS['corner'][1:], BLACK), 'move: ends in the new shot')
    tap.check(all(a >= b for a, b in zip(blue, blue[1:])) and len(set(blue)) >= 5,
              'move: the picture in both shots glides to its place and becomes smaller', blue)


tap.run(every_layout)

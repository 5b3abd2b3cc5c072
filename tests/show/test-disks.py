#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks that fail under the recording: real file systems, and a real server that must not miss a picture."""
import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

from regie_pace import within
from regie_testing import (
    BLUE, FRAME_S, RED, Failure, NginxRtmp, Regie, Skipped, colour_at, destination, frames, gaps, is_colour,
    is_recording, make_clip, packets, run, tap, wait_until, write_event)

FS_IOC_SHUTDOWN = 0x8004587d  # _IOR('X', 125, u32): the disk takes nothing any more, as when it is unplugged
# A part's first picture may be put at its first packet of sound, which begins up to this later.
SEAM_S = 0.0225


def mount(stage, name, kind, size_mb, options='loop'):
    """A disk of its own, in a file; returns where it is mounted and the file."""
    image, folder = stage.folder / f'{name}.img', stage.folder / name
    folder.mkdir()
    with open(image, 'wb') as file:
        file.truncate(size_mb * 1024 * 1024)
    if shutil.which(f'mkfs.{kind}') is None:
        raise Skipped(f'mkfs.{kind} is not installed')
    run([f'mkfs.{kind}', '-q', image])
    result = subprocess.run(['mount', '-o', options, image, folder], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise Skipped(f'no disk can be mounted here: {result.stderr.strip()}')
    stage.mounts.append(folder)
    return folder, image


def repair(image):
    """What the system does when it starts again; finding something to repair is no failure."""
    result = subprocess.run(['e2fsck', '-p', '-f', str(image)], capture_output=True, text=True, check=False)
    if result.returncode > 2:
        raise Failure(f'e2fsck: {result.stdout}{result.stderr}')


def start(stage, folder, second=None):
    """A show with two clips, recorded, and published to a server."""
    make_clip(stage.folder / 'red.mp4', RED, 440, 90)
    make_clip(stage.folder / 'blue.mp4', BLUE, None, 90)
    nginx = NginxRtmp(stage)
    recording = {'folder': str(folder)}
    if second is not None:
        recording['second-folder'] = str(second)
    event = write_event(
        stage.folder,
        [{'id': 'red', 'kind': 'uri', 'uri': 'red.mp4'}, {'id': 'blue', 'kind': 'uri', 'uri': 'blue.mp4'}],
        recording=recording, destinations=[{'id': 'nginx', 'title': 'nginx', 'url': f'{nginx.url()}/show'}])
    show = Regie(stage, event, go_live=False)
    show.go_live()
    return show, nginx


def check_live(show, nginx):
    """Ends the show: the server has every picture of it, and never had to be called again."""
    reconnects = destination(show.status, 'nginx')['reconnects']
    lost = show.status['program']['dropped']
    show.stop()
    nginx.stop()
    files = nginx.files()
    times = [packet.time for packet in packets(files[0], 'v')]
    wrong = gaps(times, FRAME_S, 0.0015)
    tap.check(len(files) == 1 and reconnects == 0 and not wrong and lost == 0, 'live misses no picture all the while',
              f'{len(times)} pictures, uneven at {wrong[:5]}')


def joined(parts):
    """When there is a picture in the recording, in seconds; what is in two parts counts as the later one's."""
    # At the end they may have become one, which has the first one's name.
    parts = [part for part in parts if pathlib.Path(part['path']).exists()]
    times = []
    for i, part in enumerate(parts):
        starts_s = part['starts-ms'] / 1000
        ends_s = parts[i + 1]['starts-ms'] / 1000 - FRAME_S / 2 if i + 1 < len(parts) else float('inf')
        path = pathlib.Path(part['path'])
        if path.exists():
            times += [starts_s + packet.time for packet in packets(path, 'v') if starts_s + packet.time < ends_s]
    return times


def check_no_gap(parts, copies=None):
    """Every picture of the recording is there; `copies` says where what is gone was saved to."""
    parts = [dict(part, path=(copies or {}).get(part['path'], part['path'])) for part in parts]
    times = joined(parts)
    wrong = gaps(times, FRAME_S, SEAM_S)
    n_wanted = round((times[-1] - times[0]) / FRAME_S) + 1
    tap.check(not wrong and abs(len(times) - n_wanted) <= len(parts) - 1 and times[0] < 0.03,
              'the parts hold every picture, without a gap',
              f"{len(times)} pictures, {n_wanted} wanted, uneven at {wrong[:5]}; parts begin at "
              f"{[part['starts-ms'] for part in parts]} ms")
    return times


def check_sidecar(path, n_parts):
    """The log beside a part names all of them."""
    log = json.loads(next(pathlib.Path(path).parent.glob('*.regie.json')).read_text())
    tap.check(len(log['parts']) == n_parts, 'the log beside the recording names all parts', json.dumps(log['parts']))


def moves(stage):
    """Nearly full: it goes on in the second folder at a keyframe, and no picture is there twice or not at all."""
    disk, second = stage.folder / 'disk', stage.folder / 'second'
    stage.mount_tmpfs(disk, '8600k')
    show, nginx = start(stage, disk, second)
    show.wait_for(lambda status: status['recording']['state'] == 'degraded' and
                  status['recording']['error'] is None and 0 < status['recording']['left-s'] < 1800,
                  'a warning that there is little room')
    status = show.wait_for(lambda status: status['recording']['folder'] == str(second) and
                           len(status['recording']['parts']) == 2, 'the second folder', 30)
    show.wait_for_running(3)
    check_live(show, nginx)
    parts = show.status['recording']['parts']
    pictures = sum(len(packets(part['path'], 'v')) for part in parts)
    tap.check(len(check_no_gap(parts)) == pictures, 'no picture is in both parts', f'{pictures} pictures in all')
    check_sidecar(parts[0]['path'], 2)
    check_sidecar(parts[1]['path'], 2)


def unplugged(stage):
    """The disk takes nothing any more: the second one gets what the first has lost, too."""
    disk, _ = mount(stage, 'disk', 'ext4', 64)
    second = stage.folder / 'second'
    show, nginx = start(stage, disk, second)
    show.wait_for_running(5)
    first = show.status['recording']['path']
    handle = os.open(disk, os.O_RDONLY)
    fcntl.ioctl(handle, FS_IOC_SHUTDOWN, (2).to_bytes(4, 'little'))  # without writing what it had not got yet
    os.close(handle)
    show.wait_for(lambda status: is_recording(status) and status['recording']['folder'] == str(second) and
                  len(status['recording']['parts']) == 2, 'the second folder')
    show.wait_for_running(3)
    check_live(show, nginx)
    # What a disk that was pulled out has on it is seen when it is plugged in again.
    run(['umount', '-l', disk])
    stage.mounts.remove(disk)
    again = stage.folder / 'again'
    again.mkdir()
    run(['mount', '-o', 'loop', stage.folder / 'disk.img', again])
    stage.mounts.append(again)
    copy = str(again / pathlib.Path(first).name)
    check_no_gap(show.status['recording']['parts'], {first: copy})


def read_only(stage):
    """The system makes a broken disk read-only. There is no other: it is said, and the disk is taken again once it can be."""
    disk, image = mount(stage, 'disk', 'ext4', 64)
    show, nginx = start(stage, disk)
    show.wait_for_running(2)
    run(['mount', '-o', 'remount,abort', disk])
    status = show.wait_for(lambda status: status['recording']['state'] == 'stopped', 'the recording stopped')
    tap.check(status['recording']['error-code'] in ('unwritable', 'disk-gone') and
              str(disk) in status['recording']['error'], 'it is said that the disk cannot be written',
              status['recording']['error'])
    run(['umount', '-l', disk])
    show.wait_for_running(2)
    tap.check(not list(disk.iterdir()), 'nothing is put where the disk was', f'{list(disk.iterdir())}')
    repair(image)
    run(['mount', '-o', 'loop', image, disk])
    status = show.wait_for(lambda status: is_recording(status) and len(status['recording']['parts']) == 2,
                           'the recording on the disk that is back', 20)
    tap.check(status['recording']['error'] is None, 'it goes on by itself when the disk is back')
    show.wait_for_running(2)
    check_live(show, nginx)
    check_no_gap(show.status['recording']['parts'])


def hung(stage):
    """A network disk that does not answer: a real file system whose server is stopped."""
    real, disk, second = stage.folder / 'real', stage.folder / 'disk', stage.folder / 'second'
    real.mkdir()
    disk.mkdir()
    server = stage.start(['bindfs', '-f', real, disk], stderr=subprocess.DEVNULL)
    wait_until(lambda: os.path.ismount(disk) or server.poll() is not None, 'the network disk', 10)
    if server.poll() is not None:
        raise Skipped('bindfs cannot mount here')
    try:
        show, nginx = start(stage, disk, second)
        show.wait_for_running(2)
        os.kill(server.pid, signal.SIGSTOP)
        began = time.monotonic()
        slow = show.wait_for(lambda status: status['recording']['state'] == 'degraded', 'a word about it', 15)
        tap.check(slow['recording']['error-code'] == 'disk-slow', 'first it is said that the disk is slow',
                  slow['recording']['error'])
        show.wait_for(lambda status: is_recording(status) and status['recording']['folder'] == str(second) and
                      status['recording']['error'] is None, 'the second folder', 20)
        moved_s = time.monotonic() - began
        answered = time.monotonic()
        show.action('take', 'blue')
        tap.check(within(time.monotonic() - answered, 1) and within(moved_s, 12), 'then it goes on in the second folder, soon',
                  f'after {moved_s:.1f} s')
        show.wait_for_running(2)
        os.kill(server.pid, signal.SIGCONT)
        check_live(show, nginx)
        check_no_gap(show.status['recording']['parts'])
    finally:
        os.kill(server.pid, signal.SIGCONT)
        subprocess.run(['umount', '-l', str(disk)], check=False)


def after_mark(path):
    """How much picture follows the cut to blue, in seconds."""
    pictures = frames(path, 16, 9, 'rgb24')
    mark = next(frame.time for frame in pictures if is_colour(colour_at(frame, 16, 8, 4), BLUE))
    return pictures[-1].time + FRAME_S - mark


def power_cut(stage):
    """What is on the disk at some moment, as a power cut would leave it: at most a second is missing.

    The disk is a file. The show is stopped dead, and the file copied: all that the show wrote and that
    was not brought to the disk yet is in the system's memory, and not in the copy.
    """
    disk, image = mount(stage, 'disk', 'ext4', 64)
    show, _ = start(stage, disk)
    show.wait_for_running(1)
    losses = []
    marked = time.monotonic()
    show.action('take', 'blue')
    for i, wait_s in enumerate((3.1, 4.8, 6.3)):
        wait_until(lambda wait_s=wait_s: time.monotonic() >= marked + wait_s, 'the moment', 20, 0.01)
        dead = time.monotonic()
        os.kill(show.pid, signal.SIGSTOP)
        copy = stage.folder / f'cut-{i}.img'
        shutil.copyfile(image, copy)
        os.kill(show.pid, signal.SIGCONT)
        losses.append((copy, dead - marked))
    show.stop()
    found = []
    for copy, elapsed_s in losses:
        repair(copy)
        folder = copy.with_suffix('')
        folder.mkdir()
        run(['mount', '-o', 'loop', copy, folder])
        stage.mounts.append(folder)
        path = next(folder.glob('*.mp4'))
        found.append(elapsed_s - after_mark(path))
        complaints = run(['ffmpeg', '-nostdin', '-v', 'error', '-i', path, '-f', 'null', '-']).stderr.decode()
        tap.check(found[-1] <= 1.0 and complaints.strip() == '' and list(folder.glob('*.regie.json')),
                  'at most the last second is missing, and the log is there', f'{found[-1]:.2f} s {complaints[:200]}')
    tap.note(f"lost by a power cut: {', '.join(f'{loss:.2f}' for loss in found)} s")


if os.geteuid() != 0:
    tap.skip('disks', 'only root can mount disks of its own')
tap.run(*((moves, unplugged, read_only, hung, power_cut) if os.geteuid() == 0 else ()))

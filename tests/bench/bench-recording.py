#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recording costs, against ffmpeg in the same run: 1080p30, 4.5 Mbit/s, AAC.

  · the same show with and without its recording, against ffmpeg copying the same streams into a
    fragmented MP4, and as one more output of its tee muxer
  · the same bytes written with and without the fdatasync () every 0.2 s that the recording makes
  · ten minutes made an ordinary MP4, against ffmpeg's -movflags +faststart

  REGIE=…/regie bench-recording.py [SECONDS]
"""
import os
import pathlib
import signal
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / 'tests' / 'show'))
os.environ.setdefault('REGIE', str(TOP / '_build' / 'src' / 'console' / 'regie'))
os.environ.setdefault('REGIE_DATA_DIR', str(TOP / 'data'))

from regie_testing import NginxRtmp, Regie, Stage, packets, run, write_event  # noqa: E402

SECONDS = int(next((argument for argument in sys.argv[1:] if argument.isdigit()), '20'))
LONG_S = 600
SYNC_S = 0.2
BYTES_A_SECOND = 4628000 // 8
PROGRAM = {'width': 1920, 'height': 1080, 'rate': 30, 'video-kbps': 4500, 'audio-kbps': 128}
FRAGMENTED = ['-f', 'mp4', '-movflags', '+frag_keyframe+empty_moov']


def make_clip(path):
    """What is played in a loop, and what ffmpeg copies."""
    run(['ffmpeg', '-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=1920x1080:rate=30',
         '-f', 'lavfi', '-i', 'sine=440:sample_rate=48000', '-t', '10', '-c:v', 'libx264', '-preset', 'veryfast',
         '-pix_fmt', 'yuv420p', '-g', '60', '-bf', '0', '-b:v', '4500k', '-minrate', '4500k', '-maxrate', '4500k',
         '-bufsize', '4500k', '-x264-params', 'nal-hrd=cbr', '-c:a', 'aac', '-b:a', '128k', '-shortest', path])


def cpu_s(pid):
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def written(pid):
    lines = pathlib.Path(f'/proc/{pid}/io').read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith('write_bytes')))


def measure(pid):
    """Returns cores, and bytes a second to the disk."""
    cpu, size, began = cpu_s(pid), written(pid), time.monotonic()
    time.sleep(SECONDS)
    took = time.monotonic() - began
    return (cpu_s(pid) - cpu) / took, (written(pid) - size) / took


def measure_regie(stage, nginx, name, record):
    event = write_event(stage.folder, [{'id': 'clip', 'kind': 'uri', 'uri': 'clip.mp4', 'loop': True}], program=PROGRAM,
                        destinations=[{'id': 'd', 'url': f'{nginx.url("feed")}/{name}'}],
                        recording={'enabled': record, 'folder': str(stage.folder / name)})
    show = Regie(stage, event)
    show.wait_for_running(8)
    found = measure(show.process.pid)
    show.stop()
    return found


def measure_ffmpeg(stage, options):
    process = stage.start(['ffmpeg', '-nostdin', '-v', 'quiet', '-y', '-re', '-stream_loop', '-1', '-i',
                           stage.folder / 'clip.mp4', '-map', '0', '-c', 'copy', *options], stderr=subprocess.DEVNULL)
    time.sleep(3)
    found = measure(process.pid)
    if process.poll() is not None:
        raise SystemExit(f'ffmpeg ended: {process.returncode}')
    process.send_signal(signal.SIGKILL)
    process.wait()
    return found


def cost(stage):
    nginx = NginxRtmp(stage)
    # Twice, the other way round: the machine is not the same all the time.
    runs = [measure_regie(stage, nginx, f'r{i}', record) for i, record in enumerate((False, True, True, False))]
    without, with_it = (runs[0][0] + runs[3][0]) / 2, (runs[1][0] + runs[2][0]) / 2
    bytes_s = (runs[1][1] + runs[2][1]) / 2
    ours = with_it - without
    print(f'Régie:          {without:.3f} cores without, {with_it:.3f} with a recording: {100 * ours:.2f} % of a core, '
          f'{bytes_s / 1e6:.2f} MB/s to the disk')
    copy, copied = measure_ffmpeg(stage, [*FRAGMENTED, stage.folder / 'copy.mp4'])
    print(f'ffmpeg -c copy: {100 * copy:.2f} % of a core, {copied / 1e6:.2f} MB/s; it reads and demuxes as well')
    feed = '[f=mpegts]/dev/null'
    tees = [measure_ffmpeg(stage, ['-f', 'tee', '-use_fifo', '1', outputs])
            for outputs in (feed, f'{feed}|[f=mp4:movflags=+frag_keyframe+empty_moov]{stage.folder}/tee.mp4')]
    tee = tees[1][0] - tees[0][0]
    print(f'ffmpeg tee:     {100 * tees[0][0]:.2f} % without, {100 * tees[1][0]:.2f} % with a recording: '
          f'{100 * tee:.2f} % of a core')
    for name, theirs in (('-c copy', copy), ('one more output of tee', tee)):
        if theirs > 0:
            print(f'ratio, the recording to {name}: {ours / theirs:.2f}')
    nginx.stop()


def write_paced(path, sync):
    """The recording's bytes in pieces as it writes them, by a process of its own."""
    program = (f'import os,time,sys\nfd=os.open(sys.argv[1],os.O_CREAT|os.O_WRONLY|os.O_TRUNC)\n'
               f'piece=os.urandom({int(BYTES_A_SECOND * SYNC_S)})\nworst=0\nend=time.monotonic()\n'
               f'for _ in range({int(SECONDS / SYNC_S)}):\n os.write(fd,piece)\n began=time.monotonic()\n'
               f' {"os.fdatasync(fd)" if sync else "pass"}\n worst=max(worst,time.monotonic()-began)\n'
               f' end+={SYNC_S}\n time.sleep(max(0,end-time.monotonic()))\n'
               'times=os.times()\nio=open("/proc/self/io").read().split()\n'
               'print(times.user+times.system,worst,io[io.index("write_bytes:")+1])\n')
    done = run([sys.executable, '-c', program, path]).stdout.split()
    return float(done[0]), float(done[1]), int(done[2])


def syncing(stage):
    cpu, _, size = write_paced(stage.folder / 'plain', False)
    synced_cpu, worst, synced_size = write_paced(stage.folder / 'synced', True)
    print(f'fdatasync () every {SYNC_S} s: {100 * (synced_cpu - cpu) / SECONDS:.2f} % of a core more, the longest took '
          f'{1000 * worst:.0f} ms; {synced_size / max(size, 1):.3f} times the bytes')


def finishing(stage):
    """A recording that was cut off is finished by the next Régie that starts; ffmpeg has to copy it."""
    folder = stage.folder / 'long'
    folder.mkdir()
    path, copy = folder / '2026-11-22 1400 Test.mp4', stage.folder / 'faststart.mp4'
    run(['ffmpeg', '-nostdin', '-v', 'error', '-y', '-stream_loop', str(LONG_S // 10 - 1), '-i',
         stage.folder / 'clip.mp4', '-c', 'copy', *FRAGMENTED, path])
    size = path.stat().st_size
    run(['sync', path])
    began = time.monotonic()
    run(['ffmpeg', '-nostdin', '-v', 'error', '-y', '-i', path, '-c', 'copy', '-movflags', '+faststart', copy])
    run(['sync', copy])
    theirs = time.monotonic() - began
    finisher = pathlib.Path(os.environ['REGIE']).parents[2] / 'tests' / 'bench' / 'finish-recording'
    began = time.monotonic()
    run([finisher, path])
    ours = time.monotonic() - began
    n = [len(packets(file, 'v')) for file in (path, copy)]
    print(f'{LONG_S // 60} minutes, {size / 1e6:.0f} MB: Régie makes them ordinary in place in {ours:.2f} s '
          f'({size / 1e6 / ours:.0f} MB/s, {(path.stat().st_size - size) / 1000:.0f} kB appended), ffmpeg +faststart in '
          f'{theirs:.2f} s ({size / 1e6 / theirs:.0f} MB/s); ratio {ours / theirs:.2f}')
    if n[0] != n[1] or b'moov' not in path.read_bytes()[size:]:
        raise SystemExit(f'it is not ordinary, or has other pictures: {n}')


def main():
    print(f'load when it began: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors')
    with Stage('bench') as stage:
        make_clip(stage.folder / 'clip.mp4')
        finishing(stage)
        syncing(stage)
        cost(stage)
    print(f'load when it ended: {os.getloadavg()[0]:.1f}')


main()

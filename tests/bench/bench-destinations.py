#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Régie against ffmpeg's tee muxer, in the same run: what a further destination costs, and how long
after a server's return the stream is there again. 1080p30, 4.5 Mbit/s, nginx-rtmp.

  REGIE=…/regie bench-destinations.py [SECONDS]
"""
import json
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

from regie_testing import NginxRtmp, Regie, Stage, destination, run, wait_until, write_event  # noqa: E402

SECONDS = int(next((argument for argument in sys.argv[1:] if argument.isdigit()), '20'))
N_MORE = 4
PROGRAM = {'width': 1920, 'height': 1080, 'rate': 30, 'video-kbps': 4500, 'audio-kbps': 128}
DOWN_S = (3, 20)


def make_clip(path):
    run(['ffmpeg', '-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=1920x1080:rate=30',
         '-f', 'lavfi', '-i', 'sine=440:sample_rate=48000', '-t', '20', '-b:v', '6M', '-c:v', 'libx264', '-preset',
         'veryfast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', path])


def cpu_s(pid):
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def cores(pid):
    before, began = cpu_s(pid), time.monotonic()
    time.sleep(SECONDS)
    return (cpu_s(pid) - before) / (time.monotonic() - began)


def start_regie(stage, urls):
    event = write_event(stage.folder, [{'id': 'clip', 'kind': 'uri', 'uri': 'clip.mp4', 'loop': True}], program=PROGRAM,
                        destinations=[{'id': f'd{i}', 'url': url} for i, url in enumerate(urls)])
    show = Regie(stage, event, go_live=False)
    show.go_live()
    show.wait_for_running(8)
    return show


def start_ffmpeg(stage, urls, recover=False):
    """One encode, the tee muxer, each output with a queue of its own."""
    options = 'f=flv:onfail=ignore'
    more = ['-use_fifo', '1']
    if recover:
        more += ['-fifo_options', 'attempt_recovery=1:recover_any_error=1:recovery_wait_time=1:'
                 'drop_pkts_on_overflow=1']
    return stage.start(
        ['ffmpeg', '-nostdin', '-v', 'quiet', '-re', '-stream_loop', '-1', '-i', stage.folder / 'clip.mp4',
         '-map', '0:v', '-map', '0:a', '-c:v', 'libx264', '-preset', 'superfast', '-tune', 'zerolatency', '-b:v', '4500k',
         '-maxrate', '4500k', '-bufsize', '4500k', '-g', '60', '-bf', '0', '-c:a', 'aac', '-b:a', '128k',
         '-flags', '+global_header', '-f', 'tee', *more, '|'.join(f'[{options}]{url}' for url in urls)],
        stderr=subprocess.DEVNULL)


def cost(stage, nginx):
    urls = [f'{nginx.url("feed")}/{i}' for i in range(1 + N_MORE)]
    show = start_regie(stage, urls[:1])
    one = cores(show.process.pid)
    for i, url in enumerate(urls[1:], 1):
        show.action('add-destination', json.dumps({'id': f'd{i}', 'title': f'{i}', 'url': url}))
    show.wait_for(lambda status: len([d for d in status['destinations'] if d['state'] == 'live']) == 1 + N_MORE,
                  'all of them', 20)
    many = cores(show.process.pid)
    show.stop()
    ours = (many - one) / N_MORE
    print(f'Régie:      {one:.3f} cores with one destination, {many:.3f} with {1 + N_MORE}: '
          f'{100 * ours:.2f} % of a core for each further one (budget: 2 %)')
    found = []
    for n in (1, 1 + N_MORE):
        process = start_ffmpeg(stage, urls[:n])
        wait_until(lambda wanted=n: len(nginx.streams()) >= wanted, 'ffmpeg', 20)
        time.sleep(3)
        found.append(cores(process.pid))
        process.send_signal(signal.SIGKILL)
        process.wait()
    theirs = (found[1] - found[0]) / N_MORE
    print(f'ffmpeg tee: {found[0]:.3f} cores with one, {found[1]:.3f} with {1 + N_MORE}: '
          f'{100 * theirs:.2f} % of a core for each further one')
    if theirs > 0:
        print(f'ratio, a further destination: {ours / theirs:.2f}')
    return ours


def outage(nginx, down_s, name):
    """Seconds from the server's return until it has the stream again."""
    nginx.kill()
    time.sleep(down_s)
    nginx.start()
    began = time.monotonic()
    wait_until(lambda: name in nginx.streams(), 'the stream again', 60, 0.02)
    return time.monotonic() - began


def reconnecting(stage, nginx):
    url = nginx.url() + '/show'
    show = start_regie(stage, [url])
    ours = [outage(nginx, down_s, 'show') for down_s in DOWN_S]
    missed_s = destination(show.wait_for_running(2), 'd0')['missed-ms'] / 1000
    show.stop()
    process = start_ffmpeg(stage, [url], recover=True)
    wait_until(lambda: 'show' in nginx.streams(), 'ffmpeg', 20)
    time.sleep(8)
    theirs = []
    for down_s in DOWN_S:
        try:
            theirs.append(f'{outage(nginx, down_s, "show"):.2f} s')
        except Exception:  # pylint: disable=broad-except
            theirs.append('never')
    process.send_signal(signal.SIGKILL)
    process.wait()
    for down_s, our, their in zip(DOWN_S, ours, theirs):
        print(f'server away for {down_s} s: Régie is there again {our:.2f} s after its return, '
              f'ffmpeg tee (told to try every second) {their}')
    print(f'Régie says that {missed_s:.1f} s were missed in all')


def main():
    with Stage('bench') as stage:
        make_clip(stage.folder / 'clip.mp4')
        nginx = NginxRtmp(stage)
        ours = cost(stage, nginx)
        reconnecting(stage, nginx)
    sys.exit(0 if ours <= 0.02 else 1)


main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms: what is wrong on air is said, what its button says is done, and a good show has none."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess

from gi.repository import GLib

from regie_testing import Regie, free_port, n_lost_frames, source, tap, wait_until, write_event

SILENCE_S = 8


class Sender:
    """ffmpeg, which makes a picture and a sound and offers them as SRT."""

    def __init__(self, stage, picture, sound):
        self.port = free_port(socket.SOCK_DGRAM)
        self.process = stage.start(
            ['ffmpeg', '-nostdin', '-loglevel', 'error', '-re', '-f', 'lavfi', '-i', f'{picture}=s=320x180:r=15',
             '-re', '-f', 'lavfi', '-i', f'aevalsrc={sound}:s=48000', '-c:v', 'libx264', '-preset', 'ultrafast',
             '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '15', '-threads', '1', '-c:a', 'aac', '-b:a', '128k',
             '-f', 'mpegts', f'srt://127.0.0.1:{self.port}?mode=listener'], stderr=subprocess.DEVNULL)

    def entry(self, name):
        return {'id': name, 'title': name.title(), 'kind': 'uri', 'uri': f'srt://127.0.0.1:{self.port}',
                'delay-ms': 500}

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


def alarm_ids(status):
    """Those that the test is about: this machine may really be too slow for its other work."""
    return {alarm['id'] for alarm in status['alarms']} - {'overload'}


def wait_for_alarm(show, name, timeout_s=20.0):
    status = show.wait_for(lambda status: name in alarm_ids(status), f'the alarm {name}', timeout_s)
    return next(alarm for alarm in status['alarms'] if alarm['id'] == name), status


def wait_for_end(show, name, timeout_s=12.0):
    return show.wait_for(lambda status: name not in alarm_ids(status), f'the end of the alarm {name}', timeout_s)


def mute(show, name, muted):
    show.action('mute', GLib.Variant('(sb)', (name, muted)))


def check_channel(show):
    alarm, status = wait_for_alarm(show, 'channel:left', 25)
    tap.check(alarm['source'] == 'left' and alarm['help'] == 'use-one-channel' and
              source(status, 'left')['peak-db'][1] < -60,
              'a channel that is missing is said', alarm)
    show.action('help-alarm', 'channel:left')
    status = show.wait_for(lambda status: source(status, 'left')['peak-db'][1] > -30 and
                           'channel:left' not in alarm_ids(status), 'the left channel on both sides', 10)
    tap.check(True, 'its button puts the channel that is there on both sides', source(status, 'left')['peak-db'])


def check_hum(show):
    alarm, status = wait_for_alarm(show, 'hum:hum', 25)
    before_db = source(status, 'hum')['peak-db'][0]
    tap.check(alarm['kind'] == 'hum' and alarm['help'] == 'low-cut', 'hum of 50 Hz is said', alarm)
    show.action('dismiss-alarm', 'hum:hum')
    show.wait_for(lambda status: 'hum:hum' not in alarm_ids(status), 'one alarm less', 5)
    seen = [alarm_ids(show.wait_for(lambda status: True, 'a status line', 5)) for _ in range(3)]
    tap.check(not any('hum:hum' in ids for ids in seen) and not any('it is over: “Hum”' in line for line in show.stderr),
              'an alarm that was dismissed does not come back, and is not over', seen)
    show.action('help-alarm', 'hum:hum')
    status = show.wait_for(lambda status: source(status, 'hum')['peak-db'][0] < before_db - 6 and
                           'hum:hum' not in alarm_ids(status), 'less of the hum', 10)
    tap.check(True, 'its button switches on the low cut', (before_db, source(status, 'hum')['peak-db']))


def check_black(show):
    show.action('take', 'dark')
    alarm, status = wait_for_alarm(show, 'black', 12)
    tap.check(alarm['severity'] == 'urgent' and alarm['help'] == 'take-shot' and alarm['shot'] is not None,
              'a black program is said, and a shot to go to', alarm)
    tap.check('microphone:dark' not in alarm_ids(status),
              'a guest without sound is no alarm as long as somebody is heard', sorted(alarm_ids(status)))
    show.action('help-alarm', 'black')
    show.wait_for(lambda status: status['program']['on-air'] == alarm['shot'] and 'black' not in alarm_ids(status),
                  'another shot', 8)
    tap.check(True, 'its button takes that shot')


def check_silence(show):
    show.action('take', 'good')
    for name in ('left', 'hum', 'good'):
        mute(show, name, True)
    began = show.wait_for(lambda status: status['program']['peak-db'][0] < -60, 'silence', 8)['running-ms']
    alarm, status = wait_for_alarm(show, 'silence', SILENCE_S + 12)
    after_s = (alarm['since-ms'] - began) / 1000
    tap.check(alarm['source'] == 'good' and alarm['help'] == 'unmute' and
              SILENCE_S - 1.6 <= after_s <= SILENCE_S + 1.6, f'silence on air is said after {SILENCE_S} s',
              f'{alarm} {after_s:.1f} s')
    show.action('help-alarm', 'silence')
    status = show.wait_for(lambda status: status['program']['peak-db'][0] > -40 and
                           'silence' not in alarm_ids(status), 'sound', 8)
    tap.check(not source(status, 'good')['muted'], 'its button unmutes who is seen')


def check_lost(show, sender):
    sender.kill()
    alarm, status = wait_for_alarm(show, 'source-lost:good', 15)
    tap.check(alarm['help'] == 'take-shot' and alarm['shot'] in ('left', 'hum', 'dark') and
              'frozen' not in alarm_ids(status), 'a source lost on air is said, and nothing else of it', status['alarms'])
    show.action('help-alarm', 'source-lost:good')
    show.wait_for(lambda status: status['program']['on-air'] == alarm['shot'] and
                  'source-lost:good' not in alarm_ids(status), 'another shot', 8)
    tap.check(True, 'its button takes a shot without it')


def check_journal(show, alarms):
    path = pathlib.Path(show.status['recording']['path'])
    base = path.with_suffix('')
    text = pathlib.Path(f'{base}.journal.txt').read_text(encoding='utf-8')
    entries = [json.loads(line) for line in pathlib.Path(f'{base}.journal.jsonl').read_text(encoding='utf-8').splitlines()]
    kinds = [entry['kind'] for entry in entries]
    tap.check(kinds[0] == 'live' and kinds[-1] == 'ended' and len(text.splitlines()) == len(entries),
              'the journal goes from live to ended, in both files', text)
    for name in alarms:
        began = [entry for entry in entries if entry['kind'] == 'alarm' and entry['id'] == name]
        over = [entry for entry in entries if entry['kind'] == 'alarm-over' and entry['id'] == name]
        tap.check(len(began) == len(over) == 1 and
                  sum(began[0]['text'] + '\n' == line for line in show.stderr) == 1,
                  f'{name}: once in the journal and on standard error', [entry['text'] for entry in began + over])
    cuts = [entry['id'] for entry in entries if entry['kind'] == 'cut']
    tap.check(cuts[:2] == ['good', 'dark'], 'every cut is in the journal', cuts)
    outage = [entry for entry in entries if entry['kind'] == 'source' and entry['id'] == 'good']
    tap.check(len(outage) == 1, 'so is the outage of a source', outage)


def troubles_are_said(stage):
    """A source without sound and light, one with one channel, one that hums, and one that dies."""
    speech = '0.3*sin(2*PI*(300+40*sin(t))*t)*(0.6+0.4*sin(9*t))'
    senders = {
        'good': Sender(stage, 'testsrc2', f"'{speech}|{speech}'"),
        'dark': Sender(stage, 'color', "'0|0'"),
        'left': Sender(stage, 'testsrc', f"'{speech}|0'"),
        'hum': Sender(stage, 'testsrc', "'0.1*sin(2*PI*50*t)|0.1*sin(2*PI*50*t)'"),
    }
    event = write_event(stage.folder, [sender.entry(name) for name, sender in senders.items()],
                        shots=[{'id': name, 'layout': 'full', 'sources': [name]} for name in senders],
                        program={'width': 320, 'height': 180, 'rate': 15, 'video-kbps': 300, 'audio-kbps': 64})
    show = Regie(stage, event, go_live=False)
    show.go_live()
    check_channel(show)
    check_hum(show)
    check_black(show)
    check_silence(show)
    check_lost(show, senders['good'])
    show.action('dismiss-alarm', 'nothing')
    wait_until(lambda: any('there is no alarm “nothing”' in line for line in show.stderr), 'the failed action', 5)
    show.action('end-live')
    show.wait_for(lambda status: status['state'] == 'ended' and not status['alarms'], 'the end', 10)
    show.stop()
    check_journal(show, ['channel:left', 'hum:hum', 'black', 'silence', 'source-lost:good'])


def a_good_show_has_none(stage):
    """The demonstration on air for 40 seconds."""
    folder = stage.folder / 'demo'
    shutil.copytree(pathlib.Path(os.environ['REGIE_DATA_DIR']) / 'demo', folder)
    event = json.loads((folder / 'demo.regie').read_text(encoding='utf-8'))
    event['recording'] = {'folder': 'out'}
    event['live-page'] = {'port': 0}
    event['program'] = {'width': 640, 'height': 360, 'rate': 30, 'video-kbps': 800}
    (folder / 'demo.regie').write_text(json.dumps(event), encoding='utf-8')
    show = Regie(stage, folder / 'demo.regie', for_s=42)
    for shot in ('slides', 'guest', 'duo'):
        show.wait_for_running(8)
        show.action('take', shot)
    show.wait(60)
    seen = set().union(*(alarm_ids(status) for _, status in show.lines))
    overloaded = any(alarm['kind'] == 'overload' for _, status in show.lines for alarm in status['alarms'])
    tap.check(len(show.lines) > 30 and not seen, 'no alarm in the demonstration', f'{sorted(seen)} in {len(show.lines)} lines')
    tap.check(not overloaded or n_lost_frames(show.status) > 2,
              'nor of the machine, but when it really loses frames', n_lost_frames(show.status))


tap.run(troubles_are_said, a_good_show_has_none)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real servers of every kind at once: what each gets, and what is said of those that fail."""
import json
import os
import pathlib
import signal
import subprocess
import time

from regie_pace import within
from regie_servers import (
    Certificates, Line, NginxFarAway, NginxWithKeys, NodeMediaServer, SrtServer, Stunnel, trusting)
from regie_testing import (
    FRAME_S, GREEN, RED, Failure, NginxRtmp, Regie, Skipped, destination, frames, free_port, gaps, make_clip, make_picture,
    n_lost_frames, packets, probe, save_frame, streams, tap, wait_until, write_event, write_secrets)

KEY = 'live_77-Secret_efgh'
PASSPHRASE = 'correct-horse-battery'
SPARE_FRAMES = 10


def check_stream(name, path, least_s):
    """It can be decoded whole, from a keyframe on, and no picture is missing."""
    video, audio = streams(path)
    pictures = packets(path, 'v')
    times = [packet.time for packet in pictures]
    # FLV counts in milliseconds; and where a stream begins, its first picture is moved to its first sound.
    wrong = [] if len(times) < 3 else gaps(times[1:], FRAME_S, 0.0011)
    first_key = next(i for i, packet in enumerate(pictures) if packet.keyframe)
    decoded = frames(path, 160, 90)
    tap.check(video['codec_name'] == 'h264' and audio['codec_name'] == 'aac' and not wrong and
              times[-1] - times[0] >= least_s and len(decoded) >= len(pictures) - first_key,
              f'{name}: every picture has arrived and can be decoded',
              f'{len(times)} pictures in {times[-1] - times[0]:.1f} s, {len(decoded)} decoded, gaps: {wrong[:5]}')
    save_frame(path, least_s / 2, f'destinations-{name}.png')


class Servers:
    """What streaming services and volunteers run, good and bad."""

    def __init__(self, stage):
        self.nginx = NginxWithKeys(stage, KEY)
        self.busy = NginxRtmp(stage)
        certificates = Certificates(stage)
        self.authority = certificates.authority
        self.tunnels = {kind: Stunnel(stage, self.nginx.port if kind != 'good' else self.busy.port,
                                      certificates.make(kind))
                        for kind in ('good', 'expired', 'other-host', 'unknown')}
        # Somebody else, who has taken a name.
        stage.start(['gst-launch-1.0', '-q', 'audiotestsrc', 'is-live=true', '!', 'avenc_aac', '!', 'flvmux',
                     'streamable=true', '!', 'rtmp2sink', f'location={self.busy.url("feed")}/taken'],
                    stderr=subprocess.DEVNULL)
        self.srt = SrtServer(stage, passphrase=PASSPHRASE)
        # Each of them talks to one caller at a time.
        self.srt_wrong, self.srt_none = (SrtServer(stage, passphrase=PASSPHRASE) for _ in range(2))
        self.srt_plain = SrtServer(stage)
        try:
            self.node, self.node_keys = NodeMediaServer(stage), NodeMediaServer(stage, 'signature')
        except Skipped as skipped:
            tap.note(f'without node-media-server: {skipped}')
            self.node = self.node_keys = None


def destinations_of(servers, listener_port):
    def one(name, url, **more):
        return {'id': name, 'title': name.title(), 'url': url, **more}
    keyed = {'key': 'keyring'}
    phrase = {'key': 'keyring', 'key-is': 'passphrase'}
    result = [
        one('good', servers.nginx.url(), **keyed), one('wrong-key', servers.nginx.url(), **keyed),
        one('taken', servers.busy.url('feed') + '/taken'),
        one('expired', servers.tunnels['expired'].url(), **keyed),
        one('other-host', servers.tunnels['other-host'].url(), **keyed),
        one('unknown', servers.tunnels['unknown'].url(), **keyed),
        one('srt', servers.srt.url(), **phrase), one('srt-plain', servers.srt_plain.url(**{'latency': 300})),
        one('srt-wrong', servers.srt_wrong.url(), **phrase), one('srt-none', servers.srt_none.url()),
        one('srt-listener', f'srt://:{listener_port}?mode=listener', **phrase),
        one('no-name', 'rtmp://nowhere.invalid/live/x'),
        one('backup', f'rtmp://127.0.0.1:{free_port()}/live', **{'backup-url': servers.busy.url(), **keyed})]
    if servers.authority is not None:
        result.append(one('tls', servers.tunnels['good'].url() + '/tls'))
    if servers.node is not None:
        result += [one('node', servers.node.url() + '/show'), one('node-wrong', servers.node_keys.url(), **keyed)]
    return result


# Words that must be in what is said, and the state, once it has been tried a few times.
FAILURES = {
    'wrong-key': ('closed-at-once', 'key is probably wrong'),
    'taken': ('busy', 'already publishing'),
    'expired': ('certificate-expired', 'has expired'),
    'other-host': ('certificate-host', 'another server'),
    'unknown': ('certificate-unknown', 'signed by nobody'),
    'srt-wrong': ('passphrase', 'passphrase'),
    'srt-none': ('passphrase', 'passphrase'),
    'no-name': ('name', 'not known by its name'),
    'node-wrong': ('closed-at-once', 'key is probably wrong'),
}


def check_failures(show, kept):
    status = show.status
    for name, (code, words) in FAILURES.items():
        if name not in kept:
            continue
        now = destination(status, name)
        title = name.title()
        tap.check(now['state'] in ('waiting', 'connecting') and now['error-code'] == code and
                  words in now['error'] and title in now['error'] and now['missed-ms'] > 3000,
                  f'{name}: is said in words, and is tried again', f"{now['state']}: {now['error']}")


def check_seldom(show, names, since_s):
    """A wrong key is tried again after a second, then every ten seconds."""
    took_s = time.monotonic() - since_s
    for name in names:
        tries = destination(show.status, name)['reconnects']
        tap.check(tries <= 2 + took_s / 10, f'{name}: does not hammer the server', f'{tries} tries in {took_s:.0f} s')


def all_at_once(stage):
    """One show to every kind of server; half of them refuse, and nobody else notices."""
    make_clip(stage.folder / 'red.mp4', RED, 440, 120)
    servers, listener_port = Servers(stage), free_port()
    destinations = destinations_of(servers, listener_port)
    names = [entry['id'] for entry in destinations]
    wait_until(lambda: 'taken' in servers.busy.streams(), 'somebody else publishing', 10)
    event = write_event(stage.folder, [{'id': 'red', 'kind': 'uri', 'uri': 'red.mp4'}], destinations=destinations,
                        **{'live-page': {'port': 0}})
    secrets = write_secrets(stage.folder, {
        'good': KEY, 'wrong-key': KEY + 'x', 'expired': KEY, 'other-host': KEY, 'unknown': KEY, 'srt': PASSPHRASE,
        'srt-wrong': PASSPHRASE + 'x', 'srt-listener': PASSPHRASE, 'backup': 'from-backup', 'node-wrong': KEY})
    with trusting(stage, servers.authority) as trusted:
        show = Regie(stage, event, go_live=False, secrets=secrets)
    if not trusted:
        tap.skip('tls', 'only an administrator can have a show trust another authority')
        names.remove('tls')
    show.wait_for(lambda status: status['sources'][0]['state'] == 'live', 'the source')
    show.wait_for_actions()
    show.action('go-live')
    began = time.monotonic()
    well = [name for name in names if name not in FAILURES and name not in ('srt-listener', 'backup')]
    show.wait_for(lambda status: all(destination(status, name)['state'] == 'live' for name in well), 'the good ones', 20)
    before = show.status
    waits = destination(before, 'srt-listener')
    tap.check(waits['state'] == 'connecting' and waits['error-code'] == 'uncalled' and waits['reconnects'] == 0 and
              waits['bytes'] == 0, 'srt-listener: waits to be called, and says so', waits['error'])
    players = [servers.node.watch('show')] if servers.node else []
    caller = SrtServer(stage, 'caller', listener_port, passphrase=PASSPHRASE)
    show.wait_for(lambda status: destination(status, 'srt-listener')['state'] == 'live' and
                  destination(status, 'backup')['state'] == 'live' and destination(status, 'backup')['on-backup'],
                  'the caller and the backup', 20)
    show.wait_for_running(8)
    check_failures(show, names)
    check_seldom(show, [name for name in names if FAILURES.get(name, ('', ''))[0] in
                        ('closed-at-once', 'passphrase', 'certificate-expired')], began)
    uplinks = {name: destination(show.status, name)['uplink'] for name in well}
    tap.check(all(uplink and not uplink['congested'] and uplink['rtt-ms'] is not None and uplink['rtt-ms'] < 50 and
                  400 < uplink['sent-kbps'] < 2000 for uplink in uplinks.values()),
              'every uplink is measured', f'{uplinks}')
    caller.stop()
    show.wait_for(lambda status: destination(status, 'srt-listener')['state'] == 'connecting', 'the caller gone', 10)
    after = show.status
    tap.check(destination(after, 'srt-listener')['reconnects'] == 0, 'srt-listener: goes on waiting')
    tap.check(all(destination(after, name)['state'] == 'live' and destination(after, name)['reconnects'] == 0 and
                  destination(after, name)['missed-ms'] == 0 for name in well),
              'the good ones have missed nothing')
    tap.check(within(n_lost_frames(after) - n_lost_frames(before), SPARE_FRAMES), 'the program has lost nothing')
    for process, _ in players:
        process.send_signal(signal.SIGINT)
        process.wait(10)
    status = show.stop()
    stopped = time.monotonic()
    said = ''.join(show.stderr) + ''.join(str(line) for _, line in show.lines)
    tap.check(status == 1 and KEY not in said and PASSPHRASE not in said, 'no key and no passphrase is said anywhere')
    least_s = 8
    servers.srt.stop()
    servers.srt_plain.stop()
    servers.nginx.stop()
    servers.busy.stop()
    recorded = {path.name.rsplit('-', 1)[0]: path for path in servers.nginx.files() + servers.busy.files()}
    tap.check(set(recorded) == {KEY, 'from-backup'} | ({'tls'} if trusted else set()),
              'the RTMP servers got what had the right key, and nothing else', f'{sorted(recorded)}')
    check_stream('rtmp', recorded[KEY], least_s)
    check_stream('backup', recorded['from-backup'], least_s)
    if trusted:
        check_stream('rtmps', recorded['tls'], least_s)
    check_stream('srt-passphrase', servers.srt.path, least_s)
    check_stream('srt', servers.srt_plain.path, least_s)
    check_stream('srt-listener', caller.path, 5)
    for _, path in players:
        check_stream('node-media-server', path, least_s)
    check_stream('recording', pathlib.Path(show.status['recording']['path']), least_s)
    tap.note(f'stopped {time.monotonic() - stopped:.1f} s ago')



def journal_of(show):
    path = pathlib.Path(show.status['recording']['path']).with_suffix('.journal.jsonl')
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def check_gap(show, name, least_s, most_s):
    """What it has missed is known, and noted."""
    now = destination(show.status, name)
    length_s = sum(gap['length-ms'] for gap in now['gaps']) / 1000
    tap.check(least_s <= length_s <= most_s and abs(now['missed-ms'] / 1000 - length_s) < 0.01,
              f'{name}: what it has missed is known', f"{length_s:.1f} s in {len(now['gaps'])}: {now['gaps']}")


def pieces(path):
    """The stretches of a stream without a gap, as (from, to)."""
    times = [packet.time for packet in packets(path, 'v')]
    cuts = [i for i in range(1, len(times)) if times[i] - times[i - 1] > 0.2]
    return [(times[a], times[b - 1]) for a, b in zip([0] + cuts, cuts + [len(times)])]


class Watched:
    """When the state of a destination became what."""

    def __init__(self, show, name):
        self.show, self.name = show, name

    def wait(self, what, timeout_s, **wanted):
        """Seconds until all of that is so."""
        began = time.monotonic()
        self.show.wait_for(lambda status: all(destination(status, self.name)[key.replace('_', '-')] == value
                                              for key, value in wanted.items()),
                           f'{self.name}: {what}', timeout_s)
        return time.monotonic() - began

    def wait_for_pause(self, least_s, timeout_s):
        self.show.wait_for(lambda status: destination(status, self.name)['retry-in-s'] >= least_s,
                           f'{self.name}: a pause of {least_s} s', timeout_s)


def holds_out(show, name):
    """It is live with a bounded queue, and was not connected anew, but for a picture of its own."""
    status = show.wait_for(lambda status: destination(status, name)['state'] == 'live' and
                           destination(status, name)['uplink'], f'{name}: live', 12)
    during = destination(status, name)
    expected = 1 if status['program']['second-kbps'] > 0 else 0
    return (during['uplink']['queue-ms'] <= 4500 and during['reconnects'] == expected,
            f"{during['reconnects']}, second {status['program']['second-kbps']}, {during['uplink']}")


def slow_line(show):
    """More is made than leaves: what does not fit is left out."""
    began = time.monotonic()
    # Perhaps it has got a smaller picture of its own already.
    show.wait_for(lambda status: (destination(status, 'far')['uplink'] or {}).get('congested') or
                  status['program']['second-kbps'] > 0, 'congestion', 8)
    good, detail = holds_out(show, 'far')
    tap.check(good, 'far: a slow line is noticed', f'after {time.monotonic() - began:.1f} s: {detail}')


def line_is_fast_again(show, line):
    """Its queue was bounded all along, and it goes on at a keyframe."""
    good, detail = holds_out(show, 'far')
    tap.check(good, 'far: its queue is bounded, and it stays connected', detail)
    line.speed_up()
    show.wait_for(lambda status: destination(status, 'far')['state'] == 'live' and
                  not destination(status, 'far')['uplink']['congested'] and destination(status, 'far')['gaps'],
                  'the far one keeping up again', 12)
    check_gap(show, 'far', 1, 20)


def cut_line(show, line):
    """The network goes away, and ends the wait when it comes back."""
    far = Watched(show, 'far')
    line.cut()
    noticed_s = far.wait('the cut', 12, state='waiting')
    tap.check(within(noticed_s, 10), 'far: a cut line is noticed within ten seconds', f'{noticed_s:.1f} s')
    far.wait_for_pause(6, 30)
    line.mend()
    back_s = far.wait('live again', 10, state='live')
    tap.check(within(back_s, 5), 'far: is tried at once when the network is back', f'live after {back_s:.1f} s')


def sockets_to(pid, ports):
    """How many connections the process has to these ports."""
    inodes = {os.readlink(entry) for entry in pathlib.Path(f'/proc/{pid}/fd').iterdir() if entry.exists() or
              entry.is_symlink()}
    count = 0
    for line in pathlib.Path(f'/proc/{pid}/net/tcp').read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[2].split(':')[1], 16) in ports and f'socket:[{fields[9]}]' in inodes:
            count += 1
    return count


def threads_of(pid):
    return sorted((path / 'comm').read_text().strip() for path in pathlib.Path(f'/proc/{pid}/task').iterdir())


def left_threads(pid):
    """Those that belong to a connection, or to its end."""
    return [name for name in threads_of(pid) if 'stop-pipeline' in name or 'muxer' in name or 'task' in name or
            'SRT' in name]


def is_true_within(condition, timeout_s):
    try:
        return wait_until(condition, 'it', timeout_s)
    except Failure:
        return False


def faults(stage):
    """Servers die, hang, and are cut off, all in one show; others and the recording miss nothing."""
    make_clip(stage.folder / 'red.mp4', RED, 440, 120)
    steady, killed, hung, srt = NginxRtmp(stage), NginxRtmp(stage), NginxRtmp(stage), SrtServer(stage)
    try:
        line = Line(stage)
        far = NginxFarAway(stage, line)
    except Skipped as skipped:
        tap.skip('far: a slow line and a cut one', skipped)
        line = far = None
    destinations = [{'id': 'steady', 'url': steady.url() + '/show'}, {'id': 'killed', 'url': killed.url() + '/show'},
                    {'id': 'hung', 'url': hung.url() + '/show'}, {'id': 'srt', 'url': srt.url()}]
    destinations += [{'id': 'far', 'url': far.url() + '/show'}] if far else []
    event = write_event(stage.folder, [{'id': 'red', 'kind': 'uri', 'uri': 'red.mp4'}], destinations=destinations)
    show = Regie(stage, event, go_live=False)
    show.go_live()
    # For longer than that it was taken in earnest.
    show.wait_for_running(6)
    before = show.status
    killed.kill()
    srt.kill()
    hung.signal(signal.SIGSTOP)
    if line is not None:
        line.slow_down(300)
    stopped_s = Watched(show, 'hung').wait('noticed', 12, error_code='stalled')
    tap.check(within(stopped_s, 10), 'hung: a server that hangs is noticed within ten seconds', f'{stopped_s:.1f} s')
    if line is not None:
        slow_line(show)
    state = destination(show.status, 'srt')
    tap.check(state['state'] != 'live' and state['error'] is not None, 'srt: so is one that is dead', state['error'])
    srt.start()
    Watched(show, 'killed').wait_for_pause(3, 20)
    killed.start()
    show.action('retry-destination', 'killed')
    retried_s = Watched(show, 'killed').wait('live again', 5, state='live')
    tap.check(within(retried_s, 2.5), 'killed: “retry now” does', f'live after {retried_s:.1f} s')
    hung.signal(signal.SIGCONT)
    back_s = Watched(show, 'hung').wait('live again', 12, state='live')
    tap.check(within(back_s, 11), 'hung: comes back by itself', f'after {back_s:.1f} s')
    Watched(show, 'srt').wait('live again', 14, state='live')
    check_gap(show, 'killed', 3, 25)
    check_gap(show, 'hung', 4, 30)
    check_gap(show, 'srt', 5, 30)
    if line is not None:
        line_is_fast_again(show, line)
        cut_line(show, line)
    show.wait_for_running(3)
    after = show.status
    now = destination(after, 'steady')
    tap.check(now['state'] == 'live' and now['reconnects'] == 0 and now['missed-ms'] == 0 and
              within(n_lost_frames(after) - n_lost_frames(before), SPARE_FRAMES), 'steady: nobody else has noticed')
    end_while_all_hang(show, (hung, srt), line, {server.port for server in (steady, killed, hung, far) if server})
    tap.check(show.stop() in (0, 1), 'the program ends')
    for server in (steady, killed, far):
        if server is not None:
            server.stop()
    srt.stop()
    took_s = (after['running-ms'] - before['running-ms']) / 1000
    check_stream('steady', steady.files()[-1], took_s)
    check_stream('kept', pathlib.Path(show.status['recording']['path']), took_s)
    check_stream('killed-again', killed.files()[-1], 3)
    noted = [entry for entry in journal_of(show) if entry['kind'] == 'missed']
    tap.check({'killed', 'hung', 'srt'} <= {entry['id'] for entry in noted}, 'the journal has every gap',
              '\n'.join(entry['text'] for entry in noted))
    if far is not None:
        check_slow_files(far.files())


def check_slow_files(paths):
    """What came over the slow line has gaps, and goes on after each with a keyframe, in time."""
    found = [(path, begin) for path in paths for begin, _ in pieces(path)]
    keys = {(path, packet.time) for path in paths for packet in packets(path, 'v') if packet.keyframe}
    whole = all(len(frames(path, 160, 90)) == len(packets(path, 'v')) for path in paths)
    tap.check(len(found) >= 2 and all(piece in keys for piece in found) and whole,
              'far: what was left out ends at a keyframe, and all that came can be decoded',
              f'{[(path.name, begin) for path, begin in found]}')


def end_while_all_hang(show, servers, line, ports):
    """“End” is over within three seconds, whatever hangs, and leaves nothing behind."""
    for server in servers:
        server.signal(signal.SIGSTOP)
    if line is not None:
        line.cut()
    show.wait_for_running(1)
    pid = show.process.pid
    began = time.monotonic()
    show.action('end-live')
    show.wait_for(lambda status: status['state'] == 'ended', 'the end', 3)
    wait_until(lambda: sockets_to(pid, ports) == 0, 'no connection left', 5)
    took_s = time.monotonic() - began
    tap.check(within(took_s, 3.2), 'the end is over within three seconds, although servers hang and a line is cut', f'{took_s:.1f} s')
    # GLib keeps threads that have nothing to do for fifteen seconds, with the name of what they did.
    tap.check(is_true_within(lambda: not left_threads(pid), 18), 'and no thread is left of it', ' '.join(threads_of(pid)))
    for server in servers:
        server.signal(signal.SIGCONT)
    if line is not None:
        line.mend()


def private_test(stage):
    """Before the show: ten seconds at the chosen bit rate say whether the line is good enough."""
    make_picture(stage.folder / 'green.png', GREEN)
    nginx = NginxWithKeys(stage, KEY)
    destinations = [{'id': 'good', 'url': nginx.url(), 'key': 'keyring'},
                    {'id': 'wrong', 'url': nginx.url(), 'key': 'keyring'},
                    {'id': 'nobody', 'url': f'rtmp://127.0.0.1:{free_port()}/live/x'}]
    try:
        line = Line(stage)
        far = NginxFarAway(stage, line)
        line.slow_down(600)
        destinations.append({'id': 'far', 'url': far.url() + '/show'})
    except Skipped as skipped:
        tap.skip('far: too slow', skipped)
        line = None
    event = write_event(stage.folder, [{'id': 'green', 'kind': 'still', 'picture': 'green.png'}],
                        destinations=destinations)
    show = Regie(stage, event, go_live=False, secrets=write_secrets(stage.folder, {'good': KEY, 'wrong': KEY + 'x'}))
    show.wait_for(lambda status: status['sources'][0]['state'] == 'live', 'the source')
    show.wait_for_actions()
    results = {}
    for name in [entry['id'] for entry in destinations]:
        show.action('test-destination', name)
        results[name] = destination(show.wait_for(
            lambda status: (destination(status, name)['test'] or {'verdict': 'running'})['verdict'] != 'running',
            f'the verdict on {name}', 20), name)['test']
    good = results['good']
    tap.check(good['verdict'] == 'good' and good['wanted-kbps'] == 928 and 880 <= good['sent-kbps'] <= 1150,
              'good: a fast line is good, and got the whole bit rate although the picture stands still', f'{good}')
    tap.check(results['wrong']['verdict'] == 'refused' and 'key is probably wrong' in results['wrong']['error'],
              'wrong: a wrong key is refused', f"{results['wrong']}")
    tap.check(results['nobody']['verdict'] == 'unreachable' and results['nobody']['error'],
              'nobody: who is not there is unreachable', f"{results['nobody']}")
    if line is not None:
        tap.check(results['far']['verdict'] == 'too-slow' and results['far']['sent-kbps'] < 800,
                  'far: a line of 600 kbit/s is too slow', f"{results['far']}")
    status = show.status
    tap.check(status['state'] == 'off-air' and status['recording']['state'] == 'off' and
              all(entry['state'] == 'off' for entry in status['destinations']), 'afterwards everything is off, as before')
    show.stop()
    nginx.stop()
    tap.check([path.name.startswith(KEY) for path in nginx.files()] == [True] and
              abs(float(probe(nginx.files()[0], '-show_format')['format']['duration']) - 10) < 1.5,
              'good: the server got ten seconds')
    check_stream('test', nginx.files()[0], 8)


tap.run(all_at_once, faults, private_test)

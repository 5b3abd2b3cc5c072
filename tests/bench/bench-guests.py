#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a guest costs and how late he is, beside others in the same run: ffmpeg, which decodes and encodes the
same pictures, and Janus, which only passes them on.

  REGIE=…/regie bench-guests.py [SECONDS]

Wants a computer that does nothing else: the guest's browser runs on it as well.
"""
import functools
import http.server
import json
import os
import pathlib
import statistics
import subprocess
import sys
import threading
import time

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / 'tests' / 'show'))
os.environ.setdefault('REGIE', str(TOP / '_build' / 'src' / 'console' / 'regie'))
os.environ.setdefault('REGIE_DATA_DIR', str(TOP / 'data'))

from regie_browser import Chromium  # noqa: E402
from regie_guests import GuestPage, guest, link, write_guests_event  # noqa: E402
from regie_janus import Janus, JanusWhep, JanusWhip  # noqa: E402
from regie_networks import go_apart  # noqa: E402
from regie_testing import (  # noqa: E402
    Regie, Sound, Stage, flashes, is_recording, run, source, wait_until)
from regie_whep import request  # noqa: E402

SECONDS = int(next((argument for argument in sys.argv[1:] if argument.isdigit()), '15'))
PROGRAM = {'width': 1280, 'height': 720, 'rate': 30, 'video-kbps': 2500, 'audio-kbps': 128}
BUDGETS = {'cpu': 25.0, 'glass': 400.0, 'join': 2.0, 'lips': 60.0}
N_VISITS = 5
# A flash comes every two seconds.
MIN_LIPS_S = 40
# From the beginning of NTP's time to that of JavaScript's.
NTP_MS = 2208988800000

# In the place of camera and microphone: the time as a row of 40 blocks, something that moves, a flash and a beep
# every two seconds. And a reader of that row for what comes back.
CLOCK = '''
(() => {
  const canvas = document.createElement('canvas');
  canvas.width = 1280; canvas.height = 720;
  const context = canvas.getContext('2d', {alpha: false});
  const sound = new AudioContext({sampleRate: 48000});
  const gain = new GainNode(sound, {gain: 0});
  const tone = new OscillatorNode(sound, {frequency: 1000});
  const end = new MediaStreamAudioDestinationNode(sound, {channelCount: 1});
  tone.connect(gain).connect(end);
  tone.start();
  let beeped = 0;
  const draw = () => {
    const now = Date.now(), phase = now %% 2000, flash = %(flash)s && phase < 100;
    context.fillStyle = flash ? '#fff' : '#203040';
    context.fillRect(0, 0, 1280, 720);
    for (let i = 0; i < 12; i++) {
      context.fillStyle = `hsl(${i * 30 + now / 20}, 70%%, ${flash ? 95 : 45}%%)`;
      context.fillRect((now / 4 + i * 107) %% 1280, 120 + i * 48, 140, 40);
    }
    let bits = BigInt(now) & 0xffffffffn, sum = 0;
    for (let i = 0; i < 40; i++) {
      const bit = i < 32 ? Number((bits >> BigInt(i)) & 1n) : (sum >> (i - 32)) & 1;
      if (i < 32 && bit) sum += i * 7 + 1;
      context.fillStyle = bit ? '#fff' : '#000';
      context.fillRect(i * 32, 0, 32, 48);
    }
    const turn = Math.floor(now / 2000);
    if (%(flash)s && turn !== beeped && phase < 60) {
      beeped = turn;
      const at = sound.currentTime;
      gain.gain.setValueAtTime(0.5, at);
      gain.gain.setValueAtTime(0, at + 0.1);
    }
  };
  setInterval(draw, 33);
  const stream = new MediaStream([canvas.captureStream(30).getVideoTracks()[0], end.stream.getAudioTracks()[0]]);
  navigator.mediaDevices.getUserMedia = async () => { await sound.resume(); return stream.clone(); };
  window.testClock = stream;
  window.testLate = async (video, seconds) => {
    const small = document.createElement('canvas'), found = [];
    small.width = 80; small.height = 1;
    const reader = small.getContext('2d', {willReadFrequently: true});
    const until = performance.now() + seconds * 1000;
    await new Promise(done => {
      const look = () => {
        const now = Date.now();
        reader.drawImage(video, 0, video.videoHeight / 60, video.videoWidth, video.videoHeight / 40, 0, 0, 80, 1);
        const data = reader.getImageData(0, 0, 80, 1).data;
        let time = 0n, sum = 0, check = 0;
        for (let i = 0; i < 40; i++) {
          const bit = data[(2 * i) * 4 + 1] + data[(2 * i + 1) * 4 + 1] > 255;
          if (i < 32 && bit) { time |= 1n << BigInt(i); sum += i * 7 + 1; }
          if (i >= 32 && bit) check |= 1 << (i - 32);
        }
        if ((sum & 255) === check) found.push(Number((BigInt(now) - time) & 0xffffffffn));
        if (performance.now() < until) video.requestVideoFrameCallback(look); else done();
      };
      video.requestVideoFrameCallback(look);
    });
    return found;
  };
})();
'''
# Publishes to a relay and watches what it passes on; what is said goes by way of this program.
RELAY = '''
(() => {
  const gathered = peer => new Promise(done => {
    const check = () => { if (peer.iceGatheringState === 'complete') done(); };
    peer.onicegatheringstatechange = check;
    check();
  });
  window.testPublish = async () => {
    const stream = await navigator.mediaDevices.getUserMedia();
    const peer = window.testSender = new RTCPeerConnection();
    for (const track of stream.getTracks()) peer.addTransceiver(track, {direction: 'sendonly', streams: [stream]});
    const video = peer.getTransceivers().find(t => t.sender.track.kind === 'video');
    video.setCodecPreferences(RTCRtpSender.getCapabilities('video').codecs.filter(c => /VP8|rtx/.test(c.mimeType)));
    await peer.setLocalDescription();
    await gathered(peer);
    return peer.localDescription.sdp;
  };
  window.testPublished = async (sdp) => {
    await window.testSender.setRemoteDescription({type: 'answer', sdp});
    const sender = window.testSender.getSenders().find(s => s.track.kind === 'video');
    const parameters = sender.getParameters();
    parameters.encodings[0].maxBitrate = 2500000;
    parameters.degradationPreference = 'maintain-resolution';
    await sender.setParameters(parameters);
  };
  window.testWatch = async (sdp) => {
    const peer = window.testReceiver = new RTCPeerConnection();
    const video = document.createElement('video');
    video.id = 'program-video';
    video.autoplay = video.muted = video.playsInline = true;
    document.body.replaceChildren(video);
    video.srcObject = new MediaStream();
    peer.ontrack = ({track, receiver}) => { receiver.jitterBufferTarget = 60; video.srcObject.addTrack(track); };
    await peer.setRemoteDescription({type: 'offer', sdp});
    await peer.setLocalDescription();
    await gathered(peer);
    return peer.localDescription.sdp;
  };
})();
'''


def cpu_s(pid):
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def share_of_core(pid, seconds=SECONDS):
    before, began = cpu_s(pid), time.monotonic()
    time.sleep(seconds)
    return 100 * (cpu_s(pid) - before) / (time.monotonic() - began)


def spread(values):
    values = sorted(values)
    return (f'median {statistics.median(values):.0f} ms, nine of ten within {values[int(len(values) * 0.9)]:.0f} ms, '
            f'{len(values)} pictures')


class ClockPage(GuestPage):
    def __init__(self, tab, url, flash=False):
        tab.prepare(CLOCK % {'flash': 'true' if flash else 'false'})
        super().__init__(tab, url)

    def late(self, seconds):
        """How old the time is that comes back in the picture of the show."""
        return self.tab.evaluate(f"window.testLate(document.getElementById('program-video'), {seconds})", seconds + 30)


def start(stage, guests):
    # Something else is on air before they are.
    card = {'id': 'card', 'title': 'Card', 'kind': 'card', 'card': 'clock'}
    event = write_guests_event(stage, guests, [card], program=PROGRAM)
    show = Regie(stage, event, go_live=False)
    show.wait_for_actions()
    return show


def come_in(page):
    """Seconds from the press to the first picture."""
    page.wait_for_view('arrival')
    began = time.monotonic()
    page.tab.press('button', '^Come (back )?in$')
    wait_until(lambda: page.count('inbound-rtp', 'video', 'framesDecoded') > 0, 'a picture', 20, 0.02)
    return time.monotonic() - began


def arrive(show, page, name='anna'):
    """He is on air then, and all of his picture comes."""
    come_in(page)
    page.get_ready(music=False)
    show.wait_for(lambda status: source(status, name)['state'] == 'live', 'his picture', 20)
    show.action('take', name)
    page.wait_for(lambda report: report['state'] == 'on-air', 'being on air')


def joining(stage, browser):
    """How long after the press the show is seen."""
    show = start(stage, ['anna'])
    took = []
    for _ in range(N_VISITS):
        page = ClockPage(browser.new_tab(), link(show, 'anna'))
        took.append(come_in(page))
        page.tab.close()
        show.wait_for(lambda status: not guest(status, 'anna')['connected'], 'his end', 20)
    show.stop()
    print(f'join to picture: median {statistics.median(took):.2f} s, longest {max(took):.2f} s of {N_VISITS} '
          f"(budget: {BUDGETS['join']} s)")
    return statistics.median(took) <= BUDGETS['join']


def costs(stage, browser):
    """What a guest of 1280 × 720 costs who gets the show back; what ffmpeg needs for the same pictures."""
    show = start(stage, ['anna'])
    alone = share_of_core(show.process.pid)
    page = ClockPage(browser.new_tab(), link(show, 'anna'))
    arrive(show, page)
    show.wait_for(lambda status: guest(status, 'anna')['height'] == 720 and guest(status, 'anna')['fps'] > 25,
                  'the whole picture', 30)
    time.sleep(5)
    ours = share_of_core(show.process.pid) - alone
    main = page.report()['main']
    rate = guest(show.status, 'anna')
    show.stop()
    clip = stage.folder / 'guest.webm'
    run(['ffmpeg', '-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', f'testsrc2=s=1280x720:r=30:d={SECONDS}',
         '-f', 'lavfi', '-i', f'sine=1000:sample_rate=48000:duration={SECONDS}', '-c:v', 'libvpx', '-deadline', 'realtime',
         '-cpu-used', '8', '-b:v', '2200k', '-c:a', 'libopus', clip])
    process = stage.start(
        ['ffmpeg', '-nostdin', '-v', 'error', '-re', '-threads', '1', '-i', clip, '-vf',
         f"scale={main['width']}:{main['height']}", '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-threads',
         '1', '-b:v', '1200k', '-c:a', 'libopus', '-b:a', '64k', '-f', 'null', '-'], stderr=subprocess.DEVNULL)
    theirs = share_of_core(process.pid, SECONDS - 2)
    print(f"CPU of a guest, 1280 × 720 in ({rate['fps']:.0f} a second) and {main['width']} × {main['height']} back: "
          f"Régie {ours:.1f} % of a core beside {alone:.1f} % without him (budget: {BUDGETS['cpu']} %); ffmpeg, which only "
          f'decodes, scales and encodes: {theirs:.1f} %; ratio {ours / theirs:.2f}')
    return ours <= BUDGETS['cpu']


def lateness(stage, browser):
    """How old what he sees of himself is: guest → program → guest; by Janus without a program between."""
    show = start(stage, ['anna'])
    page = ClockPage(browser.new_tab(), link(show, 'anna'))
    arrive(show, page)
    time.sleep(6)
    ours = page.late(SECONDS)
    back = page.stats('inbound-rtp', 'video')
    playout = back.get('estimatedPlayoutTimestamp')
    now = page.tab.evaluate('Date.now()')
    page.tab.close()
    show.stop()
    server = Janus(stage)
    front = JanusWhip(server, 'token')
    tab = browser.new_tab()
    tab.prepare(CLOCK % {'flash': 'false'})
    tab.prepare(RELAY)
    tab.go(blank(stage))
    wait_until(lambda: tab.evaluate('document.readyState === "complete" && isSecureContext'), 'a page', 10)
    _, _, answer = request('POST', front.url(), 'token', tab.evaluate('window.testPublish()'))
    tab.evaluate(f'window.testPublished({json.dumps(answer)})')
    _, publisher, _ = front.wait_for_publisher()
    back_door = JanusWhep(server, 'token', publisher)
    _, session, offer = request('POST', back_door.url(), 'token', 'v=0')
    request('PATCH', session, 'token', tab.evaluate(f'window.testWatch({json.dumps(offer)})'))
    wait_until(lambda: tab.evaluate("document.getElementById('program-video').videoWidth") > 0, 'Janus', 20)
    time.sleep(6)
    theirs = tab.evaluate(f"window.testLate(document.getElementById('program-video'), {SECONDS})", SECONDS + 30)
    tab.close()
    back_ms = now + NTP_MS - playout if playout else 0
    print(f'glass to program and back to glass: Régie {spread(ours)}; Janus, which mixes nothing, {spread(theirs)}; '
          f'ratio {statistics.median(ours) / statistics.median(theirs):.2f}')
    print(f'glass to program: {statistics.median(ours) - back_ms:.0f} ms, the rest is the way back '
          f"(budget: {BUDGETS['glass']:.0f} ms)")
    return statistics.median(ours) - back_ms <= BUDGETS['glass']


def lips(stage, browser):
    """Flash and beep made in the page, in the recording."""
    show = start(stage, ['anna'])
    page = ClockPage(browser.new_tab(), link(show, 'anna'), flash=True)
    arrive(show, page)
    show.action('go-live')
    show.wait_for(is_recording, 'the recording', 25)
    show.wait_for_running(max(SECONDS, MIN_LIPS_S))
    show.stop()
    page.tab.close()
    path = pathlib.Path(show.status['recording']['path'])
    beeps = Sound(path).onsets()
    offsets = [min((beep - flash for beep in beeps), key=abs) * 1000 for flash in flashes(path)
               if beeps and min(abs(beep - flash) for beep in beeps) < 0.5]
    middle = statistics.median(offsets)
    print(f'sound after picture: median {middle:+.0f} ms, from {min(offsets):+.0f} to {max(offsets):+.0f} ms of '
          f"{len(offsets)} (budget: ±{BUDGETS['lips']:.0f} ms)")
    return abs(middle) <= BUDGETS['lips']


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def blank(stage):
    """The address of a page of nobody's; browsers trust this computer."""
    folder = stage.folder / 'blank'
    folder.mkdir(exist_ok=True)
    (folder / 'index.html').write_text('<!doctype html><title>Relay</title><body></body>')
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f'http://localhost:{server.server_port}/'


def main():
    go_apart()
    held = []
    for measure in (joining, costs, lateness, lips):
        with Stage(measure.__name__) as stage:
            held.append(measure(stage, Chromium(stage, flags=['--autoplay-policy=no-user-gesture-required'])))
    sys.exit(0 if all(held) else 1)


main()

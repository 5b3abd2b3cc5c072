# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests of a show: their links, their page, what they send, and what comes back to them."""
import array
import base64
import json
import math
import urllib.parse

from regie_testing import SAMPLE_RATE, Failure, free_port, source, wait_until, write_event

# What every page of a guest gets before its own scripts: the connections it makes can be asked, and
# its microphone may be an instrument instead.
SPY = '''
(() => {
  const peers = window.testPeers = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...args) { super(...args); peers.push(this); }
  };
  const hz = %(hz)d;
  const media = navigator.mediaDevices;
  if (hz && media) {
    const real = media.getUserMedia.bind(media);
    media.getUserMedia = async (wanted) => {
      const stream = await real(wanted);
      if (!stream.getAudioTracks().length) return stream;
      const context = new AudioContext({sampleRate: 48000});
      const oscillator = new OscillatorNode(context, {frequency: hz});
      const gain = new GainNode(context, {gain: 0.25});
      const end = new MediaStreamAudioDestinationNode(context, {channelCount: 1});
      oscillator.connect(gain).connect(end);
      oscillator.start();
      stream.getAudioTracks().forEach(track => { stream.removeTrack(track); track.stop(); });
      stream.addTrack(end.stream.getAudioTracks()[0]);
      return stream;
    };
  }
  window.testPeer = () => peers.filter(p => p.connectionState === 'connected').pop();
  window.testStats = async () => {
    const peer = window.testPeer();
    if (!peer) return null;
    const found = {};
    (await peer.getStats()).forEach(s => { found[s.id] = s; });
    return Object.values(found);
  };
  window.testListen = async (seconds) => {
    const peer = window.testPeer();
    const track = peer.getReceivers().map(r => r.track).find(t => t.kind === 'audio');
    const context = new AudioContext({sampleRate: 48000});
    await context.resume();
    const node = context.createMediaStreamSource(new MediaStream([track]));
    const ear = context.createScriptProcessor(4096, 1, 1);
    const wanted = Math.ceil(seconds * 48000 / 4096), pieces = [];
    await new Promise(done => {
      ear.onaudioprocess = event => {
        if (pieces.length < wanted) pieces.push(event.inputBuffer.getChannelData(0).slice());
        else done();
      };
      node.connect(ear);
      ear.connect(context.destination);
    });
    await context.close();
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    let text = '';
    for (let i = 0; i < bytes.length; i += 32768)
      text += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(text);
  };
})();
'''
LISTEN_S = 3.1
LONG, SHORT = 24000, 2400  # half a second and 50 ms of samples


def windows(samples, hz, count):
    """The level of a tone in each window of so many samples, in dB below full scale, from low to high. A
    Hann window keeps the other tones out."""
    found = []
    factor = 2 * math.cos(2 * math.pi * hz / SAMPLE_RATE)
    window = [0.5 - 0.5 * math.cos(2 * math.pi * i / count) for i in range(count)]
    for start in range(0, len(samples) - count + 1, count):
        s1 = s2 = 0.0
        for i in range(count):
            s1, s2 = samples[start + i] * window[i] + factor * s1 - s2, s1
        level = 2 * math.sqrt(max(s1 * s1 + s2 * s2 - factor * s1 * s2, 0)) / (count / 2)
        found.append(20 * math.log10(max(level, 1e-9)))
    if not found:
        raise Failure(f'only {len(samples)} samples were heard')
    return sorted(found)


def heard_db(samples, hz):
    """How loud a tone is that may have pieces missing on a busy machine: short windows, one of the louder."""
    found = windows(samples, hz, SHORT)
    return round(found[len(found) * 3 // 4], 1)


def leak_db(samples, hz):
    """How loud a tone is that should not be there: of long windows one of the fainter, since what leaks is in
    all of them, and a piece that was lost on its way, which is a noise of every frequency, in some."""
    found = windows(samples, hz, LONG)
    return round(found[len(found) // 4], 1)


def write_guests_event(stage, guests, others=(), shots=None, program=None, **settings):
    """An event with guests of these ids, beside other sources; returns its path."""
    sources = list(others) + [{'id': name, 'title': name.capitalize(), 'kind': 'guest'} for name in guests]
    return write_event(stage.folder, sources, shots, guests={'port': free_port(), **settings},
                       **({'program': program} if program else {}))


def guest(status, name):
    """What the status line has of a guest; what is not known yet is -1."""
    found = source(status, name)['guest']
    return dict(found, **{key: -1 for key in ('rtt_ms', 'lost', 'lost_out', 'fps') if found.get(key) is None})


def link(show, name, timeout_s=20):
    """The link of a guest as the status line has it."""
    show.wait_for(lambda status: source(status, name).get('guest', {}).get('link'), f'the link of {name}', timeout_s)
    return guest(show.status, name)['link']


def lan_link(show, name, host, timeout_s=20):
    """His link as it is from another computer, by TLS at this one's address."""
    parts = urllib.parse.urlsplit(link(show, name, timeout_s))
    status = show.wait_for(lambda status: status['guests'].get('lan'), 'the page on the network', timeout_s)
    return f"https://{host}:{urllib.parse.urlsplit(status['guests']['lan']).port}/#{parts.fragment}"


def near_link(show, name, timeout_s=20):
    """His link as it is on this computer, without TLS."""
    fragment = urllib.parse.urlsplit(link(show, name, timeout_s)).fragment
    return f"{show.status['guests']['address']}#{fragment}"


class GuestPage:
    """The guest's page in a browser's tab; his microphone an instrument of so many hertz, or as it is."""

    def __init__(self, tab, url, hz=0):
        self.tab, self.url = tab, url
        if hasattr(tab, 'prepare'):
            tab.prepare(SPY % {'hz': hz})
        tab.go(url)

    def report(self):
        """What the page says of itself; None while it is not there."""
        try:
            return json.loads(self.tab.evaluate(
                'Promise.resolve(window.regieReport ? window.regieReport() : null).then(JSON.stringify)'))
        except Failure as failure:
            if 'context' in str(failure) or 'navigat' in str(failure):
                return None  # between two pages
            raise

    def wait_for(self, predicate, what, timeout_s=20):
        """Waits for a report of the page for which predicate (report) is true."""
        last = []

        def fits():
            report = self.report()
            last[:] = [report]
            return report if report and predicate(report) else None
        try:
            return wait_until(fits, what, timeout_s, 0.1)
        except Failure as failure:
            raise Failure(f'{failure}; the page: {last}; complaints: {self.tab.complaints}') from None

    def wait_for_view(self, view, timeout_s=20):
        return self.wait_for(lambda report: report['view'] == view, f'the page to be at “{view}”', timeout_s)

    def wait_for_picture(self, timeout_s=20):
        """Of the show, decoded and connected."""
        return self.wait_for(lambda report: report['connected'] and report['main'] and
                             report['main']['framesDecoded'] > 0, 'the picture of the show', timeout_s)

    # -- what a guest does

    def come_in(self):
        self.wait_for_view('arrival')
        self.tab.press('button', '^Come (back )?in$')
        self.wait_for_view('stage')

    def get_ready(self, music=True):
        """By way of the green room, camera and microphone open; music mode lets a tone pass, which is
        otherwise taken for noise. Who was ready when he went may come back as ready."""
        if self.report()['place'] == 'ready':
            return
        self.tab.press('button', '^Get ready to speak$')
        self.wait_for(lambda report: report['place'] == 'green-room' and report['camera'] and report['microphone'],
                      'camera and microphone')
        if music:
            self.tab.press('checkbox', '^Music mode$')
            self.wait_for(lambda report: report['microphone'] and
                          report['microphone'].get('noiseSuppression') is not True, 'music mode')
        self.tab.press('button', '^I am ready$')
        self.wait_for(lambda report: report['place'] == 'ready', 'being ready')

    # -- what can be measured

    def stats(self, kind, media=None):
        """The entry of getStats () of this type, and of picture or sound; None if there is none."""
        found = [entry for entry in self.tab.evaluate('window.testStats()') or []
                 if entry['type'] == kind and (media is None or entry.get('kind') == media)]
        return found[-1] if found else None

    def count(self, kind, media, key):
        entry = self.stats(kind, media)
        return entry.get(key, 0) if entry else 0

    def way(self):
        """The pair of candidates in use: (own kind, theirs, protocol to the relay)."""
        entries = {entry['id']: entry for entry in self.tab.evaluate('window.testStats()') or []}
        transport = next((e for e in entries.values() if e['type'] == 'transport'), {})
        pair = entries.get(transport.get('selectedCandidatePairId'))
        if pair is None:
            return None
        own, theirs = entries[pair['localCandidateId']], entries[pair['remoteCandidateId']]
        return own['candidateType'], theirs['candidateType'], own.get('relayProtocol')

    def listen(self, seconds=LISTEN_S):
        """The sound that comes back to him, as samples −1…1."""
        data = base64.b64decode(self.tab.evaluate(f'window.testListen({seconds})', seconds + 30))
        return array.array('f', data)


def tones(samples, *hertz):
    """How loud each of these tones is."""
    return {hz: heard_db(samples, hz) for hz in hertz}

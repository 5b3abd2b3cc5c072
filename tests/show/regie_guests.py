# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests of a show: their links, their page, what they send, and what comes back to them."""
import array
import base64
import json
import math
import time

from regie_testing import RATE, SAMPLE_RATE, Failure, find, free_port, source, wait_until, write_event

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
LISTEN_S = 2.5
WINDOW = 24000  # half a second


def level_db(samples, hz):
    """Of a tone, in dB below full scale: of all half seconds the middle one, so that a piece that was
    lost on its way, which is a noise of every frequency, cannot count for a tone. A Hann window keeps
    the other tones out."""
    found = []
    factor = 2 * math.cos(2 * math.pi * hz / SAMPLE_RATE)
    window = [0.5 - 0.5 * math.cos(2 * math.pi * i / WINDOW) for i in range(WINDOW)]
    for start in range(0, len(samples) - WINDOW + 1, WINDOW):
        s1 = s2 = 0.0
        for i in range(WINDOW):
            s1, s2 = samples[start + i] * window[i] + factor * s1 - s2, s1
        found.append(2 * math.sqrt(max(s1 * s1 + s2 * s2 - factor * s1 * s2, 0)) / (WINDOW / 2))
    if not found:
        raise Failure(f'only {len(samples)} samples were heard')
    return 20 * math.log10(max(sorted(found)[len(found) // 2], 1e-9))


def write_guests_event(stage, guests, others=(), shots=None, **settings):
    """An event with guests of these ids, beside other sources; returns its path."""
    sources = list(others) + [{'id': name, 'title': name.capitalize(), 'kind': 'guest'} for name in guests]
    return write_event(stage.folder, sources, shots, guests={'port': free_port(), **settings})


def guest(status, name):
    return source(status, name)['guest']


def link(show, name, timeout_s=20):
    """The link of a guest as the status line has it."""
    show.wait_for(lambda status: source(status, name).get('guest', {}).get('link'), f'the link of {name}', timeout_s)
    return guest(show.status, name)['link']


class GuestPage:
    """The guest's page in a browser's tab."""

    def __init__(self, tab, url, hz=0):
        self.tab, self.url = tab, url
        if hasattr(tab, 'prepare'):
            tab.prepare(SPY % {'hz': hz})
        self.began = time.monotonic()
        tab.go(url)

    def report(self):
        """What the page says of itself."""
        return json.loads(self.tab.evaluate(
            'Promise.resolve(window.regieReport ? window.regieReport() : null).then(JSON.stringify)'))

    def stats(self, kind, media=None):
        """The one entry of getStats () of this type, and of picture or sound; None if there is none."""
        found = [entry for entry in self.tab.evaluate('window.testStats()') or []
                 if entry['type'] == kind and (media is None or entry.get('kind') == media)]
        return found[-1] if found else None

    def count(self, kind, media, key):
        entry = self.stats(kind, media)
        return entry.get(key, 0) if entry else 0

    def way(self):
        """The pair of candidates in use: (own, theirs, protocol to the relay)."""
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

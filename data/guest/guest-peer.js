/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One WebRTC connection: the crew offers, we answer; what we send changes without a new offer. */

const GONE_MS = 4000;
const CONNECT_TIMEOUT_MS = 20000;
const STALLED_MS = 8000;
const BLIND_MS = 10000;
const MAX_BLIND = 2;
const STATS_MS = 2000;
const MAX_BPS = 2500000;

/* What a line can carry: from this many bits a second on, the picture has this height. */
const STEPS = [
  { height: 720, from: 0.9e6 },
  { height: 540, from: 0.55e6 },
  { height: 360, from: 0.25e6 },
  { height: 270, from: 0 },
];
/* A weak line gets a picture of this step at once. */
const WEAK_STEP = 2;
const SETTLE_MS = 10000;
/* Of a narrow line the picture leaves that much alone: a browser that takes all of it fills the queues on
 * the way again and again, and what is lost then is his sound as well. */
const SOUND_BPS = 100e3;
const SPARED_SHARE = 0.85;
const LEAST_BPS = 120e3;
/* How much a new estimate of the line counts when it is better, as it is at once where little is sent, and
 * when it is worse; and what is worth telling the encoder. */
const BETTER_LINE = 0.1;
const WORSE_LINE = 0.5;
const CHANGED_SHARE = 0.1;
/* Who sends less than this share of what the camera makes, twice in a row, sends too much in each. */
const MOVES_SHARE = 0.7;
/* It is made larger when there is that much to spare for so long; each time that was too early, twice as
 * long, up to the last. */
const BETTER_MS = 12000;
const MOST_BETTER_MS = 96000;
const BETTER_SHARE = 1.3;
const TOO_EARLY_MS = 30000;

/* Connections in a row that brought no picture. Another one is tried; but who is heard is not cut off for ever. */
let blind = 0;

/**
 * Events: “track” (detail: the stream of the crew's picture and sound), “state” (connected or not),
 * “stats” (detail: what he receives), “failed” (it is over; make a new one).
 *
 * `line` carries the answer and the candidates.
 */
export class Peer extends EventTarget {
  constructor(channel, line, welcome) {
    super();
    this.channel = channel;
    this.line = line;
    this.tracks = { video: null, audio: null };
    this.limit = { height: 0, kbps: 0 };
    this.step = 0;
    this.lineBps = this.spareBps = 0;
    this.stillLooks = 0;
    this.betterMs = BETTER_MS;
    this.largerSince = -TOO_EARLY_MS;
    this.isWeak = false;
    this.inbound = null;
    this.stream = new MediaStream();
    this.work = Promise.resolve();
    this.connection = new RTCPeerConnection({
      iceServers: welcome.ice || [],
      iceTransportPolicy: welcome.relay ? 'relay' : 'all',
      bundlePolicy: 'max-bundle',
    });
    this.connection.onicecandidate = ({ candidate }) => {
      if (candidate && candidate.candidate)
        line.send('candidate', { channel, candidate: candidate.candidate, index: candidate.sdpMLineIndex || 0 });
    };
    this.connection.ontrack = ({ track }) => {
      /* The browser lip-syncs what is in one stream. */
      this.stream.addTrack(track);
      this.dispatchEvent(new CustomEvent('track', { detail: this.stream }));
    };
    this.connection.onconnectionstatechange = () => this.watch();
    this.connectTimer = setTimeout(() => this.fail('not connected in time'), CONNECT_TIMEOUT_MS);
    this.statsTimer = setInterval(() => this.measure(), STATS_MS);
  }

  get isConnected() {
    return this.connection.connectionState === 'connected';
  }

  /* Whether his picture is smaller than it could be because the line is weak. */
  get isReduced() {
    return this.tracks.video !== null && this.step > 0;
  }

  takeOffer(sdp) {
    this.then(async () => {
      const { connection } = this;

      await connection.setRemoteDescription({ type: 'offer', sdp });
      for (const transceiver of connection.getTransceivers()) {
        /* Also without a track: camera on and off is then only a replaceTrack (). */
        transceiver.direction = 'sendrecv';
        await transceiver.sender.replaceTrack(this.tracks[transceiver.receiver.track.kind]);
      }
      const { sdp: answer } = await connection.createAnswer();
      await connection.setLocalDescription({ type: 'answer', sdp: wantStereo(answer) });
      this.line.send('answer', { channel: this.channel, sdp: connection.localDescription.sdp });
      await this.applyParameters();
    });
  }

  addCandidate(candidate, index) {
    this.then(async () => {
      try {
        await this.connection.addIceCandidate({ candidate, sdpMLineIndex: index });
      } catch (error) {
        /* One address that cannot be used is no reason to give up the others. */
        console.info('Candidate:', error.message);
      }
    });
  }

  /* What he sends from now on; null: nothing. */
  setTracks(video, audio) {
    if (this.tracks.video === video && this.tracks.audio === audio)
      return;
    if (this.tracks.video !== video)
      this.videoSince = performance.now();
    this.tracks = { video, audio };
    this.then(async () => {
      for (const { sender, receiver } of this.connection.getTransceivers())
        await sender.replaceTrack(this.tracks[receiver.track.kind]);
      await this.applyParameters();
    });
  }

  /* What the crew asked for; 0: no limit. */
  setLimit(height, kbps) {
    this.limit = { height, kbps };
    this.then(() => this.applyParameters());
  }

  /* The crew says that the line is weak. */
  setWeak(isWeak) {
    if (this.isWeak === isWeak)
      return;
    this.isWeak = isWeak;
    /* When it is over, it is shown first that more would fit. */
    if (isWeak && this.step < WEAK_STEP)
      this.setStep(WEAK_STEP);
  }

  /* The browser's figures as they are now. */
  async readNow() {
    return { ...readReport(await this.connection.getStats()), state: this.connection.connectionState, step: this.step };
  }

  close() {
    clearTimeout(this.connectTimer);
    clearTimeout(this.goneTimer);
    clearInterval(this.statsTimer);
    this.isClosed = true;
    this.connection.onicecandidate = this.connection.ontrack = null;
    this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  /* ---- below: only used here ---- */

  /* One thing after the other: an answer before its candidates, a track before its parameters. */
  then(action) {
    this.work = this.work.then(() => (this.isClosed ? undefined : action())).catch((error) => {
      if (!this.isClosed)
        this.fail(error.message);
    });
  }

  fail(why) {
    if (this.isClosed)
      return;
    console.info('Connection', this.channel, 'failed:', why);
    this.close();
    this.dispatchEvent(new Event('failed'));
  }

  watch() {
    const state = this.connection.connectionState;

    clearTimeout(this.goneTimer);
    if (state === 'connected') {
      clearTimeout(this.connectTimer);
      this.connectedAt = this.videoSince = this.receivedAt = performance.now();
    } else if (state === 'failed') {
      this.fail('failed');
    } else if (state === 'disconnected') {
      this.goneTimer = setTimeout(() => this.fail('disconnected'), GONE_MS);
    }
    this.dispatchEvent(new Event('state'));
  }

  async applyParameters() {
    for (const { sender } of this.connection.getTransceivers()) {
      const parameters = sender.getParameters();
      const [encoding] = parameters.encodings || [];

      if (!encoding || !sender.track)
        continue;
      if (sender.track.kind === 'audio')
        encoding.priority = encoding.networkPriority = 'high';
      else
        this.shape(sender.track, parameters, encoding);
      try {
        await sender.setParameters(parameters);
      } catch (error) {
        /* A browser that cannot do it sends as it thinks best. */
        console.info('Parameters:', error.message);
      }
    }
  }

  /* How large and how rich the picture is: the least of the line, the crew's wish and the camera. */
  shape(track, parameters, encoding) {
    const { width = 1280, height = 720 } = track.getSettings();
    const isScreen = this.channel === 'screen';
    const heights = [Math.min(width, height), STEPS[this.step].height];

    if (this.limit.height > 0)
      heights.push(this.limit.height);
    encoding.maxBitrate = this.limit.kbps > 0 ? Math.min(MAX_BPS, this.limit.kbps * 1000) : MAX_BPS;
    if (this.spareBps > 0)
      encoding.maxBitrate = Math.min(encoding.maxBitrate, this.spareBps);
    encoding.scaleResolutionDownBy = isScreen ? 1 : Math.max(1, Math.min(width, height) / Math.min(...heights));
    encoding.priority = encoding.networkPriority = 'low';
    parameters.degradationPreference = 'maintain-resolution';
  }

  async measure() {
    if (!this.isConnected)
      return;
    const report = await this.connection.getStats();
    if (this.isClosed)
      return;
    this.report = readReport(report);
    this.watchFlow();
    this.chooseStep();
    this.spareLine();
    this.dispatchEvent(new CustomEvent('stats', { detail: this.receive() }));
  }

  /* What he received since the last time: frames, size, loss and round trip. */
  receive() {
    const now = this.report;
    const before = this.inbound || now;
    const lost = now.lost - before.lost;
    const packets = now.packets - before.packets + lost;

    this.inbound = now;
    this.lostShare = packets > 0 ? Math.max(0, lost / packets) : 0;
    return {
      fps: now.fps,
      width: now.width,
      height: now.height,
      lost: this.lostShare,
      rtt: now.rttMs,
      reduced: this.isReduced,
    };
  }

  /* Connected but nothing comes any more: some networks change without saying so. */
  watchFlow() {
    const { received } = this.report;

    if (this.channel !== 'main')
      return;
    if (this.report.framesDecoded > 0)
      blind = 0;
    else if (blind < MAX_BLIND && performance.now() - this.connectedAt > BLIND_MS) {
      blind++;
      this.fail('no picture');
      return;
    }
    if (received !== this.lastReceived) {
      this.lastReceived = received;
      this.receivedAt = performance.now();
    } else if (performance.now() - this.receivedAt > STALLED_MS) {
      this.fail('nothing received');
    }
  }

  /* A smaller picture that moves says more than a large one that does not. */
  chooseStep() {
    const { sentFps, cameraFps, targetBps } = this.report;
    const fittingBps = Math.max(targetBps, this.lineBps - SOUND_BPS);
    const now = performance.now();

    if (this.channel !== 'main' || !this.tracks.video || targetBps <= 0 || now - this.videoSince < SETTLE_MS)
      return;
    const fits = STEPS.findIndex((step) => targetBps >= step.from);
    const isStill = cameraFps > 0 && sentFps < cameraFps * MOVES_SHARE && targetBps < STEPS[this.step].from * 2;
    this.stillLooks = isStill ? this.stillLooks + 1 : 0;
    if (this.stillLooks >= 2) {
      this.setStep(Math.min(Math.max(fits, this.step + 1), STEPS.length - 1));
    } else if (this.step > 0 && !this.isWeak && fittingBps >= STEPS[this.step - 1].from * BETTER_SHARE) {
      this.betterSince = this.betterSince || now;
      if (now - this.betterSince > this.betterMs)
        this.setStep(this.step - 1);
    } else {
      this.betterSince = 0;
    }
  }

  /* How much the encoder may take of a line that is narrow; all of one that is not. */
  spareLine() {
    const { availableBps } = this.report;
    let spareBps = 0;

    if (availableBps > 0)
      this.lineBps = this.lineBps > 0
        ? this.lineBps + (availableBps - this.lineBps) * (availableBps > this.lineBps ? BETTER_LINE : WORSE_LINE)
        : availableBps;
    if (this.step > 0 && this.lineBps > 0)
      spareBps = Math.round(Math.max(LEAST_BPS, (this.lineBps - SOUND_BPS) * SPARED_SHARE));
    if (Math.abs(spareBps - this.spareBps) <= this.spareBps * CHANGED_SHARE)
      return;
    this.spareBps = spareBps;
    this.then(() => this.applyParameters());
  }

  setStep(step) {
    const now = performance.now();

    if (step < this.step)
      this.largerSince = now;
    else if (now - this.largerSince < TOO_EARLY_MS)
      this.betterMs = Math.min(this.betterMs * 2, MOST_BETTER_MS);
    else
      this.betterMs = BETTER_MS;
    if (this.step === 0)
      this.lineBps = 0;
    this.step = step;
    this.betterSince = this.stillLooks = 0;
    this.videoSince = now - SETTLE_MS / 2;
    this.then(() => this.applyParameters());
    this.dispatchEvent(new Event('state'));
  }
}

/* Without these words a browser makes one channel of the show's two. */
function wantStereo(sdp) {
  const opus = /^a=rtpmap:(\d+) opus\/48000\/2/im.exec(sdp);

  if (!opus)
    return sdp;
  return sdp.replace(new RegExp(`^a=fmtp:${opus[1]} (?!.*stereo=1).*$`, 'm'), '$&;stereo=1');
}

/* The few figures we need out of the browser's many. */
function readReport(stats) {
  const report = {
    fps: 0, width: 0, height: 0, framesDecoded: 0, freezes: 0, audioLevel: 0, lost: 0, packets: 0, received: 0,
    playoutMs: 0, sentFrames: 0, sentFps: 0, sentWidth: 0, sentHeight: 0, sentVideoBytes: 0, sentAudioBytes: 0,
    cameraFps: 0, limitation: 'none', targetBps: 0, availableBps: 0, upLost: -1, rttMs: -1, way: 'unknown',
  };
  for (const item of stats.values())
    readItem(report, item, stats);
  return report;
}

function readItem(report, item, stats) {
  if (item.type === 'inbound-rtp') {
    report.lost += item.packetsLost || 0;
    report.packets += item.packetsReceived || 0;
    report.received += item.bytesReceived || 0;
    if (item.kind === 'video') {
      report.fps = Math.round(item.framesPerSecond || 0);
      report.width = item.frameWidth || 0;
      report.height = item.frameHeight || 0;
      report.framesDecoded = item.framesDecoded || 0;
      report.freezes = item.freezeCount || 0;
    } else {
      report.audioLevel = item.audioLevel || 0;
      report.audioEnergy = item.totalAudioEnergy || 0;
      report.concealed = item.concealedSamples || 0;
      report.samples = item.totalSamplesReceived || 0;
    }
  } else if (item.type === 'outbound-rtp' && item.kind === 'video') {
    report.sentFrames = item.framesSent || 0;
    report.sentFps = Math.round(item.framesPerSecond || 0);
    report.sentWidth = item.frameWidth || 0;
    report.sentHeight = item.frameHeight || 0;
    report.sentVideoBytes = item.bytesSent || 0;
    report.limitation = item.qualityLimitationReason || 'none';
    report.targetBps = item.targetBitrate || 0;
  } else if (item.type === 'media-source' && item.kind === 'video') {
    report.cameraFps = item.framesPerSecond || 0;
  } else if (item.type === 'outbound-rtp') {
    report.sentAudioBytes = item.bytesSent || 0;
  } else if (item.type === 'remote-inbound-rtp') {
    report.upLost = Math.max(report.upLost, item.fractionLost ?? -1);
  } else if (item.type === 'candidate-pair' && item.nominated && item.state === 'succeeded') {
    const kinds = [stats.get(item.localCandidateId), stats.get(item.remoteCandidateId)];
    report.rttMs = item.currentRoundTripTime === undefined ? -1 : Math.round(item.currentRoundTripTime * 1000);
    report.availableBps = item.availableOutgoingBitrate || 0;
    report.way = kinds.some((candidate) => candidate?.candidateType === 'relay') ? 'relayed' : 'direct';
  }
}

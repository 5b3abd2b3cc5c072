/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What he can try before he speaks: his level, the loudspeaker, the headphones, the network. */

let sharedContext = null;

/* One for the whole page; browsers keep it silent until the first press. */
export function soundContext() {
  if (!sharedContext) {
    sharedContext = new AudioContext();
    const wake = () => {
      if (sharedContext.state === 'suspended')
        sharedContext.resume().catch(() => {});
    };
    for (const name of ['pointerdown', 'keydown'])
      addEventListener(name, wake);
    wake();
  }
  return sharedContext;
}

const START_MS = 3000;

/* Without any loudspeaker at all some browsers wait for ever. */
async function startContext() {
  const context = soundContext();
  const timeout = new Promise((_, reject) => setTimeout(() => reject(new Error('no sound output')), START_MS));

  await Promise.race([context.resume(), timeout]);
  return context;
}

/* ---- level ---- */

const FLOOR_DB = -60;
const QUIET_DB = -38;
const LOUD_DB = -3;
const JUDGE_MS = 5000;

/** Measures a microphone ten times a second: peak in dB and a word: silent, quiet, good, loud. */
export class Meter {
  constructor(onLevel) {
    this.onLevel = onLevel;
  }

  setTrack(track) {
    if (track === this.track)
      return;
    clearInterval(this.timer);
    this.source?.disconnect();
    this.source = null;
    this.track = track;
    this.peaks = [];
    if (!track)
      return;
    const context = soundContext();
    this.source = context.createMediaStreamSource(new MediaStream([track]));
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = 8192;
    this.samples = new Float32Array(8192);
    this.source.connect(this.analyser);
    this.timer = setInterval(() => this.measure(), 100);
  }

  measure() {
    const now = performance.now();
    let peak = 0;

    this.analyser.getFloatTimeDomainData(this.samples);
    for (const sample of this.samples)
      peak = Math.max(peak, Math.abs(sample));
    const peakDb = Math.max(FLOOR_DB, 20 * Math.log10(peak || 1e-6));
    this.peaks.push({ now, peakDb });
    this.peaks = this.peaks.filter((one) => now - one.now < JUDGE_MS);
    this.onLevel((peakDb - FLOOR_DB) / -FLOOR_DB, this.judge());
  }

  judge() {
    const loudest = Math.max(...this.peaks.map((one) => one.peakDb));

    if (soundContext().state !== 'running')
      return 'unknown';
    if (loudest <= FLOOR_DB)
      return 'silent';
    if (loudest < QUIET_DB)
      return 'quiet';
    return loudest > LOUD_DB ? 'loud' : 'good';
  }
}

/* ---- loudspeaker ---- */

/* Plays what `schedule` puts on a node, through the loudspeaker he chose. */
async function playThrough(speakerId, schedule, durationS) {
  const context = await startContext();
  const destination = context.createMediaStreamDestination();
  const player = new Audio();

  if (speakerId && player.setSinkId)
    await player.setSinkId(speakerId);
  player.srcObject = destination.stream;
  await player.play();
  schedule(context, destination);
  await new Promise((resolve) => setTimeout(resolve, durationS * 1000));
  player.pause();
  player.srcObject = null;
}

function beep(context, destination, frequency, start, durationS, level) {
  const tone = context.createOscillator();
  const gain = context.createGain();

  tone.frequency.value = frequency;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(level, start + 0.01);
  gain.gain.setValueAtTime(level, start + durationS - 0.01);
  gain.gain.linearRampToValueAtTime(0, start + durationS);
  tone.connect(gain).connect(destination);
  tone.start(start);
  tone.stop(start + durationS);
}

/** Three friendly tones, to hear where the sound comes from. */
export function playTestSound(speakerId) {
  return playThrough(speakerId, (context, destination) => {
    const start = context.currentTime + 0.1;
    [523, 659, 784].forEach((frequency, i) => beep(context, destination, frequency, start + i * 0.3, 0.28, 0.25));
  }, 1.3);
}

/* ---- headphones ---- */

const TONES_HZ = [1250, 2125];
const SLOT_S = 0.12;
/* Which of the two tones sounds in each slot: no speech and no music goes like this by chance. */
const PATTERN = [0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0];
const MAX_LAG_S = 0.7;
const HEARD_DB = 9;
const NOTHING_DB = -119;

/**
 * How clearly our pattern is in what the microphone heard, in dB; 0 is not at all.
 *
 * `points`: {at, levels: [dB of the first tone, dB of the second]}, `start`: when the pattern began, both in s.
 */
export function measureEcho(points, start) {
  let best = 0;

  for (let lag = 0; lag <= MAX_LAG_S; lag += 0.02) {
    const differences = [[], []];
    for (const { at, levels } of points) {
      const slot = (at - start - lag) / SLOT_S;
      const i = Math.floor(slot);
      /* The middle of a slot: its ends hear the neighbour as well. */
      if (i >= 0 && i < PATTERN.length && slot - i > 0.3)
        differences[PATTERN[i]].push(levels[0] - levels[1]);
    }
    if (differences.some((list) => list.length < 8))
      continue;
    const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
    best = Math.max(best, mean(differences[0]) - mean(differences[1]));
  }
  return best / 2;
}

/**
 * Plays a short pattern and listens whether the microphone hears it.
 *
 * Resolves with {verdict: heard, quiet (not heard) or silent (the microphone hears nothing at all), echoDb}.
 */
export async function testHeadphones(devices) {
  const context = await startContext();
  const stream = await devices.openRawMicrophone();
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  const bins = new Float32Array(analyser.frequencyBinCount);
  const points = [];
  let start = 0;

  analyser.smoothingTimeConstant = 0;
  source.connect(analyser);
  const level = (frequency) => {
    const bin = Math.round(frequency * analyser.fftSize / context.sampleRate);
    return Math.max(NOTHING_DB - 1, bins[bin - 1], bins[bin], bins[bin + 1]);
  };
  const timer = setInterval(() => {
    analyser.getFloatFrequencyData(bins);
    points.push({ at: context.currentTime, levels: TONES_HZ.map(level) });
  }, 20);
  try {
    await playThrough(devices.choice.speaker, (_, destination) => {
      start = context.currentTime + 0.15;
      PATTERN.forEach((tone, i) => beep(context, destination, TONES_HZ[tone], start + i * SLOT_S, SLOT_S, 0.2));
    }, PATTERN.length * SLOT_S + 0.15 + MAX_LAG_S);
  } finally {
    clearInterval(timer);
    source.disconnect();
    stream.getTracks().forEach((track) => track.stop());
  }
  const echoDb = measureEcho(points, start);
  const isSilent = points.every(({ levels }) => Math.max(...levels) < NOTHING_DB);
  return { verdict: isSilent ? 'silent' : echoDb > HEARD_DB ? 'heard' : 'quiet', echoDb };
}

/* ---- network ---- */

const SMALL_ECHOES = 6;
const LARGE_ECHOES = 24;
const LARGE_CHARS = 16000;
const ON_THE_WAY = 4;
const RATE_MS = 3500;
/* Not sooner, so that no impatient finger sends more than the line takes. */
const LEAST_MS = 1500;
const ECHO_TIMEOUT_MS = 8000;
const GOOD = { bps: 2e6, rttMs: 150, lost: 0.01 };
const ENOUGH = { bps: 0.7e6, rttMs: 350, lost: 0.05 };

/* Random text: some lines would pack what repeats, and look faster than they are. */
function makePayload() {
  const bytes = crypto.getRandomValues(new Uint8Array(LARGE_CHARS * 3 / 4));
  let text = '';

  for (const byte of bytes)
    text += String.fromCharCode(byte);
  return btoa(text);
}

async function measureRtt(line) {
  const times = [];

  for (let i = 0; i < SMALL_ECHOES; i++)
    times.push(await line.echo('', ECHO_TIMEOUT_MS));
  return times.sort((a, b) => a - b)[Math.floor(SMALL_ECHOES / 2)];
}

/* Bits a second that go there and back at the same time. */
async function measureRate(line) {
  const payload = makePayload();
  const startedAt = performance.now();
  let left = LARGE_ECHOES;
  let bits = 0;

  const send = async () => {
    while (left > 0 && performance.now() - startedAt < RATE_MS) {
      left--;
      await line.echo(payload, ECHO_TIMEOUT_MS);
      bits += LARGE_CHARS * 8;
    }
  };
  await Promise.all(Array.from({ length: ON_THE_WAY }, send));
  return bits * 1000 / (performance.now() - startedAt);
}

function judge({ bps, rttMs, lost }) {
  for (const [verdict, wanted] of [['good', GOOD], ['enough', ENOUGH]])
    if (bps >= wanted.bps && rttMs <= wanted.rttMs && lost <= wanted.lost)
      return verdict;
  return 'weak';
}

/**
 * Tries the line, and looks at the connection that is there already.
 *
 * Resolves with {verdict: good, enough or weak, bps, rttMs, lost}; rejects when the line breaks.
 */
export async function testNetwork(line, peer) {
  const rested = new Promise((resolve) => setTimeout(resolve, LEAST_MS));
  const echoMs = await measureRtt(line);
  const echoBps = await measureRate(line);
  const report = peer?.isConnected ? peer.report : null;
  const result = {
    /* Both are what went through for certain; the line can carry at least the larger one. */
    bps: Math.max(echoBps, report?.availableBps || 0),
    rttMs: report && report.rttMs >= 0 ? report.rttMs : echoMs,
    lost: Math.max(0, report?.upLost || 0, peer?.lostShare || 0),
  };
  await rested;
  return { verdict: judge(result), ...result };
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guest's page: where he is, what he does, what the crew says. */

import { Meter, soundContext, testHeadphones, testNetwork } from './guest-checks.js';
import { connectControls } from './guest-controls.js';
import { Devices, openScreen } from './guest-devices.js';
import { Line } from './guest-line.js';
import { memory, takeToken } from './guest-memory.js';
import { Peer } from './guest-peer.js';
import { reportOn } from './guest-report.js';
import { $, View } from './guest-view.js';
import { chooseLanguage } from './guest-words.js';

const NOTE_MS = 8000;
const REJOIN_MS = 1000;
const REJOIN_AGAIN_MS = 4000;
const REJOIN_CALM_MS = 15000;
const CHECK_MS = 20000;

/* What can be done about a notice; nothing: only read it. */
const NOTICE_ACTIONS = {
  replaced: 'replacedAction', full: 'tryAgain', busy: 'tryAgain', protocol: 'tryAgain', left: 'leftAction',
  dismissed: 'leftAction', ended: 'leftAction',
};
const FINAL_REASONS = ['revoked', 'invalid', 'dismissed', 'ended'];

class Guest {
  constructor() {
    this.language = memory.get('language') || chooseLanguage();
    this.view = 'wait'; /* wait · notice · arrival · stage */
    this.notice = '';
    this.noticeAction = '';
    this.place = 'following'; /* following · green-room · ready */
    this.sees = 'program'; /* program · room */
    this.welcome = null;
    this.live = false;
    this.tally = { on_air: false, next: false };
    this.muted = this.talkback = this.saysWeak = this.isMissing = this.soundOff = this.isBroken = false;
    this.limit = { height: 0, kbps: 0 };
    this.schedule = null;
    this.clockAheadS = 0;
    this.others = [];
    this.cues = [];
    this.note = '';
    this.checks = { headphones: {}, network: {} };
    this.peer = null;
    this.screen = null;
    this.screenPeer = null;
    this.devices = new Devices(memory.get('choice'));
    this.devices.addEventListener('change', () => this.devicesChanged());
    this.screenView = new View(this);
    this.meter = new Meter((share, word) => this.screenView.showLevel(share, word));
  }

  get nowS() {
    return Date.now() / 1000 + this.clockAheadS;
  }

  /* What he is told about himself: on air counts more than where he is. */
  get shownState() {
    if (this.place !== 'following' && this.tally.on_air)
      return 'on-air';
    return this.place !== 'following' && this.tally.next ? 'next' : this.place;
  }

  /* In the green room, with all that he can try there. */
  get isPreparing() {
    return this.place === 'green-room' && !this.tally.on_air;
  }

  get isWeak() {
    return this.saysWeak || Boolean(this.peer?.isReduced);
  }

  start() {
    connectControls(this);
    this.screenView.setLanguage(this.language);
    const token = takeToken();
    if (!isSecureContext)
      this.tell('insecure');
    else if (!window.RTCPeerConnection || !navigator.mediaDevices?.getUserMedia || !window.AudioContext)
      this.tell('unsupported');
    else if (!token)
      this.tell('noToken');
    else
      this.openLine(token);
    setInterval(() => this.show(), 500);
  }

  show() {
    this.screenView.show();
  }

  tell(notice) {
    this.view = 'notice';
    this.notice = notice;
    this.noticeAction = NOTICE_ACTIONS[notice] || '';
    this.show();
  }

  /* ---- the line ---- */

  openLine(token) {
    this.line = new Line(token, this.language);
    this.line.addEventListener('message', ({ detail }) => {
      this.take(detail);
      this.show();
    });
    this.line.addEventListener('lost', () => {
      this.isBroken = this.view === 'stage';
      this.dropPeers();
      this.show();
    });
    this.line.addEventListener('bye', ({ detail }) => this.end(detail));
    this.line.open();
  }

  take(message) {
    switch (message.type) {
    case 'welcome':
      this.takeWelcome(message);
      break;
    case 'offer':
      this.peerOf(message.channel)?.takeOffer(message.sdp);
      break;
    case 'candidate':
      this.peerOf(message.channel)?.addCandidate(message.candidate, message.index);
      break;
    case 'closed':
      this.takeClosed(message);
      break;
    case 'tally':
      this.takeTally(message);
      break;
    case 'live':
      if (message.live && !this.live)
        this.screenView.announce(this.screenView.words.liveSays, false);
      this.live = message.live;
      break;
    case 'schedule':
      this.schedule = message;
      this.clockAheadS = message.now ? message.now - Date.now() / 1000 : 0;
      break;
    case 'cue':
      this.takeCue(message);
      break;
    case 'talkback':
      this.talkback = message.on;
      break;
    case 'place':
      this.putBack(message.place);
      break;
    case 'limit':
      this.limit = { height: message.height || 0, kbps: message.kbps || 0 };
      this.peer?.setLimit(this.limit.height, this.limit.kbps);
      break;
    case 'muted':
      this.muted = message.muted;
      break;
    case 'others':
      this.others = message.others || [];
      break;
    case 'weak':
      this.saysWeak = message.weak;
      this.peer?.setWeak(message.weak);
      break;
    case 'ice':
      /* For the next connection. */
      this.welcome = { ...this.welcome, ice: message.ice, relay: message.relay };
      break;
    case 'missing':
      this.isMissing = message.missing;
      break;
    default:
      /* A newer Régie may say more than we understand. */
      break;
    }
  }

  peerOf(channel) {
    return channel === 'screen' ? this.screenPeer : this.peer;
  }

  takeWelcome(welcome) {
    this.welcome = welcome;
    this.live = Boolean(welcome.live);
    /* What the crew says from now on is all that counts. */
    this.tally = { on_air: false, next: false };
    this.muted = this.talkback = this.saysWeak = this.isMissing = false;
    this.others = [];
    if (!memory.get('language') && !navigator.languages?.some((tag) => /^(fr|en)/i.test(tag)))
      this.setLanguage(chooseLanguage(welcome.language), false);
    if (this.view === 'stage')
      this.rejoin();
    else if (memory.get('joined'))
      this.enter(memory.get('place') || welcome.place);
    else
      this.view = 'arrival';
  }

  takeClosed({ channel, reason }) {
    if (channel === 'screen') {
      if (reason === 'none')
        this.stopSharing('shareNone');
      else
        this.joinScreenLater();
    } else if (this.view === 'stage') {
      this.peer?.close();
      this.peer = null;
      clearTimeout(this.rejoinTimer);
      this.rejoinTimer = setTimeout(() => this.join(), this.chooseRejoinMs());
    }
  }

  takeTally(tally) {
    const before = this.shownState;
    const { words } = this.screenView;

    this.tally = { on_air: Boolean(tally.on_air), next: Boolean(tally.next) };
    const after = this.shownState;
    if (after === 'on-air' && before !== 'on-air')
      this.screenView.announce(words.saysOnAir, true);
    else if (before === 'on-air' && after !== 'on-air')
      this.screenView.announce(words.saysOffAir, true);
    else if (after === 'next' && before !== 'next')
      this.screenView.announce(words.saysNext, true);
    if (after === 'on-air' && $('leave-dialog').open === false && $('settings-dialog').open)
      $('settings-dialog').close();
  }

  /* One at a time: a new one counts instead of the one before. Without words it is taken back. */
  takeCue({ id, text }) {
    if (text && this.cues.some((cue) => cue.id === id))
      return;
    this.cues = text ? [{ id, text }] : [];
    if (!text)
      return;
    this.screenView.announce(this.screenView.words.cue + ': ' + text, true);
    navigator.vibrate?.(200);
  }

  acknowledge(id) {
    this.cues = this.cues.filter((cue) => cue.id !== id);
    this.line.send('cue-seen', { id });
    this.show();
  }

  /* Soon the first time; what goes wrong again and again must not knock without end. */
  chooseRejoinMs() {
    const now = performance.now();
    const isCalm = !this.rejoinedAt || now - this.rejoinedAt > REJOIN_CALM_MS;

    this.rejoinedAt = now;
    return isCalm ? REJOIN_MS : REJOIN_AGAIN_MS;
  }

  /* Goodbye from the crew's side. */
  end(reason) {
    if (FINAL_REASONS.includes(reason)) {
      memory.set('joined', false);
      memory.set('place', null);
      this.place = 'following';
    }
    this.stop();
    this.tell(`${reason}Title` in this.screenView.words ? reason : 'protocol');
  }

  stop() {
    this.isBroken = false;
    this.cues = [];
    this.dropPeers();
    this.closeScreen();
    this.devices.close();
    this.releaseWakeLock();
    for (const dialog of document.querySelectorAll('dialog[open]'))
      dialog.close();
    if (document.fullscreenElement)
      document.exitFullscreen();
  }

  /* ---- where he is ---- */

  /* By his own press, or after a reload without one. */
  enter(place) {
    memory.set('joined', true);
    this.view = 'stage';
    this.sees = memory.get('sees') || 'program';
    this.place = ['green-room', 'ready'].includes(place) ? place : 'following';
    this.keepAwake();
    this.rejoin();
    if (this.place !== 'following')
      this.openDevices();
    this.show();
  }

  /* Says everything once more: the other side may have forgotten all of it. */
  rejoin() {
    if (this.isBroken)
      this.screenView.announce(this.screenView.words.reconnected, false);
    this.isBroken = false;
    this.saidDevices = '';
    if (!this.welcome.room_view)
      this.sees = 'program';
    this.line.send('place', { place: this.place });
    this.sendDevices();
    this.line.send('view', { view: this.sees });
    this.join();
    if (this.screen)
      this.joinScreen();
  }

  join() {
    const peer = new Peer('main', this.line, this.welcome);

    this.peer?.close();
    this.peer = peer;
    this.useTracks();
    peer.setLimit(this.limit.height, this.limit.kbps);
    peer.addEventListener('track', ({ detail }) => this.play(detail));
    peer.addEventListener('state', () => this.show());
    peer.addEventListener('stats', ({ detail }) => this.line.send('stats', detail));
    peer.addEventListener('failed', () => this.line.lose('connection failed'));
    this.line.send('join', { channel: 'main' });
  }

  dropPeers() {
    clearTimeout(this.rejoinTimer);
    this.peer?.close();
    this.screenPeer?.close();
    this.peer = this.screenPeer = null;
  }

  go(place) {
    this.place = place;
    memory.set('place', place);
    this.line.send('place', { place });
    if (place === 'following') {
      this.stopSharing('');
      this.devices.close();
    } else {
      this.openDevices();
    }
    this.show();
    scrollTo(0, 0);
  }

  putBack(place) {
    if (this.place === place || !['following', 'green-room', 'ready'].includes(place))
      return;
    this.place = place;
    memory.set('place', place);
    this.tellNote('saysBack');
    if (place === 'following')
      this.devices.close();
  }

  leave() {
    this.line.send('leave');
    memory.set('joined', false);
    memory.set('place', null);
    /* The message goes first, the line after it. */
    this.stop();
    this.place = 'following';
    this.line.close();
    this.tell('left');
  }

  tellNote(note) {
    clearTimeout(this.noteTimer);
    this.note = note;
    if (note)
      this.noteTimer = setTimeout(() => this.tellNote(''), NOTE_MS);
    this.show();
  }

  setLanguage(language, isChosen) {
    this.language = language;
    if (this.line)
      this.line.language = language;
    if (isChosen)
      memory.set('language', language);
    this.screenView.setLanguage(language);
  }

  /* ---- what he sees and hears ---- */

  play(stream) {
    const video = $('program-video');

    if (video.srcObject !== stream)
      video.srcObject = stream;
    video.play().then(() => { $('sound-on').hidden = true; }, (error) => {
      /* After a reload some browsers want a press before they play sound. */
      if (error.name === 'NotAllowedError')
        $('sound-on').hidden = false;
    });
  }

  setSoundOff(isOff) {
    this.soundOff = isOff;
    $('program-video').muted = isOff;
    this.show();
  }

  setVolume(percent) {
    $('program-video').volume = percent / 100;
    this.setSoundOff(percent === 0);
  }

  async useSpeaker() {
    const video = $('program-video');
    const id = this.devices.choice.speaker;

    if (video.setSinkId && video.sinkId !== id)
      try {
        await video.setSinkId(id);
      } catch (error) {
        console.info('Loudspeaker:', error.message);
      }
  }

  toggleFullScreen() {
    const video = $('program-video');

    if (document.fullscreenElement)
      document.exitFullscreen();
    else if (document.documentElement.requestFullscreen)
      /* All of the page: the words “On air” and the crew's messages must not be hidden. */
      document.documentElement.requestFullscreen().catch(() => {});
    else
      video.webkitEnterFullscreen?.();
  }

  switchView() {
    this.sees = this.sees === 'room' ? 'program' : 'room';
    memory.set('sees', this.sees);
    this.line.send('view', { view: this.sees });
    this.show();
  }

  async keepAwake() {
    if (this.view !== 'stage' || !navigator.wakeLock || this.wakeLock?.released === false)
      return;
    try {
      this.wakeLock = await navigator.wakeLock.request('screen');
    } catch (error) {
      console.info('Wake lock:', error.message);
    }
  }

  releaseWakeLock() {
    this.wakeLock?.release();
    this.wakeLock = null;
  }

  /* ---- what he sends ---- */

  openDevices() {
    soundContext();
    return this.devices.open();
  }

  devicesChanged() {
    const { devices } = this;
    const video = $('self-video');

    memory.set('choice', devices.choice);
    this.meter.setTrack(devices.microphone);
    if ((video.srcObject?.getVideoTracks()[0] || null) !== devices.camera)
      video.srcObject = devices.camera ? new MediaStream([devices.camera]) : null;
    this.useTracks();
    this.useSpeaker();
    this.sendDevices();
    this.show();
  }

  useTracks() {
    this.peer?.setTracks(this.devices.camera, this.devices.microphone);
  }

  sendDevices() {
    const { camera, microphone, choice } = this.devices;
    const values = {
      camera: camera !== null, microphone: microphone !== null && choice.microphoneOn, music: choice.music,
    };

    /* A list that was read again is no news. */
    if (JSON.stringify(values) === this.saidDevices)
      return;
    this.saidDevices = JSON.stringify(values);
    this.line?.send('devices', values);
  }

  async toggleSharing() {
    if (this.screen) {
      this.stopSharing('shareStopped');
      return;
    }
    try {
      this.screen = await openScreen();
    } catch {
      this.tellNote('shareRefused');
      return;
    }
    this.screen.picture.addEventListener('ended', () => this.stopSharing('shareStopped'));
    this.joinScreen();
    this.tellNote('shareStarted');
  }

  joinScreen() {
    const peer = new Peer('screen', this.line, this.welcome);

    this.screenPeer?.close();
    this.screenPeer = peer;
    peer.setTracks(this.screen.picture, this.screen.sound);
    peer.addEventListener('failed', () => this.joinScreenLater());
    this.line.send('join', { channel: 'screen' });
  }

  joinScreenLater() {
    const peer = this.screenPeer;

    peer?.close();
    setTimeout(() => {
      if (this.screen && this.screenPeer === peer && this.line.state === 'open')
        this.joinScreen();
    }, this.chooseRejoinMs());
  }

  closeScreen() {
    this.screen?.picture.stop();
    this.screen?.sound?.stop();
    this.screen = null;
    this.screenPeer?.close();
    this.screenPeer = null;
  }

  stopSharing(note) {
    if (!this.screen)
      return;
    this.closeScreen();
    this.line.send('quit', { channel: 'screen' });
    this.tellNote(note);
  }

  /* ---- checks ---- */

  async runCheck(name, test) {
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error('no end')), CHECK_MS));

    this.checks[name] = { verdict: 'runs' };
    this.show();
    try {
      /* What a browser opens for it may never come: a device that hangs, a loudspeaker that is gone. */
      this.checks[name] = await Promise.race([test(), late]);
    } catch (error) {
      console.info('Check', name, error.message);
      this.checks[name] = { verdict: 'failed' };
    }
    this.show();
  }

  /* The show is silent meanwhile: it would be heard as well. */
  async checkHeadphones() {
    const video = $('program-video');

    video.muted = true;
    await this.runCheck('headphones', () => testHeadphones(this.devices));
    video.muted = this.soundOff;
  }

  checkNetwork() {
    return this.runCheck('network', () => testNetwork(this.line, this.peer));
  }

  /* ---- the page ---- */

  actOnNotice() {
    if (this.notice === 'protocol') {
      location.reload();
      return;
    }
    if (this.noticeAction === 'leftAction')
      memory.set('joined', true);
    this.view = 'wait';
    this.line.open();
    this.show();
  }

  async chooseOtherSpeaker() {
    try {
      const device = await navigator.mediaDevices.selectAudioOutput();
      await this.devices.choose('speaker', device.deviceId);
    } catch (error) {
      console.info('Loudspeaker:', error.message);
    }
  }
}

const guest = new Guest();
window.regieReport = () => reportOn(guest);
guest.start();

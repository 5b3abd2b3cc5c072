/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shows what there is: reads the guest, touches nothing but the page. */

import { WORDS, fill } from './guest-words.js';
import { canShareScreen } from './guest-devices.js';

export const $ = (id) => document.getElementById(id);

const MAX_OVER_S = 2 * 3600;

const OTHER_PLACES = {
  following: 'otherFollowing', 'green-room': 'otherGreenRoom', ready: 'otherReady',
};
const PLACES = {
  following: 'placeFollowing', 'green-room': 'placeGreenRoom', ready: 'placeReady', next: 'placeNext', 'on-air': 'placeOnAir',
};
const LEVELS = {
  unknown: 'levelUnknown', silent: 'levelSilent', quiet: 'levelQuiet', good: 'levelGood', loud: 'levelLoud',
};
const HEADPHONES = {
  '': 'headphonesHint', runs: 'headphonesRuns', quiet: 'headphonesQuiet', heard: 'headphonesHeard',
  silent: 'headphonesSilent', failed: 'headphonesFailed',
};
const NETWORK = {
  '': 'networkHint', runs: 'networkRuns', good: 'networkGood', enough: 'networkEnough', weak: 'networkWeak',
  failed: 'networkFailed',
};
const TROUBLES = { refused: 'Refused', missing: 'Missing', busy: 'Busy', other: 'Other' };

function setText(element, text) {
  if (element.textContent !== text)
    element.textContent = text;
}

function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value)
    element.setAttribute(name, value);
}

/* Whether somebody of that name is among the speakers: all words of it, in any order. */
function isAmong(name, speakers) {
  const split = (text) => (text || '').toLocaleLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const words = split(speakers);
  const wanted = split(name);

  return wanted.length > 0 && wanted.every((word) => words.includes(word));
}

function formatLeft(seconds) {
  const left = Math.abs(Math.trunc(seconds));
  const pad = (n) => String(n).padStart(2, '0');
  const hours = Math.floor(left / 3600);
  const rest = pad(Math.floor(left % 3600 / 60)) + ':' + pad(left % 60);

  return hours > 0 ? hours + ':' + rest : rest;
}

export class View {
  constructor(guest) {
    this.guest = guest;
    this.words = WORDS[guest.language];
    this.said = {};
  }

  setLanguage(language) {
    this.words = WORDS[language];
    document.documentElement.lang = language;
    for (const name of ['fr', 'en'])
      $('language-' + name).setAttribute('aria-pressed', String(name === language));
    for (const element of document.querySelectorAll('[data-text]'))
      setText(element, this.words[element.dataset.text]);
    for (const element of document.querySelectorAll('[data-label]'))
      element.setAttribute('aria-label', this.words[element.dataset.label]);
    this.show();
  }

  /* Reads aloud what changed, for those who do not look. */
  announce(text, isUrgent) {
    const region = $(isUrgent ? 'assertive' : 'polite');

    region.textContent = '';
    setTimeout(() => setText(region, text), 50);
  }

  show() {
    const { guest } = this;

    document.body.dataset.view = guest.view;
    document.body.dataset.place = guest.place;
    document.body.dataset.state = guest.shownState;
    document.body.dataset.layout = guest.isPreparing ? 'green-room' : 'show';
    document.body.dataset.full = String(document.fullscreenElement !== null);
    this.showHeader();
    this.showWhere();
    this.showBanners();
    if (guest.view === 'notice')
      this.showNotice();
    else if (guest.view === 'arrival')
      this.showArrival();
    else if (guest.view === 'stage')
      this.showStage();
    this.focusNew();
  }

  /* A view that replaces another one takes the focus to its heading. */
  focusNew() {
    const { view, notice } = this.guest;
    const key = view + notice;

    if (this.focused === key)
      return;
    this.focused = key;
    if (view === 'notice' || view === 'arrival')
      $(view + '-title').focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  showHeader() {
    const { guest, words } = this;
    const title = guest.welcome?.event || words.guestPage;

    document.title = (guest.shownState === 'on-air' ? '● ' + words.placeOnAir + ' – ' : '') + title;
    setText($('title'), title);
    $('live').dataset.live = String(guest.live);
    setText($('live-word'), guest.live ? words.live : words.notLive);
    $('leave').hidden = guest.view !== 'stage';
  }

  showWhere() {
    const { guest, words } = this;
    const key = PLACES[guest.shownState];

    $('where').hidden = guest.view !== 'stage';
    $('where').dataset.state = guest.shownState;
    setText($('where-word'), words[key]);
    // In the picture of a show that nobody sees yet.
    setText($('where-hint'), words[key === 'placeOnAir' && !guest.live ? 'placeOnAirEarlyHint' : key + 'Hint']);
    this.showClock();
  }

  showClock() {
    const { guest, words } = this;
    const { schedule } = guest;
    // What ended hours ago is the schedule of another day.
    const runs = schedule?.ends > 0 && schedule.starts <= guest.nowS && guest.nowS - schedule.ends < MAX_OVER_S;
    const mine = runs && (guest.shownState === 'on-air' || isAmong(guest.welcome?.name, schedule.speakers));
    const left = mine ? schedule.ends - guest.nowS : 0;

    $('clock').hidden = !mine || guest.view !== 'stage';
    if (!mine)
      return;
    const word = left < 0 ? 'timeOver' : left < 60 ? 'lastMinute' : 'timeLeft';
    $('clock').dataset.urgent = String(left < 60);
    setText($('clock-word'), words[word]);
    setText($('clock-time'), (left < 0 ? '+' : '') + formatLeft(left));
    if (this.said.clock !== word && guest.shownState === 'on-air' && word !== 'timeLeft')
      this.announce(words[word], false);
    this.said.clock = word;
  }

  showBanners() {
    const { guest, words } = this;
    const speaks = guest.place !== 'following';
    const shown = {
      reconnecting: guest.isBroken,
      talkback: guest.talkback,
      muted: guest.muted && speaks,
      'self-muted': speaks && !guest.devices.choice.microphoneOn && !guest.muted && !guest.isPreparing,
      weak: guest.isWeak && !guest.isBroken,
      missing: guest.isMissing && speaks && !guest.isBroken,
      smaller: speaks && guest.limit.height + guest.limit.kbps > 0,
      note: guest.note !== '',
    };

    setText($('banner-weak'), speaks && guest.devices.camera ? words.weak : words.weakWatching);
    setText($('banner-note'), guest.note ? words[guest.note] : '');
    for (const [name, isShown] of Object.entries(shown)) {
      const element = $('banner-' + name);
      if (isShown && element.hidden && guest.view === 'stage')
        this.announce(element.textContent, name === 'muted');
      element.hidden = !isShown;
    }
    $('banners').hidden = guest.view !== 'stage' || !Object.values(shown).includes(true);
  }

  showNotice() {
    const { notice, noticeAction } = this.guest;

    setText($('notice-title'), this.words[notice + 'Title']);
    setText($('notice-text'), this.words[notice + 'Text']);
    $('notice-action').hidden = !noticeAction;
    setText($('notice-action'), noticeAction ? this.words[noticeAction] : '');
  }

  showArrival() {
    const { welcome } = this.guest;

    setText($('arrival-title'), fill(this.words.arrivalHello, { name: welcome.name }));
    setText($('arrival-event'), fill(this.words.arrivalInvites, { event: welcome.event }));
    setText($('join'), this.words[welcome.place && welcome.place !== 'following' ? 'arrivalAgain' : 'arrivalJoin']);
  }

  showStage() {
    this.showPictures();
    this.showTroubles();
    this.showSchedule();
    this.showOthers();
    this.showCues();
    this.showPanel();
    this.showBar();
  }

  showPictures() {
    const { guest, words } = this;
    const { devices } = guest;
    const hasPicture = $('program-video').videoWidth > 0 && Boolean(guest.peer?.isConnected);

    $('program-cover').hidden = hasPicture;
    setText($('program-cover-word'), guest.isBroken ? words.reconnecting : words.pictureComes);
    setText($('program-name'), guest.sees === 'room' ? words.room : words.program);
    setAttribute($('sound'), 'aria-label', guest.soundOff ? words.soundOff : words.sound);
    setAttribute($('sound'), 'aria-pressed', String(guest.soundOff));
    this.setIcon('sound', guest.soundOff ? 'sound-off' : 'sound');
    setAttribute($('full'), 'aria-label', document.fullscreenElement ? words.leaveFullScreen : words.fullScreen);
    $('self').hidden = guest.place === 'following';
    $('level').hidden = guest.place === 'following';
    $('self-cover').hidden = devices.camera !== null;
    setText($('self-cover'), words.selfOff);
  }

  showLevel(share, word) {
    const percent = Math.round(share * 100);

    $('level-fill').style.width = percent + '%';
    setAttribute($('level-bar'), 'aria-valuenow', String(percent));
    $('level').dataset.word = word;
    setText($('level-word'), this.guest.devices.choice.microphoneOn ? this.words[LEVELS[word]] : this.words.microphoneOff);
  }

  showTroubles() {
    const { trouble, choice } = this.guest.devices;
    const shown = this.guest.place !== 'following';
    const camera = shown && choice.cameraOn ? trouble.camera : '';
    const microphone = shown ? trouble.microphone : '';

    $('trouble-camera').hidden = camera === '';
    $('trouble-microphone').hidden = microphone === '';
    setText($('trouble-camera'), camera && this.words['troubleCamera' + TROUBLES[camera]]);
    setText($('trouble-microphone'), microphone && this.words['troubleMicrophone' + TROUBLES[microphone]]);
    $('troubles').hidden = camera === '' && microphone === '';
  }

  /* “in 12 min”, “in 1 h 5 min”. */
  formatUntil(seconds) {
    const minutes = Math.ceil(seconds / 60);

    if (seconds < 60)
      return this.words.soon;
    if (minutes < 60)
      return fill(this.words.inMinutes, { n: minutes });
    return fill(this.words.inHours, { h: Math.floor(minutes / 60), n: minutes % 60 });
  }

  formatTime(unixS) {
    const { language } = this.guest;
    /* His own way of writing the time of day, if it is in the language of the page. */
    const locale = navigator.languages.find((tag) => tag.startsWith(language)) || (language === 'en' ? 'en-GB' : language);
    const time = new Date(unixS * 1000).toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit' });

    return fill(this.words.at, { time });
  }

  showSchedule() {
    const { guest, words } = this;
    const { title = '', speakers = '', starts = 0, next_title: nextTitle = '', next_starts: nextStarts = 0,
            next_speakers: nextSpeakers = '' } = guest.schedule || {};
    const now = guest.nowS;
    const name = guest.welcome?.name;
    const mineNow = isAmong(name, speakers);
    const mineNext = isAmong(name, nextSpeakers);
    const waits = starts > now;
    const until = mineNow && waits ? starts - now : mineNext && nextStarts > now ? nextStarts - now : 0;

    $('schedule-mine').hidden = until === 0;
    setText($('schedule-mine'), until > 0 ? fill(words.yourTalkIn, { when: this.formatUntil(until) }) : '');
    $('schedule-none').hidden = title !== '' || nextTitle !== '';
    $('schedule-now').hidden = title === '';
    setText($('now-word'), waits ? this.formatUntil(starts - now) + ' · ' + this.formatTime(starts)
      : mineNow ? words.nowYou : words.now);
    setText($('now-title'), title);
    setText($('now-speakers'), speakers);
    $('now-speakers').hidden = speakers === '';
    $('schedule-next').hidden = nextTitle === '';
    setText($('next-word'), mineNext ? words.yourTalk : words.next);
    setText($('next-title'), nextTitle);
    $('next-when').hidden = nextStarts <= 0;
    setText($('next-when'), nextStarts <= 0 ? ''
      : (nextStarts > now ? this.formatUntil(nextStarts - now) + ' · ' : '') + this.formatTime(nextStarts));
  }

  showOthers() {
    const { others } = this.guest;
    const lines = others.map(({ name, place, on_air: isOnAir }) =>
      name + ' – ' + this.words[isOnAir ? 'otherOnAir' : OTHER_PLACES[place] || 'otherFollowing']);

    $('others').hidden = others.length === 0;
    this.fillList($('others-list'), lines);
  }

  fillList(list, lines) {
    const key = lines.join('\n');

    if (list.dataset.key === key)
      return;
    list.dataset.key = key;
    list.replaceChildren(...lines.map((line) => {
      const item = document.createElement('li');
      item.textContent = line;
      return item;
    }));
  }

  /* It stays until he has understood it. */
  showCues() {
    const { guest, words } = this;
    const known = new Map([...$('cues').children].map((element) => [element.dataset.id, element]));

    for (const [id, element] of known)
      if (!guest.cues.some((cue) => String(cue.id) === id))
        element.remove();
    for (const cue of guest.cues) {
      if (!known.has(String(cue.id)))
        $('cues').prepend(this.makeCue(cue));
    }
    for (const element of $('cues').children) {
      setText(element.querySelector('h2'), words.cue);
      setText(element.querySelector('button'), words.cueSeen);
    }
  }

  makeCue(cue) {
    const element = document.createElement('section');
    const name = document.createElement('h2');
    const text = document.createElement('p');
    const button = document.createElement('button');

    element.className = 'cue';
    element.dataset.id = String(cue.id);
    text.textContent = cue.text;
    button.type = 'button';
    button.addEventListener('click', () => this.guest.acknowledge(cue.id));
    element.append(name, text, button);
    return element;
  }

  /* The panel is in the page in the green room, else in the dialog. */
  showPanel() {
    const { guest, words } = this;
    const { devices } = guest;
    const inPage = guest.isPreparing;
    const place = $(inPage ? 'panel-place' : 'panel-dialog');

    if ($('panel').parentElement !== place)
      place.append($('panel'));
    if (inPage && $('settings-dialog').open)
      $('settings-dialog').close();
    this.fillChoice('camera', devices.list.cameras, words.camera);
    this.fillChoice('microphone', devices.list.microphones, words.microphone);
    this.fillChoice('speaker', devices.list.speakers, words.speaker);
    const canChoose = 'setSinkId' in HTMLMediaElement.prototype;
    $('speaker-field').hidden = !canChoose || devices.list.speakers.length === 0;
    $('speaker-other').hidden = !canChoose || !navigator.mediaDevices.selectAudioOutput;
    $('music').checked = devices.choice.music;
    const { width = 0, height = 0 } = devices.camera?.getSettings() || {};
    $('sideways').hidden = height <= width;
    this.showCheck('headphones', HEADPHONES, guest.checks.headphones);
    this.showCheck('network', NETWORK, guest.checks.network);
    $('headphones-test').disabled = !devices.microphone || guest.checks.headphones.verdict === 'runs' ||
      guest.shownState === 'on-air';
    $('network-test').disabled = guest.checks.network.verdict === 'runs';
  }

  showCheck(name, verdicts, { verdict = '', bps, rttMs, lost }) {
    const { words } = this;
    let text = words[verdicts[verdict]];

    if (bps !== undefined) {
      const digits = { maximumFractionDigits: 1 };
      const format = (value) => value.toLocaleString(document.documentElement.lang, digits);
      text += ' (' + fill(words.networkFigures, {
        mbps: format(bps / 1e6), ms: Math.round(rttMs), lost: format(lost * 100),
      }) + ')';
    }
    setText($(name + '-test'), words[name + 'Test']);
    setAttribute($(name + '-test'), 'aria-label', words[name + 'Test'] + ': ' + words[name]);
    setText($(name + '-word'), text);
    $(name + '-word').dataset.verdict = verdict;
  }

  fillChoice(kind, list, kindName) {
    const select = $(kind + '-choice');
    const { words } = this;
    const names = [['', words.deviceDefault], ...list.map((device, i) =>
      [device.deviceId, device.label || fill(words.deviceNumber, { kind: kindName, n: i + 1 })])];
    const key = JSON.stringify(names);
    const chosen = this.guest.devices.choice[kind];

    if (select.dataset.key !== key) {
      select.dataset.key = key;
      select.replaceChildren(...names.map(([value, text]) => new Option(text, value)));
    }
    const value = names.some(([id]) => id === chosen) ? chosen : '';
    if (select.value !== value)
      select.value = value;
  }

  showBar() {
    const { guest, words } = this;
    const { devices, shownState } = guest;
    const speaks = guest.place !== 'following';
    const canReturn = shownState !== 'on-air';

    this.showTool('microphone', speaks, devices.sendsSound, words.mic, words.micOff);
    this.showTool('camera', speaks, devices.sendsPicture, words.camera, words.cameraOff);
    this.showTool('share', speaks && canShareScreen(), !guest.screen, words.share, words.sharing);
    this.showTool('view', Boolean(guest.welcome?.room_view), true,
      guest.sees === 'room' ? words.viewProgram : words.viewRoom, '');
    $('settings').hidden = guest.isPreparing;
    $('back').hidden = !speaks || !canReturn;
    $('forward').hidden = guest.place === 'ready' || !canReturn;
    setText($('back'), guest.place === 'ready' ? words.notReady : words.backToWatching);
    setText($('forward'), guest.place === 'following' ? words.prepare : words.ready);
    $('bar').hidden = false;
  }

  /* The words say how it is, not only the sign. */
  showTool(id, isShown, isOn, on, off) {
    $(id).hidden = !isShown;
    $(id).dataset.off = String(!isOn);
    setText($(id).lastElementChild, isOn ? on : off);
    if (id === 'microphone' || id === 'camera') {
      setAttribute($(id), 'aria-pressed', String(isOn));
      setAttribute($(id), 'aria-label', this.words[id]);
      this.setIcon(id, isOn ? id : id + '-off');
    }
  }

  setIcon(id, icon) {
    setAttribute($(id).querySelector('use'), 'href', '#i-' + icon);
  }
}

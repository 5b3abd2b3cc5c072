/* SPDX-License-Identifier: GPL-3.0-or-later */
'use strict';

/* ---- words ---- */

const WORDS = {
  en: {
    waiting: 'Not started yet',
    waitingHint: 'The show will appear here by itself.',
    live: 'Live',
    liveHint: 'The picture is coming…',
    ended: 'Ended',
    endedHint: 'Thank you for watching.',
    sound: 'Sound on',
    play: 'Play',
    now: 'Now',
    posts: 'Your posts',
    noPosts: 'Posts chosen by the team will appear here.',
    onScreen: 'On screen',
    lost: 'Connection lost, trying again…',
    video: 'Live picture of the event',
  },
  fr: {
    waiting: 'Pas encore commencé',
    waitingHint: 'Le direct apparaîtra ici tout seul.',
    live: 'En direct',
    liveHint: 'L’image arrive…',
    ended: 'Terminé',
    endedHint: 'Merci de nous avoir suivis.',
    sound: 'Activer le son',
    play: 'Lecture',
    now: 'En ce moment',
    posts: 'Vos messages',
    noPosts: 'Les messages choisis par l’équipe apparaîtront ici.',
    onScreen: 'À l’écran',
    lost: 'Connexion perdue, nouvel essai…',
    video: 'Image du direct',
  },
};

/* The first of the browser's languages that we speak, else the event's, else English. */
function chooseLanguage(eventLanguage) {
  for (const tag of [...(navigator.languages || []), eventLanguage || '']) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language in WORDS)
      return language;
  }
  return 'en';
}

const $ = (id) => document.getElementById(id);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let words = WORDS[chooseLanguage('')];

function setText(element, text) {
  if (element.textContent !== text)
    element.textContent = text;
}

/* The server cannot be reached, or has not what it should: worth trying again as it is. */
class NetworkError extends Error {}

async function fetchWithin(url, options, timeoutMs) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const response = await fetch(url, { ...options, signal: controller.signal });
    /* The body too must come in time. */
    const body = response.ok ? await response.arrayBuffer() : null;
    return { ok: response.ok, status: response.status, body,
             tag: response.headers.get('ETag') };
  } catch (error) {
    throw new NetworkError(error.message);
  } finally {
    clearTimeout(timer);
  }
}

const decode = (body) => new TextDecoder().decode(body);

/* ---- the playlist ---- */

function parsePlaylist(text) {
  const playlist = { segments: [], ended: false, sequence: 0, targetDuration: 2 };
  let init = null;
  let duration = 0;
  let sequence = 0;

  if (!text.startsWith('#EXTM3U'))
    throw new Error('not a playlist');
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#EXT-X-MEDIA-SEQUENCE:'))
      playlist.sequence = sequence = Number(line.slice(22));
    else if (line.startsWith('#EXT-X-TARGETDURATION:'))
      playlist.targetDuration = Number(line.slice(22)) || 2;
    else if (line.startsWith('#EXT-X-MAP:'))
      init = (/URI="([^"]+)"/.exec(line) || [])[1];
    else if (line.startsWith('#EXTINF:'))
      duration = parseFloat(line.slice(8));
    else if (line.startsWith('#EXT-X-ENDLIST'))
      playlist.ended = true;
    else if (line !== '' && !line.startsWith('#'))
      playlist.segments.push({ sequence: sequence++, uri: line, init, duration });
  }
  return playlist;
}

/* ---- the player ---- */

const START_SEGMENTS_BACK = 2;
const MAX_BEHIND_S = 12;
const AFTER_JUMP_BEHIND_S = 4;
const CATCH_UP_BEHIND_S = 8;
const KEEP_PLAYED_S = 30;
const STALLED_MS = 3000;
const TIMEOUT_MS = 8000;
const WAIT_MS = 5000; /* for how long the server keeps a question when nothing changes */
const MAX_BACK_OFF_MS = 5000;

/* Keeps a video element at the live edge, for ever: whatever goes wrong, it begins anew. */
class Player {
  constructor(video, onTrouble) {
    this.video = video;
    this.onTrouble = onTrouble;
    this.viewer = Math.random().toString(36).slice(2, 14);
    this.MediaSource = window.ManagedMediaSource || window.MediaSource;
    this.playlistUrl = 'live/stream.m3u8?v=' + this.viewer;
    this.next = null;
    this.lastTime = -1;
    this.lastMove = performance.now();
    this.wantsPause = false;
    this.hasPicture = false;

    video.addEventListener('pause', () => { this.wantsPause = !video.ended; });
    video.addEventListener('play', () => { this.wantsPause = false; this.keepAtEdge(); });
    video.addEventListener('playing', () => { this.hasPicture = true; });
  }

  run() {
    if (this.MediaSource)
      this.runForEver(() => this.stream());
    else
      this.runForEver(() => this.playNatively());
    setInterval(() => this.keepAtEdge(), 500);
  }

  async runForEver(attempt) {
    let backOffMs = 500;
    for (;;) {
      const startedAt = performance.now();
      try {
        await attempt();
      } catch (error) {
        console.info('Live stream:', error.message || error);
        this.onTrouble(true);
      }
      this.close();
      backOffMs = performance.now() - startedAt > 15000 ? 500 : Math.min(backOffMs * 1.6, MAX_BACK_OFF_MS);
      await sleep(backOffMs * (0.75 + Math.random() / 2));
    }
  }

  /* iPhones without MediaSource read the playlist themselves. */
  async playNatively() {
    const { video } = this;
    await this.waitForStream();
    video.src = this.playlistUrl;
    video.play().catch(() => {});
    const outcome = new AbortController();
    const once = { once: true, signal: outcome.signal };
    try {
      await new Promise((resolve, reject) => {
        let lastTime = -1;
        let lastMove = performance.now();
        const timer = setInterval(() => {
          if (video.paused || video.currentTime !== lastTime) {
            lastTime = video.currentTime;
            lastMove = performance.now();
          } else if (performance.now() - lastMove > 15000) {
            reject(new Error('stalled'));
          }
        }, 1000);
        outcome.signal.addEventListener('abort', () => clearInterval(timer));
        video.addEventListener('error', () => reject(new Error('playback failed')), once);
        video.addEventListener('ended', resolve, once);
      });
    } finally {
      outcome.abort();
    }
  }

  /* Who comes after the end sees the end card, not the last seconds. */
  async waitForStream() {
    for (;;) {
      const playlist = await this.readPlaylist();
      this.onTrouble(false);
      if (playlist && playlist.segments.length > 0 && !playlist.ended)
        return;
      await sleep(1500);
    }
  }

  /* The playlist; null while there is none. */
  async readPlaylist() {
    const reply = await fetchWithin(this.playlistUrl, { cache: 'no-store' }, TIMEOUT_MS);
    if (reply.status === 404)
      return null;
    if (!reply.ok)
      throw new NetworkError('playlist: ' + reply.status);
    return parsePlaylist(decode(reply.body));
  }

  async readType() {
    const master = await fetchWithin('live/master.m3u8', { cache: 'no-store' }, TIMEOUT_MS);
    const codecs = master.ok && (/CODECS="([^"]+)"/.exec(decode(master.body)) || [])[1];
    if (!codecs)
      throw new NetworkError('no codecs');
    return 'video/mp4; codecs="' + codecs + '"';
  }

  async open() {
    const { video } = this;
    this.type = await this.readType();
    this.source = new this.MediaSource();
    video.disableRemotePlayback = true;
    const opened = new Promise((resolve) => this.source.addEventListener('sourceopen', resolve, { once: true }));
    this.objectUrl = URL.createObjectURL(this.source);
    video.src = this.objectUrl;
    await opened;
    this.buffer = this.source.addSourceBuffer(this.type);
    /* One segment plays after the other, whatever their timestamps say: gaps and breaks close. */
    this.buffer.mode = 'sequence';
    this.init = null;
    this.next = null;
    this.lastTime = -1;
    this.lastMove = performance.now();
  }

  close() {
    this.next = null;
    if (this.objectUrl) {
      URL.revokeObjectURL(this.objectUrl);
      this.objectUrl = null;
      this.source = this.buffer = null;
    }
  }

  async stream() {
    let backOffMs = 400;
    await this.waitForStream();
    await this.open();
    for (;;) {
      let pauseMs = 400;
      try {
        const playlist = await this.readPlaylist();
        const n = playlist ? await this.appendNew(playlist) : 0;
        this.onTrouble(false);
        backOffMs = 400;
        if (n === 0)
          pauseMs = playlist && !playlist.ended ? Math.max(400, playlist.targetDuration * 250) : 2000;
        else
          pauseMs = 100;
      } catch (error) {
        /* What is in the buffer goes on playing meanwhile. */
        if (!(error instanceof NetworkError))
          throw error;
        this.onTrouble(true);
        backOffMs = pauseMs = Math.min(backOffMs * 1.6, MAX_BACK_OFF_MS);
      }
      if (this.video.error)
        throw new Error(this.video.error.message || 'decoding failed');
      await this.dropPlayed();
      await sleep(pauseMs);
    }
  }

  async appendNew(playlist) {
    const first = playlist.sequence;
    const after = first + playlist.segments.length;
    let n = 0;

    if (after === first)
      return 0;
    /* The beginning, a server that began anew, or too late for the oldest one. */
    if (this.next === null || this.next > after || this.next < first)
      this.next = Math.max(first, after - START_SEGMENTS_BACK);
    while (this.next < after) {
      const segment = playlist.segments[this.next - first];
      const reply = await fetchWithin('live/' + segment.uri, {}, TIMEOUT_MS);
      if (reply.status === 404) {
        /* Gone meanwhile: read again what there is. */
        this.next = null;
        return 0;
      }
      if (!reply.ok)
        throw new NetworkError('segment: ' + reply.status);
      await this.appendInit(segment.init);
      await this.append(reply.body);
      this.next++;
      n++;
      this.start();
    }
    return n;
  }

  async appendInit(uri) {
    if (uri === this.init)
      return;
    const reply = await fetchWithin('live/' + uri, {}, TIMEOUT_MS);
    if (!reply.ok)
      throw new NetworkError('initialisation: ' + reply.status);
    if (this.init !== null && (await this.readType()) !== this.type)
      throw new Error('another kind of stream');
    await this.append(reply.body);
    this.init = uri;
  }

  async append(bytes) {
    try {
      await this.change(() => this.buffer.appendBuffer(bytes));
    } catch (error) {
      if (error.name !== 'QuotaExceededError')
        throw error;
      await this.dropPlayed(2);
      await this.change(() => this.buffer.appendBuffer(bytes));
    }
  }

  /* Does something to the buffer and waits until it is done. */
  change(action) {
    const { buffer, source } = this;
    return new Promise((resolve, reject) => {
      if (source.readyState !== 'open') {
        reject(new Error('the player was closed'));
        return;
      }
      const done = () => { clear(); resolve(); };
      const failed = () => { clear(); reject(new Error('the picture cannot be read')); };
      const clear = () => {
        buffer.removeEventListener('updateend', done);
        buffer.removeEventListener('error', failed);
      };
      buffer.addEventListener('updateend', done);
      buffer.addEventListener('error', failed);
      try {
        action();
      } catch (error) {
        clear();
        reject(error);
      }
    });
  }

  async dropPlayed(keepS = KEEP_PLAYED_S) {
    const { buffer, video } = this;
    if (buffer.buffered.length === 0)
      return;
    /* A paused viewer goes on at the live edge, so that what waits may go too. */
    const end = buffer.buffered.end(buffer.buffered.length - 1);
    const until = Math.max(video.currentTime, this.wantsPause ? end - MAX_BEHIND_S : 0) - keepS;
    if (until > buffer.buffered.start(0) + 10)
      await this.change(() => buffer.remove(0, until));
  }

  start() {
    const { video } = this;
    if (video.paused && !this.wantsPause)
      video.play().catch(() => { this.wantsPause = false; });
  }

  /* Twice a second: near the live edge, and moving. */
  keepAtEdge() {
    const { video } = this;
    const ranges = video.buffered;

    if (!this.buffer || ranges.length === 0 || video.paused || video.seeking)
      return;
    const now = performance.now();
    const start = ranges.start(ranges.length - 1);
    const end = ranges.end(ranges.length - 1);
    const behind = end - video.currentTime;
    if (Math.abs(video.currentTime - this.lastTime) > 0.01) {
      this.lastTime = video.currentTime;
      this.lastMove = now;
    }
    const stalled = now - this.lastMove > STALLED_MS && behind > 1;
    if (behind > MAX_BEHIND_S || behind < -0.5 || video.currentTime < start - 0.1 && ranges.length === 1 || stalled) {
      video.currentTime = Math.max(start, end - AFTER_JUMP_BEHIND_S);
      this.lastMove = now;
    }
    video.playbackRate = behind > CATCH_UP_BEHIND_S ? 1.05 : 1;
  }
}

/* ---- the page ---- */

const SOUND_BUTTON_MS = 10000;

class Page {
  constructor() {
    this.status = 'waiting';
    this.posts = new Map();
    this.tag = null;
    this.video = $('video');
    this.player = new Player(this.video, (trouble) => { this.streamTrouble = trouble; this.showTrouble(); });

    $('sound').addEventListener('click', () => this.soundOn());
    for (const name of ['playing', 'waiting', 'pause', 'play', 'volumechange', 'loadeddata', 'emptied', 'ended'])
      this.video.addEventListener(name, () => this.showScreen());
    setInterval(() => this.showScreen(), 1000);
  }

  run() {
    this.showWords();
    this.showScreen();
    this.player.run();
    this.pollForEver();
  }

  soundOn() {
    this.video.muted = false;
    if (this.video.volume === 0)
      this.video.volume = 1;
    this.player.wantsPause = false;
    this.video.play().catch(() => {});
    this.player.keepAtEdge();
    this.video.focus();
  }

  async pollForEver() {
    for (;;) {
      const began = performance.now();
      let soon = false;
      try {
        /* A server with too many visitors does not wait: then we do. */
        soon = await this.poll() || performance.now() - began > WAIT_MS / 5;
        this.stateTrouble = false;
      } catch {
        this.stateTrouble = true;
      }
      this.showTrouble();
      await sleep(soon ? 200 : 3000);
    }
  }

  /* Whether something changed. What an author takes back must be gone at once: the server answers when
   * there is something new. */
  async poll() {
    const headers = this.tag ? { 'If-None-Match': this.tag } : {};
    const reply = await fetchWithin(this.tag ? 'state.json?wait=1' : 'state.json',
                                    { headers, cache: 'no-store' }, TIMEOUT_MS + WAIT_MS);
    if (reply.status === 304)
      return false;
    if (!reply.ok)
      throw new Error('state: ' + reply.status);
    this.show(JSON.parse(decode(reply.body)));
    this.tag = reply.tag;
    return true;
  }

  show(state) {
    this.status = state.status;
    words = WORDS[chooseLanguage(state.language)];
    document.title = state.title;
    setText($('title'), state.title);
    setText($('talk-title'), state.talk ? state.talk.title : '');
    setText($('talk-speakers'), state.talk ? state.talk.speakers : '');
    this.showWords();
    this.showPosts(state.posts);
    this.showScreen();
  }

  showWords() {
    document.documentElement.lang = words === WORDS.fr ? 'fr' : 'en';
    this.video.setAttribute('aria-label', words.video);
    setText($('talk-word'), words.now);
    setText($('posts-word'), words.posts);
    setText($('posts-empty'), words.noPosts);
    setText($('trouble'), words.lost);
    setText($('status-word'), words[this.status]);
    $('status').dataset.status = this.status;
  }

  /* The cover hides the video until there is something to see, and once it is over. */
  showScreen() {
    const { video } = this;
    const behind = video.buffered.length > 0 ? video.buffered.end(video.buffered.length - 1) - video.currentTime : 0;
    const live = this.status === 'live';
    const over = this.status === 'ended' && (video.readyState < 3 || behind < 0.3);
    const visible = video.readyState >= 2 && !over;
    const wantsPlay = video.paused && !this.player.hasPicture;

    $('cover').hidden = visible;
    $('screen').classList.toggle('covered', !visible);
    $('talk').hidden = $('talk-title').textContent === '' || this.status === 'ended';
    $('talk-word').hidden = !live;
    $('cover').dataset.status = this.status;
    setText($('cover-word'), words[this.status]);
    setText($('cover-hint'), words[this.status + 'Hint']);
    $('sound').hidden = !visible || !(video.muted || video.volume === 0 || wantsPlay);
    setText($('sound-word'), wantsPlay ? words.play : words.sound);
    /* Who goes on watching without sound gets the middle of the picture back. */
    if (visible && !this.visibleSince)
      this.visibleSince = performance.now();
    $('sound').classList.toggle('aside', !wantsPlay && performance.now() - this.visibleSince > SOUND_BUTTON_MS);
  }

  showTrouble() {
    $('trouble').hidden = !(this.stateTrouble || this.streamTrouble);
  }

  showPosts(posts) {
    const list = $('posts');
    /* What people see in the picture comes first, then the newest. */
    const onScreen = (post) => post.on_screen && this.status === 'live';
    const sorted = [...posts.filter(onScreen), ...posts.filter((post) => !onScreen(post))];
    const known = new Set(posts.map((post) => post.id));

    for (const [id, element] of this.posts)
      if (!known.has(id)) {
        element.remove();
        this.posts.delete(id);
      }
    let before = null;
    for (const post of sorted) {
      let element = this.posts.get(post.id);
      if (!element) {
        element = this.makePost(post);
        this.posts.set(post.id, element);
      }
      const wanted = before ? before.nextElementSibling : list.firstElementChild;
      if (wanted !== element)
        list.insertBefore(element, wanted);
      element.classList.toggle('on-screen', onScreen(post));
      element.querySelector('.badge').hidden = !onScreen(post);
      setText(element.querySelector('.badge'), words.onScreen);
      before = element;
    }
    $('posts-empty').hidden = posts.length > 0;
  }

  /* What strangers wrote goes in as text, never as markup. */
  makePost(post) {
    const make = (tag, name, text) => {
      const element = document.createElement(tag);
      element.className = name;
      element.textContent = text;
      element.dir = 'auto';
      return element;
    };
    const handle = post.handle && post.network !== '' && !post.handle.startsWith('@') ? '@' + post.handle : post.handle;
    const where = [handle, post.network].filter((part) => part).join(' · ');
    const item = make('li', 'post', '');
    item.append(make('span', 'badge', words.onScreen), make('p', 'post-name', post.name),
                make('p', 'post-where', where), make('p', 'post-text', post.text));
    return item;
  }
}

new Page().run();

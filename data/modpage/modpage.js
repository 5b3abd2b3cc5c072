/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting posts from a phone: what the control room's panel shows, and decisions back. */

import { Line } from './line.js';
import { age, makePost } from './modpage-post.js';
import { language, word } from './modpage-words.js';

const LISTS = ['incoming', 'held', 'approved', 'hidden', 'questions'];
const STEP = 40;
const MOST = 200;
const READING_PX = 120;
const SAID_MS = 10000;
const AGES_MS = 30000;

const byId = (id) => document.getElementById(id);
const posts = new Map(); /* id → post, of the list that is shown */
const elements = new Map(); /* id → its element */
const state = { list: 'incoming', count: STEP, order: [], shown: [], facts: {}, asked: new Map(), last: 0 };
let line = null;
let saidTimer = 0;

/* ---- what is told ---- */

function setLine(name) {
  byId('line').dataset.state = name;
  byId('line').textContent = word({ open: 'connected', lost: 'lost', wait: 'connecting' }[name]);
  byId('list').inert = name !== 'open';
  byId('undo').disabled = name !== 'open';
}

function say(text) {
  clearTimeout(saidTimer);
  byId('said').hidden = false;
  byId('said-text').textContent = text;
  byId('aloud').textContent = text;
  saidTimer = setTimeout(() => { byId('said').hidden = true; }, SAID_MS);
}

function notice(name) {
  byId('desk').hidden = byId('panic').hidden = byId('said').hidden = true;
  byId('line').textContent = byId('others').textContent = '';
  byId('notice').hidden = false;
  byId('notice-title').textContent = word(`${name}Title`);
  byId('notice-text').textContent = word(`${name}Text`);
}

/* ---- the list ---- */

function draw(id) {
  const post = posts.get(id);

  if (!elements.has(id))
    elements.set(id, makePost(post, state.facts.may_show, press));
  return elements.get(id);
}

/* Keeps what is there where it is: only what is new or gone is touched, so that focus stays. */
function arrange() {
  const list = byId('posts');
  const wanted = new Set(state.shown);

  for (const child of [...list.children]) {
    if (!wanted.has(child.dataset.id) || elements.get(child.dataset.id) !== child)
      child.remove();
  }
  state.shown.forEach((id, index) => {
    const element = draw(id);

    if (list.children[index] !== element)
      list.insertBefore(element, list.children[index] ?? null);
  });
  byId('empty').hidden = state.order.length > 0;
  byId('more').hidden = state.order.length < state.count || state.count >= MOST;
}

/* What comes in does not push away what is being read: it waits behind a button. */
function updateFresh(all) {
  const shown = new Set(state.shown);
  const reading = !all && scrollY > READING_PX;
  const first = state.order.findIndex((id) => shown.has(id));
  const waiting = reading && first > 0 ? first : 0;

  state.shown = state.order.slice(waiting);
  byId('fresh').hidden = waiting === 0;
  byId('fresh').textContent = word('fresh', { n: waiting });
  arrange();
}

function takeList(message) {
  if (message.list !== state.list)
    return;
  for (const post of message.posts) {
    posts.set(post.id, post);
    elements.delete(post.id);
  }
  for (const id of [...posts.keys()]) {
    if (!message.order.includes(id)) {
      posts.delete(id);
      elements.delete(id);
    }
  }
  state.order = message.order;
  keepFocus(() => updateFresh(false));
}

/* Where the post that was decided about stood, the next one is to be decided about. */
function keepFocus(change) {
  const before = document.activeElement?.closest?.('.post');
  const index = before ? [...byId('posts').children].indexOf(before) : -1;
  const act = document.activeElement?.dataset?.act;

  change();
  if (index < 0 || document.activeElement !== document.body)
    return;
  const now = byId('posts').children[Math.min(index, byId('posts').children.length - 1)];
  (now?.querySelector(`[data-act="${act}"]`) ?? now?.querySelector('button') ?? byId('list'))
    .focus({ preventScroll: true });
}

function takeFacts(facts) {
  const mayShow = state.facts.may_show;

  state.facts = facts;
  for (const list of LISTS) {
    byId(`tab-${list}`).textContent = word('tab', { list: word(`list-${list}`), n: facts[list] });
  }
  byId('panic').hidden = !facts.panic;
  byId('others').textContent = facts.moderators > 1 ? word('others', { n: facts.moderators }) : word('alone');
  byId('undo').hidden = !facts.undo;
  const shown = posts.get(facts.on_screen);
  byId('on-screen').hidden = !shown;
  byId('on-screen').textContent = shown ? word('onScreen', { name: shown.name }) : '';
  if (mayShow !== facts.may_show) {
    elements.clear();
    keepFocus(arrange);
  }
}

function lookAt(list, count) {
  if (state.list !== list) {
    posts.clear();
    elements.clear();
    state.order = state.shown = [];
    arrange();
    byId('empty').hidden = true;
    scrollTo(0, 0);
  }
  state.list = list;
  state.count = count;
  for (const name of LISTS) {
    byId(`tab-${name}`).setAttribute('aria-selected', String(name === list));
    byId(`tab-${name}`).tabIndex = name === list ? 0 : -1;
  }
  byId('list').setAttribute('aria-labelledby', `tab-${list}`);
  line?.send('list', { list, count });
}

/* ---- decisions ---- */

function decide(act, post) {
  const id = ++state.last;

  state.asked.set(id, act);
  line.send('do', { id, act, post: post.id });
}

function press(act, post) {
  if (act !== 'block') {
    decide(act, post);
    return;
  }
  const name = post.name || post.handle;
  byId('block-title').textContent = word('blockTitle', { name });
  byId('block-text').textContent = word('blockText', { name });
  byId('block-yes').onclick = () => {
    byId('block-dialog').close();
    decide('block', post);
  };
  byId('block-dialog').showModal();
}

function takeResult(message) {
  const act = state.asked.get(message.id);

  state.asked.delete(message.id);
  if (act)
    say(message.failure ? word(`failed-${message.failure}`) : word(`said-${act}`));
}

/* ---- the line ---- */

function take(message) {
  if (message.type === 'welcome') {
    setLine('open');
    document.title = word('page', { event: message.title });
    byId('title').textContent = message.title;
    byId('desk').hidden = false;
    byId('notice').hidden = true;
    posts.clear();
    elements.clear();
    lookAt(state.list, state.count);
  } else if (message.type === 'facts') {
    takeFacts(message);
  } else if (message.type === 'list') {
    takeList(message);
  } else if (message.type === 'result') {
    takeResult(message);
  }
}

function findMe() {
  let me = sessionStorage.getItem('me');

  if (!me) {
    me = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    sessionStorage.setItem('me', me);
  }
  return me;
}

/* The link's secret does not stay in the address: a photo of the screen or a shared tab has it not. */
function findToken() {
  const token = location.hash.slice(1);

  if (token) {
    sessionStorage.setItem('token', token);
    history.replaceState(null, '', location.pathname);
  }
  return token || sessionStorage.getItem('token');
}

function makeTabs() {
  byId('tabs').setAttribute('aria-label', word('lists'));
  for (const list of LISTS) {
    const tab = document.createElement('button');

    tab.type = 'button';
    tab.id = `tab-${list}`;
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', 'list');
    tab.textContent = word(`list-${list}`);
    tab.addEventListener('click', () => lookAt(list, STEP));
    byId('tabs').append(tab);
  }
  byId('tabs').addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = LISTS.findIndex((list) => byId(`tab-${list}`) === document.activeElement);

    if (!step || at < 0)
      return;
    const list = LISTS[(at + step + LISTS.length) % LISTS.length];
    lookAt(list, STEP);
    byId(`tab-${list}`).focus();
  });
}

function begin() {
  const token = findToken();

  document.documentElement.lang = language;
  for (const [id, key] of [['panic', 'panic'], ['empty', 'empty'], ['more', 'more'], ['undo', 'undo'],
    ['block-no', 'blockNo'], ['block-yes', 'blockYes']])
    byId(id).textContent = word(key);
  makeTabs();
  byId('more').addEventListener('click', () => lookAt(state.list, Math.min(state.count + STEP, MOST)));
  byId('fresh').addEventListener('click', () => {
    updateFresh(true);
    scrollTo(0, 0);
    byId('list').focus({ preventScroll: true });
  });
  byId('block-no').addEventListener('click', () => byId('block-dialog').close());
  byId('undo').addEventListener('click', () => {
    const id = ++state.last;

    state.asked.set(id, 'undo');
    line.send('undo', { id });
  });
  setInterval(() => {
    for (const time of document.querySelectorAll('time'))
      time.textContent = age(Number(time.dataset.createdS));
  }, AGES_MS);

  if (!token) {
    notice('noToken');
    return;
  }
  setLine('wait');
  line = new Line(token, language, { me: findMe() });
  line.addEventListener('message', (event) => take(event.detail));
  line.addEventListener('lost', () => setLine('lost'));
  line.addEventListener('bye', (event) => {
    const known = { invalid: 'invalid', revoked: 'revoked', full: 'full', protocol: 'protocol' };

    if (event.detail === 'ended' || event.detail === 'busy') {
      /* Régie restarts, or many knock at once: it may be there again. */
      setLine('lost');
      setTimeout(() => line.open(), 3000);
      return;
    }
    if (event.detail !== 'full')
      sessionStorage.removeItem('token');
    notice(known[event.detail] ?? 'revoked');
  });
  line.open();
}

begin();

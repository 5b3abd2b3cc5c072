/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One post as it is seen. What strangers wrote is only ever set as text. */

import { reason, word } from './modpage-words.js';

const ACTIONS = {
  incoming: ['approve', 'show', 'hide', 'question', 'block'],
  held: ['approve', 'hide', 'question', 'block'],
  approved: ['show', 'hide', 'question', 'block'],
  'on-screen': ['take-off', 'hide', 'question', 'block'],
  hidden: ['approve', 'block'],
};

function element(name, className, text) {
  const made = document.createElement(name);

  made.className = className;
  if (text !== undefined)
    made.textContent = text;
  return made;
}

export function age(createdS) {
  const minutes = Math.floor((Date.now() / 1000 - createdS) / 60);

  if (minutes < 1)
    return word('now');
  if (minutes < 60)
    return word('minutes', { n: minutes });
  if (minutes < 48 * 60)
    return word('hours', { n: Math.floor(minutes / 60) });
  return word('days', { n: Math.floor(minutes / 1440) });
}

function head(post) {
  const who = element('p', 'who');
  const name = element('strong', 'name', post.name || post.handle);
  const time = element('time', 'facts', age(post.created_s));

  name.dir = 'auto';
  time.dateTime = new Date(post.created_s * 1000).toISOString();
  time.dataset.createdS = post.created_s;
  who.append(name, element('span', 'handle', [post.handle, post.network].filter(Boolean).join(' · ')), time);
  return who;
}

function why(post) {
  const key = { held: 'heldBecause', hidden: 'hiddenBecause' }[post.state];

  if (!key || post.reasons.length === 0)
    return [];
  return [element('p', 'why', word(key, { reasons: post.reasons.map(reason).join(', ') }))];
}

function quote(post) {
  const block = element('blockquote', '');

  if (!post.quote)
    return [];
  block.append(element('p', '', word('quoted', { name: post.quote_author })), element('p', '', post.quote));
  return [block];
}

function marks(post) {
  const words = [];

  if (post.state === 'on-screen')
    words.push(word('onScreenMark'));
  if (post.question)
    words.push(word('questionMark'));
  return words.length ? [element('p', 'marks', words.join(' · '))] : [];
}

function button(post, act, run) {
  const made = element('button', { approve: 'good' }[act] ?? '', word(act));

  made.type = 'button';
  made.dataset.act = act;
  made.setAttribute('aria-label', word('of', { what: word(act), name: post.name || post.handle }));
  made.addEventListener('click', () => run(act, post));
  return made;
}

function buttons(post, mayShow, run) {
  const row = element('div', 'buttons');

  for (const action of ACTIONS[post.state] ?? []) {
    const act = action === 'question' ? (post.question ? 'answer' : 'ask') : action;

    if (mayShow || (act !== 'show' && act !== 'take-off'))
      row.append(button(post, act, run));
  }
  return row;
}

/** run (act, post): what to do when something is pressed. */
export function makePost(post, mayShow, run) {
  const item = element('li', `post ${post.state}`);
  const text = element('p', 'text', post.text);

  item.dataset.id = post.id;
  if (post.language)
    text.lang = post.language;
  text.dir = 'auto';
  item.append(head(post), ...marks(post));
  if (post.warning)
    item.append(element('p', 'warning', word('warning', { text: post.warning })));
  item.append(text, ...quote(post));
  for (const description of post.media)
    item.append(element('p', 'facts', description ? word('picture', { text: description }) : word('pictureNoText')));
  item.append(...why(post), buttons(post, mayShow, run));
  return item;
}

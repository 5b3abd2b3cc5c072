/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The token of the link, and what is kept over a reload. */

/* What survives a reload of this tab, and nothing longer. */
export const memory = {
  get(key) {
    try {
      return JSON.parse(sessionStorage.getItem('regie-' + key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      sessionStorage.setItem('regie-' + key, JSON.stringify(value));
    } catch {
      /* A browser that keeps nothing asks again after a reload. */
    }
  },
  clear() {
    for (const key of ['token', 'joined', 'place', 'choice', 'sees'])
      try {
        sessionStorage.removeItem('regie-' + key);
      } catch {
        return;
      }
  },
};

/* The token leaves the address, so that no history and no screenshot keeps it. */
export function takeToken() {
  const token = location.hash.slice(1);

  if (token) {
    if (memory.get('token') !== token)
      memory.clear();
    memory.set('token', token);
    if (memory.get('token') === token)
      history.replaceState(null, '', location.pathname);
  }
  return token || memory.get('token') || '';
}

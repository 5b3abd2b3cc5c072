/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line to the crew: one WebSocket that comes back by itself. Small messages only, no media.
 * The guests' and the moderators' page have it. */

const PING_MS = 3000;
const SILENCE_MS = 10000;
const PROBE_MS = 2500;
const OPEN_TIMEOUT_MS = 10000;
const BACK_OFF_MS = [1000, 2000, 4000, 8000];
const HEALTHY_MS = 15000;


/**
 * Events: “message” (detail: the message), “lost” (everything of the old connection is void),
 * “bye” (detail: the reason; the line stays closed until open () is called again).
 */
export class Line extends EventTarget {
  constructor(token, language, more = {}) {
    super();
    this.token = token;
    this.language = language;
    this.more = more; /* of the hello */
    this.state = 'closed'; /* closed · connecting · open · waiting */
    this.attempts = 0;
    this.echoes = new Map();
    this.lastEcho = 0;
    this.lastPing = 0;

    addEventListener('online', () => this.retryNow());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible')
        this.probe();
    });
  }

  open() {
    const url = new URL('signal', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.hash = '';
    url.search = '';

    this.drop();
    this.state = 'connecting';
    this.heardAt = performance.now();
    let socket = null;
    try {
      socket = new WebSocket(url);
    } catch (error) {
      console.info('Line:', error.message);
      this.retryLater();
      return;
    }
    this.socket = socket;
    socket.onopen = () => this.sendTo(socket, { type: 'hello', token: this.token, language: this.language, ...this.more });
    socket.onmessage = (event) => this.take(socket, event.data);
    socket.onclose = () => {
      if (this.socket === socket)
        this.lose('closed');
    };
    this.openTimer = setTimeout(() => this.lose('no answer'), OPEN_TIMEOUT_MS);
    this.pingTimer = setInterval(() => this.ping(), PING_MS);
  }

  /* No more until open () is called. */
  close() {
    this.drop();
    this.state = 'closed';
  }

  /* Something is wrong with what hangs on this line: all of it begins anew. */
  lose(why) {
    if (this.state === 'closed')
      return;
    console.info('Line lost:', why);
    this.drop();
    this.retryLater();
    this.dispatchEvent(new Event('lost'));
  }

  send(type, values = {}) {
    if (this.state === 'open')
      this.sendTo(this.socket, { type, ...values });
  }

  /* Sends a text and resolves with the milliseconds until it came back, rejects when it does not. */
  echo(payload, timeoutMs) {
    return new Promise((resolve, reject) => {
      const id = ++this.lastEcho;
      const sentAt = performance.now();
      const timer = setTimeout(() => finish(new Error('no echo')), timeoutMs);
      const finish = (error) => {
        clearTimeout(timer);
        this.echoes.delete(id);
        if (error)
          reject(error);
        else
          resolve(performance.now() - sentAt);
      };
      if (this.state !== 'open') {
        finish(new Error('not connected'));
        return;
      }
      this.echoes.set(id, finish);
      this.send('echo', { id, payload });
    });
  }

  /* The network changed or is there again: what waits need not wait. */
  retryNow() {
    if (this.state === 'waiting')
      this.open();
    else
      this.probe();
  }

  /* Back from sleep: does the other side still hear us? */
  probe() {
    if (this.state === 'waiting') {
      this.open();
    } else if (this.state === 'open') {
      const askedAt = performance.now();
      this.ping();
      setTimeout(() => {
        if (this.state === 'open' && this.heardAt < askedAt)
          this.lose('no answer after sleep');
      }, PROBE_MS);
    }
  }

  /* ---- below: only used here ---- */

  drop() {
    const { socket } = this;

    clearTimeout(this.openTimer);
    clearTimeout(this.retryTimer);
    clearTimeout(this.healthyTimer);
    clearInterval(this.pingTimer);
    this.socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    for (const finish of [...this.echoes.values()])
      finish(new Error('the line was closed'));
  }

  retryLater() {
    const backOffMs = BACK_OFF_MS[Math.min(this.attempts, BACK_OFF_MS.length - 1)];

    this.attempts++;
    this.state = 'waiting';
    this.retryTimer = setTimeout(() => this.open(), backOffMs * (0.85 + Math.random() * 0.15));
  }

  ping() {
    if (performance.now() - this.heardAt > SILENCE_MS)
      this.lose('silence');
    else
      this.send('ping', { id: ++this.lastPing });
  }

  sendTo(socket, message) {
    if (socket.readyState === WebSocket.OPEN)
      socket.send(JSON.stringify(message));
  }

  take(socket, text) {
    let message = null;

    if (this.socket !== socket)
      return;
    this.heardAt = performance.now();
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (message.type === 'echo')
      this.echoes.get(message.id)?.();
    else if (message.type === 'bye')
      this.end(message.reason);
    else if (message.type !== 'pong')
      this.pass(message);
  }

  pass(message) {
    if (message.type === 'welcome') {
      clearTimeout(this.openTimer);
      this.state = 'open';
      this.healthyTimer = setTimeout(() => { this.attempts = 0; }, HEALTHY_MS);
    }
    this.dispatchEvent(new CustomEvent('message', { detail: message }));
  }

  end(reason) {
    this.close();
    this.attempts = 0;
    this.dispatchEvent(new CustomEvent('bye', { detail: reason }));
  }
}

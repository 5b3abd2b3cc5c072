/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What he presses, and what the browser reports, becomes a call to the guest. */

import { playTestSound } from './guest-checks.js';
import { memory } from './guest-memory.js';
import { $ } from './guest-view.js';

const on = (id, action, name = 'click') => $(id).addEventListener(name, action);

export function connectControls(guest) {
  connectSteps(guest);
  connectShow(guest);
  connectDevices(guest);
  connectDialogs(guest);
  connectWindow(guest);
}

/* Where he goes. */
function connectSteps(guest) {
  on('language-fr', () => guest.setLanguage('fr', true));
  on('language-en', () => guest.setLanguage('en', true));
  on('join', () => guest.enter(memory.get('place') || guest.welcome.place));
  on('notice-action', () => guest.actOnNotice());
  on('forward', () => guest.go(guest.place === 'following' ? 'green-room' : 'ready'));
  on('back', () => guest.go(guest.place === 'ready' ? 'green-room' : 'following'));
}

/* What he sees and hears. */
function connectShow(guest) {
  const video = $('program-video');

  on('view', () => guest.switchView());
  on('sound', () => guest.setSoundOff(!guest.soundOff));
  on('volume', () => guest.setVolume(Number($('volume').value)), 'input');
  on('full', () => guest.toggleFullScreen());
  on('sound-on', () => guest.play(video.srcObject));
  for (const name of ['resize', 'playing', 'emptied'])
    video.addEventListener(name, () => guest.show());
}

/* What he sends. */
function connectDevices(guest) {
  const { devices } = guest;

  on('microphone', () => devices.setMicrophoneOn(!devices.sendsSound));
  on('camera', () => devices.setCameraOn(!devices.sendsPicture));
  on('share', () => guest.toggleSharing());
  on('try-again', () => guest.openDevices());
  for (const kind of ['camera', 'microphone', 'speaker'])
    on(kind + '-choice', () => devices.choose(kind, $(kind + '-choice').value), 'change');
  on('speaker-other', () => guest.chooseOtherSpeaker());
  on('music', () => devices.setMusic($('music').checked), 'change');
  on('test-sound', () => playTestSound(devices.choice.speaker).catch((error) => console.info(error.message)));
  on('headphones-test', () => guest.checkHeadphones());
  on('network-test', () => guest.checkNetwork());
}

function connectDialogs(guest) {
  on('settings', () => $('settings-dialog').showModal());
  on('settings-close', () => $('settings-dialog').close());
  on('leave', () => {
    $('leave-on-air').hidden = guest.shownState !== 'on-air';
    $('leave-dialog').showModal();
  });
  on('stay', () => $('leave-dialog').close());
  on('leave-now', () => guest.leave());
}

function connectWindow(guest) {
  document.addEventListener('fullscreenchange', () => guest.show());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible')
      guest.keepAwake();
  });
  addEventListener('hashchange', () => location.reload());
  addEventListener('beforeunload', (event) => {
    if (guest.shownState === 'on-air' && guest.view === 'stage')
      event.preventDefault();
  });
}

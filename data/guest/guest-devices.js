/* SPDX-License-Identifier: GPL-3.0-or-later */
/* His camera, microphone and loudspeaker. */

const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const SCREEN = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 30 } };

/* Why a device could not be opened: refused, missing, busy, or other. */
export function troubleOf(error) {
  switch (error.name) {
  case 'NotAllowedError':
  case 'SecurityError':
    return 'refused';
  case 'NotFoundError':
  case 'OverconstrainedError':
    return 'missing';
  case 'NotReadableError':
  case 'AbortError':
    return 'busy';
  default:
    return 'other';
  }
}

function soundConstraints(deviceId, isMusic) {
  const clean = !isMusic;
  const sound = { echoCancellation: clean, noiseSuppression: clean, autoGainControl: clean };

  if (isMusic)
    sound.channelCount = { ideal: 2 };
  if (deviceId)
    sound.deviceId = { ideal: deviceId };
  return sound;
}

function pictureConstraints(deviceId) {
  return deviceId ? { ...PICTURE, deviceId: { ideal: deviceId } } : PICTURE;
}

/**
 * Opens and closes what he sends, one thing at a time.
 *
 * Event “change”: a track, a trouble, a wish or the list is another one.
 */
export class Devices extends EventTarget {
  constructor(choice) {
    super();
    /* What he chose: device ids ('' is the browser's own choice) and switches; kept over a reload. */
    this.choice = {
      camera: '', microphone: '', speaker: '', music: false, cameraOn: true, microphoneOn: true, ...choice,
    };
    this.camera = null;
    this.microphone = null;
    this.trouble = { camera: '', microphone: '' };
    this.list = { cameras: [], microphones: [], speakers: [] };
    this.isOpen = false;
    this.work = Promise.resolve();
    navigator.mediaDevices?.addEventListener('devicechange', () => this.take(() => this.heal()));
  }

  /* What he means to send, and nothing prevents it. */
  get sendsPicture() {
    return this.choice.cameraOn && this.trouble.camera === '';
  }

  get sendsSound() {
    return this.choice.microphoneOn && this.trouble.microphone === '';
  }

  /* Asks for camera and microphone; what cannot be had is in `trouble`. */
  open() {
    return this.take(async () => {
      this.isOpen = true;
      await this.openBoth();
    });
  }

  close() {
    return this.take(() => {
      this.isOpen = false;
      this.setCamera(null);
      this.setMicrophone(null);
      this.trouble = { camera: '', microphone: '' };
    });
  }

  setCameraOn(isOn) {
    this.choice.cameraOn = isOn;
    return this.take(async () => {
      if (!isOn)
        this.setCamera(null);
      else if (this.isOpen)
        await this.openCamera();
    });
  }

  /* Muted sends silence at once, and the microphone need not be opened again. */
  setMicrophoneOn(isOn) {
    this.choice.microphoneOn = isOn;
    if (this.microphone)
      this.microphone.enabled = isOn;
    return this.take(async () => {
      if (isOn && this.isOpen && !this.microphone)
        await this.openMicrophone();
    });
  }

  choose(kind, deviceId) {
    this.choice[kind] = deviceId;
    return this.take(async () => {
      if (kind === 'camera' && this.isOpen && this.choice.cameraOn)
        await this.openCamera();
      else if (kind === 'microphone' && this.isOpen)
        await this.openMicrophone();
    });
  }

  setMusic(isMusic) {
    this.choice.music = isMusic;
    return this.take(async () => {
      if (this.isOpen)
        await this.openMicrophone();
    });
  }

  /* His microphone once more, as it is: nothing that would take the loudspeaker's sound out. */
  openRawMicrophone() {
    const deviceId = this.microphone?.getSettings().deviceId || this.choice.microphone;
    const audio = soundConstraints('', true);

    if (deviceId)
      audio.deviceId = { exact: deviceId };
    return navigator.mediaDevices.getUserMedia({ audio });
  }

  /* ---- below: only used here ---- */

  /* One after the other: a quick finger must not open a camera twice. */
  take(action) {
    this.work = this.work.then(action).catch((error) => console.info('Devices:', error.message))
      .then(() => this.refresh());
    return this.work;
  }

  async refresh() {
    if (navigator.mediaDevices?.enumerateDevices) {
      const all = await navigator.mediaDevices.enumerateDevices();
      const named = (kind) => all.filter((device) => device.kind === kind && device.deviceId);
      this.list = {
        cameras: named('videoinput'), microphones: named('audioinput'), speakers: named('audiooutput'),
      };
    }
    this.dispatchEvent(new Event('change'));
  }

  /* One question for both where that works, else each alone: a missing camera leaves the sound. */
  async openBoth() {
    const { choice } = this;

    if (!choice.cameraOn || this.camera || this.microphone) {
      if (choice.cameraOn && !this.camera)
        await this.openCamera();
      if (!this.microphone)
        await this.openMicrophone();
      return;
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: pictureConstraints(choice.camera), audio: soundConstraints(choice.microphone, choice.music),
      });
      this.setCamera(stream.getVideoTracks()[0]);
      this.setMicrophone(stream.getAudioTracks()[0]);
      this.trouble = { camera: '', microphone: '' };
    } catch (error) {
      console.info('Camera and microphone:', error.name);
      await this.openMicrophone();
      await this.openCamera();
    }
  }

  async openCamera() {
    try {
      /* Some cameras open only once: the old one goes first. */
      this.setCamera(null);
      const stream = await navigator.mediaDevices.getUserMedia({ video: pictureConstraints(this.choice.camera) });
      this.setCamera(stream.getVideoTracks()[0]);
      this.trouble.camera = '';
    } catch (error) {
      console.info('Camera:', error.name);
      this.trouble.camera = troubleOf(error);
    }
  }

  async openMicrophone() {
    const { choice } = this;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: soundConstraints(choice.microphone, choice.music),
      });
      this.setMicrophone(stream.getAudioTracks()[0]);
      this.trouble.microphone = '';
    } catch (error) {
      console.info('Microphone:', error.name);
      this.setMicrophone(null);
      this.trouble.microphone = troubleOf(error);
    }
  }

  setCamera(track) {
    this.camera?.stop();
    this.camera = track;
    this.watch(track, 'camera');
  }

  setMicrophone(track) {
    this.microphone?.stop();
    this.microphone = track;
    if (track) {
      track.enabled = this.choice.microphoneOn;
      track.contentHint = this.choice.music ? 'music' : 'speech';
    }
    this.watch(track, 'microphone');
  }

  /* Unplugged, or taken by the system: say so; heal () opens another one when there is one. */
  watch(track, kind) {
    track?.addEventListener('ended', () => this.take(async () => {
      if (this[kind] !== track)
        return;
      this[kind] = null;
      this.trouble[kind] = 'missing';
      await this.heal();
    }));
  }

  async heal() {
    if (!this.isOpen)
      return;
    if (this.trouble.camera === 'missing' && this.choice.cameraOn && !this.camera)
      await this.openCamera();
    if (this.trouble.microphone === 'missing' && !this.microphone)
      await this.openMicrophone();
  }
}

export const canShareScreen = () => Boolean(navigator.mediaDevices?.getDisplayMedia);

/* His slides; throws when he changes his mind. */
export async function openScreen() {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: SCREEN, audio: true });
  const [picture] = stream.getVideoTracks();
  const [sound = null] = stream.getAudioTracks();

  picture.contentHint = 'detail';
  return { picture, sound };
}

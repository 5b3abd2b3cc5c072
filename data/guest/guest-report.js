/* SPDX-License-Identifier: GPL-3.0-or-later */

/* For tests and for whoever helps a guest: how it is right now. */
export async function reportOn(guest) {
  return {
    view: guest.view,
    notice: guest.notice,
    place: guest.place,
    state: guest.shownState,
    line: guest.line?.state || 'closed',
    language: guest.language,
    connected: Boolean(guest.peer?.isConnected),
    muted: guest.muted,
    talkback: guest.talkback,
    weak: guest.isWeak,
    missing: guest.isMissing,
    cues: guest.cues,
    checks: guest.checks,
    camera: guest.devices.camera?.getSettings() || null,
    microphone: guest.devices.microphone?.getSettings() || null,
    trouble: guest.devices.trouble,
    main: (await guest.peer?.readNow()) || null,
    screen: (await guest.screenPeer?.readNow()) || null,
  };
}

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A guest on a line that loses, one that stutters, and one that is narrow: his sound is kept, and what the
crew reads is true."""
import os
import pathlib
import time

from regie_browser import Chromium
from regie_guests import GuestPage, guest, lan_link, write_guests_event
from regie_networks import Cable, go_apart
from regie_testing import SAMPLE_RATE, Regie, Sound, is_recording, once, run, tap

ROOM_HZ, ANNA_HZ = 440, 1000
LOSS, STUTTER_MS, NARROW_KBPS = 0.03, (10, 60), 500
LEAST_SHARE, LEAST_FPS = 0.95, 20
LOOK_S, LOOKS = 4, 6
LONG = 'REGIE_TEST_LONG' in os.environ  # the minute after it, too
PIECE_S = 0.02
PROGRAM = {'width': 640, 'height': 360, 'rate': 30, 'video-kbps': 800, 'audio-kbps': 128}


@once
def make_busy_camera(path):
    """A picture in which much moves, so that there is something to lose."""
    run(['ffmpeg', '-nostdin', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30:d=4',
         '-c:v', 'mjpeg', '-q:v', '4', '-pix_fmt', 'yuvj420p', '-f', 'mjpeg', path])
    return path


@once
def make_busy_room(path):
    run(['ffmpeg', '-nostdin', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=30:d=20',
         '-f', 'lavfi', '-i', f'sine=frequency={ROOM_HZ}:sample_rate=48000:duration=20,volume=12dB', '-c:v', 'libx264',
         '-preset', 'ultrafast', '-g', '30', '-pix_fmt', 'yuv420p', '-c:a', 'aac', path])
    return path


def write_event(stage):
    """A room in which something moves as well, and one guest."""
    make_busy_room(stage.folder / 'room.mp4')
    room = {'id': 'room', 'title': 'Room', 'kind': 'uri', 'uri': 'room.mp4', 'loop': True, 'volume-db': -6}
    shots = [{'id': shot, 'layout': 'full', 'sources': [name]}
             for shot, name in (('room', 'room'), ('wide', 'room'), ('anna', 'anna'))]
    return write_guests_event(stage, ['anna'], [room], shots, PROGRAM, lan=True)


class Look:
    """What went both ways between two moments."""

    def __init__(self, show, page, seconds=LOOK_S):
        self.page = page
        self.from_ms = show.status['running-ms']
        before, began, rates = self._counts(), time.monotonic(), []
        while time.monotonic() < began + seconds:
            status = show.wait_for(lambda status: True, 'a status line', 5)
            rates.append(guest(status, 'anna')['fps'])
        after, took = self._counts(), time.monotonic() - began
        sent, shown, concealed, samples = (b - a for a, b in zip(before, after))
        self.to_ms = show.status['running-ms']
        self.figures = guest(show.status, 'anna')
        self.sent_fps, self.return_fps, self.fps = sent / took, shown / took, sum(rates) / len(rates)
        self.concealed = concealed / max(samples, 1)

    def _counts(self):
        sound = self.page.stats('inbound-rtp', 'audio')
        return (self.page.count('outbound-rtp', 'video', 'framesSent'), self.page.count('inbound-rtp', 'video', 'framesDecoded'),
                sound['concealedSamples'] - sound.get('silentConcealedSamples', 0), sound['totalSamplesReceived'])

    def is_whole(self, before, least_share=LEAST_SHARE):
        """As many as are sent arrive, both ways."""
        return self.fps >= least_share * self.sent_fps and self.return_fps >= least_share * before.return_fps

    def is_fluent(self):
        """And the line has settled: nothing is lost any more."""
        return self.fps >= LEAST_FPS and self.return_fps >= LEAST_FPS and self.concealed < 0.02 and \
            self.figures['lost'] < 0.01 and self.figures['lost_out'] < 0.01

    def __str__(self):
        figures = self.figures
        return (f'sent {self.sent_fps:.1f}, arrived {self.fps:.1f} a second at {figures["width"]} × {figures["height"]}, '
                f'lost {figures["lost"]:.3f} and {figures["lost_out"]:.3f}, round trip {figures["rtt_ms"]:.0f} ms; return '
                f'{self.return_fps:.1f} a second, sound made up {self.concealed:.3f}')


def look_until(show, page, fits):
    """A machine that is busy with other things spoils one look, but hardly all."""
    for _ in range(LOOKS):
        look = Look(show, page)
        if fits(look):
            break
    return look


def is_weak(status):
    return guest(status, 'anna')['state'] == 'weak' and 'guest-weak' in {alarm['kind'] for alarm in status['alarms']}


def lines(stage):
    """All three, one after the other, while the show is recorded."""
    cable = Cable(stage, shaky=True)
    show = Regie(stage, write_event(stage), go_live=False)
    show.wait_for_actions()
    browser = Chromium(stage, make_busy_camera(stage.folder / 'busy.mjpeg'), prefix=cable.place.prefix,
                       flags=['--ignore-certificate-errors'])
    page = GuestPage(browser.new_tab(), lan_link(show, 'anna', cable.OURS), ANNA_HZ)
    page.come_in()
    page.get_ready()
    show.action('take', 'anna')
    show.wait_for(lambda status: guest(status, 'anna')['height'] == 720 and guest(status, 'anna')['way'] == 'direct',
                  'the whole picture', 30)
    show.action('go-live')
    show.wait_for(is_recording, 'the recording', 25)
    good = Look(show, page, 2)
    tap.note(f'a good line: {good}')

    cable.lose(LOSS)
    show.wait_for(lambda status: guest(status, 'anna')['lost'] > LOSS / 3, 'the loss to be noticed', 30)
    lossy = look_until(show, page, lambda look: look.is_whole(good))
    tap.check(lossy.is_whole(good), f'{LOSS:.0%} lost: {LEAST_SHARE:.0%} of the pictures arrive, both ways', lossy)
    cable.lose(0)

    cable.shake(*STUTTER_MS)
    stuttering = look_until(show, page, lambda look: look.is_whole(good, 0.8) and look.concealed < 0.05)
    tap.check(stuttering.is_whole(good, 0.8) and stuttering.concealed < 0.05,
              'a line that stutters: the pictures arrive, and the sound', stuttering)
    cable.shake(0, 0)

    cable.narrow(NARROW_KBPS, NARROW_KBPS)
    show.wait_for(is_weak, 'the crew to be warned', 45)
    report = page.wait_for(lambda report: report['weak'], 'the guest to be told')
    show.wait_for(lambda status: guest(status, 'anna')['height'] < 720 and guest(status, 'anna')['fps'] >= LEAST_FPS,
                  'a smaller picture that moves', 45)
    tap.check(guest(show.status, 'anna')['way'] == 'direct' and report['view'] == 'stage',
              'the crew reads that his network is weak, his picture smaller, and the way direct', guest(show.status, 'anna'))
    narrow = look_until(show, page, Look.is_fluent)
    tap.check(narrow.is_fluent(), f'{NARROW_KBPS} kbit/s: {LEAST_FPS} pictures a second at least both ways, and sound', narrow)
    page.tab.screenshot('guests-weak.png')
    if LONG:
        # Whoever has room again gets the whole picture back, but not at once.
        cable.narrow()
        show.wait_for(lambda status: guest(status, 'anna')['height'] == 720, 'the whole picture again', 300)
        tap.check(True, 'with room again, his picture grows again')
    show.stop()
    sound = Sound(pathlib.Path(show.status['recording']['path']))
    # Both end together, as nearly as this needs it.
    began_s = show.status['running-ms'] / 1000 - len(sound.samples) / SAMPLE_RATE
    # At the first two, a machine that is busy adds to what is lost and late.
    for look, most, claim in ((lossy, 0.15, 'loss'), (stuttering, 0.3, 'stutter'), (narrow, 0.05, 'a narrow line')):
        levels = [level for t, level in sound.tones(ANNA_HZ, PIECE_S)
                  if look.from_ms / 1000 + 0.5 < began_s + t < look.to_ms / 1000 - 0.5]
        faint = sum(level < 0.03 for level in levels)
        tap.check(len(levels) > 50 and faint <= len(levels) * most, f'{claim}: his sound is in the recording',
                  f'{faint} of {len(levels)} pieces of {PIECE_S * 1000:.0f} ms are missing')


go_apart()
tap.run(lines)

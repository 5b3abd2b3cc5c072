# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of `test`: Régie, installed as a Flatpak, is used."""
import os
import pathlib
import subprocess

from gi.repository import Gio, GLib

from regie_testing import (
    OBJECT_PATH, NginxRtmp, Regie, SrtReceiver, artifact, destination, frames, run, streams, tap, wait_until,
    write_event, write_secrets)
from test_building import APP, flatpak

CODECS = 'org.freedesktop.Platform.codecs-extra'
KEY = 'live_1234-VerySecret_abcd'
# What src/ makes by name, and what it relies on behind decodebin and uridecodebin.
ELEMENTS = '''aacparse appsink appsrc audioconvert audioresample avdec_aac avenc_aac capsfilter decodebin deinterlace
    fakesink fdsink flacenc flvmux h264parse identity jpegenc level matroskamux mp4mux mpegtsmux nicesink nicesrc opusdec
    opusenc opusparse pipewiresrc pulsesrc queue rtmp2sink rtpbin rtph264depay rtph264pay rtpopusdepay rtpopuspay
    rtpvp8depay rtpvp8pay rtspsrc srtsink srtsrc uridecodebin v4l2src videoconvert videoconvertscale videoflip
    videoscale vp8dec vp8enc webrtcbin webrtcdsp'''.split()
WITH_CODECS = ['x264enc', 'avdec_h264']
# A window with pictures in it has thousands.
COLOURS_OF_A_WINDOW = 500


def find_missing(elements):
    script = 'for name; do gst-inspect-1.0 --exists "$name" || echo "$name"; done'
    return flatpak('run', '--command=sh', APP, '-c', script, 'sh', *elements).split()


def elements(_stage):
    """Everything that Régie makes is there, with the codecs and without."""
    missing = find_missing(ELEMENTS + WITH_CODECS)
    tap.check(not missing, f'{len(ELEMENTS + WITH_CODECS)} elements of GStreamer are found', ' '.join(missing))
    bundled = flatpak('run', '--command=gst-inspect-1.0', APP, 'srtsink')
    tap.check('/app/lib/gstreamer-1.0/libgstsrt.so' in bundled, 'that for SRT is the one that Régie brings')


class Desktop:
    """A display and a session bus that know the installed Flatpak, and nobody else."""

    def __init__(self, stage):
        self.stage = stage
        home = stage.folder / 'home'
        (home / 'Videos').mkdir()
        (home / 'config').mkdir(exist_ok=True)
        (home / 'config' / 'user-dirs.dirs').write_text('XDG_VIDEOS_DIR="$HOME/Videos"\n')
        self.videos = home / 'Videos'
        self.share = pathlib.Path(os.environ['FLATPAK_USER_DIR']) / 'exports' / 'share'
        stage.environment.update({'XDG_DATA_DIRS': f'{self.share}:/usr/local/share:/usr/share',
                                  'GSK_RENDERER': 'cairo', 'FLATPAK_USER_DIR': os.environ['FLATPAK_USER_DIR']})
        del stage.environment['GSETTINGS_BACKEND'], stage.environment['GST_REGISTRY']

    def open_display(self):
        read_fd, write_fd = os.pipe()
        self.stage.start(['Xvfb', '-displayfd', str(write_fd), '-screen', '0', '1366x768x24', '-nolisten', 'tcp'],
                         pass_fds=[write_fd], stderr=subprocess.DEVNULL)
        os.close(write_fd)
        with os.fdopen(read_fd) as pipe:
            self.stage.environment['DISPLAY'] = ':' + pipe.readline().strip()
        self._open_bus()

    def _open_bus(self):
        """Another bus, which starts programs: with the display in its environment."""
        config = self.stage.folder / 'activating.conf'
        config.write_text(
            '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" '
            '"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">\n'
            f'<busconfig><type>session</type><listen>unix:path={self.stage.folder}/activating</listen>'
            f'<servicedir>{self.share}/dbus-1/services</servicedir><policy context="default">'
            '<allow send_destination="*"/><allow own="*"/><allow eavesdrop="true"/></policy></busconfig>\n')
        address = f'unix:path={self.stage.folder}/activating'
        self.stage.environment['DBUS_SESSION_BUS_ADDRESS'] = address
        daemon = self.stage.start(['dbus-daemon', f'--config-file={config}', '--nofork', '--print-address=1'],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        daemon.stdout.readline()
        self.stage.bus = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
            Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        self.stage.bus.set_exit_on_close(False)

    def call(self, interface, method, parameters=None, timeout_ms=60000):
        return self.stage.bus.call_sync(APP, OBJECT_PATH, interface, method, parameters, None,
                                        Gio.DBusCallFlags.NONE, timeout_ms, None)

    def action(self, name):
        self.call('org.gtk.Actions', 'Activate', GLib.Variant('(sava{sv})', (name, [], {})))

    def state(self, name):
        reply = self.call('org.gtk.Actions', 'Describe', GLib.Variant('(s)', (name,)))
        states = reply.unpack()[0][2]
        return states[0] if states else None

    def wait_for_window(self, name):
        """Until pictures are on the display; one of it is kept."""
        path = artifact(f'flatpak-{name}.png')

        def drawn():
            run(['import', '-window', 'root', path], env=self.stage.environment)
            return int(run(['identify', '-format', '%k', path]).stdout) > COLOURS_OF_A_WINDOW
        wait_until(drawn, 'a window with pictures in it', 60, 1)
        return path

    def run_flatpak(self, *words, **options):
        return subprocess.run(['flatpak', *words], env=self.stage.environment, capture_output=True, text=True,
                              check=False, stdin=subprocess.DEVNULL, **options)

    def instances(self):
        return self.run_flatpak('ps', '--columns=application').stdout.split().count(APP)

    def close(self):
        self.run_flatpak('kill', APP)
        wait_until(lambda: self.instances() == 0, 'the end of Régie', 20)


def activation(stage):
    """D-Bus starts it; a rehearsal is recorded into the Videos folder outside."""
    desktop = Desktop(stage)
    desktop.open_display()
    desktop.call('org.freedesktop.Application', 'Activate', GLib.Variant('(a{sv})', ({},)))
    desktop.wait_for_window('activation')
    tap.check(desktop.instances() == 1, 'D-Bus starts Régie in a sandbox, and it shows its window')
    desktop.action('rehearse')
    found = wait_until(lambda: list(desktop.videos.rglob('*.mp4')), 'a recording in the Videos folder', 40)
    wait_until(lambda: found[0].stat().st_size > 300000, 'the recording to grow', 40, 0.5)
    desktop.wait_for_window('rehearsal')
    desktop.close()
    video, audio = streams(found[0])
    tap.check((video['codec_name'], audio['codec_name']) == ('h264', 'aac'),
              'what it records is found outside, in Videos', found[0].relative_to(desktop.videos))


def menu(stage):
    """The menu entry starts it, and “Open Demonstration” with it."""
    desktop = Desktop(stage)
    desktop.open_display()
    entry = desktop.share / 'applications' / f'{APP}.desktop'
    stage.start(['gio', 'launch', entry], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    desktop.wait_for_window('menu')
    tap.check(desktop.instances() == 1, 'the menu entry starts Régie in a sandbox')
    desktop.call('org.freedesktop.Application', 'ActivateAction',
                 GLib.Variant('(sava{sv})', ('open-demonstration', [], {})))
    tap.check(desktop.state('rehearse') is not None, 'its action opens the demonstration')
    desktop.close()


def make_show(stage, desktop, **parts):
    """A headless show of a folder in Videos, as somebody has prepared it there."""
    folder = desktop.videos / 'Event'
    folder.mkdir()
    event = write_event(folder, [{'id': 'hall', 'kind': 'drawn', 'drawing': 'speaker'}], **parts)
    wrapper = stage.folder / 'regie'
    # There is no desktop's portal on this bus, of which libraries warn.
    wrapper.write_text(f'#!/bin/sh\nunset G_DEBUG\nexec flatpak run --die-with-parent {APP} "$@"\n')
    wrapper.chmod(0o755)
    os.environ['REGIE'] = str(wrapper)
    return event, folder


def finish(show):
    """A signal would reach the sandbox's parent, and Régie none."""
    show.action('quit')
    return show.wait(30)


def publishing(stage):
    """Without a window it records, and publishes by RTMP and SRT to servers outside."""
    desktop = Desktop(stage)
    nginx, srt = NginxRtmp(stage), SrtReceiver(stage)
    event, folder = make_show(stage, desktop, destinations=[
        {'id': 'tube', 'title': 'Tube', 'url': nginx.url(), 'key': 'keyring'},
        {'id': 'srt', 'title': 'SRT', 'url': srt.url()}])
    show = Regie(stage, event, go_live=False, secrets=write_secrets(folder, {'tube': KEY}))
    show.go_live()
    status = show.wait_for_running(6)
    tap.check(status['program']['encoder'] == 'x264enc', 'the codecs’ encoder is used', status['program']['encoder'])
    tap.check(destination(status, 'tube')['state'] == destination(status, 'srt')['state'] == 'live', 'both are live')
    tap.check(finish(show) == 0, 'it ends when it is told to')
    nginx.stop()
    for name, path in (('RTMP', nginx.files()[0]), ('SRT', srt.stop()),
                       ('recording', next((folder / 'recordings').glob('*.mp4')))):
        video, audio = streams(path)
        seen = frames(path)
        contrast = max(seen[-1].data) - min(seen[-1].data)
        tap.check((video['codec_name'], audio['codec_name']) == ('h264', 'aac') and len(seen) > 100 and contrast > 60,
                  f'{name}: the picture and the sound arrived', f'{len(seen)} pictures with a contrast of {contrast}')


def without_codecs(stage):
    """Where the codecs were taken out, that is said, with what to install; the show stays open."""
    desktop = Desktop(stage)
    nginx = NginxRtmp(stage)
    event, folder = make_show(stage, desktop, destinations=[
        {'id': 'tube', 'title': 'Tube', 'url': nginx.url(), 'key': 'keyring'}])
    flatpak('--user', 'uninstall', '-y', '--noninteractive', f'{CODECS}//51-extra')
    try:
        missing = find_missing(ELEMENTS + ['x264enc'])
        tap.check(missing == ['x264enc'], 'nothing but the encoder is missing', ' '.join(missing))
        show = Regie(stage, event, secrets=write_secrets(folder, {'tube': KEY}))
        wait_until(lambda: any('codecs-extra' in line for line in show.stderr), 'the sentence that says what to install', 60)
        tap.check(True, 'it is said what to install', ''.join(show.stderr))
        show.wait_for(lambda status: all(source['state'] == 'live' for source in status['sources']), 'its sources')
        tap.check(not nginx.streams(), 'nothing is published')
        tap.check(finish(show) == 1, 'it ends when it is told to, and says that not everything worked')
    finally:
        flatpak('--user', 'install', '-y', '--noninteractive', 'standin', f'{CODECS}//51-extra')


CASES = (elements, activation, menu, publishing, without_codecs)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A camera and a microphone, captured by name, unplugged and plugged again.

The machine needs neither: PipeWire of our own, in a runtime folder of our own, has a virtual camera
(a GStreamer program that gives pictures) and a virtual mixing desk into which a tone is played.
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from regie_desk import Desk  # noqa: E402
from regie_pace import within
from regie_testing import (  # noqa: E402
    RED, BLUE, GREEN, YELLOW, SAMPLE_RATE, Regie, Sound, colour_at, frames, gaps, is_colour, n_lost_frames, packets,
    save_frame, source, tap, write_event)

TONE_HZ = 1000
OTHER_TONE_HZ = 440


def camera_event(stage, device='stage-camera', sound='desk-mic'):
    return write_event(stage.folder, [{'id': 'room', 'title': 'Room', 'kind': 'camera', 'device': device,
                                       'sound': sound}])


def is_state(state):
    return lambda status: source(status, 'room')['state'] == state


def hears(status):
    return max(source(status, 'room')['peak-db']) > -40


def program_time(status):
    return status['running-ms'] / 1000


class Recording:
    """What was recorded, on the show's own time."""

    def __init__(self, path, went_live_s):
        self.path = path
        self.offset_s = went_live_s
        self.frames = frames(path, 32, 18, 'rgb24')
        self.sound = Sound(path)

    def shows(self, at_s, left, right):
        frame = min(self.frames, key=lambda f: abs(f.time + self.offset_s - at_s))
        seen = colour_at(frame, 32, 8, 9), colour_at(frame, 32, 24, 9)
        return is_colour(seen[0], left) and is_colour(seen[1], right), seen

    def hears(self, at_s, hz):
        index = int((at_s - self.offset_s) * SAMPLE_RATE)
        return self.sound.tone(hz, max(0, index), SAMPLE_RATE // 10)

    def windows(self, at_s, hz):
        """The tone in each 20 ms of half a second."""
        index = int((at_s - self.offset_s) * SAMPLE_RATE)
        n = SAMPLE_RATE // 50
        return [self.sound.tone(hz, index + i * n, n) for i in range(25)]


def check_continuity(path):
    times = [packet.time for packet in packets(path, 'v')]
    found = gaps(times, 1 / 30, 0.002)
    tap.check(not found, 'the recording has a picture every thirtieth of a second', found or f'{len(times)} pictures')
    found = Sound(path).gaps(0.002)
    tap.check(not found, 'and sound without a gap', found or '')


def plugged_and_unplugged(stage):
    """The camera and the microphone by name; each is unplugged and plugged again while live."""
    desk = Desk(stage)
    camera = desk.plug_camera('stage-camera')
    microphone = desk.plug_microphone('desk-mic', TONE_HZ)
    show = Regie(stage, camera_event(stage))
    status = show.wait_for(lambda s: is_state('live')(s) and hears(s) and s['recording']['bytes'] > 0,
                           'camera and microphone', 20)
    tap.check(source(status, 'room')['description'] == '640×360 30 fps', 'says what comes in',
              source(status, 'room')['description'])
    marks = {'live': program_time(show.wait_for_running(3))}

    desk.unplug_camera(camera)
    unplugged = show.status
    status = show.wait_for(is_state('lost'), 'the camera lost', 6)
    took_s = program_time(status) - program_time(unplugged)
    tap.check(within(took_s, 4), 'an unplugged camera is lost within 3 s', f'{took_s:.1f} s: {source(status, "room")}')
    status = show.wait_for_running(3.5)
    marks['lost'] = program_time(status)
    tap.check(hears(status), 'its microphone goes on', source(status, 'room'))

    camera = desk.plug_camera('stage-camera', YELLOW, GREEN)
    status = show.wait_for(is_state('live'), 'the camera again', 12)
    marks['again'] = program_time(show.wait_for_running(2.5))

    desk.unplug_microphone(microphone)
    status = show.wait_for(lambda s: not hears(s) and source(s, 'room')['error'], 'the microphone lost', 8)
    tap.check(is_state('live')(status), 'the camera goes on without its microphone', source(status, 'room'))
    marks['silent'] = program_time(show.wait_for_running(2))
    microphone = desk.plug_microphone('desk-mic', OTHER_TONE_HZ)
    status = show.wait_for(lambda s: hears(s) and not source(s, 'room')['error'], 'the microphone again', 12)
    marks['heard'] = program_time(show.wait_for_running(2.5))
    status = show.status
    tap.check(within(n_lost_frames(status), 3, 15), 'the program did not wait for any of this', status['program'])
    path = status['recording']['path']
    tap.check(show.stop() == 0, 'ends well', show.stderr[-3:])
    judge(path, marks, program_time(status))


def judge(path, marks, end_s):
    check_continuity(path)
    length_s = packets(path, 'v')[-1].time
    recording = Recording(path, 0)
    # The last status line came within a second of the end.
    recording.offset_s = end_s - length_s + 0.2
    for mark, left, right in (('live', RED, BLUE), ('again', YELLOW, GREEN), ('heard', YELLOW, GREEN)):
        right_picture, seen = recording.shows(marks[mark] - 0.6, left, right)
        tap.check(right_picture, f'{mark}: the recording shows the camera', seen)
    for colours in ((RED, BLUE), (YELLOW, GREEN)):
        tap.check(not recording.shows(marks['lost'] - 0.4, *colours)[0], 'lost: the recording does not',
                  recording.shows(marks['lost'] - 0.4, *colours)[1])
    save_frame(path, marks['lost'] - 0.4 - recording.offset_s, 'devices-lost.png')
    save_frame(path, marks['live'] - 0.6 - recording.offset_s, 'devices-live.png')
    for mark, hz, other in (('live', TONE_HZ, OTHER_TONE_HZ), ('lost', TONE_HZ, OTHER_TONE_HZ),
                            ('heard', OTHER_TONE_HZ, TONE_HZ)):
        level = recording.hears(marks[mark] - 0.8, hz)
        wrong = recording.hears(marks[mark] - 0.8, other)
        tap.check(level > 0.1 and wrong < 0.01, f'{mark}: the recording has the tone', f'{level:.3f}, not {wrong:.4f}')
        windows = recording.windows(marks[mark] - 0.8, hz)
        # A virtual microphone may itself come late on a busy machine; what is broken crackles all along.
        n_odd = sum(not 0.23 < level < 0.27 for level in windows)
        tap.check(within(n_odd, 0, len(windows) // 4), f'{mark}: the tone is whole',
                  f'{min(windows):.3f} to {max(windows):.3f} in 20 ms, {n_odd} of {len(windows)} beside it')
    level = recording.hears(marks['silent'] - 0.8, TONE_HZ)
    tap.check(level < 0.001, 'silent: the recording is silent', f'{level:.4f}')


def not_another_device(stage):
    """When a camera and a microphone asked for by name go away, no other one takes their place."""
    desk = Desk(stage)
    desk.plug_camera('other-camera', YELLOW, GREEN)
    desk.plug_microphone('other-mic', OTHER_TONE_HZ)
    camera = desk.plug_camera('stage-camera')
    microphone = desk.plug_microphone('desk-mic', TONE_HZ)
    show = Regie(stage, camera_event(stage))
    show.wait_for(lambda s: is_state('live')(s) and hears(s), 'camera and microphone', 20)
    desk.unplug_camera(camera)
    desk.unplug_microphone(microphone)
    status = show.wait_for(lambda s: is_state('lost')(s) and not hears(s), 'both lost', 8)
    status = show.wait_for_running(4)
    tap.check(is_state('lost')(status) and not hears(status), 'it stays lost and silent', source(status, 'room'))
    show.stop()


def plugged_in_elsewhere(stage):
    """A camera that says who it is is found in another place; its twin never takes its place."""
    desk = Desk(stage)
    webcam = 'device.vendor.id=(string)0x046d,device.product.id=(string)0x082d'
    camera = desk.plug_camera('usb-1', hardware=webcam)
    show = Regie(stage, camera_event(stage, '046d:082d@usb-1', 'none'), go_live=False)
    show.wait_for(is_state('live'), 'the camera', 20)
    desk.unplug_camera(camera)
    show.wait_for(is_state('lost'), 'the camera lost', 8)
    camera = desk.plug_camera('usb-2', YELLOW, GREEN, hardware=webcam)
    status = show.wait_for(is_state('live'), 'the camera in another place', 12)
    tap.check(True, 'a camera is found where it is plugged in now', source(status, 'room'))
    listed = subprocess.run([os.environ['REGIE'], '--list-devices'], env=stage.environment, capture_output=True, text=True,
                            check=False, timeout=30).stdout
    tap.check('046d:082d@usb-2\tusb-2' in listed, 'it is listed by what it is', listed)
    show.stop()
    desk.unplug_camera(camera)

    camera = desk.plug_camera('usb-1', hardware=webcam)
    desk.plug_camera('usb-2', YELLOW, GREEN, hardware=webcam)
    show = Regie(stage, camera_event(stage, '046d:082d@usb-1', 'none'), go_live=False)
    show.wait_for(is_state('live'), 'one of two', 20)
    desk.unplug_camera(camera)
    show.wait_for(is_state('lost'), 'it is lost', 8)
    status = show.wait_for_running(3)
    tap.check(is_state('lost')(status), 'its twin does not take its place', source(status, 'room'))
    show.stop()


def default_devices(stage):
    """`default` is a real microphone if there is one, never what the loudspeakers play."""
    desk = Desk(stage)
    # A sink with something in it, which is the default sink’s monitor to some. It comes first: what plays into the
    # only sink there is would be moved to it.
    desk._pactl('load-module', 'module-null-sink', 'sink_name=speakers')  # pylint: disable=protected-access
    desk._pactl('set-default-sink', 'speakers')  # pylint: disable=protected-access
    desk.plug_camera('any-camera')
    desk.plug_microphone('any-mic', TONE_HZ)
    stage.start(['gst-launch-1.0', '-q', 'audiotestsrc', 'is-live=true', f'freq={OTHER_TONE_HZ}', '!', 'pulsesink',
                 'device=speakers'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    show = Regie(stage, camera_event(stage, 'default', 'default'))
    show.wait_for(lambda s: is_state('live')(s) and hears(s), 'camera and microphone', 20)
    status = show.wait_for_running(3)
    path = status['recording']['path']
    tap.check(show.stop() == 0, 'ends well', show.stderr[-3:])
    recording = Recording(path, 0)
    middle_s = len(recording.sound.samples) / SAMPLE_RATE / 2
    # Which one is heard is the question here; that it is heard without a gap is asked elsewhere.
    levels = sorted(recording.windows(middle_s, TONE_HZ))
    level, wrong = levels[len(levels) // 2], recording.hears(middle_s, OTHER_TONE_HZ)
    tap.check(level > 0.23 and wrong < 0.01, 'the microphone is heard, not the loudspeakers',
              f'{level:.3f}, {wrong:.4f}')


def plugged_in_late(stage):
    """A show that starts with nothing plugged in, and with no sound server at all before that."""
    desk = Desk(stage)
    show = Regie(stage, camera_event(stage), go_live=False)
    status = show.wait_for(is_state('lost'), 'no camera', 10)
    tap.check('not plugged in' in (source(status, 'room')['error'] or ''), 'says what is missing',
              source(status, 'room')['error'])
    desk.plug_camera('stage-camera')
    desk.plug_microphone('desk-mic', TONE_HZ)
    status = show.wait_for(lambda s: is_state('live')(s) and hears(s), 'camera and microphone', 12)
    tap.check(show.stop() == 0, 'ends well', show.stderr[-3:])


def no_sound_server(stage):
    """Where there is neither PipeWire nor PulseAudio, a camera is lost and the show goes on."""
    show = Regie(stage, camera_event(stage, 'default', 'default'), go_live=False)
    status = show.wait_for(is_state('lost'), 'no camera', 15)
    tap.check(source(status, 'room')['error'] == 'no camera is plugged in', 'says what is missing',
              source(status, 'room')['error'])
    show.stop()


if __name__ == '__main__':
    tap.run(plugged_and_unplugged, not_another_device, plugged_in_elsewhere, default_devices, plugged_in_late,
            no_sound_server)

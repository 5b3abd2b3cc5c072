#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Régie inside a sandbox: what it gets there, it gets from the desktop's portals, see regie_portals.py."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from regie_desk import Desk  # noqa: E402
from regie_guests import guest, link, write_guests_event  # noqa: E402
from regie_portals import Portals, Sandbox  # noqa: E402
from regie_testing import GLib, source, tap, wait_until, write_event  # noqa: E402

# Without it the portal takes it for no camera.
CAMERA = 'media.role=Camera'
ROOM = {'id': 'room', 'title': 'Room', 'kind': 'drawn'}


def camera_event(stage, device='stage-camera'):
    return write_event(stage.folder, [{'id': 'room', 'title': 'Room', 'kind': 'camera', 'device': device, 'sound': 'none'}])


def is_state(state):
    return lambda status: source(status, 'room')['state'] == state


def is_link(state):
    return lambda status: source(status, 'anna').get('guest', {}).get('link-state') == state


def says(words):
    return lambda status: words in (source(status, 'room')['error'] or '')


def set_permission(stage, table, identifier, answer):
    """What somebody chose in the desktop’s settings."""
    name = 'org.freedesktop.impl.portal.PermissionStore'
    stage.bus.call_sync(name, '/' + name.replace('.', '/'), name, 'SetPermission',
                        GLib.Variant('(sbssas)', (table, True, identifier, 'live.regie.Regie', [answer])), None, 0, 10000, None)


def granted(stage):
    """Somebody is asked once; then cameras come and go, and the portal’s end is survived."""
    desk = Desk(stage)
    camera = desk.plug_camera('stage-camera', hardware=CAMERA)
    portals = Portals(stage, 'yes')
    show = Sandbox(stage).start(camera_event(stage), go_live=False)
    status = show.wait_for(is_state('live'), 'the camera', 40)
    tap.check(source(status, 'room')['description'] == '640×360 30 fps', 'the camera is there', source(status, 'room'))
    asked = portals.find(call='AccessDialog')
    tap.check(len(asked) == 1 and asked[0]['app'] == 'live.regie.Regie', 'somebody was asked once', portals.calls)
    portals.kill()
    status = show.wait_for_running(1)
    tap.check(is_state('live')(status), 'a portal that dies takes nothing away', source(status, 'room'))
    portals.start()
    desk.unplug_camera(camera)
    status = show.wait_for(is_state('lost'), 'the camera unplugged', 20)
    desk.plug_camera('stage-camera', hardware=CAMERA)
    status = show.wait_for(is_state('live'), 'the camera plugged in again', 40)
    tap.check(len(portals.find(call='AccessDialog')) == 1, 'nobody is asked again', portals.calls)
    tap.check(show.stop() == 0, 'ends well', show.stderr[-3:])


def refused(stage):
    """Somebody says no: that is said, and asked again when the operator wants it."""
    Desk(stage).plug_camera('stage-camera', hardware=CAMERA)
    portals = Portals(stage, 'no')
    show = Sandbox(stage).start(camera_event(stage), go_live=False)
    status = show.wait_for(says('it was not allowed to use cameras'), 'the refusal', 40)
    tap.check(is_state('lost')(status), 'the show goes on without it', source(status, 'room'))
    show.wait_for_actions()
    set_permission(stage, 'devices', 'camera', 'yes')
    show.action('ask-again', 'room')
    status = show.wait_for(is_state('live'), 'the camera, once the settings allow it', 40)
    tap.check(len(portals.find(call='AccessDialog')) == 1, 'what the settings say is not asked', portals.calls)
    show.stop()


def portal_dies(stage):
    """The portal dies while somebody thinks about it."""
    Desk(stage).plug_camera('stage-camera', hardware=CAMERA)
    portals = Portals(stage, 'later')
    show = Sandbox(stage).start(camera_event(stage), go_live=False)
    show.wait_for(says('the desktop asks whether cameras may be used'), 'the question', 40)
    portals.wait_for(lambda call: call['call'] == 'AccessDialog', 'the dialog')
    portals.kill()
    show.wait_for(says('the desktop leads to no camera'), 'its end', 20)
    portals.start()
    show.wait_for(says('the desktop asks whether cameras may be used'), 'the question again', 20)
    wait_until(lambda: len(portals.find(call='AccessDialog')) == 2, 'the dialog again', 20)
    tap.check(True, 'a portal that comes back is asked again')
    show.stop()


def no_portal(stage):
    """A desktop without portals."""
    Desk(stage).plug_camera('stage-camera', hardware=CAMERA)
    show = Sandbox(stage).start(camera_event(stage, 'default'), go_live=False)
    status = show.wait_for(says('this desktop has no portal that leads to cameras'), 'the missing portal', 40)
    tap.check(is_state('lost')(status), 'says what is missing, and goes on', source(status, 'room'))
    show.stop()


def on_air(stage):
    """On air the computer stays awake, and a show without a window is told of where it may not go on."""
    portals = Portals(stage, 'yes')
    set_permission(stage, 'background', 'background', 'no')
    event = write_event(stage.folder, [ROOM])
    show = Sandbox(stage).start(event)
    asked = portals.wait_for(lambda call: call['call'] == 'Inhibit', 'the Inhibit portal', 40)
    tap.check(asked['app'] == 'live.regie.Regie' and asked['flags'] == 15 and asked['reason'],
              'logout, switching, sleep and idling are held back', asked)
    wait_until(lambda: 'run in the background' in ''.join(show.stderr), 'the Background portal’s no', 20)
    show.wait_for(lambda status: status['state'] == 'live', 'live', 40)
    show.wait_for_actions()
    show.action('end-live')
    portals.wait_for(lambda call: call['call'] == 'Close', 'the end of that')
    tap.check(show.stop() == 0, 'ends well', show.stderr[-3:])


def keyring(stage):
    """What is secret is in a file of the sandbox, locked with a secret that the desktop keeps."""
    portals = Portals(stage, 'yes')
    event = write_guests_event(stage, ['anna'], [ROOM])
    sandbox = Sandbox(stage)
    show = sandbox.start(event, go_live=False)
    show.wait_for(is_link('kept'), 'a link that is kept', 40)
    first = link(show, 'anna')
    tap.check(portals.find(call='RetrieveSecret', app='live.regie.Regie'), 'the desktop gave a secret', portals.calls)
    files = list((stage.folder / 'home').rglob('*.keyring'))
    tap.check(len(files) == 1 and first.split('#')[-1].encode() not in files[0].read_bytes(),
              'what is kept cannot be read from outside', files)
    show.stop()
    show = sandbox.start(event, go_live=False)
    show.wait_for(is_link('kept'), 'the link again', 40)
    tap.check(link(show, 'anna') == first, 'the link holds after a restart', (first, link(show, 'anna')))
    show.stop()


def no_keyring(stage):
    """The desktop keeps no secrets: a link holds for this run, which is said."""
    portals = Portals(stage, 'no')
    show = Sandbox(stage).start(write_guests_event(stage, ['anna'], [ROOM]), go_live=False)
    show.wait_for(is_link('for-this-run'), 'a link for this run', 40)
    tap.check(portals.find(call='RetrieveSecret') and link(show, 'anna'), 'and there is a link', portals.calls)
    show.stop()


if __name__ == '__main__':
    tap.run(granted, refused, portal_dies, no_portal, on_air, keyring, no_keyring)

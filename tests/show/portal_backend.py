#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desktop adds to xdg-desktop-portal: who asks people, keeps secrets and shows notifications.

portal_backend.py [yes|no|later]: takes the name of a backend on the session bus, and answers what it asks of somebody
with that. The portal itself is the real one. What it is asked is printed, one line each as JSON.
"""
import json
import os
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
import gi
gi.require_version('GLib', '2.0')
from gi.repository import GLib  # noqa: E402

NAME = 'org.freedesktop.impl.portal.desktop.test'
IMPL = 'org.freedesktop.impl.portal'
EMPTY = dbus.Dictionary({}, signature='sv')


def say(**what):
    print(json.dumps(what), flush=True)


class Request(dbus.service.Object):
    @dbus.service.method(f'{IMPL}.Request')
    def Close(self):  # pylint: disable=invalid-name
        say(call='Close')


class Backend(dbus.service.Object):  # pylint: disable=too-many-public-methods
    def __init__(self, bus, answer):
        super().__init__(bus, '/org/freedesktop/portal/desktop')
        self.bus = bus
        self.answer = answer
        self.requests = []

    # pylint: disable=invalid-name,too-many-arguments,unused-argument
    @dbus.service.method(f'{IMPL}.Access', in_signature='osssssa{sv}', out_signature='ua{sv}',
                         async_callbacks=('done', 'failed'))
    def AccessDialog(self, handle, app_id, parent, title, subtitle, body, options, done, failed):
        say(call='AccessDialog', app=str(app_id), title=str(title), body=str(body))
        self.requests.append(Request(self.bus, handle))
        if self.answer != 'later':
            done(dbus.UInt32(0 if self.answer == 'yes' else 1), EMPTY)

    @dbus.service.method(f'{IMPL}.Secret', in_signature='osha{sv}', out_signature='ua{sv}',
                         async_callbacks=('done', 'failed'))
    def RetrieveSecret(self, handle, app_id, fd, options, done, failed):
        say(call='RetrieveSecret', app=str(app_id))
        taken = fd.take()
        if self.answer == 'yes':
            os.write(taken, b'0123456789abcdef' * 4)
        os.close(taken)
        # Debian 12's libsecret begins to listen after the question was taken, and misses an answer that comes at once.
        GLib.timeout_add(1000, done, dbus.UInt32(0 if self.answer == 'yes' else 2), EMPTY)

    @dbus.service.method(f'{IMPL}.Inhibit', in_signature='ossua{sv}')
    def Inhibit(self, handle, app_id, window, flags, options):
        say(call='Inhibit', app=str(app_id), flags=int(flags), reason=str(options.get('reason', '')))
        self.requests.append(Request(self.bus, handle))

    @dbus.service.method(f'{IMPL}.Background', out_signature='a{sv}')
    def GetAppState(self):
        return EMPTY

    @dbus.service.method(f'{IMPL}.Background', in_signature='oss', out_signature='ua{sv}')
    def NotifyBackground(self, handle, app_id, name):
        say(call='NotifyBackground', app=str(app_id))
        return dbus.UInt32(0), EMPTY

    @dbus.service.method(f'{IMPL}.Background', in_signature='sbasu', out_signature='b')
    def EnableAutostart(self, app_id, enable, commandline, flags):
        say(call='EnableAutostart', app=str(app_id), enable=bool(enable))
        return False

    @dbus.service.method(f'{IMPL}.Notification', in_signature='ssa{sv}')
    def AddNotification(self, app_id, identifier, notification):
        say(call='AddNotification', app=str(app_id), id=str(identifier), title=str(notification.get('title', '')),
            body=str(notification.get('body', '')))

    @dbus.service.method(f'{IMPL}.Notification', in_signature='ss')
    def RemoveNotification(self, app_id, identifier):
        say(call='RemoveNotification', app=str(app_id), id=str(identifier))


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    backend = Backend(bus, sys.argv[1])
    name = dbus.service.BusName(NAME, bus)
    say(call='ready', name=name.get_name(), answer=backend.answer)
    GLib.MainLoop().run()


main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop's ScreenCast portal, as far as one program can see it.

fake_portal.py grant NODE | refuse | silent: takes the portal's name on the session bus. The real one belongs to a
desktop, and asks somebody in a dialog; this one answers as that would, and gives a real connection to the PipeWire of
this session. What it was asked is printed, one line a call. SIGUSR1 ends the sharing.
"""
import os
import signal
import socket
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
import gi
gi.require_version('GLib', '2.0')
from gi.repository import GLib  # noqa: E402

NAME = 'org.freedesktop.portal.Desktop'
PATH = '/org/freedesktop/portal/desktop'
SCREEN_CAST = 'org.freedesktop.portal.ScreenCast'


class Request(dbus.service.Object):
    @dbus.service.signal('org.freedesktop.portal.Request', signature='ua{sv}')
    def Response(self, response, results):  # pylint: disable=invalid-name
        pass


class Session(dbus.service.Object):
    @dbus.service.method('org.freedesktop.portal.Session')
    def Close(self):  # pylint: disable=invalid-name
        print('Close', flush=True)

    @dbus.service.signal('org.freedesktop.portal.Session', signature='')
    def Closed(self):  # pylint: disable=invalid-name
        pass


class Portal(dbus.service.Object):
    def __init__(self, bus, answer, node):
        super().__init__(bus, PATH)
        self.bus = bus
        self.answer = answer
        self.node = node
        self.session = None
        self.objects = []

    def reply(self, sender, options, response, results):
        path = f"{PATH}/request/{sender[1:].replace('.', '_')}/{options['handle_token']}"
        request = Request(self.bus, path)
        self.objects.append(request)
        if self.answer != 'silent':
            GLib.idle_add(request.Response, response, dbus.Dictionary(results, signature='sv'))
        return dbus.ObjectPath(path)

    @dbus.service.method(SCREEN_CAST, in_signature='a{sv}', out_signature='o', sender_keyword='sender')
    def CreateSession(self, options, sender=None):  # pylint: disable=invalid-name
        path = f'{PATH}/session/s{len(self.objects)}'
        self.session = Session(self.bus, path)
        print('CreateSession', flush=True)
        return self.reply(sender, options, dbus.UInt32(0), {'session_handle': path})

    @dbus.service.method(SCREEN_CAST, in_signature='oa{sv}', out_signature='o', sender_keyword='sender')
    def SelectSources(self, _session, options, sender=None):  # pylint: disable=invalid-name
        print('SelectSources', int(options['types']), int(options['persist_mode']), options.get('restore_token', '-'),
              flush=True)
        return self.reply(sender, options, dbus.UInt32(0), {})

    @dbus.service.method(SCREEN_CAST, in_signature='osa{sv}', out_signature='o', sender_keyword='sender')
    def Start(self, _session, _window, options, sender=None):  # pylint: disable=invalid-name
        print('Start', flush=True)
        if self.answer == 'refuse':
            return self.reply(sender, options, dbus.UInt32(1), {})
        streams = dbus.Array([dbus.Struct((dbus.UInt32(self.node), dbus.Dictionary({}, signature='sv')))],
                             signature='(ua{sv})')
        return self.reply(sender, options, dbus.UInt32(0), {'streams': streams, 'restore_token': 'as-before'})

    @dbus.service.method(SCREEN_CAST, in_signature='oa{sv}', out_signature='h')
    def OpenPipeWireRemote(self, _session, _options):  # pylint: disable=invalid-name
        print('OpenPipeWireRemote', flush=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as remote:
            remote.connect(os.environ['XDG_RUNTIME_DIR'] + '/pipewire-0')
            return dbus.types.UnixFd(remote.fileno())


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    portal = Portal(bus, sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    name = dbus.service.BusName(NAME, bus)

    def close_session():
        portal.session.Closed()
        return True
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGUSR1, close_session)
    print('ready', name.get_name(), flush=True)
    GLib.MainLoop().run()


main()

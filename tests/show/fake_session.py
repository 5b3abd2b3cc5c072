#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who can be asked to keep a computer awake, as far as one program can see them.

fake_session.py [logind] [desktop] [portal] [notifications]: takes the names of systemd-logind, of a desktop's session
manager, of the Inhibit portal, and of who shows notifications, all on the session bus. The real ones belong to a desktop and to an administrator; these answer as
they would, and give real locks. What they are asked, and when a lock is let go, is printed, one line each as JSON.
SIGUSR1: the computer goes down. SIGUSR2: it goes to sleep, and is woken at once.
"""
import json
import os
import signal
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
import gi
gi.require_version('GLib', '2.0')
from gi.repository import GLib  # noqa: E402

LOGIND = 'org.freedesktop.login1'
DESKTOP = 'org.gnome.SessionManager'
PORTAL = 'org.freedesktop.portal.Desktop'
INHIBIT = 'org.freedesktop.portal.Inhibit'
NOTIFICATIONS = 'org.freedesktop.Notifications'


def say(**what):
    print(json.dumps(what), flush=True)


class Logind(dbus.service.Object):
    def __init__(self, bus):
        super().__init__(bus, '/org/freedesktop/login1')

    @dbus.service.method(f'{LOGIND}.Manager', in_signature='ssss', out_signature='h')
    def Inhibit(self, what, who, why, mode):  # pylint: disable=invalid-name
        read_fd, write_fd = os.pipe()
        say(call='logind.Inhibit', what=what, who=who, why=why, mode=mode)

        def let_go(*_):
            say(call='released', mode=mode)
            os.close(read_fd)
            return GLib.SOURCE_REMOVE
        GLib.io_add_watch(read_fd, GLib.PRIORITY_DEFAULT, GLib.IO_HUP, let_go)
        lock = dbus.types.UnixFd(write_fd)
        os.close(write_fd)
        return lock

    @dbus.service.signal(f'{LOGIND}.Manager', signature='b')
    def PrepareForShutdown(self, begins):  # pylint: disable=invalid-name
        pass

    @dbus.service.signal(f'{LOGIND}.Manager', signature='b')
    def PrepareForSleep(self, begins):  # pylint: disable=invalid-name
        pass


class Desktop(dbus.service.Object):
    def __init__(self, bus):
        super().__init__(bus, '/org/gnome/SessionManager')

    @dbus.service.method(DESKTOP, in_signature='susu', out_signature='u')
    def Inhibit(self, application, window, reason, flags):  # pylint: disable=invalid-name
        say(call='desktop.Inhibit', application=application, window=int(window), reason=reason, flags=int(flags))
        return dbus.UInt32(4711)

    @dbus.service.method(DESKTOP, in_signature='u')
    def Uninhibit(self, cookie):  # pylint: disable=invalid-name
        say(call='desktop.Uninhibit', cookie=int(cookie))


class Request(dbus.service.Object):
    @dbus.service.method('org.freedesktop.portal.Request')
    def Close(self):  # pylint: disable=invalid-name
        say(call='portal.Close')


class Portal(dbus.service.Object):
    def __init__(self, bus):
        super().__init__(bus, '/org/freedesktop/portal/desktop')
        self.request = Request(bus, '/org/freedesktop/portal/desktop/request/1')

    @dbus.service.method(INHIBIT, in_signature='sua{sv}', out_signature='o')
    def Inhibit(self, window, flags, options):  # pylint: disable=invalid-name
        say(call='portal.Inhibit', window=window, flags=int(flags), reason=str(options.get('reason', '')))
        return dbus.ObjectPath('/org/freedesktop/portal/desktop/request/1')


class Notifications(dbus.service.Object):
    def __init__(self, bus):
        super().__init__(bus, '/org/freedesktop/Notifications')

    @dbus.service.method(NOTIFICATIONS, in_signature='susssasa{sv}i', out_signature='u')
    # pylint: disable-next=invalid-name,too-many-arguments,unused-argument
    def Notify(self, name, replaces, icon, title, text, actions, hints, timeout):
        say(call='Notify', name=name, replaces=int(replaces), icon=icon, title=title, text=text)
        return dbus.UInt32(1)


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    kinds = {'logind': (LOGIND, Logind), 'desktop': (DESKTOP, Desktop), 'portal': (PORTAL, Portal),
             'notifications': (NOTIFICATIONS, Notifications)}
    services = {name: kinds[name][1](bus) for name in sys.argv[1:]}
    names = [dbus.service.BusName(kinds[name][0], bus) for name in sys.argv[1:]]

    def go_down():
        services['logind'].PrepareForShutdown(True)
        return GLib.SOURCE_CONTINUE

    def sleep():
        services['logind'].PrepareForSleep(True)
        GLib.timeout_add(300, lambda: services['logind'].PrepareForSleep(False))
        return GLib.SOURCE_CONTINUE
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGUSR1, go_down)
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGUSR2, sleep)
    say(call='ready', names=len(names))
    GLib.MainLoop().run()


main()

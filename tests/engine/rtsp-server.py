#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A camera of a network: rtsp-server.py serves a moving ball and a tone, to one name and password, and prints where."""
import gi
gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PIPELINE = ('( videotestsrc pattern=ball is-live=true ! video/x-raw,width=320,height=180,framerate=30/1 '
            '! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay name=pay0 '
            'audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 )')


def main():
    Gst.init(None)
    server = GstRtspServer.RTSPServer(address='127.0.0.1', service='0')
    factory = GstRtspServer.RTSPMediaFactory(launch=PIPELINE, shared=True)
    permissions = GstRtspServer.RTSPPermissions.new()
    for right in ('media.factory.access', 'media.factory.construct'):
        permissions.add_permission_for_role('crew', right, True)
    factory.set_permissions(permissions)
    token = GstRtspServer.RTSPToken.new()
    token.set_string('media.factory.role', 'crew')
    auth = GstRtspServer.RTSPAuth.new()
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic('ana', 'not-for-the-log'), token)
    server.set_auth(auth)
    server.get_mount_points().add_factory('/camera', factory)
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


main()

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What every `webrtcbin` of ours needs before it starts. */
void engine_webrtc_switch_upnp_off (GstElement *webrtc);
void engine_webrtc_end_relays (GstElement *webrtc);
gboolean engine_webrtc_add_servers (GstElement *webrtc, const char *const *servers);

G_END_DECLS

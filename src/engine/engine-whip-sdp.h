/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/sdp/sdp.h>

G_BEGIN_DECLS

char *engine_whip_sdp_soften (const char *sdp);
gboolean engine_whip_sdp_takes_video (const GstSDPMessage *answer, guint payload_type);
char *engine_whip_sdp_make_fragment (const GstSDPMedia *media, const char *candidate);

G_END_DECLS

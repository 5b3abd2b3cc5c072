/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What our offers use; the other side answers with the same. */
#define GUEST_RTP_VP8_PT  96u
#define GUEST_RTP_OPUS_PT 97u
#define GUEST_RTP_H264_PT 98u
#define GUEST_RTP_TWCC_ID 3u

#define GUEST_RTP_TWCC_URI \
  "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

gboolean guest_rtp_set_up_payloader (GstElement *payloader, guint payload_type, guint twcc_id,
                                     GError **error);
GstCaps *guest_rtp_make_sound_caps (guint payload_type, gboolean music);
GstCaps *guest_rtp_make_picture_caps (guint payload_type, guint twcc_id);
void guest_rtp_add_feedback (GstCaps *caps, guint twcc_id, gboolean is_picture);
gboolean guest_rtp_send (GstElement *webrtc, GstElement *payloader, gboolean repairs,
                         gboolean receives, GError **error);
gboolean guest_rtp_receive (GstElement *webrtc, GstCaps *caps, gboolean repairs, GError **error);

G_END_DECLS

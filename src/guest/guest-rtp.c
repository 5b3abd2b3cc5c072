/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/rtp/rtp.h>

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#include "guest-rtp.h"
#include "guest-types.h"

/* Of the 1500 bytes of a packet, tunnels and headers take their part. */
#define MTU 1200u

/* What we ask browsers to send; without, they send mono of half of it. */
#define SPEECH_BPS "96000"
#define MUSIC_BPS  "192000"

/**
 * guest_rtp_set_up_payloader:
 * @payloader: an RTP payloader that is not linked
 * @payload_type: of its packets
 * @twcc_id: the header extension's; 0: the other side has none
 *
 * Packets are numbered across picture and sound, so that the other side can report what arrived when.
 *
 * Returns: FALSE with %GUEST_ERROR_MISSING_ELEMENT
 */
gboolean
guest_rtp_set_up_payloader (GstElement *payloader, guint payload_type, guint twcc_id,
                            GError **error)
{
  GstRTPHeaderExtension *extension = NULL;

  g_object_set (payloader, "pt", payload_type, "mtu", MTU, NULL);
  if (twcc_id == 0)
    return TRUE;
  extension = gst_rtp_header_extension_create_from_uri (GUEST_RTP_TWCC_URI);
  if (extension == NULL) {
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_MISSING_ELEMENT,
                         "the GStreamer element “rtphdrexttwcc” is not installed");
    return FALSE;
  }
  gst_rtp_header_extension_set_id (extension, twcc_id);
  g_signal_emit_by_name (payloader, "add-extension", extension);
  gst_object_unref (extension);
  return TRUE;
}

/**
 * guest_rtp_make_sound_caps:
 * @payload_type: of the packets
 * @music: whether what is sent to us may be music
 *
 * Returns: (transfer full): Opus, and how the other side is to send it
 */
GstCaps *
guest_rtp_make_sound_caps (guint payload_type, gboolean music)
{
  return gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING, "audio", "encoding-name",
                              G_TYPE_STRING, "OPUS", "payload", G_TYPE_INT, (int) payload_type,
                              "clock-rate", G_TYPE_INT, 48000, "encoding-params", G_TYPE_STRING,
                              "2", "useinbandfec", G_TYPE_STRING, "1", "stereo", G_TYPE_STRING, "1",
                              "maxaveragebitrate", G_TYPE_STRING, music ? MUSIC_BPS : SPEECH_BPS,
                              NULL);
}

/**
 * guest_rtp_add_feedback:
 * @caps: (inout): what a transceiver that only receives is to have
 * @twcc_id: 0: none
 * @is_picture: whether it may ask for keyframes
 *
 * What webrtcbin says by itself only of what it sends.
 */
void
guest_rtp_add_feedback (GstCaps *caps, guint twcc_id, gboolean is_picture)
{
  if (twcc_id != 0) {
    g_autofree char *name = g_strdup_printf ("extmap-%u", twcc_id);

    gst_caps_set_simple (caps, name, G_TYPE_STRING, GUEST_RTP_TWCC_URI, "rtcp-fb-transport-cc",
                         G_TYPE_BOOLEAN, TRUE, NULL);
  }
  if (is_picture)
    gst_caps_set_simple (caps, "rtcp-fb-nack-pli", G_TYPE_BOOLEAN, TRUE, "rtcp-fb-ccm-fir",
                         G_TYPE_BOOLEAN, TRUE, NULL);
}

/**
 * guest_rtp_make_picture_caps:
 * @payload_type: of the packets
 * @twcc_id: of the header extension that congestion is told by
 *
 * Returns: (transfer full): VP8, for a transceiver that only receives
 */
GstCaps *
guest_rtp_make_picture_caps (guint payload_type, guint twcc_id)
{
  GstCaps *caps = gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING, "video",
                                       "encoding-name", G_TYPE_STRING, "VP8", "payload", G_TYPE_INT,
                                       (int) payload_type, "clock-rate", G_TYPE_INT, 90000, NULL);

  guest_rtp_add_feedback (caps, twcc_id, TRUE);
  return caps;
}

/**
 * guest_rtp_send:
 * @webrtc: a `webrtcbin` that has not been described
 * @payloader: what gives RTP packets
 * @repairs: whether lost packets are sent again
 * @receives: whether as much may come from the other side
 *
 * Returns: FALSE with %GUEST_ERROR_MISSING_ELEMENT
 */
gboolean
guest_rtp_send (GstElement *webrtc, GstElement *payloader, gboolean repairs, gboolean receives,
                GError **error)
{
  g_autoptr (GstPad) from = gst_element_get_static_pad (payloader, "src");
  g_autoptr (GstPad) to = gst_element_request_pad_simple (webrtc, "sink_%u");
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;

  if (to == NULL || gst_pad_link (from, to) != GST_PAD_LINK_OK) {
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_MISSING_ELEMENT,
                         "WebRTC does not work here: “nicesink” is not installed");
    return FALSE;
  }
  g_object_get (to, "transceiver", &transceiver, NULL);
  g_object_set (transceiver, "direction",
                receives ? GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDRECV
                         : GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY,
                NULL);
  /* Firefox and Chromium refuse sound that offers to be repaired. */
  if (repairs)
    g_object_set (transceiver, "do-nack", TRUE, NULL);
  return TRUE;
}

/**
 * guest_rtp_receive:
 * @webrtc: a `webrtcbin` that has not been described
 * @caps: (transfer full): what may come from the other side, with nothing going there
 * @repairs: whether lost packets are asked for again
 *
 * Returns: FALSE with %GUEST_ERROR_MISSING_ELEMENT
 */
gboolean
guest_rtp_receive (GstElement *webrtc, GstCaps *caps, gboolean repairs, GError **error)
{
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;

  g_signal_emit_by_name (webrtc, "add-transceiver", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_RECVONLY,
                         caps, &transceiver);
  gst_caps_unref (caps);
  if (transceiver == NULL) {
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_MISSING_ELEMENT,
                         "WebRTC does not work here: “nicesrc” is not installed");
    return FALSE;
  }
  if (repairs)
    g_object_set (transceiver, "do-nack", TRUE, NULL);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-whip-sdp.h"

/* What publishing by WHIP has to say and to read in session descriptions. */

/* What the offer says the pictures are. Browsers and servers compare profiles literally, and decode
 * High all the same: with "high" here aiortc and others take no picture at all. */
#define OFFERED_PROFILE "42e01f"

/**
 * engine_whip_sdp_soften:
 * @sdp: an offer
 *
 * Returns: (transfer full): the same with the profile that everybody takes; the parameters come with
 *   each keyframe
 */
char *
engine_whip_sdp_soften (const char *sdp)
{
  g_autoptr (GRegex) profile = g_regex_new ("profile-level-id=[0-9a-fA-F]{6}", 0, 0, NULL);
  g_autoptr (GRegex) sprop = g_regex_new (";?sprop-parameter-sets=[^;\r\n]*", 0, 0, NULL);
  g_autofree char *text =
    g_regex_replace_literal (profile, sdp, -1, 0, "profile-level-id=" OFFERED_PROFILE, 0, NULL);

  return g_regex_replace_literal (sprop, text, -1, 0, "", 0, NULL);
}

/**
 * engine_whip_sdp_takes_video:
 * @answer: an answer
 * @payload_type: what the picture is sent as
 *
 * Returns: whether the picture is taken as it is sent
 */
gboolean
engine_whip_sdp_takes_video (const GstSDPMessage *answer, guint payload_type)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (answer); i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (answer, i);

    if (g_strcmp0 (gst_sdp_media_get_media (media), "video") != 0)
      continue;
    if (gst_sdp_media_get_port (media) == 0 ||
        gst_sdp_media_get_attribute_val (media, "inactive") != NULL)
      return FALSE;
    for (guint k = 0; k < gst_sdp_media_formats_len (media); k++) {
      if (g_ascii_strtoull (gst_sdp_media_get_format (media, k), NULL, 10) == payload_type)
        return TRUE;
    }
  }
  return FALSE;
}

/**
 * engine_whip_sdp_make_fragment:
 * @media: a part of our offer
 * @candidate: one of its candidates
 *
 * Returns: (transfer full): both as RFC 8840 writes them
 */
char *
engine_whip_sdp_make_fragment (const GstSDPMedia *media, const char *candidate)
{
  return g_strdup_printf (
    "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\nm=%s 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:%s\r\na=%s\r\n",
    gst_sdp_media_get_attribute_val (media, "ice-ufrag"),
    gst_sdp_media_get_attribute_val (media, "ice-pwd"), gst_sdp_media_get_media (media),
    gst_sdp_media_get_attribute_val (media, "mid"), candidate);
}

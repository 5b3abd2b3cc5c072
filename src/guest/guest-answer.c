/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/sdp/sdp.h>

#include "guest-answer.h"
#include "guest-rtp.h"

/* Whoever offers chooses the numbers; of what they offer, one codec is taken. */

/* Returns: how good it is to have what type @type is; 0: it cannot be had */
static guint
get_worth (const GstStructure *structure)
{
  const char *encoding = gst_structure_get_string (structure, "encoding-name");
  const char *mode = gst_structure_get_string (structure, "packetization-mode");

  if (g_strcmp0 (encoding, "OPUS") == 0 || g_strcmp0 (encoding, "VP8") == 0)
    return 3;
  if (g_strcmp0 (encoding, "H264") == 0)
    return g_strcmp0 (mode, "1") == 0 ? 2 : 1;
  return 0;
}

/* Returns: the number of the header extension that congestion is told by; 0: there is none */
static guint
find_twcc (const GstSDPMedia *media)
{
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);

    if (g_strcmp0 (attribute->key, "extmap") == 0 &&
        g_str_has_suffix (attribute->value, " " GUEST_RTP_TWCC_URI))
      return (guint) g_ascii_strtoull (attribute->value, NULL, 10);
  }
  return 0;
}

/* Returns: (transfer full) (nullable): what may come of one part */
static GstCaps *
choose (const GstSDPMedia *media)
{
  const gboolean is_picture = g_strcmp0 (gst_sdp_media_get_media (media), "video") == 0;
  GstCaps *best = NULL;
  guint best_worth = 0;

  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++) {
    const int type = (int) g_ascii_strtoll (gst_sdp_media_get_format (media, i), NULL, 10);
    g_autoptr (GstCaps) caps = gst_sdp_media_get_caps_from_media (media, type);
    const GstStructure *structure = caps != NULL ? gst_caps_get_structure (caps, 0) : NULL;
    const guint worth = structure != NULL ? get_worth (structure) : 0;

    if (worth <= best_worth)
      continue;
    best_worth = worth;
    gst_clear_caps (&best);
    best = gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING,
                                is_picture ? "video" : "audio", "encoding-name", G_TYPE_STRING,
                                gst_structure_get_string (structure, "encoding-name"), "payload",
                                G_TYPE_INT, type, "clock-rate", G_TYPE_INT,
                                is_picture ? 90000 : 48000, NULL);
  }
  if (best != NULL)
    guest_rtp_add_feedback (best, find_twcc (media), is_picture);
  return best;
}

static gboolean
sends (const GstSDPMedia *media)
{
  return gst_sdp_media_get_attribute_val (media, "sendrecv") != NULL ||
         gst_sdp_media_get_attribute_val (media, "sendonly") != NULL;
}

static gboolean
add_choice (GPtrArray *choices, const GstSDPMedia *media, gboolean *is_there, GError **error)
{
  GstCaps *caps = choose (media);

  if (caps != NULL)
    g_ptr_array_add (choices, caps);
  if (caps != NULL && sends (media) && !*is_there) {
    *is_there = TRUE;
    return TRUE;
  }
  g_set_error (error, GUEST_ERROR, GUEST_ERROR_NOT_TAKEN,
               "one picture and one sound are taken, and nothing is sent back");
  return FALSE;
}

/**
 * guest_answer_choose:
 * @sdp: an offer, checked
 *
 * Returns: (transfer full) (nullable) (element-type GstCaps): for each part of it what is to come; fails
 *   with %GUEST_ERROR_NOT_TAKEN
 */
GPtrArray *
guest_answer_choose (const char *sdp, GError **error)
{
  g_autoptr (GPtrArray) choices = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_caps_unref);
  GstSDPMessage *message = NULL;
  gboolean has_picture = FALSE, has_sound = FALSE, good = TRUE;

  if (gst_sdp_message_new_from_text (sdp, &message) != GST_SDP_OK) {
    g_clear_pointer (&message, gst_sdp_message_free);
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_INVALID, "an offer cannot be read");
    return NULL;
  }
  for (guint i = 0; good && i < gst_sdp_message_medias_len (message); i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (message, i);
    const gboolean is_picture = g_strcmp0 (gst_sdp_media_get_media (media), "video") == 0;

    good = add_choice (choices, media, is_picture ? &has_picture : &has_sound, error);
  }
  gst_sdp_message_free (message);
  return good ? g_steal_pointer (&choices) : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/audio/audio.h>

#include "engine-downmix.h"

/* Left, right, middle, low, left and right behind, and what of each is heard on the left and on the
 * right, after ITU-R BS.775: the middle, where people speak, 3 dB softer on both sides. Without a
 * word from us it would be 13 dB softer, for fear of clipping, which the program's limiter takes
 * care of. */
#define N_SURROUND 6
static const float shares[2][N_SURROUND] = { { 1, 0, 0.7071f, 0, 0.7071f, 0 },
                                             { 0, 1, 0.7071f, 0, 0, 0.7071f } };
static const GstAudioChannelPosition surround[N_SURROUND] = {
  GST_AUDIO_CHANNEL_POSITION_FRONT_LEFT,   GST_AUDIO_CHANNEL_POSITION_FRONT_RIGHT,
  GST_AUDIO_CHANNEL_POSITION_FRONT_CENTER, GST_AUDIO_CHANNEL_POSITION_LFE1,
  GST_AUDIO_CHANNEL_POSITION_REAR_LEFT,    GST_AUDIO_CHANNEL_POSITION_REAR_RIGHT,
};

/* An empty matrix leaves it to the converter. */
static void
set_matrix (GstElement *converter, gboolean is_surround)
{
  GValue matrix = G_VALUE_INIT;

  g_value_init (&matrix, GST_TYPE_ARRAY);
  for (guint out = 0; is_surround && out < 2; out++) {
    GValue row = G_VALUE_INIT;

    g_value_init (&row, GST_TYPE_ARRAY);
    for (guint in = 0; in < N_SURROUND; in++) {
      GValue share = G_VALUE_INIT;

      g_value_init (&share, G_TYPE_FLOAT);
      g_value_set_float (&share, shares[out][in]);
      gst_value_array_append_and_take_value (&row, &share);
    }
    gst_value_array_append_and_take_value (&matrix, &row);
  }
  g_object_set_property (G_OBJECT (converter), "mix-matrix", &matrix);
  g_value_unset (&matrix);
}

/* Streaming thread, before the converter learns what comes. */
static GstPadProbeReturn
caps_cb (GstPad *pad, GstPadProbeInfo *probe, gpointer user_data)
{
  GstEvent *event = gst_pad_probe_info_get_event (probe);
  g_autoptr (GstElement) converter = gst_pad_get_parent_element (pad);
  GstCaps *caps = NULL; /* borrowed */
  GstAudioInfo info;
  gboolean is_surround = FALSE;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS || converter == NULL)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  is_surround = gst_audio_info_from_caps (&info, caps) && info.channels == N_SURROUND;
  for (guint i = 0; is_surround && i < N_SURROUND; i++)
    is_surround = info.position[i] == surround[i];
  set_matrix (converter, is_surround);
  return GST_PAD_PROBE_OK;
}

/**
 * engine_downmix_follow:
 * @converter: an `audioconvert` whose output is stereo
 *
 * From here on it mixes 5.1 down so that people who speak can be heard. Other sound is left to it.
 */
void
engine_downmix_follow (GstElement *converter)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (converter, "sink");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, caps_cb, NULL, NULL);
}

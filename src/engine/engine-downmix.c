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

/* One microphone is heard on both sides, and two as they are. */
static const float mono[2][1] = { { 1 }, { 1 } };
static const float stereo[2][2] = { { 1, 0 }, { 0, 1 } };

/* @matrix has a row for each side; where there is none, the converter gives each side its channel. */
static void
set_matrix (GstElement *converter, const float *matrix, guint n_channels)
{
  GValue rows = G_VALUE_INIT;

  g_value_init (&rows, GST_TYPE_ARRAY);
  for (guint out = 0; matrix != NULL && out < 2; out++) {
    GValue row = G_VALUE_INIT;

    g_value_init (&row, GST_TYPE_ARRAY);
    for (guint in = 0; in < n_channels; in++) {
      GValue share = G_VALUE_INIT;

      g_value_init (&share, G_TYPE_FLOAT);
      g_value_set_float (&share, matrix[out * n_channels + in]);
      gst_value_array_append_and_take_value (&row, &share);
    }
    gst_value_array_append_and_take_value (&rows, &row);
  }
  g_object_set_property (G_OBJECT (converter), "mix-matrix", &rows);
  g_value_unset (&rows);
}

static gboolean
is_surround (const GstAudioInfo *info)
{
  if (info->channels != N_SURROUND)
    return FALSE;
  for (guint i = 0; i < N_SURROUND; i++)
    if (info->position[i] != surround[i])
      return FALSE;
  return TRUE;
}

/* Streaming thread, before the converter learns what comes. Newer GStreamer has no way to
 * take a matrix back: so it gets none before it needs one, and then one for whatever comes. */
static GstPadProbeReturn
caps_cb (GstPad *pad, GstPadProbeInfo *probe, gpointer user_data)
{
  gboolean *has_matrix = user_data;
  GstEvent *event = gst_pad_probe_info_get_event (probe);
  g_autoptr (GstElement) converter = gst_pad_get_parent_element (pad);
  GstCaps *caps = NULL; /* borrowed */
  GstAudioInfo info;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS || converter == NULL)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  if (!gst_audio_info_from_caps (&info, caps) || !(*has_matrix || is_surround (&info)))
    return GST_PAD_PROBE_OK;
  *has_matrix = TRUE;
  if (is_surround (&info))
    set_matrix (converter, &shares[0][0], N_SURROUND);
  else if (info.channels <= 2)
    set_matrix (converter, info.channels == 1 ? &mono[0][0] : &stereo[0][0], (guint) info.channels);
  else
    set_matrix (converter, NULL, 0);
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

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, caps_cb, g_new0 (gboolean, 1),
                     g_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-testing-movie.h"

#include <gst/app/app.h>

/* A GOP of one second; no picture depends on a later one. */
#define PIPELINE                                                                               \
  "videotestsrc num-buffers=%u ! video/x-raw,format=I420,width=%u,height=90,framerate=30/1 ! " \
  "x264enc key-int-max=30 bframes=0 speed-preset=ultrafast tune=zerolatency "                  \
  "option-string=scenecut=0 ! h264parse ! video/x-h264,stream-format=avc,alignment=au ! "      \
  "appsink name=video sync=false "                                                             \
  "audiotestsrc num-buffers=%u samplesperbuffer=1024 ! audio/x-raw,rate=48000,channels=2 ! "   \
  "avenc_aac ! appsink name=audio sync=false"

struct _EngineTestingMovie {
  GPtrArray *samples[ENGINE_N_MEDIA]; /* of GstSample */
};

static GPtrArray *
pull_all (GstElement *pipeline, const char *name)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), name);
  GPtrArray *samples = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_sample_unref);
  GstSample *sample = NULL;

  while ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), 20 * GST_SECOND)) != NULL)
    g_ptr_array_add (samples, sample);
  g_assert_true (gst_app_sink_is_eos (GST_APP_SINK (sink)));
  return samples;
}

EngineTestingMovie *
engine_testing_movie_new (guint duration_s)
{
  return engine_testing_movie_new_wide (duration_s, 160);
}

EngineTestingMovie *
engine_testing_movie_new_wide (guint duration_s, guint width_px)
{
  g_autofree char *description =
    g_strdup_printf (PIPELINE, duration_s * 30, width_px, duration_s * 48000 / 1024 + 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  EngineTestingMovie *self = g_new0 (EngineTestingMovie, 1);

  g_assert_no_error (error);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  self->samples[ENGINE_MEDIA_VIDEO] = pull_all (pipeline, "video");
  self->samples[ENGINE_MEDIA_AUDIO] = pull_all (pipeline, "audio");
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return self;
}

void
engine_testing_movie_free (EngineTestingMovie *self)
{
  for (guint i = 0; i < ENGINE_N_MEDIA; i++)
    g_ptr_array_unref (self->samples[i]);
  g_free (self);
}

static GstClockTime
time_of (GPtrArray *samples, guint n)
{
  GstSample *first = samples->pdata[0], *sample = NULL;

  if (n >= samples->len)
    return GST_CLOCK_TIME_NONE;
  sample = samples->pdata[n];
  return GST_BUFFER_PTS (gst_sample_get_buffer (sample)) -
         GST_BUFFER_PTS (gst_sample_get_buffer (first));
}

/* All of it, in the order of time, from the show time @begin on. */
void
engine_testing_movie_push (EngineTestingMovie *self, EngineFeed *feed, GstClockTime begin)
{
  guint at[ENGINE_N_MEDIA] = { 0 };

  while (TRUE) {
    const GstClockTime video = time_of (self->samples[ENGINE_MEDIA_VIDEO], at[ENGINE_MEDIA_VIDEO]);
    const GstClockTime audio = time_of (self->samples[ENGINE_MEDIA_AUDIO], at[ENGINE_MEDIA_AUDIO]);
    const EngineMedia media = video <= audio ? ENGINE_MEDIA_VIDEO : ENGINE_MEDIA_AUDIO;
    GstSample *sample = NULL;
    g_autoptr (GstBuffer) buffer = NULL;

    if (MIN (video, audio) == GST_CLOCK_TIME_NONE)
      return;
    sample = self->samples[media]->pdata[at[media]++];
    buffer = gst_buffer_copy (gst_sample_get_buffer (sample));
    GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer) = begin + MIN (video, audio);
    engine_feed_push (feed, media, buffer, gst_sample_get_caps (sample));
  }
}

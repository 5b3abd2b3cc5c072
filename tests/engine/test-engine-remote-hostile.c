/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-testing-stage.h"
#include "engine-testing.h"

#include <gst/app/app.h>

/* What a hostile or broken sender may say of itself. */
typedef struct {
  EnginePipeline *pipeline;
  GstElement *picture;
  GstElement *sound;
} Liar;

static GstElement *
make_mouth (Liar *self, GstElement *sink, const char *caps_text)
{
  GstElement *mouth = engine_make (engine_pipeline_get_bin (self->pipeline), "appsrc", NULL, NULL);
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_text);

  g_object_set (mouth, "format", GST_FORMAT_TIME, "is-live", TRUE, "caps", caps, NULL);
  g_assert_true (engine_link (mouth, sink, NULL));
  return mouth;
}

static void
say (GstElement *mouth, gsize size, int value, GstClockTime pts)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_memset (buffer, 0, (guint8) value, size);
  GST_BUFFER_PTS (buffer) = pts;
  gst_app_src_push_buffer (GST_APP_SRC (mouth), buffer);
}

static void
set_caps (GstElement *mouth, const char *text)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (text);

  gst_app_src_set_caps (GST_APP_SRC (mouth), caps);
}

static void
begin_lying (EngineTestingStage *self, Liar *liar)
{
  g_autoptr (EngineBridge) bridge = engine_source_open_remote (self->source, 60);
  GstElement *bin = NULL;

  liar->pipeline = engine_pipeline_new (self->clock, "liar");
  bin = engine_pipeline_get_bin (liar->pipeline);
  liar->picture = make_mouth (liar, engine_bridge_make_picture_sink (bridge, bin, NULL),
                              "video/x-raw,format=I420,width=64,height=36,framerate=30/1");
  liar->sound = make_mouth (liar, engine_bridge_make_sound_sink (bridge, bin, NULL),
                            "audio/x-raw,format=F32LE,rate=48000,channels=2,layout=interleaved");
  engine_pipeline_start (liar->pipeline, FALSE);
}

/* Times of an hour from now, of long ago, and of no sense at all; nothing of it matters to the program,
 * and what is honest afterwards is seen and heard. */
static void
test_lies_about_time (EngineTestingStage *self, gconstpointer data)
{
  static const GstClockTime times[] = { 0,
                                        3600 * GST_SECOND,
                                        GST_CLOCK_TIME_NONE,
                                        G_MAXINT64 - 1,
                                        5 * GST_SECOND,
                                        400 * 3600 * GST_SECOND };
  Liar liar = { 0 };

  begin_lying (self, &liar);
  for (guint i = 0; i < 60; i++) {
    say (liar.picture, 64 * 36 * 3 / 2, 90, times[i % G_N_ELEMENTS (times)]);
    say (liar.sound, 960 * 8, 0, times[(i + i / 7) % G_N_ELEMENTS (times)]);
    engine_testing_run_for (15);
  }
  /* Whatever it said, it is there: seen by when it came. */
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
  engine_pipeline_stop (liar.pipeline);
  g_clear_object (&liar.pipeline);
  engine_testing_call (&self->caller, self->clock, self->source, 640, 360, ENGINE_TESTING_GREEN,
                       1000);
  engine_testing_stage_wait_for_colour (self, ENGINE_TESTING_GREEN);
  engine_testing_stage_assert_hears (self, 1000);
}

/* A picture that would fill the memory is no picture; the next one of a sane size is. */
static void
test_lies_about_size (EngineTestingStage *self, gconstpointer data)
{
  Liar liar = { 0 };

  begin_lying (self, &liar);
  set_caps (liar.picture, "video/x-raw,format=I420,width=8000,height=4000,framerate=30/1");
  for (guint i = 0; i < 3; i++)
    say (liar.picture, 8000 * 4000 * 3 / 2, 90, GST_CLOCK_TIME_NONE);
  engine_testing_run_for (500);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_STARTING);
  g_assert_false (engine_source_get_has_picture (self->source));
  set_caps (liar.picture, "video/x-raw,format=I420,width=64,height=36,framerate=30/1");
  for (guint i = 0; i < 60 && !engine_source_get_has_picture (self->source); i++) {
    say (liar.picture, 64 * 36 * 3 / 2, 90, GST_CLOCK_TIME_NONE);
    engine_testing_run_for (33);
  }
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
  engine_pipeline_stop (liar.pipeline);
  g_clear_object (&liar.pipeline);
}

#define ADD(path, func)                                                                            \
  g_test_add ("/engine/remote/" path, EngineTestingStage, NULL, engine_testing_stage_set_up, func, \
              engine_testing_stage_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("lies-about-time", test_lies_about_time);
  ADD ("lies-about-size", test_lies_about_size);
  return g_test_run ();
}

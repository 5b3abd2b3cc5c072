/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-testing-caller.h"

#define DELAY_MS 60

static GstElement *
make (EngineTestingCaller *self, const char *factory)
{
  return engine_make (engine_pipeline_get_bin (self->pipeline), factory, NULL, NULL);
}

static void
link_all (GstElement **chain, guint n)
{
  for (guint i = 0; i + 1 < n; i++)
    g_assert_true (engine_link (chain[i], chain[i + 1], NULL));
}

static void
add_picture (EngineTestingCaller *self, int width, int height, guint32 colour)
{
  GstElement *chain[4] = {
    make (self, "videotestsrc"), make (self, "capsfilter"), make (self, "valve"),
    engine_bridge_make_picture_sink (self->bridge, engine_pipeline_get_bin (self->pipeline), NULL)
  };

  gst_util_set_object_arg (G_OBJECT (chain[0]), "pattern", "solid-color");
  g_object_set (chain[0], "is-live", TRUE, "foreground-color", 0xff000000 | colour, NULL);
  self->origin = chain[0];
  self->size = chain[1];
  engine_testing_resize (self, width, height);
  self->picture_valve = chain[2];
  link_all (chain, G_N_ELEMENTS (chain));
}

static void
add_sound (EngineTestingCaller *self, double hz)
{
  GstElement *chain[4] = {
    make (self, "audiotestsrc"), make (self, "audioconvert"), make (self, "valve"),
    engine_bridge_make_sound_sink (self->bridge, engine_pipeline_get_bin (self->pipeline), NULL)
  };

  g_object_set (chain[0], "is-live", TRUE, "freq", hz, "volume", 0.1, "samplesperbuffer", 960,
                NULL);
  self->sound_valve = chain[2];
  link_all (chain, G_N_ELEMENTS (chain));
}

void
engine_testing_call (EngineTestingCaller *self, EngineClock *clock, EngineSource *source, int width,
                     int height, guint32 colour, double hz)
{
  *self = (EngineTestingCaller){ 0 };
  self->bridge = engine_source_open_remote (source, DELAY_MS);
  g_assert_nonnull (self->bridge);
  self->pipeline = engine_pipeline_new (clock, "caller");
  if (width > 0)
    add_picture (self, width, height, colour);
  if (hz > 0)
    add_sound (self, hz);
  engine_pipeline_start (self->pipeline, FALSE);
}

void
engine_testing_resize (EngineTestingCaller *self, int width, int height)
{
  g_autoptr (GstCaps) caps =
    gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, width,
                         "height", G_TYPE_INT, height, "framerate", GST_TYPE_FRACTION, 30, 1, NULL);

  g_object_set (self->size, "caps", caps, NULL);
}

void
engine_testing_hang_up (EngineTestingCaller *self)
{
  if (self->pipeline != NULL)
    engine_pipeline_stop (self->pipeline);
  g_clear_object (&self->pipeline);
  g_clear_object (&self->bridge);
}

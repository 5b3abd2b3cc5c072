/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-preview-private.h"
#include "engine-testing.h"

static const EngineFormat format = { 320, 180, 30, 500000, 64000 };

typedef struct {
  EngineClock *clock;
  EngineVideoMixer *mixer;
  EnginePreviewer *previewer;
  EnginePreview *preview;
  EngineSlot *slot;
  EngineScene *scene;
  guint n_frames;
  guint wanted;
} Fixture;

static void
frame_cb (EnginePreview *preview, gpointer user_data)
{
  ((Fixture *) user_data)->n_frames++;
  g_assert_nonnull (engine_preview_get_frame (preview));
}

/* White, of the program's size. */
static EngineSlot *
make_slot (void)
{
  EngineSlot *slot = engine_slot_new (30);
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = NULL;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, 320, 180);
  gst_video_colorimetry_from_string (&info.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_buffer_memset (buffer, 0, 235, 320 * 180);
  gst_buffer_memset (buffer, 320 * 180, 128, info.size);
  engine_slot_set_still (slot, TRUE);
  engine_slot_push_picture (slot, buffer, &info, 0);
  return slot;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  const gboolean program = data != NULL;

  self->clock = engine_clock_new ();
  self->mixer = engine_video_mixer_new (self->clock, &format);
  self->previewer = engine_previewer_new (self->clock, self->mixer);
  self->slot = make_slot ();
  self->scene = engine_scene_new (ENGINE_LAYOUT_FULL, ENGINE_CORNER_TOP_LEFT, &self->slot, 1, NULL);
  engine_video_mixer_add_slot (self->mixer, self->slot);
  engine_video_mixer_take (self->mixer, self->scene, ENGINE_TRANSITION_CUT, 0);
  engine_video_mixer_start (self->mixer);
  self->preview = program ? _engine_preview_new_program (self->previewer, 20)
                          : _engine_preview_new_scene (self->previewer, self->scene, 20);
  g_signal_connect (self->preview, "frame", G_CALLBACK (frame_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  engine_testing_assert_finalizes (self->preview);
  engine_previewer_stop (self->previewer);
  engine_previewer_stop (self->previewer);
  engine_testing_assert_finalizes (self->previewer);
  engine_video_mixer_stop (self->mixer);
  engine_testing_assert_finalizes (self->mixer);
  engine_scene_unref (self->scene);
  engine_testing_assert_finalizes (self->slot);
  engine_testing_assert_finalizes (self->clock);
}

static gboolean
has_frames (gpointer data)
{
  return ((Fixture *) data)->n_frames >= ((Fixture *) data)->wanted;
}

static gboolean
wait_for (Fixture *self, guint n)
{
  self->wanted = self->n_frames + n;
  return engine_testing_wait (has_frames, self, 5000);
}

static void
check_size (Fixture *self, int width, int height)
{
  EngineFrame *frame = NULL;
  const guint8 *pixels = NULL;

  /* One may have been on its way. */
  g_assert_true (wait_for (self, 3));
  frame = engine_preview_get_frame (self->preview);
  g_assert_cmpint (frame->width_px, ==, width);
  g_assert_cmpint (frame->height_px, ==, height);
  g_assert_cmpint (frame->stride_bytes, >=, width * 4);
  g_assert_cmpuint (g_bytes_get_size (frame->pixels), >=,
                    (gsize) frame->stride_bytes * (gsize) height);
  pixels = g_bytes_get_data (frame->pixels, NULL);
  pixels += height / 2 * frame->stride_bytes + width / 2 * 4;
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (pixels[i], >=, 245);
}

static void
test_size (Fixture *self, gconstpointer data)
{
  engine_preview_set_size (self->preview, 160, 90);
  engine_preview_set_active (self->preview, TRUE);
  check_size (self, 160, 90);
  engine_preview_set_size (self->preview, 321, 181);
  check_size (self, 320, 180);
  engine_preview_set_size (self->preview, 2, 2);
  check_size (self, 2, 2);
  engine_preview_set_size (self->preview, 640, 360);
  check_size (self, 640, 360);
}

static void
test_inactive (Fixture *self, gconstpointer data)
{
  engine_preview_set_size (self->preview, 160, 90);
  engine_testing_run_for (200);
  g_assert_cmpuint (self->n_frames, ==, 0);
  g_assert_null (engine_preview_get_frame (self->preview));
  engine_preview_set_active (self->preview, TRUE);
  g_assert_true (wait_for (self, 2));
  engine_preview_set_active (self->preview, FALSE);
  engine_testing_run_for (100);
  self->n_frames = 0;
  engine_testing_run_for (300);
  g_assert_cmpuint (self->n_frames, ==, 0);
  /* No size, no picture. */
  engine_preview_set_size (self->preview, 0, 100);
  engine_preview_set_active (self->preview, TRUE);
  engine_testing_run_for (200);
  g_assert_cmpuint (self->n_frames, ==, 0);
}

static void
test_rate (Fixture *self, gconstpointer data)
{
  engine_preview_set_size (self->preview, 160, 90);
  engine_preview_set_active (self->preview, TRUE);
  g_assert_true (wait_for (self, 2));
  self->n_frames = 0;
  engine_testing_run_for (1000);
  /* Twenty a second were asked for. */
  g_assert_cmpuint (self->n_frames, >=, 3);
  g_assert_cmpuint (self->n_frames, <=, 23);
}

/* While the main thread does not look, none is made, and the newest is there when it looks again. */
static void
test_busy_window (Fixture *self, gconstpointer data)
{
  const gint64 end_us = g_get_monotonic_time () + 500000;
  guint64 n_mixed = 0;

  engine_preview_set_size (self->preview, 160, 90);
  engine_preview_set_active (self->preview, TRUE);
  g_assert_true (wait_for (self, 2));
  self->n_frames = 0;
  n_mixed = engine_video_mixer_get_stats (self->mixer).n_mixed;
  while (g_get_monotonic_time () < end_us)
    g_thread_yield ();
  g_assert_cmpuint (engine_video_mixer_get_stats (self->mixer).n_mixed, >, n_mixed + 5);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (self->n_frames, <=, 2);
}

/* Windows close while the thread works. */
static void
test_short_lives (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 200; i++) {
    EnginePreview *preview = i % 2 == 0
                               ? _engine_preview_new_program (self->previewer, 60)
                               : _engine_preview_new_scene (self->previewer, self->scene, 60);

    engine_preview_set_size (preview, 64, 36);
    engine_preview_set_active (preview, TRUE);
    for (guint n = 0; n < i % 7; n++)
      g_main_context_iteration (NULL, FALSE);
    if (i % 10 == 0)
      engine_testing_run_for (10);
    engine_testing_assert_finalizes (preview);
  }
}

static cairo_surface_t *
make_surface (double red, double green, double blue)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 64, 32);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, red, green, blue);
  cairo_paint (cr);
  cairo_destroy (cr);
  return surface;
}

static EngineOverlay *
make_overlay (double red, double green, double blue, int x, int y)
{
  cairo_surface_t *surface = make_surface (red, green, blue);
  EngineOverlay *overlay = engine_overlay_new (surface, x, y);

  cairo_surface_destroy (surface);
  return overlay;
}

/* Blue, green and red of a pixel of the newest frame, as 0xrrggbb. */
static guint32
get_pixel (Fixture *self, int x, int y)
{
  const EngineFrame *frame = engine_preview_get_frame (self->preview);
  const guint8 *pixels = g_bytes_get_data (frame->pixels, NULL);

  pixels += y * frame->stride_bytes + x * 4;
  return (guint32) pixels[2] << 16 | (guint32) pixels[1] << 8 | pixels[0];
}

/* A shot shows its own logo and background; the next one also what stays on air, as it will be. */
static void
test_next (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineOverlay) logo = make_overlay (1, 0, 0, 0, 0);
  g_autoptr (EngineOverlay) name = make_overlay (0, 0, 1, 0, 148);
  g_autoptr (EngineOverlay) clock = make_overlay (0, 1, 0, 256, 0);
  g_autoptr (EngineScene) dressed =
    engine_scene_new_dressed (ENGINE_LAYOUT_FULL, ENGINE_CORNER_TOP_LEFT, &self->slot, 1, NULL,
                              NULL, logo);
  g_autoptr (EnginePicture) card = engine_slot_peek_picture (self->slot, 0);
  g_autoptr (EngineScene) pause =
    engine_scene_new (ENGINE_LAYOUT_PAUSE, ENGINE_CORNER_TOP_LEFT, NULL, 0, card);

  engine_video_mixer_set_graphic (self->mixer, ENGINE_GRAPHIC_LOWER_THIRD, name);
  engine_video_mixer_set_graphic (self->mixer, ENGINE_GRAPHIC_CLOCK, clock);
  engine_preview_set_size (self->preview, 160, 90);
  engine_preview_set_active (self->preview, TRUE);
  g_assert_true (wait_for (self, 2));
  g_assert_cmphex (get_pixel (self, 10, 80), ==, get_pixel (self, 10, 10));
  _engine_preview_set_next (self->preview, dressed);
  g_assert_true (wait_for (self, 3));
  g_assert_cmphex (get_pixel (self, 10, 5), ==, 0xff0000);
  g_assert_cmphex (get_pixel (self, 10, 80), ==, 0x0000ff);
  g_assert_cmphex (get_pixel (self, 150, 5), ==, 0x00ff00);
  /* What is taken off the air is gone from what comes next as well. */
  engine_video_mixer_set_graphic (self->mixer, ENGINE_GRAPHIC_LOWER_THIRD, NULL);
  g_assert_true (wait_for (self, 3));
  g_assert_cmphex (get_pixel (self, 10, 80), !=, 0x0000ff);
  g_assert_cmphex (get_pixel (self, 10, 5), ==, 0xff0000);
  engine_video_mixer_set_graphic (self->mixer, ENGINE_GRAPHIC_LOWER_THIRD, name);
  _engine_preview_set_next (self->preview, pause);
  g_assert_true (wait_for (self, 3));
  g_assert_cmphex (get_pixel (self, 10, 80), !=, 0x0000ff);
  g_assert_cmphex (get_pixel (self, 150, 5), ==, 0x00ff00);
}

#define ADD(path, program, func) \
  g_test_add (path, Fixture, GINT_TO_POINTER (program), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/engine/preview/scene-has-the-size-asked-for", FALSE, test_size);
  ADD ("/engine/preview/program-has-the-size-asked-for", TRUE, test_size);
  ADD ("/engine/preview/inactive-makes-none", FALSE, test_inactive);
  ADD ("/engine/preview/not-more-than-asked-for", FALSE, test_rate);
  ADD ("/engine/preview/busy-window-slows-nothing", TRUE, test_busy_window);
  ADD ("/engine/preview/next-is-as-it-will-be", FALSE, test_next);
  ADD ("/engine/preview/short-lives", TRUE, test_short_lives);
  return g_test_run ();
}

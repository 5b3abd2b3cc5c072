/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art.h"
#include "engine-overlay.h"

#include <gst/video/video-overlay-composition.h>
#include <locale.h>
#include <time.h>

/* What each graphic costs to draw, once, and to blend into each frame of 1080p; beside Cairo painting
 * the same surface on an RGB frame, and GStreamer's overlay composition blending it into the same
 * I420 frame. Processor time, in milliseconds. */

#define WIDTH    1920
#define HEIGHT   1080
#define N_DRAWN  12
#define N_FRAMES 60

static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static EngineArt *
draw_name (EngineNameStyle style)
{
  const EngineArtName name = {
    .title = "Lotte de Vries, Karim Benali",
    .affiliation = "Wikimedia Nederland",
    .talk = "La collecte par SMS : ce que nous aurions aimé savoir",
    .style = style,
    .colour = "#e8731a",
  };

  return engine_art_draw_name (&name, WIDTH, HEIGHT, NULL);
}

static EngineArt *
draw_plate (void)
{
  return draw_name (ENGINE_NAME_STYLE_PLATE);
}

static EngineArt *
draw_band (void)
{
  return draw_name (ENGINE_NAME_STYLE_BAND);
}

static EngineArt *
draw_line (void)
{
  return draw_name (ENGINE_NAME_STYLE_LINE);
}

static EngineArt *
draw_post (void)
{
  const EngineRoomPlan plan = { .program = { WIDTH, HEIGHT },
                                .n_pictures = 1,
                                .pictures = { { 0, 0, WIDTH, HEIGHT } },
                                .is_person = { TRUE } };
  const EngineArtPost post = {
    .name = "Maïwenn Le Goff",
    .handle = "@maiwenn@example.social",
    .network = "Mastodon",
    .text =
      "J’étais venue par curiosité, je repars avec une feuille de route. On ne collecte pas des "
      "données, on collecte de la confiance ; un SMS bien écrit vaut mieux qu’une affiche.",
    .colour = "#1c71d8",
    .plan = &plan,
  };

  return engine_art_draw_post (&post, WIDTH, HEIGHT, NULL);
}

static EngineArt *
draw_clock (void)
{
  return engine_art_draw_mark (ENGINE_MARK_CLOCK, "14:05", "#e8731a", NULL, WIDTH, HEIGHT, NULL);
}

static EngineArt *
draw_live_mark (void)
{
  return engine_art_draw_mark (ENGINE_MARK_LIVE, "EN DIRECT", "#e8731a", NULL, WIDTH, HEIGHT, NULL);
}

static EngineArt *
draw_pause (void)
{
  return engine_art_draw_pause ("Journée numérique", "Nous revenons dans un instant", "#e8731a",
                                NULL, NULL, WIDTH, HEIGHT, NULL);
}

static const struct {
  const char *name;
  EngineArt *(*draw) (void);
} graphics[] = {
  { "name, plate", draw_plate }, { "name, band", draw_band }, { "name, line", draw_line },
  { "post", draw_post },         { "clock", draw_clock },     { "live mark", draw_live_mark },
  { "pause card", draw_pause },
};

static double
measure_drawing (guint graphic)
{
  double start = 0;

  /* The first one loads its fonts. */
  engine_art_free (graphics[graphic].draw ());
  start = get_cpu_ms ();
  for (guint i = 0; i < N_DRAWN; i++)
    engine_art_free (graphics[graphic].draw ());
  return (get_cpu_ms () - start) / N_DRAWN;
}

static double
measure_blending (const EngineArt *art, GstVideoFrame *frame)
{
  g_autoptr (EngineOverlay) overlay = engine_overlay_new (art->surface, art->place.x, art->place.y);
  const double start = get_cpu_ms ();

  for (guint i = 0; i < N_FRAMES; i++)
    engine_overlay_blend (overlay, frame, 1);
  return (get_cpu_ms () - start) / N_FRAMES;
}

static double
measure_cairo (const EngineArt *art)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  double start = 0, spent = 0;

  cairo_paint (cr);
  start = get_cpu_ms ();
  for (guint i = 0; i < N_FRAMES; i++) {
    cairo_set_source_surface (cr, art->surface, art->place.x, art->place.y);
    cairo_paint (cr);
  }
  spent = (get_cpu_ms () - start) / N_FRAMES;
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return spent;
}

static double
measure_composition (const EngineArt *art, GstVideoFrame *frame)
{
  const int stride = cairo_image_surface_get_stride (art->surface);
  const gsize size = (gsize) stride * (gsize) art->place.height;
  GstBuffer *buffer = gst_buffer_new_memdup (cairo_image_surface_get_data (art->surface), size);
  GstVideoOverlayRectangle *rectangle = NULL;
  GstVideoOverlayComposition *composition = NULL;
  double start = 0, spent = 0;

  gst_buffer_add_video_meta (buffer, GST_VIDEO_FRAME_FLAG_NONE,
                             GST_VIDEO_OVERLAY_COMPOSITION_FORMAT_RGB, (guint) art->place.width,
                             (guint) art->place.height);
  rectangle =
    gst_video_overlay_rectangle_new_raw (buffer, art->place.x, art->place.y,
                                         (guint) art->place.width, (guint) art->place.height,
                                         GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA);
  composition = gst_video_overlay_composition_new (rectangle);
  /* It converts the graphic once, and keeps it. */
  gst_video_overlay_composition_blend (composition, frame);
  start = get_cpu_ms ();
  for (guint i = 0; i < N_FRAMES; i++)
    gst_video_overlay_composition_blend (composition, frame);
  spent = (get_cpu_ms () - start) / N_FRAMES;
  gst_video_overlay_composition_unref (composition);
  gst_video_overlay_rectangle_unref (rectangle);
  gst_buffer_unref (buffer);
  return spent;
}

int
main (int argc, char **argv)
{
  g_autoptr (GstBuffer) buffer = NULL;
  GstVideoInfo info;
  GstVideoFrame frame;

  setlocale (LC_ALL, "");
  gst_init (&argc, &argv);
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_buffer_memset (buffer, 0, 100, info.size);
  if (!gst_video_frame_map (&frame, &info, buffer, GST_MAP_READWRITE))
    return 1;

  g_print ("%-12s %9s %9s %9s %12s %9s %9s\n", "graphic", "drawn ms", "blend ms", "cairo ms",
           "composite ms", "÷ cairo", "÷ comp.");
  for (guint i = 0; i < G_N_ELEMENTS (graphics); i++) {
    const double drawn = measure_drawing (i);
    g_autoptr (EngineArt) art = graphics[i].draw ();
    const double blended = measure_blending (art, &frame);
    const double cairo = measure_cairo (art), composed = measure_composition (art, &frame);

    g_print ("%-12s %9.2f %9.3f %9.3f %12.3f %9.2f %9.2f\n", graphics[i].name, drawn, blended,
             cairo, composed, blended / cairo, blended / composed);
  }
  gst_video_frame_unmap (&frame);
  return 0;
}

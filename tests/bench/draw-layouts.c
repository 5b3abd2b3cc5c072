/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every layout at full size, of the demonstration's drawn sources, to be looked at:
 *   draw-layouts FOLDER [WIDTH HEIGHT] */
#include "config.h"

#include "engine-art.h"
#include "engine-drawing.h"
#include "engine-painter.h"

#include <stdlib.h>

#define RATE_FPS 30

typedef struct {
  const char *name;
  EngineLayout layout;
  EngineCorner corner;
  guint slots[ENGINE_LAYOUT_MAX_PLACES]; /* which of the sources below */
  guint n_slots;
} Shot;

/* The sources. */
enum {
  SPEAKER,
  SLIDES,
  GUEST,
  OLD_SLIDES, /* 4:3 */
  PHONE,      /* 9:16 */
  WIDE,       /* 21:9 */
  N_SOURCES
};

static const Shot shots[] = {
  { "full", ENGINE_LAYOUT_FULL, 0, { SPEAKER }, 1 },
  { "full-phone", ENGINE_LAYOUT_FULL, 0, { PHONE }, 1 },
  { "side-by-side", ENGINE_LAYOUT_SIDE_BY_SIDE, 0, { SPEAKER, GUEST }, 2 },
  { "side-by-side-phone", ENGINE_LAYOUT_SIDE_BY_SIDE, 0, { SPEAKER, PHONE }, 2 },
  { "side-by-side-old", ENGINE_LAYOUT_SIDE_BY_SIDE, 0, { OLD_SLIDES, GUEST }, 2 },
  { "corner-top-left",
    ENGINE_LAYOUT_PICTURE_IN_PICTURE,
    ENGINE_CORNER_TOP_LEFT,
    { SLIDES, GUEST },
    2 },
  { "corner-top-right",
    ENGINE_LAYOUT_PICTURE_IN_PICTURE,
    ENGINE_CORNER_TOP_RIGHT,
    { SLIDES, GUEST },
    2 },
  { "corner-bottom-left",
    ENGINE_LAYOUT_PICTURE_IN_PICTURE,
    ENGINE_CORNER_BOTTOM_LEFT,
    { SPEAKER, GUEST },
    2 },
  { "corner-bottom-right",
    ENGINE_LAYOUT_PICTURE_IN_PICTURE,
    ENGINE_CORNER_BOTTOM_RIGHT,
    { SPEAKER, PHONE },
    2 },
  { "slides-and-speaker", ENGINE_LAYOUT_SLIDES_AND_SPEAKER, 0, { SLIDES, SPEAKER }, 2 },
  { "slides-and-speaker-old", ENGINE_LAYOUT_SLIDES_AND_SPEAKER, 0, { OLD_SLIDES, PHONE }, 2 },
  { "slides-and-two", ENGINE_LAYOUT_SLIDES_AND_TWO, 0, { SLIDES, SPEAKER, GUEST }, 3 },
  { "slides-and-two-old", ENGINE_LAYOUT_SLIDES_AND_TWO, 0, { OLD_SLIDES, SPEAKER, PHONE }, 3 },
  { "slides-and-two-wide", ENGINE_LAYOUT_SLIDES_AND_TWO, 0, { WIDE, SPEAKER, GUEST }, 3 },
  { "everyone-1", ENGINE_LAYOUT_EVERYONE, 0, { GUEST }, 1 },
  { "everyone-2", ENGINE_LAYOUT_EVERYONE, 0, { SPEAKER, GUEST }, 2 },
  { "everyone-3", ENGINE_LAYOUT_EVERYONE, 0, { SPEAKER, GUEST, SLIDES }, 3 },
  { "everyone-4", ENGINE_LAYOUT_EVERYONE, 0, { SPEAKER, GUEST, SLIDES, GUEST }, 4 },
  { "everyone-3-phones", ENGINE_LAYOUT_EVERYONE, 0, { PHONE, PHONE, PHONE }, 3 },
  { "everyone-4-mixed", ENGINE_LAYOUT_EVERYONE, 0, { SPEAKER, PHONE, OLD_SLIDES, WIDE }, 4 },
};

static EngineSlot *
draw_source (EngineDrawingKind kind, int width, int height)
{
  g_autoptr (EngineDrawing) drawing = engine_drawing_new (kind, width, height);
  EngineSlot *slot = engine_slot_new (RATE_FPS);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (EnginePicture) due = NULL;

  cairo_set_source_surface (cr, engine_drawing_update (drawing, 4 * GST_SECOND, NULL), 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  buffer = engine_overlay_surface_to_i420 (surface, &info);
  cairo_surface_destroy (surface);
  engine_slot_set_still (slot, TRUE);
  engine_slot_push_picture (slot, buffer, &info, 0);
  due = engine_slot_pull_picture (slot, 0);
  return slot;
}

/* A soft ground in the event's colour, as a crew may have drawn it. */
static EnginePicture *
draw_background (EngineSize size)
{
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, size.width_px, size.height_px);
  cairo_t *cr = cairo_create (surface);
  cairo_pattern_t *ground = cairo_pattern_create_linear (0, 0, size.width_px, size.height_px);
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = NULL;

  cairo_pattern_add_color_stop_rgb (ground, 0, 0.05, 0.16, 0.24);
  cairo_pattern_add_color_stop_rgb (ground, 1, 0.20, 0.10, 0.26);
  cairo_set_source (cr, ground);
  cairo_paint (cr);
  buffer = engine_overlay_surface_to_i420 (surface, &info);
  cairo_pattern_destroy (ground);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return engine_picture_new (buffer, &info, 0);
}

static gboolean
save (GstBuffer *buffer, const GstVideoInfo *info, const char *folder, const char *name)
{
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_RGB24, GST_VIDEO_INFO_WIDTH (info),
                                GST_VIDEO_INFO_HEIGHT (info));
  const gsize size =
    (gsize) cairo_image_surface_get_stride (surface) * (gsize) GST_VIDEO_INFO_HEIGHT (info);
  GstVideoInfo rgb;
  GstVideoFrame from, to;
  GstVideoConverter *converter = NULL;
  g_autoptr (GstBuffer) wrapped =
    gst_buffer_new_wrapped_full (0, cairo_image_surface_get_data (surface), size, 0, size, NULL,
                                 NULL);
  gboolean saved = FALSE;

  gst_video_info_set_format (&rgb, GST_VIDEO_FORMAT_BGRx, (guint) GST_VIDEO_INFO_WIDTH (info),
                             (guint) GST_VIDEO_INFO_HEIGHT (info));
  rgb.fps_n = info->fps_n;
  rgb.fps_d = info->fps_d;
  converter = gst_video_converter_new (info, &rgb, NULL);
  if (converter != NULL && gst_video_frame_map (&from, info, buffer, GST_MAP_READ)) {
    if (gst_video_frame_map (&to, &rgb, wrapped, GST_MAP_WRITE)) {
      gst_video_converter_frame (converter, &from, &to);
      gst_video_frame_unmap (&to);
      cairo_surface_mark_dirty (surface);
      saved = cairo_surface_write_to_png (surface, path) == CAIRO_STATUS_SUCCESS;
    }
    gst_video_frame_unmap (&from);
  }
  g_clear_pointer (&converter, gst_video_converter_free);
  cairo_surface_destroy (surface);
  if (!saved)
    g_printerr ("%s cannot be written\n", path);
  return saved;
}

static gboolean
draw_shot (EnginePainter *painter, const GstVideoInfo *info, const Shot *shot, EngineSlot **sources,
           EnginePicture *background, const char *folder)
{
  EngineSlot *slots[ENGINE_LAYOUT_MAX_PLACES] = { NULL };
  EnginePaintPlan plan = { 0 };
  g_autoptr (GstBuffer) buffer = NULL;

  for (guint i = 0; i < shot->n_slots; i++)
    slots[i] = sources[shot->slots[i]];
  plan.scene = engine_scene_new_dressed (shot->layout, shot->corner, slots, shot->n_slots, NULL,
                                         background, NULL);
  buffer = engine_painter_paint (painter, &plan, 0);
  engine_paint_plan_clear (&plan);
  return buffer != NULL && save (buffer, info, folder, shot->name);
}

/* Pictures on their way from one shot to another. */
static gboolean
draw_move (EnginePainter *painter, const GstVideoInfo *info, const Shot *before, const Shot *after,
           EngineSlot **sources, const char *folder)
{
  gboolean saved = TRUE;

  for (guint n = 1; n < 4; n++) {
    EngineSlot *from[ENGINE_LAYOUT_MAX_PLACES] = { NULL }, *to[ENGINE_LAYOUT_MAX_PLACES] = { NULL };
    EnginePaintPlan plan = { .transition = ENGINE_TRANSITION_MOVE,
                             .begins = n == 1,
                             .progress = n / 4.0 };
    g_autofree char *name = g_strdup_printf ("move-%s-to-%s-%u", before->name, after->name, n);
    g_autoptr (GstBuffer) buffer = NULL;

    for (guint i = 0; i < before->n_slots; i++)
      from[i] = sources[before->slots[i]];
    for (guint i = 0; i < after->n_slots; i++)
      to[i] = sources[after->slots[i]];
    plan.from = engine_scene_new (before->layout, before->corner, from, before->n_slots, NULL);
    plan.scene = engine_scene_new (after->layout, after->corner, to, after->n_slots, NULL);
    buffer = engine_painter_paint (painter, &plan, 0);
    engine_paint_plan_clear (&plan);
    saved &= buffer != NULL && save (buffer, info, folder, name);
  }
  return saved;
}

static const Shot *
find_shot (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (shots); i++) {
    if (g_str_equal (shots[i].name, name))
      return &shots[i];
  }
  g_return_val_if_reached (NULL);
}

int
main (int argc, char **argv)
{
  const EngineSize size = { argc > 3 ? atoi (argv[2]) : 1920, argc > 3 ? atoi (argv[3]) : 1080 };
  g_autoptr (EnginePainter) painter = NULL;
  g_autoptr (EnginePicture) background = NULL;
  EngineSlot *sources[N_SOURCES] = { NULL };
  GstVideoInfo info;
  gboolean saved = TRUE;

  gst_init (&argc, &argv);
  if (argc < 2 || g_mkdir_with_parents (argv[1], 0755) != 0) {
    g_printerr ("usage: draw-layouts FOLDER [WIDTH HEIGHT]\n");
    return 2;
  }
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, (guint) size.width_px,
                             (guint) size.height_px);
  gst_video_colorimetry_from_string (&info.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  painter = engine_painter_new (&info);
  background = draw_background (size);
  sources[SPEAKER] = draw_source (ENGINE_DRAWING_SPEAKER, 1920, 1080);
  sources[SLIDES] = draw_source (ENGINE_DRAWING_SLIDES, 1920, 1080);
  sources[GUEST] = draw_source (ENGINE_DRAWING_GUEST, 1280, 720);
  sources[OLD_SLIDES] = draw_source (ENGINE_DRAWING_SLIDES, 1024, 768);
  sources[PHONE] = draw_source (ENGINE_DRAWING_GUEST, 720, 1280);
  sources[WIDE] = draw_source (ENGINE_DRAWING_SLIDES, 2560, 1080);
  for (guint i = 0; i < G_N_ELEMENTS (shots); i++)
    saved &=
      draw_shot (painter, &info, &shots[i], sources, i % 2 == 0 ? NULL : background, argv[1]);
  saved &= draw_move (painter, &info, find_shot ("corner-top-right"), find_shot ("side-by-side"),
                      sources, argv[1]);
  saved &= draw_move (painter, &info, find_shot ("slides-and-speaker"),
                      find_shot ("slides-and-two"), sources, argv[1]);
  for (guint i = 0; i < N_SOURCES; i++)
    g_object_unref (sources[i]);
  return saved ? 0 : 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine-composer.h"
#include "engine-painter.h"
#include "engine-pixels.h"

struct _EnginePainter {
  GstVideoInfo info;
  GstBufferPool *pool;
  EngineComposer *composer;
};

/* A scene made visible: a source's own picture where that is all of it, else painted. */
typedef struct {
  EnginePicture *whole; /* nullable */
  GstBuffer *painted;   /* nullable */
  GstVideoFrame frame;
} View;

void
engine_paint_plan_clear (EnginePaintPlan *plan)
{
  g_clear_pointer (&plan->scene, engine_scene_unref);
  g_clear_pointer (&plan->from, engine_scene_unref);
  for (guint i = 0; i < plan->n_layers; i++)
    engine_graphic_layer_clear (&plan->layers[i]);
  plan->n_layers = 0;
}

/**
 * engine_painter_new:
 * @info: the program's format, I420
 *
 * Returns: (transfer full): a painter
 */
EnginePainter *
engine_painter_new (const GstVideoInfo *info)
{
  EnginePainter *self = g_new0 (EnginePainter, 1);

  self->info = *info;
  self->pool = engine_picture_make_pool (info);
  self->composer = engine_composer_new ();
  return self;
}

void
engine_painter_free (EnginePainter *self)
{
  g_clear_pointer (&self->composer, engine_composer_free);
  gst_clear_object (&self->pool);
  g_free (self);
}

static GstBuffer *
acquire (EnginePainter *self, GstVideoFrame *frame)
{
  GstBuffer *buffer = NULL;

  if (gst_buffer_pool_acquire_buffer (self->pool, &buffer, NULL) != GST_FLOW_OK)
    return NULL;
  if (!gst_video_frame_map (frame, &self->info, buffer, GST_MAP_READWRITE)) {
    gst_buffer_unref (buffer);
    return NULL;
  }
  return buffer;
}

static gboolean
view_open (View *view, EnginePainter *self, EngineScene *scene, gint64 time_ns)
{
  view->whole = engine_composer_find_passthrough (self->composer, scene, time_ns, &self->info);
  if (view->whole != NULL &&
      gst_video_frame_map (&view->frame, &view->whole->info, view->whole->buffer, GST_MAP_READ))
    return TRUE;
  g_clear_pointer (&view->whole, engine_picture_unref);
  view->painted = acquire (self, &view->frame);
  if (view->painted == NULL)
    return FALSE;
  engine_composer_paint (self->composer, scene, time_ns, &view->frame);
  return TRUE;
}

static void
view_close (View *view)
{
  gst_video_frame_unmap (&view->frame);
  g_clear_pointer (&view->whole, engine_picture_unref);
  gst_clear_buffer (&view->painted);
}

static void
cross (GstVideoFrame *to, const GstVideoFrame *a, const GstVideoFrame *b, guint8 weight)
{
  for (guint plane = 0; plane < 3; plane++) {
    guint8 *to_row = GST_VIDEO_FRAME_PLANE_DATA (to, plane);
    const guint8 *a_row = GST_VIDEO_FRAME_PLANE_DATA (a, plane);
    const guint8 *b_row = GST_VIDEO_FRAME_PLANE_DATA (b, plane);

    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (to, plane); y++) {
      engine_pixels_cross (to_row, a_row, b_row, (guint) GST_VIDEO_FRAME_COMP_WIDTH (to, plane),
                           weight);
      to_row += GST_VIDEO_FRAME_PLANE_STRIDE (to, plane);
      a_row += GST_VIDEO_FRAME_PLANE_STRIDE (a, plane);
      b_row += GST_VIDEO_FRAME_PLANE_STRIDE (b, plane);
    }
  }
}

static void
paint_fade (EnginePainter *self, const EnginePaintPlan *plan, gint64 time_ns, GstVideoFrame *frame)
{
  const double share = engine_glide_ease (plan->progress);
  View before = { 0 }, after = { 0 };

  if (!view_open (&before, self, plan->from, time_ns))
    return;
  if (view_open (&after, self, plan->scene, time_ns)) {
    cross (frame, &before.frame, &after.frame, (guint8) lrint (share * 255));
    view_close (&after);
  }
  view_close (&before);
}

static void
paint_pictures (EnginePainter *self, const EnginePaintPlan *plan, gint64 time_ns,
                GstVideoFrame *frame)
{
  static EngineScene nothing = { .layout = ENGINE_LAYOUT_PAUSE };
  const EngineSize size = { GST_VIDEO_INFO_WIDTH (&self->info),
                            GST_VIDEO_INFO_HEIGHT (&self->info) };

  if (plan->from != NULL && plan->transition == ENGINE_TRANSITION_FADE) {
    paint_fade (self, plan, time_ns, frame);
  } else if (plan->from != NULL && plan->transition == ENGINE_TRANSITION_MOVE) {
    if (plan->begins)
      engine_composer_begin_move (self->composer, plan->from, plan->anew, time_ns, size);
    engine_composer_paint_move (self->composer, plan->from, plan->scene, plan->progress, time_ns,
                                frame);
  } else {
    engine_composer_paint (self->composer, plan->scene != NULL ? plan->scene : &nothing, time_ns,
                           frame);
  }
}

/* A logo that both scenes have stays; else the one goes and the other comes. */
static void
blend_logos (const EnginePaintPlan *plan, GstVideoFrame *frame)
{
  const double share = plan->from != NULL ? engine_glide_ease (plan->progress) : 1;

  if (plan->scene == NULL)
    return;
  if (plan->from != NULL && !engine_scene_has_same_logo (plan->from, plan->scene)) {
    if (plan->from->logo != NULL)
      engine_overlay_blend (plan->from->logo, frame, 1 - share);
    if (plan->scene->logo != NULL)
      engine_overlay_blend (plan->scene->logo, frame, share);
  } else if (plan->scene->logo != NULL) {
    engine_overlay_blend (plan->scene->logo, frame, 1);
  }
}

static gboolean
has_graphics (const EnginePaintPlan *plan)
{
  return plan->n_layers > 0 ||
         (plan->scene != NULL &&
          (plan->scene->logo != NULL || (plan->from != NULL && plan->from->logo != NULL)));
}

/* The picture of a source that is all of what is seen, if there is one. */
static GstBuffer *
find_whole (EnginePainter *self, const EnginePaintPlan *plan, gint64 time_ns)
{
  g_autoptr (EnginePicture) whole = NULL;

  if (plan->scene != NULL && plan->from == NULL)
    whole = engine_composer_find_passthrough (self->composer, plan->scene, time_ns, &self->info);
  return whole != NULL ? gst_buffer_copy (whole->buffer) : NULL;
}

static GstBuffer *
copy_frame (EnginePainter *self, const GstVideoFrame *frame)
{
  GstVideoFrame copy;
  GstBuffer *buffer = acquire (self, &copy);

  if (buffer == NULL)
    return NULL;
  gst_video_frame_copy (&copy, frame);
  gst_video_frame_unmap (&copy);
  return buffer;
}

/**
 * engine_painter_paint:
 * @self: a painter
 * @plan: what to paint
 * @time_ns: the show time of the frame; call with rising times
 *
 * Where one picture of a source is all of a frame, that is returned, without a copy.
 *
 * Returns: (transfer full) (nullable): the frame; `NULL` when there is no memory for it
 */
GstBuffer *
engine_painter_paint (EnginePainter *self, const EnginePaintPlan *plan, gint64 time_ns)
{
  return engine_painter_paint_both (self, plan, time_ns, NULL);
}

/**
 * engine_painter_paint_both:
 * @self: a painter
 * @plan: what to paint
 * @time_ns: the show time of the frame; call with rising times
 * @clean: (out) (optional) (nullable): the same frame without graphics; `NULL` if it has none
 *
 * As engine_painter_paint (). Nothing is copied for @clean where there are no graphics, or where one
 * picture of a source is all that is under them.
 *
 * Returns: (transfer full) (nullable): the frame; `NULL` when there is no memory for it
 */
GstBuffer *
engine_painter_paint_both (EnginePainter *self, const EnginePaintPlan *plan, gint64 time_ns,
                           GstBuffer **clean)
{
  const gboolean graphics = has_graphics (plan);
  GstVideoFrame frame;
  GstBuffer *buffer = NULL;

  if (clean != NULL)
    *clean = graphics ? find_whole (self, plan, time_ns) : NULL;
  if (!graphics && (buffer = find_whole (self, plan, time_ns)) != NULL)
    return buffer;
  buffer = acquire (self, &frame);
  if (buffer == NULL)
    return NULL;
  paint_pictures (self, plan, time_ns, &frame);
  if (clean != NULL && *clean == NULL && graphics)
    *clean = copy_frame (self, &frame);
  blend_logos (plan, &frame);
  for (guint i = 0; i < plan->n_layers; i++)
    engine_overlay_blend_posed (plan->layers[i].overlay, &frame, &plan->layers[i].pose);
  gst_video_frame_unmap (&frame);
  return buffer;
}

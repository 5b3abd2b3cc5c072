/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-scene.h"

/* A fade paints two scenes of two places each, previews one of two: enough scalers for these. */
#define N_SCALERS 8

typedef struct {
  GstVideoConverter *converter; /* nullable: an unused place in the table */
  GstVideoInfo in;
  GstVideoInfo out;
  EngineRect rect;
  guint64 used; /* when, in paints */
} Scaler;

struct _EngineComposer {
  Scaler scalers[N_SCALERS];
  guint64 n_paints;
};

/**
 * engine_scene_new:
 * @layout: a layout
 * @corner: for picture-in-picture
 * @slots: (array length=n_slots): what fills the places, first place first
 * @n_slots: as many as the layout has places
 * @card: (nullable): the picture of the pause layout
 *
 * Returns: (transfer full): the scene
 */
EngineScene *
engine_scene_new (EngineLayout layout, EngineCorner corner, EngineSlot **slots, guint n_slots,
                  EnginePicture *card)
{
  g_return_val_if_fail (n_slots == engine_layout_get_n_places (layout), NULL);

  EngineScene *self = g_new0 (EngineScene, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->layout = layout;
  self->corner = corner;
  self->n_slots = n_slots;
  for (guint i = 0; i < n_slots; i++)
    self->slots[i] = g_object_ref (slots[i]);
  self->card = card != NULL ? engine_picture_ref (card) : NULL;
  return self;
}

EngineScene *
engine_scene_ref (EngineScene *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
engine_scene_unref (EngineScene *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  for (guint i = 0; i < self->n_slots; i++)
    g_object_unref (self->slots[i]);
  g_clear_pointer (&self->card, engine_picture_unref);
  g_free (self);
}

gboolean
engine_scene_shows (const EngineScene *self, const EngineSlot *slot)
{
  for (guint i = 0; i < self->n_slots; i++) {
    if (self->slots[i] == slot)
      return TRUE;
  }
  return FALSE;
}

EngineComposer *
engine_composer_new (void)
{
  return g_new0 (EngineComposer, 1);
}

void
engine_composer_free (EngineComposer *self)
{
  for (guint i = 0; i < N_SCALERS; i++)
    g_clear_pointer (&self->scalers[i].converter, gst_video_converter_free);
  g_free (self);
}

static GstVideoConverter *
make_converter (const GstVideoInfo *in, const GstVideoInfo *out, EngineRect rect)
{
  GstVideoInfo in_copy = *in, out_copy = *out;

  /* Half a chroma pixel's shift is not worth the slow path that correcting it would take. */
  in_copy.chroma_site = out_copy.chroma_site;
  /* A converter knows pictures, not rates, and refuses two that differ. */
  in_copy.fps_n = out_copy.fps_n;
  in_copy.fps_d = out_copy.fps_d;
  in_copy.interlace_mode = out_copy.interlace_mode;
  return gst_video_converter_new (
    &in_copy, &out_copy,
    gst_structure_new ("converter", GST_VIDEO_CONVERTER_OPT_DEST_X, G_TYPE_INT, rect.x,
                       GST_VIDEO_CONVERTER_OPT_DEST_Y, G_TYPE_INT, rect.y,
                       GST_VIDEO_CONVERTER_OPT_DEST_WIDTH, G_TYPE_INT, rect.width,
                       GST_VIDEO_CONVERTER_OPT_DEST_HEIGHT, G_TYPE_INT, rect.height,
                       GST_VIDEO_CONVERTER_OPT_FILL_BORDER, G_TYPE_BOOLEAN, FALSE,
                       GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD, GST_TYPE_VIDEO_RESAMPLER_METHOD,
                       GST_VIDEO_RESAMPLER_METHOD_LINEAR,
                       GST_VIDEO_CONVERTER_OPT_CHROMA_RESAMPLER_METHOD,
                       GST_TYPE_VIDEO_RESAMPLER_METHOD, GST_VIDEO_RESAMPLER_METHOD_LINEAR,
                       GST_VIDEO_CONVERTER_OPT_THREADS, G_TYPE_UINT, 1, NULL));
}

static GstVideoConverter *
get_converter (EngineComposer *self, const GstVideoInfo *in, const GstVideoInfo *out,
               EngineRect rect)
{
  Scaler *oldest = &self->scalers[0];

  for (guint i = 0; i < N_SCALERS; i++) {
    Scaler *scaler = &self->scalers[i];

    if (scaler->converter != NULL && memcmp (&scaler->rect, &rect, sizeof rect) == 0 &&
        gst_video_info_is_equal (&scaler->in, in) && gst_video_info_is_equal (&scaler->out, out)) {
      scaler->used = self->n_paints;
      return scaler->converter;
    }
    if (scaler->converter == NULL || scaler->used < oldest->used)
      oldest = scaler;
  }
  g_clear_pointer (&oldest->converter, gst_video_converter_free);
  oldest->converter = make_converter (in, out, rect);
  oldest->in = *in;
  oldest->out = *out;
  oldest->rect = rect;
  oldest->used = self->n_paints;
  return oldest->converter;
}

static void
paint_black (GstVideoFrame *frame)
{
  const int values[] = { 16, 128, 128 };

  for (guint plane = 0; plane < 3; plane++)
    memset (GST_VIDEO_FRAME_PLANE_DATA (frame, plane), values[plane],
            (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane) *
              (gsize) GST_VIDEO_FRAME_COMP_HEIGHT (frame, plane));
}

static void
paint_picture (EngineComposer *self, EnginePicture *picture, EngineRect rect, GstVideoFrame *frame)
{
  GstVideoFrame in;
  GstVideoConverter *converter = NULL;

  if (!gst_video_frame_map (&in, &picture->info, picture->buffer, GST_MAP_READ))
    return;
  /* The buffer's own strides count, not those of the caps. */
  converter = get_converter (self, &in.info, &frame->info, rect);
  if (converter != NULL)
    gst_video_converter_frame (converter, &in, frame);
  gst_video_frame_unmap (&in);
}

static gboolean
covers (EngineRect rect, const GstVideoFrame *frame)
{
  return rect.x == 0 && rect.y == 0 && rect.width == GST_VIDEO_FRAME_WIDTH (frame) &&
         rect.height == GST_VIDEO_FRAME_HEIGHT (frame);
}

/**
 * engine_composer_paint:
 * @self: a composer
 * @scene: what to paint
 * @time_ns: the show time
 * @frame: (inout): an I420 frame mapped for writing, of any even size
 *
 * Places that have nothing yet stay black.
 */
void
engine_composer_paint (EngineComposer *self, const EngineScene *scene, gint64 time_ns,
                       GstVideoFrame *frame)
{
  const EngineSize size = { GST_VIDEO_FRAME_WIDTH (frame), GST_VIDEO_FRAME_HEIGHT (frame) };
  EnginePicture *pictures[ENGINE_LAYOUT_MAX_PLACES] = { NULL };
  EngineSize sizes[ENGINE_LAYOUT_MAX_PLACES] = { { 0 } };
  EngineRect rects[ENGINE_LAYOUT_MAX_PLACES];
  guint n = scene->n_slots;

  self->n_paints++;
  for (guint i = 0; i < scene->n_slots; i++) {
    pictures[i] = engine_slot_peek_picture (scene->slots[i], time_ns);
    if (pictures[i] != NULL)
      sizes[i] = engine_picture_get_display_size (pictures[i]);
  }
  if (scene->layout == ENGINE_LAYOUT_PAUSE) {
    n = 1;
    pictures[0] = scene->card != NULL ? engine_picture_ref (scene->card) : NULL;
    if (scene->card != NULL)
      sizes[0] = engine_picture_get_display_size (scene->card);
    engine_layout_arrange (ENGINE_LAYOUT_FULL, scene->corner, sizes, size, rects);
  } else {
    engine_layout_arrange (scene->layout, scene->corner, sizes, size, rects);
  }

  if (pictures[0] == NULL || !covers (rects[0], frame))
    paint_black (frame);
  for (guint i = 0; i < n; i++) {
    if (pictures[i] != NULL) {
      paint_picture (self, pictures[i], rects[i], frame);
      engine_picture_unref (pictures[i]);
    }
  }
}

/**
 * engine_composer_make_frame:
 * @scene: a pause: what is seen does not move
 * @info: the program's format
 *
 * Any thread.
 *
 * Returns: (transfer full): the scene as one frame, which nobody writes to any more
 */
GstBuffer *
engine_composer_make_frame (const EngineScene *scene, const GstVideoInfo *info)
{
  g_autoptr (EngineComposer) composer = engine_composer_new ();
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, info->size, NULL);
  GstVideoFrame frame;

  if (gst_video_frame_map (&frame, info, buffer, GST_MAP_READWRITE)) {
    engine_composer_paint (composer, scene, 0, &frame);
    gst_video_frame_unmap (&frame);
  }
  return buffer;
}

/**
 * engine_composer_find_passthrough:
 * @scene: what is to be shown
 * @time_ns: the show time
 * @info: the program's format
 *
 * One picture over the whole program, already of its size and format, needs no painting.
 *
 * Returns: (transfer full) (nullable): that picture, read only, or `NULL` if it must be painted
 */
GstBuffer *
engine_composer_find_passthrough (const EngineScene *scene, gint64 time_ns,
                                  const GstVideoInfo *info)
{
  g_autoptr (EnginePicture) picture = NULL;

  if (scene->layout == ENGINE_LAYOUT_PAUSE)
    picture = scene->card != NULL ? engine_picture_ref (scene->card) : NULL;
  else if (scene->layout == ENGINE_LAYOUT_FULL)
    picture = engine_slot_peek_picture (scene->slots[0], time_ns);

  if (picture == NULL || GST_VIDEO_INFO_FORMAT (&picture->info) != GST_VIDEO_INFO_FORMAT (info) ||
      GST_VIDEO_INFO_WIDTH (&picture->info) != GST_VIDEO_INFO_WIDTH (info) ||
      GST_VIDEO_INFO_HEIGHT (&picture->info) != GST_VIDEO_INFO_HEIGHT (info) ||
      GST_VIDEO_INFO_PAR_N (&picture->info) != GST_VIDEO_INFO_PAR_D (&picture->info) ||
      picture->info.colorimetry.matrix != info->colorimetry.matrix ||
      picture->info.colorimetry.range != info->colorimetry.range ||
      gst_buffer_n_memory (picture->buffer) != 1)
    return NULL;
  return gst_buffer_ref (picture->buffer);
}

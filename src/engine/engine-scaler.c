/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-scaler.h"

/* Two scenes of four places with a background each, for a fade from one to the other, and some.
 * While pictures move a new one is set up for each frame, which costs a hundredth of the scaling. */
#define N_ENTRIES 16

typedef struct {
  GstVideoConverter *converter; /* nullable: an unused place in the table */
  GstVideoInfo in;
  GstVideoInfo out; /* as large as the place it goes to */
  EngineRect part;
  guint64 used; /* when, in paints */
} Entry;

struct _EngineScaler {
  Entry entries[N_ENTRIES];
  guint64 n_paints;
};

EngineScaler *
engine_scaler_new (void)
{
  return g_new0 (EngineScaler, 1);
}

void
engine_scaler_free (EngineScaler *self)
{
  for (guint i = 0; i < N_ENTRIES; i++)
    g_clear_pointer (&self->entries[i].converter, gst_video_converter_free);
  g_free (self);
}

static GstVideoConverter *
make_converter (const GstVideoInfo *in, const GstVideoInfo *out, EngineRect part)
{
  GstVideoInfo in_copy = *in;

  /* Half a chroma pixel's shift is not worth the slow path that correcting it would take. */
  in_copy.chroma_site = out->chroma_site;
  /* A converter knows pictures, not rates, and refuses two that differ. */
  in_copy.fps_n = out->fps_n;
  in_copy.fps_d = out->fps_d;
  in_copy.interlace_mode = out->interlace_mode;
  return gst_video_converter_new (
    &in_copy, out,
    gst_structure_new ("converter", GST_VIDEO_CONVERTER_OPT_SRC_X, G_TYPE_INT, part.x,
                       GST_VIDEO_CONVERTER_OPT_SRC_Y, G_TYPE_INT, part.y,
                       GST_VIDEO_CONVERTER_OPT_SRC_WIDTH, G_TYPE_INT, part.width,
                       GST_VIDEO_CONVERTER_OPT_SRC_HEIGHT, G_TYPE_INT, part.height,
                       GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD, GST_TYPE_VIDEO_RESAMPLER_METHOD,
                       GST_VIDEO_RESAMPLER_METHOD_LINEAR,
                       GST_VIDEO_CONVERTER_OPT_CHROMA_RESAMPLER_METHOD,
                       GST_TYPE_VIDEO_RESAMPLER_METHOD, GST_VIDEO_RESAMPLER_METHOD_LINEAR,
                       GST_VIDEO_CONVERTER_OPT_THREADS, G_TYPE_UINT, 1, NULL));
}

static gboolean
is_same_rect (EngineRect a, EngineRect b)
{
  return memcmp (&a, &b, sizeof a) == 0;
}

static GstVideoConverter *
get_converter (EngineScaler *self, const GstVideoInfo *in, const GstVideoInfo *out, EngineRect part)
{
  Entry *oldest = &self->entries[0];

  for (guint i = 0; i < N_ENTRIES; i++) {
    Entry *entry = &self->entries[i];

    if (entry->converter != NULL && is_same_rect (entry->part, part) &&
        gst_video_info_is_equal (&entry->in, in) && gst_video_info_is_equal (&entry->out, out)) {
      entry->used = self->n_paints;
      return entry->converter;
    }
    if (entry->used < oldest->used)
      oldest = entry;
  }
  g_clear_pointer (&oldest->converter, gst_video_converter_free);
  oldest->converter = make_converter (in, out, part);
  oldest->in = *in;
  oldest->out = *out;
  oldest->part = part;
  oldest->used = self->n_paints;
  return oldest->converter;
}

/* The place as a frame of its own: a converter that is told to paint into a part of a larger one
 * writes to the left and right of that part as well, except in its fast paths. */
static GstVideoFrame
make_window (const GstVideoFrame *frame, EngineRect rect)
{
  GstVideoFrame window = *frame;
  GstVideoInfo *info = &window.info;

  gst_video_info_set_format (info, GST_VIDEO_FORMAT_I420, (guint) rect.width, (guint) rect.height);
  info->colorimetry = frame->info.colorimetry;
  info->chroma_site = frame->info.chroma_site;
  info->fps_n = frame->info.fps_n;
  info->fps_d = frame->info.fps_d;
  for (guint plane = 0; plane < 3; plane++) {
    const int shift = plane == 0 ? 0 : 1;
    const int stride = GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane);

    info->stride[plane] = stride;
    window.data[plane] = (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, plane) +
                         (gsize) (rect.y >> shift) * stride + (rect.x >> shift);
  }
  return window;
}

/**
 * engine_scaler_paint:
 * @self: a scaler
 * @picture: what to paint
 * @rect: where, in the frame's pixels, even and inside it
 * @frame: (inout): an I420 frame mapped for writing
 *
 * Touches nothing outside @rect.
 */
void
engine_scaler_paint (EngineScaler *self, const EnginePicture *picture, EngineRect rect,
                     GstVideoFrame *frame)
{
  GstVideoFrame window = make_window (frame, rect);
  GstVideoFrame in;
  GstVideoConverter *converter = NULL;

  if (!gst_video_frame_map (&in, &picture->info, picture->buffer, GST_MAP_READ))
    return;
  self->n_paints++;
  /* The buffer's own strides count, not those of the caps. */
  converter = get_converter (self, &in.info, &window.info, picture->part);
  if (converter != NULL)
    gst_video_converter_frame (converter, &in, &window);
  gst_video_frame_unmap (&in);
}

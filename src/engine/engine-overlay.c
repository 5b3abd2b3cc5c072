/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine-overlay.h"
#include "engine-pixels.h"

typedef struct {
  int r, g, b, a; /* multiplied by alpha, 0 to 255 */
} Pixel;

static Pixel
get_pixel (const guint8 *row, int x)
{
  const guint32 argb = ((const guint32 *) row)[x];

  return (Pixel){ (int) (argb >> 16) & 0xff, (int) (argb >> 8) & 0xff, (int) argb & 0xff,
                  (int) (argb >> 24) };
}

/* Rounds a number of 65536ths. */
static guint8
to_byte (int value)
{
  return (guint8) CLAMP ((value + 32768) >> 16, 0, 255);
}

/* BT.709, limited range (ITU-R BT.709-6, section 3), on values multiplied by their alpha; in
 * 65536ths. */
static guint8
luma_of (Pixel p)
{
  return to_byte (4112 * p.a + 11966 * p.r + 40254 * p.g + 4064 * p.b);
}

static guint8
u_of (Pixel p)
{
  return to_byte (32897 * p.a - 6596 * p.r - 22189 * p.g + 28785 * p.b);
}

static guint8
v_of (Pixel p)
{
  return to_byte (32897 * p.a + 28785 * p.r - 26146 * p.g - 2639 * p.b);
}

static Pixel
average (const guint8 *upper, const guint8 *lower, int x, int width)
{
  const int next = MIN (x + 1, width - 1);
  const Pixel p[] = { get_pixel (upper, x), get_pixel (upper, next), get_pixel (lower, x),
                      get_pixel (lower, next) };

  return (Pixel){ (p[0].r + p[1].r + p[2].r + p[3].r + 2) / 4,
                  (p[0].g + p[1].g + p[2].g + p[3].g + 2) / 4,
                  (p[0].b + p[1].b + p[2].b + p[3].b + 2) / 4,
                  (p[0].a + p[1].a + p[2].a + p[3].a + 2) / 4 };
}

static void
fill_planes (EngineOverlay *self, int surface_width, int surface_height)
{
  const guint8 *data = cairo_image_surface_get_data (self->surface);
  const int stride = cairo_image_surface_get_stride (self->surface);
  const int width = self->place.width, height = self->place.height;

  for (int y = 0; y < MIN (height, surface_height); y++) {
    for (int x = 0; x < MIN (width, surface_width); x++) {
      const Pixel p = get_pixel (data + (gsize) y * stride, x);

      self->luma[y * width + x] = luma_of (p);
      self->luma_alpha[y * width + x] = (guint8) p.a;
    }
  }
  for (int y = 0; y < height; y += 2) {
    const guint8 *upper = data + (gsize) MIN (y, surface_height - 1) * stride;
    const guint8 *lower = data + (gsize) MIN (y + 1, surface_height - 1) * stride;

    for (int x = 0; x < width; x += 2) {
      const Pixel p = average (upper, lower, MIN (x, surface_width - 1), surface_width);
      const int at = y / 2 * (width / 2) + x / 2;

      self->chroma_u[at] = u_of (p);
      self->chroma_v[at] = v_of (p);
      self->chroma_alpha[at] = (guint8) p.a;
    }
  }
}

/**
 * engine_overlay_new:
 * @surface: a finished image surface, ARGB32
 * @x: where its left edge goes, in the program's pixels; made even
 * @y: where its upper edge goes
 *
 * Returns: (transfer full): the graphic, ready to blend
 */
EngineOverlay *
engine_overlay_new (cairo_surface_t *surface, int x, int y)
{
  g_return_val_if_fail (cairo_image_surface_get_format (surface) == CAIRO_FORMAT_ARGB32, NULL);

  EngineOverlay *self = g_new0 (EngineOverlay, 1);
  const int width = cairo_image_surface_get_width (surface);
  const int height = cairo_image_surface_get_height (surface);

  cairo_surface_flush (surface);
  g_atomic_ref_count_init (&self->ref_count);
  self->surface = cairo_surface_reference (surface);
  self->place =
    (EngineRect){ MAX (0, x) & ~1, MAX (0, y) & ~1, (width + 1) & ~1, (height + 1) & ~1 };

  const gsize n = (gsize) self->place.width * (gsize) self->place.height;
  self->luma = g_malloc0 (n);
  self->luma_alpha = g_malloc0 (n);
  self->chroma_u = g_malloc0 (n / 4);
  self->chroma_v = g_malloc0 (n / 4);
  self->chroma_alpha = g_malloc0 (n / 4);
  fill_planes (self, width, height);
  return self;
}

EngineOverlay *
engine_overlay_ref (EngineOverlay *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
engine_overlay_unref (EngineOverlay *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->luma);
  g_free (self->luma_alpha);
  g_free (self->chroma_u);
  g_free (self->chroma_v);
  g_free (self->chroma_alpha);
  cairo_surface_destroy (self->surface);
  g_free (self);
}

/* @at is where the part's top left comes to stand; what is outside the frame is left out. All in
 * the plane's own pixels. */
static void
blend_plane (GstVideoFrame *frame, guint plane, int at_x, int at_y, EngineRect part, int stride,
             const guint8 *premultiplied, const guint8 *alpha, guint8 opacity)
{
  guint8 *data = GST_VIDEO_FRAME_PLANE_DATA (frame, plane);
  const int to_stride = GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane);
  const int left = MAX (0, -at_x), top = MAX (0, -at_y);
  const int right = MIN (part.width, GST_VIDEO_FRAME_COMP_WIDTH (frame, plane) - at_x);
  const int bottom = MIN (part.height, GST_VIDEO_FRAME_COMP_HEIGHT (frame, plane) - at_y);

  if (right <= left)
    return;
  for (int y = top; y < bottom; y++) {
    const gsize from = (gsize) (part.y + y) * (gsize) stride + (gsize) (part.x + left);

    engine_pixels_blend (data + (gsize) (at_y + y) * (gsize) to_stride + at_x + left,
                         premultiplied + from, alpha + from, (guint) (right - left), opacity);
  }
}

/**
 * engine_overlay_blend_posed:
 * @self: a graphic
 * @frame: (inout): an I420 frame mapped for writing
 * @pose: how it stands; its part inside the graphic
 *
 * Touches nothing outside the part, where it stands. Any thread.
 */
void
engine_overlay_blend_posed (const EngineOverlay *self, GstVideoFrame *frame,
                            const EngineOverlayPose *pose)
{
  const guint8 o = (guint8) lrint (CLAMP (pose->opacity, 0, 1) * 255);
  const EngineRect part = pose->part;
  const EngineRect half = { part.x / 2, part.y / 2, part.width / 2, part.height / 2 };
  const int x = self->place.x + pose->move_x + part.x, y = self->place.y + pose->move_y + part.y;
  const int width = self->place.width;

  if (o == 0)
    return;
  blend_plane (frame, 0, x, y, part, width, self->luma, self->luma_alpha, o);
  blend_plane (frame, 1, x / 2, y / 2, half, width / 2, self->chroma_u, self->chroma_alpha, o);
  blend_plane (frame, 2, x / 2, y / 2, half, width / 2, self->chroma_v, self->chroma_alpha, o);
}

/**
 * engine_overlay_blend:
 * @self: a graphic
 * @frame: (inout): an I420 frame mapped for writing
 * @opacity: 0 to 1
 *
 * Touches nothing outside the graphic's rectangle.
 */
void
engine_overlay_blend (const EngineOverlay *self, GstVideoFrame *frame, double opacity)
{
  const EngineOverlayPose pose = { .opacity = opacity,
                                   .part = { 0, 0, self->place.width, self->place.height } };

  engine_overlay_blend_posed (self, frame, &pose);
}

/**
 * engine_overlay_surface_to_i420:
 * @surface: an opaque image surface of even size
 * @info: (out): how to read what is returned
 *
 * Returns: (transfer full): the surface as an I420 BT.709 picture
 */
GstBuffer *
engine_overlay_surface_to_i420 (cairo_surface_t *surface, GstVideoInfo *info)
{
  g_autoptr (EngineOverlay) planes = engine_overlay_new (surface, 0, 0);
  GstVideoFrame frame;

  gst_video_info_set_format (info, GST_VIDEO_FORMAT_I420, (guint) planes->place.width,
                             (guint) planes->place.height);
  gst_video_colorimetry_from_string (&info->colorimetry, GST_VIDEO_COLORIMETRY_BT709);

  GstBuffer *buffer = gst_buffer_new_allocate (NULL, info->size, NULL);
  if (gst_video_frame_map (&frame, info, buffer, GST_MAP_WRITE)) {
    for (guint plane = 0; plane < 3; plane++) {
      const guint8 *from[] = { planes->luma, planes->chroma_u, planes->chroma_v };
      const int width = GST_VIDEO_FRAME_COMP_WIDTH (&frame, plane);

      for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (&frame, plane); y++)
        memcpy ((guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, plane) +
                  (gsize) y * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, plane),
                from[plane] + (gsize) y * width, (gsize) width);
    }
    gst_video_frame_unmap (&frame);
  }
  return buffer;
}

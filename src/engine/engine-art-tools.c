/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-private.h"

#include <math.h>
#include <string.h>

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

#define MAX_FILE_BYTES  (16 * 1024 * 1024)
#define MAX_SIDE_PX     8192
#define MAX_SHOWN_PX    32e6
#define N_SHADOW_LAYERS 14

static const EngineArtColour house_colour = { 1.0, 0.48, 0.09 };

/**
 * engine_art_free:
 * @self: (nullable) (transfer full): a graphic
 *
 * Frees a graphic and its surface. Any thread.
 */
void
engine_art_free (EngineArt *self)
{
  if (self == NULL)
    return;

  cairo_surface_destroy (self->surface);
  g_free (self);
}

double
_engine_art_get_unit (int program_width_px, int program_height_px)
{
  /* An upright program is narrow: there the width decides, or nothing would fit side by side. */
  return MIN (program_height_px, program_width_px * 0.75) / 1080.0;
}

gboolean
_engine_art_check_size (int program_width_px, int program_height_px, GError **error)
{
  if (program_width_px >= 320 && program_width_px <= 3840 && program_height_px >= 180 &&
      program_height_px <= 2160)
    return TRUE;

  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
               "A picture of %d×%d cannot be drawn: it must be between 320×180 and 3840×2160",
               program_width_px, program_height_px);
  return FALSE;
}

EngineArt *
_engine_art_new (int x, int y, int width_px, int height_px, GError **error)
{
  g_autoptr (EngineArt) self = g_new0 (EngineArt, 1);

  self->place = (EngineRect){ x, y, width_px, height_px };
  self->surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width_px, height_px);
  if (cairo_surface_status (self->surface) == CAIRO_STATUS_SUCCESS)
    return g_steal_pointer (&self);

  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "A graphic cannot be drawn: %s",
               cairo_status_to_string (cairo_surface_status (self->surface)));
  return NULL;
}

EngineArtColour
_engine_art_parse_colour (const char *colour)
{
  EngineArtColour result = house_colour;
  guint64 value = 0;

  if (colour == NULL || strlen (colour) != 7 || colour[0] != '#' || !g_ascii_isxdigit (colour[1]))
    return result;
  if (!g_ascii_string_to_unsigned (colour + 1, 16, 0, 0xffffff, &value, NULL))
    return result;

  result.red = (double) (value >> 16 & 0xff) / 255.0;
  result.green = (double) (value >> 8 & 0xff) / 255.0;
  result.blue = (double) (value & 0xff) / 255.0;
  return result;
}

EngineArtColour
_engine_art_mix (EngineArtColour from, EngineArtColour to, double amount)
{
  return (EngineArtColour){ from.red + (to.red - from.red) * amount,
                            from.green + (to.green - from.green) * amount,
                            from.blue + (to.blue - from.blue) * amount };
}

double
_engine_art_get_luminance (EngineArtColour colour)
{
  return 0.2126 * colour.red + 0.7152 * colour.green + 0.0722 * colour.blue;
}

static double
to_linear (double value)
{
  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

/* WCAG 2.1: relative luminance and contrast ratio, 1 to 21. */
static double
get_linear_luminance (EngineArtColour colour)
{
  return _engine_art_get_luminance (
    (EngineArtColour){ to_linear (colour.red), to_linear (colour.green), to_linear (colour.blue) });
}

double
_engine_art_get_contrast (EngineArtColour one, EngineArtColour other)
{
  const double a = get_linear_luminance (one), b = get_linear_luminance (other);

  return (MAX (a, b) + 0.05) / (MIN (a, b) + 0.05);
}

/**
 * _engine_art_choose_ink:
 * @ground: what is written on
 *
 * Returns: white, or nearly black where that is read more easily
 */
EngineArtColour
_engine_art_choose_ink (EngineArtColour ground)
{
  const EngineArtColour white = { 1, 1, 1 }, black = { 0.02, 0.025, 0.035 };

  /* White is what television is used to: it gives way only where it would be hard to read. */
  if (_engine_art_get_contrast (white, ground) >= 4.5)
    return white;
  return _engine_art_get_contrast (white, ground) > _engine_art_get_contrast (black, ground)
           ? white
           : black;
}

/**
 * _engine_art_make_readable:
 * @colour: what is to be written in
 * @ground: what is written on
 *
 * Returns: @colour, as much lighter or darker as it takes for a contrast ratio of 4.5
 */
EngineArtColour
_engine_art_make_readable (EngineArtColour colour, EngineArtColour ground)
{
  const EngineArtColour ink = _engine_art_choose_ink (ground);

  for (double amount = 0; amount < 1; amount += 0.05) {
    const EngineArtColour mixed = _engine_art_mix (colour, ink, amount);

    if (_engine_art_get_contrast (mixed, ground) >= 4.5)
      return mixed;
  }
  return ink;
}

void
_engine_art_set_colour (cairo_t *cr, EngineArtColour colour, double alpha)
{
  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, alpha);
}

void
_engine_art_add_rounded (cairo_t *cr, double x, double y, double width, double height,
                         double radius)
{
  const double r = MIN (radius, MIN (width, height) / 2);

  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - r, y + r, r, -G_PI_2, 0);
  cairo_arc (cr, x + width - r, y + height - r, r, 0, G_PI_2);
  cairo_arc (cr, x + r, y + height - r, r, G_PI_2, G_PI);
  cairo_arc (cr, x + r, y + r, r, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

void
_engine_art_draw_shadow (cairo_t *cr, double x, double y, double width, double height,
                         double radius, double blur)
{
  for (int i = 0; i < N_SHADOW_LAYERS; i++) {
    const double share = 1.0 - (double) i / N_SHADOW_LAYERS;
    const double grow = blur * share * share;

    _engine_art_add_rounded (cr, x - grow, y - grow + blur * 0.25, width + 2 * grow,
                             height + 2 * grow, radius + grow);
    cairo_set_source_rgba (cr, 0, 0, 0, 0.026);
    cairo_fill (cr);
  }
}

/* The mean of @n bytes, @step apart, over 2 × radius + 1 of them. */
static void
blur_run (guint8 *bytes, gsize step, int n, int radius, guint8 *copy)
{
  const int window = 2 * radius + 1;
  int sum = 0;

  for (int i = 0; i < n; i++)
    copy[i] = bytes[(gsize) i * step];
  for (int i = -radius; i < n; i++) {
    sum += i + radius < n ? copy[i + radius] : 0;
    sum -= i - radius - 1 >= 0 ? copy[i - radius - 1] : 0;
    if (i >= 0)
      bytes[(gsize) i * step] = (guint8) (sum / window);
  }
}

/**
 * _engine_art_blur:
 * @mask: (inout): an A8 surface
 * @radius_px: how far it spreads three times; 1 or more
 * @gain: how much stronger it gets in the end, as thin letters lose much
 *
 * Blurs a mask, much as a Gaussian would.
 */
void
_engine_art_blur (cairo_surface_t *mask, int radius_px, double gain)
{
  const int width = cairo_image_surface_get_width (mask);
  const int height = cairo_image_surface_get_height (mask);
  const gsize stride = (gsize) cairo_image_surface_get_stride (mask);
  guint8 *data = NULL;
  g_autofree guint8 *copy = g_malloc ((gsize) MAX (width, height) + 1);

  cairo_surface_flush (mask);
  data = cairo_image_surface_get_data (mask);
  for (int pass = 0; pass < 3 && data != NULL; pass++) {
    for (int y = 0; y < height; y++)
      blur_run (data + (gsize) y * stride, 1, width, radius_px, copy);
    for (int x = 0; x < width; x++)
      blur_run (data + x, stride, height, radius_px, copy);
  }
  for (gsize i = 0; data != NULL && i < stride * (gsize) height; i++)
    data[i] = (guint8) MIN (data[i] * gain, 255);
  cairo_surface_mark_dirty (mask);
}

static gboolean
check_picture (const char *path, int *width_px, int *height_px, GError **error)
{
  static const char *const formats[] = { "png", "jpeg", "svg", NULL };
  GdkPixbufFormat *format = NULL;
  g_autofree char *name = NULL;
  GStatBuf status;

  if (g_stat (path, &status) != 0) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "The picture “%s” is not there",
                 path);
    return FALSE;
  }
  if (!S_ISREG (status.st_mode) || status.st_size > MAX_FILE_BYTES) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "“%s” is not a picture file of at most 16 MiB", path);
    return FALSE;
  }

  format = gdk_pixbuf_get_file_info (path, width_px, height_px);
  name = format != NULL ? gdk_pixbuf_format_get_name (format) : NULL;
  if (name == NULL || !g_strv_contains (formats, name)) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "“%s” is not a PNG, JPEG or SVG picture", path);
    return FALSE;
  }
  if (*width_px < 1 || *height_px < 1 || *width_px > MAX_SIDE_PX || *height_px > MAX_SIDE_PX) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "The picture “%s” is %d×%d: at most %d pixels a side can be shown", path,
                 *width_px, *height_px, MAX_SIDE_PX);
    return FALSE;
  }

  return TRUE;
}

static guint32
premultiply (const guint8 *pixel, gboolean has_alpha)
{
  const guint alpha = has_alpha ? pixel[3] : 255;

  return alpha << 24 | (pixel[0] * alpha + 127) / 255 << 16 | (pixel[1] * alpha + 127) / 255 << 8 |
         (pixel[2] * alpha + 127) / 255;
}

static cairo_surface_t *
surface_from_pixbuf (GdkPixbuf *pixbuf)
{
  const int width = gdk_pixbuf_get_width (pixbuf), height = gdk_pixbuf_get_height (pixbuf);
  const int n_channels = gdk_pixbuf_get_n_channels (pixbuf);
  const gboolean has_alpha = gdk_pixbuf_get_has_alpha (pixbuf);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  guint8 *pixels = cairo_image_surface_get_data (surface);

  for (int y = 0; pixels != NULL && y < height; y++) {
    const guint8 *from = gdk_pixbuf_read_pixels (pixbuf) + y * gdk_pixbuf_get_rowstride (pixbuf);
    guint32 *to = (guint32 *) (gpointer) (pixels + y * cairo_image_surface_get_stride (surface));

    for (int x = 0; x < width; x++)
      to[x] = premultiply (from + x * n_channels, has_alpha);
  }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* How much larger the picture gets; 0 with an error when that would be an absurd size. */
static double
get_scale (const char *path, int width, int height, int width_px, int height_px, gboolean cover,
           GError **error)
{
  const double across = (double) width_px / width, down = (double) height_px / height;
  const double scale = cover ? MAX (across, down) : MIN (across, down);

  if (scale * width * scale * height <= MAX_SHOWN_PX)
    return scale;

  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
               "The picture “%s” is too long and thin to be shown", path);
  return 0;
}

/**
 * _engine_art_load_picture:
 * @path: a PNG, JPEG or SVG file of at most 16 MiB and 8192 pixels a side
 * @width_px: how wide it may be
 * @height_px: how high it may be
 * @cover: whether it must fill that size (what hangs over is for the caller to clip) or fit inside
 * @error: return location
 *
 * Reads a picture at the size at which it will be seen, upright. Fails with an `ENGINE_ERROR`.
 *
 * Returns: (transfer full): the picture; `NULL` on error
 */
cairo_surface_t *
_engine_art_load_picture (const char *path, int width_px, int height_px, gboolean cover,
                          GError **error)
{
  g_autoptr (GdkPixbuf) pixbuf = NULL, upright = NULL, scaled = NULL;
  g_autoptr (GError) load_error = NULL;
  int width = 0, height = 0, side = 0;
  double scale = 0;

  if (!check_picture (path, &width, &height, error))
    return NULL;
  scale = get_scale (path, width, height, width_px, height_px, cover, error);
  if (scale <= 0)
    return NULL;

  /* A photo may lie on its side: turned, it needs a little more or less than this. */
  side = MAX ((int) ceil (MAX (width, height) * scale), 1);
  pixbuf = gdk_pixbuf_new_from_file_at_scale (path, side, side, TRUE, &load_error);
  if (pixbuf == NULL) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "The picture “%s” cannot be read: %s", path, load_error->message);
    return NULL;
  }

  upright = gdk_pixbuf_apply_embedded_orientation (pixbuf);
  width = gdk_pixbuf_get_width (upright);
  height = gdk_pixbuf_get_height (upright);
  scale = get_scale (path, width, height, width_px, height_px, cover, error);
  if (scale <= 0)
    return NULL;
  scaled = gdk_pixbuf_scale_simple (upright, MAX ((int) lround (width * scale), 1),
                                    MAX ((int) lround (height * scale), 1), GDK_INTERP_BILINEAR);
  if (scaled != NULL)
    return surface_from_pixbuf (scaled);

  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
               "The picture “%s” needs more memory than there is", path);
  return NULL;
}

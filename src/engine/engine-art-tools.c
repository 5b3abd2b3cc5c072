/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-private.h"

#include <math.h>
#include <string.h>

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

#define MAX_FILE_BYTES   (16 * 1024 * 1024)
#define MAX_SIDE_PX      8192
#define MAX_SHOWN_PX     32e6
#define MAX_MARKS_IN_ROW 4
#define N_SHADOW_LAYERS  14
#define FONT_FAMILIES    "Noto Sans,Cantarell,sans-serif"

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

static gboolean
is_mark (gunichar c)
{
  const GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

/**
 * _engine_art_clean:
 * @text: (nullable): anything, even invalid UTF-8
 * @keep_lines: whether line breaks stay (never more than one empty line) or become spaces
 * @max_chars: longer texts are cut there
 *
 * Makes a text fit to be laid out: valid, without control characters, without piles of combining
 * marks that would run over their neighbours.
 *
 * Returns: (transfer full): the text, perhaps empty
 */
char *
_engine_art_clean (const char *text, gboolean keep_lines, int max_chars)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *clean = g_string_new (NULL);
  int n_chars = 0, n_marks = 0, n_breaks = 0;
  gboolean space = FALSE;

  for (const char *p = valid; *p != '\0' && n_chars < max_chars; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);

    n_marks = is_mark (c) ? n_marks + 1 : 0;
    if (keep_lines && (c == '\n' || c == 0x2028 || c == 0x2029)) {
      n_breaks++;
    } else if (g_unichar_isspace (c) || g_unichar_iscntrl (c)) {
      space = TRUE;
    } else if (n_marks <= MAX_MARKS_IN_ROW) {
      if (clean->len > 0 && n_breaks > 0)
        g_string_append (clean, n_breaks > 1 ? "\n\n" : "\n");
      else if (clean->len > 0 && space)
        g_string_append_c (clean, ' ');
      g_string_append_unichar (clean, c);
      n_breaks = 0;
      space = FALSE;
      n_chars++;
    }
  }

  return g_string_free (clean, FALSE);
}

/**
 * _engine_art_create_layout:
 * @cr: where it will be drawn
 * @text: a clean text
 * @size_px: height of the letters' body
 * @weight: thin or bold
 * @width_px: lines break there
 * @max_lines: the rest is replaced by “…”; 0 for all lines
 *
 * Lays a text out, the same way whatever the screen's settings. Uses the font map of the calling
 * thread.
 *
 * Returns: (transfer full): the layout
 */
PangoLayout *
_engine_art_create_layout (cairo_t *cr, const char *text, double size_px, PangoWeight weight,
                           double width_px, int max_lines)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_new ();
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (pango_layout_get_context (layout), options);
  cairo_font_options_destroy (options);

  pango_font_description_set_family_static (font, FONT_FAMILIES);
  pango_font_description_set_weight (font, weight);
  pango_font_description_set_absolute_size (font, size_px * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);

  pango_layout_set_width (layout, (int) (width_px * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  if (max_lines > 0) {
    pango_layout_set_height (layout, -max_lines);
    pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  }
  pango_layout_set_text (layout, text, -1);
  return layout;
}

void
_engine_art_measure (PangoLayout *layout, double *width_px, double *height_px)
{
  PangoRectangle logical = { 0 };

  pango_layout_get_extents (layout, NULL, &logical);
  if (width_px != NULL)
    *width_px = ceil ((double) logical.width / PANGO_SCALE);
  if (height_px != NULL)
    *height_px = ceil ((double) logical.height / PANGO_SCALE);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine-treatment.h"

#define MAX_CROP     0.45
#define MAX_ZOOM     8.0
#define MAX_DELAY_MS 1000

static double
clean (double value, double least, double most, double neutral)
{
  return isfinite (value) ? CLAMP (value, least, most) : neutral;
}

/**
 * engine_picture_settings_clean:
 * @settings: settings from anywhere; with a zoom of 0 they were never set and mean neutral
 *
 * Pure; any thread.
 *
 * Returns: the nearest that are within their ranges
 */
EnginePictureSettings
engine_picture_settings_clean (const EnginePictureSettings *settings)
{
  EnginePictureSettings s = *settings;

  if (s.zoom == 0)
    return ENGINE_PICTURE_SETTINGS_NEUTRAL;
  if (s.rotate_deg != 90 && s.rotate_deg != 180 && s.rotate_deg != 270)
    s.rotate_deg = 0;
  s.crop_left = clean (s.crop_left, 0, MAX_CROP, 0);
  s.crop_top = clean (s.crop_top, 0, MAX_CROP, 0);
  s.crop_right = clean (s.crop_right, 0, MAX_CROP, 0);
  s.crop_bottom = clean (s.crop_bottom, 0, MAX_CROP, 0);
  s.zoom = clean (s.zoom, 1, MAX_ZOOM, 1);
  s.zoom_x = clean (s.zoom_x, 0, 1, 0.5);
  s.zoom_y = clean (s.zoom_y, 0, 1, 0.5);
  s.mirror = !!s.mirror;
  s.brightness = clean (s.brightness, -1, 1, 0);
  s.contrast = clean (s.contrast, 0, 2, 1);
  s.saturation = clean (s.saturation, 0, 2, 1);
  s.temperature = clean (s.temperature, -1, 1, 0);
  s.tint = clean (s.tint, -1, 1, 0);
  s.delay_ms = CLAMP (s.delay_ms, 0, MAX_DELAY_MS);
  return s;
}

gboolean
engine_picture_settings_equal (const EnginePictureSettings *a, const EnginePictureSettings *b)
{
  return a->rotate_deg == b->rotate_deg && a->crop_left == b->crop_left &&
         a->crop_top == b->crop_top && a->crop_right == b->crop_right &&
         a->crop_bottom == b->crop_bottom && a->zoom == b->zoom && a->zoom_x == b->zoom_x &&
         a->zoom_y == b->zoom_y && a->mirror == b->mirror && a->brightness == b->brightness &&
         a->contrast == b->contrast && a->saturation == b->saturation &&
         a->temperature == b->temperature && a->tint == b->tint && a->delay_ms == b->delay_ms;
}

/**
 * engine_picture_settings_touch_pixels:
 * @settings: clean settings
 *
 * Returns: whether they ask for more than showing a part of the picture later
 */
gboolean
engine_picture_settings_touch_pixels (const EnginePictureSettings *settings)
{
  const EnginePictureSettings *s = settings;

  return s->rotate_deg != 0 || s->mirror || s->brightness != 0 || s->contrast != 1 ||
         s->saturation != 1 || s->temperature != 0 || s->tint != 0;
}

/* What is left of a side of @length pixels, on even ones where it does not begin and end with it. */
static void
cut (int length, double before, double after, double zoom, double middle, int *start, int *rest)
{
  const double from = length * before, to = length * (1 - after);
  const double width = (to - from) / zoom;
  const double at = CLAMP (from + (to - from) * middle - width / 2, from, to - width);

  *start = (int) lrint (at / 2) * 2;
  *rest = MAX (2, (int) lrint (width / 2) * 2);
  if (before == 0 && after == 0 && zoom == 1)
    *rest = length;
  *rest = MIN (*rest, length);
  *start = CLAMP (*start, 0, (length - *rest) & ~1);
}

/**
 * engine_picture_settings_get_part:
 * @settings: clean settings
 * @size: of the picture after it was turned and mirrored, in pixels
 *
 * What is left after cropping and zooming. Pure; any thread.
 *
 * Returns: a part of the picture, beginning on even pixels
 */
EngineRect
engine_picture_settings_get_part (const EnginePictureSettings *settings, EngineSize size)
{
  EngineRect part = { 0 };
  const EnginePictureSettings *s = settings;

  if (s->mirror)
    cut (size.width_px, s->crop_right, s->crop_left, s->zoom, 1 - s->zoom_x, &part.x, &part.width);
  else
    cut (size.width_px, s->crop_left, s->crop_right, s->zoom, s->zoom_x, &part.x, &part.width);
  cut (size.height_px, s->crop_top, s->crop_bottom, s->zoom, s->zoom_y, &part.y, &part.height);
  return part;
}

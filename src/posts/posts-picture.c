/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-picture.h"

/* So few that nothing can be made out, and so many that they are drawn smooth. */
#define BLURRED_SEEN_PX  8
#define BLURRED_DRAWN_PX 96

struct _PostsPicture {
  gatomicrefcount ref_count;
  GBytes *pixels;
  int width_px;
  int height_px;
};

/**
 * posts_picture_new:
 * @pixels: width × height × 4 bytes
 * @width_px: at least 1
 * @height_px: at least 1
 *
 * Returns: (transfer full): a picture
 */
PostsPicture *
posts_picture_new (GBytes *pixels, int width_px, int height_px)
{
  g_return_val_if_fail (width_px > 0 && height_px > 0, NULL);
  g_return_val_if_fail (g_bytes_get_size (pixels) == (gsize) width_px * (gsize) height_px * 4,
                        NULL);

  PostsPicture *self = g_new0 (PostsPicture, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->pixels = g_bytes_ref (pixels);
  self->width_px = width_px;
  self->height_px = height_px;
  return self;
}

PostsPicture *
posts_picture_ref (PostsPicture *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
posts_picture_unref (PostsPicture *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_bytes_unref (self->pixels);
  g_free (self);
}

GBytes *
posts_picture_get_pixels (PostsPicture *self)
{
  return self->pixels;
}

int
posts_picture_get_width_px (PostsPicture *self)
{
  return self->width_px;
}

int
posts_picture_get_height_px (PostsPicture *self)
{
  return self->height_px;
}

/* Colours are read byte by byte: which is which does not matter. */
typedef struct {
  double channels[4];
} Colour;

static Colour
get_mean (const guint8 *pixels, int stride, int x0, int x1, int y0, int y1)
{
  Colour sum = { { 0 } };
  const double n = (double) (x1 - x0) * (y1 - y0);

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      for (int i = 0; i < 4; i++)
        sum.channels[i] += pixels[y * stride + x * 4 + i] / n;
  return sum;
}

/* Between the middles of the few that are left. */
static guint8
get_between (const Colour *few, int columns, int rows, double u, double v, int channel)
{
  const double x = CLAMP (u * columns - 0.5, 0, columns - 1);
  const double y = CLAMP (v * rows - 0.5, 0, rows - 1);
  const int left = (int) x, top = (int) y;
  const int right = MIN (left + 1, columns - 1), bottom = MIN (top + 1, rows - 1);
  const double across = x - left, down = y - top;
  const double upper = few[top * columns + left].channels[channel] * (1 - across) +
                       few[top * columns + right].channels[channel] * across;
  const double lower = few[bottom * columns + left].channels[channel] * (1 - across) +
                       few[bottom * columns + right].channels[channel] * across;

  return (guint8) (upper * (1 - down) + lower * down + 0.5);
}

static int
scale (int side, int longer, int wanted)
{
  return MAX (side * MIN (wanted, longer) / longer, 1);
}

/**
 * posts_picture_new_blurred:
 * @picture: a picture
 *
 * Returns: (transfer full): what is left of it when nobody may make anything out: its colours
 */
PostsPicture *
posts_picture_new_blurred (PostsPicture *picture)
{
  const int width = picture->width_px, height = picture->height_px, longer = MAX (width, height);
  const int columns = scale (width, longer, BLURRED_SEEN_PX);
  const int rows = scale (height, longer, BLURRED_SEEN_PX);
  const int across = scale (width, longer, BLURRED_DRAWN_PX);
  const int down = scale (height, longer, BLURRED_DRAWN_PX);
  const guint8 *from = g_bytes_get_data (picture->pixels, NULL);
  g_autofree Colour *few = g_new0 (Colour, columns * rows);
  guint8 *to = g_malloc ((gsize) across * (gsize) down * 4);
  g_autoptr (GBytes) pixels = g_bytes_new_take (to, (gsize) across * (gsize) down * 4);

  for (int i = 0; i < columns * rows; i++) {
    const int x = i % columns, y = i / columns;

    few[i] = get_mean (from, width * 4, x * width / columns, (x + 1) * width / columns,
                       y * height / rows, (y + 1) * height / rows);
  }
  for (int i = 0; i < across * down * 4; i++)
    to[i] = get_between (few, columns, rows, (i / 4 % across + 0.5) / across,
                         (i / 4 / across + 0.5) / down, i % 4);
  return posts_picture_new (pixels, across, down);
}

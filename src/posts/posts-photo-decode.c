/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "posts-photo-decode.h"
#include "posts-photo-formats.h"

/* Tells the format by its first bytes, whatever a server calls it, and makes upright pixels of it, no
 * larger than wanted. */

typedef PostsPhotoAnswer (*Reader) (const uint8_t *data, size_t length, unsigned largest_px,
                                    PostsPhotoRaw *raw);

static Reader
find_reader (const uint8_t *data, size_t length)
{
  if (length >= 3 && memcmp (data, "\xFF\xD8\xFF", 3) == 0)
    return posts_photo_read_jpeg;
  if (length >= 8 && memcmp (data, "\x89PNG\r\n\x1A\n", 8) == 0)
    return posts_photo_read_png;
  if (length >= 12 && memcmp (data, "RIFF", 4) == 0 && memcmp (data + 8, "WEBP", 4) == 0)
    return posts_photo_read_webp;
  if (length >= 6 && (memcmp (data, "GIF87a", 6) == 0 || memcmp (data, "GIF89a", 6) == 0))
    return posts_photo_read_gif;
  return NULL;
}

/* What a byte is worth under its pixel's alpha. */
static uint32_t
multiply (uint32_t value, uint32_t alpha)
{
  return (value * alpha + 127) / 255;
}

/* The mean of the pixels that become one. */
static uint32_t
mix (const PostsPhotoRaw *raw, unsigned x0, unsigned x1, unsigned y0, unsigned y1)
{
  const uint64_t n = (uint64_t) (x1 - x0) * (y1 - y0);
  uint64_t alpha = 0, red = 0, green = 0, blue = 0;

  for (unsigned y = y0; y < y1; y++) {
    const uint8_t *from = raw->rgba + ((size_t) y * raw->width_px + x0) * 4;

    for (unsigned x = x0; x < x1; x++, from += 4) {
      alpha += from[3];
      red += multiply (from[0], from[3]);
      green += multiply (from[1], from[3]);
      blue += multiply (from[2], from[3]);
    }
  }
  return (uint32_t) ((alpha + n / 2) / n) << 24 | (uint32_t) ((red + n / 2) / n) << 16 |
         (uint32_t) ((green + n / 2) / n) << 8 | (uint32_t) ((blue + n / 2) / n);
}

/* Where the pixel of an upright picture is in one of width × height that is not. */
static void
turn_back (unsigned orientation, unsigned width, unsigned height, unsigned *x, unsigned *y)
{
  const unsigned left = *x, top = *y;

  if (orientation >= 5) {
    *x = top;
    *y = left;
  }
  if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
    *x = width - 1 - *x;
  if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
    *y = height - 1 - *y;
}

static PostsPhotoAnswer
scale_and_turn (const PostsPhotoRaw *raw, unsigned largest_px, PostsPhotoPixels *pixels)
{
  const unsigned longer = raw->width_px > raw->height_px ? raw->width_px : raw->height_px;
  const double scale = longer > largest_px ? (double) largest_px / longer : 1;
  const unsigned across = (unsigned) (raw->width_px * scale + 0.5);
  const unsigned down = (unsigned) (raw->height_px * scale + 0.5);
  const unsigned width = across > 0 ? across : 1, height = down > 0 ? down : 1;
  const int lies = raw->orientation >= 5;

  pixels->width_px = lies ? height : width;
  pixels->height_px = lies ? width : height;
  pixels->pixels = calloc ((size_t) width * height, 4);
  if (pixels->pixels == NULL) {
    pixels->width_px = pixels->height_px = 0;
    return POSTS_PHOTO_ANSWER_MEMORY;
  }
  for (unsigned y = 0; y < pixels->height_px; y++) {
    for (unsigned x = 0; x < pixels->width_px; x++) {
      unsigned u = x, v = y;

      turn_back (raw->orientation, width, height, &u, &v);
      pixels->pixels[(size_t) y * pixels->width_px + x] =
        mix (raw, (unsigned) ((uint64_t) u * raw->width_px / width),
             (unsigned) ((uint64_t) (u + 1) * raw->width_px / width),
             (unsigned) ((uint64_t) v * raw->height_px / height),
             (unsigned) ((uint64_t) (v + 1) * raw->height_px / height));
    }
  }
  return POSTS_PHOTO_ANSWER_OK;
}

/**
 * posts_photo_decode:
 * @data: anything
 * @length: how many bytes
 * @largest_px: how long its longer side may be at most; smaller pictures stay as they are
 * @pixels: (out): the picture; empty when it could not be read
 *
 * Any thread, and no memory that outlives it but @pixels.
 */
PostsPhotoAnswer
posts_photo_decode (const uint8_t *data, size_t length, unsigned largest_px,
                    PostsPhotoPixels *pixels)
{
  const Reader reader = find_reader (data, length);
  PostsPhotoRaw raw = { .orientation = 1 };
  PostsPhotoAnswer answer = POSTS_PHOTO_ANSWER_KIND;

  memset (pixels, 0, sizeof *pixels);
  if (reader != NULL)
    answer = reader (data, length, largest_px, &raw);
  if (answer == POSTS_PHOTO_ANSWER_OK)
    answer = scale_and_turn (&raw, largest_px, pixels);
  free (raw.rgba);
  return answer;
}

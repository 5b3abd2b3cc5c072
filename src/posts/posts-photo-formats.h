/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

#include "posts-photo-words.h"

/* A picture as its format has it: not premultiplied, red, green, blue and alpha, a byte each. */
typedef struct {
  uint8_t *rgba; /* owned: free (); NULL when it could not be read */
  unsigned width_px;
  unsigned height_px;
  unsigned orientation; /* as EXIF counts them, 1 to 8 */
} PostsPhotoRaw;

/* Each reads what begins as its format does; nothing smaller than @largest_px that was larger. */
PostsPhotoAnswer posts_photo_read_jpeg (const uint8_t *data, size_t length, unsigned largest_px,
                                        PostsPhotoRaw *raw);
PostsPhotoAnswer posts_photo_read_png (const uint8_t *data, size_t length, unsigned largest_px,
                                       PostsPhotoRaw *raw);
PostsPhotoAnswer posts_photo_read_webp (const uint8_t *data, size_t length, unsigned largest_px,
                                        PostsPhotoRaw *raw);
PostsPhotoAnswer posts_photo_read_gif (const uint8_t *data, size_t length, unsigned largest_px,
                                       PostsPhotoRaw *raw);

unsigned posts_photo_read_orientation (const uint8_t *exif, size_t length);
PostsPhotoAnswer posts_photo_make_room (PostsPhotoRaw *raw, unsigned width_px, unsigned height_px);
PostsPhotoAnswer posts_photo_check_size (unsigned width_px, unsigned height_px);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

#include "posts-photo-words.h"

/* Premultiplied, one machine word each: alpha, red, green, blue from the top. */
typedef struct {
  uint32_t *pixels; /* owned: free () */
  unsigned width_px;
  unsigned height_px;
} PostsPhotoPixels;

PostsPhotoAnswer posts_photo_decode (const uint8_t *data, size_t length, unsigned largest_px,
                                     PostsPhotoPixels *pixels);

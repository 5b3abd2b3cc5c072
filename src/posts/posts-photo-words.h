/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/* What Régie and regie-photo say to each other: the bytes of a picture go in until the end of the pipe; a
 * head comes out, and after one that says that it went well width × height pixels, line by line without
 * gaps. */

/* Of what goes in. */
#define POSTS_PHOTO_MAX_BYTES     (8 * 1024 * 1024)
#define POSTS_PHOTO_MAX_SIDE_PX   8192
#define POSTS_PHOTO_MAX_PIXELS_PX (40 * 1000 * 1000)

/* Of what comes out. */
#define POSTS_PHOTO_LARGEST_PX 1280

#define POSTS_PHOTO_MAGIC      0x52504831 /* “RPH1” */

typedef enum {
  POSTS_PHOTO_ANSWER_OK,
  POSTS_PHOTO_ANSWER_KIND,      /* none of the formats that are read */
  POSTS_PHOTO_ANSWER_TOO_LARGE, /* more bytes or pixels than are read */
  POSTS_PHOTO_ANSWER_BROKEN,    /* not what it says, or cut off */
  POSTS_PHOTO_ANSWER_MEMORY,    /* it wants more memory than it gets */
  POSTS_PHOTO_ANSWER_UNLOCKED,  /* this computer cannot lock the process in; nothing was read */
} PostsPhotoAnswer;

typedef struct {
  uint32_t magic;
  uint32_t answer;
  uint32_t width_px;
  uint32_t height_px;
} PostsPhotoHead;

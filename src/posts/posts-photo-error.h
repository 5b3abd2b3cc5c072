/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PostsPhotoError:
 * @POSTS_PHOTO_ERROR_NONE: the post has no such picture
 * @POSTS_PHOTO_ERROR_ADDRESS: it lies where Régie fetches nothing from
 * @POSTS_PHOTO_ERROR_SOURCE: it could not be fetched
 * @POSTS_PHOTO_ERROR_BUSY: too many others were asked for since; ask again
 * @POSTS_PHOTO_ERROR_KIND: it is none of the kinds that are read
 * @POSTS_PHOTO_ERROR_TOO_LARGE: it has more bytes or pixels than are read
 * @POSTS_PHOTO_ERROR_BROKEN: it is cut off, or not what it says
 * @POSTS_PHOTO_ERROR_STOPPED: what read it had to be stopped: it wanted too much or misbehaved
 * @POSTS_PHOTO_ERROR_READER: what reads pictures is not installed, or cannot be locked in here
 *
 * Why a picture that came with a post is not to be seen. The post goes on without.
 */
typedef enum {
  POSTS_PHOTO_ERROR_NONE,
  POSTS_PHOTO_ERROR_ADDRESS,
  POSTS_PHOTO_ERROR_SOURCE,
  POSTS_PHOTO_ERROR_BUSY,
  POSTS_PHOTO_ERROR_KIND,
  POSTS_PHOTO_ERROR_TOO_LARGE,
  POSTS_PHOTO_ERROR_BROKEN,
  POSTS_PHOTO_ERROR_STOPPED,
  POSTS_PHOTO_ERROR_READER,
} PostsPhotoError;

#define POSTS_PHOTO_ERROR (posts_photo_error_quark ())
GQuark posts_photo_error_quark (void);

G_END_DECLS

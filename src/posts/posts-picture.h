/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PostsPicture:
 *
 * A picture that came with a post, read and scaled: premultiplied 32-bit pixels as Cairo's ARGB32 has
 * them, line after line without gaps. Immutable; any thread.
 */
typedef struct _PostsPicture PostsPicture;

PostsPicture *posts_picture_new (GBytes *pixels, int width_px, int height_px);
PostsPicture *posts_picture_new_blurred (PostsPicture *picture);
PostsPicture *posts_picture_ref (PostsPicture *self);
void posts_picture_unref (PostsPicture *self);

GBytes *posts_picture_get_pixels (PostsPicture *self);
int posts_picture_get_width_px (PostsPicture *self);
int posts_picture_get_height_px (PostsPicture *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PostsPicture, posts_picture_unref)

G_END_DECLS

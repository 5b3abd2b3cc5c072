/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-picture.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define POSTS_TYPE_DECODER (posts_decoder_get_type ())
G_DECLARE_FINAL_TYPE (PostsDecoder, posts_decoder, POSTS, DECODER, GObject)

PostsDecoder *posts_decoder_new (const char *program);
void posts_decoder_decode_async (PostsDecoder *self, GBytes *bytes, int largest_px,
                                 GAsyncReadyCallback callback, gpointer user_data);
PostsPicture *posts_decoder_decode_finish (PostsDecoder *self, GAsyncResult *result,
                                           GError **error);

G_END_DECLS

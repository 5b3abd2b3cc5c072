/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum {
  ENGINE_MEDIA_VIDEO,
  ENGINE_MEDIA_AUDIO,
  ENGINE_N_MEDIA,
} EngineMedia;

/**
 * EngineFeedFunc:
 * @media: what it is
 * @buffer: one encoded picture, or one packet of sound; PTS and DTS are show time
 * @caps: its format
 *
 * Called in the encoder's thread; must not block.
 */
typedef void (*EngineFeedFunc) (EngineMedia media, GstBuffer *buffer, GstCaps *caps,
                                gpointer user_data);

#define ENGINE_TYPE_FEED (engine_feed_get_type ())
G_DECLARE_FINAL_TYPE (EngineFeed, engine_feed, ENGINE, FEED, GObject)

/* Signal, on the main thread: "keyframe-wanted" (): who encodes it is asked for a keyframe. */
EngineFeed *engine_feed_new (void);
void engine_feed_push (EngineFeed *self, EngineMedia media, GstBuffer *buffer, GstCaps *caps);
guint engine_feed_add_listener (EngineFeed *self, EngineFeedFunc func, gpointer user_data);
void engine_feed_want_keyframe (EngineFeed *self);
void engine_feed_remove_listener (EngineFeed *self, guint id);

G_END_DECLS

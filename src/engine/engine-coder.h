/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-codecs.h"
#include "engine-feed.h"
#include "engine-pipeline.h"

G_BEGIN_DECLS

/* Sound that may wait: never less than what a held-up machine piles up. */
#define ENGINE_CODER_MAX_SOUND_NS (5 * GST_SECOND)

#define ENGINE_TYPE_CODER         (engine_coder_get_type ())
G_DECLARE_FINAL_TYPE (EngineCoder, engine_coder, ENGINE, CODER, GObject)

/**
 * EngineCoderFunc:
 * @owner: who had the coder made
 * @coder: whose packet it is
 * @buffer: one picture or packet of sound; its PTS is show time
 * @caps: its format
 *
 * Called in the coder's thread.
 */
typedef void (*EngineCoderFunc) (gpointer owner, EngineCoder *coder, GstBuffer *buffer,
                                 GstCaps *caps);

/* Signal "failed" (GError), on the main thread: it broke, and is over. */
EngineCoder *engine_coder_new_video (EngineClock *clock, const GstVideoInfo *info,
                                     const EngineFormat *format, const EngineChoice *choice,
                                     EngineCoderFunc func, GObject *owner, GError **error);
EngineCoder *engine_coder_new_audio (EngineClock *clock, const EngineFormat *format,
                                     EngineCoderFunc func, GObject *owner, GError **error);
void engine_coder_stop (EngineCoder *self);
EngineMedia engine_coder_get_media (EngineCoder *self);
const EngineChoice *engine_coder_get_choice (EngineCoder *self);
gboolean engine_coder_get_ready (EngineCoder *self);
guint64 engine_coder_get_n_waiting (EngineCoder *self);
guint64 engine_coder_get_waiting_ns (EngineCoder *self);
void engine_coder_push (EngineCoder *self, GstBuffer *buffer);
void engine_coder_request_keyframe (EngineCoder *self, gint64 time_ns);
void engine_coder_set_bps (EngineCoder *self, const EngineFormat *format);

G_END_DECLS

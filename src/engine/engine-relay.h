/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-coder.h"
#include "engine-splice.h"

G_BEGIN_DECLS

/**
 * EngineRelay:
 *
 * The pictures of one coder after the other, as one stream. Any thread, but the coders come and go on
 * the main thread.
 */
typedef struct {
  GMutex lock; /* guards the rest; held while the feed is filled */
  EngineSplice splice;
  EngineCoder *sides[ENGINE_N_SIDES]; /* borrowed, nullable: who fills which side of the splice */
} EngineRelay;

void engine_relay_init (EngineRelay *self, EngineFeed *feed);
void engine_relay_clear (EngineRelay *self);
void engine_relay_reset (EngineRelay *self);
void engine_relay_set_current (EngineRelay *self, EngineCoder *coder);
void engine_relay_set_next (EngineRelay *self, EngineCoder *coder);
void engine_relay_switch (EngineRelay *self, gint64 time_ns);
void engine_relay_cancel (EngineRelay *self);
void engine_relay_forget (EngineRelay *self, EngineCoder *coder);
gboolean engine_relay_is_current (EngineRelay *self, EngineCoder *coder);
gboolean engine_relay_push (EngineRelay *self, EngineCoder *coder, GstBuffer *buffer,
                            GstCaps *caps);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-clock.h"
#include "engine-types.h"

G_BEGIN_DECLS

/* off → starting → live ⇄ lost (tried again when a device comes, and from time to time) */
typedef enum {
  ENGINE_HEADPHONES_STATE_OFF,
  ENGINE_HEADPHONES_STATE_STARTING,
  ENGINE_HEADPHONES_STATE_LIVE,
  ENGINE_HEADPHONES_STATE_LOST,
} EngineHeadphonesState;

#define ENGINE_TYPE_HEADPHONES_STATE (engine_headphones_state_get_type ())
GType engine_headphones_state_get_type (void);

#define ENGINE_TYPE_HEADPHONES (engine_headphones_get_type ())
G_DECLARE_FINAL_TYPE (EngineHeadphones, engine_headphones, ENGINE, HEADPHONES, GObject)

/* Properties, all on the main thread:
 *   "device"                                 string, nullable: a loudspeaker's id or "default"; `NULL`: off
 *   "state" EngineHeadphonesState, "error"   GError, nullable: why it is lost
 *   "volume-db" double −60 (silence)…12      writable */
EngineHeadphones *engine_headphones_new (EngineClock *clock);
void engine_headphones_set_device (EngineHeadphones *self, const char *device);
const char *engine_headphones_get_device (EngineHeadphones *self);
EngineHeadphonesState engine_headphones_get_state (EngineHeadphones *self);
const GError *engine_headphones_get_error (EngineHeadphones *self);
void engine_headphones_set_volume_db (EngineHeadphones *self, double volume_db);
double engine_headphones_get_volume_db (EngineHeadphones *self);
void engine_headphones_stop (EngineHeadphones *self);

void engine_headphones_push (EngineHeadphones *self, const float *samples, guint n_frames,
                             gint64 time_ns);

G_END_DECLS

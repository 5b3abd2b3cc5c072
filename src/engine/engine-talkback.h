/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-bus.h"
#include "engine-clock.h"

G_BEGIN_DECLS

/* off (no microphone is chosen) → ready → starting → live ⇄ lost (tried again by itself) → ready */
typedef enum {
  ENGINE_TALKBACK_STATE_OFF,
  ENGINE_TALKBACK_STATE_READY, /* the microphone is closed until somebody is talked to */
  ENGINE_TALKBACK_STATE_STARTING,
  ENGINE_TALKBACK_STATE_LIVE,
  ENGINE_TALKBACK_STATE_LOST,
} EngineTalkbackState;

#define ENGINE_TYPE_TALKBACK_STATE (engine_talkback_state_get_type ())
GType engine_talkback_state_get_type (void);

#define ENGINE_TYPE_TALKBACK (engine_talkback_get_type ())
G_DECLARE_FINAL_TYPE (EngineTalkback, engine_talkback, ENGINE, TALKBACK, GObject)

/* Properties, all on the main thread:
 *   "device"                               string, nullable: a microphone's id or "default"; `NULL`: off
 *   "state" EngineTalkbackState, "error"   GError, nullable: why it is lost
 *   "talking"                              boolean: somebody is talked to */
EngineTalkback *engine_talkback_new (EngineClock *clock, const EngineFormat *format);
void engine_talkback_set_device (EngineTalkback *self, const char *device_id);
const char *engine_talkback_get_device (EngineTalkback *self);
void engine_talkback_set_buses (EngineTalkback *self, EngineBus *const *buses, guint n_buses);
gboolean engine_talkback_get_talking (EngineTalkback *self);
EngineTalkbackState engine_talkback_get_state (EngineTalkback *self);
const GError *engine_talkback_get_error (EngineTalkback *self);
void engine_talkback_stop (EngineTalkback *self);

G_END_DECLS

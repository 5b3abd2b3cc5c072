/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

/**
 * EngineAudienceState:
 * @ENGINE_AUDIENCE_OFF: nobody looks
 * @ENGINE_AUDIENCE_OPENING: platforms take a while until they show something
 * @ENGINE_AUDIENCE_SEEN: the stream is there, and moves as ours does
 * @ENGINE_AUDIENCE_FROZEN: the picture stands still there although ours does not, or nothing comes
 * @ENGINE_AUDIENCE_SILENT: nothing is heard there although something is here
 * @ENGINE_AUDIENCE_GONE: it cannot be opened, or broke off; it is tried again
 */
typedef enum {
  ENGINE_AUDIENCE_OFF,
  ENGINE_AUDIENCE_OPENING,
  ENGINE_AUDIENCE_SEEN,
  ENGINE_AUDIENCE_FROZEN,
  ENGINE_AUDIENCE_SILENT,
  ENGINE_AUDIENCE_GONE,
} EngineAudienceState;

#define ENGINE_TYPE_AUDIENCE_STATE (engine_audience_state_get_type ())
GType engine_audience_state_get_type (void);

#define ENGINE_TYPE_AUDIENCE (engine_audience_get_type ())
G_DECLARE_FINAL_TYPE (EngineAudience, engine_audience, ENGINE, AUDIENCE, GObject)

/* Properties, all on the main thread:
 *   "id" string: the destination's · "state" EngineAudienceState · "error" GError, nullable: why it is
 *   gone · "delay-ms" int: how long the show takes to get there; −1: not known
 * Signal "frame": there is a newer picture of 320×180, about every two seconds. */
const char *engine_audience_get_id (EngineAudience *self);
EngineAudienceState engine_audience_get_state (EngineAudience *self);
const GError *engine_audience_get_error (EngineAudience *self);
int engine_audience_get_delay_ms (EngineAudience *self);
EngineFrame *engine_audience_get_frame (EngineAudience *self); /* nullable, (transfer none) */
void engine_audience_start (EngineAudience *self);
void engine_audience_stop (EngineAudience *self);

G_END_DECLS

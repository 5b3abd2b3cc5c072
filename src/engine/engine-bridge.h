/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-pipeline.h"
#include "engine-slot.h"

G_BEGIN_DECLS

/**
 * EngineTiming:
 * @ENGINE_TIMING_CLOCKED: stamped by the show's clock when captured: a camera, a microphone
 * @ENGINE_TIMING_PACED: a file: played at its own pace by the show's clock
 * @ENGINE_TIMING_HELD: a film: as a file, but its first picture is shown before it plays
 * @ENGINE_TIMING_ANCHORED: from a network, stamped by somebody else's clock: the first that comes
 *   is taken as now
 */
typedef enum {
  ENGINE_TIMING_CLOCKED,
  ENGINE_TIMING_PACED,
  ENGINE_TIMING_HELD,
  ENGINE_TIMING_ANCHORED,
} EngineTiming;

static inline gboolean
engine_timing_is_paced (EngineTiming timing)
{
  return timing == ENGINE_TIMING_PACED || timing == ENGINE_TIMING_HELD;
}

#define ENGINE_TYPE_BRIDGE (engine_bridge_get_type ())
G_DECLARE_FINAL_TYPE (EngineBridge, engine_bridge, ENGINE, BRIDGE, GObject)

/* Signal "arrived" (), on the main thread: the first picture or the first sound since the reset. */
EngineBridge *engine_bridge_new (EngineClock *clock, EngineSlot *slot);
void engine_bridge_set_peer (EngineBridge *self, EngineBridge *peer);
void engine_bridge_distrust (EngineBridge *self);
void engine_bridge_close (EngineBridge *self);
EngineTap *engine_bridge_get_tap (EngineBridge *self);
gint64 engine_bridge_get_time (EngineBridge *self, gint64 stamped_ns);
void engine_bridge_reset (EngineBridge *self, EngineTiming timing, int delay_ms);
GstElement *engine_bridge_make_picture_sink (EngineBridge *self, GstElement *bin, GError **error);
GstElement *engine_bridge_make_sound_sink (EngineBridge *self, GstElement *bin, GError **error);
gint64 engine_bridge_get_picture_arrival (EngineBridge *self);
gint64 engine_bridge_get_sound_arrival (EngineBridge *self);
gboolean engine_bridge_is_frozen (EngineBridge *self);
char *engine_bridge_describe_picture (EngineBridge *self);

G_END_DECLS

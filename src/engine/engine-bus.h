/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-input.h"

G_BEGIN_DECLS

/**
 * EngineBusFunc:
 * @samples: %ENGINE_AUDIO_BLOCK_FRAMES × 2 interleaved samples at 48 kHz, none above −1 dBTP
 * @time_ns: the show time of the first
 *
 * Called in the mixer's thread for each block of 10 ms, without a gap; must not block, and copies
 * what it wants to keep.
 */
typedef void (*EngineBusFunc) (const float *samples, gint64 time_ns, gpointer user_data);

/* While somebody talks to a bus, all else on it is so much softer: a quarter. */
#define ENGINE_BUS_DUCKED 0.2512f /* −12 dB */

#define ENGINE_TYPE_BUS   (engine_bus_get_type ())
G_DECLARE_FINAL_TYPE (EngineBus, engine_bus, ENGINE, BUS, GObject)

/* See engine_program_add_bus (). */
EngineBus *engine_bus_new (EngineSlot *excluded);
EngineSlot *engine_bus_get_excluded (EngineBus *self);
void engine_bus_set_consumer (EngineBus *self, EngineBusFunc func, gpointer user_data);
void engine_bus_set_extras (EngineBus *self, EngineSlot *const *slots, guint n_slots);
void engine_bus_set_talker (EngineBus *self, EngineSlot *talker);
void engine_bus_process (EngineBus *self, const GPtrArray *inputs, float gain, float gain_end,
                         gint64 position);

G_END_DECLS

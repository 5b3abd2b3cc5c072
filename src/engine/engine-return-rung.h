/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-clock.h"
#include "engine-slot.h"

G_BEGIN_DECLS

/* From the largest to the smallest. */
typedef enum {
  ENGINE_RETURN_LARGE,  /* 960×540 */
  ENGINE_RETURN_MIDDLE, /* 640×360 */
  ENGINE_RETURN_SMALL,  /* 320×180 */
  ENGINE_RETURN_LEAST,  /* the same, at half the rate */
  ENGINE_RETURN_N_STEPS,
} EngineReturnStep;

#define ENGINE_TYPE_RETURN_RUNG (engine_return_rung_get_type ())
G_DECLARE_FINAL_TYPE (EngineReturnRung, engine_return_rung, ENGINE, RETURN_RUNG, GObject)

/* Called in the encoder's thread for each frame in VP8, of which the first is a keyframe; not called any
 * more once engine_return_rung_stop () has returned. */
typedef void (*EngineReturnRungFunc) (EngineReturnRung *rung, GstBuffer *frame, gpointer user_data);

EngineReturnStep engine_return_rung_choose (int bps);
EngineReturnStep engine_return_rung_choose_again (EngineReturnStep now, int bps);

EngineReturnRung *engine_return_rung_new (EngineClock *clock, const GstVideoInfo *program,
                                          EngineSlot *slot, EngineReturnStep step);
void engine_return_rung_start (EngineReturnRung *self, EngineReturnRungFunc func,
                               gpointer user_data);
void engine_return_rung_stop (EngineReturnRung *self);
gboolean engine_return_rung_is_running (EngineReturnRung *self);
void engine_return_rung_get_size (EngineReturnRung *self, EngineSize *size);
void engine_return_rung_set_bps (EngineReturnRung *self, int bps);
void engine_return_rung_request_keyframe (EngineReturnRung *self, gboolean soon);
void engine_return_rung_push (EngineReturnRung *self, GstBuffer *frame);

G_END_DECLS

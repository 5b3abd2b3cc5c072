/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feeder.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_BOARD (engine_board_get_type ())
G_DECLARE_FINAL_TYPE (EngineBoard, engine_board, ENGINE, BOARD, GObject)

EngineFeeder *engine_board_new (const EngineSourceConfig *config, EngineClock *clock,
                                EngineSlot *slot, const EngineFormat *format);
char *engine_board_make_figures (EngineCardKind kind, gint64 until_s, int utc_offset_s,
                                 gint64 now_us);

G_END_DECLS

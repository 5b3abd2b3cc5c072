/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-slot.h"

G_BEGIN_DECLS

void engine_lost_card_draw (EngineSlot *slot, const char *title, const char *sentence,
                            const char *colour, const char *font, EngineSize size);
void engine_lost_card_draw_calm (EngineSlot *slot, const char *text, const char *colour,
                                 const char *font, EngineSize size);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-art.h"

G_BEGIN_DECLS

/**
 * EngineArtBoard:
 * @text: what it says, perhaps empty
 * @figures: (nullable): a time, shown large under the text
 * @background: the ground, “#rrggbb”
 * @colour: the event's colour, “#rrggbb”
 * @font: (nullable): a font family
 *
 * What a board shows: a plain ground with a sentence, a clock or a countdown. Everything is text,
 * never markup.
 */
typedef struct {
  const char *text;
  const char *figures;
  const char *background;
  const char *colour;
  const char *font;
} EngineArtBoard;

/* Any thread. Programs are 320×180 to 3840×2160 px. */
EngineArt *engine_art_draw_board (const EngineArtBoard *board, int program_width_px,
                                  int program_height_px, GError **error);

G_END_DECLS

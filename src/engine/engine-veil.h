/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-graphic.h"

G_BEGIN_DECLS

/* The logo, and what stays at each place. */
#define ENGINE_VEIL_MAX_OVERLAYS (1 + ENGINE_N_GRAPHICS)

/**
 * EngineVeil:
 *
 * Graphics of the program, made small together for a preview, and kept until they change. Belongs
 * to one thread.
 */
typedef struct _EngineVeil EngineVeil;

EngineVeil *engine_veil_new (void);
void engine_veil_free (EngineVeil *self);
void engine_veil_paint (EngineVeil *self, EngineOverlay *const *overlays, guint n_overlays,
                        int program_width_px, guint8 *pixels, int width_px, int height_px);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineVeil, engine_veil_free)

G_END_DECLS

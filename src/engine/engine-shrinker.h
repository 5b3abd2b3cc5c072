/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-picture.h"

G_BEGIN_DECLS

/**
 * EngineShrinker:
 *
 * Paints a picture as large as a smaller frame allows. Halves and three quarters, which is what a program
 * is mostly shrunk to, cost a fraction of what any size costs. It keeps what it has set up, so one
 * belongs to one thread.
 */
typedef struct _EngineShrinker EngineShrinker;

EngineShrinker *engine_shrinker_new (void);
void engine_shrinker_free (EngineShrinker *self);
void engine_shrinker_paint (EngineShrinker *self, const EnginePicture *picture,
                            GstVideoFrame *frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineShrinker, engine_shrinker_free)

G_END_DECLS

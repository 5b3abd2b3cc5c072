/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-drawing.h"

G_BEGIN_DECLS

typedef struct _EngineVoice EngineVoice;

/* The sound that belongs to an EngineDrawing: 48 kHz, stereo, deterministic. Any thread, one at a
 * time. */
EngineVoice *engine_voice_new (EngineDrawingKind kind);
void engine_voice_free (EngineVoice *self);
void engine_voice_fill (EngineVoice *self, guint64 first_sample, float *stereo_interleaved,
                        guint n_frames);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineVoice, engine_voice_free)

G_END_DECLS

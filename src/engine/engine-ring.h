/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

/**
 * EngineRing:
 *
 * The newest ten seconds of a source's sound, each sample at the show time at which it is due. Goes
 * in whenever it comes, is read at the mixer's pace.
 */
typedef struct _EngineRing EngineRing;

EngineRing *engine_ring_new (void);
void engine_ring_free (EngineRing *self);
void engine_ring_push (EngineRing *self, const float *samples, guint n_frames, gint64 time_ns);
void engine_ring_move (EngineRing *self);
void engine_ring_clear (EngineRing *self);
gboolean engine_ring_read (EngineRing *self, gint64 position, guint n_frames, float *samples);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineRing, engine_ring_free)

G_END_DECLS

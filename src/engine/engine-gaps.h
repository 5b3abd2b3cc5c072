/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

G_BEGIN_DECLS

typedef struct _EngineGaps EngineGaps;

EngineGaps *engine_gaps_new (void);
void engine_gaps_free (EngineGaps *self);
void engine_gaps_clear (EngineGaps *self);
void engine_gaps_open (EngineGaps *self, gint64 begin_ns);
gboolean engine_gaps_is_open (EngineGaps *self);
const EngineGap *engine_gaps_close (EngineGaps *self, gint64 end_ns, gint64 now_ns);
gint64 engine_gaps_get_total_ms (EngineGaps *self, gint64 now_ns);
GArray *engine_gaps_get_list (EngineGaps *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineGaps, engine_gaps_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feed.h"

G_BEGIN_DECLS

/* Picture and sound as the engine's encoder makes them, encoded once and then pushed into feeds. */
typedef struct _EngineTestingMovie EngineTestingMovie;

EngineTestingMovie *engine_testing_movie_new (guint duration_s);
EngineTestingMovie *engine_testing_movie_new_wide (guint duration_s, guint width_px);
void engine_testing_movie_free (EngineTestingMovie *self);
void engine_testing_movie_push (EngineTestingMovie *self, EngineFeed *feed, GstClockTime begin);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineTestingMovie, engine_testing_movie_free)

G_END_DECLS

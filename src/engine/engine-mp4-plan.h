/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-movie.h"
#include "engine-mp4-index.h"

G_BEGIN_DECLS

/* What players take. */
#define ENGINE_MP4_MAX_CHAPTERS 255

/* Samples of this part are in the plan's own memory. */
#define ENGINE_MP4_MEMORY 0xff

/* Some samples of one track, one after the other in the new file. */
typedef struct {
  guint track; /* its place in the plan */
  guint first;
  guint n;
  guint64 offset; /* in the new file */
} EngineMp4Chunk;

/**
 * EngineMp4Plan:
 *
 * A movie to be written: what is in it, and in which order.
 */
typedef struct {
  GPtrArray *tracks;  /* (element-type EngineMp4Track): places are those in their parts */
  GByteArray *memory; /* silence, and the names of chapters */
  GArray *chunks;     /* (element-type EngineMp4Chunk) */
  const EngineMovieTags *tags;
  guint32 chapter_track; /* 0: none */
  gboolean large;        /* places need 64 bits */
} EngineMp4Plan;

EngineMp4Plan *engine_mp4_plan_new (const EngineMovieTags *tags);
void engine_mp4_plan_free (EngineMp4Plan *self);
void engine_mp4_plan_add_chapters (EngineMp4Plan *self);
void engine_mp4_plan_interleave (EngineMp4Plan *self);
void engine_mp4_plan_keep_places (EngineMp4Plan *self, guint64 memory_offset);
guint64 engine_mp4_plan_get_bytes (EngineMp4Plan *self);
void engine_mp4_plan_set_begin (EngineMp4Plan *self, guint64 begin);
gboolean engine_mp4_plan_matches (EngineMp4Plan *self, EngineMp4Index *index);

EngineMp4Track *engine_mp4_track_new_like (const EngineMp4Track *other);

void engine_mp4_plan_put_moov (EngineMp4Plan *self, GByteArray *bytes);
gsize engine_mp4_get_title_size (const char *title);
void engine_mp4_plan_put_udta (EngineMp4Plan *self, GByteArray *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineMp4Plan, engine_mp4_plan_free)

G_END_DECLS

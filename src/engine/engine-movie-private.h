/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-movie.h"
#include "engine-mp4-index.h"
#include "engine-mp4-plan.h"

G_BEGIN_DECLS

/* One file of a movie. */
typedef struct {
  char *path;
  gint64 start_ns;
  gint64 recorded_ns; /* when it began in the recording, where time goes on between files */
  gint64 duration_ns;
  guint64 size;
  guint64 moov_offset;
  gboolean ordinary;
  gboolean damaged;
} EngineMoviePart;

struct _EngineMovie {
  GObject parent_instance;

  GPtrArray *parts;   /* (element-type EngineMoviePart) */
  GPtrArray *tracks;  /* (element-type EngineMp4Track) */
  GByteArray *memory; /* what is in no file */
};

EngineMp4Track *_engine_movie_get_video (EngineMovie *self);
EngineMp4Plan *_engine_movie_cut (EngineMovie *self, gint64 start_ms, gint64 end_ms,
                                  EngineMovieTags *tags);
gboolean _engine_movie_set_io_error (GError **error, int number, const char *path);

G_END_DECLS

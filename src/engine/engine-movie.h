/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine-types.h"

G_BEGIN_DECLS

/* A place in a movie with a name. */
typedef struct {
  gint64 start_ms;
  char *title;
} EngineMovieChapter;

/**
 * EngineMovieTags:
 *
 * What a movie says of itself.
 */
typedef struct {
  char *title;         /* nullable */
  char *artist;        /* nullable: who speaks */
  char *album;         /* nullable: the event */
  char *date;          /* nullable: 2026-11-22 */
  char *comment;       /* nullable */
  char *language;      /* nullable: two letters, such as `fr` */
  gint64 created_s;    /* since 1970; 0: not said */
  GBytes *cover;       /* nullable: a JPEG */
  GPtrArray *chapters; /* (element-type EngineMovieChapter): in the order of time, perhaps none */
} EngineMovieTags;

EngineMovieTags *engine_movie_tags_new (void);
void engine_movie_tags_free (EngineMovieTags *self);
void engine_movie_tags_add_chapter (EngineMovieTags *self, gint64 start_ms, const char *title);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineMovieTags, engine_movie_tags_free)

typedef void (*EngineMovieProgress) (double share, gpointer user_data);

/* How a movie is written. */
typedef struct {
  EngineMovieProgress progress; /* nullable: called in the thread that writes */
  gpointer user_data;
  GCancellable *cancellable; /* nullable */
  guint64 reserve_bytes;     /* so much of the disk stays free */
  guint64 max_bytes_per_s;   /* 0: as fast as the disk is */
} EngineMovieWork;

#define ENGINE_TYPE_MOVIE (engine_movie_get_type ())
G_DECLARE_FINAL_TYPE (EngineMovie, engine_movie, ENGINE, MOVIE, GObject)

/* Any thread, one at a time; everything blocks as long as the disk does. */
EngineMovie *engine_movie_open (const char *const *paths, const gint64 *starts_ns,
                                GCancellable *cancellable, GError **error);
gint64 engine_movie_get_duration_ms (EngineMovie *self);
guint engine_movie_get_n_parts (EngineMovie *self);
gint64 engine_movie_get_part_start_ms (EngineMovie *self, guint part);
gint64 engine_movie_get_part_duration_ms (EngineMovie *self, guint part);
gint64 engine_movie_from_recording_ms (EngineMovie *self, gint64 recorded_ms);
gint64 engine_movie_to_recording_ms (EngineMovie *self, gint64 time_ms);
gboolean engine_movie_get_damaged (EngineMovie *self);
gboolean engine_movie_get_ordinary (EngineMovie *self);

GArray *engine_movie_get_keyframes (EngineMovie *self); /* (element-type gint64): in ms */
gint64 engine_movie_snap (EngineMovie *self, gint64 time_ms, gboolean later);

gboolean engine_movie_write (EngineMovie *self, const char *path, gint64 start_ms, gint64 end_ms,
                             const EngineMovieTags *tags, const EngineMovieWork *work,
                             GError **error);
gboolean engine_movie_finish (EngineMovie *self, const EngineMovieTags *tags,
                              const EngineMovieWork *work, GError **error);

GPtrArray *engine_movie_draw (EngineMovie *self, const gint64 *times_ms, guint n_times,
                              int width_px, GCancellable *cancellable, GError **error);
EngineFrame *engine_movie_draw_cover (EngineMovie *self, gint64 start_ms, gint64 end_ms,
                                      int width_px, GCancellable *cancellable, GError **error);
GBytes *engine_movie_frame_to_jpeg (EngineFrame *frame, GError **error);

G_END_DECLS

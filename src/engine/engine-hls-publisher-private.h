/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-hls-playlist.h"
#include "engine-hls-publisher.h"

G_BEGIN_DECLS

/* One piece of the stream. */
typedef struct {
  GBytes *init; /* one of the two */
  GBytes *segment;
  gint64 duration_us;
  gint64 date_us;
  gint64 made_us; /* monotonic time */
  EngineHlsFormat format;
  gboolean after_gap; /* those before it were left out */
} EngineHlsPiece;

struct _EngineHlsPublisher {
  gatomicrefcount ref_count;
  char *master;
  const char *playlist;
  const char *extension;
  gboolean has_init;
  EngineHlsPublishedFunc func; /* nullable once closed; main thread only */
  gpointer user_data;
  gint64 measured_us;
  guint64 measured_bytes;
  double sent_bps;
  GThread *thread; /* nullable */
  GCancellable *cancellable;

  GMutex lock; /* guards all below */
  GCond cond;
  GQueue waiting;    /* of EngineHlsPiece */
  gint64 waiting_us; /* how long all of them and the one on its way last */
  guint64 n_sent;
  gboolean failing; /* the last try did */
  gboolean ended;   /* no piece comes any more */
  gboolean done;    /* the thread is */

  /* The thread's. */
  EngineHlsStore *store;
  EngineHlsPlaylist *list;
  GQueue doomed; /* of char *: files to remove */
  guint32 run;
  guint n_inits;
  guint n_segments;
  GBytes *init;    /* nullable */
  char *init_name; /* nullable until it has been written */
  gboolean connected;
  guint told_bps; /* the bandwidth in the multivariant playlist */
  double mean_bps;
};

void _engine_hls_piece_free (gpointer data);
gpointer _engine_hls_publisher_run (gpointer data);

G_END_DECLS

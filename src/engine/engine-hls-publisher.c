/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-ending.h"
#include "engine-hls-playlist.h"
#include "engine-hls-publisher.h"
#include "engine-types.h"

#define PLAYLIST       "stream.m3u8"
#define OTHER_PLAYLIST "media.m3u8"

/* Players see twenty seconds, and who is late finds as much again and one more. */
#define N_LISTED 10
#define N_KEPT   11

/* So many segments wait for a slow way: those that would leave the playlist anyway are left out. */
#define MAX_WAITING 10

/* What fails is tried again for so long, less and less often; then the connection is made anew. */
#define GIVE_UP_US     (6 * G_TIME_SPAN_SECOND)
#define FIRST_RETRY_US (G_TIME_SPAN_SECOND / 2)
#define MAX_RETRY_US   (2 * G_TIME_SPAN_SECOND)

/* How long the end of a stream may take, and how much of it is waited for its last pictures. */
#define CLOSE_US      (1900 * G_TIME_SPAN_MILLISECOND)
#define LAST_WORDS_US (700 * G_TIME_SPAN_MILLISECOND)

/* The bandwidth that is told is rounded up to this, so that it seldom has to be told anew. */
#define BANDWIDTH_STEP_BPS 500000.0

/* What left is counted over so long. */
#define RATE_WINDOW_US (6 * G_TIME_SPAN_SECOND)

/* Removing may fail a few times; then the file stays. */
#define MAX_DOOMED 32

/* One piece of the stream. */
typedef struct {
  GBytes *init; /* one of the two */
  GBytes *segment;
  gint64 duration_us;
  gint64 date_us;
  EngineHlsFormat format;
  gboolean after_gap; /* those before it were left out */
} Piece;

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
  GQueue waiting;    /* of Piece */
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

static void
piece_free (gpointer data)
{
  Piece *piece = data;

  g_clear_pointer (&piece->init, g_bytes_unref);
  g_clear_pointer (&piece->segment, g_bytes_unref);
  g_free (piece);
}

EngineHlsPublisher *
engine_hls_publisher_ref (EngineHlsPublisher *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
engine_hls_publisher_unref (EngineHlsPublisher *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_queue_clear_full (&self->waiting, piece_free);
  g_queue_clear_full (&self->doomed, g_free);
  engine_hls_playlist_free (self->list);
  g_clear_pointer (&self->store, engine_hls_store_free);
  g_clear_pointer (&self->init, g_bytes_unref);
  g_free (self->init_name);
  g_free (self->master);
  g_object_unref (self->cancellable);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* What the thread has to say to the main one. */
typedef struct {
  EngineHlsPublisher *self;
  GError *error; /* nullable */
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  engine_hls_publisher_unref (news->self);
  g_clear_error (&news->error);
  g_free (news);
}

static gboolean
news_cb (gpointer data)
{
  News *news = data;

  if (news->self->func != NULL)
    news->self->func (news->error, news->self->user_data);
  return G_SOURCE_REMOVE;
}

static void
tell (EngineHlsPublisher *self, const GError *error)
{
  News *news = g_new0 (News, 1);

  news->self = engine_hls_publisher_ref (self);
  news->error = error != NULL ? g_error_copy (error) : NULL;
  g_idle_add_full (G_PRIORITY_DEFAULT, news_cb, news, news_free);
}

static void
sent_cb (gsize n_bytes, gpointer user_data)
{
  EngineHlsPublisher *self = user_data;

  g_mutex_lock (&self->lock);
  self->n_sent += n_bytes;
  g_mutex_unlock (&self->lock);
}

static gboolean
is_worth_another_try (const GError *error)
{
  return g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_NAME) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_STALLED) ||
         g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_STREAM);
}

/* Waits before the next try, unless it is ended. */
static void
pause_for (EngineHlsPublisher *self, gint64 pause_us)
{
  const gint64 until_us = g_get_monotonic_time () + pause_us;

  g_mutex_lock (&self->lock);
  while (!g_cancellable_is_cancelled (self->cancellable) &&
         g_cond_wait_until (&self->cond, &self->lock, until_us))
    ;
  g_mutex_unlock (&self->lock);
}

static void
set_failing (EngineHlsPublisher *self, gboolean failing)
{
  g_mutex_lock (&self->lock);
  self->failing = failing;
  g_mutex_unlock (&self->lock);
}

/* A file, with as many tries as there is time for. */
static gboolean
write_file (EngineHlsPublisher *self, const char *name, GBytes *bytes, GError **error)
{
  const gint64 began_us = g_get_monotonic_time ();
  gint64 pause_us = FIRST_RETRY_US;

  while (TRUE) {
    g_autoptr (GError) reason = NULL;

    const gboolean written =
      engine_hls_store_write (self->store, name, bytes, self->cancellable, &reason);

    set_failing (self, !written);
    if (written)
      return TRUE;
    if (g_cancellable_is_cancelled (self->cancellable) || !is_worth_another_try (reason) ||
        g_get_monotonic_time () + pause_us - began_us > GIVE_UP_US) {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
    pause_for (self, pause_us);
    pause_us = MIN (pause_us * 2, MAX_RETRY_US);
  }
}

static gboolean
write_text (EngineHlsPublisher *self, const char *name, char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return write_file (self, name, bytes, error);
}

/* What a crash has left behind. */
static void
sweep (EngineHlsPublisher *self)
{
  g_auto (GStrv) names = engine_hls_store_list (self->store);

  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    const char *name = names[i];
    g_autofree char *whole = NULL;

    if (*name == '.' && g_str_has_suffix (name, ".part"))
      whole = g_strndup (name + 1, strlen (name) - strlen (".") - strlen (".part"));
    if (engine_hls_name_is_ours (whole != NULL ? whole : name) &&
        !engine_hls_playlist_contains (self->list, name))
      g_queue_push_tail (&self->doomed, g_strdup (name));
  }
}

/* Goes on where the playlist that is there ends. */
static gboolean
open_store (EngineHlsPublisher *self, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) reason = NULL;
  gboolean ours = FALSE;

  if (!engine_hls_store_open (self->store, self->cancellable, error))
    return FALSE;
  bytes = engine_hls_store_read (self->store, self->playlist, self->cancellable, &reason);
  if (reason != NULL) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  if (bytes == NULL)
    return TRUE;
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  ours = engine_hls_playlist_resume (self->list, text, g_get_real_time ());
  if (ours)
    sweep (self);
  return TRUE;
}

static void
remove_doomed (EngineHlsPublisher *self)
{
  char *name = NULL;
  guint n = 0;

  while ((name = engine_hls_playlist_take_dropped (self->list)) != NULL)
    g_queue_push_tail (&self->doomed, name);
  n = self->doomed.length;
  for (guint i = 0; i < n && !g_cancellable_is_cancelled (self->cancellable); i++) {
    g_autoptr (GError) reason = NULL;

    name = g_queue_pop_head (&self->doomed);
    if (engine_hls_store_remove (self->store, name, self->cancellable, &reason)) {
      g_free (name);
      continue;
    }
    /* Nobody plays it: it may stay, but is tried again. */
    g_debug ("“%s” could not be removed: %s", name, reason->message);
    g_queue_push_tail (&self->doomed, name);
    break;
  }
  while (self->doomed.length > MAX_DOOMED)
    g_free (g_queue_pop_head (&self->doomed));
}

/* The multivariant playlist, when there is none yet or it promised too little. */
static gboolean
write_master (EngineHlsPublisher *self, const Piece *piece, GError **error)
{
  const double bps = (double) g_bytes_get_size (piece->segment) * 8 * G_USEC_PER_SEC /
                     (double) MAX (piece->duration_us, G_USEC_PER_SEC / 10);

  self->mean_bps = self->mean_bps == 0 ? bps : self->mean_bps + (bps - self->mean_bps) / 8;
  if (bps <= self->told_bps)
    return TRUE;
  self->told_bps = (guint) (ceil (bps / BANDWIDTH_STEP_BPS) * BANDWIDTH_STEP_BPS);
  return write_text (self, self->master,
                     engine_hls_master_write (self->playlist, piece->format.width_px,
                                              piece->format.height_px, piece->format.rate_fps,
                                              piece->format.codecs, self->told_bps,
                                              (guint) self->mean_bps),
                     error);
}

static gboolean
write_init (EngineHlsPublisher *self, GError **error)
{
  g_autofree char *name = g_strdup_printf ("regie-%08x-init-%u.mp4", self->run, ++self->n_inits);

  if (!write_file (self, name, self->init, error))
    return FALSE;
  self->init_name = g_steal_pointer (&name);
  return TRUE;
}

static gboolean
publish (EngineHlsPublisher *self, const Piece *piece, GError **error)
{
  g_autofree char *name = NULL;

  if (self->has_init && self->init == NULL)
    return TRUE;
  if (self->has_init && self->init_name == NULL && !write_init (self, error))
    return FALSE;
  name = g_strdup_printf ("regie-%08x-%u.%s", self->run, ++self->n_segments, self->extension);
  if (!write_file (self, name, piece->segment, error))
    return FALSE;
  if (piece->after_gap)
    engine_hls_playlist_break (self->list);
  engine_hls_playlist_add (self->list, name, self->init_name, piece->duration_us, piece->date_us);
  if (!write_text (self, self->playlist, engine_hls_playlist_write (self->list), error) ||
      !write_master (self, piece, error))
    return FALSE;
  remove_doomed (self);
  if (!self->connected)
    tell (self, NULL);
  self->connected = TRUE;
  return TRUE;
}

static void
take_init (EngineHlsPublisher *self, GBytes *init)
{
  if (self->init != NULL)
    engine_hls_playlist_break (self->list);
  g_clear_pointer (&self->init, g_bytes_unref);
  g_clear_pointer (&self->init_name, g_free);
  self->init = g_bytes_ref (init);
}

static gboolean
finish (EngineHlsPublisher *self, GError **error)
{
  if (!self->connected)
    return TRUE;
  engine_hls_playlist_end (self->list);
  return write_text (self, self->playlist, engine_hls_playlist_write (self->list), error);
}

/* Returns: (transfer full) (nullable): the next piece; NULL at the end. */
static Piece *
wait_for_piece (EngineHlsPublisher *self)
{
  Piece *piece = NULL;

  g_mutex_lock (&self->lock);
  while (self->waiting.length == 0 && !self->ended &&
         !g_cancellable_is_cancelled (self->cancellable))
    g_cond_wait (&self->cond, &self->lock);
  piece = g_queue_pop_head (&self->waiting);
  g_mutex_unlock (&self->lock);
  return piece;
}

static gboolean
work (EngineHlsPublisher *self, GError **error)
{
  Piece *piece = NULL;

  if (!open_store (self, error))
    return FALSE;
  while ((piece = wait_for_piece (self)) != NULL) {
    gboolean good = TRUE;

    if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
      good = FALSE;
    else if (piece->init != NULL)
      take_init (self, piece->init);
    else
      good = publish (self, piece, error);
    g_mutex_lock (&self->lock);
    self->waiting_us -= piece->duration_us;
    g_mutex_unlock (&self->lock);
    piece_free (piece);
    if (!good)
      return FALSE;
  }
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error) && finish (self, error);
}

static gpointer
run (gpointer data)
{
  EngineHlsPublisher *self = data;
  g_autoptr (GError) error = NULL;

  if (!work (self, &error) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell (self, error);
  /* It belongs to this thread. */
  g_clear_pointer (&self->store, engine_hls_store_free);
  g_mutex_lock (&self->lock);
  self->done = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  engine_hls_publisher_unref (self);
  return NULL;
}

/**
 * engine_hls_publisher_new:
 * @store: (transfer full): where to
 * @master: what the multivariant playlist is called
 * @ts: whether segments are MPEG-TS, and not fragments of an MP4 with an init segment
 * @func: (scope forever): hears of success and failure
 * @user_data: for @func
 *
 * Returns: (transfer full): a publisher that has not started
 */
EngineHlsPublisher *
engine_hls_publisher_new (EngineHlsStore *store, const char *master, gboolean ts,
                          EngineHlsPublishedFunc func, gpointer user_data)
{
  EngineHlsPublisher *self = g_new0 (EngineHlsPublisher, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  g_queue_init (&self->waiting);
  g_queue_init (&self->doomed);
  self->store = store;
  engine_hls_store_set_sent_func (store, sent_cb, self);
  self->master = g_strdup (master);
  self->playlist = g_str_equal (master, PLAYLIST) ? OTHER_PLAYLIST : PLAYLIST;
  self->extension = ts ? "ts" : "m4s";
  self->has_init = !ts;
  self->func = func;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  self->list = engine_hls_playlist_new (N_LISTED, N_KEPT);
  self->run = g_random_int ();
  return self;
}

void
engine_hls_publisher_start (EngineHlsPublisher *self)
{
  if (self->thread == NULL)
    self->thread = g_thread_new ("hls-publisher", run, engine_hls_publisher_ref (self));
}

/* Locked. */
static void
leave_oldest_out (EngineHlsPublisher *self)
{
  GList *oldest = self->waiting.head;
  Piece *piece = NULL;

  /* What describes the others stays. */
  while (oldest != NULL && ((Piece *) oldest->data)->init != NULL)
    oldest = oldest->next;
  if (oldest == NULL)
    return;
  for (GList *l = oldest->next; l != NULL; l = l->next) {
    Piece *next = l->data;

    if (next->segment != NULL) {
      next->after_gap = TRUE;
      break;
    }
  }
  piece = oldest->data;
  self->waiting_us -= piece->duration_us;
  g_queue_delete_link (&self->waiting, oldest);
  piece_free (piece);
}

static void
push_piece (EngineHlsPublisher *self, Piece *piece)
{
  g_mutex_lock (&self->lock);
  if (self->ended || self->done) {
    piece_free (piece);
  } else {
    g_queue_push_tail (&self->waiting, piece);
    self->waiting_us += piece->duration_us;
    if (self->waiting.length > MAX_WAITING)
      leave_oldest_out (self);
    g_cond_broadcast (&self->cond);
  }
  g_mutex_unlock (&self->lock);
}

/**
 * engine_hls_publisher_push_init:
 * @self: a publisher
 * @init: what describes the segments that follow
 *
 * Any thread.
 */
void
engine_hls_publisher_push_init (EngineHlsPublisher *self, GBytes *init)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->init = g_bytes_ref (init);
  push_piece (self, piece);
}

/**
 * engine_hls_publisher_push:
 * @self: a publisher
 * @segment: begins with a keyframe
 * @duration_us: how long it lasts
 * @date_us: the wall clock at its first picture
 * @format: what it is
 *
 * Any thread.
 */
void
engine_hls_publisher_push (EngineHlsPublisher *self, GBytes *segment, gint64 duration_us,
                           gint64 date_us, const EngineHlsFormat *format)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->segment = g_bytes_ref (segment);
  piece->duration_us = duration_us;
  piece->date_us = date_us;
  piece->format = *format;
  push_piece (self, piece);
}

/**
 * engine_hls_publisher_end:
 * @self: a publisher
 *
 * Nothing more is pushed: when all has been written, the playlist says that this was the end. Any
 * thread.
 */
void
engine_hls_publisher_end (EngineHlsPublisher *self)
{
  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

/* Sees to it that the thread ends, in time. Where the last pictures do not come, the stream did not
 * end, but broke off: it may go on. */
static gpointer
close_thread (gpointer data)
{
  EngineHlsPublisher *self = data;
  const gint64 now_us = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  while (!self->done && !self->ended &&
         g_cond_wait_until (&self->cond, &self->lock, now_us + LAST_WORDS_US))
    ;
  while (!self->done && self->ended &&
         g_cond_wait_until (&self->cond, &self->lock, now_us + CLOSE_US))
    ;
  g_mutex_unlock (&self->lock);
  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  g_thread_join (g_steal_pointer (&self->thread));
  engine_hls_publisher_unref (self);
  engine_ending_done ();
  return NULL;
}

/**
 * engine_hls_publisher_close:
 * @self: a publisher
 *
 * Nothing is told any more. What was pushed, and the end if it comes now, is still written, for two
 * seconds at the most. Returns at once. Main thread.
 */
void
engine_hls_publisher_close (EngineHlsPublisher *self)
{
  self->func = NULL;
  if (self->thread == NULL)
    return;
  engine_ending_begin ();
  g_thread_unref (g_thread_new ("hls-close", close_thread, engine_hls_publisher_ref (self)));
}

/**
 * engine_hls_publisher_measure:
 * @self: a publisher
 * @queue_ms: (out): how much of the stream waits to leave
 * @sent_bps: (out): how fast it leaves
 * @failing: (out): whether the last try failed
 *
 * Main thread.
 */
void
engine_hls_publisher_measure (EngineHlsPublisher *self, double *queue_ms, double *sent_bps,
                              gboolean *failing)
{
  const gint64 now_us = g_get_monotonic_time ();
  guint64 n_sent = 0;

  g_mutex_lock (&self->lock);
  *queue_ms = (double) self->waiting_us / 1000;
  n_sent = self->n_sent;
  *failing = self->failing;
  g_mutex_unlock (&self->lock);
  if (self->measured_us == 0) {
    self->measured_us = now_us;
    self->measured_bytes = n_sent;
  } else if (now_us - self->measured_us >= RATE_WINDOW_US) {
    self->sent_bps = (double) (n_sent - self->measured_bytes) * 8 * G_USEC_PER_SEC /
                     (double) (now_us - self->measured_us);
    self->measured_us = now_us;
    self->measured_bytes = n_sent;
  }
  *sent_bps = self->sent_bps;
}

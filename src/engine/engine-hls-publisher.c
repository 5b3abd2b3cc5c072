/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-ending.h"
#include "engine-hls-publisher-private.h"

#define PLAYLIST       "stream.m3u8"
#define OTHER_PLAYLIST "media.m3u8"

/* Players see twenty seconds, and who is late finds as much again and one more. */
#define N_LISTED 10
#define N_KEPT   11

/* So many segments wait for a slow way: those that would leave the playlist anyway are left out. */
#define MAX_WAITING 10

/* How long the end of a stream may take, and how much of it is waited for its last pictures. */
#define CLOSE_US      (1900 * G_TIME_SPAN_MILLISECOND)
#define LAST_WORDS_US (700 * G_TIME_SPAN_MILLISECOND)

/* What left is counted over so long. */
#define RATE_WINDOW_US (6 * G_TIME_SPAN_SECOND)

void
_engine_hls_piece_free (gpointer data)
{
  EngineHlsPiece *piece = data;

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
  g_queue_clear_full (&self->waiting, _engine_hls_piece_free);
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

static void
sent_cb (gsize n_bytes, gpointer user_data)
{
  EngineHlsPublisher *self = user_data;

  g_mutex_lock (&self->lock);
  self->n_sent += n_bytes;
  g_mutex_unlock (&self->lock);
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
    self->thread =
      g_thread_new ("hls-publisher", _engine_hls_publisher_run, engine_hls_publisher_ref (self));
}

/* Locked. */
static void
leave_oldest_out (EngineHlsPublisher *self)
{
  GList *oldest = self->waiting.head;
  EngineHlsPiece *piece = NULL;

  /* What describes the others stays. */
  while (oldest != NULL && ((EngineHlsPiece *) oldest->data)->init != NULL)
    oldest = oldest->next;
  if (oldest == NULL)
    return;
  for (GList *l = oldest->next; l != NULL; l = l->next) {
    EngineHlsPiece *next = l->data;

    if (next->segment != NULL) {
      next->after_gap = TRUE;
      break;
    }
  }
  piece = oldest->data;
  self->waiting_us -= piece->duration_us;
  g_queue_delete_link (&self->waiting, oldest);
  _engine_hls_piece_free (piece);
}

static void
push_piece (EngineHlsPublisher *self, EngineHlsPiece *piece)
{
  g_mutex_lock (&self->lock);
  if (self->ended || self->done) {
    _engine_hls_piece_free (piece);
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
  EngineHlsPiece *piece = g_new0 (EngineHlsPiece, 1);

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
  EngineHlsPiece *piece = g_new0 (EngineHlsPiece, 1);

  piece->segment = g_bytes_ref (segment);
  piece->duration_us = duration_us;
  piece->date_us = date_us;
  piece->made_us = g_get_monotonic_time ();
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

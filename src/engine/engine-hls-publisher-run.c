/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-hls-publisher-private.h"
#include "engine-types.h"

/* What a publisher's thread does: open, then piece after piece. */

/* What fails is tried again for so long, less and less often; then the connection is made anew. */
#define GIVE_UP_US     (6 * G_TIME_SPAN_SECOND)
#define FIRST_RETRY_US (G_TIME_SPAN_SECOND / 2)
#define MAX_RETRY_US   (2 * G_TIME_SPAN_SECOND)

/* The bandwidth that is told is rounded up to this, so that it seldom has to be told anew. */
#define BANDWIDTH_STEP_BPS 500000.0

/* Removing may fail a few times; then the file stays. */
#define MAX_DOOMED 32

/* What the thread has to say to the main one. */
typedef struct {
  EngineHlsPublisher *self;
  gint64 made_us;
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
    news->self->func (news->made_us, news->error, news->self->user_data);
  return G_SOURCE_REMOVE;
}

static void
tell (EngineHlsPublisher *self, gint64 made_us, const GError *error)
{
  News *news = g_new0 (News, 1);

  news->self = engine_hls_publisher_ref (self);
  news->made_us = made_us;
  news->error = error != NULL ? g_error_copy (error) : NULL;
  g_idle_add_full (G_PRIORITY_DEFAULT, news_cb, news, news_free);
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
write_master (EngineHlsPublisher *self, const EngineHlsPiece *piece, GError **error)
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
publish (EngineHlsPublisher *self, const EngineHlsPiece *piece, GError **error)
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
  self->connected = TRUE;
  tell (self, piece->made_us, NULL);
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
static EngineHlsPiece *
wait_for_piece (EngineHlsPublisher *self)
{
  EngineHlsPiece *piece = NULL;

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
  EngineHlsPiece *piece = NULL;

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
    _engine_hls_piece_free (piece);
    if (!good)
      return FALSE;
  }
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error) && finish (self, error);
}

/**
 * _engine_hls_publisher_run:
 * @data: (transfer full): a publisher
 *
 * Its thread.
 */
gpointer
_engine_hls_publisher_run (gpointer data)
{
  EngineHlsPublisher *self = data;
  g_autoptr (GError) error = NULL;

  if (!work (self, &error) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell (self, 0, error);
  /* It belongs to this thread. */
  g_clear_pointer (&self->store, engine_hls_store_free);
  g_mutex_lock (&self->lock);
  self->done = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  engine_hls_publisher_unref (self);
  return NULL;
}

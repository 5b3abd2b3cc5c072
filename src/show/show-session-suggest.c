/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-nearest.h"
#include "show-session-private.h"
#include "show-shot-private.h"

/* A shot whose source is lost offers the nearest shot without it. */

/* A source that is gone for less is back before anybody has read the offer. */
#define LOST_US (2 * G_USEC_PER_SEC)

static gboolean
is_lost (EngineSource *source)
{
  const EngineSourceState state = engine_source_get_state (source);

  return state == ENGINE_SOURCE_STATE_LOST || state == ENGINE_SOURCE_STATE_FAILED;
}

static gboolean
look_again_cb (gpointer data)
{
  ShowSession *self = data;

  self->suggestion_id = 0;
  _show_session_update_suggestion (self);
  return G_SOURCE_REMOVE;
}

/* Returns: (transfer full): ids of sources that are lost for long enough; (out) in how many
 *   microseconds there may be more, or G_MAXINT64 */
static GStrv
find_lost (ShowSession *self, gint64 *more_in_us)
{
  const gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GStrvBuilder) lost = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer source = NULL, since_us = NULL;

  *more_in_us = G_MAXINT64;
  g_hash_table_iter_init (&iter, self->lost_since);
  while (g_hash_table_iter_next (&iter, &source, &since_us)) {
    const gint64 left_us = *(gint64 *) since_us + LOST_US - now_us;

    if (left_us <= 0)
      g_strv_builder_add (lost, engine_source_get_id (source));
    else
      *more_in_us = MIN (*more_in_us, left_us);
  }
  return g_strv_builder_end (lost);
}

static ShowArrangement
get_arrangement (ShowShot *shot)
{
  return (ShowArrangement){ show_shot_get_layout (shot), show_shot_get_sources (shot) };
}

/* Returns: (transfer full) (nullable): the shot to go to */
static ShowShot *
find_suggestion (ShowSession *self, const char *const *lost)
{
  const guint n_shots = g_list_model_get_n_items (G_LIST_MODEL (self->shots));
  g_autofree ShowArrangement *arrangements = g_new0 (ShowArrangement, n_shots);
  ShowArrangement current = { 0 };
  int nearest = -1;

  if (self->on_air == NULL)
    return NULL;
  current = get_arrangement (self->on_air);
  if (!show_nearest_is_broken (&current, lost))
    return NULL;
  for (guint i = 0; i < n_shots; i++) {
    g_autoptr (ShowShot) shot = g_list_model_get_item (G_LIST_MODEL (self->shots), i);

    arrangements[i] = get_arrangement (shot); /* the store keeps it */
  }
  nearest = show_nearest_find (arrangements, n_shots, &current, lost);
  return nearest >= 0 ? g_list_model_get_item (G_LIST_MODEL (self->shots), (guint) nearest) : NULL;
}

/**
 * _show_session_update_suggestion:
 * @self: a session
 *
 * Looks what there is to go to, now and when it may change by itself.
 */
void
_show_session_update_suggestion (ShowSession *self)
{
  gint64 more_in_us = 0;
  g_auto (GStrv) lost = find_lost (self, &more_in_us);
  g_autoptr (ShowShot) shot = find_suggestion (self, (const char *const *) lost);

  g_clear_handle_id (&self->suggestion_id, g_source_remove);
  if (more_in_us < G_MAXINT64)
    self->suggestion_id = g_timeout_add ((guint) (more_in_us / 1000) + 1, look_again_cb, self);
  if (shot == self->suggested)
    return;
  if (self->suggested != NULL)
    _show_shot_set_suggested (self->suggested, FALSE);
  g_set_object (&self->suggested, shot);
  if (shot != NULL)
    _show_shot_set_suggested (shot, TRUE);
  g_object_notify (G_OBJECT (self), "suggested-shot");
}

void
_show_session_source_state_changed (EngineSource *source, GParamSpec *pspec, ShowSession *self)
{
  const gboolean known = g_hash_table_contains (self->lost_since, source);
  gint64 *since_us = NULL;

  if (is_lost (source) == known)
    return;
  if (known) {
    g_hash_table_remove (self->lost_since, source);
  } else {
    since_us = g_new0 (gint64, 1);
    *since_us = g_get_monotonic_time ();
    g_hash_table_insert (self->lost_since, source, since_us);
  }
  _show_session_update_suggestion (self);
}

/* As a fade: it is no emergency any more, the lost signal's card is on air. */
gboolean
_show_session_take_suggested (ShowSession *self, GError **error)
{
  g_autoptr (ShowShot) shot = self->suggested != NULL ? g_object_ref (self->suggested) : NULL;

  if (shot == NULL) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE,
                 "no other shot is suggested: the one on air has all its sources");
    return FALSE;
  }
  _show_session_put_on_air (self, shot, ENGINE_TRANSITION_FADE, self->transition_ms);
  return TRUE;
}

/**
 * show_session_get_suggested_shot:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what is nearest to the shot on air, if that one has lost a
 *   source for two seconds
 */
ShowShot *
show_session_get_suggested_shot (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return self->suggested;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-session-private.h"
#include "show-shot-private.h"

/* Which shot is on air, and which one comes next. */

static void
notify (ShowSession *self, const char *property)
{
  g_object_notify (G_OBJECT (self), property);
}

ShowShot *
_show_session_find_shot (ShowSession *self, const char *id, GError **error)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->shots)); i++) {
    g_autoptr (ShowShot) shot = g_list_model_get_item (G_LIST_MODEL (self->shots), i);

    if (g_str_equal (show_shot_get_id (shot), id))
      return shot; /* the store keeps it */
  }
  g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no shot “%s”", id);
  return NULL;
}

EngineSource *
_show_session_find_source (ShowSession *self, const char *id, GError **error)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (G_LIST_MODEL (self->sources), i);

    if (g_str_equal (engine_source_get_id (source), id))
      return source; /* the store keeps it */
  }
  g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no source “%s”", id);
  return NULL;
}

static gboolean
shows (ShowShot *shot, EngineSource *source)
{
  return shot != NULL && engine_program_scene_shows (_show_shot_get_scene (shot), source);
}

/* Shots and sources say themselves whether they are seen. Behind a pause the program goes on, for the
 * recording, with what was on air before. */
void
_show_session_update_tally (ShowSession *self)
{
  ShowShot *mixed = show_session_get_paused (self) ? self->before_pause : self->on_air;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->shots)); i++) {
    g_autoptr (ShowShot) shot = g_list_model_get_item (G_LIST_MODEL (self->shots), i);

    _show_shot_set_tally (shot, shot == self->on_air, shot == self->next);
  }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (G_LIST_MODEL (self->sources), i);

    engine_source_set_tally (source, shows (mixed, source), shows (self->next, source));
  }
}

void
_show_session_put_next (ShowSession *self, ShowShot *shot)
{
  if (shot == NULL || !g_set_object (&self->next, shot))
    return;
  if (self->next_preview != NULL)
    engine_program_set_preview_scene (self->program, self->next_preview,
                                      _show_shot_get_scene (shot));
  _show_session_update_tally (self);
  notify (self, "next-shot");
}

/* After a pause the audience sees the shot at once, not what a fade would come from. */
void
_show_session_put_on_air (ShowSession *self, ShowShot *shot, EngineTransition transition,
                          guint transition_ms)
{
  const gboolean was_paused = show_session_get_paused (self);

  if (show_shot_get_pause (shot)) {
    _show_session_begin_pause (self, shot);
  } else {
    engine_program_take (self->program, _show_shot_get_scene (shot),
                         was_paused || transition_ms == 0 ? ENGINE_TRANSITION_CUT : transition,
                         transition_ms);
    _show_session_end_pause (self);
  }
  if (!g_set_object (&self->on_air, shot))
    return;
  _show_session_update_tally (self);
  notify (self, "on-air-shot");
  _show_session_update_suggestion (self);
  if (was_paused != show_session_get_paused (self))
    notify (self, "paused");
}

gboolean
_show_session_take (ShowSession *self, const char *shot_id, EngineTransition transition,
                    GError **error)
{
  ShowShot *shot = _show_session_find_shot (self, shot_id, error);

  if (shot == NULL)
    return FALSE;
  _show_session_put_on_air (self, shot, transition, self->transition_ms);
  return TRUE;
}

gboolean
_show_session_set_next (ShowSession *self, const char *shot_id, GError **error)
{
  ShowShot *shot = _show_session_find_shot (self, shot_id, error);

  if (shot == NULL)
    return FALSE;
  _show_session_put_next (self, shot);
  return TRUE;
}

/* What was on air comes next, so that one key goes back and forth. */
gboolean
_show_session_take_next (ShowSession *self, EngineTransition transition, GError **error)
{
  g_autoptr (ShowShot) shot = self->next != NULL ? g_object_ref (self->next) : NULL;
  ShowShot *current = self->on_air != self->pause ? self->on_air : self->before_pause;
  g_autoptr (ShowShot) before = current != NULL ? g_object_ref (current) : NULL;

  if (shot == NULL) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE, "no shot has been chosen to come next");
    return FALSE;
  }
  _show_session_put_on_air (self, shot, transition, self->transition_ms);
  _show_session_put_next (self, before);
  return TRUE;
}

/* The event's own words about a source; it may have been removed meanwhile. */
const EventSource *
_show_session_find_source_record (ShowSession *self, const char *id)
{
  GPtrArray *records = event_file_get_sources (self->event);

  for (guint i = 0; i < records->len; i++) {
    const EventSource *record = records->pdata[i];

    if (g_str_equal (record->id, id))
      return record;
  }
  return NULL;
}

/* A film has come to its end. What was taken meanwhile stays. */
static void
film_ended_cb (EngineSource *source, ShowSession *self)
{
  const EventSource *record =
    _show_session_find_source_record (self, engine_source_get_id (source));

  if (record == NULL || record->then == NULL || show_session_get_paused (self) ||
      !engine_source_get_on_air (source))
    return;
  _show_session_take (self, record->then, ENGINE_TRANSITION_FADE, NULL); /* the event was checked */
}

/**
 * _show_session_follow_source:
 * @self: a session
 * @source: a source that is new in it
 *
 * From now on what happens to the source has its consequences.
 */
void
_show_session_follow_source (ShowSession *self, EngineSource *source)
{
  g_signal_connect_object (source, "ended", G_CALLBACK (film_ended_cb), self, 0);
  g_signal_connect_object (source, "notify::state", G_CALLBACK (_show_session_source_state_changed),
                           self, 0);
}

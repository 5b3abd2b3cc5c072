/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-actions-private.h"

/* What an operator does with a source that has pages, or a beginning and an end. */

/* Returns: (transfer none) (nullable): the first source with pages in a shot */
static EngineSource *
find_slides (ShowSession *self, ShowShot *shot)
{
  const char *const *ids = shot != NULL ? show_shot_get_sources (shot) : NULL;

  for (guint i = 0; ids != NULL && ids[i] != NULL; i++) {
    EngineSource *source = _show_session_find_source (self, ids[i], NULL);

    if (source != NULL && engine_source_get_n_pages (source) > 0)
      return source;
  }
  return NULL;
}

/* An empty id means the slides that the audience sees, or else those that come next. */
static EngineSource *
find_source (ShowSession *self, const char *id, GError **error)
{
  EngineSource *source = NULL;

  if (*id != '\0')
    return _show_session_find_source (self, id, error);
  source = find_slides (self, self->on_air);
  if (source == NULL)
    source = find_slides (self, self->next);
  if (source == NULL)
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND,
                 "there are no slides in the shot on air, nor in the next one");
  return source;
}

static void
turn (ShowSession *self, GVariant *parameter, int n_pages)
{
  GError *error = NULL;
  EngineSource *source = find_source (self, g_variant_get_string (parameter, NULL), &error);

  if (source != NULL)
    engine_source_turn (source, n_pages);
  _show_actions_finish (self, source != NULL, error);
}

static void
slides_forward_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  turn (user_data, parameter, 1);
}

static void
slides_back_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  turn (user_data, parameter, -1);
}

static EngineSource *
find_film (ShowSession *self, GVariant *parameter, GError **error)
{
  const char *id = g_variant_get_string (parameter, NULL);
  EngineSource *source = _show_session_find_source (self, id, error);

  if (source == NULL || _show_session_find_source_record (self, id)->kind == EVENT_SOURCE_FILM)
    return source;
  g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "the source “%s” is no film", id);
  return NULL;
}

static void
play_film_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  EngineSource *source = find_film (user_data, parameter, &error);

  if (source != NULL)
    engine_source_play (source);
  _show_actions_finish (user_data, source != NULL, error);
}

static void
stop_film_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  EngineSource *source = find_film (user_data, parameter, &error);

  if (source != NULL)
    engine_source_stop (source);
  _show_actions_finish (user_data, source != NULL, error);
}

/* What somebody said no to, or ended: a screen, or a camera inside a sandbox. */
static void
ask_again_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *id = g_variant_get_string (parameter, NULL);
  GError *error = NULL;
  EngineSource *source = _show_session_find_source (user_data, id, &error);
  const EventSourceKind kind =
    source != NULL ? _show_session_find_source_record (user_data, id)->kind : EVENT_SOURCE_CARD;

  if (kind == EVENT_SOURCE_SCREEN || kind == EVENT_SOURCE_CAMERA)
    engine_source_play (source);
  else if (source != NULL)
    g_set_error (&error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "nobody is asked for the source “%s”",
                 id);
  _show_actions_finish (user_data, error == NULL, error);
}

/**
 * _show_actions_add_sources:
 * @self: a session
 *
 * Adds the actions for slides and films.
 */
void
_show_actions_add_sources (ShowSession *self)
{
  const GActionEntry entries[] = {
    { "slides-forward", slides_forward_activated, "s", NULL, NULL, { 0 } },
    { "slides-back", slides_back_activated, "s", NULL, NULL, { 0 } },
    { "ask-again", ask_again_activated, "s", NULL, NULL, { 0 } },
    { "play-film", play_film_activated, "s", NULL, NULL, { 0 } },
    { "stop-film", stop_film_activated, "s", NULL, NULL, { 0 } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
}

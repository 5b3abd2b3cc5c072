/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-session-private.h"
#include "show-shot-private.h"
#include "show-texts.h"

/* The pause of a session. A shot with the pause's layout is never mixed: the audience gets its card,
 * while the program goes on behind it with the shot that was on air before, for the recording. */

static ShowShot *
find_pause (ShowSession *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->shots)); i++) {
    g_autoptr (ShowShot) shot = g_list_model_get_item (G_LIST_MODEL (self->shots), i);

    if (show_shot_get_pause (shot))
      return shot; /* the store keeps it */
  }
  return NULL;
}

/* An event without a pause among its shots can pause all the same. */
static void
prepare_own_pause (ShowSession *self)
{
  const char *title = show_texts_get (event_file_get_language (self->event), SHOW_TEXT_PAUSE);
  g_autoptr (EngineScene) scene = NULL;
  ShowLook look = { 0 };

  if (self->pause == NULL)
    self->pause = _show_shot_new_pause (title);
  look.card = show_arts_get_pause (self->arts, &look.numbers[2]);
  if (_show_shot_get_scene (self->pause) != NULL && _show_shot_looks_like (self->pause, &look))
    return;
  scene =
    engine_program_make_scene (self->program, &(EngineSceneSpec){ .layout = ENGINE_LAYOUT_PAUSE,
                                                                  .card = look.card });
  _show_shot_set_scene (self->pause, self->program, scene);
  _show_shot_set_look (self->pause, &look);
  if (self->on_air == self->pause)
    _show_session_begin_pause (self, self->pause);
}

/**
 * _show_session_prepare_pause:
 * @self: a session whose shots are filled
 *
 * From now on there can be a pause at once.
 */
void
_show_session_prepare_pause (ShowSession *self)
{
  if (find_pause (self) == NULL || self->pause != NULL)
    prepare_own_pause (self);
}

/**
 * _show_session_prepare_music:
 * @self: a session
 *
 * What the audience hears during a pause.
 */
void
_show_session_prepare_music (ShowSession *self)
{
  const char *music = event_file_get_graphics (self->event)->music;
  g_autofree char *path = music != NULL ? event_file_resolve (self->event, music) : NULL;
  g_autofree char *uri = path != NULL ? g_filename_to_uri (path, NULL, NULL) : NULL;

  engine_program_set_pause_music (self->program, uri);
}

/* Before anything else changes: what is said from now on is not for the audience. */
void
_show_session_begin_pause (ShowSession *self, ShowShot *pause)
{
  engine_program_pause (self->program, _show_shot_get_scene (pause));
  if (self->on_air != NULL && !show_shot_get_pause (self->on_air))
    g_set_object (&self->before_pause, self->on_air);
}

void
_show_session_end_pause (ShowSession *self)
{
  engine_program_resume (self->program);
}

/**
 * _show_session_set_paused:
 * @self: a session
 * @paused: whether the audience is to see the pause's card
 * @error: return location
 *
 * Afterwards what was on air before comes back. Fails with %SHOW_ERROR_STATE when there is nothing
 * to come back to.
 *
 * Returns: whether it is as was asked for
 */
gboolean
_show_session_set_paused (ShowSession *self, gboolean paused, GError **error)
{
  ShowShot *pause = find_pause (self);
  g_autoptr (ShowShot) before = NULL;

  if (paused == show_session_get_paused (self))
    return TRUE;
  if (paused) {
    _show_session_put_on_air (self, pause != NULL ? pause : self->pause, ENGINE_TRANSITION_CUT, 0);
    return TRUE;
  }
  if (self->before_pause == NULL) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE,
                 "nothing was on air before the pause: take a shot instead");
    return FALSE;
  }
  before = g_object_ref (self->before_pause);
  _show_session_put_on_air (self, before, ENGINE_TRANSITION_CUT, 0);
  return TRUE;
}

/**
 * show_session_get_paused:
 * @self: a session
 *
 * Returns: whether the audience sees the pause's card, or would
 */
gboolean
show_session_get_paused (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);

  return self->on_air != NULL && show_shot_get_pause (self->on_air);
}

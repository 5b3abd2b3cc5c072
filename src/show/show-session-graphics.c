/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-session-private.h"
#include "show-shot-private.h"

/* The graphics of a session: they follow its shots, and some of them go by themselves. */

/**
 * _show_session_follow_shots:
 * @self: a session
 *
 * Lets graphics make room for what is on air now, or looks otherwise. While the audience sees the
 * card of a pause, the recording goes on with what was on air before.
 */
void
_show_session_follow_shots (ShowSession *self)
{
  ShowShot *on_air =
    self->on_air != NULL && show_shot_get_pause (self->on_air) ? self->before_pause : self->on_air;

  show_graphics_set_scenes (self->graphics, on_air != NULL ? _show_shot_get_scene (on_air) : NULL,
                            self->next != NULL ? _show_shot_get_scene (self->next) : NULL);
}

static void
follow_state (ShowSession *self)
{
  show_marks_set_live (self->marks, self->state == SHOW_STATE_LIVE);
}

static void
expired_cb (ShowSession *self, guint graphic)
{
  if (graphic == ENGINE_GRAPHIC_LOWER_THIRD)
    _show_session_hide_talk (self);
  else if (graphic == ENGINE_GRAPHIC_POST)
    posts_desk_clear_screen (self->desk);
}

static void
drafted_item_cb (ShowSession *self)
{
  const PostsState state = posts_item_get_state (self->drafted);

  /* Shown, it is no draft any more; what was taken back is not to be seen at all. */
  if (state == POSTS_STATE_ON_SCREEN || state == POSTS_STATE_HIDDEN ||
      state == POSTS_STATE_TAKEN_DOWN)
    _show_session_draft_post (self, "", NULL);
}

static void
watch_sources_cb (GListModel *sources, guint position, guint n_removed, guint n_added,
                  gpointer user_data)
{
  ShowSession *self = user_data;

  for (guint i = position; i < position + n_added; i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);

    /* Somebody who comes or goes rearranges those who are there. */
    g_signal_connect_object (source, "notify::state", G_CALLBACK (show_graphics_look_again),
                             self->graphics, G_CONNECT_SWAPPED);
  }
}

static void
check_font_thread (GTask *task, gpointer source_object, gpointer task_data,
                   GCancellable *cancellable)
{
  g_task_return_boolean (task, engine_art_has_font (task_data));
}

static void
font_checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  const char *font = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), NULL)) /* cannot fail, only say no */
    return;
  error = g_error_new (SHOW_ERROR, SHOW_ERROR_FONT,
                       "the font “%s” is not installed here: another one is used instead", font);
  _show_session_tell_failure (SHOW_SESSION (object), error);
}

static void
check_font (ShowSession *self)
{
  const char *font = event_file_get_graphics (self->event)->font;
  g_autoptr (GTask) task = NULL;

  if (font == NULL)
    return;
  task = g_task_new (self, NULL, font_checked_cb, NULL);
  g_task_set_source_tag (task, check_font);
  g_task_set_task_data (task, g_strdup (font), g_free);
  g_task_run_in_thread (task, check_font_thread);
}

/**
 * _show_session_follow_graphics:
 * @self: a session whose graphics have been made
 *
 * Lets the graphics follow what the session does.
 */
void
_show_session_follow_graphics (ShowSession *self)
{
  self->draft_name = -1;
  self->marks = show_marks_new (self->graphics, self->event);
  g_signal_connect (self, "notify::on-air-shot", G_CALLBACK (_show_session_follow_shots), NULL);
  g_signal_connect (self, "notify::next-shot", G_CALLBACK (_show_session_follow_shots), NULL);
  g_signal_connect (self, "notify::state", G_CALLBACK (follow_state), NULL);
  g_signal_connect_object (self->graphics, "expired", G_CALLBACK (expired_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->graphics, "draft-failed", G_CALLBACK (_show_session_tell_failure),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sources, "items-changed", G_CALLBACK (watch_sources_cb), self, 0);
  watch_sources_cb (G_LIST_MODEL (self->sources), 0, 0,
                    g_list_model_get_n_items (G_LIST_MODEL (self->sources)), self);
  check_font (self);
}

void
_show_session_forget_graphics (ShowSession *self)
{
  if (self->drafted != NULL)
    g_signal_handlers_disconnect_by_data (self->drafted, self);
  g_clear_object (&self->drafted);
  g_clear_object (&self->marks);
}

/**
 * _show_session_draft_name:
 * @self: a session
 * @index: of a talk, or −1 for none
 * @error: return location
 *
 * Shows the name of a talk in the preview of the next shot, not on air. Fails with
 * %SHOW_ERROR_NOT_FOUND when there is no such talk.
 *
 * Returns: whether it was there
 */
gboolean
_show_session_draft_name (ShowSession *self, int index, GError **error)
{
  g_autoptr (ShowTalk) talk = NULL;

  if (index >= 0)
    talk = g_list_model_get_item (G_LIST_MODEL (self->talks), (guint) index);
  if (index >= 0 && talk == NULL) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no talk %d", index);
    return FALSE;
  }
  self->draft_name = talk != NULL ? index : -1;
  show_graphics_draft_talk (self->graphics, talk);
  _show_actions_update_drafts (self);
  return TRUE;
}

/**
 * _show_session_draft_post:
 * @self: a session
 * @id: of a post on the desk, or "" for none
 * @error: return location
 *
 * The same for a post.
 *
 * Returns: whether it was there
 */
gboolean
_show_session_draft_post (ShowSession *self, const char *id, GError **error)
{
  PostsItem *item = *id != '\0' ? posts_desk_find (self->desk, id) : NULL;

  if (*id != '\0' && item == NULL) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no post “%s”", id);
    return FALSE;
  }
  if (self->drafted != NULL)
    g_signal_handlers_disconnect_by_func (self->drafted, drafted_item_cb, self);
  g_set_object (&self->drafted, item);
  if (item != NULL)
    g_signal_connect_object (item, "notify::state", G_CALLBACK (drafted_item_cb), self,
                             G_CONNECT_SWAPPED);
  _show_session_draft_card (self, item);
  _show_actions_update_drafts (self);
  return TRUE;
}

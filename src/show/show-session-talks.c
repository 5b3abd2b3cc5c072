/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-session-private.h"

/* The schedule of a session: which talk is given, and whether its name is on screen. */

void
_show_session_set_talk_shown (ShowSession *self, gboolean shown)
{
  if (self->talk_shown == shown)
    return;
  self->talk_shown = shown;
  g_object_notify (G_OBJECT (self), "talk-shown");
}

void
_show_session_set_talk (ShowSession *self, guint index)
{
  ShowTalk *talk = NULL;

  self->talk = index;
  talk = show_session_get_current_talk (self);
  if (talk != NULL)
    show_air_set_talk (self->air, show_talk_get_title (talk), show_talk_get_speakers (talk));
  g_object_notify (G_OBJECT (self), "current-talk");
}

gboolean
_show_session_show_talk (ShowSession *self, int index, GError **error)
{
  const guint n_talks = g_list_model_get_n_items (G_LIST_MODEL (self->talks));
  ShowTalk *talk = NULL;

  if (n_talks == 0 || index < -1 || index >= (int) n_talks) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no talk %d", index);
    return FALSE;
  }
  if (index >= 0 && (guint) index != self->talk)
    _show_session_set_talk (self, (guint) index);
  talk = show_session_get_current_talk (self);
  show_graphics_show_talk (self->graphics, talk);
  _show_session_draft_name (self, -1, NULL); /* there is always none */
  _show_session_set_talk_shown (self, TRUE);
  return TRUE;
}

void
_show_session_hide_talk (ShowSession *self)
{
  show_graphics_hide_talk (self->graphics);
  _show_session_set_talk_shown (self, FALSE);
}

/* The name of the one who spoke would be wrong now. */
gboolean
_show_session_next_talk (ShowSession *self, GError **error)
{
  if (show_session_get_next_talk (self) == NULL) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no talk after this one");
    return FALSE;
  }
  _show_session_hide_talk (self);
  _show_session_set_talk (self, self->talk + 1);
  return TRUE;
}

/* The talk of this moment; before the first and between two, the one that comes. */
guint
_show_session_find_talk_of_now (ShowSession *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  const guint n_talks = g_list_model_get_n_items (G_LIST_MODEL (self->talks));

  for (guint i = 0; i < n_talks; i++) {
    g_autoptr (ShowTalk) talk = g_list_model_get_item (G_LIST_MODEL (self->talks), i);
    GDateTime *end = show_talk_get_end (talk);

    if (end != NULL && g_date_time_compare (now, end) < 0)
      return i;
  }
  return 0;
}

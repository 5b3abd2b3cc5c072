/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-session-private.h"

/* Those who sort posts from a browser elsewhere. */

static char *
resolve (ShowSession *self, const char *path)
{
  return path != NULL ? event_file_resolve (self->event, path) : NULL;
}

/**
 * _show_session_open_moderation:
 * @self: a session
 * @reach: for whom
 * @error: return location
 *
 * Opens the moderators' page, by the same certificate as the guests'.
 *
 * Returns: `FALSE` with a `WEB_ERROR`, or %SHOW_ERROR_STATE while the session is stopped
 */
gboolean
_show_session_open_moderation (ShowSession *self, ModpageReach reach, GError **error)
{
  const EventGuests *guests = event_file_get_guests (self->event);
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "regie", NULL);
  g_autofree char *certificate = resolve (self, guests->certificate);
  g_autofree char *key = resolve (self, guests->certificate_key);
  const ModpageConfig config = {
    .title = show_session_get_title (self),
    .certificate_path = certificate,
    .key_path = key,
    .folder = folder,
  };

  if (!self->running) {
    g_set_error_literal (error, SHOW_ERROR, SHOW_ERROR_STATE, "the show does not run");
    return FALSE;
  }
  if (!modpage_room_open (self->moderation, reach, &config, error))
    return FALSE;
  show_journal_add (self->journal, "post", NULL, "posts may be sorted from %s",
                    reach == MODPAGE_REACH_NETWORK ? "the network" : "browsers on this computer");
  return TRUE;
}

static void
acted_cb (ShowSession *self, PostsAct act, const char *post_id)
{
  g_autofree char *name = g_enum_to_string (POSTS_TYPE_ACT, (int) act);
  g_autoptr (GEnumClass) acts = g_type_class_ref (POSTS_TYPE_ACT);
  const GEnumValue *value = g_enum_get_value (acts, (int) act);

  if (act == POSTS_ACT_NONE)
    show_journal_add (self->journal, "post", NULL, "a moderator took back a decision");
  else
    show_journal_add (self->journal, "post", post_id, "a moderator decided: %s",
                      value != NULL ? value->value_nick : name);
  _show_session_remember (self);
}

static void
reach_cb (ShowSession *self)
{
  if (modpage_room_get_reach (self->moderation) == MODPAGE_REACH_CLOSED)
    show_journal_add (self->journal, "post", NULL, "posts are sorted here only");
}

/**
 * _show_session_prepare_moderation:
 * @self: a session that is built
 */
void
_show_session_prepare_moderation (ShowSession *self)
{
  self->moderation = modpage_room_new (self->desk);
  g_signal_connect_object (self->moderation, "acted", G_CALLBACK (acted_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->moderation, "notify::reach", G_CALLBACK (reach_cb), self,
                           G_CONNECT_SWAPPED);
  _show_actions_add_moderation (self);
}

/**
 * show_session_get_moderation:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): where posts are sorted from a browser; `NULL` before the session
 *   is started
 */
ModpageRoom *
show_session_get_moderation (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return self->moderation;
}

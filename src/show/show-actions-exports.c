/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-actions-private.h"

/* Actions on the files of talks. */

static void
export_talk_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  const gint32 index = g_variant_get_int32 (parameter);
  GError *error = NULL;
  const gboolean done =
    show_exports_export (self->exports, index >= 0 ? (guint) index : G_MAXUINT, &error);

  _show_actions_finish (self, done, error);
}

static void
trim_talk_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  gint32 index = 0;
  gint64 start_ms = 0, end_ms = 0;
  GError *error = NULL;
  gboolean done = FALSE;

  g_variant_get (parameter, "(ixx)", &index, &start_ms, &end_ms);
  done = show_exports_trim (self->exports, index >= 0 ? (guint) index : G_MAXUINT, start_ms, end_ms,
                            &error);
  _show_actions_finish (self, done, error);
}

static void
end_talk_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_end_talk (user_data, &error);

  _show_actions_finish (user_data, done, error);
}

void
_show_actions_add_exports (ShowSession *self)
{
  const GActionEntry entries[] = {
    { "export-talk", export_talk_activated, "i", NULL, NULL, { 0 } },
    { "trim-talk", trim_talk_activated, "(ixx)", NULL, NULL, { 0 } },
    { "end-talk", end_talk_activated, NULL, NULL, NULL, { 0 } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
}

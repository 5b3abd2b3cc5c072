/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-actions-private.h"

/* Who else sorts posts, from a browser. */

static gboolean
read_reach (const char *text, ModpageReach *reach)
{
  g_autoptr (GEnumClass) reaches = g_type_class_ref (MODPAGE_TYPE_REACH);
  const GEnumValue *value = g_enum_get_value_by_nick (reaches, text);

  if (value == NULL)
    return FALSE;
  *reach = (ModpageReach) value->value;
  return TRUE;
}

static void
moderation_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  ShowSession *self = user_data;
  const char *text = g_variant_get_string (state, NULL);
  ModpageReach reach = MODPAGE_REACH_CLOSED;
  GError *error = NULL;
  gboolean done = FALSE;

  if (!read_reach (text, &reach)) {
    g_set_error (&error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND,
                 "“%.40s” is neither closed, computer nor network", text);
  } else if (reach == MODPAGE_REACH_CLOSED) {
    modpage_room_close (self->moderation);
    done = TRUE;
  } else {
    done = reach == modpage_room_get_reach (self->moderation) ||
           _show_session_open_moderation (self, reach, &error);
  }
  _show_actions_finish (self, done, error);
}

static void
renew_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  const gboolean open = modpage_room_get_reach (self->moderation) != MODPAGE_REACH_CLOSED;
  GError *error = NULL;

  if (open) {
    modpage_room_renew (self->moderation);
    show_journal_add (self->journal, "post", NULL, "the moderators have a new link");
  } else {
    g_set_error_literal (&error, SHOW_ERROR, SHOW_ERROR_STATE, "there is no link for moderators");
  }
  _show_actions_finish (self, open, error);
}

static void
may_show_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  ShowSession *self = user_data;

  modpage_room_set_may_show (self->moderation, g_variant_get_boolean (state));
}

static void
set_state (ShowSession *self, const char *name, GVariant *state)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), state);
}

static void
update (ShowSession *self)
{
  g_autoptr (GEnumClass) reaches = g_type_class_ref (MODPAGE_TYPE_REACH);
  const GEnumValue *reach =
    g_enum_get_value (reaches, (int) modpage_room_get_reach (self->moderation));

  set_state (self, "moderation", g_variant_new_string (reach->value_nick));
  set_state (self, "moderators-may-show",
             g_variant_new_boolean (modpage_room_get_may_show (self->moderation)));
}

/**
 * _show_actions_add_moderation:
 * @self: a session
 *
 * Adds the actions that let others sort posts, and throw them out again.
 */
void
_show_actions_add_moderation (ShowSession *self)
{
  const GActionEntry entries[] = {
    { "moderation", NULL, "s", "'closed'", moderation_changed, { 0 } },
    { "renew-moderation-link", renew_activated, NULL, NULL, NULL, { 0 } },
    { "moderators-may-show", NULL, NULL, "false", may_show_changed, { 0 } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  g_signal_connect_object (self->moderation, "notify::reach", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->moderation, "notify::may-show", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-actions-private.h"

/* What an operator can do with the marks, the look of names, and what is previewed before it is
 * shown. */

static const char *const style_names[] = {
  [ENGINE_NAME_STYLE_PLATE] = "plate",
  [ENGINE_NAME_STYLE_BAND] = "band",
  [ENGINE_NAME_STYLE_LINE] = "line",
};

static void
set_state (ShowSession *self, const char *name, GVariant *state)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), state);
}

static void
show_clock_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  ShowSession *self = user_data;

  show_marks_set_clock (self->marks, g_variant_get_boolean (state));
}

static void
show_live_mark_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  ShowSession *self = user_data;

  show_marks_set_live_mark (self->marks, g_variant_get_boolean (state));
}

static void
show_countdown_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  GError *error = NULL;
  const gboolean done =
    show_marks_set_countdown (self->marks, g_variant_get_string (parameter, NULL), &error);

  _show_actions_finish (self, done, error);
}

static void
name_style_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  const char *name = g_variant_get_string (parameter, NULL);
  GError *error = NULL;
  guint style = 0;

  while (style < G_N_ELEMENTS (style_names) && !g_str_equal (style_names[style], name))
    style++;
  if (style < G_N_ELEMENTS (style_names)) {
    show_graphics_set_name_style (self->graphics, (EngineNameStyle) style);
    set_state (self, "name-style", g_variant_new_string (name));
  } else {
    error = g_error_new (SHOW_ERROR, SHOW_ERROR_NOT_FOUND,
                         "names have no style “%s”: it is plate, band or line", name);
  }
  _show_actions_finish (self, error == NULL, error);
}

static void
draft_name_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done =
    _show_session_draft_name (user_data, g_variant_get_int32 (parameter), &error);

  _show_actions_finish (user_data, done, error);
}

static void
draft_post_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done =
    _show_session_draft_post (user_data, g_variant_get_string (parameter, NULL), &error);

  _show_actions_finish (user_data, done, error);
}

/* Their states say what is, not what was asked for. */
static void
keep_state (GSimpleAction *action, GVariant *state, gpointer user_data)
{
}

static void
update_marks (ShowSession *self)
{
  set_state (self, "show-clock", g_variant_new_boolean (show_marks_get_clock (self->marks)));
  set_state (self, "show-live-mark",
             g_variant_new_boolean (show_marks_get_live_mark (self->marks)));
  set_state (self, "show-countdown", g_variant_new_string (show_marks_get_countdown (self->marks)));
}

void
_show_actions_update_drafts (ShowSession *self)
{
  const char *post =
    self->drafted != NULL ? posts_post_get_id (posts_item_get_post (self->drafted)) : "";

  set_state (self, "draft-name", g_variant_new_int32 (self->draft_name));
  set_state (self, "draft-post", g_variant_new_string (post));
}

/**
 * _show_actions_add_graphics:
 * @self: a session that follows its graphics
 *
 * Adds the actions for marks, the style of names, and drafts.
 */
void
_show_actions_add_graphics (ShowSession *self)
{
  const GActionEntry entries[] = {
    { "show-clock", NULL, NULL, "false", show_clock_changed, { 0 } },
    { "show-live-mark", NULL, NULL, "false", show_live_mark_changed, { 0 } },
    { "show-countdown", show_countdown_activated, "s", "''", keep_state, { 0 } },
    { "name-style", name_style_activated, "s", "'plate'", keep_state, { 0 } },
    { "draft-name", draft_name_activated, "i", "-1", keep_state, { 0 } },
    { "draft-post", draft_post_activated, "s", "''", keep_state, { 0 } },
  };
  const EngineNameStyle style = show_graphics_get_name_style (self->graphics);

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  set_state (self, "name-style", g_variant_new_string (style_names[style]));
  g_signal_connect_object (self->marks, "notify", G_CALLBACK (update_marks), self,
                           G_CONNECT_SWAPPED);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-actions-private.h"

/* Everything an operator can do with a show, for the window, D-Bus and tests alike. An action that
 * cannot be carried out says so with the session's "action-failed". */

void
_show_actions_finish (ShowSession *self, gboolean done, GError *error)
{
  if (!done)
    _show_session_tell_failure (self, error);
  g_clear_error (&error);
}

static void
take_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_take (user_data, g_variant_get_string (parameter, NULL),
                                            ENGINE_TRANSITION_CUT, &error);

  _show_actions_finish (user_data, done, error);
}

static void
next_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done =
    _show_session_set_next (user_data, g_variant_get_string (parameter, NULL), &error);

  _show_actions_finish (user_data, done, error);
}

static void
cut_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_take_next (user_data, ENGINE_TRANSITION_CUT, &error);

  _show_actions_finish (user_data, done, error);
}

static void
fade_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_take_next (user_data, ENGINE_TRANSITION_FADE, &error);

  _show_actions_finish (user_data, done, error);
}

static void
move_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_take_next (user_data, ENGINE_TRANSITION_MOVE, &error);

  _show_actions_finish (user_data, done, error);
}

static void
take_suggested_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_take_suggested (user_data, &error);

  _show_actions_finish (user_data, done, error);
}

static void
pause_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_set_paused (user_data, g_variant_get_boolean (state), &error);

  _show_actions_finish (user_data, done, error);
}

static void
go_live_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_go_live (user_data, &error);

  _show_actions_finish (user_data, done, error);
}

static void
rehearse_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_rehearse (user_data, &error);

  _show_actions_finish (user_data, done, error);
}

static void
end_live_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_end_live (user_data, &error);

  _show_actions_finish (user_data, done, error);
}

static void
mute_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const char *id = NULL;
  gboolean muted = FALSE;
  EngineSource *source = NULL;

  g_variant_get (parameter, "(&sb)", &id, &muted);
  source = _show_session_find_source (user_data, id, &error);
  if (source != NULL)
    engine_source_set_muted (source, muted);
  _show_actions_finish (user_data, source != NULL, error);
}

static void
volume_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const char *id = NULL;
  double volume_db = 0;
  EngineSource *source = NULL;

  g_variant_get (parameter, "(&sd)", &id, &volume_db);
  source = _show_session_find_source (user_data, id, &error);
  if (source != NULL)
    engine_source_set_volume_db (source, volume_db);
  _show_actions_finish (user_data, source != NULL, error);
}

static void
show_talk_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done =
    _show_session_show_talk (user_data, g_variant_get_int32 (parameter), &error);

  _show_actions_finish (user_data, done, error);
}

static void
hide_talk_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  _show_session_hide_talk (user_data);
}

static void
next_talk_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const gboolean done = _show_session_next_talk (user_data, &error);

  _show_actions_finish (user_data, done, error);
}

/* The state of these says what is; asking for another state would only make it lie. */
static void
keep_state (GSimpleAction *action, GVariant *state, gpointer user_data)
{
}

static void
preview_before_taking_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  show_session_set_preview_before_taking (user_data, g_variant_get_boolean (state));
}

static void
transition_ms_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  show_session_set_transition_ms (user_data, g_variant_get_uint32 (state));
}

static void
set_action_state (GSimpleActionGroup *group, const char *name, GVariant *state)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (group), name);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), state);
}

static void
set_action_enabled (GSimpleActionGroup *group, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (group), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* The states that others see are written by the session, whoever changed it. */

static const char *
shot_id (ShowShot *shot)
{
  return shot != NULL ? show_shot_get_id (shot) : "";
}

static void
update_shots (ShowSession *self)
{
  set_action_state (self->actions, "take", g_variant_new_string (shot_id (self->on_air)));
  set_action_state (self->actions, "next", g_variant_new_string (shot_id (self->next)));
  set_action_state (self->actions, "pause", g_variant_new_boolean (show_session_get_paused (self)));
}

static void
update_state (ShowSession *self)
{
  const gboolean live = self->state == SHOW_STATE_LIVE;

  set_action_state (self->actions, "go-live", g_variant_new_boolean (live));
  set_action_enabled (self->actions, "go-live", !live);
  set_action_state (self->actions, "rehearse",
                    g_variant_new_boolean (self->state == SHOW_STATE_REHEARSAL));
  set_action_enabled (self->actions, "rehearse", !show_session_get_active (self));
  set_action_enabled (self->actions, "end-live", show_session_get_active (self));
}

static void
update_talk (ShowSession *self)
{
  set_action_state (self->actions, "show-talk",
                    g_variant_new_int32 (self->talk_shown ? (gint32) self->talk : -1));
  set_action_enabled (self->actions, "next-talk", show_session_get_next_talk (self) != NULL);
}

static void
update_taking (ShowSession *self)
{
  set_action_state (self->actions, "preview-before-taking",
                    g_variant_new_boolean (self->preview_before_taking));
  set_action_state (self->actions, "transition-ms", g_variant_new_uint32 (self->transition_ms));
}

static void
update_sources (ShowSession *self)
{
  GVariantBuilder muted, volumes;

  g_variant_builder_init (&muted, G_VARIANT_TYPE ("a{sb}"));
  g_variant_builder_init (&volumes, G_VARIANT_TYPE ("a{sd}"));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (G_LIST_MODEL (self->sources), i);

    g_variant_builder_add (&muted, "{sb}", engine_source_get_id (source),
                           engine_source_get_muted (source));
    g_variant_builder_add (&volumes, "{sd}", engine_source_get_id (source),
                           engine_source_get_volume_db (source));
  }
  set_action_state (self->actions, "mute", g_variant_builder_end (&muted));
  set_action_state (self->actions, "volume", g_variant_builder_end (&volumes));
}

static void
follow_session (ShowSession *self)
{
  static const struct {
    const char *signal;
    void (*update) (ShowSession *self);
  } followed[] = {
    { "notify::on-air-shot", update_shots },    { "notify::next-shot", update_shots },
    { "notify::state", update_state },          { "notify::talk-shown", update_talk },
    { "notify::current-talk", update_talk },    { "notify::preview-before-taking", update_taking },
    { "notify::transition-ms", update_taking },
  };

  static const char *const source_signals[] = { "notify::muted", "notify::volume-db", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (followed); i++)
    g_signal_connect (self, followed[i].signal, G_CALLBACK (followed[i].update), NULL);
  _show_actions_follow_sources (self, source_signals, update_sources);
}

/* What to do when something changes at any source. */
typedef struct {
  ShowSession *session;       /* borrowed: it has the list that this belongs to */
  const char *const *signals; /* borrowed */
  ShowActionsUpdate update;
} Follower;

static void
follower_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
sources_changed_cb (GListModel *sources, guint position, guint n_removed, guint n_added,
                    gpointer user_data)
{
  Follower *follower = user_data;

  for (guint i = position; i < position + n_added; i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);

    /* One that only moved is followed already. */
    g_signal_handlers_disconnect_by_func (source, follower->update, follower->session);
    for (guint k = 0; follower->signals[k] != NULL; k++)
      g_signal_connect_object (source, follower->signals[k], G_CALLBACK (follower->update),
                               follower->session, G_CONNECT_SWAPPED);
  }
  follower->update (follower->session);
}

/**
 * _show_actions_follow_sources:
 * @self: a session
 * @signals: (array zero-terminated=1): signals of EngineSource, such as `notify::muted`; static
 * @update: called now, and when any source has one of them, or sources come and go
 */
void
_show_actions_follow_sources (ShowSession *self, const char *const *signals,
                              ShowActionsUpdate update)
{
  Follower *follower = g_new0 (Follower, 1);

  *follower = (Follower){ self, signals, update };
  g_signal_connect_data (self->sources, "items-changed", G_CALLBACK (sources_changed_cb), follower,
                         follower_free, 0);
  sources_changed_cb (G_LIST_MODEL (self->sources), 0, 0,
                      g_list_model_get_n_items (G_LIST_MODEL (self->sources)), follower);
}

/**
 * _show_actions_add:
 * @self: a session whose lists are filled
 *
 * Fills the session's group of actions.
 */
void
_show_actions_add (ShowSession *self)
{
  const GActionEntry entries[] = {
    { "take", take_activated, "s", "''", keep_state, { 0 } },
    { "next", next_activated, "s", "''", keep_state, { 0 } },
    { "cut", cut_activated, NULL, NULL, NULL, { 0 } },
    { "fade", fade_activated, NULL, NULL, NULL, { 0 } },
    { "move", move_activated, NULL, NULL, NULL, { 0 } },
    { "take-suggested", take_suggested_activated, NULL, NULL, NULL, { 0 } },
    { "pause", NULL, NULL, "false", pause_changed, { 0 } },
    { "go-live", go_live_activated, NULL, "false", keep_state, { 0 } },
    { "rehearse", rehearse_activated, NULL, "false", keep_state, { 0 } },
    { "end-live", end_live_activated, NULL, NULL, NULL, { 0 } },
    { "mute", mute_activated, "(sb)", "@a{sb} {}", keep_state, { 0 } },
    { "volume", volume_activated, "(sd)", "@a{sd} {}", keep_state, { 0 } },
    { "show-talk", show_talk_activated, "i", "-1", keep_state, { 0 } },
    { "hide-talk", hide_talk_activated, NULL, NULL, NULL, { 0 } },
    { "next-talk", next_talk_activated, NULL, NULL, NULL, { 0 } },
    { "preview-before-taking", NULL, NULL, "true", preview_before_taking_changed, { 0 } },
    { "transition-ms", NULL, "u", "uint32 0", transition_ms_changed, { 0 } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  follow_session (self);
  update_state (self);
  update_talk (self);
  update_taking (self);
  _show_actions_add_sound (self);
  _show_actions_add_sources (self);
  _show_actions_add_destinations (self);
  _show_actions_add_edit (self);
  _show_actions_add_graphics (self);
  _show_actions_add_guests (self);
  _show_actions_add_posts (self);
}

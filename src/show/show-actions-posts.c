/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-triage.h"
#include "show-actions-private.h"

/* What the operator does with posts and with those who write them. Whatever a human decides can be taken
 * back for ten seconds. */

static void
do_one (ShowSession *self, PostsAct act, GVariant *parameter)
{
  const char *ids[] = { g_variant_get_string (parameter, NULL), NULL };
  GError *error = NULL;
  const gboolean done = posts_triage_do (self->desk, NULL, act, ids, &error);

  _show_actions_finish (self, done, error);
}

static void
approve_post_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  do_one (user_data, POSTS_ACT_APPROVE, parameter);
}

static void
refuse_post_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  do_one (user_data, POSTS_ACT_HIDE, parameter);
}

static void
show_post_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  do_one (user_data, POSTS_ACT_SHOW, parameter);
}

static void
hide_post_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  posts_triage_take_off (show_session_get_desk (user_data), NULL);
}

static void
mark_question_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  const char *ids[] = { NULL, NULL };
  gboolean question = FALSE;
  GError *error = NULL;
  gboolean done = FALSE;

  g_variant_get (parameter, "(&sb)", &ids[0], &question);
  done =
    posts_triage_do (self->desk, NULL, question ? POSTS_ACT_ASK : POSTS_ACT_ANSWER, ids, &error);
  _show_actions_finish (self, done, error);
}

/* What may be done with several posts; the others are about the screen. */
static gboolean
find_act (const char *nick, PostsAct *act)
{
  g_autoptr (GEnumClass) acts = g_type_class_ref (POSTS_TYPE_ACT);
  const GEnumValue *value = g_enum_get_value_by_nick (acts, nick);

  if (value == NULL || value->value == POSTS_ACT_NONE || value->value == POSTS_ACT_TAKE_OFF)
    return FALSE;
  *act = (PostsAct) value->value;
  return TRUE;
}

static void
triage_posts_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  const char *nick = NULL;
  g_autofree const char **ids = NULL;
  PostsAct act = POSTS_ACT_NONE;
  GError *error = NULL;
  gboolean done = FALSE;

  g_variant_get (parameter, "(&s^a&s)", &nick, &ids);
  if (find_act (nick, &act))
    done = posts_triage_do (self->desk, NULL, act, ids, &error);
  else
    g_set_error (&error, POSTS_ERROR, POSTS_ERROR_STATE, "\"%s\" cannot be done with posts", nick);
  _show_actions_finish (self, done, error);
  _show_session_remember (self);
}

static void
undo_triage_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  GError *error = NULL;
  const gboolean done = posts_triage_undo (self->desk, NULL, &error);

  _show_actions_finish (self, done, error);
  _show_session_remember (self);
}

static void
judge (ShowSession *self, PostsAct act, GVariant *parameter)
{
  GError *error = NULL;
  const gboolean done = posts_triage_judge_author (self->desk, NULL, act,
                                                   g_variant_get_string (parameter, NULL), &error);

  _show_actions_finish (self, done, error);
  _show_session_remember (self);
}

static void
block_author_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  judge (user_data, POSTS_ACT_BLOCK, parameter);
}

static void
trust_author_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  judge (user_data, POSTS_ACT_TRUST, parameter);
}

static void
forgive_author_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  judge (user_data, POSTS_ACT_FORGIVE, parameter);
}

static void
keep_author_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *id = NULL;
  gboolean always = FALSE;

  g_variant_get (parameter, "(&sb)", &id, &always);
  posts_desk_set_always (show_session_get_desk (user_data), id, always);
}

static void
erase_author_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  const guint n = posts_desk_erase_author (self->desk, g_variant_get_string (parameter, NULL));

  show_journal_add (self->journal, "post-off", NULL, "%u posts were deleted on request", n);
  _show_session_remember (self);
}

static void
hide_reason_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  g_autoptr (GFlagsClass) reasons = g_type_class_ref (POSTS_TYPE_REASON);
  const char *nick = g_variant_get_string (parameter, NULL);
  const GFlagsValue *reason = g_flags_get_value_by_nick (reasons, nick);
  GError *error = NULL;

  if (reason == NULL ||
      posts_triage_hide_reason (self->desk, NULL, (PostsReason) reason->value) == 0)
    g_set_error (&error, POSTS_ERROR, POSTS_ERROR_STATE, "No post is held back for \"%s\"", nick);
  _show_actions_finish (self, error == NULL, error);
}

static void
rotate_posts_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  ShowSession *self = user_data;

  show_rotation_set_enabled (self->rotation, g_variant_get_boolean (state));
}

static void
edit_posts_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  GError *error = NULL;
  const gboolean done =
    event_file_edit_posts (self->event, g_variant_get_string (parameter, NULL), &error);

  if (done) {
    _show_session_apply_rules (self);
    show_journal_add (self->journal, "edit", NULL, "the rules for posts were changed");
  }
  _show_actions_finish (self, done, error);
}

/* The state says what is; asking for another would only make it lie. */
static void
keep_state (GSimpleAction *action, GVariant *state, gpointer user_data)
{
}

static void
set_state (ShowSession *self, const char *name, GVariant *state)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), state);
}

static void
update_post (ShowSession *self)
{
  PostsItem *item = posts_desk_get_on_screen (self->desk);
  const char *id = item != NULL ? posts_post_get_id (posts_item_get_post (item)) : "";

  set_state (self, "show-post", g_variant_new_string (id));
}

static void
update_rotation (ShowSession *self)
{
  set_state (self, "rotate-posts",
             g_variant_new_boolean (show_rotation_get_enabled (self->rotation)));
}

static void
update_undo (ShowSession *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "undo-triage");

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                               posts_triage_get_undo (self->desk, NULL, NULL, NULL, NULL) !=
                                 POSTS_ACT_NONE);
}

void
_show_actions_add_posts (ShowSession *self)
{
  const GActionEntry entries[] = {
    { "approve-post", approve_post_activated, "s", NULL, NULL, { 0 } },
    { "refuse-post", refuse_post_activated, "s", NULL, NULL, { 0 } },
    { "show-post", show_post_activated, "s", "''", keep_state, { 0 } },
    { "hide-post", hide_post_activated, NULL, NULL, NULL, { 0 } },
    { "mark-question", mark_question_activated, "(sb)", NULL, NULL, { 0 } },
    { "triage-posts", triage_posts_activated, "(sas)", NULL, NULL, { 0 } },
    { "undo-triage", undo_triage_activated, NULL, NULL, NULL, { 0 } },
    { "block-author", block_author_activated, "s", NULL, NULL, { 0 } },
    { "trust-author", trust_author_activated, "s", NULL, NULL, { 0 } },
    { "forgive-author", forgive_author_activated, "s", NULL, NULL, { 0 } },
    { "keep-author", keep_author_activated, "(sb)", NULL, NULL, { 0 } },
    { "erase-author", erase_author_activated, "s", NULL, NULL, { 0 } },
    { "hide-reason", hide_reason_activated, "s", NULL, NULL, { 0 } },
    { "rotate-posts", NULL, NULL, "false", rotate_posts_changed, { 0 } },
    { "edit-posts", edit_posts_activated, "s", NULL, NULL, { 0 } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  g_signal_connect_object (self->desk, "notify::on-screen", G_CALLBACK (update_post), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->desk, "undo-changed", G_CALLBACK (update_undo), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rotation, "notify::enabled", G_CALLBACK (update_rotation), self,
                           G_CONNECT_SWAPPED);
  update_undo (self);
}

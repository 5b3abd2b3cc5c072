/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-keep.h"
#include "show-session-private.h"
#include "show-shot-private.h"
#include "show-snapshot.h"

/* The newest of them: what the live page and the screen need. */
#define MAX_APPROVED 500
#define MAX_HIDDEN   5000

/* How the state of an action becomes what it was. */
typedef enum {
  RESTORE_STATE,    /* it is set */
  RESTORE_ACTIVATE, /* it is the parameter */
  RESTORE_EACH,     /* it is a dictionary, and each entry is a parameter */
} Restore;

static const struct {
  const char *name;
  Restore restore;
} kept_actions[] = {
  { "mute", RESTORE_EACH },
  { "volume", RESTORE_EACH },
  { "solo", RESTORE_EACH },
  { "pan", RESTORE_EACH },
  { "sound-follows", RESTORE_EACH },
  { "headphones", RESTORE_ACTIVATE },
  { "headphones-volume", RESTORE_ACTIVATE },
  { "match-loudness", RESTORE_STATE },
  { "name-style", RESTORE_ACTIVATE },
  { "show-clock", RESTORE_STATE },
  { "show-live-mark", RESTORE_STATE },
  { "show-countdown", RESTORE_ACTIVATE },
  { "preview-before-taking", RESTORE_STATE },
  { "transition-ms", RESTORE_STATE },
  { "light-previews", RESTORE_STATE },
};

const char *
show_snapshot_get_string (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

gint64
show_snapshot_get_int (JsonObject *object, const char *name, gint64 otherwise)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node)
                                                                         : otherwise;
}

gboolean
show_snapshot_get_boolean (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}

JsonObject *
show_snapshot_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static void
add_shot (JsonObject *object, const char *name, ShowShot *shot)
{
  if (shot != NULL)
    json_object_set_string_member (object, name, show_shot_get_id (shot));
}

static JsonObject *
take_actions (ShowSession *self)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (kept_actions); i++) {
    g_autoptr (GVariant) state =
      g_action_group_get_action_state (G_ACTION_GROUP (self->actions), kept_actions[i].name);

    json_object_set_member (object, kept_actions[i].name, json_gvariant_serialize (state));
  }
  return object;
}

static JsonObject *
take_pages (ShowSession *self)
{
  GListModel *sources = G_LIST_MODEL (self->sources);
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < g_list_model_get_n_items (sources); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);

    if (engine_source_get_page (source) > 0)
      json_object_set_int_member (object, engine_source_get_id (source),
                                  engine_source_get_page (source));
  }
  return object;
}

static JsonObject *
take_talk (ShowSession *self)
{
  ShowTalk *talk = show_session_get_current_talk (self);
  JsonObject *object = json_object_new ();

  if (talk != NULL) {
    json_object_set_int_member (object, "index", self->talk);
    json_object_set_string_member (object, "title", show_talk_get_title (talk));
  }
  json_object_set_boolean_member (object, "shown", self->talk_shown);
  return object;
}

static JsonObject *
take_posts (ShowSession *self)
{
  GListModel *approved = posts_desk_get_list (self->desk, POSTS_STATE_APPROVED);
  GListModel *hidden = posts_desk_get_list (self->desk, POSTS_STATE_HIDDEN);
  PostsItem *on_screen = posts_desk_get_on_screen (self->desk);
  g_auto (GStrv) blocked = posts_desk_list_blocked_authors (self->desk);
  JsonObject *object = json_object_new ();
  JsonArray *posts = json_array_new (), *ids = json_array_new (), *authors = json_array_new ();

  for (guint i = 0; i < MIN (g_list_model_get_n_items (approved), MAX_APPROVED); i++) {
    g_autoptr (PostsItem) item = g_list_model_get_item (approved, i);

    json_array_add_element (posts, posts_keep_to_json (posts_item_get_post (item)));
  }
  for (guint i = 0; i < MIN (g_list_model_get_n_items (hidden), MAX_HIDDEN); i++) {
    g_autoptr (PostsItem) item = g_list_model_get_item (hidden, i);

    json_array_add_string_element (ids, posts_post_get_id (posts_item_get_post (item)));
  }
  for (guint i = 0; blocked[i] != NULL; i++)
    json_array_add_string_element (authors, blocked[i]);
  json_object_set_array_member (object, "approved", posts);
  json_object_set_array_member (object, "hidden", ids);
  json_object_set_array_member (object, "blocked", authors);
  if (on_screen != NULL)
    json_object_set_string_member (object, "on-screen",
                                   posts_post_get_id (posts_item_get_post (on_screen)));
  return object;
}

/**
 * show_snapshot_take:
 * @session: a session that is started
 *
 * Returns: (transfer full): how it is arranged, an object without secrets
 */
JsonNode *
show_snapshot_take (ShowSession *session)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  add_shot (object, "on-air", session->on_air);
  add_shot (object, "next", session->next);
  if (show_session_get_paused (session)) {
    json_object_set_boolean_member (object, "paused", TRUE);
    add_shot (object, "before-pause", session->before_pause);
  }
  json_object_set_object_member (object, "actions", take_actions (session));
  json_object_set_object_member (object, "pages", take_pages (session));
  json_object_set_object_member (object, "talk", take_talk (session));
  json_object_set_object_member (object, "posts", take_posts (session));
  return node;
}

/* Returns: (nullable): the shot that is called so in @state, if the event still has it */
static ShowShot *
find_shot (ShowSession *self, JsonObject *state, const char *name)
{
  const char *id = show_snapshot_get_string (state, name);

  return id != NULL && *id != '\0' ? _show_session_find_shot (self, id, NULL) : NULL;
}

static void
apply_shots (ShowSession *self, JsonObject *state)
{
  ShowShot *on_air = find_shot (self, state, "on-air");
  ShowShot *before = find_shot (self, state, "before-pause");
  ShowShot *next = find_shot (self, state, "next");

  if (before != NULL)
    _show_session_put_on_air (self, before, ENGINE_TRANSITION_CUT, 0);
  if (on_air != NULL)
    _show_session_put_on_air (self, on_air, ENGINE_TRANSITION_CUT, 0);
  if (show_snapshot_get_boolean (state, "paused"))
    _show_session_set_paused (self, TRUE, NULL); /* cannot fail: it can always pause */
  if (next != NULL)
    _show_session_put_next (self, next);
}

/* What is said of sources that have gone since is left out. */
static void
apply_each (ShowSession *self, const char *name, GVariant *state)
{
  GVariantIter iter;
  GVariant *entry = NULL;

  g_variant_iter_init (&iter, state);
  while ((entry = g_variant_iter_next_value (&iter)) != NULL) {
    GVariant *parts[] = { g_variant_get_child_value (entry, 0),
                          g_variant_get_child_value (entry, 1) };

    if (_show_session_find_source (self, g_variant_get_string (parts[0], NULL), NULL) != NULL)
      g_action_group_activate_action (G_ACTION_GROUP (self->actions), name,
                                      g_variant_new_tuple (parts, G_N_ELEMENTS (parts)));
    for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
      g_variant_unref (parts[i]);
    g_variant_unref (entry);
  }
}

static void
apply_action (ShowSession *self, const char *name, Restore restore, GVariant *state)
{
  GActionGroup *group = G_ACTION_GROUP (self->actions);
  g_autoptr (GVariant) current = g_action_group_get_action_state (group, name);

  if (g_variant_equal (current, state))
    return;
  switch (restore) {
  case RESTORE_STATE:
    g_action_group_change_action_state (group, name, state);
    break;
  case RESTORE_ACTIVATE:
    g_action_group_activate_action (group, name, state);
    break;
  case RESTORE_EACH:
    apply_each (self, name, state);
    break;
  }
}

static void
apply_actions (ShowSession *self, JsonObject *actions)
{
  for (guint i = 0; i < G_N_ELEMENTS (kept_actions); i++) {
    const char *name = kept_actions[i].name;
    JsonNode *node = json_object_get_member (actions, name);
    const GVariantType *type =
      g_action_group_get_action_state_type (G_ACTION_GROUP (self->actions), name);
    g_autofree char *signature = g_variant_type_dup_string (type);
    g_autoptr (GVariant) state = NULL;

    /* Of another type: it stays as the event has it. */
    if (node != NULL)
      state = json_gvariant_deserialize (node, signature, NULL);
    if (state != NULL)
      apply_action (self, name, kept_actions[i].restore, g_variant_ref_sink (state));
  }
}

/* The slides may not have been read yet: then they are turned when they are. */
static void
apply_page (EngineSource *source, GParamSpec *pspec, gpointer user_data)
{
  const guint wanted = GPOINTER_TO_UINT (user_data), n_pages = engine_source_get_n_pages (source);
  const guint page = engine_source_get_page (source);

  if (n_pages == 0 || page == 0)
    return;
  g_signal_handlers_disconnect_by_func (source, apply_page, user_data);
  engine_source_turn (source, (int) MIN (wanted, n_pages) - (int) page);
}

static void
apply_pages (ShowSession *self, JsonObject *pages)
{
  GListModel *sources = G_LIST_MODEL (self->sources);

  for (guint i = 0; i < g_list_model_get_n_items (sources); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);
    const gint64 page = show_snapshot_get_int (pages, engine_source_get_id (source), 0);

    if (page <= 0 || page > G_MAXINT)
      continue;
    g_signal_connect (source, "notify::n-pages", G_CALLBACK (apply_page),
                      GUINT_TO_POINTER ((guint) page));
    g_signal_connect (source, "notify::page", G_CALLBACK (apply_page),
                      GUINT_TO_POINTER ((guint) page));
    apply_page (source, NULL, GUINT_TO_POINTER ((guint) page));
  }
}

/* The schedule may have been edited meanwhile: the title counts, then the place. */
static void
apply_talk (ShowSession *self, JsonObject *talk)
{
  const char *title = show_snapshot_get_string (talk, "title");
  const gint64 index = show_snapshot_get_int (talk, "index", -1);
  const guint n_talks = g_list_model_get_n_items (G_LIST_MODEL (self->talks));
  gint64 found = -1;

  for (guint i = 0; i < n_talks; i++) {
    g_autoptr (ShowTalk) other = g_list_model_get_item (G_LIST_MODEL (self->talks), i);

    if (g_strcmp0 (title, show_talk_get_title (other)) == 0 && (found < 0 || (gint64) i == index))
      found = i;
  }
  if (found < 0)
    return;
  if ((guint) found != self->talk)
    _show_session_set_talk (self, (guint) found);
  if (show_snapshot_get_boolean (talk, "shown"))
    _show_session_show_talk (self, (int) found, NULL); /* cannot fail: it is there */
}

static void
apply_posts (ShowSession *self, JsonObject *posts)
{
  JsonArray *approved = get_array (posts, "approved");
  JsonArray *hidden = get_array (posts, "hidden");
  JsonArray *blocked = get_array (posts, "blocked");
  const char *on_screen = show_snapshot_get_string (posts, "on-screen");

  for (guint i = 0; blocked != NULL && i < json_array_get_length (blocked); i++) {
    JsonNode *node = json_array_get_element (blocked, i);

    if (json_node_get_value_type (node) == G_TYPE_STRING)
      posts_desk_block_author (self->desk, json_node_get_string (node));
  }
  for (guint i = 0; hidden != NULL && i < json_array_get_length (hidden); i++) {
    JsonNode *node = json_array_get_element (hidden, i);

    if (json_node_get_value_type (node) == G_TYPE_STRING)
      posts_desk_hide_early (self->desk, json_node_get_string (node));
  }
  /* The newest is first there, and has to come in last. */
  for (guint i = approved != NULL ? json_array_get_length (approved) : 0; i > 0; i--) {
    g_autoptr (PostsPost) post = posts_keep_from_json (json_array_get_element (approved, i - 1));

    if (post == NULL)
      continue;
    posts_desk_add (self->desk, post);
    posts_desk_approve (self->desk, posts_post_get_id (post), NULL); /* or it is approved already */
  }
  if (on_screen != NULL && posts_desk_find (self->desk, on_screen) != NULL)
    posts_desk_show (self->desk, on_screen, NULL); /* what was hidden meanwhile stays off */
}

/**
 * show_snapshot_apply:
 * @session: a session that is started
 * @state: what show_snapshot_take () gave, or anything else
 *
 * Arranges the session as it was. What it does not have any more, or cannot be understood, is left out.
 */
void
show_snapshot_apply (ShowSession *session, JsonObject *state)
{
  JsonObject *actions = show_snapshot_get_object (state, "actions");
  JsonObject *pages = show_snapshot_get_object (state, "pages");
  JsonObject *talk = show_snapshot_get_object (state, "talk");
  JsonObject *posts = show_snapshot_get_object (state, "posts");

  if (actions != NULL)
    apply_actions (session, actions);
  if (pages != NULL)
    apply_pages (session, pages);
  apply_shots (session, state);
  if (talk != NULL)
    apply_talk (session, talk);
  if (posts != NULL)
    apply_posts (session, posts);
}

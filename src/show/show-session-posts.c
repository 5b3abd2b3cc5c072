/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-desk-store.h"
#include "posts-feed.h"
#include "posts-store-folder.h"
#include "show-actions-private.h"

/* Where posts come from, with their accounts, and what becomes of those that people see. */

#define WATCH_AFTER_MS 1000
#define MAX_WATCHED    100

#define SECRET_ID      "show-secret-id"
#define SECRET_URL     "show-secret-url"

/* A network whose token is looked up. */
typedef struct {
  GWeakRef session;
  PostsNetwork *network;
} Start;

static void
start_free (Start *start)
{
  g_weak_ref_clear (&start->session);
  g_object_unref (start->network);
  g_free (start);
}

/**
 * show_session_posts_set_secret:
 * @network: a network
 * @id: what its token is kept under
 * @url: the only address that the token may go to
 */
void
_show_session_set_posts_secret (PostsNetwork *network, const char *id, const char *url)
{
  g_object_set_data_full (G_OBJECT (network), SECRET_ID, g_strdup (id), g_free);
  g_object_set_data_full (G_OBJECT (network), SECRET_URL, g_strdup (url), g_free);
}

/* Without its token a network says by itself what it cannot do. */
static void
token_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Start *start = user_data;
  g_autoptr (ShowSession) self = g_weak_ref_get (&start->session);
  g_autoptr (GError) error = NULL;
  char *token = show_secrets_look_up_finish (SHOW_SECRETS (object), result, &error);

  if (error != NULL)
    g_message ("%s", error->message);
  if (self != NULL && self->running) {
    posts_network_set_token (start->network, token);
    posts_network_start (start->network);
  }
  g_free (token);
  start_free (start);
}

/* Posts of a replay come again by themselves; those from the networks must not be lost. */
static void
open_store (ShowSession *self)
{
  const char *event_path = event_file_get_path (self->event);
  g_autofree char *hash =
    event_path != NULL ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, event_path, -1) : NULL;
  g_autofree char *name = g_strconcat (hash, ".sqlite", NULL);
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), "regie", "posts", name, NULL);

  for (guint i = 0; hash != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->networks));
       i++) {
    g_autoptr (PostsNetwork) network = g_list_model_get_item (G_LIST_MODEL (self->networks), i);

    if (POSTS_IS_FEED (network)) {
      posts_desk_open_store (self->desk, path);
      return;
    }
  }
}

/* What people wrote at events that are over goes, whichever event is opened; who is blocked or trusted
 * for longer is known before the first post comes in. */
static void
open_folders (ShowSession *self)
{
  g_autofree char *folder = g_build_filename (g_get_user_state_dir (), "regie", "posts", NULL);
  g_autofree char *authors =
    g_build_filename (g_get_user_data_dir (), "regie", "authors.json", NULL);

  posts_store_purge_folder_async (folder, NULL, NULL);
  posts_desk_open_authors (self->desk, authors);
}

void
_show_session_start_posts (ShowSession *self)
{
  open_folders (self);
  open_store (self);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->networks)); i++) {
    g_autoptr (PostsNetwork) network = g_list_model_get_item (G_LIST_MODEL (self->networks), i);
    const char *id = g_object_get_data (G_OBJECT (network), SECRET_ID);
    Start *start = NULL;

    if (id == NULL) {
      posts_network_start (network);
      continue;
    }
    start = g_new0 (Start, 1);
    g_weak_ref_init (&start->session, self);
    start->network = g_object_ref (network);
    show_secrets_look_up_async (show_air_get_secrets (self->air), id,
                                g_object_get_data (G_OBJECT (network), SECRET_URL), NULL, token_cb,
                                start);
  }
}

void
_show_session_stop_posts (ShowSession *self)
{
  g_clear_handle_id (&self->watch_id, g_source_remove);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->networks)); i++) {
    g_autoptr (PostsNetwork) network = g_list_model_get_item (G_LIST_MODEL (self->networks), i);

    posts_network_stop (network);
  }
  posts_desk_close_store (self->desk);
}

/* The nicks of both rooms are the same. */
static PostsReason
to_reasons (const char *const *names)
{
  g_autoptr (GFlagsClass) known = g_type_class_ref (POSTS_TYPE_REASON);
  PostsReason reasons = POSTS_REASON_NONE;

  for (gsize i = 0; names != NULL && names[i] != NULL; i++) {
    const GFlagsValue *reason = g_flags_get_value_by_nick (known, names[i]);

    if (reason != NULL)
      reasons |= (PostsReason) reason->value;
  }
  return reasons;
}

/**
 * _show_session_apply_rules:
 * @self: a session
 *
 * From now on posts are held back for what the event says.
 */
void
_show_session_apply_rules (ShowSession *self)
{
  const EventPosts *posts = event_file_get_posts (self->event);
  PostsRules *rules = posts_desk_get_rules (self->desk);
  const char *const *languages = (const char *const *) posts->rules.languages;

  posts_rules_set_allowed_hosts (rules, (const char *const *) posts->allowed_hosts);
  posts_rules_switch_off (rules, to_reasons ((const char *const *) posts->rules.off));
  posts_rules_set_languages (rules, languages != NULL && languages[0] != NULL ? languages : NULL);
  posts_rules_set_words (rules, POSTS_WORDS_HIDDEN,
                         (const char *const *) posts->rules.hidden_words);
  posts_rules_set_words (rules, POSTS_WORDS_HELD, (const char *const *) posts->rules.held_words);
  posts_rules_set_words (rules, POSTS_WORDS_ALLOWED,
                         (const char *const *) posts->rules.allowed_words);
  posts_desk_set_trusting (self->desk, posts->approval == EVENT_APPROVAL_TRUSTED);
  show_rotation_set_times_ms (self->rotation, (guint) posts->rotation_s * 1000,
                              (guint) event_file_get_graphics (self->event)->post_s * 1000);
}

static gboolean
watch_cb (gpointer user_data)
{
  ShowSession *self = user_data;
  GListModel *approved = posts_desk_get_list (self->desk, POSTS_STATE_APPROVED);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;

  self->watch_id = 0;
  for (guint i = 0; i < MIN (g_list_model_get_n_items (approved), MAX_WATCHED); i++) {
    g_autoptr (PostsItem) item = g_list_model_get_item (approved, i);

    g_strv_builder_add (builder, posts_post_get_id (posts_item_get_post (item)));
  }
  ids = g_strv_builder_end (builder);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->networks)); i++) {
    g_autoptr (PostsNetwork) network = g_list_model_get_item (G_LIST_MODEL (self->networks), i);

    posts_network_watch (network, (const char *const *) ids);
  }
  return G_SOURCE_REMOVE;
}

static void
approved_cb (ShowSession *self)
{
  if (self->watch_id == 0 && self->running)
    self->watch_id = g_timeout_add (WATCH_AFTER_MS, watch_cb, self);
}

static void
panic_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  ShowSession *self = user_data;

  posts_desk_set_panic (self->desk, g_variant_get_boolean (state));
}

static void
panic_cb (ShowSession *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "panic");
  const gboolean panic = posts_desk_get_panic (self->desk);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (panic));
  show_journal_add (self->journal, "post", NULL, "%s",
                    panic ? "everything that strangers wrote is off the screen and the page"
                          : "posts may be shown again");
}

/**
 * _show_session_follow_posts:
 * @self: a session that is built
 *
 * What its networks hear comes to the desk; what people see there is watched.
 */
void
_show_session_follow_posts (ShowSession *self)
{
  const GActionEntry entries[] = {
    { "panic", NULL, NULL, "false", panic_changed, { 0 } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  g_signal_connect_object (self->desk, "failed", G_CALLBACK (_show_session_tell_failure), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->desk, "notify::panic", G_CALLBACK (panic_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (posts_desk_get_list (self->desk, POSTS_STATE_APPROVED), "items-changed",
                           G_CALLBACK (approved_cb), self, G_CONNECT_SWAPPED);
  _show_session_prepare_photos (self);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->networks)); i++) {
    g_autoptr (PostsNetwork) network = g_list_model_get_item (G_LIST_MODEL (self->networks), i);

    g_signal_connect_object (network, "post", G_CALLBACK (posts_desk_add), self->desk,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (network, "taken-down", G_CALLBACK (posts_desk_take_down), self->desk,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (network, "author-gone", G_CALLBACK (posts_desk_take_down_author),
                             self->desk, G_CONNECT_SWAPPED);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>

#include "livepage-state.h"

#define MAX_POSTS 30

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value != NULL ? value : "");
}

static void
add_post (JsonBuilder *builder, PostsItem *item)
{
  PostsPost *post = posts_item_get_post (item);
  g_autoptr (GDateTime) created = g_date_time_to_utc (posts_post_get_created (post));
  g_autofree char *created_text = g_date_time_format (created, "%Y-%m-%dT%H:%M:%SZ");

  json_builder_begin_object (builder);
  add_string (builder, "id", posts_post_get_id (post));
  add_string (builder, "name", posts_post_get_author_name (post));
  add_string (builder, "handle", posts_post_get_author_handle (post));
  add_string (builder, "network", posts_network_kind_get_label (posts_post_get_network (post)));
  add_string (builder, "text", posts_post_get_text (post));
  add_string (builder, "created", created_text);
  json_builder_set_member_name (builder, "on_screen");
  json_builder_add_boolean_value (builder, posts_item_get_state (item) == POSTS_STATE_ON_SCREEN);
  json_builder_end_object (builder);
}

static void
add_posts (JsonBuilder *builder, PostsDesk *desk)
{
  json_builder_set_member_name (builder, "posts");
  json_builder_begin_array (builder);
  if (desk != NULL && !posts_desk_get_panic (desk)) {
    GListModel *approved = posts_desk_get_list (desk, POSTS_STATE_APPROVED);
    PostsItem *on_screen = posts_desk_get_on_screen (desk);
    gboolean has_on_screen = FALSE;

    for (guint i = 0; i < MIN (g_list_model_get_n_items (approved), MAX_POSTS); i++) {
      g_autoptr (PostsItem) item = g_list_model_get_item (approved, i);

      has_on_screen |= item == on_screen;
      add_post (builder, item);
    }
    /* However old it is: people see it on screen. */
    if (on_screen != NULL && !has_on_screen)
      add_post (builder, on_screen);
  }
  json_builder_end_array (builder);
}

/**
 * livepage_state_to_json:
 * @facts: what the page shows
 *
 * Main thread only.
 *
 * Returns: (transfer full): the facts as the page reads them. Only posts a human approved
 */
char *
livepage_state_to_json (const LivepageFacts *facts)
{
  static const char *const statuses[] = { "waiting", "live", "ended" };
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "live");
  json_builder_add_boolean_value (builder, facts->status == LIVEPAGE_STATUS_LIVE);
  add_string (builder, "status", statuses[facts->status]);
  add_string (builder, "title", facts->title);
  add_string (builder, "language", facts->language);
  json_builder_set_member_name (builder, "talk");
  if (facts->talk_title != NULL) {
    json_builder_begin_object (builder);
    add_string (builder, "title", facts->talk_title);
    add_string (builder, "speakers", facts->speakers);
    json_builder_end_object (builder);
  } else {
    json_builder_add_null_value (builder);
  }
  add_posts (builder, facts->desk);
  json_builder_end_object (builder);

  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

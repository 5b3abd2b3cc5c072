/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "control-status-posts.h"
#include "posts-network.h"
#include "posts-triage.h"

/* What the status line says of posts and of where they come from. */

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/* Below zero it is not known. */
static void
add_seconds (JsonBuilder *builder, const char *name, gint64 value_ms)
{
  json_builder_set_member_name (builder, name);
  if (value_ms >= 0)
    json_builder_add_double_value (builder, (double) (value_ms / 100) / 10.0);
  else
    json_builder_add_null_value (builder);
}

static const char *
get_nick (GType type, int value)
{
  g_autoptr (GEnumClass) enums = g_type_class_ref (type);
  const GEnumValue *found = g_enum_get_value (enums, value);

  return found != NULL ? found->value_nick : NULL; /* static */
}

static void
add_network (JsonBuilder *builder, PostsNetwork *network)
{
  g_autofree char *title = posts_network_get_title (network);
  g_autoptr (GError) error = posts_network_get_error (network);
  PostsNetworkStats stats = { 0 };

  posts_network_get_stats (network, &stats);
  json_builder_begin_object (builder);
  add_string (builder, "title", title);
  add_string (builder, "state",
              get_nick (POSTS_TYPE_NETWORK_STATE, (int) posts_network_get_state (network)));
  add_string (builder, "way", stats.way);
  add_string (builder, "error-code",
              error != NULL && error->domain == POSTS_ERROR
                ? get_nick (POSTS_TYPE_ERROR, error->code)
                : NULL);
  add_string (builder, "error", error != NULL ? error->message : NULL);
  add_int (builder, "posts", (gint64) stats.n_posts);
  add_int (builder, "per-minute", stats.per_minute);
  add_int (builder, "malformed", stats.n_malformed);
  add_int (builder, "dropped", stats.n_dropped);
  add_seconds (builder, "silent-s", stats.silent_ms);
  add_seconds (builder, "retry-in-s", stats.wait_ms);
  json_builder_set_member_name (builder, "cost-usd");
  if (stats.cost_usd >= 0)
    json_builder_add_double_value (builder, stats.cost_usd);
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
}

static void
add_undo (JsonBuilder *builder, PostsDesk *desk)
{
  const PostsAct act = posts_triage_get_undo (desk, NULL, NULL, NULL, NULL);

  add_string (builder, "undo", act != POSTS_ACT_NONE ? get_nick (POSTS_TYPE_ACT, (int) act) : NULL);
}

void
control_status_add_posts (JsonBuilder *builder, ShowSession *session)
{
  PostsDesk *desk = show_session_get_desk (session);
  PostsItem *on_screen = posts_desk_get_on_screen (desk);
  GListModel *networks = show_session_get_networks (session);

  json_builder_set_member_name (builder, "posts");
  json_builder_begin_object (builder);
  add_int (builder, "incoming", posts_desk_get_count (desk, POSTS_STATE_INCOMING));
  add_int (builder, "held", posts_desk_get_count (desk, POSTS_STATE_HELD));
  add_int (builder, "approved", posts_desk_get_count (desk, POSTS_STATE_APPROVED));
  add_int (builder, "hidden", posts_desk_get_count (desk, POSTS_STATE_HIDDEN));
  add_string (builder, "on-screen",
              on_screen != NULL ? posts_post_get_id (posts_item_get_post (on_screen)) : NULL);
  json_builder_set_member_name (builder, "panic");
  json_builder_add_boolean_value (builder, posts_desk_get_panic (desk));
  add_int (builder, "questions", g_list_model_get_n_items (posts_desk_get_questions (desk)));
  add_undo (builder, desk);
  json_builder_set_member_name (builder, "networks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (networks); i++) {
    g_autoptr (PostsNetwork) network = g_list_model_get_item (networks, i);

    add_network (builder, network);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

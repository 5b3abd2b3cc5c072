/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixinputstream.h>
#include <json-glib/json-glib.h>
#include <stdio.h>

#include "posts-bluesky.h"
#include "posts-mastodon.h"
#include "posts-owncast.h"
#include "posts-twitch.h"
#include "posts-x.h"
#include "posts-youtube.h"

/* Listens to one network and says what it hears, one JSON object a line, for test-posts-networks.py. It
 * is told what to do on its standard input: "stats", "watch ID…", "test TOKEN", "stop",
 * "start"; it ends with it. */

static char *server;
static char *profiles;
static char *token;
static char *room;
static char **tags;
static double pace = 1;
static double max_cost = 5;

static const GOptionEntry entries[] = {
  { "server", 0, 0, G_OPTION_ARG_STRING, &server, "Address of the server or stream", "URL" },
  { "profiles", 0, 0, G_OPTION_ARG_STRING, &profiles, "Address of the profiles", "URL" },
  { "token", 0, 0, G_OPTION_ARG_STRING, &token, "Token of the account", "TOKEN" },
  { "room", 0, 0, G_OPTION_ARG_STRING, &room, "A video or channel with a chat", "NAME" },
  { "tag", 0, 0, G_OPTION_ARG_STRING_ARRAY, &tags, "A tag", "TAG" },
  { "pace", 0, 0, G_OPTION_ARG_DOUBLE, &pace, "How much faster waits pass", "FACTOR" },
  { "max-cost", 0, 0, G_OPTION_ARG_DOUBLE, &max_cost, "What may be spent", "USD" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static JsonBuilder *
begin (const char *event)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, event);
  return builder;
}

static void
add (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_number (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

static void
end (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  puts (text);
  fflush (stdout);
  g_object_unref (builder);
}

static void
post_cb (PostsNetwork *network, PostsPost *post)
{
  JsonBuilder *builder = begin ("post");

  add (builder, "id", posts_post_get_id (post));
  add (builder, "text", posts_post_get_text (post));
  add (builder, "name", posts_post_get_author_name (post));
  add (builder, "handle", posts_post_get_author_handle (post));
  add_number (builder, "traits", posts_post_get_traits (post));
  add_number (builder, "followers", (double) posts_post_get_n_followers (post));
  end (builder);
}

static void
gone_cb (PostsNetwork *network, const char *id)
{
  JsonBuilder *builder = begin ("gone");

  add (builder, "id", id);
  end (builder);
}

static void
author_gone_cb (PostsNetwork *network, const char *id)
{
  JsonBuilder *builder = begin ("author-gone");

  add (builder, "id", id);
  end (builder);
}

static void
tell (PostsNetwork *network, const char *event)
{
  g_autoptr (GError) error = posts_network_get_error (network);
  g_autofree char *state =
    g_enum_to_string (POSTS_TYPE_NETWORK_STATE, (int) posts_network_get_state (network));
  JsonBuilder *builder = begin (event);
  PostsNetworkStats stats = { 0 };

  posts_network_get_stats (network, &stats);
  add (builder, "state", state + strlen ("POSTS_NETWORK_STATE_"));
  add (builder, "error", error != NULL ? error->message : NULL);
  add_number (builder, "code", error != NULL ? error->code : -1);
  add (builder, "way", stats.way);
  add_number (builder, "posts", (double) stats.n_posts);
  add_number (builder, "per-minute", stats.per_minute);
  add_number (builder, "malformed", stats.n_malformed);
  add_number (builder, "dropped", stats.n_dropped);
  add_number (builder, "silent-ms", (double) stats.silent_ms);
  add_number (builder, "wait-ms", (double) stats.wait_ms);
  add_number (builder, "cost", stats.cost_usd);
  end (builder);
}

static void
state_cb (PostsNetwork *network)
{
  tell (network, "state");
}

static void
tested_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  const gboolean works = posts_network_test_account_finish (POSTS_NETWORK (object), result, &error);
  const PostsAccount *account = posts_network_get_account (POSTS_NETWORK (object));
  JsonBuilder *builder = begin ("account");

  add (builder, "id", account != NULL ? account->secret_id : NULL);
  add (builder, "url", account != NULL ? account->url : NULL);
  add_number (builder, "needed", account != NULL && account->is_needed);
  add_number (builder, "works", works);
  add_number (builder, "code", error != NULL && error->domain == POSTS_ERROR ? error->code : -1);
  add (builder, "error", error != NULL ? error->message : NULL);
  end (builder);
}

static void read_command (GDataInputStream *input, PostsNetwork *network);

static GMainLoop *loop;

static void
command_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  PostsNetwork *network = user_data;
  g_autofree char *line =
    g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (object), result, NULL, NULL);

  if (line == NULL) {
    g_main_loop_quit (loop);
    return;
  }
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  if (g_strcmp0 (words[0], "stats") == 0)
    tell (network, "stats");
  else if (g_strcmp0 (words[0], "watch") == 0)
    posts_network_watch (network, (const char *const *) words + 1);
  else if (g_strcmp0 (words[0], "test") == 0)
    posts_network_test_account_async (network, words[1], NULL, tested_cb, NULL);
  else if (g_strcmp0 (words[0], "stop") == 0)
    posts_network_stop (network);
  else if (g_strcmp0 (words[0], "start") == 0)
    posts_network_start (network);
  read_command (G_DATA_INPUT_STREAM (object), network);
}

static void
read_command (GDataInputStream *input, PostsNetwork *network)
{
  g_data_input_stream_read_line_async (input, G_PRIORITY_DEFAULT, NULL, command_cb, network);
}

static PostsNetwork *
make_network (const char *kind)
{
  const char *const *all = (const char *const *) tags;

  if (g_str_equal (kind, "mastodon"))
    return POSTS_NETWORK (posts_mastodon_new (server, all));
  if (g_str_equal (kind, "bluesky"))
    return POSTS_NETWORK (posts_bluesky_new (server, profiles, all));
  if (g_str_equal (kind, "youtube"))
    return POSTS_NETWORK (posts_youtube_new (server, room));
  if (g_str_equal (kind, "twitch"))
    return POSTS_NETWORK (posts_twitch_new (server, room));
  if (g_str_equal (kind, "owncast"))
    return POSTS_NETWORK (posts_owncast_new (server));
  return POSTS_NETWORK (posts_x_new (server, all, max_cost));
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) options = g_option_context_new ("KIND");
  g_autoptr (GInputStream) standard_input = g_unix_input_stream_new (0, FALSE);
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (standard_input);
  g_autoptr (GError) error = NULL;
  PostsNetwork *network = NULL;

  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error) || argc != 2 || tags == NULL) {
    g_printerr ("%s\n", error != NULL ? error->message : "KIND and --tag are missing");
    return 2;
  }
  network = make_network (argv[1]);
  posts_feed_set_pace (POSTS_FEED (network), pace);
  posts_network_set_token (network, token);
  g_signal_connect (network, "post", G_CALLBACK (post_cb), NULL);
  g_signal_connect (network, "taken-down", G_CALLBACK (gone_cb), NULL);
  g_signal_connect (network, "author-gone", G_CALLBACK (author_gone_cb), NULL);
  g_signal_connect (network, "notify::state", G_CALLBACK (state_cb), NULL);
  loop = g_main_loop_new (NULL, FALSE);
  read_command (input, network);
  posts_network_start (network);
  g_main_loop_run (loop);
  posts_network_stop (network);
  g_object_unref (network);
  /* What was cancelled ends in its own time. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_main_loop_unref (loop);
  return 0;
}

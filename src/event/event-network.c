/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "event-list.h"
#include "event-network.h"

#define DEFAULT_SPEED    1
#define DEFAULT_MASTODON "https://mastodon.social"
#define DEFAULT_X        "https://api.x.com"
#define DEFAULT_PROFILES "https://public.api.bsky.app"
#define DEFAULT_YOUTUBE  "https://youtube.googleapis.com"
#define DEFAULT_TWITCH   "wss://irc-ws.chat.twitch.tv"
#define DEFAULT_MAX_COST 5
#define MAX_COST         1000
#define MAX_NAME_CHARS   64

/* In the order of their enums. */
static const char *const kinds[] = { "replay",  "mastodon", "bluesky", "x",
                                     "youtube", "twitch",   "owncast", NULL };

/* Encrypted, but for what stands in for it on this computer: a token goes there. */
static void
check_server (EventReader *reader, const char *key, const char *address, const char *scheme)
{
  g_autoptr (GUri) uri = address != NULL ? g_uri_parse (address, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autofree char *plain = g_strdup (scheme);

  if (address == NULL)
    return;
  plain[strlen (plain) - 1] = '\0';
  if (host != NULL && *host != '\0' && g_uri_get_userinfo (uri) == NULL &&
      g_uri_get_query (uri) == NULL && g_uri_get_fragment (uri) == NULL &&
      (g_str_equal (g_uri_get_scheme (uri), scheme) ||
       (g_str_equal (g_uri_get_scheme (uri), plain) &&
        (g_str_equal (host, "127.0.0.1") || g_str_equal (host, "localhost") ||
         g_str_equal (host, "::1")))))
    return;
  event_reader_fail (reader, key, "is “%.80s”, expected an address such as %s://social.example.org",
                     address, scheme);
}

static void
read_key (EventReader *reader, JsonObject *object, EventNetwork *self)
{
  JsonNode *key = json_object_get_member (object, "key");

  self->has_key = key != NULL;
  /* What stands here may be the secret itself: it is not quoted. */
  if (key != NULL && (!JSON_NODE_HOLDS_VALUE (key) || json_node_get_string (key) == NULL ||
                      !g_str_equal (json_node_get_string (key), "keyring")))
    event_reader_fail (reader, "key",
                       "is something else, expected \"keyring\": keys stay in the keyring, never "
                       "in this file");
}

/* A part of an address that people copy: the whole address is a likely mistake. */
static char *
read_name (EventReader *reader, JsonObject *object, const char *key, const char *example)
{
  char *name = event_reader_string (reader, object, key, EVENT_MAX_PATH_CHARS, NULL);

  if (name == NULL)
    return NULL;
  for (const char *p = name; *p != '\0'; p++)
    if ((!g_ascii_isalnum (*p) && *p != '_' && *p != '-') || p - name >= MAX_NAME_CHARS) {
      event_reader_fail (reader, key, "is “%.80s”, expected only its last part, such as %s", name,
                         example);
      break;
    }
  return name;
}

static void
read_chat (EventReader *reader, JsonObject *object, EventNetwork *self)
{
  const gboolean is_twitch = self->kind == EVENT_NETWORK_TWITCH;
  const char *otherwise = NULL;

  if (self->kind == EVENT_NETWORK_YOUTUBE) {
    self->video = read_name (reader, object, "video", "dQw4w9WgXcQ");
    self->has_key = TRUE;
    otherwise = DEFAULT_YOUTUBE;
  } else if (is_twitch) {
    self->channel = read_name (reader, object, "channel", "asso_example");
    otherwise = DEFAULT_TWITCH;
  }
  self->server = event_reader_string (reader, object, "server", EVENT_MAX_PATH_CHARS, otherwise);
  check_server (reader, "server", self->server, is_twitch ? "wss" : "https");
}

/**
 * event_network_read:
 *
 * Returns: (transfer full): where posts come from
 */
gpointer
event_network_read (EventReader *reader, JsonObject *object, gpointer user_data)
{
  EventNetwork *self = g_new0 (EventNetwork, 1);

  self->kind = (EventNetworkKind) event_reader_choice (reader, object, "kind", kinds, -1);
  self->speed = DEFAULT_SPEED;
  switch (self->kind) {
  case EVENT_NETWORK_REPLAY:
    self->file = event_reader_string (reader, object, "file", EVENT_MAX_PATH_CHARS, NULL);
    self->speed = event_reader_double (reader, object, "speed", 0.1, 1000, DEFAULT_SPEED);
    break;
  case EVENT_NETWORK_MASTODON:
    self->server =
      event_reader_string (reader, object, "server", EVENT_MAX_PATH_CHARS, DEFAULT_MASTODON);
    check_server (reader, "server", self->server, "https");
    read_key (reader, object, self);
    break;
  case EVENT_NETWORK_BLUESKY:
    self->server = event_reader_optional_string (reader, object, "stream", EVENT_MAX_PATH_CHARS);
    check_server (reader, "stream", self->server, "wss");
    self->profiles =
      event_reader_string (reader, object, "profiles", EVENT_MAX_PATH_CHARS, DEFAULT_PROFILES);
    check_server (reader, "profiles", self->profiles, "https");
    break;
  case EVENT_NETWORK_X:
    self->server = event_reader_string (reader, object, "server", EVENT_MAX_PATH_CHARS, DEFAULT_X);
    check_server (reader, "server", self->server, "https");
    self->has_key = TRUE;
    self->max_cost_usd =
      event_reader_double (reader, object, "max-cost", 0, MAX_COST, DEFAULT_MAX_COST);
    break;
  case EVENT_NETWORK_YOUTUBE:
  case EVENT_NETWORK_TWITCH:
  case EVENT_NETWORK_OWNCAST:
    read_chat (reader, object, self);
    break;
  }
  return self;
}

void
event_network_free (EventNetwork *self)
{
  g_free (self->file);
  g_free (self->server);
  g_free (self->profiles);
  g_free (self->video);
  g_free (self->channel);
  g_free (self);
}

/* Whether it follows the event's tags, and so cannot be without any. */
gboolean
event_network_needs_tags (const EventNetwork *self)
{
  switch (self->kind) {
  case EVENT_NETWORK_MASTODON:
  case EVENT_NETWORK_BLUESKY:
  case EVENT_NETWORK_X:
    return TRUE;
  case EVENT_NETWORK_REPLAY:
  case EVENT_NETWORK_YOUTUBE:
  case EVENT_NETWORK_TWITCH:
  case EVENT_NETWORK_OWNCAST:
    break;
  }
  return FALSE;
}

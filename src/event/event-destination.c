/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "event-address.h"
#include "event-list.h"

#define MAX_SERVICE_CHARS  40
#define MIN_LATENCY_MS     20
#define MAX_LATENCY_MS     8000
#define DEFAULT_LATENCY_MS 200 /* four round trips of 50 ms: what SRT may take to repair losses */

/* In the order of their enums. */
static const char *const kinds[] = { "rtmp", "srt", "whip", "hls", NULL };
static const char *const key_kinds[] = { "stream-key", "passphrase", "password", NULL };
static const char *const segments[] = { "fmp4", "ts", NULL };

static const char *const rtmp_schemes[] = { "rtmp", "rtmps", NULL };
static const char *const srt_schemes[] = { "srt", NULL };
static const char *const http_schemes[] = { "http", "https", NULL };
static const char *const known_schemes[] = { "rtmp", "rtmps", "srt", NULL };
static const char *const watch_schemes[] = { "http", "https", "rtmp", "rtmps", "srt", NULL };

void
event_destination_free (EventDestination *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self->service);
  g_free (self->url);
  g_free (self->backup_url);
  g_free (self->watch);
  g_free (self);
}

static const char *const *
get_schemes (EventDestinationKind kind)
{
  switch (kind) {
  case EVENT_DESTINATION_RTMP:
    return rtmp_schemes;
  case EVENT_DESTINATION_SRT:
    return srt_schemes;
  case EVENT_DESTINATION_WHIP:
  case EVENT_DESTINATION_HLS:
    return http_schemes;
  }
  g_return_val_if_reached (NULL);
}

static gboolean
begins_with (const char *url, const char *const *schemes)
{
  g_autofree char *scheme = g_uri_parse_scheme (url);

  return scheme != NULL && g_strv_contains (schemes, scheme);
}

/* What the address says of itself; −1 with an error where it does not. */
static int
derive_kind (EventReader *reader, const char *url)
{
  if (url == NULL)
    return -1;
  if (begins_with (url, rtmp_schemes))
    return EVENT_DESTINATION_RTMP;
  if (begins_with (url, srt_schemes))
    return EVENT_DESTINATION_SRT;
  if (!event_address_is_uri (url))
    return EVENT_DESTINATION_HLS;
  if (begins_with (url, http_schemes))
    event_reader_fail (
      reader, "url",
      "begins with “http”, expected one of rtmp://, rtmps://, srt://, or \"kind\": "
      "\"whip\" or \"kind\": \"hls\" beside it");
  else
    event_address_check_destination (reader, "url", url, known_schemes);
  return -1;
}

static void
read_addresses (EventReader *reader, JsonObject *object, EventDestination *self)
{
  const gboolean said = json_object_has_member (object, "kind");
  int kind = event_reader_choice (reader, object, "kind", kinds, EVENT_DESTINATION_RTMP);

  self->url = event_reader_string (reader, object, "url", EVENT_MAX_ADDRESS_CHARS, NULL);
  if (!said)
    kind = derive_kind (reader, self->url);
  if (kind < 0 || reader->error != NULL)
    return;
  self->kind = (EventDestinationKind) kind;
  if (self->kind != EVENT_DESTINATION_HLS || event_address_is_uri (self->url))
    event_address_check_destination (reader, "url", self->url, get_schemes (self->kind));
  self->backup_url =
    event_reader_optional_string (reader, object, "backup-url", EVENT_MAX_ADDRESS_CHARS);
  if (self->backup_url != NULL && self->kind != EVENT_DESTINATION_RTMP &&
      self->kind != EVENT_DESTINATION_SRT)
    event_reader_fail (reader, "backup-url", "is there, expected none: only RTMP and SRT have one");
  event_address_check_destination (reader, "backup-url", self->backup_url,
                                   get_schemes (self->kind));
  self->watch = event_reader_optional_string (reader, object, "watch", EVENT_MAX_ADDRESS_CHARS);
  event_address_check_destination (reader, "watch", self->watch, watch_schemes);
}

static void
read_key (EventReader *reader, JsonObject *object, EventDestination *self)
{
  JsonNode *key = json_object_get_member (object, "key");

  self->has_key = key != NULL;
  /* What stands here may be the secret itself: it is not quoted. */
  if (key != NULL && (!JSON_NODE_HOLDS_VALUE (key) || json_node_get_string (key) == NULL ||
                      !g_str_equal (json_node_get_string (key), "keyring")))
    event_reader_fail (reader, "key",
                       "is something else, expected \"keyring\": keys stay in the keyring, never "
                       "in this file; write \"keyring\" and enter the key in Régie");
  self->key_kind =
    (EventKeyKind) event_reader_choice (reader, object, "key-is", key_kinds, EVENT_KEY_STREAM_KEY);
  if (self->key_kind == EVENT_KEY_PASSPHRASE && self->kind != EVENT_DESTINATION_SRT)
    event_reader_fail (reader, "key-is", "is “passphrase”, expected it for SRT only");
  if (self->key_kind == EVENT_KEY_PASSWORD && self->kind != EVENT_DESTINATION_HLS)
    event_reader_fail (reader, "key-is", "is “password”, expected it for HLS only");
}

/**
 * event_destination_read:
 * @reader: a reader
 * @object: an entry of `destinations`
 * @list: an EventList
 *
 * Returns: (transfer full): the entry
 */
gpointer
event_destination_read (EventReader *reader, JsonObject *object, gpointer list)
{
  EventDestination *self = g_new0 (EventDestination, 1);

  self->id = event_list_read_id (reader, object, list);
  self->title = event_list_read_title (reader, object, self->id);
  read_addresses (reader, object, self);
  self->service = event_reader_string (reader, object, "service", MAX_SERVICE_CHARS, "own");
  read_key (reader, object, self);
  self->ts_segments = event_reader_choice (reader, object, "segments", segments, 0) == 1;
  self->latency_ms = event_reader_int (reader, object, "latency-ms", MIN_LATENCY_MS, MAX_LATENCY_MS,
                                       DEFAULT_LATENCY_MS);
  self->enabled = event_reader_boolean (reader, object, "enabled", TRUE);
  return self;
}

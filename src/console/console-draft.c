/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-draft.h"

#include "console-patch.h"

#define LIVE_PAGE_ID "live-page"

static const char *
get_key_word (EventKeyKind kind)
{
  switch (kind) {
  case EVENT_KEY_STREAM_KEY:
    return "stream-key";
  case EVENT_KEY_PASSPHRASE:
    return "passphrase";
  case EVENT_KEY_PASSWORD:
    return "password";
  }
  g_return_val_if_reached (NULL);
}

/* A null takes a key away that was there. */
static void
set_optional (JsonObject *entry, const char *key, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_string_member (entry, key, text);
  else
    json_object_set_null_member (entry, key);
}

/**
 * console_draft_to_json:
 * @draft: a destination
 *
 * Returns: (transfer full): it as the show's actions take it, for a new one and for one that is
 *   changed alike: what does not belong to its kind is null. The stream key is not in it.
 */
char *
console_draft_to_json (const ConsoleDraft *draft)
{
  const gboolean is_ts = draft->way.kind == EVENT_DESTINATION_HLS && draft->ts_segments;
  g_autoptr (JsonObject) entry = json_object_new ();

  json_object_set_string_member (entry, "id", draft->id);
  json_object_set_string_member (entry, "title", draft->title);
  json_object_set_string_member (entry, "service", draft->service);
  json_object_set_string_member (entry, "kind", console_way_get_kind (&draft->way));
  json_object_set_string_member (entry, "url", draft->url);
  set_optional (entry, "backup-url",
                console_way_has_backup (&draft->way) ? draft->backup_url : NULL);
  set_optional (entry, "watch", draft->watch);
  set_optional (entry, "key", draft->has_key ? "keyring" : NULL);
  set_optional (entry, "key-is", draft->has_key ? get_key_word (draft->key_kind) : NULL);
  set_optional (entry, "segments", is_ts ? "ts" : NULL);
  if (draft->way.kind == EVENT_DESTINATION_SRT)
    json_object_set_int_member (entry, "latency-ms", draft->latency_ms);
  else
    json_object_set_null_member (entry, "latency-ms");
  json_object_set_boolean_member (entry, "enabled", draft->enabled);
  return console_patch_to_json (entry);
}

/**
 * console_draft_make_id:
 * @title: what people call it
 * @destinations: (element-type ConsoleDestination): those that are there
 *
 * Returns: (transfer full): an id made from the title that nothing has to which the show is sent
 */
char *
console_draft_make_id (const char *title, GListModel *destinations)
{
  char *id = console_patch_make_id (title, destinations);

  if (!g_str_equal (id, LIVE_PAGE_ID))
    return id;
  g_free (id);
  return console_patch_make_id ("page", destinations);
}

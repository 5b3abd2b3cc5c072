/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-exports-private.h"

/* The talks of a recording, as its log keeps them. */

static void
add_string (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

/* What was marked is on the disk at once: a crash forgets no talk. */
void
_show_exports_save_talks (ShowExports *self, EngineRecordingLog *log)
{
  g_autoptr (JsonArray) talks = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->items)); i++) {
    g_autoptr (ShowExport) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);
    JsonObject *object = NULL;

    if (item->log != log || item->kind != SHOW_EXPORT_TALK)
      continue;
    object = json_object_new ();
    json_object_set_string_member (object, "title", item->title);
    add_string (object, "speakers", item->speakers);
    add_string (object, "affiliation", item->affiliation);
    add_string (object, "language", item->language);
    json_object_set_int_member (object, "start-ms", item->start_ms);
    if (item->end_ms >= 0)
      json_object_set_int_member (object, "end-ms", item->end_ms);
    json_object_set_boolean_member (object, "wanted", item->wanted);
    add_string (object, "file", item->path);
    json_array_add_object_element (talks, object);
  }
  engine_recording_log_set_talks (log, talks);
}

static const char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static gint64
get_int (JsonObject *object, const char *name, gint64 otherwise)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_INT64
           ? json_node_get_int (node)
           : otherwise;
}

static ShowExport *
load_talk (ShowExports *self, EngineRecordingLog *log, JsonObject *object)
{
  const char *title = get_string (object, "title");
  const gint64 start_ms = get_int (object, "start-ms", -1);
  const gint64 end_ms = get_int (object, "end-ms", -1);
  ShowExport *item = NULL;

  if (title == NULL || start_ms < 0 || (end_ms >= 0 && end_ms < start_ms))
    return NULL;
  item = _show_export_new (SHOW_EXPORT_TALK, log, title);
  item->speakers = g_strdup (get_string (object, "speakers"));
  item->affiliation = g_strdup (get_string (object, "affiliation"));
  item->language = g_strdup (get_string (object, "language"));
  item->event = g_strdup (engine_recording_log_get_title (log));
  item->path = g_strdup (get_string (object, "file"));
  item->start_ms = start_ms;
  item->end_ms = end_ms;
  item->wanted = json_object_has_member (object, "wanted") &&
                 json_node_get_boolean (json_object_get_member (object, "wanted"));
  if (item->path != NULL && !g_file_test (item->path, G_FILE_TEST_EXISTS))
    g_clear_pointer (&item->path, g_free);
  if (item->path != NULL)
    item->state = SHOW_EXPORT_STATE_DONE;
  if (item->path != NULL && end_ms >= 0)
    item->duration_ms = end_ms - start_ms;
  return item;
}

/* Those that a log of before has; the last one may still go on. */
void
_show_exports_load_talks (ShowExports *self, EngineRecordingLog *log)
{
  JsonArray *talks = engine_recording_log_get_talks (log);

  for (guint i = 0; talks != NULL && i < json_array_get_length (talks); i++) {
    JsonNode *node = json_array_get_element (talks, i);
    g_autoptr (ShowExport) item =
      JSON_NODE_HOLDS_OBJECT (node) ? load_talk (self, log, json_node_get_object (node)) : NULL;

    if (item != NULL)
      g_list_store_append (self->items, item);
  }
}

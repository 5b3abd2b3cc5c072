/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "engine-ending.h"
#include "engine-recording-log.h"
#include "engine-types.h"

#define SUFFIX ".regie.json"

/* Larger than any log: what is read is a stranger's file until it was read. */
#define MAX_BYTES (16 * 1024 * 1024)

/* One file on one disk, written by a thread of its own while there is something to write. */
typedef struct {
  gatomicrefcount ref_count;
  char *path;

  GMutex lock;
  char *next;      /* nullable: what is to be written, guarded by @lock */
  gboolean delete; /* or the file is to go, guarded by @lock */
  gboolean busy;   /* guarded by @lock */
} Place;

/**
 * EngineRecordingLog:
 *
 * What belongs together in a recording that is not one ordinary file yet: its parts in order, the
 * talks in it. A small file `NAME.regie.json` lies beside the first part in every folder that has
 * parts; it is always the whole former one or the whole new one, whatever happens, and it is gone
 * once the recording has been made into one file. After a crash it says what to put together.
 *
 * Keys that others put in are kept. Files are written in threads: a disk that hangs holds nobody up.
 */
struct _EngineRecordingLog {
  GObject parent_instance;

  JsonObject *root;  /* "file" of every part is an absolute path here */
  GPtrArray *parts;  /* of EngineRecordingPart */
  GPtrArray *places; /* of Place */
};

G_DEFINE_FINAL_TYPE (EngineRecordingLog, engine_recording_log, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
engine_recording_part_free (EngineRecordingPart *self)
{
  g_free (self->path);
  g_free (self);
}

static Place *
place_new (const char *path)
{
  Place *self = g_new0 (Place, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->path = g_strdup (path);
  return self;
}

static void
place_unref (Place *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_mutex_clear (&self->lock);
  g_free (self->next);
  g_free (self->path);
  g_free (self);
}

/* The place's thread: whole and on the disk, or not at all. A disk that does not take it says so
 * where the recording itself is written. */
static gpointer
write_thread (gpointer data)
{
  Place *self = data;

  while (TRUE) {
    g_autofree char *text = NULL;
    g_autoptr (GError) error = NULL;
    gboolean delete = FALSE;

    g_mutex_lock (&self->lock);
    text = g_steal_pointer (&self->next);
    delete = self->delete;
    self->delete = FALSE;
    self->busy = text != NULL || delete;
    g_mutex_unlock (&self->lock);
    if (delete)
      g_unlink (self->path);
    else if (text == NULL)
      break;
    else if (!g_file_set_contents_full (
               self->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
               0644, &error))
      g_debug ("the recording's log: %s", error->message);
  }
  engine_ending_done ();
  place_unref (self);
  return NULL;
}

/* Hands the place @text to write, or has it removed. What came before and is not written yet need not
 * be. */
static void
place_put (Place *self, char *text)
{
  gboolean start = FALSE;

  g_mutex_lock (&self->lock);
  g_free (self->next);
  self->next = text;
  self->delete = text == NULL;
  start = !self->busy;
  self->busy = TRUE;
  g_mutex_unlock (&self->lock);
  if (!start)
    return;
  engine_ending_begin ();
  g_atomic_ref_count_inc (&self->ref_count);
  g_thread_unref (g_thread_new ("recording-log", write_thread, self));
}

static char *
format_time (gint64 time_us)
{
  g_autoptr (GDateTime) whole = g_date_time_new_from_unix_local (time_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) time =
    whole != NULL ? g_date_time_add (whole, time_us % G_USEC_PER_SEC) : NULL;

  return time != NULL ? g_date_time_format_iso8601 (time) : g_strdup ("");
}

/* −1 when it is none. */
static gint64
parse_time (const char *text)
{
  g_autoptr (GTimeZone) local = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, local) : NULL;

  return time != NULL
           ? g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time)
           : -1;
}

static void
changed (EngineRecordingLog *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* The file's place is in its folder, unless that folder has one already. */
static void
need_place (EngineRecordingLog *self, const char *part)
{
  g_autofree char *folder = g_path_get_dirname (part);
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  for (guint i = 0; i < self->places->len; i++) {
    const Place *place = self->places->pdata[i];
    g_autofree char *other = g_path_get_dirname (place->path);

    if (g_str_equal (folder, other))
      return;
  }
  name = g_str_has_suffix (part, ".mp4") ? g_strndup (part, strlen (part) - 4) : g_strdup (part);
  path = g_strconcat (name, SUFFIX, NULL);
  g_ptr_array_add (self->places, place_new (path));
}

static void
add_part (EngineRecordingLog *self, const char *path, gint64 starts_ns, gint64 wall_us)
{
  EngineRecordingPart *part = g_new0 (EngineRecordingPart, 1);

  part->path = g_strdup (path);
  part->starts_ns = starts_ns;
  part->wall_us = wall_us;
  g_ptr_array_add (self->parts, part);
  need_place (self, path);
}

static const char *
get_string (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static gboolean
get_int (JsonObject *object, const char *key, gint64 *number)
{
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      (json_node_get_value_type (node) != G_TYPE_INT64 &&
       json_node_get_value_type (node) != G_TYPE_DOUBLE))
    return FALSE;
  *number = json_node_get_int (node);
  return TRUE;
}

static JsonArray *
get_array (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* As the file in @folder says it: what lies there without a path, so that the folder can be moved. */
static JsonNode *
list_parts (EngineRecordingLog *self, const char *folder)
{
  JsonArray *list = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < self->parts->len; i++) {
    const EngineRecordingPart *part = self->parts->pdata[i];
    g_autofree char *its_folder = g_path_get_dirname (part->path);
    g_autofree char *name = g_path_get_basename (part->path);
    g_autofree char *wall = format_time (part->wall_us);
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "file",
                                   g_str_equal (folder, its_folder) ? name : part->path);
    json_object_set_int_member (object, "starts-ms", part->starts_ns / 1000000);
    json_object_set_int_member (object, "starts-ns", part->starts_ns);
    json_object_set_string_member (object, "wall", wall);
    json_array_add_object_element (list, object);
  }
  json_node_take_array (node, list);
  return node;
}

static char *
to_text (EngineRecordingLog *self, const char *folder)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);

  json_object_set_member (self->root, "parts", list_parts (self, folder));
  json_node_set_object (root, self->root);
  return json_to_string (root, TRUE);
}

static void
engine_recording_log_finalize (GObject *object)
{
  EngineRecordingLog *self = ENGINE_RECORDING_LOG (object);

  json_object_unref (self->root);
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->places);
  G_OBJECT_CLASS (engine_recording_log_parent_class)->finalize (object);
}

static void
engine_recording_log_class_init (EngineRecordingLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = engine_recording_log_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ENGINE_TYPE_RECORDING_LOG, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
engine_recording_log_init (EngineRecordingLog *self)
{
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) engine_recording_part_free);
  self->places = g_ptr_array_new_with_free_func ((GDestroyNotify) place_unref);
}

/**
 * engine_recording_log_new:
 * @title: of the event
 * @started_us: when it began: microseconds since 1970, UTC
 *
 * Returns: (transfer full): a log without a part, which has no file yet
 */
EngineRecordingLog *
engine_recording_log_new (const char *title, gint64 started_us)
{
  EngineRecordingLog *self = g_object_new (ENGINE_TYPE_RECORDING_LOG, NULL);
  g_autofree char *started = format_time (started_us);

  self->root = json_object_new ();
  json_object_set_string_member (self->root, "title", title);
  json_object_set_string_member (self->root, "started", started);
  json_object_set_array_member (self->root, "parts", json_array_new ());
  json_object_set_array_member (self->root, "talks", json_array_new ());
  json_object_set_boolean_member (self->root, "finished", FALSE);
  return self;
}

static gboolean
read_parts (EngineRecordingLog *self, const char *path)
{
  JsonArray *list = get_array (self->root, "parts");
  g_autofree char *folder = g_path_get_dirname (path);

  g_ptr_array_add (self->places, place_new (path));
  if (list == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonNode *node = json_array_get_element (list, i);
    JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    const char *file = object != NULL ? get_string (object, "file") : NULL;
    gint64 starts_ns = 0, starts_ms = 0;

    if (file == NULL || *file == '\0' || !get_int (object, "starts-ms", &starts_ms) ||
        starts_ms < 0 || starts_ms > G_MAXINT64 / 1000000)
      return FALSE;
    if (!get_int (object, "starts-ns", &starts_ns) || starts_ns / 1000000 != starts_ms)
      starts_ns = starts_ms * 1000000;
    g_autofree char *whole = g_canonicalize_filename (file, folder);
    add_part (self, whole, starts_ns, parse_time (get_string (object, "wall")));
  }
  return TRUE;
}

/**
 * engine_recording_log_load:
 * @path: a file `….regie.json`
 *
 * Any thread, as it waits for the disk; from then on the main thread. Fails with
 * %ENGINE_ERROR_UNSUPPORTED when it is not such a file, or with a `G_FILE_ERROR`.
 *
 * Returns: (transfer full) (nullable): what it says
 */
EngineRecordingLog *
engine_recording_log_load (const char *path, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (EngineRecordingLog) self = NULL;
  g_autoptr (GError) parse_error = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;
  GStatBuf info;

  if (g_stat (path, &info) == 0 && (!S_ISREG (info.st_mode) || info.st_size > MAX_BYTES)) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "“%s” is not a recording's log",
                 path);
    return NULL;
  }
  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  self = g_object_new (ENGINE_TYPE_RECORDING_LOG, NULL);
  if (json_parser_load_from_data (parser, text, (gssize) length, &parse_error) &&
      json_parser_get_root (parser) != NULL &&
      JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    self->root = json_object_ref (json_node_get_object (json_parser_get_root (parser)));
  else
    self->root = json_object_new ();
  if (get_string (self->root, "title") == NULL ||
      parse_time (get_string (self->root, "started")) < 0 || !read_parts (self, path)) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "“%s” is not a recording's log: %s",
                 path, parse_error != NULL ? parse_error->message : "something is missing");
    return NULL;
  }
  return g_steal_pointer (&self);
}

/**
 * engine_recording_log_get_path:
 * @self: a log
 *
 * Returns: (transfer none) (nullable): its file beside the first part; `NULL` before there is one
 */
const char *
engine_recording_log_get_path (EngineRecordingLog *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING_LOG (self), NULL);

  return self->places->len > 0 ? ((Place *) self->places->pdata[0])->path : NULL;
}

const char *
engine_recording_log_get_title (EngineRecordingLog *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING_LOG (self), NULL);

  return get_string (self->root, "title");
}

/**
 * engine_recording_log_get_started_us:
 * @self: a log
 *
 * Returns: when the recording began: microseconds since 1970, UTC
 */
gint64
engine_recording_log_get_started_us (EngineRecordingLog *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING_LOG (self), 0);

  return parse_time (get_string (self->root, "started"));
}

/**
 * engine_recording_log_add_part:
 * @self: a log
 * @path: a file that has been made, absolute
 * @starts_ns: where it begins in the recording
 * @wall_us: and in the day: microseconds since 1970, UTC
 *
 * Adds it as the last, and saves.
 */
void
engine_recording_log_add_part (EngineRecordingLog *self, const char *path, gint64 starts_ns,
                               gint64 wall_us)
{
  g_return_if_fail (ENGINE_IS_RECORDING_LOG (self));
  g_return_if_fail (g_path_is_absolute (path));

  add_part (self, path, starts_ns, wall_us);
  engine_recording_log_save (self);
  changed (self);
}

/**
 * engine_recording_log_remove_part:
 * @self: a log
 * @path: a part that holds nothing
 *
 * Forgets the part, and saves.
 */
void
engine_recording_log_remove_part (EngineRecordingLog *self, const char *path)
{
  g_return_if_fail (ENGINE_IS_RECORDING_LOG (self));

  for (guint i = 0; i < self->parts->len; i++) {
    const EngineRecordingPart *part = self->parts->pdata[i];

    if (!g_str_equal (part->path, path))
      continue;
    g_ptr_array_remove_index (self->parts, i);
    engine_recording_log_save (self);
    changed (self);
    return;
  }
}

/**
 * engine_recording_log_get_parts:
 * @self: a log
 *
 * Returns: (transfer none) (element-type EngineRecordingPart): its parts, in order
 */
GPtrArray *
engine_recording_log_get_parts (EngineRecordingLog *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING_LOG (self), NULL);

  return self->parts;
}

/**
 * engine_recording_log_set_talks:
 * @self: a log
 * @talks: what the recording holds, as whoever made it understands it; must not be changed later
 *
 * Saves as well.
 */
void
engine_recording_log_set_talks (EngineRecordingLog *self, JsonArray *talks)
{
  g_return_if_fail (ENGINE_IS_RECORDING_LOG (self));

  json_object_set_array_member (self->root, "talks", json_array_ref (talks));
  engine_recording_log_save (self);
  changed (self);
}

/**
 * engine_recording_log_get_talks:
 * @self: a log
 *
 * Returns: (transfer none) (nullable): what was set, or read
 */
JsonArray *
engine_recording_log_get_talks (EngineRecordingLog *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING_LOG (self), NULL);

  return get_array (self->root, "talks");
}

/**
 * engine_recording_log_set_finished:
 * @self: a log
 * @finished: whether nothing more is to be recorded, and what there is can be put together
 *
 * Saves as well.
 */
void
engine_recording_log_set_finished (EngineRecordingLog *self, gboolean finished)
{
  g_return_if_fail (ENGINE_IS_RECORDING_LOG (self));

  json_object_set_boolean_member (self->root, "finished", finished);
  engine_recording_log_save (self);
  changed (self);
}

gboolean
engine_recording_log_get_finished (EngineRecordingLog *self)
{
  JsonNode *node = NULL;

  g_return_val_if_fail (ENGINE_IS_RECORDING_LOG (self), FALSE);

  node = json_object_get_member (self->root, "finished");
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
         json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

/**
 * engine_recording_log_save:
 * @self: a log
 *
 * Brings it to every disk that has a part, in the background, in the order of the calls. See
 * engine_program_wait_for_stopped ().
 */
void
engine_recording_log_save (EngineRecordingLog *self)
{
  g_return_if_fail (ENGINE_IS_RECORDING_LOG (self));

  for (guint i = 0; i < self->places->len; i++) {
    Place *place = self->places->pdata[i];
    g_autofree char *folder = g_path_get_dirname (place->path);

    place_put (place, to_text (self, folder));
  }
}

/**
 * engine_recording_log_delete:
 * @self: a log whose recording has been made into one file, or was never begun
 *
 * Takes its files away, in the background.
 */
void
engine_recording_log_delete (EngineRecordingLog *self)
{
  g_return_if_fail (ENGINE_IS_RECORDING_LOG (self));

  for (guint i = 0; i < self->places->len; i++)
    place_put (self->places->pdata[i], NULL);
}

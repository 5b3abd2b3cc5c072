/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show-memory.h"
#include "show-secrets.h"

#define VERSION 1

/* A thousand approved posts are half of this. */
#define MAX_FILE_SIZE (4 * 1024 * 1024)

/* json-glib reads by recursion: a file of brackets would eat the stack. */
#define MAX_DEPTH 32

/* What was interrupted longer ago is another evening. */
#define MAX_AGE_S (24 * 3600)

/**
 * ShowMemory:
 *
 * Keeps how a running show is arranged in a file, so that it can go on after a crash or a power cut.
 *
 * The file is private, and holds no secret. It belongs to one event file, by its path; each state
 * replaces the one before as a whole, and is on the disk before the next is written. A show that ends
 * well takes it away.
 */
struct _ShowMemory {
  GObject parent_instance;

  char *event_path;
  char *path;
  GThreadPool *writer; /* one thread, so that nothing overtakes */
};

G_DEFINE_FINAL_TYPE (ShowMemory, show_memory, G_TYPE_OBJECT)

typedef struct {
  char *path;
  char *text; /* nullable: the file goes */
} Job;

/* The writer's thread. */
static void
do_job (gpointer data, gpointer user_data)
{
  Job *job = data;
  g_autofree char *folder = g_path_get_dirname (job->path);
  g_autoptr (GError) error = NULL;

  if (job->text == NULL) {
    g_unlink (job->path); /* it may not be there */
  } else {
    g_mkdir_with_parents (folder, 0700);
    if (!g_file_set_contents_full (job->path, job->text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, &error))
      g_message ("how the show is arranged cannot be kept for after a crash: %s", error->message);
  }
  g_free (job->path);
  g_free (job->text);
  g_free (job);
}

static void
push (ShowMemory *self, char *text)
{
  Job *job = g_new0 (Job, 1);

  job->path = g_strdup (self->path);
  job->text = text;
  g_thread_pool_push (self->writer, job, NULL); /* an exclusive pool has its thread already */
}

static void
show_memory_finalize (GObject *object)
{
  ShowMemory *self = SHOW_MEMORY (object);

  g_thread_pool_free (self->writer, FALSE, TRUE);
  g_free (self->event_path);
  g_free (self->path);
  G_OBJECT_CLASS (show_memory_parent_class)->finalize (object);
}

static void
show_memory_class_init (ShowMemoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = show_memory_finalize;
}

static void
show_memory_init (ShowMemory *self)
{
  self->writer = g_thread_pool_new (do_job, NULL, 1, TRUE, NULL);
}

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "regie", NULL);
}

static char *
make_path (const char *event_path)
{
  g_autofree char *folder = get_folder ();
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, event_path, -1);
  g_autofree char *name = g_strdup_printf ("show-%.16s.json", sum);

  return g_build_filename (folder, name, NULL);
}

/**
 * show_memory_new:
 * @event_path: (type filename): the absolute path of the event
 *
 * Returns: (transfer full): its memory; nothing is written yet
 */
ShowMemory *
show_memory_new (const char *event_path)
{
  ShowMemory *self = g_object_new (SHOW_TYPE_MEMORY, NULL);

  self->event_path = g_strdup (event_path);
  self->path = make_path (event_path);
  return self;
}

const char *
show_memory_get_path (ShowMemory *self)
{
  g_return_val_if_fail (SHOW_IS_MEMORY (self), NULL);

  return self->path;
}

/* Process ids begin anew when the computer does. */
static char *
get_boot_id (void)
{
  char *id = NULL;

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &id, NULL, NULL))
    return g_strdup ("");
  return g_strstrip (id);
}

/**
 * show_memory_keep:
 * @self: a memory
 * @state: (transfer full): an object; without secrets
 *
 * Replaces what was kept before. If that cannot be done, the log has it, and the show goes on.
 */
void
show_memory_keep (ShowMemory *self, JsonNode *state)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  g_autofree char *boot_id = get_boot_id ();
  g_autoptr (JsonNode) root = NULL;

  g_return_if_fail (SHOW_IS_MEMORY (self));

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "regie-show");
  json_builder_add_int_value (builder, VERSION);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, self->event_path);
  json_builder_set_member_name (builder, "time");
  json_builder_add_string_value (builder, time);
  json_builder_set_member_name (builder, "boot");
  json_builder_add_string_value (builder, boot_id);
  json_builder_set_member_name (builder, "pid");
  json_builder_add_int_value (builder, getpid ());
  json_builder_set_member_name (builder, "state");
  json_builder_add_value (builder, state);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  push (self, json_to_string (root, TRUE));
}

/**
 * show_memory_forget:
 * @self: a memory
 *
 * The show has ended as it should, or is not wanted any more.
 */
void
show_memory_forget (ShowMemory *self)
{
  g_return_if_fail (SHOW_IS_MEMORY (self));

  push (self, NULL);
}

/**
 * show_memory_wait:
 * @self: a memory
 *
 * For the end of the process: waits until the disk has what was kept.
 */
void
show_memory_wait (ShowMemory *self)
{
  g_return_if_fail (SHOW_IS_MEMORY (self));

  g_thread_pool_free (self->writer, FALSE, TRUE);
  self->writer = g_thread_pool_new (do_job, NULL, 1, TRUE, NULL);
}

static gboolean
is_deep (const char *text)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (const char *c = text; *c != '\0'; c++) {
    if (in_string && *c == '\\' && c[1] != '\0')
      c++;
    else if (*c == '"')
      in_string = !in_string;
    else if (!in_string && (*c == '[' || *c == '{') && ++depth > MAX_DEPTH)
      return TRUE;
    else if (!in_string && (*c == ']' || *c == '}') && depth > 0)
      depth--;
  }
  return FALSE;
}

/* Returns: (transfer full) (nullable): the text of a file of our own; `NULL` and no error when there is
 *   none */
static char *
read_file (const char *path, GError **error)
{
  const int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat info;
  g_autofree char *text = NULL;
  gsize length = 0;
  ssize_t n = 0;

  if (fd < 0 && errno == ENOENT)
    return NULL;
  if (fd < 0 || fstat (fd, &info) != 0 || !S_ISREG (info.st_mode) || info.st_uid != geteuid () ||
      info.st_size > MAX_FILE_SIZE) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_MEMORY, "%s: is no file of ours, or is too large",
                 path);
    if (fd >= 0)
      close (fd);
    return NULL;
  }
  text = g_malloc0 (MAX_FILE_SIZE + 1);
  while (length < MAX_FILE_SIZE && (n = read (fd, text + length, MAX_FILE_SIZE - length)) > 0)
    length += (gsize) n;
  close (fd);
  if (n < 0 || strlen (text) != length || !g_utf8_validate (text, (gssize) length, NULL) ||
      is_deep (text)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_MEMORY, "%s: cannot be read as text", path);
    return NULL;
  }
  return g_steal_pointer (&text);
}

static const char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static gint64
get_int (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node)
                                                                         : -1;
}

/* Another Régie has it on air at this moment. */
static gboolean
is_running (JsonObject *root)
{
  const gint64 pid = get_int (root, "pid");
  g_autofree char *boot_id = get_boot_id ();
  g_autofree char *link_path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/exe", pid);
  g_autofree char *program = NULL;
  g_autofree char *name = NULL;

  if (g_strcmp0 (get_string (root, "boot"), boot_id) != 0 || pid == getpid () || pid <= 0)
    return FALSE;
  /* One that has died and was not yet seen by who started it has no program any more. */
  program = g_file_read_link (link_path, NULL);
  name = program != NULL ? g_path_get_basename (program) : NULL;
  return name != NULL && g_str_has_prefix (name, "regie");
}

/* Returns: (transfer full) (nullable): `NULL` without an error when it is too old, or not over */
static ShowMemories *
read_memories (JsonObject *root, const char *path, GError **error)
{
  const char *event_path = get_string (root, "event");
  const char *time = get_string (root, "time");
  JsonNode *state = json_object_get_member (root, "state");
  g_autoptr (GDateTime) then = time != NULL ? g_date_time_new_from_iso8601 (time, NULL) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  ShowMemories *memories = NULL;

  if (get_int (root, "regie-show") != VERSION || event_path == NULL ||
      !g_path_is_absolute (event_path) || then == NULL || state == NULL ||
      !JSON_NODE_HOLDS_OBJECT (state)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_MEMORY,
                 "%s: is not what this version of Régie keeps of a show", path);
    return NULL;
  }
  /* A clock that was wrong before may have been set since. */
  if (ABS (g_date_time_difference (now, then)) > MAX_AGE_S * G_TIME_SPAN_SECOND ||
      is_running (root))
    return NULL;
  memories = g_new0 (ShowMemories, 1);
  memories->path = g_strdup (path);
  memories->event_path = g_strdup (event_path);
  memories->time = g_date_time_to_local (then);
  memories->state = json_object_ref (json_node_get_object (state));
  return memories;
}

static ShowMemories *
load_file (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) cause = NULL;
  JsonNode *root = NULL;

  text = read_file (path, error);
  if (text == NULL)
    return NULL;
  if (!json_parser_load_from_data (parser, text, -1, &cause) ||
      (root = json_parser_get_root (parser)) == NULL || !JSON_NODE_HOLDS_OBJECT (root)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_MEMORY, "%s: is damaged", path);
    return NULL;
  }
  return read_memories (json_node_get_object (root), path, error);
}

/**
 * show_memory_load:
 * @event_path: (type filename): the absolute path of an event
 * @error: return location
 *
 * Fails with %SHOW_ERROR_MEMORY when there is something that cannot be used.
 *
 * Returns: (transfer full) (nullable): what an interrupted show of this event left behind; `NULL` without
 *   an error if there is nothing
 */
ShowMemories *
show_memory_load (const char *event_path, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (ShowMemories) memories = NULL;

  g_return_val_if_fail (event_path != NULL, NULL);

  path = make_path (event_path);
  memories = load_file (path, error);
  if (memories != NULL && !g_str_equal (memories->event_path, event_path)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_MEMORY, "%s: belongs to another event", path);
    return NULL;
  }
  return g_steal_pointer (&memories);
}

/**
 * show_memory_load_newest:
 *
 * Returns: (transfer full) (nullable): what the show left behind that was interrupted last and whose
 *   event is still there, if any was
 */
ShowMemories *
show_memory_load_newest (void)
{
  g_autofree char *folder = get_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL); /* not there: nothing was interrupted */
  g_autoptr (ShowMemories) newest = NULL;
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autoptr (ShowMemories) memories = NULL;

    if (g_str_has_prefix (name, "show-") && g_str_has_suffix (name, ".json"))
      memories = load_file (path, NULL); /* one that cannot be used is not offered */
    if (memories == NULL || !g_file_test (memories->event_path, G_FILE_TEST_EXISTS) ||
        (newest != NULL && g_date_time_compare (memories->time, newest->time) <= 0))
      continue;
    g_clear_pointer (&newest, show_memories_free);
    newest = g_steal_pointer (&memories);
  }
  return g_steal_pointer (&newest);
}

void
show_memories_free (ShowMemories *memories)
{
  g_free (memories->path);
  g_free (memories->event_path);
  g_date_time_unref (memories->time);
  json_object_unref (memories->state);
  g_free (memories);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "common-util.h"
#include "posts-reader.h"
#include "posts-replay.h"

#define MAX_FILE_BYTES (64 * 1024 * 1024)
#define READ_BYTES     (64 * 1024)
/* How long posts may come out in a row before the main thread does something else. */
#define MAX_TURN_US (5 * 1000)
#define MAX_WAIT_US G_TIME_SPAN_HOUR
#define MIN_SPEED   0.001
#define MAX_SPEED   1e6

/**
 * PostsReplay:
 *
 * A network that plays posts from a file, each at its time.
 *
 * One JSON object a line. The file is read whole in a thread, then its posts come out in the order
 * of their times. Lines that cannot be read are left out and counted. Main thread only.
 */
struct _PostsReplay {
  GObject parent_instance;
  char *path;
  char *title;
  double speed;
  PostsNetworkState state;
  GError *error;             /* nullable */
  GCancellable *cancellable; /* while the file is read */
  GPtrArray *entries;        /* of PostsEntry, in order; NULL until read */
  guint next;
  gint64 start_us;
  guint timer_id;
  guint n_unreadable;
};

static void network_init (PostsNetworkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PostsReplay, posts_replay, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (POSTS_TYPE_NETWORK, network_init))

enum {
  PROP_0,
  PROP_TITLE,
  PROP_STATE,
  PROP_ERROR,
  N_PROPS
};

/* What the thread reads from and writes to; nobody else does meanwhile. */
typedef struct {
  char *path;
  char *folder;
  GPtrArray *entries;
  guint n_lines;
  guint n_unreadable;
  char *first_trouble; /* nullable */
} Reading;

static void
reading_free (Reading *reading)
{
  g_free (reading->path);
  g_free (reading->folder);
  g_clear_pointer (&reading->entries, g_ptr_array_unref);
  g_free (reading->first_trouble);
  g_free (reading);
}

static void
weak_ref_free (GWeakRef *weak)
{
  g_weak_ref_clear (weak);
  g_free (weak);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const PostsEntry *entry_a = *(const PostsEntry *const *) a;
  const PostsEntry *entry_b = *(const PostsEntry *const *) b;

  return entry_a->at_s < entry_b->at_s ? -1 : entry_a->at_s > entry_b->at_s ? 1 : 0;
}

static void
read_line (Reading *reading, const char *line, gsize length)
{
  g_autoptr (GError) error = NULL;

  reading->n_lines++;
  while (length > 0 && g_ascii_isspace (line[length - 1]))
    length--;
  if (length == 0)
    return;

  PostsEntry *entry = posts_reader_read_line (line, length, reading->folder, &error);
  if (entry != NULL) {
    g_ptr_array_add (reading->entries, entry);
    return;
  }
  if (reading->n_unreadable++ == 0)
    reading->first_trouble = g_strdup_printf ("line %u: %s", reading->n_lines, error->message);
}

/* Reads the lines that are complete and leaves the rest. */
static void
read_lines (Reading *reading, GByteArray *pending, gboolean *skipping)
{
  const char *start = (const char *) pending->data;
  const char *end = start + pending->len;
  const char *newline = NULL;

  while (start < end && (newline = memchr (start, '\n', (gsize) (end - start))) != NULL) {
    if (!*skipping)
      read_line (reading, start, (gsize) (newline - start));
    *skipping = FALSE;
    start = newline + 1;
  }
  if (end - start > POSTS_READER_MAX_LINE_BYTES) {
    /* Complained about once; the rest of the line is not kept. */
    if (!*skipping)
      read_line (reading, start, (gsize) (end - start));
    *skipping = TRUE;
    start = end;
  }
  if (start > (const char *) pending->data)
    g_byte_array_remove_range (pending, 0, (guint) (start - (const char *) pending->data));
}

static gboolean
read_file (Reading *reading, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (reading->path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GByteArray) pending = g_byte_array_new ();
  gsize n_read = 0;
  gboolean skipping = FALSE;

  if (stream == NULL)
    return FALSE;
  while (TRUE) {
    g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes (G_INPUT_STREAM (stream), READ_BYTES, cancellable, error);

    if (bytes == NULL)
      return FALSE;
    if (g_bytes_get_size (bytes) == 0)
      break;
    n_read += g_bytes_get_size (bytes);
    if (n_read > MAX_FILE_BYTES) {
      g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_SOURCE, "more than 64 MiB");
      return FALSE;
    }
    g_byte_array_append (pending, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
    read_lines (reading, pending, &skipping);
  }
  if (pending->len > 0 && !skipping)
    read_line (reading, (const char *) pending->data, pending->len);
  /* Stable: what was written at the same time keeps the order of the file. */
  g_ptr_array_sort (reading->entries, compare_entries);
  return TRUE;
}

/* In a thread. */
static void
read_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (read_file (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
set_state (PostsReplay *self, PostsNetworkState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify (G_OBJECT (self), "state");
}

static void
set_error (PostsReplay *self, const GError *error)
{
  if (common_set_error (&self->error, error))
    g_object_notify (G_OBJECT (self), "error");
}

static void
emit_entry (PostsReplay *self, const PostsEntry *entry)
{
  if (entry->post != NULL) {
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
    g_autoptr (PostsPost) post = posts_post_new_again (entry->post, now);

    g_signal_emit_by_name (self, "post", post);
  } else {
    g_signal_emit_by_name (self, "taken-down", entry->taken_down_id);
  }
}

static gint64
due_us (PostsReplay *self, guint index)
{
  const PostsEntry *entry = self->entries->pdata[index];

  return self->start_us + (gint64) (entry->at_s * G_USEC_PER_SEC / self->speed);
}

static gboolean play_cb (gpointer user_data);

static void
wait_for_next (PostsReplay *self)
{
  const gint64 wait_us =
    CLAMP (due_us (self, self->next) - g_get_monotonic_time (), 0, MAX_WAIT_US);

  self->timer_id = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, (guint) ((wait_us + 999) / 1000),
                                       play_cb, self, NULL);
}

static gboolean
play_cb (gpointer user_data)
{
  g_autoptr (PostsReplay) self = g_object_ref (user_data);
  g_autoptr (GPtrArray) entries = g_ptr_array_ref (self->entries);
  const gint64 turn_start_us = g_get_monotonic_time ();
  gint64 now_us = turn_start_us;

  self->timer_id = 0;
  /* Whoever gets the signal may stop the replay, or start it again. */
  while (self->entries == entries && self->next < entries->len &&
         due_us (self, self->next) <= now_us && now_us - turn_start_us < MAX_TURN_US) {
    emit_entry (self, entries->pdata[self->next++]);
    now_us = g_get_monotonic_time ();
  }
  if (self->entries != entries)
    return G_SOURCE_REMOVE;
  if (self->next < entries->len)
    wait_for_next (self);
  else
    set_state (self, POSTS_NETWORK_STATE_ENDED);
  return G_SOURCE_REMOVE;
}

static void
fail (PostsReplay *self, const GError *cause)
{
  g_autoptr (GError) error =
    g_error_new (POSTS_ERROR, POSTS_ERROR_SOURCE, "Cannot read posts from %s: %s", self->path,
                 cause->message);

  set_error (self, error);
  set_state (self, POSTS_NETWORK_STATE_FAILED);
}

static void
read_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = G_TASK (result);
  g_autoptr (GError) error = NULL;
  const gboolean is_read = g_task_propagate_boolean (task, &error);
  g_autoptr (PostsReplay) self = g_weak_ref_get (user_data);
  Reading *reading = g_task_get_task_data (task);

  weak_ref_free (user_data);
  /* Stopped, and perhaps started again with another task. */
  if (self == NULL || g_task_get_cancellable (task) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (!is_read) {
    fail (self, error);
    return;
  }

  self->n_unreadable = reading->n_unreadable;
  if (reading->n_unreadable > 0)
    g_message ("%s: left out %u of %u lines; %s", self->path, reading->n_unreadable,
               reading->n_lines, reading->first_trouble);
  self->entries = g_steal_pointer (&reading->entries);
  self->next = 0;
  self->start_us = g_get_monotonic_time ();
  if (self->entries->len > 0)
    wait_for_next (self);
  set_state (self, self->entries->len > 0 ? POSTS_NETWORK_STATE_LIVE : POSTS_NETWORK_STATE_ENDED);
}

static void
start (PostsNetwork *network)
{
  PostsReplay *self = POSTS_REPLAY (network);
  g_autoptr (GTask) task = NULL;

  if (self->state == POSTS_NETWORK_STATE_CONNECTING || self->state == POSTS_NETWORK_STATE_LIVE)
    return;
  posts_network_stop (network);

  Reading *reading = g_new0 (Reading, 1);
  reading->path = g_strdup (self->path);
  reading->folder = g_path_get_dirname (self->path);
  reading->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) posts_entry_free);

  GWeakRef *weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  self->n_unreadable = 0;
  self->cancellable = g_cancellable_new ();
  /* The task does not keep the replay: dropping it stops the reading. */
  task = g_task_new (NULL, self->cancellable, read_cb, weak);
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  g_task_run_in_thread (task, read_in_thread);
  set_error (self, NULL);
  set_state (self, POSTS_NETWORK_STATE_CONNECTING);
}

static void
halt (PostsReplay *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
}

static void
stop (PostsNetwork *network)
{
  PostsReplay *self = POSTS_REPLAY (network);

  halt (self);
  set_error (self, NULL);
  set_state (self, POSTS_NETWORK_STATE_OFF);
}

static void
network_init (PostsNetworkInterface *iface)
{
  iface->start = start;
  iface->stop = stop;
}

static void
posts_replay_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostsReplay *self = POSTS_REPLAY (object);

  switch (id) {
  case PROP_TITLE:
    g_value_set_string (value, self->title);
    break;
  case PROP_STATE:
    g_value_set_enum (value, (int) self->state);
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
posts_replay_dispose (GObject *object)
{
  halt (POSTS_REPLAY (object));
  G_OBJECT_CLASS (posts_replay_parent_class)->dispose (object);
}

static void
posts_replay_finalize (GObject *object)
{
  PostsReplay *self = POSTS_REPLAY (object);

  g_free (self->path);
  g_free (self->title);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (posts_replay_parent_class)->finalize (object);
}

static void
posts_replay_class_init (PostsReplayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = posts_replay_get_property;
  object_class->dispose = posts_replay_dispose;
  object_class->finalize = posts_replay_finalize;
  g_object_class_override_property (object_class, PROP_TITLE, "title");
  g_object_class_override_property (object_class, PROP_STATE, "state");
  g_object_class_override_property (object_class, PROP_ERROR, "error");
}

static void
posts_replay_init (PostsReplay *self)
{
}

/**
 * posts_replay_new:
 * @path: a file with one JSON object a line; it need not be there yet
 * @speed: how many times faster than written the posts come, 0.001 to a million;
 *   1 if not a positive number
 *
 * Returns: (transfer full): a replay that has not been started
 */
PostsReplay *
posts_replay_new (const char *path, double speed)
{
  g_return_val_if_fail (path != NULL, NULL);

  PostsReplay *self = g_object_new (POSTS_TYPE_REPLAY, NULL);

  self->path = g_strdup (path);
  self->title = g_filename_display_basename (path);
  self->speed = isfinite (speed) && speed > 0 ? CLAMP (speed, MIN_SPEED, MAX_SPEED) : 1;
  return self;
}

guint
posts_replay_get_n_unreadable (PostsReplay *self)
{
  g_return_val_if_fail (POSTS_IS_REPLAY (self), 0);

  return self->n_unreadable;
}

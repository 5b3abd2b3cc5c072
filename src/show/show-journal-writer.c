/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <unistd.h>

#include "show-journal-writer.h"

/* So many lines wait for a disk that does not take them; those after them are lost. */
#define MAX_WAITING 5000

/* A disk that did not take a line is asked again with a later one, not sooner than this. */
#define RETRY_US (3 * G_USEC_PER_SEC)

#define N_FILES  2

static const char *const suffixes[N_FILES] = { ".journal.txt", ".journal.jsonl" };

typedef struct {
  char *lines[N_FILES]; /* the first is NULL: nothing comes after this */
} Message;

/**
 * ShowJournalWriter:
 *
 * What has been handed to it is on its way to the disk, in order; each line is written as a whole
 * before the next, and a killed process has lost none that was written.
 *
 * The thread has a reference of its own, and nobody ever joins it: it may hang with the disk.
 */
struct _ShowJournalWriter {
  GObject parent_instance;

  char *base_path;
  GAsyncQueue *queue; /* of Message */
  gboolean broken;    /* main thread only */
  gboolean finishing; /* main thread only */

  GMutex lock;
  GCond cond;
  gboolean ended; /* guarded by @lock: the thread has written all it could */

  /* Only the thread. */
  int files[N_FILES];     /* −1: not open */
  GString *left[N_FILES]; /* what the disk has not taken yet */
  guint n_left;
  gboolean told_broken;
  gint64 retry_us;
};

G_DEFINE_FINAL_TYPE (ShowJournalWriter, show_journal_writer, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_BROKEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
message_free (gpointer data)
{
  Message *message = data;

  for (guint i = 0; i < N_FILES; i++)
    g_free (message->lines[i]);
  g_free (message);
}

typedef struct {
  ShowJournalWriter *writer;
  gboolean broken;
} Report;

static gboolean
report_cb (gpointer data)
{
  Report *report = data;
  ShowJournalWriter *self = report->writer;

  if (self->broken != report->broken) {
    self->broken = report->broken;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BROKEN]);
  }
  return G_SOURCE_REMOVE;
}

static void
report_free (gpointer data)
{
  Report *report = data;

  g_object_unref (report->writer);
  g_free (report);
}

/* The writer's thread. */
static void
tell (ShowJournalWriter *self, gboolean broken)
{
  Report *report = NULL;

  if (self->told_broken == broken)
    return;
  self->told_broken = broken;
  report = g_new0 (Report, 1);
  report->writer = g_object_ref (self);
  report->broken = broken;
  g_idle_add_full (G_PRIORITY_DEFAULT, report_cb, report, report_free);
}

/* The writer's thread. Appends: a second show may have the recording's name again. */
static gboolean
open_file (ShowJournalWriter *self, guint which)
{
  g_autofree char *path = g_strconcat (self->base_path, suffixes[which], NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  if (self->files[which] >= 0)
    return TRUE;
  g_mkdir_with_parents (folder, 0777);
  self->files[which] = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  return self->files[which] >= 0;
}

/* The writer's thread. */
static gboolean
write_left (ShowJournalWriter *self, guint which)
{
  GString *left = self->left[which];

  if (!open_file (self, which))
    return FALSE;
  while (left->len > 0) {
    const gssize n = write (self->files[which], left->str, left->len);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0) {
      /* The file may be of a disk that is gone: it is opened anew the next time. */
      close (self->files[which]);
      self->files[which] = -1;
      return FALSE;
    }
    g_string_erase (left, 0, n);
  }
  return TRUE;
}

/* The writer's thread. */
static void
take (ShowJournalWriter *self, const Message *message, gboolean last)
{
  const gint64 now_us = g_get_monotonic_time ();
  gboolean good = TRUE;

  if (message->lines[0] != NULL && self->n_left < MAX_WAITING) {
    for (guint i = 0; i < N_FILES; i++)
      g_string_append (self->left[i], message->lines[i]);
    self->n_left++;
  }
  if (now_us < self->retry_us && !last)
    return;
  for (guint i = 0; i < N_FILES; i++)
    good = write_left (self, i) && good;
  if (good)
    self->n_left = 0;
  self->retry_us = good ? 0 : now_us + RETRY_US;
  tell (self, !good);
}

static gpointer
run (gpointer data)
{
  ShowJournalWriter *self = data;
  gboolean last = FALSE;

  while (!last) {
    Message *message = g_async_queue_pop (self->queue);

    last = message->lines[0] == NULL;
    take (self, message, last);
    message_free (message);
  }
  for (guint i = 0; i < N_FILES; i++) {
    if (self->files[i] >= 0)
      close (self->files[i]);
    self->files[i] = -1;
  }
  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
  g_object_unref (self);
  return NULL;
}

static void
show_journal_writer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
  case PROP_BROKEN:
    g_value_set_boolean (value, SHOW_JOURNAL_WRITER (object)->broken);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
show_journal_writer_finalize (GObject *object)
{
  ShowJournalWriter *self = SHOW_JOURNAL_WRITER (object);

  for (guint i = 0; i < N_FILES; i++)
    g_string_free (self->left[i], TRUE);
  g_async_queue_unref (self->queue);
  g_free (self->base_path);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (show_journal_writer_parent_class)->finalize (object);
}

static void
show_journal_writer_class_init (ShowJournalWriterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = show_journal_writer_get_property;
  object_class->finalize = show_journal_writer_finalize;

  properties[PROP_BROKEN] =
    g_param_spec_boolean ("broken", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
show_journal_writer_init (ShowJournalWriter *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->queue = g_async_queue_new_full (message_free);
  for (guint i = 0; i < N_FILES; i++) {
    self->files[i] = -1;
    self->left[i] = g_string_new (NULL);
  }
}

/**
 * show_journal_writer_new:
 * @base_path: what the files are called, before `.journal.txt` and `.journal.jsonl`
 *
 * Returns: (transfer full): a writer; end it with show_journal_writer_finish ()
 */
ShowJournalWriter *
show_journal_writer_new (const char *base_path)
{
  ShowJournalWriter *self = g_object_new (SHOW_TYPE_JOURNAL_WRITER, NULL);

  self->base_path = g_strdup (base_path);
  g_thread_unref (g_thread_new ("journal", run, g_object_ref (self)));
  return self;
}

/**
 * show_journal_writer_add:
 * @self: a writer that was not finished
 * @text: a whole line for people
 * @json: the same for programs
 */
void
show_journal_writer_add (ShowJournalWriter *self, const char *text, const char *json)
{
  Message *message = NULL;

  g_return_if_fail (SHOW_IS_JOURNAL_WRITER (self));
  g_return_if_fail (!self->finishing);

  /* The thread hangs with its disk: what comes now cannot be kept for ever. */
  if (g_async_queue_length (self->queue) > MAX_WAITING)
    return;
  message = g_new0 (Message, 1);
  message->lines[0] = g_strdup (text);
  message->lines[1] = g_strdup (json);
  g_async_queue_push (self->queue, message);
}

/**
 * show_journal_writer_finish:
 * @self: a writer
 * @timeout_ms: how long to wait for the disk; 0: not at all
 *
 * Nothing comes any more. May run twice.
 *
 * Returns: whether all is on its way to the disk, as far as is known yet
 */
gboolean
show_journal_writer_finish (ShowJournalWriter *self, guint timeout_ms)
{
  const gint64 end_us = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  gboolean ended = FALSE;

  g_return_val_if_fail (SHOW_IS_JOURNAL_WRITER (self), FALSE);

  if (!self->finishing)
    g_async_queue_push (self->queue, g_new0 (Message, 1));
  self->finishing = TRUE;
  g_mutex_lock (&self->lock);
  while (!self->ended && g_cond_wait_until (&self->cond, &self->lock, end_us))
    continue;
  ended = self->ended;
  g_mutex_unlock (&self->lock);
  return ended;
}

gboolean
show_journal_writer_get_broken (ShowJournalWriter *self)
{
  g_return_val_if_fail (SHOW_IS_JOURNAL_WRITER (self), FALSE);

  return self->broken;
}

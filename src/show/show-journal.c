/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "common-util.h"
#include "show-journal-writer.h"
#include "show-journal.h"

#define MAX_ENTRIES 2000

/* At the very end of the process the last lines may still be on their way. */
#define LAST_WAIT_MS 300

/**
 * ShowJournal:
 *
 * The journal of a show. It names what was done, never a secret.
 */
struct _ShowJournal {
  GObject parent_instance;

  GListStore *entries;
  gboolean live;
  gint64 live_since_us;
  GPtrArray *early;          /* (element-type ShowJournalEntry): on air before there was a file */
  char *coming_path;         /* nullable: of a recording that began, off air */
  char *base_path;           /* nullable */
  ShowJournalWriter *writer; /* nullable */
  ShowJournalWriter *last;   /* nullable: of the time on air before, perhaps not done yet */
  gboolean broken;
};

G_DEFINE_FINAL_TYPE (ShowJournal, show_journal, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_BROKEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_broken (ShowJournal *self, gboolean broken)
{
  if (self->broken == broken)
    return;
  self->broken = broken;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BROKEN]);
}

static void
broken_cb (ShowJournalWriter *writer, GParamSpec *pspec, gpointer user_data)
{
  set_broken (user_data, show_journal_writer_get_broken (writer));
}

static void
close_writer (ShowJournal *self)
{
  if (self->writer == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->writer, self);
  show_journal_writer_finish (self->writer, 0);
  g_clear_object (&self->last);
  self->last = g_steal_pointer (&self->writer);
  g_clear_pointer (&self->base_path, g_free);
  set_broken (self, FALSE);
}

static void
write_entry (ShowJournal *self, ShowJournalEntry *entry)
{
  g_autofree char *text = show_journal_entry_to_text (entry);
  g_autofree char *json = show_journal_entry_to_json (entry);

  show_journal_writer_add (self->writer, text, json);
}

static void
show_journal_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
  case PROP_BROKEN:
    g_value_set_boolean (value, SHOW_JOURNAL (object)->broken);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
show_journal_dispose (GObject *object)
{
  ShowJournal *self = SHOW_JOURNAL (object);

  close_writer (self);
  if (self->last != NULL)
    show_journal_writer_finish (self->last, LAST_WAIT_MS);
  g_clear_object (&self->last);
  g_clear_object (&self->entries);
  g_clear_pointer (&self->early, g_ptr_array_unref);
  g_clear_pointer (&self->coming_path, g_free);
  G_OBJECT_CLASS (show_journal_parent_class)->dispose (object);
}

static void
show_journal_class_init (ShowJournalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = show_journal_get_property;
  object_class->dispose = show_journal_dispose;

  properties[PROP_BROKEN] =
    g_param_spec_boolean ("broken", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
show_journal_init (ShowJournal *self)
{
  self->entries = g_list_store_new (SHOW_TYPE_JOURNAL_ENTRY);
  self->early = g_ptr_array_new_with_free_func (g_object_unref);
}

ShowJournal *
show_journal_new (void)
{
  return g_object_new (SHOW_TYPE_JOURNAL, NULL);
}

/**
 * show_journal_add:
 * @self: a journal
 * @kind: one word, such as `cut`
 * @id: (nullable): of what it is about
 * @format: an English sentence; never with a secret
 *
 * Notes what has just happened.
 */
void
show_journal_add (ShowJournal *self, const char *kind, const char *id, const char *format, ...)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (ShowJournalEntry) entry = NULL;
  g_autofree char *text = NULL;
  va_list arguments;

  g_return_if_fail (SHOW_IS_JOURNAL (self));

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  entry = show_journal_entry_new (
    now, self->live ? (g_get_monotonic_time () - self->live_since_us) / 1000 : -1, kind, id, text);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->entries)) >= MAX_ENTRIES)
    g_list_store_remove (self->entries, 0);
  g_list_store_append (self->entries, entry);
  if (!self->live)
    return;
  if (self->writer != NULL)
    write_entry (self, entry);
  else if (self->early->len < MAX_ENTRIES)
    g_ptr_array_add (self->early, g_object_ref (entry));
}

/**
 * show_journal_begin:
 * @self: a journal
 *
 * The show goes live: what is noted from now on is written, as soon as there is a recording.
 */
void
show_journal_begin (ShowJournal *self)
{
  g_autofree char *path = NULL;

  g_return_if_fail (SHOW_IS_JOURNAL (self));

  close_writer (self);
  g_ptr_array_set_size (self->early, 0);
  self->live = TRUE;
  self->live_since_us = g_get_monotonic_time ();
  path = g_steal_pointer (&self->coming_path);
  show_journal_set_recording (self, path);
}

/**
 * show_journal_set_recording:
 * @self: a journal
 * @path: (nullable): the file of the recording
 *
 * The journal is written beside it, under its name; a recording that goes on in another file takes the
 * journal with it.
 */
void
show_journal_set_recording (ShowJournal *self, const char *path)
{
  const char *dot = path != NULL ? strrchr (path, '.') : NULL;
  g_autofree char *base = NULL;

  g_return_if_fail (SHOW_IS_JOURNAL (self));

  if (path == NULL)
    return;
  /* The recording begins a moment before the show is said to be live. */
  if (!self->live) {
    common_set_string (&self->coming_path, path);
    return;
  }
  base = dot != NULL && strchr (dot, G_DIR_SEPARATOR) == NULL
           ? g_strndup (path, (gsize) (dot - path))
           : g_strdup (path);
  if (g_strcmp0 (base, self->base_path) == 0)
    return;
  close_writer (self);
  self->base_path = g_steal_pointer (&base);
  self->writer = show_journal_writer_new (self->base_path);
  g_signal_connect_object (self->writer, "notify::broken", G_CALLBACK (broken_cb), self, 0);
  for (guint i = 0; i < self->early->len; i++)
    write_entry (self, self->early->pdata[i]);
  g_ptr_array_set_size (self->early, 0);
}

/**
 * show_journal_end:
 * @self: a journal
 *
 * The show is over: what is noted from now on is kept in memory only.
 */
void
show_journal_end (ShowJournal *self)
{
  g_return_if_fail (SHOW_IS_JOURNAL (self));

  self->live = FALSE;
  g_clear_pointer (&self->coming_path, g_free);
  close_writer (self);
}

/**
 * show_journal_get_entries:
 * @self: a journal
 *
 * Returns: (transfer none): of ShowJournalEntry, the newest last
 */
GListModel *
show_journal_get_entries (ShowJournal *self)
{
  g_return_val_if_fail (SHOW_IS_JOURNAL (self), NULL);

  return G_LIST_MODEL (self->entries);
}

gboolean
show_journal_get_broken (ShowJournal *self)
{
  g_return_val_if_fail (SHOW_IS_JOURNAL (self), FALSE);

  return self->broken;
}

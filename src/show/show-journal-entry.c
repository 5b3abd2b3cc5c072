/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-journal-entry.h"

#include <json-glib/json-glib.h>

struct _ShowJournalEntry {
  GObject parent_instance;

  GDateTime *time;
  gint64 live_ms;
  char *kind;
  char *id; /* nullable */
  char *text;
};

G_DEFINE_FINAL_TYPE (ShowJournalEntry, show_journal_entry, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_TIME,
  PROP_LIVE_MS,
  PROP_KIND,
  PROP_ID,
  PROP_TEXT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
show_journal_entry_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ShowJournalEntry *self = SHOW_JOURNAL_ENTRY (object);

  switch (id) {
  case PROP_TIME:
    g_value_set_boxed (value, self->time);
    break;
  case PROP_LIVE_MS:
    g_value_set_int64 (value, self->live_ms);
    break;
  case PROP_KIND:
    g_value_set_string (value, self->kind);
    break;
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;
  case PROP_TEXT:
    g_value_set_string (value, self->text);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
show_journal_entry_finalize (GObject *object)
{
  ShowJournalEntry *self = SHOW_JOURNAL_ENTRY (object);

  g_clear_pointer (&self->time, g_date_time_unref);
  g_free (self->kind);
  g_free (self->id);
  g_free (self->text);
  G_OBJECT_CLASS (show_journal_entry_parent_class)->finalize (object);
}

static void
show_journal_entry_class_init (ShowJournalEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = show_journal_entry_get_property;
  object_class->finalize = show_journal_entry_finalize;

  properties[PROP_TIME] = g_param_spec_boxed ("time", NULL, NULL, G_TYPE_DATE_TIME, ro);
  properties[PROP_LIVE_MS] = g_param_spec_int64 ("live-ms", NULL, NULL, -1, G_MAXINT64, -1, ro);
  properties[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, ro);
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, ro);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
show_journal_entry_init (ShowJournalEntry *self)
{
}

/**
 * show_journal_entry_new:
 * @time: when, in local time
 * @live_ms: how long after the show went live; −1 when it is not
 * @kind: one word
 * @id: (nullable): of what it is about
 * @text: an English sentence; its line breaks become spaces
 *
 * Returns: (transfer full): the entry
 */
ShowJournalEntry *
show_journal_entry_new (GDateTime *time, gint64 live_ms, const char *kind, const char *id,
                        const char *text)
{
  ShowJournalEntry *self = g_object_new (SHOW_TYPE_JOURNAL_ENTRY, NULL);

  self->time = g_date_time_ref (time);
  self->live_ms = live_ms;
  self->kind = g_strdup (kind);
  self->id = g_strdup (id);
  self->text = g_utf8_make_valid (text, -1);
  /* Somebody else may have written it: one entry is one line all the same. */
  for (char *at = self->text; *at != '\0'; at++) {
    if (g_ascii_iscntrl (*at))
      *at = ' ';
  }
  return self;
}

GDateTime *
show_journal_entry_get_time (ShowJournalEntry *self)
{
  g_return_val_if_fail (SHOW_IS_JOURNAL_ENTRY (self), NULL);

  return self->time;
}

gint64
show_journal_entry_get_live_ms (ShowJournalEntry *self)
{
  g_return_val_if_fail (SHOW_IS_JOURNAL_ENTRY (self), -1);

  return self->live_ms;
}

const char *
show_journal_entry_get_kind (ShowJournalEntry *self)
{
  g_return_val_if_fail (SHOW_IS_JOURNAL_ENTRY (self), NULL);

  return self->kind;
}

const char *
show_journal_entry_get_id (ShowJournalEntry *self)
{
  g_return_val_if_fail (SHOW_IS_JOURNAL_ENTRY (self), NULL);

  return self->id;
}

const char *
show_journal_entry_get_text (ShowJournalEntry *self)
{
  g_return_val_if_fail (SHOW_IS_JOURNAL_ENTRY (self), NULL);

  return self->text;
}

/**
 * show_journal_entry_to_text:
 * @self: an entry
 *
 * Returns: (transfer full): a line for people, with the time of day and the time in the recording
 */
char *
show_journal_entry_to_text (ShowJournalEntry *self)
{
  g_autofree char *time = NULL;
  g_autofree char *live = NULL;

  g_return_val_if_fail (SHOW_IS_JOURNAL_ENTRY (self), NULL);

  time = g_date_time_format (self->time, "%F %T");
  if (self->live_ms >= 0)
    live = g_strdup_printf ("%02d:%02d:%02d", (int) (self->live_ms / 3600000),
                            (int) (self->live_ms / 60000 % 60), (int) (self->live_ms / 1000 % 60));
  return g_strdup_printf ("%s  %8s  %-12s %s\n", time, live != NULL ? live : "", self->kind,
                          self->text);
}

/**
 * show_journal_entry_to_json:
 * @self: an entry
 *
 * Returns: (transfer full): a line for programs, as README.md documents it
 */
char *
show_journal_entry_to_json (ShowJournalEntry *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *time = NULL;
  g_autofree char *json = NULL;

  g_return_val_if_fail (SHOW_IS_JOURNAL_ENTRY (self), NULL);

  time = g_date_time_format_iso8601 (self->time);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "time");
  json_builder_add_string_value (builder, time);
  json_builder_set_member_name (builder, "live-ms");
  if (self->live_ms >= 0)
    json_builder_add_int_value (builder, self->live_ms);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "kind");
  json_builder_add_string_value (builder, self->kind);
  json_builder_set_member_name (builder, "id");
  if (self->id != NULL)
    json_builder_add_string_value (builder, self->id);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "text");
  json_builder_add_string_value (builder, self->text);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json = json_to_string (root, FALSE);
  return g_strconcat (json, "\n", NULL);
}

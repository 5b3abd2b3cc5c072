/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-entry.h"

#include "console-destinations.h"
#include "console-patch.h"

/* Quick enough to follow a finger, and rare enough not to drown the show in edits. */
#define FLUSH_MS 60

/**
 * ConsoleEntry:
 *
 * One source or shot, or how the event is recorded or guests reach it, as the event file says it, while a dialog edits it.
 *
 * What is set shows at once in here, and goes to the show, some sixteen times a second at most, by
 * its action, such as `edit-source`. When the show refuses, the old value comes back.
 */
struct _ConsoleEntry {
  GObject parent_instance;

  ShowSession *session;
  ConsoleEntryKind kind;
  char *id;
  JsonObject *members; /* nullable: the entry is not there, or no longer */
  JsonObject *patch;   /* nullable: what the show does not know yet */
  guint flush_id;
};

G_DEFINE_FINAL_TYPE (ConsoleEntry, console_entry, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static JsonObject *
find (ConsoleEntry *self, const char *json)
{
  switch (self->kind) {
  case CONSOLE_ENTRY_SOURCE:
    return console_patch_find_entry (json, "sources", self->id);
  case CONSOLE_ENTRY_SHOT:
    return console_patch_find_entry (json, "shots", self->id);
  case CONSOLE_ENTRY_DESTINATION:
    return console_patch_find_entry (json, "destinations", self->id);
  case CONSOLE_ENTRY_RECORDING:
    return console_patch_find_section (json, "recording");
  case CONSOLE_ENTRY_GUESTS:
    return console_patch_find_section (json, "guests");
  }
  g_return_val_if_reached (NULL);
}

static void
load (ConsoleEntry *self)
{
  g_autofree char *json = event_file_to_json (show_session_get_event (self->session));

  g_clear_pointer (&self->members, json_object_unref);
  self->members = find (self, json);
}

static void
tell_show (ConsoleEntry *self, const char *json)
{
  GActionGroup *actions = show_session_get_actions (self->session);

  switch (self->kind) {
  case CONSOLE_ENTRY_SOURCE:
    g_action_group_activate_action (actions, "edit-source", g_variant_new ("(ss)", self->id, json));
    return;
  case CONSOLE_ENTRY_SHOT:
    g_action_group_activate_action (actions, "edit-shot", g_variant_new ("(ss)", self->id, json));
    return;
  case CONSOLE_ENTRY_DESTINATION:
    g_action_group_activate_action (actions, "edit-destination",
                                    g_variant_new ("(ss)", self->id, json));
    return;
  case CONSOLE_ENTRY_RECORDING:
    g_action_group_activate_action (actions, "edit-recording", g_variant_new_string (json));
    return;
  case CONSOLE_ENTRY_GUESTS:
    g_action_group_activate_action (actions, "edit-guests", g_variant_new_string (json));
    return;
  }
}

static gboolean
flush_cb (gpointer user_data)
{
  ConsoleEntry *self = user_data;

  self->flush_id = 0;
  console_entry_flush (self);
  return G_SOURCE_REMOVE;
}

static void
console_entry_dispose (GObject *object)
{
  ConsoleEntry *self = CONSOLE_ENTRY (object);

  if (self->session != NULL)
    console_entry_flush (self);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_entry_parent_class)->dispose (object);
}

static void
console_entry_finalize (GObject *object)
{
  ConsoleEntry *self = CONSOLE_ENTRY (object);

  g_clear_pointer (&self->members, json_object_unref);
  g_clear_pointer (&self->patch, json_object_unref);
  g_free (self->id);

  G_OBJECT_CLASS (console_entry_parent_class)->finalize (object);
}

static void
console_entry_class_init (ConsoleEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = console_entry_dispose;
  object_class->finalize = console_entry_finalize;

  /**
   * ConsoleEntry::changed:
   *
   * Some value is another one now.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", CONSOLE_TYPE_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
console_entry_init (ConsoleEntry *self)
{
}

/**
 * console_entry_get_list:
 * @session: a show
 * @kind: a kind of which an event has many
 *
 * Returns: (transfer full): all of that kind, each with the properties "id" and "title"
 */
GListModel *
console_entry_get_list (ShowSession *session, ConsoleEntryKind kind)
{
  switch (kind) {
  case CONSOLE_ENTRY_SOURCE:
    return g_object_ref (show_session_get_sources (session));
  case CONSOLE_ENTRY_SHOT:
    return g_object_ref (show_session_get_shots (session));
  case CONSOLE_ENTRY_DESTINATION:
    return console_destinations_new (session);
  case CONSOLE_ENTRY_RECORDING:
  case CONSOLE_ENTRY_GUESTS:
    break;
  }
  g_return_val_if_reached (NULL);
}

ConsoleEntry *
console_entry_new (ShowSession *session, ConsoleEntryKind kind, const char *id)
{
  ConsoleEntry *self = g_object_new (CONSOLE_TYPE_ENTRY, NULL);

  self->session = g_object_ref (session);
  self->kind = kind;
  self->id = g_strdup (id);
  load (self);
  return self;
}

const char *
console_entry_get_id (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return self->id;
}

ShowSession *
console_entry_get_session (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return self->session;
}

gboolean
console_entry_exists (ConsoleEntry *self)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), FALSE);

  return self->members != NULL;
}

/**
 * console_entry_get:
 * @self: an entry
 * @path: a key, or several with “/” between: each inside the one before
 *
 * Returns: (transfer none) (nullable): its value, or `NULL` when the entry does not say
 */
JsonNode *
console_entry_get (ConsoleEntry *self, const char *path)
{
  g_return_val_if_fail (CONSOLE_IS_ENTRY (self), NULL);

  return self->members != NULL ? console_patch_get (self->members, path) : NULL;
}

const char *
console_entry_get_string (ConsoleEntry *self, const char *path, const char *fallback)
{
  JsonNode *node = console_entry_get (self, path);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : fallback;
}

double
console_entry_get_number (ConsoleEntry *self, const char *path, double fallback)
{
  JsonNode *node = console_entry_get (self, path);
  const GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : fallback;
}

gboolean
console_entry_get_boolean (ConsoleEntry *self, const char *path, gboolean fallback)
{
  JsonNode *node = console_entry_get (self, path);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN
           ? json_node_get_boolean (node)
           : fallback;
}

/**
 * console_entry_get_strings:
 * @self: an entry
 * @path: as for console_entry_get ()
 *
 * Returns: (transfer full): the texts of a list, perhaps none
 */
char **
console_entry_get_strings (ConsoleEntry *self, const char *path)
{
  JsonNode *node = console_entry_get (self, path);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return g_strv_builder_end (builder);

  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++) {
    JsonNode *element = json_array_get_element (json_node_get_array (node), i);

    if (json_node_get_value_type (element) == G_TYPE_STRING)
      g_strv_builder_add (builder, json_node_get_string (element));
  }
  return g_strv_builder_end (builder);
}

/**
 * console_entry_set:
 * @self: an entry
 * @path: as for console_entry_get ()
 * @value: (transfer full) (nullable): the new value; `NULL` forgets it
 */
void
console_entry_set (ConsoleEntry *self, const char *path, JsonNode *value)
{
  g_return_if_fail (CONSOLE_IS_ENTRY (self));

  /* Others may have edited the event since. */
  if (self->patch == NULL)
    load (self);
  if (self->members == NULL) {
    g_clear_pointer (&value, json_node_unref);
    return;
  }

  if (self->patch == NULL)
    self->patch = json_object_new ();
  console_patch_set (self->patch, self->members, path, value);
  if (self->flush_id == 0)
    self->flush_id = g_timeout_add (FLUSH_MS, flush_cb, self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
console_entry_set_string (ConsoleEntry *self, const char *path, const char *value)
{
  JsonNode *node = NULL;

  if (value != NULL)
    node = json_node_init_string (json_node_alloc (), value);
  console_entry_set (self, path, node);
}

void
console_entry_set_strings (ConsoleEntry *self, const char *path, const char *const *values)
{
  JsonArray *array = json_array_new ();
  JsonNode *node = json_node_init_array (json_node_alloc (), array);

  for (gsize i = 0; values[i] != NULL; i++)
    json_array_add_string_element (array, values[i]);
  json_array_unref (array);
  console_entry_set (self, path, node);
}

/**
 * console_entry_flush:
 * @self: an entry
 *
 * Gives the show at once what it does not know yet.
 */
void
console_entry_flush (ConsoleEntry *self)
{
  g_autoptr (JsonObject) patch = NULL;
  g_autofree char *json = NULL;

  g_return_if_fail (CONSOLE_IS_ENTRY (self));

  g_clear_handle_id (&self->flush_id, g_source_remove);
  if (self->patch == NULL)
    return;

  patch = g_steal_pointer (&self->patch);
  json = console_patch_to_json (patch);
  tell_show (self, json);
  load (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "event-types.h"

G_BEGIN_DECLS

/* For this room only. */

/**
 * EventReader:
 *
 * Takes values out of a JSON tree and checks them.
 *
 * It keeps the first thing that is wrong, in words; after that every call does nothing and returns
 * the fallback. So a record is read line by line and asked once, at the end, whether it is good.
 */
typedef struct {
  const char *name; /* borrowed: the file, for messages */
  GString *path; /* owned: where in the tree we are, such as “sources[1]”; empty at the top */
  GError *error; /* owned (nullable) */
} EventReader;

typedef gpointer (*EventReaderFunc) (EventReader *self, JsonObject *object, gpointer user_data);

void event_reader_init (EventReader *self, const char *name);
void event_reader_clear (EventReader *self);

void event_reader_fail (EventReader *self, const char *key, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
void event_reader_fail_value (EventReader *self, const char *key, JsonNode *node,
                              const char *expected);
gsize event_reader_enter (EventReader *self, const char *key);
void event_reader_leave (EventReader *self, gsize mark);
char *event_reader_suggest (const char *word, const char *const *known);

JsonObject *event_reader_object (EventReader *self, JsonObject *object, const char *key);
gboolean event_reader_boolean (EventReader *self, JsonObject *object, const char *key,
                               gboolean fallback);
int event_reader_int (EventReader *self, JsonObject *object, const char *key, int lowest,
                      int highest, int fallback);
double event_reader_double (EventReader *self, JsonObject *object, const char *key, double lowest,
                            double highest, double fallback);
int event_reader_choice (EventReader *self, JsonObject *object, const char *key,
                         const char *const *choices, int fallback);
char *event_reader_string (EventReader *self, JsonObject *object, const char *key,
                           guint longest_chars, const char *fallback);
char *event_reader_optional_string (EventReader *self, JsonObject *object, const char *key,
                                    guint longest_chars);
char *event_reader_text (EventReader *self, JsonObject *object, const char *key,
                         guint longest_chars);
char *event_reader_colour (EventReader *self, JsonObject *object, const char *key,
                           const char *fallback);
GStrv event_reader_strings (EventReader *self, JsonObject *object, const char *key, guint most,
                            guint longest_chars);
GPtrArray *event_reader_records (EventReader *self, JsonObject *object, const char *key,
                                 guint fewest, guint most, EventReaderFunc read_record,
                                 GDestroyNotify free_record, gpointer user_data);

/* Goes to the object under the key and back; an empty one stands in for none, so that defaults hold. */
#define EVENT_READER_SECTION(reader, object, key, read, record)                \
  G_STMT_START                                                                 \
  {                                                                            \
    JsonObject *found_section = event_reader_object (reader, object, key);     \
    g_autoptr (JsonObject) no_section = json_object_new ();                    \
    const gsize section_mark = event_reader_enter (reader, key);               \
    read (reader, found_section != NULL ? found_section : no_section, record); \
    event_reader_leave (reader, section_mark);                                 \
  }                                                                            \
  G_STMT_END

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "event-list.h"

const char *const event_corners[] = { "top-left", "top-right", "bottom-left", "bottom-right",
                                      NULL };

/**
 * event_list_read_id:
 * @reader: a reader
 * @object: an entry of the list
 * @list: the list; it keeps the id
 *
 * Returns: (transfer full) (nullable): the entry's id, which no other entry has; `NULL` on error
 */
char *
event_list_read_id (EventReader *reader, JsonObject *object, EventList *list)
{
  char *id = event_reader_string (reader, object, "id", EVENT_MAX_ID_CHARS, NULL);

  if (id == NULL)
    return NULL;
  if (id[strspn (id, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-")] != '\0')
    event_reader_fail (reader, "id", "is “%s”, expected letters A to Z, digits, “-” and “_” only",
                       id);
  else if (!g_hash_table_add (list->ids, g_strdup (id)))
    event_reader_fail (reader, "id", "is “%s”, expected one that no other entry has", id);
  return id;
}

/**
 * event_list_read_title:
 * @reader: a reader
 * @object: an entry of the list
 * @id: (nullable): its id, which does as a title
 *
 * Returns: (transfer full) (nullable): the entry's title; `NULL` on error
 */
char *
event_list_read_title (EventReader *reader, JsonObject *object, const char *id)
{
  return event_reader_string (reader, object, "title", EVENT_MAX_TITLE_CHARS, id != NULL ? id : "");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "event-list.h"

/* Arrangements of sources: the entries of “shots”. */

#define N_KEYS       9
#define N_USUAL_KEYS 8

/* In the order of EventLayout; fewest and most sources. */
static const char *const layouts[] = { "full",
                                       "side-by-side",
                                       "picture-in-picture",
                                       "slides-and-speaker",
                                       "slides-and-two",
                                       "everyone",
                                       "pause",
                                       NULL };
static const guint fewest[] = { 1, 2, 2, 2, 3, 1, 0 };
static const guint most[] = { 1, 2, 2, 2, 3, EVENT_MAX_SOURCES, 0 };

/**
 * event_shot_free:
 * @self: a shot's record
 */
void
event_shot_free (EventShot *self)
{
  g_free (self->id);
  g_free (self->title);
  g_strfreev (self->sources);
  g_free (self->background);
  g_free (self);
}

/* Every id is a source's, and none is there twice. */
static void
check_sources (EventReader *reader, EventShot *self, EventList *list)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; i < list->contents->sources->len; i++)
    g_ptr_array_add (ids, ((EventSource *) list->contents->sources->pdata[i])->id);
  g_ptr_array_add (ids, NULL);

  for (guint i = 0; self->sources[i] != NULL; i++) {
    const char *id = self->sources[i];
    g_autofree char *key = g_strdup_printf ("sources[%u]", i);
    g_autofree char *hint = event_reader_suggest (id, (const char *const *) ids->pdata);

    if (!g_strv_contains ((const char *const *) ids->pdata, id))
      event_reader_fail (reader, key, "is “%s”, expected the id of a source%s", id, hint);
    else if (!g_hash_table_add (seen, self->sources[i]))
      event_reader_fail (reader, key, "is “%s” again, expected another source", id);
  }
}

static void
check_places (EventReader *reader, EventShot *self)
{
  const guint n_sources = g_strv_length (self->sources);
  const guint low = fewest[self->layout], high = most[self->layout];

  if (n_sources >= low && n_sources <= high)
    return;
  if (low == high)
    event_reader_fail (reader, "sources", "has %u, expected %u, since the layout is %s", n_sources,
                       low, layouts[self->layout]);
  else
    event_reader_fail (reader, "sources", "has %u, expected %u to %u, since the layout is %s",
                       n_sources, low, high, layouts[self->layout]);
}

/**
 * event_shot_read:
 * @reader: a reader
 * @object: an entry of “shots”
 * @list: an EventList; sources and graphics have been read
 *
 * Returns: (transfer full): the record; its key is −1 if the file does not say one
 */
gpointer
event_shot_read (EventReader *reader, JsonObject *object, gpointer list)
{
  EventShot *self = g_new0 (EventShot, 1);
  const EventGraphics *graphics = &((EventList *) list)->contents->graphics;

  self->id = event_list_read_id (reader, object, list);
  self->title = event_list_read_title (reader, object, self->id);
  self->layout = (EventLayout) event_reader_choice (reader, object, "layout", layouts, -1);
  self->corner = (EventCorner) event_reader_choice (reader, object, "corner", event_corners,
                                                    EVENT_CORNER_BOTTOM_RIGHT);
  self->sources =
    event_reader_strings (reader, object, "sources", EVENT_MAX_SOURCES, EVENT_MAX_ID_CHARS);
  check_places (reader, self);
  check_sources (reader, self, list);
  self->key = event_reader_int (reader, object, "key", 0, N_KEYS, -1);
  self->background =
    event_reader_optional_string (reader, object, "background", EVENT_MAX_PATH_CHARS);
  self->logo = event_reader_boolean (reader, object, "logo", TRUE);
  self->logo_position =
    (EventCorner) event_reader_choice (reader, object, "logo-position", event_corners,
                                       (int) graphics->logo_position);
  self->logo_size = event_reader_double (reader, object, "logo-size", EVENT_MIN_LOGO_SIZE,
                                         EVENT_MAX_LOGO_SIZE, graphics->logo_size);
  self->logo_opacity = event_reader_double (reader, object, "logo-opacity", EVENT_MIN_LOGO_OPACITY,
                                            1, graphics->logo_opacity);
  return self;
}

/**
 * event_shot_give_keys:
 * @reader: a reader, at the top of the file
 * @contents: the shots
 *
 * No digit takes two shots. The first eight shots that do not say theirs get those that are left, in
 * their order.
 */
void
event_shot_give_keys (EventReader *reader, const EventContents *contents)
{
  const EventShot *owners[N_KEYS + 1] = { NULL };
  int next = 1;
  guint n_given = 0;

  for (guint i = 0; i < contents->shots->len; i++) {
    const EventShot *shot = contents->shots->pdata[i];
    g_autofree char *key = g_strdup_printf ("shots[%u].key", i);

    if (shot->key <= 0)
      continue;
    if (owners[shot->key] != NULL)
      event_reader_fail (reader, key, "is %d, expected one that “%s” does not have", shot->key,
                         owners[shot->key]->id);
    owners[shot->key] = shot;
  }
  for (guint i = 0; i < contents->shots->len; i++) {
    EventShot *shot = contents->shots->pdata[i];

    if (shot->key >= 0)
      continue;
    while (next <= N_KEYS && owners[next] != NULL)
      next++;
    shot->key = next <= N_KEYS && n_given < N_USUAL_KEYS ? next++ : 0;
    n_given++;
  }
}

/**
 * event_shot_get_layout_name:
 * @layout: a layout
 *
 * Returns: as the event file says it, such as `side-by-side`
 */
const char *
event_shot_get_layout_name (EventLayout layout)
{
  return layouts[layout];
}

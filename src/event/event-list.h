/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-contents.h"

G_BEGIN_DECLS

/* For this room only. */

#define EVENT_MAX_SOURCES       16
#define EVENT_MAX_ID_CHARS      64
#define EVENT_MAX_ADDRESS_CHARS 2000
#define EVENT_MAX_PATH_CHARS    1000

/**
 * EventList:
 *
 * What reading the entries of one list needs to know.
 */
typedef struct {
  EventContents *contents; /* borrowed: what was read before */
  GHashTable *ids;         /* the list's ids so far */
} EventList;

extern const char *const event_corners[]; /* in the order of EventCorner */

char *event_list_read_id (EventReader *reader, JsonObject *object, EventList *list);
char *event_list_read_title (EventReader *reader, JsonObject *object, const char *id);

/* Of event-source.c and event-shot.c: one entry each, for event_reader_records (). */
gpointer event_source_read (EventReader *reader, JsonObject *object, gpointer list);
void event_source_free (EventSource *self);
void event_source_check_films (EventReader *reader, const EventContents *contents);
gpointer event_shot_read (EventReader *reader, JsonObject *object, gpointer list);
void event_shot_free (EventShot *self);
void event_shot_give_keys (EventReader *reader, const EventContents *contents);
const char *event_shot_get_layout_name (EventLayout layout);

/* Of event-destination.c. */
gpointer event_destination_read (EventReader *reader, JsonObject *object, gpointer list);
void event_destination_free (EventDestination *self);

/* Of event-alarms.c. */
void event_alarms_read (EventReader *reader, JsonObject *object, EventAlarms *self);
void event_alarms_clear (EventAlarms *self);

/* Of event-posts.c. */
void event_posts_read (EventReader *reader, JsonObject *object, EventPosts *self);
void event_posts_clear (EventPosts *self);

/* Of event-guests.c. */
void event_guests_read (EventReader *reader, JsonObject *object, EventGuests *self);
void event_guests_check (EventReader *reader, const EventContents *contents);
void event_guests_clear (EventGuests *self);

G_END_DECLS

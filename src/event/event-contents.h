/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-reader.h"

G_BEGIN_DECLS

/* For this room only. */

/**
 * EventContents:
 *
 * The records of an event file.
 */
typedef struct {
  char *title;
  char *language;
  EventProgram program;
  EventGraphics graphics;
  EventRecording recording;
  EventPosts posts;
  EventLivePage live_page;
  EventAlarms alarms;
  EventGuests guests;
  GPtrArray *sources;      /* (element-type EventSource) */
  GPtrArray *shots;        /* (element-type EventShot) */
  GPtrArray *talks;        /* (element-type EventTalk) */
  GPtrArray *destinations; /* (element-type EventDestination) */
} EventContents;

#define EVENT_VERSION          1
#define EVENT_MAX_TITLE_CHARS  200
#define EVENT_MIN_LOGO_SIZE    0.25
#define EVENT_MAX_LOGO_SIZE    3
#define EVENT_MIN_LOGO_OPACITY 0.1

EventContents *event_contents_new (JsonNode *root, const char *name, GError **error);
void event_contents_free (EventContents *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EventContents, event_contents_free)

G_END_DECLS

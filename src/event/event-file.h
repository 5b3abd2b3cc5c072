/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-types.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define EVENT_TYPE_FILE (event_file_get_type ())
G_DECLARE_FINAL_TYPE (EventFile, event_file, EVENT, FILE, GObject)

/* Properties: "title" string · "modified" boolean: there is something to save · "savable" boolean: it
 * can be saved where it is · "path" string, nullable. Signal "changed" (): sources or shots are others now. */
EventFile *event_file_load (const char *path, GError **error);
EventFile *event_file_parse (const char *json, gssize length, const char *path, GError **error);
gboolean event_file_save (EventFile *self, const char *path, GError **error);
void event_file_save_async (EventFile *self, const char *path, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
gboolean event_file_save_finish (EventFile *self, GAsyncResult *result, GError **error);
gboolean event_file_get_modified (EventFile *self);
void event_file_set_unsaved (EventFile *self);
gboolean event_file_get_savable (EventFile *self);
char *event_file_to_json (EventFile *self);

gboolean event_file_add (EventFile *self, EventEntries entries, const char *json, GError **error);
gboolean event_file_edit (EventFile *self, EventEntries entries, const char *id, const char *json,
                          GError **error);
gboolean event_file_remove (EventFile *self, EventEntries entries, const char *id, GError **error);
gboolean event_file_edit_recording (EventFile *self, const char *json, GError **error);
gboolean event_file_edit_guests (EventFile *self, const char *json, GError **error);
gboolean event_file_edit_posts (EventFile *self, const char *json, GError **error);
gboolean event_file_move (EventFile *self, EventEntries entries, const char *id, int index,
                          GError **error);

const char *event_file_get_path (EventFile *self);
char *event_file_resolve (EventFile *self, const char *relative_path);

const char *event_file_get_title (EventFile *self);
void event_file_set_title (EventFile *self, const char *title);
const char *event_file_get_language (EventFile *self);
const EventProgram *event_file_get_program (EventFile *self);
const EventGraphics *event_file_get_graphics (EventFile *self);
const EventRecording *event_file_get_recording (EventFile *self);
const EventPosts *event_file_get_posts (EventFile *self);
const EventLivePage *event_file_get_live_page (EventFile *self);
const EventAlarms *event_file_get_alarms (EventFile *self);
const EventGuests *event_file_get_guests (EventFile *self);

GPtrArray *event_file_get_sources (EventFile *self);
GPtrArray *event_file_get_shots (EventFile *self);
GPtrArray *event_file_get_talks (EventFile *self);
GPtrArray *event_file_get_destinations (EventFile *self);
const EventDestination *event_file_find_destination (EventFile *self, const char *id);

G_END_DECLS

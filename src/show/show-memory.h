/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define SHOW_TYPE_MEMORY (show_memory_get_type ())
G_DECLARE_FINAL_TYPE (ShowMemory, show_memory, SHOW, MEMORY, GObject)

/* Main thread only; the disk is written in another. */
ShowMemory *show_memory_new (const char *event_path);
const char *show_memory_get_path (ShowMemory *self);
void show_memory_keep (ShowMemory *self, JsonNode *state);
void show_memory_forget (ShowMemory *self);
void show_memory_wait (ShowMemory *self);

/* What a show that was interrupted left behind. */
typedef struct {
  char *path;       /* of the file that was read */
  char *event_path; /* absolute */
  GDateTime *time;  /* when it was last known to be running, local */
  JsonObject *state;
} ShowMemories;

ShowMemories *show_memory_load (const char *event_path, GError **error);
ShowMemories *show_memory_load_newest (void);
void show_memories_free (ShowMemories *memories);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShowMemories, show_memories_free)

G_END_DECLS

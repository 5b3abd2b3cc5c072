/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* How a show is arranged, as JSON and back: what is on air and next, sound, graphics, talk, posts. */
JsonNode *show_snapshot_take (ShowSession *session);
void show_snapshot_apply (ShowSession *session, JsonObject *state);

/* What is read from JSON that may be anything: absent when it is of another type. */
const char *show_snapshot_get_string (JsonObject *object, const char *name);
gint64 show_snapshot_get_int (JsonObject *object, const char *name, gint64 otherwise);
gboolean show_snapshot_get_boolean (JsonObject *object, const char *name);
JsonObject *show_snapshot_get_object (JsonObject *object, const char *name);

G_END_DECLS

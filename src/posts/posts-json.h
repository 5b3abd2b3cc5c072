/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* JSON from the network: any bytes. What is absent, and what has another type, reads the same.
 * Any thread. */
JsonNode *posts_json_parse (const char *data, gsize length, GError **error);
JsonObject *posts_json_parse_object (const char *data, gsize length, JsonNode **root,
                                     GError **error);

const char *posts_json_string (JsonObject *object, const char *name);
JsonObject *posts_json_object (JsonObject *object, const char *name);
JsonArray *posts_json_array (JsonObject *object, const char *name);
gint64 posts_json_int (JsonObject *object, const char *name, gint64 otherwise);
gboolean posts_json_flag (JsonObject *object, const char *name);
GDateTime *posts_json_date (JsonObject *object, const char *name);
guint posts_json_length (JsonArray *array);
JsonObject *posts_json_object_at (JsonArray *array, guint index);
const char *posts_json_string_at (JsonArray *array, guint index);

G_END_DECLS

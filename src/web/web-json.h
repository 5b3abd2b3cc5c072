/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A message of a stranger. What is absent, and what is not as it must be, reads the same. */
JsonNode *web_json_parse (const char *text, gsize length, gsize max_bytes);
gboolean web_json_read_string (JsonObject *object, const char *name, gsize max_bytes,
                               const char **value);
gboolean web_json_read_number (JsonObject *object, const char *name, double min, double max,
                               double *value);
gboolean web_json_read_integer (JsonObject *object, const char *name, gint64 max, gint64 *value);
gboolean web_json_read_flag (JsonObject *object, const char *name, gboolean *value);

G_END_DECLS

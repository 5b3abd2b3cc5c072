/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "event-types.h"

G_BEGIN_DECLS

/* For this room only. */

#define EVENT_JSON_MAX_DEPTH 64

JsonNode *event_json_parse (const char *text, gsize length, const char *name, GError **error);
char *event_json_write (JsonNode *root);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _WebWords WebWords;

/* What a page is told, one message. */
WebWords *web_words_new (const char *type);
WebWords *web_words_text (WebWords *self, const char *name, const char *value);
WebWords *web_words_number (WebWords *self, const char *name, gint64 value);
WebWords *web_words_flag (WebWords *self, const char *name, gboolean value);
WebWords *web_words_node (WebWords *self, const char *name, JsonNode *value);
char *web_words_end (WebWords *self);

G_END_DECLS

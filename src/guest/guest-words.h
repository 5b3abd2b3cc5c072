/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _GuestWords GuestWords;

/* What a guest's page is told, one message. */
GuestWords *guest_words_new (const char *type);
GuestWords *guest_words_text (GuestWords *self, const char *name, const char *value);
GuestWords *guest_words_number (GuestWords *self, const char *name, gint64 value);
GuestWords *guest_words_flag (GuestWords *self, const char *name, gboolean value);
GuestWords *guest_words_node (GuestWords *self, const char *name, JsonNode *value);
char *guest_words_end (GuestWords *self);

G_END_DECLS

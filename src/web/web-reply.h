/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Answers to a browser. */
const char *web_reply_get_header (SoupServerMessage *message, const char *name);
void web_reply_secure (SoupServerMessage *message, const char *permissions);
void web_reply_status (SoupServerMessage *message, guint status, const char *allow);
void web_reply_text (SoupServerMessage *message, const char *text);
void web_reply_page (SoupServerMessage *message, const char *resources, const char *path);
gboolean web_reply_origin_is (SoupServerMessage *message, const char *public_uri);
char *web_reply_get_bearer (SoupServerMessage *message);

G_END_DECLS

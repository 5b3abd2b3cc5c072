/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Answers to a browser. */
const char *guest_reply_get_header (SoupServerMessage *message, const char *name);
void guest_reply_secure (SoupServerMessage *message);
void guest_reply_share (SoupServerMessage *message);
void guest_reply_status (SoupServerMessage *message, guint status, const char *allow);
void guest_reply_text (SoupServerMessage *message, const char *text);
void guest_reply_page (SoupServerMessage *message, const char *path);
gboolean guest_reply_origin_is (SoupServerMessage *message, const char *public_uri);
char *guest_reply_get_bearer (SoupServerMessage *message);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void livepage_reply_secure (SoupServerMessage *message);
void livepage_reply_share (SoupServerMessage *message);
gboolean livepage_reply_names_loopback (SoupServerMessage *message);
void livepage_reply_status (SoupServerMessage *message, guint status);
void livepage_reply_media (SoupServerMessage *message, const char *type, GBytes *bytes);
void livepage_reply_playlist (SoupServerMessage *message, const char *playlist);
void livepage_reply_tagged (SoupServerMessage *message, const char *type, GBytes *bytes);

G_END_DECLS

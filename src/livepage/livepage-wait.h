/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * LivepageWait:
 *
 * Requests that are answered when something changes, or after WAIT_S seconds: what an author takes back
 * leaves everyone's page at once, and nobody has to ask again and again. Main thread only.
 */
typedef struct _LivepageWait LivepageWait;

typedef void (*LivepageWaitFunc) (SoupServerMessage *message, gpointer user_data);

LivepageWait *livepage_wait_new (LivepageWaitFunc answer, gpointer user_data);
void livepage_wait_free (LivepageWait *self);
gboolean livepage_wait_add (LivepageWait *self, SoupServerMessage *message);
void livepage_wait_wake (LivepageWait *self);
void livepage_wait_flush (LivepageWait *self);

G_END_DECLS

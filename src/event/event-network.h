/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-reader.h"
#include "event-types.h"

G_BEGIN_DECLS

/* For this room only. */

gpointer event_network_read (EventReader *reader, JsonObject *object, gpointer user_data);
void event_network_free (EventNetwork *self);
gboolean event_network_needs_tags (const EventNetwork *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-reader.h"

G_BEGIN_DECLS

/* For this room only. */

gboolean event_address_is_uri (const char *text);
void event_address_check_source (EventReader *reader, const char *key, const char *address);
void event_address_check_destination (EventReader *reader, const char *key, const char *url,
                                      const char *const *schemes);
void event_address_check_own (EventReader *reader, const char *key, const char *address);
void event_address_check_host (EventReader *reader, const char *key, const char *host);

G_END_DECLS

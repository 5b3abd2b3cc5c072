/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

G_BEGIN_DECLS

#define CONSOLE_TYPE_DESTINATION (console_destination_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleDestination, console_destination, CONSOLE, DESTINATION, GObject)

/* Properties: "id" string · "title" string */

GListModel *console_destinations_new (ShowSession *session);
const EventDestination *console_destinations_find (ShowSession *session, const char *id);
gboolean console_destinations_put (ShowSession *session, const char *id, gboolean is_new,
                                   const char *json, const char *url);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-services.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* How a show gets to a destination, as the operator chooses it. */
typedef struct {
  EventDestinationKind kind;
  gboolean folder; /* HLS: onto a disk, and no server */
} ConsoleWay;

GArray *console_ways_new (const ShowService *service);
guint console_ways_find (GArray *ways, EventDestinationKind kind, gboolean folder);
GListModel *console_ways_create_titles (GArray *ways);
const char *console_way_get_title (const ConsoleWay *way);
const char *console_way_get_praise (const ConsoleWay *way);
const char *console_way_get_example (const ConsoleWay *way);
const char *console_way_get_kind (const ConsoleWay *way);
gboolean console_way_has_key (const ConsoleWay *way);
gboolean console_way_needs_key (const ConsoleWay *way, const ShowService *service);
gboolean console_way_has_backup (const ConsoleWay *way);
guint console_way_get_key_kinds (const ConsoleWay *way, const EventKeyKind **kinds);
guint console_way_find_key_kind (const ConsoleWay *way, EventKeyKind kind);
GListModel *console_way_create_key_names (const ConsoleWay *way, const ShowService *service);
char *console_way_check_address (const ConsoleWay *way, const ShowService *service,
                                 const char *text);
char *console_way_check_key (const ConsoleWay *way, const ShowService *service,
                             EventKeyKind key_kind, const char *text);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-file.h"

G_BEGIN_DECLS

/* The files beside an event, which a sandbox may not see. */
gboolean show_files_is_alone (const char *path);
char *show_files_find_missing (EventFile *event);
char *show_files_make_name (EventFile *event, const char *path);
GStrv show_files_list_events (const char *folder);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <event-types.h>

G_BEGIN_DECLS

GDateTime *show_until_get_now (GPtrArray *talks);
gboolean show_until_parse (const char *text, GDateTime *now, gint64 *until_s);

G_END_DECLS

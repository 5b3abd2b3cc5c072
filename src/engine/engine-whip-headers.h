/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

GStrv engine_whip_parse_links (const char *header);
guint engine_whip_parse_retry_after (const char *header, gint64 now_s);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Any thread. */
gboolean engine_address_has_scheme (const char *uri, const char *const *schemes);
gboolean engine_address_is_listener (const char *uri);
char *engine_address_describe (const char *uri);
char *engine_address_hide_secrets (const char *uri, const char *message);

G_END_DECLS

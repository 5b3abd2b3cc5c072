/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WEB_TOKEN_LENGTH 27

char *web_token_new (void);
gboolean web_token_is_valid (const char *token);
gboolean web_token_equal (const char *a, const char *b);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *posts_fold (const char *text);
char *posts_fold_variants (const char *text);

G_END_DECLS

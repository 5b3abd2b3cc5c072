/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Word lists for folded text: whole words, `*` is any end of a word, the rest a regular
 * expression. Each ends with NULL. */
extern const char *const _posts_rules_permitted[];
extern const char *const _posts_rules_adult[];
extern const char *const _posts_rules_weak[];
extern const char *const _posts_rules_hints[];
extern const char *const _posts_rules_contacts[];
extern const char *const _posts_rules_insults[];
extern const char *const _posts_rules_money[];
extern const char *const _posts_rules_appeals[];

G_END_DECLS

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

/* Nullable: there is no word. */
GRegex *_posts_rules_compile (const char *const *words);

/* Any thread. */
gboolean _posts_rules_has_account_number (const char *text);
gboolean _posts_rules_is_disguised (const char *text);
gboolean _posts_rules_has_suggestive_emoji (const char *text);
gboolean _posts_rules_is_noisy (const char *text);

G_END_DECLS

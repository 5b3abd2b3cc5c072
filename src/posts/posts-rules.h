/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-item.h"

G_BEGIN_DECLS

#define POSTS_TYPE_RULES (posts_rules_get_type ())
G_DECLARE_FINAL_TYPE (PostsRules, posts_rules, POSTS, RULES, GObject)

PostsRules *posts_rules_new (void);
void posts_rules_set_allowed_hosts (PostsRules *self, const char *const *hosts);
PostsReason posts_rules_check (PostsRules *self, PostsPost *post);

G_END_DECLS

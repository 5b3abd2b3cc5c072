/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-item.h"

G_BEGIN_DECLS

#define POSTS_TYPE_RULES (posts_rules_get_type ())
G_DECLARE_FINAL_TYPE (PostsRules, posts_rules, POSTS, RULES, GObject)

/**
 * PostsVerdict:
 * @POSTS_VERDICT_PASS: nothing is wrong with it; a human still says yes or no
 * @POSTS_VERDICT_HOLD: a human should look at it twice
 * @POSTS_VERDICT_HIDE: nobody needs to see it, unless they look for it
 */
typedef enum {
  POSTS_VERDICT_PASS,
  POSTS_VERDICT_HOLD,
  POSTS_VERDICT_HIDE,
} PostsVerdict;

/**
 * PostsWords:
 * @POSTS_WORDS_HIDDEN: posts with them are hidden
 * @POSTS_WORDS_HELD: posts with them are held back
 * @POSTS_WORDS_ALLOWED: they count for no rule about words
 *
 * An event's own words.
 */
typedef enum {
  POSTS_WORDS_HIDDEN,
  POSTS_WORDS_HELD,
  POSTS_WORDS_ALLOWED,
} PostsWords;

PostsRules *posts_rules_new (void);
void posts_rules_set_allowed_hosts (PostsRules *self, const char *const *hosts);
void posts_rules_set_languages (PostsRules *self, const char *const *languages);
void posts_rules_set_words (PostsRules *self, PostsWords list, const char *const *words);
void posts_rules_switch_off (PostsRules *self, PostsReason rules);
void posts_rules_trust_author (PostsRules *self, const char *author_id, const char *name);
void posts_rules_distrust_author (PostsRules *self, const char *author_id);
gboolean posts_rules_trusts_author (PostsRules *self, const char *author_id);
PostsReason posts_rules_check (PostsRules *self, PostsPost *post, PostsVerdict *verdict);

G_END_DECLS

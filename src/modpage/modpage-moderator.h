/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "modpage-message.h"
#include "web-line.h"

G_BEGIN_DECLS

#define MODPAGE_TYPE_MODERATOR (modpage_moderator_get_type ())
G_DECLARE_FINAL_TYPE (ModpageModerator, modpage_moderator, MODPAGE, MODERATOR, GObject)

/* Main thread only. Signals: "hello" (char *token, char *me) → gboolean: is it a moderator's? "acted"
 * (PostsAct, char *post_id): a decision that took effect; %POSTS_ACT_NONE and an empty id: the one
 * before was taken back. "closed" (): once. */
ModpageModerator *modpage_moderator_new (WebLine *line, PostsDesk *desk);
WebLine *modpage_moderator_get_line (ModpageModerator *self);
gboolean modpage_moderator_get_welcome (ModpageModerator *self);
void modpage_moderator_welcome (ModpageModerator *self, const char *title);
void modpage_moderator_set_facts (ModpageModerator *self, gboolean may_show, guint n_moderators);
void modpage_moderator_touch (ModpageModerator *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "modpage-message.h"

G_BEGIN_DECLS

/**
 * ModpageView:
 *
 * What one moderator sees of the desk: a part of one list, and what of it his page has already.
 */
typedef struct _ModpageView ModpageView;

ModpageView *modpage_view_new (PostsDesk *desk, GCallback item_changed, GObject *for_whom);
void modpage_view_free (ModpageView *self);
void modpage_view_look_at (ModpageView *self, ModpageList list, guint count);
char *modpage_view_tell (ModpageView *self);

GListModel *modpage_view_get_list (PostsDesk *desk, ModpageList list);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ModpageView, modpage_view_free)

G_END_DECLS

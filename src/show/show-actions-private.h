/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session-private.h"

G_BEGIN_DECLS

/* The files show-actions-*.c add one group of actions each. */

typedef void (*ShowActionsUpdate) (ShowSession *self);

void _show_actions_finish (ShowSession *self, gboolean done, GError *error);

void _show_actions_follow_sources (ShowSession *self, const char *const *signals,
                                   ShowActionsUpdate update);

void _show_actions_add_destinations (ShowSession *self);
void _show_actions_add_edit (ShowSession *self);
void _show_actions_add_sound (ShowSession *self);
void _show_actions_add_exports (ShowSession *self);
void _show_actions_add_graphics (ShowSession *self);
void _show_actions_add_guests (ShowSession *self);
void _show_actions_add_posts (ShowSession *self);
void _show_actions_add_sources (ShowSession *self);

G_END_DECLS

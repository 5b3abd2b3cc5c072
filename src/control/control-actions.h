/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void control_export_actions (GActionMap *map, GActionGroup *group);
void control_unexport_actions (GActionMap *map, GActionGroup *group);

G_END_DECLS

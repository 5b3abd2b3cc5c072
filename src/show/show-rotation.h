/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "posts-desk.h"

G_BEGIN_DECLS

#define SHOW_TYPE_ROTATION (show_rotation_get_type ())
G_DECLARE_FINAL_TYPE (ShowRotation, show_rotation, SHOW, ROTATION, GObject)

/* Property: "enabled" boolean, off at first. Main thread only. */
ShowRotation *show_rotation_new (PostsDesk *desk);
void show_rotation_set_enabled (ShowRotation *self, gboolean enabled);
gboolean show_rotation_get_enabled (ShowRotation *self);
void show_rotation_set_times_ms (ShowRotation *self, guint pause_ms, guint shown_ms);
void show_rotation_refuse (ShowRotation *self);

G_END_DECLS

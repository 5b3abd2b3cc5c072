/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "event-types.h"

G_BEGIN_DECLS

#define SHOW_TYPE_SHOT (show_shot_get_type ())
G_DECLARE_FINAL_TYPE (ShowShot, show_shot, SHOW, SHOT, GObject)

/* Properties, which notify: "id", "title" strings · "number" uint: the digit that takes it, 0: none ·
 * "layout" EventLayout, "corner" EventCorner · "sources" strings: ids, as many as it has places ·
 * "background" string, nullable: a picture's path as the event has it · "logo" boolean ·
 * "on-air", "next" booleans · "pause" boolean: the audience sees the pause card · "suggested" boolean:
 * it is the nearest to the one on air, which has lost a source. Main thread only. */
const char *show_shot_get_id (ShowShot *self);
const char *show_shot_get_title (ShowShot *self);
guint show_shot_get_number (ShowShot *self);
EventLayout show_shot_get_layout (ShowShot *self);
EventCorner show_shot_get_corner (ShowShot *self);
const char *const *show_shot_get_sources (ShowShot *self);
const char *show_shot_get_background (ShowShot *self);
gboolean show_shot_get_logo (ShowShot *self);
gboolean show_shot_get_on_air (ShowShot *self);
gboolean show_shot_get_next (ShowShot *self);
gboolean show_shot_get_pause (ShowShot *self);
gboolean show_shot_get_suggested (ShowShot *self);

G_END_DECLS

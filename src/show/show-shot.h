/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SHOW_TYPE_SHOT (show_shot_get_type ())
G_DECLARE_FINAL_TYPE (ShowShot, show_shot, SHOW, SHOT, GObject)

/* Properties: "id", "title" strings · "number" uint from 1, its key · "on-air", "next" booleans ·
 * "pause" boolean: the audience sees the pause card. Main thread only. */
const char *show_shot_get_id (ShowShot *self);
const char *show_shot_get_title (ShowShot *self);
guint show_shot_get_number (ShowShot *self);
gboolean show_shot_get_on_air (ShowShot *self);
gboolean show_shot_get_next (ShowShot *self);
gboolean show_shot_get_pause (ShowShot *self);

G_END_DECLS

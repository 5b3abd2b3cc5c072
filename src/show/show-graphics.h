/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"
#include "event-file.h"
#include "posts-post.h"

G_BEGIN_DECLS

#define SHOW_TYPE_GRAPHICS (show_graphics_get_type ())
G_DECLARE_FINAL_TYPE (ShowGraphics, show_graphics, SHOW, GRAPHICS, GObject)

/* Main thread only. Signal "failed" (EngineGraphic as uint, GError): it could not be drawn and is
 * not on screen. */
ShowGraphics *show_graphics_new (EngineProgram *program, EventFile *event);
void show_graphics_show_talk (ShowGraphics *self, const char *title, const char *subtitle);
void show_graphics_hide_talk (ShowGraphics *self);
void show_graphics_show_post (ShowGraphics *self, PostsPost *post);
void show_graphics_hide_post (ShowGraphics *self);
void show_graphics_set_post_side (ShowGraphics *self, gboolean left);

EngineCorner show_graphics_to_corner (EventCorner corner);

G_END_DECLS

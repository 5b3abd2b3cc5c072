/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"
#include "event-file.h"
#include "posts-picture.h"
#include "posts-post.h"
#include "show-talk.h"

G_BEGIN_DECLS

#define SHOW_TYPE_GRAPHICS (show_graphics_get_type ())
G_DECLARE_FINAL_TYPE (ShowGraphics, show_graphics, SHOW, GRAPHICS, GObject)

/* Main thread only. Signals: "failed" (EngineGraphic as uint, GError): it could not be drawn and is
 * not on screen; "draft-failed" (GError): it could not be drawn for the preview, or a font is
 * missing; "expired" (EngineGraphic as uint): it has been on screen for as long as the event says. */
ShowGraphics *show_graphics_new (EngineProgram *program, EventFile *event, GListModel *sources);
void show_graphics_set_scenes (ShowGraphics *self, EngineScene *on_air, EngineScene *next);
void show_graphics_look_again (ShowGraphics *self);
void show_graphics_show_talk (ShowGraphics *self, ShowTalk *talk);
void show_graphics_hide_talk (ShowGraphics *self);
void show_graphics_show_post (ShowGraphics *self, PostsPost *post, PostsPicture *avatar,
                              PostsPicture *photo);
void show_graphics_hide_post (ShowGraphics *self);
void show_graphics_draft_talk (ShowGraphics *self, ShowTalk *talk);
void show_graphics_draft_post (ShowGraphics *self, PostsPost *post, PostsPicture *avatar,
                               PostsPicture *photo);
void show_graphics_set_mark (ShowGraphics *self, EngineGraphic mark, const char *text);
void show_graphics_set_name_style (ShowGraphics *self, EngineNameStyle style);
EngineNameStyle show_graphics_get_name_style (ShowGraphics *self);

EngineCorner show_graphics_to_corner (EventCorner corner);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-art.h"
#include "engine-graphic.h"
#include "posts-picture.h"
#include "posts-post.h"
#include "show-talk.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShowDrawing:
 *
 * All that the drawing of a graphic needs, and what it is for. The strings are its own.
 */
typedef struct {
  EngineGraphic graphic;
  gboolean draft;       /* for the preview of the next shot only */
  guint wish;           /* of several drawings for one place the latest counts */
  guint content;        /* drawings that say the same have the same */
  char *title;          /* who: a name, or an author */
  char *subtitle;       /* where they come from, or a handle */
  char *text;           /* about what, or what they wrote; of a mark all it says */
  char *network;        /* of a post */
  PostsPicture *avatar; /* of a post's author; nullable */
  PostsPicture *photo;  /* of a post; nullable */
  char *colour;
  char *font; /* nullable */
  EngineNameStyle style;
  EngineRoomPlan plan;
} ShowDrawing;

/* Draws in another thread, one after another. */
typedef struct _ShowDrawer ShowDrawer;

ShowDrawer *show_drawer_new (void);
void show_drawer_free (ShowDrawer *self);
void show_drawer_draw_async (ShowDrawer *self, ShowDrawing *drawing, gpointer source_object,
                             GAsyncReadyCallback callback);
EngineArt *show_drawer_draw_finish (GAsyncResult *result, const ShowDrawing **drawing,
                                    GError **error);

ShowDrawing *show_drawing_new (EngineGraphic graphic);
ShowDrawing *show_drawing_new_for_talk (ShowTalk *talk);
ShowDrawing *show_drawing_new_for_post (PostsPost *post, PostsPicture *avatar, PostsPicture *photo);
void show_drawing_copy_pictures (ShowDrawing *self, const ShowDrawing *other);
int show_drawing_get_reading_s (const ShowDrawing *self, int least_s);
void show_drawing_free (ShowDrawing *self);

G_END_DECLS

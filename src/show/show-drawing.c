/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-drawing.h"

/* Of people who also listen to somebody. */
#define READ_CHARS_PER_S 15
#define BEFORE_READING_S 1

/* One thread for all: it keeps the fonts that it has loaded, and what was asked for first is there
 * first. */
struct _ShowDrawer {
  GThreadPool *pool;
};

ShowDrawing *
show_drawing_new (EngineGraphic graphic)
{
  ShowDrawing *self = g_new0 (ShowDrawing, 1);

  self->graphic = graphic;
  return self;
}

ShowDrawing *
show_drawing_new_for_talk (ShowTalk *talk)
{
  ShowDrawing *drawing = show_drawing_new (ENGINE_GRAPHIC_LOWER_THIRD);

  /* A talk that nobody is said to give goes by its title. */
  if (*show_talk_get_speakers (talk) != '\0') {
    drawing->title = g_strdup (show_talk_get_speakers (talk));
    drawing->text = g_strdup (show_talk_get_title (talk));
  } else {
    drawing->title = g_strdup (show_talk_get_title (talk));
  }
  drawing->subtitle = g_strdup (show_talk_get_affiliation (talk));
  return drawing;
}

static void
set_picture (PostsPicture **place, PostsPicture *picture)
{
  g_clear_pointer (place, posts_picture_unref);
  *place = picture != NULL ? posts_picture_ref (picture) : NULL;
}

void
show_drawing_copy_pictures (ShowDrawing *self, const ShowDrawing *other)
{
  set_picture (&self->avatar, other->avatar);
  set_picture (&self->photo, other->photo);
}

/**
 * show_drawing_new_for_post:
 * @post: a post
 * @avatar: (nullable): its author
 * @photo: (nullable): what came with it
 *
 * Returns: (transfer full): the drawing of its card
 */
ShowDrawing *
show_drawing_new_for_post (PostsPost *post, PostsPicture *avatar, PostsPicture *photo)
{
  ShowDrawing *drawing = show_drawing_new (ENGINE_GRAPHIC_POST);

  drawing->title = g_strdup (posts_post_get_author_name (post));
  drawing->subtitle = g_strdup (posts_post_get_author_handle (post));
  drawing->network = g_strdup (posts_network_kind_get_label (posts_post_get_network (post)));
  drawing->text = g_strdup (posts_post_get_text (post));
  set_picture (&drawing->avatar, avatar);
  set_picture (&drawing->photo, photo);
  return drawing;
}

/**
 * show_drawing_get_reading_s:
 * @self: (nullable): what is shown
 * @least_s: how long it stays at least; 0: until it is taken off
 *
 * Returns: how long it stays: a long text until it can have been read; 0: until it is taken off
 */
int
show_drawing_get_reading_s (const ShowDrawing *self, int least_s)
{
  const glong n_chars = self != NULL && self->text != NULL ? g_utf8_strlen (self->text, -1) : 0;

  return least_s > 0 ? MAX (least_s, (int) (n_chars / READ_CHARS_PER_S) + BEFORE_READING_S) : 0;
}

void
show_drawing_free (ShowDrawing *self)
{
  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->text);
  g_free (self->network);
  g_clear_pointer (&self->avatar, posts_picture_unref);
  g_clear_pointer (&self->photo, posts_picture_unref);
  g_free (self->colour);
  g_free (self->font);
  g_free (self);
}

static EngineArt *
draw_name (const ShowDrawing *self, GError **error)
{
  const EngineArtName name = {
    .title = self->title,
    .affiliation = self->subtitle,
    .talk = self->text,
    .style = self->style,
    .colour = self->colour,
    .font = self->font,
    .plan = &self->plan,
  };

  return engine_art_draw_name (&name, self->plan.program.width_px, self->plan.program.height_px,
                               error);
}

/* Its pixels stay the picture's, which outlives it. */
static cairo_surface_t *
to_surface (PostsPicture *picture)
{
  const int width = picture != NULL ? posts_picture_get_width_px (picture) : 0;

  if (picture == NULL)
    return NULL;
  return cairo_image_surface_create_for_data (
    (guchar *) g_bytes_get_data (posts_picture_get_pixels (picture), NULL), CAIRO_FORMAT_ARGB32,
    width, posts_picture_get_height_px (picture), width * 4);
}

static EngineArt *
draw_post (const ShowDrawing *self, GError **error)
{
  const EngineSize size = self->plan.program;
  cairo_surface_t *avatar = to_surface (self->avatar), *photo = to_surface (self->photo);
  const EngineArtPost post = {
    .name = self->title,
    .handle = self->subtitle,
    .network = self->network,
    .text = self->text,
    .avatar = avatar,
    .photo = photo,
    .colour = self->colour,
    .font = self->font,
    .plan = &self->plan,
  };
  EngineArt *art = engine_art_draw_post (&post, size.width_px, size.height_px, error);

  g_clear_pointer (&avatar, cairo_surface_destroy);
  g_clear_pointer (&photo, cairo_surface_destroy);
  return art;
}

static EngineArt *
draw_mark (const ShowDrawing *self, EngineMarkKind kind, GError **error)
{
  return engine_art_draw_mark (kind, self->text, self->colour, self->font,
                               self->plan.program.width_px, self->plan.program.height_px, error);
}

static EngineArt *
draw (const ShowDrawing *self, GError **error)
{
  switch (self->graphic) {
  case ENGINE_GRAPHIC_LOWER_THIRD:
    return draw_name (self, error);
  case ENGINE_GRAPHIC_POST:
    return draw_post (self, error);
  case ENGINE_GRAPHIC_CLOCK:
    return draw_mark (self, ENGINE_MARK_CLOCK, error);
  case ENGINE_GRAPHIC_LIVE_MARK:
    return draw_mark (self, ENGINE_MARK_LIVE, error);
  case ENGINE_GRAPHIC_COUNTDOWN:
    return draw_mark (self, ENGINE_MARK_COUNTDOWN, error);
  case ENGINE_N_GRAPHICS:
    break;
  }
  g_return_val_if_reached (NULL);
}

/* The drawer's thread. */
static void
draw_func (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  EngineArt *art = draw (g_task_get_task_data (task), &error);

  if (art != NULL)
    g_task_return_pointer (task, art, (GDestroyNotify) engine_art_free);
  else
    g_task_return_error (task, error);
}

ShowDrawer *
show_drawer_new (void)
{
  ShowDrawer *self = g_new0 (ShowDrawer, 1);

  self->pool = g_thread_pool_new (draw_func, NULL, 1, FALSE, NULL);
  return self;
}

/* What has been asked for is drawn to its end, without anybody waiting for it. */
void
show_drawer_free (ShowDrawer *self)
{
  g_thread_pool_free (self->pool, FALSE, FALSE);
  g_free (self);
}

/**
 * show_drawer_draw_async:
 * @self: a drawer
 * @drawing: (transfer full): what to draw
 * @source_object: whose it is
 * @callback: called in the main thread
 *
 * Draws a graphic in the drawer's thread, after those that were asked for before.
 */
void
show_drawer_draw_async (ShowDrawer *self, ShowDrawing *drawing, gpointer source_object,
                        GAsyncReadyCallback callback)
{
  GTask *task = g_task_new (source_object, NULL, callback, NULL);

  g_task_set_source_tag (task, show_drawer_draw_async);
  g_task_set_task_data (task, drawing, (GDestroyNotify) show_drawing_free);
  g_thread_pool_push (self->pool, task, NULL); /* cannot fail: the pool's thread is shared */
}

/**
 * show_drawer_draw_finish:
 * @result: what the callback got
 * @drawing: (out) (transfer none): what was to be drawn
 * @error: return location
 *
 * Fails with an `ENGINE_ERROR` when it cannot be drawn.
 *
 * Returns: (transfer full): the graphic; `NULL` on error
 */
EngineArt *
show_drawer_draw_finish (GAsyncResult *result, const ShowDrawing **drawing, GError **error)
{
  *drawing = g_task_get_task_data (G_TASK (result));
  return g_task_propagate_pointer (G_TASK (result), error);
}

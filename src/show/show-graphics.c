/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-graphics.h"

#include <gio/gio.h>

/* In heights of the program: a card begins below the first, and ends above a name at the second. */
#define SAFE_TOP 0.04
#define NAME_TOP 0.75

/**
 * ShowGraphics:
 *
 * What is laid over the program's picture: lower third, post. It is drawn in another thread,
 * and what was asked for last is what counts.
 */
struct _ShowGraphics {
  GObject parent_instance;

  EngineProgram *program;
  EventFile *event;
  EngineArt *post;                 /* nullable: the card on screen, placed at the right */
  gboolean post_at_left;           /* something else is at the right */
  gboolean talk_shown;             /* something else is at the bottom left */
  guint wishes[ENGINE_N_GRAPHICS]; /* counted: an older drawing that comes late is thrown away */
};

G_DEFINE_FINAL_TYPE (ShowGraphics, show_graphics, G_TYPE_OBJECT)

static guint failed_signal;

/* All that a drawing needs; the strings are its own. */
typedef struct {
  EngineGraphic graphic;
  guint wish;
  int width_px;
  int height_px;
  char *title;    /* or a name */
  char *subtitle; /* or a handle */
  char *network;
  char *text;
  char *photo_path;
  char *colour;
} Drawing;

static void
drawing_free (gpointer data)
{
  Drawing *drawing = data;

  g_free (drawing->title);
  g_free (drawing->subtitle);
  g_free (drawing->network);
  g_free (drawing->text);
  g_free (drawing->photo_path);
  g_free (drawing->colour);
  g_free (drawing);
}

static EngineArt *
draw (const Drawing *drawing, GError **error)
{
  const EngineArtPost post = {
    .name = drawing->title,
    .handle = drawing->subtitle,
    .network = drawing->network,
    .text = drawing->text,
    .photo_path = drawing->photo_path,
    .colour = drawing->colour,
  };

  const EngineArtName name = { drawing->title, NULL, drawing->subtitle, 0, drawing->colour, NULL };

  switch (drawing->graphic) {
  case ENGINE_GRAPHIC_LOWER_THIRD:
    return engine_art_draw_name (&name, drawing->width_px, drawing->height_px, error);
  case ENGINE_GRAPHIC_POST:
    return engine_art_draw_post (&post, drawing->width_px, drawing->height_px, error);
  case ENGINE_GRAPHIC_CLOCK:
  case ENGINE_GRAPHIC_LIVE_MARK:
  case ENGINE_GRAPHIC_COUNTDOWN:
  case ENGINE_N_GRAPHICS:
    break;
  }
  g_return_val_if_reached (NULL);
}

static void
draw_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  EngineArt *art = draw (task_data, &error);

  if (art != NULL)
    g_task_return_pointer (task, art, (GDestroyNotify) engine_art_free);
  else
    g_task_return_error (task, error);
}

/* The card covers nobody: it goes to the other side of a small picture, and above a name. */
static void
place_post (ShowGraphics *self)
{
  const EngineFormat *format = engine_program_get_format (self->program);
  EngineArt placed = { 0 };

  if (self->post == NULL)
    return;
  placed = *self->post;
  if (self->post_at_left) {
    placed.place.x = format->width_px - placed.place.x - placed.place.width;
    if (self->talk_shown)
      placed.place.y = (int) MAX (format->height_px * SAFE_TOP,
                                  format->height_px * NAME_TOP - placed.place.height);
  }
  engine_program_set_graphic (self->program, ENGINE_GRAPHIC_POST, &placed);
}

static void
set_talk_shown (ShowGraphics *self, gboolean shown)
{
  if (self->talk_shown == shown)
    return;
  self->talk_shown = shown;
  if (self->post_at_left)
    place_post (self);
}

static void
drawn_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ShowGraphics *self = SHOW_GRAPHICS (object);
  const Drawing *drawing = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineArt) art = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->program == NULL || drawing->wish != self->wishes[drawing->graphic])
    return;
  if (drawing->graphic == ENGINE_GRAPHIC_POST) {
    g_clear_pointer (&self->post, engine_art_free);
    self->post = g_steal_pointer (&art);
    place_post (self);
  } else {
    engine_program_set_graphic (self->program, drawing->graphic, art);
  }
  if (error != NULL)
    g_signal_emit (self, failed_signal, 0, (guint) drawing->graphic, error);
}

static Drawing *
drawing_new (ShowGraphics *self, EngineGraphic graphic)
{
  const EngineFormat *format = engine_program_get_format (self->program);
  Drawing *drawing = g_new0 (Drawing, 1);

  drawing->graphic = graphic;
  drawing->wish = ++self->wishes[graphic];
  drawing->width_px = format->width_px;
  drawing->height_px = format->height_px;
  drawing->colour = g_strdup (event_file_get_graphics (self->event)->colour);
  return drawing;
}

/* Takes @drawing. */
static void
start (ShowGraphics *self, Drawing *drawing)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, drawn_cb, NULL);

  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, drawing, drawing_free);
  g_task_run_in_thread (task, draw_thread);
}

static void
hide (ShowGraphics *self, EngineGraphic graphic)
{
  self->wishes[graphic]++;
  engine_program_set_graphic (self->program, graphic, NULL);
}

static void
show_graphics_dispose (GObject *object)
{
  ShowGraphics *self = SHOW_GRAPHICS (object);

  g_clear_pointer (&self->post, engine_art_free);
  g_clear_object (&self->program);
  g_clear_object (&self->event);
  G_OBJECT_CLASS (show_graphics_parent_class)->dispose (object);
}

static void
show_graphics_class_init (ShowGraphicsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = show_graphics_dispose;
  failed_signal = g_signal_new ("failed", SHOW_TYPE_GRAPHICS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_ERROR);
}

static void
show_graphics_init (ShowGraphics *self)
{
}

ShowGraphics *
show_graphics_new (EngineProgram *program, EventFile *event)
{
  ShowGraphics *self = g_object_new (SHOW_TYPE_GRAPHICS, NULL);

  self->program = g_object_ref (program);
  self->event = g_object_ref (event);
  return self;
}

/**
 * show_graphics_to_corner:
 * @corner: as the event file says it
 *
 * Returns: as the engine says it
 */
EngineCorner
show_graphics_to_corner (EventCorner corner)
{
  switch (corner) {
  case EVENT_CORNER_TOP_LEFT:
    return ENGINE_CORNER_TOP_LEFT;
  case EVENT_CORNER_TOP_RIGHT:
    return ENGINE_CORNER_TOP_RIGHT;
  case EVENT_CORNER_BOTTOM_LEFT:
    return ENGINE_CORNER_BOTTOM_LEFT;
  case EVENT_CORNER_BOTTOM_RIGHT:
    return ENGINE_CORNER_BOTTOM_RIGHT;
  }
  g_return_val_if_reached (ENGINE_CORNER_TOP_RIGHT);
}

/**
 * show_graphics_show_talk:
 * @self: graphics
 * @title: the first line: who speaks
 * @subtitle: (nullable): the second line: about what
 */
void
show_graphics_show_talk (ShowGraphics *self, const char *title, const char *subtitle)
{
  Drawing *drawing = drawing_new (self, ENGINE_GRAPHIC_LOWER_THIRD);

  drawing->title = g_strdup (title);
  drawing->subtitle = g_strdup (subtitle);
  start (self, drawing);
  set_talk_shown (self, TRUE);
}

void
show_graphics_hide_talk (ShowGraphics *self)
{
  hide (self, ENGINE_GRAPHIC_LOWER_THIRD);
  set_talk_shown (self, FALSE);
}

void
show_graphics_show_post (ShowGraphics *self, PostsPost *post)
{
  Drawing *drawing = drawing_new (self, ENGINE_GRAPHIC_POST);

  drawing->title = g_strdup (posts_post_get_author_name (post));
  drawing->subtitle = g_strdup (posts_post_get_author_handle (post));
  drawing->network = g_strdup (posts_network_kind_get_label (posts_post_get_network (post)));
  drawing->text = g_strdup (posts_post_get_text (post));
  drawing->photo_path = g_strdup (posts_post_get_photo_path (post));
  start (self, drawing);
}

void
show_graphics_hide_post (ShowGraphics *self)
{
  hide (self, ENGINE_GRAPHIC_POST);
  g_clear_pointer (&self->post, engine_art_free);
}

/**
 * show_graphics_set_post_side:
 * @self: graphics
 * @left: whether posts are shown at the left, because somebody is seen at the right
 *
 * A post that is on screen moves over.
 */
void
show_graphics_set_post_side (ShowGraphics *self, gboolean left)
{
  if (self->post_at_left == left)
    return;
  self->post_at_left = left;
  place_post (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-arts.h"
#include "show-graphics.h"
#include "show-texts.h"

#include <gio/gio.h>

/**
 * ShowArts:
 *
 * The logos, backgrounds and the pause's card of an event's shots.
 */
struct _ShowArts {
  GObject parent_instance;

  EventFile *event;
  EngineFormat format;
  GHashTable *entries; /* key → Entry */
  guint64 last_number;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (ShowArts, show_arts, G_TYPE_OBJECT)

enum {
  SIGNAL_DRAWN,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One picture, drawn or not yet, or not at all. */
typedef struct {
  EngineArt *art; /* nullable */
  guint64 number; /* 0: not drawn */
  gboolean used;  /* since the last time that what is not was forgotten */
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_clear_pointer (&entry->art, engine_art_free);
  g_free (entry);
}

typedef enum {
  KIND_LOGO,
  KIND_BACKGROUND,
  KIND_PAUSE,
} Kind;

/* All that a drawing needs; the strings are its own. */
typedef struct {
  char *key;
  Kind kind;
  char *path; /* nullable: a pause without a logo */
  EngineCorner corner;
  double size;
  double opacity;
  char *title;
  char *colour;
  char *font;
  const char *sentence; /* static */
  EngineFormat format;
} Drawing;

static void
drawing_free (gpointer data)
{
  Drawing *drawing = data;

  g_free (drawing->key);
  g_free (drawing->path);
  g_free (drawing->title);
  g_free (drawing->colour);
  g_free (drawing->font);
  g_free (drawing);
}

/* Any thread. A pause whose logo cannot be read is a pause all the same: the logo of the other shots
 * says what is wrong. */
static EngineArt *
draw_pause (const Drawing *drawing, GError **error)
{
  EngineArt *art = engine_art_draw_pause (drawing->title, drawing->sentence, drawing->colour,
                                          drawing->font, drawing->path, drawing->format.width_px,
                                          drawing->format.height_px, NULL); /* tried again below */

  if (art != NULL)
    return art;
  return engine_art_draw_pause (drawing->title, drawing->sentence, drawing->colour, drawing->font,
                                NULL, drawing->format.width_px, drawing->format.height_px, error);
}

static EngineArt *
draw (const Drawing *drawing, GError **error)
{
  switch (drawing->kind) {
  case KIND_LOGO:
    return engine_art_draw_logo (drawing->path, drawing->corner, drawing->size, drawing->opacity,
                                 drawing->format.width_px, drawing->format.height_px, error);
  case KIND_BACKGROUND:
    return engine_art_draw_background (drawing->path, drawing->format.width_px,
                                       drawing->format.height_px, error);
  case KIND_PAUSE:
    return draw_pause (drawing, error);
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

static void
drawn_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  ShowArts *self = SHOW_ARTS (object);
  const Drawing *drawing = g_task_get_task_data (G_TASK (result));
  Entry *entry = g_hash_table_lookup (self->entries, drawing->key);
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineArt) art = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (entry == NULL || entry->art != NULL)
    return; /* nobody wants it any more, or it was drawn twice */
  if (art == NULL) {
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
    return;
  }
  entry->art = g_steal_pointer (&art);
  entry->number = ++self->last_number;
  g_signal_emit (self, signals[SIGNAL_DRAWN], 0);
}

static void
show_arts_dispose (GObject *object)
{
  ShowArts *self = SHOW_ARTS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->event);
  G_OBJECT_CLASS (show_arts_parent_class)->dispose (object);
}

static void
show_arts_finalize (GObject *object)
{
  ShowArts *self = SHOW_ARTS (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->entries, g_hash_table_unref);
  G_OBJECT_CLASS (show_arts_parent_class)->finalize (object);
}

static void
show_arts_class_init (ShowArtsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = show_arts_dispose;
  object_class->finalize = show_arts_finalize;

  signals[SIGNAL_DRAWN] =
    g_signal_new ("drawn", SHOW_TYPE_ARTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", SHOW_TYPE_ARTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
show_arts_init (ShowArts *self)
{
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  self->cancellable = g_cancellable_new ();
}

/**
 * show_arts_new:
 * @event: the event
 * @format: the program's size
 *
 * Returns: (transfer full): nothing drawn yet
 */
ShowArts *
show_arts_new (EventFile *event, const EngineFormat *format)
{
  ShowArts *self = g_object_new (SHOW_TYPE_ARTS, NULL);

  self->event = g_object_ref (event);
  self->format = *format;
  return self;
}

/* Takes @drawing. Returns: (transfer none) (nullable): what it looks like, if it is drawn already */
static const EngineArt *
get (ShowArts *self, Drawing *drawing, guint64 *number)
{
  Entry *entry = NULL;
  g_autoptr (GTask) task = NULL;

  drawing->format = self->format;
  drawing->key =
    g_strdup_printf ("%d %d %.4f %.4f %s %s", (int) drawing->kind, (int) drawing->corner,
                     drawing->size, drawing->opacity, drawing->path, drawing->title);
  entry = g_hash_table_lookup (self->entries, drawing->key);
  if (entry == NULL) {
    entry = g_new0 (Entry, 1);
    g_hash_table_insert (self->entries, g_strdup (drawing->key), entry);
    task = g_task_new (self, self->cancellable, drawn_cb, NULL);
    g_task_set_source_tag (task, get);
    g_task_set_task_data (task, drawing, drawing_free);
    g_task_run_in_thread (task, draw_thread);
  } else {
    drawing_free (drawing);
  }
  entry->used = TRUE;
  *number = entry->number;
  return entry->art;
}

static char *
resolve (ShowArts *self, const char *path)
{
  return path != NULL ? event_file_resolve (self->event, path) : NULL;
}

/**
 * show_arts_get_pause:
 * @self: arts
 * @number: (out): its number
 *
 * Returns: (transfer none) (nullable): the card of the event's pause, if it is drawn already
 */
const EngineArt *
show_arts_get_pause (ShowArts *self, guint64 *number)
{
  const EventGraphics *graphics = NULL;
  Drawing *drawing = NULL;

  g_return_val_if_fail (SHOW_IS_ARTS (self), NULL);

  graphics = event_file_get_graphics (self->event);
  drawing = g_new0 (Drawing, 1);
  drawing->kind = KIND_PAUSE;
  drawing->path = resolve (self, graphics->logo);
  drawing->title = g_strdup (event_file_get_title (self->event));
  drawing->colour = g_strdup (graphics->colour);
  drawing->font = g_strdup (graphics->font);
  drawing->sentence = show_texts_get (event_file_get_language (self->event), SHOW_TEXT_PAUSE);
  return get (self, drawing, number);
}

static const EngineArt *
get_logo (ShowArts *self, const EventShot *shot, guint64 *number)
{
  const EventGraphics *graphics = event_file_get_graphics (self->event);
  Drawing *drawing = NULL;

  if (graphics->logo == NULL || !shot->logo)
    return NULL;
  drawing = g_new0 (Drawing, 1);
  drawing->kind = KIND_LOGO;
  drawing->path = resolve (self, graphics->logo);
  drawing->corner = show_graphics_to_corner (shot->logo_position);
  drawing->size = shot->logo_size;
  drawing->opacity = shot->logo_opacity;
  return get (self, drawing, number);
}

static const EngineArt *
get_background (ShowArts *self, const EventShot *shot, guint64 *number)
{
  Drawing *drawing = NULL;

  if (shot->background == NULL)
    return NULL;
  drawing = g_new0 (Drawing, 1);
  drawing->kind = KIND_BACKGROUND;
  drawing->path = resolve (self, shot->background);
  return get (self, drawing, number);
}

/**
 * show_arts_get_look:
 * @self: arts
 * @shot: a shot of the event
 * @look: (out caller-allocates): what it is dressed with, as far as it is drawn; the rest is being
 *   drawn
 */
void
show_arts_get_look (ShowArts *self, const EventShot *shot, ShowLook *look)
{
  g_return_if_fail (SHOW_IS_ARTS (self));

  *look = (ShowLook){ 0 };
  if (shot->layout == EVENT_LAYOUT_PAUSE) {
    look->card = show_arts_get_pause (self, &look->numbers[2]);
    return;
  }
  look->logo = get_logo (self, shot, &look->numbers[0]);
  look->background = get_background (self, shot, &look->numbers[1]);
}

static gboolean
is_unused (gpointer key, gpointer value, gpointer user_data)
{
  Entry *entry = value;
  const gboolean unused = !entry->used;

  entry->used = FALSE;
  return unused;
}

/**
 * show_arts_forget_unused:
 * @self: arts
 *
 * Frees what nobody has asked for since the last time.
 */
void
show_arts_forget_unused (ShowArts *self)
{
  g_return_if_fail (SHOW_IS_ARTS (self));

  g_hash_table_foreach_remove (self->entries, is_unused, NULL);
}

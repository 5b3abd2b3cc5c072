/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-shot-canvas.h"

#include "console-layouts.h"
#include "console-picture.h"

#include <glib/gi18n.h>

#define NO_PLACE     G_MAXUINT
#define BORDER_PX    3
#define LABEL_MARGIN 6

/**
 * ConsoleShotCanvas:
 *
 * A shot as it is, alive, with its places named: a source that is dropped on one goes there.
 */
struct _ConsoleShotCanvas {
  GtkWidget parent_instance;

  ConsoleEntry *entry; /* nullable */
  gulong changed_id;
  GtkWidget *picture;
  guint hovered; /* the place under what is dragged, or NO_PLACE */
};

G_DEFINE_FINAL_TYPE (ConsoleShotCanvas, console_shot_canvas, GTK_TYPE_WIDGET)

static const ConsoleLayout *
get_layout (ConsoleShotCanvas *self)
{
  return console_layouts_find (
    self->entry != NULL ? console_entry_get_string (self->entry, "layout", NULL) : NULL);
}

static guint
arrange (ConsoleShotCanvas *self, EngineRect *rects)
{
  const char *corner =
    self->entry != NULL ? console_entry_get_string (self->entry, "corner", NULL) : NULL;

  return console_layouts_arrange (get_layout (self), console_layouts_parse_corner (corner), 0,
                                  gtk_widget_get_width (GTK_WIDGET (self)),
                                  gtk_widget_get_height (GTK_WIDGET (self)), rects);
}

/* The last place that covers a point: the small picture lies on the large one. */
static guint
find_place (ConsoleShotCanvas *self, double x, double y)
{
  EngineRect rects[ENGINE_LAYOUT_MAX_PLACES] = { { 0 } };

  for (guint i = arrange (self, rects); i > 0; i--) {
    const EngineRect *rect = &rects[i - 1];

    if (x >= rect->x && x < rect->x + rect->width && y >= rect->y && y < rect->y + rect->height)
      return i - 1;
  }
  return NO_PLACE;
}

static void
set_hovered (ConsoleShotCanvas *self, guint place)
{
  if (self->hovered == place)
    return;

  self->hovered = place;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static GdkDragAction
motion_cb (ConsoleShotCanvas *self, double x, double y)
{
  set_hovered (self, find_place (self, x, y));
  return self->hovered != NO_PLACE ? GDK_ACTION_COPY : 0;
}

static void
leave_cb (ConsoleShotCanvas *self)
{
  set_hovered (self, NO_PLACE);
}

static gboolean
drop_cb (ConsoleShotCanvas *self, const GValue *value, double x, double y)
{
  const guint place = find_place (self, x, y);
  g_auto (GStrv) chosen = NULL;
  g_auto (GStrv) ids = NULL;

  set_hovered (self, NO_PLACE);
  if (place == NO_PLACE || self->entry == NULL)
    return FALSE;

  chosen = console_entry_get_strings (self->entry, "sources");
  ids =
    console_layouts_place_source ((const char *const *) chosen, place, g_value_get_string (value));
  console_entry_set_strings (self->entry, "sources", (const char *const *) ids);
  return TRUE;
}

static void
append_name (ConsoleShotCanvas *self, GtkSnapshot *snapshot, const char *name,
             const EngineRect *rect)
{
  const GdkRGBA white = { 1, 1, 1, 1 };
  const GdkRGBA plate = { 0.1f, 0.1f, 0.1f, 1 };
  g_autoptr (PangoLayout) text = gtk_widget_create_pango_layout (GTK_WIDGET (self), name);
  int width = 0;
  int height = 0;

  pango_layout_set_ellipsize (text, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (text, MAX (1, rect->width - 4 * LABEL_MARGIN) * PANGO_SCALE);
  pango_layout_get_pixel_size (text, &width, &height);
  gtk_snapshot_append_color (
    snapshot, &plate,
    &GRAPHENE_RECT_INIT ((float) rect->x + LABEL_MARGIN, (float) rect->y + LABEL_MARGIN,
                         (float) width + 2 * LABEL_MARGIN, (float) height));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) rect->x + 2 * LABEL_MARGIN,
                                                          (float) rect->y + LABEL_MARGIN));
  gtk_snapshot_append_layout (snapshot, text, &white);
  gtk_snapshot_restore (snapshot);
}

static void
console_shot_canvas_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ConsoleShotCanvas *self = CONSOLE_SHOT_CANVAS (widget);
  const ConsoleLayout *layout = get_layout (self);
  const GdkRGBA blue = { 0.21f, 0.52f, 0.89f, 1 };
  EngineRect rects[ENGINE_LAYOUT_MAX_PLACES] = { { 0 } };
  const guint n_places = arrange (self, rects);

  gtk_widget_snapshot_child (widget, self->picture, snapshot);
  for (guint i = 0; i < n_places; i++) {
    if (i == self->hovered)
      gtk_snapshot_append_border (snapshot,
                                  &GSK_ROUNDED_RECT_INIT ((float) rects[i].x, (float) rects[i].y,
                                                          (float) rects[i].width,
                                                          (float) rects[i].height),
                                  (float[4]){ BORDER_PX, BORDER_PX, BORDER_PX, BORDER_PX },
                                  (GdkRGBA[4]){ blue, blue, blue, blue });
    if (n_places > 1)
      append_name (self, snapshot, gettext (layout->places[i]), &rects[i]);
  }
}

static void
set_entry (ConsoleShotCanvas *self, ConsoleEntry *entry)
{
  if (self->entry != NULL)
    g_clear_signal_handler (&self->changed_id, self->entry);
  g_set_object (&self->entry, entry);
  if (entry != NULL)
    self->changed_id =
      g_signal_connect_object (entry, "changed", G_CALLBACK (gtk_widget_queue_draw), self,
                               G_CONNECT_SWAPPED);
}

static void
console_shot_canvas_dispose (GObject *object)
{
  ConsoleShotCanvas *self = CONSOLE_SHOT_CANVAS (object);

  set_entry (self, NULL);
  g_clear_pointer (&self->picture, gtk_widget_unparent);

  G_OBJECT_CLASS (console_shot_canvas_parent_class)->dispose (object);
}

static void
console_shot_canvas_class_init (ConsoleShotCanvasClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = console_shot_canvas_dispose;
  widget_class->snapshot = console_shot_canvas_snapshot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
console_shot_canvas_init (ConsoleShotCanvas *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_STRING, GDK_ACTION_COPY);

  self->hovered = NO_PLACE;
  self->picture =
    g_object_new (CONSOLE_TYPE_PICTURE, "description", _ ("The shot’s picture"), NULL);
  gtk_widget_set_parent (self->picture, GTK_WIDGET (self));
  g_signal_connect_object (target, "motion", G_CALLBACK (motion_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "leave", G_CALLBACK (leave_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/**
 * console_shot_canvas_set_shot:
 * @self: a canvas
 * @entry: the shot as the event file says it
 * @preview: its picture
 */
void
console_shot_canvas_set_shot (ConsoleShotCanvas *self, ConsoleEntry *entry, EnginePreview *preview)
{
  g_return_if_fail (CONSOLE_IS_SHOT_CANVAS (self));

  set_entry (self, entry);
  console_picture_set_preview (CONSOLE_PICTURE (self->picture), preview);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

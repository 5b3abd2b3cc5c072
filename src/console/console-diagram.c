/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-diagram.h"

#include "console-layouts.h"

#define WIDTH        64
#define HEIGHT       36
#define N_EVERYONE   4
#define PROGRAM_SIZE 30 /* times larger than drawn, so that gaps keep their share */

/**
 * ConsoleDiagram:
 *
 * A layout as a small drawing: where its pictures are.
 */
struct _ConsoleDiagram {
  GtkWidget parent_instance;

  const ConsoleLayout *layout; /* static */
};

G_DEFINE_FINAL_TYPE (ConsoleDiagram, console_diagram, GTK_TYPE_WIDGET)

static void
append_rect (GtkSnapshot *snapshot, const char *colour, float x, float y, float width, float height)
{
  GdkRGBA rgba = { 0 };

  gdk_rgba_parse (&rgba, colour);
  gtk_snapshot_append_color (snapshot, &rgba, &GRAPHENE_RECT_INIT (x, y, width, height));
}

static void
console_diagram_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  static const char *const colours[] = { "#6f9fd8", "#8fcaa3", "#e0b872", "#c79ac9" };
  ConsoleDiagram *self = CONSOLE_DIAGRAM (widget);
  EngineRect rects[ENGINE_LAYOUT_MAX_PLACES] = { { 0 } };
  guint n_places = 0;

  append_rect (snapshot, "#111111", 0, 0, WIDTH, HEIGHT);
  if (self->layout->layout == ENGINE_LAYOUT_PAUSE) {
    append_rect (snapshot, "#d0d0d0", WIDTH / 2 - 8, HEIGHT / 2 - 8, 6, 16);
    append_rect (snapshot, "#d0d0d0", WIDTH / 2 + 2, HEIGHT / 2 - 8, 6, 16);
    return;
  }

  n_places = console_layouts_arrange (self->layout, ENGINE_CORNER_BOTTOM_RIGHT, N_EVERYONE,
                                      WIDTH * PROGRAM_SIZE, HEIGHT * PROGRAM_SIZE, rects);
  for (guint i = 0; i < n_places; i++)
    append_rect (snapshot, colours[i % G_N_ELEMENTS (colours)], (float) rects[i].x / PROGRAM_SIZE,
                 (float) rects[i].y / PROGRAM_SIZE, (float) rects[i].width / PROGRAM_SIZE,
                 (float) rects[i].height / PROGRAM_SIZE);
}

static void
console_diagram_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
}

static void
console_diagram_class_init (ConsoleDiagramClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = console_diagram_snapshot;
  widget_class->measure = console_diagram_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
console_diagram_init (ConsoleDiagram *self)
{
  self->layout = console_layouts_get_nth (0);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/**
 * console_diagram_new:
 * @layout: a layout's name in the event file
 */
GtkWidget *
console_diagram_new (const char *layout)
{
  ConsoleDiagram *self = g_object_new (CONSOLE_TYPE_DIAGRAM, NULL);

  self->layout = console_layouts_find (layout);
  return GTK_WIDGET (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-meter.h"

#include "console-level.h"
#include "console-text.h"

#include <math.h>

#define BAR_HEIGHT     8
#define BAR_GAP        3
#define TICK_MS        100
#define REDRAW_US      (G_USEC_PER_SEC / 22)
#define HOLD_US        (3 * G_USEC_PER_SEC / 2)
#define SILENT_US      (G_USEC_PER_SEC / 2)
#define DECAY_PER_TICK 0.03
#define YELLOW_DB      (-12.0)
#define RED_DB         (-3.0)

typedef struct {
  double level; /* 0 to 1 */
  double held;  /* 0 to 1 */
  gint64 held_us;
} Bar;

/**
 * ConsoleMeter:
 *
 * Two bars, left and right, with the highest peak held for a moment.
 *
 * It redraws when a bar moved by a pixel, twenty times a second at most. When no levels come any
 * more, it falls to silence.
 */
struct _ConsoleMeter {
  GtkWidget parent_instance;

  GObject *origin; /* nullable: the source or session whose levels are shown */
  gulong levels_id;
  Bar bars[ENGINE_N_CHANNELS];
  gint64 levels_us;
  gint64 drawn_us;
  int drawn_px[2 * ENGINE_N_CHANNELS];
  int announced_db;
  guint tick_id;
};

G_DEFINE_FINAL_TYPE (ConsoleMeter, console_meter, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SOURCE,
  PROP_SESSION,
  PROP_DESCRIPTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
redraw_if_moved (ConsoleMeter *self, gint64 now_us)
{
  const int width = gtk_widget_get_width (GTK_WIDGET (self));
  gboolean moved = FALSE;

  if (now_us - self->drawn_us < REDRAW_US)
    return;

  for (gsize i = 0; i < ENGINE_N_CHANNELS; i++) {
    const int level_px = (int) (self->bars[i].level * width);
    const int held_px = (int) (self->bars[i].held * width);

    moved |= level_px != self->drawn_px[2 * i] || held_px != self->drawn_px[2 * i + 1];
    self->drawn_px[2 * i] = level_px;
    self->drawn_px[2 * i + 1] = held_px;
  }
  if (!moved)
    return;

  self->drawn_us = now_us;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Assistive tools hear about a change of 6 dB or more, not about every syllable. */
static void
announce (ConsoleMeter *self)
{
  const double highest = MAX (self->bars[0].held, self->bars[1].held);
  const int level_db = (int) lround (CONSOLE_LEVEL_MIN_DB * (1.0 - highest));
  g_autofree char *text = NULL;

  if (ABS (level_db - self->announced_db) < 6)
    return;

  self->announced_db = level_db;
  text = console_text_decibels (level_db);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                  (double) level_db, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static gboolean
tick_cb (gpointer user_data)
{
  ConsoleMeter *self = user_data;
  const gint64 now_us = g_get_monotonic_time ();

  for (gsize i = 0; i < ENGINE_N_CHANNELS; i++) {
    Bar *bar = &self->bars[i];

    if (now_us - self->levels_us > SILENT_US)
      bar->level = 0.0;
    if (now_us - bar->held_us > HOLD_US)
      bar->held = MAX (bar->level, bar->held - DECAY_PER_TICK);
  }
  redraw_if_moved (self, now_us);
  announce (self);
  return G_SOURCE_CONTINUE;
}

static void
levels_cb (ConsoleMeter *self)
{
  double left_db = -G_MAXDOUBLE;
  double right_db = -G_MAXDOUBLE;

  if (ENGINE_IS_SOURCE (self->origin))
    engine_source_get_levels (ENGINE_SOURCE (self->origin), &left_db, &right_db);
  else if (SHOW_IS_SESSION (self->origin))
    show_session_get_program_levels (SHOW_SESSION (self->origin), &left_db, &right_db);
  console_meter_set_levels (self, left_db, right_db);
}

static void
set_origin (ConsoleMeter *self, GObject *origin, GParamSpec *pspec)
{
  if (self->origin == origin || (origin == NULL && self->origin == NULL))
    return;

  if (self->origin != NULL)
    g_clear_signal_handler (&self->levels_id, self->origin);
  g_set_object (&self->origin, origin);
  if (origin != NULL)
    self->levels_id =
      g_signal_connect_object (origin, SHOW_IS_SESSION (origin) ? "program-levels" : "levels",
                               G_CALLBACK (levels_cb), self, G_CONNECT_SWAPPED);
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
append_lit (GtkSnapshot *snapshot, float y, double from, double to, const char *colour, int width)
{
  GdkRGBA rgba = { 0 };

  if (to <= from)
    return;

  gdk_rgba_parse (&rgba, colour);
  gtk_snapshot_append_color (snapshot, &rgba,
                             &GRAPHENE_RECT_INIT ((float) (from * width), y,
                                                  (float) ((to - from) * width), BAR_HEIGHT));
}

static void
append_bar (GtkSnapshot *snapshot, const Bar *bar, float y, int width)
{
  const double yellow = console_level_to_meter (YELLOW_DB);
  const double red = console_level_to_meter (RED_DB);
  const double held_width = 2.0 / MAX (width, 1);

  append_lit (snapshot, y, 0.0, 1.0, "#151515", width);
  append_lit (snapshot, y, 0.0, MIN (bar->level, yellow), "#2ec27e", width);
  append_lit (snapshot, y, yellow, MIN (bar->level, red), "#f5c211", width);
  append_lit (snapshot, y, red, bar->level, "#e01b24", width);
  if (bar->held > held_width)
    append_lit (snapshot, y, bar->held - held_width, bar->held,
                bar->held > red      ? "#ff7b84"
                : bar->held > yellow ? "#f9e9b0"
                                     : "#8ff0a4",
                width);
}

static void
console_meter_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ConsoleMeter *self = CONSOLE_METER (widget);
  const int width = gtk_widget_get_width (widget);

  for (gsize i = 0; i < ENGINE_N_CHANNELS; i++)
    append_bar (snapshot, &self->bars[i], (float) i * (BAR_HEIGHT + BAR_GAP), width);
}

static void
console_meter_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = 40;
  else
    *minimum = *natural = ENGINE_N_CHANNELS * (BAR_HEIGHT + BAR_GAP) - BAR_GAP;
}

static void
console_meter_map (GtkWidget *widget)
{
  ConsoleMeter *self = CONSOLE_METER (widget);

  GTK_WIDGET_CLASS (console_meter_parent_class)->map (widget);
  if (self->tick_id == 0)
    self->tick_id = g_timeout_add (TICK_MS, tick_cb, self);
}

static void
console_meter_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (console_meter_parent_class)->unmap (widget);
  g_clear_handle_id (&CONSOLE_METER (widget)->tick_id, g_source_remove);
}

static void
console_meter_set_property (GObject *object, guint property_id, const GValue *value,
                            GParamSpec *pspec)
{
  ConsoleMeter *self = CONSOLE_METER (object);

  switch (property_id) {
  case PROP_SOURCE:
  case PROP_SESSION:
    set_origin (self, g_value_get_object (value), pspec);
    break;
  case PROP_DESCRIPTION:
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    g_value_get_string (value), -1);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_meter_dispose (GObject *object)
{
  ConsoleMeter *self = CONSOLE_METER (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->origin != NULL)
    g_clear_signal_handler (&self->levels_id, self->origin);
  g_clear_object (&self->origin);

  G_OBJECT_CLASS (console_meter_parent_class)->dispose (object);
}

static void
console_meter_class_init (ConsoleMeterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags writable = G_PARAM_WRITABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = console_meter_set_property;
  object_class->dispose = console_meter_dispose;
  widget_class->snapshot = console_meter_snapshot;
  widget_class->measure = console_meter_measure;
  widget_class->map = console_meter_map;
  widget_class->unmap = console_meter_unmap;

  properties[PROP_SOURCE] =
    g_param_spec_object ("source", NULL, NULL, ENGINE_TYPE_SOURCE, writable);
  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION, writable);
  properties[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, writable);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "meter");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_METER);
}

static void
console_meter_init (ConsoleMeter *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN,
                                  CONSOLE_LEVEL_MIN_DB, GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, CONSOLE_LEVEL_MIN_DB, -1);
  self->announced_db = (int) CONSOLE_LEVEL_MIN_DB;
}

/**
 * console_meter_set_levels:
 * @self: a meter
 * @left_db: peak of the left channel, 0 dB being full scale
 * @right_db: peak of the right channel
 */
void
console_meter_set_levels (ConsoleMeter *self, double left_db, double right_db)
{
  const double levels_db[ENGINE_N_CHANNELS] = { left_db, right_db };
  const gint64 now_us = g_get_monotonic_time ();

  g_return_if_fail (CONSOLE_IS_METER (self));

  self->levels_us = now_us;
  for (gsize i = 0; i < ENGINE_N_CHANNELS; i++) {
    Bar *bar = &self->bars[i];

    bar->level = console_level_to_meter (levels_db[i]);
    if (bar->level >= bar->held) {
      bar->held = bar->level;
      bar->held_us = now_us;
    }
  }
  redraw_if_moved (self, now_us);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-scale-row.h"

#include "console-setting.h"

#define SCALE_WIDTH_PX 230

/**
 * ConsoleScaleRow:
 *
 * One number of a source or shot, with its name on the left and a slider on the right. Moving the
 * slider applies at once; a mark shows where it is neutral.
 */
struct _ConsoleScaleRow {
  AdwActionRow parent_instance;

  ConsoleEntry *entry; /* nullable */
  ConsoleSetting *setting;
  char *path;
  double factor;
  double neutral;
  double lower;
  double upper;
  double step;
};

G_DEFINE_FINAL_TYPE (ConsoleScaleRow, console_scale_row, ADW_TYPE_ACTION_ROW)

enum {
  PROP_0,
  PROP_ENTRY,
  PROP_PATH,
  PROP_FACTOR,
  PROP_NEUTRAL,
  PROP_LOWER,
  PROP_UPPER,
  PROP_STEP,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update_accessible_name (ConsoleScaleRow *self, GParamSpec *pspec, GtkWidget *scale)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), -1);
}

static void
console_scale_row_constructed (GObject *object)
{
  ConsoleScaleRow *self = CONSOLE_SCALE_ROW (object);
  GtkAdjustment *adjustment = gtk_adjustment_new (self->neutral * self->factor, self->lower,
                                                  self->upper, self->step, 10 * self->step, 0);
  GtkWidget *scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, adjustment);

  G_OBJECT_CLASS (console_scale_row_parent_class)->constructed (object);

  self->setting = g_object_new (CONSOLE_TYPE_SETTING, "path", self->path, "factor", self->factor,
                                "neutral", self->neutral, NULL);
  gtk_scale_set_draw_value (GTK_SCALE (scale), TRUE);
  gtk_scale_set_value_pos (GTK_SCALE (scale), GTK_POS_LEFT);
  gtk_scale_set_digits (GTK_SCALE (scale), self->step < 1 ? 1 : 0);
  gtk_scale_set_has_origin (GTK_SCALE (scale), FALSE);
  gtk_widget_set_size_request (scale, SCALE_WIDTH_PX, -1);
  gtk_widget_set_valign (scale, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), scale);

  g_signal_connect_object (self, "notify::title", G_CALLBACK (update_accessible_name), scale, 0);
  update_accessible_name (self, NULL, scale);
  g_object_bind_property (self, "entry", self->setting, "entry", G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->setting, "number", adjustment, "value",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
}

static void
console_scale_row_get_property (GObject *object, guint property_id, GValue *value,
                                GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_ENTRY:
    g_value_set_object (value, CONSOLE_SCALE_ROW (object)->entry);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_scale_row_set_property (GObject *object, guint property_id, const GValue *value,
                                GParamSpec *pspec)
{
  ConsoleScaleRow *self = CONSOLE_SCALE_ROW (object);

  switch (property_id) {
  case PROP_ENTRY:
    if (g_set_object (&self->entry, g_value_get_object (value)))
      g_object_notify_by_pspec (object, pspec);
    break;
  case PROP_PATH:
    self->path = g_value_dup_string (value);
    break;
  case PROP_FACTOR:
    self->factor = g_value_get_double (value);
    break;
  case PROP_NEUTRAL:
    self->neutral = g_value_get_double (value);
    break;
  case PROP_LOWER:
    self->lower = g_value_get_double (value);
    break;
  case PROP_UPPER:
    self->upper = g_value_get_double (value);
    break;
  case PROP_STEP:
    self->step = g_value_get_double (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_scale_row_dispose (GObject *object)
{
  ConsoleScaleRow *self = CONSOLE_SCALE_ROW (object);

  g_clear_object (&self->setting);
  g_clear_object (&self->entry);

  G_OBJECT_CLASS (console_scale_row_parent_class)->dispose (object);
}

static void
console_scale_row_finalize (GObject *object)
{
  g_free (CONSOLE_SCALE_ROW (object)->path);

  G_OBJECT_CLASS (console_scale_row_parent_class)->finalize (object);
}

static void
console_scale_row_class_init (ConsoleScaleRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags once = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = console_scale_row_constructed;
  object_class->get_property = console_scale_row_get_property;
  object_class->set_property = console_scale_row_set_property;
  object_class->dispose = console_scale_row_dispose;
  object_class->finalize = console_scale_row_finalize;

  properties[PROP_ENTRY] =
    g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, once);
  properties[PROP_FACTOR] = g_param_spec_double ("factor", NULL, NULL, 0.001, 1000, 1, once);
  properties[PROP_NEUTRAL] =
    g_param_spec_double ("neutral", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, once);
  properties[PROP_LOWER] =
    g_param_spec_double ("lower", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, once);
  properties[PROP_UPPER] =
    g_param_spec_double ("upper", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 1, once);
  properties[PROP_STEP] = g_param_spec_double ("step", NULL, NULL, 0, G_MAXDOUBLE, 1, once);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
console_scale_row_init (ConsoleScaleRow *self)
{
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-alarm-row.h"

/**
 * ConsoleAlarmRow:
 *
 * One notice: its sentence, the one button that helps, and one that puts it away.
 */
struct _ConsoleAlarmRow {
  AdwBin parent_instance;

  ConsoleNotice *notice; /* nullable */
};

G_DEFINE_FINAL_TYPE (ConsoleAlarmRow, console_alarm_row, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_NOTICE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
sentence_text (ConsoleAlarmRow *self, const char *sentence)
{
  return g_strdup_printf ("⚠ %s", sentence != NULL ? sentence : "");
}

static gboolean
has_text (ConsoleAlarmRow *self, const char *text)
{
  return text != NULL;
}

static void
activate (ConsoleAlarmRow *self, const char *action)
{
  g_autofree char *id = NULL;

  if (self->notice == NULL || console_notice_get_alarm_id (self->notice) == NULL)
    return;

  id = g_strdup (console_notice_get_alarm_id (self->notice));
  gtk_widget_activate_action (GTK_WIDGET (self), action, "s", id);
}

static void
help_cb (ConsoleAlarmRow *self)
{
  activate (self, "win.help-alarm");
}

static void
dismiss_cb (ConsoleAlarmRow *self)
{
  activate (self, "app.dismiss-alarm");
}

static void
console_alarm_row_get_property (GObject *object, guint property_id, GValue *value,
                                GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_NOTICE:
    g_value_set_object (value, CONSOLE_ALARM_ROW (object)->notice);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_alarm_row_set_property (GObject *object, guint property_id, const GValue *value,
                                GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_NOTICE:
    if (g_set_object (&CONSOLE_ALARM_ROW (object)->notice, g_value_get_object (value)))
      g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_alarm_row_dispose (GObject *object)
{
  ConsoleAlarmRow *self = CONSOLE_ALARM_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_ALARM_ROW);
  g_clear_object (&self->notice);

  G_OBJECT_CLASS (console_alarm_row_parent_class)->dispose (object);
}

static void
console_alarm_row_class_init (ConsoleAlarmRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_alarm_row_get_property;
  object_class->set_property = console_alarm_row_set_property;
  object_class->dispose = console_alarm_row_dispose;

  properties[PROP_NOTICE] =
    g_param_spec_object ("notice", NULL, NULL, CONSOLE_TYPE_NOTICE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-alarm-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, sentence_text);
  gtk_widget_class_bind_template_callback (widget_class, has_text);
  gtk_widget_class_bind_template_callback (widget_class, help_cb);
  gtk_widget_class_bind_template_callback (widget_class, dismiss_cb);
}

static void
console_alarm_row_init (ConsoleAlarmRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
console_alarm_row_new (ConsoleNotice *notice)
{
  return g_object_new (CONSOLE_TYPE_ALARM_ROW, "notice", notice, NULL);
}

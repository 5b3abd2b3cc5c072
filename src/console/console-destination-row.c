/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-destination-row.h"

#include "console-error.h"
#include "console-text.h"

/**
 * ConsoleDestinationRow:
 *
 * One destination and its state in words.
 */
struct _ConsoleDestinationRow {
  AdwBin parent_instance;

  EngineOutput *output; /* construct-only */
};

G_DEFINE_FINAL_TYPE (ConsoleDestinationRow, console_destination_row, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_OUTPUT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
state_text (ConsoleDestinationRow *self, EngineOutputState state, guint retry_in_s)
{
  return console_text_output_state (state, retry_in_s);
}

static char *
error_sentence (ConsoleDestinationRow *self, EngineOutput *output, EngineOutputState state)
{
  return console_error_describe (output != NULL ? engine_output_get_error (output) : NULL);
}

static gboolean
is_in_trouble (ConsoleDestinationRow *self, EngineOutputState state)
{
  return state == ENGINE_OUTPUT_STATE_WAITING || state == ENGINE_OUTPUT_STATE_REFUSED;
}

static char **
state_classes (ConsoleDestinationRow *self, EngineOutputState state)
{
  const char *classes[] = { "small-note", NULL, NULL };

  switch (state) {
  case ENGINE_OUTPUT_STATE_LIVE:
    classes[1] = "good";
    break;
  case ENGINE_OUTPUT_STATE_WAITING:
  case ENGINE_OUTPUT_STATE_REFUSED:
    classes[1] = "bad";
    break;
  case ENGINE_OUTPUT_STATE_OFF:
  case ENGINE_OUTPUT_STATE_CONNECTING:
    break;
  }
  return g_strdupv ((char **) classes);
}

static void
console_destination_row_get_property (GObject *object, guint property_id, GValue *value,
                                      GParamSpec *pspec)
{
  ConsoleDestinationRow *self = CONSOLE_DESTINATION_ROW (object);

  switch (property_id) {
  case PROP_OUTPUT:
    g_value_set_object (value, self->output);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_destination_row_set_property (GObject *object, guint property_id, const GValue *value,
                                      GParamSpec *pspec)
{
  ConsoleDestinationRow *self = CONSOLE_DESTINATION_ROW (object);

  switch (property_id) {
  case PROP_OUTPUT:
    self->output = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_destination_row_dispose (GObject *object)
{
  ConsoleDestinationRow *self = CONSOLE_DESTINATION_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_DESTINATION_ROW);
  g_clear_object (&self->output);

  G_OBJECT_CLASS (console_destination_row_parent_class)->dispose (object);
}

static void
console_destination_row_class_init (ConsoleDestinationRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_destination_row_get_property;
  object_class->set_property = console_destination_row_set_property;
  object_class->dispose = console_destination_row_dispose;

  properties[PROP_OUTPUT] =
    g_param_spec_object ("output", NULL, NULL, ENGINE_TYPE_OUTPUT,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-destination-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, state_text);
  gtk_widget_class_bind_template_callback (widget_class, error_sentence);
  gtk_widget_class_bind_template_callback (widget_class, is_in_trouble);
  gtk_widget_class_bind_template_callback (widget_class, state_classes);
}

static void
console_destination_row_init (ConsoleDestinationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
console_destination_row_new (EngineOutput *output)
{
  return g_object_new (CONSOLE_TYPE_DESTINATION_ROW, "output", output, NULL);
}

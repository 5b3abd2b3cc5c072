/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-destination-row.h"

#include "console-air-text.h"
#include "console-error.h"
#include "console-key-dialog.h"

#include <glib/gi18n.h>

/**
 * ConsoleDestinationRow:
 *
 * One destination and its state in words, and where its stream key is entered.
 */
struct _ConsoleDestinationRow {
  AdwBin parent_instance;

  ShowSession *session; /* construct-only */
  EngineOutput *output; /* construct-only */
};

G_DEFINE_FINAL_TYPE (ConsoleDestinationRow, console_destination_row, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
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
error_sentence (ConsoleDestinationRow *self, const GError *error)
{
  return console_error_describe (error);
}

static gboolean
needs_key (ConsoleDestinationRow *self, ShowSession *session, EngineOutput *output)
{
  return session != NULL && output != NULL && show_session_needs_key (session, output);
}

static char **
key_classes (ConsoleDestinationRow *self, EngineOutputState state, const GError *error)
{
  const gboolean wanted =
    state == ENGINE_OUTPUT_STATE_REFUSED || g_error_matches (error, SHOW_ERROR, SHOW_ERROR_NO_KEY);
  const char *classes[] = { wanted ? "suggested-action" : NULL, NULL };

  return g_strdupv ((char **) classes);
}

static char *
key_tooltip (ConsoleDestinationRow *self, const char *title)
{
  /* Translators: %s is a destination */
  return g_strdup_printf (_ ("Enter the stream key of %s"), title);
}

static void
enter_key_cb (ConsoleDestinationRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
  if (GTK_IS_WINDOW (root))
    console_key_dialog_ask (GTK_WINDOW (root), self->session, self->output);
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
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
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
  case PROP_SESSION:
    self->session = g_value_dup_object (value);
    break;
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
  g_clear_object (&self->session);
  g_clear_object (&self->output);

  G_OBJECT_CLASS (console_destination_row_parent_class)->dispose (object);
}

static void
console_destination_row_class_init (ConsoleDestinationRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_destination_row_get_property;
  object_class->set_property = console_destination_row_set_property;
  object_class->dispose = console_destination_row_dispose;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION, once);
  properties[PROP_OUTPUT] = g_param_spec_object ("output", NULL, NULL, ENGINE_TYPE_OUTPUT, once);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-destination-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, state_text);
  gtk_widget_class_bind_template_callback (widget_class, error_sentence);
  gtk_widget_class_bind_template_callback (widget_class, is_in_trouble);
  gtk_widget_class_bind_template_callback (widget_class, state_classes);
  gtk_widget_class_bind_template_callback (widget_class, needs_key);
  gtk_widget_class_bind_template_callback (widget_class, key_classes);
  gtk_widget_class_bind_template_callback (widget_class, key_tooltip);
  gtk_widget_class_bind_template_callback (widget_class, enter_key_cb);
}

static void
console_destination_row_init (ConsoleDestinationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
console_destination_row_new (ShowSession *session, EngineOutput *output)
{
  return g_object_new (CONSOLE_TYPE_DESTINATION_ROW, "session", session, "output", output, NULL);
}

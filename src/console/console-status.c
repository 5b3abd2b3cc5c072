/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-status.h"

#include "console-destination-row.h"
#include "console-list.h"
#include "console-text.h"

#include <glib/gi18n.h>

/**
 * ConsoleStatus:
 *
 * The header's three pills: on air or not and for how long, the recording, the destinations.
 */
struct _ConsoleStatus {
  AdwBin parent_instance;

  ConsoleOverview *overview; /* nullable */
  GtkBox *destinations;
};

G_DEFINE_FINAL_TYPE (ConsoleStatus, console_status, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_OVERVIEW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
show_text (ConsoleStatus *self, ShowState state, guint64 elapsed_s)
{
  return console_text_show_state (state, elapsed_s);
}

static char **
show_classes (ConsoleStatus *self, ShowState state)
{
  const char *classes[] = { "pill", "show-state", state == SHOW_STATE_LIVE ? "on-air" : NULL,
                            NULL };

  return g_strdupv ((char **) classes);
}

static char *
recording_text (ConsoleStatus *self, EngineRecordingState state, guint64 bytes)
{
  return console_text_recording (state, bytes);
}

static char **
recording_classes (ConsoleStatus *self, EngineRecordingState state)
{
  const char *classes[] = { "pill", NULL, NULL };

  if (state == ENGINE_RECORDING_STATE_DEGRADED || state == ENGINE_RECORDING_STATE_STOPPED)
    classes[1] = "bad";
  return g_strdupv ((char **) classes);
}

static char *
recording_place (ConsoleStatus *self, const char *path)
{
  if (path == NULL)
    return g_strdup (_ ("The recording starts with the show."));
  /* Translators: %s is a file's path */
  return g_strdup_printf (_ ("Recorded to %s"), path);
}

static char *
destinations_text (ConsoleStatus *self, guint n_live, guint n_destinations)
{
  return console_text_destinations (n_live, n_destinations);
}

static char **
destinations_classes (ConsoleStatus *self, guint n_live, guint n_destinations, ShowState state)
{
  const char *classes[] = { "pill-button", NULL, NULL };

  if (state == SHOW_STATE_LIVE)
    classes[1] = n_live == n_destinations ? "good" : "bad";
  return g_strdupv ((char **) classes);
}

static gboolean
has_text (ConsoleStatus *self, const char *text)
{
  return text != NULL && *text != '\0';
}

static gboolean
is_zero (ConsoleStatus *self, guint number)
{
  return number == 0;
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  return console_destination_row_new (user_data, item);
}

static void
set_overview (ConsoleStatus *self, ConsoleOverview *overview)
{
  ShowSession *session = NULL;

  g_return_if_fail (self->overview == NULL || self->overview == overview);

  if (!g_set_object (&self->overview, overview))
    return;

  session = console_overview_get_session (overview);
  console_list_fill_box (self->destinations, show_session_get_destinations (session), create_row,
                         session);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OVERVIEW]);
}

static void
console_status_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsoleStatus *self = CONSOLE_STATUS (object);

  switch (property_id) {
  case PROP_OVERVIEW:
    g_value_set_object (value, self->overview);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_status_set_property (GObject *object, guint property_id, const GValue *value,
                             GParamSpec *pspec)
{
  ConsoleStatus *self = CONSOLE_STATUS (object);

  switch (property_id) {
  case PROP_OVERVIEW:
    set_overview (self, g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_status_dispose (GObject *object)
{
  ConsoleStatus *self = CONSOLE_STATUS (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_STATUS);
  g_clear_object (&self->overview);

  G_OBJECT_CLASS (console_status_parent_class)->dispose (object);
}

static void
console_status_class_init (ConsoleStatusClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_status_get_property;
  object_class->set_property = console_status_set_property;
  object_class->dispose = console_status_dispose;

  properties[PROP_OVERVIEW] =
    g_param_spec_object ("overview", NULL, NULL, CONSOLE_TYPE_OVERVIEW,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-status.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleStatus, destinations);
  gtk_widget_class_bind_template_callback (widget_class, show_text);
  gtk_widget_class_bind_template_callback (widget_class, show_classes);
  gtk_widget_class_bind_template_callback (widget_class, recording_text);
  gtk_widget_class_bind_template_callback (widget_class, recording_classes);
  gtk_widget_class_bind_template_callback (widget_class, recording_place);
  gtk_widget_class_bind_template_callback (widget_class, destinations_text);
  gtk_widget_class_bind_template_callback (widget_class, destinations_classes);
  gtk_widget_class_bind_template_callback (widget_class, has_text);
  gtk_widget_class_bind_template_callback (widget_class, is_zero);
}

static void
console_status_init (ConsoleStatus *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

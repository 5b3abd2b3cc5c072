/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-status.h"

#include "common-util.h"
#include "console-air-text.h"
#include "console-destination-row.h"
#include "console-error.h"
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
  gboolean records;          /* the event is to be recorded */
  gint64 recording_since_us; /* 0: it is not recording */
  GtkBox *destinations;
};

G_DEFINE_FINAL_TYPE (ConsoleStatus, console_status, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_OVERVIEW,
  PROP_RECORDS,
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
  const char *classes[] = { "pill", "show-state", NULL, NULL };

  if (state == SHOW_STATE_LIVE)
    classes[2] = "on-air";
  else if (state == SHOW_STATE_REHEARSAL)
    classes[2] = "rehearsal";
  return g_strdupv ((char **) classes);
}

static gint64
get_elapsed_s (ConsoleStatus *self)
{
  return self->recording_since_us > 0
           ? (g_get_monotonic_time () - self->recording_since_us) / G_USEC_PER_SEC
           : 0;
}

/* @bytes tells once a second that time has passed. */
static char *
recording_text (ConsoleStatus *self, EngineRecordingState state, gboolean records, const char *path,
                guint64 bytes, gint64 left_s)
{
  return console_text_recording (state, records, path != NULL, (guint64) get_elapsed_s (self),
                                 left_s);
}

static char **
recording_classes (ConsoleStatus *self, EngineRecordingState state, gboolean records)
{
  const char *classes[] = { "pill-button", NULL, NULL };

  if (state == ENGINE_RECORDING_STATE_DEGRADED || state == ENGINE_RECORDING_STATE_STOPPED)
    classes[1] = "bad";
  else if (state == ENGINE_RECORDING_STATE_OFF && !records)
    classes[1] = "not-recording";
  return g_strdupv ((char **) classes);
}

static char *
recording_place (ConsoleStatus *self, const char *path, gboolean records)
{
  if (path == NULL && !records)
    return g_strdup (_ ("The recording is switched off in this event: nothing will be kept."));
  if (path == NULL)
    return g_strdup (_ ("The recording starts with the show."));
  /* Translators: %s is a file's path */
  return g_strdup_printf (_ ("Recorded to %s"), path);
}

static char *
recording_size (ConsoleStatus *self, guint64 bytes)
{
  return bytes > 0 ? common_format_bytes (bytes) : g_strdup ("");
}

static char *
error_sentence (ConsoleStatus *self, const GError *error)
{
  return console_error_describe (error);
}

static gboolean
has_error (ConsoleStatus *self, const GError *error)
{
  return error != NULL;
}

static void
recording_changed_cb (ConsoleStatus *self, GParamSpec *pspec, EngineRecording *recording)
{
  switch (engine_recording_get_state (recording)) {
  case ENGINE_RECORDING_STATE_RECORDING:
  case ENGINE_RECORDING_STATE_DEGRADED:
    if (self->recording_since_us == 0)
      self->recording_since_us = g_get_monotonic_time ();
    return;
  case ENGINE_RECORDING_STATE_OFF:
  case ENGINE_RECORDING_STATE_STOPPING:
  case ENGINE_RECORDING_STATE_STOPPED:
    self->recording_since_us = 0;
    return;
  }
}

static void
event_changed_cb (ConsoleStatus *self)
{
  EventFile *event = show_session_get_event (console_overview_get_session (self->overview));
  const gboolean records = event_file_get_recording (event)->enabled;

  if (self->records == records)
    return;
  self->records = records;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECORDS]);
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

static char *
plan_text (ConsoleStatus *self, const char *const *sentences)
{
  return console_text_plan (sentences);
}

static gboolean
is_zero (ConsoleStatus *self, guint number)
{
  return number == 0;
}

/* What opens elsewhere must not leave this open behind. */
static void
popdown_cb (ConsoleStatus *self, GtkWidget *button)
{
  GtkWidget *popover = gtk_widget_get_ancestor (button, GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  return console_destination_row_new (user_data, item, FALSE);
}

static void
set_overview (ConsoleStatus *self, ConsoleOverview *overview)
{
  ShowSession *session = NULL;

  g_return_if_fail (self->overview == NULL || self->overview == overview);

  if (!g_set_object (&self->overview, overview))
    return;

  session = console_overview_get_session (overview);
  /* Before the words are made again. */
  g_signal_connect_object (show_session_get_recording (session), "notify::state",
                           G_CALLBACK (recording_changed_cb), self, G_CONNECT_SWAPPED);
  recording_changed_cb (self, NULL, show_session_get_recording (session));
  g_signal_connect_object (show_session_get_event (session), "changed",
                           G_CALLBACK (event_changed_cb), self, G_CONNECT_SWAPPED);
  event_changed_cb (self);
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
  case PROP_RECORDS:
    g_value_set_boolean (value, self->records);
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
  properties[PROP_RECORDS] =
    g_param_spec_boolean ("records", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-status.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleStatus, destinations);
  gtk_widget_class_bind_template_callback (widget_class, show_text);
  gtk_widget_class_bind_template_callback (widget_class, show_classes);
  gtk_widget_class_bind_template_callback (widget_class, recording_text);
  gtk_widget_class_bind_template_callback (widget_class, recording_classes);
  gtk_widget_class_bind_template_callback (widget_class, recording_place);
  gtk_widget_class_bind_template_callback (widget_class, recording_size);
  gtk_widget_class_bind_template_callback (widget_class, error_sentence);
  gtk_widget_class_bind_template_callback (widget_class, has_error);
  gtk_widget_class_bind_template_callback (widget_class, destinations_text);
  gtk_widget_class_bind_template_callback (widget_class, destinations_classes);
  gtk_widget_class_bind_template_callback (widget_class, has_text);
  gtk_widget_class_bind_template_callback (widget_class, is_zero);
  gtk_widget_class_bind_template_callback (widget_class, plan_text);
  gtk_widget_class_bind_template_callback (widget_class, popdown_cb);
}

static void
console_status_init (ConsoleStatus *self)
{
  self->records = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

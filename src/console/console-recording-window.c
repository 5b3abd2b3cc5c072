/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-recording-window.h"

#include "console-entry.h"
#include "console-error.h"
#include "console-file-row.h"
#include "console-list.h"
#include "console-setting.h"

#include <glib/gi18n.h>

/* What the picture of a recording may have of its own. */
static const int qualities_kbps[] = { 0, 6000, 10000, 16000 };

/**
 * ConsoleRecordingWindow:
 *
 * How an event is recorded. Everything applies at once, and from the next recording on.
 */
struct _ConsoleRecordingWindow {
  AdwWindow parent_instance;

  ShowSession *session; /* construct-only */
  ConsoleEntry *entry;
  gboolean updating;
  AdwToastOverlay *toasts;
  GtkWidget *whether;
  AdwComboRow *quality;
};

G_DEFINE_FINAL_TYPE (ConsoleRecordingWindow, console_recording_window, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_ENTRY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Of the template, see its id. */
static const char *const settings[] = { "records", "clean", "sources", "tracks", "talks" };

static gboolean
is_off (ConsoleRecordingWindow *self, gboolean records)
{
  return !records;
}

static gboolean
is_active (ConsoleRecordingWindow *self, ShowState state)
{
  return state == SHOW_STATE_LIVE || state == SHOW_STATE_REHEARSAL;
}

static void
quality_selected_cb (ConsoleRecordingWindow *self)
{
  const guint selected = adw_combo_row_get_selected (self->quality);
  JsonNode *value = NULL;

  if (self->updating || self->entry == NULL || selected >= G_N_ELEMENTS (qualities_kbps))
    return;
  if (qualities_kbps[selected] > 0)
    value = json_node_init_int (json_node_alloc (), qualities_kbps[selected]);
  console_entry_set (self->entry, "video-kbps", value);
}

/* A number that somebody wrote into the file has a line of its own. */
static void
fill_quality (ConsoleRecordingWindow *self)
{
  const int kbps = (int) console_entry_get_number (self->entry, "video-kbps", 0);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint selected = G_N_ELEMENTS (qualities_kbps);

  self->updating = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (qualities_kbps); i++) {
    /* Translators: %d is a number of megabits per second */
    g_autofree char *title = g_strdup_printf (_ ("Own: %d Mbit/s"), qualities_kbps[i] / 1000);

    gtk_string_list_append (titles, qualities_kbps[i] == 0 ? _ ("As it is sent") : title);
    if (qualities_kbps[i] == kbps)
      selected = i;
  }
  if (selected == G_N_ELEMENTS (qualities_kbps)) {
    /* Translators: %d is a number of kilobits per second */
    g_autofree char *title = g_strdup_printf (_ ("Own: %d kbit/s"), kbps);

    gtk_string_list_append (titles, title);
  }
  adw_combo_row_set_model (self->quality, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->quality, selected);
  self->updating = FALSE;
}

static void
action_failed_cb (ConsoleRecordingWindow *self, const GError *error)
{
  g_autofree char *sentence = console_error_describe (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
console_recording_window_get_property (GObject *object, guint property_id, GValue *value,
                                       GParamSpec *pspec)
{
  ConsoleRecordingWindow *self = CONSOLE_RECORDING_WINDOW (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_ENTRY:
    g_value_set_object (value, self->entry);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_recording_window_set_property (GObject *object, guint property_id, const GValue *value,
                                       GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    CONSOLE_RECORDING_WINDOW (object)->session = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_recording_window_constructed (GObject *object)
{
  ConsoleRecordingWindow *self = CONSOLE_RECORDING_WINDOW (object);

  G_OBJECT_CLASS (console_recording_window_parent_class)->constructed (object);

  g_signal_connect_object (self->session, "action-failed", G_CALLBACK (action_failed_cb), self,
                           G_CONNECT_SWAPPED);
  self->entry = console_entry_new (self->session, CONSOLE_ENTRY_RECORDING, NULL);
  fill_quality (self);
  g_object_notify_by_pspec (object, properties[PROP_ENTRY]);
}

static void
console_recording_window_dispose (GObject *object)
{
  ConsoleRecordingWindow *self = CONSOLE_RECORDING_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_RECORDING_WINDOW);
  g_clear_object (&self->entry);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_recording_window_parent_class)->dispose (object);
}

static void
console_recording_window_class_init (ConsoleRecordingWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_recording_window_get_property;
  object_class->set_property = console_recording_window_set_property;
  object_class->constructed = console_recording_window_constructed;
  object_class->dispose = console_recording_window_dispose;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ENTRY] = g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_FILE_ROW);
  g_type_ensure (CONSOLE_TYPE_SETTING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-recording-window.ui");
  /* Bindings do not keep what they bind. */
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    gtk_widget_class_bind_template_child_full (widget_class, settings[i], FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, ConsoleRecordingWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ConsoleRecordingWindow, whether);
  gtk_widget_class_bind_template_child (widget_class, ConsoleRecordingWindow, quality);
  gtk_widget_class_bind_template_callback (widget_class, is_off);
  gtk_widget_class_bind_template_callback (widget_class, is_active);
  gtk_widget_class_bind_template_callback (widget_class, quality_selected_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
console_recording_window_init (ConsoleRecordingWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  console_list_set_name (self->whether, _ ("Record the show"));
}

GtkWindow *
console_recording_window_new (GtkWindow *parent, ShowSession *session)
{
  return g_object_new (CONSOLE_TYPE_RECORDING_WINDOW, "transient-for", parent, "application",
                       gtk_window_get_application (parent), "destroy-with-parent", TRUE, "session",
                       session, NULL);
}

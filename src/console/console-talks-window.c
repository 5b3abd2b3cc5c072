/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-talks-window.h"

#include "console-error.h"
#include "console-exports.h"
#include "console-trim-window.h"

#include <glib/gi18n.h>
#include <string.h>

/**
 * ConsoleTalksWindow:
 *
 * The talks of the day and their recordings: what became of each, and what can be done with it.
 */
struct _ConsoleTalksWindow {
  AdwWindow parent_instance;

  ShowSession *session; /* construct-only */
  AdwToastOverlay *toasts;
  GtkStack *pages;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (ConsoleTalksWindow, console_talks_window, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* One row: its item, and what changes in it. */
typedef struct {
  ConsoleTalksWindow *window; /* borrowed: it has the row */
  ShowExport *item;
  AdwActionRow *row;
  GtkWidget *trim, *again, *folder, *copy;
} Row;

static void
row_free (gpointer data)
{
  Row *row = data;

  g_object_unref (row->item);
  g_free (row);
}

static void
update_row (Row *row)
{
  const ShowExportState state = show_export_get_state (row->item);
  const gboolean talk = show_export_get_kind (row->item) == SHOW_EXPORT_TALK;
  const gboolean idle = state == SHOW_EXPORT_STATE_DONE || state == SHOW_EXPORT_STATE_FAILED ||
                        (state == SHOW_EXPORT_STATE_OFF && show_export_get_end_ms (row->item) >= 0);
  const gboolean there = show_export_get_path (row->item) != NULL;
  g_autofree char *words = console_exports_describe (row->item);
  g_autofree char *escaped = g_markup_escape_text (words, -1);

  adw_action_row_set_subtitle (row->row, escaped);
  gtk_widget_set_visible (row->trim, talk);
  gtk_widget_set_sensitive (row->trim, idle);
  gtk_widget_set_visible (row->again, talk || state == SHOW_EXPORT_STATE_FAILED);
  gtk_widget_set_sensitive (row->again, idle);
  gtk_label_set_text (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (row->again))),
                      there ? _ ("Make again") : _ ("Make a file"));
  gtk_widget_set_sensitive (row->folder, there);
  gtk_widget_set_sensitive (row->copy, there);
}

static void
trim_clicked_cb (Row *row)
{
  gtk_window_present (
    console_trim_window_new (GTK_WINDOW (row->window), row->window->session, row->item));
}

static void
again_clicked_cb (Row *row)
{
  GActionGroup *actions = show_session_get_actions (row->window->session);

  g_action_group_activate_action (actions, "export-talk",
                                  g_variant_new_int32 (
                                    gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row->row))));
}

static void
folder_clicked_cb (Row *row)
{
  g_autofree char *folder = g_path_get_dirname (show_export_get_path (row->item));
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL); /* it is absolute */

  gtk_show_uri (GTK_WINDOW (row->window), uri, GDK_CURRENT_TIME);
}

/* What lies beside the film, to be pasted where it is uploaded. */
static void
copy_clicked_cb (Row *row)
{
  const char *path = show_export_get_path (row->item);
  const char *dot = strrchr (path, '.');
  g_autofree char *base = g_strndup (path, dot != NULL ? (gsize) (dot - path) : strlen (path));
  g_autofree char *name = g_strconcat (base, ".txt", NULL);
  g_autofree char *text = NULL;
  const char *said = _ ("The text cannot be read. Make the file again.");

  if (g_file_get_contents (name, &text, NULL, NULL) && g_utf8_validate (text, -1, NULL)) {
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (row->window)), text);
    said = _ ("The text is copied. Paste it where you upload the film.");
  }
  adw_toast_overlay_add_toast (row->window->toasts, adw_toast_new (said));
}

static GtkWidget *
add_button (Row *row, const char *label, const char *name, GCallback clicked)
{
  GtkWidget *button = gtk_button_new ();
  g_autofree char *spoken = g_strdup_printf ("%s: %s", name, show_export_get_title (row->item));

  /* A button with a label of its own would be called by that alone. */
  gtk_button_set_child (GTK_BUTTON (button), gtk_label_new (label));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  g_signal_connect_swapped (button, "clicked", clicked, row);
  adw_action_row_add_suffix (row->row, button);
  return button;
}

static GtkWidget *
create_row (gpointer data, gpointer user_data)
{
  ShowExport *item = data;
  Row *row = g_new0 (Row, 1);
  g_autofree char *title = NULL;
  const char *speakers = show_export_get_speakers (item);

  row->window = user_data;
  row->item = g_object_ref (item);
  row->row = ADW_ACTION_ROW (adw_action_row_new ());
  if (show_export_get_kind (item) == SHOW_EXPORT_RECORDING)
    title = g_markup_printf_escaped (_ ("All of “%s”"), show_export_get_title (item));
  else if (*speakers != '\0')
    title = g_markup_printf_escaped ("%s — %s", show_export_get_title (item), speakers);
  else
    title = g_markup_escape_text (show_export_get_title (item), -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row->row), title);
  g_object_set_data_full (G_OBJECT (row->row), "row", row, row_free);
  row->trim = add_button (row, _ ("Trim…"), _ ("Trim"), G_CALLBACK (trim_clicked_cb));
  row->again = add_button (row, _ ("Make again"), _ ("Make again"), G_CALLBACK (again_clicked_cb));
  row->folder =
    add_button (row, _ ("Show in folder"), _ ("Show in folder"), G_CALLBACK (folder_clicked_cb));
  row->copy = add_button (row, _ ("Copy text"), _ ("Copy text"), G_CALLBACK (copy_clicked_cb));
  update_row (row);
  return GTK_WIDGET (row->row);
}

static void
item_changed_cb (AdwActionRow *widget)
{
  update_row (g_object_get_data (G_OBJECT (widget), "row"));
}

static GtkWidget *
create_followed_row (gpointer item, gpointer user_data)
{
  GtkWidget *widget = create_row (item, user_data);

  g_signal_connect_object (item, "notify", G_CALLBACK (item_changed_cb), widget, G_CONNECT_SWAPPED);
  return widget;
}

static void
n_items_cb (ConsoleTalksWindow *self)
{
  const guint n = g_list_model_get_n_items (show_session_get_exports (self->session));

  gtk_stack_set_visible_child_name (self->pages, n > 0 ? "list" : "empty");
}

static void
action_failed_cb (ConsoleTalksWindow *self, const GError *error)
{
  g_autofree char *sentence = console_error_describe (error);
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
console_talks_window_set_property (GObject *object, guint property_id, const GValue *value,
                                   GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    CONSOLE_TALKS_WINDOW (object)->session = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_talks_window_constructed (GObject *object)
{
  ConsoleTalksWindow *self = CONSOLE_TALKS_WINDOW (object);
  GListModel *exports = show_session_get_exports (self->session);

  G_OBJECT_CLASS (console_talks_window_parent_class)->constructed (object);

  gtk_list_box_bind_model (self->list, exports, create_followed_row, self, NULL);
  g_signal_connect_object (exports, "items-changed", G_CALLBACK (n_items_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "action-failed", G_CALLBACK (action_failed_cb), self,
                           G_CONNECT_SWAPPED);
  n_items_cb (self);
}

static void
console_talks_window_dispose (GObject *object)
{
  ConsoleTalksWindow *self = CONSOLE_TALKS_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_TALKS_WINDOW);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_talks_window_parent_class)->dispose (object);
}

static void
console_talks_window_class_init (ConsoleTalksWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = console_talks_window_set_property;
  object_class->constructed = console_talks_window_constructed;
  object_class->dispose = console_talks_window_dispose;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-talks-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleTalksWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ConsoleTalksWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, ConsoleTalksWindow, list);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
console_talks_window_init (ConsoleTalksWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
console_talks_window_new (GtkWindow *parent, ShowSession *session)
{
  return g_object_new (CONSOLE_TYPE_TALKS_WINDOW, "transient-for", parent, "application",
                       gtk_window_get_application (parent), "destroy-with-parent", TRUE, "session",
                       session, NULL);
}

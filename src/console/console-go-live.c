/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-go-live.h"

#include "console-air-text.h"
#include "console-error.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* The question before a show goes live: who will see it where, whether each key is there, what is
 * recorded. */

#define LIVE_PAGE_ID    "live-page"
#define RESPONSE_CANCEL "cancel"
#define RESPONSE_YES    "yes"

static GtkWidget *
add_words (GtkBox *box, const char *words, const char *style_class)
{
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), 1);
  gtk_widget_set_hexpand (label, TRUE);
  if (style_class != NULL)
    gtk_widget_add_css_class (label, style_class);
  gtk_box_append (box, label);
  return label;
}

static void
key_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkLabel) label = user_data;
  g_autoptr (GError) error = NULL;

  if (show_session_look_for_key_finish (SHOW_SESSION (source), result, &error)) {
    gtk_label_set_text (label, _ ("✓ Its key is there"));
    gtk_widget_add_css_class (GTK_WIDGET (label), "good");
    return;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_label_set_text (
    label, _ ("✕ Its key is missing: nobody will see the show there until it is entered"));
  gtk_widget_add_css_class (GTK_WIDGET (label), "problem");
}

static void
add_destination (GtkBox *box, ShowSession *session, EngineOutput *output, GCancellable *cancellable)
{
  const char *page_uri = show_session_get_live_page_uri (session);
  const gboolean is_page = g_str_equal (engine_output_get_id (output), LIVE_PAGE_ID);
  g_autofree char *sentence = console_error_describe (engine_output_get_error (output));
  GtkWidget *label = NULL;

  add_words (box, engine_output_get_title (output), "source-title");
  if (is_page && engine_output_get_error (output) != NULL) {
    add_words (box, sentence, "problem");
  } else if (is_page) {
    add_words (box, page_uri != NULL ? page_uri : "", "small-note");
  } else if (show_session_needs_key (session, output)) {
    label = add_words (box, _ ("Looking for its key…"), "small-note");
    show_session_look_for_key_async (session, engine_output_get_id (output), cancellable,
                                     key_found_cb, g_object_ref (label));
  } else {
    add_words (box, _ ("✓ Needs no key"), "small-note");
  }
}

static void
add_recording (GtkBox *box, ShowSession *session)
{
  if (event_file_get_recording (show_session_get_event (session))->enabled)
    add_words (box, _ ("⏺ The show is recorded."), NULL);
  else
    add_words (box, _ ("✕ Nothing is recorded: the recording is switched off in this event."),
               "problem");
}

static GtkWidget *
create_list (ShowSession *session, GCancellable *cancellable)
{
  GListModel *outputs = show_session_get_destinations (session);
  g_autofree char *plan = console_text_plan (show_session_get_plan (session));
  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);

  for (guint i = 0; i < g_list_model_get_n_items (outputs); i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (outputs, i);
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);

    add_destination (GTK_BOX (box), session, output, cancellable);
    gtk_box_append (GTK_BOX (list), box);
  }
  add_recording (GTK_BOX (list), session);
  add_words (GTK_BOX (list), plan, "small-note");
  return list;
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, GCancellable *cancellable)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (dialog));

  g_cancellable_cancel (cancellable);
  if (parent != NULL && g_str_equal (response, RESPONSE_YES))
    gtk_widget_activate_action (GTK_WIDGET (parent), "app.go-live", NULL);
}

static void
cancellable_gone_cb (gpointer user_data, GClosure *closure)
{
  g_object_unref (user_data);
}

/**
 * console_go_live_ask:
 * @parent: the show's window
 * @session: the show, off air or in rehearsal
 *
 * Says what going live means for this show, and does it when the operator agrees. The keyring may
 * take its time, or ask to be unlocked: the question does not wait for it.
 */
void
console_go_live_ask (GtkWindow *parent, ShowSession *session)
{
  GCancellable *cancellable = g_cancellable_new ();
  const gboolean nobody = g_list_model_get_n_items (show_session_get_destinations (session)) == 0;
  GtkWidget *dialog = adw_message_dialog_new (
    parent, _ ("Go live?"),
    nobody ? _ ("This event has no destination and no live page: nobody can watch.")
           : _ ("From now on people see and hear the program here:"));

  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog),
                                      create_list (session, cancellable));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL, _ ("_Cancel"),
                                    RESPONSE_YES, _ ("_Go live"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_YES,
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), cancellable,
                         cancellable_gone_cb, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-dialogs.h"

#include <glib/gi18n.h>

#define RESPONSE_CANCEL "cancel"
#define RESPONSE_YES    "yes"
#define RESPONSE_SAVE   "save"

static GtkWidget *
create_question (GtkWindow *parent, const char *heading, const char *body, const char *yes,
                 AdwResponseAppearance appearance)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL, _ ("_Cancel"),
                                    RESPONSE_YES, yes, NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_YES,
                                              appearance);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);
  return dialog;
}

static void
end_live_response_cb (GtkWindow *parent, const char *response)
{
  if (g_str_equal (response, RESPONSE_YES))
    gtk_widget_activate_action (GTK_WIDGET (parent), "app.end-live", NULL);
}

/**
 * console_dialogs_ask_end_live:
 * @parent: the show's window
 *
 * Ends the live show when the operator confirms it.
 */
void
console_dialogs_ask_end_live (GtkWindow *parent)
{
  GtkWidget *dialog = create_question (
    parent, _ ("End live?"),
    _ ("The audience sees the end of the show everywhere, and the recording is saved."),
    _ ("_End live"), ADW_RESPONSE_DESTRUCTIVE);

  g_signal_connect_object (dialog, "response", G_CALLBACK (end_live_response_cb), parent,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
quit_response_cb (AdwMessageDialog *dialog, const char *response, gboolean *may_close)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (dialog));

  if (!g_str_equal (response, RESPONSE_YES) || parent == NULL)
    return;

  *may_close = TRUE;
  gtk_widget_activate_action (GTK_WIDGET (parent), "app.end-live", NULL);
  gtk_window_close (parent);
}

/**
 * console_dialogs_ask_quit:
 * @parent: the show's window, which is live
 * @may_close: (out): set when the operator confirms, belongs to @parent
 *
 * Ends the live show and closes @parent when the operator confirms it.
 */
void
console_dialogs_ask_quit (GtkWindow *parent, gboolean *may_close)
{
  GtkWidget *dialog = create_question (
    parent, _ ("End live and quit?"),
    _ ("The show is on air. Closing Régie ends it for the audience, and saves the recording."),
    _ ("_End live and quit"), ADW_RESPONSE_DESTRUCTIVE);

  g_signal_connect (dialog, "response", G_CALLBACK (quit_response_cb), may_close);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
unsaved_response_cb (AdwMessageDialog *dialog, const char *response, gboolean *may_discard)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (dialog));

  if (parent == NULL)
    return;
  if (g_str_equal (response, RESPONSE_SAVE)) {
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.save-as", NULL);
  } else if (g_str_equal (response, RESPONSE_YES)) {
    *may_discard = TRUE;
    gtk_window_close (parent);
  }
}

/**
 * console_dialogs_ask_unsaved:
 * @parent: the show's window, with changes that cannot be saved where the event is
 * @may_discard: (out): set when the operator lets them go, belongs to @parent
 *
 * Closes @parent when the operator lets the changes go. Saving elsewhere leaves it open: what went
 * wrong there must not cost the changes.
 */
void
console_dialogs_ask_unsaved (GtkWindow *parent, gboolean *may_discard)
{
  GtkWidget *dialog = create_question (parent, _ ("Close without saving?"),
                                       _ ("The event was changed, and cannot be saved where it is. "
                                          "Save it elsewhere to keep the changes."),
                                       _ ("Close _without saving"), ADW_RESPONSE_DESTRUCTIVE);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_SAVE, _ ("_Save as…"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_SAVE,
                                              ADW_RESPONSE_SUGGESTED);
  g_signal_connect (dialog, "response", G_CALLBACK (unsaved_response_cb), may_discard);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * console_dialogs_show_about:
 * @parent: (nullable): the window above which it opens
 */
void
console_dialogs_show_about (GtkWindow *parent)
{
  adw_show_about_window (parent, "application-name", _ ("Régie"), "application-icon",
                         APPLICATION_ID, "version", PACKAGE_VERSION, "developer-name",
                         _ ("The Régie developers"), "comments",
                         _ ("The control room of a live event, in one window."), "license-type",
                         GTK_LICENSE_GPL_3_0, NULL);
}

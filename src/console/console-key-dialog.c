/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-key-dialog.h"

#include "console-error.h"
#include "console-window.h"

#include <glib/gi18n.h>
#include <string.h>

#define RESPONSE_CANCEL "cancel"
#define RESPONSE_SAVE   "save"

/* What one question is about, from when it opens until the keyring has answered. */
typedef struct {
  ShowSession *session;
  EngineOutput *output;
  GtkEditable
    *entry; /* nullable: while the dialog is open; GTK 4.8 needs it longer than it holds it */
  GWeakRef window; /* where the answer is shown, when it is still there */
} Question;

static void
question_free (Question *question)
{
  g_object_unref (question->session);
  g_object_unref (question->output);
  g_clear_object (&question->entry);
  g_weak_ref_clear (&question->window);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static Question *
question_new (GtkWindow *parent, ShowSession *session, EngineOutput *output)
{
  Question *question = g_new0 (Question, 1);

  question->session = g_object_ref (session);
  question->output = g_object_ref (output);
  g_weak_ref_init (&question->window, parent);
  return question;
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autoptr (GtkWindow) window = g_weak_ref_get (&question->window);
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (show_session_store_key_finish (question->session, result, &error)) {
    /* Translators: %s is a destination */
    sentence = g_strdup_printf (_ ("The stream key of %s is saved."),
                                engine_output_get_title (question->output));
  } else {
    g_warning ("A stream key could not be stored: %s", error->message);
    sentence = console_error_describe (error);
  }
  if (CONSOLE_IS_WINDOW (window))
    console_window_show_message (CONSOLE_WINDOW (window), sentence);
}

/* Without the spaces that copying from a web page brings along; empty when there is no key. */
static char *
take_key (GtkEditable *entry)
{
  char *key = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  gtk_editable_set_text (entry, "");
  return key;
}

static void
response_cb (Question *question, const char *response)
{
  GtkWindow *window = g_weak_ref_get (&question->window);
  char *key = take_key (question->entry);

  if (g_str_equal (response, RESPONSE_SAVE) && *key != '\0')
    show_session_store_key_async (question->session, engine_output_get_id (question->output), key,
                                  NULL, stored_cb,
                                  question_new (window, question->session, question->output));
  explicit_bzero (key, strlen (key));
  g_free (key);
  g_clear_object (&window);
}

static void
text_changed_cb (AdwMessageDialog *dialog, GParamSpec *pspec, GtkEditable *entry)
{
  adw_message_dialog_set_response_enabled (dialog, RESPONSE_SAVE,
                                           *gtk_editable_get_text (entry) != '\0');
}

static void
question_gone_cb (gpointer user_data, GClosure *closure)
{
  question_free (user_data);
}

static GtkWidget *
create_entry (void)
{
  GtkWidget *entry = gtk_password_entry_new ();

  gtk_password_entry_set_show_peek_icon (GTK_PASSWORD_ENTRY (entry), TRUE);
  g_object_set (entry, "activates-default", TRUE, "placeholder-text", _ ("Stream key"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Stream key"), -1);
  return entry;
}

/**
 * console_key_dialog_ask:
 * @parent: the show's window
 * @session: the show
 * @output: one of its destinations, which needs a stream key
 *
 * Asks for the key and stores it in the keyring. Nothing here keeps it: the entry's memory is the
 * kind for passwords, and it is emptied as soon as the question is answered.
 */
void
console_key_dialog_ask (GtkWindow *parent, ShowSession *session, EngineOutput *output)
{
  GtkWidget *dialog = NULL;
  GtkWidget *entry = create_entry ();
  Question *question = question_new (parent, session, output);
  g_autofree char *heading = NULL;

  /* Translators: %s is a destination */
  heading = g_strdup_printf (_ ("Stream key of %s"), engine_output_get_title (output));
  dialog = adw_message_dialog_new (parent, heading, NULL);
  adw_message_dialog_set_body (
    ADW_MESSAGE_DIALOG (dialog),
    _ ("The key is kept in this computer’s keyring, never in the event file."));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL, _ ("_Cancel"),
                                    RESPONSE_SAVE, _ ("_Save"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_SAVE,
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), RESPONSE_SAVE, FALSE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_SAVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);

  question->entry = g_object_ref (GTK_EDITABLE (entry));
  g_signal_connect_object (entry, "notify::text", G_CALLBACK (text_changed_cb), dialog,
                           G_CONNECT_SWAPPED);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_gone_cb,
                         G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-folder.h"

#include "console-files.h"
#include "show-files.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define RESPONSE_LATER  "later"
#define RESPONSE_FOLDER "folder"

/* More would not fit into a question. */
#define MAX_EVENTS 8

/* A folder from which an event is to be opened. */
typedef struct {
  GWeakRef parent;
  char *wanted; /* nullable: the name of the event */
  char *folder; /* nullable: not chosen yet */
  ConsoleFolderFunc callback;
  gpointer user_data;
} Choice;

static void
choice_free (Choice *choice)
{
  g_weak_ref_clear (&choice->parent);
  g_free (choice->wanted);
  g_free (choice->folder);
  g_free (choice);
}

static void
choice_gone_cb (gpointer data, GClosure *closure)
{
  choice_free (data);
}

static void
open_named (Choice *choice, const char *name)
{
  g_autofree char *path = g_build_filename (choice->folder, name, NULL);

  choice->callback (path, choice->user_data);
}

static void
event_chosen_cb (Choice *choice, const char *response)
{
  if (!g_str_equal (response, RESPONSE_LATER))
    open_named (choice, response);
}

static Choice *
choice_copy (Choice *choice)
{
  Choice *copy = g_new0 (Choice, 1);

  g_weak_ref_init (&copy->parent, NULL);
  copy->folder = g_strdup (choice->folder);
  copy->callback = choice->callback;
  copy->user_data = choice->user_data;
  return copy;
}

static void
ask_which (GtkWindow *parent, Choice *choice, const char *const *names)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, _ ("Which event?"), NULL);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_LATER, _ ("_Cancel"));
  for (guint i = 0; names[i] != NULL && i < MAX_EVENTS; i++)
    adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), names[i], names[i]);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_LATER);
  g_signal_connect_data (dialog, "response", G_CALLBACK (event_chosen_cb), choice_copy (choice),
                         choice_gone_cb, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
say_none (GtkWindow *parent)
{
  GtkWidget *dialog =
    adw_message_dialog_new (parent, _ ("There is no event in this folder"),
                            _ ("Choose the folder that has the event file, with a name that ends "
                               "in “.regie”, and the pictures and films that belong to it."));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_LATER, _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
folder_chosen_cb (const char *path, gpointer user_data)
{
  Choice *choice = user_data;
  g_auto (GStrv) names = show_files_list_events (path);
  g_autoptr (GtkWindow) parent = g_weak_ref_get (&choice->parent);

  choice->folder = g_strdup (path);
  if (choice->wanted != NULL && g_strv_contains ((const char *const *) names, choice->wanted))
    open_named (choice, choice->wanted);
  else if (g_strv_length (names) == 1)
    open_named (choice, names[0]);
  else if (names[0] == NULL)
    say_none (parent);
  else
    ask_which (parent, choice, (const char *const *) names);
}

/**
 * console_folder_choose:
 * @parent: (nullable): the window above which it asks
 * @wanted: (nullable): the event that is opened if it is there
 * @callback: gets the path of an event; not called when none is chosen
 * @user_data: for @callback; outlives all windows
 *
 * Has a folder chosen, and an event in it. Inside a sandbox what is beside the event can be read then.
 */
void
console_folder_choose (GtkWindow *parent, const char *wanted, ConsoleFolderFunc callback,
                       gpointer user_data)
{
  Choice *choice = g_new0 (Choice, 1);

  g_weak_ref_init (&choice->parent, parent);
  choice->wanted = *wanted != '\0' ? g_strdup (wanted) : NULL;
  choice->callback = callback;
  choice->user_data = user_data;
  console_files_choose (parent, CONSOLE_FILES_FOLDER, folder_chosen_cb, choice,
                        (GDestroyNotify) choice_free);
}

static void
offer_response_cb (const char *name, const char *response, GtkWidget *dialog)
{
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (dialog));

  if (g_str_equal (response, RESPONSE_FOLDER) && window != NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "app.open-folder", "s", name);
}

static void
name_gone_cb (gpointer data, GClosure *closure)
{
  g_free (data);
}

/**
 * console_folder_offer:
 * @window: the show's window
 * @event: its event
 *
 * If the event was handed into a sandbox without the files beside it, says so, and offers to choose
 * its folder.
 */
void
console_folder_offer (GtkWindow *window, EventFile *event)
{
  const char *path = event_file_get_path (event);
  g_autofree char *missing =
    path != NULL && show_files_is_alone (path) ? show_files_find_missing (event) : NULL;
  g_autofree char *body = NULL;
  GtkWidget *dialog = NULL;

  if (missing == NULL)
    return;
  /* Translators: %s is a file, such as logo.png */
  body =
    g_strdup_printf (_ ("The event names files beside it, such as “%s”. Régie runs in a sandbox "
                        "and was given the event alone. Choose the folder that the event is "
                        "in, then they can be read."),
                     missing);
  dialog = adw_message_dialog_new (window, _ ("Some files of this event cannot be read"), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), RESPONSE_LATER, _ ("_Not now"),
                                    RESPONSE_FOLDER, _ ("Choose the _folder…"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_FOLDER,
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_FOLDER);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_LATER);
  g_signal_connect_data (dialog, "response", G_CALLBACK (offer_response_cb),
                         g_path_get_basename (path), name_gone_cb, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-files.h"

#include <glib/gi18n.h>

#define EVENT_SUFFIX ".regie"

/* One question for a file, until it is answered. */
typedef struct {
  GtkFileChooserNative *chooser;
  ConsoleFiles kind;
  gboolean saves; /* an event, whatever the kind */
  ConsoleFilesFunc callback;
  gpointer user_data;
  GDestroyNotify destroy; /* nullable */
} Question;

GType
console_files_get_type (void)
{
  static const GEnumValue values[] = {
    { CONSOLE_FILES_PICTURE, "CONSOLE_FILES_PICTURE", "picture" },
    { CONSOLE_FILES_FILM, "CONSOLE_FILES_FILM", "film" },
    { CONSOLE_FILES_SLIDES, "CONSOLE_FILES_SLIDES", "slides" },
    { CONSOLE_FILES_FOLDER, "CONSOLE_FILES_FOLDER", "folder" },
    { CONSOLE_FILES_CERTIFICATE, "CONSOLE_FILES_CERTIFICATE", "certificate" },
    { CONSOLE_FILES_CERTIFICATE_KEY, "CONSOLE_FILES_CERTIFICATE_KEY", "certificate-key" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("ConsoleFiles", values));
  return (GType) type;
}

static char *
get_path (Question *question)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (question->chooser));
  char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL && question->saves && !g_str_has_suffix (path, EVENT_SUFFIX)) {
    char *named = g_strconcat (path, EVENT_SUFFIX, NULL);

    g_free (path);
    path = named;
  }
  if (path != NULL && !question->saves && question->kind == CONSOLE_FILES_SLIDES) {
    g_autofree char *lower = g_ascii_strdown (path, -1);

    if (!g_str_has_suffix (lower, ".pdf")) {
      char *folder = g_path_get_dirname (path);

      g_free (path);
      path = folder;
    }
  }
  return path;
}

static void
response_cb (Question *question, int response)
{
  g_autofree char *path = response == GTK_RESPONSE_ACCEPT ? get_path (question) : NULL;

  if (path != NULL)
    question->callback (path, question->user_data);
  if (question->destroy != NULL)
    question->destroy (question->user_data);
  gtk_native_dialog_destroy (GTK_NATIVE_DIALOG (question->chooser));
  g_object_unref (question->chooser);
  g_free (question);
}

static GtkFileFilter *
create_filter (ConsoleFiles kind)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  switch (kind) {
  case CONSOLE_FILES_PICTURE:
    gtk_file_filter_set_name (filter, _ ("Pictures"));
    gtk_file_filter_add_pixbuf_formats (filter);
    break;
  case CONSOLE_FILES_FILM:
    gtk_file_filter_set_name (filter, _ ("Films"));
    gtk_file_filter_add_mime_type (filter, "video/*");
    gtk_file_filter_add_mime_type (filter, "audio/*");
    break;
  case CONSOLE_FILES_SLIDES:
    gtk_file_filter_set_name (filter, _ ("PDF or pictures"));
    gtk_file_filter_add_pixbuf_formats (filter);
    gtk_file_filter_add_mime_type (filter, "application/pdf");
    break;
  case CONSOLE_FILES_CERTIFICATE:
  case CONSOLE_FILES_CERTIFICATE_KEY:
    gtk_file_filter_set_name (filter, _ ("PEM files"));
    gtk_file_filter_add_suffix (filter, "pem");
    gtk_file_filter_add_suffix (filter, "crt");
    gtk_file_filter_add_suffix (filter, "key");
    break;
  case CONSOLE_FILES_FOLDER:
    break;
  }
  return filter;
}

static const char *
get_title (ConsoleFiles kind)
{
  switch (kind) {
  case CONSOLE_FILES_PICTURE:
    return _ ("Choose a picture");
  case CONSOLE_FILES_FILM:
    return _ ("Choose a film");
  case CONSOLE_FILES_SLIDES:
    return _ ("Choose the PDF, or one picture of the folder");
  case CONSOLE_FILES_FOLDER:
    return _ ("Choose a folder");
  case CONSOLE_FILES_CERTIFICATE:
    return _ ("Choose the certificate");
  case CONSOLE_FILES_CERTIFICATE_KEY:
    return _ ("Choose its private key");
  }
  return NULL;
}

/**
 * console_files_choose:
 * @parent: the window above which it asks
 * @kind: what kind of file is wanted
 * @callback: gets the path; not called when nothing is chosen
 * @user_data: for @callback
 * @destroy: (nullable): frees @user_data in the end, whatever is chosen
 */
void
console_files_choose (GtkWindow *parent, ConsoleFiles kind, ConsoleFilesFunc callback,
                      gpointer user_data, GDestroyNotify destroy)
{
  const gboolean is_folder = kind == CONSOLE_FILES_FOLDER;
  g_autoptr (GtkFileFilter) filter = create_filter (kind);
  Question *question = g_new0 (Question, 1);

  question->kind = kind;
  question->callback = callback;
  question->user_data = user_data;
  question->destroy = destroy;
  question->chooser = gtk_file_chooser_native_new (get_title (kind), parent,
                                                   is_folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER
                                                             : GTK_FILE_CHOOSER_ACTION_OPEN,
                                                   _ ("_Choose"), _ ("_Cancel"));
  if (!is_folder)
    gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (question->chooser), filter);
  g_signal_connect_swapped (question->chooser, "response", G_CALLBACK (response_cb), question);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (question->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (question->chooser));
}

/**
 * console_files_save_event:
 * @parent: the window above which it asks
 * @name: a name to begin with, without a folder
 * @callback: gets the path, which ends in “.regie”; not called when nothing is chosen
 * @user_data: for @callback
 * @destroy: (nullable): frees @user_data in the end, whatever is chosen
 */
void
console_files_save_event (GtkWindow *parent, const char *name, ConsoleFilesFunc callback,
                          gpointer user_data, GDestroyNotify destroy)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  Question *question = g_new0 (Question, 1);

  question->saves = TRUE;
  question->callback = callback;
  question->user_data = user_data;
  question->destroy = destroy;
  question->chooser =
    gtk_file_chooser_native_new (_ ("Save the event as"), parent, GTK_FILE_CHOOSER_ACTION_SAVE,
                                 _ ("_Save"), _ ("_Cancel"));
  gtk_file_filter_set_name (filter, _ ("Régie events"));
  gtk_file_filter_add_suffix (filter, "regie");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (question->chooser), filter);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (question->chooser), name);
  g_signal_connect_swapped (question->chooser, "response", G_CALLBACK (response_cb), question);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (question->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (question->chooser));
}

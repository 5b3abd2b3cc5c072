/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-air-actions.h"

#include "console-dialogs.h"
#include "console-go-live.h"
#include "console-window.h"

#include <glib/gi18n.h>

/* What the show's window does about going on air, rehearsing and the recording: it asks, and shows. */

static void
toggle_live_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ShowSession *session = console_window_get_session (CONSOLE_WINDOW (widget));

  if (show_session_get_state (session) == SHOW_STATE_LIVE)
    console_dialogs_ask_end_live (GTK_WINDOW (widget));
  else
    console_go_live_ask (GTK_WINDOW (widget), session);
}

/* Nothing is lost by either: nobody is asked. */
static void
toggle_rehearsal_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ShowSession *session = console_window_get_session (CONSOLE_WINDOW (widget));

  gtk_widget_activate_action (widget,
                              show_session_get_state (session) == SHOW_STATE_REHEARSAL
                                ? "app.end-live"
                                : "app.rehearse",
                              NULL);
}

static void
folder_shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ConsoleWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *message = NULL;
  const char *path = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    return;

  g_warning ("The recording's folder cannot be shown: %s", error->message);
  if (console_window_get_session (self) == NULL)
    return; /* closed meanwhile */

  path = engine_recording_get_path (show_session_get_recording (console_window_get_session (self)));
  folder = path != NULL ? g_path_get_dirname (path) : g_strdup ("");
  /* Translators: %s is a folder's path */
  message = g_strdup_printf (_ ("The folder cannot be opened here. It is %s"), folder);
  console_window_show_message (self, message);
}

static void
show_recording_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ConsoleWindow *self = CONSOLE_WINDOW (widget);
  const char *path =
    engine_recording_get_path (show_session_get_recording (console_window_get_session (self)));
  g_autoptr (GFile) file = path != NULL ? g_file_new_for_path (path) : NULL;
  g_autoptr (GFile) folder = file != NULL ? g_file_get_parent (file) : NULL;
  g_autofree char *uri = folder != NULL ? g_file_get_uri (folder) : NULL;

  if (uri != NULL)
    gtk_show_uri_full (GTK_WINDOW (self), uri, GDK_CURRENT_TIME, NULL, folder_shown_cb,
                       g_object_ref (self));
}

/**
 * console_air_actions_install:
 * @window_class: the class of the show's window
 *
 * Adds the actions about going on air and the recording.
 */
void
console_air_actions_install (GtkWidgetClass *window_class)
{
  gtk_widget_class_install_action (window_class, "win.toggle-live", NULL, toggle_live_activated);
  gtk_widget_class_install_action (window_class, "win.toggle-rehearsal", NULL,
                                   toggle_rehearsal_activated);
  gtk_widget_class_install_action (window_class, "win.show-recording", NULL,
                                   show_recording_activated);
}

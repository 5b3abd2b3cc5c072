/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-edit-actions.h"

#include "console-destinations-window.h"
#include "console-files.h"
#include "console-guest-asking.h"
#include "console-guests-window.h"
#include "console-moderation-window.h"
#include "console-recording-window.h"
#include "console-removal.h"
#include "console-shots-window.h"
#include "console-sources-window.h"
#include "console-talks-window.h"
#include "console-window.h"

#include <glib/gi18n.h>

/* What the show's window does to change its event: it opens the windows for that, and asks. */

static ShowSession *
get_session (GtkWidget *widget)
{
  return console_window_get_session (CONSOLE_WINDOW (widget));
}

/* One of each is enough: asked for again, it comes to the front. */
static GtkWindow *
present (GtkWidget *widget, GType type, GtkWindow *(*create) (GtkWindow *, ShowSession *) )
{
  GtkWindow *window = NULL;
  GList *windows = gtk_application_get_windows (gtk_window_get_application (GTK_WINDOW (widget)));

  for (GList *link = windows; link != NULL && window == NULL; link = link->next) {
    if (G_TYPE_CHECK_INSTANCE_TYPE (link->data, type) &&
        gtk_window_get_transient_for (link->data) == GTK_WINDOW (widget))
      window = link->data;
  }
  if (window == NULL)
    window = create (GTK_WINDOW (widget), get_session (widget));
  gtk_window_present (window);
  return window;
}

static ConsoleSourcesWindow *
present_sources (GtkWidget *widget)
{
  return CONSOLE_SOURCES_WINDOW (
    present (widget, CONSOLE_TYPE_SOURCES_WINDOW, console_sources_window_new));
}

static ConsoleShotsWindow *
present_shots (GtkWidget *widget)
{
  return CONSOLE_SHOTS_WINDOW (
    present (widget, CONSOLE_TYPE_SHOTS_WINDOW, console_shots_window_new));
}

static void
edit_source_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *id = g_variant_get_string (parameter, NULL);

  console_sources_window_edit (present_sources (widget), *id != '\0' ? id : NULL);
}

static void
new_source_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  console_sources_window_add (present_sources (widget));
}

static void
remove_source_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  console_removal_ask (GTK_WINDOW (widget), get_session (widget), CONSOLE_ENTRY_SOURCE,
                       g_variant_get_string (parameter, NULL));
}

static void
edit_shot_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *id = g_variant_get_string (parameter, NULL);

  console_shots_window_edit (present_shots (widget), *id != '\0' ? id : NULL);
}

static void
new_shot_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  console_shots_window_add (present_shots (widget));
}

static void
remove_shot_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  console_removal_ask (GTK_WINDOW (widget), get_session (widget), CONSOLE_ENTRY_SHOT,
                       g_variant_get_string (parameter, NULL));
}

static ConsoleDestinationsWindow *
present_destinations (GtkWidget *widget)
{
  return CONSOLE_DESTINATIONS_WINDOW (
    present (widget, CONSOLE_TYPE_DESTINATIONS_WINDOW, console_destinations_window_new));
}

static void
edit_destination_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *id = g_variant_get_string (parameter, NULL);

  console_destinations_window_edit (present_destinations (widget), *id != '\0' ? id : NULL);
}

static void
new_destination_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  console_destinations_window_add (present_destinations (widget));
}

static void
edit_recording_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  present (widget, CONSOLE_TYPE_RECORDING_WINDOW, console_recording_window_new);
}

static void
show_moderators_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  present (widget, CONSOLE_TYPE_MODERATION_WINDOW, console_moderation_window_new);
}

static void
show_talks_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  present (widget, CONSOLE_TYPE_TALKS_WINDOW, console_talks_window_new);
}

static ConsoleGuestsWindow *
present_guests (GtkWidget *widget)
{
  return CONSOLE_GUESTS_WINDOW (
    present (widget, CONSOLE_TYPE_GUESTS_WINDOW, console_guests_window_new));
}

static void
show_guests_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  console_guests_window_show (present_guests (widget), g_variant_get_string (parameter, NULL));
}

static void
invite_guest_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  console_guests_window_invite (present_guests (widget));
}

static void
cue_guest_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  console_guests_window_cue (present_guests (widget), g_variant_get_string (parameter, NULL));
}

static void
dismiss_guest_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  GuestGuest *guest =
    show_session_find_guest (get_session (widget), g_variant_get_string (parameter, NULL));

  if (guest != NULL)
    console_guest_asking_ask (GTK_WINDOW (widget), get_session (widget), guest,
                              CONSOLE_GUEST_DISMISS);
}

static void
save_chosen_cb (const char *path, gpointer user_data)
{
  gtk_widget_activate_action (user_data, "app.save-as", "s", path);
}

static void
save_as_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *path = event_file_get_path (show_session_get_event (get_session (widget)));
  g_autofree char *name = path != NULL ? g_path_get_basename (path) : g_strdup ("event.regie");

  console_files_save_event (GTK_WINDOW (widget), name, save_chosen_cb, g_object_ref (widget),
                            g_object_unref);
}

/* The demonstration, and what cannot be written where it is, needs another place. */
static void
save_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  if (show_session_get_savable (get_session (widget)))
    gtk_widget_activate_action (widget, "app.save", NULL);
  else
    save_as_activated (widget, action_name, parameter);
}

/**
 * console_edit_actions_install:
 * @window_class: the class of the show's window
 *
 * Adds the actions with which the window changes its event.
 */
void
console_edit_actions_install (GtkWidgetClass *window_class)
{
  gtk_widget_class_install_action (window_class, "win.edit-source", "s", edit_source_activated);
  gtk_widget_class_install_action (window_class, "win.new-source", NULL, new_source_activated);
  gtk_widget_class_install_action (window_class, "win.remove-source", "s", remove_source_activated);
  gtk_widget_class_install_action (window_class, "win.edit-shot", "s", edit_shot_activated);
  gtk_widget_class_install_action (window_class, "win.new-shot", NULL, new_shot_activated);
  gtk_widget_class_install_action (window_class, "win.remove-shot", "s", remove_shot_activated);
  gtk_widget_class_install_action (window_class, "win.edit-destination", "s",
                                   edit_destination_activated);
  gtk_widget_class_install_action (window_class, "win.new-destination", NULL,
                                   new_destination_activated);
  gtk_widget_class_install_action (window_class, "win.edit-recording", NULL,
                                   edit_recording_activated);
  gtk_widget_class_install_action (window_class, "win.show-moderators", NULL,
                                   show_moderators_activated);
  gtk_widget_class_install_action (window_class, "win.show-talks", NULL, show_talks_activated);
  gtk_widget_class_install_action (window_class, "win.show-guests", "s", show_guests_activated);
  gtk_widget_class_install_action (window_class, "win.invite-guest", NULL, invite_guest_activated);
  gtk_widget_class_install_action (window_class, "win.cue-guest", "s", cue_guest_activated);
  gtk_widget_class_install_action (window_class, "win.dismiss-guest", "s", dismiss_guest_activated);
  gtk_widget_class_install_action (window_class, "win.save", NULL, save_activated);
  gtk_widget_class_install_action (window_class, "win.save-as", NULL, save_as_activated);
}

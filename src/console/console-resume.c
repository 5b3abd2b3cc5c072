/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-resume.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define RESPONSE_LATER  "later"
#define RESPONSE_FORGET "forget"
#define RESPONSE_RESUME "resume"

static char *
describe (ShowSession *session)
{
  GDateTime *then = show_session_get_interrupted (session);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (then, "%R");
  g_autofree char *date = g_date_time_format (then, "%x");
  const char *title = show_session_get_title (session);

  if (g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (now))
    /* Translators: an event, then a time such as 14:32 */
    return g_strdup_printf (
      _ ("The show “%s” was interrupted at %s. It can go on as it was: the shot on "
         "air, the sound, the posts and the recording, in another file."),
      title, time);
  /* Translators: an event, then a date and a time */
  return g_strdup_printf (
    _ ("The show “%s” was interrupted on %s at %s. It can go on as it was: the shot "
       "on air, the sound, the posts and the recording, in another file."),
    title, date, time);
}

static void
response_cb (GtkWindow *window, const char *response)
{
  if (g_str_equal (response, RESPONSE_RESUME))
    gtk_widget_activate_action (GTK_WIDGET (window), "app.resume-show", NULL);
  else if (g_str_equal (response, RESPONSE_FORGET))
    gtk_widget_activate_action (GTK_WIDGET (window), "app.forget-show", NULL);
}

/**
 * console_resume_offer:
 * @window: the show's window
 * @session: the show
 *
 * If the show was interrupted, asks whether it is to go on as it was. Escape leaves that for the next
 * start.
 */
void
console_resume_offer (GtkWindow *window, ShowSession *session)
{
  g_autofree char *body = NULL;
  GtkWidget *dialog = NULL;

  if (show_session_get_interrupted (session) == NULL)
    return;
  body = describe (session);
  dialog = adw_message_dialog_new (window, _ ("Go back on air?"), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), RESPONSE_FORGET, _ ("_Not now"),
                                    RESPONSE_RESUME, _ ("_Go back on air"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_RESUME,
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_RESUME);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_LATER);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), window, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

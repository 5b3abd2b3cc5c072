/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-guest-asking.h"

#include "console-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define RESPONSE_CANCEL "cancel"
#define RESPONSE_YES    "yes"

/* What one question is about. */
typedef struct {
  ShowSession *session;
  ConsoleGuestQuestion question;
  char *id;
} Asking;

static void
asking_gone_cb (gpointer user_data, GClosure *closure)
{
  Asking *asking = user_data;

  g_object_unref (asking->session);
  g_free (asking->id);
  g_free (asking);
}

static const char *
get_action (ConsoleGuestQuestion question)
{
  switch (question) {
  case CONSOLE_GUEST_DISMISS:
    return "dismiss-guest";
  case CONSOLE_GUEST_REVOKE:
    return "revoke-guest";
  }
  g_return_val_if_reached (NULL);
}

/* Translators: %s is a guest, in all of these */
static const char *
get_heading (ConsoleGuestQuestion question)
{
  switch (question) {
  case CONSOLE_GUEST_DISMISS:
    return _ ("Remove %s from the show?");
  case CONSOLE_GUEST_REVOKE:
    return _ ("Revoke the link of %s?");
  }
  g_return_val_if_reached ("%s");
}

static char *
make_body (ConsoleGuestQuestion question, gboolean on_air)
{
  const char *what =
    question == CONSOLE_GUEST_REVOKE
      ? _ ("The connection ends at once, and nobody can come in with this link any "
           "more. A new link can be made at any time.")
      : _ ("The connection ends, and the page says goodbye. The link stays good: "
           "revoke it if nobody shall come back with it.");

  if (!on_air)
    return g_strdup (what);
  return g_strdup_printf ("%s\n\n%s", _ ("This guest is on air now."), what);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Asking *asking)
{
  if (g_str_equal (response, RESPONSE_YES))
    g_action_group_activate_action (show_session_get_actions (asking->session),
                                    get_action (asking->question),
                                    g_variant_new_string (asking->id));
}

/**
 * console_guest_asking_ask:
 * @parent: the window above which it asks
 * @session: a show
 * @guest: one of its guests
 * @question: what is about to happen to them
 *
 * Does it when the operator confirms it.
 */
void
console_guest_asking_ask (GtkWindow *parent, ShowSession *session, GuestGuest *guest,
                          ConsoleGuestQuestion question)
{
  g_autofree char *heading =
    console_text_format (get_heading (question), guest_guest_get_name (guest));
  g_autofree char *body = make_body (question, guest_guest_get_on_air (guest));
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, NULL);
  Asking *asking = g_new0 (Asking, 1);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), body);
  adw_message_dialog_add_responses (
    ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL, _ ("_Cancel"), RESPONSE_YES,
    question == CONSOLE_GUEST_REVOKE ? _ ("_Revoke") : _ ("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), RESPONSE_YES,
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL);

  asking->session = g_object_ref (session);
  asking->question = question;
  asking->id = g_strdup (guest_guest_get_id (guest));
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), asking, asking_gone_cb, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

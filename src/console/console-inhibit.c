/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-inhibit.h"

#include <glib/gi18n.h>

typedef struct {
  GtkApplication *application; /* borrowed: it has the session */
  guint cookie;                /* 0: nothing is held back */
} Inhibition;

static void
state_cb (ShowSession *session, GParamSpec *pspec, gpointer user_data)
{
  Inhibition *inhibition = user_data;
  const gboolean active = show_session_get_active (session);

  if (active && inhibition->cookie == 0) {
    inhibition->cookie =
      gtk_application_inhibit (inhibition->application,
                               gtk_application_get_active_window (inhibition->application),
                               GTK_APPLICATION_INHIBIT_LOGOUT | GTK_APPLICATION_INHIBIT_SWITCH |
                                 GTK_APPLICATION_INHIBIT_SUSPEND | GTK_APPLICATION_INHIBIT_IDLE,
                               _ ("A show is on air, or being rehearsed and recorded"));
  } else if (!active && inhibition->cookie != 0) {
    gtk_application_uninhibit (inhibition->application, inhibition->cookie);
    inhibition->cookie = 0;
  }
}

static void
inhibition_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

/**
 * console_inhibit_follow:
 * @application: the application; outlives the session
 * @session: the show
 *
 * From now on nobody is logged out and nothing falls asleep by itself while the show is on air or in
 * rehearsal, where the desktop can be asked.
 */
void
console_inhibit_follow (GtkApplication *application, ShowSession *session)
{
  Inhibition *inhibition = g_new0 (Inhibition, 1);

  inhibition->application = application;
  g_signal_connect_data (session, "notify::state", G_CALLBACK (state_cb), inhibition,
                         inhibition_free, 0);
}

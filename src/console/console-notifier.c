/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-notifier.h"

#include "common-util.h"
#include "console-alarm-text.h"

#include <glib/gi18n.h>

#define NOTIFICATION "alarm"
#define SERVER       "org.freedesktop.Notifications"

/* What the audience misses now is told by the desktop while the operator looks at another window. There
 * is one notification at a time; it goes when the trouble does, or when the operator looks. */
typedef struct {
  GtkApplication *application;
  ShowSession *session;
  guint watch_id;   /* 0: nobody was looked for who shows notifications */
  GHashTable *told; /* ids of alarms that are told of, or that the operator has seen */
  gboolean shown;
} Notifier;

static void
notifier_free (Notifier *self)
{
  g_clear_handle_id (&self->watch_id, g_bus_unwatch_name);
  g_hash_table_unref (self->told);
  if (self->shown)
    g_application_withdraw_notification (G_APPLICATION (self->application), NOTIFICATION);
  g_object_unref (self->application);
  g_object_unref (self->session);
  g_free (self);
}

static void
withdraw (Notifier *self)
{
  if (self->shown)
    g_application_withdraw_notification (G_APPLICATION (self->application), NOTIFICATION);
  self->shown = FALSE;
}

static ShowAlarm *
find_urgent (Notifier *self, gboolean untold)
{
  GListModel *alarms = show_session_get_alarms (self->session);

  for (guint i = 0; i < g_list_model_get_n_items (alarms); i++) {
    g_autoptr (ShowAlarm) alarm = g_list_model_get_item (alarms, i);

    if (show_alarm_get_severity (alarm) == SHOW_SEVERITY_URGENT &&
        !(untold && g_hash_table_contains (self->told, show_alarm_get_id (alarm))))
      return alarm; /* the list has it */
  }
  return NULL;
}

static gboolean
is_looked_at (Notifier *self)
{
  for (GList *l = gtk_application_get_windows (self->application); l != NULL; l = l->next) {
    if (gtk_window_is_active (l->data))
      return TRUE;
  }
  return FALSE;
}

static void
send (Notifier *self)
{
  ShowAlarm *alarm = find_urgent (self, TRUE);
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *sentence = NULL;

  if (alarm == NULL || is_looked_at (self))
    return;
  g_hash_table_add (self->told, g_strdup (show_alarm_get_id (alarm)));
  sentence = console_alarm_describe (alarm);
  notification = g_notification_new (_ ("The audience misses something"));
  g_notification_set_body (notification, sentence);
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_URGENT);
  g_application_send_notification (G_APPLICATION (self->application), NOTIFICATION, notification);
  self->shown = TRUE;
}

static void
server_appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  send (user_data);
}

/* Inside a sandbox the portal takes them. Elsewhere, where nobody shows notifications, the window alone
 * tells. */
static void
tell (Notifier *self)
{
  GDBusConnection *bus = g_application_get_dbus_connection (G_APPLICATION (self->application));

  g_clear_handle_id (&self->watch_id, g_bus_unwatch_name);
  if (common_is_sandboxed ())
    send (self);
  else if (bus != NULL)
    self->watch_id =
      g_bus_watch_name_on_connection (bus, SERVER, G_BUS_NAME_WATCHER_FLAGS_AUTO_START,
                                      server_appeared_cb, NULL, self, NULL);
}

static void
forget_ended (Notifier *self)
{
  GListModel *alarms = show_session_get_alarms (self->session);
  g_autoptr (GHashTable) still = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (alarms); i++) {
    g_autoptr (ShowAlarm) alarm = g_list_model_get_item (alarms, i);

    if (g_hash_table_contains (self->told, show_alarm_get_id (alarm)))
      g_hash_table_add (still, g_strdup (show_alarm_get_id (alarm)));
  }
  g_hash_table_unref (self->told);
  self->told = g_steal_pointer (&still);
}

/* What is seen need not be told when the operator looks away again. */
static void
mark_seen (Notifier *self)
{
  GListModel *alarms = show_session_get_alarms (self->session);

  for (guint i = 0; i < g_list_model_get_n_items (alarms); i++) {
    g_autoptr (ShowAlarm) alarm = g_list_model_get_item (alarms, i);

    g_hash_table_add (self->told, g_strdup (show_alarm_get_id (alarm)));
  }
}

static void
alarms_changed_cb (GListModel *alarms, guint position, guint n_removed, guint n_added,
                   gpointer user_data)
{
  Notifier *self = user_data;

  forget_ended (self);
  if (find_urgent (self, FALSE) == NULL)
    withdraw (self);
  else if (is_looked_at (self))
    mark_seen (self);
  else if (find_urgent (self, TRUE) != NULL)
    tell (self);
}

static void
active_cb (GtkWindow *window, GParamSpec *pspec, gpointer user_data)
{
  if (!gtk_window_is_active (window))
    return;
  withdraw (user_data);
  mark_seen (user_data);
}

static void
window_gone_cb (gpointer data, GObject *window)
{
  Notifier *self = data;

  g_signal_handlers_disconnect_by_data (show_session_get_alarms (self->session), self);
  notifier_free (self);
}

/**
 * console_notifier_follow:
 * @window: the show's window, which is in its application
 * @session: the show
 *
 * From now on, as long as the window is there, the desktop tells what the audience misses while the
 * operator does not look at Régie.
 */
void
console_notifier_follow (GtkWindow *window, ShowSession *session)
{
  Notifier *self = g_new0 (Notifier, 1);

  self->application = g_object_ref (gtk_window_get_application (window));
  self->session = g_object_ref (session);
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_signal_connect (show_session_get_alarms (session), "items-changed",
                    G_CALLBACK (alarms_changed_cb), self);
  g_signal_connect (window, "notify::is-active", G_CALLBACK (active_cb), self);
  g_object_weak_ref (G_OBJECT (window), window_gone_cb, self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "control-inhibit.h"

#define LOGIND         "org.freedesktop.login1"
#define LOGIND_PATH    "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"
#define DESKTOP        "org.gnome.SessionManager"
#define DESKTOP_PATH   "/org/gnome/SessionManager"
#define PORTAL         "org.freedesktop.portal.Desktop"
#define PORTAL_PATH    "/org/freedesktop/portal/desktop"
#define PORTAL_INHIBIT "org.freedesktop.portal.Inhibit"
#define PORTAL_REQUEST "org.freedesktop.portal.Request"

/* Of the desktop and the portal alike: logout 1, switching users 2, suspend 4, idle 8. */
#define ALL_FLAGS  15u

#define TIMEOUT_MS 5000

/* What is held back, and what is only asked to wait until the show was ended as it should. */
enum {
  LOCK_BLOCK,
  LOCK_DELAY,
  N_LOCKS
};

static const struct {
  const char *what;
  const char *mode;
} locks[N_LOCKS] = {
  [LOCK_BLOCK] = { "shutdown:sleep:idle", "block" },
  [LOCK_DELAY] = { "shutdown:sleep", "delay" },
};

/**
 * ControlInhibit:
 *
 * Keeps the computer from going to sleep or down, and the user from being logged out, while the show is
 * on air or in rehearsal. Asks whoever answers: logind, the desktop, the portal; where nobody does,
 * nothing is held back.
 */
struct _ControlInhibit {
  GObject parent_instance;

  ShowSession *session;      /* weak */
  gboolean asks_desktop;     /* GTK does not */
  GCancellable *cancellable; /* nullable: the show is off air */
  gboolean shutting_down;

  GDBusConnection *system; /* nullable */
  int fds[N_LOCKS];        /* −1: not held */
  guint signal_id;

  GDBusConnection *desktop; /* nullable: there is something to give back */
  guint32 cookie;           /* 0: none */
  char *request;            /* nullable: the portal's */
};

G_DEFINE_FINAL_TYPE (ControlInhibit, control_inhibit, G_TYPE_OBJECT)

enum {
  SIGNAL_SHUTTING_DOWN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
get_reason (void)
{
  return _ ("A show is on air, or being rehearsed and recorded");
}

static void
let_go (ControlInhibit *self, guint lock)
{
  if (self->fds[lock] >= 0)
    g_close (self->fds[lock], NULL); /* nothing to be done about it */
  self->fds[lock] = -1;
}

typedef struct {
  ControlInhibit *self;
  guint lock;
} Wanted;

/* Returns: whether the answer is still wanted */
static gboolean
finish (GObject *object, GAsyncResult *result, GVariant **reply, GUnixFDList **fds,
        gboolean *wanted)
{
  g_autoptr (GError) error = NULL; /* nobody there, or refused: then it is not held back */

  *reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (object), fds, result,
                                                            &error);
  *wanted = !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return *reply != NULL;
}

static void
locked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Wanted *asked = user_data;
  g_autoptr (ControlInhibit) self = asked->self;
  const guint lock = asked->lock;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  gboolean wanted = FALSE;

  g_free (asked);
  /* Not wanted any more: the list closes what came. */
  if (!finish (object, result, &reply, &fds, &wanted) || !wanted || self->cancellable == NULL ||
      fds == NULL || g_unix_fd_list_get_length (fds) != 1)
    return;
  let_go (self, lock);
  self->fds[lock] = g_unix_fd_list_get (fds, 0, NULL); /* or −1 */
}

static void
take_lock (ControlInhibit *self, guint lock)
{
  Wanted *asked = NULL;

  if (self->system == NULL || self->cancellable == NULL)
    return;
  asked = g_new0 (Wanted, 1);
  *asked = (Wanted){ g_object_ref (self), lock };
  g_dbus_connection_call_with_unix_fd_list (
    self->system, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "Inhibit",
    g_variant_new ("(ssss)", locks[lock].what, "Régie", get_reason (), locks[lock].mode),
    G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS, NULL, self->cancellable,
    locked_cb, asked);
}

/* Somebody sent it to sleep or down in spite of us: a lid, a battery, an administrator. */
static void
prepare_cb (GDBusConnection *connection, const char *sender, const char *path,
            const char *interface, const char *name, GVariant *parameters, gpointer user_data)
{
  ControlInhibit *self = user_data;
  gboolean begins = FALSE;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &begins);
  if (g_str_equal (name, "PrepareForShutdown") && begins) {
    self->shutting_down = TRUE;
    show_session_note (self->session, "shutdown", "this computer goes down: the show is ended");
    g_signal_emit (self, signals[SIGNAL_SHUTTING_DOWN], 0);
  } else if (g_str_equal (name, "PrepareForSleep") && begins) {
    show_session_note (self->session, "sleep",
                       "this computer goes to sleep: the show goes on when it is woken");
    let_go (self, LOCK_DELAY);
  } else if (g_str_equal (name, "PrepareForSleep")) {
    show_session_note (self->session, "sleep", "this computer is awake again");
    take_lock (self, LOCK_DELAY);
  }
}

static void
got_system_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ControlInhibit) self = user_data;
  GDBusConnection *system = g_bus_get_finish (result, NULL); /* none: nothing is held back */

  if (system == NULL || self->cancellable == NULL || self->system != NULL) {
    g_clear_object (&system);
    return;
  }
  /* A system bus that ends does not end the show. */
  g_dbus_connection_set_exit_on_close (system, FALSE);
  self->system = system;
  self->signal_id =
    g_dbus_connection_signal_subscribe (system, LOGIND, LOGIND_MANAGER, NULL, LOGIND_PATH, NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, prepare_cb, self, NULL);
  for (guint lock = 0; lock < N_LOCKS; lock++)
    take_lock (self, lock);
}

static void
portal_answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ControlInhibit) self = user_data;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  gboolean wanted = FALSE;

  if (finish (object, result, &reply, &fds, &wanted) && self->cancellable != NULL)
    g_variant_get (reply, "(o)", &self->request);
}

static void
ask_portal (ControlInhibit *self)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&options, "{sv}", "reason", g_variant_new_string (get_reason ()));
  g_dbus_connection_call_with_unix_fd_list (self->desktop, PORTAL, PORTAL_PATH, PORTAL_INHIBIT,
                                            "Inhibit",
                                            g_variant_new ("(sua{sv})", "", ALL_FLAGS, &options),
                                            G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE,
                                            TIMEOUT_MS, NULL, self->cancellable, portal_answered_cb,
                                            g_object_ref (self));
}

static void
desktop_answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ControlInhibit) self = user_data;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  gboolean wanted = FALSE;

  if (finish (object, result, &reply, &fds, &wanted) && self->cancellable != NULL)
    g_variant_get (reply, "(u)", &self->cookie);
  else if (wanted && self->cancellable != NULL)
    ask_portal (self);
}

static void
got_desktop_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ControlInhibit) self = user_data;
  GDBusConnection *desktop = g_bus_get_finish (result, NULL); /* none: the same */

  if (desktop == NULL || self->cancellable == NULL || self->desktop != NULL) {
    g_clear_object (&desktop);
    return;
  }
  self->desktop = desktop;
  g_dbus_connection_call_with_unix_fd_list (
    desktop, DESKTOP, DESKTOP_PATH, DESKTOP, "Inhibit",
    g_variant_new ("(susu)", APPLICATION_ID, 0u, get_reason (), ALL_FLAGS), G_VARIANT_TYPE ("(u)"),
    G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS, NULL, self->cancellable, desktop_answered_cb,
    g_object_ref (self));
}

static void
hold_back (ControlInhibit *self)
{
  self->cancellable = g_cancellable_new ();
  /* The connections are everybody's: cancelled while they are made, they fail for whoever asks next. */
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, got_system_cb, g_object_ref (self));
  if (self->asks_desktop)
    g_bus_get (G_BUS_TYPE_SESSION, NULL, got_desktop_cb, g_object_ref (self));
}

static void
give_back (ControlInhibit *self)
{
  if (self->cancellable == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  let_go (self, LOCK_BLOCK);
  /* The computer waits until the recording was finished. */
  if (!self->shutting_down)
    let_go (self, LOCK_DELAY);
  if (self->system != NULL)
    g_dbus_connection_signal_unsubscribe (self->system, self->signal_id);
  g_clear_object (&self->system);
  if (self->cookie != 0)
    g_dbus_connection_call (self->desktop, DESKTOP, DESKTOP_PATH, DESKTOP, "Uninhibit",
                            g_variant_new ("(u)", self->cookie), NULL, G_DBUS_CALL_FLAGS_NONE,
                            TIMEOUT_MS, NULL, NULL, NULL);
  if (self->request != NULL)
    g_dbus_connection_call (self->desktop, PORTAL, self->request, PORTAL_REQUEST, "Close", NULL,
                            NULL, G_DBUS_CALL_FLAGS_NONE, TIMEOUT_MS, NULL, NULL, NULL);
  self->cookie = 0;
  g_clear_pointer (&self->request, g_free);
  g_clear_object (&self->desktop);
}

static void
state_cb (ControlInhibit *self)
{
  const gboolean active = show_session_get_active (self->session);

  if (active && self->cancellable == NULL)
    hold_back (self);
  else if (!active)
    give_back (self);
}

static void
control_inhibit_dispose (GObject *object)
{
  ControlInhibit *self = CONTROL_INHIBIT (object);

  give_back (self);
  let_go (self, LOCK_DELAY);
  g_clear_weak_pointer (&self->session);
  G_OBJECT_CLASS (control_inhibit_parent_class)->dispose (object);
}

static void
control_inhibit_class_init (ControlInhibitClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = control_inhibit_dispose;

  signals[SIGNAL_SHUTTING_DOWN] =
    g_signal_new ("shutting-down", CONTROL_TYPE_INHIBIT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
control_inhibit_init (ControlInhibit *self)
{
  for (guint lock = 0; lock < N_LOCKS; lock++)
    self->fds[lock] = -1;
}

/**
 * control_inhibit_new:
 * @session: the show
 * @asks_desktop: whether to ask the desktop or the portal as well, when GTK does not
 *
 * Returns: (transfer full): what holds the computer back while the show is on air or in rehearsal
 */
ControlInhibit *
control_inhibit_new (ShowSession *session, gboolean asks_desktop)
{
  ControlInhibit *self = g_object_new (CONTROL_TYPE_INHIBIT, NULL);

  g_set_weak_pointer (&self->session, session);
  self->asks_desktop = asks_desktop;
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

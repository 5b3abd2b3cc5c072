/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control-watchdog-words.h"
#include "control-watchdog.h"

#define PROGRAM "regie-watchdog"

/* Where the watchdog finds its end of the socket. */
#define WATCHDOG_FD 3

/* A watchdog that dies is replaced, but not for ever. */
#define MAX_REPLACEMENTS 20

/* A Régie that was started again and is not on air after this will not be by itself. */
#define SETTLE_S 10

/* The bus takes a moment to see that the Régie of before has gone. */
#define NAME_TIMEOUT_US  (5 * G_USEC_PER_SEC)
#define NAME_INTERVAL_US (20 * 1000)

/**
 * ControlWatchdog:
 *
 * Has a small process of its own wait beside the show while it is on air or in rehearsal, which starts
 * Régie again if it dies. Whatever ends the show as it should, says goodbye to that process first.
 */
struct _ControlWatchdog {
  GObject parent_instance;

  ShowSession *session; /* weak */
  gboolean on_bus;
  gint64 deadline_us; /* 0: none */
  char *event_path;   /* nullable: what the process was told */
  int fd;             /* −1: no process waits */
  guint watch_id;
  guint settle_id;
  guint n_replacements;
};

G_DEFINE_FINAL_TYPE (ControlWatchdog, control_watchdog, G_TYPE_OBJECT)

/* How this process was started; does not change after control_watchdog_prepare (). */
static struct {
  GStrv command; /* the program and its arguments, without those that were for this start only */
  gboolean unwanted;
  int fd; /* −1: no watchdog has started us, or its socket has been taken over */
  gboolean resuming;
  ShowState state;
  char *event_path; /* nullable */
  gint64 deadline_us;
  gboolean on_bus;
} start = { .fd = -1 };

/* The same as in the object, for signal handlers and the end of the process. */
static volatile int goodbye_fd = -1;

static void
say_word (int fd, char word)
{
  /* Gone: whoever watches its end sees that. */
  if (fd >= 0 && send (fd, &word, 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    return;
}

/* Whatever library calls exit () means it. */
static void
say_goodbye_at_exit (void)
{
  say_word (goodbye_fd, CONTROL_WATCHDOG_GOODBYE);
}

/* Only what is safe in a signal handler. A dump would have the stream keys in it, and takes seconds in
 * which devices and ports are not free. */
static void
crashed (int number)
{
  prctl (PR_SET_DUMPABLE, 0);
  raise (number);
}

/* Ctrl-\: whoever presses that wants it gone. */
static void
abandoned (int number)
{
  say_word (goodbye_fd, CONTROL_WATCHDOG_GOODBYE);
  raise (number);
}

static void
handle (int number, void (*handler) (int))
{
  struct sigaction action = { 0 }, before = { 0 };

  /* A debugger's or a sanitizer's own stays. */
  if (sigaction (number, NULL, &before) != 0 || before.sa_handler != SIG_DFL)
    return;
  action.sa_handler = handler;
  action.sa_flags = SA_RESETHAND;
  sigemptyset (&action.sa_mask);
  sigaction (number, &action, NULL);
}

static void
prepare_for_death (void)
{
  static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };
  static gboolean prepared = FALSE;

  if (prepared)
    return;
  prepared = TRUE;
  atexit (say_goodbye_at_exit);
  handle (SIGQUIT, abandoned);
  for (guint i = 0; i < G_N_ELEMENTS (crashes); i++)
    handle (crashes[i], crashed);
}

static char *
find_self (void)
{
  g_autofree char *path = g_file_read_link ("/proc/self/exe", NULL);

  if (path == NULL)
    return NULL;
  /* An update has replaced it: the new one is as good. */
  if (g_str_has_suffix (path, " (deleted)"))
    path[strlen (path) - strlen (" (deleted)")] = '\0';
  return g_steal_pointer (&path);
}

/* Where it was built, or where it is installed. */
static char *
find_program (void)
{
  g_autofree char *folder = g_path_get_dirname (start.command[0]);
  g_autofree char *built = g_build_filename (folder, "..", "control", PROGRAM, NULL);

  if (g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&built);
  return g_build_filename (LIBEXEC_DIR, PROGRAM, NULL);
}

/* A debugger keeps what dies, to look at it. */
static gboolean
is_traced (void)
{
  g_autofree char *status = NULL;
  const char *line = NULL;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return FALSE;
  line = strstr (status, "TracerPid:");
  return line != NULL && atoi (line + strlen ("TracerPid:")) != 0;
}

static char *
take_variable (const char *name)
{
  char *value = g_strdup (g_getenv (name));

  g_unsetenv (name);
  return value;
}

/**
 * control_watchdog_prepare:
 * @argc: of main ()
 * @argv: of main ()
 *
 * Keeps how Régie was started, and finds out whether it was a watchdog that did.
 */
void
control_watchdog_prepare (int argc, char **argv)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *self_path = find_self ();
  g_autofree char *fd = take_variable (CONTROL_WATCHDOG_FD_VARIABLE);
  g_autofree char *state = take_variable (CONTROL_WATCHDOG_STATE_VARIABLE);
  g_autofree char *deadline = take_variable (CONTROL_WATCHDOG_DEADLINE_VARIABLE);
  g_autofree char *bus = take_variable (CONTROL_WATCHDOG_BUS_VARIABLE);

  g_strv_builder_add (builder, self_path != NULL ? self_path : argv[0]);
  for (int i = 1; i < argc; i++) {
    if (g_str_equal (argv[i], "--no-watchdog"))
      start.unwanted = TRUE;
    else if (!g_str_equal (argv[i], "--resume") && !g_str_equal (argv[i], "--gapplication-service"))
      g_strv_builder_add (builder, argv[i]);
  }
  start.command = g_strv_builder_end (builder);
  start.event_path = take_variable (CONTROL_WATCHDOG_EVENT_VARIABLE);
  if (fd == NULL)
    return;
  start.fd = atoi (fd);
  start.resuming = start.fd > STDERR_FILENO && fcntl (start.fd, F_SETFD, FD_CLOEXEC) == 0;
  start.state =
    state != NULL && *state == CONTROL_WATCHDOG_REHEARSAL ? SHOW_STATE_REHEARSAL : SHOW_STATE_LIVE;
  start.deadline_us = deadline != NULL ? g_ascii_strtoll (deadline, NULL, 10) : 0;
  start.on_bus = bus != NULL;
  if (!start.resuming)
    start.fd = -1;
}

gboolean
control_watchdog_is_resuming (void)
{
  return start.resuming;
}

/**
 * control_watchdog_get_event:
 *
 * Returns: (nullable) (type filename): the event that was on air when Régie died
 */
const char *
control_watchdog_get_event (void)
{
  return start.resuming ? start.event_path : NULL;
}

/**
 * control_watchdog_get_deadline_us:
 *
 * Returns: when the show that died was to end, in monotonic time; 0: open
 */
gint64
control_watchdog_get_deadline_us (void)
{
  return start.deadline_us;
}

/**
 * control_watchdog_get_state:
 *
 * Returns: whether it was live or a rehearsal
 */
ShowState
control_watchdog_get_state (void)
{
  return start.state;
}

static gboolean
is_name_owned (GDBusConnection *bus)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
    bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
    g_variant_new ("(s)", APPLICATION_ID), G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, 1000,
    NULL, NULL); /* no answer: then the application will say what is wrong */
  gboolean owned = FALSE;

  if (reply != NULL)
    g_variant_get (reply, "(b)", &owned);
  return owned;
}

/**
 * control_watchdog_wait_for_name:
 *
 * For a Régie that was started again, before it takes the name that the one of before had. Blocks for
 * a moment: there is no main loop yet, and nothing that could wait for it.
 *
 * Returns: whether the bus is still there, if there was one
 */
gboolean
control_watchdog_wait_for_name (void)
{
  const gint64 end_us = g_get_monotonic_time () + NAME_TIMEOUT_US;
  g_autoptr (GDBusConnection) bus = NULL;

  if (!start.resuming || !start.on_bus)
    return TRUE;
  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL); /* its absence is the answer */
  if (bus == NULL)
    return FALSE;
  while (is_name_owned (bus) && g_get_monotonic_time () < end_us)
    g_usleep (NAME_INTERVAL_US);
  return TRUE;
}

/**
 * control_watchdog_say_given_up:
 *
 * What the watchdog runs when a show has died too often: one sentence, at the terminal and on the
 * desktop.
 *
 * Returns: the exit status
 */
int
control_watchdog_say_given_up (void)
{
  const char *title = _ ("Régie keeps crashing");
  const char *text =
    _ ("It was started again several times and died each time. The show is off air. "
       "What was recorded is kept.");
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GVariant) reply = NULL;
  GVariantBuilder actions, hints;

  g_printerr ("%s. %s\n", title, text);
  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL); /* none: the terminal has it */
  if (bus == NULL)
    return 1;
  g_variant_builder_init (&actions, G_VARIANT_TYPE ("as"));
  g_variant_builder_init (&hints, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&hints, "{sv}", "urgency", g_variant_new_byte (2));
  reply = g_dbus_connection_call_sync (
    bus, "org.freedesktop.Notifications", "/org/freedesktop/Notifications",
    "org.freedesktop.Notifications", "Notify",
    g_variant_new ("(susssasa{sv}i)", "Régie", 0, APPLICATION_ID, title, text, &actions, &hints, 0),
    NULL, G_DBUS_CALL_FLAGS_NONE, 2000, NULL, NULL); /* the same */
  return 1;
}

static void
say_state (ControlWatchdog *self)
{
  say_word (self->fd, show_session_get_state (self->session) == SHOW_STATE_REHEARSAL
                        ? CONTROL_WATCHDOG_REHEARSAL
                        : CONTROL_WATCHDOG_LIVE);
}

static gboolean watchdog_died_cb (int fd, GIOCondition condition, gpointer data);

static void
take_socket (ControlWatchdog *self, int fd)
{
  self->fd = fd;
  goodbye_fd = fd;
  self->watch_id = g_unix_fd_add (fd, G_IO_IN | G_IO_HUP | G_IO_ERR, watchdog_died_cb, self);
  prepare_for_death ();
}

static void
let_go (ControlWatchdog *self)
{
  goodbye_fd = -1;
  g_clear_handle_id (&self->watch_id, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static void
say_goodbye (ControlWatchdog *self)
{
  say_word (self->fd, CONTROL_WATCHDOG_GOODBYE);
  let_go (self);
}

static GSubprocess *
spawn (ControlWatchdog *self, int fd, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  g_subprocess_launcher_take_fd (launcher, fd, WATCHDOG_FD);
  g_subprocess_launcher_setenv (launcher, CONTROL_WATCHDOG_EVENT_VARIABLE, self->event_path, TRUE);
  if (self->on_bus)
    g_subprocess_launcher_setenv (launcher, CONTROL_WATCHDOG_BUS_VARIABLE, "1", TRUE);
  if (self->deadline_us > 0) {
    g_autofree char *deadline = g_strdup_printf ("%" G_GINT64_FORMAT, self->deadline_us);

    g_subprocess_launcher_setenv (launcher, CONTROL_WATCHDOG_DEADLINE_VARIABLE, deadline, TRUE);
  }
  g_ptr_array_add (words, find_program ());
  g_ptr_array_add (words, g_strdup_printf ("%d", WATCHDOG_FD));
  g_ptr_array_add (words, g_strdup_printf ("%d", (int) getpid ()));
  for (guint i = 0; start.command[i] != NULL; i++)
    g_ptr_array_add (words, g_strdup (start.command[i]));
  g_ptr_array_add (words, NULL);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) words->pdata, error);
}

static void
start_watchdog (ControlWatchdog *self)
{
  int ends[2] = { -1, -1 };
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return;
  process = spawn (self, ends[1], &error);
  if (process == NULL) {
    g_message ("nothing waits beside the show to start it again after a crash: %s", error->message);
    close (ends[0]);
    return;
  }
  take_socket (self, ends[0]);
}

static gboolean
watchdog_died_cb (int fd, GIOCondition condition, gpointer data)
{
  ControlWatchdog *self = data;

  self->watch_id = 0;
  let_go (self);
  if (self->session != NULL && show_session_get_active (self->session) &&
      self->n_replacements++ < MAX_REPLACEMENTS) {
    start_watchdog (self);
    say_state (self);
  }
  return G_SOURCE_REMOVE;
}

/* A process waits while there is something to go on with, and knows with which event. */
static void
update (ControlWatchdog *self)
{
  const char *event_path = event_file_get_path (show_session_get_event (self->session));

  if (start.unwanted || event_path == NULL)
    return;
  if (!show_session_get_active (self->session)) {
    say_goodbye (self);
    return;
  }
  if (self->fd >= 0 && g_strcmp0 (event_path, self->event_path) != 0)
    say_goodbye (self);
  if (self->fd < 0 && !is_traced ()) {
    g_free (self->event_path);
    self->event_path = g_strdup (event_path);
    start_watchdog (self);
  }
  say_state (self);
}

static gboolean
settle_cb (gpointer data)
{
  ControlWatchdog *self = data;

  self->settle_id = 0;
  if (self->session != NULL)
    update (self);
  return G_SOURCE_REMOVE;
}

static void
control_watchdog_dispose (GObject *object)
{
  ControlWatchdog *self = CONTROL_WATCHDOG (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  say_goodbye (self);
  g_clear_weak_pointer (&self->session);
  G_OBJECT_CLASS (control_watchdog_parent_class)->dispose (object);
}

static void
control_watchdog_finalize (GObject *object)
{
  g_free (CONTROL_WATCHDOG (object)->event_path);
  G_OBJECT_CLASS (control_watchdog_parent_class)->finalize (object);
}

static void
control_watchdog_class_init (ControlWatchdogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = control_watchdog_dispose;
  G_OBJECT_CLASS (klass)->finalize = control_watchdog_finalize;
}

static void
control_watchdog_init (ControlWatchdog *self)
{
  self->fd = -1;
}

/**
 * control_watchdog_new:
 * @session: the show
 * @on_bus: whether its actions are on the session bus: once that has gone, so has the session, and
 *   nothing is started again
 * @deadline_us: when it ends by itself, in monotonic time; 0: when it is told to
 *
 * Returns: (transfer full): what has the show watched while it is on air or in rehearsal
 */
ControlWatchdog *
control_watchdog_new (ShowSession *session, gboolean on_bus, gint64 deadline_us)
{
  ControlWatchdog *self = g_object_new (CONTROL_TYPE_WATCHDOG, NULL);

  g_set_weak_pointer (&self->session, session);
  self->on_bus = on_bus;
  self->deadline_us = deadline_us;
  if (start.fd >= 0) {
    self->event_path = g_strdup (start.event_path);
    take_socket (self, start.fd);
    start.fd = -1;
    self->settle_id = g_timeout_add_seconds (SETTLE_S, settle_cb, self);
  }
  g_signal_connect_object (session, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (show_session_get_event (session), "notify::path", G_CALLBACK (update),
                           self, G_CONNECT_SWAPPED);
  return self;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "common-util.h"
#include "control-actions.h"
#include "control-background.h"
#include "control-headless.h"
#include "control-inhibit.h"
#include "control-status.h"
#include "control-watchdog.h"
#include "engine-init.h"
#include "posts-export.h"
#include "show-export.h"

/* How long the end may take: recordings are finished within it. */
#define END_TIMEOUT_US (3 * G_USEC_PER_SEC)

/* And for recordings to become ordinary files; what is not done by then is done at the next start. */
#define EXPORTS_TIMEOUT_MS 2500

/* One run without a window: made in control_headless_run (), gone when that returns. */
typedef struct {
  GApplication *application;
  ShowSession *session;
  char *event_path;
  char *secrets_path;
  char *posts_path; /* nullable: where the approved posts go at the end */
  gboolean go_live;
  gboolean rehearse;
  gboolean resume;
  gboolean no_watchdog; /* read by control_watchdog_prepare () */
  int for_s;
  gint64 deadline_us; /* in monotonic time; 0: none */
  ControlWatchdog *watchdog;
  ControlInhibit *inhibit;
  gboolean was_live; /* the operator, or an option, put it on air or began a rehearsal */
  gboolean failed;
  gboolean held;
  guint status_id;
  guint end_id;
  guint signal_ids[4];
  guint n_failed_actions;
} Headless;

static void
print_line (Headless *self, gboolean final)
{
  g_autofree char *line = control_status_to_json (self->session, final);

  printf ("%s\n", line);
  /* A reader that has gone away must not stop the show. */
  fflush (stdout);
}

static void
say (Headless *self)
{
  const char *page = show_session_get_live_page_uri (self->session);

  g_printerr (_ ("“%s” is running without a window. Ctrl-C ends it.\n"),
              show_session_get_title (self->session));
  if (page != NULL)
    g_printerr (_ ("Watch it here: %s\n"), page);
}

/* Its parts may have become one file, which is not the last of them. */
static const char *
find_saved (Headless *self)
{
  GListModel *exports = show_session_get_exports (self->session);

  for (guint i = g_list_model_get_n_items (exports); i > 0; i--) {
    g_autoptr (ShowExport) item = g_list_model_get_item (exports, i - 1);

    if (show_export_get_kind (item) == SHOW_EXPORT_RECORDING && show_export_get_path (item) != NULL)
      return show_export_get_path (item); /* the list holds it */
  }
  return engine_recording_get_path (show_session_get_recording (self->session));
}

static void
say_saved (Headless *self)
{
  EngineRecording *recording = show_session_get_recording (self->session);

  if (engine_recording_get_bytes_written (recording) > 0)
    g_printerr (_ ("Saved: %s\n"), find_saved (self));
}

static void
export_posts (Headless *self)
{
  g_autoptr (GError) error = NULL;

  if (self->posts_path == NULL ||
      posts_export_save (show_session_get_desk (self->session), self->posts_path, &error))
    return;
  g_printerr (_ ("The approved posts could not be saved: %s\n"), error->message);
  self->failed = TRUE;
}

static void
end (Headless *self)
{
  g_autofree char *reason = NULL;

  if (!self->held)
    return;
  self->held = FALSE;
  if (!control_status_is_good (self->session, self->was_live, &reason)) {
    g_printerr (_ ("Not everything worked: %s\n"), reason);
    self->failed = TRUE;
  }
  print_line (self, TRUE);
  export_posts (self);
  g_clear_handle_id (&self->status_id, g_source_remove);
  g_clear_handle_id (&self->end_id, g_source_remove);
  for (guint i = 0; i < G_N_ELEMENTS (self->signal_ids); i++)
    g_clear_handle_id (&self->signal_ids[i], g_source_remove);
  show_session_stop (self->session);
  g_clear_object (&self->watchdog);
  engine_program_wait_for_stopped (END_TIMEOUT_US);
  g_clear_object (&self->inhibit);
  show_session_wait_for_exports (self->session, EXPORTS_TIMEOUT_MS);
  say_saved (self);
  g_application_release (self->application);
}

static gboolean
status_cb (gpointer data)
{
  print_line (data, FALSE);
  return G_SOURCE_CONTINUE;
}

static gboolean
end_cb (gpointer data)
{
  Headless *self = data;

  self->end_id = 0;
  end (self);
  return G_SOURCE_REMOVE;
}

/* The terminal that it was started in has been closed. */
static gboolean
hung_up_cb (int fd, GIOCondition condition, gpointer data)
{
  end (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
unix_signal_cb (gpointer data)
{
  end (data);
  return G_SOURCE_CONTINUE;
}

static void
quit_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  end (user_data);
}

static void
action_failed_cb (ShowSession *session, const GError *error, gpointer user_data)
{
  g_printerr ("%s\n", error->message);
}

/* Alarms in words, for who looks at the terminal. */
static void
journal_cb (GListModel *journal, guint position, guint n_removed, guint n_added, gpointer user_data)
{
  for (guint i = position; i < position + n_added; i++) {
    g_autoptr (ShowJournalEntry) entry = g_list_model_get_item (journal, i);

    const char *kind = show_journal_entry_get_kind (entry);

    if (g_str_has_prefix (kind, "alarm") || g_str_equal (kind, "background") ||
        g_str_equal (kind, "sleep") || g_str_equal (kind, "shutdown"))
      g_printerr ("%s\n", show_journal_entry_get_text (entry));
  }
}

static void
recording_path_cb (EngineRecording *recording, GParamSpec *pspec, gpointer user_data)
{
  if (engine_recording_get_path (recording) != NULL)
    g_printerr (_ ("Recording: %s\n"), engine_recording_get_path (recording));
}

static void
state_cb (ShowSession *session, GParamSpec *pspec, gpointer user_data)
{
  Headless *self = user_data;

  self->was_live = show_session_get_active (session);
}

static ShowSession *
make_session (Headless *self, GError **error)
{
  g_autoptr (EventFile) event = show_session_open (self->event_path, self->resume, error);
  g_autoptr (ShowSecrets) secrets = NULL;
  ShowSession *session = NULL;

  if (event == NULL)
    return NULL;
  if (self->secrets_path != NULL) {
    secrets = show_secrets_new_for_file (self->secrets_path, error);
    if (secrets == NULL)
      return NULL;
  }
  session = show_session_new (event);
  if (secrets != NULL)
    show_session_set_secrets (session, secrets);
  return session;
}

static void
activate (Headless *self, const char *action)
{
  g_action_group_activate_action (show_session_get_actions (self->session), action, NULL);
}

static gboolean
resume (Headless *self)
{
  GDateTime *interrupted = show_session_get_interrupted (self->session);

  if (control_watchdog_is_resuming ())
    g_printerr (_ ("Régie died and was started again, as process %d. “kill %d” ends the show.\n"),
                (int) getpid (), (int) getpid ());
  if (interrupted != NULL) {
    activate (self, "resume-show");
  } else if (control_watchdog_is_resuming ()) {
    /* On air with the first shot is better than not on air. */
    activate (self, control_watchdog_get_state () == SHOW_STATE_LIVE ? "go-live" : "rehearse");
  } else {
    g_printerr (_ ("There is no interrupted show of this event to go on with.\n"));
    return FALSE;
  }
  return TRUE;
}

static void
go_on_air (Headless *self)
{
  GDateTime *interrupted = show_session_get_interrupted (self->session);
  g_autofree char *time = interrupted != NULL ? g_date_time_format (interrupted, "%R") : NULL;

  if (self->resume && resume (self)) {
    self->was_live = TRUE;
    return;
  }
  if (interrupted != NULL)
    g_printerr (
      _ ("This show was interrupted at %s. The action resume-show, or a start with --resume, "
         "goes on with it as it was.\n"),
      time);
  if (self->go_live)
    activate (self, "go-live");
  else if (self->rehearse)
    activate (self, "rehearse");
  self->was_live = self->go_live || self->rehearse;
}

/* With nohup, or without a job control, some of them are not for us. */
static void
follow_signals (Headless *self)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++) {
    struct sigaction action = { 0 };

    if (sigaction (signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
      self->signal_ids[i] = g_unix_signal_add (signals[i], unix_signal_cb, self);
  }
  /* Started again by the watchdog, it gets no signal when its terminal is closed. */
  if (control_watchdog_is_resuming () && isatty (STDOUT_FILENO))
    self->signal_ids[G_N_ELEMENTS (signals)] =
      g_unix_fd_add (STDOUT_FILENO, G_IO_HUP | G_IO_ERR, hung_up_cb, self);
}

static void
follow_deadline (Headless *self)
{
  const gint64 now_us = g_get_monotonic_time ();

  self->deadline_us = control_watchdog_get_deadline_us ();
  if (self->deadline_us == 0 && self->for_s > 0)
    self->deadline_us = now_us + self->for_s * G_USEC_PER_SEC;
  if (self->deadline_us > 0)
    self->end_id =
      g_timeout_add ((guint) (MAX (self->deadline_us - now_us, 0) / 1000), end_cb, self);
}

static void
start (Headless *self)
{
  const GActionEntry quit[] = { { "quit", quit_activated, NULL, NULL, NULL, { 0 } } };

  control_export_actions (G_ACTION_MAP (self->application),
                          show_session_get_actions (self->session));
  g_action_map_add_action_entries (G_ACTION_MAP (self->application), quit, G_N_ELEMENTS (quit),
                                   self);
  g_signal_connect (self->session, "action-failed", G_CALLBACK (action_failed_cb), self);
  g_signal_connect (self->session, "notify::state", G_CALLBACK (state_cb), self);
  g_signal_connect (show_session_get_journal (self->session), "items-changed",
                    G_CALLBACK (journal_cb), self);
  g_signal_connect (show_session_get_recording (self->session), "notify::path",
                    G_CALLBACK (recording_path_cb), self);
  follow_deadline (self);
  self->watchdog =
    control_watchdog_new (self->session,
                          g_application_get_dbus_connection (self->application) != NULL,
                          self->deadline_us);
  control_background_follow (self->session);
  self->inhibit = control_inhibit_new (self->session, TRUE);
  g_signal_connect_swapped (self->inhibit, "shutting-down", G_CALLBACK (end), self);
  show_session_start (self->session);
  say (self);
  go_on_air (self);
  self->status_id = g_timeout_add_seconds (1, status_cb, self);
  follow_signals (self);
}

/* A second start reaches the first one: it has a show already. */
static void
activate_cb (GApplication *application, gpointer user_data)
{
  Headless *self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->session != NULL)
    return;
  self->session = make_session (self, &error);
  if (self->session == NULL) {
    g_printerr ("%s\n", error->message);
    self->failed = TRUE;
    return;
  }
  self->held = TRUE;
  g_application_hold (application);
  start (self);
}

static gboolean
parse (Headless *self, int argc, char **argv)
{
  gboolean headless = FALSE;
  g_auto (GStrv) events = NULL;
  const GOptionEntry entries[] = {
    { "headless", 0, 0, G_OPTION_ARG_NONE, &headless, N_ ("Run the show without a window"), NULL },
    { "go-live", 0, 0, G_OPTION_ARG_NONE, &self->go_live, N_ ("Go live at once"), NULL },
    { "rehearse", 0, 0, G_OPTION_ARG_NONE, &self->rehearse,
      N_ ("Begin a rehearsal at once: everything is recorded, nothing is published"), NULL },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &self->resume,
      N_ ("Go on with a show that was interrupted, as it was"), NULL },
    { "no-watchdog", 0, 0, G_OPTION_ARG_NONE, &self->no_watchdog,
      N_ ("Do not start again after a crash"), NULL },
    { "for", 0, 0, G_OPTION_ARG_INT, &self->for_s, N_ ("End by itself after so many seconds"),
      N_ ("SECONDS") },
    { "secrets", 0, 0, G_OPTION_ARG_FILENAME, &self->secrets_path,
      N_ ("Keep stream keys and guests’ links in a private JSON file instead of the keyring"),
      N_ ("FILE") },
    { "export-posts", 0, 0, G_OPTION_ARG_FILENAME, &self->posts_path,
      N_ ("Save the approved posts as JSON at the end"), N_ ("FILE") },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &events, NULL, N_ ("EVENT") },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_group (context, engine_get_option_group ());
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("%s\n", error->message);
    return FALSE;
  }
  if (events == NULL || events[1] != NULL) {
    g_printerr (_ ("Say which event to run: regie --headless EVENT\n"));
    return FALSE;
  }
  if (self->go_live && self->rehearse) {
    g_printerr (_ ("--go-live and --rehearse do not go together\n"));
    return FALSE;
  }
  if (self->for_s < 0) {
    g_printerr (_ ("--for takes a number of seconds\n"));
    return FALSE;
  }
  self->event_path =
    g_strdup (control_watchdog_get_event () != NULL ? control_watchdog_get_event () : events[0]);
  return TRUE;
}

static void
clear (Headless *self)
{
  g_clear_object (&self->inhibit);
  g_clear_object (&self->watchdog);
  g_clear_object (&self->session);
  g_clear_object (&self->application);
  g_free (self->event_path);
  g_free (self->secrets_path);
  g_free (self->posts_path);
}

/**
 * control_headless_run:
 * @argc: of main ()
 * @argv: of main ()
 *
 * Runs an event without a window until it is told to end: one line of JSON a second on standard
 * output, sentences on standard error. Where there is a session bus, its actions are on it.
 *
 * Returns: the exit status: 0 only if everything that was asked for worked
 */
int
control_headless_run (int argc, char **argv)
{
  Headless self = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean failed = FALSE;

  if (!parse (&self, argc, argv)) {
    clear (&self);
    return 2;
  }
  if (!control_watchdog_wait_for_name ()) {
    g_printerr ("%s\n", _ ("The desktop session has ended, and the show with it."));
    clear (&self);
    return 1;
  }
  self.application = g_application_new (APPLICATION_ID, G_APPLICATION_DEFAULT_FLAGS);
  if (!g_application_register (self.application, NULL, &error)) {
    g_printerr ("%s\n", error->message);
    clear (&self);
    return 1;
  }
  if (g_application_get_is_remote (self.application)) {
    g_printerr (_ ("Régie is running already. End that show first.\n"));
    clear (&self);
    return 1;
  }
  g_signal_connect (self.application, "activate", G_CALLBACK (activate_cb), &self);
  g_application_run (self.application, 0, NULL);
  failed = self.failed || self.session == NULL;
  clear (&self);
  return failed ? 1 : 0;
}

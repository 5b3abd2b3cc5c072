/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-application.h"

#include "common-util.h"
#include "console-dialogs.h"
#include "console-folder.h"
#include "console-inhibit.h"
#include "console-notifier.h"
#include "console-overview.h"
#include "console-resume.h"
#include "console-welcome.h"
#include "console-window.h"
#include "control-actions.h"
#include "control-background.h"
#include "control-inhibit.h"
#include "control-watchdog.h"
#include "engine-program.h"
#include "event-file.h"
#include "show-memory.h"
#include "show-session.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#define DEMONSTRATION  "demo/demo.regie"
#define END_TIMEOUT_US (10 * G_USEC_PER_SEC)

/* And for recordings to become ordinary files; what is not done by then is done at the next start. */
#define EXPORTS_TIMEOUT_MS 2500

/**
 * ConsoleApplication:
 *
 * One show in one window: opens an event, runs it, and offers the show's actions on D-Bus.
 */
struct _ConsoleApplication {
  AdwApplication parent_instance;

  ShowSession *session;          /* nullable: the event that runs */
  ControlWatchdog *watchdog;     /* nullable: with it */
  ControlInhibit *inhibit;       /* nullable: the same, until the recording is finished */
  gboolean resume;               /* the first event that is opened goes on as it was */
  GtkFileChooserNative *chooser; /* nullable: while the operator chooses */
};

G_DEFINE_FINAL_TYPE (ConsoleApplication, console_application, ADW_TYPE_APPLICATION)

static void
close_event (ConsoleApplication *self)
{
  GtkWindow *window = NULL;

  while ((window = gtk_application_get_active_window (GTK_APPLICATION (self))) != NULL)
    gtk_window_destroy (window);

  if (self->session != NULL) {
    control_unexport_actions (G_ACTION_MAP (self), show_session_get_actions (self->session));
    show_session_stop (self->session);
    engine_program_wait_for_stopped (END_TIMEOUT_US);
    show_session_wait_for_exports (self->session, EXPORTS_TIMEOUT_MS);
  }
  g_clear_object (&self->watchdog);
  g_clear_object (&self->session);
}

static ShowSession *
start_session (const char *path, GError **error)
{
  /* Changes that were not saved when it was interrupted are there again. */
  g_autoptr (EventFile) event = show_session_open (path, TRUE, error);
  g_autoptr (ShowSession) session = NULL;

  if (event == NULL)
    return NULL;

  session = show_session_new (event);
  show_session_start (session);
  return g_steal_pointer (&session);
}

static void
show_error (ConsoleApplication *self, const GError *error)
{
  g_warning ("The event cannot be opened: %s", error->message);
  gtk_window_present (console_welcome_new (GTK_APPLICATION (self), error));
}

/* After a crash at once, after a power cut when the operator wants it. */
static void
go_on (ConsoleApplication *self, gboolean resume)
{
  GActionGroup *actions = show_session_get_actions (self->session);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (!resume)
    console_resume_offer (window, self->session);
  else if (show_session_get_interrupted (self->session) != NULL)
    g_action_group_activate_action (actions, "resume-show", NULL);
  else if (control_watchdog_is_resuming ())
    /* On air with the first shot is better than not on air. */
    g_action_group_activate_action (
      actions, control_watchdog_get_state () == SHOW_STATE_LIVE ? "go-live" : "rehearse", NULL);
  if (resume && show_session_get_resumed (self->session))
    console_window_show_message (CONSOLE_WINDOW (window),
                                 _ ("Régie was interrupted. The show goes on as it was."));
}

/* An event that cannot be opened must not end the one that runs. */
static void
open_event (ConsoleApplication *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConsoleOverview) overview = NULL;
  const gboolean resume = self->resume;
  GtkWindow *window = NULL;

  self->resume = FALSE;
  g_application_hold (G_APPLICATION (self));
  close_event (self);
  self->session = start_session (path, &error);
  if (self->session == NULL) {
    show_error (self, error);
  } else {
    control_export_actions (G_ACTION_MAP (self), show_session_get_actions (self->session));
    overview = console_overview_new (self->session);
    self->watchdog =
      control_watchdog_new (self->session,
                            g_application_get_dbus_connection (G_APPLICATION (self)) != NULL, 0);
    g_clear_object (&self->inhibit);
    self->inhibit = control_inhibit_new (self->session, FALSE);
    g_signal_connect_object (self->inhibit, "shutting-down", G_CALLBACK (g_application_quit), self,
                             G_CONNECT_SWAPPED);
    console_inhibit_follow (GTK_APPLICATION (self), self->session);
    control_background_follow (self->session);
    window = console_window_new (GTK_APPLICATION (self), overview);
    console_notifier_follow (window, self->session);
    gtk_window_present (window);
    go_on (self, resume);
    console_folder_offer (window, show_session_get_event (self->session));
  }
  g_application_release (G_APPLICATION (self));
}

static gboolean
is_busy (ConsoleApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (self->session == NULL || !show_session_get_active (self->session))
    return FALSE;

  if (CONSOLE_IS_WINDOW (window))
    console_window_show_message (CONSOLE_WINDOW (window),
                                 _ ("End the live show first, then open another event."));
  return TRUE;
}

static void
open_demonstration (ConsoleApplication *self)
{
  g_autofree char *path = common_find_data_file (DEMONSTRATION);

  /* Not there: loading it gives the error that says so. */
  open_event (self, path != NULL ? path : DEMONSTRATION);
}

static void
chosen_cb (ConsoleApplication *self, int response)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  g_clear_object (&self->chooser);
  if (file == NULL || is_busy (self))
    return;

  path = g_file_get_path (file);
  if (path != NULL)
    open_event (self, path);
}

static void
open_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ConsoleApplication *self = user_data;
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  if (is_busy (self) || self->chooser != NULL)
    return;

  gtk_file_filter_set_name (filter, _ ("Régie events"));
  gtk_file_filter_add_suffix (filter, "regie");
  self->chooser =
    gtk_file_chooser_native_new (_ ("Open an event"),
                                 gtk_application_get_active_window (GTK_APPLICATION (self)),
                                 GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
event_found_cb (const char *path, gpointer user_data)
{
  if (!is_busy (user_data))
    open_event (user_data, path);
}

/* With the name of the event that is wanted, if there is one. */
static void
open_folder_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  if (!is_busy (user_data))
    console_folder_choose (gtk_application_get_active_window (user_data),
                           g_variant_get_string (parameter, NULL), event_found_cb, user_data);
}

static void
open_demonstration_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ConsoleApplication *self = user_data;

  if (!is_busy (self))
    open_demonstration (self);
}

static void
about_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  console_dialogs_show_about (gtk_application_get_active_window (user_data));
}

/* Closing is what asks first while the show is live. */
static void
quit_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = gtk_application_get_active_window (user_data);

  if (window != NULL)
    gtk_window_close (window);
  else
    g_application_quit (user_data);
}

static const GActionEntry entries[] = {
  { .name = "open", .activate = open_activated },
  { .name = "open-folder", .activate = open_folder_activated, .parameter_type = "s" },
  { .name = "open-demonstration", .activate = open_demonstration_activated },
  { .name = "about", .activate = about_activated },
  { .name = "quit", .activate = quit_activated },
};

static void
set_accelerators (GtkApplication *application)
{
  const struct {
    const char *action;
    const char *keys[3];
  } all[] = {
    { "app.open", { "<Control>o" } },   { "app.quit", { "<Control>q" } },
    { "win.save", { "<Control>s" } },   { "win.save-as", { "<Control><Shift>s" } },
    { "win.search", { "<Control>f" } }, { "win.show-guests::", { "<Control>g" } },
    { "app.panic", { "F9" } },          { "win.show-help-overlay", { "F1", "<Control>question" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    gtk_application_set_accels_for_action (application, all[i].action, all[i].keys);
}

/* The end of the desktop session, or of the terminal: there is nobody to ask. */
static gboolean
unix_signal_cb (gpointer data)
{
  g_application_quit (data);
  return G_SOURCE_CONTINUE;
}

static void
follow_signals (ConsoleApplication *self)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++) {
    struct sigaction action = { 0 };

    /* With nohup some of them are not for us. */
    if (sigaction (signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
      g_unix_signal_add (signals[i], unix_signal_cb, self);
  }
}

static void
console_application_startup (GApplication *application)
{
  /* On X11 its windows belong to the menu entry by this name. --help has been printed by now. */
  g_set_prgname (APPLICATION_ID);
  G_APPLICATION_CLASS (console_application_parent_class)->startup (application);

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      ADW_COLOR_SCHEME_FORCE_DARK);
  gtk_window_set_default_icon_name (APPLICATION_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
  /* Elsewhere whoever opens an event can read what is beside it. */
  g_simple_action_set_enabled (
    G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (application), "open-folder")),
    common_is_sandboxed ());
  set_accelerators (GTK_APPLICATION (application));
  follow_signals (CONSOLE_APPLICATION (application));
}

static void
console_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));
  const char *event = control_watchdog_get_event ();
  g_autoptr (ShowMemories) memories = NULL;

  if (window != NULL) {
    gtk_window_present (window);
    return;
  }
  /* Started without an event, Régie has the one that was interrupted. */
  if (event == NULL && (memories = show_memory_load_newest ()) != NULL)
    event = memories->event_path;
  if (event != NULL)
    open_event (CONSOLE_APPLICATION (application), event);
  else
    open_demonstration (CONSOLE_APPLICATION (application));
}

static void
console_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  ConsoleApplication *self = CONSOLE_APPLICATION (application);
  g_autofree char *path = g_file_get_path (files[0]);
  g_autofree char *uri = g_file_get_uri (files[0]);

  if (is_busy (self))
    return;
  if (self->resume && control_watchdog_get_event () != NULL)
    open_event (self, control_watchdog_get_event ());
  else
    open_event (self, path != NULL ? path : uri);
}

static void
console_application_shutdown (GApplication *application)
{
  ConsoleApplication *self = CONSOLE_APPLICATION (application);

  g_clear_object (&self->chooser);
  close_event (self);
  engine_program_wait_for_stopped (END_TIMEOUT_US);
  g_clear_object (&self->inhibit);

  G_APPLICATION_CLASS (console_application_parent_class)->shutdown (application);
}

/* What --headless takes is not for the window, and must not be left out without a word. Below 0, the
 * application starts as usual. */
static int
console_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  ConsoleApplication *self = CONSOLE_APPLICATION (application);
  static const char *const headless[] = { "go-live", "rehearse", "for", "secrets", "export-posts" };

  for (gsize i = 0; i < G_N_ELEMENTS (headless); i++) {
    if (!g_variant_dict_contains (options, headless[i]))
      continue;
    g_printerr ("%s\n",
                _ ("--go-live, --rehearse, --for and --secrets go together with --headless."));
    return 1;
  }
  self->resume = control_watchdog_is_resuming () || g_variant_dict_contains (options, "resume");
  return -1;
}

/* They are here so that --help tells of them; main () handles those that need no window. */
static void
add_options (GApplication *application)
{
  const GOptionEntry options[] = {
    { "headless", 0, 0, G_OPTION_ARG_NONE, NULL, _ ("Run the show without a window"), NULL },
    { "go-live", 0, 0, G_OPTION_ARG_NONE, NULL, _ ("Go live at once"), NULL },
    { "rehearse", 0, 0, G_OPTION_ARG_NONE, NULL,
      _ ("Begin a rehearsal at once: everything is recorded, nothing is published"), NULL },
    { "resume", 0, 0, G_OPTION_ARG_NONE, NULL,
      _ ("Go on with a show that was interrupted, as it was"), NULL },
    { "no-watchdog", 0, 0, G_OPTION_ARG_NONE, NULL, _ ("Do not start again after a crash"), NULL },
    { "for", 0, 0, G_OPTION_ARG_INT, NULL, _ ("End by itself after so many seconds"),
      _ ("SECONDS") },
    { "secrets", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      _ ("Keep stream keys and guests’ links in a private JSON file instead of the keyring"),
      _ ("FILE") },
    { "export-posts", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      _ ("Save the approved posts as JSON at the end"), _ ("FILE") },
    { "list-devices", 0, 0, G_OPTION_ARG_NONE, NULL,
      _ ("List cameras and microphones with their ids"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, _ ("Say which version this is"), NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    g_application_add_main_option (application, options[i].long_name, options[i].short_name,
                                   options[i].flags, options[i].arg, options[i].description,
                                   options[i].arg_description);
  g_application_set_option_context_parameter_string (application, _ ("[EVENT]"));
  g_application_set_option_context_summary (application,
                                            _ ("The control room of a live event, in one window."));
  g_application_set_option_context_description (
    application, _ ("--go-live, --rehearse, --for and --secrets go together with --headless."));
}

static void
console_application_class_init (ConsoleApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = console_application_startup;
  application_class->activate = console_application_activate;
  application_class->open = console_application_open;
  application_class->shutdown = console_application_shutdown;
  application_class->handle_local_options = console_application_handle_local_options;
}

static void
console_application_init (ConsoleApplication *self)
{
  add_options (G_APPLICATION (self));
}

ConsoleApplication *
console_application_new (void)
{
  return g_object_new (CONSOLE_TYPE_APPLICATION, "application-id", APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}

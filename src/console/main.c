/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-application.h"
#include "control-devices.h"
#include "control-headless.h"
#include "control-watchdog.h"
#include "engine-init.h"
#include "engine-trial.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>

static void
set_language (void)
{
  const char *locale_dir = g_getenv ("REGIE_LOCALE_DIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static gboolean
has_graphics_card (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/dev/dri", 0, NULL); /* not there: no card */
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    if (g_str_has_prefix (name, "renderD"))
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_option (int argc, char **argv, const char *option)
{
  for (int i = 1; i < argc; i++) {
    if (g_str_equal (argv[i], option))
      return TRUE;
  }
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_autoptr (ConsoleApplication) application = NULL;

  if (engine_trial_is_asked (argc, argv))
    return engine_trial_run (argc, argv);
  control_watchdog_prepare (argc, argv);
  set_language ();
  /* A server or a reader that has gone away must not end the show. */
  signal (SIGPIPE, SIG_IGN);

  if (has_option (argc, argv, "--version")) {
    g_print ("%s %s\n", GETTEXT_PACKAGE, PACKAGE_VERSION);
    return 0;
  }
  if (has_option (argc, argv, "--say-given-up"))
    return control_watchdog_say_given_up ();
  if (has_option (argc, argv, "--list-devices"))
    return control_devices_list (argc, argv);
  if (has_option (argc, argv, "--headless"))
    return control_headless_run (argc, argv);

  /* Without a graphics card, GL is computed by the processor: cairo then costs half of it. */
  if (!has_graphics_card ())
    g_setenv ("GSK_RENDERER", "cairo", FALSE);

  if (!control_watchdog_wait_for_name ()) {
    g_printerr ("%s\n", _ ("The desktop session has ended, and the show with it."));
    return 1;
  }
  engine_init (&argc, &argv);
  g_set_application_name (_ ("Régie"));
  application = console_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}

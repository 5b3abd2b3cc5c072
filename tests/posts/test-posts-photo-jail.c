/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>

/* test-posts-photo-jail REGIE-PHOTO POSTS-PHOTO-TRY */

static const char *photo_program;
static const char *try_program;

static GSubprocess *
run (const char *program, const char *argument)
{
  GError *error = NULL;
  GSubprocess *process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                      program, argument, NULL);

  g_assert_no_error (error);
  return process;
}

static void
try (const char *what)
{
  g_autoptr (GSubprocess) process = run (try_program, what);

  g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  if (g_str_equal (what, "pipe")) {
    g_assert_true (g_subprocess_get_if_exited (process));
    g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  } else if (g_str_equal (what, "memory")) {
    g_assert_true (g_subprocess_get_if_exited (process));
    g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 3);
  } else if (g_str_equal (what, "time")) {
    g_assert_true (g_subprocess_get_if_signaled (process));
  } else {
    g_assert_true (g_subprocess_get_if_signaled (process));
    g_assert_cmpint (g_subprocess_get_term_sig (process), ==, SIGSYS);
  }
}

/* From inside: each is the end of who tries it. */
static void
test_from_inside (void)
{
  static const char *const forbidden[] = { "pipe", "open", "create", "socket", "local-socket",
                                           "fork", "exec", "kill",   "code",   "other-fd" };

  for (gsize i = 0; i < G_N_ELEMENTS (forbidden); i++) {
    g_test_message ("%s", forbidden[i]);
    try (forbidden[i]);
  }
  g_assert_false (g_file_test ("/tmp/regie-photo-was-here", G_FILE_TEST_EXISTS));
}

static void
test_memory (void)
{
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("the sanitizer's own memory is not limited");
#else
  try ("memory");
#endif
}

static void
test_time (void)
{
  try ("time");
}

static gboolean
says (const char *status, const char *name, const char *value)
{
  const char *line = strstr (status, name);
  g_autofree char *rest = NULL;

  if (line == NULL)
    return FALSE;
  rest = g_strndup (line + strlen (name), strcspn (line + strlen (name), "\n"));
  return g_str_equal (g_strstrip (rest), value);
}

/* The very program, seen from outside while it waits for its first byte. */
static void
test_from_outside (void)
{
  g_autoptr (GSubprocess) process = run (photo_program, "100");
  g_autofree char *path =
    g_build_filename ("/proc", g_subprocess_get_identifier (process), "status", NULL);
  g_autofree char *fds =
    g_build_filename ("/proc", g_subprocess_get_identifier (process), "fd", NULL);
  g_autofree char *status = NULL;
  g_autoptr (GDir) folder = NULL;
  const gint64 end_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  do {
    g_clear_pointer (&status, g_free);
    g_assert_true (g_file_get_contents (path, &status, NULL, NULL));
    g_assert_cmpint (g_get_monotonic_time (), <, end_us);
    g_usleep (1000);
  } while (!says (status, "\nSeccomp:", "2"));
  g_assert_true (says (status, "\nNoNewPrivs:", "1"));
  g_assert_true (says (status, "\nCapEff:", "0000000000000000"));
  g_assert_true (says (status, "\nCapPrm:", "0000000000000000"));
  /* Whoever may look sees that nothing is open but its three ends. */
  folder = g_dir_open (fds, 0, NULL);
  for (const char *name = folder != NULL ? g_dir_read_name (folder) : NULL; name != NULL;
       name = g_dir_read_name (folder))
    g_assert_true (g_str_equal (name, "0") || g_str_equal (name, "1") || g_str_equal (name, "2"));

  g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  photo_program = argv[1];
  try_program = argv[2];
  g_test_add_func ("/posts/photo-jail/from-inside", test_from_inside);
  g_test_add_func ("/posts/photo-jail/memory", test_memory);
  g_test_add_func ("/posts/photo-jail/time", test_time);
  g_test_add_func ("/posts/photo-jail/from-outside", test_from_outside);
  return g_test_run ();
}

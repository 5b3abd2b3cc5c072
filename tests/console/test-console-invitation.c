/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-guest-mail.h"
#include "console-qr.h"

#include <glib/gstdio.h>
#include <string.h>

#define LINK      "https://regie.example.org/#q7Zr0kB1vXo2mYt3nLsC4w5dEfG"
#define MODULE_PX 4
#define WHITE     '\xff'

/* A picture of the code in the plainest format there is, so that another program can read it. */
static void
write_picture (ConsoleQr *qr, const char *path)
{
  const guint n_modules = console_qr_get_n_modules (qr);
  const guint side = (n_modules + 2 * CONSOLE_QR_QUIET_ZONE) * MODULE_PX;
  g_autoptr (GString) picture = g_string_new (NULL);

  g_string_printf (picture, "P5 %u %u 255\n", side, side);
  for (guint y = 0; y < side; y++) {
    for (guint x = 0; x < side; x++) {
      const guint column = x / MODULE_PX - CONSOLE_QR_QUIET_ZONE;
      const guint row = y / MODULE_PX - CONSOLE_QR_QUIET_ZONE;
      const gboolean dark = x / MODULE_PX >= CONSOLE_QR_QUIET_ZONE && column < n_modules &&
                            y / MODULE_PX >= CONSOLE_QR_QUIET_ZONE && row < n_modules &&
                            console_qr_is_dark (qr, column, row);

      g_string_append_c (picture, dark ? '\0' : WHITE);
    }
  }
  g_assert_true (g_file_set_contents (path, picture->str, (gssize) picture->len, NULL));
}

/* Another program, which knows nothing of ours, has to read what was written. */
static void
test_code_says_the_link (void)
{
  g_autoptr (ConsoleQr) qr = console_qr_new (LINK);
  g_autofree char *folder = g_dir_make_tmp ("regie-qr-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "code.pgm", NULL);
  g_autofree char *said = NULL;
  const char *command[] = { "zbarimg", "--quiet", "--raw", path, NULL };
  g_autofree char *program = g_find_program_in_path (command[0]);
  int status = -1;

  write_picture (qr, path);
  if (program != NULL) {
    g_assert_true (g_spawn_sync (NULL, (char **) command, NULL,
                                 G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                                 &said, NULL, &status, NULL));
    g_assert_cmpint (status, ==, 0);
    g_assert_cmpstr (g_strchomp (said), ==, LINK);
  } else {
    g_test_skip ("zbarimg is not installed");
  }
  g_remove (path);
  g_rmdir (folder);
}

static void
test_code_is_a_square_with_three_eyes (void)
{
  g_autoptr (ConsoleQr) qr = console_qr_new (LINK);
  const guint last = console_qr_get_n_modules (qr) - 1;

  g_assert_cmpuint (last + 1, >=, 21);
  for (guint i = 0; i < 7; i++) {
    g_assert_true (console_qr_is_dark (qr, i, 0));
    g_assert_true (console_qr_is_dark (qr, last - i, 0));
    g_assert_true (console_qr_is_dark (qr, i, last));
  }
  g_assert_cmpfloat (gdk_paintable_get_intrinsic_aspect_ratio (GDK_PAINTABLE (qr)), ==, 1.0);
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (GDK_PAINTABLE (qr)), >, 21 * 4);
}

static void
test_code_of_too_much_is_none (void)
{
  g_autofree char *much = g_strnfill (4000, 'x');
  g_autoptr (ConsoleQr) qr = console_qr_new (much);
  g_autoptr (ConsoleQr) nothing = console_qr_new ("");

  g_assert_cmpuint (console_qr_get_n_modules (qr), ==, 0);
  g_assert_cmpuint (console_qr_get_n_modules (nothing), ==, 0);
}

static void
assert_mail (ConsoleMailLanguage language, const char *greeting, const char *event)
{
  g_autofree char *subject = console_guest_mail_make_subject (language, "Journée 100 %s");
  g_autofree char *body = console_guest_mail_make_body (language, "Anna %s", "Journée 100 %s", LINK,
                                                        CONSOLE_REACH_EVERYONE);

  g_assert_nonnull (strstr (subject, event));
  g_assert_true (g_str_has_prefix (body, greeting));
  g_assert_nonnull (strstr (body, event));
  /* On a line of its own, so that every mail program makes a link of it. */
  g_assert_nonnull (strstr (body, "\n\n" LINK "\n\n"));
}

static void
test_mail_says_who_what_and_where (void)
{
  assert_mail (CONSOLE_MAIL_FRENCH, "Bonjour Anna %s,\n", "« Journée 100 %s »");
  assert_mail (CONSOLE_MAIL_ENGLISH, "Hello Anna %s,\n", "“Journée 100 %s”");
}

static void
test_mail_warns_only_where_the_browser_does (void)
{
  const ConsoleMailLanguage languages[] = { CONSOLE_MAIL_FRENCH, CONSOLE_MAIL_ENGLISH };
  const char *const words[] = { "Paramètres avancés", "Advanced" };

  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++) {
    g_autofree char *near_by =
      console_guest_mail_make_body (languages[i], "Anna", "Day", LINK, CONSOLE_REACH_NETWORK);
    g_autofree char *far =
      console_guest_mail_make_body (languages[i], "Anna", "Day", LINK, CONSOLE_REACH_EVERYONE);

    g_assert_nonnull (strstr (near_by, words[i]));
    g_assert_null (strstr (far, words[i]));
  }
}

static void
test_mail_program_gets_all_or_nothing (void)
{
  g_autofree char *long_body = g_strnfill (3000, 'x');
  g_autofree char *uri = console_guest_mail_make_uri ("Tom & Anna?", "Hello,\nhttps://x/#a&b");
  g_autofree char *none = console_guest_mail_make_uri ("Tom", long_body);

  g_assert_cmpstr (
    uri, ==, "mailto:?subject=Tom%20%26%20Anna%3F&body=Hello%2C%0D%0Ahttps%3A%2F%2Fx%2F%23a%26b");
  g_assert_null (none);
}

/* The usual invitation fits into what mail programs take, in both languages. */
static void
test_usual_mail_fits (void)
{
  const ConsoleMailLanguage languages[] = { CONSOLE_MAIL_FRENCH, CONSOLE_MAIL_ENGLISH };

  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++) {
    g_autofree char *subject = console_guest_mail_make_subject (languages[i], "Journée numérique");
    g_autofree char *body = console_guest_mail_make_body (languages[i], "Anna", "Journée numérique",
                                                          LINK, CONSOLE_REACH_EVERYONE);
    g_autofree char *uri = console_guest_mail_make_uri (subject, body);

    g_assert_nonnull (uri);
  }
}

static void
test_reach_is_told_by_the_link (void)
{
  const char *public_address = "https://regie.example.org";

  g_assert_cmpint (console_guest_mail_get_reach ("http://localhost:8085/#a", NULL), ==,
                   CONSOLE_REACH_COMPUTER);
  g_assert_cmpint (console_guest_mail_get_reach ("http://127.0.0.1:8085/#a", ""), ==,
                   CONSOLE_REACH_COMPUTER);
  g_assert_cmpint (console_guest_mail_get_reach ("http://[::1]:8085/#a", ""), ==,
                   CONSOLE_REACH_COMPUTER);
  g_assert_cmpint (console_guest_mail_get_reach ("https://192.168.1.20:8085/#a", public_address),
                   ==, CONSOLE_REACH_NETWORK);
  g_assert_cmpint (console_guest_mail_get_reach ("https://regie.example.org/#a", public_address),
                   ==, CONSOLE_REACH_EVERYONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/console/qr/says-the-link", test_code_says_the_link);
  g_test_add_func ("/console/qr/is-a-square-with-three-eyes",
                   test_code_is_a_square_with_three_eyes);
  g_test_add_func ("/console/qr/too-much-is-none", test_code_of_too_much_is_none);
  g_test_add_func ("/console/guest-mail/says-who-what-and-where",
                   test_mail_says_who_what_and_where);
  g_test_add_func ("/console/guest-mail/warns-only-where-the-browser-does",
                   test_mail_warns_only_where_the_browser_does);
  g_test_add_func ("/console/guest-mail/mail-program-gets-all-or-nothing",
                   test_mail_program_gets_all_or_nothing);
  g_test_add_func ("/console/guest-mail/usual-mail-fits", test_usual_mail_fits);
  g_test_add_func ("/console/guest-mail/reach-is-told-by-the-link", test_reach_is_told_by_the_link);

  return g_test_run ();
}

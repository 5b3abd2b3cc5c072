/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "web-certificate.h"
#include "web-types.h"

static const char *const names[] = { "stage", "stage.local", NULL };
static const char *const addresses[] = { "192.0.2.7", "2001:db8::7", NULL };
static const char *const moved[] = { "198.51.100.3", NULL };

static char *
get_pem (GTlsCertificate *certificate)
{
  char *pem = NULL;

  g_object_get (certificate, "certificate-pem", &pem, NULL);
  return pem;
}

static char *
make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("regie-certificate-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
remove_folder (const char *folder)
{
  static const char *const files[] = { "guests.crt", "guests.key", "own.crt", "own.key",
                                       "old.crt" };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_build_filename (folder, files[i], NULL);

    g_unlink (path);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static char *
ask_openssl (const char *folder, const char *arguments)
{
  g_autofree char *command =
    g_strdup_printf ("/bin/sh -c \"cd %s && openssl %s 2>&1\"", folder, arguments);
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  g_assert_true (g_spawn_command_line_sync (command, &output, NULL, NULL, &error));
  g_assert_no_error (error);
  return output;
}

static void
test_make_one (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *key_path = g_build_filename (folder, "guests.key", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = web_certificate_make (folder, names, addresses, &error);
  struct stat status = { 0 };

  g_assert_no_error (error);
  g_assert_cmpint (g_stat (key_path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  g_autofree char *text = ask_openssl (folder, "x509 -in guests.crt -noout -text");
  g_assert_nonnull (strstr (text, "NIST CURVE: P-256"));
  g_assert_nonnull (strstr (text, "CN = stage"));
  g_assert_nonnull (strstr (text, "DNS:stage, DNS:stage.local, IP Address:192.0.2.7, "
                                  "IP Address:2001:DB8:0:0:0:0:0:7"));
  g_assert_nonnull (strstr (text, "CA:FALSE"));
  g_assert_nonnull (strstr (text, "TLS Web Server Authentication"));
  g_autofree char *verified =
    ask_openssl (folder, "verify -CAfile guests.crt -verify_ip 192.0.2.7 guests.crt");
  g_assert_nonnull (strstr (verified, "guests.crt: OK"));
  g_autofree char *year = ask_openssl (folder, "x509 -in guests.crt -noout -checkend 31449600");
  g_assert_nonnull (strstr (year, "will not expire"));
  g_autofree char *longer = ask_openssl (folder, "x509 -in guests.crt -noout -checkend 31622400");
  g_assert_nonnull (strstr (longer, "will expire"));
  remove_folder (folder);
}

static void
test_keep_it (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *key_path = g_build_filename (folder, "guests.key", NULL);
  g_autoptr (GTlsCertificate) first = web_certificate_make (folder, names, addresses, NULL);
  g_autoptr (GTlsCertificate) again = web_certificate_make (folder, names, addresses, NULL);
  g_autoptr (GTlsCertificate) elsewhere = web_certificate_make (folder, names, moved, NULL);
  g_autofree char *first_pem = get_pem (first);
  g_autofree char *again_pem = get_pem (again);
  g_autofree char *elsewhere_pem = get_pem (elsewhere);

  g_assert_cmpstr (first_pem, ==, again_pem);
  g_assert_cmpstr (first_pem, !=, elsewhere_pem);

  /* Somebody could have read its key: a new one. */
  g_assert_cmpint (g_chmod (key_path, 0644), ==, 0);
  g_autoptr (GTlsCertificate) open = web_certificate_make (folder, names, moved, NULL);
  g_autofree char *open_pem = get_pem (open);
  g_assert_cmpstr (elsewhere_pem, !=, open_pem);

  /* Half of it was written when the power went. */
  g_assert_true (g_file_set_contents_full (key_path, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_autoptr (GTlsCertificate) mended = web_certificate_make (folder, names, moved, NULL);
  g_assert_nonnull (mended);
  remove_folder (folder);
}

static void
test_say_why_not (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *crt = g_build_filename (folder, "guests.crt", NULL);
  g_autofree char *own_key = g_build_filename (folder, "own.key", NULL);
  g_autofree char *old_crt = g_build_filename (folder, "old.crt", NULL);
  g_autoptr (GTlsCertificate) made = web_certificate_make (folder, names, addresses, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (made);
  g_assert_null (web_certificate_load ("/nowhere.crt", "/nowhere.key", &error));
  g_assert_error (error, WEB_ERROR, WEB_ERROR_CERTIFICATE);
  g_clear_error (&error);

  g_autofree char *new_key = ask_openssl (
    folder, "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -out "
            "own.crt -subj /CN=x -days 1");
  g_assert_null (web_certificate_load (crt, own_key, &error));
  g_assert_error (error, WEB_ERROR, WEB_ERROR_CERTIFICATE);
  g_clear_error (&error);

  g_autofree char *request =
    ask_openssl (folder, "x509 -in own.crt -signkey own.key -days -1 -out old.crt");
  g_assert_null (web_certificate_load (old_crt, own_key, &error));
  g_assert_error (error, WEB_ERROR, WEB_ERROR_CERTIFICATE_OLD);
  g_clear_error (&error);

  g_assert_null (web_certificate_make ("/proc/nowhere", names, addresses, &error));
  g_assert_error (error, WEB_ERROR, WEB_ERROR_CERTIFICATE_MADE);
  remove_folder (folder);
}

static void
test_list (void)
{
  g_auto (GStrv) own_names = web_certificate_list_names ();
  g_auto (GStrv) own_addresses = web_certificate_list_addresses ();

  g_assert_nonnull (own_names[0]);
  for (gsize i = 0; own_addresses[i] != NULL; i++) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (own_addresses[i]);

    g_assert_nonnull (address);
    g_assert_false (g_inet_address_get_is_loopback (address));
  }
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate =
    web_certificate_make (NULL, (const char *const *) own_names,
                          (const char *const *) own_addresses, &error);
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/certificate/make-one", test_make_one);
  g_test_add_func ("/web/certificate/keep-it", test_keep_it);
  g_test_add_func ("/web/certificate/say-why-not", test_say_why_not);
  g_test_add_func ("/web/certificate/list", test_list);
  return g_test_run ();
}

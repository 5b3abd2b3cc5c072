/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "common-util.h"

static void
test_string_says_when_it_changes (void)
{
  char *field = NULL;

  g_assert_false (common_set_string (&field, NULL));
  g_assert_true (common_set_string (&field, "one"));
  g_assert_false (common_set_string (&field, "one"));
  g_assert_true (common_set_string (&field, field + 1));
  g_assert_cmpstr (field, ==, "ne");
  g_assert_true (common_set_string (&field, NULL));
  g_assert_null (field);
}

static void
test_error_says_when_it_changes (void)
{
  g_autoptr (GError) lost = g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "lost");
  g_autoptr (GError) same = g_error_copy (lost);
  g_autoptr (GError) words = g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "gone");
  g_autoptr (GError) code = g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY, "gone");
  GError *field = NULL;

  g_assert_false (common_set_error (&field, NULL));
  g_assert_true (common_set_error (&field, lost));
  g_assert_true (field != lost);
  g_assert_false (common_set_error (&field, same));
  g_assert_false (common_set_error (&field, field));
  g_assert_true (common_set_error (&field, words));
  g_assert_true (common_set_error (&field, code));
  g_assert_error (field, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_true (common_set_error (&field, NULL));
  g_assert_no_error (field);
}

static void
test_formats_elapsed (void)
{
  const struct {
    guint64 seconds;
    const char *text;
  } cases[] = {
    { 0, "00:00:00" },       { 59, "00:00:59" },
    { 60, "00:01:00" },      { 2530, "00:42:10" },
    { 86399, "23:59:59" },   { 86400, "24:00:00" },
    { 360000, "100:00:00" }, { G_MAXUINT64, "5124095576030431:00:15" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = common_format_elapsed (cases[i].seconds);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_formats_bytes (void)
{
  g_autofree char *size = common_format_bytes (G_GUINT64_CONSTANT (3100000000));

  g_assert_cmpstr (size, ==, "3.1\302\240GB");
}

static void
test_finds_data_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("regie-common-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "there", NULL);
  g_autofree char *old = g_strdup (g_getenv ("REGIE_DATA_DIR"));
  g_autofree char *found = NULL;

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_setenv ("REGIE_DATA_DIR", folder, TRUE);
  found = common_find_data_file ("there");
  g_assert_cmpstr (found, ==, path);
  g_assert_null (common_find_data_file ("not-there"));
  g_setenv ("REGIE_DATA_DIR", "", TRUE);
  g_assert_null (common_find_data_file ("there"));

  if (old != NULL)
    g_setenv ("REGIE_DATA_DIR", old, TRUE);
  g_remove (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/common/util/string-says-when-it-changes", test_string_says_when_it_changes);
  g_test_add_func ("/common/util/error-says-when-it-changes", test_error_says_when_it_changes);
  g_test_add_func ("/common/util/formats-elapsed", test_formats_elapsed);
  g_test_add_func ("/common/util/formats-bytes", test_formats_bytes);
  g_test_add_func ("/common/util/finds-data-file", test_finds_data_file);
  return g_test_run ();
}

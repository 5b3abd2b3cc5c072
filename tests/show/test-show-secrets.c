/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "show-secrets.h"

#define URL "rtmp://tube.example.org/live"

static void
result_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static char *
look_up (ShowSecrets *secrets, const char *destination, const char *url, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  show_secrets_look_up_async (secrets, destination, url, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return show_secrets_look_up_finish (secrets, result, error);
}

static ShowSecrets *
read_file (const char *text, int mode, GError **error)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "regie-secrets-XXXXXX", NULL);
  const int fd = g_mkstemp_full (path, 0, mode);
  ShowSecrets *secrets = NULL;

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_chmod (path, mode);
  secrets = show_secrets_new_for_file (path, error);
  g_unlink (path);
  return secrets;
}

static void
test_file_gives_keys (void)
{
  g_autoptr (GError) error = NULL;
  ShowSecrets *secrets = read_file ("{ \"a\": \"top-secret\" }", 0600, &error);
  g_autofree char *key = NULL;
  g_autofree char *other = NULL;

  g_assert_no_error (error);
  key = look_up (secrets, "a", URL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (key, ==, "top-secret");
  other = look_up (secrets, "b", URL, &error);
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_NO_KEY);
  g_assert_null (other);
  g_assert_finalize_object (secrets);
}

static gboolean
store (ShowSecrets *secrets, const char *id, const char *key, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  show_secrets_store_async (secrets, id, URL, "Anna", key, NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return show_secrets_store_finish (secrets, result, error);
}

static void
test_file_keeps_keys (void)
{
  g_autofree char *folder = g_dir_make_tmp ("regie-secrets-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "secrets.json", NULL);
  g_autoptr (ShowSecrets) secrets = NULL;
  g_autoptr (ShowSecrets) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *anna = NULL;
  g_autofree char *other = NULL;
  g_autofree char *gone = NULL;
  GStatBuf info;

  g_assert_true (g_file_set_contents_full (path, "{ \"a\": \"top-secret\", \"b\": \"old\" }", -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  secrets = show_secrets_new_for_file (path, &error);
  g_assert_no_error (error);
  /* Another program writes into it meanwhile. */
  g_assert_true (g_file_set_contents_full (path, "{ \"a\": \"renewed\", \"b\": \"old\" }", -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
  g_assert_true (store (secrets, "guest:anna", "top-token", &error));
  g_assert_no_error (error);
  g_assert_true (store (secrets, "b", NULL, &error));
  g_assert_true (store (secrets, "never-there", NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  again = show_secrets_new_for_file (path, &error);
  g_assert_no_error (error);
  anna = look_up (again, "guest:anna", URL, &error);
  g_assert_cmpstr (anna, ==, "top-token");
  other = look_up (again, "a", URL, &error);
  g_assert_cmpstr (other, ==, "renewed");
  gone = look_up (again, "b", URL, &error);
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_NO_KEY);
  g_clear_error (&error);

  /* A file that is no longer private, or no longer there, takes nothing. */
  g_chmod (path, 0644);
  g_assert_false (store (secrets, "guest:anna", "other-token", &error));
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_KEYRING);
  g_assert_null (strstr (error->message, "token"));
  g_clear_error (&error);
  g_unlink (path);
  g_assert_false (store (secrets, "guest:anna", "other-token", &error));
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_KEYRING);
  /* It is known as long as this runs. */
  g_free (g_steal_pointer (&anna));
  anna = look_up (secrets, "guest:anna", URL, NULL);
  g_assert_cmpstr (anna, ==, "other-token");
  g_rmdir (folder);
}

static void
test_bad_files_are_refused (void)
{
  static const struct {
    const char *text;
    int mode;
  } files[] = {
    { "{ \"a\": \"top-secret\" }", 0644 },
    { "{ \"a\": \"top-secret\" }", 0640 },
    { "{ \"a\": 12 }", 0600 },
    { "[ \"top-secret\" ]", 0600 },
    { "{ \"a\": \"top-secret", 0600 },
    { "", 0600 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (read_file (files[i].text, files[i].mode, &error));
    g_assert_error (error, SHOW_ERROR, SHOW_ERROR_SECRETS);
    g_assert_null (strstr (error->message, "top-secret"));
  }
}

/* The desktop's own keyring, on a bus of the test's, opened with a password. */
static GSubprocess *
start_keyring (void)
{
  g_autofree char *program = g_find_program_in_path ("gnome-keyring-daemon");
  g_autoptr (GError) error = NULL;
  GSubprocess *keyring = NULL;

  if (program == NULL)
    return NULL;
  keyring =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                        G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                      &error, program, "--unlock", "--foreground", "--components=secrets", NULL);
  g_assert_no_error (error);
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (keyring), "password", 8, NULL, NULL,
                             NULL);
  g_output_stream_close (g_subprocess_get_stdin_pipe (keyring), NULL, NULL);
  return keyring;
}

static void
appeared_cb (GDBusConnection *connection, const char *name, const char *owner, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static gboolean
timeout_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
wait_for_keyring (void)
{
  gboolean appeared = FALSE, late = FALSE;
  const guint timeout_id = g_timeout_add_seconds (60, timeout_cb, &late);
  const guint watch_id =
    g_bus_watch_name (G_BUS_TYPE_SESSION, "org.freedesktop.secrets", G_BUS_NAME_WATCHER_FLAGS_NONE,
                      appeared_cb, NULL, &appeared, NULL);

  while (!appeared && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout_id);
  g_bus_unwatch_name (watch_id);
  g_assert_true (appeared);
}

static void
test_keyring_keeps_keys (void)
{
  g_autoptr (GSubprocess) keyring = start_keyring ();
  g_autoptr (ShowSecrets) secrets = show_secrets_new_for_keyring ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;
  g_autofree char *elsewhere = NULL;

  if (keyring == NULL) {
    g_test_skip ("gnome-keyring-daemon is not installed");
    return;
  }
  wait_for_keyring ();
  show_secrets_store_async (secrets, "a", URL, "PeerTube", "top-secret", NULL, result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (show_secrets_store_finish (secrets, result, &error));
  g_assert_no_error (error);

  key = look_up (secrets, "a", URL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (key, ==, "top-secret");
  /* A key goes to no other address than the one it was stored for. */
  elsewhere = look_up (secrets, "a", "rtmp://evil.example.org/live", &error);
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_NO_KEY);
  g_assert_null (elsewhere);
  g_clear_error (&error);
  g_assert_true (store (secrets, "a", NULL, &error));
  g_assert_true (store (secrets, "a", NULL, &error));
  g_assert_no_error (error);
  elsewhere = look_up (secrets, "a", URL, &error);
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_NO_KEY);
  g_subprocess_force_exit (keyring);
  g_subprocess_wait (keyring, NULL, NULL);
}

/* What the keyring did not take is given out all the same, until it takes another one. */
static void
test_holds_what_is_not_kept (void)
{
  g_autoptr (ShowSecrets) secrets = show_secrets_new_for_keyring ();
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;
  g_autofree char *elsewhere = NULL;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed ();
    return;
  }
  /* A keyring that cannot be opened: its folder is none. */
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", "/dev/null/keyring", TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "password", TRUE);
  key = look_up (secrets, "a", URL, &error);
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_NO_KEYRING);
  g_clear_error (&error);
  g_assert_false (store (secrets, "a", "top-secret", &error));
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_KEYRING);
  g_assert_null (strstr (error->message, "top-secret"));
  g_clear_error (&error);

  show_secrets_hold (secrets, "a", URL, "top-secret");
  key = look_up (secrets, "a", URL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (key, ==, "top-secret");
  elsewhere = look_up (secrets, "a", "rtmp://evil.example.org/live", &error);
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_NO_KEYRING);
  g_clear_error (&error);
  g_assert_false (store (secrets, "a", "other-secret", &error));
  g_clear_error (&error);
  elsewhere = look_up (secrets, "a", URL, &error);
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_NO_KEYRING);
}

/* The keyring of a sandbox: a file, locked with a secret. */
static void
test_sandbox_keeps_keys (void)
{
  g_autoptr (ShowSecrets) secrets = show_secrets_new_for_keyring ();
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "sandbox.keyring", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;
  g_autofree char *gone = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed ();
    return;
  }
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "password", TRUE);
  g_assert_true (store (secrets, "a", "top-secret", &error));
  g_assert_no_error (error);
  key = look_up (secrets, "a", URL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (key, ==, "top-secret");
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  g_assert_cmpuint (length, >, 0);
  g_assert_null (g_strstr_len (text, (gssize) length, "top-secret"));
  g_assert_true (store (secrets, "a", NULL, &error));
  g_assert_no_error (error);
  gone = look_up (secrets, "a", URL, &error);
  g_assert_error (error, SHOW_ERROR, SHOW_ERROR_NO_KEY);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
      remove_folder (child);
    else
      g_unlink (child);
  }
  g_rmdir (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("regie-keyring-XXXXXX", NULL);
  GTestDBus *bus = NULL; /* not freed: that would wait for libsecret's own connection to end */
  int status = 0;

  /* Nothing of the user's own keyring is touched. */
  g_setenv ("HOME", home, TRUE);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
  g_test_add_func ("/show/secrets/file-gives-keys", test_file_gives_keys);
  g_test_add_func ("/show/secrets/file-keeps-keys", test_file_keeps_keys);
  g_test_add_func ("/show/secrets/bad-files-are-refused", test_bad_files_are_refused);
  g_test_add_func ("/show/secrets/keyring-keeps-keys", test_keyring_keeps_keys);
  g_test_add_func ("/show/secrets/holds-what-is-not-kept", test_holds_what_is_not_kept);
  g_test_add_func ("/show/secrets/sandbox-keeps-keys", test_sandbox_keeps_keys);
  status = g_test_run ();
  g_test_dbus_stop (bus);
  remove_folder (home);
  return status;
}

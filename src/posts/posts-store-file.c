/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "posts-json.h"
#include "posts-keep.h"
#include "posts-store-file.h"
#include "posts-store-folder.h"

#define VERSION       2
#define PURGE_AFTER_S (24 * 3600)
#define MAX_LOADED    150000

/* A full write at the end of each batch: what is told to be there survives a power cut. */
#define PREPARE                                                                           \
  "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"            \
  "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value);"                        \
  "CREATE TABLE IF NOT EXISTS posts (id TEXT PRIMARY KEY, serial INTEGER, state INTEGER," \
  " reasons INTEGER, post TEXT, asked INTEGER DEFAULT 0);"                                \
  "CREATE TABLE IF NOT EXISTS gone (id TEXT PRIMARY KEY);"                                \
  "CREATE TABLE IF NOT EXISTS blocked (author TEXT PRIMARY KEY);"                         \
  "CREATE TABLE IF NOT EXISTS authors (id TEXT PRIMARY KEY, standing INTEGER,"            \
  " always INTEGER, name TEXT, handle TEXT);"                                             \
  "CREATE TABLE IF NOT EXISTS log (time INTEGER, act TEXT, reasons INTEGER, who TEXT);"

/* A file of version 1 had no questions, and only blocked authors. */
#define UPGRADE                                           \
  "ALTER TABLE posts ADD COLUMN asked INTEGER DEFAULT 0;" \
  "INSERT OR IGNORE INTO authors (id, standing, always)"  \
  " SELECT author, 1, 0 FROM blocked; DELETE FROM blocked;"

static void
stored_free (gpointer data)
{
  PostsStored *stored = data;

  g_object_unref (stored->post);
  g_free (stored);
}

GError *
posts_store_file_error (const char *path, sqlite3 *db)
{
  return g_error_new (POSTS_ERROR, POSTS_ERROR_STORE, "%s: %s", path,
                      db != NULL ? sqlite3_errmsg (db) : g_strerror (errno));
}

/* Whoever may read the disk must not read what people wrote. */
static sqlite3 *
try_open (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  sqlite3 *db = NULL;
  int fd = -1;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    g_propagate_error (error, posts_store_file_error (path, NULL));
    return NULL;
  }
  close (fd);
  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
      sqlite3_busy_timeout (db, 2000) != SQLITE_OK ||
      sqlite3_exec (db, PREPARE, NULL, NULL, NULL) != SQLITE_OK) {
    g_propagate_error (error, posts_store_file_error (path, db));
    sqlite3_close (db);
    return NULL;
  }
  return db;
}

/* A file that is broken is put aside: the show goes on without what was in it. */
sqlite3 *
posts_store_file_open (const char *path, GError **error)
{
  g_autofree char *aside = g_strconcat (path, ".broken", NULL);
  sqlite3 *db = try_open (path, error);

  if (db != NULL || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return db;
  if (g_rename (path, aside) != 0)
    return NULL;
  return try_open (path, NULL); /* the first error is the one to tell */
}

static gint64
get_number (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  gint64 number = 0;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return number;
}

/* What people wrote is kept for the event, and a day; then the salt goes, too, so that nobody can tell any
 * more of which post a line of the log speaks. Also notes when the file was used. */
void
posts_store_file_purge (sqlite3 *db)
{
  const gint64 used_s = get_number (db, "SELECT value FROM meta WHERE key = 'used'");
  const gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  const gboolean old = used_s != 0 && now_s - used_s > PURGE_AFTER_S;
  g_autofree char *sql = g_strdup_printf (
    "%sINSERT OR REPLACE INTO meta VALUES ('version', %d), ('used', %" G_GINT64_FORMAT ");",
    old ? "DELETE FROM posts; DELETE FROM gone; DELETE FROM meta WHERE key = 'salt'; " : "",
    VERSION, now_s);

  if (get_number (db, "SELECT value FROM meta WHERE key = 'version'") == 1)
    sqlite3_exec (db, UPGRADE, NULL, NULL, NULL);
  sqlite3_exec (db, sql, NULL, NULL, NULL);
}

/**
 * posts_store_file_get_salt:
 * @db: an open store
 *
 * Returns: (transfer full): its own random text, made if there is none
 */
char *
posts_store_file_get_salt (sqlite3 *db)
{
  sqlite3_stmt *statement = NULL;
  g_autofree char *random = g_uuid_string_random ();
  g_autofree char *sql =
    g_strdup_printf ("INSERT OR IGNORE INTO meta VALUES ('salt', '%s')", random);
  char *salt = NULL;

  sqlite3_exec (db, sql, NULL, NULL, NULL);
  if (sqlite3_prepare_v2 (db, "SELECT value FROM meta WHERE key = 'salt'", -1, &statement, NULL) ==
        SQLITE_OK &&
      sqlite3_step (statement) == SQLITE_ROW)
    salt = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return salt != NULL ? salt : g_steal_pointer (&random);
}

static GPtrArray *
read_authors (sqlite3 *db)
{
  GPtrArray *authors = g_ptr_array_new_with_free_func (g_object_unref);
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, "SELECT id, standing, name, handle FROM authors", -1, &statement,
                          NULL) == SQLITE_OK)
    while (sqlite3_step (statement) == SQLITE_ROW) {
      const char *id = (const char *) sqlite3_column_text (statement, 0);
      const int standing = sqlite3_column_int (statement, 1);

      if (id != NULL && (standing == POSTS_STANDING_BLOCKED || standing == POSTS_STANDING_TRUSTED))
        g_ptr_array_add (authors,
                         posts_author_new (id, (const char *) sqlite3_column_text (statement, 2),
                                           (const char *) sqlite3_column_text (statement, 3),
                                           (PostsStanding) standing, FALSE));
    }
  sqlite3_finalize (statement);
  return authors;
}

static GStrv
read_strings (sqlite3 *db, const char *sql)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK)
    while (sqlite3_step (statement) == SQLITE_ROW)
      g_strv_builder_add (builder, (const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return g_strv_builder_end (builder);
}

static PostsStored *
read_stored (sqlite3_stmt *statement)
{
  const char *text = (const char *) sqlite3_column_text (statement, 2);
  g_autoptr (JsonNode) node = text != NULL ? posts_json_parse (text, strlen (text), NULL) : NULL;
  PostsPost *post = posts_keep_from_json (node);
  const int state = sqlite3_column_int (statement, 0);
  PostsStored *stored = NULL;

  if (post == NULL)
    return NULL;
  stored = g_new0 (PostsStored, 1);
  stored->post = post;
  stored->state =
    state >= 0 && state < POSTS_STATE_TAKEN_DOWN ? (PostsState) state : POSTS_STATE_HELD;
  stored->reasons = (PostsReason) sqlite3_column_int (statement, 1);
  stored->asked_us = sqlite3_column_int64 (statement, 3);
  return stored;
}

PostsStoreContents *
posts_store_file_load (sqlite3 *db)
{
  PostsStoreContents *contents = g_new0 (PostsStoreContents, 1);
  sqlite3_stmt *statement = NULL;

  contents->posts = g_ptr_array_new_with_free_func (stored_free);
  if (sqlite3_prepare_v2 (db, "SELECT state, reasons, post, asked FROM posts ORDER BY serial", -1,
                          &statement, NULL) == SQLITE_OK)
    while (contents->posts->len < MAX_LOADED && sqlite3_step (statement) == SQLITE_ROW) {
      PostsStored *stored = read_stored (statement);

      if (stored != NULL)
        g_ptr_array_add (contents->posts, stored);
    }
  sqlite3_finalize (statement);
  contents->gone = read_strings (db, "SELECT id FROM gone");
  contents->authors = read_authors (db);
  return contents;
}

/* Whoever else has it open is at work with it: it is no old file. */
static void
purge_file (const char *path)
{
  sqlite3 *db = NULL;
  gint64 used_s = 0;
  gboolean authors = FALSE;
  static const char *const parts[] = { "", "-wal", "-shm", ".broken" };

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
    sqlite3_close (db);
    return;
  }
  used_s = get_number (db, "SELECT value FROM meta WHERE key = 'used'");
  authors = get_number (db, "SELECT count (*) FROM authors") > 0;
  if (used_s != 0 && g_get_real_time () / G_USEC_PER_SEC - used_s > PURGE_AFTER_S && authors)
    sqlite3_exec (db,
                  "PRAGMA secure_delete=ON; DELETE FROM posts; DELETE FROM gone;"
                  "DELETE FROM meta WHERE key = 'salt';",
                  NULL, NULL, NULL);
  sqlite3_close (db);
  if (used_s == 0 || g_get_real_time () / G_USEC_PER_SEC - used_s <= PURGE_AFTER_S || authors)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *part = g_strconcat (path, parts[i], NULL);

    g_unlink (part); /* it need not be there */
  }
}

static void
purge_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const char *folder = task_data;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_str_has_suffix (name, ".sqlite"))
      purge_file (path);
  }
  g_task_return_boolean (task, TRUE);
}

/**
 * posts_store_purge_folder_async:
 * @folder: (type filename): where stores of events are
 * @callback: (nullable): called on the main thread
 * @user_data: for @callback
 *
 * Deletes what people wrote at events that ended more than a day ago, also of those that are not opened
 * any more. Nobody waits for it.
 */
void
posts_store_purge_folder_async (const char *folder, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, posts_store_purge_folder_async);
  g_task_set_task_data (task, g_strdup (folder), g_free);
  g_task_run_in_thread (task, purge_thread);
}

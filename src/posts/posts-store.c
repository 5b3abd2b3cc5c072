/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "posts-json.h"
#include "posts-keep.h"
#include "posts-store.h"

#define MAX_BATCH     500
#define VERSION       1
#define PURGE_AFTER_S (24 * 3600)
#define MAX_LOADED    150000

/* A full write at the end of each batch: what is told to be there survives a power cut. */
#define PREPARE                                                                           \
  "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"            \
  "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER);"                \
  "CREATE TABLE IF NOT EXISTS posts (id TEXT PRIMARY KEY, serial INTEGER, state INTEGER," \
  " reasons INTEGER, post TEXT);"                                                         \
  "CREATE TABLE IF NOT EXISTS gone (id TEXT PRIMARY KEY);"                                \
  "CREATE TABLE IF NOT EXISTS blocked (author TEXT PRIMARY KEY);"

typedef enum {
  JOB_PUT,
  JOB_STATE,
  JOB_REMOVE,
  JOB_FORGET,
  JOB_BLOCK,
  JOB_UNBLOCK,
  JOB_QUIT,
} JobKind;

typedef struct {
  JobKind kind;
  char *id;
  char *json;      /* nullable */
  PostsPost *post; /* nullable */
  gint64 serial;
  int state;
  guint reasons;
  PostsStoreDone done; /* nullable */
  gpointer user_data;
} Job;

struct _PostsStore {
  char *path;
  GThread *thread;
  GAsyncQueue *jobs;
  gint64 next_serial;
  PostsStoreLoaded loaded;
  gpointer user_data;
  GDestroyNotify free_user_data;
};

/* What the main thread is told. */
typedef struct {
  PostsStoreContents *contents; /* nullable */
  GError *error;                /* nullable */
  PostsStoreLoaded loaded;
  PostsStoreDone done;
  gpointer user_data;
  GDestroyNotify free_user_data;
} Word;

static void
stored_free (gpointer data)
{
  PostsStored *stored = data;

  g_object_unref (stored->post);
  g_free (stored);
}

static void
word_free (gpointer data)
{
  Word *word = data;

  if (word->contents != NULL) {
    g_ptr_array_unref (word->contents->posts);
    g_strfreev (word->contents->gone);
    g_strfreev (word->contents->blocked);
    g_free (word->contents);
  }
  g_clear_error (&word->error);
  if (word->free_user_data != NULL)
    word->free_user_data (word->user_data);
  g_free (word);
}

static gboolean
word_cb (gpointer data)
{
  Word *word = data;

  if (word->loaded != NULL)
    word->loaded (word->contents, word->error, word->user_data);
  if (word->done != NULL)
    word->done (word->error, word->user_data);
  return G_SOURCE_REMOVE;
}

static void
tell (Word *word)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, word_cb, word, word_free);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->id);
  g_free (job->json);
  g_clear_object (&job->post);
  g_free (job);
}

static GError *
make_error (PostsStore *self, sqlite3 *db)
{
  return g_error_new (POSTS_ERROR, POSTS_ERROR_STORE, "%s: %s", self->path,
                      db != NULL ? sqlite3_errmsg (db) : g_strerror (errno));
}

/* Whoever may read the disk must not read what people wrote. */
static sqlite3 *
try_open (PostsStore *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  sqlite3 *db = NULL;
  int fd = -1;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    fd = g_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    g_propagate_error (error, make_error (self, NULL));
    return NULL;
  }
  close (fd);
  if (sqlite3_open_v2 (self->path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
      sqlite3_busy_timeout (db, 2000) != SQLITE_OK ||
      sqlite3_exec (db, PREPARE, NULL, NULL, NULL) != SQLITE_OK) {
    g_propagate_error (error, make_error (self, db));
    sqlite3_close (db);
    return NULL;
  }
  return db;
}

/* A file that is broken is put aside: the show goes on without what was in it. */
static sqlite3 *
open_store (PostsStore *self, GError **error)
{
  g_autofree char *aside = g_strconcat (self->path, ".broken", NULL);
  sqlite3 *db = try_open (self, error);

  if (db != NULL || !g_file_test (self->path, G_FILE_TEST_IS_REGULAR))
    return db;
  if (g_rename (self->path, aside) != 0)
    return NULL;
  return try_open (self, NULL); /* the first error is the one to tell */
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

/* What people wrote is kept for the event, and a day. */
static void
purge (sqlite3 *db)
{
  const gint64 used_s = get_number (db, "SELECT value FROM meta WHERE key = 'used'");
  const gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *sql = g_strdup_printf (
    "%sINSERT OR REPLACE INTO meta VALUES ('version', %d), ('used', %" G_GINT64_FORMAT ");",
    used_s != 0 && now_s - used_s > PURGE_AFTER_S ? "DELETE FROM posts; DELETE FROM gone; " : "",
    VERSION, now_s);

  sqlite3_exec (db, sql, NULL, NULL, NULL);
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
  return stored;
}

static PostsStoreContents *
load (sqlite3 *db)
{
  PostsStoreContents *contents = g_new0 (PostsStoreContents, 1);
  sqlite3_stmt *statement = NULL;

  contents->posts = g_ptr_array_new_with_free_func (stored_free);
  if (sqlite3_prepare_v2 (db, "SELECT state, reasons, post FROM posts ORDER BY serial", -1,
                          &statement, NULL) == SQLITE_OK)
    while (contents->posts->len < MAX_LOADED && sqlite3_step (statement) == SQLITE_ROW) {
      PostsStored *stored = read_stored (statement);

      if (stored != NULL)
        g_ptr_array_add (contents->posts, stored);
    }
  sqlite3_finalize (statement);
  contents->gone = read_strings (db, "SELECT id FROM gone");
  contents->blocked = read_strings (db, "SELECT author FROM blocked");
  return contents;
}

static const char *
get_sql (JobKind kind)
{
  switch (kind) {
  case JOB_PUT:
    return "INSERT INTO posts (id, serial, state, reasons, post) VALUES (?1, ?2, ?3, ?4, ?5)"
           " ON CONFLICT (id) DO UPDATE SET state = ?3, reasons = ?4, post = ?5";
  case JOB_STATE:
    return "UPDATE posts SET state = ?3, reasons = ?4 WHERE id = ?1";
  case JOB_REMOVE:
  case JOB_FORGET:
    return "DELETE FROM posts WHERE id = ?1";
  case JOB_BLOCK:
    return "INSERT OR IGNORE INTO blocked VALUES (?1)";
  case JOB_UNBLOCK:
    return "DELETE FROM blocked WHERE author = ?1";
  case JOB_QUIT:
    break;
  }
  return NULL;
}

static gboolean
run (sqlite3 *db, const char *sql, const Job *job)
{
  sqlite3_stmt *statement = NULL;
  gboolean done = FALSE;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    return FALSE;
  /* Those that the statement does not have are out of range, which is no trouble. */
  sqlite3_bind_text (statement, 1, job->id, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, job->serial);
  sqlite3_bind_int (statement, 3, job->state);
  sqlite3_bind_int64 (statement, 4, job->reasons);
  if (job->json != NULL)
    sqlite3_bind_text (statement, 5, job->json, -1, SQLITE_STATIC);
  done = sqlite3_step (statement) == SQLITE_DONE;
  sqlite3_finalize (statement);
  return done;
}

static gboolean
do_job (sqlite3 *db, Job *job)
{
  if (job->post != NULL) {
    g_autoptr (JsonNode) node = posts_keep_to_json (job->post);

    job->json = json_to_string (node, FALSE);
  }
  if (!run (db, get_sql (job->kind), job))
    return FALSE;
  return job->kind != JOB_REMOVE || run (db, "INSERT OR IGNORE INTO gone VALUES (?1)", job);
}

/* All of them, or none; then whoever waits is told. */
static void
do_batch (PostsStore *self, sqlite3 *db, GPtrArray *batch)
{
  g_autoptr (GError) error = NULL;
  gboolean done = db != NULL && sqlite3_exec (db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK;

  for (guint i = 0; i < batch->len && done; i++)
    done = do_job (db, batch->pdata[i]);
  if (done)
    done = sqlite3_exec (db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
  if (!done) {
    error = make_error (self, db);
    if (db != NULL)
      sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
  }
  for (guint i = 0; i < batch->len; i++) {
    const Job *job = batch->pdata[i];
    Word *word = NULL;

    if (job->done == NULL)
      continue;
    word = g_new0 (Word, 1);
    word->error = error != NULL ? g_error_copy (error) : NULL;
    word->done = job->done;
    word->user_data = job->user_data;
    tell (word);
  }
  g_ptr_array_set_size (batch, 0);
}

static gpointer
work (gpointer data)
{
  PostsStore *self = data;
  Word *word = g_new0 (Word, 1);
  g_autoptr (GPtrArray) batch = g_ptr_array_new_with_free_func (job_free);
  sqlite3 *db = open_store (self, &word->error);
  gboolean quit = FALSE;

  if (db != NULL) {
    purge (db);
    word->contents = load (db);
  }
  word->loaded = self->loaded;
  word->user_data = self->user_data;
  word->free_user_data = self->free_user_data;
  tell (word);
  while (!quit) {
    Job *job = g_async_queue_pop (self->jobs);

    while (job != NULL && job->kind != JOB_QUIT) {
      g_ptr_array_add (batch, job);
      job = batch->len < MAX_BATCH ? g_async_queue_try_pop (self->jobs) : NULL;
    }
    quit = job != NULL;
    g_clear_pointer (&job, job_free);
    if (batch->len > 0)
      do_batch (self, db, batch);
  }
  if (db != NULL) {
    purge (db); /* notes when it was used */
    sqlite3_close (db);
  }
  return NULL;
}

/**
 * posts_store_new:
 * @path: a file; it need not be there
 * @loaded: told what is in it
 * @user_data: for @loaded
 * @free_user_data: (nullable): frees it
 *
 * Returns: (transfer full): a store that is about to be opened; what is written waits until then
 */
PostsStore *
posts_store_new (const char *path, PostsStoreLoaded loaded, gpointer user_data,
                 GDestroyNotify free_user_data)
{
  PostsStore *self = g_new0 (PostsStore, 1);

  self->path = g_strdup (path);
  self->loaded = loaded;
  self->user_data = user_data;
  self->free_user_data = free_user_data;
  self->next_serial = g_get_real_time ();
  self->jobs = g_async_queue_new_full (job_free);
  self->thread = g_thread_new ("posts-store", work, self);
  return self;
}

/* Waits until everything is written. */
void
posts_store_free (PostsStore *self)
{
  Job *job = g_new0 (Job, 1);

  job->kind = JOB_QUIT;
  g_async_queue_push (self->jobs, job);
  g_thread_join (self->thread);
  g_async_queue_unref (self->jobs);
  g_free (self->path);
  g_free (self);
}

static Job *
push (PostsStore *self, JobKind kind, const char *id)
{
  Job *job = g_new0 (Job, 1);

  job->kind = kind;
  job->id = g_strdup (id);
  return job;
}

/* A post came in, or its author changed it. */
void
posts_store_put (PostsStore *self, PostsPost *post, PostsState state, PostsReason reasons)
{
  Job *job = push (self, JOB_PUT, posts_post_get_id (post));

  job->post = g_object_ref (post);
  job->serial = self->next_serial++;
  job->state = (int) state;
  job->reasons = reasons;
  g_async_queue_push (self->jobs, job);
}

/**
 * posts_store_set_state:
 * @self: a store
 * @id: a post that it has
 * @state: what was decided
 * @reasons: why
 * @done: (nullable): told when it is on the disk
 * @user_data: for @done, which frees it
 */
void
posts_store_set_state (PostsStore *self, const char *id, PostsState state, PostsReason reasons,
                       PostsStoreDone done, gpointer user_data)
{
  Job *job = push (self, JOB_STATE, id);

  job->state = (int) state;
  job->reasons = reasons;
  job->done = done;
  job->user_data = user_data;
  g_async_queue_push (self->jobs, job);
}

/* Its content goes; @for_good: it does not come back either. */
void
posts_store_remove (PostsStore *self, const char *id, gboolean for_good)
{
  g_async_queue_push (self->jobs, push (self, for_good ? JOB_REMOVE : JOB_FORGET, id));
}

void
posts_store_set_blocked (PostsStore *self, const char *author_id, gboolean blocked)
{
  g_async_queue_push (self->jobs, push (self, blocked ? JOB_BLOCK : JOB_UNBLOCK, author_id));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "posts-keep.h"
#include "posts-store-file.h"
#include "posts-store.h"

#define MAX_BATCH    500
#define SALTED_CHARS 16

typedef enum {
  JOB_PUT,
  JOB_STATE,
  JOB_REMOVE,
  JOB_FORGET,
  JOB_ASK,
  JOB_AUTHOR,
  JOB_STRANGER,
  JOB_LOG,
  JOB_QUIT,
} JobKind;

typedef struct {
  JobKind kind;
  char *id;
  char *json;          /* nullable */
  PostsPost *post;     /* nullable */
  char *name;          /* nullable: of an author, or of an act */
  char *handle;        /* nullable: of an author */
  gint64 serial;       /* or a time, since 1970 */
  int state;           /* or a standing */
  guint reasons;       /* or whether it is for always */
  PostsStoreDone done; /* nullable */
  gpointer user_data;
} Job;

struct _PostsStore {
  char *path;
  char *salt; /* nullable; of the thread */
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
word_free (gpointer data)
{
  Word *word = data;

  if (word->contents != NULL) {
    g_ptr_array_unref (word->contents->posts);
    g_strfreev (word->contents->gone);
    g_ptr_array_unref (word->contents->authors);
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
  g_free (job->name);
  g_free (job->handle);
  g_clear_object (&job->post);
  g_free (job);
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
  case JOB_ASK:
    return "UPDATE posts SET asked = ?2 WHERE id = ?1";
  case JOB_AUTHOR:
    return "INSERT OR REPLACE INTO authors (id, standing, always, name, handle)"
           " VALUES (?1, ?3, ?4, ?6, ?7)";
  case JOB_STRANGER:
    return "DELETE FROM authors WHERE id = ?1";
  case JOB_LOG:
    return "INSERT INTO log (time, act, reasons, who) VALUES (?2, ?6, ?4, ?1)";
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
  if (job->name != NULL)
    sqlite3_bind_text (statement, 6, job->name, -1, SQLITE_STATIC);
  if (job->handle != NULL)
    sqlite3_bind_text (statement, 7, job->handle, -1, SQLITE_STATIC);
  done = sqlite3_step (statement) == SQLITE_DONE;
  sqlite3_finalize (statement);
  return done;
}

/* What it was about can be told from nothing but the file itself, until its salt goes with the posts. */
static void
salt (PostsStore *self, Job *job)
{
  g_autoptr (GHmac) hmac =
    g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) self->salt, strlen (self->salt));

  g_hmac_update (hmac, (const guchar *) job->id, -1);
  g_free (job->id);
  job->id = g_strndup (g_hmac_get_string (hmac), SALTED_CHARS);
}

static gboolean
do_job (PostsStore *self, sqlite3 *db, Job *job)
{
  if (job->kind == JOB_LOG)
    salt (self, job);
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
    done = do_job (self, db, batch->pdata[i]);
  if (done)
    done = sqlite3_exec (db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
  if (!done) {
    error = posts_store_file_error (self->path, db);
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
  sqlite3 *db = posts_store_file_open (self->path, &word->error);
  gboolean quit = FALSE;

  if (db != NULL) {
    posts_store_file_purge (db);
    self->salt = posts_store_file_get_salt (db);
    word->contents = posts_store_file_load (db);
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
    posts_store_file_purge (db); /* notes when it was used */
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
  g_free (self->salt);
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
posts_store_set_asked_us (PostsStore *self, const char *id, gint64 asked_us)
{
  Job *job = push (self, JOB_ASK, id);

  job->serial = asked_us;
  g_async_queue_push (self->jobs, job);
}

void
posts_store_set_author (PostsStore *self, PostsAuthor *author)
{
  const PostsStanding standing = posts_author_get_standing (author);
  Job *job = push (self, standing == POSTS_STANDING_STRANGER ? JOB_STRANGER : JOB_AUTHOR,
                   posts_author_get_id (author));

  job->state = (int) standing;
  job->reasons = posts_author_get_always (author) ? 1 : 0;
  job->name = g_strdup (posts_author_get_name (author));
  job->handle = g_strdup (posts_author_get_handle (author));
  g_async_queue_push (self->jobs, job);
}

/**
 * posts_store_log:
 * @self: a store
 * @act: what was done, such as `hide`
 * @reasons: what spoke against the post
 * @id: of the post; what is written of it says nothing without the file's salt
 *
 * Writes one line of what was decided when, without anything that a person wrote. It stays when the posts
 * are deleted.
 */
void
posts_store_log (PostsStore *self, const char *act, PostsReason reasons, const char *id)
{
  Job *job = push (self, JOB_LOG, id);

  job->serial = g_get_real_time () / G_USEC_PER_SEC;
  job->reasons = reasons;
  job->name = g_strdup (act);
  g_async_queue_push (self->jobs, job);
}

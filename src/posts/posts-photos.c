/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "posts-decoder.h"
#include "posts-photo-fetch.h"
#include "posts-photo-words.h"
#include "posts-photos.h"
#include "posts-shelf.h"

#define MAX_RUNNING 4
#define MAX_WAITING 64

/* Kept in memory only, and gone with the show. */
#define MAX_BYTES    (48 * 1024 * 1024)
#define MAX_PICTURES (32 * 1024 * 1024)
#define MAX_FAILURES 1000

/* What could not be fetched may be there later; what is broken stays broken. */
#define TRY_AGAIN_US (30 * G_USEC_PER_SEC)

/**
 * PostsPhotos:
 *
 * The pictures that come with posts: fetched, read and scaled when they are asked for, at most four at a
 * time, what was asked for last first, and kept for a while. Main thread.
 */
struct _PostsPhotos {
  GObject parent_instance;

  PostsPhotoHosts *hosts;
  PostsDecoder *decoder;
  SoupSession *session;
  GHashTable *jobs;     /* key → Job, those that wait or run */
  GQueue waiting;       /* of Job, borrowed: what was asked for last comes first */
  PostsShelf *bytes;    /* address → GBytes */
  PostsShelf *pictures; /* key → PostsPicture */
  PostsShelf *failures; /* key → Failure */
  guint n_running;
};

G_DEFINE_FINAL_TYPE (PostsPhotos, posts_photos, G_TYPE_OBJECT)

/* One picture in one size, for everybody who asked for it. */
typedef struct {
  char *key;
  char *address; /* a path, or an URL */
  gboolean is_file;
  PostsNetworkKind network;
  int largest_px;
  GPtrArray *tasks; /* GTask; never empty */
} Job;

typedef struct {
  GError *error;
  gint64 until_us;
} Failure;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->key);
  g_free (job->address);
  g_ptr_array_unref (job->tasks);
  g_free (job);
}

static void
failure_free (gpointer data)
{
  Failure *failure = data;

  g_error_free (failure->error);
  g_free (failure);
}

static const PostsMedia *
get_media (PostsPost *post)
{
  GPtrArray *media = posts_post_get_media (post);

  return media->len > 0 ? media->pdata[0] : NULL;
}

static int
get_largest_px (PostsPhotoUse use)
{
  switch (use) {
  case POSTS_PHOTO_USE_AVATAR:
    return 128;
  case POSTS_PHOTO_USE_ROW:
    return 480;
  case POSTS_PHOTO_USE_CARD:
    return POSTS_PHOTO_LARGEST_PX;
  }
  g_return_val_if_reached (128);
}

/* X has each picture in several sizes, under the same address but for this. */
static char *
choose_size (const char *url, PostsPhotoUse use)
{
  const char *normal = strstr (url, "_normal.");

  if (g_str_has_prefix (url, "https://pbs.twimg.com/media/") && strchr (url, '?') == NULL)
    return g_strconcat (url, use == POSTS_PHOTO_USE_CARD ? "?name=medium" : "?name=small", NULL);
  if (g_str_has_prefix (url, "https://pbs.twimg.com/profile_images/") && normal != NULL)
    return g_strdup_printf ("%.*s_400x400.%s", (int) (normal - url), url,
                            normal + strlen ("_normal."));
  return g_strdup (url);
}

/* Where what is wanted is; `NULL` if there is none. */
static char *
find_address (PostsPost *post, PostsPhotoUse use, gboolean *is_file)
{
  const PostsMedia *media = get_media (post);
  const char *url = NULL;

  *is_file = use != POSTS_PHOTO_USE_AVATAR && posts_post_get_photo_path (post) != NULL;
  if (*is_file)
    return g_strdup (posts_post_get_photo_path (post));
  if (use == POSTS_PHOTO_USE_AVATAR)
    url = posts_post_get_avatar_url (post);
  else if (media != NULL)
    url = use == POSTS_PHOTO_USE_CARD && media->full_url != NULL ? media->full_url : media->url;
  return url != NULL ? choose_size (url, use) : NULL;
}

static void pump (PostsPhotos *self);

static void
remember_failure (PostsPhotos *self, const Job *job, const GError *error)
{
  const gboolean passes = g_error_matches (error, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_SOURCE) ||
                          g_error_matches (error, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_READER);
  Failure *failure = g_new0 (Failure, 1);

  failure->error = g_error_copy (error);
  failure->until_us = passes ? g_get_monotonic_time () + TRY_AGAIN_US : G_MAXINT64;
  posts_shelf_put (self->failures, job->key, failure, 1);
  g_debug ("a picture cannot be shown: %s (%s)", error->message, job->address);
}

/* Everybody who asked gets it. Takes @picture and @error; @job is over. */
static void
finish (PostsPhotos *self, Job *job, PostsPicture *picture, GError *error)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_ref (job->tasks);

  if (picture != NULL)
    posts_shelf_put (self->pictures, job->key, posts_picture_ref (picture),
                     g_bytes_get_size (posts_picture_get_pixels (picture)));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
           !g_error_matches (error, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_BUSY))
    remember_failure (self, job, error);
  g_hash_table_remove (self->jobs, job->key);
  for (guint i = 0; i < tasks->len; i++) {
    GTask *task = tasks->pdata[i];

    if (g_task_return_error_if_cancelled (task))
      continue;
    if (picture != NULL)
      g_task_return_pointer (task, posts_picture_ref (picture),
                             (GDestroyNotify) posts_picture_unref);
    else
      g_task_return_error (task, g_error_copy (error));
  }
  g_clear_pointer (&picture, posts_picture_unref);
  g_clear_error (&error);
}

/* The end of a job that ran. A reference to @self was its. */
static void
finish_run (PostsPhotos *self, Job *job, PostsPicture *picture, GError *error)
{
  self->n_running--;
  finish (self, job, picture, error);
  pump (self);
  g_object_unref (self);
}

/* A job whose tasks hold the photos. */
typedef struct {
  PostsPhotos *self;
  Job *job;
} Run;

static void
decoded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Run *run = user_data;
  GError *error = NULL;
  PostsPicture *picture = posts_decoder_decode_finish (POSTS_DECODER (object), result, &error);

  finish_run (run->self, run->job, picture, error);
}

static void
decode (Run *run, GBytes *bytes)
{
  posts_decoder_decode_async (run->self->decoder, bytes, run->job->largest_px, decoded_cb, run);
}

static void
fetched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = posts_photo_fetch_finish (result, &error);

  if (bytes == NULL) {
    finish_run (run->self, run->job, NULL, error);
    g_free (run);
    return;
  }
  posts_shelf_put (run->self->bytes, run->job->address, g_bytes_ref (bytes),
                   g_bytes_get_size (bytes));
  decode (run, bytes);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_file_load_bytes_finish (G_FILE (object), result, NULL, &error);

  if (bytes == NULL) {
    finish_run (run->self, run->job, NULL,
                g_error_new_literal (POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_SOURCE, error->message));
    g_free (run);
    return;
  }
  decode (run, bytes);
}

static void
start (PostsPhotos *self, Job *job)
{
  GBytes *bytes = posts_shelf_get (self->bytes, job->address);
  GStatBuf about = { 0 };
  Run *run = g_new0 (Run, 1);

  run->self = g_object_ref (self);
  run->job = job;
  self->n_running++;
  if (bytes != NULL) {
    decode (run, bytes);
  } else if (!job->is_file) {
    posts_photo_fetch_async (self->session, self->hosts, job->network, job->address, NULL,
                             fetched_cb, run);
  } else if (g_stat (job->address, &about) == 0 && about.st_size > POSTS_PHOTO_MAX_BYTES) {
    g_free (run);
    finish_run (self, job, NULL,
                g_error_new_literal (POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_TOO_LARGE,
                                     "more bytes than are read"));
  } else {
    g_autoptr (GFile) file = g_file_new_for_path (job->address);

    g_file_load_bytes_async (file, NULL, read_cb, run);
  }
}

static gboolean
is_wanted (const Job *job)
{
  for (guint i = 0; i < job->tasks->len; i++) {
    GCancellable *cancellable = g_task_get_cancellable (job->tasks->pdata[i]);

    if (!g_cancellable_is_cancelled (cancellable))
      return TRUE;
  }
  return FALSE;
}

static void
pump (PostsPhotos *self)
{
  while (!g_queue_is_empty (&self->waiting)) {
    Job *job = g_queue_peek_head (&self->waiting);

    if (!is_wanted (job)) {
      g_queue_pop_head (&self->waiting);
      finish (self, job, NULL,
              g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "not wanted any more"));
    } else if (self->n_running < MAX_RUNNING) {
      start (self, g_queue_pop_head (&self->waiting));
    } else {
      break;
    }
  }
  while (g_queue_get_length (&self->waiting) > MAX_WAITING)
    finish (self, g_queue_pop_tail (&self->waiting), NULL,
            g_error_new_literal (POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_BUSY,
                                 "too many others were asked for since"));
}

static void
posts_photos_finalize (GObject *object)
{
  PostsPhotos *self = POSTS_PHOTOS (object);

  g_hash_table_unref (self->jobs);
  soup_session_abort (self->session);
  g_object_unref (self->session);
  g_object_unref (self->decoder);
  posts_photo_hosts_free (self->hosts);
  posts_shelf_free (self->bytes);
  posts_shelf_free (self->pictures);
  posts_shelf_free (self->failures);
  G_OBJECT_CLASS (posts_photos_parent_class)->finalize (object);
}

static void
posts_photos_class_init (PostsPhotosClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_photos_finalize;
}

static void
posts_photos_init (PostsPhotos *self)
{
  self->hosts = posts_photo_hosts_new ();
  self->session = posts_photo_fetch_new_session ();
  self->jobs = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, job_free);
  g_queue_init (&self->waiting);
  self->bytes = posts_shelf_new (MAX_BYTES, (GDestroyNotify) g_bytes_unref);
  self->pictures = posts_shelf_new (MAX_PICTURES, (GDestroyNotify) posts_picture_unref);
  self->failures = posts_shelf_new (MAX_FAILURES, failure_free);
}

/**
 * posts_photos_new:
 * @decoder: (nullable) (type filename): what reads the pictures; `NULL` for Régie's own
 *
 * Returns: (transfer full): photos, none yet
 */
PostsPhotos *
posts_photos_new (const char *decoder)
{
  PostsPhotos *self = g_object_new (POSTS_TYPE_PHOTOS, NULL);

  self->decoder = posts_decoder_new (decoder);
  return self;
}

/**
 * posts_photos_add_server:
 * @self: photos
 * @kind: a network
 * @server: where the event says that it is: its pictures may come from there, too
 */
void
posts_photos_add_server (PostsPhotos *self, PostsNetworkKind kind, const char *server)
{
  g_return_if_fail (POSTS_IS_PHOTOS (self));

  posts_photo_hosts_add_server (self->hosts, kind, server);
}

/**
 * posts_photos_has:
 * @post: a post
 * @use: what for
 *
 * Returns: whether it came with such a picture, wherever it is
 */
gboolean
posts_photos_has (PostsPost *post, PostsPhotoUse use)
{
  gboolean is_file = FALSE;
  g_autofree char *address = find_address (post, use, &is_file);

  return address != NULL;
}

/**
 * posts_photos_get_description:
 * @post: a post
 *
 * Returns: (nullable): what its author says that the photo shows
 */
const char *
posts_photos_get_description (PostsPost *post)
{
  const PostsMedia *media = get_media (post);

  if (posts_post_get_photo_path (post) != NULL || media == NULL)
    return posts_post_get_photo_description (post);
  return media->description;
}

/* Answers at once where the answer is known. Takes @task, unless it returns `FALSE`. */
static gboolean
answer_known (PostsPhotos *self, const char *key, GTask *task)
{
  PostsPicture *picture = posts_shelf_get (self->pictures, key);
  const Failure *failure = posts_shelf_get (self->failures, key);

  if (picture != NULL)
    g_task_return_pointer (task, posts_picture_ref (picture), (GDestroyNotify) posts_picture_unref);
  else if (failure != NULL && g_get_monotonic_time () < failure->until_us)
    g_task_return_error (task, g_error_copy (failure->error));
  else
    return FALSE;
  g_object_unref (task);
  return TRUE;
}

/**
 * posts_photos_load_async:
 * @self: photos
 * @post: a post
 * @use: what the picture is for
 * @cancellable: (nullable): says that it is not wanted any more
 * @callback: called in the main thread, never before this returns
 * @user_data: for @callback
 *
 * Gets a picture of a post.
 */
void
posts_photos_load_async (PostsPhotos *self, PostsPost *post, PostsPhotoUse use,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (POSTS_IS_PHOTOS (self));
  g_return_if_fail (POSTS_IS_POST (post));

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  gboolean is_file = FALSE;
  g_autofree char *address = find_address (post, use, &is_file);
  g_autofree char *key = NULL;
  Job *job = NULL;

  g_task_set_source_tag (task, posts_photos_load_async);
  if (address == NULL) {
    g_task_return_new_error (task, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_NONE, "there is none");
    g_object_unref (task);
    return;
  }
  /* Whether it may be fetched depends on the network, too. */
  key = g_strdup_printf ("%d %d %s", get_largest_px (use), (int) posts_post_get_network (post),
                         address);
  if (answer_known (self, key, task))
    return;
  job = g_hash_table_lookup (self->jobs, key);
  if (job == NULL) {
    job = g_new0 (Job, 1);
    job->key = g_steal_pointer (&key);
    job->address = g_steal_pointer (&address);
    job->is_file = is_file;
    job->network = posts_post_get_network (post);
    job->largest_px = get_largest_px (use);
    job->tasks = g_ptr_array_new_with_free_func (g_object_unref);
    g_hash_table_insert (self->jobs, job->key, job);
    g_queue_push_head (&self->waiting, job);
  }
  g_ptr_array_add (job->tasks, task);
  pump (self);
}

/**
 * posts_photos_load_finish:
 *
 * Fails with a `POSTS_PHOTO_ERROR`, or with `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full): the picture; `NULL` on error
 */
PostsPicture *
posts_photos_load_finish (PostsPhotos *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "posts-authors-file.h"
#include "posts-json.h"

#define MAX_AUTHORS 10000
#define MAX_BYTES   (8 * 1024 * 1024)

static PostsAuthor *
read_author (JsonObject *object)
{
  g_autoptr (GEnumClass) standings = g_type_class_ref (POSTS_TYPE_STANDING);
  const char *id = posts_json_string (object, "id");
  const char *nick = posts_json_string (object, "standing");
  const GEnumValue *standing = nick != NULL ? g_enum_get_value_by_nick (standings, nick) : NULL;

  if (id == NULL || *id == '\0' || standing == NULL || standing->value == POSTS_STANDING_STRANGER)
    return NULL;
  return posts_author_new (id, posts_json_string (object, "name"),
                           posts_json_string (object, "handle"), (PostsStanding) standing->value,
                           TRUE);
}

/**
 * posts_authors_file_load:
 * @path: (type filename): a file
 *
 * Returns: (transfer full) (element-type PostsAuthor): whom it names; nobody if it cannot be read
 */
GPtrArray *
posts_authors_file_load (const char *path)
{
  GPtrArray *authors = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;
  GStatBuf info = { 0 };

  if (g_stat (path, &info) != 0 || info.st_size > MAX_BYTES ||
      !g_file_get_contents (path, &text, &length, NULL))
    return authors; /* nobody was blocked for longer than an event */
  node = posts_json_parse (text, length, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return authors;

  JsonArray *array = posts_json_array (json_node_get_object (node), "authors");
  for (guint i = 0; i < MIN (posts_json_length (array), MAX_AUTHORS); i++) {
    JsonObject *object = posts_json_object_at (array, i);
    PostsAuthor *author = object != NULL ? read_author (object) : NULL;

    if (author != NULL)
      g_ptr_array_add (authors, author);
  }
  return authors;
}

static void
add_author (JsonBuilder *builder, PostsAuthor *author)
{
  g_autoptr (GEnumClass) standings = g_type_class_ref (POSTS_TYPE_STANDING);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_string_value (builder, posts_author_get_id (author));
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, posts_author_get_name (author));
  json_builder_set_member_name (builder, "handle");
  json_builder_add_string_value (builder, posts_author_get_handle (author));
  json_builder_set_member_name (builder, "standing");
  json_builder_add_string_value (
    builder, g_enum_get_value (standings, (int) posts_author_get_standing (author))->value_nick);
  json_builder_end_object (builder);
}

/* What waits to be written, in order. */
typedef struct {
  char *path;
  char *text;
} Job;

static GMutex lock;
static GCond written;
static guint n_jobs; /* by the lock */

static void
write_job (gpointer data, gpointer user_data)
{
  Job *job = data;
  g_autofree char *folder = g_path_get_dirname (job->path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700); /* or writing says why not */
  if (!g_file_set_contents_full (job->path, job->text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 &error))
    g_message ("Who is blocked could not be kept for the next event: %s", error->message);
  g_free (job->path);
  g_free (job->text);
  g_free (job);
  g_mutex_lock (&lock);
  n_jobs--;
  g_cond_broadcast (&written);
  g_mutex_unlock (&lock);
}

static void
push (const char *path, char *text)
{
  static GThreadPool *pool;
  Job *job = g_new0 (Job, 1);

  if (pool == NULL)
    pool = g_thread_pool_new (write_job, NULL, 1, FALSE, NULL); /* cannot fail: it shares threads */
  job->path = g_strdup (path);
  job->text = text;
  g_mutex_lock (&lock);
  n_jobs++;
  g_mutex_unlock (&lock);
  g_thread_pool_push (pool, job, NULL); /* or it is done as soon as there is a thread */
}

/* Waits until everything is written. */
void
posts_authors_file_flush (void)
{
  g_mutex_lock (&lock);
  while (n_jobs > 0)
    g_cond_wait (&written, &lock);
  g_mutex_unlock (&lock);
}

/**
 * posts_authors_file_save:
 * @path: (type filename): a file; it is written whole, in a moment
 * @authors: a list model of [class@Posts.Author], of whom those stay who shall at the next events
 */
void
posts_authors_file_save (const char *path, GListModel *authors)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "authors");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (authors); i++) {
    g_autoptr (PostsAuthor) author = g_list_model_get_item (authors, i);

    if (posts_author_get_always (author))
      add_author (builder, author);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  push (path, json_to_string (root, TRUE));
}

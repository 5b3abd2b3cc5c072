/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-card.h"

/* What was approved has its pictures already, mostly; nobody waits for the others. */
#define PATIENCE_MS 800

/* A card whose pictures are awaited. Each of them holds it, and so does the patience. */
typedef struct {
  grefcount ref_count;
  GTask *task; /* NULL once it has returned */
  ShowCard *card;
  GCancellable *loading;
  guint n_awaited;
  gboolean awaits_photo;
  guint patience_id;
} Load;

void
show_card_free (ShowCard *self)
{
  g_object_unref (self->post);
  g_clear_pointer (&self->avatar, posts_picture_unref);
  g_clear_pointer (&self->photo, posts_picture_unref);
  g_clear_error (&self->error);
  g_free (self);
}

static void
load_unref (Load *load)
{
  if (!g_ref_count_dec (&load->ref_count))
    return;
  g_clear_pointer (&load->card, show_card_free);
  g_object_unref (load->loading);
  g_free (load);
}

static void
finish (Load *load)
{
  g_autoptr (GTask) task = g_steal_pointer (&load->task);

  g_clear_handle_id (&load->patience_id, g_source_remove);
  g_cancellable_cancel (load->loading);
  if (task != NULL && !g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&load->card), (GDestroyNotify) show_card_free);
}

static gboolean
patience_cb (gpointer user_data)
{
  Load *load = user_data;

  load->patience_id = 0;
  if (load->awaits_photo)
    g_set_error_literal (&load->card->error, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_SOURCE,
                         "it did not come in time");
  finish (load);
  return G_SOURCE_REMOVE;
}

static void
came (Load *load, GAsyncResult *result, PostsPicture **place, GError **error)
{
  g_autoptr (GObject) photos = g_async_result_get_source_object (result);
  PostsPicture *picture = posts_photos_load_finish (POSTS_PHOTOS (photos), result, error);

  if (load->card != NULL)
    *place = picture;
  else
    g_clear_pointer (&picture, posts_picture_unref);
  load->n_awaited--;
  if (load->n_awaited == 0)
    finish (load);
  load_unref (load);
}

static void
avatar_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Load *load = user_data;
  PostsPicture *none = NULL;
  g_autoptr (GError) error = NULL; /* the initial stands for it */

  came (load, result, load->card != NULL ? &load->card->avatar : &none, &error);
}

static void
photo_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Load *load = user_data;
  PostsPicture *none = NULL;
  g_autoptr (GError) late = NULL;

  load->awaits_photo = FALSE;
  if (load->card != NULL)
    came (load, result, &load->card->photo, &load->card->error);
  else
    came (load, result, &none, &late);
}

static void
await (Load *load, PostsPhotos *photos, PostsPhotoUse use, GAsyncReadyCallback callback)
{
  if (photos == NULL || !posts_photos_has (load->card->post, use))
    return;
  load->n_awaited++;
  load->awaits_photo = load->awaits_photo || use == POSTS_PHOTO_USE_CARD;
  g_ref_count_inc (&load->ref_count);
  posts_photos_load_async (photos, load->card->post, use, load->loading, callback, load);
}

/**
 * show_card_load_async:
 * @photos: where pictures come from
 * @post: a post
 * @with_photo: whether its photo is wanted, too
 * @cancellable: (nullable): says that the card is not wanted any more
 * @callback: called in the main thread, never before this returns
 * @user_data: for @callback
 *
 * Gets the pictures of a post, those that are there within a moment. The others are done without.
 */
void
show_card_load_async (PostsPhotos *photos, PostsPost *post, gboolean with_photo,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Load *load = g_new0 (Load, 1);

  g_ref_count_init (&load->ref_count);
  load->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (load->task, show_card_load_async);
  load->loading = g_cancellable_new ();
  load->card = g_new0 (ShowCard, 1);
  load->card->post = g_object_ref (post);
  await (load, photos, POSTS_PHOTO_USE_AVATAR, avatar_cb);
  if (with_photo)
    await (load, photos, POSTS_PHOTO_USE_CARD, photo_cb);
  if (load->n_awaited > 0)
    load->patience_id = g_timeout_add (PATIENCE_MS, patience_cb, load);
  else
    finish (load);
  load_unref (load);
}

/**
 * show_card_load_finish:
 *
 * Fails with `G_IO_ERROR_CANCELLED` only.
 *
 * Returns: (transfer full): what came; `NULL` on error
 */
ShowCard *
show_card_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

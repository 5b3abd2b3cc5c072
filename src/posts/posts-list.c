/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-item-private.h"
#include "posts-list.h"

/**
 * PostsList:
 *
 * Posts of the desk as a `GListModel`, newest first.
 *
 * A balanced tree: adding, removing and finding cost the logarithm of the length, so that a
 * hundred thousand posts are fine. Main thread only.
 */
struct _PostsList {
  GObject parent_instance;
  GSequence *items; /* of PostsItem, by falling serial */
};

static GType
get_item_type (GListModel *model)
{
  return POSTS_TYPE_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return posts_list_get_length (POSTS_LIST (model));
}

static gpointer
get_item (GListModel *model, guint position)
{
  PostsList *self = POSTS_LIST (model);

  if (position >= posts_list_get_length (self))
    return NULL;
  return g_object_ref (g_sequence_get (g_sequence_get_iter_at_pos (self->items, (int) position)));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PostsList, posts_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static int
compare_items (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const guint64 serial_a = _posts_item_get_serial ((PostsItem *) a);
  const guint64 serial_b = _posts_item_get_serial ((PostsItem *) b);

  return serial_a < serial_b ? 1 : serial_a > serial_b ? -1 : 0;
}

static void
posts_list_finalize (GObject *object)
{
  g_sequence_free (POSTS_LIST (object)->items);
  G_OBJECT_CLASS (posts_list_parent_class)->finalize (object);
}

static void
posts_list_class_init (PostsListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_list_finalize;
}

static void
posts_list_init (PostsList *self)
{
  self->items = g_sequence_new (g_object_unref);
}

PostsList *
posts_list_new (void)
{
  return g_object_new (POSTS_TYPE_LIST, NULL);
}

/**
 * posts_list_add:
 * @self: a list
 * @item: a post that is not in it
 *
 * Puts @item where its age says.
 */
void
posts_list_add (PostsList *self, PostsItem *item)
{
  g_return_if_fail (POSTS_IS_LIST (self));

  GSequenceIter *iter =
    g_sequence_insert_sorted (self->items, g_object_ref (item), compare_items, NULL);
  g_list_model_items_changed (G_LIST_MODEL (self), (guint) g_sequence_iter_get_position (iter), 0,
                              1);
}

/**
 * posts_list_remove:
 * @self: a list
 * @item: a post; nothing happens if it is not in the list
 */
void
posts_list_remove (PostsList *self, PostsItem *item)
{
  g_return_if_fail (POSTS_IS_LIST (self));

  GSequenceIter *iter = g_sequence_lookup (self->items, item, compare_items, NULL);
  if (iter == NULL)
    return;

  const guint position = (guint) g_sequence_iter_get_position (iter);
  g_sequence_remove (iter);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

guint
posts_list_get_length (PostsList *self)
{
  g_return_val_if_fail (POSTS_IS_LIST (self), 0);

  return (guint) g_sequence_get_length (self->items);
}

/**
 * posts_list_get_oldest:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): the last post of the list
 */
PostsItem *
posts_list_get_oldest (PostsList *self)
{
  g_return_val_if_fail (POSTS_IS_LIST (self), NULL);

  if (g_sequence_is_empty (self->items))
    return NULL;
  return g_sequence_get (g_sequence_iter_prev (g_sequence_get_end_iter (self->items)));
}

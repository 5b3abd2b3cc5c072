/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "modpage-view.h"
#include "web-words.h"

/* A post as the page has it. */
typedef struct {
  PostsItem *item;
  PostsPost *post;
  PostsState state;
  PostsReason reasons;
  gint64 asked_us;
  gboolean kept; /* while it is looked through */
} Seen;

struct _ModpageView {
  PostsDesk *desk;
  GCallback item_changed;
  GObject *for_whom; /* borrowed: it owns this */
  ModpageList list;
  guint count;
  GHashTable *seen; /* post id → Seen */
  char *told;       /* nullable: the order that was told last */
  gboolean afresh;
};

static void
seen_free (gpointer data)
{
  Seen *seen = data;

  g_object_unref (seen->item);
  g_object_unref (seen->post);
  g_free (seen);
}

/**
 * modpage_view_get_list:
 * @desk: the desk
 * @list: one of its lists
 *
 * Returns: (transfer none): of PostsItem
 */
GListModel *
modpage_view_get_list (PostsDesk *desk, ModpageList list)
{
  switch (list) {
  case MODPAGE_LIST_INCOMING:
    return posts_desk_get_list (desk, POSTS_STATE_INCOMING);
  case MODPAGE_LIST_HELD:
    return posts_desk_get_list (desk, POSTS_STATE_HELD);
  case MODPAGE_LIST_APPROVED:
    return posts_desk_get_list (desk, POSTS_STATE_APPROVED);
  case MODPAGE_LIST_HIDDEN:
    return posts_desk_get_list (desk, POSTS_STATE_HIDDEN);
  case MODPAGE_LIST_QUESTIONS:
    return posts_desk_get_questions (desk);
  }
  g_return_val_if_reached (NULL);
}

static JsonNode *
make_reasons (PostsReason reasons)
{
  g_autoptr (GFlagsClass) flags = g_type_class_ref (POSTS_TYPE_REASON);
  g_autoptr (JsonArray) array = json_array_new ();

  for (guint i = 0; i < flags->n_values; i++) {
    if (flags->values[i].value != 0 &&
        ((guint) reasons & flags->values[i].value) == flags->values[i].value)
      json_array_add_string_element (array, flags->values[i].value_nick);
  }
  return json_node_init_array (json_node_alloc (), array);
}

/* Pictures stay where they are: a phone fetches nothing from strangers' servers. */
static JsonNode *
make_media (PostsPost *post)
{
  g_autoptr (JsonArray) array = json_array_new ();
  GPtrArray *media = posts_post_get_media (post);

  if (media->len == 0 && posts_post_get_photo_path (post) != NULL) {
    const char *description = posts_post_get_photo_description (post);

    json_array_add_string_element (array, description != NULL ? description : "");
  }
  for (guint i = 0; i < media->len; i++) {
    const PostsMedia *each = media->pdata[i];

    json_array_add_string_element (array, each->description != NULL ? each->description : "");
  }
  return json_node_init_array (json_node_alloc (), array);
}

static JsonObject *
make_post (const Seen *seen)
{
  g_autoptr (GEnumClass) states = g_type_class_ref (POSTS_TYPE_STATE);
  PostsPost *post = seen->post;
  JsonObject *object = json_object_new ();
  const char *const texts[][2] = {
    { "id", posts_post_get_id (post) },
    { "name", posts_post_get_author_name (post) },
    { "handle", posts_post_get_author_handle (post) },
    { "network", posts_network_kind_get_label (posts_post_get_network (post)) },
    { "text", posts_post_get_text (post) },
    { "warning", posts_post_get_warning (post) },
    { "language", posts_post_get_language (post) },
    { "quote_author", posts_post_get_quote_author (post) },
    { "quote", posts_post_get_quote_text (post) },
    { "state", g_enum_get_value (states, (int) seen->state)->value_nick },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    json_object_set_string_member (object, texts[i][0], texts[i][1] != NULL ? texts[i][1] : "");
  json_object_set_int_member (object, "created_s",
                              g_date_time_to_unix (posts_post_get_created (post)));
  json_object_set_boolean_member (object, "sensitive", posts_post_is_sensitive (post));
  json_object_set_boolean_member (object, "question", seen->asked_us != 0);
  json_object_set_member (object, "reasons", make_reasons (seen->reasons));
  json_object_set_member (object, "media", make_media (post));
  return object;
}

/* Whether the page has it as it is; remembers that it will. */
static Seen *
note (ModpageView *self, PostsItem *item, gboolean *is_new)
{
  PostsPost *post = posts_item_get_post (item);
  Seen *seen = g_hash_table_lookup (self->seen, posts_post_get_id (post));
  const Seen now = { item,
                     post,
                     posts_item_get_state (item),
                     posts_item_get_reasons (item),
                     posts_item_get_asked_us (item),
                     TRUE };

  *is_new = seen == NULL || seen->item != item || seen->post != post || seen->state != now.state ||
            seen->reasons != now.reasons || seen->asked_us != now.asked_us;
  if (!*is_new) {
    seen->kept = TRUE;
    return seen;
  }
  if (seen == NULL || seen->item != item)
    g_signal_connect_object (item, "notify", self->item_changed, self->for_whom, G_CONNECT_SWAPPED);
  seen = g_memdup2 (&now, sizeof now);
  g_object_ref (seen->item);
  g_object_ref (seen->post);
  g_hash_table_replace (self->seen, g_strdup (posts_post_get_id (post)), seen);
  return seen;
}

static void
forget_others (ModpageView *self)
{
  GHashTableIter iter;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, self->seen);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Seen *seen = value;

    if (seen->kept) {
      seen->kept = FALSE;
      continue;
    }
    g_signal_handlers_disconnect_by_data (seen->item, self->for_whom);
    g_hash_table_iter_remove (&iter);
  }
}

/**
 * modpage_view_new:
 * @desk: the desk
 * @item_changed: called when a post that is seen changes, with @for_whom
 * @for_whom: owns this
 *
 * Returns: (transfer full): a view of nothing
 */
ModpageView *
modpage_view_new (PostsDesk *desk, GCallback item_changed, GObject *for_whom)
{
  ModpageView *self = g_new0 (ModpageView, 1);

  self->desk = g_object_ref (desk);
  self->item_changed = item_changed;
  self->for_whom = for_whom;
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, seen_free);
  return self;
}

void
modpage_view_free (ModpageView *self)
{
  /* None is kept. */
  forget_others (self);
  g_hash_table_unref (self->seen);
  g_object_unref (self->desk);
  g_free (self->told);
  g_free (self);
}

/**
 * modpage_view_look_at:
 * @self: a view
 * @list: what the page shows from now on
 * @count: how many of it, the newest
 */
void
modpage_view_look_at (ModpageView *self, ModpageList list, guint count)
{
  self->afresh = TRUE;
  self->list = list;
  self->count = MIN (count, MODPAGE_MAX_SHOWN);
  forget_others (self);
}

/**
 * modpage_view_tell:
 * @self: a view
 *
 * Returns: (transfer full) (nullable): the message that makes the page see what is there: the ids in
 *   their order, and those posts that it does not have as they are; `NULL` if it has all
 */
char *
modpage_view_tell (ModpageView *self)
{
  GListModel *list = modpage_view_get_list (self->desk, self->list);
  g_autoptr (JsonArray) order = json_array_new ();
  g_autoptr (JsonArray) posts = json_array_new ();
  g_autoptr (GString) now = g_string_new (NULL);
  const guint n = MIN (g_list_model_get_n_items (list), self->count);

  for (guint i = 0; i < n; i++) {
    g_autoptr (PostsItem) item = g_list_model_get_item (list, i);
    gboolean is_new = FALSE;
    const Seen *seen = note (self, item, &is_new);

    json_array_add_string_element (order, posts_post_get_id (seen->post));
    g_string_append_printf (now, "%s\n", posts_post_get_id (seen->post));
    if (is_new)
      json_array_add_object_element (posts, make_post (seen));
  }
  forget_others (self);
  if (!self->afresh && json_array_get_length (posts) == 0 && g_strcmp0 (now->str, self->told) == 0)
    return NULL;
  self->afresh = FALSE;
  g_free (self->told);
  self->told = g_strdup (now->str);
  return web_words_end (
    web_words_node (web_words_node (web_words_text (web_words_new ("list"), "list",
                                                    modpage_list_get_name (self->list)),
                                    "order", json_node_init_array (json_node_alloc (), order)),
                    "posts", json_node_init_array (json_node_alloc (), posts)));
}

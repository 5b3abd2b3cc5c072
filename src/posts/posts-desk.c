/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-desk-private.h"
#include "posts-desk-store.h"

/* More than a day brings; a flood pushes out the oldest posts nobody said yes to. */
#define MAX_POSTS        150000
#define N_REMEMBERED_IDS 50000

/* What a restart brings back is older than anything that comes in. */
#define FIRST_SERIAL (G_GUINT64_CONSTANT (1) << 40)

G_DEFINE_FINAL_TYPE (PostsDesk, posts_desk, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ON_SCREEN,
  PROP_N_INCOMING,
  PROP_N_HELD,
  PROP_N_APPROVED,
  PROP_PANIC,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
posts_desk_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostsDesk *self = POSTS_DESK (object);

  switch (id) {
  case PROP_ON_SCREEN:
    g_value_set_object (value, self->on_screen);
    break;
  case PROP_N_INCOMING:
    g_value_set_uint (value, posts_desk_get_count (self, POSTS_STATE_INCOMING));
    break;
  case PROP_N_HELD:
    g_value_set_uint (value, posts_desk_get_count (self, POSTS_STATE_HELD));
    break;
  case PROP_N_APPROVED:
    g_value_set_uint (value, posts_desk_get_count (self, POSTS_STATE_APPROVED));
    break;
  case PROP_PANIC:
    g_value_set_boolean (value, self->panic);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
posts_desk_dispose (GObject *object)
{
  PostsDesk *self = POSTS_DESK (object);

  posts_desk_close_store (self);
  _posts_desk_forget_acts (self);
  g_clear_object (&self->on_screen);
  g_clear_object (&self->questions);
  g_clear_object (&self->authors);
  g_clear_pointer (&self->items, g_hash_table_unref);
  for (guint i = 0; i < N_STATES; i++)
    g_clear_object (&self->lists[i]);
  g_clear_object (&self->rules);
  G_OBJECT_CLASS (posts_desk_parent_class)->dispose (object);
}

static void
posts_desk_finalize (GObject *object)
{
  PostsDesk *self = POSTS_DESK (object);

  g_hash_table_unref (self->standings);
  g_hash_table_unref (self->pending);
  g_free (self->authors_path);
  g_hash_table_unref (self->hidden_early);
  g_hash_table_unref (self->uris);
  g_hash_table_unref (self->aliases);
  posts_memory_free (self->taken_down);
  G_OBJECT_CLASS (posts_desk_parent_class)->finalize (object);
}

static void
posts_desk_class_init (PostsDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = posts_desk_get_property;
  object_class->dispose = posts_desk_dispose;
  object_class->finalize = posts_desk_finalize;

  properties[PROP_ON_SCREEN] = g_param_spec_object ("on-screen", NULL, NULL, POSTS_TYPE_ITEM, ro);
  properties[PROP_N_INCOMING] = g_param_spec_uint ("n-incoming", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_N_HELD] = g_param_spec_uint ("n-held", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_N_APPROVED] = g_param_spec_uint ("n-approved", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_PANIC] = g_param_spec_boolean ("panic", NULL, NULL, FALSE, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * PostsDesk::failed:
   * @self: the desk
   * @error: why the disk does not take what is decided
   */
  g_signal_new ("failed", POSTS_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_ERROR);

  /**
   * PostsDesk::undo-changed:
   * @self: the desk
   *
   * What can be taken back is another act now, or nothing: see posts_triage_get_undo ().
   */
  g_signal_new ("undo-changed", POSTS_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

static void
posts_desk_init (PostsDesk *self)
{
  self->rules = posts_rules_new ();
  /* The key belongs to the post, which the item keeps. */
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  for (guint i = 0; i < N_STATES; i++)
    self->lists[i] = posts_list_new ();
  self->questions = g_list_store_new (POSTS_TYPE_ITEM);
  self->authors = g_list_store_new (POSTS_TYPE_AUTHOR);
  /* The key belongs to the author. */
  self->standings = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->undo_ms = POSTS_UNDO_MS;
  self->next_serial = FIRST_SERIAL;
  self->hidden_early = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->uris = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->aliases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->taken_down = posts_memory_new (N_REMEMBERED_IDS);
}

PostsDesk *
posts_desk_new (void)
{
  return g_object_new (POSTS_TYPE_DESK, NULL);
}

static void
notify_count (PostsDesk *self, PostsState state)
{
  switch (state) {
  case POSTS_STATE_INCOMING:
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_INCOMING]);
    break;
  case POSTS_STATE_HELD:
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_HELD]);
    break;
  case POSTS_STATE_APPROVED:
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_APPROVED]);
    break;
  case POSTS_STATE_ON_SCREEN:
  case POSTS_STATE_HIDDEN:
  case POSTS_STATE_TAKEN_DOWN:
    break;
  }
}

/* The list that a post of @state has its place in. */
static PostsState
home_of (PostsState state)
{
  return state == POSTS_STATE_ON_SCREEN ? POSTS_STATE_APPROVED : state;
}

static void
set_on_screen (PostsDesk *self, PostsItem *item)
{
  if (self->on_screen == item)
    return;
  if (self->on_screen != NULL)
    posts_list_remove (self->lists[POSTS_STATE_ON_SCREEN], self->on_screen);
  g_set_object (&self->on_screen, item);
  if (item != NULL)
    posts_list_add (self->lists[POSTS_STATE_ON_SCREEN], item);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ON_SCREEN]);
}

/* The one way a post changes its state. What leaves the screen leaves it before anything else. */
void
_posts_desk_move (PostsDesk *self, PostsItem *borrowed, PostsState state)
{
  g_autoptr (PostsItem) item = g_object_ref (borrowed);
  const PostsState from = home_of (posts_item_get_state (item));
  const PostsState to = home_of (state);

  g_object_freeze_notify (G_OBJECT (self));
  g_hash_table_remove (self->pending, posts_post_get_id (posts_item_get_post (item)));
  if (state == POSTS_STATE_HIDDEN || state == POSTS_STATE_TAKEN_DOWN)
    _posts_desk_set_asked_us (self, item, 0);
  if (state == POSTS_STATE_ON_SCREEN) {
    if (self->on_screen != NULL)
      _posts_item_set_state (self->on_screen, POSTS_STATE_APPROVED);
  } else if (self->on_screen == item) {
    set_on_screen (self, NULL);
  }

  _posts_item_set_state (item, state);
  if (self->store != NULL && !self->is_kept && state != POSTS_STATE_TAKEN_DOWN)
    posts_store_set_state (self->store, posts_post_get_id (posts_item_get_post (item)), state,
                           posts_item_get_reasons (item), NULL, NULL);
  if (from != to) {
    posts_list_remove (self->lists[from], item);
    if (to != POSTS_STATE_TAKEN_DOWN)
      posts_list_add (self->lists[to], item);
    notify_count (self, from);
    notify_count (self, to);
  }
  if (state == POSTS_STATE_ON_SCREEN)
    set_on_screen (self, item);
  g_object_thaw_notify (G_OBJECT (self));
}

/* Keeps the memory of a flood bounded. */
static void
forget_oldest (PostsDesk *self)
{
  static const PostsState order[] = { POSTS_STATE_HIDDEN, POSTS_STATE_HELD, POSTS_STATE_INCOMING };

  if (g_hash_table_size (self->items) <= MAX_POSTS)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++) {
    PostsItem *oldest = posts_list_get_oldest (self->lists[order[i]]);

    if (oldest != NULL) {
      g_autoptr (PostsItem) item = g_object_ref (oldest);

      posts_list_remove (self->lists[order[i]], item);
      if (self->store != NULL)
        posts_store_remove (self->store, posts_post_get_id (posts_item_get_post (item)), FALSE);
      g_hash_table_remove (self->items, posts_post_get_id (posts_item_get_post (item)));
      notify_count (self, order[i]);
      return;
    }
  }
}

/* Whether the same post is here by another server; remembers both names of it. */
static gboolean
is_alias (PostsDesk *self, PostsPost *post)
{
  const char *uri = posts_post_get_uri (post);
  const char *id = posts_post_get_id (post);
  const char *known = uri != NULL ? g_hash_table_lookup (self->uris, uri) : NULL;

  if (uri == NULL || g_strcmp0 (known, id) == 0)
    return FALSE;
  if (known != NULL && g_hash_table_contains (self->items, known)) {
    g_hash_table_replace (self->aliases, g_strdup (id), g_strdup (known));
    return TRUE;
  }
  if (g_hash_table_size (self->uris) > MAX_POSTS) {
    g_hash_table_remove_all (self->uris);
    g_hash_table_remove_all (self->aliases);
  }
  g_hash_table_replace (self->uris, g_strdup (uri), g_strdup (id));
  return FALSE;
}

static PostsState
to_state (PostsVerdict verdict)
{
  switch (verdict) {
  case POSTS_VERDICT_PASS:
    return POSTS_STATE_INCOMING;
  case POSTS_VERDICT_HOLD:
    return POSTS_STATE_HELD;
  case POSTS_VERDICT_HIDE:
    return POSTS_STATE_HIDDEN;
  }
  return POSTS_STATE_HELD;
}

/* Its author changed it: off the screen at once, and to a human again. What was hidden stays so. */
static void
replace_post (PostsDesk *self, PostsItem *borrowed, PostsPost *post)
{
  g_autoptr (PostsItem) item = g_object_ref (borrowed);
  const PostsState before = posts_item_get_state (item);
  PostsVerdict verdict = POSTS_VERDICT_HOLD;
  PostsReason reasons = posts_rules_check (self->rules, post, &verdict);
  PostsState state = to_state (verdict);

  if (home_of (before) == POSTS_STATE_APPROVED) {
    reasons |= POSTS_REASON_EDITED;
    if (state == POSTS_STATE_INCOMING)
      state = POSTS_STATE_HELD;
  } else if (before == POSTS_STATE_HIDDEN) {
    reasons |= posts_item_get_reasons (item) & POSTS_REASON_BLOCKED_AUTHOR;
    state = POSTS_STATE_HIDDEN;
  }
  _posts_desk_move (self, item, state);
  /* The key belongs to the post that goes. */
  g_hash_table_steal (self->items, posts_post_get_id (post));
  _posts_item_set_post (item, post, reasons);
  g_hash_table_insert (self->items, (char *) posts_post_get_id (post), borrowed);
  if (self->store != NULL)
    posts_store_put (self->store, post, state, reasons);
}

/* A post that is new here finds its place. */
void
_posts_desk_insert (PostsDesk *self, PostsItem *item)
{
  const PostsState state = posts_item_get_state (item);

  self->n_seen++;
  g_hash_table_insert (self->items, (char *) posts_post_get_id (posts_item_get_post (item)), item);
  posts_list_add (self->lists[state], item);
  notify_count (self, state);
  forget_oldest (self);
}

/**
 * posts_desk_add:
 * @self: the desk
 * @post: a post that came in
 *
 * Puts @post on the desk: held if the rules doubt it, hidden if nobody needs to see it, its author is
 * blocked or it was hidden early, otherwise incoming. A post that is there already takes the place
 * of the former one, and goes back to the rules, if it says something else. Ignores a post that its
 * author took down.
 */
void
posts_desk_add (PostsDesk *self, PostsPost *post)
{
  g_return_if_fail (POSTS_IS_DESK (self));
  g_return_if_fail (POSTS_IS_POST (post));

  const char *id = posts_post_get_id (post);
  PostsItem *there = g_hash_table_lookup (self->items, id);
  if (there != NULL && !posts_post_says_the_same (posts_item_get_post (there), post))
    replace_post (self, there, post);
  if (there != NULL || posts_memory_lookup (self->taken_down, id, NULL) || is_alias (self, post))
    return;

  PostsVerdict verdict = POSTS_VERDICT_HOLD;
  PostsReason reasons = posts_rules_check (self->rules, post, &verdict);
  PostsState state = to_state (verdict);
  if (posts_desk_get_standing (self, posts_post_get_author_id (post)) == POSTS_STANDING_BLOCKED) {
    reasons |= POSTS_REASON_BLOCKED_AUTHOR;
    state = POSTS_STATE_HIDDEN;
  } else if (g_hash_table_remove (self->hidden_early, id)) {
    state = POSTS_STATE_HIDDEN;
  }

  if (self->store != NULL)
    posts_store_put (self->store, post, state, reasons);
  _posts_desk_insert (self, _posts_item_new (post, state, reasons, self->next_serial++));
  _posts_desk_welcome (self, id, reasons);
}

/**
 * posts_desk_take_down:
 * @self: the desk
 * @post_id: a post its author took back, here or not
 *
 * Takes the post off the screen and off every list at once, for good.
 */
void
posts_desk_take_down (PostsDesk *self, const char *post_id)
{
  g_return_if_fail (POSTS_IS_DESK (self));
  g_return_if_fail (post_id != NULL);

  const char *alias = g_hash_table_lookup (self->aliases, post_id);
  PostsItem *found = posts_desk_find (self, alias != NULL ? alias : post_id);

  posts_memory_remember (self->taken_down, post_id, 0);
  if (found == NULL)
    return;

  g_autoptr (PostsItem) item = g_object_ref (found);
  posts_memory_remember (self->taken_down, posts_post_get_id (posts_item_get_post (item)), 0);
  if (self->store != NULL)
    posts_store_remove (self->store, posts_post_get_id (posts_item_get_post (item)), TRUE);
  _posts_desk_move (self, item, POSTS_STATE_TAKEN_DOWN);
  g_hash_table_remove (self->items, posts_post_get_id (posts_item_get_post (item)));
}

/**
 * posts_desk_get_list:
 * @self: the desk
 * @state: a state
 *
 * Returns: (transfer none): a list model of [class@Posts.Item], newest first. That of approved
 *   posts has the one on screen too; that of taken down ones is always empty
 */
GListModel *
posts_desk_get_list (PostsDesk *self, PostsState state)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), NULL);
  g_return_val_if_fail ((guint) state < N_STATES, NULL);

  return G_LIST_MODEL (self->lists[state]);
}

guint
posts_desk_get_count (PostsDesk *self, PostsState state)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), 0);
  g_return_val_if_fail ((guint) state < N_STATES, 0);

  return posts_list_get_length (self->lists[state]);
}

/**
 * posts_desk_find:
 * @self: the desk
 * @post_id: (nullable): an id
 *
 * Returns: (transfer none) (nullable): the post with that id
 */
PostsItem *
posts_desk_find (PostsDesk *self, const char *post_id)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), NULL);

  return post_id != NULL ? g_hash_table_lookup (self->items, post_id) : NULL;
}

PostsItem *
posts_desk_get_on_screen (PostsDesk *self)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), NULL);

  return self->on_screen;
}

/**
 * posts_desk_hide_early:
 * @self: the desk
 * @post_id: a post, here or not
 *
 * Hides a post that a human said no to before a restart, as soon as it comes in again.
 */
void
posts_desk_hide_early (PostsDesk *self, const char *post_id)
{
  g_return_if_fail (POSTS_IS_DESK (self));
  g_return_if_fail (post_id != NULL);

  if (posts_desk_find (self, post_id) != NULL)
    posts_desk_hide (self, post_id, NULL); /* or it is hidden already */
  else
    g_hash_table_add (self->hidden_early, g_strdup (post_id));
}

/**
 * posts_desk_set_panic:
 * @self: the desk
 * @panic: whether nothing that strangers wrote is shown until this is released
 *
 * Clears the screen at once; whoever shows approved posts elsewhere hides them meanwhile.
 */
void
posts_desk_set_panic (PostsDesk *self, gboolean panic)
{
  g_return_if_fail (POSTS_IS_DESK (self));

  if (self->panic == !!panic)
    return;
  self->panic = !!panic;
  if (self->panic)
    posts_desk_clear_screen (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PANIC]);
}

gboolean
posts_desk_get_panic (PostsDesk *self)
{
  g_return_val_if_fail (POSTS_IS_DESK (self), FALSE);

  return self->panic;
}

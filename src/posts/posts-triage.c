/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-desk-private.h"

/* What humans do with posts, each of it as one act that can be taken back for a while. */

#define MAX_ACTS 100

G_DEFINE_ENUM_TYPE (PostsAct, posts_act, G_DEFINE_ENUM_VALUE (POSTS_ACT_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (POSTS_ACT_APPROVE, "approve"),
                    G_DEFINE_ENUM_VALUE (POSTS_ACT_SHOW, "show"),
                    G_DEFINE_ENUM_VALUE (POSTS_ACT_TAKE_OFF, "take-off"),
                    G_DEFINE_ENUM_VALUE (POSTS_ACT_HIDE, "hide"),
                    G_DEFINE_ENUM_VALUE (POSTS_ACT_BLOCK, "block"),
                    G_DEFINE_ENUM_VALUE (POSTS_ACT_TRUST, "trust"),
                    G_DEFINE_ENUM_VALUE (POSTS_ACT_FORGIVE, "forgive"),
                    G_DEFINE_ENUM_VALUE (POSTS_ACT_ASK, "ask"),
                    G_DEFINE_ENUM_VALUE (POSTS_ACT_ANSWER, "answer"))

/* What one post was before, and what was made of it. */
typedef struct {
  PostsItem *item;
  PostsPost *post; /* as it was: what its author changes meanwhile stays with the rules */
  PostsState from;
  PostsState to;
  PostsReason reasons;
  gint64 asked_us;
  gint64 asked_after_us;
} Change;

typedef struct {
  PostsAct act;
  char *who; /* nullable: the operator */
  gint64 until_us;
  GPtrArray *changes; /* of Change */
  GPtrArray *authors; /* of PostsAuthor, as they were */
  char *author_id;    /* nullable: more than one */
  char *author_name;  /* nullable */
  char *shown_id;     /* nullable: the post that another one took the screen from */
} PostsUndo;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_object_unref (change->item);
  g_object_unref (change->post);
  g_free (change);
}

static void
undo_free (gpointer data)
{
  PostsUndo *undo = data;

  g_free (undo->who);
  g_ptr_array_unref (undo->changes);
  g_ptr_array_unref (undo->authors);
  g_free (undo->author_id);
  g_free (undo->author_name);
  g_free (undo->shown_id);
  g_free (undo);
}

static PostsUndo *
undo_new (PostsDesk *desk, const char *who, PostsAct act)
{
  PostsUndo *undo = g_new0 (PostsUndo, 1);

  undo->act = act;
  undo->who = g_strdup (who);
  undo->until_us = g_get_monotonic_time () + desk->undo_ms * G_GINT64_CONSTANT (1000);
  undo->changes = g_ptr_array_new_with_free_func (change_free);
  undo->authors = g_ptr_array_new_with_free_func (g_object_unref);
  return undo;
}

void
_posts_desk_forget_acts (PostsDesk *self)
{
  g_clear_handle_id (&self->undo_id, g_source_remove);
  g_queue_clear_full (&self->acts, undo_free);
}

static gboolean expired_cb (gpointer user_data);

/* The oldest act is the first that cannot be taken back any more. */
static void
wait_for_expiry (PostsDesk *self)
{
  const PostsUndo *oldest = g_queue_peek_tail (&self->acts);
  gint64 rest_us = 0;

  g_clear_handle_id (&self->undo_id, g_source_remove);
  if (oldest == NULL)
    return;
  rest_us = MAX (oldest->until_us - g_get_monotonic_time (), 0);
  self->undo_id = g_timeout_add ((guint) (rest_us / 1000) + 1, expired_cb, self);
}

static gboolean
expired_cb (gpointer user_data)
{
  PostsDesk *self = user_data;
  const gint64 now_us = g_get_monotonic_time ();
  PostsUndo *oldest = NULL;

  self->undo_id = 0;
  while ((oldest = g_queue_peek_tail (&self->acts)) != NULL && oldest->until_us <= now_us)
    undo_free (g_queue_pop_tail (&self->acts));
  wait_for_expiry (self);
  g_signal_emit_by_name (self, "undo-changed");
  return G_SOURCE_REMOVE;
}

/* Also what it is called, if one name says it all. */
static void
record (PostsDesk *self, PostsUndo *undo)
{
  for (guint i = 0; i < undo->changes->len; i++) {
    const Change *change = undo->changes->pdata[i];
    const char *id = posts_post_get_author_id (change->post);

    if (i > 0 && g_strcmp0 (undo->author_id, id) != 0) {
      g_clear_pointer (&undo->author_id, g_free);
      g_clear_pointer (&undo->author_name, g_free);
      break;
    }
    if (i == 0) {
      undo->author_id = g_strdup (id);
      undo->author_name = g_strdup (posts_post_get_author_name (change->post));
    }
  }
  if (undo->changes->len == 0 && undo->authors->len == 1) {
    undo->author_id = g_strdup (posts_author_get_id (undo->authors->pdata[0]));
    undo->author_name = g_strdup (posts_author_get_name (undo->authors->pdata[0]));
  }
  g_queue_push_head (&self->acts, undo);
  if (self->acts.length > MAX_ACTS)
    undo_free (g_queue_pop_tail (&self->acts));
  wait_for_expiry (self);
  g_signal_emit_by_name (self, "undo-changed");
}

static Change *
change_new (PostsDesk *self, PostsItem *item)
{
  Change *change = g_new0 (Change, 1);

  change->item = g_object_ref (item);
  change->post = g_object_ref (posts_item_get_post (item));
  change->from = _posts_desk_get_state (self, item);
  change->reasons = posts_item_get_reasons (item);
  change->asked_us = posts_item_get_asked_us (item);
  return change;
}

/* A line without content: see posts_store_log (). */
static void
note (PostsDesk *self, PostsAct act, PostsItem *item)
{
  g_autoptr (GEnumClass) acts = g_type_class_ref (POSTS_TYPE_ACT);

  if (self->store != NULL)
    posts_store_log (self->store, g_enum_get_value (acts, (int) act)->value_nick,
                     posts_item_get_reasons (item), posts_post_get_id (posts_item_get_post (item)));
}

static gboolean
ask (PostsDesk *self, PostsItem *item, gboolean question, GError **error)
{
  const gboolean is_question = posts_item_get_asked_us (item) != 0;
  const PostsState state = _posts_desk_get_state (self, item);

  if (is_question == question || (question && state == POSTS_STATE_HIDDEN)) {
    g_set_error (error, POSTS_ERROR, POSTS_ERROR_STATE, "Post \"%s\" does not allow that",
                 posts_post_get_id (posts_item_get_post (item)));
    return FALSE;
  }
  _posts_desk_set_asked_us (self, item, question ? g_get_real_time () : 0);
  return TRUE;
}

static gboolean
act_on_post (PostsDesk *self, PostsAct act, PostsItem *item, GError **error)
{
  const char *id = posts_post_get_id (posts_item_get_post (item));

  switch (act) {
  case POSTS_ACT_APPROVE:
    return posts_desk_approve (self, id, error);
  case POSTS_ACT_SHOW:
    return posts_desk_show (self, id, error);
  case POSTS_ACT_HIDE:
    return posts_desk_hide (self, id, error);
  case POSTS_ACT_ASK:
  case POSTS_ACT_ANSWER:
    return ask (self, item, act == POSTS_ACT_ASK, error);
  case POSTS_ACT_NONE:
  case POSTS_ACT_TAKE_OFF:
  case POSTS_ACT_BLOCK:
  case POSTS_ACT_TRUST:
  case POSTS_ACT_FORGIVE:
    break;
  }
  g_return_val_if_reached (FALSE);
}

/* Acts on a post, and adds what it was to @undo. */
static gboolean
change_post (PostsDesk *self, PostsUndo *undo, PostsItem *item, GError **error)
{
  g_autoptr (PostsItem) kept = g_object_ref (item);
  PostsItem *shown = undo->act == POSTS_ACT_SHOW ? posts_desk_get_on_screen (self) : NULL;
  Change *change = change_new (self, item);

  if (shown != NULL && shown != item)
    undo->shown_id = g_strdup (posts_post_get_id (posts_item_get_post (shown)));
  if (!act_on_post (self, undo->act, item, error)) {
    change_free (change);
    return FALSE;
  }
  change->to = _posts_desk_get_state (self, item);
  change->asked_after_us = posts_item_get_asked_us (item);
  g_ptr_array_add (undo->changes, change);
  note (self, undo->act, item);
  return TRUE;
}

static PostsStanding
to_standing (PostsAct act)
{
  return act == POSTS_ACT_BLOCK   ? POSTS_STANDING_BLOCKED
         : act == POSTS_ACT_TRUST ? POSTS_STANDING_TRUSTED
                                  : POSTS_STANDING_STRANGER;
}

static void
change_author (PostsDesk *self, PostsUndo *undo, const char *author_id)
{
  g_autoptr (GPtrArray) theirs = _posts_desk_find_all_by (self, author_id);
  PostsAuthor *known = posts_desk_find_author (self, author_id);

  if (known != NULL)
    g_ptr_array_add (undo->authors, g_object_ref (known));
  else
    g_ptr_array_add (undo->authors,
                     posts_author_new (author_id, NULL, NULL, POSTS_STANDING_STRANGER, FALSE));
  for (guint i = 0; i < theirs->len && undo->act == POSTS_ACT_BLOCK; i++) {
    Change *change = change_new (self, theirs->pdata[i]);

    change->to = POSTS_STATE_HIDDEN;
    g_ptr_array_add (undo->changes, change);
    note (self, undo->act, theirs->pdata[i]);
  }
  posts_desk_set_standing (self, author_id, to_standing (undo->act));
}

static gboolean
is_about_author (PostsAct act)
{
  return act == POSTS_ACT_BLOCK || act == POSTS_ACT_TRUST || act == POSTS_ACT_FORGIVE;
}

/* Each of their authors once. */
static void
change_authors (PostsDesk *self, PostsUndo *undo, const char *const *post_ids)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer id = NULL;

  for (gsize i = 0; post_ids[i] != NULL; i++) {
    PostsItem *item = posts_desk_find (self, post_ids[i]);

    if (item != NULL)
      g_hash_table_add (ids, g_strdup (posts_post_get_author_id (posts_item_get_post (item))));
  }
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (posts_desk_get_standing (self, id) != to_standing (undo->act))
      change_author (self, undo, id);
}

static gboolean
finish (PostsDesk *self, PostsUndo *undo, GError **error)
{
  if (undo->changes->len == 0 && undo->authors->len == 0) {
    undo_free (undo);
    if (error != NULL && *error == NULL)
      g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_STATE, "There is nothing to do");
    return FALSE;
  }
  g_clear_error (error); /* what could be done is done */
  record (self, undo);
  return TRUE;
}

/**
 * posts_triage_do:
 * @desk: the desk
 * @who: (nullable): who acts
 * @act: what to do; not `POSTS_ACT_TAKE_OFF`, for which there is posts_triage_take_off ()
 * @post_ids: (array zero-terminated=1): with which posts
 * @error: return location
 *
 * Does as much of it as can be done, as one act.
 *
 * Returns: `FALSE` with `POSTS_ERROR_STATE` if nothing of it could be done
 */
gboolean
posts_triage_do (PostsDesk *desk, const char *who, PostsAct act, const char *const *post_ids,
                 GError **error)
{
  g_autoptr (GError) first = NULL;
  PostsUndo *undo = NULL;

  g_return_val_if_fail (POSTS_IS_DESK (desk), FALSE);
  g_return_val_if_fail (act != POSTS_ACT_NONE && act != POSTS_ACT_TAKE_OFF, FALSE);
  g_return_val_if_fail (post_ids != NULL, FALSE);

  if (act == POSTS_ACT_SHOW && g_strv_length ((char **) post_ids) > 1) {
    g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_STATE, "One post at a time is on screen");
    return FALSE;
  }
  undo = undo_new (desk, who, act);
  g_object_freeze_notify (G_OBJECT (desk));
  if (is_about_author (act))
    change_authors (desk, undo, post_ids);
  for (gsize i = 0; post_ids[i] != NULL && !is_about_author (act); i++) {
    PostsItem *item = posts_desk_find (desk, post_ids[i]);
    GError **to = first == NULL ? &first : NULL;

    if (item != NULL)
      change_post (desk, undo, item, to);
    else
      g_set_error (to, POSTS_ERROR, POSTS_ERROR_STATE, "No post \"%s\" on the desk", post_ids[i]);
  }
  g_object_thaw_notify (G_OBJECT (desk));
  if (!finish (desk, undo, &first)) {
    g_propagate_error (error, g_steal_pointer (&first));
    return FALSE;
  }
  return TRUE;
}

/**
 * posts_triage_judge_author:
 * @desk: the desk
 * @who: (nullable): who acts
 * @act: `POSTS_ACT_BLOCK`, `POSTS_ACT_TRUST` or `POSTS_ACT_FORGIVE`
 * @author_id: an author, who need not have written yet
 * @error: return location
 *
 * Returns: `FALSE` with `POSTS_ERROR_STATE` if they stand so already
 */
gboolean
posts_triage_judge_author (PostsDesk *desk, const char *who, PostsAct act, const char *author_id,
                           GError **error)
{
  PostsUndo *undo = NULL;

  g_return_val_if_fail (POSTS_IS_DESK (desk), FALSE);
  g_return_val_if_fail (is_about_author (act), FALSE);
  g_return_val_if_fail (author_id != NULL, FALSE);

  g_autoptr (GError) nothing = NULL;
  g_autofree char *id = g_strdup (author_id);
  undo = undo_new (desk, who, act);
  if (posts_desk_get_standing (desk, id) != to_standing (act))
    change_author (desk, undo, id);
  if (!finish (desk, undo, &nothing)) {
    g_propagate_error (error, g_steal_pointer (&nothing));
    return FALSE;
  }
  return TRUE;
}

/**
 * posts_triage_hide_reason:
 * @desk: the desk
 * @who: (nullable): who acts
 * @reason: one reason
 *
 * Hides all that is held back for this reason, as one act: a flood is dealt with at once.
 *
 * Returns: how many posts it hid
 */
guint
posts_triage_hide_reason (PostsDesk *desk, const char *who, PostsReason reason)
{
  GListModel *held = NULL;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);
  PostsUndo *undo = NULL;

  g_return_val_if_fail (POSTS_IS_DESK (desk), 0);

  held = posts_desk_get_list (desk, POSTS_STATE_HELD);
  for (guint i = 0; i < g_list_model_get_n_items (held); i++) {
    g_autoptr (PostsItem) item = g_list_model_get_item (held, i);

    if ((posts_item_get_reasons (item) & reason) != 0)
      g_ptr_array_add (found, g_steal_pointer (&item));
  }
  undo = undo_new (desk, who, POSTS_ACT_HIDE);
  g_object_freeze_notify (G_OBJECT (desk));
  for (guint i = 0; i < found->len; i++)
    change_post (desk, undo, found->pdata[i], NULL); /* can be hidden: it is held */
  g_object_thaw_notify (G_OBJECT (desk));
  finish (desk, undo, NULL); /* or there is none */
  return found->len;
}

/* Takes what is on screen off it. */
void
posts_triage_take_off (PostsDesk *desk, const char *who)
{
  PostsItem *item = NULL;
  PostsUndo *undo = NULL;
  Change *change = NULL;

  g_return_if_fail (POSTS_IS_DESK (desk));

  item = posts_desk_get_on_screen (desk);
  if (item == NULL)
    return;
  undo = undo_new (desk, who, POSTS_ACT_TAKE_OFF);
  change = change_new (desk, item);
  change->to = POSTS_STATE_APPROVED;
  g_ptr_array_add (undo->changes, change);
  note (desk, POSTS_ACT_TAKE_OFF, item);
  posts_desk_clear_screen (desk);
  finish (desk, undo, NULL); /* there was one */
}

/* The last act of @who. */
static GList *
find_act (PostsDesk *self, const char *who)
{
  for (GList *link = self->acts.head; link != NULL; link = link->next) {
    const PostsUndo *undo = link->data;

    if (g_strcmp0 (undo->who, who) == 0)
      return link;
  }
  return NULL;
}

/* What its author took down or changed meanwhile, or someone decided anew, stays as it is. */
static gboolean
is_as_left (PostsDesk *self, const Change *change)
{
  const char *id = posts_post_get_id (change->post);

  return posts_desk_find (self, id) == change->item &&
         posts_item_get_post (change->item) == change->post &&
         _posts_desk_get_state (self, change->item) == change->to &&
         posts_item_get_asked_us (change->item) == change->asked_after_us;
}

/* Nothing comes back on the screen while the panic key holds. */
static void
restore_post (PostsDesk *self, const Change *change)
{
  const char *id = posts_post_get_id (change->post);
  const PostsState from =
    change->from == POSTS_STATE_ON_SCREEN && self->panic ? POSTS_STATE_APPROVED : change->from;

  _posts_item_set_reasons (change->item, change->reasons);
  if (posts_item_get_state (change->item) == from) {
    /* It waits for the disk still, or only its reasons were others. */
    g_hash_table_remove (self->pending, id);
    if (self->store != NULL)
      posts_store_set_state (self->store, id, from, change->reasons, NULL, NULL);
  } else {
    _posts_desk_put (self, change->item, from);
  }
  _posts_desk_set_asked_us (self, change->item, change->asked_us);
}

/* The author first: what is restored then would be hidden otherwise. */
static void
take_back (PostsDesk *self, PostsUndo *undo)
{
  for (guint i = 0; i < undo->authors->len; i++)
    _posts_desk_set_author (self, undo->authors->pdata[i]);
  for (guint i = 0; i < undo->changes->len; i++) {
    const Change *change = undo->changes->pdata[i];

    if (is_as_left (self, change)) {
      note (self, POSTS_ACT_NONE, change->item);
      restore_post (self, change);
    }
  }
  if (undo->shown_id != NULL && self->on_screen == NULL && !self->panic)
    posts_desk_show (self, undo->shown_id, NULL); /* unless it was hidden meanwhile */
}

/**
 * posts_triage_undo:
 * @desk: the desk
 * @who: (nullable): who acted
 * @error: return location
 *
 * Takes the last act of @who back: its posts are where they were before.
 *
 * Returns: `FALSE` with `POSTS_ERROR_UNDO` if there is none of the last ten seconds
 */
gboolean
posts_triage_undo (PostsDesk *desk, const char *who, GError **error)
{
  GList *link = NULL;
  PostsUndo *undo = NULL;

  g_return_val_if_fail (POSTS_IS_DESK (desk), FALSE);

  link = find_act (desk, who);
  if (link == NULL) {
    g_set_error_literal (error, POSTS_ERROR, POSTS_ERROR_UNDO, "There is nothing to take back");
    return FALSE;
  }
  undo = link->data;
  g_queue_delete_link (&desk->acts, link);
  g_object_freeze_notify (G_OBJECT (desk));
  take_back (desk, undo);
  g_object_thaw_notify (G_OBJECT (desk));
  undo_free (undo);
  wait_for_expiry (desk);
  g_signal_emit_by_name (desk, "undo-changed");
  return TRUE;
}

/**
 * posts_triage_get_undo:
 * @desk: the desk
 * @who: (nullable): who acted
 * @n_posts: (out) (optional): of how many posts
 * @author_id: (out) (optional) (nullable) (transfer none): by whom they are, if by one author
 * @author_name: (out) (optional) (nullable) (transfer none): the author's name, perhaps empty
 *
 * Returns: what posts_triage_undo () would take back
 */
PostsAct
posts_triage_get_undo (PostsDesk *desk, const char *who, guint *n_posts, const char **author_id,
                       const char **author_name)
{
  GList *link = NULL;
  const PostsUndo *undo = NULL;
  guint n = 0;

  g_return_val_if_fail (POSTS_IS_DESK (desk), POSTS_ACT_NONE);

  link = find_act (desk, who);
  undo = link != NULL ? link->data : NULL;
  for (guint i = 0; undo != NULL && i < undo->changes->len; i++) {
    const Change *change = undo->changes->pdata[i];

    n += undo->act == POSTS_ACT_BLOCK && change->from == change->to ? 0 : 1;
  }
  if (n_posts != NULL)
    *n_posts = n;
  if (author_id != NULL)
    *author_id = undo != NULL ? undo->author_id : NULL;
  if (author_name != NULL)
    *author_name = undo != NULL ? undo->author_name : NULL;
  return undo != NULL ? undo->act : POSTS_ACT_NONE;
}

/* For how long an act can be taken back from now on. */
void
posts_triage_set_undo_ms (PostsDesk *desk, guint undo_ms)
{
  g_return_if_fail (POSTS_IS_DESK (desk));

  desk->undo_ms = undo_ms;
}

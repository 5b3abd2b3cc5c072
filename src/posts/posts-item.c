/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-item-private.h"

/**
 * PostsItem:
 *
 * A post on the desk, and what was decided about it.
 *
 * Main thread only. Only the desk changes it.
 */
struct _PostsItem {
  GObject parent_instance;
  PostsPost *post;
  PostsState state;
  PostsReason reasons;
  guint64 serial;
  gint64 asked_us; /* 0: nobody marked it as a question */
};

G_DEFINE_FINAL_TYPE (PostsItem, posts_item, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_POST,
  PROP_STATE,
  PROP_REASONS,
  PROP_QUESTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
posts_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PostsItem *self = POSTS_ITEM (object);

  switch (id) {
  case PROP_POST:
    g_value_set_object (value, self->post);
    break;
  case PROP_STATE:
    g_value_set_enum (value, (int) self->state);
    break;
  case PROP_REASONS:
    g_value_set_flags (value, self->reasons);
    break;
  case PROP_QUESTION:
    g_value_set_boolean (value, self->asked_us != 0);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
posts_item_dispose (GObject *object)
{
  PostsItem *self = POSTS_ITEM (object);

  g_clear_object (&self->post);
  G_OBJECT_CLASS (posts_item_parent_class)->dispose (object);
}

static void
posts_item_class_init (PostsItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = posts_item_get_property;
  object_class->dispose = posts_item_dispose;

  properties[PROP_POST] = g_param_spec_object ("post", NULL, NULL, POSTS_TYPE_POST, ro);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, POSTS_TYPE_STATE, POSTS_STATE_INCOMING, ro);
  properties[PROP_REASONS] =
    g_param_spec_flags ("reasons", NULL, NULL, POSTS_TYPE_REASON, POSTS_REASON_NONE, ro);
  properties[PROP_QUESTION] = g_param_spec_boolean ("question", NULL, NULL, FALSE, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
posts_item_init (PostsItem *self)
{
}

PostsItem *
_posts_item_new (PostsPost *post, PostsState state, PostsReason reasons, guint64 serial)
{
  PostsItem *self = g_object_new (POSTS_TYPE_ITEM, NULL);

  self->post = g_object_ref (post);
  self->state = state;
  self->reasons = reasons;
  self->serial = serial;
  return self;
}

guint64
_posts_item_get_serial (PostsItem *self)
{
  return self->serial;
}

void
_posts_item_set_state (PostsItem *self, PostsState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
_posts_item_add_reasons (PostsItem *self, PostsReason reasons)
{
  if ((self->reasons & reasons) == reasons)
    return;
  self->reasons |= reasons;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASONS]);
}

void
_posts_item_set_reasons (PostsItem *self, PostsReason reasons)
{
  if (self->reasons == reasons)
    return;
  self->reasons = reasons;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASONS]);
}

void
_posts_item_set_asked_us (PostsItem *self, gint64 asked_us)
{
  const gboolean changes = (self->asked_us != 0) != (asked_us != 0);

  self->asked_us = asked_us;
  if (changes)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUESTION]);
}

/* Its author changed it: what was found before does not count any more. */
void
_posts_item_set_post (PostsItem *self, PostsPost *post, PostsReason reasons)
{
  if (g_set_object (&self->post, post))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POST]);
  _posts_item_set_reasons (self, reasons);
}

PostsPost *
posts_item_get_post (PostsItem *self)
{
  g_return_val_if_fail (POSTS_IS_ITEM (self), NULL);

  return self->post;
}

PostsState
posts_item_get_state (PostsItem *self)
{
  g_return_val_if_fail (POSTS_IS_ITEM (self), POSTS_STATE_HIDDEN);

  return self->state;
}

PostsReason
posts_item_get_reasons (PostsItem *self)
{
  g_return_val_if_fail (POSTS_IS_ITEM (self), POSTS_REASON_NONE);

  return self->reasons;
}

gint64
posts_item_get_asked_us (PostsItem *self)
{
  g_return_val_if_fail (POSTS_IS_ITEM (self), 0);

  return self->asked_us;
}

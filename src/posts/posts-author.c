/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-author.h"
#include "posts-text.h"

/**
 * PostsAuthor:
 *
 * Someone who is blocked or trusted, by the id that their network gives them: a name can be had by
 * anybody.
 */
struct _PostsAuthor {
  GObject parent_instance;
  char *id;
  char *name;
  char *handle;
  PostsStanding standing;
  gboolean always;
};

G_DEFINE_FINAL_TYPE (PostsAuthor, posts_author, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PostsStanding, posts_standing,
                    G_DEFINE_ENUM_VALUE (POSTS_STANDING_STRANGER, "stranger"),
                    G_DEFINE_ENUM_VALUE (POSTS_STANDING_BLOCKED, "blocked"),
                    G_DEFINE_ENUM_VALUE (POSTS_STANDING_TRUSTED, "trusted"))

static void
posts_author_finalize (GObject *object)
{
  PostsAuthor *self = POSTS_AUTHOR (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->handle);
  G_OBJECT_CLASS (posts_author_parent_class)->finalize (object);
}

static void
posts_author_class_init (PostsAuthorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = posts_author_finalize;
}

static void
posts_author_init (PostsAuthor *self)
{
}

/**
 * posts_author_new:
 * @id: their id, with the network's name in front of it
 * @name: (nullable): their name; it is cleaned
 * @handle: (nullable): their handle; it is cleaned
 * @standing: what was decided about them
 * @always: whether this holds at the next events, too
 *
 * Returns: (transfer full): the author
 */
PostsAuthor *
posts_author_new (const char *id, const char *name, const char *handle, PostsStanding standing,
                  gboolean always)
{
  PostsAuthor *self = NULL;

  g_return_val_if_fail (id != NULL, NULL);

  self = g_object_new (POSTS_TYPE_AUTHOR, NULL);
  self->id = g_strdup (id);
  self->name = posts_text_clean_line (name != NULL ? name : "", POSTS_NAME_MAX_CHARS, NULL);
  self->handle = posts_text_clean_line (handle != NULL ? handle : "", POSTS_NAME_MAX_CHARS, NULL);
  self->standing = standing;
  self->always = !!always;
  return self;
}

const char *
posts_author_get_id (PostsAuthor *self)
{
  g_return_val_if_fail (POSTS_IS_AUTHOR (self), NULL);

  return self->id;
}

const char *
posts_author_get_name (PostsAuthor *self)
{
  g_return_val_if_fail (POSTS_IS_AUTHOR (self), NULL);

  return self->name;
}

const char *
posts_author_get_handle (PostsAuthor *self)
{
  g_return_val_if_fail (POSTS_IS_AUTHOR (self), NULL);

  return self->handle;
}

PostsStanding
posts_author_get_standing (PostsAuthor *self)
{
  g_return_val_if_fail (POSTS_IS_AUTHOR (self), POSTS_STANDING_STRANGER);

  return self->standing;
}

gboolean
posts_author_get_always (PostsAuthor *self)
{
  g_return_val_if_fail (POSTS_IS_AUTHOR (self), FALSE);

  return self->always;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-pages.h"

#define MAX_DEPTH 1000000 /* it is counted, not followed */

struct _PostsPages {
  GByteArray *pending; /* the start of an object */
  guint depth;         /* of brackets, from that of the object on */
  gboolean in_string;
  gboolean escaped;  /* the byte now comes after a backslash */
  gboolean dropping; /* in an object that is too long */
  gboolean in_waste; /* in what is no object */
  guint n_dropped;
};

/**
 * posts_pages_new:
 *
 * Returns: (transfer full): at the start of a list
 */
PostsPages *
posts_pages_new (void)
{
  PostsPages *self = g_new0 (PostsPages, 1);

  self->pending = g_byte_array_new ();
  return self;
}

void
posts_pages_free (PostsPages *self)
{
  g_byte_array_unref (self->pending);
  g_free (self);
}

static void
keep (PostsPages *self, const char *data, gsize length)
{
  if (self->dropping)
    return;
  if (self->pending->len + length > POSTS_PAGES_MAX_BYTES) {
    self->dropping = TRUE;
    self->n_dropped++;
    g_byte_array_unref (self->pending); /* the memory too */
    self->pending = g_byte_array_new ();
    return;
  }
  g_byte_array_append (self->pending, (const guint8 *) data, (guint) length);
}

static void
end_object (PostsPages *self, PostsPagesFunc func, gpointer user_data)
{
  if (self->dropping) {
    self->dropping = FALSE;
  } else {
    g_byte_array_append (self->pending, (const guint8 *) "", 1);
    func ((const char *) self->pending->data, self->pending->len - 1, user_data);
  }
  g_byte_array_set_size (self->pending, 0);
}

/* Between the objects: brackets of the list, commas and space; anything else is waste. */
static void
skip (PostsPages *self, char c)
{
  if (strchr ("[], \t\r\n", c) != NULL) {
    self->in_waste = FALSE;
  } else if (!self->in_waste) {
    self->in_waste = TRUE;
    self->n_dropped++;
  }
}

/* One byte of an object. Returns: whether it is its last one */
static gboolean
follow (PostsPages *self, char c)
{
  if (self->in_string) {
    if (self->escaped)
      self->escaped = FALSE;
    else if (c == '\\')
      self->escaped = TRUE;
    else if (c == '"')
      self->in_string = FALSE;
  } else if (c == '"') {
    self->in_string = TRUE;
  } else if (c == '{' || c == '[') {
    self->depth = MIN (self->depth + 1, MAX_DEPTH);
  } else if (c == '}' || c == ']') {
    return --self->depth == 0;
  }
  return FALSE;
}

/**
 * posts_pages_push:
 * @self: a list
 * @data: any bytes
 * @length: how many
 * @func: (scope call): gets each object that is complete; must not free the list
 * @user_data: for @func
 */
void
posts_pages_push (PostsPages *self, const char *data, gsize length, PostsPagesFunc func,
                  gpointer user_data)
{
  gsize start = 0;

  for (gsize i = 0; i < length; i++) {
    if (self->depth == 0) {
      if (data[i] == '{') {
        self->depth = 1;
        self->in_waste = FALSE;
        start = i;
      } else {
        skip (self, data[i]);
      }
    } else if (follow (self, data[i])) {
      keep (self, data + start, i + 1 - start);
      end_object (self, func, user_data);
    }
  }
  if (self->depth > 0)
    keep (self, data + start, length - start);
}

guint
posts_pages_get_n_dropped (PostsPages *self)
{
  return self->n_dropped;
}

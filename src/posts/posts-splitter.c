/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-splitter.h"

struct _PostsSplitter {
  GByteArray *pending; /* the start of a line */
  gboolean lone_returns;
  gboolean after_return; /* a newline now belongs to the return before */
  gboolean dropping;     /* in a line that is too long */
  guint n_dropped;
};

/**
 * posts_splitter_new:
 * @lone_returns: whether a carriage return alone ends a line, as in server-sent events
 *
 * Returns: (transfer full): at the start of a body
 */
PostsSplitter *
posts_splitter_new (gboolean lone_returns)
{
  PostsSplitter *self = g_new0 (PostsSplitter, 1);

  self->pending = g_byte_array_new ();
  self->lone_returns = lone_returns;
  return self;
}

void
posts_splitter_free (PostsSplitter *self)
{
  g_byte_array_unref (self->pending);
  g_free (self);
}

/* What stands before the next end of a line. */
static gsize
find_end (PostsSplitter *self, const char *data, gsize length)
{
  const char *newline = memchr (data, '\n', length);
  const gsize until = newline != NULL ? (gsize) (newline - data) : length;
  const char *back = self->lone_returns ? memchr (data, '\r', until) : NULL;

  return back != NULL ? (gsize) (back - data) : until;
}

static void
end_line (PostsSplitter *self, PostsSplitterFunc func, gpointer user_data)
{
  gsize length = self->pending->len;

  if (self->dropping) {
    self->dropping = FALSE;
  } else {
    /* The returns before a newline are a part of the end of the line. */
    while (!self->lone_returns && length > 0 && self->pending->data[length - 1] == '\r')
      length--;
    g_byte_array_append (self->pending, (const guint8 *) "", 1);
    self->pending->data[length] = '\0';
    func ((const char *) self->pending->data, length, user_data);
  }
  g_byte_array_set_size (self->pending, 0);
}

static void
keep (PostsSplitter *self, const char *data, gsize length)
{
  if (self->dropping)
    return;
  if (self->pending->len + length > POSTS_SPLITTER_MAX_BYTES) {
    self->dropping = TRUE;
    self->n_dropped++;
    g_byte_array_unref (self->pending); /* the memory too */
    self->pending = g_byte_array_new ();
    return;
  }
  g_byte_array_append (self->pending, (const guint8 *) data, (guint) length);
}

/**
 * posts_splitter_push:
 * @self: a splitter
 * @data: any bytes
 * @length: how many
 * @func: (scope call): gets each line that is complete; must not free the splitter
 * @user_data: for @func
 */
void
posts_splitter_push (PostsSplitter *self, const char *data, gsize length, PostsSplitterFunc func,
                     gpointer user_data)
{
  while (length > 0) {
    gsize n = 0;

    if (self->after_return && *data == '\n') {
      self->after_return = FALSE;
      data++;
      length--;
      continue;
    }
    self->after_return = FALSE;
    n = find_end (self, data, length);
    keep (self, data, n);
    if (n < length) {
      self->after_return = data[n] == '\r';
      end_line (self, func, user_data);
      n++;
    }
    data += n;
    length -= n;
  }
}

guint
posts_splitter_get_n_dropped (PostsSplitter *self)
{
  return self->n_dropped;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-splitter.h"
#include "posts-sse.h"

#define MAX_EVENT_BYTES 128

struct _PostsSse {
  PostsSplitter *splitter;
  PostsSseFunc func;
  gpointer user_data;
  GString *event;
  GString *data;
  gboolean has_data;
  gboolean too_long;
  gboolean started; /* the first line, which may have a byte order mark, is read */
  guint n_dropped;
};

/**
 * posts_sse_new:
 * @func: gets each event that has data; must not free the reader
 * @user_data: for @func
 *
 * Returns: (transfer full): at the start of a body
 */
PostsSse *
posts_sse_new (PostsSseFunc func, gpointer user_data)
{
  PostsSse *self = g_new0 (PostsSse, 1);

  self->splitter = posts_splitter_new (TRUE);
  self->func = func;
  self->user_data = user_data;
  self->event = g_string_new (NULL);
  self->data = g_string_new (NULL);
  return self;
}

void
posts_sse_free (PostsSse *self)
{
  posts_splitter_free (self->splitter);
  g_string_free (self->event, TRUE);
  g_string_free (self->data, TRUE);
  g_free (self);
}

static void
dispatch (PostsSse *self)
{
  if (self->too_long)
    self->n_dropped++;
  else if (self->has_data)
    self->func (self->event->len > 0 ? self->event->str : "message", self->data->str,
                self->data->len, self->user_data);
  g_string_truncate (self->event, 0);
  if (self->data->allocated_len > 64 * 1024) {
    g_string_free (self->data, TRUE);
    self->data = g_string_new (NULL);
  }
  g_string_truncate (self->data, 0);
  self->has_data = FALSE;
  self->too_long = FALSE;
}

static void
add_data (PostsSse *self, const char *value, gsize length)
{
  if (self->data->len + length + 1 > POSTS_SPLITTER_MAX_BYTES) {
    self->too_long = TRUE;
    return;
  }
  if (self->has_data)
    g_string_append_c (self->data, '\n');
  g_string_append_len (self->data, value, (gssize) length);
  self->has_data = TRUE;
}

static void
line_cb (const char *line, gsize length, gpointer user_data)
{
  PostsSse *self = user_data;

  if (!self->started && length >= 3 && memcmp (line, "\xEF\xBB\xBF", 3) == 0) {
    line += 3;
    length -= 3;
  }
  self->started = TRUE;
  if (length == 0) {
    dispatch (self);
    return;
  }
  if (*line == ':')
    return;

  const char *colon = memchr (line, ':', length);
  const gsize name_length = colon != NULL ? (gsize) (colon - line) : length;
  const char *value = colon != NULL ? colon + 1 : line + length;
  gsize value_length = length - (gsize) (value - line);

  if (value_length > 0 && *value == ' ') {
    value++;
    value_length--;
  }
  if (name_length == 5 && memcmp (line, "event", 5) == 0) {
    g_string_truncate (self->event, 0);
    g_string_append_len (self->event, value, (gssize) MIN (value_length, MAX_EVENT_BYTES));
  } else if (name_length == 4 && memcmp (line, "data", 4) == 0) {
    add_data (self, value, value_length);
  }
}

void
posts_sse_push (PostsSse *self, const char *data, gsize length)
{
  posts_splitter_push (self->splitter, data, length, line_cb, self);
}

guint
posts_sse_get_n_dropped (PostsSse *self)
{
  return self->n_dropped + posts_splitter_get_n_dropped (self->splitter);
}

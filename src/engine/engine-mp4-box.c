/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-mp4-box.h"

/**
 * engine_mp4_read_bytes:
 * @self: a reader
 * @n: how many bytes
 *
 * Returns: (nullable): @n bytes, `NULL` beyond the end
 */
const guint8 *
engine_mp4_read_bytes (EngineMp4Reader *self, gsize n)
{
  const guint8 *bytes = self->data + self->at;

  if (self->failed || n > self->size - self->at) {
    self->failed = TRUE;
    return NULL;
  }
  self->at += n;
  return bytes;
}

static guint64
read_number (EngineMp4Reader *self, guint n_bytes)
{
  const guint8 *bytes = engine_mp4_read_bytes (self, n_bytes);
  guint64 value = 0;

  for (guint i = 0; bytes != NULL && i < n_bytes; i++)
    value = value << 8 | bytes[i];
  return value;
}

guint8
engine_mp4_read_u8 (EngineMp4Reader *self)
{
  return (guint8) read_number (self, 1);
}

guint16
engine_mp4_read_u16 (EngineMp4Reader *self)
{
  return (guint16) read_number (self, 2);
}

guint32
engine_mp4_read_u32 (EngineMp4Reader *self)
{
  return (guint32) read_number (self, 4);
}

guint64
engine_mp4_read_u64 (EngineMp4Reader *self)
{
  return read_number (self, 8);
}

/**
 * engine_mp4_read_box:
 * @self: what a box contains
 * @type: (out): the type of the next box in it
 * @body: (out): what that one contains
 *
 * Returns: whether there is a box; one that claims to reach beyond its parent is none
 */
gboolean
engine_mp4_read_box (EngineMp4Reader *self, guint32 *type, EngineMp4Reader *body)
{
  const gsize left = self->failed ? 0 : self->size - self->at;
  guint64 size = 0, header = 8;

  if (left < header)
    return FALSE;
  size = engine_mp4_read_u32 (self);
  *type = engine_mp4_read_u32 (self);
  if (size == 1) {
    size = engine_mp4_read_u64 (self);
    header = 16;
  } else if (size == 0) {
    size = left;
  }
  if (self->failed || size < header || size > left) {
    self->failed = TRUE;
    return FALSE;
  }
  *body = (EngineMp4Reader){ .data = self->data + self->at, .size = (gsize) (size - header) };
  self->at += (gsize) (size - header);
  return TRUE;
}

/**
 * engine_mp4_find_box:
 * @self: what a box contains, read from its beginning
 * @type: a type
 * @body: (out): what the first box of that type contains
 *
 * Returns: whether there is one
 */
gboolean
engine_mp4_find_box (const EngineMp4Reader *self, guint32 type, EngineMp4Reader *body)
{
  EngineMp4Reader reader = { .data = self->data, .size = self->size };
  guint32 found = 0;

  while (engine_mp4_read_box (&reader, &found, body)) {
    if (found == type)
      return TRUE;
  }
  return FALSE;
}

static void
put_number (GByteArray *bytes, guint64 value, guint n_bytes)
{
  guint8 number[8] = { 0 };

  for (guint i = 0; i < n_bytes; i++)
    number[i] = (guint8) (value >> (8 * (n_bytes - 1 - i)));
  g_byte_array_append (bytes, number, n_bytes);
}

void
engine_mp4_put_u8 (GByteArray *bytes, guint8 value)
{
  put_number (bytes, value, 1);
}

void
engine_mp4_put_u16 (GByteArray *bytes, guint16 value)
{
  put_number (bytes, value, 2);
}

void
engine_mp4_put_u32 (GByteArray *bytes, guint32 value)
{
  put_number (bytes, value, 4);
}

void
engine_mp4_put_u64 (GByteArray *bytes, guint64 value)
{
  put_number (bytes, value, 8);
}

void
engine_mp4_put_zeros (GByteArray *bytes, guint n)
{
  for (guint i = 0; i < n; i++)
    put_number (bytes, 0, 1);
}

void
engine_mp4_put_string (GByteArray *bytes, const char *string)
{
  g_byte_array_append (bytes, (const guint8 *) string, (guint) strlen (string));
}

guint
engine_mp4_open_box (GByteArray *bytes, guint32 type)
{
  const guint box = bytes->len;

  engine_mp4_put_u32 (bytes, 0);
  engine_mp4_put_u32 (bytes, type);
  return box;
}

guint
engine_mp4_open_full_box (GByteArray *bytes, guint32 type, guint8 version, guint32 flags)
{
  const guint box = engine_mp4_open_box (bytes, type);

  engine_mp4_put_u32 (bytes, (guint32) version << 24 | flags);
  return box;
}

void
engine_mp4_set_u32 (GByteArray *bytes, guint at, guint32 value)
{
  for (guint i = 0; i < 4; i++)
    bytes->data[at + i] = (guint8) (value >> (8 * (3 - i)));
}

void
engine_mp4_close_box (GByteArray *bytes, guint box)
{
  engine_mp4_set_u32 (bytes, box, bytes->len - box);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ENGINE_MP4_TYPE(a, b, c, d) \
  ((guint32) (a) << 24 | (guint32) (b) << 16 | (guint32) (c) << 8 | (guint32) (d))

/**
 * EngineMp4Reader:
 *
 * Bytes of boxes, read one after the other. What lies beyond the end is zero and sets @failed for
 * good, so that a whole box is read first and judged then. Any thread.
 */
typedef struct {
  const guint8 *data; /* borrowed */
  gsize size;
  gsize at;
  gboolean failed;
} EngineMp4Reader;

guint8 engine_mp4_read_u8 (EngineMp4Reader *self);
guint16 engine_mp4_read_u16 (EngineMp4Reader *self);
guint32 engine_mp4_read_u32 (EngineMp4Reader *self);
guint64 engine_mp4_read_u64 (EngineMp4Reader *self);
const guint8 *engine_mp4_read_bytes (EngineMp4Reader *self, gsize n);
gboolean engine_mp4_read_box (EngineMp4Reader *self, guint32 *type, EngineMp4Reader *body);
gboolean engine_mp4_find_box (const EngineMp4Reader *self, guint32 type, EngineMp4Reader *body);

/* What is written grows in a GByteArray; a box knows its size when it is closed. */
void engine_mp4_put_u8 (GByteArray *bytes, guint8 value);
void engine_mp4_put_u16 (GByteArray *bytes, guint16 value);
void engine_mp4_put_u32 (GByteArray *bytes, guint32 value);
void engine_mp4_put_u64 (GByteArray *bytes, guint64 value);
void engine_mp4_put_zeros (GByteArray *bytes, guint n);
void engine_mp4_put_string (GByteArray *bytes, const char *string);
guint engine_mp4_open_box (GByteArray *bytes, guint32 type);
guint engine_mp4_open_full_box (GByteArray *bytes, guint32 type, guint8 version, guint32 flags);
void engine_mp4_close_box (GByteArray *bytes, guint box);
void engine_mp4_set_u32 (GByteArray *bytes, guint at, guint32 value);

G_END_DECLS

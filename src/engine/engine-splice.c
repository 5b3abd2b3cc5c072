/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-splice.h"

/* Two times that are this close are the same: they were rounded. */
#define SAME_NS ((gint64) GST_MSECOND)

/* A side that has not got to the switch by then has broken down: the other goes out without it. */
#define MAX_WAIT_NS (2 * (gint64) GST_SECOND)

typedef struct {
  GstBuffer *buffer;
  GstCaps *caps;
} Packet;

static void
packet_free (gpointer data)
{
  Packet *packet = data;

  gst_buffer_unref (packet->buffer);
  gst_caps_unref (packet->caps);
  g_free (packet);
}

/**
 * engine_splice_init:
 * @self: (out): a splice; the program goes out
 * @media: of which medium
 * @out: where to; must outlive it
 */
void
engine_splice_init (EngineSplice *self, EngineMedia media, EngineFeed *out)
{
  *self = (EngineSplice){ .media = media, .out = out };
  g_queue_init (&self->held);
  engine_splice_reset (self, ENGINE_SIDE_PROGRAM);
}

void
engine_splice_clear (EngineSplice *self)
{
  g_queue_clear_full (&self->held, packet_free);
}

/**
 * engine_splice_reset:
 * @self: a splice
 * @side: whose packets go out from the first on
 */
void
engine_splice_reset (EngineSplice *self, EngineSide side)
{
  engine_splice_clear (self);
  self->side = side;
  self->switch_ns = -1;
  self->end_ns[ENGINE_SIDE_PROGRAM] = self->end_ns[ENGINE_SIDE_BLIND] = -1;
  self->wants_keyframe = FALSE;
}

/**
 * engine_splice_switch:
 * @self: a splice that has no switch to come
 * @time_ns: the show time from which the other side goes out
 */
void
engine_splice_switch (EngineSplice *self, gint64 time_ns)
{
  g_return_if_fail (self->switch_ns < 0);

  self->switch_ns = time_ns;
}

/**
 * engine_splice_cancel:
 * @self: a splice
 *
 * The switch that was to come does not: the same side goes on.
 */
void
engine_splice_cancel (EngineSplice *self)
{
  engine_splice_clear (self);
  self->switch_ns = -1;
}

static void
send (EngineSplice *self, GstBuffer *buffer, GstCaps *caps)
{
  if (self->wants_keyframe && GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT))
    return;
  self->wants_keyframe = FALSE;
  engine_feed_push (self->out, self->media, buffer, caps);
}

static void
complete (EngineSplice *self)
{
  Packet *packet = NULL;

  self->side = self->side == ENGINE_SIDE_PROGRAM ? ENGINE_SIDE_BLIND : ENGINE_SIDE_PROGRAM;
  self->switch_ns = -1;
  self->wants_keyframe = self->media == ENGINE_MEDIA_VIDEO;
  while ((packet = g_queue_pop_head (&self->held)) != NULL) {
    send (self, packet->buffer, packet->caps);
    packet_free (packet);
  }
}

static void
hold (EngineSplice *self, GstBuffer *buffer, GstCaps *caps)
{
  Packet *packet = g_new0 (Packet, 1);

  packet->buffer = gst_buffer_ref (buffer);
  packet->caps = gst_caps_ref (caps);
  g_queue_push_tail (&self->held, packet);
}

/**
 * engine_splice_push:
 * @self: a splice
 * @side: whose packet it is
 * @buffer: the packet; its PTS is show time
 * @caps: its format
 *
 * Returns: whether a switch was completed with it
 */
gboolean
engine_splice_push (EngineSplice *self, EngineSide side, GstBuffer *buffer, GstCaps *caps)
{
  const gint64 pts_ns = (gint64) GST_BUFFER_PTS (buffer);
  const gboolean after = self->switch_ns >= 0 && pts_ns >= self->switch_ns - SAME_NS;

  self->end_ns[side] =
    pts_ns + (GST_BUFFER_DURATION_IS_VALID (buffer) ? (gint64) GST_BUFFER_DURATION (buffer) : 0);
  if (side == self->side && !after) {
    send (self, buffer, caps);
    return FALSE;
  }
  if (!after)
    return FALSE;
  if (side != self->side) {
    hold (self, buffer, caps);
    if (pts_ns < self->switch_ns + MAX_WAIT_NS)
      return FALSE;
  }
  complete (self);
  return TRUE;
}

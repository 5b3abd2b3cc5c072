/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feed.h"

G_BEGIN_DECLS

typedef enum {
  ENGINE_SIDE_PROGRAM,
  ENGINE_SIDE_BLIND,
  ENGINE_N_SIDES,
} EngineSide;

/**
 * EngineSplice:
 *
 * One medium of two encoded feeds, of which one at a time goes out: the other follows it from a
 * given time on, without a gap and in order, however far the two encoders are behind one another.
 *
 * Guarded by its owner's lock.
 */
typedef struct {
  EngineMedia media;
  EngineFeed *out;  /* borrowed */
  EngineSide side;  /* whose packets go out */
  gint64 switch_ns; /* show time from which the other side's do; −1: none is to come */
  GQueue held;      /* of Packet: the other side's, waiting for this side to get there */
  gint64 end_ns[ENGINE_N_SIDES]; /* where each side's newest packet ends; −1 before the first */
  gboolean wants_keyframe;       /* the picture that comes next can be shown only from one on */
} EngineSplice;

void engine_splice_init (EngineSplice *self, EngineMedia media, EngineFeed *out);
void engine_splice_clear (EngineSplice *self);
void engine_splice_reset (EngineSplice *self, EngineSide side);
void engine_splice_switch (EngineSplice *self, gint64 time_ns);
void engine_splice_cancel (EngineSplice *self);
gboolean engine_splice_push (EngineSplice *self, EngineSide side, GstBuffer *buffer, GstCaps *caps);

G_END_DECLS

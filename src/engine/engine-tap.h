/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feed.h"
#include "engine-lock.h"
#include "engine-types.h"

G_BEGIN_DECLS

/**
 * EngineTapFunc:
 * @media: what it is
 * @buffer: a picture or a piece of sound, encoded or not
 * @caps: its format
 * @time_ns: the show time at which it was captured
 * @user_data: what was set
 *
 * Called in streaming threads, the mixer's among them; must not block.
 */
typedef void (*EngineTapFunc) (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gint64 time_ns,
                               gpointer user_data);

/* 100 ms of sound. */
#define ENGINE_TAP_FRAMES (ENGINE_SAMPLE_RATE_HZ / 10)

/**
 * EngineTap:
 *
 * Where somebody may listen to what comes from one source. Costs nothing while nobody does.
 */
typedef struct {
  gint wanted; /* atomic: somebody listens */

  EngineLock lock;    /* guards all below */
  EngineTapFunc func; /* nullable */
  gpointer user_data;
  gint64 encoded_us[ENGINE_N_MEDIA]; /* when something encoded came for the last time */

  /* One thread, which pushes blocks. */
  GstBuffer *block; /* nullable: what is being filled */
  guint n_frames;
  gint64 position;
  gboolean begun;
} EngineTap;

void engine_tap_init (EngineTap *self);
void engine_tap_clear (EngineTap *self);
void engine_tap_set (EngineTap *self, EngineTapFunc func, gpointer user_data);
gboolean engine_tap_is_wanted (EngineTap *self);
void engine_tap_push_encoded (EngineTap *self, EngineMedia media, GstBuffer *buffer, GstCaps *caps,
                              gint64 time_ns);
void engine_tap_push_raw (EngineTap *self, EngineMedia media, GstBuffer *buffer, GstCaps *caps,
                          gint64 time_ns);
void engine_tap_push_block (EngineTap *self, const float *samples, guint n_frames, gint64 position);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/* Where the eye looks: so many points across and down. */
#define ENGINE_EYE_COLUMNS 64
#define ENGINE_EYE_ROWS    36

/* How often it looks. */
#define ENGINE_EYE_INTERVAL_MS 200

/**
 * EngineSight:
 *
 * What an eye has seen lately.
 */
typedef struct {
  gboolean any;      /* there was a picture; when not, all below says nothing */
  guint black_ms;    /* for how long it was black, but for the corners */
  guint still_ms;    /* for how long nothing moved, but in the corners */
  guint8 brightness; /* mean luma of the newest picture, 16 is black */
} EngineSight;

/**
 * EngineEye:
 *
 * Looks at the program a few times a second, for black and for frozen pictures. The corners, where
 * logo, clock and live mark are, do not count.
 *
 * Plain data without a lock: it belongs to who shows it pictures.
 */
typedef struct {
  guint8 seen[ENGINE_EYE_ROWS * ENGINE_EYE_COLUMNS]; /* when something last moved */
  gint64 looked_ms;                                  /* −1: never */
  gint64 black_since_ms;                             /* −1: it is not */
  gint64 moved_ms;
  EngineSight sight;
} EngineEye;

void engine_eye_init (EngineEye *self);
gboolean engine_eye_wants (const EngineEye *self, gint64 time_ms);
void engine_eye_look (EngineEye *self, const GstVideoFrame *frame, gint64 time_ms);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-echo.h"
#include "engine-types.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What a glimpse makes of a picture. */
#define ENGINE_GLIMPSE_WIDTH_PX  320
#define ENGINE_GLIMPSE_HEIGHT_PX 180

/**
 * EngineGlimpse:
 *
 * Looks at a stream as cheaply as can be: only keyframes are decoded, and made small; sound is
 * measured, not played. Reference counted; any thread, but for what is said to be the main one's.
 */
typedef struct _EngineGlimpse EngineGlimpse;

/* Main thread: there is a newer picture. */
typedef void (*EngineGlimpseFunc) (gpointer owner);

/**
 * EngineGlimpseNews:
 * @picture_ms: monotonic time of the newest picture; −1: none came yet
 * @sound_ms: the same of sound
 */
typedef struct {
  gint64 picture_ms;
  gint64 sound_ms;
} EngineGlimpseNews;

EngineGlimpse *engine_glimpse_new (gboolean paced, EngineGlimpseFunc func, gpointer owner);
EngineGlimpse *engine_glimpse_ref (EngineGlimpse *self);
void engine_glimpse_unref (EngineGlimpse *self);
void engine_glimpse_detach (EngineGlimpse *self);
void engine_glimpse_watch (EngineGlimpse *self, GstElement *decoder);
void engine_glimpse_get_news (EngineGlimpse *self, EngineGlimpseNews *news);
EngineFrame *engine_glimpse_take_frame (EngineGlimpse *self);
const EngineEcho *engine_glimpse_lock (EngineGlimpse *self);
void engine_glimpse_unlock (EngineGlimpse *self);

G_END_DECLS

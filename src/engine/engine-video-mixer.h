/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-clock.h"
#include "engine-eye.h"
#include "engine-graphic.h"
#include "engine-scene.h"

G_BEGIN_DECLS

typedef struct {
  guint64 n_mixed;    /* made in time */
  guint64 n_repeated; /* made too late: the frame before went out once more */
  guint64 n_halved;   /* not made on purpose, under overload: the same */
  guint64 n_dropped;  /* not sent at all: a gap in the program's timestamps */
} EngineVideoMixerStats;

/**
 * EngineVideoMixerFunc:
 * @buffer: a frame of the program; its PTS is show time; read only
 *
 * Called in the mixer's thread for each frame; must not block.
 *
 * Returns: whether the frame was taken
 */
typedef gboolean (*EngineVideoMixerFunc) (GstBuffer *buffer, gpointer user_data);

/**
 * EngineVideoMixerCleanFunc:
 * @buffer: a frame of the program without its graphics; otherwise as for #EngineVideoMixerFunc, and the
 *   very same buffer where it has none
 *
 * Called in the mixer's thread, after the other one; must not block.
 */
typedef void (*EngineVideoMixerCleanFunc) (GstBuffer *buffer, gpointer user_data);

#define ENGINE_TYPE_VIDEO_MIXER (engine_video_mixer_get_type ())
G_DECLARE_FINAL_TYPE (EngineVideoMixer, engine_video_mixer, ENGINE, VIDEO_MIXER, GObject)

EngineVideoMixer *engine_video_mixer_new (EngineClock *clock, const EngineFormat *format);
void engine_video_mixer_start (EngineVideoMixer *self);
void engine_video_mixer_stop (EngineVideoMixer *self);
void engine_video_mixer_add_slot (EngineVideoMixer *self, EngineSlot *slot);
void engine_video_mixer_remove_slot (EngineVideoMixer *self, EngineSlot *slot);
void engine_video_mixer_take (EngineVideoMixer *self, EngineScene *scene,
                              EngineTransition transition, guint transition_ms);
void engine_video_mixer_set_graphic (EngineVideoMixer *self, EngineGraphic graphic,
                                     EngineOverlay *overlay);
EngineOverlay *engine_video_mixer_get_graphic (EngineVideoMixer *self, EngineGraphic graphic);
void engine_video_mixer_set_consumer (EngineVideoMixer *self, EngineVideoMixerFunc func,
                                      gpointer user_data);
void engine_video_mixer_set_clean_consumer (EngineVideoMixer *self, EngineVideoMixerCleanFunc func,
                                            gpointer user_data);
const GstVideoInfo *engine_video_mixer_get_info (EngineVideoMixer *self);
GstBuffer *engine_video_mixer_get_last_frame (EngineVideoMixer *self);
EngineVideoMixerStats engine_video_mixer_get_stats (EngineVideoMixer *self);
EngineSight engine_video_mixer_get_sight (EngineVideoMixer *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-scene.h"

G_BEGIN_DECLS

/* How long those who stay take to make room when somebody comes or leaves. */
#define ENGINE_COMPOSER_GLIDE_NS G_GINT64_CONSTANT (300000000)

/**
 * EngineComposer:
 *
 * Paints scenes. It remembers where it painted what, and how, so one belongs to one thread.
 */
typedef struct _EngineComposer EngineComposer;

EngineComposer *engine_composer_new (void);
void engine_composer_free (EngineComposer *self);
void engine_composer_paint (EngineComposer *self, EngineScene *scene, gint64 time_ns,
                            GstVideoFrame *frame);
void engine_composer_begin_move (EngineComposer *self, EngineScene *from, gboolean anew,
                                 gint64 time_ns, EngineSize size);
void engine_composer_paint_move (EngineComposer *self, EngineScene *from, EngineScene *to,
                                 double progress, gint64 time_ns, GstVideoFrame *frame);
EnginePicture *engine_composer_find_passthrough (EngineComposer *self, EngineScene *scene,
                                                 gint64 time_ns, const GstVideoInfo *info);
GstBuffer *engine_composer_make_frame (EngineScene *scene, const GstVideoInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineComposer, engine_composer_free)

G_END_DECLS

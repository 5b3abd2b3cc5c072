/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-preview.h"
#include "engine-video-mixer.h"

G_BEGIN_DECLS

/**
 * EnginePreviewer:
 *
 * The thread that makes all small pictures for the window.
 */
#define ENGINE_TYPE_PREVIEWER (engine_previewer_get_type ())
G_DECLARE_FINAL_TYPE (EnginePreviewer, engine_previewer, ENGINE, PREVIEWER, GObject)

EnginePreviewer *engine_previewer_new (EngineClock *clock, EngineVideoMixer *mixer);
void engine_previewer_stop (EnginePreviewer *self);
void engine_previewer_set_light (EnginePreviewer *self, gboolean light);
void engine_previewer_set_pause (EnginePreviewer *self, EnginePicture *card);
void engine_previewer_set_draft (EnginePreviewer *self, EngineGraphic graphic,
                                 EngineOverlay *overlay);

EnginePreview *_engine_preview_new_program (EnginePreviewer *previewer, guint rate_fps);
EnginePreview *_engine_preview_new_scene (EnginePreviewer *previewer, EngineScene *scene,
                                          guint rate_fps);
void _engine_preview_set_next (EnginePreview *self, EngineScene *scene);

G_END_DECLS

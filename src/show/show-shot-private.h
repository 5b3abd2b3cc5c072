/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-arts.h"
#include "show-shot.h"

G_BEGIN_DECLS

ShowShot *_show_shot_new (const EventShot *record);
ShowShot *_show_shot_new_pause (const char *title);
gboolean _show_shot_update (ShowShot *self, const EventShot *record);
gboolean _show_shot_looks_like (ShowShot *self, const ShowLook *look);
void _show_shot_set_look (ShowShot *self, const ShowLook *look);
EngineScene *_show_shot_get_scene (ShowShot *self);
void _show_shot_set_scene (ShowShot *self, EngineProgram *program, EngineScene *scene);
void _show_shot_add_preview (ShowShot *self, EnginePreview *preview);
void _show_shot_set_tally (ShowShot *self, gboolean on_air, gboolean next);
void _show_shot_set_suggested (ShowShot *self, gboolean suggested);

G_END_DECLS

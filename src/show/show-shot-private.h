/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"
#include "show-shot.h"

G_BEGIN_DECLS

ShowShot *_show_shot_new (const char *id, const char *title, guint number, EngineScene *scene);
EngineScene *_show_shot_get_scene (ShowShot *self);
void _show_shot_set_tally (ShowShot *self, gboolean on_air, gboolean next);

G_END_DECLS

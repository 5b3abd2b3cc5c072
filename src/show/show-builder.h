/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"
#include "event-file.h"
#include "show-arts.h"

#include <gio/gio.h>

G_BEGIN_DECLS

EngineProgram *show_builder_make_program (EventFile *event);
EngineScene *show_builder_make_scene (const EventShot *shot, EngineProgram *program,
                                      GPtrArray *sources, const ShowLook *look);
void show_builder_fill (EventFile *event, EngineProgram *program, GListStore *talks,
                        GListStore *destinations, GListStore *networks);
EngineOutputConfig show_builder_get_output_config (const EventDestination *destination,
                                                   const char *url);
EngineOutput *show_builder_add_live_page (EventFile *event, EngineProgram *program,
                                          GListStore *destinations);

G_END_DECLS

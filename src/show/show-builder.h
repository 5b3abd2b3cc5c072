/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"
#include "event-file.h"

#include <gio/gio.h>

G_BEGIN_DECLS

EngineProgram *show_builder_make_program (EventFile *event);
void show_builder_fill (EventFile *event, EngineProgram *program, GListStore *sources,
                        GListStore *shots, GListStore *talks, GListStore *destinations,
                        GListStore *networks, GError **logo_error);
EngineOutput *show_builder_add_live_page (EventFile *event, EngineProgram *program,
                                          GListStore *destinations);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "show-session.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void control_status_add_source_sound (JsonBuilder *builder, EngineSource *source);
void control_status_add_program_sound (JsonBuilder *builder, EngineProgram *program);
void control_status_add_headphones (JsonBuilder *builder, EngineProgram *program);

G_END_DECLS

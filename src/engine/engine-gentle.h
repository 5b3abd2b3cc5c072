/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-pipeline.h"

G_BEGIN_DECLS

void engine_gentle_apply (EnginePipeline *pipeline);
void engine_gentle_apply_nice (EnginePipeline *pipeline, int nice);

G_END_DECLS

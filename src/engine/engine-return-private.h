/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-clock.h"
#include "engine-return.h"

#include <gst/video/video.h>

G_BEGIN_DECLS

EngineReturn *_engine_return_new (EngineClock *clock, const GstVideoInfo *program);
void _engine_return_set_running (EngineReturn *self, gboolean running);
void _engine_return_push_frame (EngineReturn *self, GstBuffer *frame);

G_END_DECLS

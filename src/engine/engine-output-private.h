/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feed.h"
#include "engine-output.h"
#include "engine-pipeline.h"

G_BEGIN_DECLS

EngineOutput *_engine_output_new (const EngineOutputConfig *config, EngineClock *clock,
                                  EngineFeed *feed);
void _engine_output_start (EngineOutput *self, const char *key);
void _engine_output_refuse (EngineOutput *self, const GError *error);
void _engine_output_stop (EngineOutput *self);
void _engine_output_set_feed (EngineOutput *self, EngineFeed *feed);
void _engine_output_test_upload (EngineOutput *self, const char *key, const EngineFormat *format);
void _engine_output_refuse_upload (EngineOutput *self, const GError *error);

G_END_DECLS

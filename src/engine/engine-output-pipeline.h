/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-output-private.h"
#include "engine-writer.h"

G_BEGIN_DECLS

GstElement *_engine_output_pipeline_build (EngineOutputKind kind, const char *url, const char *key,
                                           EngineWriter *writer, GstElement *bin, GError **error);
GstElement *_engine_output_pipeline_mux (const char *factory, EngineWriter *writer, GstElement *bin,
                                         GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-feeder.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define ENGINE_TYPE_STILL (engine_still_get_type ())
G_DECLARE_FINAL_TYPE (EngineStill, engine_still, ENGINE, STILL, GObject)

EngineFeeder *engine_still_new (const EngineSourceConfig *config, EngineClock *clock,
                                EngineSlot *slot, const EngineFormat *format);

void engine_still_load_async (const char *path, EngineSize limit, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
EnginePicture *engine_still_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS

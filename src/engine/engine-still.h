/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-slot.h"

#include <gio/gio.h>

G_BEGIN_DECLS

void engine_still_load_async (const char *path, EngineSize limit, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
EnginePicture *engine_still_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS

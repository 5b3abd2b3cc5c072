/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define ENGINE_TYPE_PORTAL (engine_portal_get_type ())
G_DECLARE_FINAL_TYPE (EnginePortal, engine_portal, ENGINE, PORTAL, GObject)

/* Main thread only. Signal "closed" (): the desktop, or somebody at it, ended the sharing. */
EnginePortal *engine_portal_new (void);
void engine_portal_ask_async (EnginePortal *self, const char *restore_token,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean engine_portal_ask_finish (EnginePortal *self, GAsyncResult *result, GError **error);
int engine_portal_get_fd (EnginePortal *self);
guint engine_portal_get_node (EnginePortal *self);
const char *engine_portal_get_restore_token (EnginePortal *self);
void engine_portal_close (EnginePortal *self);

G_END_DECLS

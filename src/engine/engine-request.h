/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine-types.h"

G_BEGIN_DECLS

#define ENGINE_PORTAL_NAME "org.freedesktop.portal.Desktop"
#define ENGINE_PORTAL_PATH "/org/freedesktop/portal/desktop"

/* For this room. */
void engine_request_async (GDBusConnection *bus, const char *interface, const char *method,
                           GVariant *arguments, GVariantBuilder *options, guint timeout_s,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data);
GVariant *engine_request_finish (GAsyncResult *result, GError **error);

G_END_DECLS

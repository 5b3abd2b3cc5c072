/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

#define ENGINE_TYPE_CAMERAS (engine_cameras_get_type ())
G_DECLARE_FINAL_TYPE (EngineCameras, engine_cameras, ENGINE, CAMERAS, GObject)

/* Main thread only. Signals: "changed" (): its error, its devices, or whether others may be used; as
 * these change together with it, it comes after "added" (GstDevice) and "removed" (GstDevice). */
EngineCameras *engine_cameras_new (void);
void engine_cameras_ask (EngineCameras *self);
gboolean engine_cameras_is_asking (EngineCameras *self);
gboolean engine_cameras_allows_others (EngineCameras *self);
const GError *engine_cameras_get_error (EngineCameras *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum {
  ENGINE_DEVICE_CAMERA,
  ENGINE_DEVICE_MICROPHONE,
  ENGINE_DEVICE_SPEAKER, /* loudspeakers and headphones */
} EngineDeviceKind;

#define ENGINE_TYPE_DEVICES (engine_devices_get_type ())
G_DECLARE_FINAL_TYPE (EngineDevices, engine_devices, ENGINE, DEVICES, GObject)

/* Main thread only. Signals: "changed" (): a device came or went; "ready" () once, when the first
 * look is done. */
EngineDevices *engine_devices_get_default (void);
gboolean engine_devices_is_ready (EngineDevices *self);
GstDevice *engine_devices_find (EngineDevices *self, EngineDeviceKind kind, const char *id);
gboolean engine_devices_has (EngineDevices *self, EngineDeviceKind kind, const char *id);
guint engine_devices_get_n (EngineDevices *self);
GstDevice *engine_devices_get_nth (EngineDevices *self, guint n, EngineDeviceKind *kind);
char *engine_device_get_id (GstDevice *device);

G_END_DECLS

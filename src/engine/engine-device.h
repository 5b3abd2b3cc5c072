/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>
#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum {
  ENGINE_DEVICE_CAMERA,
  ENGINE_DEVICE_MICROPHONE,
  ENGINE_DEVICE_SPEAKER, /* loudspeakers and headphones */
} EngineDeviceKind;

#define ENGINE_TYPE_DEVICE (engine_device_get_type ())
G_DECLARE_FINAL_TYPE (EngineDevice, engine_device, ENGINE, DEVICE, GObject)

/* Main thread only. Properties: "id", "name" strings, "kind" int EngineDeviceKind, "modes" GStrv: a
 * camera's, the largest first; "present" boolean: FALSE once it was unplugged. Only "present"
 * changes. */
const char *engine_device_get_id (EngineDevice *self);
const char *engine_device_get_name (EngineDevice *self);
EngineDeviceKind engine_device_get_kind (EngineDevice *self);
const char *const *engine_device_get_modes (EngineDevice *self);
gboolean engine_device_get_present (EngineDevice *self);

/* For this room. */
EngineDevice *engine_device_new (GstDevice *device);
GstDevice *engine_device_get_gst_device (EngineDevice *self);
gboolean engine_device_is_monitor (EngineDevice *self);
gboolean engine_device_is_default (EngineDevice *self);
gboolean engine_device_is_called (EngineDevice *self, const char *id);
gboolean engine_device_is_same_hardware (EngineDevice *self, const char *id);
gboolean engine_device_is_rival (EngineDevice *self, const char *id);
void engine_device_meet (EngineDevice *self, EngineDevice *other);
void engine_device_leave (EngineDevice *self);

char *engine_device_make_hardware (const GstStructure *properties, const char *sysfs);

G_END_DECLS

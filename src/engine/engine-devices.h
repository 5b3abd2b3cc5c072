/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-device.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define ENGINE_TYPE_DEVICES (engine_devices_get_type ())
G_DECLARE_FINAL_TYPE (EngineDevices, engine_devices, ENGINE, DEVICES, GObject)

/* A GListModel of the EngineDevices that are plugged in. Main thread only. Signals: "changed" (): a
 * device came or went; "ready" () once, when the first look is done. */
EngineDevices *engine_devices_get_default (void);
gboolean engine_devices_is_ready (EngineDevices *self);
gboolean engine_devices_is_asking (EngineDevices *self);
EngineDevice *engine_devices_find (EngineDevices *self, EngineDeviceKind kind, const char *id);
gboolean engine_devices_has (EngineDevices *self, EngineDeviceKind kind, const char *id);
guint engine_devices_get_n (EngineDevices *self);
EngineDevice *engine_devices_get_nth (EngineDevices *self, guint n);
const GError *engine_devices_get_trouble (EngineDevices *self, EngineDeviceKind kind);
void engine_devices_ask_again (EngineDevices *self);

G_END_DECLS

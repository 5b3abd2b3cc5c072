/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "console-entry.h"

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum {
  CONSOLE_DEVICE_CAMERA,
  CONSOLE_DEVICE_MICROPHONE,
  CONSOLE_DEVICE_MODE,
} ConsoleDevice;

#define CONSOLE_TYPE_DEVICE (console_device_get_type ())
GType console_device_get_type (void);

#define CONSOLE_TYPE_DEVICE_ROW (console_device_row_get_type ())
G_DECLARE_FINAL_TYPE (ConsoleDeviceRow, console_device_row, CONSOLE, DEVICE_ROW, AdwComboRow)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SHOW_TYPE_BATTERY (show_battery_get_type ())
G_DECLARE_FINAL_TYPE (ShowBattery, show_battery, SHOW, BATTERY, GObject)

/* This computer's battery, as UPower knows it. Property "percent" int: how full it is while it is
 * emptied; −1 on mains, without a battery, or where there is no UPower. Main thread only. */
ShowBattery *show_battery_new (void);
void show_battery_start (ShowBattery *self);
void show_battery_stop (ShowBattery *self);
int show_battery_get_percent (ShowBattery *self);

G_END_DECLS

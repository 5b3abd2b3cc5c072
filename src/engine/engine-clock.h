/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

#define ENGINE_TYPE_CLOCK (engine_clock_get_type ())
G_DECLARE_FINAL_TYPE (EngineClock, engine_clock, ENGINE, CLOCK, GObject)

EngineClock *engine_clock_new (void);
GstClock *engine_clock_get_gst_clock (EngineClock *self);
GstClockTime engine_clock_get_base_time (EngineClock *self);
gint64 engine_clock_get_now (EngineClock *self);

G_END_DECLS

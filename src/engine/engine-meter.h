/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * EngineMeter:
 *
 * Counts what goes through a pad in its streaming thread, for somebody on the main thread.
 * Reference counted.
 */
typedef struct _EngineMeter EngineMeter;

/* Called on the main thread, never after engine_meter_detach (). */
typedef void (*EngineMeterFunc) (gpointer owner);

EngineMeter *engine_meter_new (GstElement *sink, guint flowing_after, EngineMeterFunc flowing,
                               gpointer owner);
EngineMeter *engine_meter_ref (EngineMeter *self);
void engine_meter_unref (EngineMeter *self);
gpointer engine_meter_get_owner (EngineMeter *self);
void engine_meter_detach (EngineMeter *self);
guint64 engine_meter_get_bytes (EngineMeter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineMeter, engine_meter_unref)

G_END_DECLS

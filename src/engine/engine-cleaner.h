/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

#include <gst/gst.h>

G_BEGIN_DECLS

#define ENGINE_TYPE_CLEANER (engine_cleaner_get_type ())
G_DECLARE_FINAL_TYPE (EngineCleaner, engine_cleaner, ENGINE, CLEANER, GObject)

EngineCleaner *engine_cleaner_new (void);
gboolean engine_cleaner_is_available (void);
void engine_cleaner_set (EngineCleaner *self, gboolean noise_suppression, gboolean gain_control);
GstElement *engine_cleaner_make (EngineCleaner *self, GstElement *bin, GstElement *exit,
                                 GError **error);

G_END_DECLS

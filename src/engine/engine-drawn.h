/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-bridge.h"
#include "engine-drawing.h"

G_BEGIN_DECLS

gboolean engine_drawn_build (GstElement *bin, EngineDrawingKind kind, EngineBridge *bridge,
                             GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What a camera can give, as text: “1280x720@30 jpeg”. Any thread. */
GStrv engine_mode_list (const GstCaps *caps);
GstCaps *engine_mode_choose (const GstCaps *caps, const char *wanted, const EngineFormat *format);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

void engine_downmix_follow (GstElement *converter);

G_END_DECLS

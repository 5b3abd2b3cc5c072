/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-pipeline.h"
#include "engine-types.h"

G_BEGIN_DECLS

gboolean engine_extra_chain_knows (const GstCaps *caps);
GstElement *engine_extra_chain_make (GstElement *bin, GstElement *muxer, GstCaps *caps,
                                     GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-bridge.h"

G_BEGIN_DECLS

/* From what comes coded, or raw but in any format, to the bridge. */
gboolean engine_decode_link (GstElement **chain, guint n, GError **error);
GstElement *engine_decode_make_picture_chain (GstElement *bin, EngineBridge *bridge, GstPad *pad,
                                              GError **error);
GstElement *engine_decode_make_sound_chain (GstElement *bin, EngineBridge *bridge, GError **error);
void engine_decode_connect (GstElement *decoder, EngineBridge *bridge);

G_END_DECLS

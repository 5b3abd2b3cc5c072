/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * EngineWhipPicture:
 * @ENGINE_WHIP_PICTURE_H264: the shared encode as it is
 * @ENGINE_WHIP_PICTURE_VP8: decoded and encoded once more, for a server that takes nothing else
 *
 * What a server gets.
 */
typedef enum {
  ENGINE_WHIP_PICTURE_H264,
  ENGINE_WHIP_PICTURE_VP8,
} EngineWhipPicture;

GstElement *engine_whip_picture_build (EngineWhipPicture picture, GstElement *source,
                                       GstElement *bin, GError **error);
void engine_whip_picture_ask_for_keyframe (GstElement *payloader);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-whip-health.h"
#include "engine-whip-picture.h"
#include "engine-writer.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_WHIP_PEER (engine_whip_peer_get_type ())
G_DECLARE_FINAL_TYPE (EngineWhipPeer, engine_whip_peer, ENGINE, WHIP_PEER, GObject)

/* Signals, on the main thread: "offer" (char *sdp), "candidate" (char *fragment), "connected" (),
 * "failed" (GError), "keyframe-wanted" (). */
EngineWhipPeer *engine_whip_peer_new (EngineWhipPicture picture);
GstElement *engine_whip_peer_build (EngineWhipPeer *self, EngineWriter *writer, GstElement *bin,
                                    const char *const *ice_servers, GError **error);
void engine_whip_peer_answer (EngineWhipPeer *self, const char *sdp);
gboolean engine_whip_peer_measure (EngineWhipPeer *self, EngineWhipHealth *health);
void engine_whip_peer_close (EngineWhipPeer *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define ENGINE_TYPE_WHIP_CLIENT (engine_whip_client_get_type ())
G_DECLARE_FINAL_TYPE (EngineWhipClient, engine_whip_client, ENGINE, WHIP_CLIENT, GObject)

/* Signals: "answered" (char *sdp): the server takes the offer; "countered" (char *sdp): a player's is
 * refused, but the server makes one, to be answered; "failed" (GError): it does not, or did not take the
 * answer. One of them comes once for each offer. */
EngineWhipClient *engine_whip_client_new (const char *url, const char *token);
EngineWhipClient *engine_whip_client_new_player (const char *url, const char *token);
void engine_whip_client_offer (EngineWhipClient *self, const char *sdp);
void engine_whip_client_answer (EngineWhipClient *self, const char *sdp);
void engine_whip_client_trickle (EngineWhipClient *self, const char *fragment);
const char *const *engine_whip_client_get_ice_servers (EngineWhipClient *self);
guint engine_whip_client_get_retry_after_ms (EngineWhipClient *self);
void engine_whip_client_close (EngineWhipClient *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"
#include "guest-health.h"
#include "guest-ice.h"
#include "guest-types.h"

G_BEGIN_DECLS

/**
 * GuestPeerConfig:
 * @program: what the guest sees and hears
 * @source: (nullable): what his picture and sound become; `NULL`: he only follows
 * @bus: (nullable): what he hears; `NULL`: nothing goes back
 * @sends_picture_back: the program's picture goes back as well
 * @jitter_ms: how late a packet may be without being missed; 0: the usual
 * @whole: our offer is to have all candidates in it, for one who gets them no other way
 *
 * What a connection is for. All of it is borrowed for the call; the peer takes references.
 */
typedef struct {
  EngineProgram *program;
  EngineSource *source;
  EngineBus *bus;
  gboolean sends_picture_back;
  guint jitter_ms;
  gboolean whole;
} GuestPeerConfig;

#define GUEST_TYPE_PEER (guest_peer_get_type ())
G_DECLARE_FINAL_TYPE (GuestPeer, guest_peer, GUEST, PEER, GObject)

/* Main thread only. Signals, on the main thread: "offer" (char *sdp), "answer" (char *sdp),
 * "candidate" (char *candidate, guint index), "connected" (), "failed" (GError): it is over, close
 * it; "health-changed" (), once a second while connected. */
GuestPeer *guest_peer_new (const GuestPeerConfig *config, const GuestIce *ice);
gboolean guest_peer_offer (GuestPeer *self, GError **error);
gboolean guest_peer_take_offer (GuestPeer *self, const char *sdp, GError **error);
gboolean guest_peer_take_answer (GuestPeer *self, const char *sdp, GError **error);
gboolean guest_peer_add_candidate (GuestPeer *self, const char *candidate, guint index,
                                   GError **error);
void guest_peer_set_view (GuestPeer *self, EngineSource *source);
void guest_peer_set_music (GuestPeer *self, gboolean music);
void guest_peer_ask_for_picture (GuestPeer *self);
void guest_peer_show_anew (GuestPeer *self);
void guest_peer_get_health (GuestPeer *self, GuestHealth *health);
void guest_peer_close (GuestPeer *self);

G_END_DECLS

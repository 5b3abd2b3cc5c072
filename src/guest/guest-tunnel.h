/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-types.h"

G_BEGIN_DECLS

#define GUEST_TYPE_TUNNEL (guest_tunnel_get_type ())
G_DECLARE_FINAL_TYPE (GuestTunnel, guest_tunnel, GUEST, TUNNEL, GObject)

/* Main thread only. Signal: "changed" (): one of the getters says something else. */
GuestTunnel *guest_tunnel_new (const char *const *command);
void guest_tunnel_start (GuestTunnel *self);
void guest_tunnel_stop (GuestTunnel *self);
GuestTunnelState guest_tunnel_get_state (GuestTunnel *self);
const GError *guest_tunnel_get_error (GuestTunnel *self); /* nullable: why it ended last time */
const char *guest_tunnel_get_public_address (GuestTunnel *self); /* nullable: what it printed */

G_END_DECLS

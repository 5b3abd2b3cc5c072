/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "engine-program.h"
#include "guest-health.h"
#include "guest-ice.h"

G_BEGIN_DECLS

#define GUEST_TYPE_WHIP (guest_whip_get_type ())
G_DECLARE_FINAL_TYPE (GuestWhip, guest_whip, GUEST, WHIP, GObject)

/* Main thread only; made by guest_room_add_whip (). Properties: "connected" boolean; "error" GError,
 * nullable: why the last one who sent something ended. Signal: "health-changed" (). */
GuestWhip *guest_whip_new (EngineProgram *program, EngineSource *source);
EngineSource *guest_whip_get_source (GuestWhip *self);
gboolean guest_whip_get_connected (GuestWhip *self);
const GError *guest_whip_get_error (GuestWhip *self);
void guest_whip_get_health (GuestWhip *self, GuestHealth *health);
void guest_whip_handle (GuestWhip *self, SoupServerMessage *message, const char *token,
                        const char *session, const GuestIce *ice);
void guest_whip_close (GuestWhip *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "guest-peer.h"

G_BEGIN_DECLS

#define GUEST_TYPE_WHIP (guest_whip_get_type ())
G_DECLARE_FINAL_TYPE (GuestWhip, guest_whip, GUEST, WHIP, GObject)

/* Signal "health-changed" (), once a second while somebody sends. */
GuestWhip *guest_whip_new (EngineProgram *program, EngineSource *source, const GuestIce *ice);
void guest_whip_answer (GuestWhip *self, SoupServerMessage *message, const char *session);
gboolean guest_whip_get_health (GuestWhip *self, GuestHealth *health);
void guest_whip_close (GuestWhip *self);

G_END_DECLS

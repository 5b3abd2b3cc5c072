/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-peer.h"

G_BEGIN_DECLS

#define GUEST_TYPE_WHEP (guest_whep_get_type ())
G_DECLARE_FINAL_TYPE (GuestWhep, guest_whep, GUEST, WHEP, GObject)

/* A source that is pulled from a relay by WHEP. Main thread only. Signals: "connected" (); "failed"
 * (GError): once for each start at the most, also when what was connected breaks off. */
GuestWhep *guest_whep_new (EngineProgram *program, EngineSource *source);
void guest_whep_start (GuestWhep *self, const char *uri, const char *token, const GuestIce *ice);
void guest_whep_stop (GuestWhep *self);
void guest_whep_get_health (GuestWhep *self, GuestHealth *health);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define GUEST_TYPE_WHEP_CLIENT (guest_whep_client_get_type ())
G_DECLARE_FINAL_TYPE (GuestWhepClient, guest_whep_client, GUEST, WHEP_CLIENT, GObject)

/* Main thread only. Signals: "answered" (char *sdp): the relay takes our offer; "countered" (char *sdp):
 * it makes an offer of its own instead; "failed" (GError): it does neither, or not our answer. */
GuestWhepClient *guest_whep_client_new (const char *uri, const char *token);
void guest_whep_client_offer (GuestWhepClient *self, const char *sdp);
void guest_whep_client_answer (GuestWhepClient *self, const char *sdp);
void guest_whep_client_close (GuestWhepClient *self);

G_END_DECLS

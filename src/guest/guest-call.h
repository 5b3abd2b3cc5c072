/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-settings.h"
#include "guest-teller.h"

G_BEGIN_DECLS

#define GUEST_TYPE_CALL (guest_call_get_type ())
G_DECLARE_FINAL_TYPE (GuestCall, guest_call, GUEST, CALL, GObject)

/* Main thread only. Signal: "answered" (): his page is there and was welcomed. */
GuestCall *guest_call_new (EngineProgram *program, GuestGuest *guest, const char *token);
GuestGuest *guest_call_get_guest (GuestCall *self);
const char *guest_call_get_token (GuestCall *self); /* nullable: void */
void guest_call_set_token (GuestCall *self, const char *token);
EngineBus *guest_call_get_bus (GuestCall *self);
void guest_call_set_view (GuestCall *self, EngineSource *view);
gboolean guest_call_has_line (GuestCall *self);
void guest_call_answer (GuestCall *self, GuestLine *line, GuestSettings *settings, gboolean live);
void guest_call_set_settings (GuestCall *self, GuestSettings *settings);
GuestTeller *guest_call_get_teller (GuestCall *self);
void guest_call_check (GuestCall *self, gint64 now_us);
void guest_call_close (GuestCall *self, const char *reason);

G_END_DECLS

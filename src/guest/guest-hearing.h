/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-bus.h"

G_BEGIN_DECLS

#define GUEST_TYPE_HEARING (guest_hearing_get_type ())
G_DECLARE_FINAL_TYPE (GuestHearing, guest_hearing, GUEST, HEARING, GObject)

GuestHearing *guest_hearing_new (EngineBus *bus);
GstElement *guest_hearing_build (GuestHearing *self, GstElement *bin, guint payload_type,
                                 guint twcc_id, GError **error);
void guest_hearing_set_music (GuestHearing *self, gboolean music);
void guest_hearing_begin (GuestHearing *self);
void guest_hearing_close (GuestHearing *self);

G_END_DECLS

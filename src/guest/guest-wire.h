/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

#include "guest-ice.h"
#include "guest-types.h"

G_BEGIN_DECLS

#define GUEST_TYPE_WIRE (guest_wire_get_type ())
G_DECLARE_FINAL_TYPE (GuestWire, guest_wire, GUEST, WIRE, GObject)

/* Signals, on the main thread: "described" (char *sdp): our offer or answer; "candidate" (char
 * *candidate, guint index); "connected" (); "pad" (GstPad): what he sends comes out of it once the
 * signal is over; "way" (gboolean relayed); "failed" (GError), once. */
GuestWire *guest_wire_new (GstElement *bin, const GuestIce *ice, guint jitter_ms, gboolean whole,
                           GError **error);
GstElement *guest_wire_get_element (GuestWire *self);
void guest_wire_offer (GuestWire *self);
void guest_wire_await_offer (GuestWire *self);
void guest_wire_take_description (GuestWire *self, const char *sdp, gboolean is_offer);
void guest_wire_add_candidate (GuestWire *self, const char *candidate, guint index);
void guest_wire_look_for_way (GuestWire *self);
gint64 guest_wire_get_heard (GuestWire *self);
void guest_wire_close (GuestWire *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"

G_BEGIN_DECLS

#define GUEST_TYPE_SEEING (guest_seeing_get_type ())
G_DECLARE_FINAL_TYPE (GuestSeeing, guest_seeing, GUEST, SEEING, GObject)

GuestSeeing *guest_seeing_new (EngineProgram *program);
GstElement *guest_seeing_build (GuestSeeing *self, GstElement *bin, guint payload_type,
                                guint twcc_id, GError **error);
void guest_seeing_begin (GuestSeeing *self);
void guest_seeing_ask (GuestSeeing *self);
void guest_seeing_set_bps (GuestSeeing *self, int bps);
void guest_seeing_set_source (GuestSeeing *self, EngineSource *source);
void guest_seeing_close (GuestSeeing *self);

G_END_DECLS

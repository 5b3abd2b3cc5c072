/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>
#include <gst/sdp/sdp.h>

G_BEGIN_DECLS

/**
 * GuestNotes:
 *
 * What the threads of a connection's elements note down, counted by references: they must not hold
 * what holds them. Any thread.
 */
typedef struct _GuestNotes GuestNotes;

GuestNotes *guest_notes_new (void);
void guest_notes_release (gpointer notes);
void guest_notes_watch (GuestNotes *self, GstElement *rtpbin);
void guest_notes_take_sound (GuestNotes *self, const GstSDPMessage *message);
void guest_notes_hear (GuestNotes *self);
gint64 guest_notes_get_heard (GuestNotes *self);

G_END_DECLS

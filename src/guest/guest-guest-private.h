/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-guest.h"

G_BEGIN_DECLS

/**
 * GuestGuest:
 *
 * One person with a link: what the operator sees of them and may do. It holds no connection; the
 * guest's line tells it what it learns, and follows what the operator does to it.
 */
struct _GuestGuest {
  GObject parent_instance;

  char *id;
  char *name;
  EngineSource *source;
  EngineSource *screen; /* nullable */
  char *link;           /* nullable */

  GuestState state;
  GuestPlace own_place; /* never on air */
  gboolean connected;
  gboolean was_here; /* and has not gone home since */
  gboolean revoked;
  gboolean sharing;
  gboolean camera_on;
  gboolean microphone_on;
  gboolean music;
  gboolean talked_to;
  guint rejoined_id;
  GuestHealth health;
  GError *error; /* nullable */

  GuestSeen seen;

  char *cue; /* nullable */
  guint cue_id;
  int max_height_px;
};

/* What the room and the guest's line tell the model. */
GuestGuest *_guest_guest_new (const char *id, const char *name, EngineSource *source,
                              EngineSource *screen);
void _guest_guest_set_screen (GuestGuest *self, EngineSource *screen);
void _guest_guest_set_connected (GuestGuest *self, gboolean connected);
void _guest_guest_set_place (GuestGuest *self, GuestPlace place);
void _guest_guest_set_devices (GuestGuest *self, gboolean camera, gboolean microphone,
                               gboolean music);
void _guest_guest_set_sharing (GuestGuest *self, gboolean sharing);
void _guest_guest_set_health (GuestGuest *self, const GuestHealth *health);
gboolean _guest_guest_get_judged_weak (GuestGuest *self);
void _guest_guest_set_seen (GuestGuest *self, const GuestSeen *seen);
void _guest_guest_set_error (GuestGuest *self, const GError *error);
void _guest_guest_set_link (GuestGuest *self, const char *link);
void _guest_guest_set_revoked (GuestGuest *self, gboolean revoked);
void _guest_guest_set_talked_to (GuestGuest *self, gboolean talked_to);
void _guest_guest_note_cue_seen (GuestGuest *self, guint cue_id);
void _guest_guest_go_home (GuestGuest *self);
guint _guest_guest_get_cue_id (GuestGuest *self);
GuestPlace _guest_guest_get_own_place (GuestGuest *self); /* not on air, but what his page says */

G_END_DECLS

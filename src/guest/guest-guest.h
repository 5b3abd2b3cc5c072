/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-source.h"
#include "guest-health.h"
#include "guest-types.h"

G_BEGIN_DECLS

#define GUEST_MAX_CUE_CHARS 200

/**
 * GuestSeen:
 * @rate_fps, @width_px, @height_px, @lost_share, @rtt_ms: −1: not told
 * @reduced: his line does not carry his whole picture: he sends a smaller one
 *
 * What a guest gets to see of us, as his page says.
 */
typedef struct {
  double rate_fps;
  double width_px;
  double height_px;
  double lost_share;
  double rtt_ms;
  gboolean reduced;
} GuestSeen;

#define GUEST_SEEN_NONE  ((GuestSeen){ -1, -1, -1, -1, -1, FALSE })

#define GUEST_TYPE_GUEST (guest_guest_get_type ())
G_DECLARE_FINAL_TYPE (GuestGuest, guest_guest, GUEST, GUEST, GObject)

/* Main thread only; made by guest_room_add (). Properties, all with notify:
 *   "id", "name"                 strings
 *   "state" GuestState           what the operator reads
 *   "place" GuestPlace           where he is, below what is shown for a while
 *   "connected" boolean          his page is there, or his picture and sound are
 *   "ready", "on-air", "next"    booleans
 *   "sharing" boolean            his screen comes in
 *   "camera-on", "microphone-on", "music" booleans: what his page sends
 *   "way" GuestWay, "weak"       how picture and sound travel; whether the line is too weak
 *   "error" GError, nullable     why his last connection broke off, until the next one holds
 *   "link" string, nullable      `NULL` while the room is closed or his link is void
 *   "cue" string, nullable       what was written to him and he has not seen yet
 *   "max-height" int             the picture he was asked to keep to; 0: none
 *   "talked-to" boolean          he hears the operator
 * Signals: "health-changed" (), once a second while connected; "put-back" (); "dismissed" (char
 * *reason). */
const char *guest_guest_get_id (GuestGuest *self);
const char *guest_guest_get_name (GuestGuest *self);
void guest_guest_set_name (GuestGuest *self, const char *name);
EngineSource *guest_guest_get_source (GuestGuest *self);
EngineSource *guest_guest_get_screen (GuestGuest *self); /* nullable */
GuestState guest_guest_get_state (GuestGuest *self);
GuestPlace guest_guest_get_place (GuestGuest *self);
gboolean guest_guest_get_connected (GuestGuest *self);
gboolean guest_guest_get_ready (GuestGuest *self);
gboolean guest_guest_get_on_air (GuestGuest *self);
gboolean guest_guest_get_sharing (GuestGuest *self);
gboolean guest_guest_get_camera_on (GuestGuest *self);
gboolean guest_guest_get_microphone_on (GuestGuest *self);
gboolean guest_guest_get_music (GuestGuest *self);
GuestWay guest_guest_get_way (GuestGuest *self);
gboolean guest_guest_get_weak (GuestGuest *self);
const GError *guest_guest_get_error (GuestGuest *self);
const char *guest_guest_get_link (GuestGuest *self);
void guest_guest_get_health (GuestGuest *self, GuestHealth *health);
void guest_guest_get_seen (GuestGuest *self, GuestSeen *seen);
const char *guest_guest_get_cue (GuestGuest *self);
int guest_guest_get_max_height (GuestGuest *self);
gboolean guest_guest_get_talked_to (GuestGuest *self);

/* What the operator does. */
gboolean guest_guest_cue (GuestGuest *self, const char *text, GError **error);
void guest_guest_ask_smaller (GuestGuest *self, int height_px);
void guest_guest_put_back (GuestGuest *self);
void guest_guest_dismiss (GuestGuest *self, const char *reason);

G_END_DECLS

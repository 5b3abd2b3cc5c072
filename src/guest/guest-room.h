/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"
#include "guest-guest.h"
#include "guest-reach.h"
#include "guest-whip.h"

G_BEGIN_DECLS

/**
 * GuestRoomConfig:
 * @event: the event's title, for the guests' page
 * @language: (nullable): the event's language, for browsers that speak neither French nor English
 * @address: (nullable): where the page is served without TLS; `NULL`: `127.0.0.1`, this computer only
 * @port: of the page; 0: any free one. With @lan, https is served at the next port
 * @lan: whether it is also served to the network, by https
 * @certificate_path, @key_path: (nullable): PEM files for it; `NULL`: one is made
 * @folder: (nullable): where the made certificate is kept; `NULL`: in memory only
 * @public_uri: (nullable): where the page is seen from far away, `https://…`
 * @tunnel: (nullable): the command that makes it so; ends with `NULL`. If it is cloudflared, the
 *   address is read from what it prints
 * @ice: STUN and TURN
 * @most: how many guests may be there at once; 0: the usual four
 * @green_room_hears: guests who wait hear each other
 *
 * All of it is borrowed for the call.
 */
typedef struct {
  const char *event;
  const char *language;
  const char *address;
  guint port;
  gboolean lan;
  const char *certificate_path;
  const char *key_path;
  const char *folder;
  const char *public_uri;
  const char *const *tunnel;
  GuestIceConfig ice;
  guint most;
  gboolean green_room_hears;
} GuestRoomConfig;

#define GUEST_ROOM_MOST 4

#define GUEST_TYPE_ROOM (guest_room_get_type ())
G_DECLARE_FINAL_TYPE (GuestRoom, guest_room, GUEST, ROOM, GObject)

/* Main thread only. Properties, all with notify:
 *   "open" boolean, "error" GError, nullable: why it is not, or what does not work of it
 *   "address", "lan-address", "public-address" strings, nullable: of the page, without a token
 *   "tunnel-state" GuestTunnelState, "tunnel-error" GError, nullable
 *   "green-room-hears" boolean
 *   "reach" GPtrArray of GuestReach, nullable: never tried; "checking-reach" boolean */
GuestRoom *guest_room_new (EngineProgram *program, const GuestRoomConfig *config);
gboolean guest_room_configure (GuestRoom *self, const GuestRoomConfig *config, GError **error);
gboolean guest_room_open (GuestRoom *self, GError **error);
void guest_room_close (GuestRoom *self);
gboolean guest_room_get_open (GuestRoom *self);
const GError *guest_room_get_error (GuestRoom *self);
const char *guest_room_get_address (GuestRoom *self);
const char *guest_room_get_lan_address (GuestRoom *self);
const char *guest_room_get_public_address (GuestRoom *self);
GuestTunnelState guest_room_get_tunnel_state (GuestRoom *self);
const GError *guest_room_get_tunnel_error (GuestRoom *self);

GuestGuest *guest_room_add (GuestRoom *self, const char *id, const char *name, const char *token,
                            EngineSource *source, EngineSource *screen);
void guest_room_remove (GuestRoom *self, GuestGuest *guest);
GListModel *guest_room_get_guests (GuestRoom *self);
GuestGuest *guest_room_find (GuestRoom *self, const char *id);
void guest_room_set_screen (GuestRoom *self, GuestGuest *guest, EngineSource *screen);
void guest_room_revoke (GuestRoom *self, GuestGuest *guest);
void guest_room_renew (GuestRoom *self, GuestGuest *guest, const char *token);
char *guest_room_make_link (GuestRoom *self, GuestGuest *guest);

GuestWhip *guest_room_add_whip (GuestRoom *self, const char *id, const char *token,
                                EngineSource *source);
void guest_room_remove_whip (GuestRoom *self, GuestWhip *whip);
void guest_room_renew_whip (GuestRoom *self, GuestWhip *whip, const char *token);
char *guest_room_make_whip_address (GuestRoom *self, GuestWhip *whip);

void guest_room_set_view_source (GuestRoom *self, EngineSource *room_camera);
void guest_room_set_schedule (GuestRoom *self, const char *title, const char *speakers,
                              gint64 starts_s, gint64 ends_s, const char *next_title,
                              gint64 next_starts_s);
void guest_room_set_next_speakers (GuestRoom *self, const char *speakers);
void guest_room_set_live (GuestRoom *self, gboolean live);
void guest_room_talk_to (GuestRoom *self, GuestGuest *const *guests, guint n_guests);
void guest_room_set_green_room_hears (GuestRoom *self, gboolean hears);
gboolean guest_room_get_green_room_hears (GuestRoom *self);

void guest_room_check_reach_async (GuestRoom *self, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *guest_room_check_reach_finish (GuestRoom *self, GAsyncResult *result, GError **error);
GPtrArray *guest_room_get_reach (GuestRoom *self); /* (transfer none) (nullable) */
gboolean guest_room_get_checking_reach (GuestRoom *self);

G_END_DECLS

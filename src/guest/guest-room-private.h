/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-call.h"
#include "guest-room.h"
#include "guest-settings.h"

G_BEGIN_DECLS

typedef enum {
  GUEST_ROOM_PROP_OPEN = 1,
  GUEST_ROOM_PROP_ERROR,
  GUEST_ROOM_PROP_ADDRESS,
  GUEST_ROOM_PROP_LAN_ADDRESS,
  GUEST_ROOM_PROP_PUBLIC_ADDRESS,
  GUEST_ROOM_PROP_TUNNEL_STATE,
  GUEST_ROOM_PROP_TUNNEL_ERROR,
  GUEST_ROOM_PROP_GREEN_ROOM_HEARS,
  GUEST_ROOM_PROP_REACH,
  GUEST_ROOM_PROP_CHECKING_REACH,
  GUEST_ROOM_N_PROPS
} GuestRoomProp;

/**
 * GuestRoom:
 *
 * All guests of a show, and the door they come in by.
 *
 * It may have guests while it is closed: then nobody has a link, and nobody is served.
 */
struct _GuestRoom {
  GObject parent_instance;

  EngineProgram *program;
  GuestSettings *settings;
  GListStore *guests; /* of GuestGuest */
  GPtrArray *calls;   /* of GuestCall, in the same order */
  EngineSource *view; /* nullable */

  gboolean open;
  GError *error;        /* nullable */
  char *address;        /* nullable */
  char *lan_address;    /* nullable */
  char *public_address; /* nullable */
  GuestTunnelState tunnel_state;
  GError *tunnel_error; /* nullable */
  gboolean green_room_hears;
  gboolean live;

  GPtrArray *reach; /* nullable */
  gboolean checking_reach;
};

GuestCall *_guest_room_find_call (GuestRoom *self, GuestGuest *guest);
void _guest_room_notify (GuestRoom *self, GuestRoomProp property);
void _guest_room_update_links (GuestRoom *self);
void _guest_room_update_hearing (GuestRoom *self);

G_END_DECLS

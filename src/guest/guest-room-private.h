/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-call.h"
#include "guest-room.h"
#include "guest-server.h"
#include "guest-settings.h"
#include "guest-tunnel.h"

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

/* What is spoken of now, and what comes after it. */
typedef struct {
  char *title;    /* nullable */
  char *speakers; /* nullable */
  gint64 starts_s;
  gint64 ends_s;
  char *next_title;    /* nullable */
  char *next_speakers; /* nullable */
  gint64 next_starts_s;
} GuestSchedule;

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
  GPtrArray *ways;    /* in for other programs */
  EngineSource *view; /* nullable */

  GuestServer *server; /* nullable: closed */
  guint tick_id;
  GuestTunnel *tunnel; /* nullable: none is wanted */

  gboolean open;
  GError *error;        /* nullable */
  char *address;        /* nullable */
  char *lan_address;    /* nullable */
  char *public_address; /* nullable */
  gboolean green_room_hears;
  gboolean live;
  GuestSchedule schedule;

  GPtrArray *reach; /* nullable */
  gboolean checking_reach;
};

GuestCall *_guest_room_find_call (GuestRoom *self, GuestGuest *guest);
void _guest_room_notify (GuestRoom *self, GuestRoomProp property);
void _guest_room_update_links (GuestRoom *self);
const char *_guest_room_get_base (GuestRoom *self);
void _guest_room_set_public_address (GuestRoom *self, const char *address);
void _guest_room_way_free (gpointer data);
gboolean _guest_room_take_whip (GuestRoom *self, SoupServerMessage *message, const char *token,
                                const char *session);
void _guest_room_close_whips (GuestRoom *self);
void _guest_room_stop_talking_to (GuestRoom *self, GuestGuest *guest);
void _guest_room_tell (GuestRoom *self, GuestCall *call);
void _guest_room_tell_all (GuestRoom *self);
void _guest_room_update_hearing (GuestRoom *self);

G_END_DECLS

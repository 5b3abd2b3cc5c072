/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * GuestError:
 * @GUEST_ERROR_MISSING_ELEMENT: a GStreamer element is not installed; the message names it
 * @GUEST_ERROR_STREAM: a connection's pipeline failed
 * @GUEST_ERROR_INVALID: what the other side sent is not what it should be; it is not used
 * @GUEST_ERROR_NOT_TAKEN: the other side takes, or has, no picture or sound that Régie can handle
 * @GUEST_ERROR_NO_WAY: neither side's network lets the other in
 * @GUEST_ERROR_VANISHED: there was a connection, and then nothing came any more
 * @GUEST_ERROR_TOO_SLOW: the connection was not made in time
 * @GUEST_ERROR_ADDRESS: the address of a STUN or TURN server is not one
 * @GUEST_ERROR_TUNNEL_MISSING: the program that makes the tunnel is not installed
 * @GUEST_ERROR_TUNNEL: the tunnel's program ended; the message has its last words
 * @GUEST_ERROR_ABSENT: the guest is not there, so nothing can be said to him
 * @GUEST_ERROR_TOO_LONG: a text is longer than fits on the guest's page
 * @GUEST_ERROR_STARVED: there is a connection, and what the guest sends does not come
 */
typedef enum {
  GUEST_ERROR_MISSING_ELEMENT,
  GUEST_ERROR_STREAM,
  GUEST_ERROR_INVALID,
  GUEST_ERROR_NOT_TAKEN,
  GUEST_ERROR_NO_WAY,
  GUEST_ERROR_VANISHED,
  GUEST_ERROR_TOO_SLOW,
  GUEST_ERROR_ADDRESS,
  GUEST_ERROR_TUNNEL_MISSING,
  GUEST_ERROR_TUNNEL,
  GUEST_ERROR_ABSENT,
  GUEST_ERROR_TOO_LONG,
  GUEST_ERROR_STARVED,
} GuestError;

#define GUEST_TYPE_ERROR (guest_error_get_type ())
GType guest_error_get_type (void);
#define GUEST_ERROR (guest_error_quark ())
GQuark guest_error_quark (void);

/* What the operator reads of a guest. Weak and rejoined are shown over the place for a while. */
typedef enum {
  GUEST_STATE_INVITED, /* has a link; was never here, or went home */
  GUEST_STATE_FOLLOWING,
  GUEST_STATE_GREEN_ROOM,
  GUEST_STATE_READY,
  GUEST_STATE_ON_AIR,
  GUEST_STATE_WEAK,
  GUEST_STATE_LOST,
  GUEST_STATE_REJOINED,
  GUEST_STATE_REVOKED, /* the link is void */
} GuestState;

#define GUEST_TYPE_STATE (guest_state_get_type ())
GType guest_state_get_type (void);

/* Where a guest is. The page chooses among the first three, the operator makes the fourth. */
typedef enum {
  GUEST_PLACE_FOLLOWING,
  GUEST_PLACE_GREEN_ROOM,
  GUEST_PLACE_READY,
  GUEST_PLACE_ON_AIR,
} GuestPlace;

#define GUEST_TYPE_PLACE (guest_place_get_type ())
GType guest_place_get_type (void);

/* How picture and sound travel. */
typedef enum {
  GUEST_WAY_UNKNOWN,
  GUEST_WAY_DIRECT,
  GUEST_WAY_RELAYED,
} GuestWay;

#define GUEST_TYPE_WAY (guest_way_get_type ())
GType guest_way_get_type (void);

/* What a guest's page makes connections for. */
typedef enum {
  GUEST_CHANNEL_MAIN,
  GUEST_CHANNEL_SCREEN,
} GuestChannel;

#define GUEST_TYPE_CHANNEL (guest_channel_get_type ())
GType guest_channel_get_type (void);
#define GUEST_N_CHANNELS 2

/* Of the program that makes this computer reachable from far away. */
typedef enum {
  GUEST_TUNNEL_OFF,
  GUEST_TUNNEL_STARTING,
  GUEST_TUNNEL_RUNNING,
  GUEST_TUNNEL_RETRYING, /* it ended, and is started again in a moment */
} GuestTunnelState;

#define GUEST_TYPE_TUNNEL_STATE (guest_tunnel_state_get_type ())
GType guest_tunnel_state_get_type (void);

G_END_DECLS

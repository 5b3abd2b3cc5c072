/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-types.h"

G_DEFINE_QUARK (guest_error, guest_error)

G_DEFINE_ENUM_TYPE (GuestError, guest_error,
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_MISSING_ELEMENT, "missing-element"),
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_STREAM, "stream"),
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_INVALID, "invalid"),
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_NOT_TAKEN, "not-taken"),
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_NO_WAY, "no-way"),
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_VANISHED, "vanished"),
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_TOO_SLOW, "too-slow"),
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_ADDRESS, "address"),
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_TUNNEL_MISSING, "tunnel-missing"),
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_TUNNEL, "tunnel"),
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_ABSENT, "absent"),
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_TOO_LONG, "too-long"),
                    G_DEFINE_ENUM_VALUE (GUEST_ERROR_STARVED, "starved"))

G_DEFINE_ENUM_TYPE (GuestState, guest_state, G_DEFINE_ENUM_VALUE (GUEST_STATE_INVITED, "invited"),
                    G_DEFINE_ENUM_VALUE (GUEST_STATE_FOLLOWING, "following"),
                    G_DEFINE_ENUM_VALUE (GUEST_STATE_GREEN_ROOM, "green-room"),
                    G_DEFINE_ENUM_VALUE (GUEST_STATE_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (GUEST_STATE_ON_AIR, "on-air"),
                    G_DEFINE_ENUM_VALUE (GUEST_STATE_WEAK, "weak"),
                    G_DEFINE_ENUM_VALUE (GUEST_STATE_LOST, "lost"),
                    G_DEFINE_ENUM_VALUE (GUEST_STATE_REJOINED, "rejoined"),
                    G_DEFINE_ENUM_VALUE (GUEST_STATE_REVOKED, "revoked"))

G_DEFINE_ENUM_TYPE (GuestPlace, guest_place,
                    G_DEFINE_ENUM_VALUE (GUEST_PLACE_FOLLOWING, "following"),
                    G_DEFINE_ENUM_VALUE (GUEST_PLACE_GREEN_ROOM, "green-room"),
                    G_DEFINE_ENUM_VALUE (GUEST_PLACE_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (GUEST_PLACE_ON_AIR, "on-air"))

G_DEFINE_ENUM_TYPE (GuestWay, guest_way, G_DEFINE_ENUM_VALUE (GUEST_WAY_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (GUEST_WAY_DIRECT, "direct"),
                    G_DEFINE_ENUM_VALUE (GUEST_WAY_RELAYED, "relayed"))

G_DEFINE_ENUM_TYPE (GuestChannel, guest_channel, G_DEFINE_ENUM_VALUE (GUEST_CHANNEL_MAIN, "main"),
                    G_DEFINE_ENUM_VALUE (GUEST_CHANNEL_SCREEN, "screen"))

G_DEFINE_ENUM_TYPE (GuestTunnelState, guest_tunnel_state,
                    G_DEFINE_ENUM_VALUE (GUEST_TUNNEL_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (GUEST_TUNNEL_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (GUEST_TUNNEL_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (GUEST_TUNNEL_RETRYING, "retrying"))

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-ice.h"
#include "guest-types.h"

G_BEGIN_DECLS

/* What is tried, in this order. */
typedef enum {
  GUEST_REACH_PAGE,      /* the public address has our page */
  GUEST_REACH_WEBSOCKET, /* and lets a WebSocket through */
  GUEST_REACH_STUN,
  GUEST_REACH_TURN,
} GuestReachWhat;

#define GUEST_TYPE_REACH_WHAT (guest_reach_what_get_type ())
GType guest_reach_what_get_type (void);

/* What came of it. */
typedef enum {
  GUEST_REACH_OK,
  GUEST_REACH_NOT_SET,     /* there is no such address, so nothing was tried */
  GUEST_REACH_CLOSED,      /* the guests' page is not open on this computer */
  GUEST_REACH_NAME,        /* nobody knows the server's name */
  GUEST_REACH_REFUSED,     /* the server's computer answers, the server does not */
  GUEST_REACH_SILENT,      /* no answer came in time */
  GUEST_REACH_CERTIFICATE, /* the address is not safe: its certificate is not good */
  GUEST_REACH_OTHER,       /* somebody answers, but it is not this Régie */
  GUEST_REACH_NO_SOCKET,   /* the page comes through, its WebSocket does not */
  GUEST_REACH_PASSWORD,    /* the TURN server does not take the name and password */
  GUEST_REACH_FORBIDDEN,   /* it took them, and lends no address all the same */
  GUEST_REACH_FULL,        /* it has none left */
  GUEST_REACH_BAD_ADDRESS, /* what was entered is not an address of such a server */
} GuestReachCode;

#define GUEST_TYPE_REACH_CODE (guest_reach_code_get_type ())
GType guest_reach_code_get_type (void);

/**
 * GuestReach:
 * @what: what was tried
 * @address: (nullable): where, without a password
 * @code: what came of it
 * @detail: in English, for the log
 *
 * One result of the test whether a guest can reach us.
 */
typedef struct {
  GuestReachWhat what;
  char *address;
  GuestReachCode code;
  char *detail;
} GuestReach;

#define GUEST_TYPE_REACH (guest_reach_get_type ())
GType guest_reach_get_type (void);
GuestReach *guest_reach_new (GuestReachWhat what, const char *address, GuestReachCode code,
                             const char *detail);
GuestReach *guest_reach_copy (const GuestReach *self);
void guest_reach_free (GuestReach *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuestReach, guest_reach_free)

G_END_DECLS

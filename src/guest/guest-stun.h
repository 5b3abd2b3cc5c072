/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "guest-ice.h"
#include "guest-reach.h"

G_BEGIN_DECLS

/* A question to a STUN or TURN server, as RFC 5389 and RFC 5766 have it. Any thread; blocks for up to
 * some seconds, or until it is cancelled. */
GuestReachCode guest_stun_bind (const GuestIceServer *server, GCancellable *cancellable,
                                char **detail);
GuestReachCode guest_stun_allocate (const GuestIceServer *server, const char *user,
                                    const char *password, GCancellable *cancellable, char **detail);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GuestIce:
 * @servers: (nullable): `stun://host:port`, `turn://user:password@host:port?transport=udp`, user and
 *   password percent-escaped; ends with `NULL`
 * @relay_only: never directly, only over a TURN server
 * @min_port, @max_port: from which ports of this machine; 0: any
 *
 * How the two ends of a connection may find each other.
 */
typedef struct {
  char **servers;
  gboolean relay_only;
  guint min_port;
  guint max_port;
} GuestIce;

G_END_DECLS

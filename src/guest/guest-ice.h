/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

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

/**
 * GuestTurn:
 * @address: `turn:host:port?transport=udp`, or `turns:`
 * @user: (nullable): who we are there; with a shared secret not needed
 * @secret: (nullable): the password, or the shared secret
 * @shared_secret: @secret is one that time-limited passwords are made from
 *
 * A TURN server. All texts are borrowed.
 */
typedef struct {
  const char *address;
  const char *user;
  const char *secret;
  gboolean shared_secret;
} GuestTurn;

/**
 * GuestIceServer:
 * @scheme: `stun`, `turn` or `turns`
 * @host: a name or an address, without brackets
 * @tcp: over TCP
 *
 * One address, taken apart.
 */
typedef struct {
  char *scheme;
  char *host;
  guint port;
  gboolean tcp;
} GuestIceServer;

/**
 * GuestIceConfig:
 * @stun: (nullable): `stun:host:port`; ends with `NULL`
 * @turns: (array length=n_turns) (nullable): TURN servers
 *
 * Which servers there are. All of it is borrowed.
 */
typedef struct {
  const char *const *stun;
  const GuestTurn *turns;
  guint n_turns;
  gboolean relay_only;
  guint min_port;
  guint max_port;
} GuestIceConfig;

/* How long a password made from a shared secret is good for: the longest day of an event. */
#define GUEST_ICE_PASSWORD_S (16 * 60 * 60)

GuestIceServer *guest_ice_server_parse (const char *address, GError **error);
void guest_ice_server_free (GuestIceServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuestIceServer, guest_ice_server_free)

gboolean guest_ice_config_check (const GuestIceConfig *config, GError **error);
void guest_ice_make_credentials (const GuestTurn *turn, const char *who, gint64 now_s, char **user,
                                 char **password);
GuestIce *guest_ice_new (const GuestIceConfig *config, const char *who, gint64 now_s);
void guest_ice_free (GuestIce *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuestIce, guest_ice_free)
JsonNode *guest_ice_make_page (const GuestIceConfig *config, const char *who, gint64 now_s);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How far a connection has come. */
typedef enum {
  ENGINE_SOCKET_STEP_NONE,
  ENGINE_SOCKET_STEP_RESOLVING,  /* its name is being looked up */
  ENGINE_SOCKET_STEP_CONNECTING, /* an address is being called */
  ENGINE_SOCKET_STEP_CONNECTED,  /* somebody has answered */
  ENGINE_SOCKET_STEP_SECURING,   /* and shows his certificate */
  ENGINE_SOCKET_STEP_READY,
} EngineSocketStep;

/**
 * EngineSocketFacts:
 * @rtt_ms: round trip
 * @unsent_bytes: given to the system, but not sent yet
 * @unacked_bytes: sent, but not confirmed yet
 * @acked_bytes: what has arrived at the other machine, since the beginning
 * @edge_bytes: up to where the other side is ready to take it: moves on as long as its program
 *   reads
 * @n_sent, @n_resent: packets since the beginning
 */
typedef struct {
  double rtt_ms;
  guint64 unsent_bytes;
  guint64 unacked_bytes;
  guint64 acked_bytes;
  guint64 edge_bytes;
  guint64 n_sent;
  guint64 n_resent;
} EngineSocketFacts;

typedef struct _EngineSocket EngineSocket;

EngineSocket *engine_socket_expect (void);
void engine_socket_free (EngineSocket *self);
guint engine_socket_get_timeout_s (EngineSocket *self);
EngineSocketStep engine_socket_get_step (EngineSocket *self);
GTlsCertificateFlags engine_socket_get_certificate_errors (EngineSocket *self);
void engine_socket_cut (EngineSocket *self);
gboolean engine_socket_measure (EngineSocket *self, EngineSocketFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineSocket, engine_socket_free)

G_END_DECLS

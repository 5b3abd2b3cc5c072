/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "guest-client.h"
#include "guest-server.h"

G_BEGIN_DECLS

#define GUEST_TESTING_TOKEN "abcdefghijklmnopqrstuvwxyz0"

/* A server on a port of its own, which welcomes whoever has the token. A fixture of GTest's. */
typedef struct {
  GuestServer *server;
  guint port;
  GPtrArray *lines; /* of GuestLine */
  guint n_messages;
  char *whip_token;
  char *whip_session;
} GuestTestingServer;

void guest_testing_server_set_up (GuestTestingServer *f, gconstpointer data);
void guest_testing_server_tear_down (GuestTestingServer *f, gconstpointer data);
GuestClient *guest_testing_server_greet (GuestTestingServer *f);
void guest_testing_assert_status (const char *answer, guint status);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "web-door.h"
#include "web-server.h"

G_BEGIN_DECLS

/**
 * WebServer:
 *
 * What browsers talk to: the files of one page, and the lines it opens. It knows nobody; it asks with
 * its signals.
 */
struct _WebServer {
  GObject parent_instance;

  WebServerPage page;
  SoupServer *soup;
  WebDoor *door;
  WebDoor *lan_door;
  gboolean on_loopback;
  char *public_uri;  /* nullable */
  char *public_host; /* nullable */
  GPtrArray *lines;  /* of WebLine */
  GHashTable *wrong; /* address → Wrong */
  guint check_id;

  WebServerLan lan;     /* its texts are owned */
  char **lan_addresses; /* nullable */
  char *lan_address;    /* nullable */
  GError *lan_error;    /* nullable */
  guint addresses_id;
};

void _web_server_begin_checks (WebServer *self);
void _web_server_lan_changed (WebServer *self);
void _web_server_forget_lan (WebServer *self);

G_END_DECLS

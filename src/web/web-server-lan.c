/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "common-util.h"
#include "web-certificate.h"
#include "web-server-private.h"

/* Serving a page to the network, by https. */

#define ADDRESSES_EACH_S 10

static GTlsCertificate *
find_certificate (WebServer *self, const char *const *addresses, GError **error)
{
  g_auto (GStrv) names = web_certificate_list_names ();

  if (self->lan.certificate_path != NULL)
    return web_certificate_load (self->lan.certificate_path,
                                 self->lan.key_path != NULL ? self->lan.key_path
                                                            : self->lan.certificate_path,
                                 error);
  return web_certificate_make (self->lan.folder, (const char *const *) names, addresses, error);
}

/* The address that stands in links: the first one of the network, or the name in the certificate
 * that somebody has got for this computer. */
static void
update_address (WebServer *self, GTlsCertificate *certificate, const char *const *addresses)
{
  const guint port = web_door_get_port (self->lan_door);
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;

  if (self->lan.certificate_path != NULL)
    name = web_certificate_get_name (certificate);
  if (name == NULL && addresses[0] != NULL)
    name = g_strdup_printf (strchr (addresses[0], ':') != NULL ? "[%s]" : "%s", addresses[0]);
  if (name != NULL)
    address = g_strdup_printf ("https://%s:%u/", name, port);
  common_set_string (&self->lan_address, address);
}

/* A laptop that comes into another network, or whose cable is plugged in only now. */
static gboolean
check_addresses_cb (gpointer user_data)
{
  WebServer *self = user_data;
  g_auto (GStrv) addresses = web_certificate_list_addresses ();
  g_autoptr (GError) error = NULL;

  if (g_strv_equal ((const char *const *) addresses, (const char *const *) self->lan_addresses))
    return G_SOURCE_CONTINUE;

  g_autoptr (GTlsCertificate) certificate =
    find_certificate (self, (const char *const *) addresses, &error);
  common_set_error (&self->lan_error, error);
  if (certificate != NULL) {
    web_door_set_certificate (self->lan_door, certificate);
    update_address (self, certificate, (const char *const *) addresses);
  }
  g_strfreev (self->lan_addresses);
  self->lan_addresses = g_steal_pointer (&addresses);
  _web_server_lan_changed (self);
  return G_SOURCE_CONTINUE;
}

static void
set_lan (WebServer *self, const WebServerLan *lan)
{
  const WebServerLan former = self->lan;

  self->lan = (WebServerLan){ lan->port, g_strdup (lan->certificate_path), g_strdup (lan->key_path),
                              g_strdup (lan->folder) };
  g_free ((char *) former.certificate_path);
  g_free ((char *) former.key_path);
  g_free ((char *) former.folder);
}

static gboolean
open_door (WebServer *self, guint port, GError **error)
{
  if (web_door_get_open (self->lan_door) &&
      (port == 0 || port == web_door_get_port (self->lan_door)))
    return TRUE;

  /* The listener for IPv6 takes IPv4 as well, where there is IPv6 at all. */
  g_autoptr (GInetAddress) any_v6 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GInetAddress) any_v4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);

  return web_door_listen (self->lan_door, any_v6, port, NULL) ||
         web_door_listen (self->lan_door, any_v4, port, error);
}

/**
 * web_server_listen_lan:
 * @self: a server
 * @lan: how
 * @error: return location
 *
 * Serves with TLS to everybody who can reach this computer. If it does so already, it does so this
 * way from now on; if it cannot, as before.
 *
 * Returns: `FALSE` with a %WEB_ERROR
 */
gboolean
web_server_listen_lan (WebServer *self, const WebServerLan *lan, GError **error)
{
  g_auto (GStrv) addresses = web_certificate_list_addresses ();
  g_autoptr (GTlsCertificate) certificate = NULL;

  g_return_val_if_fail (WEB_IS_SERVER (self), FALSE);

  set_lan (self, lan);
  certificate = find_certificate (self, (const char *const *) addresses, error);
  if (certificate == NULL)
    return FALSE;
  web_door_set_certificate (self->lan_door, certificate);
  if (!open_door (self, lan->port, error))
    return FALSE;
  _web_server_begin_checks (self);
  update_address (self, certificate, (const char *const *) addresses);
  g_strfreev (self->lan_addresses);
  self->lan_addresses = g_steal_pointer (&addresses);
  if (self->addresses_id == 0)
    self->addresses_id = g_timeout_add_seconds (ADDRESSES_EACH_S, check_addresses_cb, self);
  return TRUE;
}

/* Nobody comes from the network any more, and who came from there is cut off. */
void
web_server_close_lan (WebServer *self)
{
  g_return_if_fail (WEB_IS_SERVER (self));

  web_door_shut (self->lan_door);
  _web_server_forget_lan (self);
}

/* The door is closed. */
void
_web_server_forget_lan (WebServer *self)
{
  g_clear_handle_id (&self->addresses_id, g_source_remove);
  g_clear_pointer (&self->lan_addresses, g_strfreev);
  common_set_string (&self->lan_address, NULL);
  g_clear_error (&self->lan_error);
  set_lan (self, &(WebServerLan){ 0 });
}

const char *
web_server_get_lan_address (WebServer *self)
{
  g_return_val_if_fail (WEB_IS_SERVER (self), NULL);

  return self->lan_address;
}

const GError *
web_server_get_lan_error (WebServer *self)
{
  g_return_val_if_fail (WEB_IS_SERVER (self), NULL);

  return self->lan_error;
}

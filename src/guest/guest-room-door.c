/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "guest-guest-private.h"
#include "guest-room-private.h"
#include "guest-warm-up.h"
#include "web-token.h"

static void
set_address (GuestRoom *self, char **field, const char *address, GuestRoomProp property)
{
  if (common_set_string (field, address))
    _guest_room_notify (self, property);
}

static void
set_error (GuestRoom *self, const GError *error)
{
  if (common_set_error (&self->error, error))
    _guest_room_notify (self, GUEST_ROOM_PROP_ERROR);
}

static void
set_open (GuestRoom *self, gboolean open)
{
  if (self->open == open)
    return;
  self->open = open;
  _guest_room_notify (self, GUEST_ROOM_PROP_OPEN);
}

/**
 * guest_room_make_link:
 * @self: a room
 * @guest: one of its guests
 *
 * Returns: (transfer full) (nullable): what he opens in his browser; `NULL` while the room is closed
 *   or his link is void
 */
char *
guest_room_make_link (GuestRoom *self, GuestGuest *guest)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), NULL);

  GuestCall *call = _guest_room_find_call (self, guest);
  const char *token = call != NULL ? guest_call_get_token (call) : NULL;
  const char *base = _guest_room_get_base (self);

  if (token == NULL || base == NULL)
    return NULL;
  return g_strdup_printf (g_str_has_suffix (base, "/") ? "%s#%s" : "%s/#%s", base, token);
}

/* What others reach best. */
const char *
_guest_room_get_base (GuestRoom *self)
{
  if (self->public_address != NULL)
    return self->public_address;
  return self->lan_address != NULL ? self->lan_address : self->address;
}

void
_guest_room_update_links (GuestRoom *self)
{
  for (guint i = 0; i < self->calls->len; i++) {
    GuestGuest *guest = guest_call_get_guest (self->calls->pdata[i]);
    g_autofree char *link = guest_room_make_link (self, guest);

    _guest_guest_set_link (guest, link);
  }
}

void
_guest_room_set_public_address (GuestRoom *self, const char *address)
{
  set_address (self, &self->public_address, address, GUEST_ROOM_PROP_PUBLIC_ADDRESS);
  if (self->server != NULL)
    web_server_set_public_uri (guest_server_get_web (self->server), address);
  _guest_room_update_links (self);
}

/* ---- who comes in ---- */

static guint
count_others (GuestRoom *self, GuestCall *call)
{
  guint n = 0;

  for (guint i = 0; i < self->calls->len; i++)
    n += self->calls->pdata[i] != call &&
         guest_guest_get_connected (guest_call_get_guest (self->calls->pdata[i]));
  return n;
}

static gboolean
hello_cb (GuestServer *server, GuestLine *line, const char *token, const char *language,
          gpointer user_data)
{
  GuestRoom *self = user_data;
  GuestCall *found = NULL;

  /* All of them, so that the time it takes tells nothing. */
  for (guint i = 0; i < self->calls->len; i++) {
    if (web_token_equal (guest_call_get_token (self->calls->pdata[i]), token))
      found = self->calls->pdata[i];
  }
  if (found == NULL)
    return FALSE;
  if (count_others (self, found) >= self->settings->config.most)
    guest_line_bye (line, "full");
  else
    guest_call_answer (found, line, self->settings, self->live);
  return TRUE;
}

static gboolean
whip_cb (GuestServer *server, SoupServerMessage *message, const char *token, const char *session,
         gpointer user_data)
{
  return _guest_room_take_whip (user_data, message, token, session);
}

static gboolean
tick_cb (gpointer user_data)
{
  GuestRoom *self = user_data;
  const gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; i < self->calls->len; i++)
    guest_call_check (self->calls->pdata[i], now_us);
  _guest_room_tell_all (self);
  return G_SOURCE_CONTINUE;
}

/* ---- the network ---- */

static void
lan_changed_cb (GuestRoom *self)
{
  WebServer *web = guest_server_get_web (self->server);

  set_error (self, web_server_get_lan_error (web));
  set_address (self, &self->lan_address, web_server_get_lan_address (web),
               GUEST_ROOM_PROP_LAN_ADDRESS);
  _guest_room_update_links (self);
}

/* Or has it be as it ought to be now, if it is open. */
static gboolean
open_lan (GuestRoom *self, GError **error)
{
  const GuestRoomConfig *config = &self->settings->config;
  WebServer *web = guest_server_get_web (self->server);
  const WebServerLan lan = {
    .port = config->port != 0 ? web_server_get_port (web) + 1 : 0,
    .certificate_path = config->certificate_path,
    .key_path = config->key_path,
    .folder = config->folder,
  };

  if (!web_server_listen_lan (web, &lan, error))
    return FALSE;
  set_address (self, &self->lan_address, web_server_get_lan_address (web),
               GUEST_ROOM_PROP_LAN_ADDRESS);
  return TRUE;
}

static void
close_lan (GuestRoom *self)
{
  if (self->server != NULL)
    web_server_close_lan (guest_server_get_web (self->server));
  set_address (self, &self->lan_address, NULL, GUEST_ROOM_PROP_LAN_ADDRESS);
}

/* ---- the tunnel ---- */

static void
tunnel_changed_cb (GuestTunnel *tunnel, gpointer user_data)
{
  GuestRoom *self = user_data;

  _guest_room_notify (self, GUEST_ROOM_PROP_TUNNEL_STATE);
  _guest_room_notify (self, GUEST_ROOM_PROP_TUNNEL_ERROR);
  /* What was entered is the truth; what the program makes up is it as long as it lives. */
  if (self->settings->config.public_uri == NULL)
    _guest_room_set_public_address (self, guest_tunnel_get_public_address (tunnel));
}

static void
close_tunnel (GuestRoom *self)
{
  g_autoptr (GuestTunnel) tunnel = g_steal_pointer (&self->tunnel);

  if (tunnel == NULL)
    return;
  g_signal_handlers_disconnect_by_data (tunnel, self);
  guest_tunnel_stop (tunnel);
  _guest_room_notify (self, GUEST_ROOM_PROP_TUNNEL_STATE);
  _guest_room_notify (self, GUEST_ROOM_PROP_TUNNEL_ERROR);
}

static void
open_tunnel (GuestRoom *self)
{
  self->tunnel = guest_tunnel_new (self->settings->config.tunnel);
  g_signal_connect (self->tunnel, "changed", G_CALLBACK (tunnel_changed_cb), self);
  guest_tunnel_start (self->tunnel);
}

/* ---- */

static char *
make_address (const char *address, guint port)
{
  g_autoptr (GInetAddress) inet_address = g_inet_address_new_from_string (address);
  const gboolean is_v6 = g_inet_address_get_family (inet_address) == G_SOCKET_FAMILY_IPV6;

  /* Browsers let a page use camera and microphone there, without TLS. */
  if (g_inet_address_get_is_loopback (inet_address) || g_inet_address_get_is_any (inet_address))
    return g_strdup_printf ("http://localhost:%u/", port);
  return g_strdup_printf (is_v6 ? "http://[%s]:%u/" : "http://%s:%u/", address, port);
}

/**
 * guest_room_open:
 * @self: a room
 * @error: return location
 *
 * Serves the page on this computer, and lets guests in. If it cannot be served to the network, or the
 * tunnel does not work, that is told by "error" and "tunnel-error".
 *
 * Returns: `FALSE` with `WEB_ERROR_LISTEN` or `GUEST_ERROR_ADDRESS`
 */
gboolean
guest_room_open (GuestRoom *self, GError **error)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), FALSE);

  const GuestRoomConfig *config = &self->settings->config;
  g_autoptr (GuestServer) server = NULL;
  g_autoptr (GError) cause = NULL;

  if (self->open)
    return TRUE;
  server = guest_server_new ();
  if (!guest_ice_config_check (&config->ice, &cause) ||
      !web_server_listen (guest_server_get_web (server), config->address, config->port, &cause)) {
    set_error (self, cause);
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }

  self->server = g_steal_pointer (&server);
  g_signal_connect_object (self->server, "hello", G_CALLBACK (hello_cb), self, 0);
  g_signal_connect_object (self->server, "whip", G_CALLBACK (whip_cb), self, 0);
  g_signal_connect_object (guest_server_get_web (self->server), "lan-changed",
                           G_CALLBACK (lan_changed_cb), self, G_CONNECT_SWAPPED);
  g_autofree char *address =
    make_address (config->address, web_server_get_port (guest_server_get_web (self->server)));
  set_address (self, &self->address, address, GUEST_ROOM_PROP_ADDRESS);
  if (config->lan && !open_lan (self, &cause))
    g_message ("The guests' page is not served to the network: %s", cause->message);
  set_error (self, cause);
  self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
  _guest_room_set_public_address (self, config->public_uri);
  if (config->tunnel != NULL)
    open_tunnel (self);
  set_open (self, TRUE);
  guest_warm_up (self->program);
  return TRUE;
}

/**
 * guest_room_close:
 * @self: a room
 *
 * Says goodbye to everybody and serves nothing any more. May be called twice.
 */
void
guest_room_close (GuestRoom *self)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  for (guint i = 0; i < self->calls->len; i++)
    guest_call_close (self->calls->pdata[i], "ended");
  _guest_room_close_whips (self);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  close_tunnel (self);
  if (self->server != NULL)
    web_server_close (guest_server_get_web (self->server));
  g_clear_object (&self->server);
  set_address (self, &self->address, NULL, GUEST_ROOM_PROP_ADDRESS);
  set_address (self, &self->lan_address, NULL, GUEST_ROOM_PROP_LAN_ADDRESS);
  _guest_room_set_public_address (self, NULL);
  set_open (self, FALSE);
}

/* ---- what is changed while it is open ---- */

static gboolean
words_equal (const char *const *a, const char *const *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strv_equal (a, b);
}

/* What can be wrong with it comes first: then nothing is changed. */
static gboolean
move_door (GuestRoom *self, const GuestRoomConfig *before, const GuestRoomConfig *now,
           GError **error)
{
  WebServer *web = guest_server_get_web (self->server);
  g_autofree char *address = NULL;

  if (!guest_ice_config_check (&now->ice, error))
    return FALSE;
  if (before->port == now->port && g_str_equal (before->address, now->address))
    return TRUE;
  if (!web_server_listen (web, now->address, now->port, error))
    return FALSE;
  address = make_address (now->address, web_server_get_port (web));
  set_address (self, &self->address, address, GUEST_ROOM_PROP_ADDRESS);
  return TRUE;
}

static void
change_tunnel (GuestRoom *self, const GuestRoomConfig *before, const GuestRoomConfig *now)
{
  const char *made = NULL;

  if (!words_equal (before->tunnel, now->tunnel)) {
    close_tunnel (self);
    if (now->tunnel != NULL)
      open_tunnel (self);
  }
  if (self->tunnel != NULL)
    made = guest_tunnel_get_public_address (self->tunnel);
  _guest_room_set_public_address (self, now->public_uri != NULL ? now->public_uri : made);
}

static gboolean
change (GuestRoom *self, const GuestRoomConfig *before, GError **error)
{
  const GuestRoomConfig *now = &self->settings->config;
  g_autoptr (GError) cause = NULL;

  if (!move_door (self, before, now, &cause)) {
    set_error (self, cause);
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (!now->lan)
    close_lan (self);
  else if (!open_lan (self, &cause))
    g_message ("The guests' page is not served to the network as it should: %s", cause->message);
  set_error (self, cause);
  change_tunnel (self, before, now);
  for (guint i = 0; i < self->calls->len; i++)
    guest_call_set_settings (self->calls->pdata[i], self->settings);
  return TRUE;
}

/**
 * guest_room_configure:
 * @self: a room
 * @config: how the guests reach it from now on
 * @error: return location
 *
 * While it is open, only what is another way is changed: who is there stays there, but for those who
 * came by a door, or through a tunnel, that is no more.
 *
 * Returns: `FALSE` as guest_room_open (): then all is as it was before, but for the sound of those who
 *   wait
 */
gboolean
guest_room_configure (GuestRoom *self, const GuestRoomConfig *config, GError **error)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), FALSE);
  g_return_val_if_fail (config != NULL, FALSE);

  GuestSettings *before = self->settings;

  guest_room_set_green_room_hears (self, config->green_room_hears);
  self->settings = guest_settings_new (config);
  if (self->open && !change (self, &before->config, error)) {
    guest_settings_unref (self->settings);
    self->settings = before;
    return FALSE;
  }
  guest_settings_unref (before);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "common-util.h"
#include "guest-guest-private.h"
#include "guest-room-private.h"
#include "guest-token.h"

static void
set_address (GuestRoom *self, char **field, const char *address, GuestRoomProp property)
{
  if (common_set_string (field, address))
    _guest_room_notify (self, property);
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
  const char *base = self->public_address != NULL ? self->public_address
                     : self->lan_address != NULL  ? self->lan_address
                                                  : self->address;

  if (token == NULL || base == NULL)
    return NULL;
  return g_strdup_printf (g_str_has_suffix (base, "/") ? "%s#%s" : "%s/#%s", base, token);
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

static void
set_open (GuestRoom *self, gboolean open)
{
  if (self->open == open)
    return;
  self->open = open;
  _guest_room_notify (self, GUEST_ROOM_PROP_OPEN);
}

/**
 * guest_room_open:
 * @self: a room
 * @error: return location
 *
 * Serves the page, and lets guests in.
 *
 * Returns: `FALSE` with `GUEST_ERROR_LISTEN` or `GUEST_ERROR_ADDRESS`
 */
gboolean
guest_room_open (GuestRoom *self, GError **error)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), FALSE);

  if (!guest_ice_config_check (&self->settings->config.ice, error))
    return FALSE;
  g_autofree char *address = g_strdup_printf ("http://localhost:%u/", self->settings->config.port);
  set_address (self, &self->address, address, GUEST_ROOM_PROP_ADDRESS);
  set_address (self, &self->public_address, self->settings->config.public_uri,
               GUEST_ROOM_PROP_PUBLIC_ADDRESS);
  set_open (self, TRUE);
  _guest_room_update_links (self);
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
  set_address (self, &self->address, NULL, GUEST_ROOM_PROP_ADDRESS);
  set_address (self, &self->lan_address, NULL, GUEST_ROOM_PROP_LAN_ADDRESS);
  set_address (self, &self->public_address, NULL, GUEST_ROOM_PROP_PUBLIC_ADDRESS);
  set_open (self, FALSE);
  _guest_room_update_links (self);
}

/**
 * guest_room_configure:
 * @self: a room
 * @config: how the guests reach it from now on
 * @error: return location
 *
 * Opens it anew if it is open; guests come again by themselves.
 *
 * Returns: as guest_room_open ()
 */
gboolean
guest_room_configure (GuestRoom *self, const GuestRoomConfig *config, GError **error)
{
  g_return_val_if_fail (GUEST_IS_ROOM (self), FALSE);
  g_return_val_if_fail (config != NULL, FALSE);

  const gboolean open = self->open;

  if (open)
    guest_room_close (self);
  guest_settings_unref (self->settings);
  self->settings = guest_settings_new (config);
  guest_room_set_green_room_hears (self, config->green_room_hears);
  return !open || guest_room_open (self, error);
}

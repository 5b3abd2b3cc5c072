/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-types.h"
#include "guest-guest-private.h"
#include "guest-welcome.h"

static WebWords *
add_ice (WebWords *words, GuestGuest *guest, const GuestIceConfig *ice)
{
  web_words_node (words, "ice",
                  guest_ice_make_page (ice, guest_guest_get_id (guest),
                                       g_get_real_time () / G_USEC_PER_SEC));
  return web_words_flag (words, "relay", ice->relay_only);
}

/**
 * guest_welcome_make:
 * @guest: who came
 * @settings: of the room
 * @room_view: whether he may look at the room instead of the program
 * @live: whether the show is
 *
 * Returns: (transfer full): what his page is told first
 */
WebWords *
guest_welcome_make (GuestGuest *guest, GuestSettings *settings, gboolean room_view, gboolean live)
{
  const GuestPlace place = _guest_guest_get_own_place (guest);
  WebWords *words = web_words_new ("welcome");

  web_words_text (words, "name", guest_guest_get_name (guest));
  web_words_text (words, "event", settings->config.event);
  web_words_text (words, "language", settings->config.language);
  web_words_text (words, "place", engine_enum_get_nick (GUEST_TYPE_PLACE, (int) place));
  add_ice (words, guest, &settings->config.ice);
  web_words_flag (words, "room_view", room_view);
  return web_words_flag (words, "live", live);
}

/**
 * guest_welcome_make_ice:
 * @guest: who is there
 * @settings: of the room, from now on
 *
 * Returns: (transfer full): by which servers his page finds us the next time it connects
 */
WebWords *
guest_welcome_make_ice (GuestGuest *guest, GuestSettings *settings)
{
  return add_ice (web_words_new ("ice"), guest, &settings->config.ice);
}

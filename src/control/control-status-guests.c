/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "control-status-guests.h"
#include "engine-types.h"

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_bool (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_int (JsonBuilder *builder, const char *name, int value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/* What is not known is null. */
static void
add_measure (JsonBuilder *builder, const char *name, double value, double step)
{
  json_builder_set_member_name (builder, name);
  if (value < 0)
    json_builder_add_null_value (builder);
  else
    json_builder_add_double_value (builder, round (value / step) * step);
}

static void
add_error (JsonBuilder *builder, const char *name, const GError *error)
{
  add_string (builder, name, error != NULL ? error->message : NULL);
}

static void
add_health (JsonBuilder *builder, const GuestHealth *health)
{
  add_measure (builder, "rtt_ms", health->rtt_ms, 0.1);
  add_measure (builder, "lost", health->lost_in_share, 0.0001);
  add_measure (builder, "lost_out", health->lost_out_share, 0.0001);
  add_int (builder, "width", health->width_px);
  add_int (builder, "height", health->height_px);
  add_measure (builder, "fps", health->rate_fps, 0.1);
  add_int (builder, "in_kbps", health->in_bps / 1000);
  add_int (builder, "out_kbps", health->out_bps / 1000);
}

static void
add_link_state (JsonBuilder *builder, ShowSession *session, const char *id)
{
  add_string (builder, "link-state",
              engine_enum_get_nick (SHOW_TYPE_LINK_STATE,
                                    (int) show_session_get_link_state (session, id)));
}

static void
add_remote (JsonBuilder *builder, ShowSession *session, const char *id, const ShowRemote *remote)
{
  g_autofree char *address = remote->pulled ? NULL : show_session_get_whip_address (session, id);

  json_builder_set_member_name (builder, "remote");
  json_builder_begin_object (builder);
  add_string (builder, "kind", remote->pulled ? "whep" : "whip");
  add_string (builder, "address", address);
  if (!remote->pulled)
    add_link_state (builder, session, id);
  add_bool (builder, "connected", remote->connected);
  add_health (builder, &remote->health);
  add_error (builder, "error", remote->error);
  json_builder_set_member_name (builder, "retry-s");
  if (remote->retry_s >= 0)
    json_builder_add_int_value (builder, remote->retry_s);
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
}

/**
 * control_status_add_guest:
 * @builder: inside the object of a source
 * @session: a session
 * @source: one of its sources
 *
 * Adds the object `guest` for a source that shows one, or `remote` for one that comes by WHIP or WHEP. A
 * link that is void is not in it.
 */
void
control_status_add_guest (JsonBuilder *builder, ShowSession *session, EngineSource *source)
{
  const char *id = engine_source_get_id (source);
  GuestGuest *guest = show_session_find_guest (session, id);

  GuestHealth health = GUEST_HEALTH_NONE;
  ShowRemote remote;

  if (guest == NULL) {
    if (show_session_get_remote (session, id, &remote))
      add_remote (builder, session, id, &remote);
    return;
  }
  json_builder_set_member_name (builder, "guest");
  json_builder_begin_object (builder);
  add_string (builder, "link", guest_guest_get_link (guest));
  add_link_state (builder, session, id);
  add_string (builder, "state",
              engine_enum_get_nick (GUEST_TYPE_STATE, (int) guest_guest_get_state (guest)));
  add_string (builder, "place",
              engine_enum_get_nick (GUEST_TYPE_PLACE, (int) guest_guest_get_place (guest)));
  add_bool (builder, "connected", guest_guest_get_connected (guest));
  add_bool (builder, "ready", guest_guest_get_ready (guest));
  add_bool (builder, "sharing", guest_guest_get_sharing (guest));
  add_bool (builder, "camera", guest_guest_get_camera_on (guest));
  add_bool (builder, "microphone", guest_guest_get_microphone_on (guest));
  add_bool (builder, "music", guest_guest_get_music (guest));
  add_string (builder, "way",
              engine_enum_get_nick (GUEST_TYPE_WAY, (int) guest_guest_get_way (guest)));
  add_bool (builder, "weak", guest_guest_get_weak (guest));
  guest_guest_get_health (guest, &health);
  add_health (builder, &health);
  add_string (builder, "cue", guest_guest_get_cue (guest));
  add_int (builder, "asked-height", guest_guest_get_max_height (guest));
  add_bool (builder, "talked-to", guest_guest_get_talked_to (guest));
  add_error (builder, "error", guest_guest_get_error (guest));
  json_builder_end_object (builder);
}

static void
add_reach (JsonBuilder *builder, GuestRoom *room)
{
  GPtrArray *reach = guest_room_get_reach (room); /* nullable: never tried */

  json_builder_set_member_name (builder, "reach");
  if (reach == NULL) {
    json_builder_add_null_value (builder);
    return;
  }
  json_builder_begin_array (builder);
  for (guint i = 0; i < reach->len; i++) {
    const GuestReach *item = reach->pdata[i];

    json_builder_begin_object (builder);
    add_string (builder, "what", engine_enum_get_nick (GUEST_TYPE_REACH_WHAT, (int) item->what));
    add_string (builder, "address", item->address);
    add_bool (builder, "ok", item->code == GUEST_REACH_OK);
    add_string (builder, "code", engine_enum_get_nick (GUEST_TYPE_REACH_CODE, (int) item->code));
    add_string (builder, "detail", item->detail);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

/**
 * control_status_add_guests:
 * @builder: inside the object of the status
 * @session: a session
 *
 * Adds the object `guests`: how they reach the show.
 */
void
control_status_add_guests (JsonBuilder *builder, ShowSession *session)
{
  GuestRoom *room = show_session_get_guest_room (session);

  json_builder_set_member_name (builder, "guests");
  if (room == NULL) {
    json_builder_add_null_value (builder);
    return;
  }
  json_builder_begin_object (builder);
  add_bool (builder, "open", guest_room_get_open (room));
  add_error (builder, "error", guest_room_get_error (room));
  add_string (builder, "address", guest_room_get_address (room));
  add_string (builder, "lan", guest_room_get_lan_address (room));
  add_string (builder, "public", guest_room_get_public_address (room));
  add_string (builder, "tunnel",
              engine_enum_get_nick (GUEST_TYPE_TUNNEL_STATE,
                                    (int) guest_room_get_tunnel_state (room)));
  add_error (builder, "tunnel-error", guest_room_get_tunnel_error (room));
  add_bool (builder, "green-room-hears", guest_room_get_green_room_hears (room));
  add_bool (builder, "checking-reach", guest_room_get_checking_reach (room));
  add_reach (builder, room);
  json_builder_end_object (builder);
}

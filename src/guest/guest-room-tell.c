/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "guest-guest-private.h"
#include "guest-room-private.h"
#include "web-words.h"

static GuestCall *
get_call (GuestRoom *self, guint i)
{
  return self->calls->pdata[i];
}

/* ---- what guests hear besides the program ---- */

static gboolean
waits (GuestGuest *guest)
{
  return guest_guest_get_connected (guest) && !guest_guest_get_on_air (guest) &&
         _guest_guest_get_own_place (guest) != GUEST_PLACE_FOLLOWING;
}

/* Who waits hears the others who wait. Who is on air is heard in the program already, and must not
 * be disturbed. */
void
_guest_room_update_hearing (GuestRoom *self)
{
  g_autoptr (GPtrArray) heard = g_ptr_array_new ();

  for (guint i = 0; i < self->calls->len; i++) {
    GuestGuest *guest = guest_call_get_guest (get_call (self, i));

    g_ptr_array_set_size (heard, 0);
    for (guint j = 0; self->green_room_hears && waits (guest) && j < self->calls->len; j++) {
      GuestGuest *other = guest_call_get_guest (get_call (self, j));

      if (other != guest && waits (other))
        g_ptr_array_add (heard, guest_guest_get_source (other));
    }
    engine_program_set_bus_extras (self->program, guest_call_get_bus (get_call (self, i)),
                                   (EngineSource *const *) heard->pdata, heard->len);
  }
}

void
guest_room_set_green_room_hears (GuestRoom *self, gboolean hears)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  if (self->green_room_hears == !!hears)
    return;
  self->green_room_hears = !!hears;
  _guest_room_notify (self, GUEST_ROOM_PROP_GREEN_ROOM_HEARS);
  _guest_room_update_hearing (self);
}

/**
 * guest_room_talk_to:
 * @self: a room
 * @guests: (array length=n_guests): who hears the operator's microphone
 * @n_guests: 0: nobody any more
 */
void
guest_room_talk_to (GuestRoom *self, GuestGuest *const *guests, guint n_guests)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  g_autoptr (GPtrArray) buses = g_ptr_array_new ();

  for (guint i = 0; i < self->calls->len; i++) {
    GuestGuest *guest = guest_call_get_guest (get_call (self, i));
    gboolean talked_to = FALSE;

    for (guint j = 0; j < n_guests; j++)
      talked_to |= guests[j] == guest;
    if (talked_to)
      g_ptr_array_add (buses, guest_call_get_bus (get_call (self, i)));
    _guest_guest_set_talked_to (guest, talked_to);
  }
  engine_talkback_set_buses (engine_program_get_talkback (self->program),
                             (EngineBus *const *) buses->pdata, buses->len);
}

/* Before his bus goes: the microphone would keep it. */
void
_guest_room_stop_talking_to (GuestRoom *self, GuestGuest *guest)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new ();

  if (!guest_guest_get_talked_to (guest))
    return;
  for (guint i = 0; i < self->calls->len; i++) {
    GuestGuest *other = guest_call_get_guest (get_call (self, i));

    if (other != guest && guest_guest_get_talked_to (other))
      g_ptr_array_add (others, other);
  }
  guest_room_talk_to (self, (GuestGuest *const *) others->pdata, others->len);
}

/**
 * guest_room_set_view_source:
 * @self: a room
 * @room_camera: (nullable): what a guest may look at instead of the program
 */
void
guest_room_set_view_source (GuestRoom *self, EngineSource *room_camera)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  g_set_object (&self->view, room_camera);
  for (guint i = 0; i < self->calls->len; i++)
    guest_call_set_view (get_call (self, i), room_camera);
}

/* ---- what their pages are told, all of them ---- */

static void
tell_live (GuestRoom *self, GuestCall *call)
{
  guest_teller_tell (guest_call_get_teller (call), GUEST_TOPIC_LIVE, NULL,
                     web_words_end (web_words_flag (web_words_new ("live"), "live", self->live)));
}

static WebWords *
write_schedule (GuestRoom *self)
{
  const GuestSchedule *schedule = &self->schedule;
  WebWords *words = web_words_new ("schedule");

  web_words_text (words, "title", schedule->title);
  web_words_text (words, "speakers", schedule->speakers);
  web_words_number (words, "starts", schedule->starts_s);
  web_words_number (words, "ends", schedule->ends_s);
  web_words_text (words, "next_title", schedule->next_title);
  web_words_text (words, "next_speakers", schedule->next_speakers);
  return web_words_number (words, "next_starts", schedule->next_starts_s);
}

/* Its clock may be wrong, so that ours goes along; but that alone is no news. */
static void
tell_schedule (GuestRoom *self, GuestCall *call)
{
  g_autofree char *key = web_words_end (write_schedule (self));

  guest_teller_tell (guest_call_get_teller (call), GUEST_TOPIC_SCHEDULE, key,
                     web_words_end (web_words_number (write_schedule (self), "now",
                                                      g_get_real_time () / G_USEC_PER_SEC)));
}

/* Nobody is shown who only follows: he may not want to be known. */
static JsonNode *
list_others (GuestRoom *self, GuestCall *call)
{
  JsonArray *others = json_array_new ();

  for (guint i = 0; i < self->calls->len; i++) {
    GuestGuest *guest = guest_call_get_guest (get_call (self, i));
    const GuestPlace place = guest_guest_get_place (guest);

    if (get_call (self, i) == call || !guest_guest_get_connected (guest) ||
        place == GUEST_PLACE_FOLLOWING)
      continue;

    JsonObject *other = json_object_new ();
    json_object_set_string_member (other, "name", guest_guest_get_name (guest));
    json_object_set_string_member (other, "place",
                                   engine_enum_get_nick (GUEST_TYPE_PLACE, (int) place));
    json_object_set_boolean_member (other, "on_air", place == GUEST_PLACE_ON_AIR);
    json_array_add_object_element (others, other);
  }

  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, others);
  return node;
}

static void
tell_others (GuestRoom *self, GuestCall *call)
{
  guest_teller_tell (guest_call_get_teller (call), GUEST_TOPIC_OTHERS, NULL,
                     web_words_end (web_words_node (web_words_new ("others"), "others",
                                                    list_others (self, call))));
}

void
_guest_room_tell (GuestRoom *self, GuestCall *call)
{
  if (!guest_call_has_line (call))
    return;
  tell_live (self, call);
  tell_schedule (self, call);
  tell_others (self, call);
}

void
_guest_room_tell_all (GuestRoom *self)
{
  for (guint i = 0; i < self->calls->len; i++)
    _guest_room_tell (self, get_call (self, i));
}

/**
 * guest_room_set_schedule:
 * @self: a room
 * @title: (nullable): the talk being given, or the first one
 * @speakers: (nullable): who gives it
 * @starts_s, @ends_s: unix time; 0: not known
 * @next_title: (nullable): what comes after it
 * @next_starts_s: unix time; 0: not known
 *
 * Pages are told within a second, if it is news.
 */
void
guest_room_set_schedule (GuestRoom *self, const char *title, const char *speakers, gint64 starts_s,
                         gint64 ends_s, const char *next_title, gint64 next_starts_s)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  common_set_string (&self->schedule.title, title);
  common_set_string (&self->schedule.speakers, speakers);
  common_set_string (&self->schedule.next_title, next_title);
  self->schedule.starts_s = starts_s;
  self->schedule.ends_s = ends_s;
  self->schedule.next_starts_s = next_starts_s;
}

/**
 * guest_room_set_next_speakers:
 * @self: a room
 * @speakers: (nullable): who speaks next: a guest of that name is told how long he has still
 */
void
guest_room_set_next_speakers (GuestRoom *self, const char *speakers)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  common_set_string (&self->schedule.next_speakers, speakers);
}

void
guest_room_set_live (GuestRoom *self, gboolean live)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  self->live = !!live;
  for (guint i = 0; i < self->calls->len; i++)
    tell_live (self, get_call (self, i));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "show-guests-private.h"
#include "show-session-private.h"
#include "show-texts.h"

/* What guests, sources and journal have to know of each other. */

static const char *
get_language (ShowGuests *self)
{
  return event_file_get_language (show_session_get_event (self->session));
}

/* What the audience reads where a guest would be. */
static void
expect (ShowGuests *self, EngineSource *source, ShowText text, const char *name)
{
  g_autofree char *sentence = show_texts_name (get_language (self), text, name);

  engine_source_set_expecting (source, sentence);
}

static ShowText
get_guest_text (GuestGuest *guest)
{
  switch (guest_guest_get_state (guest)) {
  case GUEST_STATE_INVITED:
  case GUEST_STATE_REVOKED:
    return SHOW_TEXT_GUEST_AWAITED;
  case GUEST_STATE_LOST:
    return SHOW_TEXT_GUEST_LOST;
  case GUEST_STATE_FOLLOWING:
  case GUEST_STATE_GREEN_ROOM:
  case GUEST_STATE_READY:
  case GUEST_STATE_ON_AIR:
  case GUEST_STATE_WEAK:
  case GUEST_STATE_REJOINED:
    return SHOW_TEXT_GUEST_UNSEEN;
  }
  g_return_val_if_reached (SHOW_TEXT_GUEST_AWAITED);
}

static void
expect_record (ShowGuests *self, const EventSource *record)
{
  EngineSource *source = _show_session_find_source (self->session, record->id, NULL);
  GuestGuest *guest = NULL;

  if (source == NULL)
    return;
  switch (record->kind) {
  case EVENT_SOURCE_GUEST:
    if (record->screen_of != NULL) {
      const EventSource *owner = _show_guests_find_record (self, record->screen_of);

      /* A checked event has him. */
      expect (self, source, SHOW_TEXT_GUEST_SCREEN, owner->title);
      break;
    }
    guest = guest_room_find (self->room, record->id);
    expect (self, source, guest != NULL ? get_guest_text (guest) : SHOW_TEXT_GUEST_AWAITED,
            record->title);
    break;
  case EVENT_SOURCE_WHIP:
  case EVENT_SOURCE_WHEP:
    expect (self, source, SHOW_TEXT_GUEST_AWAITED, record->title);
    break;
  case EVENT_SOURCE_CAMERA:
  case EVENT_SOURCE_URI:
  case EVENT_SOURCE_STILL:
  case EVENT_SOURCE_DRAWN:
  case EVENT_SOURCE_SLIDES:
  case EVENT_SOURCE_SCREEN:
  case EVENT_SOURCE_FILM:
  case EVENT_SOURCE_CARD:
    break;
  }
}

/**
 * _show_guests_expect:
 * @self: guests
 *
 * Says on the card of each source from outside who is awaited.
 */
void
_show_guests_expect (ShowGuests *self)
{
  GPtrArray *records = event_file_get_sources (show_session_get_event (self->session));

  for (guint i = 0; i < records->len; i++)
    expect_record (self, records->pdata[i]);
}

/* Returns: (nullable): an English sentence for the journal, to be completed with his name */
static const char *
describe (GuestState before, GuestState state)
{
  switch (state) {
  case GUEST_STATE_INVITED:
    return before == GUEST_STATE_REVOKED ? "“%s” has a new link" : "“%s” has gone home";
  case GUEST_STATE_FOLLOWING:
    return "“%s” follows the show";
  case GUEST_STATE_GREEN_ROOM:
    return "“%s” is in the green room";
  case GUEST_STATE_READY:
    return "“%s” is ready";
  case GUEST_STATE_ON_AIR:
    return "“%s” is on air";
  case GUEST_STATE_WEAK:
    return "the network of “%s” is weak";
  case GUEST_STATE_LOST:
    return "“%s” is lost";
  case GUEST_STATE_REJOINED:
    return "“%s” is back";
  case GUEST_STATE_REVOKED:
    return "the link of “%s” is void";
  }
  g_return_val_if_reached (NULL);
}

static void
note_state (ShowGuests *self, GuestGuest *guest)
{
  const char *id = guest_guest_get_id (guest);
  const GuestState state = guest_guest_get_state (guest);
  const GuestState before = (GuestState) GPOINTER_TO_INT (g_hash_table_lookup (self->noted, id));
  const GError *why = guest_guest_get_error (guest);
  g_auto (GStrv) parts = NULL;
  g_autofree char *sentence = NULL;

  if (state == before)
    return;
  g_hash_table_insert (self->noted, g_strdup (id), GINT_TO_POINTER (state));
  /* Where he is when he is back is where he was. */
  if (before == GUEST_STATE_REJOINED && state != GUEST_STATE_WEAK && state != GUEST_STATE_LOST &&
      state != GUEST_STATE_INVITED && state != GUEST_STATE_REVOKED)
    return;
  parts = g_strsplit (describe (before, state), "%s", 2);
  sentence = g_strjoinv (guest_guest_get_name (guest), parts);
  if (state == GUEST_STATE_LOST && why != NULL)
    show_journal_add (self->session->journal, "guest", id, "%s: %s", sentence, why->message);
  else if (before == GUEST_STATE_WEAK && state != GUEST_STATE_LOST)
    show_journal_add (self->session->journal, "guest", id, "%s, his network is good again",
                      sentence);
  else
    show_journal_add (self->session->journal, "guest", id, "%s", sentence);
}

static void
state_cb (GuestGuest *guest, GParamSpec *pspec, gpointer user_data)
{
  ShowGuests *self = user_data;
  const EventSource *record = _show_guests_find_record (self, guest_guest_get_id (guest));

  note_state (self, guest);
  if (record != NULL)
    expect_record (self, record);
}

static void
sharing_cb (GuestGuest *guest, GParamSpec *pspec, gpointer user_data)
{
  ShowGuests *self = user_data;

  show_journal_add (self->session->journal, "guest", guest_guest_get_id (guest),
                    guest_guest_get_sharing (guest) ? "“%s” shares a screen"
                                                    : "“%s” no longer shares a screen",
                    guest_guest_get_name (guest));
}

static void
error_cb (GuestGuest *guest, GParamSpec *pspec, gpointer user_data)
{
  ShowGuests *self = user_data;
  const GError *why = guest_guest_get_error (guest);

  if (g_error_matches (why, GUEST_ERROR, GUEST_ERROR_STARVED))
    show_journal_add (self->session->journal, "guest", guest_guest_get_id (guest),
                      "“%s” is connected, but %s", guest_guest_get_name (guest), why->message);
}

/**
 * _show_guests_follow:
 * @self: guests
 * @guest: one who was added to the room
 */
void
_show_guests_follow (ShowGuests *self, GuestGuest *guest)
{
  g_hash_table_insert (self->noted, g_strdup (guest_guest_get_id (guest)),
                       GINT_TO_POINTER (guest_guest_get_state (guest)));
  g_signal_connect_object (guest, "notify::state", G_CALLBACK (state_cb), self, 0);
  g_signal_connect_object (guest, "notify::sharing", G_CALLBACK (sharing_cb), self, 0);
  g_signal_connect_object (guest, "notify::error", G_CALLBACK (error_cb), self, 0);
}

/**
 * _show_guests_note_link:
 * @self: guests
 * @id: of a link
 * @why: why it is not kept
 *
 * The token stays out of the journal.
 */
void
_show_guests_note_link (ShowGuests *self, const char *id, const GError *why)
{
  const char *source_id = strchr (id, ':') + 1;
  const EventSource *record = _show_guests_find_record (self, source_id);
  const char *title = record != NULL ? record->title : source_id;

  if (show_links_get_state (self->links, id) == SHOW_LINK_REVOKED)
    show_journal_add (
      self->session->journal, "guest", source_id,
      "the link of “%s” is void until Régie ends, and may hold again after that: %s", title,
      why->message);
  else
    show_journal_add (self->session->journal, "guest", source_id,
                      "the link of “%s” holds until Régie ends only: %s", title, why->message);
}

static gint64
to_unix (GDateTime *time)
{
  return time != NULL ? g_date_time_to_unix (time) : 0;
}

/**
 * _show_guests_tell_show:
 * @self: guests
 *
 * Tells the guests which talk is given, which comes next, and whether the show is live.
 */
void
_show_guests_tell_show (ShowGuests *self)
{
  ShowTalk *talk = show_session_get_current_talk (self->session);
  ShowTalk *next = show_session_get_next_talk (self->session);

  if (talk != NULL)
    guest_room_set_schedule (self->room, show_talk_get_title (talk), show_talk_get_speakers (talk),
                             to_unix (show_talk_get_start (talk)),
                             to_unix (show_talk_get_end (talk)),
                             next != NULL ? show_talk_get_title (next) : NULL,
                             next != NULL ? to_unix (show_talk_get_start (next)) : 0);
  else
    guest_room_set_schedule (self->room, NULL, NULL, 0, 0, NULL, 0);
  guest_room_set_next_speakers (self->room, next != NULL ? show_talk_get_speakers (next) : NULL);
  guest_room_set_live (self->room, show_session_get_state (self->session) == SHOW_STATE_LIVE);
}

/**
 * _show_guests_follow_show:
 * @self: guests whose room is made
 */
void
_show_guests_follow_show (ShowGuests *self)
{
  g_signal_connect_object (self->session, "notify::state", G_CALLBACK (_show_guests_tell_show),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::current-talk",
                           G_CALLBACK (_show_guests_tell_show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->room, "notify::address", G_CALLBACK (_show_session_remember),
                           self->session, G_CONNECT_SWAPPED);
  _show_guests_tell_show (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "event-address.h"
#include "event-list.h"

/* What comes in: the section “guests”, and what sources say of guests. */

#define DEFAULT_ADDRESS   "127.0.0.1"
#define DEFAULT_PORT      8085
#define MAX_PORT          65534 /* https is one above it */
#define DEFAULT_MOST      4
#define MAX_SERVERS       4
#define MAX_WORDS         64 /* of the command of a tunnel */
#define MAX_WORD_CHARS    1000
#define MAX_LOCAL_CHARS   253
#define MAX_USER_CHARS    200
#define DEFAULT_TURN_USER "regie"

#define ICE_HOST          "(\\[[0-9A-Fa-f:.]{2,45}\\]|[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?)"
#define ICE_PORT          "(:[1-9][0-9]{0,4})?"
#define STUN_PATTERN      "^stun:" ICE_HOST ICE_PORT "$"
#define TURN_PATTERN      "^turn:" ICE_HOST ICE_PORT "(\\?transport=(udp|tcp))?$"

static const char *const web_schemes[] = { "https", "http", NULL };

static void
turn_free (EventTurn *self)
{
  g_free (self->address);
  g_free (self->user);
  g_free (self);
}

void
event_guests_clear (EventGuests *self)
{
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->certificate, g_free);
  g_clear_pointer (&self->certificate_key, g_free);
  g_clear_pointer (&self->public_address, g_free);
  g_clear_pointer (&self->tunnel, g_strfreev);
  g_clear_pointer (&self->stun, g_strfreev);
  g_clear_pointer (&self->turn, g_ptr_array_unref);
  g_clear_pointer (&self->view, g_free);
}

static gboolean
matches (const char *pattern, const char *text)
{
  return g_regex_match_simple (pattern, text, G_REGEX_DOLLAR_ENDONLY, 0);
}

static gpointer
read_turn (EventReader *reader, JsonObject *object, gpointer user_data)
{
  EventTurn *self = g_new0 (EventTurn, 1);

  self->address = event_reader_string (reader, object, "address", MAX_LOCAL_CHARS, NULL);
  if (self->address != NULL && g_str_has_prefix (self->address, "turns:"))
    event_reader_fail (reader, "address",
                       "begins with “turns:”, expected “turn:”: media is encrypted already; where "
                       "only TCP passes, write turn:turn.example.org:443?transport=tcp");
  else if (self->address != NULL && !matches (TURN_PATTERN, self->address))
    event_reader_fail (reader, "address",
                       "is “%.60s”, expected one such as turn:turn.example.org:3478?transport=udp",
                       self->address);
  self->shared_secret = event_reader_boolean (reader, object, "shared-secret", FALSE);
  /* With a shared secret it is only a name that the server notes down. */
  self->user = event_reader_string (reader, object, "user", MAX_USER_CHARS,
                                    self->shared_secret ? DEFAULT_TURN_USER : NULL);
  if (json_object_has_member (object, "password") || json_object_has_member (object, "secret"))
    event_reader_fail (reader, json_object_has_member (object, "password") ? "password" : "secret",
                       "is there, expected none: passwords stay in the keyring, never in this "
                       "file; enter it in Régie");
  return self;
}

static void
read_public_address (EventReader *reader, JsonObject *object, EventGuests *self)
{
  g_autoptr (GUri) uri = NULL;
  const char *host = NULL;

  self->public_address =
    event_reader_optional_string (reader, object, "public-address", EVENT_MAX_ADDRESS_CHARS);
  event_address_check_destination (reader, "public-address", self->public_address, web_schemes);
  if (self->public_address == NULL || reader->error != NULL)
    return;
  uri = g_uri_parse (self->public_address, G_URI_FLAGS_NONE, NULL);
  host = uri != NULL ? g_uri_get_host (uri) : NULL;
  if (host == NULL)
    event_reader_fail (reader, "public-address",
                       "is not a whole address, expected one such as https://guests.example.org");
  else if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    event_reader_fail (reader, "public-address",
                       "has a “?” or “#”, expected an address without, such as "
                       "https://guests.example.org/");
  /* A browser gives no microphone to a page that comes over http from elsewhere. */
  else if (g_str_equal (g_uri_get_scheme (uri), "http") && !g_str_equal (host, "localhost") &&
           !g_str_equal (host, "127.0.0.1"))
    event_reader_fail (reader, "public-address",
                       "begins with “http”, expected https://: browsers give a page without it "
                       "neither camera nor microphone");
}

static void
read_certificate (EventReader *reader, JsonObject *object, EventGuests *self)
{
  self->certificate =
    event_reader_optional_string (reader, object, "certificate", EVENT_MAX_PATH_CHARS);
  self->certificate_key =
    event_reader_optional_string (reader, object, "certificate-key", EVENT_MAX_PATH_CHARS);
  if (self->certificate != NULL && self->certificate_key == NULL)
    event_reader_fail (reader, "certificate-key",
                       "is missing, expected the file of the certificate's key");
  else if (self->certificate == NULL && self->certificate_key != NULL)
    event_reader_fail (reader, "certificate",
                       "is missing, expected the file of the key's certificate");
}

static void
read_servers (EventReader *reader, JsonObject *object, EventGuests *self)
{
  self->stun = event_reader_strings (reader, object, "stun", MAX_SERVERS, MAX_LOCAL_CHARS);
  for (guint i = 0; self->stun[i] != NULL; i++) {
    g_autofree char *key = g_strdup_printf ("stun[%u]", i);

    if (!matches (STUN_PATTERN, self->stun[i]))
      event_reader_fail (reader, key, "is “%.60s”, expected one such as stun:stun.example.org:3478",
                         self->stun[i]);
  }
  self->turn = event_reader_records (reader, object, "turn", 0, MAX_SERVERS, read_turn,
                                     (GDestroyNotify) turn_free, NULL);
  self->relay_only = event_reader_boolean (reader, object, "relay-only", FALSE);
  if (self->relay_only && self->turn->len == 0)
    event_reader_fail (reader, "relay-only",
                       "is true, expected false: there is no TURN server to go through");
}

/**
 * event_guests_read:
 * @reader: a reader
 * @object: the section `guests`
 * @self: (out): what it says
 */
void
event_guests_read (EventReader *reader, JsonObject *object, EventGuests *self)
{
  self->address = event_reader_string (reader, object, "address", MAX_LOCAL_CHARS, DEFAULT_ADDRESS);
  event_address_check_own (reader, "address", self->address);
  self->port = event_reader_int (reader, object, "port", 0, MAX_PORT, DEFAULT_PORT);
  self->lan = event_reader_boolean (reader, object, "lan", FALSE);
  read_certificate (reader, object, self);
  read_public_address (reader, object, self);
  self->tunnel = event_reader_strings (reader, object, "tunnel", MAX_WORDS, MAX_WORD_CHARS);
  read_servers (reader, object, self);
  self->most = event_reader_int (reader, object, "most", 1, EVENT_MAX_SOURCES, DEFAULT_MOST);
  self->green_room_hears = event_reader_boolean (reader, object, "green-room-hears", FALSE);
  self->view = event_reader_optional_string (reader, object, "view", EVENT_MAX_ID_CHARS);
}

/* Returns: (nullable): the source of that id */
static const EventSource *
find (const EventContents *contents, const char *id)
{
  for (guint i = 0; i < contents->sources->len; i++) {
    const EventSource *source = contents->sources->pdata[i];

    if (g_str_equal (source->id, id))
      return source;
  }
  return NULL;
}

/* The ids of guests, or of all but guests; for suggestions. */
static GPtrArray *
list_ids (const EventContents *contents, gboolean guests)
{
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < contents->sources->len; i++) {
    const EventSource *source = contents->sources->pdata[i];

    if ((source->kind == EVENT_SOURCE_GUEST && source->screen_of == NULL) == guests)
      g_ptr_array_add (ids, source->id);
  }
  g_ptr_array_add (ids, NULL);
  return ids;
}

static void
check_screen (EventReader *reader, const EventContents *contents, guint index)
{
  const EventSource *screen = contents->sources->pdata[index];
  const EventSource *guest = find (contents, screen->screen_of);
  g_autofree char *key = g_strdup_printf ("sources[%u].screen-of", index);
  g_autoptr (GPtrArray) ids = list_ids (contents, TRUE);
  g_autofree char *hint =
    event_reader_suggest (screen->screen_of, (const char *const *) ids->pdata);

  if (guest == NULL || guest->kind != EVENT_SOURCE_GUEST || guest->screen_of != NULL) {
    event_reader_fail (reader, key, "is “%s”, expected the id of a guest%s", screen->screen_of,
                       hint);
    return;
  }
  for (guint i = 0; i < index; i++) {
    const EventSource *other = contents->sources->pdata[i];

    if (g_strcmp0 (other->screen_of, screen->screen_of) == 0)
      event_reader_fail (reader, key,
                         "is “%s”, expected a guest whose screen no other source shows",
                         screen->screen_of);
  }
}

/**
 * event_guests_check:
 * @reader: a reader, at the top of the file
 * @contents: sources and guests
 *
 * A screen is some guest's, there is one for each at most, and what guests see of the room is a source.
 */
void
event_guests_check (EventReader *reader, const EventContents *contents)
{
  const char *view = contents->guests.view;
  const EventSource *shown = NULL;

  for (guint i = 0; i < contents->sources->len && reader->error == NULL; i++) {
    if (((const EventSource *) contents->sources->pdata[i])->screen_of != NULL)
      check_screen (reader, contents, i);
  }
  if (view == NULL || reader->error != NULL)
    return;
  shown = find (contents, view);
  if (shown == NULL || shown->kind == EVENT_SOURCE_GUEST) {
    g_autoptr (GPtrArray) ids = list_ids (contents, FALSE);
    g_autofree char *hint = event_reader_suggest (view, (const char *const *) ids->pdata);

    event_reader_fail (reader, "guests.view",
                       "is “%s”, expected the id of a source that is no guest, such as the room's "
                       "camera%s",
                       view, hint);
  }
}

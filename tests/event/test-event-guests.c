/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "event-file.h"

/* Who comes from outside, and how. */

#define HEAD         "{\"regie\": 1, \"title\": \"T\", "
#define SHOTS        "\"shots\": [{\"id\": \"s\", \"layout\": \"full\", \"sources\": [\"room\"]}]"
#define ROOM         "{\"id\": \"room\", \"kind\": \"drawn\"}"
#define ANNA         "{\"id\": \"anna\", \"title\": \"Anna\", \"kind\": \"guest\"}"
#define SCREEN       "{\"id\": \"anna-screen\", \"kind\": \"guest\", \"screen-of\": \"anna\"}"
#define SOURCES(...) HEAD "\"sources\": [" ROOM ", " __VA_ARGS__ "], " SHOTS "}"
#define GUESTS(...) \
  HEAD "\"sources\": [" ROOM ", " ANNA "], " SHOTS ", \"guests\": {" __VA_ARGS__ "}}"
#define TURN(...) GUESTS ("\"turn\": [{" __VA_ARGS__ "}]")

static const char full_event[] = HEAD
  "\"sources\": [" ROOM ", " SCREEN ", " ANNA ",\n"
  "  {\"id\": \"pushed\", \"kind\": \"whip\", \"sound-settings\": {\"follows\": \"always\"}},\n"
  "  {\"id\": \"pulled\", \"kind\": \"whep\", \"uri\": \"https://relay.example.org/anna/whep\"} "
  "],\n"
  "  " SHOTS ",\n"
  "\"guests\": {\"port\": 9000, \"lan\": true, \"address\": \"0.0.0.0\",\n"
  "  \"certificate\": \"cert.pem\", \"certificate-key\": \"/etc/key.pem\",\n"
  "  \"public-address\": \"https://guests.example.org/today/\",\n"
  "  \"tunnel\": [\"ssh\", \"-N\", \"-R\", \"8085:localhost:8085\", \"example.org\"],\n"
  "  \"stun\": [\"stun:stun.example.org\", \"stun:[2001:db8::1]:3478\"],\n"
  "  \"turn\": [{\"address\": \"turn:turn.example.org:443?transport=tcp\", \"user\": \"crew\"},\n"
  "            {\"address\": \"turn:192.0.2.1\", \"shared-secret\": true}],\n"
  "  \"relay-only\": true, \"most\": 2, \"green-room-hears\": true, \"view\": \"room\",\n"
  "  \"of-tomorrow\": [1, 2]} }";

static EventFile *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  EventFile *file = event_file_parse (json, -1, "/tmp/show.regie", &error);

  g_assert_no_error (error);
  g_assert_nonnull (file);
  return file;
}

static void
test_reads_sources (void)
{
  g_autoptr (EventFile) file = parse (full_event);
  GPtrArray *sources = event_file_get_sources (file);
  const EventSource *screen = sources->pdata[1], *anna = sources->pdata[2];
  const EventSource *pushed = sources->pdata[3], *pulled = sources->pdata[4];

  g_assert_cmpint (anna->kind, ==, EVENT_SOURCE_GUEST);
  g_assert_null (anna->screen_of);
  g_assert_cmpint (anna->sound_settings.follows, ==, EVENT_SOUND_SEEN);
  g_assert_cmpint (screen->kind, ==, EVENT_SOURCE_GUEST);
  g_assert_cmpstr (screen->screen_of, ==, "anna");
  g_assert_cmpint (pushed->kind, ==, EVENT_SOURCE_WHIP);
  g_assert_cmpint (pushed->sound_settings.follows, ==, EVENT_SOUND_ALWAYS);
  g_assert_cmpint (pulled->kind, ==, EVENT_SOURCE_WHEP);
  g_assert_cmpint (pulled->sound_settings.follows, ==, EVENT_SOUND_SEEN);
  g_assert_cmpstr (pulled->uri, ==, "https://relay.example.org/anna/whep");
}

static void
test_reads_guests (void)
{
  g_autoptr (EventFile) file = parse (full_event);
  const EventGuests *guests = event_file_get_guests (file);
  const EventTurn *first = guests->turn->pdata[0], *second = guests->turn->pdata[1];

  g_assert_cmpint (guests->port, ==, 9000);
  g_assert_true (guests->lan);
  g_assert_cmpstr (guests->address, ==, "0.0.0.0");
  g_assert_cmpstr (guests->certificate, ==, "cert.pem");
  g_assert_cmpstr (guests->certificate_key, ==, "/etc/key.pem");
  g_assert_cmpstr (guests->public_address, ==, "https://guests.example.org/today/");
  g_assert_cmpuint (g_strv_length (guests->tunnel), ==, 5);
  g_assert_cmpstr (guests->tunnel[3], ==, "8085:localhost:8085");
  g_assert_cmpuint (g_strv_length (guests->stun), ==, 2);
  g_assert_cmpstr (first->address, ==, "turn:turn.example.org:443?transport=tcp");
  g_assert_cmpstr (first->user, ==, "crew");
  g_assert_false (first->shared_secret);
  g_assert_true (second->shared_secret);
  g_assert_cmpstr (second->user, ==, "regie");
  g_assert_true (guests->relay_only && guests->green_room_hears);
  g_assert_cmpint (guests->most, ==, 2);
  g_assert_cmpstr (guests->view, ==, "room");
}

static void
test_has_defaults (void)
{
  g_autoptr (EventFile) file = parse (SOURCES (ANNA));
  const EventGuests *guests = event_file_get_guests (file);

  g_assert_cmpint (guests->port, ==, 8085);
  g_assert_cmpstr (guests->address, ==, "127.0.0.1");
  g_assert_false (guests->lan || guests->relay_only || guests->green_room_hears);
  g_assert_null (guests->certificate);
  g_assert_null (guests->public_address);
  g_assert_cmpuint (g_strv_length (guests->tunnel), ==, 0);
  /* Nobody else is asked unless the crew wants it. */
  g_assert_cmpuint (g_strv_length (guests->stun), ==, 0);
  g_assert_cmpuint (guests->turn->len, ==, 0);
  g_assert_cmpint (guests->most, ==, 4);
  g_assert_null (guests->view);
}

/* What is wrong, and what the message says: where, and what was expected. */
typedef struct {
  const char *name;
  const char *json;
  const char *where;
  const char *expected;
} Broken;

static const Broken broken[] = {
  { "screen-of-nobody",
    SOURCES (ANNA ", {\"id\": \"x\", \"kind\": \"guest\", \"screen-of\": \"ana\"}"),
    "sources[2].screen-of is “ana”", "expected the id of a guest; is “anna” meant?" },
  { "screen-of-no-guest", SOURCES ("{\"id\": \"x\", \"kind\": \"guest\", \"screen-of\": \"room\"}"),
    "sources[1].screen-of is “room”", "expected the id of a guest" },
  { "screen-of-itself", SOURCES ("{\"id\": \"x\", \"kind\": \"guest\", \"screen-of\": \"x\"}"),
    "sources[1].screen-of is “x”", "expected the id of a guest" },
  { "two-screens",
    SOURCES (ANNA ", " SCREEN ", {\"id\": \"x\", \"kind\": \"guest\", \"screen-of\": \"anna\"}"),
    "sources[3].screen-of is “anna”", "expected a guest whose screen no other source shows" },
  { "screen-of-number", SOURCES ("{\"id\": \"x\", \"kind\": \"guest\", \"screen-of\": 1}"),
    "sources[1].screen-of is 1", "expected a text" },
  { "whep-nowhere", SOURCES ("{\"id\": \"x\", \"kind\": \"whep\"}"), "sources[1].uri is missing",
    "expected a text" },
  { "whep-rtsp", SOURCES ("{\"id\": \"x\", \"kind\": \"whep\", \"uri\": \"rtsp://h/x\"}"),
    "sources[1].uri begins with “rtsp”", "expected one of https://, http://" },
  { "whep-password",
    SOURCES ("{\"id\": \"x\", \"kind\": \"whep\", \"uri\": \"https://me:s3cret@h/x\"}"),
    "sources[1].uri has a name or password", "stay in the keyring" },
  { "guests-list", HEAD "\"sources\": [" ROOM "], " SHOTS ", \"guests\": []}", "guests is a list",
    "expected an object" },
  { "port", GUESTS ("\"port\": 65535"), "guests.port is 65535",
    "expected a whole number from 0 to 65534" },
  { "lan", GUESTS ("\"lan\": \"yes\""), "guests.lan is “yes”", "expected true or false" },
  { "address", GUESTS ("\"address\": \"everyone\""), "guests.address is “everyone”",
    "expected this computer's address" },
  { "certificate-alone", GUESTS ("\"certificate\": \"c.pem\""), "guests.certificate-key is missing",
    "expected the file of the certificate's key" },
  { "key-alone", GUESTS ("\"certificate-key\": \"k.pem\""), "guests.certificate is missing",
    "expected the file of the key's certificate" },
  { "public-without-scheme", GUESTS ("\"public-address\": \"guests.example.org\""),
    "guests.public-address begins with “no scheme”", "expected one of https://" },
  { "public-http", GUESTS ("\"public-address\": \"http://guests.example.org\""),
    "guests.public-address begins with “http”", "neither camera nor microphone" },
  { "public-query", GUESTS ("\"public-address\": \"https://h/?room=1\""),
    "guests.public-address has a “?” or “#”", "expected an address without" },
  { "public-fragment", GUESTS ("\"public-address\": \"https://h/#room\""),
    "guests.public-address has a “?” or “#”", "expected an address without" },
  { "public-password", GUESTS ("\"public-address\": \"https://me:s3cret@h/\""),
    "guests.public-address has a name or password", "stay in the keyring" },
  { "tunnel-text", GUESTS ("\"tunnel\": \"ssh -R x\""), "guests.tunnel is “ssh -R x”",
    "expected a list" },
  { "tunnel-word", GUESTS ("\"tunnel\": [\"ssh\", 22]"), "guests.tunnel[1] is 22",
    "expected a text" },
  { "stun-scheme", GUESTS ("\"stun\": [\"stun.example.org:3478\"]"),
    "guests.stun[0] is “stun.example.org:3478”", "expected one such as stun:" },
  { "stun-slashes", GUESTS ("\"stun\": [\"stun:a\", \"stun://b\"]"), "guests.stun[1] is “stun://b”",
    "expected one such as stun:" },
  { "stun-many", GUESTS ("\"stun\": [\"stun:a\", \"stun:b\", \"stun:c\", \"stun:d\", \"stun:e\"]"),
    "guests.stun has 5 entries", "expected 4 at most" },
  { "turn-nowhere", TURN ("\"user\": \"me\""), "guests.turn[0].address is missing",
    "expected a text" },
  { "turn-nobody", TURN ("\"address\": \"turn:h\""), "guests.turn[0].user is missing",
    "expected a text" },
  { "turn-tls", TURN ("\"address\": \"turns:h:5349\", \"user\": \"me\""),
    "guests.turn[0].address begins with “turns:”", "?transport=tcp" },
  { "turn-transport", TURN ("\"address\": \"turn:h?transport=sctp\", \"user\": \"me\""),
    "guests.turn[0].address is “turn:h?transport=sctp”", "expected one such as turn:" },
  { "turn-password", TURN ("\"address\": \"turn:h\", \"user\": \"me\", \"password\": \"s3cret\""),
    "guests.turn[0].password is there", "stay in the keyring" },
  { "turn-secret",
    TURN ("\"address\": \"turn:h\", \"shared-secret\": true, \"secret\": \"s3cret\""),
    "guests.turn[0].secret is there", "stay in the keyring" },
  { "turn-shared", TURN ("\"address\": \"turn:h\", \"shared-secret\": \"s3cret\""),
    "guests.turn[0].shared-secret is", "expected true or false" },
  { "relay-nowhere", GUESTS ("\"relay-only\": true"), "guests.relay-only is true",
    "there is no TURN server" },
  { "most-none", GUESTS ("\"most\": 0"), "guests.most is 0",
    "expected a whole number from 1 to 16" },
  { "view-nothing", GUESTS ("\"view\": \"rom\""), "guests.view is “rom”", "; is “room” meant?" },
  { "view-guest", GUESTS ("\"view\": \"anna\""), "guests.view is “anna”",
    "expected the id of a source that is no guest" },
};

static void
test_refuses (gconstpointer data)
{
  const Broken *wrong = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (EventFile) file = event_file_parse (wrong->json, -1, "/tmp/show.regie", &error);

  g_assert_null (file);
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, wrong->where));
  g_assert_nonnull (strstr (error->message, wrong->expected));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_null (strstr (error->message, "me:s3cret"));
}

static void
test_edits_guests (void)
{
  g_autoptr (EventFile) file = parse (full_event);
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;
  const EventGuests *before = event_file_get_guests (file);
  const char *public_address = before->public_address;

  g_assert_true (event_file_edit_guests (
    file, "{\"port\": 0, \"tunnel\": null, \"public-address\": null, \"lan\": false}", &error));
  g_assert_no_error (error);
  g_assert_cmpint (event_file_get_guests (file)->port, ==, 0);
  g_assert_false (event_file_get_guests (file)->lan);
  g_assert_null (event_file_get_guests (file)->public_address);
  g_assert_cmpuint (g_strv_length (event_file_get_guests (file)->tunnel), ==, 0);
  g_assert_cmpuint (event_file_get_guests (file)->turn->len, ==, 2);
  /* Who has looked still sees what he saw. */
  g_assert_cmpstr (public_address, ==, "https://guests.example.org/today/");

  g_assert_false (event_file_edit_guests (file, "{\"most\": 99}", &error));
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "guests.most is 99"));
  g_assert_cmpint (event_file_get_guests (file)->most, ==, 2);
  json = event_file_to_json (file);
  g_assert_nonnull (strstr (json, "of-tomorrow"));
}

static void
test_adds_section (void)
{
  g_autoptr (EventFile) file = parse (SOURCES (ANNA));
  g_autoptr (GError) error = NULL;

  g_assert_true (event_file_edit_guests (file, "{\"view\": \"room\"}", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (event_file_get_guests (file)->view, ==, "room");
  g_assert_true (event_file_get_modified (file));
}

static void
test_lets_go_of_sources (void)
{
  g_autoptr (EventFile) file = parse (full_event);
  g_autoptr (GError) error = NULL;
  GPtrArray *sources = NULL;

  g_assert_false (
    event_file_edit (file, EVENT_ENTRIES_SOURCES, "anna", "{\"kind\": \"screen\"}", &error));
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (
    event_file_edit (file, EVENT_ENTRIES_SHOTS, "s", "{\"sources\": [\"pushed\"]}", &error));
  g_assert_true (event_file_remove (file, EVENT_ENTRIES_SOURCES, "room", &error));
  g_assert_no_error (error);
  g_assert_null (event_file_get_guests (file)->view);

  g_assert_true (event_file_remove (file, EVENT_ENTRIES_SOURCES, "anna", &error));
  g_assert_no_error (error);
  sources = event_file_get_sources (file);
  g_assert_cmpuint (sources->len, ==, 2);
  g_assert_cmpstr (((const EventSource *) sources->pdata[0])->id, ==, "pushed");
  g_assert_cmpstr (((const EventSource *) sources->pdata[1])->id, ==, "pulled");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event/guests/reads-sources", test_reads_sources);
  g_test_add_func ("/event/guests/reads-guests", test_reads_guests);
  g_test_add_func ("/event/guests/has-defaults", test_has_defaults);
  g_test_add_func ("/event/guests/edits-guests", test_edits_guests);
  g_test_add_func ("/event/guests/adds-section", test_adds_section);
  g_test_add_func ("/event/guests/lets-go-of-sources", test_lets_go_of_sources);
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autofree char *path = g_strconcat ("/event/guests/refuses/", broken[i].name, NULL);

    g_test_add_data_func (path, &broken[i], test_refuses);
  }
  return g_test_run ();
}

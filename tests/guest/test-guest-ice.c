/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-ice.h"
#include "guest-types.h"

static void
test_parse_addresses (void)
{
  static const struct {
    const char *address;
    const char *scheme; /* NULL: refused */
    const char *host;
    guint port;
    gboolean tcp;
  } cases[] = {
    { "stun:stun.example.org", "stun", "stun.example.org", 3478, FALSE },
    { "stun:stun.example.org:19302", "stun", "stun.example.org", 19302, FALSE },
    { "stun://192.0.2.1:3478", "stun", "192.0.2.1", 3478, FALSE },
    { "turn:turn.example.org?transport=udp", "turn", "turn.example.org", 3478, FALSE },
    { "turn:turn.example.org:443?transport=tcp", "turn", "turn.example.org", 443, TRUE },
    { "TURN:turn.example.org", "turn", "turn.example.org", 3478, FALSE },
    { "turns:turn.example.org", "turns", "turn.example.org", 5349, TRUE },
    { "turns:[2001:db8::1]:443", "turns", "2001:db8::1", 443, TRUE },
    { "stun:[::1]", "stun", "::1", 3478, FALSE },
    { NULL },
    { "" },
    { "stun:" },
    { "stun:host:0" },
    { "stun:host:65536" },
    { "stun:host:12x" },
    { "stun:ho st" },
    { "stun:host/path" },
    { "stun:user@host" },
    { "stun:[::1" },
    { "stun:host?transport=udp" },
    { "turn:host?transport=sctp" },
    { "turn:host?transport=udp&x=1" },
    { "http://host" },
    { "stun.example.org" },
    { "turn:user:secret@host" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GuestIceServer) server = guest_ice_server_parse (cases[i].address, &error);

    g_test_message ("%s", cases[i].address != NULL ? cases[i].address : "NULL");
    if (cases[i].scheme == NULL) {
      g_assert_null (server);
      g_assert_error (error, GUEST_ERROR, GUEST_ERROR_ADDRESS);
      /* It may hold a password. */
      g_assert_null (strstr (error->message, "secret"));
      continue;
    }
    g_assert_no_error (error);
    g_assert_cmpstr (server->scheme, ==, cases[i].scheme);
    g_assert_cmpstr (server->host, ==, cases[i].host);
    g_assert_cmpuint (server->port, ==, cases[i].port);
    g_assert_cmpint (server->tcp, ==, cases[i].tcp);
  }
}

/* Against what openssl makes:
 * printf '1700057600:anna' | openssl dgst -sha1 -hmac 'north:star=' -binary | base64 */
static void
test_make_credentials (void)
{
  const GuestTurn shared = { "turn:host", NULL, "north:star=", TRUE };
  const GuestTurn fixed = { "turn:host", "regie", "pass:word", FALSE };
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;
  g_autofree char *fixed_user = NULL;
  g_autofree char *fixed_password = NULL;
  g_autofree char *openssl = NULL;

  guest_ice_make_credentials (&shared, "anna", 1700000000, &user, &password);
  g_assert_cmpstr (user, ==, "1700057600:anna");
  g_assert_true (g_spawn_command_line_sync (
    "/bin/sh -c \"printf 1700057600:anna | openssl dgst -sha1 -hmac north:star= -binary | base64\"",
    &openssl, NULL, NULL, NULL));
  g_strstrip (openssl);
  g_assert_cmpuint (strlen (openssl), ==, 28);
  g_assert_cmpstr (password, ==, openssl);

  guest_ice_make_credentials (&fixed, "anna", 1700000000, &fixed_user, &fixed_password);
  g_assert_cmpstr (fixed_user, ==, "regie");
  g_assert_cmpstr (fixed_password, ==, "pass:word");
}

static void
test_tell_both_ends (void)
{
  const char *const stun[] = { "stun:stun.example.org", "stun:[2001:db8::1]:1000", NULL };
  const GuestTurn turns[] = {
    { "turn:turn.example.org?transport=tcp", "re:gie", "p@ss/w=rd", FALSE },
    { "turns:turn.example.org", "regie", "word", FALSE },
  };
  const GuestIceConfig config = { stun, turns, G_N_ELEMENTS (turns), TRUE, 40000, 40100 };
  g_autoptr (GuestIce) ice = guest_ice_new (&config, "anna", 1700000000);
  g_autoptr (JsonNode) page = guest_ice_make_page (&config, "anna", 1700000000);
  g_autofree char *json = json_to_string (page, FALSE);

  g_assert_cmpuint (g_strv_length (ice->servers), ==, 3);
  g_assert_cmpstr (ice->servers[0], ==, "stun://stun.example.org:3478");
  g_assert_cmpstr (ice->servers[1], ==, "stun://[2001:db8::1]:1000");
  g_assert_cmpstr (ice->servers[2], ==,
                   "turn://re%3Agie:p%40ss%2Fw%3Drd@turn.example.org:3478?transport=tcp");
  g_assert_true (ice->relay_only);
  g_assert_cmpuint (ice->min_port, ==, 40000);
  g_assert_cmpuint (ice->max_port, ==, 40100);
  g_assert_cmpstr (
    json, ==,
    "[{\"urls\":\"stun:stun.example.org:3478\"},{\"urls\":\"stun:[2001:db8::1]:1000\"},"
    "{\"urls\":\"turn:turn.example.org:3478?transport=tcp\",\"username\":\"re:gie\","
    "\"credential\":\"p@ss/w=rd\"},{\"urls\":\"turns:turn.example.org:5349\","
    "\"username\":\"regie\",\"credential\":\"word\"}]");
}

/* Without a choice nobody is asked. */
static void
test_ask_nobody (void)
{
  const GuestIceConfig config = { 0 };
  g_autoptr (GuestIce) ice = guest_ice_new (&config, "anna", 0);
  g_autoptr (JsonNode) page = guest_ice_make_page (&config, "anna", 0);

  g_assert_null (ice->servers[0]);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (page)), ==, 0);
}

static void
test_check (void)
{
  const char *const good[] = { "stun:host", NULL };
  const char *const bad[] = { "stun:host", "host", NULL };
  const GuestTurn turn = { "turn:", "u", "p", FALSE };
  g_autoptr (GError) error = NULL;

  g_assert_true (guest_ice_config_check (&(GuestIceConfig){ .stun = good }, &error));
  g_assert_no_error (error);
  g_assert_false (guest_ice_config_check (&(GuestIceConfig){ .stun = bad }, &error));
  g_assert_error (error, GUEST_ERROR, GUEST_ERROR_ADDRESS);
  g_clear_error (&error);
  g_assert_false (
    guest_ice_config_check (&(GuestIceConfig){ .turns = &turn, .n_turns = 1 }, &error));
  g_assert_error (error, GUEST_ERROR, GUEST_ERROR_ADDRESS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guest/ice/parse-addresses", test_parse_addresses);
  g_test_add_func ("/guest/ice/make-credentials", test_make_credentials);
  g_test_add_func ("/guest/ice/tell-both-ends", test_tell_both_ends);
  g_test_add_func ("/guest/ice/ask-nobody", test_ask_nobody);
  g_test_add_func ("/guest/ice/check", test_check);
  return g_test_run ();
}

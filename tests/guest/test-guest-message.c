/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-message.h"

static GuestMessage *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  GuestMessage *message = guest_message_parse (text, strlen (text), &error);

  g_assert_true ((message == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_error (error, GUEST_ERROR, GUEST_ERROR_INVALID);
  return message;
}

static void
test_take_what_a_page_says (void)
{
  static const struct {
    const char *text;
    GuestMessageType type;
  } cases[] = {
    { "{\"type\":\"hello\",\"token\":\"abc\",\"language\":\"fr-CA\"}", GUEST_MESSAGE_HELLO },
    { "{\"type\":\"hello\",\"token\":\"abc\"}", GUEST_MESSAGE_HELLO },
    { " {\"type\":\"join\",\"channel\":\"main\",\"new\":[{\"key\":[1]}]} ", GUEST_MESSAGE_JOIN },
    { "{\"type\":\"answer\",\"channel\":\"screen\",\"sdp\":\"v=0\\r\\n\"}", GUEST_MESSAGE_ANSWER },
    { "{\"type\":\"candidate\",\"channel\":\"main\",\"candidate\":\"\",\"index\":0}",
      GUEST_MESSAGE_CANDIDATE },
    { "{\"type\":\"quit\",\"channel\":\"main\"}", GUEST_MESSAGE_QUIT },
    { "{\"type\":\"place\",\"place\":\"ready\"}", GUEST_MESSAGE_PLACE },
    { "{\"type\":\"devices\",\"camera\":true,\"microphone\":false,\"music\":true}",
      GUEST_MESSAGE_DEVICES },
    { "{\"type\":\"view\",\"view\":\"room\"}", GUEST_MESSAGE_VIEW },
    { "{\"type\":\"stats\",\"fps\":29.97,\"width\":960,\"height\":540,\"lost\":0.01,\"rtt\":31}",
      GUEST_MESSAGE_STATS },
    { "{\"type\":\"stats\",\"fps\":null}", GUEST_MESSAGE_STATS },
    { "{\"type\":\"ping\",\"id\":9007199254740991}", GUEST_MESSAGE_PING },
    { "{\"type\":\"echo\",\"id\":1,\"payload\":\"\\u00e9\\\"}[{\"}", GUEST_MESSAGE_ECHO },
    { "{\"type\":\"cue-seen\",\"id\":3}", GUEST_MESSAGE_CUE_SEEN },
    { "{\"type\":\"leave\"}", GUEST_MESSAGE_LEAVE },
    { "{\"type\":\"of-next-year\",\"what\":1}", GUEST_MESSAGE_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GuestMessage) message = parse (cases[i].text);

    g_test_message ("%s", cases[i].text);
    g_assert_nonnull (message);
    g_assert_cmpint (message->type, ==, cases[i].type);
  }
}

static void
test_read_fields (void)
{
  g_autoptr (GuestMessage) candidate = parse (
    "{\"type\":\"candidate\",\"channel\":\"screen\",\"candidate\":\"candidate:1\",\"index\":2}");
  g_autoptr (GuestMessage) devices =
    parse ("{\"type\":\"devices\",\"camera\":true,\"microphone\":false,\"music\":true}");
  g_autoptr (GuestMessage) stats = parse ("{\"type\":\"stats\",\"fps\":25,\"lost\":0.5}");

  g_assert_cmpint (candidate->channel, ==, GUEST_CHANNEL_SCREEN);
  g_assert_cmpuint (candidate->index, ==, 2);
  g_assert_cmpstr (candidate->candidate, ==, "candidate:1");
  g_assert_true (devices->camera && !devices->microphone && devices->music);
  g_assert_cmpfloat (stats->fps, ==, 25);
  g_assert_cmpfloat (stats->lost_share, ==, 0.5);
  g_assert_cmpfloat (stats->rtt_ms, ==, -1);
}

static const char *const refused_messages[] = {
  "",
  "   ",
  "null",
  "true",
  "42",
  "\"hello\"",
  "[]",
  "{}",
  "{",
  "}",
  "{\"type\":}",
  "{\"type\":1}",
  "{\"type\":null}",
  "{\"type\":[\"hello\"]}",
  "{\"type\":{\"type\":\"hello\"}}",
  "{\"type\":\"hello\"}",
  "{\"type\":\"hello\",\"token\":1}",
  "{\"type\":\"hello\",\"token\":null}",
  "{\"type\":\"hello\",\"token\":[\"a\"]}",
  "{\"type\":\"hello\",\"token\":\"a\",\"language\":7}",
  "{\"type\":\"join\"}",
  "{\"type\":\"join\",\"channel\":\"third\"}",
  "{\"type\":\"join\",\"channel\":0}",
  "{\"type\":\"answer\",\"channel\":\"main\"}",
  "{\"type\":\"answer\",\"channel\":\"main\",\"sdp\":{}}",
  "{\"type\":\"candidate\",\"channel\":\"main\",\"candidate\":\"x\"}",
  "{\"type\":\"candidate\",\"channel\":\"main\",\"candidate\":\"x\",\"index\":-1}",
  "{\"type\":\"candidate\",\"channel\":\"main\",\"candidate\":\"x\",\"index\":4}",
  "{\"type\":\"candidate\",\"channel\":\"main\",\"candidate\":\"x\",\"index\":0.5}",
  "{\"type\":\"candidate\",\"channel\":\"main\",\"candidate\":\"x\",\"index\":\"0\"}",
  "{\"type\":\"candidate\",\"channel\":\"main\",\"candidate\":7,\"index\":0}",
  "{\"type\":\"place\",\"place\":\"on-air\"}",
  "{\"type\":\"place\",\"place\":\"\"}",
  "{\"type\":\"place\"}",
  "{\"type\":\"devices\",\"camera\":1,\"microphone\":true,\"music\":true}",
  "{\"type\":\"devices\",\"camera\":true}",
  "{\"type\":\"view\",\"view\":\"kitchen\"}",
  "{\"type\":\"stats\",\"fps\":\"fast\"}",
  "{\"type\":\"stats\",\"fps\":1e300}",
  "{\"type\":\"stats\",\"fps\":1e999}",
  "{\"type\":\"stats\",\"rtt\":-2}",
  "{\"type\":\"stats\",\"reduced\":1}",
  "{\"type\":\"ping\"}",
  "{\"type\":\"ping\",\"id\":-1}",
  "{\"type\":\"ping\",\"id\":1.5}",
  "{\"type\":\"ping\",\"id\":9007199254740993000}",
  "{\"type\":\"ping\",\"id\":99999999999999999999999999}",
  "{\"type\":\"echo\",\"id\":1}",
  "{\"type\":\"echo\",\"id\":1,\"payload\":1}",
  "{\"type\":\"cue-seen\",\"id\":true}",
  "{\"type\":\"ping\",\"id\":1} {\"type\":\"ping\",\"id\":2",
  "/* a comment */ {\"type\":\"leave\"}",
  "{'type':'leave'}",
  "[[[[[[[[[[]]]]]]]]]]",
  "\"type\"{\"type\":\"leave\"}",
  "{\"type\":\"leave\"}{\"type\":\"leave\"}",
  "{\"type\":\"leave\"} 1",
  "}{\"type\":\"leave\"}",
  "\xff\xfe",
  "{\"type\":\"leave\xff\"}",
};

static void
test_refuse_the_rest (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused_messages); i++) {
    g_autoptr (GuestMessage) message = parse (refused_messages[i]);

    g_test_message ("%s", refused_messages[i]);
    g_assert_null (message);
  }
}

static GuestMessage *
parse_long (const char *before, gsize n, const char *after)
{
  g_autofree char *middle = g_strnfill (n, 'x');
  g_autofree char *text = g_strconcat (before, middle, after, NULL);

  return parse (text);
}

static void
test_keep_bounds (void)
{
  static const struct {
    const char *before;
    gsize most;
    const char *after;
  } cases[] = {
    { "{\"type\":\"hello\",\"token\":\"", 64, "\"}" },
    { "{\"type\":\"answer\",\"channel\":\"main\",\"sdp\":\"", 60 * 1024, "\"}" },
    { "{\"type\":\"candidate\",\"channel\":\"main\",\"index\":0,\"candidate\":\"", 512, "\"}" },
    { "{\"type\":\"echo\",\"id\":1,\"payload\":\"", 16 * 1024, "\"}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GuestMessage) most = parse_long (cases[i].before, cases[i].most, cases[i].after);
    g_autoptr (GuestMessage) more = parse_long (cases[i].before, cases[i].most + 1, cases[i].after);

    g_assert_nonnull (most);
    g_assert_null (more);
  }
  g_assert_null (parse_long ("{\"type\":\"leave\",\"x\":\"", 64 * 1024, "\"}"));
}

/* A parser that calls itself for each would run out of stack. */
static void
test_survive_depth (void)
{
  g_autofree char *brackets = g_strnfill (60 * 1024, '[');
  g_autofree char *hidden =
    g_strconcat ("{\"type\":\"leave\",\"a\":\"\\\\\",\"b\":", brackets, NULL);
  g_autoptr (GuestMessage) deep = parse (brackets);
  g_autoptr (GuestMessage) deep_below = parse (hidden);

  g_assert_null (deep);
  g_assert_null (deep_below);
}

/* Half a character in two, and a zero in the middle. */
static void
test_survive_odd_strings (void)
{
  static const char *const cases[] = {
    "{\"type\":\"echo\",\"id\":1,\"payload\":\"\\ud800\"}",
    "{\"type\":\"echo\",\"id\":1,\"payload\":\"\\udc00\\ud800\"}",
    "{\"type\":\"echo\",\"id\":1,\"payload\":\"a\\u0000b\"}",
    "{\"type\":\"echo\",\"id\":1,\"payload\":\"\\uZZZZ\"}",
    "{\"type\":\"echo\",\"id\":1,\"payload\":\"\\",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GuestMessage) message = parse (cases[i]);

    if (message != NULL)
      g_assert_true (g_utf8_validate (message->payload, -1, NULL));
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guest/message/take-what-a-page-says", test_take_what_a_page_says);
  g_test_add_func ("/guest/message/read-fields", test_read_fields);
  g_test_add_func ("/guest/message/refuse-the-rest", test_refuse_the_rest);
  g_test_add_func ("/guest/message/keep-bounds", test_keep_bounds);
  g_test_add_func ("/guest/message/survive-depth", test_survive_depth);
  g_test_add_func ("/guest/message/survive-odd-strings", test_survive_odd_strings);
  return g_test_run ();
}

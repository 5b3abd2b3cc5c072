/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "modpage-message.h"
#include "web-types.h"

#define ME     "00112233445566778899aabbccddeeff"
#define TOKEN  "abcdefghijklmnopqrstuvwxyz"
#define N_RUNS 100000

static const char *const good[] = {
  "{\"type\":\"hello\",\"token\":\"" TOKEN "\",\"language\":\"fr\",\"me\":\"" ME "\"}",
  "{\"type\":\"list\",\"list\":\"incoming\",\"count\":40}",
  "{\"type\":\"list\",\"list\":\"questions\",\"count\":200}",
  "{\"type\":\"do\",\"id\":1,\"act\":\"approve\",\"post\":\"mastodon:https://a.example/1\"}",
  "{\"type\":\"do\",\"id\":2,\"act\":\"take-off\",\"post\":\"\\u00e9\"}",
  "{\"type\":\"undo\",\"id\":3}",
  "{\"type\":\"ping\",\"id\":9007199254740991}",
  "{\"type\":\"of-next-year\",\"what\":[1,2]}",
};

static ModpageMessage *
parse (const char *text)
{
  return modpage_message_parse (text, strlen (text), NULL);
}

static void
test_take_what_a_page_says (void)
{
  g_autoptr (ModpageMessage) hello = parse (good[0]);
  g_autoptr (ModpageMessage) list = parse (good[2]);
  g_autoptr (ModpageMessage) decision = parse (good[4]);
  g_autoptr (ModpageMessage) unknown = parse (good[7]);

  g_assert_cmpstr (hello->token, ==, TOKEN);
  g_assert_cmpstr (hello->me, ==, ME);
  g_assert_cmpint (list->list, ==, MODPAGE_LIST_QUESTIONS);
  g_assert_cmpuint (list->count, ==, 200);
  g_assert_cmpint (decision->act, ==, POSTS_ACT_TAKE_OFF);
  g_assert_cmpstr (decision->post, ==, "é");
  g_assert_cmpint (unknown->type, ==, MODPAGE_MESSAGE_UNKNOWN);
}

static void
test_refuse_the_rest (void)
{
  static const char *const bad[] = {
    "",
    "null",
    "[]",
    "{}",
    "{\"type\":1}",
    "{\"type\":\"hello\",\"token\":\"" TOKEN "\"}",
    "{\"type\":\"hello\",\"token\":\"" TOKEN "\",\"me\":\"short\"}",
    "{\"type\":\"hello\",\"token\":\"" TOKEN "\",\"me\":\"0011223344556677889 aabbccddeeff\"}",
    "{\"type\":\"list\",\"list\":\"taken-down\",\"count\":1}",
    "{\"type\":\"list\",\"list\":\"held\",\"count\":201}",
    "{\"type\":\"list\",\"list\":\"held\",\"count\":-1}",
    "{\"type\":\"list\",\"list\":\"held\",\"count\":1.5}",
    "{\"type\":\"list\",\"list\":\"held\"}",
    "{\"type\":\"do\",\"id\":1,\"act\":\"approve\"}",
    "{\"type\":\"do\",\"act\":\"approve\",\"post\":\"1\"}",
    "{\"type\":\"do\",\"id\":1,\"act\":\"approve\",\"post\":null}",
    "{\"type\":\"do\",\"id\":1,\"act\":[\"approve\"],\"post\":\"1\"}",
    /* What only the control room does. */
    "{\"type\":\"do\",\"id\":1,\"act\":\"none\",\"post\":\"1\"}",
    "{\"type\":\"do\",\"id\":1,\"act\":\"trust\",\"post\":\"1\"}",
    "{\"type\":\"do\",\"id\":1,\"act\":\"forgive\",\"post\":\"1\"}",
    "{\"type\":\"do\",\"id\":1,\"act\":\"take\",\"post\":\"1\"}",
    "{\"type\":\"undo\"}",
    "{\"type\":\"undo\",\"id\":9007199254740993}",
    "{\"type\":\"undo\",\"id\":1}{\"type\":\"undo\",\"id\":1}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (ModpageMessage) message = modpage_message_parse (bad[i], strlen (bad[i]), &error);

    g_test_message ("%s", bad[i]);
    g_assert_null (message);
    g_assert_error (error, WEB_ERROR, WEB_ERROR_INVALID);
  }
}

static void
test_keep_bounds (void)
{
  g_autofree char *longest = g_strnfill (1024, 'p');
  g_autofree char *longer = g_strnfill (1025, 'p');
  g_autofree char *space = g_strnfill (MODPAGE_MESSAGE_MAX_BYTES, ' ');
  g_autofree char *deep = g_strnfill (4000, '[');
  g_autofree char *fits =
    g_strdup_printf ("{\"type\":\"do\",\"id\":1,\"act\":\"hide\",\"post\":\"%s\"}", longest);
  g_autofree char *too_long =
    g_strdup_printf ("{\"type\":\"do\",\"id\":1,\"act\":\"hide\",\"post\":\"%s\"}", longer);
  g_autofree char *too_big = g_strconcat (good[5], space, NULL);
  g_autofree char *too_deep = g_strdup_printf ("{\"type\":\"undo\",\"id\":%s", deep);
  g_autoptr (ModpageMessage) message = parse (fits);

  g_assert_nonnull (message);
  g_assert_null (parse (too_long));
  g_assert_null (parse (too_big));
  g_assert_null (parse (too_deep));
}

static void
mutate (GByteArray *bytes, GRand *rand)
{
  static const char *const pieces[] = { "\"",      "{",    "}",  "[",     ",",    ":",  "\\u0000",
                                        "\\ud800", "null", "-1", "1e400", "\xff", "/*", "'" };
  const guint at = bytes->len > 0 ? (guint) g_rand_int_range (rand, 0, (gint32) bytes->len) : 0;
  const char *piece = pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))];
  const guint length = MIN ((guint) strlen (piece), bytes->len - at);

  switch (g_rand_int_range (rand, 0, 4)) {
  case 0:
    if (bytes->len > 0)
      g_byte_array_remove_range (bytes, at,
                                 (guint) g_rand_int_range (rand, 0, (gint32) (bytes->len - at)));
    break;
  case 1:
    g_byte_array_append (bytes, (const guint8 *) piece, (guint) strlen (piece));
    break;
  case 2:
    if (bytes->len > 0)
      bytes->data[at] = (guint8) g_rand_int_range (rand, 0, 256);
    break;
  default:
    if (length > 0)
      memcpy (bytes->data + at, piece, length);
  }
}

/* Whatever is made of good messages: it is refused, or what is read of it is within bounds. */
static void
test_survive_anything (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  guint n_taken = 0;

  for (guint i = 0; i < N_RUNS; i++) {
    const char *seed = good[g_rand_int_range (rand, 0, G_N_ELEMENTS (good))];
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    const int n_changes = g_rand_int_range (rand, 1, 4);

    g_byte_array_append (bytes, (const guint8 *) seed, (guint) strlen (seed));
    for (int k = 0; k < n_changes; k++)
      mutate (bytes, rand);
    g_autoptr (ModpageMessage) message =
      modpage_message_parse ((const char *) bytes->data, bytes->len, NULL);
    if (message == NULL)
      continue;
    n_taken++;
    g_assert_cmpuint (message->count, <=, MODPAGE_MAX_SHOWN);
    g_assert_cmpuint (message->list, <, MODPAGE_N_LISTS);
    if (message->type == MODPAGE_MESSAGE_DO) {
      g_assert_cmpint (message->act, !=, POSTS_ACT_NONE);
      g_assert_true (g_utf8_validate (message->post, -1, NULL));
      g_assert_cmpuint (strlen (message->post), <=, 1024);
    }
  }
  /* Or nothing was tried. */
  g_assert_cmpuint (n_taken, >, 100);
  g_assert_cmpuint (n_taken, <, N_RUNS / 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/modpage/message/take-what-a-page-says", test_take_what_a_page_says);
  g_test_add_func ("/modpage/message/refuse-the-rest", test_refuse_the_rest);
  g_test_add_func ("/modpage/message/keep-bounds", test_keep_bounds);
  g_test_add_func ("/modpage/message/survive-anything", test_survive_anything);
  return g_test_run ();
}

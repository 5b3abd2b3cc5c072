/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "web-token.h"

static void
test_unlike_each_other (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 10000; i++) {
    char *token = web_token_new ();

    g_assert_cmpuint (strlen (token), ==, WEB_TOKEN_LENGTH);
    g_assert_true (web_token_is_valid (token));
    g_assert_true (g_hash_table_add (seen, token));
  }
}

/* Every bit of the 160 is used: each place sees many letters. */
static void
test_use_all_bits (void)
{
  guint n_letters[WEB_TOKEN_LENGTH] = { 0 };
  gboolean seen[WEB_TOKEN_LENGTH][128] = { 0 };

  for (guint i = 0; i < 10000; i++) {
    g_autofree char *token = web_token_new ();

    for (guint j = 0; j < WEB_TOKEN_LENGTH; j++) {
      n_letters[j] += !seen[j][(guint8) token[j]];
      seen[j][(guint8) token[j]] = TRUE;
    }
  }
  for (guint j = 0; j < WEB_TOKEN_LENGTH - 1; j++)
    g_assert_cmpuint (n_letters[j], ==, 64);
  /* Four bits are left for the last one. */
  g_assert_cmpuint (n_letters[WEB_TOKEN_LENGTH - 1], ==, 16);
}

static void
test_equal (void)
{
  g_autofree char *token = web_token_new ();
  g_autofree char *copy = g_strdup (token);
  g_autofree char *longer = g_strconcat (token, "a", NULL);

  g_assert_true (web_token_equal (token, copy));
  for (guint i = 0; i < WEB_TOKEN_LENGTH; i++) {
    copy[i] = copy[i] == 'a' ? 'b' : 'a';
    g_assert_false (web_token_equal (token, copy));
    copy[i] = token[i];
  }
  g_assert_false (web_token_equal (token, longer));
  g_assert_false (web_token_equal (longer, token));
  g_assert_false (web_token_equal (NULL, NULL));
  g_assert_false (web_token_equal (token, NULL));
  g_assert_false (web_token_equal ("", ""));
}

static void
test_refuse_what_is_none (void)
{
  g_autofree char *endless = g_strnfill (100000, 'a');

  g_assert_false (web_token_is_valid (NULL));
  g_assert_false (web_token_is_valid (""));
  g_assert_false (web_token_is_valid ("short"));
  g_assert_false (web_token_is_valid (endless));
  g_assert_false (web_token_is_valid ("aaaaaaaaaaaaaaaaaaaaaaaaaa/"));
  g_assert_false (web_token_is_valid ("aaaaaaaaaaaaaaaaaaaaaaaaaa\xc3\xa9"));
  g_assert_true (web_token_is_valid ("aaaaaaaaaaaaaaaaaaaaa-_0Z"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/token/unlike-each-other", test_unlike_each_other);
  g_test_add_func ("/web/token/use-all-bits", test_use_all_bits);
  g_test_add_func ("/web/token/equal", test_equal);
  g_test_add_func ("/web/token/refuse-what-is-none", test_refuse_what_is_none);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-text.h"

static void
test_keeps_what_people_write (void)
{
  static const char *const texts[] = {
    "",
    "Super conf, merci pour le direct !",
    "Deux lignes\n\net une autre\tici",
    "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB et \xE2\x9D\xA4\xEF\xB8\x8F et "
    "1\xEF\xB8\x8F\xE2\x83\xA3",
    "\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xB3\xF3\xA0\x81\xA3\xF3\xA0\x81"
    "\xB4"
    "\xF3\xA0\x81\xBF", /* the flag of Scotland */
    "\xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8\xA7",
    "\xE0\xA4\x95\xE0\xA5\x8D\xE2\x80\x8D\xE0\xA4\xB7", /* a joiner that Devanagari needs */
    "\xE3\x81\x93\xE3\x82\x93\xE3\x81\xAB\xE3\x81\xA1\xE3\x81\xAF",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    PostsTextFlags flags = POSTS_TEXT_PLAIN;
    g_autofree char *cleaned = posts_text_clean (texts[i], 100, &flags);

    g_assert_cmpstr (cleaned, ==, texts[i]);
    g_assert_cmpuint (flags, ==, POSTS_TEXT_PLAIN);
  }
}

static void
test_takes_away (void)
{
  static const struct {
    const char *text;
    const char *cleaned;
    PostsTextFlags flags;
  } cases[] = {
    { "a\x01\x1B[31mb\x7F", "a[31mb", 0 },
    { "a\xC2\x9B"
      "b\xC2\xAD"
      "c",
      "abc", 0 },
    { "e\xCC\x81t\xC3\xA9", "\xC3\xA9t\xC3\xA9", 0 },
    { "caf\xE9", "caf\xEF\xBF\xBD", 0 },
    { "a\r\nb\rc\xE2\x80\xA8"
      "d",
      "a\nb\nc\nd", 0 },
    { "\n\n  a \n \n\n\n\tb  \n", "a\n\n\tb", 0 },
    { "a\xE2\x80\xAE"
      "b\xE2\x80\xAC"
      "c",
      "abc", POSTS_TEXT_OVERRIDE },
    { "a\xE2\x81\xA6"
      "b\xE2\x81\xA9\xE2\x80\x8F"
      "c",
      "abc", 0 },
    { "a\xE2\x80\x8B"
      "b\xE2\x80\x8D"
      "c\xEF\xBB\xBF\xEF\xB8\x8F",
      "abc", 0 },
    { "a\xEE\x80\x80\xF3\xA0\x81\xA7"
      "b",
      "ab", 0 },
    { NULL, "", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    PostsTextFlags flags = POSTS_TEXT_PLAIN;
    g_autofree char *cleaned = posts_text_clean (cases[i].text, 100, &flags);

    g_assert_cmpstr (cleaned, ==, cases[i].cleaned);
    g_assert_cmpuint (flags, ==, cases[i].flags);
  }
}

static void
test_limits_marks (void)
{
  g_autoptr (GString) stacked = g_string_new ("q");
  g_autoptr (GString) hebrew = g_string_new ("\xD7\x91");
  PostsTextFlags flags = POSTS_TEXT_PLAIN;

  /* Alternating classes make a naive canonical sort quadratic. */
  for (guint i = 0; i < 20000; i++)
    g_string_append (stacked, i % 2 == 0 ? "\xCC\xA3" : "\xCC\x84");
  for (guint i = 0; i < 20; i++)
    g_string_append (hebrew, "\xD6\xB0");

  g_autofree char *latin = posts_text_clean (stacked->str, 4000, &flags);
  g_assert_cmpint (g_utf8_strlen (latin, -1), ==, 5);
  g_assert_cmpuint (flags, ==, POSTS_TEXT_STACKED);
  g_autofree char *pointed = posts_text_clean (hebrew->str, 4000, NULL);
  g_assert_cmpint (g_utf8_strlen (pointed, -1), ==, 9);
}

static void
test_cuts_between_characters (void)
{
  PostsTextFlags flags = POSTS_TEXT_PLAIN;
  /* A woman at her computer is one picture of three characters. */
  g_autofree char *family =
    posts_text_clean ("ab\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB", 4, &flags);
  g_autofree char *flag = posts_text_clean ("abc\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7", 4, NULL);
  g_autofree char *accent = posts_text_clean ("abcx\xCC\x84z", 4, NULL);
  g_autofree char *ah = g_strnfill (300000, 'a');
  g_autofree char *same = posts_text_clean (ah, 4000, NULL);
  g_autoptr (GString) long_text = g_string_new (NULL);

  g_assert_cmpstr (family, ==, "ab");
  g_assert_cmpuint (flags, ==, POSTS_TEXT_CUT);
  g_assert_cmpstr (flag, ==, "abc");
  g_assert_cmpstr (accent, ==, "abc");
  g_assert_cmpuint (strlen (same), ==, 40);

  for (guint i = 0; i < 100000; i++)
    g_string_append (long_text, "ab\xC3\xA9");
  g_autofree char *cleaned = posts_text_clean (long_text->str, POSTS_TEXT_MAX_CHARS, NULL);
  g_assert_cmpint (g_utf8_strlen (cleaned, -1), ==, POSTS_TEXT_MAX_CHARS);
  g_assert_true (g_utf8_validate (cleaned, -1, NULL));
}

static void
test_names_are_one_line (void)
{
  g_autofree char *name = posts_text_clean_line ("  Ada\n\nLovelace\t \xC2\xA0 PhD ", 200, NULL);

  g_assert_cmpstr (name, ==, "Ada Lovelace PhD");
}

static void
test_post_is_clean (void)
{
  const PostsPostFields fields = {
    .id = "1",
    .network = POSTS_NETWORK_KIND_BLUESKY,
    .author_handle = "ada.example\xE2\x80\xAE",
    .n_followers = -1,
    .text = "Bonjour\x01 !",
    .url = "javascript:alert(1)",
  };
  PostsPost *post = posts_post_new (&fields);

  g_assert_cmpstr (posts_post_get_text (post), ==, "Bonjour !");
  g_assert_cmpstr (posts_post_get_author_name (post), ==, "ada.example");
  g_assert_cmpstr (posts_post_get_author_id (post), ==, "ada.example");
  g_assert_null (posts_post_get_url (post));
  g_assert_null (posts_post_get_photo_path (post));
  g_assert_nonnull (posts_post_get_created (post));
  g_assert_cmpstr (posts_network_kind_get_label (posts_post_get_network (post)), ==, "Bluesky");
  g_assert_finalize_object (post);
}

static void
check_media_url (const char *url, gboolean kept)
{
  g_autoptr (PostsMedia) media = posts_media_new (FALSE, url, url, NULL);
  const PostsPostFields fields = { .id = "1", .author_handle = "ada", .avatar_url = url };
  g_autoptr (PostsPost) post = posts_post_new (&fields);

  g_assert_cmpint (media != NULL, ==, kept);
  g_assert_cmpint (posts_post_get_avatar_url (post) != NULL, ==, kept);
}

static void
test_media_is_fetchable (void)
{
  check_media_url ("https://pbs.twimg.com/media/a.jpg", TRUE);
  check_media_url ("http://127.0.0.1:8080/a.jpg", FALSE);
  check_media_url ("http://pbs.twimg.com/media/a.jpg", FALSE);
  check_media_url ("http://127.0.0.1.example.com/a.jpg", FALSE);
  check_media_url ("http://127.0.0.1@example.com/a.jpg", FALSE);
  check_media_url ("file:///etc/passwd", FALSE);
  check_media_url ("data:image/png;base64,AA==", FALSE);

  posts_media_add_stand_in ("https://127.0.0.1:8081");
  posts_media_add_stand_in ("http://social.example:8081");
  posts_media_add_stand_in ("http://127.0.0.1");
  check_media_url ("http://127.0.0.1:8081/a.jpg", FALSE);
  check_media_url ("http://127.0.0.1/a.jpg", FALSE);
  posts_media_add_stand_in ("http://[::1]:8080");
  check_media_url ("http://127.0.0.1:8080/a.jpg", TRUE);
  check_media_url ("http://127.0.0.1:8082/a.jpg", FALSE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/posts/text/keeps-what-people-write", test_keeps_what_people_write);
  g_test_add_func ("/posts/text/takes-away", test_takes_away);
  g_test_add_func ("/posts/text/limits-marks", test_limits_marks);
  g_test_add_func ("/posts/text/cuts-between-characters", test_cuts_between_characters);
  g_test_add_func ("/posts/text/names-are-one-line", test_names_are_one_line);
  g_test_add_func ("/posts/text/post-is-clean", test_post_is_clean);
  g_test_add_func ("/posts/text/media-is-fetchable", test_media_is_fetchable);
  return g_test_run ();
}

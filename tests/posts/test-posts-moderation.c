/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-json.h"
#include "posts-rules.h"

/* Labelled posts through the rules: what each rule catches, and what it must let pass. */

#define N_REASONS 22

static const char *const allowed_hosts[] = { "asso.example", NULL };

typedef struct {
  guint n_bad[N_REASONS]; /* posts that the rule names, by what they are */
  guint n_good[N_REASONS];
  guint n_all_bad;
  guint n_all_good;
  guint n_bad_caught;
  guint n_good_caught;
} Tally;

static PostsPost *
make_post (JsonObject *line)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) born =
    g_date_time_add_hours (now, -24 * (int) posts_json_int (line, "account_age_days", 0) - 1);
  const char *id = posts_json_string (line, "id");
  const PostsPostFields fields = {
    .id = id,
    .network = POSTS_NETWORK_KIND_MASTODON,
    .author_id = id,
    .author_handle = id,
    .author_name = posts_json_string (line, "author_name"),
    .author_created = born,
    .n_followers = posts_json_int (line, "followers", -1),
    .text = posts_json_string (line, "text"),
    .language = posts_json_string (line, "lang"),
    .created = now,
  };

  return posts_post_new (&fields);
}

static void
judge_post (PostsRules *rules, JsonObject *line, Tally *tally)
{
  g_autoptr (PostsPost) post = make_post (line);
  PostsVerdict verdict = POSTS_VERDICT_PASS;
  const PostsReason reasons = posts_rules_check (rules, post, &verdict);
  const char *label = posts_json_string (line, "label");
  const gboolean good = g_str_equal (label, "legit");
  const gboolean young = posts_json_int (line, "account_age_days", 0) < 7;

  if (good && (verdict == POSTS_VERDICT_HIDE || (verdict != POSTS_VERDICT_PASS && !young))) {
    g_test_message ("must pass, but %x: %s", (guint) reasons, posts_post_get_text (post));
    g_test_fail ();
  }
  if (!good && verdict == POSTS_VERDICT_PASS) {
    g_test_message ("%s passes: %s", label, posts_post_get_text (post));
    g_test_fail ();
  }
  /* The age of an account says nothing of its words: a bot gets older. */
  if (!good && (reasons & ~(POSTS_REASON_NEW_ACCOUNT | POSTS_REASON_EMPTY_ACCOUNT)) == 0) {
    g_test_message ("%s is held for its age only: %s", label, posts_post_get_text (post));
    g_test_fail ();
  }
  for (guint i = 0; i < N_REASONS; i++)
    if ((reasons & (1u << i)) != 0)
      (good ? tally->n_good : tally->n_bad)[i]++;
  tally->n_all_good += good ? 1 : 0;
  tally->n_all_bad += good ? 0 : 1;
  tally->n_bad_caught += !good && verdict != POSTS_VERDICT_PASS ? 1 : 0;
  tally->n_good_caught += good && verdict != POSTS_VERDICT_PASS ? 1 : 0;
}

static void
print_tally (const Tally *tally)
{
  for (guint i = 0; i < N_REASONS; i++) {
    g_autofree char *name = g_flags_to_string (POSTS_TYPE_REASON, 1u << i);
    const guint n = tally->n_bad[i] + tally->n_good[i];

    if (n > 0)
      g_test_message ("%-60s precision %3u %% (%u of %u)  recall %3u %% (%u of %u)", name,
                      tally->n_bad[i] * 100 / n, tally->n_bad[i], n,
                      tally->n_bad[i] * 100 / tally->n_all_bad, tally->n_bad[i], tally->n_all_bad);
  }
  g_test_message ("all rules: %u of %u bad posts caught, %u of %u good ones held",
                  tally->n_bad_caught, tally->n_all_bad, tally->n_good_caught, tally->n_all_good);
}

static void
test_corpus (gconstpointer name)
{
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "posts", "fixtures", "moderation", name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PostsRules) rules = posts_rules_new ();
  Tally tally = { 0 };

  posts_rules_set_allowed_hosts (rules, allowed_hosts);
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    g_autoptr (JsonNode) root = NULL;
    JsonObject *line = *lines[i] != '\0'
                         ? posts_json_parse_object (lines[i], strlen (lines[i]), &root, &error)
                         : NULL;

    g_assert_no_error (error);
    if (line != NULL)
      judge_post (rules, line, &tally);
  }
  g_assert_cmpuint (tally.n_all_good, >, 5);
  g_assert_cmpuint (tally.n_all_bad, >, 5);
  print_tally (&tally);
}

static PostsReason
check (PostsRules *rules, PostsPostFields fields, PostsVerdict *verdict)
{
  fields.n_followers = 100;
  if (fields.text == NULL)
    fields.text = "Bravo !";
  if (fields.author_name == NULL)
    fields.author_name = "Ada";
  fields.id = "1";
  if (fields.author_handle == NULL)
    fields.author_handle = "ada";

  g_autoptr (PostsPost) post = posts_post_new (&fields);
  return posts_rules_check (rules, post, verdict);
}

static void
test_traits (void)
{
  static const struct {
    PostsTraits trait;
    PostsReason reason;
    PostsVerdict verdict;
  } all[] = {
    { POSTS_TRAIT_BOT, POSTS_REASON_BOT, POSTS_VERDICT_HIDE },
    { POSTS_TRAIT_WITHHELD, POSTS_REASON_WITHHELD, POSTS_VERDICT_HIDE },
    { POSTS_TRAIT_REPOST, POSTS_REASON_REPOST, POSTS_VERDICT_HIDE },
    { POSTS_TRAIT_REPLY, POSTS_REASON_REPLY, POSTS_VERDICT_HOLD },
    { POSTS_TRAIT_RESERVED, POSTS_REASON_RESERVED, POSTS_VERDICT_HOLD },
    { POSTS_TRAIT_LABELLED, POSTS_REASON_LABELLED, POSTS_VERDICT_HOLD },
    { POSTS_TRAIT_EDITED, POSTS_REASON_NONE, POSTS_VERDICT_PASS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autoptr (PostsRules) rules = posts_rules_new ();
    PostsVerdict verdict = POSTS_VERDICT_PASS;

    g_assert_cmphex (check (rules, (PostsPostFields){ .traits = all[i].trait }, &verdict), ==,
                     all[i].reason);
    g_assert_cmpint (verdict, ==, all[i].verdict);
    posts_rules_switch_off (rules, all[i].reason);
    g_assert_cmphex (check (rules, (PostsPostFields){ .traits = all[i].trait }, &verdict), ==, 0);
    g_assert_cmpint (verdict, ==, POSTS_VERDICT_PASS);
  }
}

static void
test_author (void)
{
  g_autoptr (PostsRules) rules = posts_rules_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) old = g_date_time_add_years (now, -3);
  g_autoptr (GDateTime) later = g_date_time_add_minutes (now, 3);
  const PostsPostFields again = { .author_id = "b", .created = now };
  const PostsPostFields calm = { .author_id = "b", .created = later };
  const PostsPostFields nobody = { .network = POSTS_NETWORK_KIND_X };
  const PostsPostFields known = { .network = POSTS_NETWORK_KIND_X, .author_created = old };

  g_assert_cmphex (check (rules, nobody, NULL), ==, POSTS_REASON_UNKNOWN_AUTHOR);
  g_assert_cmphex (check (rules, known, NULL), ==, 0);

  g_assert_cmphex (check (rules, again, NULL), ==, 0);
  g_assert_cmphex (check (rules, again, NULL), ==, 0);
  g_assert_cmphex (check (rules, again, NULL), ==, POSTS_REASON_FREQUENT);
  g_assert_cmphex (check (rules, calm, NULL), ==, 0);

  posts_rules_trust_author (rules, "b", "La Croix-Rouge");
  g_assert_cmphex (check (rules, again, NULL), ==, 0);
  g_assert_cmphex (
    check (rules, (PostsPostFields){ .author_id = "b", .author_name = "La Croix-Rouge" }, NULL), ==,
    0);
  g_assert_cmphex (
    check (rules, (PostsPostFields){ .author_id = "c", .author_name = "LA CROIX R\xD0\x9EUGE" },
           NULL) &
      POSTS_REASON_IMITATION,
    ==, POSTS_REASON_IMITATION);
  posts_rules_distrust_author (rules, "b");
  g_assert_cmphex (
    check (rules, (PostsPostFields){ .author_id = "c", .author_name = "La Croix-Rouge" }, NULL), ==,
    0);
}

static void
test_hidden_links_and_bio (void)
{
  g_autoptr (PostsRules) rules = posts_rules_new ();
  g_autoptr (GPtrArray) links = g_ptr_array_new ();
  PostsVerdict verdict = POSTS_VERDICT_PASS;

  g_ptr_array_add (links, (gpointer) "https://evil.example/x");
  g_assert_cmphex (check (rules, (PostsPostFields){ .links = links }, NULL), ==,
                   POSTS_REASON_UNKNOWN_LINK);
  g_assert_cmphex (check (rules, (PostsPostFields){ .author_bio = "hot girls, onlyfans" },
                          &verdict),
                   ==, POSTS_REASON_ADULT_WORDS);
  g_assert_cmpint (verdict, ==, POSTS_VERDICT_HIDE);
  g_assert_cmphex (check (rules, (PostsPostFields){ .warning = "contenu adulte", .author_id = "w" },
                          &verdict),
                   ==, POSTS_REASON_SENSITIVE);
  g_assert_cmpint (verdict, ==, POSTS_VERDICT_HOLD);
}

static void
test_languages (void)
{
  static const char *const languages[] = { "fr", "en", NULL };
  g_autoptr (PostsRules) rules = posts_rules_new ();

  g_assert_cmphex (check (rules, (PostsPostFields){ .language = "ar" }, NULL), ==, 0);
  posts_rules_set_languages (rules, languages);
  g_assert_cmphex (check (rules, (PostsPostFields){ .language = "ar", .author_id = "1" }, NULL), ==,
                   POSTS_REASON_LANGUAGE);
  g_assert_cmphex (check (rules, (PostsPostFields){ .language = "fr-CA", .author_id = "2" }, NULL),
                   ==, 0);
  g_assert_cmphex (check (rules, (PostsPostFields){ .language = "und", .author_id = "3" }, NULL),
                   ==, 0);
  g_assert_cmphex (check (rules, (PostsPostFields){ .author_id = "4" }, NULL), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/posts/moderation/corpus", "posts.ndjson", test_corpus);
  g_test_add_data_func ("/posts/moderation/more", "more.ndjson", test_corpus);
  g_test_add_func ("/posts/moderation/traits", test_traits);
  g_test_add_func ("/posts/moderation/author", test_author);
  g_test_add_func ("/posts/moderation/hidden-links-and-bio", test_hidden_links_and_bio);
  g_test_add_func ("/posts/moderation/languages", test_languages);
  return g_test_run ();
}

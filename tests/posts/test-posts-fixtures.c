/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-bluesky-parser.h"
#include "posts-fold.h"
#include "posts-json.h"
#include "posts-mastodon-parser.h"
#include "posts-splitter.h"
#include "posts-sse.h"
#include "posts-x-parser.h"

/* Every fixture through the parsers, cut in pieces of several sizes, against what is expected. */

static const char *const tags[] = { "NuitSolidaire26", NULL };

typedef struct {
  GHashTable *posts; /* id without the network → PostsPost */
  GHashTable *gone;  /* a set of ids */
  GHashTable *gone_authors;
  GHashTable *handles;
  GPtrArray *news;
  GDateTime *received;
  PostsTags *tags;
  PostsXPage page; /* and those who came with the files before */
  guint n_malformed;
  gboolean disconnected;
} Model;

static Model *
model_new (void)
{
  Model *model = g_new0 (Model, 1);
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  model->posts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  model->gone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  model->gone_authors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  model->handles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  model->news = posts_news_new ();
  model->received = g_date_time_new_from_iso8601 ("2026-10-03T19:00:00Z", utc);
  model->tags = posts_tags_new (tags);
  return model;
}

static void
model_free (Model *model)
{
  g_hash_table_unref (model->posts);
  g_hash_table_unref (model->gone);
  g_hash_table_unref (model->gone_authors);
  g_hash_table_unref (model->handles);
  g_ptr_array_unref (model->news);
  g_date_time_unref (model->received);
  posts_tags_unref (model->tags);
  posts_x_page_clear (&model->page);
  g_free (model);
}

/* Our ids have the network and the server in front. */
static char *
strip (const char *id)
{
  static const char *const prefixes[] = { "mastodon:social.example:", "bluesky:", "x:" };

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (id, prefixes[i]))
      return g_strdup (id + strlen (prefixes[i]));
  g_assert_not_reached ();
}

static void
absorb (Model *model)
{
  for (guint i = 0; i < model->news->len; i++) {
    const PostsNews *news = model->news->pdata[i];

    if (news->post != NULL) {
      g_hash_table_replace (model->posts, strip (posts_post_get_id (news->post)),
                            g_object_ref (news->post));
    } else if (news->gone_id != NULL) {
      g_autofree char *id = strip (news->gone_id);

      g_hash_table_remove (model->posts, id);
      g_hash_table_add (model->gone, g_steal_pointer (&id));
    }
  }
  g_ptr_array_set_size (model->news, 0);
}

static void
sse_cb (const char *event, const char *data, gsize length, gpointer user_data)
{
  Model *model = user_data;

  if (!posts_mastodon_read_event (event, data, length, "social.example", model->received,
                                  model->news))
    model->n_malformed++;
  absorb (model);
}

static void
x_cb (const char *line, gsize length, gpointer user_data)
{
  Model *model = user_data;

  posts_x_read_line (line, length, model->received, model->news, &model->page);
  model->disconnected |= model->page.problem != POSTS_X_PROBLEM_NONE;
  model->n_malformed = model->page.n_malformed;
  absorb (model);
}

static gboolean
is_by (gpointer key, gpointer post, gpointer did)
{
  return g_str_has_suffix (posts_post_get_author_id (post), did);
}

static void
bluesky_cb (const char *line, gsize length, gpointer user_data)
{
  Model *model = user_data;
  g_auto (PostsBlueskyEvent) event = { 0 };

  if (!posts_bluesky_matters (model->tags, line, length))
    return;
  if (!posts_bluesky_read (line, length, model->tags, model->received, &event))
    model->n_malformed++;
  if (event.post != NULL)
    posts_news_add_post (model->news, g_steal_pointer (&event.post));
  if (event.gone_id != NULL)
    posts_news_add_gone (model->news, g_steal_pointer (&event.gone_id));
  if (event.gone) {
    g_hash_table_foreach_remove (model->posts, is_by, event.did);
    g_hash_table_add (model->gone_authors, g_strdup (event.did));
  }
  if (event.handle != NULL)
    g_hash_table_replace (model->handles, g_strdup (event.did), g_strdup (event.handle));
  absorb (model);
}

static void
feed (Model *model, const char *folder, const char *data, gsize length, gsize step)
{
  g_autoptr (PostsSse) sse = posts_sse_new (sse_cb, model);
  g_autoptr (PostsSplitter) splitter = posts_splitter_new (FALSE);

  for (gsize i = 0; i < length; i += step) {
    const gsize n = MIN (step, length - i);

    if (g_str_equal (folder, "mastodon"))
      posts_sse_push (sse, data + i, n);
    else
      posts_splitter_push (splitter, data + i, n, g_str_equal (folder, "x") ? x_cb : bluesky_cb,
                           model);
  }
}

static void
assert_same_words (const char *a, const char *b)
{
  g_auto (GStrv) words_a = g_strsplit_set (a, " \n\t", -1);
  g_auto (GStrv) words_b = g_strsplit_set (b, " \n\t", -1);
  g_autoptr (GString) joined_a = g_string_new (NULL);
  g_autoptr (GString) joined_b = g_string_new (NULL);

  for (gsize i = 0; words_a[i] != NULL; i++)
    if (*words_a[i] != '\0')
      g_string_append_printf (joined_a, "%s ", words_a[i]);
  for (gsize i = 0; words_b[i] != NULL; i++)
    if (*words_b[i] != '\0')
      g_string_append_printf (joined_b, "%s ", words_b[i]);
  g_assert_cmpstr (joined_a->str, ==, joined_b->str);
}

static guint
count_marks_in_a_row (const char *text)
{
  guint longest = 0;
  guint n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    n = g_unichar_ismark (g_utf8_get_char (p)) ? n + 1 : 0;
    longest = MAX (longest, n);
  }
  return longest;
}

static void
check_author (JsonObject *expected, PostsPost *post)
{
  const char *handle = posts_json_string (expected, "author_handle");
  const char *name = posts_json_string (expected, "author_name");
  const char *did = posts_json_string (expected, "author_did");
  const gint64 followers = posts_json_int (expected, "followers", -1);
  const gint64 age = posts_json_int (expected, "account_age_days_max", -1);

  if (handle != NULL) {
    g_autofree char *full = g_strconcat ("@", handle, NULL);

    g_assert_true (g_str_has_prefix (posts_post_get_author_handle (post), full));
  }
  if (name != NULL)
    g_assert_cmpstr (posts_post_get_author_name (post), ==, name);
  if (did != NULL)
    g_assert_true (g_str_has_suffix (posts_post_get_author_id (post), did));
  if (followers >= 0)
    g_assert_cmpint (posts_post_get_n_followers (post), ==, followers);
  if (age >= 0)
    g_assert_cmpint (g_date_time_difference (posts_post_get_created (post),
                                             posts_post_get_author_created (post)),
                     <=, age * G_TIME_SPAN_DAY);
}

static void
check_text (JsonObject *expected, PostsPost *post)
{
  const char *text = posts_post_get_text (post);
  JsonArray *contains = posts_json_array (expected, "contains");
  JsonArray *lacks = posts_json_array (expected, "not_contains");
  const char *folded = posts_json_string (expected, "folded_contains");
  const char *skeleton = posts_json_string (expected, "skeleton_contains");
  g_autofree char *words = posts_fold (text);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  if (posts_json_string (expected, "text") != NULL)
    assert_same_words (text, posts_json_string (expected, "text"));
  for (guint i = 0; i < posts_json_length (contains); i++)
    g_assert_nonnull (strstr (text, posts_json_string_at (contains, i)));
  for (guint i = 0; i < posts_json_length (lacks); i++)
    /* A NUL, which reads as a replacement character, cannot be in a string. */
    if (!g_str_equal (posts_json_string_at (lacks, i), "\xEF\xBF\xBD"))
      g_assert_null (strstr (text, posts_json_string_at (lacks, i)));
  if (folded != NULL)
    g_assert_nonnull (strstr (words, folded));
  if (skeleton != NULL)
    g_assert_nonnull (strstr (words, skeleton));
  if (posts_json_int (expected, "max_combining_run", 0) > 0)
    g_assert_cmpint (count_marks_in_a_row (text), <=,
                     posts_json_int (expected, "max_combining_run", 0));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, 4000);
}

static void
check_media (JsonObject *expected, PostsPost *post)
{
  JsonArray *media = posts_json_array (expected, "media");
  GPtrArray *found = posts_post_get_media (post);

  if (media == NULL)
    return;
  g_assert_cmpuint (found->len, ==, posts_json_length (media));
  for (guint i = 0; i < found->len; i++) {
    const PostsMedia *each = found->pdata[i];
    JsonObject *wanted = posts_json_object_at (media, i);
    const char *full = posts_json_string (wanted, "full_url");
    const char *alt = each->description != NULL ? each->description : "";

    g_assert_cmpstr (each->url, ==, posts_json_string (wanted, "url"));
    g_assert_cmpint (each->is_video, ==, g_str_equal (posts_json_string (wanted, "type"), "video"));
    g_assert_cmpstr (alt, ==, posts_json_string (wanted, "alt"));
    if (full != NULL)
      g_assert_cmpstr (each->full_url, ==, full);
  }
}

static void
check_relations (JsonObject *expected, PostsPost *post)
{
  const PostsTraits traits = posts_post_get_traits (post);
  JsonObject *quote = posts_json_object (expected, "quote");
  const char *original = posts_json_string (expected, "original_text");
  const char *author = posts_json_string (expected, "original_author_handle");
  const char *other = posts_json_string (expected, "repost_of");

  if (json_object_has_member (expected, "quote") && quote == NULL)
    g_assert_null (posts_post_get_quote_text (post));
  if (quote != NULL) {
    other = posts_json_string (quote, "id");
    original = posts_json_string (quote, "text");
    author = posts_json_string (quote, "author_handle");
  }
  if (other != NULL)
    g_assert_cmpstr (posts_post_get_quote_id (post), ==, other);
  if (original != NULL)
    assert_same_words (posts_post_get_quote_text (post), original);
  if (author != NULL)
    g_assert_true (g_str_has_prefix (posts_post_get_quote_author (post) + 1, author));
  g_assert_cmpint ((traits & POSTS_TRAIT_REPOST) != 0, ==, posts_json_flag (expected, "repost"));
  g_assert_true (!posts_json_flag (expected, "reply") || (traits & POSTS_TRAIT_REPLY) != 0);
}

static void
check_post (JsonObject *expected, PostsPost *post)
{
  const char *url = posts_json_string (expected, "url");
  const char *language = posts_json_string (expected, "lang");
  JsonArray *links = posts_json_array (expected, "links");
  g_autoptr (GDateTime) created = posts_json_date (expected, "created_at");

  check_author (expected, post);
  check_text (expected, post);
  check_media (expected, post);
  check_relations (expected, post);
  if (url != NULL)
    g_assert_cmpstr (posts_post_get_url (post), ==, url);
  if (language != NULL)
    g_assert_cmpstr (posts_post_get_language (post), ==, language);
  if (json_object_has_member (expected, "sensitive"))
    g_assert_cmpint (posts_post_is_sensitive (post), ==, posts_json_flag (expected, "sensitive"));
  if (posts_json_string (expected, "spoiler") != NULL)
    g_assert_cmpstr (posts_post_get_warning (post), ==, posts_json_string (expected, "spoiler"));
  for (guint i = 0; i < posts_json_length (links); i++)
    g_assert_true (g_strv_contains (posts_post_get_links (post), posts_json_string_at (links, i)));
  if (created != NULL)
    g_assert_true (g_date_time_equal (posts_post_get_created (post), created));
}

static void
check_posts (JsonArray *expected, gboolean exact, Model *model)
{
  for (guint i = 0; i < posts_json_length (expected); i++) {
    JsonObject *each = posts_json_object_at (expected, i);
    PostsPost *post = g_hash_table_lookup (model->posts, posts_json_string (each, "id"));

    g_assert_nonnull (post);
    check_post (each, post);
  }
  if (exact)
    g_assert_cmpuint (g_hash_table_size (model->posts), ==, posts_json_length (expected));
}

static void
check_ids (JsonArray *expected, GHashTable *set, gboolean exact)
{
  for (guint i = 0; i < posts_json_length (expected); i++)
    g_assert_true (g_hash_table_contains (set, posts_json_string_at (expected, i)));
  if (exact && expected != NULL)
    g_assert_cmpuint (g_hash_table_size (set), ==, posts_json_length (expected));
}

static void
check (JsonObject *expected, Model *model)
{
  JsonObject *handles = posts_json_object (expected, "handle_changes");
  const gint64 n_malformed = posts_json_int (expected, "malformed", -1);
  const gint64 max_malformed = posts_json_int (expected, "malformed_max", -1);

  check_posts (posts_json_array (expected, "posts"), json_object_has_member (expected, "posts"),
               model);
  check_posts (posts_json_array (expected, "posts_include"), FALSE, model);
  check_ids (posts_json_array (expected, "deleted"), model->gone, FALSE);
  check_ids (posts_json_array (expected, "removed_authors"), model->gone_authors, TRUE);
  check_ids (posts_json_array (expected, "final_ids"), model->posts, TRUE);
  check_ids (posts_json_array (expected, "posts_ids"), model->posts, TRUE);
  check_ids (posts_json_array (expected, "posts_ids_unique"), model->posts, TRUE);
  if (n_malformed >= 0)
    g_assert_cmpint (model->n_malformed, ==, n_malformed);
  if (max_malformed >= 0)
    g_assert_cmpint (model->n_malformed, <=, max_malformed);
  if (handles != NULL) {
    g_autoptr (GList) dids = json_object_get_members (handles);

    for (GList *l = dids; l != NULL; l = l->next)
      g_assert_cmpstr (g_hash_table_lookup (model->handles, l->data), ==,
                       posts_json_string (handles, l->data));
    g_assert_cmpuint (g_hash_table_size (model->handles), ==, g_list_length (dids));
  }
}

static char *
get_path (const char *folder, const char *name, const char *ending)
{
  g_autofree char *file = g_strconcat (name, ending, NULL);

  return g_test_build_filename (G_TEST_DIST, "posts", "fixtures", folder, file, NULL);
}

static void
test_file (const char *folder, const char *name, JsonObject *expected, GHashTable *authors)
{
  static const char *const endings[] = { ".sse", ".ndjson", ".body", ".json" };
  static const gsize steps[] = { 1, 7, 1000, 1000000 };
  g_autofree char *data = NULL;
  gsize length = 0;
  gsize ending = 0;

  for (; ending < G_N_ELEMENTS (endings) && data == NULL; ending++) {
    g_autofree char *path = get_path (folder, name, endings[ending]);

    g_file_get_contents (path, &data, &length, NULL);
  }
  g_test_message ("%s/%s", folder, name);
  g_assert_nonnull (data);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    Model *model = model_new ();

    model->page.authors = authors;
    if (ending == 4) {
      g_assert_true (posts_x_read_page (data, length, model->received, model->news, &model->page));
      absorb (model);
    } else {
      feed (model, folder, data, length, steps[i]);
    }
    check (expected, model);
    if (g_strcmp0 (posts_json_string (expected, "connection"), "reconnect") == 0 &&
        g_str_equal (folder, "x"))
      g_assert_true (model->disconnected);
    model_free (model);
  }
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
test_folder (gconstpointer folder)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "posts", "fixtures", folder, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &error);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) authors = posts_x_authors_new ();
  const char *file = NULL;

  g_assert_no_error (error);
  while ((file = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (file, ".expect.json"))
      g_ptr_array_add (files, g_strdup (file));
  g_ptr_array_sort (files, compare_names);
  g_assert_cmpuint (files->len, >=, 25);
  for (guint i = 0; i < files->len; i++) {
    g_autoptr (JsonNode) root = NULL;
    g_autofree char *text = NULL;
    g_autofree char *full = get_path (folder, files->pdata[i], "");
    gsize length = 0;

    file = files->pdata[i];
    g_autofree char *name = g_strndup (file, strlen (file) - strlen (".expect.json"));
    g_file_get_contents (full, &text, &length, &error);
    g_assert_no_error (error);
    JsonObject *expected = posts_json_parse_object (text, length, &root, &error);
    g_assert_no_error (error);
    test_file (folder, name, expected, authors);
  }
}

static void
test_problems (void)
{
  static const struct {
    const char *name;
    PostsXProblem problem;
  } all[] = {
    { "401", POSTS_X_PROBLEM_TOKEN },          { "403-client-forbidden", POSTS_X_PROBLEM_PLAN },
    { "409-no-rules", POSTS_X_PROBLEM_RULES }, { "429-connections", POSTS_X_PROBLEM_CONNECTIONS },
    { "429-rate", POSTS_X_PROBLEM_RATE },      { "429-usage-capped", POSTS_X_PROBLEM_CAP },
    { "503", POSTS_X_PROBLEM_OTHER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autofree char *path = get_path ("x/http", all[i].name, ".json");
    g_autofree char *text = NULL;
    g_autoptr (JsonNode) root = NULL;
    gsize length = 0;

    g_assert_true (g_file_get_contents (path, &text, &length, NULL));
    JsonObject *answer = posts_json_parse_object (text, length, &root, NULL);
    JsonObject *body = posts_json_object (answer, "body");
    g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
    g_autofree char *json = NULL;

    if (body != NULL) {
      json_node_set_object (node, body);
      json = json_to_string (node, FALSE);
    } else {
      json = g_strdup (posts_json_string (answer, "body"));
    }
    g_assert_cmpint (posts_x_read_problem ((guint) posts_json_int (answer, "status", 0), json,
                                           strlen (json)),
                     ==, all[i].problem);
  }
}

static void
test_ids (void)
{
  g_autofree char *cursor = posts_mastodon_make_cursor ("115300000000065536");
  g_autofree char *ulid = posts_mastodon_make_cursor ("01J9Z3NDEKTSV4RRFFQ69G5FAV");

  g_assert_cmpint (posts_mastodon_compare_ids ("99", "100"), <, 0);
  g_assert_cmpint (posts_mastodon_compare_ids ("A99", "A100"), >, 0);
  g_assert_cmpint (posts_mastodon_compare_ids ("115300000000065536", "115300000000065535"), >, 0);
  g_assert_cmpstr (cursor, ==, "115299960678465536");
  g_assert_cmpstr (ulid, ==, "01J9Z3NDEKTSV4RRFFQ69G5FAV");
  g_assert_cmpint (posts_x_compare_ids ("9", "10"), <, 0);
}

static void
test_tags (void)
{
  static const char *const accented[] = { "Soir\xC3\xA9"
                                          "eD\xC3\xA9\x62\x61t",
                                          "NuitSolidaire26", NULL };
  g_autoptr (PostsTags) all = posts_tags_new (accented);
  const char *wire = "{\"text\":\"vu \xC3\xA0 la SOIR\xC3\x89\x45\x44\xC3\x89\x42\x41T\"}";

  g_assert_true (posts_tags_has (all, "soireedebat"));
  g_assert_true (posts_tags_has (all, "SOIR\xC3\x89\x45\x44\xC3\x89\x42\x41T"));
  g_assert_false (posts_tags_has (all, "soireedebats"));
  g_assert_true (posts_tags_is_in_text (all, "(#nuitsolidaire26)"));
  g_assert_true (posts_tags_is_in_text (all, "\xEF\xBC\x83NuitSolidaire26"));
  g_assert_false (posts_tags_is_in_text (all, "#NuitSolidaire2 6 a#NuitSolidaire26"));
  g_assert_false (posts_tags_is_in_text (all, "#NuitSolidaire26bis"));
  g_assert_true (posts_tags_may_be_in (all, wire, strlen (wire)));
  g_assert_false (posts_tags_may_be_in (all, "NuitSolidaire", 13));
}

static void
count_line_cb (const char *line, gsize length, gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* A line without end costs no more than its limit, and the one behind comes. */
static void
test_long_line (void)
{
  g_autofree char *data = g_malloc (1024 * 1024);
  g_autoptr (PostsSplitter) splitter = posts_splitter_new (FALSE);
  guint n = 0;

  memset (data, 'a', 1024 * 1024);
  for (guint i = 0; i < 5; i++)
    posts_splitter_push (splitter, data, 1024 * 1024, count_line_cb, &n);
  posts_splitter_push (splitter, "\r\nok\r\n", 6, count_line_cb, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (posts_splitter_get_n_dropped (splitter), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/posts/fixtures/mastodon", "mastodon", test_folder);
  g_test_add_data_func ("/posts/fixtures/bluesky", "bluesky", test_folder);
  g_test_add_data_func ("/posts/fixtures/x", "x", test_folder);
  g_test_add_func ("/posts/fixtures/x-problems", test_problems);
  g_test_add_func ("/posts/fixtures/ids", test_ids);
  g_test_add_func ("/posts/fixtures/tags", test_tags);
  g_test_add_func ("/posts/fixtures/long-line", test_long_line);
  return g_test_run ();
}

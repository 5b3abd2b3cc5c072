/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-layouts.h"
#include "console-patch.h"
#include "console-shot-keys.h"
#include "console-text.h"
#include "engine-init.h"

static JsonObject *
parse (const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);

  g_assert_nonnull (node);
  return json_node_dup_object (node);
}

static JsonNode *
number (double value)
{
  return json_node_init_double (json_node_alloc (), value);
}

/* Compares and frees what a text function gave. */
static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
assert_ids (char **ids, const char *expected)
{
  g_autofree char *joined = ids != NULL ? g_strjoinv (" ", ids) : NULL;

  g_assert_cmpstr (joined, ==, expected);
  g_strfreev (ids);
}

/* A list of three drawn sources: a, b, c. */
static GListModel *
create_sources (void)
{
  const EngineFormat format = { 320, 180, 10, 500000, 64000 };
  g_autoptr (EngineProgram) program = engine_program_new (&format);
  GListStore *sources = g_list_store_new (ENGINE_TYPE_SOURCE);

  for (const char *id = "abc"; *id != '\0'; id++) {
    const char text[] = { *id, '\0' };
    const EngineSourceConfig config = {
      .id = text,
      .title = text,
      .kind = ENGINE_SOURCE_DRAWN,
      .picture_settings = ENGINE_PICTURE_SETTINGS_NEUTRAL,
      .delay_ms = -1,
      .lost_sentence = "",
    };

    g_list_store_append (sources, engine_program_add_source (program, &config));
  }
  return G_LIST_MODEL (sources);
}

static void
test_finds_an_entry (void)
{
  const char *event = "{\"sources\":[{\"id\":\"a\"},{\"id\":\"b\",\"title\":\"B\"}],\"shots\":7}";
  g_autoptr (JsonObject) entry = console_patch_find_entry (event, "sources", "b");

  g_assert_cmpstr (json_object_get_string_member (entry, "title"), ==, "B");
  g_assert_null (console_patch_find_entry (event, "sources", "c"));
  g_assert_null (console_patch_find_entry (event, "shots", "b"));
  g_assert_null (console_patch_find_entry ("[", "sources", "b"));
}

static void
test_a_group_comes_whole (void)
{
  g_autoptr (JsonObject) entry =
    parse ("{\"id\":\"a\",\"picture-settings\":{\"contrast\":1.5,\"crop\":{\"top\":0.25}}}");
  g_autoptr (JsonObject) patch = json_object_new ();

  console_patch_set (patch, entry, "picture-settings/crop/left", number (0.5));
  console_patch_set (patch, entry, "title", json_node_init_string (json_node_alloc (), "A"));
  assert_text (console_patch_to_json (patch),
               "{\"picture-settings\":{\"contrast\":1.5,\"crop\":{\"top\":0.25,\"left\":0.5}},"
               "\"title\":\"A\"}");
  g_assert_cmpfloat (json_node_get_double (console_patch_get (entry, "picture-settings/crop/left")),
                     ==, 0.5);
}

static void
test_forgetting_is_null (void)
{
  g_autoptr (JsonObject) entry = parse ("{\"id\":\"a\",\"mode\":\"x\"}");
  g_autoptr (JsonObject) patch = json_object_new ();

  console_patch_set (patch, entry, "mode", NULL);
  assert_text (console_patch_to_json (patch), "{\"mode\":null}");
  g_assert_null (console_patch_get (entry, "mode"));
  g_assert_null (console_patch_get (entry, "mode/inside"));
}

static void
test_new_source_is_muted (void)
{
  assert_text (console_patch_new_source ("uri", "s", "S", "srt://192.0.2.1:9000"),
               "{\"id\":\"s\",\"title\":\"S\",\"kind\":\"uri\",\"uri\":\"srt://192.0.2.1:9000\","
               "\"muted\":true}");
  assert_text (console_patch_new_source ("camera", "c", "C", NULL),
               "{\"id\":\"c\",\"title\":\"C\",\"kind\":\"camera\",\"muted\":true}");
  assert_text (console_patch_new_shot ("n", "N", "c", 9),
               "{\"id\":\"n\",\"title\":\"N\",\"layout\":\"full\",\"sources\":[\"c\"],\"key\":9}");
}

static void
test_ids_are_new (void)
{
  g_autoptr (GListModel) sources = create_sources ();

  assert_text (console_patch_make_id ("A", sources), "a-2");
  assert_text (console_patch_make_id ("Caméra de la salle !", sources), "camera-de-la-salle");
  assert_text (console_patch_make_id ("…", sources), "new");
}

static void
test_layouts_are_filled (void)
{
  g_autoptr (GListModel) sources = create_sources ();
  const char *const chosen[] = { "c", "b", NULL };
  const char *const nobody[] = { NULL };

  assert_ids (console_layouts_fit_sources (console_layouts_find ("full"), chosen, sources), "c");
  assert_ids (console_layouts_fit_sources (console_layouts_find ("slides-and-two"), chosen,
                                           sources),
              "c b a");
  assert_ids (console_layouts_fit_sources (console_layouts_find ("pause"), chosen, sources), "");
  assert_ids (console_layouts_fit_sources (console_layouts_find ("everyone"), nobody, sources),
              "a b c");
}

static void
test_too_few_sources (void)
{
  g_autoptr (GListStore) none = g_list_store_new (ENGINE_TYPE_SOURCE);
  const char *const nobody[] = { NULL };

  g_assert_null (
    console_layouts_fit_sources (console_layouts_find ("full"), nobody, G_LIST_MODEL (none)));
}

static void
test_places_change (void)
{
  const char *const chosen[] = { "a", "b", NULL };

  assert_ids (console_layouts_place_source (chosen, 0, "c"), "c b");
  assert_ids (console_layouts_place_source (chosen, 0, "b"), "b a");
  assert_ids (console_layouts_place_source (chosen, 1, "b"), "a b");
  assert_ids (console_layouts_place_source (chosen, 2, "c"), "a b");
}

static void
test_everyone_is_somebody (void)
{
  const char *const chosen[] = { "a", "b", NULL };
  const char *const last[] = { "a", NULL };

  assert_ids (console_layouts_include_source (chosen, "c", TRUE), "a b c");
  assert_ids (console_layouts_include_source (chosen, "a", FALSE), "b");
  assert_ids (console_layouts_include_source (last, "a", FALSE), "a");
}

static void
test_strip_says_what_is_unusual (void)
{
  EngineSoundSettings settings = { 0 };

  assert_text (console_text_strip (-6, FALSE, &settings), "−6 dB");
  settings.follows = ENGINE_FOLLOW_SEEN;
  settings.delay_ms = -80;
  assert_text (console_text_strip (0, FALSE, &settings), "when seen · −80 ms · 0 dB");
  assert_text (console_text_strip (0, TRUE, &settings), "muted · −80 ms · 0 dB");
}

static void
test_loudness_has_one_word (void)
{
  EngineLoudness loudness = { -20, -16.24, -17, -3, ENGINE_LOUDNESS_GOOD };

  assert_text (console_text_loudness (&loudness), "−16.2 LUFS: good");
  loudness.word = ENGINE_LOUDNESS_QUIET;
  assert_text (console_text_loudness (&loudness), "−16.2 LUFS: too quiet");
  loudness.word = ENGINE_LOUDNESS_LOUD;
  assert_text (console_text_loudness (&loudness), "−16.2 LUFS: too loud");
  loudness.word = ENGINE_LOUDNESS_SILENT;
  assert_text (console_text_loudness (&loudness), "silent");
}

static void
test_film_counts_down (void)
{
  assert_text (console_text_time_left (-1), "");
  assert_text (console_text_time_left (0), "−0:00");
  assert_text (console_text_time_left (1), "−0:01");
  assert_text (console_text_time_left (83000), "−1:23");
  assert_text (console_text_time_left (3723000), "−1:02:03");
}

static void
test_names_are_not_formats (void)
{
  assert_text (console_text_format ("Mute %s", "100 %s"), "Mute 100 %s");
  assert_text (console_text_format ("Mute", "x"), "Mutex");
}

/* The numbers of all shots, in their order. */
static char *
describe_keys (ShowSession *session)
{
  GListModel *shots = show_session_get_shots (session);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (shots); i++) {
    g_autoptr (ShowShot) shot = g_list_model_get_item (shots, i);

    g_string_append_printf (text, "%u", show_shot_get_number (shot));
  }
  return g_strdup (text->str);
}

/* Shots that have their keys by their place only: none may move up to a digit that gets free. */
static void
test_one_shot_loses_its_key (void)
{
  g_autoptr (GString) json = g_string_new ("{\"regie\": 1, \"title\": \"T\", \"sources\": ["
                                           "{\"id\": \"a\", \"kind\": \"drawn\"}], \"shots\": [");
  g_autoptr (GError) error = NULL;
  g_autoptr (EventFile) event = NULL;
  g_autoptr (ShowSession) session = NULL;
  g_autoptr (ShowShot) last = NULL;

  for (guint i = 1; i <= 9; i++)
    g_string_append_printf (json,
                            "%s{\"id\": \"s%u\", \"title\": \"Shot %u\", \"layout\": \"full\", "
                            "\"sources\": [\"a\"]}",
                            i > 1 ? ", " : "", i, i);
  g_string_append (json, "]}");
  event = event_file_parse (json->str, -1, NULL, &error);
  g_assert_no_error (error);
  session = show_session_new (event);
  assert_text (describe_keys (session), "123456780");

  last = g_list_model_get_item (show_session_get_shots (session), 8);
  assert_text (console_shot_keys_give (session, last, 4), "Shot 4");
  assert_text (describe_keys (session), "123056784");
  g_assert_null (console_shot_keys_give (session, last, 9));
  assert_text (describe_keys (session), "123056789");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  engine_init (&argc, &argv);

  g_test_add_func ("/console/patch/finds-an-entry", test_finds_an_entry);
  g_test_add_func ("/console/patch/a-group-comes-whole", test_a_group_comes_whole);
  g_test_add_func ("/console/patch/forgetting-is-null", test_forgetting_is_null);
  g_test_add_func ("/console/patch/new-source-is-muted", test_new_source_is_muted);
  g_test_add_func ("/console/patch/ids-are-new", test_ids_are_new);
  g_test_add_func ("/console/keys/one-shot-loses-its-key", test_one_shot_loses_its_key);
  g_test_add_func ("/console/layouts/are-filled", test_layouts_are_filled);
  g_test_add_func ("/console/layouts/too-few-sources", test_too_few_sources);
  g_test_add_func ("/console/layouts/places-change", test_places_change);
  g_test_add_func ("/console/layouts/everyone-is-somebody", test_everyone_is_somebody);
  g_test_add_func ("/console/text/strip-says-what-is-unusual", test_strip_says_what_is_unusual);
  g_test_add_func ("/console/text/loudness-has-one-word", test_loudness_has_one_word);
  g_test_add_func ("/console/text/film-counts-down", test_film_counts_down);
  g_test_add_func ("/console/text/names-are-not-formats", test_names_are_not_formats);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "event-file.h"

#define HEAD "{\"regie\": 1, \"title\": \"T\", "

/* What a crew mixes on a day, with every setting. */
static const char mixed_event[] = HEAD
  "\"sources\": [\n"
  "  {\"id\": \"room\", \"kind\": \"camera\", \"mode\": \"1280x720@30 jpeg\",\n"
  "   \"picture-settings\": {\"rotate\": 270, \"zoom\": 2.5, \"zoom-x\": 0.25, \"zoom-y\": 1,\n"
  "     \"crop\": {\"left\": 0.1, \"top\": 0.2, \"right\": 0.3, \"bottom\": 0.45},\n"
  "     \"mirror\": true, \"brightness\": -0.5, \"contrast\": 1.5, \"saturation\": 0,\n"
  "     \"temperature\": 1, \"tint\": -1, \"delay-ms\": 240},\n"
  "   \"sound-settings\": {\"follows\": \"never\", \"pan\": -0.5, \"delay-ms\": -1000,\n"
  "     \"low-cut\": true, \"noise-suppression\": true, \"gain-control\": true,\n"
  "     \"compressor\": true, \"channels\": \"left\"}},\n"
  "  {\"id\": \"pages\", \"kind\": \"slides\", \"file\": \"talk.pdf\"},\n"
  "  {\"id\": \"screen\", \"kind\": \"screen\"},\n"
  "  {\"id\": \"film\", \"kind\": \"film\", \"file\": \"a.mp4\", \"loop\": true, \"then\": "
  "\"two\"},\n"
  "  {\"id\": \"back\", \"kind\": \"card\", \"card\": \"countdown\", \"text\": \"Back at two\","
  "   \"until\": \"14:00\", \"background\": \"#0A0b0C\"},\n"
  "  {\"id\": \"card\", \"kind\": \"card\", \"text\": \"\"} ],\n"
  "\"shots\": [\n"
  "  {\"id\": \"one\", \"layout\": \"everyone\", \"sources\": [\"room\", \"pages\", "
  "\"screen\", \"film\", \"back\"], \"key\": 9},\n"
  "  {\"id\": \"two\", \"layout\": \"slides-and-two\", \"sources\": [\"pages\", \"room\", "
  "\"screen\"], \"background\": \"wall.jpg\", \"logo-position\": \"bottom-left\",\n"
  "   \"logo-size\": 3, \"logo-opacity\": 0.1},\n"
  "  {\"id\": \"three\", \"layout\": \"everyone\", \"sources\": [\"room\"], \"logo\": false} ],\n"
  "\"graphics\": {\"logo-position\": \"top-left\", \"logo-size\": 0.5, \"logo-opacity\": 0.75,"
  "  \"font\": \"Noto Serif\", \"style\": \"line\", \"name-s\": 600, \"post-s\": 15,"
  "  \"music\": \"wait.ogg\"},\n"
  "\"talks\": [{\"title\": \"A\", \"affiliation\": \"Université de Nantes\"}, {\"title\": "
  "\"B\"}]}";

static EventFile *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  EventFile *file = event_file_parse (json, -1, "/tmp/show.regie", &error);

  g_assert_no_error (error);
  g_assert_nonnull (file);
  return file;
}

static gpointer
nth (GPtrArray *records, guint index)
{
  g_assert_cmpuint (index, <, records->len);
  return records->pdata[index];
}

static void
test_reads_kinds (void)
{
  g_autoptr (EventFile) file = parse (mixed_event);
  GPtrArray *sources = event_file_get_sources (file);
  const EventSource *room = nth (sources, 0), *pages = nth (sources, 1), *film = nth (sources, 3);
  const EventSource *back = nth (sources, 4), *card = nth (sources, 5);

  g_assert_cmpstr (room->mode, ==, "1280x720@30 jpeg");
  g_assert_cmpint (pages->kind, ==, EVENT_SOURCE_SLIDES);
  g_assert_cmpstr (pages->file, ==, "talk.pdf");
  g_assert_null (pages->mode);
  g_assert_cmpint (((const EventSource *) nth (sources, 2))->kind, ==, EVENT_SOURCE_SCREEN);
  g_assert_cmpint (film->kind, ==, EVENT_SOURCE_FILM);
  g_assert_cmpstr (film->file, ==, "a.mp4");
  g_assert_true (film->loop);
  g_assert_cmpstr (film->then, ==, "two");
  g_assert_cmpint (back->kind, ==, EVENT_SOURCE_CARD);
  g_assert_cmpint (back->card, ==, EVENT_CARD_COUNTDOWN);
  g_assert_cmpstr (back->text, ==, "Back at two");
  g_assert_cmpstr (back->until, ==, "14:00");
  g_assert_cmpstr (back->background, ==, "#0A0b0C");
  g_assert_cmpint (card->card, ==, EVENT_CARD_TEXT);
  g_assert_cmpstr (card->text, ==, "");
  g_assert_null (card->until);
  g_assert_cmpuint (strlen (card->background), ==, 7);
}

static void
test_reads_settings (void)
{
  g_autoptr (EventFile) file = parse (mixed_event);
  const EventSource *room = nth (event_file_get_sources (file), 0);
  const EventPicture *picture = &room->picture_settings;
  const EventSound *sound = &room->sound_settings;

  g_assert_cmpint (picture->rotate_deg, ==, 270);
  g_assert_cmpfloat (picture->crop_left, ==, 0.1);
  g_assert_cmpfloat (picture->crop_top, ==, 0.2);
  g_assert_cmpfloat (picture->crop_right, ==, 0.3);
  g_assert_cmpfloat (picture->crop_bottom, ==, 0.45);
  g_assert_cmpfloat (picture->zoom, ==, 2.5);
  g_assert_cmpfloat (picture->zoom_x, ==, 0.25);
  g_assert_cmpfloat (picture->zoom_y, ==, 1);
  g_assert_true (picture->mirror);
  g_assert_cmpfloat (picture->brightness, ==, -0.5);
  g_assert_cmpfloat (picture->contrast, ==, 1.5);
  g_assert_cmpfloat (picture->saturation, ==, 0);
  g_assert_cmpfloat (picture->temperature, ==, 1);
  g_assert_cmpfloat (picture->tint, ==, -1);
  g_assert_cmpint (picture->delay_ms, ==, 240);
  g_assert_cmpint (sound->follows, ==, EVENT_SOUND_NEVER);
  g_assert_cmpfloat (sound->pan, ==, -0.5);
  g_assert_cmpint (sound->delay_ms, ==, -1000);
  g_assert_true (sound->low_cut && sound->noise_suppression);
  g_assert_true (sound->gain_control && sound->compressor);
  g_assert_cmpint (sound->channels, ==, EVENT_CHANNELS_LEFT);
}

static void
test_has_neutral_settings (void)
{
  g_autoptr (EventFile) file = parse (mixed_event);
  const EventSource *pages = nth (event_file_get_sources (file), 1);
  const EventSource *film = nth (event_file_get_sources (file), 3);
  const EventPicture *picture = &pages->picture_settings;
  const EventSound *sound = &pages->sound_settings;

  g_assert_cmpint (picture->rotate_deg, ==, 0);
  g_assert_cmpfloat (picture->crop_left + picture->crop_top, ==, 0);
  g_assert_cmpfloat (picture->crop_right + picture->crop_bottom, ==, 0);
  g_assert_cmpfloat (picture->zoom, ==, 1);
  g_assert_cmpfloat (picture->zoom_x, ==, 0.5);
  g_assert_cmpfloat (picture->zoom_y, ==, 0.5);
  g_assert_false (picture->mirror);
  g_assert_cmpfloat (picture->brightness, ==, 0);
  g_assert_cmpfloat (picture->contrast, ==, 1);
  g_assert_cmpfloat (picture->saturation, ==, 1);
  g_assert_cmpfloat (picture->temperature, ==, 0);
  g_assert_cmpfloat (picture->tint, ==, 0);
  g_assert_cmpint (picture->delay_ms, ==, 0);
  g_assert_cmpint (sound->follows, ==, EVENT_SOUND_ALWAYS);
  g_assert_cmpint (film->sound_settings.follows, ==, EVENT_SOUND_SEEN);
  g_assert_cmpfloat (sound->pan, ==, 0);
  g_assert_cmpint (sound->delay_ms, ==, 0);
  g_assert_false (sound->low_cut || sound->noise_suppression);
  g_assert_false (sound->gain_control || sound->compressor);
  g_assert_cmpint (sound->channels, ==, EVENT_CHANNELS_STEREO);
}

static void
test_reads_shots_and_graphics (void)
{
  g_autoptr (EventFile) file = parse (mixed_event);
  GPtrArray *shots = event_file_get_shots (file);
  const EventShot *one = nth (shots, 0), *two = nth (shots, 1), *three = nth (shots, 2);
  const EventGraphics *graphics = event_file_get_graphics (file);

  g_assert_cmpint (one->layout, ==, EVENT_LAYOUT_EVERYONE);
  g_assert_cmpuint (g_strv_length (one->sources), ==, 5);
  g_assert_true (one->logo);
  g_assert_cmpint (one->logo_position, ==, EVENT_CORNER_TOP_LEFT);
  g_assert_cmpfloat (one->logo_size, ==, 0.5);
  g_assert_cmpfloat (one->logo_opacity, ==, 0.75);
  g_assert_null (one->background);
  g_assert_cmpint (two->layout, ==, EVENT_LAYOUT_SLIDES_AND_TWO);
  g_assert_cmpstr (two->background, ==, "wall.jpg");
  g_assert_cmpint (two->logo_position, ==, EVENT_CORNER_BOTTOM_LEFT);
  g_assert_cmpfloat (two->logo_size, ==, 3);
  g_assert_cmpfloat (two->logo_opacity, ==, 0.1);
  g_assert_false (three->logo);

  g_assert_cmpstr (graphics->font, ==, "Noto Serif");
  g_assert_cmpint (graphics->style, ==, EVENT_STYLE_LINE);
  g_assert_cmpint (graphics->name_s, ==, 600);
  g_assert_cmpint (graphics->post_s, ==, 15);
  g_assert_cmpstr (graphics->music, ==, "wait.ogg");
  g_assert_cmpstr (((const EventTalk *) nth (event_file_get_talks (file), 0))->affiliation, ==,
                   "Université de Nantes");
  g_assert_null (((const EventTalk *) nth (event_file_get_talks (file), 1))->affiliation);
}

/* Shots of the keys that are said; -1: not said. */
static EventFile *
parse_keys (const int *keys, guint n_keys)
{
  g_autoptr (GString) json =
    g_string_new (HEAD "\"sources\": [{\"id\": \"a\", \"kind\": \"drawn\"}], \"shots\": [");

  for (guint i = 0; i < n_keys; i++) {
    g_string_append_printf (json, "%s{\"id\": \"s%u\", \"layout\": \"pause\"", i > 0 ? "," : "", i);
    if (keys[i] >= 0)
      g_string_append_printf (json, ", \"key\": %d", keys[i]);
    g_string_append_c (json, '}');
  }
  g_string_append (json, "]}");
  return parse (json->str);
}

static void
assert_keys (const int *asked, const int *wanted, guint n_keys)
{
  g_autoptr (EventFile) file = parse_keys (asked, n_keys);

  for (guint i = 0; i < n_keys; i++)
    g_assert_cmpint (((const EventShot *) nth (event_file_get_shots (file), i))->key, ==,
                     wanted[i]);
}

static void
test_gives_keys (void)
{
  static const int none[] = { -1, -1, -1, -1, -1, -1, -1, -1, -1, -1 };
  static const int in_order[] = { 1, 2, 3, 4, 5, 6, 7, 8, 0, 0 };
  static const int some[] = { -1, 9, -1, 1, 0, -1, 3, -1, -1, -1 };
  static const int around[] = { 2, 9, 4, 1, 0, 5, 3, 6, 7, 8 };
  static const int early[] = { 2, -1, -1, -1, -1, -1, -1, -1, -1, -1 };
  static const int all[] = { 2, 1, 3, 4, 5, 6, 7, 8, 9, 0 };

  assert_keys (none, in_order, G_N_ELEMENTS (none));
  assert_keys (some, around, G_N_ELEMENTS (some));
  assert_keys (early, all, G_N_ELEMENTS (early));
}

static void
test_reads_times (void)
{
  static const char *const good[] = {
    "0:00", "9:59", "09:05", "23:59", "2026-11-22T14:00:00+01:00", "2026-11-22T13:00:00Z"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autofree char *json =
      g_strdup_printf (HEAD
                       "\"sources\": [{\"id\": \"a\", \"kind\": \"card\", \"card\": \"countdown\", "
                       "\"until\": \"%s\"}], \"shots\": [{\"id\": \"s\", \"layout\": \"pause\"}]}",
                       good[i]);
    g_autoptr (EventFile) file = parse (json);

    g_assert_cmpstr (((const EventSource *) nth (event_file_get_sources (file), 0))->until, ==,
                     good[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event/sources/reads-kinds", test_reads_kinds);
  g_test_add_func ("/event/sources/reads-settings", test_reads_settings);
  g_test_add_func ("/event/sources/has-neutral-settings", test_has_neutral_settings);
  g_test_add_func ("/event/sources/reads-shots-and-graphics", test_reads_shots_and_graphics);
  g_test_add_func ("/event/sources/gives-keys", test_gives_keys);
  g_test_add_func ("/event/sources/reads-times", test_reads_times);
  return g_test_run ();
}

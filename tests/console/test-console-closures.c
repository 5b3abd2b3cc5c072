/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-address.h"
#include "console-air-text.h"
#include "console-error.h"
#include "console-level.h"
#include "console-text.h"
#include "livepage-server.h"
#include "show-secrets.h"
#include "web-types.h"

#include <math.h>

/* Compares and frees what a text function gave. */
static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_show_state_says_how_long (void)
{
  assert_text (console_text_show_state (SHOW_STATE_OFF_AIR, 0), "Off air");
  assert_text (console_text_show_state (SHOW_STATE_REHEARSAL, 0), "◎ REHEARSAL 00:00:00");
  assert_text (console_text_show_state (SHOW_STATE_LIVE, 2530), "● ON AIR 00:42:10");
  assert_text (console_text_show_state (SHOW_STATE_ENDED, 0), "Ended");
  assert_text (console_text_show_state (SHOW_STATE_ENDED, 3600), "Ended after 01:00:00");
}

static void
test_tally_is_a_word (void)
{
  assert_text (console_text_tally (TRUE, FALSE, SHOW_STATE_LIVE), "ON AIR");
  assert_text (console_text_tally (TRUE, TRUE, SHOW_STATE_LIVE), "ON AIR");
  assert_text (console_text_tally (TRUE, FALSE, SHOW_STATE_OFF_AIR), "NOW");
  assert_text (console_text_tally (FALSE, TRUE, SHOW_STATE_LIVE), "NEXT");
  assert_text (console_text_tally (FALSE, FALSE, SHOW_STATE_LIVE), "");
}

static void
test_every_state_has_words (void)
{
  g_autoptr (GEnumClass) states = g_type_class_ref (ENGINE_TYPE_SOURCE_STATE);

  for (guint i = 0; i < states->n_values; i++) {
    g_autofree char *text =
      console_text_source_state ((EngineSourceState) states->values[i].value, FALSE);

    g_assert_cmpstr (text, !=, "");
  }
  assert_text (console_text_source_state (ENGINE_SOURCE_STATE_LOST, FALSE),
               "Signal lost — trying again");
}

static void
test_what_is_missing_depends_on_where_it_comes_from (void)
{
  assert_text (console_text_missing_source ("Hall", FALSE),
               "Hall is not plugged in, or its file is missing.");
  assert_text (console_text_missing_source ("Hall", TRUE),
               "Hall: nothing answers at its address yet. Régie tries again by itself.");
}

static void
test_what_is_no_address_is_told (void)
{
  static const char *const good[] = {
    "rtsp://192.0.2.10/stream", "srt://example.org:9000",    "rtmp://example.org/live/hall",
    "https://example.org/live", "srt://:9000?mode=listener",
  };
  static const char *const bad[] = {
    "hello",       "example.org/live", "htp://example.org",    "rtmp://",
    "srt://:9000", "http:example.org", "http://exam ple.org/", "mailto:a@example.org",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    assert_text (console_address_check_stream (good[i]), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *sentence = console_address_check_stream (bad[i]);

    g_test_message ("%s", bad[i]);
    g_assert_nonnull (sentence);
  }
}

static void
test_missing_is_not_lost (void)
{
  g_autoptr (GError) missing = g_error_new_literal (ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "none");
  g_autoptr (GError) stalled = g_error_new_literal (ENGINE_ERROR, ENGINE_ERROR_STALLED, "silent");

  g_assert_true (console_text_source_is_missing (ENGINE_SOURCE_STATE_LOST, missing, FALSE));
  g_assert_true (console_text_source_is_missing (ENGINE_SOURCE_STATE_FAILED, missing, FALSE));
  g_assert_false (console_text_source_is_missing (ENGINE_SOURCE_STATE_LOST, missing, TRUE));
  g_assert_false (console_text_source_is_missing (ENGINE_SOURCE_STATE_LOST, stalled, FALSE));
  g_assert_false (console_text_source_is_missing (ENGINE_SOURCE_STATE_LOST, NULL, FALSE));
  g_assert_false (console_text_source_is_missing (ENGINE_SOURCE_STATE_LIVE, missing, FALSE));
  assert_text (console_text_source_state (ENGINE_SOURCE_STATE_LOST, TRUE),
               "Not found — trying again");
  assert_text (console_text_source_state (ENGINE_SOURCE_STATE_FAILED, TRUE), "Not found");
}

static void
test_destination_counts_down (void)
{
  assert_text (console_text_output_state (ENGINE_OUTPUT_STATE_LIVE, 0, -1), "● Live");
  assert_text (console_text_output_state (ENGINE_OUTPUT_STATE_LIVE, 0, 4.62e6),
               "● Live · 4.6 Mbit/s");
  assert_text (console_text_output_state (ENGINE_OUTPUT_STATE_WAITING, 7, -1),
               "↻ Not connected — again in 7 s");
  assert_text (console_text_output_state (ENGINE_OUTPUT_STATE_WAITING, 0, -1),
               "↻ Not connected — again now");
  assert_text (console_text_output_state (ENGINE_OUTPUT_STATE_REFUSED, 0, -1),
               "✕ Refused — needs you");
}

static void
test_what_was_missed_is_said (void)
{
  assert_text (console_text_missed (0, TRUE), "");
  assert_text (console_text_missed (42000, TRUE), "Missed 0:42; the recording has it");
  assert_text (console_text_missed (3723000, FALSE), "Missed 1:02:03");
}

static void
test_weak_network_is_said (void)
{
  EngineUplink uplink = { .queue_ms = 3200, .rtt_ms = 40, .sent_bps = 1e6, .lost_share = -1 };

  assert_text (console_text_uplink (&uplink), "");
  uplink.congested = TRUE;
  assert_text (console_text_uplink (&uplink), "⚠ Weak network: 3.2 s of the show wait to be sent.");
}

static void
test_audience_has_words (void)
{
  g_autoptr (GEnumClass) states = g_type_class_ref (ENGINE_TYPE_AUDIENCE_STATE);

  for (guint i = 0; i < states->n_values; i++) {
    const EngineAudienceState state = (EngineAudienceState) states->values[i].value;
    g_autofree char *text = console_text_audience (state, -1);

    g_assert_cmpint (*text == '\0', ==, state == ENGINE_AUDIENCE_OFF);
  }
  assert_text (console_text_audience (ENGINE_AUDIENCE_SEEN, 7900),
               "● The audience sees it 8 s later");
}

static void
test_every_verdict_has_words (void)
{
  g_autoptr (GEnumClass) verdicts = g_type_class_ref (ENGINE_TYPE_VERDICT);
  EngineUpload upload = { .wanted_bps = 4.6e6, .sent_bps = 900e3, .left_s = 7 };

  for (guint i = 0; i < verdicts->n_values; i++) {
    g_autofree char *text = NULL;

    upload.verdict = (EngineVerdict) verdicts->values[i].value;
    text = console_text_upload (&upload);
    g_assert_cmpint (*text == '\0', ==, upload.verdict == ENGINE_VERDICT_NONE);
  }
  upload.verdict = ENGINE_VERDICT_TOO_SLOW;
  assert_text (
    console_text_upload (&upload),
    "✕ Test: too slow. The show sends 4.6 Mbit/s, and 900 kbit/s got through: send less, "
    "or use a cable.");
}

static void
test_destinations_are_counted (void)
{
  assert_text (console_text_destinations (0, 0), "No destination");
  assert_text (console_text_destinations (0, 1), "1 destination");
  assert_text (console_text_destinations (0, 2), "2 destinations");
  assert_text (console_text_destinations (1, 2), "1 / 2 live");
}

static void
test_recording_says_when_it_stopped (void)
{
  assert_text (console_text_recording (ENGINE_RECORDING_STATE_OFF, TRUE, FALSE, 0, -1),
               "Records with the show");
  assert_text (console_text_recording (ENGINE_RECORDING_STATE_OFF, FALSE, TRUE, 0, 600),
               "✕ NOT RECORDING");
  assert_text (console_text_recording (ENGINE_RECORDING_STATE_OFF, TRUE, TRUE, 0, -1),
               "Recording saved");
  assert_text (console_text_recording (ENGINE_RECORDING_STATE_STOPPED, TRUE, TRUE, 5, 0),
               "⚠ Recording stopped");
}

static void
test_recording_says_how_long_it_lasts (void)
{
  assert_text (console_text_recording (ENGINE_RECORDING_STATE_RECORDING, TRUE, TRUE, 2530, 11400),
               "⏺ REC 00:42:10 · 3 h 10 left");
  assert_text (console_text_recording (ENGINE_RECORDING_STATE_RECORDING, TRUE, TRUE, 2530, -1),
               "⏺ REC 00:42:10");
  assert_text (console_text_recording (ENGINE_RECORDING_STATE_DEGRADED, TRUE, TRUE, 60, 59),
               "⚠ REC 00:01:00 · less than a minute left");
  assert_text (console_text_left (1799), "29 min left");
  assert_text (console_text_left (3600), "1 h 00 left");
  assert_text (console_text_left (86400), "more than a day left");
}

static void
test_reasons_are_all_said (void)
{
  assert_text (console_text_reasons (POSTS_REASON_NONE), "Held back");
  assert_text (console_text_reasons (POSTS_REASON_UNKNOWN_LINK | POSTS_REASON_ADULT_WORDS),
               "Held back: adult words, unknown link");
}

static void
test_every_reason_has_words (void)
{
  g_autoptr (GFlagsClass) reasons = g_type_class_ref (POSTS_TYPE_REASON);

  for (guint i = 0; i < reasons->n_values; i++) {
    g_autofree char *text = console_text_reasons ((PostsReason) reasons->values[i].value);

    if (reasons->values[i].value != 0)
      g_assert_true (g_str_has_prefix (text, "Held back: "));
  }
}

static void
test_age_rounds_down (void)
{
  assert_text (console_text_age (-5), "now");
  assert_text (console_text_age (59), "now");
  assert_text (console_text_age (60), "1 min");
  assert_text (console_text_age (3599), "59 min");
  assert_text (console_text_age (3600), "1 h");
  assert_text (console_text_age (24 * 3600), "1 day");
  assert_text (console_text_age (49 * 3600), "2 days");
}

static void
test_decibels_have_a_sign (void)
{
  assert_text (console_text_decibels (0.2), "0 dB");
  assert_text (console_text_decibels (6.0), "+6 dB");
  assert_text (console_text_decibels (-12.4), "−12 dB");
  assert_text (console_text_decibels (-60.0), "silent");
}

static void
test_talk_without_speaker (void)
{
  assert_text (console_text_talk ("Ada", "Engines"), "Ada — Engines");
  assert_text (console_text_talk ("", "Engines"), "Engines");
  assert_text (console_text_talk (NULL, NULL), "");
}

static void
test_fader_goes_there_and_back (void)
{
  g_assert_cmpfloat_with_epsilon (console_level_from_fader (0.75), 0.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (console_level_from_fader (0.0), -60.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (console_level_from_fader (1.0), 12.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (console_level_from_fader (7.0), 12.0, 1e-9);

  for (double level_db = -60.0; level_db <= 12.0; level_db += 0.5)
    g_assert_cmpfloat_with_epsilon (console_level_from_fader (console_level_to_fader (level_db)),
                                    level_db, 1e-9);
}

static void
test_fader_always_rises (void)
{
  double previous = -100.0;

  for (int i = 0; i <= 100; i++) {
    const double level_db = console_level_from_fader (i / 100.0);

    g_assert_cmpfloat (level_db, >, previous);
    previous = level_db;
  }
}

static void
test_meter_takes_any_number (void)
{
  g_assert_cmpfloat (console_level_to_meter (-INFINITY), ==, 0.0);
  g_assert_cmpfloat (console_level_to_meter ((double) NAN), ==, 0.0);
  g_assert_cmpfloat (console_level_to_meter (-G_MAXDOUBLE), ==, 0.0);
  g_assert_cmpfloat (console_level_to_meter (3.0), ==, 1.0);
  g_assert_cmpfloat_with_epsilon (console_level_to_meter (-30.0), 0.5, 1e-9);
}

static void
assert_has_sentence (GQuark domain, int code)
{
  g_autoptr (GError) error = g_error_new_literal (domain, code, "secret internals");
  g_autofree char *sentence = console_error_describe (error);

  g_assert_true (g_str_has_suffix (sentence, "."));
  g_assert_null (strstr (sentence, "secret internals"));
}

static void
test_every_error_has_a_sentence (void)
{
  g_autoptr (GEnumClass) engine_errors = g_type_class_ref (ENGINE_TYPE_ERROR);
  g_autoptr (GEnumClass) guest_errors = g_type_class_ref (GUEST_TYPE_ERROR);
  g_autoptr (GEnumClass) web_errors = g_type_class_ref (WEB_TYPE_ERROR);

  for (guint i = 0; i < engine_errors->n_values; i++)
    assert_has_sentence (ENGINE_ERROR, engine_errors->values[i].value);
  for (int code = 0; code <= EVENT_ERROR_UNWRITABLE; code++)
    assert_has_sentence (EVENT_ERROR, code);
  for (int code = 0; code <= POSTS_ERROR_STATE; code++)
    assert_has_sentence (POSTS_ERROR, code);
  for (guint i = 0; i < guest_errors->n_values; i++)
    assert_has_sentence (GUEST_ERROR, guest_errors->values[i].value);
  for (guint i = 0; i < web_errors->n_values; i++)
    assert_has_sentence (WEB_ERROR, web_errors->values[i].value);
  for (int code = 0; code <= SHOW_ERROR_STATE; code++)
    assert_has_sentence (SHOW_ERROR, code);
  assert_has_sentence (LIVEPAGE_ERROR, LIVEPAGE_ERROR_LISTEN);
}

static void
test_unknown_error_says_what_it_knows (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no space");

  assert_text (console_error_describe (error), "Something went wrong: no space");
  assert_text (console_error_describe (NULL), "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/console/text/show-state-says-how-long", test_show_state_says_how_long);
  g_test_add_func ("/console/text/tally-is-a-word", test_tally_is_a_word);
  g_test_add_func ("/console/text/every-state-has-words", test_every_state_has_words);
  g_test_add_func ("/console/text/missing-depends-on-where-it-comes-from",
                   test_what_is_missing_depends_on_where_it_comes_from);
  g_test_add_func ("/console/address/what-is-none-is-told", test_what_is_no_address_is_told);
  g_test_add_func ("/console/text/missing-is-not-lost", test_missing_is_not_lost);
  g_test_add_func ("/console/text/destination-counts-down", test_destination_counts_down);
  g_test_add_func ("/console/text/what-was-missed-is-said", test_what_was_missed_is_said);
  g_test_add_func ("/console/text/weak-network-is-said", test_weak_network_is_said);
  g_test_add_func ("/console/text/audience-has-words", test_audience_has_words);
  g_test_add_func ("/console/text/every-verdict-has-words", test_every_verdict_has_words);
  g_test_add_func ("/console/text/destinations-are-counted", test_destinations_are_counted);
  g_test_add_func ("/console/text/recording-says-when-it-stopped",
                   test_recording_says_when_it_stopped);
  g_test_add_func ("/console/text/recording-says-how-long-it-lasts",
                   test_recording_says_how_long_it_lasts);
  g_test_add_func ("/console/text/reasons-are-all-said", test_reasons_are_all_said);
  g_test_add_func ("/console/text/every-reason-has-words", test_every_reason_has_words);
  g_test_add_func ("/console/text/age-rounds-down", test_age_rounds_down);
  g_test_add_func ("/console/text/decibels-have-a-sign", test_decibels_have_a_sign);
  g_test_add_func ("/console/text/talk-without-speaker", test_talk_without_speaker);
  g_test_add_func ("/console/level/fader-goes-there-and-back", test_fader_goes_there_and_back);
  g_test_add_func ("/console/level/fader-always-rises", test_fader_always_rises);
  g_test_add_func ("/console/level/meter-takes-any-number", test_meter_takes_any_number);
  g_test_add_func ("/console/error/every-error-has-a-sentence", test_every_error_has_a_sentence);
  g_test_add_func ("/console/error/unknown-error-says-what-it-knows",
                   test_unknown_error_says_what_it_knows);

  return g_test_run ();
}

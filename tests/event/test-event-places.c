/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "event-file.h"

/* Where a show goes: destinations and the recording, edited while it runs. */

static const char event_json[] =
  "{\"regie\": 1, \"title\": \"T\",\n"
  " \"sources\": [ {\"id\": \"room\", \"kind\": \"drawn\"} ],\n"
  " \"shots\": [ {\"id\": \"one\", \"layout\": \"full\", \"sources\": [\"room\"]} ]}";

static EventFile *
make_event (void)
{
  g_autoptr (GError) error = NULL;
  EventFile *file = event_file_parse (event_json, -1, NULL, &error);

  g_assert_no_error (error);
  return file;
}

static void
count_cb (EventFile *file, guint *n_calls)
{
  ++*n_calls;
}

static void
test_edits_destinations (void)
{
  g_autoptr (EventFile) file = make_event ();
  g_autoptr (GError) error = NULL;
  const EventDestination *place = NULL;

  g_assert_cmpuint (event_file_get_destinations (file)->len, ==, 0);
  g_assert_false (event_file_remove (file, EVENT_ENTRIES_DESTINATIONS, "tube", &error));
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (event_file_add (file, EVENT_ENTRIES_DESTINATIONS,
                                 "{\"id\": \"tube\", \"url\": \"rtmp://h/live\"}", &error));
  g_assert_true (
    event_file_add (file, EVENT_ENTRIES_DESTINATIONS,
                    "{\"id\": \"far\", \"kind\": \"whip\", \"url\": \"https://h/whip\"}", &error));
  g_assert_true (event_file_edit (file, EVENT_ENTRIES_DESTINATIONS, "tube",
                                  "{\"url\": \"srt://:9000?mode=listener\", \"key\": \"keyring\", "
                                  "\"key-is\": \"passphrase\", \"latency-ms\": 500}",
                                  &error));
  g_assert_no_error (error);
  place = event_file_get_destinations (file)->pdata[0];
  g_assert_cmpint (place->kind, ==, EVENT_DESTINATION_SRT);
  g_assert_cmpint (place->key_kind, ==, EVENT_KEY_PASSPHRASE);
  g_assert_cmpint (place->latency_ms, ==, 500);
  g_assert_cmpstr (place->service, ==, "own");
  g_assert_true (place->has_key);
  g_assert_true (event_file_find_destination (file, "tube") == place);
  g_assert_null (event_file_find_destination (file, "tub"));
  g_assert_null (event_file_find_destination (file, NULL));
  g_assert_true (event_file_move (file, EVENT_ENTRIES_DESTINATIONS, "far", 0, &error));
  place = event_file_get_destinations (file)->pdata[0];
  g_assert_cmpint (place->kind, ==, EVENT_DESTINATION_WHIP);
  g_assert_true (event_file_remove (file, EVENT_ENTRIES_DESTINATIONS, "far", &error));
  g_assert_true (event_file_remove (file, EVENT_ENTRIES_DESTINATIONS, "tube", &error));
  g_assert_cmpuint (event_file_get_destinations (file)->len, ==, 0);
}

static void
test_edits_recording (void)
{
  g_autoptr (EventFile) file = make_event ();
  g_autoptr (GError) error = NULL;
  const EventRecording *recording = event_file_get_recording (file);
  guint n_changes = 0;

  g_assert_true (recording->enabled);
  g_assert_true (recording->talks);
  g_assert_null (recording->second_folder);
  g_signal_connect (file, "changed", G_CALLBACK (count_cb), &n_changes);
  g_assert_true (event_file_edit_recording (
    file, "{\"second-folder\": \"/media/stick\", \"enabled\": false, \"video-kbps\": 9000}",
    &error));
  g_assert_no_error (error);
  recording = event_file_get_recording (file);
  g_assert_cmpstr (recording->second_folder, ==, "/media/stick");
  g_assert_false (recording->enabled);
  g_assert_cmpint (recording->video_kbps, ==, 9000);
  g_assert_cmpuint (n_changes, ==, 1);
  g_assert_false (event_file_edit_recording (file, "{\"folder\": 5}", &error));
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_INVALID);
  g_assert_cmpstr (event_file_get_recording (file)->second_folder, ==, "/media/stick");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event/places/edits-destinations", test_edits_destinations);
  g_test_add_func ("/event/places/edits-recording", test_edits_recording);
  return g_test_run ();
}

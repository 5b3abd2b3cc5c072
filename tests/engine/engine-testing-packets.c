/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-testing-packets.h"

#include <gst/gst.h>
#include <string.h>

/* A GOP of one second, fragments of half a second, as a recording has them; the pattern changes, so
 * that pictures can be told apart. Movies are made once: the tests copy them. */
#define PIPELINE                                                                             \
  "videotestsrc num-buffers=%u pattern=%s ! "                                                \
  "video/x-raw,format=I420,width=320,height=180,framerate=30/1 ! "                           \
  "x264enc key-int-max=30 bframes=%u speed-preset=%s option-string=scenecut=0:open-gop=0 ! " \
  "h264parse ! video/x-h264,stream-format=avc ! mux. "                                       \
  "audiotestsrc num-buffers=%u samplesperbuffer=1024 freq=%u ! "                             \
  "audio/x-raw,rate=48000,channels=2 ! avenc_aac ! mux. "                                    \
  "mp4mux name=mux fragment-duration=500 ! filesink location=%s"

void
engine_testing_make_recording (const char *path, guint duration_s, const char *pattern,
                               guint n_b_frames, const char *preset)
{
  g_autofree char *description = g_strdup_printf (PIPELINE, duration_s * 30, pattern, n_b_frames,
                                                  preset, duration_s * 48000 / 1024, 440u, path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 30 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_true (message != NULL && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* What a program that is not ours says of a file. */
char *
engine_testing_run (const char *const *words)
{
  g_autoptr (GError) error = NULL;
  char *out = NULL;
  g_autofree char *err = NULL;
  int status = 0;

  if (!g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
                     &status, &error))
    g_error ("%s", error->message);
  if (*err != '\0')
    g_test_message ("%s: %s", words[0], err);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (err, ==, "");
  return out;
}

char *
engine_testing_probe (const char *path, const char *entries)
{
  const char *const words[] = { "ffprobe", "-v", "error", "-show_entries", entries, "-of",
                                "csv",     path, NULL };

  return engine_testing_run (words);
}

void
engine_testing_assert_decodes (const char *path)
{
  const char *const words[] = { "ffmpeg", "-v", "error", "-xerror", "-i",
                                path,     "-f", "null",  "-",       NULL };

  g_free (engine_testing_run (words));
}

GArray *
engine_testing_get_packets (const char *path)
{
  g_autofree char *text = engine_testing_probe (path, "packet=codec_type,pts_time,size,flags");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GArray *packets = g_array_new (FALSE, FALSE, sizeof (EngineTestingPacket));

  for (guint i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) fields = g_strsplit (lines[i], ",", -1);
    EngineTestingPacket packet = { 0 };

    if (g_strv_length (fields) < 5 ||
        (!g_str_equal (fields[1], "video") && !g_str_equal (fields[1], "audio")))
      continue;
    packet.video = g_str_equal (fields[1], "video");
    packet.time_s = g_ascii_strtod (fields[2], NULL);
    packet.size = g_ascii_strtoull (fields[3], NULL, 10);
    packet.key = fields[4][0] == 'K';
    g_array_append_val (packets, packet);
  }
  return packets;
}

/* Those of one kind. */
GArray *
engine_testing_get_track (const char *path, gboolean video)
{
  g_autoptr (GArray) all = engine_testing_get_packets (path);
  GArray *track = g_array_new (FALSE, FALSE, sizeof (EngineTestingPacket));

  for (guint i = 0; i < all->len; i++) {
    const EngineTestingPacket packet = g_array_index (all, EngineTestingPacket, i);

    if (packet.video == video)
      g_array_append_val (track, packet);
  }
  return track;
}

double
engine_testing_get_duration (const char *path)
{
  g_autofree char *text = engine_testing_probe (path, "format=duration");

  return g_ascii_strtod (text + strlen ("format,"), NULL);
}

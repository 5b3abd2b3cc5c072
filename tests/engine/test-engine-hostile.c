/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-source-private.h"
#include "engine-testing.h"
#include "engine-video-mixer.h"

static const EngineFormat format = { 320, 180, 30, 500000, 64000 };

/* What becomes of a file. */
typedef enum {
  LIVE,
  REFUSED, /* lost or failed, with words */
  EITHER,
} Fate;

typedef struct {
  const char *name;
  EngineSourceKind kind;
  Fate fate;
  EngineSize size; /* as it is to be seen; 0×0: not asked */
} Case;

#define N_TOGETHER 6

static const Case cases[] = {
  { "movie.mp4", ENGINE_SOURCE_URI, LIVE },
  { "empty.mp4", ENGINE_SOURCE_URI, REFUSED },
  { "text.mp4", ENGINE_SOURCE_URI, REFUSED },
  { "noise.mkv", ENGINE_SOURCE_URI, REFUSED },
  { "no-head.mp4", ENGINE_SOURCE_URI, REFUSED },
  { "no-tail.mp4", ENGINE_SOURCE_URI, REFUSED },
  { "half.mp4", ENGINE_SOURCE_URI, LIVE },
  { "head-only.mp4", ENGINE_SOURCE_FILM, REFUSED },
  { "half.mkv", ENGINE_SOURCE_FILM, LIVE },
  { "damaged.ts", ENGINE_SOURCE_URI, LIVE },
  { "no-duration.mkv", ENGINE_SOURCE_FILM, LIVE },
  { "negative.mkv", ENGINE_SOURCE_URI, LIVE },
  { "jump.ts", ENGINE_SOURCE_URI, LIVE },
  { "back.ts", ENGINE_SOURCE_URI, LIVE },
  { "changing.ts", ENGINE_SOURCE_URI, LIVE, { 640, 360 } },
  { "sound-8k.wav", ENGINE_SOURCE_URI, LIVE },
  { "sound-96k.wav", ENGINE_SOURCE_URI, LIVE },
  { "sound-only.ogg", ENGINE_SOURCE_FILM, LIVE },
  { "surround.mp4", ENGINE_SOURCE_URI, LIVE },
  { "picture-only.webm", ENGINE_SOURCE_URI, LIVE },
  { "yuv444.mp4", ENGINE_SOURCE_URI, LIVE },
  { "ten-bit.mp4", ENGINE_SOURCE_URI, LIVE },
  { "rotated.mp4", ENGINE_SOURCE_URI, LIVE, { 180, 320 } },
  { "uneven.mkv", ENGINE_SOURCE_URI, LIVE },
  { "tiny.mkv", ENGINE_SOURCE_URI, LIVE, { 1, 1 } },
  { "odd.mkv", ENGINE_SOURCE_URI, LIVE, { 321, 241 } },
  { "anamorphic.mp4", ENGINE_SOURCE_URI, LIVE, { 320, 180 } },
  { "interlaced.ts", ENGINE_SOURCE_URI, LIVE, { 352, 288 } },
  { "moving.gif", ENGINE_SOURCE_URI, EITHER },
  { "alpha.webm", ENGINE_SOURCE_URI, LIVE, { 320, 180 } },
  { "huge.png", ENGINE_SOURCE_STILL, LIVE },
  { "huge.jpg", ENGINE_SOURCE_STILL, LIVE },
  { "huge.jpg", ENGINE_SOURCE_URI, LIVE },
  { "bomb.png", ENGINE_SOURCE_STILL, REFUSED },
  { "bomb.png", ENGINE_SOURCE_URI, REFUSED },
  { "entity.svg", ENGINE_SOURCE_STILL, EITHER },
  { "laughs.svg", ENGINE_SOURCE_STILL, REFUSED },
  { "huge.svg", ENGINE_SOURCE_STILL, REFUSED },
  { "itself.m3u8", ENGINE_SOURCE_URI, REFUSED },
  { "locked.pdf", ENGINE_SOURCE_SLIDES, REFUSED },
  { "no-pages.pdf", ENGINE_SOURCE_SLIDES, REFUSED },
  { "endless.pdf", ENGINE_SOURCE_SLIDES, EITHER },
  { "broken.pdf", ENGINE_SOURCE_SLIDES, REFUSED },
  { "mixed", ENGINE_SOURCE_SLIDES, LIVE },
  { "mixed", ENGINE_SOURCE_URI, REFUSED },
  { "/dev/zero", ENGINE_SOURCE_URI, REFUSED },
  { "/dev/zero", ENGINE_SOURCE_STILL, REFUSED },
  { "/", ENGINE_SOURCE_FILM, REFUSED },
};

/* What a program is made of, and what came out of it. */
typedef struct {
  EngineClock *clock;
  EngineVideoMixer *video;
  EngineAudioMixer *audio;
  const char *folder;
  EngineSource *sources[N_TOGETHER];
  guint n_sources;

  GMutex lock; /* guards all below */
  guint64 n_frames;
  guint64 n_blocks;
  GstClockTime last_frame;
  gint64 last_block_ns;
  guint n_gaps;
} Program;

/* Video mixer's thread. */
static gboolean
frame_cb (GstBuffer *buffer, gpointer user_data)
{
  Program *self = user_data;
  const GstClockTime time = GST_BUFFER_PTS (buffer);

  g_mutex_lock (&self->lock);
  /* A thirtieth of a second, to the rounding of a nanosecond. */
  if (self->n_frames++ > 0 && time - self->last_frame != 33333333 &&
      time - self->last_frame != 33333334) {
    g_test_message ("%" G_GUINT64_FORMAT " ns between frames", time - self->last_frame);
    self->n_gaps++;
  }
  self->last_frame = time;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* Audio mixer's thread. */
static void
sound_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  Program *self = user_data;

  g_mutex_lock (&self->lock);
  if (self->n_blocks++ > 0 && ABS (time_ns - self->last_block_ns - 10000000) > 1) {
    g_test_message ("%" G_GINT64_FORMAT " ns between blocks", time_ns - self->last_block_ns);
    self->n_gaps++;
  }
  self->last_block_ns = time_ns;
  g_mutex_unlock (&self->lock);
}

static void
program_init (Program *self, const char *folder)
{
  *self = (Program){ .folder = folder };
  g_mutex_init (&self->lock);
  self->clock = engine_clock_new ();
  self->video = engine_video_mixer_new (self->clock, &format);
  self->audio = engine_audio_mixer_new (self->clock);
  engine_video_mixer_set_consumer (self->video, frame_cb, self);
  engine_audio_mixer_set_consumer (self->audio, sound_cb, NULL, self);
  engine_video_mixer_start (self->video);
  engine_audio_mixer_start (self->audio);
}

static void
program_end (Program *self)
{
  engine_video_mixer_stop (self->video);
  engine_audio_mixer_stop (self->audio);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  engine_testing_assert_finalizes (self->video);
  engine_testing_assert_finalizes (self->audio);
  engine_testing_assert_finalizes (self->clock);
  g_mutex_clear (&self->lock);
}

static void
add (Program *self, const Case *test)
{
  g_autofree char *path = g_path_is_absolute (test->name)
                            ? g_strdup (test->name)
                            : g_build_filename (self->folder, test->name, NULL);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  const EngineSourceConfig config = { .id = test->name,
                                      .title = test->name,
                                      .kind = test->kind,
                                      .uri = test->kind == ENGINE_SOURCE_URI ? uri : NULL,
                                      .file = path,
                                      .picture = path,
                                      .delay_ms = -1,
                                      .lost_sentence = "Signal lost" };
  EngineSource *source = _engine_source_new (&config, self->clock, &format, self->audio);

  engine_video_mixer_add_slot (self->video, _engine_source_get_slot (source));
  _engine_source_start (source);
  engine_source_set_tally (source, TRUE, FALSE);
  self->sources[self->n_sources++] = source;
}

static void
show_all (Program *self)
{
  EngineSlot *slots[N_TOGETHER];

  for (guint i = 0; i < self->n_sources; i++)
    slots[i] = _engine_source_get_slot (self->sources[i]);
  g_autoptr (EngineScene) scene =
    engine_scene_new (ENGINE_LAYOUT_EVERYONE, ENGINE_CORNER_TOP_LEFT, slots, self->n_sources, NULL);
  engine_video_mixer_take (self->video, scene, ENGINE_TRANSITION_CUT, 0);
}

static gboolean
all_decided (gpointer data)
{
  Program *self = data;

  for (guint i = 0; i < self->n_sources; i++) {
    if (engine_source_get_state (self->sources[i]) == ENGINE_SOURCE_STATE_STARTING)
      return FALSE;
  }
  return TRUE;
}

/* Upright, with square pixels, and of whole pictures. */
static void
check_picture (EngineSource *source, const Case *test)
{
  g_autoptr (EnginePicture) picture =
    engine_slot_peek_picture (_engine_source_get_slot (source), 0);
  EngineSize size = { 0, 0 };

  if (test->size.width_px == 0)
    return;
  g_assert_nonnull (picture);
  size = engine_picture_get_display_size (picture);
  g_assert_cmpint (size.width_px, ==, test->size.width_px);
  g_assert_cmpint (size.height_px, ==, test->size.height_px);
  g_assert_cmpint (GST_VIDEO_INFO_INTERLACE_MODE (&picture->info), ==,
                   GST_VIDEO_INTERLACE_MODE_PROGRESSIVE);
}

static void
check_fate (EngineSource *source, const Case *test)
{
  const EngineSourceState state = engine_source_get_state (source);
  const GError *error = engine_source_get_error (source);

  g_test_message ("%s: %s%s%s", test->name,
                  engine_enum_get_nick (ENGINE_TYPE_SOURCE_STATE, (int) state),
                  error != NULL ? ": " : "", error != NULL ? error->message : "");
  if (test->fate == LIVE || (test->fate == EITHER && state == ENGINE_SOURCE_STATE_LIVE)) {
    g_assert_cmpint (state, ==, ENGINE_SOURCE_STATE_LIVE);
    return;
  }
  g_assert_true (state == ENGINE_SOURCE_STATE_LOST || state == ENGINE_SOURCE_STATE_FAILED);
  g_assert_nonnull (error);
  g_assert_true (error->domain == ENGINE_ERROR);
  g_assert_cmpuint (g_utf8_strlen (error->message, -1), >, 15);
}

static void
remove_all (Program *self)
{
  for (guint i = 0; i < self->n_sources; i++) {
    _engine_source_stop (self->sources[i]);
    engine_video_mixer_remove_slot (self->video, _engine_source_get_slot (self->sources[i]));
    engine_audio_mixer_remove_slot (self->audio, _engine_source_get_slot (self->sources[i]));
    engine_testing_assert_finalizes (self->sources[i]);
  }
  self->n_sources = 0;
}

/* One program runs from the first file to the last, and shows and hears several at a time. */
static void
test_all (gconstpointer data)
{
  Program program;
  const gint64 began_us = g_get_monotonic_time ();
  double ran_s = 0;

  program_init (&program, data);
  for (guint first = 0; first < G_N_ELEMENTS (cases); first += N_TOGETHER) {
    const guint end = MIN (first + N_TOGETHER, (guint) G_N_ELEMENTS (cases));

    for (guint i = first; i < end; i++)
      add (&program, &cases[i]);
    show_all (&program);
    g_assert_true (engine_testing_wait (all_decided, &program, 10000));
    /* Into the strange parts, and for most to the end. */
    engine_testing_run_for (2500);
    for (guint i = first; i < end; i++) {
      check_fate (program.sources[i - first], &cases[i]);
      check_picture (program.sources[i - first], &cases[i]);
    }
    remove_all (&program);
  }
  ran_s = (double) (g_get_monotonic_time () - began_us) / G_USEC_PER_SEC;
  g_mutex_lock (&program.lock);
  g_assert_cmpuint (program.n_gaps, ==, 0);
  g_assert_cmpfloat ((double) program.n_frames, >, ran_s * 30 - 15);
  g_assert_cmpfloat ((double) program.n_blocks, >, ran_s * 100 - 50);
  g_mutex_unlock (&program.lock);
  program_end (&program);
}

static char *
make_media (const char *maker, const char *folder)
{
  const char *const command[] = { "python3", maker, folder, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  return g_strdup (folder);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_assert_cmpint (argc, ==, 3);
  folder = make_media (argv[1], argv[2]);
  g_test_add_data_func ("/engine/hostile/the-program-goes-on", folder, test_all);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-slot.h"

#include <math.h>
#include <string.h>

#define FRAME_NS ((gint64) GST_SECOND / 30)
#define MS       ((gint64) GST_MSECOND)
#define RATE     ENGINE_SAMPLE_RATE_HZ

static GstBuffer *buffer;
static GstVideoInfo info;

static void
push (EngineSlot *slot, gint64 time_ns)
{
  engine_slot_push_picture (slot, buffer, &info, time_ns);
}

static gint64
pull (EngineSlot *slot, gint64 time_ns)
{
  g_autoptr (EnginePicture) picture = engine_slot_pull_picture (slot, time_ns);

  return picture != NULL ? picture->time_ns : -1;
}

static gint64
nth_time (gint64 n, int rate_fps)
{
  return n * (gint64) GST_SECOND / rate_fps;
}

/* Pictures of @rate_fps, each up to @jitter_ns too early or too late, @phase_ns after the program's
 * frames. Returns how many frames showed the picture before again; @n_skipped: how many were never
 * shown. */
static guint
play (int rate_fps, gint64 phase_ns, gint64 jitter_ns, guint n_frames, guint *n_skipped)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint n_repeated = 0;
  gint64 pushed = 0, before = -1, shown = 0;

  for (guint n = 0; n < n_frames; n++) {
    const gint64 now_ns = nth_time (n, 30) + (gint64) GST_SECOND;
    gint64 time_ns = 0;

    /* As the delay of a source provides: what is due soon is there. */
    while (nth_time (pushed, rate_fps) + (gint64) GST_SECOND < now_ns + 50 * MS) {
      push (slot,
            nth_time (pushed, rate_fps) + (gint64) GST_SECOND + phase_ns +
              (gint64) g_rand_double_range (rand, (double) -jitter_ns, (double) jitter_ns + 1));
      pushed++;
    }
    time_ns = pull (slot, now_ns);
    if (n > 2 && time_ns == before)
      n_repeated++;
    if (time_ns != before)
      shown++;
    before = time_ns;
    if (n > 2)
      g_assert_cmpint (ABS (time_ns - now_ns), <=, FRAME_NS * 2 / 3 + 2 * jitter_ns + FRAME_NS / 2);
  }
  *n_skipped = (guint) MAX (0, (gint64) n_frames - shown);
  return n_repeated;
}

/* At the same rate each frame shows the next picture, whatever the phase between the two. */
static void
test_equal_rate (void)
{
  for (gint64 phase_ns = 0; phase_ns < FRAME_NS; phase_ns += FRAME_NS / 16) {
    guint n_skipped = 0;
    const guint n_repeated = play (30, phase_ns, 5 * MS, 1000, &n_skipped);

    /* Where the phase is just at the edge it settles once, and then stays. */
    g_assert_cmpuint (n_repeated, <=, 1);
    g_assert_cmpuint (n_skipped, <=, 1);
  }
  guint n_skipped = 0;
  g_assert_cmpuint (play (30, 0, 5 * MS, 1000, &n_skipped), ==, 0);
  g_assert_cmpuint (n_skipped, ==, 0);
}

/* 25 into 30: each picture once, and one in five twice. */
static void
test_slower (void)
{
  guint n_skipped = 0;
  const guint n_repeated = play (25, 0, 2 * MS, 1200, &n_skipped);

  g_assert_cmpuint (n_repeated, >=, 198);
  g_assert_cmpuint (n_repeated, <=, 202);
}

static void
test_faster (void)
{
  guint n_skipped = 0;

  g_assert_cmpuint (play (60, 0, 2 * MS, 1000, &n_skipped), ==, 0);
}

static void
test_same_time_twice (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);

  push (slot, FRAME_NS);
  g_assert_cmpint (pull (slot, FRAME_NS), ==, FRAME_NS);
  g_assert_cmpint (pull (slot, FRAME_NS), ==, FRAME_NS);
}

static void
test_not_before_time (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);

  g_assert_cmpint (pull (slot, 0), ==, -1);
  push (slot, 10 * FRAME_NS);
  g_assert_cmpint (pull (slot, 9 * FRAME_NS), ==, -1);
  g_assert_cmpint (pull (slot, 10 * FRAME_NS), ==, 10 * FRAME_NS);
}

/* A burst of late pictures does not pile up: the newest is shown. */
static void
test_catches_up (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);

  for (guint n = 0; n < 20; n++)
    push (slot, n * FRAME_NS);
  g_assert_cmpint (pull (slot, 30 * FRAME_NS), ==, 19 * FRAME_NS);
}

/* A source that stamps far ahead costs a bounded amount of memory, and its newest stay. */
static void
test_bounded (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);
  const guint refs_before = GST_MINI_OBJECT_REFCOUNT_VALUE (buffer);

  for (guint n = 0; n < 5000; n++)
    push (slot, (gint64) GST_SECOND * 3600 + n * FRAME_NS);
  g_assert_cmpuint (GST_MINI_OBJECT_REFCOUNT_VALUE (buffer) - refs_before, <=, 64);
  g_assert_cmpint (pull (slot, (gint64) GST_SECOND * 3600 + 4999 * FRAME_NS), ==,
                   (gint64) GST_SECOND * 3600 + 4999 * FRAME_NS);
}

static void
test_card (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);
  g_autoptr (EnginePicture) card = engine_picture_new (buffer, &info, -77);

  push (slot, 0);
  g_assert_cmpint (pull (slot, 0), ==, 0);
  /* Without a card the last picture is better than nothing. */
  g_assert_cmpint (pull (slot, 10 * (gint64) GST_SECOND), ==, 0);
  engine_slot_set_card (slot, card);
  g_assert_cmpint (pull (slot, 1990 * MS), ==, 0);
  g_assert_cmpint (pull (slot, 2010 * MS), ==, -77);
  push (slot, 3000 * MS);
  g_assert_cmpint (pull (slot, 3000 * MS), ==, 3000 * MS);
  engine_slot_clear (slot);
  g_assert_cmpint (pull (slot, 3010 * MS), ==, -77);
}

static void
test_still (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);
  g_autoptr (EnginePicture) card = engine_picture_new (buffer, &info, -77);

  engine_slot_set_card (slot, card);
  engine_slot_set_still (slot, TRUE);
  push (slot, 0);
  g_assert_cmpint (pull (slot, 3600 * (gint64) GST_SECOND), ==, 0);
}

static void
test_peek (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);
  g_autoptr (EnginePicture) before = NULL;
  g_autoptr (EnginePicture) after = NULL;

  push (slot, FRAME_NS);
  before = engine_slot_peek_picture (slot, FRAME_NS);
  g_assert_null (before);
  pull (slot, FRAME_NS);
  push (slot, 2 * FRAME_NS);
  after = engine_slot_peek_picture (slot, 2 * FRAME_NS);
  g_assert_cmpint (after->time_ns, ==, FRAME_NS);
}

static void
test_display_size (void)
{
  GstVideoInfo wide = info;
  g_autoptr (EnginePicture) picture = NULL;

  gst_video_info_set_format (&wide, GST_VIDEO_FORMAT_I420, 720, 576);
  wide.par_n = 64;
  wide.par_d = 45;
  picture = engine_picture_new (buffer, &wide, 0);
  g_assert_cmpint (engine_picture_get_display_size (picture).width_px, ==, 1024);
  g_assert_cmpint (engine_picture_get_display_size (picture).height_px, ==, 576);
}

/* A sound that says of each sample where it is. */
static void
fill_ramp (float *samples, gint64 first, guint n)
{
  for (guint i = 0; i < n; i++) {
    samples[i * 2] = (float) ((first + i) % 100000 + 1) / 131072;
    samples[i * 2 + 1] = -samples[i * 2];
  }
}

static gint64
position_time (gint64 position)
{
  return position * (gint64) GST_SECOND / RATE;
}

static void
push_ramp (EngineSlot *slot, gint64 first, guint n, gint64 time_ns)
{
  g_autofree float *samples = g_new (float, n * 2);

  fill_ramp (samples, first, n);
  engine_slot_push_sound (slot, samples, n, time_ns);
}

static void
check_ramp (EngineSlot *slot, gint64 position, guint n)
{
  g_autofree float *samples = g_new (float, n * 2);
  g_autofree float *wanted = g_new (float, n * 2);

  g_assert_true (engine_slot_read_sound (slot, position, n, samples));
  fill_ramp (wanted, position, n);
  g_assert_cmpmem (samples, n * 2 * sizeof (float), wanted, n * 2 * sizeof (float));
}

static void
check_silence (EngineSlot *slot, gint64 position, guint n, gboolean any)
{
  g_autofree float *samples = g_new (float, n * 2);

  memset (samples, 1, n * 2 * sizeof (float));
  g_assert_cmpint (engine_slot_read_sound (slot, position, n, samples), ==, any);
  for (guint i = 0; i < n * 2; i++)
    g_assert_cmpfloat (samples[i], ==, 0);
}

static void
test_end_to_end (void)
{
  static const guint sizes[] = { 480, 441, 1024, 1, 7, 960, 2048, 333 };
  g_autoptr (EngineSlot) slot = engine_slot_new (30);
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  gint64 at = RATE;

  for (guint n = 0; n < 3000; n++) {
    const guint size = sizes[n % G_N_ELEMENTS (sizes)];
    const gint64 jitter_ns = n == 0 ? 0 : g_rand_int_range (rand, -1000000, 1000000);

    push_ramp (slot, at, size, position_time (at) + 1000 + jitter_ns);
    at += size;
    if (n > 20)
      check_ramp (slot, at - 8000, 8000);
  }
}

static void
test_gap (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);

  push_ramp (slot, RATE, 4800, position_time (RATE) + 1000);
  push_ramp (slot, 2 * RATE, 4800, position_time (2 * RATE) + 1000);
  check_ramp (slot, RATE, 4800);
  check_silence (slot, RATE + 4800, RATE - 4800, TRUE);
  check_ramp (slot, 2 * RATE, 4800);
}

static void
test_jump (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);

  push_ramp (slot, 20 * RATE, 4800, position_time (20 * RATE) + 1000);
  /* Back: what is newest counts. */
  push_ramp (slot, 15 * RATE, 4800, position_time (15 * RATE) + 1000);
  check_ramp (slot, 15 * RATE, 4800);
  check_silence (slot, 20 * RATE, 4800, FALSE);
  /* Far ahead, beyond all that is kept. */
  push_ramp (slot, 500 * RATE, 4800, position_time (500 * RATE) + 1000);
  check_ramp (slot, 500 * RATE, 4800);
  check_silence (slot, 495 * RATE, 4800, TRUE);
  check_silence (slot, 15 * RATE, 4800, FALSE);
}

static void
test_outside (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);
  float samples[960 * 2], wanted[960 * 2];

  check_silence (slot, 0, 480, FALSE);
  push_ramp (slot, RATE, 4800, position_time (RATE) + 1000);
  check_silence (slot, RATE - 480, 480, FALSE);
  check_silence (slot, RATE + 4800, 480, FALSE);
  check_silence (slot, -10000, 480, FALSE);

  /* Half of it before the first, half of it after the last. */
  memset (wanted, 0, sizeof wanted);
  fill_ramp (wanted + 480 * 2, RATE, 480);
  g_assert_true (engine_slot_read_sound (slot, RATE - 480, 960, samples));
  g_assert_cmpmem (samples, sizeof samples, wanted, sizeof wanted);
  memset (wanted, 0, sizeof wanted);
  fill_ramp (wanted, RATE + 4320, 480);
  g_assert_true (engine_slot_read_sound (slot, RATE + 4320, 960, samples));
  g_assert_cmpmem (samples, sizeof samples, wanted, sizeof wanted);
}

static void
test_wraps (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);

  for (gint64 at = 0; at < 35 * RATE; at += 4801) {
    push_ramp (slot, at, 4801, position_time (at) + 1000);
    check_ramp (slot, MAX (0, at + 4801 - 5 * RATE), (guint) MIN (at + 4801, 5 * RATE));
  }
}

/* How late pictures come in is smoothed: one that is late says nothing, a second of them does. */
static void
test_lateness (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);

  for (guint i = 0; i < 30; i++)
    engine_slot_note_lateness (slot, -40 * MS);
  g_assert_cmpint (engine_slot_get_lateness_ms (slot), ==, 0);
  engine_slot_note_lateness (slot, 320 * MS);
  g_assert_cmpint (engine_slot_get_lateness_ms (slot), ==, 20);
  for (guint i = 0; i < 60; i++)
    engine_slot_note_lateness (slot, 200 * MS);
  g_assert_cmpint (engine_slot_get_lateness_ms (slot), >=, 190);
  g_assert_cmpint (engine_slot_get_lateness_ms (slot), <=, 200);
  engine_slot_clear (slot);
  g_assert_cmpint (engine_slot_get_lateness_ms (slot), ==, 0);
}

static void
test_clear (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);

  push_ramp (slot, RATE, 4800, position_time (RATE) + 1000);
  push (slot, 0);
  engine_slot_clear (slot);
  check_silence (slot, RATE, 4800, FALSE);
  g_assert_cmpint (pull (slot, FRAME_NS), ==, -1);
  /* Of the life before nothing is heard, even where the new one is before it. */
  push_ramp (slot, RATE / 2, 480, position_time (RATE / 2) + 1000);
  check_ramp (slot, RATE / 2, 480);
  check_silence (slot, RATE, 4800, FALSE);
}

/* Times before the show began, and nothing at all. */
static void
test_odd_sound (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);

  push_ramp (slot, 0, 480, -10 * MS);
  engine_slot_push_sound (slot, NULL, 0, 10 * MS);
  check_silence (slot, 0, 480, FALSE);
  push_ramp (slot, 0, 480, 1000);
  check_ramp (slot, 0, 480);
}

static gpointer
push_thread (gpointer data)
{
  for (guint n = 0; n < 3000; n++) {
    push (data, n * FRAME_NS);
    push_ramp (data, n * 480, 480, position_time (n * 480));
  }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);
  GThread *thread = g_thread_new ("push", push_thread, slot);

  for (guint n = 0; n < 3000; n++) {
    float samples[480 * 2];

    pull (slot, n * FRAME_NS);
    engine_slot_read_sound (slot, n * 480, 480, samples);
    if (n % 500 == 0)
      engine_slot_clear (slot);
  }
  g_thread_join (thread);
}

/* There with its first picture, gone two seconds after its last, whatever its card says; a still
 * stays. */
static void
test_present (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);
  g_autoptr (EnginePicture) card = engine_picture_new (buffer, &info, 0);

  g_assert_false (engine_slot_is_present (slot));
  engine_slot_set_card (slot, card);
  pull (slot, 5 * FRAME_NS);
  g_assert_false (engine_slot_is_present (slot));
  push (slot, 10 * FRAME_NS);
  pull (slot, 9 * FRAME_NS);
  g_assert_false (engine_slot_is_present (slot));
  pull (slot, 10 * FRAME_NS);
  g_assert_true (engine_slot_is_present (slot));
  pull (slot, 69 * FRAME_NS);
  g_assert_true (engine_slot_is_present (slot));
  pull (slot, 71 * FRAME_NS);
  g_assert_false (engine_slot_is_present (slot));
  engine_slot_set_still (slot, TRUE);
  g_assert_true (engine_slot_is_present (slot));
  engine_slot_clear (slot);
  g_assert_false (engine_slot_is_present (slot));
}

int
main (int argc, char **argv)
{
  int result = 0;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, 16, 16);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  g_test_add_func ("/engine/slot/equal-rate-neither-repeats-nor-skips", test_equal_rate);
  g_test_add_func ("/engine/slot/slower-source-repeats-evenly", test_slower);
  g_test_add_func ("/engine/slot/faster-source-is-always-new", test_faster);
  g_test_add_func ("/engine/slot/same-frame-twice", test_same_time_twice);
  g_test_add_func ("/engine/slot/not-before-its-time", test_not_before_time);
  g_test_add_func ("/engine/slot/catches-up", test_catches_up);
  g_test_add_func ("/engine/slot/memory-is-bounded", test_bounded);
  g_test_add_func ("/engine/slot/card-after-two-seconds", test_card);
  g_test_add_func ("/engine/slot/still-stays", test_still);
  g_test_add_func ("/engine/slot/peek-does-not-go-on", test_peek);
  g_test_add_func ("/engine/slot/display-size-has-square-pixels", test_display_size);
  g_test_add_func ("/engine/slot/sound-is-laid-end-to-end", test_end_to_end);
  g_test_add_func ("/engine/slot/sound-gap-is-silence", test_gap);
  g_test_add_func ("/engine/slot/sound-jump-is-followed", test_jump);
  g_test_add_func ("/engine/slot/sound-outside-is-silence", test_outside);
  g_test_add_func ("/engine/slot/sound-wraps-around", test_wraps);
  g_test_add_func ("/engine/slot/lateness-is-smoothed", test_lateness);
  g_test_add_func ("/engine/slot/clear-forgets", test_clear);
  g_test_add_func ("/engine/slot/odd-sound", test_odd_sound);
  g_test_add_func ("/engine/slot/two-threads", test_threads);
  g_test_add_func ("/engine/slot/present-while-it-has-a-picture", test_present);
  result = g_test_run ();
  gst_buffer_unref (buffer);
  return result;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-testing.h"
#include "engine-video-mixer.h"

#include <string.h>

#define WIDTH  64
#define HEIGHT 36
#define RATE   30
#define MS     ((gint64) GST_MSECOND)

/* The luma of what the sources show. */
#define DARK   40
#define BRIGHT 200

typedef struct {
  gint64 time_ns;
  gint64 arrival_ns;
  guint8 corner;
  guint8 middle;
} Seen;

typedef struct {
  EngineClock *clock;
  EngineVideoMixer *mixer;
  EngineSlot *dark;
  EngineSlot *bright;
  EngineScene *dark_scene;
  EngineScene *bright_scene;

  GMutex lock;  /* guards all below */
  GArray *seen; /* of Seen */
  gboolean refuse;
  guint slow_ms;     /* how long each frame that was made anew holds the mixer up */
  GstMemory *memory; /* of the frame before; only compared */
  guint wanted;
  guint n_clean; /* frames that came without graphics, too */
  guint n_own;   /* of those, the ones that are not the program's own frame */
  guint8 clean_corner;
  gint64 clean_ns;
} Fixture;

static gboolean
frame_cb (GstBuffer *buffer, gpointer user_data)
{
  Fixture *self = user_data;
  GstVideoFrame frame;
  Seen seen = { .time_ns = (gint64) GST_BUFFER_PTS (buffer),
                .arrival_ns = engine_clock_get_now (self->clock) };

  g_assert_true (
    gst_video_frame_map (&frame, engine_video_mixer_get_info (self->mixer), buffer, GST_MAP_READ));
  const guint8 *luma = GST_VIDEO_FRAME_PLANE_DATA (&frame, 0);
  seen.corner = luma[0];
  seen.middle = luma[HEIGHT / 2 * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0) + WIDTH / 2];
  gst_video_frame_unmap (&frame);

  g_mutex_lock (&self->lock);
  g_array_append_val (self->seen, seen);
  const gboolean refuse = self->refuse;
  const gboolean anew = gst_buffer_peek_memory (buffer, 0) != self->memory;
  const guint slow_ms = anew ? self->slow_ms : 0;
  self->memory = gst_buffer_peek_memory (buffer, 0);
  g_mutex_unlock (&self->lock);
  g_usleep (slow_ms * 1000);
  return !refuse;
}

static void
clean_cb (GstBuffer *buffer, gpointer user_data)
{
  Fixture *self = user_data;
  guint8 corner = 0;

  gst_buffer_extract (buffer, 0, &corner, 1);
  g_mutex_lock (&self->lock);
  self->n_clean++;
  self->n_own += gst_buffer_peek_memory (buffer, 0) != self->memory;
  self->clean_corner = corner;
  self->clean_ns = (gint64) GST_BUFFER_PTS (buffer);
  g_mutex_unlock (&self->lock);
}

static gboolean
has_seen (gpointer data)
{
  Fixture *self = data;

  g_mutex_lock (&self->lock);
  const gboolean enough = self->seen->len >= self->wanted;
  g_mutex_unlock (&self->lock);
  return enough;
}

/* Waits for so many frames more; returns the number of the first of them. */
static guint
wait_for (Fixture *self, guint n)
{
  g_mutex_lock (&self->lock);
  const guint first = self->seen->len;
  self->wanted = first + n;
  g_mutex_unlock (&self->lock);
  g_assert_true (engine_testing_wait (has_seen, self, 10000));
  return first;
}

static Seen
nth (Fixture *self, guint n)
{
  g_mutex_lock (&self->lock);
  const Seen seen = g_array_index (self->seen, Seen, n);
  g_mutex_unlock (&self->lock);
  return seen;
}

static EngineSlot *
make_slot (int luma, int width, int height)
{
  EngineSlot *slot = engine_slot_new (RATE);
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = NULL;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, (guint) width, (guint) height);
  gst_video_colorimetry_from_string (&info.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_buffer_memset (buffer, 0, (guint8) luma, (gsize) width * (gsize) height);
  gst_buffer_memset (buffer, (gsize) width * (gsize) height, 128, info.size);
  engine_slot_set_still (slot, TRUE);
  engine_slot_push_picture (slot, buffer, &info, 0);
  return slot;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  const EngineFormat format = { WIDTH, HEIGHT, RATE, 100000, 64000 };

  g_mutex_init (&self->lock);
  self->seen = g_array_new (FALSE, FALSE, sizeof (Seen));
  self->clock = engine_clock_new ();
  self->mixer = engine_video_mixer_new (self->clock, &format);
  /* One that is passed through as it is, one that must be scaled. */
  self->dark = make_slot (DARK, WIDTH, HEIGHT);
  self->bright = make_slot (BRIGHT, 128, 72);
  self->dark_scene =
    engine_scene_new (ENGINE_LAYOUT_FULL, ENGINE_CORNER_TOP_LEFT, &self->dark, 1, NULL);
  self->bright_scene =
    engine_scene_new (ENGINE_LAYOUT_FULL, ENGINE_CORNER_TOP_LEFT, &self->bright, 1, NULL);
  engine_video_mixer_add_slot (self->mixer, self->dark);
  engine_video_mixer_add_slot (self->mixer, self->bright);
  engine_video_mixer_set_consumer (self->mixer, frame_cb, self);
  engine_video_mixer_start (self->mixer);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  engine_video_mixer_stop (self->mixer);
  engine_video_mixer_stop (self->mixer);
  engine_testing_assert_finalizes (self->mixer);
  engine_scene_unref (self->dark_scene);
  engine_scene_unref (self->bright_scene);
  engine_testing_assert_finalizes (self->dark);
  engine_testing_assert_finalizes (self->bright);
  engine_testing_assert_finalizes (self->clock);
  g_array_unref (self->seen);
  g_mutex_clear (&self->lock);
}

static void
check_no_gap (Fixture *self)
{
  for (guint i = 1; i < self->seen->len; i++) {
    const gint64 n = (nth (self, i).time_ns * RATE + (gint64) GST_SECOND / 2) / (gint64) GST_SECOND;

    g_assert_cmpint (nth (self, i).time_ns, ==,
                     (gint64) gst_util_uint64_scale ((guint64) n, GST_SECOND, RATE));
    g_assert_cmpint (nth (self, i).time_ns - nth (self, i - 1).time_ns, >=, GST_SECOND / RATE);
    g_assert_cmpint (nth (self, i).time_ns - nth (self, i - 1).time_ns, <=, GST_SECOND / RATE + 1);
  }
}

static void
test_pace (Fixture *self, gconstpointer data)
{
  EngineVideoMixerStats stats;
  const guint first = wait_for (self, 40);

  /* The first may come late on a busy machine, but none before its time. */
  for (guint i = first; i < first + 40; i++)
    g_assert_cmpint (nth (self, i).arrival_ns, >=, nth (self, i).time_ns);
  engine_video_mixer_stop (self->mixer);
  check_no_gap (self);
  stats = engine_video_mixer_get_stats (self->mixer);
  g_assert_cmpuint (stats.n_mixed + stats.n_repeated + stats.n_halved, ==, self->seen->len);
  g_assert_cmpuint (stats.n_dropped, ==, 0);
}

static void
test_take (Fixture *self, gconstpointer data)
{
  wait_for (self, 2);
  for (guint i = 0; i < 6; i++) {
    const gboolean bright = i % 2 == 0;
    guint first = 0;

    engine_video_mixer_take (self->mixer, bright ? self->bright_scene : self->dark_scene,
                             ENGINE_TRANSITION_CUT, 0);
    first = wait_for (self, 3);
    /* One frame may have been on its way already. */
    for (guint n = first + 1; n < first + 3; n++)
      g_assert_cmpint (ABS (nth (self, n).middle - (bright ? BRIGHT : DARK)), <=, 1);
  }
}

/* How bright a fade of @n_frames is at its nth frame. */
static double
faded (gint64 n, gint64 n_frames)
{
  const double p = MIN ((double) n / (double) n_frames, 1);

  return DARK + (BRIGHT - DARK) * p * p * (3 - 2 * p);
}

/* Half a second is fifteen frames: the first one shows the new picture already, the fifteenth
 * nothing else, and each between exactly its share. */
static void
test_fade (Fixture *self, gconstpointer data)
{
  guint first = 0, n_stale = 0;

  engine_video_mixer_take (self->mixer, self->dark_scene, ENGINE_TRANSITION_CUT, 0);
  wait_for (self, 3);
  engine_video_mixer_take (self->mixer, self->bright_scene, ENGINE_TRANSITION_FADE, 500);
  first = wait_for (self, 20);
  while (nth (self, first).middle == DARK)
    first++;
  for (guint n = first; n < first + 17; n++) {
    const gint64 passed_ns = nth (self, n).time_ns - nth (self, first).time_ns;
    const gint64 n_frames = (passed_ns * RATE + (gint64) GST_SECOND / 2) / (gint64) GST_SECOND;

    g_assert_cmpint (nth (self, n).middle, >=, nth (self, n - 1).middle);
    if (ABS (nth (self, n).middle - faded (n_frames + 1, 15)) > 2)
      n_stale++;
  }
  /* Only a frame that was not made in time shows what the one before it did. */
  const EngineVideoMixerStats stats = engine_video_mixer_get_stats (self->mixer);
  g_assert_cmpuint (n_stale, <=, stats.n_repeated + stats.n_halved);
  g_assert_cmpint (ABS (nth (self, first + 16).middle - BRIGHT), <=, 1);
}

/* Another take in the midst of a fade is obeyed at once. */
static void
test_take_during_fade (Fixture *self, gconstpointer data)
{
  guint first = 0;

  engine_video_mixer_take (self->mixer, self->dark_scene, ENGINE_TRANSITION_CUT, 0);
  wait_for (self, 2);
  engine_video_mixer_take (self->mixer, self->bright_scene, ENGINE_TRANSITION_FADE, 10000);
  wait_for (self, 4);
  engine_video_mixer_take (self->mixer, self->dark_scene, ENGINE_TRANSITION_CUT, 0);
  first = wait_for (self, 3);
  g_assert_cmpint (nth (self, first + 2).middle, ==, DARK);
}

/* A fade that begins in the midst of another one goes on from what is seen, without a jump. */
static void
test_fade_during_fade (Fixture *self, gconstpointer data)
{
  guint first = 0, second = 0;

  engine_video_mixer_take (self->mixer, self->dark_scene, ENGINE_TRANSITION_CUT, 0);
  wait_for (self, 2);
  engine_video_mixer_take (self->mixer, self->bright_scene, ENGINE_TRANSITION_FADE, 2000);
  first = wait_for (self, 10);
  engine_video_mixer_take (self->mixer, self->dark_scene, ENGINE_TRANSITION_FADE, 1000);
  second = wait_for (self, 34);
  /* Never as bright as it would have become, and dark in the end. */
  for (guint n = first; n < second + 34; n++)
    g_assert_cmpint (nth (self, n).middle, <, BRIGHT - 40);
  g_assert_cmpint (nth (self, first + 9).middle, >, DARK + 5);
  g_assert_cmpint (nth (self, second + 33).middle, ==, DARK);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  EngineVideoMixerStats before, after;
  gint64 longest_ns = 0;

  wait_for (self, 3);
  g_mutex_lock (&self->lock);
  self->refuse = TRUE;
  g_mutex_unlock (&self->lock);
  wait_for (self, 2);
  before = engine_video_mixer_get_stats (self->mixer);
  const guint first = wait_for (self, 10);
  after = engine_video_mixer_get_stats (self->mixer);
  g_assert_cmpuint (after.n_dropped - before.n_dropped, >=, 9);
  g_assert_cmpuint (after.n_mixed, <=, before.n_mixed + 1);
  for (guint n = first; n < first + 10; n++)
    longest_ns = MAX (longest_ns, nth (self, n).arrival_ns - nth (self, n).time_ns);
  g_assert_cmpint (longest_ns, <, 500 * MS);
}

static void
set_slow (Fixture *self, guint slow_ms)
{
  g_mutex_lock (&self->lock);
  self->slow_ms = slow_ms;
  g_mutex_unlock (&self->lock);
}

/* Whether the last half second was made in full. */
static gboolean
is_at_full_rate (gpointer data)
{
  Fixture *self = data;
  const guint64 n_halved = engine_video_mixer_get_stats (self->mixer).n_halved;

  wait_for (self, RATE / 2);
  return engine_video_mixer_get_stats (self->mixer).n_halved == n_halved;
}

/* A mixer that is late with every frame makes every second one and is late no more; its times have
 * no gap; when it is quick again it makes all of them. */
static void
test_overload (Fixture *self, gconstpointer data)
{
  EngineVideoMixerStats before, after;

  engine_video_mixer_take (self->mixer, self->bright_scene, ENGINE_TRANSITION_CUT, 0);
  set_slow (self, 45);
  wait_for (self, 3 * RATE / 2);
  before = engine_video_mixer_get_stats (self->mixer);
  g_assert_cmpuint (before.n_repeated, >, 0);
  wait_for (self, RATE);
  after = engine_video_mixer_get_stats (self->mixer);
  g_assert_cmpuint (after.n_halved - before.n_halved, >=, RATE / 3);
  g_assert_cmpuint (after.n_repeated - before.n_repeated, <, RATE / 3);
  set_slow (self, 0);
  g_assert_true (engine_testing_wait (is_at_full_rate, self, 30000));
  engine_video_mixer_stop (self->mixer);
  check_no_gap (self);
  after = engine_video_mixer_get_stats (self->mixer);
  g_assert_cmpuint (after.n_mixed + after.n_repeated + after.n_halved, ==, self->seen->len);
}

/* Pictures that move are on their way with the first frame, and each frame keeps its time. */
static void
test_move (Fixture *self, gconstpointer data)
{
  EngineSlot *slots[] = { self->dark, self->bright };
  g_autoptr (EngineScene) side =
    engine_scene_new (ENGINE_LAYOUT_SIDE_BY_SIDE, ENGINE_CORNER_TOP_LEFT, slots, 2, NULL);
  guint first = 0;
  gboolean moving = FALSE;

  engine_video_mixer_take (self->mixer, self->dark_scene, ENGINE_TRANSITION_CUT, 0);
  wait_for (self, 3);
  engine_video_mixer_take (self->mixer, side, ENGINE_TRANSITION_MOVE, 500);
  first = wait_for (self, 20);
  /* The dark picture has left the corner while the bright one is still coming. */
  for (guint n = first; n < first + 20; n++)
    moving |= nth (self, n).corner == 16 && nth (self, n).middle < BRIGHT - 20;
  g_assert_true (moving);
  g_assert_cmpint (nth (self, first + 19).corner, ==, 16);
  g_assert_cmpint (ABS (nth (self, first + 19).middle - BRIGHT), <=, 1);
  engine_video_mixer_stop (self->mixer);
  check_no_gap (self);
}

static EngineOverlay *
make_graphic (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 16, 8);
  cairo_t *cr = cairo_create (surface);
  EngineOverlay *overlay = NULL;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_destroy (cr);
  overlay = engine_overlay_new (surface, 0, 0);
  cairo_surface_destroy (surface);
  return overlay;
}

/* Comes and goes within 300 ms; nothing else changes. */
static void
test_graphic (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineOverlay) overlay = make_graphic ();
  guint first = 0;

  engine_video_mixer_take (self->mixer, self->dark_scene, ENGINE_TRANSITION_CUT, 0);
  wait_for (self, 2);
  for (guint i = 0; i < ENGINE_N_GRAPHICS; i++) {
    engine_video_mixer_set_graphic (self->mixer, (EngineGraphic) i, overlay);
    first = wait_for (self, 14);
    g_assert_cmpint (ABS (nth (self, first + 13).corner - 235), <=, 1);
    g_assert_cmpint (nth (self, first + 13).middle, ==, DARK);
    engine_video_mixer_set_graphic (self->mixer, (EngineGraphic) i, NULL);
    first = wait_for (self, 14);
    g_assert_cmpint (nth (self, first + 13).corner, ==, DARK);
  }
  /* The sources' own pictures were not painted on. */
  g_autoptr (EnginePicture) picture = engine_slot_peek_picture (self->dark, 0);
  guint8 luma = 0;
  gst_buffer_extract (picture->buffer, 0, &luma, 1);
  g_assert_cmpint (luma, ==, DARK);
}

/* The same frames at the same times without graphics: the program's own as long as it has none. One that
 * is held up repeats both. */
static void
test_clean (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineOverlay) overlay = make_graphic ();

  engine_video_mixer_take (self->mixer, self->bright_scene, ENGINE_TRANSITION_CUT, 0);
  wait_for (self, 2);
  engine_video_mixer_set_clean_consumer (self->mixer, clean_cb, self);
  wait_for (self, 20);
  g_assert_cmpuint (self->n_clean, >=, 18);
  g_assert_cmpuint (self->n_own, ==, 0);
  engine_video_mixer_set_graphic (self->mixer, ENGINE_GRAPHIC_POST, overlay);
  wait_for (self, 20);
  engine_video_mixer_stop (self->mixer);
  g_assert_cmpint (nth (self, self->seen->len - 1).corner, >=, 230);
  g_assert_cmpint (ABS (self->clean_corner - BRIGHT), <=, 1);
  g_assert_cmpint (self->clean_ns, ==, nth (self, self->seen->len - 1).time_ns);
  g_assert_cmpuint (self->n_own, >=, 15);
  const guint n_clean = self->n_clean, n_seen = self->seen->len;
  self->slow_ms = 200;
  engine_video_mixer_start (self->mixer);
  wait_for (self, 10);
  engine_video_mixer_stop (self->mixer);
  g_assert_cmpuint (self->n_clean - n_clean, ==, self->seen->len - n_seen);
  g_assert_cmpuint (engine_video_mixer_get_stats (self->mixer).n_repeated, >, 0);
  g_assert_cmpint (ABS (self->clean_corner - BRIGHT), <=, 1);
}

static void
test_pause_hides_graphics (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineOverlay) overlay = make_graphic ();
  g_autoptr (EnginePicture) card = engine_slot_pull_picture (self->dark, GST_SECOND);
  g_autoptr (EngineScene) pause =
    engine_scene_new (ENGINE_LAYOUT_PAUSE, ENGINE_CORNER_TOP_LEFT, NULL, 0, card);
  guint first = 0;

  engine_video_mixer_set_graphic (self->mixer, ENGINE_GRAPHIC_POST, overlay);
  engine_video_mixer_take (self->mixer, self->bright_scene, ENGINE_TRANSITION_CUT, 0);
  first = wait_for (self, 14);
  g_assert_cmpint (nth (self, first + 13).corner, >=, 230);
  engine_video_mixer_take (self->mixer, pause, ENGINE_TRANSITION_CUT, 0);
  first = wait_for (self, 4);
  g_assert_cmpint (nth (self, first + 3).corner, ==, DARK);
}

/* Black, when nothing was taken yet or what was taken has nothing to show. */
static void
test_nothing (Fixture *self, gconstpointer data)
{
  EngineSlot *slots[2] = { NULL };
  g_autoptr (EngineSlot) empty = engine_slot_new (RATE);
  g_autoptr (EngineScene) scene = NULL;
  guint first = wait_for (self, 3);

  g_assert_cmpint (nth (self, first + 2).middle, ==, 16);
  slots[0] = slots[1] = empty;
  scene = engine_scene_new (ENGINE_LAYOUT_SIDE_BY_SIDE, ENGINE_CORNER_TOP_LEFT, slots, 2, NULL);
  engine_video_mixer_take (self->mixer, self->bright_scene, ENGINE_TRANSITION_CUT, 0);
  wait_for (self, 2);
  engine_video_mixer_take (self->mixer, scene, ENGINE_TRANSITION_CUT, 0);
  first = wait_for (self, 3);
  g_assert_cmpint (nth (self, first + 2).middle, ==, 16);
}

static void
test_restart (Fixture *self, gconstpointer data)
{
  guint n = 0;

  wait_for (self, 2);
  engine_video_mixer_stop (self->mixer);
  n = self->seen->len;
  engine_testing_run_for (100);
  g_assert_cmpuint (self->seen->len, ==, n);
  engine_video_mixer_start (self->mixer);
  wait_for (self, 2);
  engine_video_mixer_remove_slot (self->mixer, self->dark);
  engine_video_mixer_remove_slot (self->mixer, self->dark);
  wait_for (self, 2);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/engine/video-mixer/one-frame-at-each-time", test_pace);
  ADD ("/engine/video-mixer/take-shows-with-the-next-frame", test_take);
  ADD ("/engine/video-mixer/fade-goes-evenly", test_fade);
  ADD ("/engine/video-mixer/take-during-a-fade", test_take_during_fade);
  ADD ("/engine/video-mixer/fade-during-a-fade", test_fade_during_fade);
  ADD ("/engine/video-mixer/move-keeps-the-pace", test_move);
  ADD ("/engine/video-mixer/overload-halves-the-rate", test_overload);
  ADD ("/engine/video-mixer/refused-frames-are-counted", test_refused);
  ADD ("/engine/video-mixer/graphics-come-and-go", test_graphic);
  ADD ("/engine/video-mixer/without-graphics-nothing-is-copied", test_clean);
  ADD ("/engine/video-mixer/pause-hides-graphics", test_pause_hides_graphics);
  ADD ("/engine/video-mixer/nothing-is-black", test_nothing);
  ADD ("/engine/video-mixer/stops-and-starts-again", test_restart);
  return g_test_run ();
}

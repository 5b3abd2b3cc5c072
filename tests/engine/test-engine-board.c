/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-board.h"
#include "engine-board.h"
#include "engine-source-private.h"
#include "engine-testing.h"

#include <string.h>

static const EngineFormat format = { 640, 360, 30, 500000, 64000 };

static void
check_figures (EngineCardKind kind, gint64 until_s, gint64 now_ms, const char *wanted)
{
  g_autofree char *figures = engine_board_make_figures (kind, until_s, 0, now_ms * 1000);

  g_assert_cmpstr (figures, ==, wanted);
}

static void
test_figures (void)
{
  const gint64 noon_s = 1795521600; /* 2026-11-25 12:00 UTC */
  g_autofree char *paris =
    engine_board_make_figures (ENGINE_CARD_CLOCK, 0, 3600, noon_s * G_USEC_PER_SEC);
  g_autofree char *lima =
    engine_board_make_figures (ENGINE_CARD_CLOCK, 0, -5 * 3600, noon_s * G_USEC_PER_SEC);

  g_assert_cmpstr (paris, ==, "13:00");
  g_assert_cmpstr (lima, ==, "07:00");
  check_figures (ENGINE_CARD_TEXT, 0, noon_s * 1000, NULL);
  check_figures (ENGINE_CARD_CLOCK, 0, noon_s * 1000, "12:00");
  check_figures (ENGINE_CARD_CLOCK, 0, noon_s * 1000 - 1, "11:59");
  check_figures (ENGINE_CARD_COUNTDOWN, noon_s, (noon_s - 65) * 1000, "1:05");
  check_figures (ENGINE_CARD_COUNTDOWN, noon_s, (noon_s - 65) * 1000 + 999, "1:05");
  check_figures (ENGINE_CARD_COUNTDOWN, noon_s, (noon_s - 64) * 1000, "1:04");
  check_figures (ENGINE_CARD_COUNTDOWN, noon_s, (noon_s - 3600) * 1000, "1:00:00");
  check_figures (ENGINE_CARD_COUNTDOWN, noon_s, (noon_s - 3599) * 1000, "59:59");
  check_figures (ENGINE_CARD_COUNTDOWN, noon_s, (noon_s - 1) * 1000 + 500, "0:01");
  check_figures (ENGINE_CARD_COUNTDOWN, noon_s, noon_s * 1000, "0:00");
  check_figures (ENGINE_CARD_COUNTDOWN, noon_s, (noon_s + 86400) * 1000, "0:00");
  check_figures (ENGINE_CARD_COUNTDOWN, G_MININT64, noon_s * 1000, "0:00");
}

/* How much of a picture is not its ground, in a column of the middle half; and where. */
static guint
count_ink (const EngineArt *art, int from_y, int to_y)
{
  const guint8 *pixels = cairo_image_surface_get_data (art->surface);
  const int stride = cairo_image_surface_get_stride (art->surface);
  guint n = 0;

  for (int y = from_y; y < to_y; y++) {
    const guint32 *row = (const guint32 *) (gconstpointer) (pixels + y * stride);

    for (int x = 0; x < art->place.width; x++) {
      const guint32 ground = row[0] & 0xff, here = row[x] & 0xff;

      n += ABS ((int) ground - (int) here) > 60;
    }
  }
  return n;
}

static EngineArt *
draw (const char *text, const char *figures, const char *font)
{
  const EngineArtBoard board = { text, figures, "#1d3557", "#ff7a18", font };
  g_autoptr (GError) error = NULL;
  EngineArt *art = engine_art_draw_board (&board, 1280, 720, &error);

  g_assert_no_error (error);
  g_assert_cmpint (art->place.width, ==, 1280);
  g_assert_cmpint (art->place.height, ==, 720);
  return art;
}

/* What is written stays inside the picture, and is centred. */
static void
check_inside (const char *text, const char *figures)
{
  g_autoptr (EngineArt) art = draw (text, figures, NULL);

  g_assert_cmpuint (count_ink (art, 0, 40), ==, 0);
  g_assert_cmpuint (count_ink (art, 680, 720), ==, 0);
  g_assert_cmpuint (count_ink (art, 40, 680), >, 500);
}

static void
test_drawn (void)
{
  g_autofree char *long_text = g_strnfill (5000, 'W');
  g_autofree char *many_lines = NULL;
  GString *lines = g_string_new (NULL);

  for (guint i = 0; i < 80; i++)
    g_string_append (lines, "A line\n");
  many_lines = g_string_free (lines, FALSE);

  check_inside ("We are back at 14:00", NULL);
  check_inside ("We are back at 14:00", "12:34");
  check_inside ("", "1:02:03");
  check_inside (long_text, NULL);
  check_inside (long_text, "12:34");
  check_inside (many_lines, "12:34");
  check_inside ("<b>bold</b> & <i", "12:34");
  check_inside ("عدنا في الثانية", "12:34");
  check_inside ("休憩中", NULL);
  check_inside ("\xff\xfe bytes", NULL);
}

static void
test_nothing (void)
{
  g_autoptr (EngineArt) empty = draw ("", NULL, NULL);
  g_autoptr (EngineArt) none = draw (NULL, NULL, "No Such Font, \"';");

  g_assert_cmpuint (count_ink (empty, 0, 720), ==, 0);
  g_assert_cmpuint (count_ink (none, 0, 720), ==, 0);
}

static void
test_figures_do_not_tremble (void)
{
  guint first = 0;
  const char *const times[] = { "11:44", "44:11", "08:18" };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    g_autoptr (EngineArt) art = draw ("", times[i], NULL);
    const guint8 *pixels = cairo_image_surface_get_data (art->surface);
    const guint32 *row = NULL;
    guint x = 0;

    /* The colon's dots are in the same columns whatever is beside them. */
    for (int y = 200; y < 520 && x == 0; y++) {
      row = (const guint32 *) (gconstpointer) (pixels +
                                               y * cairo_image_surface_get_stride (art->surface));
      for (guint at = 620; at < 660 && x == 0; at++) {
        if ((row[at] & 0xff) > 200)
          x = at;
      }
    }
    g_assert_cmpuint (x, >, 0);
    if (i == 0)
      first = x;
    g_assert_cmpuint ((guint) ABS ((int) x - (int) first), <=, 1);
  }
}

typedef struct {
  EngineClock *clock;
  EngineAudioMixer *mixer;
  EngineSource *source;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->clock = engine_clock_new ();
  self->mixer = engine_audio_mixer_new (self->clock);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  _engine_source_stop (self->source);
  engine_testing_assert_finalizes (self->source);
  engine_testing_assert_finalizes (self->mixer);
  engine_testing_assert_finalizes (self->clock);
}

static gboolean
is_live (gpointer data)
{
  return engine_source_get_state (((Fixture *) data)->source) == ENGINE_SOURCE_STATE_LIVE;
}

static guint
count_pictures (Fixture *self, EngineCardKind card, guint duration_ms)
{
  const EngineSourceConfig config = { .id = "card",
                                      .title = "Card",
                                      .kind = ENGINE_SOURCE_CARD,
                                      .card = card,
                                      .text = "Back soon",
                                      .until_s = g_get_real_time () / G_USEC_PER_SEC + 100,
                                      .background = "#102030",
                                      .colour = "#ff7a18",
                                      .delay_ms = -1 };
  const gint64 end_us = g_get_monotonic_time () + duration_ms * G_GINT64_CONSTANT (1000);
  g_autoptr (EnginePicture) before = NULL;
  guint n = 0;

  self->source = _engine_source_new (&config, self->clock, &format, self->mixer);
  _engine_source_start (self->source);
  g_assert_true (engine_testing_wait (is_live, self, 5000));
  while (g_get_monotonic_time () < end_us) {
    g_autoptr (EnginePicture) picture =
      engine_slot_pull_picture (_engine_source_get_slot (self->source),
                                engine_clock_get_now (self->clock));

    g_assert_nonnull (picture);
    g_assert_cmpint (GST_VIDEO_INFO_WIDTH (&picture->info), ==, format.width_px);
    if (picture != before) {
      n++;
      g_clear_pointer (&before, engine_picture_unref);
      before = engine_picture_ref (picture);
    }
    engine_testing_run_for (20);
  }
  return n;
}

static void
test_counts (Fixture *self, gconstpointer data)
{
  const guint n = count_pictures (self, ENGINE_CARD_COUNTDOWN, 3300);

  g_assert_cmpuint (n, >=, 3);
  g_assert_cmpuint (n, <=, 5);
}

static void
test_text_is_drawn_once (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (count_pictures (self, ENGINE_CARD_TEXT, 1500), ==, 1);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/engine/board/figures", test_figures);
  g_test_add_func ("/engine/board/anything-fits", test_drawn);
  g_test_add_func ("/engine/board/nothing-to-say", test_nothing);
  g_test_add_func ("/engine/board/figures-do-not-tremble", test_figures_do_not_tremble);
  ADD ("/engine/board/countdown-counts", test_counts);
  ADD ("/engine/board/text-is-drawn-once", test_text_is_drawn_once);
  return g_test_run ();
}

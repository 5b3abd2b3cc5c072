/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <cairo.h>
#include <glib/gstdio.h>

#include "show-arts.h"

static const EngineFormat format = { 640, 360, 30, 1000000, 128000 };

static const char event_json[] =
  "{\"regie\": 1, \"title\": \"T\", \"sources\": [{\"id\": \"a\", \"kind\": \"drawn\"}], "
  "\"shots\": [\n"
  "  {\"id\": \"one\", \"layout\": \"full\", \"sources\": [\"a\"], \"background\": \"wall.png\"},\n"
  "  {\"id\": \"two\", \"layout\": \"full\", \"sources\": [\"a\"]},\n"
  "  {\"id\": \"faint\", \"layout\": \"full\", \"sources\": [\"a\"], \"logo-opacity\": 0.5},\n"
  "  {\"id\": \"none\", \"layout\": \"full\", \"sources\": [\"a\"], \"logo\": false},\n"
  "  {\"id\": \"bad\", \"layout\": \"full\", \"sources\": [\"a\"], \"logo\": false, "
  "\"background\": "
  "\"nowhere.png\"},\n"
  "  {\"id\": \"wait\", \"layout\": \"pause\"} ],\n"
  " \"graphics\": {\"logo\": \"wall.png\"}}";

/* An event with its picture, and the arts of its shots. */
typedef struct {
  char *folder;
  char *picture;
  EventFile *event;
  ShowArts *arts;
  guint n_drawn;
  guint n_failed;
} Fixture;

static void
drawn_cb (ShowArts *arts, Fixture *fixture)
{
  fixture->n_drawn++;
}

static void
failed_cb (ShowArts *arts, const GError *error, Fixture *fixture)
{
  g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND);
  fixture->n_failed++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 64, 64);
  cairo_t *cr = cairo_create (surface);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("regie-arts-XXXXXX", NULL);
  fixture->picture = g_build_filename (fixture->folder, "wall.png", NULL);
  cairo_set_source_rgb (cr, 1, 0, 0);
  cairo_paint (cr);
  g_assert_cmpint (cairo_surface_write_to_png (surface, fixture->picture), ==,
                   CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  path = g_build_filename (fixture->folder, "show.regie", NULL);
  fixture->event = event_file_parse (event_json, -1, path, &error);
  g_assert_no_error (error);
  fixture->arts = show_arts_new (fixture->event, &format);
  g_signal_connect (fixture->arts, "drawn", G_CALLBACK (drawn_cb), fixture);
  g_signal_connect (fixture->arts, "failed", G_CALLBACK (failed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->arts);
  g_object_unref (fixture->event);
  g_remove (fixture->picture);
  g_rmdir (fixture->folder);
  g_free (fixture->picture);
  g_free (fixture->folder);
}

static ShowLook
get_look (Fixture *fixture, guint index)
{
  ShowLook look;

  show_arts_get_look (fixture->arts, event_file_get_shots (fixture->event)->pdata[index], &look);
  return look;
}

static gboolean
time_out_cb (gpointer data)
{
  g_assert_not_reached ();
}

static void
wait_for (const guint *count, guint wanted)
{
  const guint id = g_timeout_add_seconds (30, time_out_cb, NULL);

  while (*count < wanted)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

static void
test_draws_once (Fixture *fixture, gconstpointer data)
{
  ShowLook one = get_look (fixture, 0), two = get_look (fixture, 1), faint = { 0 }, none = { 0 };

  g_assert_null (one.logo);
  g_assert_cmpuint (one.numbers[0], ==, 0);
  wait_for (&fixture->n_drawn, 2);
  one = get_look (fixture, 0);
  two = get_look (fixture, 1);
  none = get_look (fixture, 3);
  g_assert_nonnull (one.logo);
  g_assert_nonnull (one.background);
  g_assert_true (one.logo == two.logo);
  g_assert_cmpuint (one.numbers[0], ==, two.numbers[0]);
  g_assert_cmpuint (one.numbers[0], !=, one.numbers[1]);
  g_assert_null (two.background);
  g_assert_null (two.card);
  g_assert_null (none.logo);
  g_assert_null (none.background);

  faint = get_look (fixture, 2);
  g_assert_null (faint.logo);
  wait_for (&fixture->n_drawn, 3);
  faint = get_look (fixture, 2);
  g_assert_nonnull (faint.logo);
  g_assert_true (faint.logo != two.logo);
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

static guint32
get_pixel (const EngineArt *art, int x, int y)
{
  const int stride = cairo_image_surface_get_stride (art->surface);
  const guchar *data = cairo_image_surface_get_data (art->surface);

  return *(const guint32 *) (gconstpointer) (data + y * stride + x * 4);
}

/* A square in a wide program: it fills it, without black at the sides. */
static void
test_background_fills_the_program (Fixture *fixture, gconstpointer data)
{
  ShowLook one = get_look (fixture, 0);

  wait_for (&fixture->n_drawn, 2);
  one = get_look (fixture, 0);
  g_assert_cmpint (one.background->place.width, ==, format.width_px);
  g_assert_cmpint (one.background->place.height, ==, format.height_px);
  g_assert_cmphex (get_pixel (one.background, 0, 0), ==, 0xffff0000);
  g_assert_cmphex (get_pixel (one.background, format.width_px - 1, format.height_px - 1), ==,
                   0xffff0000);
}

static void
test_says_what_is_missing (Fixture *fixture, gconstpointer data)
{
  ShowLook bad = get_look (fixture, 4);

  wait_for (&fixture->n_failed, 1);
  bad = get_look (fixture, 4);
  g_assert_null (bad.background);
  g_assert_cmpuint (fixture->n_failed, ==, 1);
  g_assert_cmpuint (fixture->n_drawn, ==, 0);
}

/* A logo that is gone does not take the pause with it. */
static void
test_pauses_without_a_logo (Fixture *fixture, gconstpointer data)
{
  ShowLook wait = { 0 };

  g_remove (fixture->picture);
  get_look (fixture, 5);
  wait_for (&fixture->n_drawn, 1);
  wait = get_look (fixture, 5);
  g_assert_nonnull (wait.card);
  g_assert_null (wait.logo);
  g_assert_cmpint (wait.card->place.width, ==, format.width_px);
}

static void
test_forgets_what_nobody_uses (Fixture *fixture, gconstpointer data)
{
  ShowLook before = { 0 };
  ShowLook after = { 0 };

  get_look (fixture, 1);
  wait_for (&fixture->n_drawn, 1);
  before = get_look (fixture, 1);
  show_arts_forget_unused (fixture->arts);
  after = get_look (fixture, 1);
  g_assert_cmpuint (before.numbers[0], ==, after.numbers[0]);
  show_arts_forget_unused (fixture->arts);
  show_arts_forget_unused (fixture->arts);
  g_assert_null (get_look (fixture, 1).logo);
  wait_for (&fixture->n_drawn, 2);
  g_assert_cmpuint (get_look (fixture, 1).numbers[0], >, before.numbers[0]);
}

/* What is still being drawn when the show ends has nobody to tell. */
static void
test_ends_while_drawing (Fixture *fixture, gconstpointer data)
{
  get_look (fixture, 0);
  g_object_run_dispose (G_OBJECT (fixture->arts));
  while (g_main_context_iteration (NULL, FALSE)) {
  }
  g_assert_cmpuint (fixture->n_failed, ==, 0);
}

#define ADD_TEST(name, function) \
  g_test_add ("/show/arts/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD_TEST ("draws-once", test_draws_once);
  ADD_TEST ("background-fills-the-program", test_background_fills_the_program);
  ADD_TEST ("says-what-is-missing", test_says_what_is_missing);
  ADD_TEST ("pauses-without-a-logo", test_pauses_without_a_logo);
  ADD_TEST ("forgets-what-nobody-uses", test_forgets_what_nobody_uses);
  ADD_TEST ("ends-while-drawing", test_ends_while_drawing);
  return g_test_run ();
}

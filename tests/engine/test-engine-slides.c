/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-source-private.h"
#include "engine-testing.h"

#include <cairo-pdf.h>
#include <glib/gstdio.h>
#include <string.h>

static const EngineFormat format = { 640, 360, 30, 500000, 64000 };

typedef struct {
  EngineClock *clock;
  EngineAudioMixer *mixer;
  EngineSource *source;
  char *folder;
  char *path;
  EngineSourceState wanted;
  guint wanted_page;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->clock = engine_clock_new ();
  self->mixer = engine_audio_mixer_new (self->clock);
  self->folder = engine_testing_make_folder ();
  self->path = g_build_filename (self->folder, "slides.pdf", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  _engine_source_stop (self->source);
  engine_testing_assert_finalizes (self->source);
  engine_testing_assert_finalizes (self->mixer);
  engine_testing_assert_finalizes (self->clock);
  engine_testing_remove_folder (self->folder);
  g_free (self->path);
}

static void
start (Fixture *self, EngineSourceKind kind, const char *path)
{
  const EngineSourceConfig config = { .id = "slides",
                                      .title = "Slides",
                                      .kind = kind,
                                      .file = path,
                                      .picture = path,
                                      .colour = "#ff7a18",
                                      .delay_ms = -1,
                                      .lost_sentence = "Signal lost" };

  self->source = _engine_source_new (&config, self->clock, &format, self->mixer);
  _engine_source_start (self->source);
}

static gboolean
is_in_state (gpointer data)
{
  Fixture *self = data;

  return engine_source_get_state (self->source) == self->wanted;
}

static gboolean
wait_for_state (Fixture *self, EngineSourceState state)
{
  self->wanted = state;
  return engine_testing_wait (is_in_state, self, 10000);
}

/* Page n has a grey of its own, and that many points of width. */
static double
get_grey (guint page)
{
  return page / 10.0;
}

static void
write_pdf (const char *path, guint n_pages, double width, double height)
{
  cairo_surface_t *surface = cairo_pdf_surface_create (path, width, height);
  cairo_t *cr = cairo_create (surface);

  for (guint i = 1; i <= n_pages; i++) {
    cairo_set_source_rgb (cr, get_grey (i), get_grey (i), get_grey (i));
    cairo_paint (cr);
    cairo_show_page (cr);
  }
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
}

static EnginePicture *
look (Fixture *self)
{
  return engine_slot_pull_picture (_engine_source_get_slot (self->source),
                                   engine_clock_get_now (self->clock));
}

/* The page whose grey is seen in the middle; 0: none of them. */
static guint
look_for_page (Fixture *self)
{
  g_autoptr (EnginePicture) picture = look (self);
  GstVideoFrame frame;
  guint8 luma = 0;

  if (picture == NULL ||
      !gst_video_frame_map (&frame, &picture->info, picture->buffer, GST_MAP_READ))
    return 0;
  luma = ((guint8 *) GST_VIDEO_FRAME_PLANE_DATA (
    &frame, 0))[GST_VIDEO_FRAME_HEIGHT (&frame) / 2 * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0) +
                GST_VIDEO_FRAME_WIDTH (&frame) / 2];
  gst_video_frame_unmap (&frame);
  for (guint page = 1; page <= 9; page++) {
    if (ABS (luma - (16 + 219 * get_grey (page))) < 4)
      return page;
  }
  return 0;
}

static gboolean
is_seen (gpointer data)
{
  Fixture *self = data;

  return look_for_page (self) == self->wanted_page &&
         engine_source_get_page (self->source) == self->wanted_page;
}

static void
check_page (Fixture *self, guint page)
{
  self->wanted_page = page;
  g_assert_true (engine_testing_wait (is_seen, self, 5000));
}

static void
check_turn (Fixture *self, int n_pages, guint page)
{
  engine_source_turn (self->source, n_pages);
  g_assert_cmpuint (engine_source_get_page (self->source), <=, 9);
  check_page (self, page);
}

static void
test_turning (Fixture *self, gconstpointer data)
{
  g_autoptr (EnginePicture) picture = NULL;

  write_pdf (self->path, 9, 400, 300);
  start (self, ENGINE_SOURCE_SLIDES, self->path);
  check_page (self, 1);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
  g_assert_cmpuint (engine_source_get_n_pages (self->source), ==, 9);
  picture = look (self);
  g_assert_cmpint (GST_VIDEO_INFO_WIDTH (&picture->info), ==, 480);
  g_assert_cmpint (GST_VIDEO_INFO_HEIGHT (&picture->info), ==, 360);
  check_turn (self, 1, 2);
  check_turn (self, 1, 3);
  check_turn (self, -1, 2);
  check_turn (self, G_MAXINT, 9);
  check_turn (self, 1, 9);
  check_turn (self, G_MININT, 1);
  check_turn (self, -1, 1);
  check_turn (self, 5, 6);
  /* Faster than they can be drawn. */
  for (guint i = 0; i < 50; i++)
    engine_source_turn (self->source, i % 3 == 0 ? -2 : 1);
  check_turn (self, -50, 1);
}

/* A neighbour is there at once: it was drawn before. */
static void
test_neighbours (Fixture *self, gconstpointer data)
{
  write_pdf (self->path, 5, 400, 300);
  start (self, ENGINE_SOURCE_SLIDES, self->path);
  check_page (self, 1);
  check_turn (self, 2, 3);
  engine_testing_run_for (1000);
  engine_source_turn (self->source, 1);
  g_assert_cmpuint (look_for_page (self), ==, 4);
  engine_testing_run_for (1000);
  engine_source_turn (self->source, -1);
  g_assert_cmpuint (look_for_page (self), ==, 3);
}

static void
write_grey (Fixture *self, const char *name, guint page)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 160, 90);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, get_grey (page), get_grey (page), get_grey (page));
  cairo_paint (cr);
  cairo_destroy (cr);
  g_assert_cmpint (cairo_surface_write_to_png (surface, path), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
}

static void
write_text (Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_folder (Fixture *self, gconstpointer data)
{
  write_grey (self, "10.png", 4);
  write_grey (self, "2.PNG", 2);
  write_grey (self, "1.png", 1);
  write_text (self, "3.jpg", "no picture at all");
  write_text (self, "notes.txt", "not to be shown");
  write_text (self, ".hidden.png", "neither");
  start (self, ENGINE_SOURCE_SLIDES, self->folder);
  check_page (self, 1);
  g_assert_cmpuint (engine_source_get_n_pages (self->source), ==, 4);
  check_turn (self, 1, 2);
  /* One that is broken has its card, and says so; the others are not touched by it. */
  engine_source_turn (self->source, 1);
  engine_testing_run_for (600);
  g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
  g_assert_error ((GError *) engine_source_get_error (self->source), ENGINE_ERROR,
                  ENGINE_ERROR_UNSUPPORTED);
  g_assert_cmpuint (look_for_page (self), ==, 0);
  check_turn (self, 1, 4);
  engine_testing_run_for (100);
  g_assert_no_error (engine_source_get_error (self->source));
}

/* The speaker brings a new version: it is read again, and stays on its page. */
static void
test_replaced (Fixture *self, gconstpointer data)
{
  write_pdf (self->path, 9, 400, 300);
  start (self, ENGINE_SOURCE_SLIDES, self->path);
  check_page (self, 1);
  check_turn (self, 7, 8);
  write_pdf (self->path, 3, 400, 300);
  check_page (self, 3);
  g_assert_cmpuint (engine_source_get_n_pages (self->source), ==, 3);
}

static void
check_refused (Fixture *self, const char *contents, EngineSourceState state, EngineError code,
               const char *words)
{
  if (contents != NULL)
    g_assert_true (g_file_set_contents (self->path, contents, -1, NULL));
  start (self, ENGINE_SOURCE_SLIDES, self->path);
  g_assert_true (wait_for_state (self, state));
  g_assert_error ((GError *) engine_source_get_error (self->source), ENGINE_ERROR, (int) code);
  g_assert_nonnull (strstr (engine_source_get_error (self->source)->message, words));
  g_assert_cmpuint (engine_source_get_n_pages (self->source), ==, 0);
  engine_source_turn (self->source, 1);
  /* It is mended, and comes by itself. */
  write_pdf (self->path, 2, 400, 300);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE));
  check_page (self, 1);
}

static void
test_missing (Fixture *self, gconstpointer data)
{
  check_refused (self, NULL, ENGINE_SOURCE_STATE_LOST, ENGINE_ERROR_NOT_FOUND, "is not there");
}

static void
test_text (Fixture *self, gconstpointer data)
{
  check_refused (self, "These are no slides.", ENGINE_SOURCE_STATE_FAILED, ENGINE_ERROR_UNSUPPORTED,
                 "cannot be read as a PDF");
}

#define PDF_HEAD "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
#define NO_PAGES "2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
#define ONE_PAGE                                       \
  "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" \
  "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]>>endobj\n"
#define BAD_PAGES                                                                   \
  "2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>endobj\n"                  \
  "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]>>endobj\n"                \
  "4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 9 0 R>>endobj\n" \
  "5 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 1e9 1e-9]>>endobj\n"
#define ENCRYPTION                                       \
  "/ID[<31><31>]/Encrypt<</Filter/Standard/V 1/R 2/P -4" \
  "/O(01234567890123456789012345678901)/U(01234567890123456789012345678901)>>"

static void
test_no_pages (Fixture *self, gconstpointer data)
{
  check_refused (self, PDF_HEAD NO_PAGES "trailer<</Root 1 0 R/Size 3>>\n%%EOF\n",
                 ENGINE_SOURCE_STATE_FAILED, ENGINE_ERROR_UNSUPPORTED, "slides.pdf");
}

static void
test_password (Fixture *self, gconstpointer data)
{
  check_refused (self, PDF_HEAD ONE_PAGE "trailer<</Root 1 0 R/Size 4" ENCRYPTION ">>\n%%EOF\n",
                 ENGINE_SOURCE_STATE_FAILED, ENGINE_ERROR_UNSUPPORTED, "password");
}

/* Pages without contents, without an end or with an absurd shape stop nothing. */
static void
test_bad_pages (Fixture *self, gconstpointer data)
{
  g_assert_true (g_file_set_contents (
    self->path, PDF_HEAD BAD_PAGES "trailer<</Root 1 0 R/Size 6>>\n%%EOF\n", -1, NULL));
  start (self, ENGINE_SOURCE_SLIDES, self->path);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE));
  for (guint i = 0; i < 3; i++) {
    g_autoptr (EnginePicture) picture = NULL;

    engine_testing_run_for (300);
    picture = look (self);
    g_assert_nonnull (picture);
    g_assert_cmpint (GST_VIDEO_INFO_WIDTH (&picture->info), <=, 640);
    g_assert_cmpint (GST_VIDEO_INFO_HEIGHT (&picture->info), <=, 360);
    g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_LIVE);
    engine_source_turn (self->source, 1);
  }
}

/* A sheet for a plotter is drawn no larger than the program. */
static void
test_huge_page (Fixture *self, gconstpointer data)
{
  g_autoptr (EnginePicture) picture = NULL;

  write_pdf (self->path, 2, 14000, 2000);
  start (self, ENGINE_SOURCE_SLIDES, self->path);
  check_page (self, 1);
  picture = look (self);
  g_assert_cmpint (GST_VIDEO_INFO_WIDTH (&picture->info), ==, 640);
  g_assert_cmpint (GST_VIDEO_INFO_HEIGHT (&picture->info), ==, 90);
}

static void
test_empty_folder (Fixture *self, gconstpointer data)
{
  g_free (self->path);
  self->path = g_strdup (self->folder);
  start (self, ENGINE_SOURCE_SLIDES, self->path);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_FAILED));
  g_assert_nonnull (strstr (engine_source_get_error (self->source)->message, "no PNG"));
  write_grey (self, "1.png", 1);
  check_page (self, 1);
}

static void
test_still (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "still.png", NULL);

  start (self, ENGINE_SOURCE_STILL, path);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_FAILED));
  write_grey (self, "still.png", 5);
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE));
  engine_testing_run_for (100);
  g_assert_cmpuint (look_for_page (self), ==, 5);
  g_assert_cmpuint (engine_source_get_n_pages (self->source), ==, 0);
}

static void
test_stop_while_drawing (Fixture *self, gconstpointer data)
{
  write_pdf (self->path, 9, 400, 300);
  start (self, ENGINE_SOURCE_SLIDES, self->path);
  for (guint i = 0; i < 20; i++) {
    engine_testing_run_for (i);
    engine_source_turn (self->source, 1);
    _engine_source_stop (self->source);
    g_assert_cmpint (engine_source_get_state (self->source), ==, ENGINE_SOURCE_STATE_OFF);
    _engine_source_start (self->source);
  }
  g_assert_true (wait_for_state (self, ENGINE_SOURCE_STATE_LIVE));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/engine/slides/turning", test_turning);
  ADD ("/engine/slides/neighbours-are-there-at-once", test_neighbours);
  ADD ("/engine/slides/folder-of-pictures", test_folder);
  ADD ("/engine/slides/new-version-is-read", test_replaced);
  ADD ("/engine/slides/missing-file-comes-later", test_missing);
  ADD ("/engine/slides/text-is-no-pdf", test_text);
  ADD ("/engine/slides/pdf-without-pages", test_no_pages);
  ADD ("/engine/slides/password", test_password);
  ADD ("/engine/slides/bad-pages", test_bad_pages);
  ADD ("/engine/slides/huge-page", test_huge_page);
  ADD ("/engine/slides/empty-folder", test_empty_folder);
  ADD ("/engine/slides/still-comes-later", test_still);
  ADD ("/engine/slides/stop-while-drawing", test_stop_while_drawing);
  return g_test_run ();
}

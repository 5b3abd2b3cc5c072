/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-painter.h"
#include "engine-testing-picture.h"
#include "engine-testing.h"

#include <math.h>
#include <string.h>

#define WIDTH  1920
#define HEIGHT 1080
#define RATE   30

/* Flat colours, converted once and scaled: within this of what they should be, and this far from
 * the edges of a picture. */
#define TOLERANCE 2.0
#define MARGIN    4

static const guint32 colours[] = { 0xc03020, 0x2080d0, 0x30a040, 0xd0c040, 0x8040c0, 0x208080 };
#define BLACK      0x000000
#define BACKGROUND 0x203040
#define N_SOURCES  6

typedef struct {
  GstVideoInfo info;
  EnginePainter *painter;
  EngineSlot *slots[N_SOURCES];
} Fixture;

static gint64
nth_time (gint64 n)
{
  return (gint64) gst_util_uint64_scale ((guint64) n, GST_SECOND, RATE);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  gst_video_info_set_format (&self->info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  gst_video_colorimetry_from_string (&self->info.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  self->info.chroma_site = GST_VIDEO_CHROMA_SITE_MPEG2;
  self->painter = engine_painter_new (&self->info);
  for (guint i = 0; i < N_SOURCES; i++) {
    g_autoptr (EnginePicture) due = NULL;

    /* One of the program's size, the others to be scaled. */
    self->slots[i] = i == 0 ? engine_testing_make_slot (RATE, WIDTH, HEIGHT, colours[i])
                            : engine_testing_make_slot (RATE, 320, 180, colours[i]);
    due = engine_slot_pull_picture (self->slots[i], 0);
  }
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  engine_painter_free (self->painter);
  for (guint i = 0; i < N_SOURCES; i++)
    engine_testing_assert_finalizes (self->slots[i]);
}

/* A frame of a scene, or of the way to it; takes both. */
static GstBuffer *
paint (Fixture *self, EngineScene *from, EngineScene *scene, EngineTransition transition,
       gint64 nth, gint64 n_frames, gint64 time_ns)
{
  EnginePaintPlan plan = { .scene = scene, .from = from, .transition = transition };
  GstBuffer *buffer = NULL;

  plan.begins = nth == 1;
  plan.progress = from != NULL ? (double) nth / (double) n_frames : 0;
  buffer = engine_painter_paint (self->painter, &plan, time_ns);
  engine_paint_plan_clear (&plan);
  g_assert_nonnull (buffer);
  return buffer;
}

static GstBuffer *
paint_scene (Fixture *self, EngineScene *scene, gint64 time_ns)
{
  return paint (self, NULL, scene, ENGINE_TRANSITION_CUT, 0, 1, time_ns);
}

static EngineScene *
make_scene (Fixture *self, EngineLayout layout, guint first, guint n)
{
  return engine_scene_new (layout, ENGINE_CORNER_TOP_RIGHT, self->slots + first, n, NULL);
}

static EngineTestingYuv
look (Fixture *self, GstBuffer *buffer, int x, int y)
{
  GstVideoFrame frame;
  EngineTestingYuv seen;

  g_assert_true (gst_video_frame_map (&frame, &self->info, buffer, GST_MAP_READ));
  seen = engine_testing_get_yuv (&frame, x, y);
  gst_video_frame_unmap (&frame);
  return seen;
}

static gboolean
shows (Fixture *self, GstBuffer *buffer, int x, int y, guint32 colour)
{
  return engine_testing_compare_yuv (look (self, buffer, x, y), engine_testing_to_yuv (colour)) <=
         TOLERANCE;
}

static gboolean
is_in (EngineRect r, int x, int y, int margin)
{
  return x >= r.x - margin && y >= r.y - margin && x < r.x + r.width + margin &&
         y < r.y + r.height + margin;
}

/* Every eighth pixel of a frame: each picture where it belongs, with the last on top, and the ground
 * everywhere else. */
static void
check_golden (Fixture *self, GstBuffer *buffer, const EngineRect *rects, guint n, guint32 ground)
{
  GstVideoFrame frame;

  g_assert_true (gst_video_frame_map (&frame, &self->info, buffer, GST_MAP_READ));
  for (int y = 0; y < HEIGHT; y += 8) {
    for (int x = 0; x < WIDTH; x += 8) {
      guint32 expected = ground;
      gboolean at_edge = FALSE;

      for (guint i = 0; i < n; i++) {
        if (is_in (rects[i], x, y, -MARGIN)) {
          expected = colours[i];
          at_edge = FALSE;
        } else if (is_in (rects[i], x, y, MARGIN)) {
          at_edge = TRUE;
        }
      }
      if (!at_edge)
        g_assert_cmpfloat (engine_testing_compare_yuv (engine_testing_get_yuv (&frame, x, y),
                                                       engine_testing_to_yuv (expected)),
                           <=, TOLERANCE);
    }
  }
  gst_video_frame_unmap (&frame);
}

typedef struct {
  EngineLayout layout;
  EngineCorner corner;
  guint n;
  EngineRect rects[ENGINE_LAYOUT_MAX_PLACES];
} Golden;

/* Written down from pictures that were looked at and found good. */
static const Golden goldens[] = {
  { ENGINE_LAYOUT_FULL, 0, 1, { { 0, 0, 1920, 1080 } } },
  { ENGINE_LAYOUT_SIDE_BY_SIDE, 0, 2, { { 18, 276, 934, 526 }, { 968, 276, 934, 526 } } },
  { ENGINE_LAYOUT_PICTURE_IN_PICTURE,
    ENGINE_CORNER_TOP_LEFT,
    2,
    { { 0, 0, 1920, 1080 }, { 48, 48, 518, 292 } } },
  { ENGINE_LAYOUT_PICTURE_IN_PICTURE,
    ENGINE_CORNER_TOP_RIGHT,
    2,
    { { 0, 0, 1920, 1080 }, { 1354, 48, 518, 292 } } },
  { ENGINE_LAYOUT_PICTURE_IN_PICTURE,
    ENGINE_CORNER_BOTTOM_LEFT,
    2,
    { { 0, 0, 1920, 1080 }, { 48, 740, 518, 292 } } },
  { ENGINE_LAYOUT_PICTURE_IN_PICTURE,
    ENGINE_CORNER_BOTTOM_RIGHT,
    2,
    { { 0, 0, 1920, 1080 }, { 1354, 740, 518, 292 } } },
  { ENGINE_LAYOUT_SLIDES_AND_SPEAKER, 0, 2, { { 24, 178, 1292, 726 }, { 1340, 592, 556, 312 } } },
  { ENGINE_LAYOUT_SLIDES_AND_TWO,
    0,
    3,
    { { 24, 190, 1246, 700 }, { 1294, 190, 602, 338 }, { 1294, 552, 602, 338 } } },
  { ENGINE_LAYOUT_EVERYONE, 0, 1, { { 0, 0, 1920, 1080 } } },
  { ENGINE_LAYOUT_EVERYONE, 0, 2, { { 18, 276, 934, 526 }, { 968, 276, 934, 526 } } },
  { ENGINE_LAYOUT_EVERYONE,
    0,
    3,
    { { 36, 16, 916, 516 }, { 968, 16, 916, 516 }, { 502, 548, 916, 516 } } },
  { ENGINE_LAYOUT_EVERYONE,
    0,
    4,
    { { 36, 16, 916, 516 },
      { 968, 16, 916, 516 },
      { 36, 548, 916, 516 },
      { 968, 548, 916, 516 } } },
};

static void
test_golden (Fixture *self, gconstpointer data)
{
  g_autoptr (EnginePicture) background = engine_testing_make_picture (WIDTH, HEIGHT, BACKGROUND);

  for (guint i = 0; i < G_N_ELEMENTS (goldens); i++) {
    const Golden *g = &goldens[i];
    g_autoptr (GstBuffer) plain =
      paint_scene (self, engine_scene_new (g->layout, g->corner, self->slots, g->n, NULL), 0);
    g_autoptr (GstBuffer) dressed =
      paint_scene (self,
                   engine_scene_new_dressed (g->layout, g->corner, self->slots, g->n, NULL,
                                             background, NULL),
                   0);

    check_golden (self, plain, g->rects, g->n, BLACK);
    check_golden (self, dressed, g->rects, g->n, BACKGROUND);
  }
}

/* A source's own picture goes out as it is wherever it is all that is seen. */
static void
test_passthrough (Fixture *self, gconstpointer data)
{
  g_autoptr (EnginePicture) own = engine_slot_peek_picture (self->slots[0], 0);
  g_autoptr (GstBuffer) full = paint_scene (self, make_scene (self, ENGINE_LAYOUT_FULL, 0, 1), 0);
  g_autoptr (GstBuffer) everyone =
    paint_scene (self, make_scene (self, ENGINE_LAYOUT_EVERYONE, 0, 1), 0);
  g_autoptr (GstBuffer) scaled = paint_scene (self, make_scene (self, ENGINE_LAYOUT_FULL, 1, 1), 0);

  g_assert_true (gst_buffer_peek_memory (full, 0) == gst_buffer_peek_memory (own->buffer, 0));
  g_assert_true (gst_buffer_peek_memory (everyone, 0) == gst_buffer_peek_memory (own->buffer, 0));
  g_assert_true (shows (self, scaled, WIDTH / 2, HEIGHT / 2, colours[1]));
}

static double
ease (double p)
{
  return p * p * (3 - 2 * p);
}

/* Each frame of a fade is exactly its share of both pictures, logo and background come along. */
static void
test_fade (Fixture *self, gconstpointer data)
{
  const EngineTestingYuv a = engine_testing_to_yuv (colours[0]);
  const EngineTestingYuv b = engine_testing_to_yuv (colours[1]);
  double before = -1;

  for (gint64 n = 1; n < 15; n++) {
    const double share = ease ((double) n / 15);
    g_autoptr (GstBuffer) frame = paint (self, make_scene (self, ENGINE_LAYOUT_FULL, 0, 1),
                                         make_scene (self, ENGINE_LAYOUT_FULL, 1, 1),
                                         ENGINE_TRANSITION_FADE, n, 15, nth_time (n));
    const EngineTestingYuv seen = look (self, frame, WIDTH / 2, HEIGHT / 2);
    const EngineTestingYuv expected = { a.y + (b.y - a.y) * share, a.u + (b.u - a.u) * share,
                                        a.v + (b.v - a.v) * share };

    g_assert_cmpfloat (engine_testing_compare_yuv (seen, expected), <=, TOLERANCE);
    g_assert_cmpfloat (seen.u, >, before);
    before = seen.u;
  }
}

/* The first column of a colour in the middle row, and the one after its last. */
static gboolean
find_columns (Fixture *self, GstBuffer *buffer, guint32 colour, int row, int *first, int *end)
{
  *first = *end = -1;
  for (int x = 0; x < WIDTH; x++) {
    if (shows (self, buffer, x, row, colour)) {
      *first = *first < 0 ? x : *first;
      *end = x + 1;
    }
  }
  return *first >= 0;
}

/* From the corner to the right half: each frame has it where the eased way says, in its shape, while
 * the picture behind it fades and the one at the left comes. */
static void
test_move (Fixture *self, gconstpointer data)
{
  const EngineRect from = { 1354, 48, 518, 292 }, to = { 968, 276, 934, 526 };
  EngineSlot *after[] = { self->slots[2], self->slots[1] };

  for (gint64 n = 1; n < 15; n++) {
    const double share = ease ((double) n / 15);
    const double x = from.x + (to.x - from.x) * share, y = from.y + (to.y - from.y) * share;
    const double width = from.width + (to.width - from.width) * share;
    const double height = from.height + (to.height - from.height) * share;
    int first = 0, end = 0;
    g_autoptr (GstBuffer) frame =
      paint (self, make_scene (self, ENGINE_LAYOUT_PICTURE_IN_PICTURE, 0, 2),
             engine_scene_new (ENGINE_LAYOUT_SIDE_BY_SIDE, ENGINE_CORNER_TOP_RIGHT, after, 2, NULL),
             ENGINE_TRANSITION_MOVE, n, 15, nth_time (n));

    g_assert_true (find_columns (self, frame, colours[1], (int) (y + height / 2), &first, &end));
    g_assert_cmpfloat (fabs (first - x), <=, MARGIN);
    g_assert_cmpfloat (fabs (end - x - width), <=, MARGIN);
    g_assert_true (shows (self, frame, (int) (x + width / 2), (int) y + MARGIN, colours[1]));
    g_assert_true (
      shows (self, frame, (int) (x + width / 2), (int) (y + height) - MARGIN, colours[1]));
    /* What was behind goes, over black. */
    g_assert_cmpfloat (fabs (look (self, frame, 8, 8).y -
                             (16 + (engine_testing_to_yuv (colours[0]).y - 16) * (1 - share))),
                       <=, TOLERANCE);
    /* What is new comes at its place. */
    if (share > 0.5)
      g_assert_cmpfloat (engine_testing_compare_yuv (look (self, frame, 100, 500),
                                                     engine_testing_to_yuv (colours[2])),
                         <=, 255 * (1 - share) + TOLERANCE);
  }
}

/* One takes another's place: at no time does the ground shine through. */
static void
test_move_replaces (Fixture *self, gconstpointer data)
{
  EngineSlot *before[] = { self->slots[0], self->slots[1] };
  EngineSlot *after[] = { self->slots[0], self->slots[2] };
  const EngineTestingYuv a = engine_testing_to_yuv (colours[1]);
  const EngineTestingYuv b = engine_testing_to_yuv (colours[2]);

  for (gint64 n = 1; n < 10; n++) {
    const double share = ease ((double) n / 10);
    const EngineTestingYuv expected = { a.y + (b.y - a.y) * share, a.u + (b.u - a.u) * share,
                                        a.v + (b.v - a.v) * share };
    g_autoptr (GstBuffer) frame =
      paint (self, engine_scene_new (ENGINE_LAYOUT_PICTURE_IN_PICTURE, 0, before, 2, NULL),
             engine_scene_new (ENGINE_LAYOUT_PICTURE_IN_PICTURE, 0, after, 2, NULL),
             ENGINE_TRANSITION_MOVE, n, 10, nth_time (n));

    g_assert_cmpfloat (engine_testing_compare_yuv (look (self, frame, 300, 200), expected), <=,
                       TOLERANCE);
    g_assert_true (shows (self, frame, WIDTH - 20, HEIGHT - 20, colours[0]));
  }
}

/* A second move that begins before the first has ended begins where the pictures are. */
static void
test_move_anew (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineScene) corner = make_scene (self, ENGINE_LAYOUT_PICTURE_IN_PICTURE, 0, 2);
  g_autoptr (EngineScene) side = make_scene (self, ENGINE_LAYOUT_SIDE_BY_SIDE, 0, 2);
  EnginePaintPlan plan = { .transition = ENGINE_TRANSITION_MOVE, .begins = TRUE, .anew = TRUE };
  int first = 0, end = 0, first_anew = 0, end_anew = 0;
  g_autoptr (GstBuffer) halfway = NULL;
  g_autoptr (GstBuffer) back = NULL;

  for (gint64 n = 1; n <= 8; n++) {
    gst_clear_buffer (&halfway);
    halfway = paint (self, engine_scene_ref (corner), engine_scene_ref (side),
                     ENGINE_TRANSITION_MOVE, n, 15, nth_time (n));
  }
  plan.from = engine_scene_ref (side);
  plan.scene = engine_scene_ref (corner);
  plan.progress = 1 / 15.0;
  back = engine_painter_paint (self->painter, &plan, nth_time (9));
  engine_paint_plan_clear (&plan);
  g_assert_true (find_columns (self, halfway, colours[1], 330, &first, &end));
  g_assert_true (find_columns (self, back, colours[1], 330, &first_anew, &end_anew));
  g_assert_cmpint (ABS (first_anew - first), <=, 16);
  g_assert_cmpint (ABS (end_anew - end), <=, 16);
}

static void
push_now (EngineSlot *slot, guint32 colour, gint64 time_ns)
{
  g_autoptr (EnginePicture) picture = engine_testing_make_picture (320, 180, colour);
  g_autoptr (EnginePicture) due = NULL;

  engine_slot_push_picture (slot, picture->buffer, &picture->info, time_ns);
  due = engine_slot_pull_picture (slot, time_ns);
}

/* The third of sixteen comes at one second: the two who are there make room within 300 ms, frame by
 * frame, and when he is gone for two seconds they take it again. */
static void
test_everyone (Fixture *self, gconstpointer data)
{
  EngineSlot *slots[ENGINE_SCENE_MAX_SLOTS] = { NULL };
  g_autoptr (EngineScene) scene = NULL;
  int first = 0, end = 0, before = 0, n_moving = 0;

  for (guint i = 0; i < ENGINE_SCENE_MAX_SLOTS; i++)
    slots[i] = engine_slot_new (RATE);
  scene = engine_scene_new (ENGINE_LAYOUT_EVERYONE, 0, slots, ENGINE_SCENE_MAX_SLOTS, NULL);
  for (gint64 n = 0; n < 150; n++) {
    g_autoptr (GstBuffer) frame = NULL;

    push_now (slots[3], colours[0], nth_time (n));
    push_now (slots[9], colours[1], nth_time (n));
    if (n >= 30 && n < 60) {
      push_now (slots[15], colours[2], nth_time (n));
    } else {
      g_autoptr (EnginePicture) due = engine_slot_pull_picture (slots[15], nth_time (n));
    }
    frame = paint_scene (self, engine_scene_ref (scene), nth_time (n));
    g_assert_true (find_columns (self, frame, colours[1], 400, &first, &end));
    if (n < 30) {
      g_assert_cmpint (ABS (end - first - 934), <=, MARGIN);
    } else if (n > 30 && n < 39) {
      /* On their way, and never back. */
      g_assert_cmpint (end - first, <=, before);
      n_moving += end - first < before ? 1 : 0;
    } else if (n >= 40 && n < 119) {
      g_assert_cmpint (ABS (end - first - 916), <=, MARGIN);
      g_assert_true (shows (self, frame, WIDTH / 2, 800, colours[2]));
    } else if (n >= 131) {
      g_assert_cmpint (ABS (end - first - 934), <=, MARGIN);
      g_assert_true (shows (self, frame, WIDTH / 2, 900, BLACK));
    }
    before = end - first;
  }
  g_assert_cmpint (n_moving, >=, 3);
  for (guint i = 0; i < ENGINE_SCENE_MAX_SLOTS; i++)
    g_object_unref (slots[i]);
}

/* Of more than four the first four are seen; when the first leaves, the fifth comes in. */
static void
test_everyone_chooses (Fixture *self, gconstpointer data)
{
  EngineSlot *slots[5] = { NULL };
  g_autoptr (EngineScene) scene = NULL;
  g_autoptr (GstBuffer) frame = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (slots); i++) {
    slots[i] = engine_slot_new (RATE);
    push_now (slots[i], colours[i], 0);
  }
  scene = engine_scene_new (ENGINE_LAYOUT_EVERYONE, 0, slots, G_N_ELEMENTS (slots), NULL);
  frame = paint_scene (self, engine_scene_ref (scene), 0);
  check_golden (self, frame, goldens[11].rects, 4, BLACK);
  for (gint64 n = 1; n < 100; n++) {
    for (guint i = 1; i < G_N_ELEMENTS (slots); i++)
      push_now (slots[i], colours[i], nth_time (n));
    g_autoptr (EnginePicture) due = engine_slot_pull_picture (slots[0], nth_time (n));
    gst_clear_buffer (&frame);
    frame = paint_scene (self, engine_scene_ref (scene), nth_time (n));
  }
  g_assert_true (shows (self, frame, 400, 200, colours[1]));
  g_assert_true (shows (self, frame, 1400, 200, colours[2]));
  g_assert_true (shows (self, frame, 1400, 800, colours[4]));
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    g_object_unref (slots[i]);
}

static EngineOverlay *
make_logo (int x)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 100, 50);
  cairo_t *cr = cairo_create (surface);
  EngineOverlay *overlay = NULL;

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_destroy (cr);
  overlay = engine_overlay_new (surface, x, 20);
  cairo_surface_destroy (surface);
  return overlay;
}

/* A logo that both shots have does not blink, one that only the new one has comes with it. */
static void
test_logo (Fixture *self, gconstpointer data)
{
  g_autoptr (EngineOverlay) drawn = make_logo (100);
  g_autoptr (EngineOverlay) again = engine_overlay_new (drawn->surface, 100, 20);
  g_autoptr (EngineOverlay) other = make_logo (1000);
  const EngineTransition transitions[] = { ENGINE_TRANSITION_FADE, ENGINE_TRANSITION_MOVE };

  for (guint t = 0; t < G_N_ELEMENTS (transitions); t++) {
    for (gint64 n = 1; n < 10; n++) {
      EngineScene *from =
        engine_scene_new_dressed (ENGINE_LAYOUT_FULL, 0, self->slots, 1, NULL, NULL, drawn);
      EngineScene *same =
        engine_scene_new_dressed (ENGINE_LAYOUT_FULL, 0, self->slots + 1, 1, NULL, NULL, again);
      EngineScene *moved =
        engine_scene_new_dressed (ENGINE_LAYOUT_FULL, 0, self->slots, 1, NULL, NULL, other);
      const double share = ease ((double) n / 10), ground = engine_testing_to_yuv (colours[0]).y;
      g_autoptr (GstBuffer) steady =
        paint (self, engine_scene_ref (from), same, transitions[t], n, 10, nth_time (n));
      g_autoptr (GstBuffer) changing =
        paint (self, from, moved, transitions[t], n, 10, nth_time (n));

      g_assert_cmpfloat (fabs (look (self, steady, 150, 40).y - 235), <=, 1);
      g_assert_cmpfloat (fabs (look (self, changing, 150, 40).y - (235 + (ground - 235) * share)),
                         <=, TOLERANCE);
      g_assert_cmpfloat (fabs (look (self, changing, 1050, 40).y -
                               (ground + (235 - ground) * share)),
                         <=, TOLERANCE);
    }
  }
}

static GBytes *
get_bytes (GstBuffer *buffer)
{
  gsize size = 0;
  gpointer data = NULL;

  gst_buffer_extract_dup (buffer, 0, G_MAXSIZE, &data, &size);
  return g_bytes_new_take (data, size);
}

/* The frame as it is without its graphics: none where it has none; the picture of a source itself where
 * that is all that is under them; else what the same scene without a logo is, to the pixel. */
static void
test_clean (Fixture *self, gconstpointer data)
{
  const EnginePaintPlan nothing = { 0 };
  g_autoptr (EngineOverlay) logo = make_logo (100);
  g_autoptr (EnginePicture) own = engine_slot_peek_picture (self->slots[0], 0);

  for (guint n = 1; n <= 2; n++) {
    const EngineLayout layout = n == 1 ? ENGINE_LAYOUT_FULL : ENGINE_LAYOUT_SIDE_BY_SIDE;
    g_autoptr (EngineScene) with =
      engine_scene_new_dressed (layout, 0, self->slots, n, NULL, NULL, logo);
    g_autoptr (EngineScene) without = make_scene (self, layout, 0, n);
    EnginePaintPlan plan = nothing;
    GstBuffer *none = NULL;
    g_autoptr (GstBuffer) clean = NULL;

    plan.scene = without;
    g_autoptr (GstBuffer) plain = engine_painter_paint_both (self->painter, &plan, 0, &none);
    g_assert_null (none);
    plan.scene = with;
    g_autoptr (GstBuffer) dressed = engine_painter_paint_both (self->painter, &plan, 0, &clean);
    g_assert_nonnull (clean);
    g_assert_cmpfloat (fabs (look (self, dressed, 150, 40).y - 235), <=, 1);
    g_assert_cmpfloat (fabs (look (self, clean, 150, 40).y - 235), >, 20);
    g_assert_cmpint (gst_buffer_peek_memory (clean, 0) == gst_buffer_peek_memory (own->buffer, 0),
                     ==, n == 1);
    g_autoptr (GBytes) one = get_bytes (clean);
    g_autoptr (GBytes) other = get_bytes (plain);
    g_assert_true (g_bytes_equal (one, other));
  }
}

/* Pictures and programs of any size, and sources that have nothing, at the same moment. */
static void
test_odd_sizes (Fixture *self, gconstpointer data)
{
  static const EngineSize sizes[] = { { 1, 1 }, { 3, 5 }, { 2000, 2 }, { 2, 2000 }, { 641, 359 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (EngineSlot) odd =
      engine_testing_make_slot (RATE, sizes[i].width_px, sizes[i].height_px, colours[3]);
    g_autoptr (EngineSlot) empty = engine_slot_new (RATE);
    EngineSlot *slots[] = { odd, empty, self->slots[0], odd };
    g_autoptr (EnginePicture) due = engine_slot_pull_picture (odd, 0);

    for (guint l = 0; l < G_N_ELEMENTS (goldens); l++) {
      g_autoptr (GstBuffer) cut = paint_scene (
        self, engine_scene_new (goldens[l].layout, goldens[l].corner, slots, goldens[l].n, NULL),
        0);
      g_autoptr (GstBuffer) moving =
        paint (self, make_scene (self, ENGINE_LAYOUT_SIDE_BY_SIDE, 0, 2),
               engine_scene_new (goldens[l].layout, goldens[l].corner, slots, goldens[l].n, NULL),
               ENGINE_TRANSITION_MOVE, 1, 2, 0);

      g_assert_nonnull (cut);
      g_assert_nonnull (moving);
    }
  }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/engine/painter/layouts-are-as-they-were-found-good", test_golden);
  ADD ("/engine/painter/whole-picture-passes-through", test_passthrough);
  ADD ("/engine/painter/fade-is-exact-in-every-frame", test_fade);
  ADD ("/engine/painter/move-is-where-it-should-be-in-every-frame", test_move);
  ADD ("/engine/painter/one-takes-the-place-of-another", test_move_replaces);
  ADD ("/engine/painter/move-during-a-move-does-not-jump", test_move_anew);
  ADD ("/engine/painter/everyone-makes-room", test_everyone);
  ADD ("/engine/painter/everyone-is-the-first-four", test_everyone_chooses);
  ADD ("/engine/painter/logo-does-not-blink", test_logo);
  ADD ("/engine/painter/clean-is-without-graphics", test_clean);
  ADD ("/engine/painter/odd-sizes-and-nothing-at-all", test_odd_sizes);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art.h"
#include "engine-overlay.h"

#include <math.h>
#include <string.h>

/* Each graphic is drawn, blended into a frame of the program as the mixer does it, and looked at
 * there; half as large it is compared with a picture that somebody looked at and found good:
 *
 *   test-engine-golden FOLDER [POSTER]
 *   REGIE_GOLDEN=write test-engine-golden FOLDER POSTER    to replace those pictures
 *
 * Tolerance: where the graphic is, on average 4 of 255 levels, and at most 3 % of the pixels more
 * than 48 levels: another version of a font passes, a missing line or another colour does not. */
#define WIDTH        960
#define HEIGHT       540
#define MEAN_LEVELS  4.0
#define MANY_LEVELS  48
#define MANY_SHARE   0.03
#define MIN_CONTRAST 4.5
#define SAFE_X       (WIDTH / 20)
#define SAFE_Y       (HEIGHT / 20)

static const char *golden_folder;
static const char *poster;

/* Stripes from black to white: what is read on all of them can be read on anything. */
static cairo_surface_t *
make_background (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  for (int i = 0; i < 12; i++) {
    const double level = i % 2 == 0 ? i / 22.0 : 1 - i / 22.0;

    cairo_rectangle (cr, i * WIDTH / 12.0, 0, WIDTH / 12.0, HEIGHT);
    cairo_set_source_rgb (cr, level, level, level);
    cairo_fill (cr);
  }
  cairo_destroy (cr);
  return surface;
}

static cairo_surface_t *
make_plain (double level)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, level, level, level);
  cairo_paint (cr);
  cairo_destroy (cr);
  return surface;
}

/* A frame of the program with the graphic on it, decoded. */
static cairo_surface_t *
blend (cairo_surface_t *background, const EngineArt *art)
{
  cairo_surface_t *result = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  g_autoptr (EngineOverlay) overlay = NULL;
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (GstBuffer) out_buffer = NULL;
  GstVideoConverter *converter = NULL;
  GstVideoInfo info, out;
  GstVideoFrame frame, out_frame;
  cairo_surface_t *opaque = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (opaque);

  cairo_set_source_surface (cr, background, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  buffer = engine_overlay_surface_to_i420 (opaque, &info);
  cairo_surface_destroy (opaque);
  overlay = engine_overlay_new (art->surface, art->place.x, art->place.y);

  gst_video_info_set_format (&out, GST_VIDEO_FORMAT_BGRx, WIDTH, HEIGHT);
  out_buffer = gst_buffer_new_wrapped_full (0, cairo_image_surface_get_data (result),
                                            WIDTH * 4 * HEIGHT, 0, WIDTH * 4 * HEIGHT, NULL, NULL);
  g_assert_true (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READWRITE));
  g_assert_true (gst_video_frame_map (&out_frame, &out, out_buffer, GST_MAP_WRITE));
  engine_overlay_blend (overlay, &frame, 1);
  converter = gst_video_converter_new (&info, &out, NULL);
  gst_video_converter_frame (converter, &frame, &out_frame);
  gst_video_converter_free (converter);
  gst_video_frame_unmap (&out_frame);
  gst_video_frame_unmap (&frame);
  cairo_surface_mark_dirty (result);
  return result;
}

static const guint8 *
get_pixel (cairo_surface_t *surface, int x, int y)
{
  return cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface) +
         x * 4;
}

static double
get_luminance (const guint8 *bgr)
{
  double linear[3] = { 0 };

  for (guint i = 0; i < 3; i++) {
    const double value = bgr[i] / 255.0;

    linear[i] = value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
  }
  return 0.0722 * linear[0] + 0.7152 * linear[1] + 0.2126 * linear[2];
}

/* What changed, beyond the noise of chroma at edges. */
static EngineRect
find_changes (cairo_surface_t *before, cairo_surface_t *after, int levels)
{
  int left = WIDTH, top = HEIGHT, right = -1, bottom = -1;

  for (int y = 0; y < HEIGHT; y++) {
    for (int x = 0; x < WIDTH; x++) {
      const guint8 *a = get_pixel (before, x, y), *b = get_pixel (after, x, y);

      if (ABS (a[0] - b[0]) + ABS (a[1] - b[1]) + ABS (a[2] - b[2]) <= 3 * levels)
        continue;
      left = MIN (left, x);
      right = MAX (right, x);
      top = MIN (top, y);
      bottom = MAX (bottom, y);
    }
  }
  return (EngineRect){ left, top, right - left + 1, bottom - top + 1 };
}

/* Contrast of the brightest or darkest letters in a rectangle with what is most of it. */
static double
measure_contrast (cairo_surface_t *frame, EngineRect rect)
{
  guint histogram[256] = { 0 };
  guint most = 0;
  double ground = 0, least = 1, greatest = 0;
  guint n_light = 0, n_dark = 0;

  for (int y = rect.y; y < rect.y + rect.height; y++) {
    for (int x = rect.x; x < rect.x + rect.width; x++)
      histogram[get_pixel (frame, x, y)[1]]++;
  }
  for (guint i = 0; i < 256; i++) {
    if (histogram[i] > histogram[most])
      most = i;
  }
  for (int y = rect.y; y < rect.y + rect.height; y++) {
    for (int x = rect.x; x < rect.x + rect.width; x++) {
      const double luminance = get_luminance (get_pixel (frame, x, y));

      if (get_pixel (frame, x, y)[1] == most)
        ground = MAX (ground, luminance);
      n_light += luminance > greatest * 0.98;
      n_dark += luminance < least * 1.02;
      greatest = MAX (greatest, luminance);
      least = MIN (least, luminance);
    }
  }
  g_assert_cmpuint (n_light + n_dark, >, 0);
  return MAX ((greatest + 0.05) / (ground + 0.05), (ground + 0.05) / (least + 0.05));
}

static cairo_surface_t *
halve (cairo_surface_t *frame)
{
  cairo_surface_t *small = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH / 2, HEIGHT / 2);
  guint8 *to = cairo_image_surface_get_data (small);

  for (int y = 0; y < HEIGHT / 2; y++) {
    for (int x = 0; x < WIDTH / 2; x++) {
      for (int i = 0; i < 3; i++)
        to[y * cairo_image_surface_get_stride (small) + x * 4 + i] =
          (guint8) ((get_pixel (frame, 2 * x, 2 * y)[i] + get_pixel (frame, 2 * x + 1, 2 * y)[i] +
                     get_pixel (frame, 2 * x, 2 * y + 1)[i] +
                     get_pixel (frame, 2 * x + 1, 2 * y + 1)[i] + 2) /
                    4);
    }
  }
  cairo_surface_mark_dirty (small);
  return small;
}

static void
compare (cairo_surface_t *small, EngineRect place, const char *name)
{
  const int left = MAX (place.x / 2, 0), top = MAX (place.y / 2, 0);
  const int right = MIN ((place.x + place.width) / 2, WIDTH / 2);
  const int bottom = MIN ((place.y + place.height) / 2, HEIGHT / 2);
  const double n_pixels = (right - left) * (bottom - top);
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_build_filename (golden_folder, file, NULL);
  cairo_surface_t *golden = NULL;
  double sum = 0;
  guint n_many = 0;

  if (g_strcmp0 (g_getenv ("REGIE_GOLDEN"), "write") == 0)
    g_assert_cmpint (cairo_surface_write_to_png (small, path), ==, CAIRO_STATUS_SUCCESS);
  if (!engine_art_has_font ("Noto Sans")) {
    g_test_skip ("the pictures were drawn with Noto Sans, which is not installed");
    return;
  }
  golden = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_surface_status (golden), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_width (golden), ==, WIDTH / 2);
  for (int y = top; y < bottom; y++) {
    for (int x = left; x < right; x++) {
      const guint8 *a = get_pixel (golden, x, y), *b = get_pixel (small, x, y);
      const int levels = MAX (ABS (a[0] - b[0]), MAX (ABS (a[1] - b[1]), ABS (a[2] - b[2])));

      sum += levels;
      n_many += levels > MANY_LEVELS;
    }
  }
  g_test_message ("%s: %.2f levels on average, %.2f %% of the pixels many", name, sum / n_pixels,
                  100.0 * n_many / n_pixels);
  g_assert_cmpfloat (sum / n_pixels, <, MEAN_LEVELS);
  g_assert_cmpfloat (n_many / n_pixels, <, MANY_SHARE);
  cairo_surface_destroy (golden);
}

/* The frame with the graphic as the program shows it is what Cairo would have painted. */
static void
compare_with_cairo (cairo_surface_t *background, cairo_surface_t *frame, const EngineArt *art,
                    const EngineArt *nothing)
{
  cairo_surface_t *painted = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_surface_t *decoded = NULL;
  cairo_t *cr = cairo_create (painted);
  double sum = 0;

  cairo_set_source_surface (cr, background, 0, 0);
  cairo_paint (cr);
  /* The program's chroma has half its resolution: a graphic begins on an even pixel. */
  cairo_set_source_surface (cr, art->surface, art->place.x & ~1, art->place.y & ~1);
  cairo_paint (cr);
  cairo_destroy (cr);
  decoded = blend (painted, nothing);
  for (int y = 0; y < HEIGHT; y++) {
    for (int x = 0; x < WIDTH; x++)
      sum += ABS (get_pixel (decoded, x, y)[1] - get_pixel (frame, x, y)[1]);
  }
  g_assert_cmpfloat (sum / (WIDTH * HEIGHT), <, 0.25);
  cairo_surface_destroy (painted);
  cairo_surface_destroy (decoded);
}

static void
check_golden (const EngineArt *art, const char *name)
{
  const EngineArt nothing = { cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 2, 2),
                              { 0, 0, 2, 2 },
                              ENGINE_MOTION_FADE };
  cairo_surface_t *background = make_background ();
  cairo_surface_t *frame = NULL, *small = NULL, *clean = NULL;
  EngineRect changes = { 0 };

  g_assert_nonnull (art);
  frame = blend (background, art);
  clean = blend (background, &nothing);
  changes = find_changes (clean, frame, 2);
  g_assert_cmpint (changes.x, >=, art->place.x - 2);
  g_assert_cmpint (changes.y, >=, art->place.y - 2);
  g_assert_cmpint (changes.x + changes.width, <=, art->place.x + art->place.width + 2);
  g_assert_cmpint (changes.y + changes.height, <=, art->place.y + art->place.height + 2);
  compare_with_cairo (background, frame, art, &nothing);
  small = halve (frame);
  compare (small, art->place, name);
  cairo_surface_destroy (nothing.surface);
  cairo_surface_destroy (small);
  cairo_surface_destroy (clean);
  cairo_surface_destroy (frame);
  cairo_surface_destroy (background);
}

/* On black and on white alike, and all that is not shadow inside the safe area. */
static void
check_readable (const EngineArt *art, EngineRect words)
{
  for (int white = 0; white <= 1; white++) {
    cairo_surface_t *background = make_plain (white);
    cairo_surface_t *frame = blend (background, art);

    g_assert_cmpfloat (measure_contrast (frame, words), >=, MIN_CONTRAST);
    cairo_surface_destroy (frame);
    cairo_surface_destroy (background);
  }
}

static const struct {
  const char *golden;
  const char *title, *affiliation, *talk;
  EngineNameStyle style;
  const char *colour;
} names[] = {
  { "name-plate", "Karim Benali", "Fédération des associations du Val",
    "Ouvrir les données d’une petite association, sans se perdre", ENGINE_NAME_STYLE_PLATE,
    "#e8731a" },
  { "name-band", "Lotte de Vries, Karim Benali", "Wikimedia Nederland",
    "La collecte par SMS : ce que nous aurions aimé savoir", ENGINE_NAME_STYLE_BAND, "#1c71d8" },
  { "name-line", "Maïwenn Le Goff", "Les Voisins connectés", "Une bénévole, une heure, un direct",
    ENGINE_NAME_STYLE_LINE, "#2ec27e" },
  { "name-plate-arabic", "د. ليلى حداد", "جامعة بيروت الأميركية",
    "البيانات المفتوحة للجمعيات الصغيرة", ENGINE_NAME_STYLE_PLATE, "#c061cb" },
  { "name-band-japanese", "佐藤 ゆき", "京都大学", "小さな団体でもデータを公開できる",
    ENGINE_NAME_STYLE_BAND, "#f6d32d" },
  { "name-line-emoji", "Ana 🎉 Müller", NULL, "Emoji on air 🇫🇷", ENGINE_NAME_STYLE_LINE, "#e01b24" },
  { "name-plate-long",
    "Marie-Antoinette Hélène de la Rochefoucauld-Montmorency et toute son équipe de bénévoles",
    "Confédération internationale des organisations de la société civile pour le numérique",
    "Comment nous avons appris à ne plus avoir peur de ce que nous ne comprenions pas encore, et "
    "pourquoi il faut que tout le monde s’y mette dès maintenant, sans attendre la fin du siècle",
    ENGINE_NAME_STYLE_PLATE, "#e8731a" },
};

static void
test_name (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  const EngineArtName name = {
    names[i].title, names[i].affiliation, names[i].talk, names[i].style, names[i].colour, NULL, NULL
  };
  g_autoptr (EngineArt) art = engine_art_draw_name (&name, WIDTH, HEIGHT, NULL);
  const int shadow = names[i].style == ENGINE_NAME_STYLE_LINE ? 17 : 13;
  EngineRect solid = { 0 };

  check_golden (art, names[i].golden);
  solid = (EngineRect){ MAX (art->place.x + shadow, SAFE_X), art->place.y + shadow, 0,
                        art->place.height - 2 * shadow };
  solid.width = MIN (art->place.x + art->place.width - shadow, WIDTH - SAFE_X) - solid.x;
  g_assert_cmpint (solid.y + solid.height, <=, HEIGHT - SAFE_Y + 1);
  if (names[i].style != ENGINE_NAME_STYLE_BAND) {
    g_assert_cmpint (art->place.x + shadow + 4, >=, SAFE_X);
    g_assert_cmpint (art->place.x + art->place.width - shadow - 4, <=, WIDTH - SAFE_X);
  }
  check_readable (art, solid);
}

static void
test_post (void)
{
  cairo_surface_t *photo = cairo_image_surface_create_from_png (poster);
  const EngineArtPost post = {
    .name = "Maïwenn Le Goff",
    .handle = "@maiwenn@example.social",
    .network = "Mastodon",
    .text = "On ne collecte pas des données, on collecte de la confiance. "
            "Merci à toute l’équipe ! 🎉",
    .photo = photo,
    .colour = "#e8731a",
  };
  g_autoptr (EngineArt) art = engine_art_draw_post (&post, WIDTH, HEIGHT, NULL);

  check_golden (art, "post");
  check_readable (art, (EngineRect){ art->place.x + 40, art->place.y + 40, art->place.width - 80,
                                     art->place.height / 2 });
  cairo_surface_destroy (photo);
}

/* Where there is little height it lies down. */
static void
test_post_strip (void)
{
  const EngineRoomPlan plan = { .program = { WIDTH, HEIGHT },
                                .n_pictures = 2,
                                .pictures = { { 8, 137, 468, 264 }, { 484, 137, 468, 264 } },
                                .is_person = { TRUE, TRUE } };
  const EngineArtPost post = {
    "ليلى حداد", "@leila", "X",       "تحية لكم من بيروت! شكرًا على البث المباشر، الصوت واضح جدًا.",
    NULL,        NULL,     "#1c71d8", NULL,
    &plan
  };
  g_autoptr (EngineArt) art = engine_art_draw_post (&post, WIDTH, HEIGHT, NULL);

  check_golden (art, "post-strip");
  g_assert_cmpint (art->place.width, >, 3 * art->place.height);
}

static const struct {
  const char *golden;
  EngineMarkKind kind;
  const char *text;
} marks[] = {
  { "mark-clock", ENGINE_MARK_CLOCK, "14:05" },
  { "mark-live", ENGINE_MARK_LIVE, "EN DIRECT" },
  { "mark-countdown", ENGINE_MARK_COUNTDOWN, "1:09:58" },
};

static void
test_mark (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (EngineArt) art =
    engine_art_draw_mark (marks[i].kind, marks[i].text, "#e8731a", NULL, WIDTH, HEIGHT, NULL);

  g_assert_nonnull (art);
  art->place.x = art->place.y = 21;
  check_golden (art, marks[i].golden);
  check_readable (art, (EngineRect){ 23, 23, art->place.width - 4, art->place.height - 8 });
}

/* However its digits change, a clock has one width. */
static void
test_clock_is_still (void)
{
  static const char *const times[] = { "00:00", "11:11", "14:05", "23:47" };
  int width = 0;

  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    g_autoptr (EngineArt) art =
      engine_art_draw_mark (ENGINE_MARK_CLOCK, times[i], NULL, NULL, 1920, 1080, NULL);

    if (i == 0)
      width = art->place.width;
    g_assert_cmpint (ABS (art->place.width - width), <=, 1);
  }
}

static void
test_logo (void)
{
  g_autoptr (EngineArt) whole =
    engine_art_draw_logo (poster, ENGINE_CORNER_TOP_RIGHT, 1, 1, WIDTH, HEIGHT, NULL);
  g_autoptr (EngineArt) large =
    engine_art_draw_logo (poster, ENGINE_CORNER_BOTTOM_LEFT, 2.5, 0.5, WIDTH, HEIGHT, NULL);
  const guint8 *line = NULL;

  check_golden (large, "logo");
  g_assert_cmpint (ABS (large->place.height - 5 * whole->place.height / 2), <=, 2);
  g_assert_cmpint (large->place.y + large->place.height, ==, HEIGHT - (int) lround (HEIGHT * 0.04));
  line = cairo_image_surface_get_data (large->surface) +
         large->place.height / 2 * cairo_image_surface_get_stride (large->surface);
  g_assert_cmpint (ABS (line[large->place.width / 2 * 4 + 3] - 128), <=, 1);
}

static void
test_cards (void)
{
  g_autoptr (EngineArt) lost =
    engine_art_draw_lost ("Caméra salle", "L’image revient dans un instant", "#2ec27e", NULL, WIDTH,
                          HEIGHT, NULL);
  g_autoptr (EngineArt) pause =
    engine_art_draw_pause ("Journée numérique", "Nous revenons dans un instant", "#2ec27e", NULL,
                           NULL, WIDTH, HEIGHT, NULL);

  check_golden (lost, "card-lost");
  check_golden (pause, "card-pause");
}

/* The program is what it was where there is no graphic, and a font that is not there is replaced. */
static void
test_font (void)
{
  const EngineArtName usual = { "Karim", NULL, NULL, 0, NULL, NULL, NULL };
  const EngineArtName missing = { "Karim", NULL, NULL, 0, NULL, "No Such Font", NULL };
  const EngineArtName other = { "Karim", NULL, NULL, 0, NULL, "DejaVu Serif", NULL };
  g_autoptr (EngineArt) one = engine_art_draw_name (&usual, WIDTH, HEIGHT, NULL);
  g_autoptr (EngineArt) two = engine_art_draw_name (&missing, WIDTH, HEIGHT, NULL);
  g_autoptr (EngineArt) three = engine_art_draw_name (&other, WIDTH, HEIGHT, NULL);

  g_assert_false (engine_art_has_font ("No Such Font"));
  g_assert_false (engine_art_has_font ("a,b"));
  g_assert_cmpmem (&one->place, sizeof one->place, &two->place, sizeof two->place);
  if (engine_art_has_font ("dejavu serif"))
    g_assert_cmpint (three->place.width, !=, one->place.width);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_assert_cmpint (argc, ==, 3);
  golden_folder = argv[1];
  poster = argv[2];
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_strconcat ("/engine/golden/", names[i].golden, NULL);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_name);
  }
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
    g_autofree char *path = g_strconcat ("/engine/golden/", marks[i].golden, NULL);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_mark);
  }
  g_test_add_func ("/engine/golden/post", test_post);
  g_test_add_func ("/engine/golden/post-strip", test_post_strip);
  g_test_add_func ("/engine/golden/logo", test_logo);
  g_test_add_func ("/engine/golden/cards", test_cards);
  g_test_add_func ("/engine/golden/clock-is-still", test_clock_is_still);
  g_test_add_func ("/engine/golden/font", test_font);
  return g_test_run ();
}

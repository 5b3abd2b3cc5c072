/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art.h"
#include "engine-drawing.h"
#include "engine-voice.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include <glib/gstdio.h>

static const int sizes[][2] = { { 320, 180 }, { 720, 1280 }, { 1280, 720 }, { 1920, 1080 } };

#define REPEATED_WORD 5000

/* What people, robots and bad networks may write. The last ones are made in get_texts (). */
static const char *const written[] = {
  "",
  " ",
  "\n\n\n",
  "x",
  "Karim Benali",
  "<b>&",
  "<span size='999999'>huge</span>",
  "&lt;&amp;&#x41;",
  "%s%n%d",
  "🎉",
  "👩‍👩‍👧‍👦🏳️‍🌈🇫🇷👍🏿",
  "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉",
  "د. ليلى حداد",
  "تحية لكم من بيروت! شكرًا على البث المباشر، الصوت واضح جدًا.",
  "שלום לכולם, מה שלומכם היום?",
  "mixed ליאור and عربي with English 123",
  "\xe2\x80\xae"
  "override\xe2\x80\xac",
  "\xe2\x81\xa6"
  "isolate",
  "\xe2\x80\x8b\xe2\x80\x8b\xe2\x80\x8b",
  "佐藤 ゆき",
  "京都から見ています。小さな団体でもデータを公開できるんですね。勉強になります！",
  "ประชุมวันนี้สนุกมาก",
  "नमस्ते दुनिया",
  "ຂ້ອຍ ꙮ ﷽ 𒐫 ﷽﷽﷽",
  "Z̸̡̛̺͙̗̱͉͉̑̀̈́̾̀͝a̷̢̨̛̹̩͇̤̿̽̏̾̕l̶̙̝̭̫̈́̉͐͆̾g̷̛̳̤̺͓̀̀̀̈́o̸̧̦̟̬̊̀͝",
  "tab\tand\rreturn\vand\fform\x01\x02\x1b[31m",
  "broken \xff\xfe\xc3 bytes",
  "ﬃ ﬄ ½ ² ₂ ﷼",
  "L’été, à Nœux-les-Mines : « ça va ? »",
  "a\nb\nc\nd\ne\nf\ng\nh",
  "https://a.very.long.example.org/path/that/never/ends/and/never/breaks?because=there&is=no#space",
  "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
  "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii",
  "#a #b #c #d #e #f #g #h #i #j #k #l #m #n #o #p #q #r #s #t #u #v #w #x #y #z",
  "J’étais venue par curiosité, je repars avec une feuille de route. On ne collecte pas des "
  "données, "
  "on collecte de la confiance ; un SMS bien écrit vaut mieux qu’une affiche ; quand une bénévole "
  "dit "
  "« c’est trop compliqué », c’est l’outil qui a tort, pas elle. Merci à toute l’équipe !",
  "-",
  "................................................................................................"
  "...",
};

static char *
repeat (const char *text, guint n)
{
  GString *whole = g_string_new (NULL);

  while (n-- > 0)
    g_string_append (whole, text);
  return g_string_free (whole, FALSE);
}

static GPtrArray *
get_texts (void)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    g_ptr_array_add (texts, g_strdup (written[i]));
  g_ptr_array_add (texts, repeat ("a", REPEATED_WORD));
  g_ptr_array_add (texts, repeat ("mot ", 400));
  g_ptr_array_add (texts, repeat ("o\xcc\x8a\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85", 60));
  g_assert_cmpuint (texts->len, ==, 40);
  return texts;
}

static guint32
get_pixel (const EngineArt *art, int x, int y)
{
  const guint8 *line =
    cairo_image_surface_get_data (art->surface) + y * cairo_image_surface_get_stride (art->surface);

  return ((const guint32 *) (gconstpointer) line)[x];
}

static void
assert_in_place (const EngineArt *art, int width_px, int height_px)
{
  g_assert_nonnull (art);
  g_assert_cmpint (cairo_image_surface_get_format (art->surface), ==, CAIRO_FORMAT_ARGB32);
  g_assert_cmpint (cairo_image_surface_get_width (art->surface), ==, art->place.width);
  g_assert_cmpint (cairo_image_surface_get_height (art->surface), ==, art->place.height);
  g_assert_cmpint (art->place.x, >=, 0);
  g_assert_cmpint (art->place.y, >=, 0);
  g_assert_cmpint (art->place.x + art->place.width, <=, width_px);
  g_assert_cmpint (art->place.y + art->place.height, <=, height_px);
}

/* Round about there is nothing but the last of the shadow. */
static void
assert_free_border (const EngineArt *art)
{
  const int right = art->place.width - 1, bottom = art->place.height - 1;

  for (int x = 0; x <= right; x++) {
    g_assert_cmpuint (get_pixel (art, x, 0) >> 24, <, 40);
    g_assert_cmpuint (get_pixel (art, x, bottom) >> 24, <, 40);
    g_assert_cmphex (get_pixel (art, x, 0) & 0xffffff, ==, 0);
  }
  for (int y = 0; y <= bottom; y++) {
    g_assert_cmpuint (get_pixel (art, 0, y) >> 24, <, 40);
    g_assert_cmpuint (get_pixel (art, right, y) >> 24, <, 40);
    g_assert_cmphex (get_pixel (art, right, y) & 0xffffff, ==, 0);
  }
}

/* A card's margins are plain paper: no letter reaches into them. */
static void
assert_free_margins (const EngineArt *art, int width_px, int height_px)
{
  const double unit = MIN (height_px, width_px * 0.75) / 1080.0;
  const int inside = (int) ((34 + 10) * unit), corner = (int) ((34 + 28) * unit) + 1;
  const guint32 paper = get_pixel (art, inside, art->place.height / 2);

  g_assert_cmphex (paper >> 24, ==, 0xff);
  for (int y = corner; y < art->place.height - corner; y++) {
    g_assert_cmphex (get_pixel (art, inside, y), ==, paper);
    g_assert_cmphex (get_pixel (art, art->place.width - 1 - inside, y), ==, paper);
  }
}

static void
assert_same (const EngineArt *one, const EngineArt *other)
{
  g_assert_cmpmem (&one->place, sizeof one->place, &other->place, sizeof other->place);
  g_assert_cmpmem (cairo_image_surface_get_data (one->surface),
                   cairo_image_surface_get_stride (one->surface) * one->place.height,
                   cairo_image_surface_get_data (other->surface),
                   cairo_image_surface_get_stride (other->surface) * other->place.height);
}

static void
check_name (const char *title, const char *talk, EngineNameStyle style, int width_px, int height_px)
{
  const EngineArtName name = { title, talk, talk, style, "#e8731a", "No Such Font", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineArt) art = engine_art_draw_name (&name, width_px, height_px, &error);
  g_autoptr (EngineArt) again = NULL;

  if (art == NULL) {
    g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED);
    return;
  }
  assert_in_place (art, width_px, height_px);
  if (style != ENGINE_NAME_STYLE_BAND)
    assert_free_border (art);
  again = engine_art_draw_name (&name, width_px, height_px, NULL);
  assert_same (art, again);
}

static void
check_post (const char *name, const char *text, int width_px, int height_px)
{
  const EngineArtPost post = { name, name, "Mastodon", text, NULL, NULL, "#1c71d8", NULL, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineArt) art = engine_art_draw_post (&post, width_px, height_px, &error);
  g_autoptr (EngineArt) again = NULL;

  if (art == NULL) {
    g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_TOO_LONG);
    g_assert_cmpint (g_utf8_strlen (text, -1), >, 500);
    return;
  }
  assert_in_place (art, width_px, height_px);
  assert_free_border (art);
  assert_free_margins (art, width_px, height_px);
  again = engine_art_draw_post (&post, width_px, height_px, NULL);
  assert_same (art, again);
}

static void
check_full (const char *text, int width_px, int height_px)
{
  g_autoptr (EngineArt) lost =
    engine_art_draw_lost (text, text, NULL, NULL, width_px, height_px, NULL);
  g_autoptr (EngineArt) pause =
    engine_art_draw_pause (text, text, "not a colour", NULL, NULL, width_px, height_px, NULL);
  const EngineArt *const pictures[] = { lost, pause };

  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++) {
    assert_in_place (pictures[i], width_px, height_px);
    g_assert_cmpint (pictures[i]->place.width, ==, width_px);
    g_assert_cmpint (pictures[i]->place.height, ==, height_px);
    for (int y = 0; y < height_px; y++)
      g_assert_cmphex (get_pixel (pictures[i], (y * 7) % width_px, y) >> 24, ==, 0xff);
  }
}

static void
test_hostile_texts (gconstpointer data)
{
  const int *const size = data;
  g_autoptr (GPtrArray) texts = get_texts ();

  for (guint i = 0; i < texts->len; i++) {
    const char *text = texts->pdata[i];

    check_name (text, texts->pdata[(i * 7 + 3) % texts->len], (EngineNameStyle) (i % 3), size[0],
                size[1]);
    check_name ("Karim Benali", text, (EngineNameStyle) ((i + 1) % 3), size[0], size[1]);
    check_post (text, text, size[0], size[1]);
    if (i % 5 == 0)
      check_full (text, size[0], size[1]);
  }
}

static void
test_sizes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineArt) art = NULL;

  check_name ("Karim Benali", NULL, ENGINE_NAME_STYLE_PLATE, 3840, 2160);
  check_full ("Karim Benali", 3840, 2160);
  art = engine_art_draw_lost ("a", NULL, NULL, NULL, 319, 180, &error);
  g_assert_null (art);
  g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED);
}

static void
test_too_long (void)
{
  g_autofree char *text = repeat ("mot ", 900);
  const EngineArtPost post = { .name = "Ana", .handle = "@ana", .network = "X", .text = text };
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineArt) art = engine_art_draw_post (&post, 1920, 1080, &error);

  g_assert_null (art);
  g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_TOO_LONG);
  g_assert_nonnull (strstr (error->message, "too long"));
}

static gint64
get_cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* Whatever is written six thousand characters long, it does not hold up the drawing: measured in the
 * thread's own time, so that a busy machine changes nothing. */
static void
test_time (void)
{
  static const char *const units[] = {
    "a",
    "i",
    "mot ",
    "中",
    "ア ",
    "한",
    "🎉",
    "👩‍👩‍👧‍👦",
    "🇫🇷",
    "م",
    "مرحبا ",
    "नमस्ते ",
    "ไทย",
    "ပြည်",
    "ខ្មែ",
    "a\xcc\x81\xcc\x82",
    "\xe2\x80\x8b",
    "x\xe2\x80\x8d",
    "\xe2\x80\xae",
    "aש",
    "ש a ",
    "a\n",
    "\xff",
    "﷽",
    "𒐫",
  };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (units); i++) {
    const char *unit = units[i / 2];
    const guint n_chars = i % 2 == 0 ? 6000 : 1400;
    const glong length = g_utf8_strlen (unit, -1);
    g_autofree char *text = repeat (unit, n_chars / (guint) MAX (length, 1));
    const EngineArtPost post = { text, text, text, text, NULL, NULL, "#e8731a", NULL, NULL };
    const EngineArtName name = { text, text, text, (EngineNameStyle) (i % 3), NULL, NULL, NULL };

    /* The first time the fonts are looked for. */
    for (guint round = 0; round < 2; round++) {
      const gint64 start_us = get_cpu_us ();
      g_autoptr (EngineArt) card = engine_art_draw_post (&post, 1920, 1080, NULL);
      const gint64 card_us = get_cpu_us ();
      g_autoptr (EngineArt) lower_third = engine_art_draw_name (&name, 1920, 1080, NULL);
      const gint64 name_us = get_cpu_us ();

      if (round == 0)
        continue;
      g_test_message ("text %u, %u characters: card %d ms, name %d ms", i / 2, n_chars,
                      (int) ((card_us - start_us) / 1000), (int) ((name_us - card_us) / 1000));
      g_assert_cmpint (card_us - start_us, <, 200000);
      g_assert_cmpint (name_us - card_us, <, 200000);
    }
  }
}

/* Nothing of a text turns what stands beside it, and what shows nothing is nothing. */
static void
test_unseen (void)
{
  static const char *const nothing[] = {
    "\xe2\x80\x8b\xe2\x80\x8d\xe2\x80\x8b",
    "\xe2\x80\xae\xe2\x80\xac",
    "\xef\xbb\xbf",
    "\xcc\x81\xcc\x82",
    "\xe1\x85\x9f\xe3\x85\xa4",
    "\xe2\xa0\x80",
    "\x01\x02\x03",
  };
  const EngineArtName plain = { "Karim", "ab", NULL, 0, NULL, NULL, NULL };
  const EngineArtName turned = { "\xe2\x80\xaeKarim\xe2\x81\xa7",
                                 "\xe2\x81\xa6"
                                 "a\xe2\x80\xac"
                                 "b",
                                 NULL,
                                 0,
                                 NULL,
                                 NULL,
                                 NULL };
  g_autoptr (EngineArt) one = engine_art_draw_name (&plain, 1280, 720, NULL);
  g_autoptr (EngineArt) other = engine_art_draw_name (&turned, 1280, 720, NULL);

  assert_same (one, other);
  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++) {
    const EngineArtName name = { nothing[i], nothing[i], nothing[i], 0, NULL, NULL, NULL };
    g_autoptr (GError) error = NULL;

    g_assert_null (engine_art_draw_name (&name, 1280, 720, &error));
    g_assert_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED);
  }
}

static char *
write_picture (const char *name, int width_px, int height_px)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width_px, height_px);
  char *path = g_build_filename (g_get_tmp_dir (), name, NULL);

  g_assert_cmpint (cairo_surface_write_to_png (surface, path), ==, CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy (surface);
  return path;
}

static void
test_logo (void)
{
  g_autofree char *path = write_picture ("regie-test-logo.png", 900, 300);
  g_autofree char *large = write_picture ("regie-test-large.png", 8193, 4);
  g_autoptr (EngineArt) left =
    engine_art_draw_logo (path, ENGINE_CORNER_TOP_LEFT, 1, 1, 1920, 1080, NULL);
  g_autoptr (EngineArt) right =
    engine_art_draw_logo (path, ENGINE_CORNER_BOTTOM_RIGHT, 1, 1, 1280, 720, NULL);
  g_autoptr (GError) missing = NULL, refused = NULL, no_picture = NULL;

  assert_in_place (left, 1920, 1080);
  g_assert_cmpint (left->place.x, ==, 43);
  g_assert_cmpint (left->place.width, <=, 308);
  g_assert_cmpint (left->place.height, <=, 130);
  assert_in_place (right, 1280, 720);
  g_assert_cmpint (right->place.y + right->place.height, ==, 720 - 29);

  g_assert_null (
    engine_art_draw_logo ("/nowhere/x.png", ENGINE_CORNER_TOP_LEFT, 1, 1, 640, 360, &missing));
  g_assert_error (missing, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND);
  g_assert_null (engine_art_draw_logo (large, ENGINE_CORNER_TOP_LEFT, 1, 1, 640, 360, &refused));
  g_assert_error (refused, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED);
  g_assert_true (g_file_set_contents (path, "<svg", -1, NULL));
  g_assert_null (engine_art_draw_logo (path, ENGINE_CORNER_TOP_LEFT, 1, 1, 640, 360, &no_picture));
  g_assert_error (no_picture, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED);
  g_unlink (path);
  g_unlink (large);
}

static void
paint_all (cairo_surface_t *surface, double red, double green, double blue)
{
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, red, green, blue);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
}

static guint
count_pixels (const EngineArt *art, guint32 wanted)
{
  const guint8 *data = cairo_image_surface_get_data (art->surface);
  const int stride = cairo_image_surface_get_stride (art->surface);
  guint n = 0;

  for (int y = 0; y < art->place.height; y++)
    for (int x = 0; x < art->place.width; x++)
      n += ((const guint32 *) (gconstpointer) (data + y * stride))[x] == wanted;
  return n;
}

static void
test_photo (void)
{
  cairo_surface_t *photo = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 500, 800);
  EngineArtPost post = { .name = "Ana", .handle = "@ana", .network = "X", .text = "Bonjour" };
  g_autoptr (EngineArt) without = engine_art_draw_post (&post, 1280, 720, NULL);
  g_autoptr (EngineArt) with = NULL, signed_by = NULL;

  paint_all (photo, 0, 1, 0);
  post.photo = photo;
  with = engine_art_draw_post (&post, 1280, 720, NULL);
  assert_in_place (with, 1280, 720);
  assert_free_margins (with, 1280, 720);
  g_assert_cmpint (with->place.height, >, without->place.height + 100);
  g_assert_cmpuint (count_pixels (without, 0xff00ff00), ==, 0);
  g_assert_cmpuint (count_pixels (with, 0xff00ff00), >, 20000);

  /* The author's own face in the place of the initial. */
  post.photo = NULL;
  post.avatar = photo;
  signed_by = engine_art_draw_post (&post, 1280, 720, NULL);
  g_assert_cmpint (signed_by->place.width, ==, without->place.width);
  g_assert_cmpint (signed_by->place.height, ==, without->place.height);
  g_assert_cmpuint (count_pixels (signed_by, 0xff00ff00), >, 2000);
  g_assert_cmpuint (count_pixels (signed_by, 0xff00ff00), <, 62 * 62);
  cairo_surface_destroy (photo);
}

static gpointer
draw_in_thread (gpointer data)
{
  for (int i = 0; i < 5; i++)
    check_post ("Ana", "Bonjour à toutes et tous 🎉", 640, 360);
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("art", draw_in_thread, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* What was drawn bit by bit is the same as what is drawn at once: nothing moves out of its region. */
static void
test_drawing (gconstpointer data)
{
  const EngineDrawingKind kind = (EngineDrawingKind) GPOINTER_TO_INT (data);
  g_autoptr (EngineDrawing) moving = engine_drawing_new (kind, 640, 360);
  const gsize stride = 640 * 4;
  g_autofree guint8 *one = g_malloc (stride * 360), *other = g_malloc (stride * 360);

  for (guint i = 0; i < 1500; i++) {
    const guint64 time_ns = i * G_GUINT64_CONSTANT (100000000);

    engine_drawing_update (moving, time_ns, NULL);
    if (i % 75 == 51) {
      g_autoptr (EngineDrawing) fresh = engine_drawing_new (kind, 640, 360);

      engine_drawing_paint (fresh, time_ns, one, (int) stride);
      engine_drawing_paint (moving, time_ns, other, (int) stride);
      for (gsize byte = 0; byte < stride * 360; byte++) {
        if (byte % 4 != 3)
          g_assert_cmpint (one[byte], ==, other[byte]);
      }
    }
  }
}

typedef struct {
  double rms_db;
  double peak_db;
} Level;

static Level
measure (EngineVoice *voice, double from_s, double length_s)
{
  const guint n_frames = (guint) (length_s * ENGINE_SAMPLE_RATE_HZ);
  g_autofree float *sound = g_new0 (float, n_frames *ENGINE_N_CHANNELS);
  double energy = 0, peak = 0;

  engine_voice_fill (voice, (guint64) (from_s * ENGINE_SAMPLE_RATE_HZ), sound, n_frames);
  for (guint i = 0; i < n_frames * ENGINE_N_CHANNELS; i++) {
    g_assert_true (isfinite (sound[i]));
    energy += (double) sound[i] * sound[i];
    peak = MAX (peak, fabs ((double) sound[i]));
  }
  return (Level){ 10 * log10 (energy / (n_frames * ENGINE_N_CHANNELS) + 1e-12),
                  20 * log10 (peak + 1e-12) };
}

static void
test_voice_levels (void)
{
  g_autoptr (EngineVoice) speaker = engine_voice_new (ENGINE_DRAWING_SPEAKER);
  g_autoptr (EngineVoice) guest = engine_voice_new (ENGINE_DRAWING_GUEST);
  g_autoptr (EngineVoice) slides = engine_voice_new (ENGINE_DRAWING_SLIDES);

  for (int cycle = 0; cycle < 3; cycle++) {
    const Level talk = measure (speaker, cycle * 23 + 1, 11),
                reply = measure (guest, cycle * 23 + 15.5, 4);

    g_assert_cmpfloat (talk.rms_db, >, -24);
    g_assert_cmpfloat (talk.rms_db, <, -16);
    g_assert_cmpfloat (talk.peak_db, <, -6);
    g_assert_cmpfloat (reply.rms_db, >, -24);
    g_assert_cmpfloat (reply.rms_db, <, -16);
    g_assert_cmpfloat (reply.peak_db, <, -6);
    g_assert_cmpfloat (measure (speaker, cycle * 23 + 16, 5).rms_db, <, -55);
    g_assert_cmpfloat (measure (guest, cycle * 23 + 3, 9).rms_db, <, -65);
    g_assert_cmpfloat (measure (slides, cycle * 23, 23).peak_db, <, -110);
  }
}

/* The same sound however it is asked for. */
static void
test_voice_continues (void)
{
  const guint n_frames = 96000, steps[] = { 1, 480, 777, 1024, 13 };
  g_autofree float *whole = g_new0 (float, n_frames * 2), *parts = g_new0 (float, n_frames * 2);
  g_autoptr (EngineVoice) voice = engine_voice_new (ENGINE_DRAWING_SPEAKER);
  guint done = 0;

  engine_voice_fill (voice, 48000, whole, n_frames);
  engine_voice_fill (voice, 0, parts, 100);
  for (guint i = 0; done < n_frames; i++) {
    const guint n = MIN (steps[i % G_N_ELEMENTS (steps)], n_frames - done);

    engine_voice_fill (voice, 48000 + done, parts + done * 2, n);
    done += n;
  }
  g_assert_cmpmem (whole, n_frames * 2 * sizeof *whole, parts, n_frames * 2 * sizeof *parts);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *path =
      g_strdup_printf ("/engine/art/hostile-texts-stay-in-place/%dx%d", sizes[i][0], sizes[i][1]);

    g_test_add_data_func (path, sizes[i], test_hostile_texts);
  }
  g_test_add_func ("/engine/art/sizes", test_sizes);
  g_test_add_func ("/engine/art/too-long-is-refused", test_too_long);
  g_test_add_func ("/engine/art/time-is-bounded", test_time);
  g_test_add_func ("/engine/art/unseen-characters", test_unseen);
  g_test_add_func ("/engine/art/logo", test_logo);
  g_test_add_func ("/engine/art/photo", test_photo);
  g_test_add_func ("/engine/art/threads", test_threads);
  g_test_add_data_func ("/engine/drawing/speaker", GINT_TO_POINTER (ENGINE_DRAWING_SPEAKER),
                        test_drawing);
  g_test_add_data_func ("/engine/drawing/slides", GINT_TO_POINTER (ENGINE_DRAWING_SLIDES),
                        test_drawing);
  g_test_add_data_func ("/engine/drawing/guest", GINT_TO_POINTER (ENGINE_DRAWING_GUEST),
                        test_drawing);
  g_test_add_func ("/engine/voice/levels", test_voice_levels);
  g_test_add_func ("/engine/voice/continues", test_voice_continues);
  return g_test_run ();
}

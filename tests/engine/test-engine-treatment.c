/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-scaler.h"
#include "engine-testing-picture.h"
#include "engine-testing.h"
#include "engine-treatment.h"

#include <math.h>

/* Two conversions and one correction, each rounded. */
#define TOLERANCE 3.0

/* All that the bridge lets in. */
static const GstVideoFormat formats[] = {
  GST_VIDEO_FORMAT_I420, GST_VIDEO_FORMAT_NV12, GST_VIDEO_FORMAT_YV12, GST_VIDEO_FORMAT_NV21,
  GST_VIDEO_FORMAT_YUY2, GST_VIDEO_FORMAT_UYVY, GST_VIDEO_FORMAT_Y42B, GST_VIDEO_FORMAT_Y444,
  GST_VIDEO_FORMAT_BGRx, GST_VIDEO_FORMAT_BGRA, GST_VIDEO_FORMAT_RGBx, GST_VIDEO_FORMAT_RGB,
  GST_VIDEO_FORMAT_BGR,
};

static const EngineSize sizes[] = { { 64, 48 }, { 65, 49 }, { 130, 34 } };

static const guint32 colours[] = { 0xc03020, 0x2080d0, 0x30a040, 0xd0d0b0 };

/* Top left, top right, bottom left, bottom right, as seen after. */
typedef struct {
  int rotate_deg;
  gboolean mirror;
  guint quarters[ENGINE_TESTING_N_QUARTERS];
} Turn;

static const Turn turns[] = {
  { 0, FALSE, { 0, 1, 2, 3 } },   { 90, FALSE, { 2, 0, 3, 1 } }, { 180, FALSE, { 3, 2, 1, 0 } },
  { 270, FALSE, { 1, 3, 0, 2 } }, { 0, TRUE, { 1, 0, 3, 2 } },   { 90, TRUE, { 0, 2, 1, 3 } },
  { 180, TRUE, { 2, 3, 0, 1 } },  { 270, TRUE, { 3, 1, 2, 0 } },
};

static EnginePicture *
apply (const EnginePictureSettings *settings, GstVideoFormat format, EngineSize size)
{
  g_autoptr (EngineTreatment) treatment = engine_treatment_new (settings);
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer =
    engine_testing_make_quarters (format, size.width_px, size.height_px, colours, &info);

  return engine_treatment_apply (treatment, buffer, &info, 0);
}

/* The middle of a quarter. */
static EngineTestingYuv
look (const GstVideoFrame *frame, guint quarter)
{
  const int width = GST_VIDEO_FRAME_WIDTH (frame), height = GST_VIDEO_FRAME_HEIGHT (frame);

  return engine_testing_get_yuv (frame, width * (quarter % 2 == 0 ? 1 : 3) / 4,
                                 height * (quarter < 2 ? 1 : 3) / 4);
}

static void
check_quarters (const EnginePicture *picture, const EngineTestingYuv *expected)
{
  GstVideoFrame frame;

  g_assert_cmpint (GST_VIDEO_INFO_FORMAT (&picture->info), ==, GST_VIDEO_FORMAT_I420);
  g_assert_true (gst_video_frame_map (&frame, &picture->info, picture->buffer, GST_MAP_READ));
  for (guint i = 0; i < ENGINE_TESTING_N_QUARTERS; i++)
    g_assert_cmpfloat (engine_testing_compare_yuv (look (&frame, i), expected[i]), <=, TOLERANCE);
  gst_video_frame_unmap (&frame);
}

/* What is not to be treated is not even copied. */
static void
test_neutral (void)
{
  const EnginePictureSettings part = { .zoom = 2, .contrast = 1, .saturation = 1, .delay_ms = 40 };
  const EnginePictureSettings settings[] = { ENGINE_PICTURE_SETTINGS_NEUTRAL, part };

  for (guint s = 0; s < G_N_ELEMENTS (settings); s++) {
    for (guint f = 0; f < G_N_ELEMENTS (formats); f++) {
      g_autoptr (EngineTreatment) treatment = engine_treatment_new (&settings[s]);
      GstVideoInfo info;
      g_autoptr (GstBuffer) buffer =
        engine_testing_make_quarters (formats[f], 64, 48, colours, &info);
      g_autoptr (EnginePicture) picture =
        engine_treatment_apply (treatment, buffer, &info, GST_SECOND);

      g_assert_true (picture->buffer == buffer);
      g_assert_cmpint (GST_VIDEO_INFO_FORMAT (&picture->info), ==, formats[f]);
      g_assert_cmpint (engine_picture_is_whole (picture), ==, s == 0);
      g_assert_cmpint (picture->time_ns, ==,
                       (gint64) GST_SECOND + settings[s].delay_ms * (gint64) GST_MSECOND);
    }
  }
}

static void
test_turns (void)
{
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++) {
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
      for (guint t = 1; t < G_N_ELEMENTS (turns); t++) {
        EnginePictureSettings settings = ENGINE_PICTURE_SETTINGS_NEUTRAL;
        EngineTestingYuv expected[ENGINE_TESTING_N_QUARTERS];
        const gboolean lies = turns[t].rotate_deg % 180 != 0;
        g_autoptr (EnginePicture) picture = NULL;

        settings.rotate_deg = turns[t].rotate_deg;
        settings.mirror = turns[t].mirror;
        picture = apply (&settings, formats[f], sizes[s]);
        g_assert_cmpint (GST_VIDEO_INFO_WIDTH (&picture->info), ==,
                         lies ? sizes[s].height_px : sizes[s].width_px);
        g_assert_cmpint (GST_VIDEO_INFO_HEIGHT (&picture->info), ==,
                         lies ? sizes[s].width_px : sizes[s].height_px);
        for (guint i = 0; i < ENGINE_TESTING_N_QUARTERS; i++)
          expected[i] = engine_testing_to_yuv (colours[turns[t].quarters[i]]);
        check_quarters (picture, expected);
      }
    }
  }
}

/* The same as the treatment says it does, in its own words: light and colour, not bytes. */
static EngineTestingYuv
correct (EngineTestingYuv c, const EnginePictureSettings *s)
{
  const double light =
    CLAMP (((c.y - 16) / 219 - 0.5) * s->contrast + 0.5 + s->brightness / 2, 0, 1);
  const double blue =
    (c.u - 128) / 224 * s->contrast * s->saturation + 0.1 * light * (s->tint - s->temperature);
  const double red =
    (c.v - 128) / 224 * s->contrast * s->saturation + 0.1 * light * (s->tint + s->temperature);

  return (EngineTestingYuv){ 16 + 219 * light, CLAMP (128 + 224 * blue, 16, 240),
                             CLAMP (128 + 224 * red, 16, 240) };
}

static void
test_colours (void)
{
  /* Brightness, contrast, saturation, temperature, tint. */
  static const double values[][5] = {
    { 0.3, 1, 1, 0, 0 },  { -0.4, 1, 1, 0, 0 }, { 1, 1, 1, 0, 0 },
    { 0, 0.5, 1, 0, 0 },  { 0, 1.7, 1, 0, 0 },  { 0, 0, 1, 0, 0 },
    { 0, 1, 0, 0, 0 },    { 0, 1, 2, 0, 0 },    { 0, 1, 1, 1, 0 },
    { 0, 1, 1, -1, 0 },   { 0, 1, 1, 0, 1 },    { 0, 1, 1, 0, -1 },
    { 0, 1, 1.01, 0, 0 }, { 0, 1.01, 1, 0, 0 }, { -0.1, 1.2, 1.3, 0.4, 0.2 },
  };

  for (guint f = 0; f < G_N_ELEMENTS (formats); f++) {
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
      for (guint v = 0; v < G_N_ELEMENTS (values); v++) {
        EnginePictureSettings settings = ENGINE_PICTURE_SETTINGS_NEUTRAL;
        EngineTestingYuv expected[ENGINE_TESTING_N_QUARTERS];
        g_autoptr (EnginePicture) picture = NULL;

        settings.brightness = values[v][0];
        settings.contrast = values[v][1];
        settings.saturation = values[v][2];
        settings.temperature = values[v][3];
        settings.tint = values[v][4];
        picture = apply (&settings, formats[f], sizes[s]);
        for (guint i = 0; i < ENGINE_TESTING_N_QUARTERS; i++)
          expected[i] = correct (engine_testing_to_yuv (colours[i]), &settings);
        check_quarters (picture, expected);
      }
    }
  }
}

/* A white turns warmer or greener, a black stays black. */
static void
test_black_stays (void)
{
  static const guint32 black_and_white[] = { 0, 0xffffff, 0, 0xffffff };
  EnginePictureSettings settings = ENGINE_PICTURE_SETTINGS_NEUTRAL;
  g_autoptr (EngineTreatment) treatment = NULL;
  g_autoptr (EnginePicture) picture = NULL;
  GstVideoInfo info;
  GstVideoFrame frame;
  g_autoptr (GstBuffer) buffer =
    engine_testing_make_quarters (GST_VIDEO_FORMAT_I420, 64, 48, black_and_white, &info);

  settings.temperature = 1;
  settings.tint = -1;
  treatment = engine_treatment_new (&settings);
  picture = engine_treatment_apply (treatment, buffer, &info, 0);
  g_assert_true (gst_video_frame_map (&frame, &picture->info, picture->buffer, GST_MAP_READ));
  g_assert_cmpfloat (engine_testing_compare_yuv (look (&frame, 0),
                                                 (EngineTestingYuv){ 16, 128, 128 }),
                     <=, TOLERANCE);
  /* Less blue, as red as before, and so greener and yellower. */
  g_assert_cmpfloat (fabs (look (&frame, 1).u - (128 - 0.2 * 224)), <=, TOLERANCE);
  g_assert_cmpfloat (fabs (look (&frame, 1).v - 128), <=, TOLERANCE);
  gst_video_frame_unmap (&frame);
}

/* A camera of full range uses all of it. */
static void
test_full_range (void)
{
  EnginePictureSettings settings = ENGINE_PICTURE_SETTINGS_NEUTRAL;
  g_autoptr (EngineTreatment) treatment = NULL;
  g_autoptr (EnginePicture) picture = NULL;
  GstVideoInfo info;
  guint8 luma = 0;
  g_autoptr (GstBuffer) buffer = NULL;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, 16, 16);
  gst_video_colorimetry_from_string (&info.colorimetry, "1:4:0:1");
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  gst_buffer_memset (buffer, 0, 240, 256);
  gst_buffer_memset (buffer, 256, 128, 128);
  settings.contrast = 2;
  treatment = engine_treatment_new (&settings);
  picture = engine_treatment_apply (treatment, buffer, &info, 0);
  gst_buffer_extract (picture->buffer, 0, &luma, 1);
  g_assert_cmpint (luma, ==, 255);
  g_assert_true (picture->info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255);
}

/* Crop and zoom in the order of the fields, on even pixels, inside the picture, in its shape. */
static void
test_part (void)
{
  static const EngineSize pictures[] = {
    { 1920, 1080 }, { 1, 1 }, { 2, 2 }, { 3, 1 }, { 641, 479 }, { 4000, 2 }, { 7680, 4320 },
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint n = 0; n < 20000; n++) {
    const EngineSize size = pictures[n % G_N_ELEMENTS (pictures)];
    EnginePictureSettings s = ENGINE_PICTURE_SETTINGS_NEUTRAL;
    EngineRect part = { 0 };

    s.crop_left = g_rand_double_range (rand, -0.2, 0.6);
    s.crop_right = g_rand_double_range (rand, -0.2, 0.6);
    s.crop_top = g_rand_double_range (rand, -0.2, 0.6);
    s.crop_bottom = g_rand_double_range (rand, -0.2, 0.6);
    s.zoom = g_rand_double_range (rand, 0.5, 9);
    s.zoom_x = g_rand_double_range (rand, -0.5, 1.5);
    s.zoom_y = g_rand_double_range (rand, -0.5, 1.5);
    s.mirror = g_rand_boolean (rand);
    s = engine_picture_settings_clean (&s);
    part = engine_picture_settings_get_part (&s, size);
    g_assert_cmpint ((part.x | part.y) & 1, ==, 0);
    g_assert_cmpint (part.x, >=, 0);
    g_assert_cmpint (part.y, >=, 0);
    g_assert_cmpint (part.width, >=, 1);
    g_assert_cmpint (part.height, >=, 1);
    g_assert_cmpint (part.x + part.width, <=, size.width_px);
    g_assert_cmpint (part.y + part.height, <=, size.height_px);
    if (size.width_px >= 641)
      g_assert_cmpfloat (
        fabs (part.width - size.width_px * (1 - s.crop_left - s.crop_right) / s.zoom), <=, 3);
  }
}

static EngineRect
get_part (double left, double right, double zoom, double zoom_x, gboolean mirror)
{
  EnginePictureSettings s = ENGINE_PICTURE_SETTINGS_NEUTRAL;

  s.crop_left = left;
  s.crop_right = right;
  s.zoom = zoom;
  s.zoom_x = zoom_x;
  s.mirror = mirror;
  return engine_picture_settings_get_part (&s, (EngineSize){ 1000, 500 });
}

static void
test_part_values (void)
{
  g_assert_cmpint (get_part (0.2, 0.1, 1, 0.5, FALSE).x, ==, 200);
  g_assert_cmpint (get_part (0.2, 0.1, 1, 0.5, FALSE).width, ==, 700);
  g_assert_cmpint (get_part (0, 0, 2, 0, FALSE).x, ==, 0);
  g_assert_cmpint (get_part (0, 0, 2, 0.5, FALSE).x, ==, 250);
  g_assert_cmpint (get_part (0, 0, 2, 1, FALSE).x, ==, 500);
  g_assert_cmpint (get_part (0, 0, 5, 0.25, FALSE).x, ==, 150);
  g_assert_cmpint (get_part (0.2, 0, 2, 0, FALSE).x, ==, 200);
  /* What is cut at the left is at the right once it is mirrored. */
  g_assert_cmpint (get_part (0.2, 0.1, 1, 0.5, TRUE).x, ==, 100);
  g_assert_cmpint (get_part (0, 0, 2, 0, TRUE).x, ==, 500);
}

/* Whatever was set, by a hand or by a broken file, is within its range; never set is neutral. */
static void
test_clean (void)
{
  const EnginePictureSettings neutral = ENGINE_PICTURE_SETTINGS_NEUTRAL;
  const EnginePictureSettings nothing = { 0 };
  const EnginePictureSettings broken = {
    .rotate_deg = 45,
    .crop_left = NAN,
    .crop_top = -1,
    .crop_right = INFINITY,
    .zoom = NAN,
    .zoom_x = NAN,
    .zoom_y = 7,
    .brightness = NAN,
    .contrast = -INFINITY,
    .saturation = 1e300,
    .temperature = -9,
    .tint = NAN,
    .delay_ms = -5,
  };
  EnginePictureSettings s = engine_picture_settings_clean (&nothing);

  g_assert_true (engine_picture_settings_equal (&s, &neutral));
  s = engine_picture_settings_clean (&neutral);
  g_assert_true (engine_picture_settings_equal (&s, &neutral));
  g_assert_false (engine_picture_settings_touch_pixels (&s));
  s = engine_picture_settings_clean (&broken);
  g_assert_cmpint (s.rotate_deg, ==, 0);
  g_assert_cmpfloat (s.crop_left, ==, 0);
  g_assert_cmpfloat (s.crop_top, ==, 0);
  g_assert_cmpfloat (s.crop_right, ==, 0);
  g_assert_cmpfloat (s.zoom, ==, 1);
  g_assert_cmpfloat (s.zoom_x, ==, 0.5);
  g_assert_cmpfloat (s.zoom_y, ==, 1);
  g_assert_cmpfloat (s.contrast, ==, 1);
  g_assert_cmpfloat (s.saturation, ==, 2);
  g_assert_cmpfloat (s.temperature, ==, -1);
  g_assert_cmpint (s.delay_ms, ==, 0);
}

/* One quarter of a picture of any format, painted over a whole frame, is all of it. */
static void
test_scaler_shows_part (void)
{
  const EngineSize targets[] = { { 32, 24 }, { 120, 90 }, { 20, 60 } };
  g_autoptr (EngineScaler) scaler = engine_scaler_new ();

  for (guint f = 0; f < G_N_ELEMENTS (formats); f++) {
    for (guint t = 0; t < G_N_ELEMENTS (targets); t++) {
      for (guint q = 0; q < ENGINE_TESTING_N_QUARTERS; q++) {
        const EngineRect rect = { 0, 0, targets[t].width_px, targets[t].height_px };
        EnginePictureSettings settings = ENGINE_PICTURE_SETTINGS_NEUTRAL;
        g_autoptr (EnginePicture) picture = NULL;
        g_autoptr (EnginePicture) to =
          engine_testing_make_picture (rect.width, rect.height, 0x000000);
        GstVideoFrame frame;

        settings.zoom = 2;
        settings.zoom_x = q % 2;
        settings.zoom_y = q / 2;
        picture = apply (&settings, formats[f], sizes[0]);
        g_assert_true (gst_video_frame_map (&frame, &to->info, to->buffer, GST_MAP_READWRITE));
        engine_scaler_paint (scaler, picture, rect, &frame);
        /* Where two quarters meet, colour differences are mixed in what came. */
        for (int y = rect.height / 8; y < rect.height * 7 / 8; y += 2) {
          for (int x = rect.width / 8; x < rect.width * 7 / 8; x += 2)
            g_assert_cmpfloat (engine_testing_compare_yuv (engine_testing_get_yuv (&frame, x, y),
                                                           engine_testing_to_yuv (colours[q])),
                               <=, TOLERANCE);
        }
        gst_video_frame_unmap (&frame);
      }
    }
  }
}

static guint8
get_luma (EngineSlot *slot, gint64 time_ns)
{
  g_autoptr (EnginePicture) picture = engine_slot_pull_picture (slot, time_ns);
  guint8 luma = 0;

  g_assert_nonnull (picture);
  gst_buffer_extract (picture->buffer, 0, &luma, 1);
  return luma;
}

typedef struct {
  EngineSlot *slot;
  guint8 luma;
} Wish;

static gboolean
has_luma (gpointer data)
{
  const Wish *wish = data;

  return ABS (get_luma (wish->slot, GST_SECOND) - wish->luma) <= 1;
}

/* Settings change while a source runs: a live one with its next picture, a still by itself. */
static void
test_live_change (void)
{
  EngineSlot *slot = engine_testing_make_slot (30, 64, 48, 0x808080);
  EnginePictureSettings settings = ENGINE_PICTURE_SETTINGS_NEUTRAL;
  Wish wish = { slot, 0 };

  const guint8 neutral = get_luma (slot, GST_SECOND);
  settings.brightness = -1;
  engine_slot_set_picture_settings (slot, &settings);
  wish.luma = 16;
  g_assert_true (engine_testing_wait (has_luma, &wish, 5000));
  for (guint i = 0; i <= 100; i++) {
    settings.brightness = i / 100.0 - 1;
    engine_slot_set_picture_settings (slot, &settings);
  }
  wish.luma = neutral;
  g_assert_true (engine_testing_wait (has_luma, &wish, 5000));
  g_assert_true (engine_slot_get_picture_settings (slot)->brightness == 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  engine_testing_assert_finalizes (slot);
}

/* A longer delay holds what is seen, a shorter one goes on at once. */
static void
test_delay (void)
{
  g_autoptr (EngineSlot) slot = engine_slot_new (30);
  EnginePictureSettings settings = ENGINE_PICTURE_SETTINGS_NEUTRAL;
  const gint64 frame_ns = (gint64) GST_SECOND / 30;
  gint64 n = 0;

  settings.delay_ms = 1000;
  engine_slot_set_picture_settings (slot, &settings);
  for (; n < 60; n++) {
    g_autoptr (EnginePicture) pushed = engine_testing_make_picture (16, 16, 0x404040);
    g_autoptr (EnginePicture) seen = NULL;

    engine_slot_push_picture (slot, pushed->buffer, &pushed->info, n * frame_ns);
    seen = engine_slot_pull_picture (slot, n * frame_ns);
    g_assert_cmpint (seen == NULL, ==, n < 30);
    if (seen != NULL)
      g_assert_cmpint (ABS (seen->time_ns - n * frame_ns), <=, frame_ns / 3);
  }
  settings.delay_ms = 0;
  engine_slot_set_picture_settings (slot, &settings);
  for (; n < 70; n++) {
    g_autoptr (EnginePicture) pushed = engine_testing_make_picture (16, 16, 0x404040);
    g_autoptr (EnginePicture) seen = NULL;

    engine_slot_push_picture (slot, pushed->buffer, &pushed->info, n * frame_ns);
    seen = engine_slot_pull_picture (slot, n * frame_ns);
    g_assert_cmpint (seen->time_ns, ==, n * frame_ns);
    g_assert_true (seen->buffer == pushed->buffer);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/engine/treatment/neutral-costs-nothing", test_neutral);
  g_test_add_func ("/engine/treatment/turns-and-mirrors-every-format", test_turns);
  g_test_add_func ("/engine/treatment/corrects-colours-of-every-format", test_colours);
  g_test_add_func ("/engine/treatment/black-stays-black", test_black_stays);
  g_test_add_func ("/engine/treatment/full-range-is-used", test_full_range);
  g_test_add_func ("/engine/treatment/part-is-inside", test_part);
  g_test_add_func ("/engine/treatment/part-is-what-was-asked-for", test_part_values);
  g_test_add_func ("/engine/treatment/settings-are-cleaned", test_clean);
  g_test_add_func ("/engine/treatment/scaler-shows-the-part-of-every-format",
                   test_scaler_shows_part);
  g_test_add_func ("/engine/treatment/changes-while-it-runs", test_live_change);
  g_test_add_func ("/engine/treatment/delay-grows-and-shrinks", test_delay);
  return g_test_run ();
}

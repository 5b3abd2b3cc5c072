/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-codecs.h"
#include "engine-pipeline.h"

static guint
get_gop (const EngineFormat *format)
{
  return (guint) (format->rate_fps * ENGINE_GOP_SECONDS);
}

/* Drivers and versions differ in what they let one set. */
static void
set (GstElement *element, const char *name, const char *value)
{
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), name) != NULL)
    gst_util_set_object_arg (G_OBJECT (element), name, value);
}

static void
set_number (GstElement *element, const char *name, guint value)
{
  g_autofree char *text = g_strdup_printf ("%u", value);

  set (element, name, text);
}

/* VA-API, by either of its two plugins, and Intel's own way. */
static void
set_up_va (GstElement *element, const EngineFormat *format)
{
  set (element, "rate-control", "cbr");
  set_number (element, "key-int-max", get_gop (format));
  set_number (element, "keyframe-period", get_gop (format));
  set_number (element, "gop-size", get_gop (format));
  set_number (element, "b-frames", 0);
  set_number (element, "max-bframes", 0);
}

static void
set_up_nvidia (GstElement *element, const EngineFormat *format)
{
  set (element, "rc-mode", "cbr");
  set (element, "rate-control", "cbr");
  set_number (element, "gop-size", get_gop (format));
  set_number (element, "bframes", 0);
  set_number (element, "b-frames", 0);
  set (element, "zerolatency", "true");
  set (element, "zero-reorder-delay", "true");
  set (element, "strict-gop", "true");
}

/* A driver of the kernel has controls instead of properties. */
static void
set_v4l2_bps (GstElement *element, const EngineFormat *format)
{
  g_autoptr (GstStructure) controls =
    gst_structure_new ("controls", "video_bitrate_mode", G_TYPE_INT, 1, "video_bitrate", G_TYPE_INT,
                       format->video_bps, "video_gop_size", G_TYPE_INT, (int) get_gop (format),
                       "h264_i_frame_period", G_TYPE_INT, (int) get_gop (format), "video_b_frames",
                       G_TYPE_INT, 0, "repeat_sequence_header", G_TYPE_INT, 1, NULL);

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "extra-controls") != NULL)
    g_object_set (element, "extra-controls", controls, NULL);
}

static void
set_up_v4l2 (GstElement *element, const EngineFormat *format)
{
  set_v4l2_bps (element, format);
}

static void
set_up_x264 (GstElement *element, const EngineFormat *format)
{
  /* Frame threads cost the least; the delay of two frames that they add is within the budget. */
  g_object_set (element, "vbv-buf-capacity", 1000u, "key-int-max", get_gop (format), "bframes", 0u,
                "rc-lookahead", 0, "sync-lookahead", 0, "mb-tree", FALSE, "sliced-threads", FALSE,
                "threads", 2u, NULL);
  /* The element puts a default of its own over the preset's: a quarter of all its time. Filled up to
   * the rate, as HRD would be, but so that the rate can be changed. The rest is what every preset
   * must have alike, since it is in the headers: one can then follow another in the same file. */
  g_object_set (element, "trellis", FALSE, "option-string",
                "scenecut=0:open-gop=0:filler=1:force-cfr=1:cabac=1:8x8dct=1:ref=1:weightp=1",
                NULL);
}

static void
set_up_openh264 (GstElement *element, const EngineFormat *format)
{
  gst_util_set_object_arg (G_OBJECT (element), "rate-control", "bitrate");
  g_object_set (element, "gop-size", get_gop (format), "scene-change-detection", FALSE,
                "multi-thread", 2u, NULL);
}

static const char *const x264_presets[] = { "ultrafast", "superfast", "veryfast", "faster", NULL };
static const char *const openh264_presets[] = { "low", NULL };

/* In the order of preference. */
static const EngineCodec codecs[] = {
  { .factory = "vah264enc", .hardware = TRUE, .bps_per_unit = 1000, .set_up = set_up_va },
  { .factory = "vah264lpenc", .hardware = TRUE, .bps_per_unit = 1000, .set_up = set_up_va },
  { .factory = "vaapih264enc", .hardware = TRUE, .bps_per_unit = 1000, .set_up = set_up_va },
  { .factory = "nvautogpuh264enc",
    .hardware = TRUE,
    .bps_per_unit = 1000,
    .set_up = set_up_nvidia },
  { .factory = "nvh264enc", .hardware = TRUE, .bps_per_unit = 1000, .set_up = set_up_nvidia },
  { .factory = "qsvh264enc", .hardware = TRUE, .bps_per_unit = 1000, .set_up = set_up_va },
  { .factory = "v4l2h264enc", .hardware = TRUE, .set_up = set_up_v4l2, .set_bps = set_v4l2_bps },
  { .factory = "x264enc",
    .presets = x264_presets,
    .usual_preset = 1,
    .parser = "identity",
    .sets_level = TRUE,
    .bps_per_unit = 1000,
    .set_up = set_up_x264 },
  { .factory = "openh264enc",
    .presets = openh264_presets,
    .bps_per_unit = 1,
    .set_up = set_up_openh264 },
};

guint
engine_codecs_get_n (void)
{
  return G_N_ELEMENTS (codecs);
}

/**
 * engine_codecs_get:
 * @n: which, the one to be preferred first
 *
 * Returns: (transfer none): it
 */
const EngineCodec *
engine_codecs_get (guint n)
{
  g_return_val_if_fail (n < G_N_ELEMENTS (codecs), NULL);

  return &codecs[n];
}

gboolean
engine_codec_is_installed (const EngineCodec *self)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (self->factory);

  return factory != NULL;
}

/**
 * engine_choice_get_preset:
 * @choice: a choice
 *
 * Returns: (nullable): what its codec calls the speed
 */
const char *
engine_choice_get_preset (const EngineChoice *choice)
{
  const EngineCodec *codec = engine_codecs_get (choice->codec);

  return codec->presets != NULL ? codec->presets[choice->preset] : NULL;
}

/**
 * engine_choice_find_usual:
 * @first_codec: where to begin in the table; 0 is its first
 * @choice: (inout): codec and speed are set if there is one
 *
 * Returns: whether one is installed that needs no trial
 */
gboolean
engine_choice_find_usual (guint first_codec, EngineChoice *choice)
{
  for (guint i = first_codec; i < G_N_ELEMENTS (codecs); i++) {
    if (codecs[i].hardware || !engine_codec_is_installed (&codecs[i]))
      continue;
    choice->codec = i;
    choice->preset = codecs[i].usual_preset;
    return TRUE;
  }
  return FALSE;
}

/* H.264's levels say what a decoder must be able to do: by size and rate only, so that it does not
 * depend on a bitrate that may change. */
static const char *
get_level (const EngineFormat *format)
{
  const int blocks = (format->width_px + 15) / 16 * ((format->height_px + 15) / 16);
  const int blocks_per_s = blocks * format->rate_fps;

  if (blocks <= 8192 && blocks_per_s <= 245760)
    return "4";
  if (blocks <= 8704 && blocks_per_s <= 522240)
    return "4.2";
  return blocks_per_s <= 983040 ? "5.1" : "5.2";
}

/* What comes is scaled and converted where it is not what the encoder takes. */
static GstElement *
add_converter (const EngineCodec *codec, GstElement *bin, GstElement *source,
               const GstVideoInfo *info, const EngineFormat *format, GError **error)
{
  g_autoptr (GstCaps) size =
    gst_caps_new_simple ("video/x-raw", "width", G_TYPE_INT, format->width_px, "height", G_TYPE_INT,
                         format->height_px, NULL);
  GstElement *converter = NULL, *filter = NULL;

  if (!codec->hardware && info->width == format->width_px && info->height == format->height_px)
    return source;
  converter = engine_make (bin, "videoconvertscale", NULL, error);
  filter = converter != NULL ? engine_make (bin, "capsfilter", NULL, error) : NULL;
  if (filter == NULL)
    return NULL;
  g_object_set (filter, "caps", size, NULL);
  return engine_link (source, converter, error) && engine_link (converter, filter, error) ? filter
                                                                                          : NULL;
}

/**
 * engine_codec_build:
 * @choice: how
 * @bin: a pipeline that is not running
 * @source: where the pictures come from
 * @info: what they are
 * @format: what they are to become
 * @encoder: (out): the encoder in it
 *
 * Fails with an `ENGINE_ERROR`.
 *
 * Returns: (transfer none) (nullable): the element that gives H.264 as muxers want it
 */
GstElement *
engine_codec_build (const EngineChoice *choice, GstElement *bin, GstElement *source,
                    const GstVideoInfo *info, const EngineFormat *format, GstElement **encoder,
                    GError **error)
{
  const EngineCodec *codec = engine_codecs_get (choice->codec);
  g_autoptr (GstCaps) coded =
    gst_caps_new_simple ("video/x-h264", "profile", G_TYPE_STRING, "high", NULL);
  GstElement *first = add_converter (codec, bin, source, info, format, error);
  GstElement *element = first != NULL ? engine_make (bin, codec->factory, NULL, error) : NULL;
  GstElement *filter = element != NULL ? engine_make (bin, "capsfilter", NULL, error) : NULL;
  GstElement *parser =
    filter != NULL
      ? engine_make (bin, codec->parser != NULL ? codec->parser : "h264parse", NULL, error)
      : NULL;

  if (parser == NULL)
    return NULL;
  if (codec->sets_level)
    gst_caps_set_simple (coded, "level", G_TYPE_STRING, get_level (format), NULL);
  if (codec->presets != NULL)
    set (element, g_str_equal (codec->factory, "x264enc") ? "speed-preset" : "complexity",
         codec->presets[choice->preset]);
  codec->set_up (element, format);
  engine_codec_set_bps (codec, element, format);
  g_object_set (filter, "caps", coded, NULL);
  if (!engine_link (first, element, error) || !engine_link (element, filter, error) ||
      !engine_link (filter, parser, error))
    return NULL;
  *encoder = element;
  return parser;
}

/**
 * engine_codec_set_bps:
 * @self: a codec
 * @encoder: its element, running or not
 * @format: has the rate it is to keep from now on
 */
void
engine_codec_set_bps (const EngineCodec *self, GstElement *encoder, const EngineFormat *format)
{
  if (self->set_bps != NULL)
    self->set_bps (encoder, format);
  else
    set_number (encoder, "bitrate", (guint) format->video_bps / self->bps_per_unit);
}

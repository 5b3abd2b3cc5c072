/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/video/video.h>

#include "engine-pipeline.h"
#include "engine-whip-picture.h"

/* No larger than this, or a laptop would do nothing else. */
#define VP8_MAX_WIDTH_PX  1280
#define VP8_MAX_HEIGHT_PX 720
#define VP8_BPS           2500000

/* What waits longer than this many pictures for the second encoder is left out. */
#define MAX_FRAMES 4u

/* The elements that @factories name, up to `NULL`, one after the other behind @source; they go into
 * @made. */
static GstElement *
chain (GstElement *source, GstElement *bin, const char *const *factories, GPtrArray *made,
       GError **error)
{
  GstElement *last = source;

  for (guint i = 0; factories[i] != NULL; i++) {
    GstElement *element = engine_make (bin, factories[i], NULL, error);

    if (element == NULL || !engine_link (last, element, error))
      return NULL;
    g_ptr_array_add (made, element);
    last = element;
  }
  return last;
}

static GstElement *
build_h264 (GstElement *source, GstElement *bin, GError **error)
{
  static const char *const factories[] = { "h264parse", "rtph264pay", NULL };
  g_autoptr (GPtrArray) made = g_ptr_array_new ();
  GstElement *payloader = chain (source, bin, factories, made, error);

  if (payloader == NULL)
    return NULL;
  g_object_set (g_ptr_array_index (made, 0), "config-interval", -1, NULL);
  g_object_set (payloader, "config-interval", -1, NULL);
  gst_util_set_object_arg (G_OBJECT (payloader), "aggregate-mode", "zero-latency");
  return payloader;
}

static void
set_up_vp8 (GstElement *encoder)
{
  g_object_set (encoder, "deadline", G_GINT64_CONSTANT (1), "cpu-used", 8, "threads", 2,
                "target-bitrate", VP8_BPS, "lag-in-frames", 0, "keyframe-max-dist", 120,
                "undershoot", 95, "overshoot", 15, "buffer-size", 600, "buffer-initial-size", 300,
                "buffer-optimal-size", 500, "min-quantizer", 4, "max-quantizer", 56,
                "static-threshold", 1, NULL);
  gst_util_set_object_arg (G_OBJECT (encoder), "end-usage", "cbr");
}

static GstElement *
build_vp8 (GstElement *source, GstElement *bin, GError **error)
{
  enum {
    DECODER,
    QUEUE,
    SCALER,
    CONVERTER,
    FILTER,
    ENCODER
  };
  static const char *const factories[] = { "avdec_h264", "queue",  "videoscale", "videoconvert",
                                           "capsfilter", "vp8enc", "rtpvp8pay",  NULL };
  g_autoptr (GPtrArray) made = g_ptr_array_new ();
  g_autoptr (GstCaps) caps =
    gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width",
                         GST_TYPE_INT_RANGE, 16, VP8_MAX_WIDTH_PX, "height", GST_TYPE_INT_RANGE, 16,
                         VP8_MAX_HEIGHT_PX, "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
  GstElement *payloader = chain (source, bin, factories, made, error);

  if (payloader == NULL)
    return NULL;
  g_object_set (g_ptr_array_index (made, DECODER), "max-threads", 1, NULL);
  g_object_set (g_ptr_array_index (made, QUEUE), "max-size-buffers", MAX_FRAMES, "max-size-bytes",
                0u, "max-size-time", G_GUINT64_CONSTANT (0), NULL);
  gst_util_set_object_arg (g_ptr_array_index (made, QUEUE), "leaky", "downstream");
  g_object_set (g_ptr_array_index (made, FILTER), "caps", caps, NULL);
  set_up_vp8 (g_ptr_array_index (made, ENCODER));
  return payloader;
}

/**
 * engine_whip_picture_build:
 * @picture: what the server gets
 * @source: what gives the shared encode
 * @bin: the pipeline
 *
 * Returns: (transfer none) (nullable): the payloader at the end, behind @source
 */
GstElement *
engine_whip_picture_build (EngineWhipPicture picture, GstElement *source, GstElement *bin,
                           GError **error)
{
  switch (picture) {
  case ENGINE_WHIP_PICTURE_H264:
    return build_h264 (source, bin, error);
  case ENGINE_WHIP_PICTURE_VP8:
    return build_vp8 (source, bin, error);
  }
  g_return_val_if_reached (NULL);
}

/**
 * engine_whip_picture_ask_for_keyframe:
 * @payloader: what [func@engine_whip_picture_build] returned
 *
 * Asks the nearest encoder before it, which is that of this pipeline, or the shared one.
 */
void
engine_whip_picture_ask_for_keyframe (GstElement *payloader)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (payloader, "src");

  gst_pad_send_event (pad,
                      gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE, 0));
}

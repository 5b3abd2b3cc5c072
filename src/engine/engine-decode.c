/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-decode.h"
#include "engine-downmix.h"

/* A picture of 8K, and a little more. */
#define MAX_PIXELS (8192 * 4400)

/* Larger ones are made smaller before they come to the mix, which would do it for every frame. */
#define MAX_MIXED_PIXELS    (4096 * 2304)
#define MIXED_CAPS          "video/x-raw,width=[1,3840],height=[1,2160],pixel-aspect-ratio=1/1"

#define RTSP_LATENCY_MS     200
#define RTSP_UDP_TIMEOUT_US G_GUINT64_CONSTANT (2000000)

/**
 * engine_decode_link:
 * @chain: (array length=n): elements that were put in already
 * @n: how many
 *
 * Any thread.
 *
 * Returns: whether each fits the next; fails with %ENGINE_ERROR_STREAM
 */
gboolean
engine_decode_link (GstElement **chain, guint n, GError **error)
{
  for (guint i = 0; i + 1 < n; i++) {
    if (!engine_link (chain[i], chain[i + 1], error))
      return FALSE;
  }
  return TRUE;
}

/* Whether a phone held upright says so. */
static gboolean
is_turned (GstEvent *event)
{
  GstTagList *tags = NULL; /* borrowed */
  g_autofree char *orientation = NULL;

  gst_event_parse_tag (event, &tags);
  return gst_tag_list_get_string (tags, GST_TAG_IMAGE_ORIENTATION, &orientation) &&
         !g_str_equal (orientation, "rotate-0");
}

/* Streaming thread; nothing passes the pad meanwhile. What turns pictures copies every one, so it is
 * put in only where a tag asks for it. */
static GstPadProbeReturn
insert_flip_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  g_autoptr (GstElement) convert = gst_pad_get_parent_element (pad);
  g_autoptr (GstPad) next_pad = gst_pad_get_peer (pad);
  g_autoptr (GstElement) next = next_pad != NULL ? gst_pad_get_parent_element (next_pad) : NULL;
  g_autoptr (GstElement) bin =
    convert != NULL ? GST_ELEMENT (gst_element_get_parent (convert)) : NULL;
  GstElement *flip = NULL;

  if (next == NULL || bin == NULL || (flip = engine_make (bin, "videoflip", NULL, NULL)) == NULL)
    return GST_PAD_PROBE_REMOVE; /* a picture on its side is better than none */
  gst_util_set_object_arg (G_OBJECT (flip), "video-direction", "auto");
  gst_element_unlink (convert, next);
  if (!gst_element_link_many (convert, flip, next, NULL))
    GST_ELEMENT_ERROR (convert, CORE, NEGOTIATION, (NULL), ("the picture cannot be turned"));
  gst_element_sync_state_with_parent (flip);
  return GST_PAD_PROBE_REMOVE;
}

/* Streaming thread. The tag comes after the first pictures are announced, but before they come. */
static GstPadProbeReturn
decoded_event_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstElement *convert = user_data;
  g_autoptr (GstPad) source_pad = NULL;

  if (GST_EVENT_TYPE (gst_pad_probe_info_get_event (info)) != GST_EVENT_TAG ||
      !is_turned (gst_pad_probe_info_get_event (info)))
    return GST_PAD_PROBE_OK;
  source_pad = gst_element_get_static_pad (convert, "src");
  gst_pad_add_probe (source_pad, GST_PAD_PROBE_TYPE_IDLE, insert_flip_cb, NULL, NULL);
  return GST_PAD_PROBE_REMOVE;
}

static gboolean
is_interlaced (const GstCaps *caps)
{
  const char *mode =
    caps != NULL ? gst_structure_get_string (gst_caps_get_structure (caps, 0), "interlace-mode")
                 : NULL;

  return mode != NULL && !g_str_equal (mode, "progressive");
}

static gboolean
is_large (const GstCaps *caps)
{
  int width = 0, height = 0;

  return caps != NULL &&
         gst_structure_get_int (gst_caps_get_structure (caps, 0), "width", &width) &&
         gst_structure_get_int (gst_caps_get_structure (caps, 0), "height", &height) &&
         (gint64) width * height > MAX_MIXED_PIXELS;
}

static void
set_up (GstElement *element)
{
  const char *factory = GST_OBJECT_NAME (gst_element_get_factory (element));
  g_autoptr (GstCaps) caps = NULL;

  if (g_str_equal (factory, "deinterlace")) {
    gst_util_set_object_arg (G_OBJECT (element), "fields", "top");
  } else if (g_str_equal (factory, "capsfilter")) {
    caps = gst_caps_from_string (MIXED_CAPS);
    g_object_set (element, "caps", caps, NULL);
  }
}

/**
 * engine_decode_make_picture_chain:
 * @bin: where it is put, running or not
 * @bridge: where it leads
 * @pad: (nullable): where raw pictures will come from; not linked yet
 *
 * What costs a copy of every picture is put in only where it is needed. Of interlaced pictures one
 * is made of two fields: the program has no room for more. Any thread.
 *
 * Returns: (transfer none) (nullable): its first element, or `NULL` on error
 */
GstElement *
engine_decode_make_picture_chain (GstElement *bin, EngineBridge *bridge, GstPad *pad,
                                  GError **error)
{
  g_autoptr (GstCaps) caps = pad != NULL ? gst_pad_get_current_caps (pad) : NULL;
  const gboolean large = is_large (caps);
  const char *const factories[] = { "queue", is_interlaced (caps) ? "deinterlace" : NULL,
                                    large ? "videoscale" : NULL, large ? "capsfilter" : NULL,
                                    "videoconvert" };
  GstElement *chain[G_N_ELEMENTS (factories) + 1] = { NULL };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (factories); i++) {
    if (factories[i] != NULL && (chain[n++] = engine_make (bin, factories[i], NULL, error)) == NULL)
      return NULL;
    if (factories[i] != NULL)
      set_up (chain[n - 1]);
  }
  if (pad != NULL)
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, decoded_event_cb,
                       gst_object_ref (chain[n - 1]), gst_object_unref);
  chain[n++] = engine_bridge_make_picture_sink (bridge, bin, error);
  if (chain[n - 1] == NULL)
    return NULL;
  g_object_set (chain[0], "max-size-buffers", 3, "max-size-bytes", 0, "max-size-time",
                G_GUINT64_CONSTANT (0), NULL);
  if (!engine_decode_link (chain, n, error))
    return NULL;
  for (guint i = n; i-- > 0;)
    gst_element_sync_state_with_parent (chain[i]);
  return chain[0];
}

/**
 * engine_decode_make_sound_chain:
 * @bin: where it is put, running or not
 * @bridge: where it leads
 *
 * Any thread.
 *
 * Returns: (transfer none) (nullable): its first element, or `NULL` on error
 */
GstElement *
engine_decode_make_sound_chain (GstElement *bin, EngineBridge *bridge, GError **error)
{
  GstElement *chain[4] = { engine_make (bin, "queue", NULL, error) };

  if (chain[0] == NULL || (chain[1] = engine_make (bin, "audioconvert", NULL, error)) == NULL ||
      (chain[2] = engine_make (bin, "audioresample", NULL, error)) == NULL ||
      (chain[3] = engine_bridge_make_sound_sink (bridge, bin, error)) == NULL)
    return NULL;
  engine_downmix_follow (chain[1]);
  if (!engine_decode_link (chain, G_N_ELEMENTS (chain), error))
    return NULL;
  for (guint i = G_N_ELEMENTS (chain); i-- > 0;)
    gst_element_sync_state_with_parent (chain[i]);
  return chain[0];
}

/* What a decoder's new pad needs; freed with the signal's closure. */
typedef struct {
  EngineBridge *bridge;
  gboolean has_picture;
  gboolean has_sound;
} Decoded;

static void
decoded_free (gpointer data, GClosure *closure)
{
  Decoded *decoded = data;

  g_object_unref (decoded->bridge);
  g_free (decoded);
}

/* Streaming thread. The first picture and the first sound are taken, all else is left alone. */
static void
pad_added_cb (GstElement *decoder, GstPad *pad, gpointer user_data)
{
  Decoded *decoded = user_data;
  g_autoptr (GstElement) bin = GST_ELEMENT (gst_element_get_parent (decoder));
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GError) error = NULL;
  GstElement *chain = NULL;
  const char *name = NULL;

  if (caps == NULL)
    caps = gst_pad_query_caps (pad, NULL);
  if (bin == NULL || gst_caps_get_size (caps) == 0)
    return;
  name = gst_structure_get_name (gst_caps_get_structure (caps, 0));
  if (g_str_has_prefix (name, "video/x-raw") && !decoded->has_picture) {
    decoded->has_picture = TRUE;
    chain = engine_decode_make_picture_chain (bin, decoded->bridge, pad, &error);
  } else if (g_str_has_prefix (name, "audio/x-raw") && !decoded->has_sound) {
    decoded->has_sound = TRUE;
    chain = engine_decode_make_sound_chain (bin, decoded->bridge, &error);
  } else {
    return;
  }
  if (chain != NULL) {
    g_autoptr (GstPad) sink_pad = gst_element_get_static_pad (chain, "sink");

    if (GST_PAD_LINK_SUCCESSFUL (gst_pad_link (pad, sink_pad)))
      return;
  }
  GST_ELEMENT_ERROR (decoder, CORE, NEGOTIATION, (NULL),
                     ("%s", error != NULL ? error->message : "the stream cannot be used"));
}

/* Streaming thread. What comes to a decoder is what the source has sent: who records the source wants
 * that, and not what becomes of it. */
static GstPadProbeReturn
encoded_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  EngineBridge *bridge = user_data;
  EngineTap *tap = engine_bridge_get_tap (bridge);
  GstBuffer *buffer = gst_pad_probe_info_get_buffer (info);
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstEvent) event = NULL;
  g_autoptr (GstElement) decoder = NULL;
  const GstSegment *segment = NULL;
  guint64 running_ns = 0;
  gint64 time_ns = 0;

  if (!engine_tap_is_wanted (tap) || !GST_BUFFER_PTS_IS_VALID (buffer) ||
      (caps = gst_pad_get_current_caps (pad)) == NULL ||
      (event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0)) == NULL ||
      (decoder = gst_pad_get_parent_element (pad)) == NULL)
    return GST_PAD_PROBE_OK;
  gst_event_parse_segment (event, &segment);
  if (segment->format != GST_FORMAT_TIME ||
      gst_segment_to_running_time_full (segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer),
                                        &running_ns) <= 0)
    return GST_PAD_PROBE_OK;
  time_ns = engine_bridge_get_time (bridge, (gint64) running_ns +
                                              (gint64) gst_element_get_base_time (decoder));
  if (time_ns >= 0)
    engine_tap_push_encoded (
      tap,
      gst_structure_has_name (gst_caps_get_structure (caps, 0), "image/jpeg") ||
          g_str_has_prefix (gst_structure_get_name (gst_caps_get_structure (caps, 0)), "video/")
        ? ENGINE_MEDIA_VIDEO
        : ENGINE_MEDIA_AUDIO,
      buffer, caps, time_ns);
  return GST_PAD_PROBE_OK;
}

static void
watch_encoded (GstElement *element, EngineBridge *bridge)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "sink");

  if (pad != NULL)
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, encoded_cb, g_object_ref (bridge),
                       g_object_unref);
}

/* Streaming thread. One thread a decoder is enough for what a laptop can mix at all, and costs less
 * than several that wait for each other: the sources themselves share the processor. */
static void
element_added_cb (GstBin *bin, GstBin *sub_bin, GstElement *element, gpointer user_data)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  if (factory != NULL && !GST_IS_BIN (element) &&
      gst_element_factory_list_is_type (factory, GST_ELEMENT_FACTORY_TYPE_DECODER))
    watch_encoded (element, user_data);

  if (factory != NULL && g_str_has_prefix (GST_OBJECT_NAME (factory), "avdec_h26"))
    g_object_set (element, "max-threads", 1, NULL);
}

/* Streaming thread. A picture of a few kilobytes may say that it is as large as a house: it is refused
 * before there is memory for it. */
static gboolean
autoplug_continue_cb (GstElement *decoder, GstPad *pad, GstCaps *caps, gpointer user_data)
{
  const GstStructure *structure =
    gst_caps_get_size (caps) > 0 ? gst_caps_get_structure (caps, 0) : NULL;
  int width = 0, height = 0;

  if (structure == NULL || !gst_structure_get_int (structure, "width", &width) ||
      !gst_structure_get_int (structure, "height", &height) ||
      (gint64) width * height <= MAX_PIXELS)
    return TRUE;
  GST_ELEMENT_ERROR (decoder, STREAM, WRONG_TYPE,
                     ("a picture of %d×%d is too large", width, height), (NULL));
  return FALSE;
}

/* Streaming thread. What a conversation needs: little delay, and soon another way if one is closed. */
static void
source_setup_cb (GstElement *decoder, GstElement *source, gpointer user_data)
{
  GstElementFactory *factory = gst_element_get_factory (source);

  if (factory != NULL && g_str_equal (GST_OBJECT_NAME (factory), "rtspsrc"))
    g_object_set (source, "latency", RTSP_LATENCY_MS, "timeout", RTSP_UDP_TIMEOUT_US, NULL);
}

/**
 * engine_decode_connect:
 * @decoder: a `decodebin` or `uridecodebin`
 * @bridge: where the first picture and the first sound that it finds lead
 */
void
engine_decode_connect (GstElement *decoder, EngineBridge *bridge)
{
  Decoded *decoded = g_new0 (Decoded, 1);

  decoded->bridge = g_object_ref (bridge);
  g_signal_connect_data (decoder, "deep-element-added", G_CALLBACK (element_added_cb),
                         g_object_ref (bridge), (GClosureNotify) (void (*) (void)) g_object_unref,
                         0);
  g_signal_connect (decoder, "autoplug-continue", G_CALLBACK (autoplug_continue_cb), NULL);
  if (g_signal_lookup ("source-setup", G_OBJECT_TYPE (decoder)) != 0)
    g_signal_connect (decoder, "source-setup", G_CALLBACK (source_setup_cb), NULL);
  g_signal_connect_data (decoder, "pad-added", G_CALLBACK (pad_added_cb), decoded, decoded_free, 0);
}

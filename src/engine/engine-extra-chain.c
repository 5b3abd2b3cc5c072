/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-extra-chain.h"

#define MAX_ELEMENTS 3

/* Which elements bring a format into a Matroska file. What is not encoded is encoded cheaply, and
 * sound without loss. */
static const struct {
  const char *format;
  const char *const elements[MAX_ELEMENTS];
} chains[] = {
  { "video/x-h264", { "h264parse" } },
  { "video/x-h265", { "h265parse" } },
  { "video/x-vp8", { NULL } },
  { "video/x-vp9", { NULL } },
  { "image/jpeg", { NULL } },
  { "audio/mpeg", { NULL } }, /* see parser_of () */
  { "audio/x-opus", { "opusparse" } },
  { "audio/x-ac3", { "ac3parse" } },
  { "video/x-raw", { "videoconvert", "x264enc", "h264parse" } },
  { "audio/x-raw", { "audioconvert", "audioresample", "flacenc" } },
};

static const char *const *
find_chain (const GstCaps *caps)
{
  const GstStructure *structure =
    gst_caps_get_size (caps) > 0 ? gst_caps_get_structure (caps, 0) : NULL;

  for (guint i = 0; structure != NULL && i < G_N_ELEMENTS (chains); i++) {
    if (gst_structure_has_name (structure, chains[i].format))
      return chains[i].elements;
  }
  return NULL;
}

/**
 * engine_extra_chain_knows:
 * @caps: a format
 *
 * Any thread.
 *
 * Returns: whether it can be written
 */
gboolean
engine_extra_chain_knows (const GstCaps *caps)
{
  return find_chain (caps) != NULL;
}

static gboolean
is_sound (const GstCaps *caps)
{
  return g_str_has_prefix (gst_structure_get_name (gst_caps_get_structure (caps, 0)), "audio/");
}

static const char *
parser_of (const GstCaps *caps)
{
  int version = 0;

  gst_structure_get_int (gst_caps_get_structure (caps, 0), "mpegversion", &version);
  return version == 1 ? "mpegaudioparse" : "aacparse";
}

static void
set_up (GstElement *element)
{
  const char *factory = GST_OBJECT_NAME (gst_element_get_factory (element));

  if (g_str_equal (factory, "x264enc")) {
    gst_util_set_object_arg (G_OBJECT (element), "speed-preset", "ultrafast");
    gst_util_set_object_arg (G_OBJECT (element), "tune", "zerolatency");
    gst_util_set_object_arg (G_OBJECT (element), "pass", "qual");
    g_object_set (element, "quantizer", 23u, "key-int-max", 60u, "threads", 1u, NULL);
  }
}

static GstElement *
link_next (GstElement *bin, GstElement *last, const char *factory, GError **error)
{
  GstElement *next = engine_make (bin, factory, NULL, error);

  if (next == NULL || !engine_link (last, next, error))
    return NULL;
  set_up (next);
  return next;
}

/**
 * engine_extra_chain_make:
 * @bin: where it is put, not running
 * @muxer: a `matroskamux` in it
 * @caps: a format that is known
 *
 * Fails with %ENGINE_ERROR_MISSING_ELEMENT, or %ENGINE_ERROR_STREAM.
 *
 * Returns: (transfer none) (nullable): an appsrc that leads into @muxer, or `NULL` on error
 */
GstElement *
engine_extra_chain_make (GstElement *bin, GstElement *muxer, GstCaps *caps, GError **error)
{
  const char *const *elements = find_chain (caps);
  GstElement *source = engine_make (bin, "appsrc", NULL, error);
  GstElement *last = source;

  if (source == NULL)
    return NULL;
  g_object_set (source, "format", GST_FORMAT_TIME, "caps", caps, "max-bytes",
                G_GUINT64_CONSTANT (0), NULL);
  if (gst_structure_has_name (gst_caps_get_structure (caps, 0), "audio/mpeg"))
    last = link_next (bin, last, parser_of (caps), error);
  for (guint i = 0; last != NULL && i < MAX_ELEMENTS && elements[i] != NULL; i++)
    last = link_next (bin, last, elements[i], error);
  if (last == NULL)
    return NULL;
  if (!gst_element_link_pads (last, "src", muxer, is_sound (caps) ? "audio_%u" : "video_%u")) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STREAM, "%s cannot be written",
                 gst_structure_get_name (gst_caps_get_structure (caps, 0)));
    return NULL;
  }
  return source;
}

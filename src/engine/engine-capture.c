/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/audio/audio.h>
#include <stdlib.h>

#include "engine-address.h"
#include "engine-capture.h"
#include "engine-decode.h"
#include "engine-devices.h"
#include "engine-drawn.h"
#include "engine-mode.h"

/* From capture to the mix. A camera's picture takes up to a frame and a half to arrive and must be
 * there two thirds of a frame early; a network's arrive in bursts. */
#define CAMERA_DELAY_MS  80
#define FILE_DELAY_MS    60
#define NETWORK_DELAY_MS 250

/* Reading a screen from an X server costs more than most sources. */
#define SCREEN_FPS          30
#define SCREEN_KEEPALIVE_MS 500

/**
 * engine_source_config_copy:
 * @to: (out): becomes a copy that owns its strings
 * @from: what a source is
 */
void
engine_source_config_copy (EngineSourceConfig *to, const EngineSourceConfig *from)
{
  *to = *from;
  to->id = g_strdup (from->id);
  to->title = g_strdup (from->title);
  to->mode = g_strdup (from->mode);
  to->file = g_strdup (from->file);
  to->text = g_strdup (from->text);
  to->background = g_strdup (from->background);
  to->colour = g_strdup (from->colour);
  to->font = g_strdup (from->font);
  to->device = g_strdup (from->device);
  to->sound = g_strdup (from->sound);
  to->uri = g_strdup (from->uri);
  to->picture = g_strdup (from->picture);
  to->lost_sentence = g_strdup (from->lost_sentence);
}

/**
 * engine_source_config_clear:
 * @config: (inout): a copy
 *
 * Frees its strings.
 */
void
engine_source_config_clear (EngineSourceConfig *config)
{
  g_free ((char *) config->id);
  g_free ((char *) config->title);
  g_free ((char *) config->mode);
  g_free ((char *) config->file);
  g_free ((char *) config->text);
  g_free ((char *) config->background);
  g_free ((char *) config->colour);
  g_free ((char *) config->font);
  g_free ((char *) config->device);
  g_free ((char *) config->sound);
  g_free ((char *) config->uri);
  g_free ((char *) config->picture);
  g_free ((char *) config->lost_sentence);
  *config = (EngineSourceConfig){ 0 };
}

/**
 * engine_capture_get_timing:
 * @config: a source
 *
 * Returns: whose clock stamps what it brings
 */
EngineTiming
engine_capture_get_timing (const EngineSourceConfig *config)
{
  static const char *const live_schemes[] = { "rtsp",  "rtsps", "srt", "rtmp",
                                              "rtmps", "udp",   "rtp", NULL };

  switch (config->kind) {
  case ENGINE_SOURCE_CAMERA:
  case ENGINE_SOURCE_SCREEN:
  case ENGINE_SOURCE_REMOTE:
    return ENGINE_TIMING_CLOCKED;
  case ENGINE_SOURCE_URI:
    return engine_address_has_scheme (config->uri, live_schemes) ? ENGINE_TIMING_ANCHORED
                                                                 : ENGINE_TIMING_PACED;
  case ENGINE_SOURCE_STILL:
  case ENGINE_SOURCE_DRAWN:
  case ENGINE_SOURCE_SLIDES:
  case ENGINE_SOURCE_CARD:
    return ENGINE_TIMING_PACED;
  case ENGINE_SOURCE_FILM:
    return ENGINE_TIMING_HELD;
  }
  g_return_val_if_reached (ENGINE_TIMING_PACED);
}

int
engine_capture_get_delay_ms (const EngineSourceConfig *config)
{
  if (config->delay_ms >= 0)
    return config->delay_ms;
  switch (engine_capture_get_timing (config)) {
  case ENGINE_TIMING_CLOCKED:
    return CAMERA_DELAY_MS;
  case ENGINE_TIMING_PACED:
  case ENGINE_TIMING_HELD:
    return FILE_DELAY_MS;
  case ENGINE_TIMING_ANCHORED:
    return NETWORK_DELAY_MS;
  }
  g_return_val_if_reached (FILE_DELAY_MS);
}

EngineDeviceKind
engine_capture_get_device_kind (EnginePart part)
{
  return part == ENGINE_PART_MAIN ? ENGINE_DEVICE_CAMERA : ENGINE_DEVICE_MICROPHONE;
}

static GstElement *
make_device (GstElement *bin, EngineDevice *device, GError **error)
{
  GstElement *element = gst_device_create_element (engine_device_get_gst_device (device), NULL);
  const char *factory = NULL;

  if (element == NULL) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT,
                 "the GStreamer element for this device is not installed");
    return NULL;
  }
  gst_bin_add (GST_BIN (bin), element);

  /* Sound servers would give us another device in place of one that went away: what was not asked for
   * must never be heard or seen. And pipewiresrc gives buffers without times, and lends us the
   * camera's own few buffers. */
  factory = GST_OBJECT_NAME (gst_element_get_factory (element));
  if (g_str_equal (factory, "pipewiresrc") || g_str_equal (factory, "pulsesrc")) {
    g_autoptr (GstStructure) properties =
      gst_structure_new ("props", "node.dont-reconnect", G_TYPE_STRING, "true", NULL);

    g_object_set (element, "stream-properties", properties, NULL);
  }
  if (g_str_equal (factory, "pipewiresrc"))
    g_object_set (element, "do-timestamp", TRUE, "always-copy", TRUE, NULL);
  if (g_str_equal (factory, "pulsesrc")) {
    g_object_set (element, "buffer-time", G_GINT64_CONSTANT (40000), "latency-time",
                  G_GINT64_CONSTANT (10000), "client-name", "Régie", NULL);
    /* Its usual way to follow our clock jumps by 50 ms a few seconds after the start; times of
     * arrival are a few milliseconds off, which the slot evens out. */
    gst_util_set_object_arg (G_OBJECT (element), "slave-method", "re-timestamp");
  }
  return element;
}

/* Looks for what @config asks for; @device_id (out) is what was found. */
static EngineDevice *
find_device (const EngineSourceConfig *config, EnginePart part, char **device_id, GError **error)
{
  const EngineDeviceKind kind = engine_capture_get_device_kind (part);
  const char *noun = kind == ENGINE_DEVICE_CAMERA ? "camera" : "microphone";
  const char *id = kind == ENGINE_DEVICE_CAMERA ? config->device : config->sound;
  EngineDevices *devices = engine_devices_get_default ();
  EngineDevice *device = engine_devices_find (devices, kind, id);
  const GError *trouble = engine_devices_get_trouble (devices, kind);

  if (device != NULL)
    *device_id = g_strdup (engine_device_get_id (device));
  else if (trouble != NULL)
    g_propagate_error (error, g_error_copy (trouble));
  else if (g_strcmp0 (id, "default") == 0)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "no %s is plugged in", noun);
  else
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "the %s “%s” is not plugged in", noun,
                 id);
  return device;
}

static gboolean
build_camera (GstElement *bin, const EngineSourceConfig *config, EngineBridge *bridge,
              const EngineFormat *format, char **device_id, GError **error)
{
  g_autoptr (EngineDevice) device = find_device (config, ENGINE_PART_MAIN, device_id, error);
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstCaps) mode = NULL;
  GstElement *chain[3] = { NULL };

  if (device == NULL || (chain[0] = make_device (bin, device, error)) == NULL ||
      (chain[1] = engine_make (bin, "capsfilter", NULL, error)) == NULL ||
      (chain[2] = engine_make (bin, "decodebin", NULL, error)) == NULL)
    return FALSE;
  caps = gst_device_get_caps (engine_device_get_gst_device (device));
  mode = engine_mode_choose (caps, config->mode, format);
  if (mode != NULL)
    g_object_set (chain[1], "caps", mode, NULL);
  engine_decode_connect (chain[2], bridge);
  return engine_decode_link (chain, G_N_ELEMENTS (chain), error);
}

static gboolean
build_microphone (GstElement *bin, const EngineSourceConfig *config, EngineBridge *bridge,
                  char **device_id, GError **error)
{
  g_autoptr (EngineDevice) device = find_device (config, ENGINE_PART_SOUND, device_id, error);
  GstElement *source = NULL, *chain = NULL;

  if (device == NULL || (source = make_device (bin, device, error)) == NULL ||
      (chain = engine_decode_make_sound_chain (bin, bridge, error)) == NULL)
    return FALSE;
  return engine_link (source, chain, error);
}

static gboolean
build_uri (GstElement *bin, const char *uri, EngineBridge *bridge, GError **error)
{
  GstElement *decoder = engine_make (bin, "uridecodebin", NULL, error);

  if (decoder == NULL)
    return FALSE;
  g_object_set (decoder, "uri", uri, NULL);
  engine_decode_connect (decoder, bridge);
  return TRUE;
}

static gboolean
build_film (GstElement *bin, const EngineSourceConfig *config, EngineBridge *bridge, GError **error)
{
  g_autofree char *uri = gst_filename_to_uri (config->file, NULL);

  if (uri != NULL)
    return build_uri (bin, uri, bridge, error);
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "“%s” is no path of a file",
               config->file);
  return FALSE;
}

/* A screen on which nothing changes gives no new picture: the last one is given again, or it would be
 * taken for lost. */
static GstElement *
make_screen (GstElement *bin, const EngineSourceConfig *config, GError **error)
{
  GstElement *source = NULL;
  g_autofree char *path = NULL;

  if (config->screen_fd < 0) {
    source = engine_make (bin, "ximagesrc", NULL, error);
    if (source != NULL)
      g_object_set (source, "use-damage", FALSE, "do-timestamp", TRUE, NULL);
    return source;
  }
  source = engine_make (bin, "pipewiresrc", NULL, error);
  path = g_strdup_printf ("%u", config->screen_node);
  if (source != NULL)
    g_object_set (source, "fd", config->screen_fd, "path", path, "do-timestamp", TRUE,
                  "always-copy", TRUE, "keepalive-time", SCREEN_KEEPALIVE_MS, NULL);
  return source;
}

static gboolean
build_screen (GstElement *bin, const EngineSourceConfig *config, EngineBridge *bridge,
              const EngineFormat *format, GError **error)
{
  g_autoptr (GstCaps) rate = gst_caps_new_simple ("video/x-raw", "framerate", GST_TYPE_FRACTION,
                                                  MIN (format->rate_fps, SCREEN_FPS), 1, NULL);
  GstElement *chain[3] = { make_screen (bin, config, error) };

  if (chain[0] == NULL || (chain[1] = engine_make (bin, "capsfilter", NULL, error)) == NULL ||
      (chain[2] = engine_decode_make_picture_chain (bin, bridge, NULL, error)) == NULL)
    return FALSE;
  /* A portal's screens give pictures when they change, and say no rate. */
  if (config->screen_fd < 0)
    g_object_set (chain[1], "caps", rate, NULL);
  return engine_decode_link (chain, G_N_ELEMENTS (chain), error);
}

/**
 * engine_capture_build:
 * @config: a source that comes from a pipeline
 * @part: the part of it
 * @clock: the show's clock
 * @bridge: where it leads, reset
 * @format: what the program would like best
 * @device_id: (out) (nullable): the stable id of the device it uses, if it uses one
 *
 * Main thread. Fails with %ENGINE_ERROR_NOT_FOUND or %ENGINE_ERROR_MISSING_ELEMENT.
 *
 * Returns: (transfer full) (nullable): the pipeline, not yet started, or `NULL` on error
 */
EnginePipeline *
engine_capture_build (const EngineSourceConfig *config, EnginePart part, EngineClock *clock,
                      EngineBridge *bridge, const EngineFormat *format, char **device_id,
                      GError **error)
{
  g_autoptr (EnginePipeline) pipeline = engine_pipeline_new (clock, config->id);
  GstElement *bin = engine_pipeline_get_bin (pipeline);
  gboolean built = FALSE;

  switch (config->kind) {
  case ENGINE_SOURCE_CAMERA:
    built = part == ENGINE_PART_MAIN ? build_camera (bin, config, bridge, format, device_id, error)
                                     : build_microphone (bin, config, bridge, device_id, error);
    break;
  case ENGINE_SOURCE_URI:
    built = build_uri (bin, config->uri, bridge, error);
    break;
  case ENGINE_SOURCE_DRAWN:
    built = engine_drawn_build (bin, config->drawing, bridge, error);
    break;
  case ENGINE_SOURCE_FILM:
    built = build_film (bin, config, bridge, error);
    break;
  case ENGINE_SOURCE_SCREEN:
    built = build_screen (bin, config, bridge, format, error);
    break;
  case ENGINE_SOURCE_STILL:
  case ENGINE_SOURCE_SLIDES:
  case ENGINE_SOURCE_CARD:
  case ENGINE_SOURCE_REMOTE:
    g_return_val_if_reached (NULL);
  }
  return built ? g_steal_pointer (&pipeline) : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/audio/audio.h>

#include "engine-drawn.h"
#include "engine-voice.h"

#define WIDTH_PX  1280
#define HEIGHT_PX 720

/* People move; slides stand still but for their fades. */
#define PEOPLE_FPS 30
#define SLIDES_FPS 12

/* A machine that is too slow draws fewer pictures, not the same ones later. */
#define LATE_NS (100 * GST_MSECOND)

/* How much sound is made at a time. */
#define VOICE_FRAMES 960

/* A picture or a voice, made when the clock asks for it, in a streaming thread. */
typedef struct {
  EngineDrawing *drawing; /* one of the two */
  EngineVoice *voice;
  GstBufferPool *pool; /* of pictures */
  int rate_fps;
  guint64 n; /* pictures drawn, or frames of sound */
} Drawn;

static void
drawn_free (gpointer data)
{
  Drawn *drawn = data;

  if (drawn->pool != NULL)
    gst_buffer_pool_set_active (drawn->pool, FALSE);
  gst_clear_object (&drawn->pool);
  g_clear_pointer (&drawn->drawing, engine_drawing_free);
  g_clear_pointer (&drawn->voice, engine_voice_free);
  g_free (drawn);
}

static GstBufferPool *
make_pool (GstCaps *caps)
{
  GstBufferPool *pool = gst_buffer_pool_new ();
  GstStructure *config = gst_buffer_pool_get_config (pool);

  gst_buffer_pool_config_set_params (config, caps, WIDTH_PX * HEIGHT_PX * 4, 3, 0);
  gst_buffer_pool_set_config (pool, config);
  gst_buffer_pool_set_active (pool, TRUE);
  return pool;
}

static void
skip_late_pictures (Drawn *drawn, GstElement *source)
{
  const GstClockTime now = gst_element_get_current_running_time (source);
  const guint64 rate_fps = (guint64) drawn->rate_fps;

  if (GST_CLOCK_TIME_IS_VALID (now) &&
      gst_util_uint64_scale (drawn->n, GST_SECOND, rate_fps) + LATE_NS < now)
    drawn->n = gst_util_uint64_scale (now, rate_fps, GST_SECOND) + 1;
}

static void
draw_picture_cb (GstAppSrc *source, guint length, gpointer user_data)
{
  Drawn *drawn = user_data;
  GstBuffer *buffer = NULL;
  GstMapInfo map;

  skip_late_pictures (drawn, GST_ELEMENT (source));

  if (gst_buffer_pool_acquire_buffer (drawn->pool, &buffer, NULL) != GST_FLOW_OK)
    return;
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (drawn->n, GST_SECOND, (guint64) drawn->rate_fps);
  GST_BUFFER_DURATION (buffer) = GST_SECOND / (guint64) drawn->rate_fps;
  if (gst_buffer_map (buffer, &map, GST_MAP_WRITE)) {
    engine_drawing_paint (drawn->drawing, GST_BUFFER_PTS (buffer), map.data, WIDTH_PX * 4);
    gst_buffer_unmap (buffer, &map);
  }
  drawn->n++;
  gst_app_src_push_buffer (source, buffer);
}

static void
make_sound_cb (GstAppSrc *source, guint length, gpointer user_data)
{
  Drawn *drawn = user_data;
  const gsize size = VOICE_FRAMES * ENGINE_N_CHANNELS * sizeof (float);
  float *samples = g_malloc (size);
  GstBuffer *buffer = gst_buffer_new_wrapped (samples, size);

  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (drawn->n, GST_SECOND, ENGINE_SAMPLE_RATE_HZ);
  GST_BUFFER_DURATION (buffer) =
    gst_util_uint64_scale (VOICE_FRAMES, GST_SECOND, ENGINE_SAMPLE_RATE_HZ);
  engine_voice_fill (drawn->voice, drawn->n, samples, VOICE_FRAMES);
  drawn->n += VOICE_FRAMES;
  gst_app_src_push_buffer (source, buffer);
}

/* Takes @drawn. */
static GstElement *
make_source (GstElement *bin, GstCaps *caps, Drawn *drawn,
             void (*need_data) (GstAppSrc *, guint, gpointer), GError **error)
{
  GstAppSrcCallbacks callbacks = { .need_data = need_data };
  GstElement *source = engine_make (bin, "appsrc", NULL, error);

  if (source == NULL) {
    drawn_free (drawn);
    return NULL;
  }
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "max-buffers",
                G_GUINT64_CONSTANT (2), "max-bytes", G_GUINT64_CONSTANT (0), NULL);
  gst_app_src_set_callbacks (GST_APP_SRC (source), &callbacks, drawn, drawn_free);
  return source;
}

static gboolean
build_picture (GstElement *bin, EngineDrawingKind kind, EngineBridge *bridge, GError **error)
{
  const int rate_fps = kind == ENGINE_DRAWING_SLIDES ? SLIDES_FPS : PEOPLE_FPS;
  g_autoptr (GstCaps) caps =
    gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "BGRx", "width", G_TYPE_INT,
                         WIDTH_PX, "height", G_TYPE_INT, HEIGHT_PX, "framerate", GST_TYPE_FRACTION,
                         rate_fps, 1, NULL);
  g_autoptr (GstCaps) i420 =
    gst_caps_from_string ("video/x-raw,format=I420,colorimetry=" GST_VIDEO_COLORIMETRY_BT709);
  Drawn *drawn = g_new0 (Drawn, 1);
  GstElement *source = NULL, *converter = NULL, *filter = NULL, *sink = NULL;

  drawn->drawing = engine_drawing_new (kind, WIDTH_PX, HEIGHT_PX);
  drawn->pool = make_pool (caps);
  drawn->rate_fps = rate_fps;
  source = make_source (bin, caps, drawn, draw_picture_cb, error);
  converter = source != NULL ? engine_make (bin, "videoconvert", NULL, error) : NULL;
  filter = converter != NULL ? engine_make (bin, "capsfilter", NULL, error) : NULL;
  sink = filter != NULL ? engine_bridge_make_picture_sink (bridge, bin, error) : NULL;
  if (sink == NULL)
    return FALSE;
  g_object_set (filter, "caps", i420, NULL);
  return engine_link (source, converter, error) && engine_link (converter, filter, error) &&
         engine_link (filter, sink, error);
}

static gboolean
build_voice (GstElement *bin, EngineDrawingKind kind, EngineBridge *bridge, GError **error)
{
  g_autoptr (GstCaps) caps =
    gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, GST_AUDIO_NE (F32), "rate",
                         G_TYPE_INT, ENGINE_SAMPLE_RATE_HZ, "channels", G_TYPE_INT,
                         ENGINE_N_CHANNELS, "layout", G_TYPE_STRING, "interleaved", NULL);
  Drawn *drawn = g_new0 (Drawn, 1);
  GstElement *source = NULL, *sink = NULL;

  drawn->voice = engine_voice_new (kind);
  source = make_source (bin, caps, drawn, make_sound_cb, error);
  sink = source != NULL ? engine_bridge_make_sound_sink (bridge, bin, error) : NULL;
  return sink != NULL && engine_link (source, sink, error);
}

/**
 * engine_drawn_build:
 * @bin: an empty pipeline
 * @kind: what is drawn
 * @bridge: where it leads, reset
 *
 * Builds one of the demonstration's sources: drawn, and paced by the clock as a file would be.
 * Fails with %ENGINE_ERROR_MISSING_ELEMENT.
 *
 * Returns: whether it was built
 */
gboolean
engine_drawn_build (GstElement *bin, EngineDrawingKind kind, EngineBridge *bridge, GError **error)
{
  return build_picture (bin, kind, bridge, error) &&
         (kind == ENGINE_DRAWING_SLIDES || build_voice (bin, kind, bridge, error));
}

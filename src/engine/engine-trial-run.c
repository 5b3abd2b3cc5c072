/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/app/app.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine-drawing.h"
#include "engine-pipeline.h"
#include "engine-trial-run.h"
#include "engine-trial.h"

/* Who started it has given up by then. */
#define ALARM_S 4

/* Pictures that are drawn; they are then shown to and fro. */
#define N_PICTURES 8

/* A chip is watched until the second keyframe has come, software only as long as it takes to know
 * its speed. */
#define AFTER_KEYFRAME  4
#define SOFTWARE_FRAMES 24

/* In this share of the time that the pictures last they must be done. */
#define MAX_TIME_SHARE 0.5

/* How far the rate may be off. A picture that is easy may have less. */
#define MAX_BPS_SHARE 1.6

/* Of 256 steps of brightness: how much the first picture may differ from what was put in. */
#define MAX_DIFFERENCE 12

typedef struct {
  EngineChoice choice;
  EngineFormat format;
  GstVideoInfo info;
  GstBuffer *pictures[N_PICTURES];
  guint n_frames;
  GPtrArray *packets; /* of GstBuffer */
  GstCaps *caps;      /* of them; nullable */
  double wall_s;
  double cpu_s;
} Run;

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, format, arguments);
  va_end (arguments);
  return FALSE;
}

static double
get_cpu_s (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* A speaker in a hall, as a camera would see him: what this is for. */
static void
draw (Run *self)
{
  g_autoptr (EngineDrawing) drawing =
    engine_drawing_new (ENGINE_DRAWING_SPEAKER, self->format.width_px, self->format.height_px);
  g_autofree guint8 *pixels =
    g_malloc0 ((gsize) self->format.width_px * 4 * (gsize) self->format.height_px);
  GstVideoInfo from;
  GstVideoConverter *converter = NULL;

  gst_video_info_set_format (&from, GST_VIDEO_FORMAT_BGRx, (guint) self->format.width_px,
                             (guint) self->format.height_px);
  gst_video_info_set_format (&self->info, GST_VIDEO_FORMAT_I420, (guint) self->format.width_px,
                             (guint) self->format.height_px);
  self->info.fps_n = from.fps_n = self->format.rate_fps;
  self->info.fps_d = from.fps_d = 1;
  converter = gst_video_converter_new (&from, &self->info, NULL);
  for (guint i = 0; i < N_PICTURES; i++) {
    g_autoptr (GstBuffer) wrapped =
      gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY, pixels, from.size, 0, from.size, NULL,
                                   NULL);
    GstVideoFrame in, out;

    engine_drawing_paint (drawing, i * GST_SECOND / (guint64) self->format.rate_fps, pixels,
                          self->format.width_px * 4);
    self->pictures[i] = gst_buffer_new_allocate (NULL, self->info.size, NULL);
    gst_video_frame_map (&in, &from, wrapped, GST_MAP_READ);
    gst_video_frame_map (&out, &self->info, self->pictures[i], GST_MAP_WRITE);
    gst_video_converter_frame (converter, &in, &out);
    gst_video_frame_unmap (&out);
    gst_video_frame_unmap (&in);
  }
  gst_video_converter_free (converter);
}

static GstBuffer *
make_frame (Run *self, guint n)
{
  const guint at = n % (2 * N_PICTURES);
  GstBuffer *frame =
    gst_buffer_copy (self->pictures[at < N_PICTURES ? at : 2 * N_PICTURES - 1 - at]);

  GST_BUFFER_PTS (frame) = gst_util_uint64_scale (n, GST_SECOND, (guint64) self->format.rate_fps);
  GST_BUFFER_DURATION (frame) = GST_SECOND / (guint64) self->format.rate_fps;
  return frame;
}

/* Every packet that comes, until the end. */
static gboolean
collect (Run *self, GstElement *pipeline, GstAppSink *sink, GError **error)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;
  GstSample *sample = NULL;

  while ((sample = gst_app_sink_pull_sample (sink)) != NULL) {
    g_ptr_array_add (self->packets, gst_buffer_ref (gst_sample_get_buffer (sample)));
    gst_caps_replace (&self->caps, gst_sample_get_caps (sample));
    gst_sample_unref (sample);
  }
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  if (message != NULL) {
    gst_message_parse_error (message, error, NULL);
    return FALSE;
  }
  return self->packets->len > 0 ? TRUE : refuse (error, "gives no picture");
}

static gboolean
encode (Run *self, GError **error)
{
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_autoptr (GstCaps) raw = gst_video_info_to_caps (&self->info);
  g_autoptr (GstCaps) coded = gst_caps_from_string ("video/x-h264,stream-format=avc,alignment=au");
  GstElement *source = engine_make (pipeline, "appsrc", NULL, error);
  GstElement *sink = source != NULL ? engine_make (pipeline, "appsink", NULL, error) : NULL;
  GstElement *encoder = NULL, *last = NULL;
  const gint64 began_us = g_get_monotonic_time ();
  const double cpu_s = get_cpu_s ();
  gboolean done = FALSE;

  if (sink == NULL)
    return FALSE;
  g_object_set (source, "caps", raw, "format", GST_FORMAT_TIME, "max-bytes", G_GUINT64_CONSTANT (0),
                NULL);
  g_object_set (sink, "caps", coded, "sync", FALSE, NULL);
  last = engine_codec_build (&self->choice, pipeline, source, &self->info, &self->format, &encoder,
                             error);
  if (last == NULL || !engine_link (last, sink, error))
    return FALSE;
  if (gst_element_set_state (pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    gst_element_set_state (pipeline, GST_STATE_NULL);
    return refuse (error, "does not start");
  }
  for (guint i = 0; i < self->n_frames; i++)
    gst_app_src_push_buffer (GST_APP_SRC (source), make_frame (self, i));
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  done = collect (self, pipeline, GST_APP_SINK (sink), error);
  self->wall_s = (double) (g_get_monotonic_time () - began_us) / 1e6;
  self->cpu_s = get_cpu_s () - cpu_s;
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return done;
}

/* A closed group of pictures of the length that was asked for, and every picture in its order. */
static gboolean
check_order (Run *self, GError **error)
{
  const guint gop = (guint) (self->format.rate_fps * ENGINE_GOP_SECONDS);
  GstClockTime before = 0;

  if (self->packets->len != self->n_frames)
    return refuse (error, "gives %u pictures of %u", self->packets->len, self->n_frames);
  for (guint i = 0; i < self->packets->len; i++) {
    GstBuffer *packet = self->packets->pdata[i];
    const gboolean keyframe = !GST_BUFFER_FLAG_IS_SET (packet, GST_BUFFER_FLAG_DELTA_UNIT);

    if (i > 0 && GST_BUFFER_PTS (packet) <= before)
      return refuse (error, "does not keep pictures in order");
    before = GST_BUFFER_PTS (packet);
    if (i % gop == 0 && !keyframe)
      return refuse (error, "gives no keyframe where picture %u is", i);
  }
  return TRUE;
}

static gboolean
check_profile (Run *self, GError **error)
{
  const GstStructure *structure = gst_caps_get_structure (self->caps, 0);
  const char *profile = gst_structure_get_string (structure, "profile");

  if (g_strcmp0 (profile, "high") == 0 || g_strcmp0 (profile, "constrained-high") == 0)
    return TRUE;
  return refuse (error, "gives profile “%s”, not “high”", profile != NULL ? profile : "unknown");
}

static gboolean
check_rate (Run *self, GError **error)
{
  const double seconds = (double) self->packets->len / self->format.rate_fps;
  double bits = 0;

  for (guint i = 0; i < self->packets->len; i++)
    bits += 8.0 * (double) gst_buffer_get_size (self->packets->pdata[i]);
  if (bits / seconds > MAX_BPS_SHARE * self->format.video_bps)
    return refuse (error, "gives %.0f kbit/s instead of %d", bits / seconds / 1000,
                   self->format.video_bps / 1000);
  if (self->wall_s > MAX_TIME_SHARE * seconds)
    return refuse (error, "takes %.2f s for %.2f s of pictures", self->wall_s, seconds);
  return TRUE;
}

static double
compare (Run *self, GstBuffer *decoded)
{
  GstVideoFrame was, is;
  double sum = 0;
  guint n = 0;

  if (!gst_video_frame_map (&is, &self->info, decoded, GST_MAP_READ))
    return G_MAXUINT8;
  gst_video_frame_map (&was, &self->info, self->pictures[0], GST_MAP_READ);
  for (int y = 0; y < self->info.height; y += 4) {
    const guint8 *a =
      (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&was, 0) + y * GST_VIDEO_FRAME_PLANE_STRIDE (&was, 0);
    const guint8 *b =
      (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&is, 0) + y * GST_VIDEO_FRAME_PLANE_STRIDE (&is, 0);

    for (int x = 0; x < self->info.width; x += 4, n++)
      sum += abs (a[x] - b[x]);
  }
  gst_video_frame_unmap (&was);
  gst_video_frame_unmap (&is);
  return sum / n;
}

/* What a decoder makes of the first packet alone. Returns: (nullable) (transfer full) */
static GstSample *
decode_first (Run *self, GError **error)
{
  static const char *const factories[] = { "appsrc", "avdec_h264", "videoconvertscale",
                                           "capsfilter", "appsink" };
  g_autoptr (GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_autoptr (GstCaps) raw =
    gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT,
                         self->info.width, "height", G_TYPE_INT, self->info.height, NULL);
  GstElement *elements[G_N_ELEMENTS (factories)] = { NULL };
  GstSample *sample = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (factories); i++) {
    elements[i] = engine_make (pipeline, factories[i], NULL, error);
    if (elements[i] == NULL || (i > 0 && !engine_link (elements[i - 1], elements[i], error)))
      return NULL;
  }
  g_object_set (elements[0], "caps", self->caps, "format", GST_FORMAT_TIME, NULL);
  g_object_set (elements[3], "caps", raw, NULL);
  g_object_set (elements[4], "sync", FALSE, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_app_src_push_buffer (GST_APP_SRC (elements[0]), gst_buffer_ref (self->packets->pdata[0]));
  gst_app_src_end_of_stream (GST_APP_SRC (elements[0]));
  sample = gst_app_sink_pull_sample (GST_APP_SINK (elements[4]));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  if (sample == NULL)
    refuse (error, "gives a first picture that nobody can decode");
  return sample;
}

/* The first picture, by itself, is what was put in. */
static gboolean
check_picture (Run *self, GError **error)
{
  g_autoptr (GstSample) sample = decode_first (self, error);

  if (sample == NULL)
    return FALSE;
  return compare (self, gst_sample_get_buffer (sample)) <= MAX_DIFFERENCE ||
         refuse (error, "gives a first picture that is not what it was given");
}

static gboolean
try_it (Run *self, GError **error)
{
  const gboolean hardware = engine_codecs_get (self->choice.codec)->hardware;

  draw (self);
  if (!encode (self, error))
    return FALSE;
  if (!hardware)
    return TRUE;
  return check_order (self, error) && check_profile (self, error) && check_rate (self, error) &&
         check_picture (self, error);
}

static int
parse (const char *text)
{
  return (int) g_ascii_strtoll (text, NULL, 10);
}

/**
 * engine_trial_run:
 * @argc: of main ()
 * @argv: of main ()
 *
 * The other side of engine_trial_try_async (): tries an encoder and says on standard output how it
 * went.
 *
 * Returns: what main () is to return
 */
int
engine_trial_run (int argc, char **argv)
{
  Run self = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean hardware = FALSE;
  FILE *answer = NULL;

  if (argc != 8 || (guint) parse (argv[2]) >= engine_codecs_get_n ())
    return EXIT_FAILURE;
  alarm (ALARM_S);
  /* Libraries write where they like: the answer is not for them. */
  answer = fdopen (dup (STDOUT_FILENO), "w");
  if (answer == NULL || dup2 (STDERR_FILENO, STDOUT_FILENO) < 0)
    return EXIT_FAILURE;
  gst_init (NULL, NULL);
  self.choice = (EngineChoice){ (guint) parse (argv[2]), (guint) parse (argv[3]) };
  self.format = (EngineFormat){ .width_px = parse (argv[4]),
                                .height_px = parse (argv[5]),
                                .rate_fps = parse (argv[6]),
                                .video_bps = parse (argv[7]) };
  self.packets = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  hardware = engine_codecs_get (self.choice.codec)->hardware;
  self.n_frames = hardware ? (guint) (self.format.rate_fps * ENGINE_GOP_SECONDS) + AFTER_KEYFRAME
                           : SOFTWARE_FRAMES;
  /* A chip is timed by the clock, software by what it uses up: that may wait for the show. */
  if (!hardware && setpriority (PRIO_PROCESS, 0, 19) < 0)
    g_debug ("the trial has the show's priority");
  if (try_it (&self, &error)) {
    char cost[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_dtostr (cost, sizeof cost, self.cpu_s / self.n_frames * self.format.rate_fps);
    fprintf (answer, ENGINE_TRIAL_PASSED "%s\n", cost);
  } else
    fprintf (answer, ENGINE_TRIAL_FAILED "%s\n", error->message);
  fclose (answer);
  for (guint i = 0; i < N_PICTURES; i++)
    gst_clear_buffer (&self.pictures[i]);
  gst_clear_caps (&self.caps);
  g_ptr_array_unref (self.packets);
  return EXIT_SUCCESS;
}

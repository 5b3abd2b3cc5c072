/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <gst/app/app.h>
#include <gst/gst.h>
#include <math.h>
#include <unistd.h>

#include "engine-movie-private.h"
#include "engine-pipeline.h"

/* Pictures of a movie, from keyframes only: each of them is decoded by itself. */

#define TYPE(a, b, c, d)  ENGINE_MP4_TYPE (a, b, c, d)

#define VIDEO_ENTRY_BYTES 78

#define DECODE_TIMEOUT    (10 * GST_SECOND)
#define MAX_PICTURE_BYTES (32 * 1024 * 1024)

/* So many are looked at for a good one, this wide. */
#define N_CANDIDATES       12
#define CANDIDATE_WIDTH_PX 320

/* People sit down and clear their throats first. */
#define FIRST_SECONDS_MS 8000

/* Nearly black, nearly white, or one colour all over: no picture of anything. */
#define DARK   28.0
#define BRIGHT 235.0
#define FLAT   10.0

static const char *const decoders[] = { "avdec_h264", "openh264dec", "decodebin", NULL };

/* The keyframe at a time, or before it. */
static const EngineMp4Sample *
find_keyframe (EngineMp4Track *track, gint64 time_ms)
{
  const EngineMp4Sample *found = NULL;
  gint64 time = track->start;

  for (guint i = 0; i < track->samples->len; i++) {
    const EngineMp4Sample *sample = &g_array_index (track->samples, EngineMp4Sample, i);

    /* Half a millisecond, as the time was rounded down. */
    if (found != NULL && (time + sample->shift) * 2000 > (time_ms * 2 + 1) * track->timescale)
      break;
    if (sample->sync)
      found = sample;
    time += sample->duration;
  }
  return found;
}

static GstBuffer *
read_sample (EngineMovie *self, const EngineMp4Sample *sample)
{
  EngineMoviePart *part = self->parts->pdata[sample->part];
  const int file = sample->size <= MAX_PICTURE_BYTES ? open (part->path, O_RDONLY | O_CLOEXEC) : -1;
  guint8 *data = NULL;

  if (file < 0)
    return NULL;
  data = g_malloc (sample->size);
  if (pread (file, data, sample->size, (off_t) sample->offset) != (gssize) sample->size)
    g_clear_pointer (&data, g_free);
  close (file);
  return data != NULL ? gst_buffer_new_wrapped (data, sample->size) : NULL;
}

static GstCaps *
make_caps (EngineMp4Track *track, guint8 entry)
{
  EngineMp4Reader reader = { 0 }, config = { 0 };
  g_autoptr (GstBuffer) data = NULL;
  guint32 type = 0;

  if (entry >= track->entries->len)
    return NULL;
  reader.data = g_bytes_get_data (track->entries->pdata[entry], &reader.size);
  engine_mp4_read_u32 (&reader);
  type = engine_mp4_read_u32 (&reader);
  engine_mp4_read_bytes (&reader, VIDEO_ENTRY_BYTES);
  if (reader.failed || type != TYPE ('a', 'v', 'c', '1'))
    return NULL;
  reader = (EngineMp4Reader){ .data = reader.data + reader.at, .size = reader.size - reader.at };
  if (!engine_mp4_find_box (&reader, TYPE ('a', 'v', 'c', 'C'), &config))
    return NULL;
  data = gst_buffer_new_memdup (config.data, config.size);
  return gst_caps_new_simple ("video/x-h264", "stream-format", G_TYPE_STRING, "avc", "alignment",
                              G_TYPE_STRING, "au", "codec_data", GST_TYPE_BUFFER, data, "width",
                              G_TYPE_INT, track->width_px, "height", G_TYPE_INT, track->height_px,
                              NULL);
}

static void
pad_added_cb (GstElement *decoder, GstPad *pad, GstElement *convert)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (convert, "sink");

  gst_pad_link (pad, sink);
}

static GstElement *
add_decoder (GstElement *bin, GstElement *source, GstElement *convert, GError **error)
{
  GstElement *decoder = NULL;

  for (guint i = 0; decoder == NULL && decoders[i] != NULL; i++) {
    g_autoptr (GstElementFactory) factory = gst_element_factory_find (decoders[i]);

    if (factory != NULL)
      decoder = engine_make (bin, decoders[i], NULL, error);
  }
  if (decoder == NULL || !gst_element_link (source, decoder))
    return NULL;
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (decoder), "max-threads") != NULL)
    g_object_set (decoder, "max-threads", 1, NULL);
  if (!gst_element_link (decoder, convert))
    g_signal_connect (decoder, "pad-added", G_CALLBACK (pad_added_cb), convert);
  return decoder;
}

static GstElement *
add_sink (GstElement *bin, GstElement *convert, GstCaps *caps, GError **error)
{
  GstElement *scale = engine_make (bin, "videoscale", NULL, error);
  GstElement *sink = scale != NULL ? engine_make (bin, "appsink", "sink", error) : NULL;

  if (sink == NULL || !gst_element_link_many (convert, scale, sink, NULL))
    return NULL;
  g_object_set (sink, "sync", FALSE, "caps", caps, "max-buffers", 0, NULL);
  return sink;
}

static EngineFrame *
take_frame (GstSample *sample)
{
  const GstStructure *structure = gst_caps_get_structure (gst_sample_get_caps (sample), 0);
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstMapInfo map = { 0 };
  g_autoptr (GBytes) pixels = NULL;
  int width = 0, height = 0;

  if (!gst_structure_get_int (structure, "width", &width) ||
      !gst_structure_get_int (structure, "height", &height) ||
      !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return NULL;
  if (map.size >= (gsize) width * 4 * (gsize) height)
    pixels = g_bytes_new (map.data, (gsize) width * 4 * (gsize) height);
  gst_buffer_unmap (buffer, &map);
  return pixels != NULL ? engine_frame_new (g_steal_pointer (&pixels), width, height, width * 4)
                        : NULL;
}

/* Runs keyframes of one description through a decoder; what comes out is told apart by its time. */
static gboolean
decode (GstCaps *caps, GPtrArray *buffers, const guint *places, int width_px, int height_px,
        GPtrArray *frames, GError **error)
{
  g_autoptr (GstElement) bin = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_autoptr (GstCaps) raw =
    gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "BGRA", "width", G_TYPE_INT,
                         width_px, "height", G_TYPE_INT, height_px, NULL);
  GstElement *source = engine_make (bin, "appsrc", NULL, error);
  GstElement *convert = source != NULL ? engine_make (bin, "videoconvert", NULL, error) : NULL;
  GstElement *sink = convert != NULL ? add_sink (bin, convert, raw, error) : NULL;
  GstSample *sample = NULL;
  guint n = 0;

  if (sink == NULL || add_decoder (bin, source, convert, error) == NULL) {
    if (error != NULL && *error == NULL)
      g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_CODEC, "there is no H.264 decoder");
    return FALSE;
  }
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "max-bytes", (guint64) 0, NULL);
  gst_element_set_state (bin, GST_STATE_PLAYING);
  for (guint i = 0; i < buffers->len; i++) {
    GstBuffer *buffer = gst_buffer_ref (buffers->pdata[i]);

    GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer) = i * GST_SECOND;
    GST_BUFFER_DURATION (buffer) = GST_SECOND;
    gst_app_src_push_buffer (GST_APP_SRC (source), buffer);
  }
  gst_app_src_end_of_stream (GST_APP_SRC (source));
  while ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), DECODE_TIMEOUT)) != NULL) {
    const GstClockTime time = GST_BUFFER_PTS (gst_sample_get_buffer (sample));
    const guint at = (guint) (time / GST_SECOND);

    if (GST_CLOCK_TIME_IS_VALID (time) && at < buffers->len && frames->pdata[places[at]] == NULL) {
      frames->pdata[places[at]] = take_frame (sample);
      n++;
    }
    gst_sample_unref (sample);
  }
  gst_element_set_state (bin, GST_STATE_NULL);
  if (n > 0)
    return TRUE;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STREAM, "the pictures cannot be decoded");
  return FALSE;
}

static void
frame_free (gpointer data)
{
  if (data != NULL)
    engine_frame_unref (data);
}

/* Those of one description together: mostly all. */
static gboolean
draw_entry (EngineMovie *self, EngineMp4Track *track, guint8 entry, const EngineMp4Sample **samples,
            guint n, int width_px, GPtrArray *frames, GError **error)
{
  g_autoptr (GPtrArray) buffers =
    g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  g_autoptr (GstCaps) caps = make_caps (track, entry);
  g_autofree guint *places = g_new0 (guint, n);
  const int height_px = MAX (2, width_px * track->height_px / MAX (track->width_px, 1) / 2 * 2);

  if (caps == NULL) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "this is not H.264");
    return FALSE;
  }
  for (guint i = 0; i < n; i++) {
    GstBuffer *buffer =
      samples[i] != NULL && samples[i]->entry == entry ? read_sample (self, samples[i]) : NULL;

    if (buffer == NULL)
      continue;
    places[buffers->len] = i;
    g_ptr_array_add (buffers, buffer);
  }
  return buffers->len == 0 || decode (caps, buffers, places, width_px, height_px, frames, error);
}

/**
 * engine_movie_draw:
 * @self: a movie
 * @times_ms: (array length=n_times): times in it
 * @n_times: how many
 * @width_px: how wide the pictures are to be, even
 * @cancellable: (nullable): cancels it
 *
 * Decodes the keyframes at these times, or before them. Fails with %ENGINE_ERROR_UNSUPPORTED,
 * %ENGINE_ERROR_MISSING_CODEC, %ENGINE_ERROR_MISSING_ELEMENT or %ENGINE_ERROR_STREAM.
 *
 * Returns: (transfer full) (element-type EngineFrame) (nullable): a picture for each time; `NULL` for
 *   one that could not be had
 */
GPtrArray *
engine_movie_draw (EngineMovie *self, const gint64 *times_ms, guint n_times, int width_px,
                   GCancellable *cancellable, GError **error)
{
  EngineMp4Track *track = NULL;
  g_autoptr (GPtrArray) frames = g_ptr_array_new_with_free_func (frame_free);
  g_autofree const EngineMp4Sample **samples = NULL;

  g_return_val_if_fail (ENGINE_IS_MOVIE (self), NULL);

  track = _engine_movie_get_video (self);
  if (track == NULL) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "there is no picture");
    return NULL;
  }
  g_ptr_array_set_size (frames, (int) n_times);
  samples = g_new0 (const EngineMp4Sample *, n_times);
  for (guint i = 0; i < n_times; i++)
    samples[i] = find_keyframe (track, times_ms[i]);
  for (guint i = 0; i < track->entries->len; i++) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !draw_entry (self, track, (guint8) i, samples, n_times, width_px, frames, error))
      return NULL;
  }
  return g_steal_pointer (&frames);
}

/* How much there is to see in a picture: none when it is dark, bright or flat, else how sharp it is. */
static double
rate (EngineFrame *frame)
{
  const guint8 *pixels = g_bytes_get_data (frame->pixels, NULL);
  double sum = 0, squares = 0, edges = 0;
  const int stride = frame->stride_bytes;
  guint n = 0;

  for (int y = 1; y + 1 < frame->height_px; y++) {
    for (int x = 1; x + 1 < frame->width_px; x++) {
      const guint8 *at = pixels + y * stride + x * 4 + 1; /* green is what the eye sees best */

      sum += *at;
      squares += (double) *at * *at;
      edges += ABS (4 * *at - at[-4] - at[4] - at[-stride] - at[stride]);
      n++;
    }
  }
  const double mean = sum / MAX (n, 1);
  const double deviation = sqrt (MAX (0, squares / MAX (n, 1) - mean * mean));
  if (mean < DARK || mean > BRIGHT || deviation < FLAT)
    return deviation / 1000;
  return 1 + edges / MAX (n, 1);
}

/**
 * engine_movie_draw_cover:
 * @self: a movie
 * @start_ms: from here
 * @end_ms: up to here; −1 for the end
 * @width_px: how wide the picture is to be, even
 * @cancellable: (nullable): cancels it
 *
 * Looks for a picture that says what this is: bright enough, sharp, and not of the first seconds.
 * Fails like [method@Engine.Movie.draw].
 *
 * Returns: (transfer full) (nullable): the best one
 */
EngineFrame *
engine_movie_draw_cover (EngineMovie *self, gint64 start_ms, gint64 end_ms, int width_px,
                         GCancellable *cancellable, GError **error)
{
  const gint64 end = end_ms >= 0 ? end_ms : engine_movie_get_duration_ms (self);
  const gint64 length_ms = MAX (end - start_ms, 0);
  const gint64 begin_ms = start_ms + MIN (FIRST_SECONDS_MS, length_ms / 4);
  gint64 times_ms[N_CANDIDATES] = { 0 }, best_ms = 0;
  g_autoptr (GPtrArray) candidates = NULL;
  g_autoptr (GPtrArray) best = NULL;
  double best_rating = -1;

  for (guint i = 0; i < N_CANDIDATES; i++)
    times_ms[i] = begin_ms + (end - begin_ms) * (gint64) i / (N_CANDIDATES + 1);
  candidates =
    engine_movie_draw (self, times_ms, N_CANDIDATES, CANDIDATE_WIDTH_PX, cancellable, error);
  if (candidates == NULL)
    return NULL;
  for (guint i = 0; i < N_CANDIDATES; i++) {
    const double rating = candidates->pdata[i] != NULL ? rate (candidates->pdata[i]) : -1;

    if (rating > best_rating) {
      best_rating = rating;
      best_ms = times_ms[i];
    }
  }
  best = engine_movie_draw (self, &best_ms, 1, width_px, cancellable, error);
  if (best == NULL)
    return NULL;
  if (best->pdata[0] != NULL)
    return g_steal_pointer (&best->pdata[0]);
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STREAM, "no picture can be decoded");
  return NULL;
}

/**
 * engine_movie_frame_to_jpeg:
 * @frame: a picture
 *
 * Any thread. Fails with %ENGINE_ERROR_MISSING_CODEC, %ENGINE_ERROR_MISSING_ELEMENT or %ENGINE_ERROR_STREAM.
 *
 * Returns: (transfer full) (nullable): it as a JPEG
 */
GBytes *
engine_movie_frame_to_jpeg (EngineFrame *frame, GError **error)
{
  g_autoptr (GstCaps) caps =
    gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "BGRx", "width", G_TYPE_INT,
                         frame->width_px, "height", G_TYPE_INT, frame->height_px, "framerate",
                         GST_TYPE_FRACTION, 1, 1, NULL);
  g_autoptr (GstElement) bin = gst_object_ref_sink (gst_pipeline_new (NULL));
  GstElement *source = engine_make (bin, "appsrc", NULL, error);
  GstElement *convert = source != NULL ? engine_make (bin, "videoconvert", NULL, error) : NULL;
  GstElement *encoder = convert != NULL ? engine_make (bin, "jpegenc", NULL, error) : NULL;
  GstElement *sink = encoder != NULL ? engine_make (bin, "appsink", NULL, error) : NULL;
  g_autoptr (GstSample) sample = NULL;
  GBytes *jpeg = NULL;

  if (sink == NULL)
    return NULL;
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, NULL);
  g_object_set (sink, "sync", FALSE, NULL);
  if (gst_element_link_many (source, convert, encoder, sink, NULL)) {
    GstBuffer *buffer = gst_buffer_new_wrapped_bytes (frame->pixels);

    GST_BUFFER_PTS (buffer) = 0;
    gst_element_set_state (bin, GST_STATE_PLAYING);
    gst_app_src_push_buffer (GST_APP_SRC (source), buffer);
    gst_app_src_end_of_stream (GST_APP_SRC (source));
    sample = gst_app_sink_try_pull_sample (GST_APP_SINK (sink), DECODE_TIMEOUT);
  }
  if (sample != NULL) {
    GstBuffer *buffer = gst_sample_get_buffer (sample);
    const gsize size = gst_buffer_get_size (buffer);
    guint8 *data = g_malloc (size);

    gst_buffer_extract (buffer, 0, data, size);
    jpeg = g_bytes_new_take (data, size);
  } else {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STREAM, "the picture cannot become a JPEG");
  }
  gst_element_set_state (bin, GST_STATE_NULL);
  return jpeg;
}

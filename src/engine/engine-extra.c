/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/app/app.h>

#include "common-util.h"
#include "engine-extra-chain.h"
#include "engine-extra.h"
#include "engine-gentle.h"
#include "engine-tape-file.h"

/* Picture and sound of a source come one after the other: so long is waited for the second. */
#define GATHER_US (G_USEC_PER_SEC + G_USEC_PER_SEC / 2)

/* A stream that has stopped would hold up the other for ever: the next file is without it. */
#define STREAM_GONE_US (4 * G_USEC_PER_SEC)

/* What failed is tried again in another file. */
#define RETRY_US (5 * G_USEC_PER_SEC)

/* What may wait for the disk; of what is not encoded yet, so many pictures. */
#define MAX_BYTES        (G_GUINT64_CONSTANT (32) * 1024 * 1024)
#define MAX_RAW_PICTURES 12

/* Below this much free room the recording itself is more important. */
#define LEAST_BYTES (G_GUINT64_CONSTANT (500) * 1000000)

typedef struct {
  EngineMedia media;
  GstBuffer *buffer;
  GstCaps *caps;
} Piece;

/**
 * EngineExtra:
 *
 * A file beside the recording: one source as it came, or one source's sound. Its times are those of the
 * recording. A format that changes, or a stream that comes or goes, begins another file. Whatever
 * happens to it, nobody else notices.
 *
 * Main thread, but for engine_extra_push ().
 */
struct _EngineExtra {
  GObject parent_instance;

  EngineClock *clock;
  char *name;
  const char *ending; /* static */
  gint64 base_ns;

  EngineTapeFile *file;     /* nullable */
  EnginePipeline *pipeline; /* nullable */
  GError *error;            /* nullable: of the last try, until one works */
  char *path;               /* nullable */
  gint64 retry_us;

  GMutex lock;    /* guards all below */
  GQueue pending; /* of Piece: before there is a file for it */
  guint64 pending_bytes;
  gint64 pending_us;                  /* since when */
  GstAppSrc *sources[ENGINE_N_MEDIA]; /* nullable */
  GstCaps *caps[ENGINE_N_MEDIA];      /* nullable */
  gint64 last_us[ENGINE_N_MEDIA];     /* when something came */
  gboolean wants_keyframe;
  gboolean running;
  gboolean renew; /* another file is needed for what is pending */
};

G_DEFINE_FINAL_TYPE (EngineExtra, engine_extra, G_TYPE_OBJECT)

static void
piece_free (gpointer data)
{
  Piece *piece = data;

  gst_buffer_unref (piece->buffer);
  gst_caps_unref (piece->caps);
  g_free (piece);
}

static gboolean
is_raw_picture (EngineMedia media, const GstCaps *caps)
{
  return media == ENGINE_MEDIA_VIDEO &&
         gst_structure_has_name (gst_caps_get_structure (caps, 0), "video/x-raw");
}

/* Locked. */
static void
forget_pending (EngineExtra *self)
{
  g_queue_clear_full (&self->pending, piece_free);
  self->pending_bytes = 0;
}

/* Locked. */
static void
keep (EngineExtra *self, EngineMedia media, GstBuffer *buffer, GstCaps *caps)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->media = media;
  piece->buffer = buffer;
  piece->caps = gst_caps_ref (caps);
  if (self->pending.length == 0)
    self->pending_us = g_get_monotonic_time ();
  g_queue_push_tail (&self->pending, piece);
  self->pending_bytes += gst_buffer_get_size (buffer);
  while (self->pending_bytes > MAX_BYTES) {
    Piece *oldest = g_queue_pop_head (&self->pending);

    self->pending_bytes -= gst_buffer_get_size (oldest->buffer);
    piece_free (oldest);
  }
}

/* What its file is too slow for is left out, up to the next keyframe. Locked. */
static void
write_piece (EngineExtra *self, EngineMedia media, GstBuffer *buffer, const GstCaps *caps)
{
  GstAppSrc *source = self->sources[media];
  const gboolean full = is_raw_picture (media, caps)
                          ? gst_app_src_get_current_level_buffers (source) >= MAX_RAW_PICTURES
                          : gst_app_src_get_current_level_bytes (source) > MAX_BYTES;

  if (media == ENGINE_MEDIA_VIDEO) {
    if (full && !is_raw_picture (media, caps))
      self->wants_keyframe = TRUE;
    else if (!full && !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT))
      self->wants_keyframe = FALSE;
  }
  if (full || (media == ENGINE_MEDIA_VIDEO && self->wants_keyframe))
    gst_buffer_unref (buffer);
  else
    gst_app_src_push_buffer (source, buffer);
}

/**
 * engine_extra_push:
 * @media: what it is
 * @buffer: a picture or a piece of sound
 * @caps: its format
 * @time_ns: its show time
 * @self: an EngineExtra
 *
 * An EngineTapFunc.
 */
void
engine_extra_push (EngineMedia media, GstBuffer *buffer, GstCaps *caps, gint64 time_ns,
                   gpointer user_data)
{
  EngineExtra *self = user_data;
  const gint64 at_ns = time_ns - self->base_ns;
  const gint64 before_ns = GST_BUFFER_DTS_IS_VALID (buffer) && GST_BUFFER_PTS_IS_VALID (buffer)
                             ? GST_CLOCK_DIFF (GST_BUFFER_DTS (buffer), GST_BUFFER_PTS (buffer))
                             : 0;
  GstBuffer *copy = NULL;

  if (at_ns < 0 || !engine_extra_chain_knows (caps))
    return;
  copy = gst_buffer_copy (buffer);
  GST_BUFFER_PTS (copy) = (GstClockTime) at_ns;
  GST_BUFFER_DTS (copy) = (GstClockTime) MAX (0, at_ns - before_ns);
  g_mutex_lock (&self->lock);
  self->last_us[media] = g_get_monotonic_time ();
  if (self->running && !self->renew &&
      (self->caps[media] == NULL ||
       (self->caps[media] != caps && !gst_caps_is_equal (self->caps[media], caps))))
    self->renew = TRUE;
  if (self->running && !self->renew)
    write_piece (self, media, copy, caps);
  else
    keep (self, media, copy, caps);
  g_mutex_unlock (&self->lock);
}

static void
let_go (EngineExtra *self, gboolean finish)
{
  g_mutex_lock (&self->lock);
  self->running = self->renew = FALSE;
  for (guint i = 0; i < ENGINE_N_MEDIA; i++) {
    if (self->sources[i] != NULL && finish)
      gst_app_src_end_of_stream (self->sources[i]);
    gst_clear_object (&self->sources[i]);
    gst_clear_caps (&self->caps[i]);
  }
  g_mutex_unlock (&self->lock);
  if (self->pipeline != NULL) {
    g_signal_handlers_disconnect_by_data (self->pipeline, self);
    if (finish)
      engine_pipeline_finish (self->pipeline);
    else
      engine_pipeline_stop (self->pipeline);
  }
  g_clear_object (&self->pipeline);
  g_clear_pointer (&self->file, engine_tape_file_let_go);
}

static void
fail (EngineExtra *self, const GError *error)
{
  if (common_set_error (&self->error, error))
    g_message ("“%s” is not recorded: %s", self->name, error->message);
  let_go (self, FALSE);
  g_mutex_lock (&self->lock);
  forget_pending (self);
  g_mutex_unlock (&self->lock);
  self->retry_us = g_get_monotonic_time () + RETRY_US;
}

static void
failed_cb (EnginePipeline *pipeline, const GError *error, EngineExtra *self)
{
  g_autoptr (GError) known = engine_tape_file_dup_error (self->file);

  fail (self, known != NULL ? known : error);
}

/* Makes the way from each stream that is there into the file. Locked. */
static gboolean
build_streams (EngineExtra *self, GstElement *bin, GstElement *muxer, GError **error)
{
  for (GList *link = self->pending.head; link != NULL; link = link->next) {
    const Piece *piece = link->data;

    /* Of a format that was followed by another one there is too little to be missed. */
    gst_caps_replace (&self->caps[piece->media], piece->caps);
  }
  for (guint i = 0; i < ENGINE_N_MEDIA; i++) {
    GstElement *source = NULL;

    if (self->caps[i] == NULL)
      continue;
    source = engine_extra_chain_make (bin, muxer, self->caps[i], error);
    if (source == NULL)
      return FALSE;
    self->sources[i] = gst_object_ref (GST_APP_SRC (source));
  }
  return TRUE;
}

/* Locked. */
static void
write_pending (EngineExtra *self)
{
  Piece *piece = NULL;

  self->wants_keyframe = TRUE;
  self->running = TRUE;
  while ((piece = g_queue_pop_head (&self->pending)) != NULL) {
    if (gst_caps_is_equal (piece->caps, self->caps[piece->media]))
      write_piece (self, piece->media, gst_buffer_ref (piece->buffer), piece->caps);
    piece_free (piece);
  }
  self->pending_bytes = 0;
}

static gboolean
start (EngineExtra *self, int fd, GError **error)
{
  GstElement *bin = NULL, *muxer = NULL, *sink = NULL;
  gboolean built = FALSE;

  self->pipeline = engine_pipeline_new (self->clock, "extra");
  engine_gentle_apply (self->pipeline);
  bin = engine_pipeline_get_bin (self->pipeline);
  if ((muxer = engine_make (bin, "matroskamux", NULL, error)) == NULL ||
      (sink = engine_make (bin, "fdsink", NULL, error)) == NULL)
    return FALSE;
  g_object_set (sink, "fd", fd, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
  engine_tape_file_set_sink (self->file, sink);
  if (!engine_link (muxer, sink, error))
    return FALSE;
  g_mutex_lock (&self->lock);
  built = build_streams (self, bin, muxer, error);
  if (built)
    write_pending (self);
  g_mutex_unlock (&self->lock);
  if (!built)
    return FALSE;
  g_signal_connect (self->pipeline, "failed", G_CALLBACK (failed_cb), self);
  engine_pipeline_start (self->pipeline, FALSE);
  return TRUE;
}

static void
file_changed (gpointer owner)
{
  EngineExtra *self = owner;
  g_autoptr (GError) error = engine_tape_file_dup_error (self->file);
  EngineTapeFileStatus status;

  engine_tape_file_get_status (self->file, &status);
  if (error == NULL && status.open && self->pipeline == NULL && start (self, status.fd, &error)) {
    g_clear_error (&self->error);
    common_set_string (&self->path, engine_tape_file_get_path (self->file));
  }
  if (error != NULL)
    fail (self, error);
}

static void
engine_extra_dispose (GObject *object)
{
  engine_extra_finish (ENGINE_EXTRA (object));
  g_clear_object (&ENGINE_EXTRA (object)->clock);
  G_OBJECT_CLASS (engine_extra_parent_class)->dispose (object);
}

static void
engine_extra_finalize (GObject *object)
{
  EngineExtra *self = ENGINE_EXTRA (object);

  forget_pending (self);
  g_mutex_clear (&self->lock);
  g_clear_error (&self->error);
  g_free (self->path);
  g_free (self->name);
  G_OBJECT_CLASS (engine_extra_parent_class)->finalize (object);
}

static void
engine_extra_class_init (EngineExtraClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_extra_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_extra_finalize;
}

static void
engine_extra_init (EngineExtra *self)
{
  g_mutex_init (&self->lock);
  g_queue_init (&self->pending);
}

/**
 * engine_extra_new:
 * @clock: the show's clock
 * @name: what its file is called, without ending
 * @ending: (transfer none): such as `.mkv`; static
 * @base_ns: the show time at which the recording began
 *
 * Returns: (transfer full): an extra that writes as soon as something comes, see engine_extra_look ()
 */
EngineExtra *
engine_extra_new (EngineClock *clock, const char *name, const char *ending, gint64 base_ns)
{
  EngineExtra *self = g_object_new (ENGINE_TYPE_EXTRA, NULL);

  self->clock = g_object_ref (clock);
  self->name = g_strdup (name);
  self->ending = ending;
  self->base_ns = base_ns;
  return self;
}

/* One of two streams has stopped. Locked. */
static gboolean
has_lost_stream (EngineExtra *self, gint64 now_us)
{
  const gint64 newest_us =
    MAX (self->last_us[ENGINE_MEDIA_VIDEO], self->last_us[ENGINE_MEDIA_AUDIO]);

  for (guint i = 0; i < ENGINE_N_MEDIA; i++) {
    if (self->sources[i] != NULL && now_us - newest_us < STREAM_GONE_US / 2 &&
        now_us - self->last_us[i] > STREAM_GONE_US)
      return TRUE;
  }
  return FALSE;
}

/**
 * engine_extra_look:
 * @self: an extra
 * @folder: where a file goes that is begun now
 *
 * To be called a few times a second: begins a file when there is something for it.
 */
void
engine_extra_look (EngineExtra *self, const char *folder)
{
  const gint64 now_us = g_get_monotonic_time ();
  gboolean renew = FALSE, gathered = FALSE;

  g_return_if_fail (ENGINE_IS_EXTRA (self));

  g_mutex_lock (&self->lock);
  renew = self->running && (self->renew || has_lost_stream (self, now_us));
  gathered = self->pending.length > 0 && now_us - self->pending_us > GATHER_US;
  g_mutex_unlock (&self->lock);
  if (renew) {
    let_go (self, TRUE);
  } else if (self->file == NULL && gathered && now_us >= self->retry_us) {
    const EngineTapePlace place = { .folder = folder,
                                    .name = self->name,
                                    .ending = self->ending,
                                    .number = 1,
                                    .least_bytes = LEAST_BYTES };

    self->file = engine_tape_file_new (&place, file_changed, self);
  }
}

/**
 * engine_extra_finish:
 * @self: an extra that nobody pushes to any more
 *
 * Writes its end, in the background.
 */
void
engine_extra_finish (EngineExtra *self)
{
  g_return_if_fail (ENGINE_IS_EXTRA (self));

  let_go (self, TRUE);
}

/**
 * engine_extra_get_path:
 * @self: an extra
 *
 * Returns: (transfer none) (nullable): its file, or the last one; `NULL` before there was one
 */
const char *
engine_extra_get_path (EngineExtra *self)
{
  g_return_val_if_fail (ENGINE_IS_EXTRA (self), NULL);

  return self->path;
}

const GError *
engine_extra_get_error (EngineExtra *self)
{
  g_return_val_if_fail (ENGINE_IS_EXTRA (self), NULL);

  return self->error;
}

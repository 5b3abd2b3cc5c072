/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "common-util.h"
#include "engine-meter.h"
#include "engine-recording-private.h"
#include "engine-transport.h"

/* Written, and readable, every half second: what a crash may cost at the most. The kernel has it
 * then; a power cut may cost what the file system had not yet written, some five seconds on ext4. */
#define FRAGMENT_MS 500u

/* A slow disk may lag behind this far before pictures are left out. */
#define MAX_QUEUE_MS 30000

/* When the disk is full or gone, look again whether it has come back. */
#define RETRY_S 5

/* Below this the operator is warned: half an hour at 4.5 Mbit/s. */
#define LOW_BYTES (1100 * G_GUINT64_CONSTANT (1000000))

/* On a disk that was full, a new file begins only when there is room for half a minute: else every
 * look would leave an empty file behind. */
#define AGAIN_BYTES (20 * G_GUINT64_CONSTANT (1000000))

/* How often the free room is looked at, in seconds. */
#define DISK_INTERVAL 5

/**
 * EngineRecording:
 *
 * The recording of the program: a fragmented MP4 that can be read up to its last half second
 * whatever happens. It depends on no destination. When its disk fails it says so and begins a new
 * file as soon as it can. Main thread only.
 */
struct _EngineRecording {
  GObject parent_instance;

  EngineClock *clock;
  EngineFeed *feed;

  EngineRecordingState state;
  GError *error; /* nullable */
  char *path;    /* nullable */
  char *folder;
  char *title;
  guint64 bytes_written; /* of all files since the start */
  guint64 bytes_before;
  guint64 free_bytes; /* as last seen */
  guint watch_id;
  guint retry_id;
  guint n_ticks;
  GCancellable *cancellable; /* nullable */

  EnginePipeline *pipeline; /* nullable */
  EngineWriter *writer;     /* nullable */
  EngineMeter *meter;       /* nullable */
};

G_DEFINE_FINAL_TYPE (EngineRecording, engine_recording, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STATE,
  PROP_ERROR,
  PROP_PATH,
  PROP_BYTES_WRITTEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void open_file (EngineRecording *self);

static void
set_state (EngineRecording *self, EngineRecordingState state, const GError *error)
{
  /* Who hears of the state finds the reason already there. */
  g_object_freeze_notify (G_OBJECT (self));
  if (self->state != state) {
    self->state = state;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  }
  if (common_set_error (&self->error, error))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
close_file (EngineRecording *self, gboolean finish)
{
  if (self->meter != NULL) {
    self->bytes_before += engine_meter_get_bytes (self->meter);
    engine_meter_detach (self->meter);
    g_clear_pointer (&self->meter, engine_meter_unref);
  }
  if (self->pipeline != NULL)
    g_signal_handlers_disconnect_by_data (self->pipeline, self);
  if (finish && self->writer != NULL) {
    engine_writer_end_of_stream (self->writer);
    engine_pipeline_finish (self->pipeline);
  } else {
    if (self->writer != NULL)
      engine_writer_stop (self->writer);
    if (self->pipeline != NULL)
      engine_pipeline_stop (self->pipeline);
  }
  g_clear_object (&self->writer);
  g_clear_object (&self->pipeline);
}

static gboolean
retry_cb (gpointer data)
{
  EngineRecording *self = data;

  if (g_error_matches (self->error, ENGINE_ERROR, ENGINE_ERROR_DISK_FULL) &&
      self->free_bytes < AGAIN_BYTES)
    return G_SOURCE_CONTINUE;
  self->retry_id = 0;
  open_file (self);
  return G_SOURCE_REMOVE;
}

static void
fail (EngineRecording *self, const GError *error)
{
  close_file (self, FALSE);
  set_state (self, ENGINE_RECORDING_STATE_STOPPED, error);
  self->retry_id = g_timeout_add_seconds (RETRY_S, retry_cb, self);
}

static void
failed_cb (EnginePipeline *pipeline, const GError *error, EngineRecording *self)
{
  fail (self, error);
}

static void
flowing (gpointer owner)
{
  EngineRecording *self = owner;

  if (self->state == ENGINE_RECORDING_STATE_STOPPED)
    set_state (self, ENGINE_RECORDING_STATE_RECORDING, NULL);
}

/* A title as a file name: what file systems or shells would trip over becomes a space. */
static char *
to_file_name (const char *title)
{
  g_autofree char *name = g_strdup (title);

  for (char *c = name; *c != '\0'; c++) {
    if (strchr ("/\\:*?\"<>|", *c) != NULL || g_ascii_iscntrl (*c))
      *c = ' ';
  }
  g_strstrip (name);
  /* 255 bytes is what file systems take; date, number and ending need some of them. */
  if (strlen (name) > 180) {
    const char *end = g_utf8_find_prev_char (name, name + 180);

    name[end != NULL ? end - name : 0] = '\0';
  }
  return *name != '\0' && *name != '.' ? g_steal_pointer (&name) : g_strdup ("Régie");
}

/* A path that does not exist yet, such as `2026-11-22 1400 Title.mp4`. */
static char *
choose_path (EngineRecording *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d %H%M");
  g_autofree char *name = to_file_name (self->title);

  for (guint n = 1;; n++) {
    g_autofree char *number = n > 1 ? g_strdup_printf (" (%u)", n) : g_strdup ("");
    g_autofree char *file = g_strdup_printf ("%s %s%s.mp4", date, name, number);
    char *path = g_build_filename (self->folder, file, NULL);

    if (!g_file_test (path, G_FILE_TEST_EXISTS))
      return path;
    g_free (path);
  }
}

static gboolean
make_folder (EngineRecording *self, GError **error)
{
  if (g_mkdir_with_parents (self->folder, 0755) == 0 && g_access (self->folder, W_OK) == 0)
    return TRUE;
  g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNWRITABLE,
               "the folder “%s” cannot be written: %s", self->folder, g_strerror (errno));
  return FALSE;
}

static gboolean
build (EngineRecording *self, GError **error)
{
  GstElement *bin = engine_pipeline_get_bin (self->pipeline);
  GstElement *muxer = NULL, *sink = NULL;

  self->writer = engine_writer_new (self->feed, bin, MAX_QUEUE_MS, error);
  muxer = self->writer ? engine_transport_mux ("mp4mux", self->writer, bin, error) : NULL;
  sink = muxer ? engine_make (bin, "filesink", NULL, error) : NULL;
  if (sink == NULL)
    return FALSE;
  g_object_set (muxer, "fragment-duration", FRAGMENT_MS, NULL);
  g_object_set (sink, "location", self->path, "sync", FALSE, "async", FALSE, NULL);
  gst_util_set_object_arg (G_OBJECT (sink), "buffer-mode", "unbuffered");
  if (!engine_link (muxer, sink, error))
    return FALSE;
  self->meter = engine_meter_new (sink, 2, flowing, self);
  return TRUE;
}

static void
open_file (EngineRecording *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  if (!make_folder (self, &error)) {
    fail (self, error);
    return;
  }
  path = choose_path (self);
  if (common_set_string (&self->path, path))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
  self->pipeline = engine_pipeline_new (self->clock, "recording");
  if (!build (self, &error)) {
    fail (self, error);
    return;
  }
  g_signal_connect (self->pipeline, "failed", G_CALLBACK (failed_cb), self);
  engine_pipeline_start (self->pipeline, FALSE);
  engine_writer_start (self->writer);
}

static void
free_room_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GFileInfo) info =
    g_file_query_filesystem_info_finish (G_FILE (object), result, NULL); /* no answer, no warning */
  EngineRecording *self = NULL;

  if (info == NULL || !g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE))
    return;
  self = user_data;
  self->free_bytes = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE);
  const gboolean low = self->free_bytes < LOW_BYTES;
  if (low && self->state == ENGINE_RECORDING_STATE_RECORDING)
    set_state (self, ENGINE_RECORDING_STATE_DEGRADED, NULL);
  else if (!low && self->state == ENGINE_RECORDING_STATE_DEGRADED)
    set_state (self, ENGINE_RECORDING_STATE_RECORDING, NULL);
}

static gboolean
watch_cb (gpointer data)
{
  EngineRecording *self = data;
  const guint64 n_bytes =
    self->bytes_before + (self->meter != NULL ? engine_meter_get_bytes (self->meter) : 0);

  if (self->bytes_written != n_bytes) {
    self->bytes_written = n_bytes;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BYTES_WRITTEN]);
  }
  if (self->n_ticks++ % DISK_INTERVAL == 0) {
    g_autoptr (GFile) folder = g_file_new_for_path (self->folder);

    g_file_query_filesystem_info_async (folder, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, G_PRIORITY_LOW,
                                        self->cancellable, free_room_cb, self);
  }
  return G_SOURCE_CONTINUE;
}

/**
 * _engine_recording_start:
 * @self: a recording that is off
 * @folder: where the files go; made if it is not there
 * @title: what they are called, after date and time
 */
void
_engine_recording_start (EngineRecording *self, const char *folder, const char *title)
{
  if (self->state != ENGINE_RECORDING_STATE_OFF)
    return;

  common_set_string (&self->folder, folder);
  common_set_string (&self->title, title);
  self->bytes_written = self->bytes_before = 0;
  self->free_bytes = G_MAXUINT64;
  self->n_ticks = 0;
  self->cancellable = g_cancellable_new ();
  self->watch_id = g_timeout_add_seconds (1, watch_cb, self);
  set_state (self, ENGINE_RECORDING_STATE_RECORDING, NULL);
  open_file (self);
}

/**
 * _engine_recording_stop:
 * @self: a recording
 *
 * Lets it write its end; see engine_pipeline_wait_for_stopped ().
 */
void
_engine_recording_stop (EngineRecording *self)
{
  if (self->state == ENGINE_RECORDING_STATE_OFF)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  close_file (self, TRUE);
  if (self->bytes_written != self->bytes_before) {
    self->bytes_written = self->bytes_before;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BYTES_WRITTEN]);
  }
  set_state (self, ENGINE_RECORDING_STATE_OFF, NULL);
}

static void
engine_recording_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EngineRecording *self = ENGINE_RECORDING (object);

  switch (id) {
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  case PROP_PATH:
    g_value_set_string (value, self->path);
    break;
  case PROP_BYTES_WRITTEN:
    g_value_set_uint64 (value, self->bytes_written);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_recording_dispose (GObject *object)
{
  EngineRecording *self = ENGINE_RECORDING (object);

  _engine_recording_stop (self);
  g_clear_object (&self->feed);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_recording_parent_class)->dispose (object);
}

static void
engine_recording_finalize (GObject *object)
{
  EngineRecording *self = ENGINE_RECORDING (object);

  g_free (self->path);
  g_free (self->folder);
  g_free (self->title);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (engine_recording_parent_class)->finalize (object);
}

static void
engine_recording_class_init (EngineRecordingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = engine_recording_get_property;
  object_class->dispose = engine_recording_dispose;
  object_class->finalize = engine_recording_finalize;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, ENGINE_TYPE_RECORDING_STATE,
                                              ENGINE_RECORDING_STATE_OFF, ro);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, ro);
  properties[PROP_BYTES_WRITTEN] =
    g_param_spec_uint64 ("bytes-written", NULL, NULL, 0, G_MAXUINT64, 0, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
engine_recording_init (EngineRecording *self)
{
}

EngineRecording *
_engine_recording_new (EngineClock *clock, EngineFeed *feed)
{
  EngineRecording *self = g_object_new (ENGINE_TYPE_RECORDING, NULL);

  self->clock = g_object_ref (clock);
  self->feed = g_object_ref (feed);
  return self;
}

EngineRecordingState
engine_recording_get_state (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), ENGINE_RECORDING_STATE_OFF);

  return self->state;
}

const GError *
engine_recording_get_error (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), NULL);

  return self->error;
}

const char *
engine_recording_get_path (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), NULL);

  return self->path;
}

guint64
engine_recording_get_bytes_written (EngineRecording *self)
{
  g_return_val_if_fail (ENGINE_IS_RECORDING (self), 0);

  return self->bytes_written;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "show-export-private.h"

/**
 * ShowExport:
 *
 * A file that is made of a recording: of one talk, or of all of it. It is a model: ShowExports does the
 * work. Main thread only.
 */

G_DEFINE_FINAL_TYPE (ShowExport, show_export, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (ShowExportKind, show_export_kind,
                    G_DEFINE_ENUM_VALUE (SHOW_EXPORT_TALK, "talk"),
                    G_DEFINE_ENUM_VALUE (SHOW_EXPORT_RECORDING, "recording"))

G_DEFINE_ENUM_TYPE (ShowExportState, show_export_state,
                    G_DEFINE_ENUM_VALUE (SHOW_EXPORT_STATE_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (SHOW_EXPORT_STATE_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (SHOW_EXPORT_STATE_WORKING, "working"),
                    G_DEFINE_ENUM_VALUE (SHOW_EXPORT_STATE_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (SHOW_EXPORT_STATE_FAILED, "failed"))

enum {
  PROP_0,
  PROP_KIND,
  PROP_TITLE,
  PROP_SPEAKERS,
  PROP_STATE,
  PROP_PROGRESS,
  PROP_ERROR,
  PROP_PATH,
  PROP_START_MS,
  PROP_END_MS,
  PROP_REPAIRED,
  PROP_DURATION_MS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
show_export_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ShowExport *self = SHOW_EXPORT (object);

  switch (id) {
  case PROP_KIND:
    g_value_set_enum (value, self->kind);
    break;
  case PROP_TITLE:
    g_value_set_string (value, self->title);
    break;
  case PROP_SPEAKERS:
    g_value_set_string (value, show_export_get_speakers (self));
    break;
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_PROGRESS:
    g_value_set_double (value, self->progress);
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  case PROP_PATH:
    g_value_set_string (value, self->path);
    break;
  case PROP_START_MS:
    g_value_set_int64 (value, self->start_ms);
    break;
  case PROP_END_MS:
    g_value_set_int64 (value, self->end_ms);
    break;
  case PROP_REPAIRED:
    g_value_set_boolean (value, self->repaired);
    break;
  case PROP_DURATION_MS:
    g_value_set_int64 (value, self->duration_ms);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
show_export_finalize (GObject *object)
{
  ShowExport *self = SHOW_EXPORT (object);

  g_clear_object (&self->log);
  g_free (self->title);
  g_free (self->speakers);
  g_free (self->affiliation);
  g_free (self->event);
  g_free (self->language);
  g_free (self->path);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (show_export_parent_class)->finalize (object);
}

static void
show_export_class_init (ShowExportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = show_export_get_property;
  object_class->finalize = show_export_finalize;

  properties[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL, SHOW_TYPE_EXPORT_KIND, SHOW_EXPORT_TALK, ro);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, ro);
  properties[PROP_SPEAKERS] = g_param_spec_string ("speakers", NULL, NULL, "", ro);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SHOW_TYPE_EXPORT_STATE, SHOW_EXPORT_STATE_OFF, ro);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, ro);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, ro);
  properties[PROP_START_MS] = g_param_spec_int64 ("start-ms", NULL, NULL, 0, G_MAXINT64, 0, ro);
  properties[PROP_END_MS] = g_param_spec_int64 ("end-ms", NULL, NULL, -1, G_MAXINT64, -1, ro);
  properties[PROP_REPAIRED] = g_param_spec_boolean ("repaired", NULL, NULL, FALSE, ro);
  properties[PROP_DURATION_MS] =
    g_param_spec_int64 ("duration-ms", NULL, NULL, 0, G_MAXINT64, 0, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
show_export_init (ShowExport *self)
{
  self->end_ms = -1;
}

ShowExport *
_show_export_new (ShowExportKind kind, EngineRecordingLog *log, const char *title)
{
  ShowExport *self = g_object_new (SHOW_TYPE_EXPORT, NULL);

  self->kind = kind;
  self->log = g_object_ref (log);
  self->title = g_strdup (title);
  return self;
}

void
_show_export_set_state (ShowExport *self, ShowExportState state, const GError *error)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->state != state) {
    self->state = state;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  }
  if (common_set_error (&self->error, error))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  g_object_thaw_notify (G_OBJECT (self));
}

void
_show_export_set_progress (ShowExport *self, double progress)
{
  if (self->progress == progress)
    return;
  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}

void
_show_export_set_path (ShowExport *self, const char *path)
{
  if (common_set_string (&self->path, path))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
}

void
_show_export_set_times (ShowExport *self, gint64 start_ms, gint64 end_ms)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->start_ms != start_ms) {
    self->start_ms = start_ms;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_START_MS]);
  }
  if (self->end_ms != end_ms) {
    self->end_ms = end_ms;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_END_MS]);
  }
  g_object_thaw_notify (G_OBJECT (self));
}

void
_show_export_set_result (ShowExport *self, gint64 duration_ms, gboolean repaired)
{
  if (self->duration_ms != duration_ms) {
    self->duration_ms = duration_ms;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DURATION_MS]);
  }
  if (self->repaired != repaired) {
    self->repaired = repaired;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REPAIRED]);
  }
}

ShowExportKind
show_export_get_kind (ShowExport *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORT (self), SHOW_EXPORT_TALK);

  return self->kind;
}

const char *
show_export_get_title (ShowExport *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORT (self), NULL);

  return self->title;
}

const char *
show_export_get_speakers (ShowExport *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORT (self), NULL);

  return self->speakers != NULL ? self->speakers : "";
}

ShowExportState
show_export_get_state (ShowExport *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORT (self), SHOW_EXPORT_STATE_OFF);

  return self->state;
}

double
show_export_get_progress (ShowExport *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORT (self), 0);

  return self->progress;
}

const GError *
show_export_get_error (ShowExport *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORT (self), NULL);

  return self->error;
}

const char *
show_export_get_path (ShowExport *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORT (self), NULL);

  return self->path;
}

gint64
show_export_get_start_ms (ShowExport *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORT (self), 0);

  return self->start_ms;
}

gint64
show_export_get_end_ms (ShowExport *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORT (self), -1);

  return self->end_ms;
}

gboolean
show_export_get_repaired (ShowExport *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORT (self), FALSE);

  return self->repaired;
}

gint64
show_export_get_duration_ms (ShowExport *self)
{
  g_return_val_if_fail (SHOW_IS_EXPORT (self), 0);

  return self->duration_ms;
}

/**
 * show_export_dup_parts:
 * @self: an export
 * @starts_ns: (out) (element-type gint64): when each file begins in the recording
 *
 * Returns: (transfer full): the files of the recording, for [ctor@Engine.Movie.open]
 */
GStrv
show_export_dup_parts (ShowExport *self, GArray **starts_ns)
{
  GPtrArray *parts = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (SHOW_IS_EXPORT (self), NULL);

  parts = engine_recording_log_get_parts (self->log);
  *starts_ns = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < parts->len; i++) {
    const EngineRecordingPart *part = parts->pdata[i];

    g_strv_builder_add (builder, part->path);
    g_array_append_val (*starts_ns, part->starts_ns);
  }
  return g_strv_builder_end (builder);
}

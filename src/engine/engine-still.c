/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-private.h"
#include "engine-overlay.h"
#include "engine-still.h"

typedef struct {
  char *path;
  EngineSize limit;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->path);
  g_free (load);
}

/* The picture on black, of even size. */
static cairo_surface_t *
flatten (cairo_surface_t *picture)
{
  const int width = MAX (2, cairo_image_surface_get_width (picture) & ~1);
  const int height = MAX (2, cairo_image_surface_get_height (picture) & ~1);
  cairo_surface_t *flat = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (flat);

  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_paint (cr);
  cairo_set_source_surface (cr, picture, 0, 0);
  cairo_paint (cr);
  cairo_destroy (cr);
  return flat;
}

static void
load_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Load *load = task_data;
  GError *error = NULL;
  GstVideoInfo info;
  cairo_surface_t *picture = _engine_art_load_picture (load->path, load->limit.width_px,
                                                       load->limit.height_px, FALSE, &error);

  if (picture == NULL) {
    g_task_return_error (task, error);
    return;
  }
  cairo_surface_t *flat = flatten (picture);
  g_autoptr (GstBuffer) buffer = engine_overlay_surface_to_i420 (flat, &info);
  cairo_surface_destroy (flat);
  cairo_surface_destroy (picture);
  g_task_return_pointer (task, engine_picture_new (buffer, &info, 0),
                         (GDestroyNotify) engine_picture_unref);
}

/**
 * engine_still_load_async:
 * @path: a picture file
 * @limit: what it is scaled down to fit into
 * @cancellable: (nullable): cancels the loading
 * @callback: called on the main thread
 * @user_data: for @callback
 *
 * Loads a picture in another thread.
 */
void
engine_still_load_async (const char *path, EngineSize limit, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->path = g_strdup (path);
  load->limit = limit;
  g_task_set_source_tag (task, engine_still_load_async);
  g_task_set_task_data (task, load, load_free);
  g_task_run_in_thread (task, load_thread);
}

/**
 * engine_still_load_finish:
 * @result: what the callback got
 *
 * Fails with an `ENGINE_ERROR`, or with `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full) (nullable): the picture, or `NULL` on error
 */
EnginePicture *
engine_still_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * EngineStill:
 *
 * Feeds one picture, which stays.
 */
struct _EngineStill {
  GObject parent_instance;

  const EngineSourceConfig *config; /* borrowed from the source, which outlives us */
  EngineClock *clock;
  EngineSlot *slot;
  EngineSize limit;
  GCancellable *cancellable; /* nullable: not started */
  gboolean loaded;
  GError *error; /* nullable */
};

static void feeder_iface_init (EngineFeederInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EngineStill, engine_still, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ENGINE_TYPE_FEEDER, feeder_iface_init))

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EngineStill) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (EnginePicture) picture = engine_still_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (picture == NULL) {
    self->error = g_steal_pointer (&error);
  } else {
    engine_slot_set_still (self->slot, TRUE);
    engine_slot_push_picture (self->slot, picture->buffer, &picture->info,
                              engine_clock_get_now (self->clock));
    self->loaded = TRUE;
  }
  engine_feeder_changed (ENGINE_FEEDER (self));
}

static void
still_start (EngineFeeder *feeder)
{
  EngineStill *self = ENGINE_STILL (feeder);

  self->cancellable = g_cancellable_new ();
  engine_still_load_async (self->config->picture, self->limit, self->cancellable, loaded_cb,
                           g_object_ref (self));
}

static void
still_stop (EngineFeeder *feeder)
{
  EngineStill *self = ENGINE_STILL (feeder);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  self->loaded = FALSE;
}

static void
still_report (EngineFeeder *feeder, EngineFeederReport *report)
{
  EngineStill *self = ENGINE_STILL (feeder);

  report->has_picture = self->loaded;
  report->error = self->error;
  if (self->error != NULL)
    report->state = ENGINE_SOURCE_STATE_FAILED;
  else if (self->loaded)
    report->state = ENGINE_SOURCE_STATE_LIVE;
}

static void
feeder_iface_init (EngineFeederInterface *iface)
{
  iface->start = still_start;
  iface->stop = still_stop;
  iface->report = still_report;
}

static void
engine_still_dispose (GObject *object)
{
  EngineStill *self = ENGINE_STILL (object);

  still_stop (ENGINE_FEEDER (self));
  g_clear_object (&self->slot);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_still_parent_class)->dispose (object);
}

static void
engine_still_class_init (EngineStillClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_still_dispose;
}

static void
engine_still_init (EngineStill *self)
{
}

EngineFeeder *
engine_still_new (const EngineSourceConfig *config, EngineClock *clock, EngineSlot *slot,
                  const EngineFormat *format)
{
  EngineStill *self = g_object_new (ENGINE_TYPE_STILL, NULL);

  self->config = config;
  self->clock = g_object_ref (clock);
  self->slot = g_object_ref (slot);
  self->limit = (EngineSize){ format->width_px, format->height_px };
  return ENGINE_FEEDER (self);
}

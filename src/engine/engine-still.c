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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-board.h"
#include "engine-overlay.h"
#include "engine-page.h"

#define CARD_GROUND "#151b24"

void
engine_page_free (EnginePage *self)
{
  g_clear_pointer (&self->deck, engine_deck_unref);
  g_clear_pointer (&self->picture, engine_picture_unref);
  g_clear_error (&self->error);
  g_free (self);
}

static void
job_free (gpointer data)
{
  EnginePageJob *job = data;

  g_clear_pointer (&job->deck, engine_deck_unref);
  g_free ((char *) job->path);
  g_free ((char *) job->sentence);
  g_free ((char *) job->colour);
  g_free ((char *) job->font);
  g_free (job);
}

/* What is seen in place of a page that cannot be. */
static EnginePicture *
draw_card (const EnginePageJob *job, GError **error)
{
  const EngineArtBoard board = { job->sentence, NULL, CARD_GROUND, job->colour, job->font };
  g_autoptr (EngineArt) art =
    engine_art_draw_board (&board, job->limit.width_px, job->limit.height_px, error);
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = NULL;

  if (art == NULL)
    return NULL;
  buffer = engine_overlay_surface_to_i420 (art->surface, &info);
  return engine_picture_new (buffer, &info, 0);
}

static void
draw_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const EnginePageJob *job = task_data;
  g_autoptr (EnginePage) page = g_new0 (EnginePage, 1);
  GError *error = NULL;

  page->deck =
    job->deck != NULL ? engine_deck_ref (job->deck) : engine_deck_open (job->path, &error);
  if (page->deck == NULL) {
    g_task_return_error (task, error);
    return;
  }
  page->page = CLAMP (job->page, 1, engine_deck_get_n_pages (page->deck));
  if (job->too_slow)
    page->error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                               "page %u takes too long to draw", page->page);
  else
    page->picture = engine_deck_draw (page->deck, page->page, job->limit, &page->error);
  if (page->picture == NULL)
    page->picture = draw_card (job, &error);
  if (page->picture == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&page), (GDestroyNotify) engine_page_free);
}

/**
 * engine_page_draw_async:
 * @owner: a GObject, which is kept until then
 * @job: what to draw; is copied
 * @cancellable: makes the callback come with %G_IO_ERROR_CANCELLED once the thread ends
 * @callback: called on the main thread
 * @user_data: for @callback
 *
 * Opens the deck, if it is not, and draws a page, in another thread. No other thread may use the deck
 * meanwhile.
 */
void
engine_page_draw_async (gpointer owner, const EnginePageJob *job, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (owner, cancellable, callback, user_data);
  EnginePageJob *copy = g_memdup2 (job, sizeof *job);

  copy->path = g_strdup (job->path);
  copy->sentence = g_strdup (job->sentence);
  copy->colour = g_strdup (job->colour);
  copy->font = g_strdup (job->font);
  if (copy->deck != NULL)
    engine_deck_ref (copy->deck);
  g_task_set_source_tag (task, engine_page_draw_async);
  g_task_set_task_data (task, copy, job_free);
  g_task_run_in_thread (task, draw_thread);
}

/**
 * engine_page_draw_finish:
 * @result: what the callback got
 *
 * Fails with an `ENGINE_ERROR` when there is no deck, or with %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the page, or `NULL` on error
 */
EnginePage *
engine_page_draw_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "common-util.h"
#include "engine-deck.h"
#include "engine-page.h"
#include "engine-slides.h"

/* A file that cannot be read is tried again so often. */
#define RETRY_MS 3000

/* A page that takes longer is given up: whoever made it may have meant it to. */
#define DRAW_TIMEOUT_MS 12000

/* A file that is being written changes several times. */
#define SETTLE_MS 700

/* The page that is shown and its neighbours. */
#define N_CACHED 3

typedef struct {
  guint page;             /* 0: nothing */
  EnginePicture *picture; /* its card, if it is broken */
  GError *error;          /* nullable: why it is broken */
} Cached;

/**
 * EngineSlides:
 *
 * Feeds pages that are turned by hand: of a PDF or a folder of pictures; or a still, which has one.
 * They are drawn in another thread, one at a time: the one that is to be seen, then its neighbours, so
 * that turning does not wait. A file that changes is read again.
 */
struct _EngineSlides {
  GObject parent_instance;

  const EngineSourceConfig *config; /* borrowed from the source, which outlives us */
  EngineClock *clock;
  EngineSlot *slot;
  EngineSize limit;
  gboolean started;
  EngineDeck *deck; /* nullable: not open */
  guint n_pages;
  guint page;    /* the one that is wanted, from 1 */
  guint shown;   /* 0: none yet */
  GError *error; /* nullable: why there is no deck */
  GError *page_error;
  Cached cached[N_CACHED];
  GHashTable *slow; /* pages that are not drawn any more */

  GCancellable *job; /* nullable: nothing is being drawn */
  guint job_page;
  guint timeout_id;
  guint retry_id;
  GFileMonitor *monitor; /* nullable */
  guint settle_id;
};

static void feeder_iface_init (EngineFeederInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EngineSlides, engine_slides, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ENGINE_TYPE_FEEDER, feeder_iface_init))

static void work (EngineSlides *self);

static const char *
get_path (EngineSlides *self)
{
  return self->config->kind == ENGINE_SOURCE_STILL ? self->config->picture : self->config->file;
}

static void
cached_clear (Cached *cached)
{
  g_clear_pointer (&cached->picture, engine_picture_unref);
  g_clear_error (&cached->error);
  cached->page = 0;
}

static void
forget_pages (EngineSlides *self)
{
  for (guint i = 0; i < N_CACHED; i++)
    cached_clear (&self->cached[i]);
  self->shown = 0;
}

static Cached *
find_cached (EngineSlides *self, guint page)
{
  for (guint i = 0; i < N_CACHED; i++) {
    if (self->cached[i].page == page)
      return &self->cached[i];
  }
  return NULL;
}

/* The place of the page that is farthest from the one that is seen. */
static Cached *
find_place (EngineSlides *self)
{
  Cached *farthest = &self->cached[0];
  gint64 distance = -1;

  for (guint i = 0; i < N_CACHED; i++) {
    const gint64 its_distance = self->cached[i].page == 0
                                  ? G_MAXINT64
                                  : ABS ((gint64) self->cached[i].page - (gint64) self->page);

    if (its_distance > distance) {
      farthest = &self->cached[i];
      distance = its_distance;
    }
  }
  return farthest;
}

static void
show_page (EngineSlides *self)
{
  const Cached *cached = find_cached (self, self->page);

  if (cached == NULL || self->shown == self->page)
    return;
  self->shown = self->page;
  common_set_error (&self->page_error, cached->error);
  engine_slot_set_still (self->slot, TRUE);
  engine_slot_push_picture (self->slot, cached->picture->buffer, &cached->picture->info,
                            engine_clock_get_now (self->clock));
  engine_feeder_changed (ENGINE_FEEDER (self));
}

static void
end_job (EngineSlides *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (self->job != NULL)
    g_cancellable_cancel (self->job);
  g_clear_object (&self->job);
}

static gboolean
retry_cb (gpointer data)
{
  EngineSlides *self = data;

  self->retry_id = 0;
  work (self);
  return G_SOURCE_REMOVE;
}

static void
fail (EngineSlides *self, const GError *error)
{
  if (common_set_error (&self->error, error))
    engine_feeder_changed (ENGINE_FEEDER (self));
}

static void
drawn_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EngineSlides *self = ENGINE_SLIDES (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (EnginePage) page = engine_page_draw_finish (result, &error);
  Cached *place = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  end_job (self);
  if (page == NULL) {
    fail (self, error);
    self->retry_id = g_timeout_add (RETRY_MS, retry_cb, self);
    return;
  }
  g_clear_error (&self->error);
  if (self->deck == NULL)
    self->deck = engine_deck_ref (page->deck);
  self->n_pages = engine_deck_get_n_pages (self->deck);
  self->page = CLAMP (self->page, 1, self->n_pages);
  place = find_place (self);
  cached_clear (place);
  place->page = page->page;
  place->picture = engine_picture_ref (page->picture);
  place->error = g_steal_pointer (&page->error);
  show_page (self);
  work (self);
}

/* The thread cannot be stopped: it is left to itself, with its deck, and the page is never tried
 * again. */
static gboolean
timeout_cb (gpointer data)
{
  EngineSlides *self = data;

  self->timeout_id = 0;
  end_job (self);
  if (self->deck == NULL) {
    g_autoptr (GError) error = g_error_new (ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                                            "“%s” takes too long to read", get_path (self));

    fail (self, error);
  } else {
    g_clear_pointer (&self->deck, engine_deck_unref);
    g_hash_table_add (self->slow, GUINT_TO_POINTER (self->job_page));
    work (self);
  }
  return G_SOURCE_REMOVE;
}

/* What is to be drawn next; 0: nothing. */
static guint
choose_page (EngineSlides *self)
{
  if (find_cached (self, self->page) == NULL)
    return self->page;
  if (self->page < self->n_pages && find_cached (self, self->page + 1) == NULL)
    return self->page + 1;
  if (self->page > 1 && find_cached (self, self->page - 1) == NULL)
    return self->page - 1;
  return 0;
}

static void
work (EngineSlides *self)
{
  const guint page = choose_page (self);
  const EnginePageJob job = {
    .path = get_path (self),
    .deck = self->deck,
    .page = page,
    .limit = self->limit,
    .too_slow = g_hash_table_contains (self->slow, GUINT_TO_POINTER (page)),
    .sentence = self->config->lost_sentence,
    .colour = self->config->colour,
    .font = self->config->font,
  };

  if (!self->started || self->job != NULL || page == 0)
    return;
  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->job = g_cancellable_new ();
  self->job_page = page;
  self->timeout_id = g_timeout_add (DRAW_TIMEOUT_MS, timeout_cb, self);
  engine_page_draw_async (self, &job, self->job, drawn_cb, NULL);
}

static gboolean
settled_cb (gpointer data)
{
  EngineSlides *self = data;

  self->settle_id = 0;
  end_job (self);
  g_clear_pointer (&self->deck, engine_deck_unref);
  g_hash_table_remove_all (self->slow);
  forget_pages (self);
  work (self);
  return G_SOURCE_REMOVE;
}

static void
file_changed_cb (GFileMonitor *monitor, GFile *file, GFile *other_file, GFileMonitorEvent event,
                 gpointer user_data)
{
  EngineSlides *self = user_data;

  if (event == G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED)
    return;
  g_clear_handle_id (&self->settle_id, g_source_remove);
  self->settle_id = g_timeout_add (SETTLE_MS, settled_cb, self);
}

static void
slides_start (EngineFeeder *feeder)
{
  EngineSlides *self = ENGINE_SLIDES (feeder);
  g_autoptr (GFile) file = g_file_new_for_path (get_path (self));

  self->started = TRUE;
  /* Where files cannot be watched, they do not change by themselves either. */
  self->monitor = g_file_monitor (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect (self->monitor, "changed", G_CALLBACK (file_changed_cb), self);
  work (self);
}

static void
slides_stop (EngineFeeder *feeder)
{
  EngineSlides *self = ENGINE_SLIDES (feeder);

  self->started = FALSE;
  end_job (self);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  g_clear_pointer (&self->deck, engine_deck_unref);
  forget_pages (self);
  g_clear_error (&self->error);
  g_clear_error (&self->page_error);
}

static void
slides_turn (EngineFeeder *feeder, int n_pages)
{
  EngineSlides *self = ENGINE_SLIDES (feeder);
  const gint64 page = (gint64) self->page + n_pages;

  if (self->n_pages == 0)
    return;
  self->page = (guint) CLAMP (page, 1, (gint64) self->n_pages);
  show_page (self);
  work (self);
  engine_feeder_changed (feeder);
}

static void
slides_report (EngineFeeder *feeder, EngineFeederReport *report)
{
  EngineSlides *self = ENGINE_SLIDES (feeder);

  report->has_picture = self->shown > 0;
  report->error = self->error != NULL ? self->error : self->page_error;
  if (g_error_matches (self->error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND))
    report->state = ENGINE_SOURCE_STATE_LOST;
  else if (self->error != NULL ||
           (self->config->kind == ENGINE_SOURCE_STILL && self->page_error != NULL))
    report->state = ENGINE_SOURCE_STATE_FAILED;
  else if (self->shown > 0)
    report->state = ENGINE_SOURCE_STATE_LIVE;
  if (self->config->kind == ENGINE_SOURCE_SLIDES && self->n_pages > 0) {
    report->page = self->page;
    report->n_pages = self->n_pages;
  }
}

static void
feeder_iface_init (EngineFeederInterface *iface)
{
  iface->start = slides_start;
  iface->stop = slides_stop;
  iface->report = slides_report;
  iface->turn = slides_turn;
}

static void
engine_slides_dispose (GObject *object)
{
  EngineSlides *self = ENGINE_SLIDES (object);

  slides_stop (ENGINE_FEEDER (self));
  g_clear_object (&self->slot);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_slides_parent_class)->dispose (object);
}

static void
engine_slides_finalize (GObject *object)
{
  g_hash_table_unref (ENGINE_SLIDES (object)->slow);
  G_OBJECT_CLASS (engine_slides_parent_class)->finalize (object);
}

static void
engine_slides_class_init (EngineSlidesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_slides_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_slides_finalize;
}

static void
engine_slides_init (EngineSlides *self)
{
  self->slow = g_hash_table_new (NULL, NULL);
  self->page = 1;
}

/**
 * engine_slides_new:
 * @config: the source; must outlive the feeder
 * @clock: the show's clock
 * @slot: where pictures go
 * @format: how large they are drawn
 *
 * Returns: (transfer full): a feeder that is not started
 */
EngineFeeder *
engine_slides_new (const EngineSourceConfig *config, EngineClock *clock, EngineSlot *slot,
                   const EngineFormat *format)
{
  EngineSlides *self = g_object_new (ENGINE_TYPE_SLIDES, NULL);

  self->config = config;
  self->clock = g_object_ref (clock);
  self->slot = g_object_ref (slot);
  self->limit = (EngineSize){ format->width_px, format->height_px };
  return ENGINE_FEEDER (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "common-util.h"
#include "engine-art-board.h"
#include "engine-board.h"
#include "engine-overlay.h"

/* A timer that fires a hair too early would show the second before for one second more. */
#define AFTER_THE_SECOND_MS 5

/**
 * EngineBoard:
 *
 * Feeds a card: a plain ground with a sentence, a clock or a countdown. It is drawn in another thread,
 * at most once a second, and only when what it says has changed.
 */
struct _EngineBoard {
  GObject parent_instance;

  const EngineSourceConfig *config; /* borrowed from the source, which outlives us */
  EngineClock *clock;
  EngineSlot *slot;
  EngineSize size;
  GCancellable *cancellable; /* nullable: not started */
  guint tick_id;
  gboolean drawing;
  gboolean drawn;
  char *figures; /* nullable: those that were drawn last */
  GError *error; /* nullable */
};

static void feeder_iface_init (EngineFeederInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EngineBoard, engine_board, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ENGINE_TYPE_FEEDER, feeder_iface_init))

/**
 * engine_board_make_figures:
 * @kind: what the card counts
 * @until_s: where a countdown ends, in seconds since 1970
 * @utc_offset_s: where a clock is read: how far east of UTC, in seconds
 * @now_us: the time, in microseconds since 1970
 *
 * Returns: (transfer full) (nullable): the time of day, or the time left, which is rounded up and
 *   never negative; `NULL` for a text
 */
char *
engine_board_make_figures (EngineCardKind kind, gint64 until_s, int utc_offset_s, gint64 now_us)
{
  switch (kind) {
  case ENGINE_CARD_TEXT:
    return NULL;
  case ENGINE_CARD_CLOCK: {
    g_autoptr (GDateTime) now =
      g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC + utc_offset_s);

    return now != NULL ? g_date_time_format (now, "%H:%M") : NULL;
  }
  case ENGINE_CARD_COUNTDOWN: {
    const gint64 now_s = now_us / G_USEC_PER_SEC;
    const gint64 left_s = until_s > now_s ? until_s - now_s : 0;
    const int minutes = (int) (left_s / 60 % 60), seconds = (int) (left_s % 60);

    if (left_s >= 3600)
      return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", left_s / 3600, minutes, seconds);
    return g_strdup_printf ("%d:%02d", minutes, seconds);
  }
  }
  g_return_val_if_reached (NULL);
}

typedef struct {
  char *text;
  char *figures;
  char *background;
  char *colour;
  char *font;
  EngineSize size;
} Drawing;

static void
drawing_free (gpointer data)
{
  Drawing *drawing = data;

  g_free (drawing->text);
  g_free (drawing->figures);
  g_free (drawing->background);
  g_free (drawing->colour);
  g_free (drawing->font);
  g_free (drawing);
}

static void
draw_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Drawing *drawing = task_data;
  const EngineArtBoard board = { drawing->text, drawing->figures, drawing->background,
                                 drawing->colour, drawing->font };
  GError *error = NULL;
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (EngineArt) art =
    engine_art_draw_board (&board, drawing->size.width_px, drawing->size.height_px, &error);

  if (art == NULL) {
    g_task_return_error (task, error);
    return;
  }
  buffer = engine_overlay_surface_to_i420 (art->surface, &info);
  g_task_return_pointer (task, engine_picture_new (buffer, &info, 0),
                         (GDestroyNotify) engine_picture_unref);
}

static void
drawn_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EngineBoard *self = ENGINE_BOARD (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (EnginePicture) picture = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->drawing = FALSE;
  if (picture != NULL) {
    engine_slot_set_still (self->slot, TRUE);
    engine_slot_push_picture (self->slot, picture->buffer, &picture->info,
                              engine_clock_get_now (self->clock));
    self->drawn = TRUE;
  }
  if (common_set_error (&self->error, error) || picture != NULL)
    engine_feeder_changed (ENGINE_FEEDER (self));
}

/* Draws what the card says now, if it says something new. A machine that is too slow skips a second
 * rather than draw two at a time. */
static void
draw (EngineBoard *self)
{
  const EngineSourceConfig *config = self->config;
  g_autofree char *figures = engine_board_make_figures (config->card, config->until_s,
                                                        config->utc_offset_s, g_get_real_time ());
  g_autoptr (GTask) task = NULL;
  Drawing *drawing = NULL;

  if (self->drawing || (self->drawn && g_strcmp0 (figures, self->figures) == 0))
    return;
  self->drawing = TRUE;
  common_set_string (&self->figures, figures);
  drawing = g_new0 (Drawing, 1);
  drawing->text = g_strdup (config->text);
  drawing->figures = g_steal_pointer (&figures);
  drawing->background = g_strdup (config->background);
  drawing->colour = g_strdup (config->colour);
  drawing->font = g_strdup (config->font);
  drawing->size = self->size;
  task = g_task_new (self, self->cancellable, drawn_cb, NULL);
  g_task_set_source_tag (task, draw);
  g_task_set_task_data (task, drawing, drawing_free);
  g_task_run_in_thread (task, draw_thread);
}

static gboolean
tick_cb (gpointer data)
{
  EngineBoard *self = data;
  const guint since_ms = (guint) (g_get_real_time () / 1000 % 1000);

  draw (self);
  self->tick_id = g_timeout_add (1000 - since_ms + AFTER_THE_SECOND_MS, tick_cb, self);
  return G_SOURCE_REMOVE;
}

static void
board_start (EngineFeeder *feeder)
{
  EngineBoard *self = ENGINE_BOARD (feeder);

  self->cancellable = g_cancellable_new ();
  if (self->config->card == ENGINE_CARD_TEXT)
    draw (self);
  else
    tick_cb (self);
}

static void
board_stop (EngineFeeder *feeder)
{
  EngineBoard *self = ENGINE_BOARD (feeder);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  self->drawing = self->drawn = FALSE;
}

static void
board_report (EngineFeeder *feeder, EngineFeederReport *report)
{
  EngineBoard *self = ENGINE_BOARD (feeder);

  report->has_picture = self->drawn;
  report->error = self->error;
  if (self->drawn)
    report->state = ENGINE_SOURCE_STATE_LIVE;
  else if (self->error != NULL)
    report->state = ENGINE_SOURCE_STATE_FAILED;
}

static void
feeder_iface_init (EngineFeederInterface *iface)
{
  iface->start = board_start;
  iface->stop = board_stop;
  iface->report = board_report;
}

static void
engine_board_dispose (GObject *object)
{
  EngineBoard *self = ENGINE_BOARD (object);

  board_stop (ENGINE_FEEDER (self));
  g_clear_object (&self->slot);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_board_parent_class)->dispose (object);
}

static void
engine_board_finalize (GObject *object)
{
  g_free (ENGINE_BOARD (object)->figures);
  G_OBJECT_CLASS (engine_board_parent_class)->finalize (object);
}

static void
engine_board_class_init (EngineBoardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_board_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_board_finalize;
}

static void
engine_board_init (EngineBoard *self)
{
}

/**
 * engine_board_new:
 * @config: the source; must outlive the feeder
 * @clock: the show's clock
 * @slot: where pictures go
 * @format: how large it is drawn
 *
 * Returns: (transfer full): a feeder that is not started
 */
EngineFeeder *
engine_board_new (const EngineSourceConfig *config, EngineClock *clock, EngineSlot *slot,
                  const EngineFormat *format)
{
  EngineBoard *self = g_object_new (ENGINE_TYPE_BOARD, NULL);

  self->config = config;
  self->clock = g_object_ref (clock);
  self->slot = g_object_ref (slot);
  self->size = (EngineSize){ format->width_px, format->height_px };
  return ENGINE_FEEDER (self);
}

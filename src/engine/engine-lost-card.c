/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-art-board.h"
#include "engine-lost-card.h"
#include "engine-overlay.h"

#include <gio/gio.h>

/* Nobody is missed who has not come yet, or has no camera: a dark ground, and no pulled plug. */
#define CALM_BACKGROUND "#1b2433"

typedef struct {
  EngineSlot *slot;
  guint64 order;
  gboolean calm;
  char *title;
  char *sentence;
  char *colour;
  char *font;
  EngineSize size;
} Card;

static void
card_free (gpointer data)
{
  Card *card = data;

  g_object_unref (card->slot);
  g_free (card->title);
  g_free (card->sentence);
  g_free (card->colour);
  g_free (card->font);
  g_free (card);
}

static EngineArt *
draw (const Card *card, GError **error)
{
  const EngineArtBoard board = {
    .text = card->title, .background = CALM_BACKGROUND, .colour = card->colour, .font = card->font
  };

  if (card->calm)
    return engine_art_draw_board (&board, card->size.width_px, card->size.height_px, error);
  return engine_art_draw_lost (card->title, card->sentence, card->colour, card->font,
                               card->size.width_px, card->size.height_px, error);
}

static void
draw_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Card *card = task_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (EngineArt) art = draw (card, &error);

  if (art == NULL) {
    g_warning ("the card of “%s” cannot be drawn: %s", card->title, error->message);
  } else {
    GstVideoInfo info;
    g_autoptr (GstBuffer) buffer = engine_overlay_surface_to_i420 (art->surface, &info);
    g_autoptr (EnginePicture) picture = engine_picture_new (buffer, &info, 0);

    engine_slot_deliver_card (card->slot, card->order, picture);
  }
  g_task_return_boolean (task, art != NULL);
}

/* Takes the card. */
static void
draw_in_thread (EngineSlot *slot, Card *card)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  card->slot = g_object_ref (slot);
  card->order = engine_slot_order_card (slot);
  g_task_set_source_tag (task, draw_in_thread);
  g_task_set_task_data (task, card, card_free);
  g_task_run_in_thread (task, draw_thread);
}

/**
 * engine_lost_card_draw:
 * @slot: where it is shown while nothing comes in
 * @title: of the source
 * @sentence: what the audience reads
 * @colour: (nullable): the event's, “#rrggbb”
 * @font: (nullable): the event's font family
 * @size: of the program
 *
 * Draws the calm picture of a lost signal in another thread, and puts it into the slot.
 */
void
engine_lost_card_draw (EngineSlot *slot, const char *title, const char *sentence,
                       const char *colour, const char *font, EngineSize size)
{
  Card *card = g_new0 (Card, 1);

  card->title = g_strdup (title);
  card->sentence = g_strdup (sentence);
  card->colour = g_strdup (colour);
  card->font = g_strdup (font);
  card->size = size;
  draw_in_thread (slot, card);
}

/**
 * engine_lost_card_draw_calm:
 * @slot: where it is shown while nothing comes in
 * @text: all that it says
 * @colour: (nullable): the event's, “#rrggbb”
 * @font: (nullable): the event's font family
 * @size: of the program
 *
 * The same for when nothing is lost: somebody has not come yet, or is heard but not seen.
 */
void
engine_lost_card_draw_calm (EngineSlot *slot, const char *text, const char *colour,
                            const char *font, EngineSize size)
{
  Card *card = g_new0 (Card, 1);

  card->calm = TRUE;
  card->title = g_strdup (text);
  card->colour = g_strdup (colour);
  card->font = g_strdup (font);
  card->size = size;
  draw_in_thread (slot, card);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-deck.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * EnginePageJob:
 * @path: of the deck
 * @deck: (nullable): the deck, if it is open
 * @page: which, from 1; the nearest that it has
 * @limit: what it is scaled to fit into
 * @too_slow: it was given up before: only its card is drawn
 * @sentence: (nullable): what the card of a broken page says
 * @colour: (nullable): the event's, “#rrggbb”
 * @font: (nullable): a font family
 *
 * A page to be drawn.
 */
typedef struct {
  const char *path;
  EngineDeck *deck;
  guint page;
  EngineSize limit;
  gboolean too_slow;
  const char *sentence;
  const char *colour;
  const char *font;
} EnginePageJob;

/**
 * EnginePage:
 * @deck: the deck, open
 * @page: from 1
 * @picture: the page, or its card
 * @error: (nullable): why that is only its card
 *
 * A page that was drawn.
 */
typedef struct {
  EngineDeck *deck;
  guint page;
  EnginePicture *picture;
  GError *error;
} EnginePage;

void engine_page_free (EnginePage *self);
void engine_page_draw_async (gpointer owner, const EnginePageJob *job, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
EnginePage *engine_page_draw_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EnginePage, engine_page_free)

G_END_DECLS

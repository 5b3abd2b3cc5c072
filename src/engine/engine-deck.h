/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-slot.h"

G_BEGIN_DECLS

/**
 * EngineDeck:
 *
 * Pages that can be turned: of a PDF, or the pictures in a folder, or one picture. Reference counted;
 * any thread, but only one at a time. Its functions may take long.
 */
typedef struct _EngineDeck EngineDeck;

EngineDeck *engine_deck_open (const char *path, GError **error);
EngineDeck *engine_deck_ref (EngineDeck *self);
void engine_deck_unref (EngineDeck *self);
guint engine_deck_get_n_pages (const EngineDeck *self);
EnginePicture *engine_deck_draw (EngineDeck *self, guint page, EngineSize limit, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineDeck, engine_deck_unref)

G_END_DECLS

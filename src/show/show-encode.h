/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-program.h"
#include "event-file.h"

G_BEGIN_DECLS

#define SHOW_TYPE_ENCODE (show_encode_get_type ())
G_DECLARE_FINAL_TYPE (ShowEncode, show_encode, SHOW, ENCODE, GObject)

/* Signal "changed" (): other sentences describe it. */
ShowEncode *show_encode_new (EventFile *event, EngineProgram *program, GListModel *destinations);
void show_encode_update (ShowEncode *self);
void show_encode_begin (ShowEncode *self);
void show_encode_end (ShowEncode *self);
void show_encode_tick (ShowEncode *self, gboolean overloaded);
const char *const *show_encode_get_sentences (ShowEncode *self);

G_END_DECLS

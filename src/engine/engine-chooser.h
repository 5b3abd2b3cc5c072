/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-codecs.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * EngineRefusal:
 * @factory: an encoder that comes before the one in use
 * @reason: why it is not taken, in English
 */
typedef struct {
  const char *factory;
  char *reason;
} EngineRefusal;

#define ENGINE_TYPE_CHOOSER (engine_chooser_get_type ())
G_DECLARE_FINAL_TYPE (EngineChooser, engine_chooser, ENGINE, CHOOSER, GObject)

/* Signal "chosen" (): on the main thread, once it knows. */
EngineChooser *engine_chooser_new (const EngineFormat *format);
void engine_chooser_start (EngineChooser *self, guint delay_ms);
void engine_chooser_stop (EngineChooser *self);
gboolean engine_chooser_get_choice (EngineChooser *self, EngineChoice *choice);
double engine_chooser_get_cost (EngineChooser *self);
void engine_chooser_refuse (EngineChooser *self, const char *factory, const char *reason);
GPtrArray *engine_chooser_get_refusals (EngineChooser *self, const char *in_use);

G_END_DECLS

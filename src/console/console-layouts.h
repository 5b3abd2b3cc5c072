/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-layout.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CONSOLE_LAYOUTS_N          7
#define CONSOLE_LAYOUTS_MAX_PLACES 3

/**
 * ConsoleLayout:
 *
 * A layout as the operator knows it. Titles are translated.
 */
typedef struct {
  const char *nick; /* as in the event file */
  EngineLayout layout;
  guint n_places; /* 0 for everyone and pause */
  const char *title;
  const char *places[CONSOLE_LAYOUTS_MAX_PLACES];
} ConsoleLayout;

const ConsoleLayout *console_layouts_get_nth (guint n);
const ConsoleLayout *console_layouts_find (const char *nick);
EngineCorner console_layouts_parse_corner (const char *nick);
guint console_layouts_arrange (const ConsoleLayout *layout, EngineCorner corner, guint n_sources,
                               int width_px, int height_px, EngineRect *rects);

char **console_layouts_fit_sources (const ConsoleLayout *layout, const char *const *chosen,
                                    GListModel *sources);
char **console_layouts_place_source (const char *const *chosen, guint place, const char *id);
char **console_layouts_include_source (const char *const *chosen, const char *id,
                                       gboolean included);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-art.h"

#include <pango/pangocairo.h>

G_BEGIN_DECLS

typedef struct {
  double red;
  double green;
  double blue;
} EngineArtColour;

/* What engine-art-*.c share. Any thread. Sizes are given for a program of 1080 lines and multiplied
 * by what _engine_art_get_unit () returns. */
double _engine_art_get_unit (int program_width_px, int program_height_px);
gboolean _engine_art_check_size (int program_width_px, int program_height_px, GError **error);
EngineArt *_engine_art_new (int x, int y, int width_px, int height_px, GError **error);
EngineArtColour _engine_art_parse_colour (const char *colour);
EngineArtColour _engine_art_mix (EngineArtColour from, EngineArtColour to, double amount);
double _engine_art_get_luminance (EngineArtColour colour);
double _engine_art_get_contrast (EngineArtColour one, EngineArtColour other);
EngineArtColour _engine_art_choose_ink (EngineArtColour ground);
EngineArtColour _engine_art_make_readable (EngineArtColour colour, EngineArtColour ground);
void _engine_art_set_colour (cairo_t *cr, EngineArtColour colour, double alpha);
void _engine_art_add_rounded (cairo_t *cr, double x, double y, double width, double height,
                              double radius);
void _engine_art_draw_shadow (cairo_t *cr, double x, double y, double width, double height,
                              double radius, double blur);
void _engine_art_blur (cairo_surface_t *mask, int radius_px, double gain);
cairo_surface_t *_engine_art_load_picture (const char *path, int width_px, int height_px,
                                           gboolean cover, GError **error);

char *_engine_art_clean (const char *text, gboolean keep_lines, int max_chars);
PangoLayout *_engine_art_create_layout (cairo_t *cr, const char *text, double size_px,
                                        PangoWeight weight, double width_px, int max_lines);
void _engine_art_set_font (PangoLayout *layout, const char *family);
PangoLayout *_engine_art_fit_layout (cairo_t *cr, const char *text, const char *family,
                                     double size_px, double min_size_px, PangoWeight weight,
                                     double width_px, int max_lines);
gboolean _engine_art_is_rtl (const char *text);
void _engine_art_measure (PangoLayout *layout, double *width_px, double *height_px);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-art-private.h"
#include "engine-layout.h"

G_BEGIN_DECLS

/* What the styles of a name share: the words, laid out, and where they may stand. Any thread. */
typedef struct {
  double unit;
  const char *font; /* nullable, borrowed */
  gboolean rtl;
  EngineArtColour colour;
  EngineSize program;
  int safe_x; /* how far from the program's edges words must stay */
  int safe_y;
  double max_width; /* of a plate or a line */
  int band_left;    /* where a band begins and ends */
  int band_right;
  PangoLayout *name;        /* owned, nullable */
  PangoLayout *affiliation; /* owned, nullable */
  PangoLayout *talk;        /* owned, nullable */
  EngineSize name_size;     /* 0 × 0 without */
  EngineSize affiliation_size;
  EngineSize talk_size;
} EngineArtWords;

void _engine_art_words_clear (EngineArtWords *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EngineArtWords, _engine_art_words_clear)

void _engine_art_words_lay_out (EngineArtWords *self, cairo_t *cr, const EngineArtName *name,
                                double width);
void _engine_art_words_lay_out_talk (EngineArtWords *self, cairo_t *cr, const EngineArtName *name,
                                     double width);
void _engine_art_words_draw (const EngineArtWords *self, cairo_t *cr, PangoLayout *layout, double x,
                             double y, double width, EngineArtColour colour, double alpha);

EngineArt *_engine_art_name_draw_plate (const EngineArtName *name, EngineArtWords *words,
                                        cairo_t *cr, GError **error);
EngineArt *_engine_art_name_draw_band (const EngineArtName *name, EngineArtWords *words,
                                       cairo_t *cr, GError **error);
EngineArt *_engine_art_name_draw_line (const EngineArtName *name, EngineArtWords *words,
                                       cairo_t *cr, GError **error);

G_END_DECLS

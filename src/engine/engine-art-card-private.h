/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-art-private.h"
#include "engine-layout.h"

G_BEGIN_DECLS

/* Pixels in a program of 1080 lines. */
#define ENGINE_CARD_PADDING    36.0
#define ENGINE_CARD_BAR_HEIGHT 10.0
#define ENGINE_CARD_RADIUS     28.0
#define ENGINE_CARD_SHADOW     34.0
#define ENGINE_CARD_AVATAR     92.0
#define ENGINE_CARD_BADGE      50.0
#define ENGINE_CARD_HEAD_GAP   22.0
#define ENGINE_CARD_GAP        26.0
#define ENGINE_CARD_STRIP_GAP  40.0

/* The card of a post while it is being fitted and drawn. A column has its head over its text, a
 * strip beside it. */
typedef struct {
  double unit;
  gboolean strip;
  gboolean rtl;
  double width; /* of the plate, without its shadow */
  double height;
  double max_height;
  double head_width;
  double head_height;
  double head_spare; /* how much of its width is not written on */
  double text_width;
  double text_height;
  double text_area;   /* in the smallest letters */
  double photo_width; /* 0 without */
  double photo_height;
  EngineSize name_size;
  EngineSize handle_size;
  PangoLayout *name;       /* owned, nullable */
  PangoLayout *handle;     /* owned, nullable */
  PangoLayout *text;       /* owned, nullable */
  cairo_surface_t *photo;  /* nullable, borrowed */
  cairo_surface_t *avatar; /* nullable, borrowed */
  char *initial;
  char *network;
  const char *font; /* nullable, borrowed */
  EngineArtColour colour;
} EngineArtCard;

void _engine_art_card_draw (const EngineArtCard *card, cairo_t *cr);

G_END_DECLS

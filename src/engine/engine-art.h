/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-room.h"

#include <cairo.h>

G_BEGIN_DECLS

/* How a graphic comes and goes. */
typedef enum {
  ENGINE_MOTION_FADE,
  ENGINE_MOTION_TICK,        /* the same, but takes the place of the one before it at once */
  ENGINE_MOTION_RISE,        /* fades while it rises a little */
  ENGINE_MOTION_WIPE_RIGHT,  /* opens from its left edge */
  ENGINE_MOTION_WIPE_LEFT,   /* opens from its right edge */
  ENGINE_MOTION_SLIDE_RIGHT, /* comes in from the left of the picture */
  ENGINE_MOTION_SLIDE_LEFT,  /* comes in from the right of the picture */
} EngineMotion;

/**
 * EngineArt:
 * @surface: ARGB32, premultiplied, exactly as large as @place
 * @place: where it belongs in the program, always inside it
 * @motion: how it comes and goes
 *
 * One still graphic, drawn and ready to be laid over the program. Whoever asked for it owns it.
 */
typedef struct {
  cairo_surface_t *surface;
  EngineRect place;
  EngineMotion motion;
} EngineArt;

void engine_art_free (EngineArt *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineArt, engine_art_free)

/**
 * EngineArtPost:
 * @name: the author's full name
 * @handle: such as “@ana@example.social”, perhaps empty
 * @network: the network's name as people read it, perhaps empty
 * @text: what they wrote, shown whole
 * @avatar: (nullable): the author's picture; the initial of the name otherwise
 * @photo: (nullable): a photo
 * @colour: accent colour, “#rrggbb”
 * @font: (nullable): a font family
 * @plan: (nullable): what else is seen: the card hides as little of it as it can
 *
 * What the card of a post shows. Everything is text, never markup. Pictures are image surfaces, of any
 * size.
 */
typedef struct {
  const char *name;
  const char *handle;
  const char *network;
  const char *text;
  cairo_surface_t *avatar;
  cairo_surface_t *photo;
  const char *colour;
  const char *font;
  const EngineRoomPlan *plan;
} EngineArtPost;

/* How a name looks. */
typedef enum {
  ENGINE_NAME_STYLE_PLATE, /* a dark plate with a bar of the event's colour */
  ENGINE_NAME_STYLE_BAND,  /* a band of the event's colour from edge to edge */
  ENGINE_NAME_STYLE_LINE,  /* no plate: shadowed letters over a line of the event's colour */
} EngineNameStyle;

/**
 * EngineArtName:
 * @title: (nullable): who speaks, one or several
 * @affiliation: (nullable): where they come from
 * @talk: (nullable): about what
 * @style: how it looks
 * @colour: accent colour, “#rrggbb”
 * @font: (nullable): a font family
 * @plan: (nullable): what else is seen: the name makes room for it
 *
 * What a lower third says. Everything is text, never markup.
 */
typedef struct {
  const char *title;
  const char *affiliation;
  const char *talk;
  EngineNameStyle style;
  const char *colour;
  const char *font;
  const EngineRoomPlan *plan;
} EngineArtName;

typedef enum {
  ENGINE_MARK_CLOCK,
  ENGINE_MARK_LIVE,
  ENGINE_MARK_COUNTDOWN,
} EngineMarkKind;

/* Any thread; nothing is kept between calls. Colours are "#rrggbb"; a colour that is not falls back
 * to Régie's own, and so does a font that is not installed. Programs are 320×180 to 3840×2160 px. */
EngineArt *engine_art_draw_logo (const char *path, EngineCorner corner, double size, double opacity,
                                 int program_width_px, int program_height_px, GError **error);
EngineArt *engine_art_draw_name (const EngineArtName *name, int program_width_px,
                                 int program_height_px, GError **error);
EngineArt *engine_art_draw_post (const EngineArtPost *post, int program_width_px,
                                 int program_height_px, GError **error);
EngineArt *engine_art_draw_mark (EngineMarkKind kind, const char *text, const char *colour,
                                 const char *font, int program_width_px, int program_height_px,
                                 GError **error);
EngineArt *engine_art_draw_lost (const char *title, const char *sentence, const char *colour,
                                 const char *font, int program_width_px, int program_height_px,
                                 GError **error);
EngineArt *engine_art_draw_pause (const char *title, const char *sentence, const char *colour,
                                  const char *font, const char *logo_path, int program_width_px,
                                  int program_height_px, GError **error);
EngineArt *engine_art_draw_background (const char *path, int program_width_px,
                                       int program_height_px, GError **error);
gboolean engine_art_has_font (const char *family);

G_END_DECLS

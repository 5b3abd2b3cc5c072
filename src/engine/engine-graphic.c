/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-graphic.h"

#include <math.h>

/* A card rises by this share of its height; a wipe is opaque by this share of its way. */
#define RISE        0.14
#define WIPE_OPAQUE 0.35

/* Fast at first, then at rest: 0 to 1. */
static double
ease (double share)
{
  const double left = 1 - CLAMP (share, 0, 1);

  return 1 - left * left * left;
}

static int
even (double value)
{
  return (int) lrint (value / 2) * 2;
}

/**
 * engine_graphic_get_pose:
 * @motion: how the graphic comes and goes
 * @place: where it stands when it is there
 * @shown: how much of its way it has come: 0 (not there) to 1 (there)
 *
 * Pure; any thread.
 *
 * Returns: how it is to be blended
 */
EngineOverlayPose
engine_graphic_get_pose (EngineMotion motion, EngineRect place, double shown)
{
  const double eased = ease (shown);
  const int wiped = CLAMP (even (place.width * eased), 0, place.width);
  EngineOverlayPose pose = { .opacity = CLAMP (shown, 0, 1),
                             .part = { 0, 0, place.width, place.height } };

  switch (motion) {
  case ENGINE_MOTION_FADE:
  case ENGINE_MOTION_TICK:
    break;
  case ENGINE_MOTION_RISE:
    pose.move_y = even (place.height * RISE * (1 - eased));
    break;
  case ENGINE_MOTION_WIPE_RIGHT:
    pose.part.width = wiped;
    pose.opacity = CLAMP (shown / WIPE_OPAQUE, 0, 1);
    break;
  case ENGINE_MOTION_WIPE_LEFT:
    pose.part.x = place.width - wiped;
    pose.part.width = wiped;
    pose.opacity = CLAMP (shown / WIPE_OPAQUE, 0, 1);
    break;
  case ENGINE_MOTION_SLIDE_RIGHT:
    pose.move_x = -even ((place.x + place.width) * (1 - eased));
    pose.opacity = shown > 0 ? 1 : 0;
    break;
  case ENGINE_MOTION_SLIDE_LEFT:
    pose.move_x = even (place.width * (1 - eased));
    pose.opacity = shown > 0 ? 1 : 0;
    break;
  }
  return pose;
}

/**
 * engine_graphic_stays_in_pause:
 * @graphic: a place
 *
 * The card of a pause hides all that was said before it, but not what time it is.
 *
 * Returns: whether it is shown over the card of a pause
 */
gboolean
engine_graphic_stays_in_pause (EngineGraphic graphic)
{
  return graphic == ENGINE_GRAPHIC_CLOCK || graphic == ENGINE_GRAPHIC_COUNTDOWN;
}

/**
 * engine_graphic_place_set:
 * @self: (inout): a place
 * @overlay: (nullable): what comes there, or `NULL` to let go of what is there
 * @now_ns: show time
 *
 * What was there leaves first, and then what is new comes, each in its own way; but what ticks
 * takes the place of the one before it from one frame to the next.
 */
void
engine_graphic_place_set (EngineGraphicPlace *self, EngineOverlay *overlay, gint64 now_ns)
{
  const gboolean ticks =
    overlay != NULL && self->overlay != NULL && overlay->motion == ENGINE_MOTION_TICK;

  if (ticks) {
    g_clear_pointer (&self->overlay, engine_overlay_unref);
    self->overlay = engine_overlay_ref (overlay);
    return;
  }

  self->shown_ns = now_ns;
  if (self->overlay != NULL) {
    g_clear_pointer (&self->leaving, engine_overlay_unref);
    self->leaving = g_steal_pointer (&self->overlay);
    self->left_ns = now_ns;
  }
  if (self->leaving != NULL)
    self->shown_ns = MAX (now_ns, self->left_ns + ENGINE_GRAPHIC_GO_NS);
  self->overlay = overlay != NULL ? engine_overlay_ref (overlay) : NULL;
}

void
engine_graphic_place_clear (EngineGraphicPlace *self)
{
  g_clear_pointer (&self->overlay, engine_overlay_unref);
  g_clear_pointer (&self->leaving, engine_overlay_unref);
}

static guint
add_layer (EngineGraphicLayer *layer, EngineOverlay *overlay, double shown)
{
  if (overlay == NULL || shown <= 0)
    return 0;

  layer->overlay = engine_overlay_ref (overlay);
  layer->pose = engine_graphic_get_pose (overlay->motion, overlay->place, MIN (shown, 1));
  return 1;
}

/**
 * engine_graphic_place_plan:
 * @self: (inout): a place; what has left it is forgotten
 * @time_ns: the show time of a frame
 * @layers: (out caller-allocates): room for %ENGINE_GRAPHIC_MAX_LAYERS
 *
 * Returns: how many layers there are; clear each with engine_graphic_layer_clear ()
 */
guint
engine_graphic_place_plan (EngineGraphicPlace *self, gint64 time_ns, EngineGraphicLayer *layers)
{
  guint n_layers = 0;

  if (self->leaving != NULL) {
    const double gone = (double) (time_ns - self->left_ns) / ENGINE_GRAPHIC_GO_NS;

    if (gone >= 1)
      g_clear_pointer (&self->leaving, engine_overlay_unref);
    else
      n_layers += add_layer (&layers[n_layers], self->leaving, 1 - gone);
  }
  n_layers += add_layer (&layers[n_layers], self->overlay,
                         (double) (time_ns - self->shown_ns) / ENGINE_GRAPHIC_COME_NS);
  return n_layers;
}

void
engine_graphic_layer_clear (EngineGraphicLayer *layer)
{
  g_clear_pointer (&layer->overlay, engine_overlay_unref);
}

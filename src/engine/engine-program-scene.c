/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-program.h"
#include "engine-source-private.h"

/* An art that is used for many scenes is made into a picture once. */
static const cairo_user_data_key_t picture_key;

static EnginePicture *
make_picture (const EngineArt *art)
{
  EnginePicture *picture = cairo_surface_get_user_data (art->surface, &picture_key);

  if (picture == NULL) {
    GstVideoInfo info;
    g_autoptr (GstBuffer) buffer = engine_overlay_surface_to_i420 (art->surface, &info);

    picture = engine_picture_new (buffer, &info, 0);
    cairo_surface_set_user_data (art->surface, &picture_key, picture,
                                 (cairo_destroy_func_t) engine_picture_unref);
  }
  return engine_picture_ref (picture);
}

/**
 * engine_program_make_scene:
 * @self: a program
 * @spec: what it is to look like
 *
 * The arts must not be drawn on afterwards.
 *
 * Returns: (transfer full): the scene
 */
EngineScene *
engine_program_make_scene (EngineProgram *self, const EngineSceneSpec *spec)
{
  EngineSlot *slots[ENGINE_SCENE_MAX_SLOTS] = { NULL };
  g_autoptr (EnginePicture) card = NULL;
  g_autoptr (EnginePicture) background = NULL;
  g_autoptr (EngineOverlay) logo = NULL;

  g_return_val_if_fail (ENGINE_IS_PROGRAM (self), NULL);
  g_return_val_if_fail (spec->n_sources <= ENGINE_SCENE_MAX_SLOTS, NULL);

  for (guint i = 0; i < spec->n_sources; i++)
    slots[i] = _engine_source_get_slot (spec->sources[i]);
  if (spec->card != NULL)
    card = make_picture (spec->card);
  if (spec->background != NULL)
    background = make_picture (spec->background);
  if (spec->logo != NULL)
    logo = engine_overlay_new (spec->logo->surface, spec->logo->place.x, spec->logo->place.y);
  return engine_scene_new_dressed (spec->layout, spec->corner, slots, spec->n_sources, card,
                                   background, logo);
}

gboolean
engine_program_scene_shows (const EngineScene *scene, EngineSource *source)
{
  return engine_scene_shows (scene, _engine_source_get_slot (source));
}

static gboolean
is_person (const EngineScene *scene, guint place, EngineSlot *slot, EngineSource *const *slides,
           guint n_slides)
{
  const gboolean beside_slides = scene->layout == ENGINE_LAYOUT_SLIDES_AND_SPEAKER ||
                                 scene->layout == ENGINE_LAYOUT_SLIDES_AND_TWO;

  for (guint i = 0; i < n_slides; i++) {
    if (_engine_source_get_slot (slides[i]) == slot)
      return FALSE;
  }
  return slot != NULL && !(beside_slides && place == 0);
}

/**
 * engine_program_plan_room:
 * @self: a program
 * @scene: (nullable): what is seen
 * @slides: (array length=n_slides): the sources that are not people
 * @n_slides: how many
 * @plan: (out): where its pictures are at this moment, and its logo
 *
 * What graphics over a scene have to make room for.
 */
void
engine_program_plan_room (EngineProgram *self, const EngineScene *scene,
                          EngineSource *const *slides, guint n_slides, EngineRoomPlan *plan)
{
  const EngineFormat *format = engine_program_get_format (self);
  const gint64 now_ns = (gint64) (engine_program_get_running_ms (self) * GST_MSECOND);
  EnginePlace places[ENGINE_LAYOUT_MAX_PLACES];

  *plan = (EngineRoomPlan){ .program = { format->width_px, format->height_px } };
  if (scene == NULL)
    return;
  if (scene->layout != ENGINE_LAYOUT_PAUSE)
    plan->n_pictures = engine_scene_place (scene, now_ns, plan->program, places);
  for (guint i = 0; i < plan->n_pictures; i++) {
    plan->pictures[i] = places[i].rect;
    plan->is_person[i] = is_person (scene, i, places[i].slot, slides, n_slides);
  }
  if (scene->logo != NULL)
    plan->graphics[plan->n_graphics++] = scene->logo->place;
}

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

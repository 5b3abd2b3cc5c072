/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-scene.h"

EngineScene *
engine_scene_new (EngineLayout layout, EngineCorner corner, EngineSlot *const *slots, guint n_slots,
                  EnginePicture *card)
{
  return engine_scene_new_dressed (layout, corner, slots, n_slots, card, NULL, NULL);
}

/**
 * engine_scene_new_dressed:
 * @layout: a layout
 * @corner: for picture-in-picture
 * @slots: (array length=n_slots): what fills the places, first place first
 * @n_slots: as many as the layout has places; for everyone, 1 to %ENGINE_SCENE_MAX_SLOTS that may
 *   be there
 * @card: (nullable): the picture of the pause layout
 * @background: (nullable): what is behind and between the sources, over the whole program
 * @logo: (nullable): what is laid over them
 *
 * Returns: (transfer full): the scene
 */
EngineScene *
engine_scene_new_dressed (EngineLayout layout, EngineCorner corner, EngineSlot *const *slots,
                          guint n_slots, EnginePicture *card, EnginePicture *background,
                          EngineOverlay *logo)
{
  g_return_val_if_fail (layout == ENGINE_LAYOUT_EVERYONE
                          ? n_slots >= 1 && n_slots <= ENGINE_SCENE_MAX_SLOTS
                          : n_slots == engine_layout_get_n_places (layout),
                        NULL);

  EngineScene *self = g_new0 (EngineScene, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->layout = layout;
  self->corner = corner;
  self->n_slots = n_slots;
  for (guint i = 0; i < n_slots; i++)
    self->slots[i] = g_object_ref (slots[i]);
  self->card = card != NULL ? engine_picture_ref (card) : NULL;
  self->background = background != NULL ? engine_picture_ref (background) : NULL;
  self->logo = logo != NULL ? engine_overlay_ref (logo) : NULL;
  return self;
}

EngineScene *
engine_scene_ref (EngineScene *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
engine_scene_unref (EngineScene *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  for (guint i = 0; i < self->n_slots; i++)
    g_object_unref (self->slots[i]);
  g_clear_pointer (&self->card, engine_picture_unref);
  g_clear_pointer (&self->background, engine_picture_unref);
  g_clear_pointer (&self->logo, engine_overlay_unref);
  g_free (self);
}

gboolean
engine_scene_shows (const EngineScene *self, const EngineSlot *slot)
{
  for (guint i = 0; i < self->n_slots; i++) {
    if (self->slots[i] == slot)
      return TRUE;
  }
  return FALSE;
}

/**
 * engine_scene_has_same_logo:
 * @self: a scene
 * @other: another
 *
 * Returns: whether the logo of the one is that of the other, drawn once, at the same place: it
 *   stays through a transition
 */
gboolean
engine_scene_has_same_logo (const EngineScene *self, const EngineScene *other)
{
  const EngineOverlay *a = self->logo, *b = other->logo;

  return a == b || (a != NULL && b != NULL && a->surface == b->surface &&
                    memcmp (&a->place, &b->place, sizeof a->place) == 0);
}

/* Who of a scene is to be seen: all of them, or the first four that are there. When nobody is, the
 * first one's card says so. */
static guint
choose_slots (const EngineScene *self, EngineSlot **slots)
{
  guint n = 0;

  for (guint i = 0; i < self->n_slots && n < ENGINE_LAYOUT_MAX_PLACES; i++) {
    if (self->layout != ENGINE_LAYOUT_EVERYONE || engine_slot_is_present (self->slots[i]))
      slots[n++] = self->slots[i];
  }
  if (n == 0 && self->n_slots > 0)
    slots[n++] = self->slots[0];
  return n;
}

/**
 * engine_scene_place:
 * @self: a scene
 * @time_ns: the show time
 * @size: of the program, in pixels
 * @places: (out caller-allocates): room for %ENGINE_LAYOUT_MAX_PLACES, in painting order
 *
 * Where its pictures belong now.
 *
 * Returns: how many there are
 */
guint
engine_scene_place (const EngineScene *self, gint64 time_ns, EngineSize size, EnginePlace *places)
{
  EngineSlot *slots[ENGINE_LAYOUT_MAX_PLACES] = { NULL };
  EngineSize sizes[ENGINE_LAYOUT_MAX_PLACES] = { { 0 } };
  EngineRect rects[ENGINE_LAYOUT_MAX_PLACES] = { { 0 } };
  guint n = 0;

  if (self->layout == ENGINE_LAYOUT_PAUSE) {
    const EngineRect all = { 0, 0, size.width_px, size.height_px };

    if (self->card == NULL)
      return 0;
    places[0] = (EnginePlace){ .card = self->card, .opacity = 1 };
    places[0].size = engine_picture_get_display_size (self->card);
    places[0].rect = engine_layout_fit (places[0].size, all);
    return 1;
  }

  n = choose_slots (self, slots);
  for (guint i = 0; i < n; i++) {
    g_autoptr (EnginePicture) picture = engine_slot_peek_picture (slots[i], time_ns);

    if (picture != NULL)
      sizes[i] = engine_picture_get_display_size (picture);
  }
  n = engine_layout_arrange (self->layout, self->corner, sizes, n, size, rects);
  for (guint i = 0; i < n; i++)
    places[i] = (EnginePlace){ .slot = slots[i], .size = sizes[i], .rect = rects[i], .opacity = 1 };
  return n;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-glide.h"

/* Where each of the pictures before goes. */
typedef struct {
  int stays; /* its number among the pictures after, −1: it leaves */
  int before; /* leaving: painted just below that one of those after; −1 for the bottom, or n_to for
                 the top */
} Way;

/**
 * engine_glide_ease:
 * @progress: 0 (begins) to 1 (ends), in time
 *
 * Slow at both ends. Pure; any thread.
 *
 * Returns: how much of the way is done, 0 to 1
 */
double
engine_glide_ease (double progress)
{
  const double p = CLAMP (progress, 0, 1);

  return p * p * (3 - 2 * p);
}

static gboolean
is_same_picture (const EnginePlace *a, const EnginePlace *b)
{
  return a->slot == b->slot && a->card == b->card;
}

/**
 * engine_glide_is_same:
 * @a: (array length=n_a): places
 * @n_a: how many
 * @b: (array length=n_b): other places
 * @n_b: how many
 *
 * Returns: whether the same pictures are at the same places
 */
gboolean
engine_glide_is_same (const EnginePlace *a, guint n_a, const EnginePlace *b, guint n_b)
{
  if (n_a != n_b)
    return FALSE;
  for (guint i = 0; i < n_a; i++) {
    if (!is_same_picture (&a[i], &b[i]) || memcmp (&a[i].rect, &b[i].rect, sizeof a[i].rect) != 0)
      return FALSE;
  }
  return TRUE;
}

static gboolean
contains (EngineRect outer, EngineRect inner)
{
  return inner.x >= outer.x && inner.y >= outer.y &&
         inner.x + inner.width <= outer.x + outer.width &&
         inner.y + inner.height <= outer.y + outer.height;
}

static gboolean
overlap (EngineRect a, EngineRect b)
{
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

static int
mix_int (int from, int to, double share)
{
  return (int) lrint ((from + (to - from) * share) / 2) * 2;
}

static EnginePlace
mix_place (const EnginePlace *from, const EnginePlace *to, double share)
{
  EnginePlace place = *to;

  place.rect = (EngineRect){ mix_int (from->rect.x, to->rect.x, share),
                             mix_int (from->rect.y, to->rect.y, share),
                             mix_int (from->rect.width, to->rect.width, share),
                             mix_int (from->rect.height, to->rect.height, share) };
  /* The picture may have changed its shape meanwhile; it is not stretched on the way either. */
  if (share < 1)
    place.rect = engine_layout_fit (to->size, place.rect);
  place.opacity = from->opacity + (to->opacity - from->opacity) * share;
  return place;
}

/* What leaves lies where it lay: under the picture that takes its place, over what it was laid
 * over, else at the bottom. */
static int
find_depth (const EnginePlace *from, const Way *ways, guint n, const EnginePlace *to,
            const gboolean *comes, guint n_to)
{
  for (guint i = 0; i < n_to; i++) {
    if (comes[i] && contains (to[i].rect, from[n].rect))
      return (int) i;
  }
  for (guint i = 0; i < n; i++) {
    if (ways[i].stays >= 0 && overlap (from[i].rect, from[n].rect))
      return (int) n_to;
  }
  return -1;
}

static void
find_ways (const EnginePlace *from, guint n_from, const EnginePlace *to, guint n_to, Way *ways,
           int *comes_from)
{
  gboolean comes[ENGINE_GLIDE_MAX_PLACES] = { FALSE };

  for (guint i = 0; i < n_from; i++)
    ways[i].stays = -1;
  for (guint i = 0; i < n_to; i++) {
    comes_from[i] = -1;
    for (guint k = 0; k < n_from && comes_from[i] < 0; k++) {
      if (ways[k].stays < 0 && is_same_picture (&from[k], &to[i])) {
        ways[k].stays = (int) i;
        comes_from[i] = (int) k;
      }
    }
    comes[i] = comes_from[i] < 0;
  }
  for (guint i = 0; i < n_from; i++)
    ways[i].before = ways[i].stays < 0 ? find_depth (from, ways, i, to, comes, n_to) : -2;
}

/* Adds the pictures that leave at one depth. */
static guint
add_leaving (const EnginePlace *from, guint n_from, const Way *ways, int before, guint n_to,
             double share, EnginePlace *places, guint n, guint room)
{
  for (guint i = 0; i < n_from; i++) {
    if (ways[i].stays >= 0 || ways[i].before != before || n >= room)
      continue;
    places[n] = from[i];
    /* Under one that comes in its place it stays whole, or both would let the ground shine
     * through. */
    if (before < 0 || before == (int) n_to)
      places[n].opacity *= 1 - share;
    n++;
  }
  return n;
}

/**
 * engine_glide_mix:
 * @from: (array length=n_from): what was to be seen before, in painting order
 * @n_from: how many, at most %ENGINE_GLIDE_MAX_PLACES
 * @to: (array length=n_to): what is to be seen after
 * @n_to: how many, at most %ENGINE_LAYOUT_MAX_PLACES
 * @share: how much of the way is done, 0 to 1
 * @places: (out caller-allocates): room for %ENGINE_GLIDE_MAX_PLACES, in painting order
 *
 * The pictures that are in both move from their old place to their new one, keeping their shape;
 * one that is only in the old arrangement fades out where it is, one that is only in the new fades
 * in at its place. Pure; any thread.
 *
 * Returns: how many places there are
 */
guint
engine_glide_mix (const EnginePlace *from, guint n_from, const EnginePlace *to, guint n_to,
                  double share, EnginePlace *places)
{
  Way ways[ENGINE_GLIDE_MAX_PLACES] = { { 0 } };
  int comes_from[ENGINE_LAYOUT_MAX_PLACES] = { 0 };
  guint n = 0;

  g_return_val_if_fail (n_from <= ENGINE_GLIDE_MAX_PLACES, 0);
  g_return_val_if_fail (n_to <= ENGINE_LAYOUT_MAX_PLACES, 0);

  if (share >= 1)
    n_from = 0;
  find_ways (from, n_from, to, n_to, ways, comes_from);
  n = add_leaving (from, n_from, ways, -1, n_to, share, places, n, ENGINE_LAYOUT_MAX_PLACES);
  for (guint i = 0; i < n_to; i++) {
    const guint room = ENGINE_GLIDE_MAX_PLACES - (n_to - i);

    n = add_leaving (from, n_from, ways, (int) i, n_to, share, places, n, room);
    if (comes_from[i] >= 0) {
      places[n] = mix_place (&from[comes_from[i]], &to[i], share);
    } else {
      places[n] = to[i];
      places[n].opacity = to[i].opacity * share;
    }
    n++;
  }
  return add_leaving (from, n_from, ways, (int) n_to, n_to, share, places, n,
                      ENGINE_GLIDE_MAX_PLACES);
}

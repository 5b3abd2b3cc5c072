/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-nearest.h"

/* Which shot to go to when the one on air has lost a source. Pure functions. */

/* What an audience takes a layout for. */
typedef enum {
  FAMILY_ONE,
  FAMILY_PEOPLE,
  FAMILY_SLIDES,
  FAMILY_PAUSE,
} Family;

/* How near a shot is: the fields matter in their order, and the smaller the nearer. */
typedef struct {
  guint is_pause;
  guint n_missing; /* sources of the present shot that are there, but not in this one */
  guint n_others;  /* sources that come on air although nobody asked for them */
  guint unlike;    /* of the layouts: 0 the same, 1 the same family, 2 another */
} Distance;

static Family
get_family (EventLayout layout)
{
  switch (layout) {
  case EVENT_LAYOUT_FULL:
    return FAMILY_ONE;
  case EVENT_LAYOUT_SIDE_BY_SIDE:
  case EVENT_LAYOUT_PICTURE_IN_PICTURE:
  case EVENT_LAYOUT_EVERYONE:
    return FAMILY_PEOPLE;
  case EVENT_LAYOUT_SLIDES_AND_SPEAKER:
  case EVENT_LAYOUT_SLIDES_AND_TWO:
    return FAMILY_SLIDES;
  case EVENT_LAYOUT_PAUSE:
    return FAMILY_PAUSE;
  }
  g_return_val_if_reached (FAMILY_ONE);
}

/* How many of the sources are not lost and not among @others. */
static guint
count_without (const char *const *sources, const char *const *lost, const char *const *others)
{
  guint n_found = 0;

  for (; *sources != NULL; sources++)
    n_found += !g_strv_contains (lost, *sources) && !g_strv_contains (others, *sources);
  return n_found;
}

static Distance
measure (const ShowArrangement *shot, const ShowArrangement *current, const char *const *lost)
{
  const gboolean same_family = get_family (shot->layout) == get_family (current->layout);

  return (Distance){
    .is_pause = shot->layout == EVENT_LAYOUT_PAUSE,
    .n_missing = count_without (current->sources, lost, shot->sources),
    .n_others = count_without (shot->sources, lost, current->sources),
    .unlike = shot->layout == current->layout ? 0
              : same_family                   ? 1
                                              : 2,
  };
}

static gboolean
is_nearer (Distance a, Distance b)
{
  if (a.is_pause != b.is_pause)
    return a.is_pause < b.is_pause;
  if (a.n_missing != b.n_missing)
    return a.n_missing < b.n_missing;
  if (a.n_others != b.n_others)
    return a.n_others < b.n_others;
  return a.unlike < b.unlike;
}

/**
 * show_nearest_is_broken:
 * @shot: a shot
 * @lost: (array zero-terminated=1): ids of sources that are not there
 *
 * Returns: whether an audience would see that something is missing; “everyone” does without those
 *   who are not there, as long as somebody is
 */
gboolean
show_nearest_is_broken (const ShowArrangement *shot, const char *const *lost)
{
  static const char *const nobody[] = { NULL };
  const guint n_sources = g_strv_length ((char **) shot->sources);
  const guint n_there = count_without (shot->sources, lost, nobody);

  if (shot->layout == EVENT_LAYOUT_EVERYONE)
    return n_there == 0;
  return n_there < n_sources;
}

/**
 * show_nearest_find:
 * @shots: (array length=n_shots): all shots, in their order
 * @n_shots: how many
 * @current: the shot on air; it may be one of @shots
 * @lost: (array zero-terminated=1): ids of sources that are not there
 *
 * Looks for the shot that is nearest to @current and shows nothing that is lost: with most of its
 * sources, then with the fewest others, then of the same kind of layout, then the first. A pause is
 * the last resort.
 *
 * Returns: its place in @shots, or −1
 */
int
show_nearest_find (const ShowArrangement *shots, guint n_shots, const ShowArrangement *current,
                   const char *const *lost)
{
  Distance nearest = { 0 };
  int found = -1;

  g_return_val_if_fail (current != NULL && lost != NULL, -1);

  for (guint i = 0; i < n_shots; i++) {
    const Distance distance = measure (&shots[i], current, lost);

    if (show_nearest_is_broken (&shots[i], lost))
      continue;
    if (found >= 0 && !is_nearer (distance, nearest))
      continue;
    nearest = distance;
    found = (int) i;
  }
  return found;
}

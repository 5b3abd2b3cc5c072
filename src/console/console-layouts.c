/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-layouts.h"

#include <glib/gi18n.h>

static const ConsoleLayout layouts[CONSOLE_LAYOUTS_N] = {
  { "full", ENGINE_LAYOUT_FULL, 1, N_ ("Whole picture"), { N_ ("Picture") } },
  { "side-by-side",
    ENGINE_LAYOUT_SIDE_BY_SIDE,
    2,
    N_ ("Side by side"),
    { N_ ("Left"), N_ ("Right") } },
  { "picture-in-picture",
    ENGINE_LAYOUT_PICTURE_IN_PICTURE,
    2,
    N_ ("Picture in picture"),
    { N_ ("Large"), N_ ("Small") } },
  { "slides-and-speaker",
    ENGINE_LAYOUT_SLIDES_AND_SPEAKER,
    2,
    N_ ("Slides and speaker"),
    { N_ ("Slides"), N_ ("Speaker") } },
  { "slides-and-two",
    ENGINE_LAYOUT_SLIDES_AND_TWO,
    3,
    N_ ("Slides and two"),
    { N_ ("Slides"), N_ ("Upper"), N_ ("Lower") } },
  { "everyone", ENGINE_LAYOUT_EVERYONE, 0, N_ ("Everyone"), { NULL } },
  { "pause", ENGINE_LAYOUT_PAUSE, 0, N_ ("Pause"), { NULL } },
};

static const char *const corners[] = { "top-left", "top-right", "bottom-left", "bottom-right" };

/**
 * console_layouts_get_nth:
 * @n: 0 to %CONSOLE_LAYOUTS_N − 1
 *
 * Returns: (transfer none): that layout; its titles are still to be translated
 */
const ConsoleLayout *
console_layouts_get_nth (guint n)
{
  g_return_val_if_fail (n < CONSOLE_LAYOUTS_N, NULL);

  return &layouts[n];
}

/**
 * console_layouts_find:
 * @nick: (nullable): a layout's name in the event file
 *
 * Returns: (transfer none): that layout, or the first
 */
const ConsoleLayout *
console_layouts_find (const char *nick)
{
  for (guint i = 0; i < CONSOLE_LAYOUTS_N; i++) {
    if (g_strcmp0 (layouts[i].nick, nick) == 0)
      return &layouts[i];
  }
  return &layouts[0];
}

EngineCorner
console_layouts_parse_corner (const char *nick)
{
  for (guint i = 0; i < G_N_ELEMENTS (corners); i++) {
    if (g_strcmp0 (corners[i], nick) == 0)
      return (EngineCorner) i;
  }
  return ENGINE_CORNER_BOTTOM_RIGHT;
}

/**
 * console_layouts_arrange:
 * @layout: a layout
 * @corner: where the small picture is
 * @n_sources: for everyone: how many there are
 * @width_px: of the picture
 * @height_px: of the picture
 * @rects: (out): room for %ENGINE_LAYOUT_MAX_PLACES
 *
 * Arranges pictures of the usual shape, as the program does.
 *
 * Returns: how many places there are
 */
guint
console_layouts_arrange (const ConsoleLayout *layout, EngineCorner corner, guint n_sources,
                         int width_px, int height_px, EngineRect *rects)
{
  EngineSize sizes[ENGINE_LAYOUT_MAX_PLACES] = { { 0 } };
  const EngineSize program = { width_px, height_px };
  const guint n = layout->layout == ENGINE_LAYOUT_EVERYONE
                    ? MIN (n_sources, ENGINE_LAYOUT_MAX_PLACES)
                    : layout->n_places;

  for (guint i = 0; i < ENGINE_LAYOUT_MAX_PLACES; i++)
    sizes[i] = (EngineSize){ 16, 9 };
  return engine_layout_arrange (layout->layout, corner, sizes, n, program, rects);
}

/**
 * console_layouts_fit_sources:
 * @layout: a layout
 * @chosen: the ids of a shot's sources, in the order of its places
 * @sources: (element-type EngineSource): all there are
 *
 * Returns: (transfer full) (nullable): as many ids as @layout has places, each once: those that were
 *   chosen first; `NULL` when there are not so many sources
 */
char **
console_layouts_fit_sources (const ConsoleLayout *layout, const char *const *chosen,
                             GListModel *sources)
{
  const guint n_places = layout->layout == ENGINE_LAYOUT_EVERYONE
                           ? g_list_model_get_n_items (sources)
                           : layout->n_places;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; chosen[i] != NULL && ids->len < n_places; i++)
    g_ptr_array_add (ids, g_strdup (chosen[i]));
  for (guint i = 0; i < g_list_model_get_n_items (sources) && ids->len < n_places; i++) {
    g_autoptr (GObject) source = g_list_model_get_item (sources, i);
    g_autofree char *id = NULL;

    g_object_get (source, "id", &id, NULL);
    if (!g_ptr_array_find_with_equal_func (ids, id, g_str_equal, NULL))
      g_ptr_array_add (ids, g_steal_pointer (&id));
  }
  if (ids->len < n_places)
    return NULL;

  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&ids), FALSE);
}

/**
 * console_layouts_place_source:
 * @chosen: the ids of a shot's sources, in the order of its places
 * @place: which place
 * @id: the source that goes there
 *
 * Returns: (transfer full): the new ids; a source that was in another place changes with what was here
 */
char **
console_layouts_place_source (const char *const *chosen, guint place, const char *id)
{
  char **ids = g_strdupv ((char **) chosen);
  const guint n = g_strv_length (ids);
  guint other = 0;

  if (place >= n)
    return ids;

  while (other < n && !g_str_equal (ids[other], id))
    other++;
  if (other < n) {
    char *here = ids[place];

    ids[place] = ids[other];
    ids[other] = here;
  } else {
    g_free (ids[place]);
    ids[place] = g_strdup (id);
  }
  return ids;
}

/**
 * console_layouts_include_source:
 * @chosen: the ids of everyone
 * @id: a source
 * @included: whether it is one of them
 *
 * Returns: (transfer full): the new ids; the last one stays
 */
char **
console_layouts_include_source (const char *const *chosen, const char *id, gboolean included)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const guint n = g_strv_length ((char **) chosen);

  for (guint i = 0; i < n; i++) {
    if (!g_str_equal (chosen[i], id) || (!included && n == 1))
      g_strv_builder_add (builder, chosen[i]);
  }
  if (included)
    g_strv_builder_add (builder, id);
  return g_strv_builder_end (builder);
}

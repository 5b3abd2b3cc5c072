/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "engine-mode.h"

/* A camera that offers any size is asked about these, and about the program's. */
static const struct {
  int width;
  int height;
} common_sizes[] = { { 3840, 2160 }, { 1920, 1080 }, { 1280, 720 }, { 640, 480 }, { 640, 360 } };

static const int common_rates[] = { 60, 50, 30, 25 };

/* Some drivers list thousands. */
#define MAX_MODES 200

/* What a mode costs or lacks, see rate_mode (). */
#define COST_A_MISSING_FRAME 100
#define COST_AN_EXTRA_FRAME  5
#define COST_JPEG            200
#define COST_H264            350
#define COST_OTHER           5000

typedef struct {
  GstStructure *structure; /* fixed in size and rate */
  char *text;
} Mode;

static void
mode_free (gpointer data)
{
  Mode *mode = data;

  gst_structure_free (mode->structure);
  g_free (mode->text);
  g_free (mode);
}

static const char *
get_coding (const GstStructure *structure)
{
  if (gst_structure_has_name (structure, "video/x-raw"))
    return "raw";
  if (gst_structure_has_name (structure, "image/jpeg"))
    return "jpeg";
  if (gst_structure_has_name (structure, "video/x-h264"))
    return "h264";
  return gst_structure_get_name (structure);
}

static double
get_rate (const GstStructure *structure)
{
  int fps_n = 0, fps_d = 1;

  if (!gst_structure_get_fraction (structure, "framerate", &fps_n, &fps_d) || fps_d <= 0)
    return 0;
  return (double) fps_n / fps_d;
}

static char *
describe (const GstStructure *structure)
{
  const double rate = get_rate (structure);
  g_autofree char *rate_text = NULL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  int width = 0, height = 0;

  if (!gst_structure_get_int (structure, "width", &width) ||
      !gst_structure_get_int (structure, "height", &height))
    return NULL;
  if (rate > 0)
    rate_text =
      g_strconcat ("@",
                   g_ascii_formatd (number, sizeof number,
                                    fabs (rate - round (rate)) < 0.005 ? "%.0f" : "%.2f", rate),
                   NULL);
  return g_strdup_printf ("%dx%d%s %s", width, height, rate_text != NULL ? rate_text : "",
                          get_coding (structure));
}

static gboolean
has_mode (GPtrArray *modes, const char *text)
{
  for (guint i = 0; i < modes->len; i++) {
    if (g_str_equal (((Mode *) modes->pdata[i])->text, text))
      return TRUE;
  }
  return FALSE;
}

/* Takes @structure. */
static void
add_mode (GPtrArray *modes, GstStructure *structure)
{
  char *text = describe (structure);
  Mode *mode = NULL;

  if (text == NULL || modes->len >= MAX_MODES || has_mode (modes, text)) {
    gst_structure_free (structure);
    g_free (text);
    return;
  }
  mode = g_new0 (Mode, 1);
  mode->structure = structure;
  mode->text = text;
  g_ptr_array_add (modes, mode);
}

static void
add_rates (GPtrArray *modes, const GstStructure *sized)
{
  const GValue *rates = gst_structure_get_value (sized, "framerate");

  if (rates != NULL && GST_VALUE_HOLDS_LIST (rates)) {
    for (guint i = 0; i < gst_value_list_get_size (rates); i++) {
      GstStructure *mode = gst_structure_copy (sized);

      gst_structure_set_value (mode, "framerate", gst_value_list_get_value (rates, i));
      add_mode (modes, mode);
    }
  } else if (rates != NULL && GST_VALUE_HOLDS_FRACTION_RANGE (rates)) {
    for (guint i = 0; i < G_N_ELEMENTS (common_rates); i++) {
      GstStructure *mode = gst_structure_copy (sized);

      gst_structure_fixate_field_nearest_fraction (mode, "framerate", common_rates[i], 1);
      add_mode (modes, mode);
    }
  } else {
    add_mode (modes, gst_structure_copy (sized));
  }
}

static void
add_size (GPtrArray *modes, const GstStructure *structure, int width, int height)
{
  g_autoptr (GstStructure) sized = gst_structure_copy (structure);

  gst_structure_fixate_field_nearest_int (sized, "width", width);
  gst_structure_fixate_field_nearest_int (sized, "height", height);
  add_rates (modes, sized);
}

static GPtrArray *
expand (const GstCaps *caps, const EngineFormat *format)
{
  GPtrArray *modes = g_ptr_array_new_with_free_func (mode_free);

  for (guint i = 0; caps != NULL && i < gst_caps_get_size (caps); i++) {
    const GstStructure *structure = gst_caps_get_structure (caps, i);

    if (format != NULL)
      add_size (modes, structure, format->width_px, format->height_px);
    for (guint n = 0; n < G_N_ELEMENTS (common_sizes); n++)
      add_size (modes, structure, common_sizes[n].width, common_sizes[n].height);
  }
  return modes;
}

/* Larger ones first, then faster ones, then those that cost less. */
static int
compare_modes (gconstpointer a, gconstpointer b)
{
  const Mode *one = *(Mode *const *) a, *other = *(Mode *const *) b;
  int widths[2] = { 0 }, heights[2] = { 0 };
  const double faster = get_rate (other->structure) - get_rate (one->structure);

  gst_structure_get_int (one->structure, "width", &widths[0]);
  gst_structure_get_int (other->structure, "width", &widths[1]);
  gst_structure_get_int (one->structure, "height", &heights[0]);
  gst_structure_get_int (other->structure, "height", &heights[1]);
  if (widths[0] != widths[1])
    return widths[1] - widths[0];
  if (heights[0] != heights[1])
    return heights[1] - heights[0];
  if (faster < 0 || faster > 0)
    return faster > 0 ? 1 : -1;
  return g_strcmp0 (get_coding (other->structure), get_coding (one->structure));
}

/**
 * engine_mode_list:
 * @caps: (nullable): what a camera can give
 *
 * Returns: (transfer full): its modes, the largest first; perhaps empty
 */
GStrv
engine_mode_list (const GstCaps *caps)
{
  g_autoptr (GPtrArray) modes = expand (caps, NULL);
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();

  g_ptr_array_sort (modes, compare_modes);
  for (guint i = 0; i < modes->len; i++)
    g_strv_builder_add (texts, ((Mode *) modes->pdata[i])->text);
  return g_strv_builder_end (texts);
}

/* How far a mode is from what the program wants: fewer pixels or pictures weigh more than pixels too
 * many, and pictures that come compressed must be decoded: only for more of them or larger ones. */
static int
rate_mode (const GstStructure *mode, const EngineFormat *format)
{
  const double rate = get_rate (mode);
  const char *coding = get_coding (mode);
  int width = 0, height = 0, cost = 0;

  gst_structure_get_int (mode, "width", &width);
  gst_structure_get_int (mode, "height", &height);
  if (rate > 0 && rate < format->rate_fps - 1)
    cost += (int) ((format->rate_fps - rate) * COST_A_MISSING_FRAME);
  else if (rate > format->rate_fps)
    cost += (int) ((rate - format->rate_fps) * COST_AN_EXTRA_FRAME);
  cost +=
    width < format->width_px ? (format->width_px - width) * 2 : (width - format->width_px) * 3;
  cost += abs (height - format->height_px);
  if (g_str_equal (coding, "jpeg"))
    cost += COST_JPEG;
  else if (g_str_equal (coding, "h264"))
    cost += COST_H264;
  else if (!g_str_equal (coding, "raw"))
    cost += COST_OTHER;
  return cost;
}

/* “1280x720” and “1280x720@30” will do as well. */
static gboolean
is_wanted (const char *text, const char *wanted)
{
  const gsize length = strlen (wanted);

  return length > 0 && g_ascii_strncasecmp (text, wanted, length) == 0 &&
         (text[length] == '\0' || text[length] == ' ' || text[length] == '@');
}

/**
 * engine_mode_choose:
 * @caps: (nullable): what a camera can give
 * @wanted: (nullable): a mode as text
 * @format: what the program would like best
 *
 * A mode that is asked for and not there is no reason to have no picture: then, as when none is asked
 * for, the best one is chosen.
 *
 * Returns: (transfer full) (nullable): what to ask the camera for; `NULL` if it does not say what it
 *   can
 */
GstCaps *
engine_mode_choose (const GstCaps *caps, const char *wanted, const EngineFormat *format)
{
  g_autoptr (GPtrArray) modes = expand (caps, format);
  const Mode *best = NULL;
  int best_cost = G_MAXINT;

  for (guint i = 0; i < modes->len; i++) {
    const Mode *mode = modes->pdata[i];
    const gboolean asked_for = wanted != NULL && is_wanted (mode->text, wanted);
    const int cost = rate_mode (mode->structure, format) - (asked_for ? G_MAXINT / 2 : 0);

    if (cost < best_cost) {
      best = mode;
      best_cost = cost;
    }
  }
  return best != NULL ? gst_caps_new_full (gst_structure_copy (best->structure), NULL) : NULL;
}

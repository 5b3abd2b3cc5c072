/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-composer.h"
#include "engine-pixels.h"
#include "engine-scaler.h"

/* A transition shows two scenes. */
#define N_STAGES 2

/* What has not been looked at for so long begins at rest. */
#define FORGOTTEN_NS ((gint64) GST_SECOND)

/* Where the pictures of a scene of everyone are, and since when they move there. */
typedef struct {
  EngineScene *scene; /* nullable: unused */
  EngineSize size;
  EnginePlace from[ENGINE_GLIDE_MAX_PLACES];
  guint n_from;
  EnginePlace to[ENGINE_LAYOUT_MAX_PLACES];
  guint n_to;
  gint64 start_ns;
  gint64 looked_ns; /* show time */
} Stage;

struct _EngineComposer {
  EngineScaler *scaler;
  Stage stages[N_STAGES];
  /* What a move began from, and what it showed last; their slots and cards are owned. */
  EnginePlace departure[ENGINE_GLIDE_MAX_PLACES];
  guint n_departure;
  EnginePlace shown[ENGINE_GLIDE_MAX_PLACES];
  guint n_shown;
  GstBuffer *scratch; /* nullable */
  GstVideoInfo scratch_info;
};

EngineComposer *
engine_composer_new (void)
{
  EngineComposer *self = g_new0 (EngineComposer, 1);

  self->scaler = engine_scaler_new ();
  return self;
}

static void
forget (EnginePlace *places, guint *n)
{
  for (guint i = 0; i < *n; i++) {
    g_clear_object (&places[i].slot);
    g_clear_pointer (&places[i].card, engine_picture_unref);
  }
  *n = 0;
}

static void
remember (EnginePlace *to, guint *n_to, const EnginePlace *places, guint n)
{
  EnginePlace copies[ENGINE_GLIDE_MAX_PLACES];

  for (guint i = 0; i < n; i++) {
    copies[i] = places[i];
    if (places[i].slot != NULL)
      g_object_ref (places[i].slot);
    if (places[i].card != NULL)
      engine_picture_ref (places[i].card);
  }
  forget (to, n_to);
  memcpy (to, copies, n * sizeof *to);
  *n_to = n;
}

void
engine_composer_free (EngineComposer *self)
{
  for (guint i = 0; i < N_STAGES; i++)
    g_clear_pointer (&self->stages[i].scene, engine_scene_unref);
  forget (self->departure, &self->n_departure);
  forget (self->shown, &self->n_shown);
  gst_clear_buffer (&self->scratch);
  g_clear_pointer (&self->scaler, engine_scaler_free);
  g_free (self);
}

static guint
glide (const Stage *stage, gint64 time_ns, EnginePlace *places)
{
  const double progress = (double) (time_ns - stage->start_ns) / ENGINE_COMPOSER_GLIDE_NS;

  return engine_glide_mix (stage->from, stage->n_from, stage->to, stage->n_to,
                           engine_glide_ease (progress), places);
}

static Stage *
find_stage (EngineComposer *self, const EngineScene *scene, EngineSize size)
{
  Stage *oldest = &self->stages[0];

  for (guint i = 0; i < N_STAGES; i++) {
    Stage *stage = &self->stages[i];

    if (stage->scene == scene && memcmp (&stage->size, &size, sizeof size) == 0)
      return stage;
    if (stage->looked_ns < oldest->looked_ns)
      oldest = stage;
  }
  g_clear_pointer (&oldest->scene, engine_scene_unref);
  oldest->n_to = 0;
  return oldest;
}

/* Where the pictures of a scene are now. Of everyone, those who stay glide to their new places when
 * somebody comes or leaves. */
static guint
look (EngineComposer *self, EngineScene *scene, gint64 time_ns, EngineSize size,
      EnginePlace *places)
{
  EnginePlace to[ENGINE_LAYOUT_MAX_PLACES];
  const guint n_to = engine_scene_place (scene, time_ns, size, to);
  Stage *stage = NULL;

  if (scene->layout != ENGINE_LAYOUT_EVERYONE) {
    memcpy (places, to, n_to * sizeof *to);
    return n_to;
  }
  stage = find_stage (self, scene, size);
  if (stage->scene == NULL)
    stage->scene = engine_scene_ref (scene);
  if (stage->n_to == 0 || time_ns - stage->looked_ns > FORGOTTEN_NS) {
    stage->size = size;
    stage->n_from = 0;
    stage->start_ns = time_ns - ENGINE_COMPOSER_GLIDE_NS;
  } else if (!engine_glide_is_same (stage->to, stage->n_to, to, n_to)) {
    EnginePlace now[ENGINE_GLIDE_MAX_PLACES];
    const guint n_now = glide (stage, time_ns, now);

    memcpy (stage->from, now, n_now * sizeof *now);
    stage->n_from = n_now;
    stage->start_ns = time_ns;
  }
  memcpy (stage->to, to, n_to * sizeof *to);
  stage->n_to = n_to;
  stage->looked_ns = time_ns;
  return glide (stage, time_ns, places);
}

static void
fill_black (GstVideoFrame *frame)
{
  const int values[] = { 16, 128, 128 };

  for (guint plane = 0; plane < 3; plane++)
    memset (GST_VIDEO_FRAME_PLANE_DATA (frame, plane), values[plane],
            (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane) *
              (gsize) GST_VIDEO_FRAME_COMP_HEIGHT (frame, plane));
}

/* Mixes one rectangle of a frame into another of the same size. */
static void
mix_rect (GstVideoFrame *to, const GstVideoFrame *from, EngineRect rect, guint8 weight)
{
  for (guint plane = 0; plane < 3; plane++) {
    const int shift = plane == 0 ? 0 : 1;
    const int to_stride = GST_VIDEO_FRAME_PLANE_STRIDE (to, plane);
    const int from_stride = GST_VIDEO_FRAME_PLANE_STRIDE (from, plane);
    guint8 *to_data = GST_VIDEO_FRAME_PLANE_DATA (to, plane);
    const guint8 *from_data = GST_VIDEO_FRAME_PLANE_DATA (from, plane);

    for (int y = rect.y >> shift; y < (rect.y + rect.height) >> shift; y++)
      engine_pixels_mix (to_data + (gsize) y * to_stride + (rect.x >> shift),
                         from_data + (gsize) y * from_stride + (rect.x >> shift),
                         (guint) (rect.width >> shift), weight);
  }
}

static gboolean
map_scratch (EngineComposer *self, const GstVideoFrame *like, GstVideoFrame *scratch)
{
  if (self->scratch == NULL ||
      GST_VIDEO_INFO_WIDTH (&self->scratch_info) != GST_VIDEO_FRAME_WIDTH (like) ||
      GST_VIDEO_INFO_HEIGHT (&self->scratch_info) != GST_VIDEO_FRAME_HEIGHT (like)) {
    gst_clear_buffer (&self->scratch);
    gst_video_info_set_format (&self->scratch_info, GST_VIDEO_FORMAT_I420,
                               (guint) GST_VIDEO_FRAME_WIDTH (like),
                               (guint) GST_VIDEO_FRAME_HEIGHT (like));
    self->scratch_info.colorimetry = like->info.colorimetry;
    self->scratch_info.chroma_site = like->info.chroma_site;
    self->scratch_info.fps_n = like->info.fps_n;
    self->scratch_info.fps_d = like->info.fps_d;
    self->scratch = gst_buffer_new_allocate (NULL, self->scratch_info.size, NULL);
  }
  return gst_video_frame_map (scratch, &self->scratch_info, self->scratch, GST_MAP_READWRITE);
}

/* @picture: (nullable): black */
static void
paint (EngineComposer *self, const EnginePicture *picture, EngineRect rect, double opacity,
       GstVideoFrame *frame)
{
  const guint8 weight = (guint8) lrint (CLAMP (opacity, 0, 1) * 255);
  GstVideoFrame scratch, *to = weight < 255 ? &scratch : frame;

  if (weight == 0 || (to == &scratch && !map_scratch (self, frame, &scratch)))
    return;
  if (picture != NULL)
    engine_scaler_paint (self->scaler, picture, rect, to);
  else
    fill_black (to);
  if (to == &scratch) {
    mix_rect (frame, &scratch, rect, weight);
    gst_video_frame_unmap (&scratch);
  }
}

static EnginePicture *
get_picture (const EnginePlace *place, gint64 time_ns)
{
  return place->slot != NULL ? engine_slot_peek_picture (place->slot, time_ns)
                             : engine_picture_ref (place->card);
}

static gboolean
covers (EngineRect rect, const GstVideoFrame *frame)
{
  return rect.x == 0 && rect.y == 0 && rect.width == GST_VIDEO_FRAME_WIDTH (frame) &&
         rect.height == GST_VIDEO_FRAME_HEIGHT (frame);
}

/* @from: (nullable): the scene whose background lies under that of @scene, which has come so far
 * as @share */
static void
paint_places (EngineComposer *self, const EnginePlace *places, guint n, const EngineScene *from,
              const EngineScene *scene, double share, gint64 time_ns, GstVideoFrame *frame)
{
  const EngineRect all = { 0, 0, GST_VIDEO_FRAME_WIDTH (frame), GST_VIDEO_FRAME_HEIGHT (frame) };
  EnginePicture *pictures[ENGINE_GLIDE_MAX_PLACES] = { NULL };
  int first = -1; /* what is below this one is not seen */

  for (guint i = 0; i < n; i++) {
    pictures[i] = get_picture (&places[i], time_ns);
    if (pictures[i] != NULL && places[i].opacity >= 1 && covers (places[i].rect, frame))
      first = (int) i;
  }
  if (first < 0) {
    const gboolean changes = from != NULL && from->background != scene->background;

    if (changes)
      paint (self, from->background, all, 1, frame);
    paint (self, scene->background, all, changes ? share : 1, frame);
  }
  for (guint i = (guint) MAX (0, first); i < n; i++) {
    if (pictures[i] != NULL)
      paint (self, pictures[i], places[i].rect, places[i].opacity, frame);
  }
  for (guint i = 0; i < n; i++)
    g_clear_pointer (&pictures[i], engine_picture_unref);
}

/**
 * engine_composer_paint:
 * @self: a composer
 * @scene: what to paint
 * @time_ns: the show time; call with rising times
 * @frame: (inout): an I420 frame mapped for writing, of any even size
 *
 * Paints all of a scene but its logo. Places that have nothing yet show what is behind them.
 */
void
engine_composer_paint (EngineComposer *self, EngineScene *scene, gint64 time_ns,
                       GstVideoFrame *frame)
{
  const EngineSize size = { GST_VIDEO_FRAME_WIDTH (frame), GST_VIDEO_FRAME_HEIGHT (frame) };
  EnginePlace places[ENGINE_GLIDE_MAX_PLACES];
  const guint n = look (self, scene, time_ns, size, places);

  paint_places (self, places, n, NULL, scene, 1, time_ns, frame);
}

/**
 * engine_composer_begin_move:
 * @self: a composer
 * @from: what is to be seen before
 * @anew: whether a move is going on already: the new one begins from what that showed last
 * @time_ns: the show time
 * @size: of the program, in pixels
 *
 * Notes where pictures are before they move.
 */
void
engine_composer_begin_move (EngineComposer *self, EngineScene *from, gboolean anew, gint64 time_ns,
                            EngineSize size)
{
  EnginePlace places[ENGINE_GLIDE_MAX_PLACES];
  guint n = 0;

  if (anew && self->n_shown > 0) {
    remember (self->departure, &self->n_departure, self->shown, self->n_shown);
    return;
  }
  n = look (self, from, time_ns, size, places);
  remember (self->departure, &self->n_departure, places, n);
}

/**
 * engine_composer_paint_move:
 * @self: a composer, told where the move begins
 * @from: what was to be seen before
 * @to: what is to be seen after
 * @progress: how much of the time has passed, 0 to 1
 * @time_ns: the show time
 * @frame: (inout): an I420 frame mapped for writing
 *
 * Paints the pictures on their way.
 */
void
engine_composer_paint_move (EngineComposer *self, EngineScene *from, EngineScene *to,
                            double progress, gint64 time_ns, GstVideoFrame *frame)
{
  const EngineSize size = { GST_VIDEO_FRAME_WIDTH (frame), GST_VIDEO_FRAME_HEIGHT (frame) };
  const double share = engine_glide_ease (progress);
  EnginePlace goal[ENGINE_GLIDE_MAX_PLACES], places[ENGINE_GLIDE_MAX_PLACES];
  const guint n_goal = engine_scene_place (to, time_ns, size, goal);
  const guint n =
    engine_glide_mix (self->departure, self->n_departure, goal, n_goal, share, places);

  remember (self->shown, &self->n_shown, places, n);
  paint_places (self, places, n, from, to, share, time_ns, frame);
}

/**
 * engine_composer_find_passthrough:
 * @self: a composer
 * @scene: what is to be shown
 * @time_ns: the show time
 * @info: the program's format
 *
 * One picture over the whole program, already of its size and format, needs no painting.
 *
 * Returns: (transfer full) (nullable): that picture, read only, or `NULL` if it must be painted
 */
EnginePicture *
engine_composer_find_passthrough (EngineComposer *self, EngineScene *scene, gint64 time_ns,
                                  const GstVideoInfo *info)
{
  const EngineSize size = { GST_VIDEO_INFO_WIDTH (info), GST_VIDEO_INFO_HEIGHT (info) };
  EnginePlace places[ENGINE_GLIDE_MAX_PLACES];
  const guint n = look (self, scene, time_ns, size, places);
  g_autoptr (EnginePicture) picture =
    n == 1 && places[0].opacity >= 1 ? get_picture (&places[0], time_ns) : NULL;

  if (picture == NULL || places[0].rect.width != size.width_px ||
      places[0].rect.height != size.height_px || !engine_picture_is_whole (picture) ||
      GST_VIDEO_INFO_FORMAT (&picture->info) != GST_VIDEO_INFO_FORMAT (info) ||
      GST_VIDEO_INFO_WIDTH (&picture->info) != GST_VIDEO_INFO_WIDTH (info) ||
      GST_VIDEO_INFO_HEIGHT (&picture->info) != GST_VIDEO_INFO_HEIGHT (info) ||
      GST_VIDEO_INFO_PAR_N (&picture->info) != GST_VIDEO_INFO_PAR_D (&picture->info) ||
      picture->info.colorimetry.matrix != info->colorimetry.matrix ||
      picture->info.colorimetry.range != info->colorimetry.range ||
      gst_buffer_n_memory (picture->buffer) != 1)
    return NULL;
  return g_steal_pointer (&picture);
}

/**
 * engine_composer_make_frame:
 * @scene: a pause: what is seen does not move
 * @info: the program's format
 *
 * Any thread.
 *
 * Returns: (transfer full): the scene as one frame, which nobody writes to any more
 */
GstBuffer *
engine_composer_make_frame (EngineScene *scene, const GstVideoInfo *info)
{
  g_autoptr (EngineComposer) composer = engine_composer_new ();
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, info->size, NULL);
  GstVideoFrame frame;

  if (gst_video_frame_map (&frame, info, buffer, GST_MAP_READWRITE)) {
    engine_composer_paint (composer, scene, 0, &frame);
    gst_video_frame_unmap (&frame);
  }
  return buffer;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-drawing-private.h"

#include <math.h>
#include <string.h>

#define SLIDE_S         9.0
#define FADE_S          0.5
#define CHART_S         2.5 /* so long a chart moves, at most */
#define GESTURE_S       1.9
#define MAX_MOVES       3

#define PROGRESS_Y      708
#define PROGRESS_HEIGHT 12

struct _EngineDrawing {
  EngineDrawingKind kind;
  int width_px;
  int height_px;
  cairo_matrix_t stage;    /* from the stage to pixels */
  cairo_surface_t *canvas; /* what is seen now */
  cairo_surface_t *back;   /* what never moves; the slide of now, without its chart */
  cairo_surface_t *front;  /* nullable: what stands before the moving parts; the slide before */
  guint64 cycle;
  EngineVoiceTurn turn;
  gint64 slide;     /* which one `back` shows, counted from the beginning of time; −1 none */
  double last_age;  /* of the slide on the canvas */
  gboolean painted; /* the canvas shows something */
};

/* The person first, then others. Where things move, in stage units. */
static const EngineRect speaker_moves[MAX_MOVES] = {
  { 392, 130, 552, 374 },
  { 316, 590, 176, 130 },
  { 846, 606, 168, 114 },
};
static const EngineRect guest_moves[MAX_MOVES] = { { 336, 96, 608, 624 } };

static const double gestures[][4] = {
  /* left x, y, right x, y */
  { 600, 462, 738, 462 }, { 470, 372, 866, 372 }, { 600, 462, 840, 318 }, { 430, 300, 742, 440 },
  { 626, 424, 708, 424 }, { 500, 404, 780, 352 }, { 560, 372, 738, 462 }, { 520, 330, 816, 330 },
};

static cairo_t *
create_context (const EngineDrawing *self, cairo_surface_t *surface)
{
  cairo_t *cr = cairo_create (surface);

  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  cairo_set_matrix (cr, &self->stage);
  return cr;
}

static cairo_surface_t *
create_surface (const EngineDrawing *self, cairo_format_t format)
{
  return cairo_image_surface_create (format, self->width_px, self->height_px);
}

/**
 * engine_drawing_new:
 * @kind: what to draw
 * @width_px: width of the picture
 * @height_px: height of the picture; what does not have the shape 16:9 is cut at the edges
 *
 * Draws what stands still, which takes some 20 ms.
 *
 * Returns: (transfer full): a drawing
 */
EngineDrawing *
engine_drawing_new (EngineDrawingKind kind, int width_px, int height_px)
{
  EngineDrawing *self = NULL;
  const double scale = MAX ((double) width_px / ENGINE_DRAWING_STAGE_WIDTH,
                            (double) height_px / ENGINE_DRAWING_STAGE_HEIGHT);
  cairo_t *cr = NULL;

  g_return_val_if_fail (width_px > 0 && height_px > 0, NULL);

  self = g_new0 (EngineDrawing, 1);
  self->kind = kind;
  self->width_px = width_px;
  self->height_px = height_px;
  self->slide = -1;
  self->cycle = G_MAXUINT64;
  cairo_matrix_init (&self->stage, scale, 0, 0, scale,
                     (width_px - scale * ENGINE_DRAWING_STAGE_WIDTH) / 2,
                     (height_px - scale * ENGINE_DRAWING_STAGE_HEIGHT) / 2);
  self->canvas = create_surface (self, CAIRO_FORMAT_RGB24);
  self->back = create_surface (self, CAIRO_FORMAT_RGB24);

  if (kind == ENGINE_DRAWING_SLIDES) {
    self->front = create_surface (self, CAIRO_FORMAT_RGB24);
    return self;
  }

  cr = create_context (self, self->back);
  if (kind == ENGINE_DRAWING_SPEAKER) {
    _engine_drawing_paint_hall (cr);
    self->front = create_surface (self, CAIRO_FORMAT_ARGB32);
    cairo_destroy (cr);
    cr = create_context (self, self->front);
    _engine_drawing_paint_hall_front (cr);
  } else {
    _engine_drawing_paint_home (cr);
  }
  cairo_destroy (cr);
  return self;
}

void
engine_drawing_free (EngineDrawing *self)
{
  if (self == NULL)
    return;

  cairo_surface_destroy (self->canvas);
  cairo_surface_destroy (self->back);
  cairo_surface_destroy (self->front);
  g_free (self);
}

/* A gesture every other second while talking; otherwise the hands rest on the lectern. */
static const double *
find_gesture (gint64 beat)
{
  guint seed = _engine_voice_hash ((guint) beat * 2 + 1);
  guint n = 0;

  if (!_engine_voice_has_turn (ENGINE_DRAWING_SPEAKER, beat * GESTURE_S + 0.6))
    return gestures[0];

  _engine_voice_random (&seed);
  n = (guint) (_engine_voice_random (&seed) * 8.6);
  return gestures[n < G_N_ELEMENTS (gestures) ? n : 0];
}

static void
pose_hands (EngineDrawingPose *pose)
{
  const gint64 beat = (gint64) floor (pose->time_s / GESTURE_S);
  const double *const from = find_gesture (beat - 1), *const to = find_gesture (beat);
  const double way = _engine_drawing_ease ((pose->time_s / GESTURE_S - (double) beat) * 2.6);
  const double shake = pose->talking ? 5 * pose->mouth : 0;

  for (int i = 0; i < 2; i++) {
    pose->left_hand[i] = from[i] + (to[i] - from[i]) * way;
    pose->right_hand[i] = from[2 + i] + (to[2 + i] - from[2 + i]) * way;
  }
  pose->left_hand[1] += 3 * sin (pose->time_s * 2.3) - (to[1] < 460 ? shake : 0);
  pose->right_hand[1] += 3 * sin (pose->time_s * 2.9 + 1) - (to[3] < 460 ? shake : 0);
}

/* From 0 to 1 and back in a fifth of a second, every few seconds. */
static double
get_lids (double time_s, double phase)
{
  const double since = fmod (time_s + phase + 0.7 * sin (time_s * 0.13), 3.7);

  return since < 0.2 ? sin (G_PI * since / 0.2) : 0;
}

static void
strike_pose (EngineDrawing *self, guint64 time_ns, EngineDrawingPose *pose)
{
  const guint64 cycle = time_ns / (ENGINE_VOICE_CYCLE_S * G_GUINT64_CONSTANT (1000000000));
  const double t = (double) (time_ns % (G_GUINT64_CONSTANT (86400) * 1000000000)) / 1e9;
  const double phase_s =
    (double) (time_ns % (ENGINE_VOICE_CYCLE_S * G_GUINT64_CONSTANT (1000000000))) / 1e9;
  const gboolean guest = self->kind == ENGINE_DRAWING_GUEST;
  double nod = 0, turn = 0;

  if (cycle != self->cycle) {
    self->cycle = cycle;
    _engine_voice_write_turn (&self->turn, self->kind, cycle);
  }

  /* A listener nods now and then; a talker's head follows the words and looks around. */
  *pose = (EngineDrawingPose){ .time_s = t };
  pose->talking = _engine_voice_has_turn (self->kind, t);
  pose->mouth = _engine_voice_get_mouth (&self->turn, phase_s);
  nod = pose->talking ? 0.5 * sin (t * 3.1) * sin (t * 0.9) + pose->mouth * 0.6
                      : MAX (sin (t * 0.47) - 0.55, 0) * 2.2 * sin (t * 5.2);
  turn = sin (t * 0.37) * 0.8 + sin (t * 0.83 + 1) * 0.5;
  pose->look = CLAMP (guest ? turn * 0.35 : turn, -1, 1);
  pose->sway_x = (guest ? 3 : 6) * sin (t * 0.43) + 2 * sin (t * 1.07);
  pose->sway_y = 1.6 * sin (t * 1.55);
  pose->head_x = 4 * sin (t * 0.61) + pose->look * 4;
  pose->head_y = 5 * nod;
  pose->tilt = 0.035 * sin (t * 0.71) + 0.025 * sin (t * 1.31) + (pose->talking ? 0.0 : 0.03);
  pose->lids = get_lids (t, guest ? 1.9 : 0.4);
  pose->brows = pose->talking ? CLAMP (sin (t * 1.7) * sin (t * 0.6), 0, 1) : 0;
  pose_hands (pose);
}

/* A rectangle of the stage in whole pixels of the picture. */
static EngineRect
to_pixels (const EngineDrawing *self, const EngineRect *rect)
{
  const double scale = self->stage.xx;
  const int left = (int) floor (rect->x * scale + self->stage.x0);
  const int top = (int) floor (rect->y * scale + self->stage.y0);
  const int right = (int) ceil ((rect->x + rect->width) * scale + self->stage.x0);
  const int bottom = (int) ceil ((rect->y + rect->height) * scale + self->stage.y0);
  const int x = CLAMP (left, 0, self->width_px), y = CLAMP (top, 0, self->height_px);

  return (EngineRect){ x, y, CLAMP (right, x, self->width_px) - x,
                       CLAMP (bottom, y, self->height_px) - y };
}

static void
clip_pixels (cairo_t *cr, const EngineRect *rect)
{
  cairo_matrix_t stage;

  cairo_get_matrix (cr, &stage);
  cairo_identity_matrix (cr);
  cairo_rectangle (cr, rect->x, rect->y, rect->width, rect->height);
  cairo_clip (cr);
  cairo_set_matrix (cr, &stage);
}

static void
paint_surface (cairo_t *cr, cairo_surface_t *surface, cairo_operator_t operator, double alpha)
{
  cairo_save (cr);
  cairo_identity_matrix (cr);
  cairo_set_operator (cr, operator);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint_with_alpha (cr, alpha);
  cairo_restore (cr);
}

static void
grow (EngineRect *changed, const EngineRect *rect)
{
  const int right = MAX (changed->x + changed->width, rect->x + rect->width);
  const int bottom = MAX (changed->y + changed->height, rect->y + rect->height);

  if (changed->width == 0 || changed->height == 0) {
    *changed = *rect;
    return;
  }
  changed->x = MIN (changed->x, rect->x);
  changed->y = MIN (changed->y, rect->y);
  changed->width = right - changed->x;
  changed->height = bottom - changed->y;
}

static void
update_person (EngineDrawing *self, guint64 time_ns, EngineRect *changed)
{
  const EngineRect all = { 0, 0, self->width_px, self->height_px };
  const gboolean guest = self->kind == ENGINE_DRAWING_GUEST;
  const EngineRect *const moves = guest ? guest_moves : speaker_moves;
  EngineDrawingPose pose = { 0 };

  strike_pose (self, time_ns, &pose);
  for (guint i = 0; i < MAX_MOVES && moves[i].width > 0; i++) {
    const EngineRect rect = self->painted ? to_pixels (self, &moves[i]) : all;
    cairo_t *cr = create_context (self, self->canvas);

    clip_pixels (cr, &rect);
    paint_surface (cr, self->back, CAIRO_OPERATOR_SOURCE, 1);
    if (guest) {
      _engine_drawing_paint_guest (cr, &pose);
    } else {
      if (i == 0 || !self->painted)
        _engine_drawing_paint_speaker (cr, &pose);
      paint_surface (cr, self->front, CAIRO_OPERATOR_OVER, 1);
      if (i != 0 || !self->painted)
        _engine_drawing_paint_listeners (cr, pose.time_s);
    }
    cairo_destroy (cr);
    grow (changed, &rect);
    self->painted = TRUE;
  }
}

static void
paint_progress (cairo_t *cr, double age_s)
{
  _engine_drawing_fill_box (cr, 0, PROGRESS_Y, ENGINE_DRAWING_STAGE_WIDTH, PROGRESS_HEIGHT, 0,
                            0xe6e0d4);
  _engine_drawing_fill_box (cr, 0, PROGRESS_Y, ENGINE_DRAWING_STAGE_WIDTH * age_s / SLIDE_S,
                            PROGRESS_HEIGHT, 0, 0xe8731a);
}

static void
paint_part (EngineDrawing *self, const EngineRect *place, guint index, double age_s,
            EngineRect *changed)
{
  const EngineRect rect = to_pixels (self, place);
  cairo_t *cr = create_context (self, self->canvas);

  clip_pixels (cr, &rect);
  if (age_s < FADE_S) {
    paint_surface (cr, self->front, CAIRO_OPERATOR_SOURCE, 1);
    paint_surface (cr, self->back, CAIRO_OPERATOR_OVER, _engine_drawing_ease (age_s / FADE_S));
  } else {
    paint_surface (cr, self->back, CAIRO_OPERATOR_SOURCE, 1);
    _engine_drawing_paint_chart (cr, index, age_s - FADE_S);
  }
  paint_progress (cr, age_s);
  cairo_destroy (cr);
  grow (changed, &rect);
}

/* The slide before goes to the front surface, complete; the new one to the back, without chart. */
static void
turn_slide (EngineDrawing *self, gint64 slide, guint index)
{
  const guint last = (index + ENGINE_DRAWING_N_SLIDES - 1) % ENGINE_DRAWING_N_SLIDES;
  cairo_surface_t *front = self->front;
  cairo_t *cr = NULL;

  self->front = self->back;
  self->back = front;
  cr = create_context (self, self->front);
  if (self->slide != slide - 1)
    _engine_drawing_paint_slide (cr, last);
  _engine_drawing_paint_chart (cr, last, SLIDE_S);
  cairo_destroy (cr);

  cr = create_context (self, self->back);
  _engine_drawing_paint_slide (cr, index);
  cairo_destroy (cr);
  self->slide = slide;
}

static void
update_slides (EngineDrawing *self, guint64 time_ns, EngineRect *changed)
{
  static const EngineRect progress = { 0, PROGRESS_Y, ENGINE_DRAWING_STAGE_WIDTH, PROGRESS_HEIGHT };
  static const EngineRect all = { 0, 0, ENGINE_DRAWING_STAGE_WIDTH, ENGINE_DRAWING_STAGE_HEIGHT };
  const guint64 slide_ns = (guint64) (SLIDE_S * 1e9);
  const gint64 slide = (gint64) (time_ns / slide_ns);
  const guint index = (guint) (slide % ENGINE_DRAWING_N_SLIDES);
  const double age_s = (double) (time_ns % slide_ns) / 1e9;
  const gboolean fresh = slide != self->slide || age_s < self->last_age;
  EngineRect chart = { 0 };

  if (slide != self->slide)
    turn_slide (self, slide, index);

  /* While it fades in, and once after that, the whole picture changes. */
  if (fresh || self->last_age < FADE_S) {
    paint_part (self, &all, index, age_s, changed);
  } else {
    paint_part (self, &progress, index, age_s, changed);
    if (_engine_drawing_get_chart (index, &chart) && self->last_age < FADE_S + CHART_S)
      paint_part (self, &chart, index, age_s, changed);
  }
  self->last_age = age_s;
}

/**
 * engine_drawing_update:
 * @self: a drawing
 * @time_ns: when, since the beginning of the show; may jump
 * @changed: (out) (optional): what is different from the call before, in pixels
 *
 * Brings the picture up to date, drawing only what moved.
 *
 * Returns: (transfer none): the picture, RGB24, valid until the next call
 */
cairo_surface_t *
engine_drawing_update (EngineDrawing *self, guint64 time_ns, EngineRect *changed)
{
  EngineRect rect = { 0 };

  g_return_val_if_fail (self != NULL, NULL);

  if (self->kind == ENGINE_DRAWING_SLIDES)
    update_slides (self, time_ns, &rect);
  else
    update_person (self, time_ns, &rect);

  cairo_surface_flush (self->canvas);
  if (changed != NULL)
    *changed = rect;
  return self->canvas;
}

/**
 * engine_drawing_paint:
 * @self: a drawing
 * @time_ns: when, since the beginning of the show; may jump
 * @pixels: (out): the whole picture, 32 bits a pixel, blue first
 * @stride_bytes: from one line to the next, at least four times the width
 *
 * Brings the picture up to date and copies it.
 */
void
engine_drawing_paint (EngineDrawing *self, guint64 time_ns, guint8 *pixels, int stride_bytes)
{
  cairo_surface_t *const canvas = engine_drawing_update (self, time_ns, NULL);
  const guint8 *const from = cairo_image_surface_get_data (canvas);
  const int from_stride = cairo_image_surface_get_stride (canvas);

  g_return_if_fail (pixels != NULL && stride_bytes >= self->width_px * 4);

  for (int y = 0; y < self->height_px; y++)
    memcpy (pixels + (gsize) y * (gsize) stride_bytes, from + (gsize) y * (gsize) from_stride,
            (gsize) self->width_px * 4);
}

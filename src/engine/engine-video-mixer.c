/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pace.h"
#include "engine-painter.h"
#include "engine-video-mixer.h"

/* A mixer that was held up repeats frames for at most half a second; after more than that (a
 * suspended machine) it goes on from now. */
#define MAX_REPEATS_S 0.5

/**
 * EngineVideoMixer:
 *
 * Makes the program's picture: one frame at each of its times, from whatever the slots have then.
 *
 * It has a thread of its own, never waits for a source, and never for what comes after it: when
 * the consumer has no room the frame is dropped and counted. Its setters belong to any thread and
 * take effect with the next frame.
 */
struct _EngineVideoMixer {
  GObject parent_instance;

  EngineClock *clock;
  GstVideoInfo info;
  gint64 frame_ns;
  int rate_fps;
  GThread *thread; /* nullable */
  gint running;    /* atomic */

  GMutex lock; /* guards all below */
  GPtrArray *slots;
  EngineScene *scene; /* nullable: black */
  EngineScene *from;  /* nullable: what was on air before, until the transition ends */
  EngineTransition transition;
  gboolean anew;   /* it began while pictures were moving already */
  gint64 start_ns; /* of the transition: the frame before its first; −1 until that is made */
  gint64 n_frames; /* how long it is */
  EngineGraphicPlace graphics[ENGINE_N_GRAPHICS];
  EngineVideoMixerFunc func;
  gpointer func_data;
  EngineVideoMixerCleanFunc clean_func; /* nullable: nobody wants to see it without graphics */
  gpointer clean_data;
  GstBuffer *last;       /* nullable */
  GstBuffer *last_clean; /* nullable: the last one has no graphics, or nobody wants it without */
  EngineVideoMixerStats stats;
  EngineSight sight;

  /* Only the thread. */
  EnginePainter *painter;
  EnginePace pace;
  EngineEye eye;
};

G_DEFINE_FINAL_TYPE (EngineVideoMixer, engine_video_mixer, G_TYPE_OBJECT)

/* Locked. */
static void
plan_graphics (EngineVideoMixer *self, gint64 time_ns, EnginePaintPlan *plan)
{
  const gboolean pause = self->scene != NULL && self->scene->layout == ENGINE_LAYOUT_PAUSE;

  for (guint i = 0; i < ENGINE_N_GRAPHICS; i++) {
    if (!pause || engine_graphic_stays_in_pause ((EngineGraphic) i))
      plan->n_layers +=
        engine_graphic_place_plan (&self->graphics[i], time_ns, &plan->layers[plan->n_layers]);
  }
}

/* The first frame after a take is one frame into the transition: it is seen at once. Locked. */
static void
plan_transition (EngineVideoMixer *self, gint64 time_ns, EnginePaintPlan *plan)
{
  if (self->from == NULL)
    return;
  plan->begins = self->start_ns < 0;
  if (plan->begins)
    self->start_ns = time_ns - self->frame_ns;

  const gint64 n = (time_ns - self->start_ns + self->frame_ns / 2) / self->frame_ns;
  if (n >= self->n_frames) {
    g_clear_pointer (&self->from, engine_scene_unref);
    return;
  }
  plan->from = engine_scene_ref (self->from);
  plan->transition = self->transition;
  plan->anew = self->anew;
  plan->progress = (double) n / (double) self->n_frames;
}

static gpointer
copy_ref (gconstpointer object, gpointer user_data)
{
  return g_object_ref ((gpointer) object);
}

/* Returns whether it is wanted without graphics as well. */
static gboolean
make_plan (EngineVideoMixer *self, gint64 time_ns, EnginePaintPlan *plan)
{
  g_autoptr (GPtrArray) slots = NULL;
  gboolean clean = FALSE;

  g_mutex_lock (&self->lock);
  clean = self->clean_func != NULL;
  plan_transition (self, time_ns, plan);
  plan->scene = self->scene != NULL ? engine_scene_ref (self->scene) : NULL;
  plan_graphics (self, time_ns, plan);
  slots = g_ptr_array_copy (self->slots, copy_ref, NULL);
  g_mutex_unlock (&self->lock);

  /* Those that are not seen go on as well, or their pictures would pile up. */
  g_ptr_array_set_free_func (slots, g_object_unref);
  for (guint i = 0; i < slots->len; i++) {
    g_autoptr (EnginePicture) due = engine_slot_pull_picture (slots->pdata[i], time_ns);
    (void) due;
  }
  return clean;
}

/* @clean: (out) (nullable): see send () */
static GstBuffer *
compose (EngineVideoMixer *self, gint64 time_ns, GstBuffer **clean)
{
  EnginePaintPlan plan = { 0 };
  GstBuffer *buffer = NULL;
  const gboolean both = make_plan (self, time_ns, &plan);

  buffer = engine_painter_paint_both (self->painter, &plan, time_ns, both ? clean : NULL);
  engine_paint_plan_clear (&plan);
  return buffer;
}

/* What came out is looked at, whatever it was made of. */
static void
look (EngineVideoMixer *self, GstBuffer *buffer, gint64 n)
{
  const gint64 time_ms = n * 1000 / self->rate_fps;
  GstVideoFrame frame;

  if (!engine_eye_wants (&self->eye, time_ms) ||
      !gst_video_frame_map (&frame, &self->info, buffer, GST_MAP_READ))
    return;
  engine_eye_look (&self->eye, &frame, time_ms);
  gst_video_frame_unmap (&frame);
  g_mutex_lock (&self->lock);
  self->sight = self->eye.sight;
  g_mutex_unlock (&self->lock);
}

/* Takes @buffer. */
static GstBuffer *
stamp (EngineVideoMixer *self, GstBuffer *buffer, gint64 n)
{
  buffer = gst_buffer_make_writable (buffer);
  GST_BUFFER_PTS (buffer) =
    gst_util_uint64_scale ((guint64) n, GST_SECOND, (guint64) self->rate_fps);
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) = (GstClockTime) self->frame_ns;
  GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_DISCONT);
  return buffer;
}

/* Sends @buffer as frame @n, which counts for @count; takes it, and @clean: (nullable): what it is without
 * graphics, if that is wanted and another. */
static void
send (EngineVideoMixer *self, GstBuffer *buffer, GstBuffer *clean, gint64 n, guint64 *count)
{
  EngineVideoMixerFunc func = NULL;
  EngineVideoMixerCleanFunc clean_func = NULL;
  gpointer data = NULL, clean_data = NULL;
  gboolean taken = TRUE;

  buffer = stamp (self, buffer, n);
  if (clean != NULL)
    clean = stamp (self, clean, n);
  g_mutex_lock (&self->lock);
  func = self->func;
  data = self->func_data;
  clean_func = self->clean_func;
  clean_data = self->clean_data;
  gst_buffer_replace (&self->last, buffer);
  gst_buffer_replace (&self->last_clean, clean);
  g_mutex_unlock (&self->lock);

  if (func != NULL)
    taken = func (buffer, data);
  if (clean_func != NULL)
    clean_func (clean != NULL ? clean : buffer, clean_data);
  look (self, buffer, n);
  gst_buffer_unref (buffer);
  gst_clear_buffer (&clean);

  g_mutex_lock (&self->lock);
  if (taken)
    (*count)++;
  else
    self->stats.n_dropped++;
  g_mutex_unlock (&self->lock);
}

/* The last frame once more, if there is one. */
static void
repeat (EngineVideoMixer *self, gint64 n, guint64 *count)
{
  GstBuffer *last = NULL, *clean = NULL;

  g_mutex_lock (&self->lock);
  last = self->last != NULL ? gst_buffer_copy (self->last) : NULL;
  clean = self->last_clean != NULL ? gst_buffer_copy (self->last_clean) : NULL;
  g_mutex_unlock (&self->lock);
  if (last != NULL)
    send (self, last, clean, n, count);
}

/* Fills the times that were missed. Returns the number of the frame that is due now. */
static gint64
catch_up (EngineVideoMixer *self, gint64 n)
{
  const gint64 due = engine_clock_get_now (self->clock) * self->rate_fps / (gint64) GST_SECOND;
  const gint64 n_repeats = MIN (due - n, (gint64) (self->rate_fps * MAX_REPEATS_S));

  if (due <= n)
    return n;
  for (gint64 i = 0; i < n_repeats; i++)
    repeat (self, n + i, &self->stats.n_repeated);
  g_mutex_lock (&self->lock);
  self->stats.n_dropped += (guint64) (due - n - n_repeats);
  g_mutex_unlock (&self->lock);
  return due;
}

/* Under overload only every second frame is made, and each of these is sent twice. */
static void
make (EngineVideoMixer *self, gint64 n, gint64 time_ns)
{
  GstBuffer *buffer = NULL, *clean = NULL;

  if (engine_pace_repeats (&self->pace, n)) {
    repeat (self, n, &self->stats.n_halved);
    return;
  }
  buffer = compose (self, time_ns, &clean);
  if (buffer != NULL)
    send (self, buffer, clean, n, &self->stats.n_mixed);
  else
    gst_clear_buffer (&clean);
  engine_pace_note (&self->pace, n, engine_clock_get_now (self->clock) - time_ns);
}

static gpointer
run (gpointer data)
{
  EngineVideoMixer *self = data;
  GstClock *clock = engine_clock_get_gst_clock (self->clock);
  const GstClockTime base = engine_clock_get_base_time (self->clock);
  gint64 n = engine_clock_get_now (self->clock) * self->rate_fps / (gint64) GST_SECOND + 1;

  while (g_atomic_int_get (&self->running)) {
    const guint64 time_ns =
      gst_util_uint64_scale ((guint64) n, GST_SECOND, (guint64) self->rate_fps);
    GstClockID id = gst_clock_new_single_shot_id (clock, base + time_ns);

    gst_clock_id_wait (id, NULL);
    gst_clock_id_unref (id);
    make (self, n, (gint64) time_ns);
    n = catch_up (self, n + 1);
  }
  return NULL;
}

static void
engine_video_mixer_dispose (GObject *object)
{
  EngineVideoMixer *self = ENGINE_VIDEO_MIXER (object);

  engine_video_mixer_stop (self);
  for (guint i = 0; i < ENGINE_N_GRAPHICS; i++)
    engine_graphic_place_clear (&self->graphics[i]);
  g_clear_pointer (&self->scene, engine_scene_unref);
  g_clear_pointer (&self->from, engine_scene_unref);
  g_clear_pointer (&self->slots, g_ptr_array_unref);
  gst_clear_buffer (&self->last);
  gst_clear_buffer (&self->last_clean);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_video_mixer_parent_class)->dispose (object);
}

static void
engine_video_mixer_finalize (GObject *object)
{
  EngineVideoMixer *self = ENGINE_VIDEO_MIXER (object);

  g_clear_pointer (&self->painter, engine_painter_free);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_video_mixer_parent_class)->finalize (object);
}

static void
engine_video_mixer_class_init (EngineVideoMixerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = engine_video_mixer_dispose;
  object_class->finalize = engine_video_mixer_finalize;
}

static void
engine_video_mixer_init (EngineVideoMixer *self)
{
  g_mutex_init (&self->lock);
  self->slots = g_ptr_array_new_with_free_func (g_object_unref);
  engine_eye_init (&self->eye);
}

/**
 * engine_video_mixer_new:
 * @clock: the show's clock
 * @format: size and rate of the program
 *
 * Returns: (transfer full): a mixer that shows black and is not running
 */
EngineVideoMixer *
engine_video_mixer_new (EngineClock *clock, const EngineFormat *format)
{
  EngineVideoMixer *self = g_object_new (ENGINE_TYPE_VIDEO_MIXER, NULL);

  self->clock = g_object_ref (clock);
  self->rate_fps = format->rate_fps;
  self->frame_ns = (gint64) GST_SECOND / format->rate_fps;
  gst_video_info_set_format (&self->info, GST_VIDEO_FORMAT_I420, (guint) format->width_px,
                             (guint) format->height_px);
  self->info.fps_n = format->rate_fps;
  self->info.fps_d = 1;
  gst_video_colorimetry_from_string (&self->info.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  self->info.chroma_site = GST_VIDEO_CHROMA_SITE_MPEG2;
  self->painter = engine_painter_new (&self->info);
  engine_pace_init (&self->pace, format->rate_fps);
  return self;
}

void
engine_video_mixer_start (EngineVideoMixer *self)
{
  g_return_if_fail (ENGINE_IS_VIDEO_MIXER (self));

  if (self->thread != NULL)
    return;
  g_atomic_int_set (&self->running, TRUE);
  self->thread = g_thread_new ("video-mixer", run, self);
}

/**
 * engine_video_mixer_stop:
 * @self: a mixer
 *
 * Returns when the thread has ended, after two frames at the most. May run twice.
 */
void
engine_video_mixer_stop (EngineVideoMixer *self)
{
  g_return_if_fail (ENGINE_IS_VIDEO_MIXER (self));

  if (self->thread == NULL)
    return;
  g_atomic_int_set (&self->running, FALSE);
  g_thread_join (g_steal_pointer (&self->thread));
}

void
engine_video_mixer_add_slot (EngineVideoMixer *self, EngineSlot *slot)
{
  g_return_if_fail (ENGINE_IS_VIDEO_MIXER (self));

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->slots, g_object_ref (slot));
  g_mutex_unlock (&self->lock);
}

void
engine_video_mixer_remove_slot (EngineVideoMixer *self, EngineSlot *slot)
{
  g_return_if_fail (ENGINE_IS_VIDEO_MIXER (self));

  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->slots, slot);
  g_mutex_unlock (&self->lock);
}

/* What a transition comes from. One that another interrupts stands still as it was last seen, or what
 * is on air would jump; but pictures that move go on from where they are. Locked. */
static EngineScene *
leave_scene (EngineVideoMixer *self, EngineTransition next)
{
  const gboolean interrupts = self->from != NULL && self->start_ns >= 0;
  g_autoptr (EnginePicture) seen = NULL;

  self->anew =
    interrupts && self->transition == ENGINE_TRANSITION_MOVE && next == ENGINE_TRANSITION_MOVE;
  if (!interrupts || self->anew || self->last == NULL)
    return g_steal_pointer (&self->scene);
  /* Without graphics where that is at hand: those that stay are laid over it anyway. */
  seen = engine_picture_new (self->last_clean ? self->last_clean : self->last, &self->info, 0);
  return engine_scene_new_dressed (ENGINE_LAYOUT_PAUSE, ENGINE_CORNER_TOP_LEFT, NULL, 0, seen, NULL,
                                   self->scene->logo);
}

/**
 * engine_video_mixer_take:
 * @self: a mixer
 * @scene: what goes on air
 * @transition: how it replaces what is on air
 * @transition_ms: how long that takes, where it is not a cut; 0 makes it one
 *
 * Any thread. The next frame shows it, or the beginning of the transition.
 */
void
engine_video_mixer_take (EngineVideoMixer *self, EngineScene *scene, EngineTransition transition,
                         guint transition_ms)
{
  g_return_if_fail (ENGINE_IS_VIDEO_MIXER (self));

  g_mutex_lock (&self->lock);
  if (transition == ENGINE_TRANSITION_CUT || transition_ms == 0) {
    g_clear_pointer (&self->from, engine_scene_unref);
  } else {
    EngineScene *from = leave_scene (self, transition);

    g_clear_pointer (&self->from, engine_scene_unref);
    self->from = from;
    self->transition = transition;
    self->start_ns = -1;
    self->n_frames = MAX (1, ((gint64) transition_ms * self->rate_fps + 500) / 1000);
  }
  g_clear_pointer (&self->scene, engine_scene_unref);
  self->scene = engine_scene_ref (scene);
  g_mutex_unlock (&self->lock);
}

/**
 * engine_video_mixer_set_graphic:
 * @self: a mixer
 * @graphic: which place
 * @overlay: (nullable): what comes there gently, or `NULL` to let go of what is there
 *
 * Any thread.
 */
void
engine_video_mixer_set_graphic (EngineVideoMixer *self, EngineGraphic graphic,
                                EngineOverlay *overlay)
{
  const gint64 now_ns = engine_clock_get_now (self->clock);

  g_return_if_fail (ENGINE_IS_VIDEO_MIXER (self));
  g_return_if_fail (graphic < ENGINE_N_GRAPHICS);

  g_mutex_lock (&self->lock);
  engine_graphic_place_set (&self->graphics[graphic], overlay, now_ns);
  g_mutex_unlock (&self->lock);
}

/**
 * engine_video_mixer_get_graphic:
 * @self: a mixer
 * @graphic: which place
 *
 * Any thread.
 *
 * Returns: (transfer full) (nullable): what is shown there, or coming
 */
EngineOverlay *
engine_video_mixer_get_graphic (EngineVideoMixer *self, EngineGraphic graphic)
{
  EngineOverlay *overlay = NULL;

  g_return_val_if_fail (ENGINE_IS_VIDEO_MIXER (self), NULL);
  g_return_val_if_fail (graphic < ENGINE_N_GRAPHICS, NULL);

  g_mutex_lock (&self->lock);
  if (self->graphics[graphic].overlay != NULL)
    overlay = engine_overlay_ref (self->graphics[graphic].overlay);
  g_mutex_unlock (&self->lock);
  return overlay;
}

/**
 * engine_video_mixer_set_consumer:
 * @self: a mixer
 * @func: (nullable) (scope forever): gets each frame, in the mixer's thread
 * @user_data: for @func; must outlive the mixer's thread
 */
void
engine_video_mixer_set_consumer (EngineVideoMixer *self, EngineVideoMixerFunc func,
                                 gpointer user_data)
{
  g_return_if_fail (ENGINE_IS_VIDEO_MIXER (self));

  g_mutex_lock (&self->lock);
  self->func = func;
  self->func_data = user_data;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_video_mixer_set_clean_consumer:
 * @self: a mixer
 * @func: (nullable): gets each frame without graphics from the next one on, or `NULL`
 * @user_data: for @func; must outlive the mixer's thread
 *
 * Any thread. While there is one, a frame is copied before graphics are laid over it.
 */
void
engine_video_mixer_set_clean_consumer (EngineVideoMixer *self, EngineVideoMixerCleanFunc func,
                                       gpointer user_data)
{
  g_return_if_fail (ENGINE_IS_VIDEO_MIXER (self));

  g_mutex_lock (&self->lock);
  self->clean_func = func;
  self->clean_data = user_data;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_video_mixer_get_info:
 * @self: a mixer
 *
 * Returns: (transfer none): the program's format; does not change
 */
const GstVideoInfo *
engine_video_mixer_get_info (EngineVideoMixer *self)
{
  g_return_val_if_fail (ENGINE_IS_VIDEO_MIXER (self), NULL);

  return &self->info;
}

/**
 * engine_video_mixer_get_last_frame:
 * @self: a mixer
 *
 * Any thread.
 *
 * Returns: (transfer full) (nullable): the newest frame, read only
 */
GstBuffer *
engine_video_mixer_get_last_frame (EngineVideoMixer *self)
{
  GstBuffer *buffer = NULL;

  g_return_val_if_fail (ENGINE_IS_VIDEO_MIXER (self), NULL);

  g_mutex_lock (&self->lock);
  buffer = self->last != NULL ? gst_buffer_ref (self->last) : NULL;
  g_mutex_unlock (&self->lock);
  return buffer;
}

/**
 * engine_video_mixer_get_stats:
 * @self: a mixer
 *
 * Any thread.
 *
 * Returns: the counts since the mixer was made
 */
EngineVideoMixerStats
engine_video_mixer_get_stats (EngineVideoMixer *self)
{
  EngineVideoMixerStats stats = { 0 };

  g_return_val_if_fail (ENGINE_IS_VIDEO_MIXER (self), stats);

  g_mutex_lock (&self->lock);
  stats = self->stats;
  g_mutex_unlock (&self->lock);
  return stats;
}

/**
 * engine_video_mixer_get_sight:
 * @self: a mixer
 *
 * Any thread.
 *
 * Returns: what the program's picture was like lately
 */
EngineSight
engine_video_mixer_get_sight (EngineVideoMixer *self)
{
  EngineSight sight = { 0 };

  g_return_val_if_fail (ENGINE_IS_VIDEO_MIXER (self), sight);

  g_mutex_lock (&self->lock);
  sight = self->sight;
  g_mutex_unlock (&self->lock);
  return sight;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine-composer.h"
#include "engine-preview-private.h"
#include "engine-veil.h"

/* The window is the first to wait when the machine is busy. */
#define NICE        10

#define MAX_SIDE_PX 1920

/* For so long after the program has lost a frame, previews are made this many times more seldom. */
#define SPARE_NS     (4 * (gint64) GST_SECOND)
#define SPARE_FACTOR 4

/* And this many times, when the operator wants it so. */
#define LIGHT_FACTOR 10

/**
 * EnginePreview:
 *
 * One small moving picture for the window: a scene, or the program. A thread of low priority makes
 * them; a picture that the window has not taken yet is replaced, and none is made while it has not
 * been looked at.
 */
struct _EnginePreview {
  GObject parent_instance;

  EnginePreviewer *previewer;
  EngineFrame *frame; /* nullable; main thread only */

  GMutex lock; /* guards all below */
  gboolean active;
  int width_px;
  int height_px;
  guint rate_fps;
  EngineScene *scene;     /* nullable: the program */
  gboolean with_graphics; /* with those that would stay if it were on air */
  gint64 due_ns;
  EngineFrame *pending; /* nullable: made, not yet taken by the main thread */

  /* Only the previewer's thread. */
  EngineComposer *composer;
  EngineVeil *veil;
  GstVideoConverter *converter; /* nullable */
  GstVideoInfo from;
  GstVideoInfo small;
  GstVideoInfo out;
  GstBuffer *small_buffer; /* nullable */
};

struct _EnginePreviewer {
  GObject parent_instance;

  EngineClock *clock;
  EngineVideoMixer *mixer;
  GThread *thread; /* nullable */

  GMutex lock; /* guards all below */
  GCond cond;
  gboolean running;
  EnginePicture *pause; /* nullable: what the audience sees instead of the program */
  EngineOverlay *drafts[ENGINE_N_GRAPHICS]; /* nullable: what may be shown next */
  guint64 lost_frames;                      /* of the program, when last looked */
  gint64 spare_until_ns;
  gboolean light;
  GPtrArray *previews; /* of EnginePreview, borrowed: they take themselves out */
};

G_DEFINE_FINAL_TYPE (EnginePreview, engine_preview, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (EnginePreviewer, engine_previewer, G_TYPE_OBJECT)

static guint frame_signal;

static gboolean
deliver_cb (gpointer data)
{
  EnginePreview *self = data;
  EngineFrame *frame = NULL;

  g_mutex_lock (&self->lock);
  frame = g_steal_pointer (&self->pending);
  g_mutex_unlock (&self->lock);
  if (frame == NULL)
    return G_SOURCE_REMOVE;
  g_clear_pointer (&self->frame, engine_frame_unref);
  self->frame = frame;
  g_signal_emit (self, frame_signal, 0);
  return G_SOURCE_REMOVE;
}

/* What one picture is to be; taken under the lock, made without it. */
typedef struct {
  int width_px;
  int height_px;
  EngineScene *scene;
  EngineOverlay *overlays[ENGINE_VEIL_MAX_OVERLAYS]; /* from back to front */
  guint n_overlays;
} Order;

/* What is to be shown, in its place. */
static EngineOverlay *
ref_draft (EnginePreviewer *self, EngineGraphic graphic)
{
  EngineOverlay *draft = NULL;

  g_mutex_lock (&self->lock);
  if (self->drafts[graphic] != NULL)
    draft = engine_overlay_ref (self->drafts[graphic]);
  g_mutex_unlock (&self->lock);
  return draft;
}

/* The scene's own logo, and of the next one what stays when it is taken, with drafts. */
static void
order_overlays (EnginePreview *self, gboolean with_graphics, Order *order)
{
  const EngineScene *scene = order->scene;

  if (scene == NULL)
    return;
  if (scene->logo != NULL)
    order->overlays[order->n_overlays++] = engine_overlay_ref (scene->logo);
  for (guint i = 0; with_graphics && i < ENGINE_N_GRAPHICS; i++) {
    EngineOverlay *overlay = NULL;

    if (scene->layout == ENGINE_LAYOUT_PAUSE && !engine_graphic_stays_in_pause ((EngineGraphic) i))
      continue;
    overlay = ref_draft (self->previewer, (EngineGraphic) i);
    if (overlay == NULL)
      overlay = engine_video_mixer_get_graphic (self->previewer->mixer, (EngineGraphic) i);
    if (overlay != NULL)
      order->overlays[order->n_overlays++] = overlay;
  }
}

static gboolean
take_order (EnginePreview *self, gint64 now_ns, gint64 step_factor, Order *order)
{
  gboolean due = FALSE, with_graphics = FALSE;

  g_mutex_lock (&self->lock);
  due = self->active && self->pending == NULL && self->width_px > 0 && now_ns >= self->due_ns;
  if (due) {
    const gint64 step_ns = step_factor * (gint64) GST_SECOND / self->rate_fps;

    self->due_ns = MAX (self->due_ns + step_ns, now_ns);
    order->width_px = self->width_px;
    order->height_px = self->height_px;
    order->scene = self->scene != NULL ? engine_scene_ref (self->scene) : NULL;
    with_graphics = self->with_graphics;
  }
  g_mutex_unlock (&self->lock);
  if (due)
    order_overlays (self, with_graphics, order);
  return due;
}

static void
order_clear (Order *order)
{
  g_clear_pointer (&order->scene, engine_scene_unref);
  for (guint i = 0; i < order->n_overlays; i++)
    engine_overlay_unref (order->overlays[i]);
}

static void
set_up (EnginePreview *self, const Order *order)
{
  if (self->small_buffer != NULL && GST_VIDEO_INFO_WIDTH (&self->small) == order->width_px &&
      GST_VIDEO_INFO_HEIGHT (&self->small) == order->height_px)
    return;

  gst_clear_buffer (&self->small_buffer);
  g_clear_pointer (&self->converter, gst_video_converter_free);
  gst_video_info_set_format (&self->small, GST_VIDEO_FORMAT_I420, (guint) order->width_px,
                             (guint) order->height_px);
  gst_video_colorimetry_from_string (&self->small.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  self->small.chroma_site = GST_VIDEO_CHROMA_SITE_MPEG2;
  gst_video_info_set_format (&self->out, GST_VIDEO_FORMAT_BGRx, (guint) order->width_px,
                             (guint) order->height_px);
  self->small_buffer = gst_buffer_new_allocate (NULL, self->small.size, NULL);
  self->converter =
    gst_video_converter_new (&self->small, &self->out,
                             gst_structure_new ("converter", GST_VIDEO_CONVERTER_OPT_THREADS,
                                                G_TYPE_UINT, 1, NULL));
}

/* A picture that is the whole program, as a scene that can be painted at any size. */
static EngineScene *
scene_of_program (EnginePreviewer *previewer, gint64 now_ns)
{
  g_autoptr (GstBuffer) last = engine_video_mixer_get_last_frame (previewer->mixer);
  g_autoptr (EnginePicture) picture = NULL;

  g_mutex_lock (&previewer->lock);
  if (previewer->pause != NULL)
    picture = engine_picture_ref (previewer->pause);
  g_mutex_unlock (&previewer->lock);
  if (picture == NULL && last != NULL)
    picture = engine_picture_new (last, engine_video_mixer_get_info (previewer->mixer), now_ns);
  return engine_scene_new (ENGINE_LAYOUT_PAUSE, ENGINE_CORNER_TOP_LEFT, NULL, 0, picture);
}

static EngineFrame *
make_frame (EnginePreview *self, const Order *order, gint64 now_ns)
{
  const int stride = order->width_px * 4;
  const gsize size = (gsize) stride * (gsize) order->height_px;
  GstVideoFrame small, out;
  GstBuffer *buffer = NULL;
  guint8 *pixels = NULL;

  set_up (self, order);
  if (self->converter == NULL ||
      !gst_video_frame_map (&small, &self->small, self->small_buffer, GST_MAP_READWRITE))
    return NULL;
  engine_composer_paint (self->composer, order->scene, now_ns, &small);

  pixels = g_malloc (size);
  buffer = gst_buffer_new_wrapped_full (0, pixels, size, 0, size, NULL, NULL);
  if (gst_video_frame_map (&out, &self->out, buffer, GST_MAP_WRITE)) {
    gst_video_converter_frame (self->converter, &small, &out);
    gst_video_frame_unmap (&out);
  }
  gst_buffer_unref (buffer);
  gst_video_frame_unmap (&small);
  engine_veil_paint (self->veil, order->overlays, order->n_overlays,
                     GST_VIDEO_INFO_WIDTH (engine_video_mixer_get_info (self->previewer->mixer)),
                     pixels, order->width_px, order->height_px);
  return engine_frame_new (g_bytes_new_take (pixels, size), order->width_px, order->height_px,
                           stride);
}

static void
serve (EnginePreview *self, gint64 now_ns, gint64 step_factor)
{
  Order order = { 0 };
  EngineFrame *frame = NULL;

  if (!take_order (self, now_ns, step_factor, &order))
    return;
  if (order.scene == NULL)
    order.scene = scene_of_program (self->previewer, now_ns);
  frame = make_frame (self, &order, now_ns);
  order_clear (&order);
  if (frame == NULL)
    return;

  g_mutex_lock (&self->lock);
  self->pending = frame;
  g_mutex_unlock (&self->lock);
  /* Below drawing and input: the window takes a frame when it has nothing better to do. */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, deliver_cb, g_object_ref (self), g_object_unref);
}

/* The program comes first: while it loses frames, its window makes do with fewer. Locked. */
static gint64
choose_step_factor (EnginePreviewer *self)
{
  const EngineVideoMixerStats stats = engine_video_mixer_get_stats (self->mixer);
  const guint64 lost_frames = stats.n_repeated + stats.n_halved + stats.n_dropped;
  const gint64 now_ns = engine_clock_get_now (self->clock);

  if (lost_frames != self->lost_frames)
    self->spare_until_ns = now_ns + SPARE_NS;
  self->lost_frames = lost_frames;
  if (self->light)
    return LIGHT_FACTOR;
  return now_ns < self->spare_until_ns ? SPARE_FACTOR : 1;
}

static gpointer
copy_ref (gconstpointer object, gpointer user_data)
{
  return g_object_ref ((gpointer) object);
}

static gpointer
run (gpointer data)
{
  EnginePreviewer *self = data;

  setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), NICE);
  g_mutex_lock (&self->lock);
  while (self->running) {
    g_autoptr (GPtrArray) previews = g_ptr_array_copy (self->previews, copy_ref, NULL);
    const gint64 started_us = g_get_monotonic_time ();
    const gint64 step_factor = choose_step_factor (self);

    g_ptr_array_set_free_func (previews, g_object_unref);
    g_mutex_unlock (&self->lock);
    for (guint i = 0; i < previews->len; i++)
      serve (previews->pdata[i], engine_clock_get_now (self->clock), step_factor);
    g_clear_pointer (&previews, g_ptr_array_unref);
    g_mutex_lock (&self->lock);
    if (self->running)
      g_cond_wait_until (&self->cond, &self->lock, started_us + G_USEC_PER_SEC / 60);
  }
  g_mutex_unlock (&self->lock);
  return NULL;
}

static void
engine_previewer_dispose (GObject *object)
{
  EnginePreviewer *self = ENGINE_PREVIEWER (object);

  engine_previewer_stop (self);
  g_clear_object (&self->mixer);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_previewer_parent_class)->dispose (object);
}

static void
engine_previewer_finalize (GObject *object)
{
  EnginePreviewer *self = ENGINE_PREVIEWER (object);

  g_ptr_array_unref (self->previews);
  g_clear_pointer (&self->pause, engine_picture_unref);
  for (guint i = 0; i < ENGINE_N_GRAPHICS; i++)
    g_clear_pointer (&self->drafts[i], engine_overlay_unref);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_previewer_parent_class)->finalize (object);
}

static void
engine_previewer_class_init (EnginePreviewerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_previewer_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_previewer_finalize;
}

static void
engine_previewer_init (EnginePreviewer *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->previews = g_ptr_array_new ();
}

/**
 * engine_previewer_new:
 * @clock: the show's clock
 * @mixer: what makes the program
 *
 * Returns: (transfer full): a previewer; its thread starts with the first preview
 */
EnginePreviewer *
engine_previewer_new (EngineClock *clock, EngineVideoMixer *mixer)
{
  EnginePreviewer *self = g_object_new (ENGINE_TYPE_PREVIEWER, NULL);

  self->clock = g_object_ref (clock);
  self->mixer = g_object_ref (mixer);
  return self;
}

void
engine_previewer_stop (EnginePreviewer *self)
{
  g_return_if_fail (ENGINE_IS_PREVIEWER (self));

  if (self->thread == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->running = FALSE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  g_thread_join (g_steal_pointer (&self->thread));
}

/* The previewer's thread may hold a reference at this very moment: all it reads stays until the end. */
static void
engine_preview_dispose (GObject *object)
{
  EnginePreview *self = ENGINE_PREVIEW (object);

  if (self->previewer != NULL) {
    g_mutex_lock (&self->previewer->lock);
    g_ptr_array_remove (self->previewer->previews, self);
    g_mutex_unlock (&self->previewer->lock);
  }
  g_clear_pointer (&self->frame, engine_frame_unref);
  G_OBJECT_CLASS (engine_preview_parent_class)->dispose (object);
}

static void
engine_preview_finalize (GObject *object)
{
  EnginePreview *self = ENGINE_PREVIEW (object);

  g_clear_object (&self->previewer);
  g_clear_pointer (&self->frame, engine_frame_unref);
  g_clear_pointer (&self->pending, engine_frame_unref);
  g_clear_pointer (&self->scene, engine_scene_unref);
  g_clear_pointer (&self->composer, engine_composer_free);
  g_clear_pointer (&self->veil, engine_veil_free);
  g_clear_pointer (&self->converter, gst_video_converter_free);
  gst_clear_buffer (&self->small_buffer);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_preview_parent_class)->finalize (object);
}

static void
engine_preview_class_init (EnginePreviewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = engine_preview_dispose;
  object_class->finalize = engine_preview_finalize;
  frame_signal = g_signal_new ("frame", ENGINE_TYPE_PREVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
}

static void
engine_preview_init (EnginePreview *self)
{
  g_mutex_init (&self->lock);
  self->composer = engine_composer_new ();
  self->veil = engine_veil_new ();
}

static EnginePreview *
preview_new (EnginePreviewer *previewer, EngineScene *scene, guint rate_fps)
{
  EnginePreview *self = g_object_new (ENGINE_TYPE_PREVIEW, NULL);

  self->previewer = g_object_ref (previewer);
  self->rate_fps = rate_fps;
  self->scene = scene != NULL ? engine_scene_ref (scene) : NULL;
  g_mutex_lock (&previewer->lock);
  g_ptr_array_add (previewer->previews, self);
  if (!previewer->running) {
    previewer->running = TRUE;
    previewer->thread = g_thread_new ("previewer", run, previewer);
  }
  g_mutex_unlock (&previewer->lock);
  return self;
}

EnginePreview *
_engine_preview_new_program (EnginePreviewer *previewer, guint rate_fps)
{
  return preview_new (previewer, NULL, rate_fps);
}

EnginePreview *
_engine_preview_new_scene (EnginePreviewer *previewer, EngineScene *scene, guint rate_fps)
{
  return preview_new (previewer, scene, rate_fps);
}

/**
 * _engine_preview_set_next:
 * @self: a preview of a scene
 * @scene: what it is to show from now on, with the graphics that would stay
 */
void
_engine_preview_set_next (EnginePreview *self, EngineScene *scene)
{
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->scene, engine_scene_unref);
  self->scene = engine_scene_ref (scene);
  self->with_graphics = TRUE;
  self->due_ns = 0;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_previewer_set_light:
 * @self: a previewer
 * @light: whether it is to make far fewer pictures from now on
 *
 * Any thread.
 */
void
engine_previewer_set_light (EnginePreviewer *self, gboolean light)
{
  g_return_if_fail (ENGINE_IS_PREVIEWER (self));

  g_mutex_lock (&self->lock);
  self->light = light;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_previewer_set_pause:
 * @self: a previewer
 * @card: (nullable): what previews of the program show while it pauses
 */
void
engine_previewer_set_pause (EnginePreviewer *self, EnginePicture *card)
{
  g_return_if_fail (ENGINE_IS_PREVIEWER (self));

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->pause, engine_picture_unref);
  self->pause = card != NULL ? engine_picture_ref (card) : NULL;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_previewer_set_draft:
 * @self: a previewer
 * @graphic: which place
 * @overlay: (nullable): what previews of the next shot show there instead of what is on air
 */
void
engine_previewer_set_draft (EnginePreviewer *self, EngineGraphic graphic, EngineOverlay *overlay)
{
  g_return_if_fail (ENGINE_IS_PREVIEWER (self));
  g_return_if_fail (graphic < ENGINE_N_GRAPHICS);

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->drafts[graphic], engine_overlay_unref);
  self->drafts[graphic] = overlay != NULL ? engine_overlay_ref (overlay) : NULL;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_preview_get_frame:
 * @self: a preview
 *
 * Returns: (transfer none) (nullable): the newest picture
 */
EngineFrame *
engine_preview_get_frame (EnginePreview *self)
{
  g_return_val_if_fail (ENGINE_IS_PREVIEW (self), NULL);

  return self->frame;
}

/**
 * engine_preview_set_size:
 * @self: a preview
 * @width_px: of the pictures, in device pixels; made even
 * @height_px: the same
 */
void
engine_preview_set_size (EnginePreview *self, int width_px, int height_px)
{
  g_return_if_fail (ENGINE_IS_PREVIEW (self));

  g_mutex_lock (&self->lock);
  self->width_px = CLAMP (width_px, 0, MAX_SIDE_PX) & ~1;
  self->height_px = CLAMP (height_px, 0, MAX_SIDE_PX) & ~1;
  if (self->height_px == 0)
    self->width_px = 0;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_preview_set_active:
 * @self: a preview
 * @active: whether it is seen: while it is not, no picture is made
 */
void
engine_preview_set_active (EnginePreview *self, gboolean active)
{
  g_return_if_fail (ENGINE_IS_PREVIEW (self));

  g_mutex_lock (&self->lock);
  self->active = active;
  g_mutex_unlock (&self->lock);
}

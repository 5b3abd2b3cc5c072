/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-lock.h"
#include "engine-return-private.h"
#include "engine-return-rung.h"
#include "engine-source-private.h"

/* Until a viewer says what their line can take. */
#define FIRST_BPS 700000

/* What can be watched: the program, or a source. Main thread only. */
typedef struct {
  EngineSource *source; /* nullable: the program */
  EngineReturnRung *rungs[ENGINE_RETURN_N_STEPS];
} View;

/**
 * EngineReturn:
 *
 * The return picture: what guests see. It is encoded in VP8 once for each size that somebody watches, and
 * not once for each guest; viewers go from one size to another, and from the program to a source, at
 * a keyframe. It costs nothing while nobody watches.
 *
 * Guests see the program as the crew sees it, in a pause too: who is to speak next must see what is
 * being prepared. What hides a pause is for the audience only.
 *
 * Main thread, but for _engine_return_push_frame (), which is the mixer's.
 */
struct _EngineReturn {
  GObject parent_instance;

  EngineClock *clock;
  GstVideoInfo program;
  gboolean running;
  GPtrArray *views; /* of View */

  gint n_running;       /* atomic: of the next */
  EngineLock tick_lock; /* guards the next; the mixer's thread takes it */
  GPtrArray *tick;      /* of EngineReturnRung that run; replaced, never changed */

  GMutex lock;             /* guards the next two; held while viewers are called */
  GPtrArray *viewers;      /* of EngineReturnViewer */
  gboolean update_pending; /* a viewer has left a rung */
};

struct _EngineReturnViewer {
  EngineReturn *owner; /* borrowed */
  EngineReturnFunc func;
  gpointer user_data;

  /* Main thread only. */
  EngineSource *source; /* nullable: the program */
  int bps;
  EngineReturnStep step;

  gint wants_keyframe; /* atomic */

  /* Guarded by the owner's lock. */
  EngineReturnRung *current; /* nullable: nothing came yet */
  EngineReturnRung *next;    /* nullable: it stays where it is */
  gint64 last_ns;
};

G_DEFINE_FINAL_TYPE (EngineReturn, engine_return, G_TYPE_OBJECT)

static void
view_free (gpointer data)
{
  View *view = data;

  for (guint i = 0; i < ENGINE_RETURN_N_STEPS; i++) {
    engine_return_rung_stop (view->rungs[i]);
    g_object_unref (view->rungs[i]);
  }
  g_clear_object (&view->source);
  g_free (view);
}

static void
viewer_free (gpointer data)
{
  EngineReturnViewer *viewer = data;

  g_clear_object (&viewer->source);
  g_clear_object (&viewer->current);
  g_clear_object (&viewer->next);
  g_free (viewer);
}

static View *
get_view (EngineReturn *self, EngineSource *source)
{
  View *view = NULL;

  for (guint i = 0; i < self->views->len; i++) {
    view = self->views->pdata[i];
    if (view->source == source)
      return view;
  }
  view = g_new0 (View, 1);
  view->source = source != NULL ? g_object_ref (source) : NULL;
  for (guint i = 0; i < ENGINE_RETURN_N_STEPS; i++)
    view->rungs[i] =
      engine_return_rung_new (self->clock, &self->program,
                              source != NULL ? _engine_source_get_slot (source) : NULL,
                              (EngineReturnStep) i);
  g_ptr_array_add (self->views, view);
  return view;
}

/* The least that those can take who watch a rung, or are about to; 0 when nobody does. */
static int
get_wish (EngineReturn *self, EngineReturnRung *rung)
{
  int bps = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->viewers->len; i++) {
    const EngineReturnViewer *viewer = self->viewers->pdata[i];

    /* Who is on the way to another one watches until that begins, and has no say any more. */
    if (viewer->current == rung && viewer->next != NULL)
      bps = bps == 0 ? G_MAXINT : bps;
    else if (viewer->current == rung || viewer->next == rung)
      bps = bps == 0 ? viewer->bps : MIN (bps, viewer->bps);
  }
  g_mutex_unlock (&self->lock);
  return bps;
}

static void
renew_tick (EngineReturn *self)
{
  GPtrArray *tick = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *before = NULL;

  for (guint i = 0; i < self->views->len; i++) {
    const View *view = self->views->pdata[i];

    for (guint r = 0; r < ENGINE_RETURN_N_STEPS; r++) {
      if (engine_return_rung_is_running (view->rungs[r]))
        g_ptr_array_add (tick, g_object_ref (view->rungs[r]));
    }
  }
  g_atomic_int_set (&self->n_running, (gint) tick->len);
  engine_lock_take (&self->tick_lock);
  before = self->tick;
  self->tick = tick;
  engine_lock_give (&self->tick_lock);
  g_ptr_array_unref (before);
}

/* Whether a viewer sees it, or wants to. */
static gboolean
is_watched (EngineReturn *self, const View *view)
{
  gboolean watched = FALSE;

  for (guint i = 0; i < ENGINE_RETURN_N_STEPS; i++)
    watched |= get_wish (self, view->rungs[i]) > 0;
  return watched;
}

/* Encoder's thread. */
static gboolean
take (EngineReturnViewer *viewer, EngineReturnRung *rung, GstBuffer *frame)
{
  const gboolean is_key = !GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT);
  g_autoptr (GstBuffer) later = NULL;
  gboolean switched = FALSE;

  if (viewer->next == rung && is_key) {
    g_clear_object (&viewer->current);
    viewer->current = g_steal_pointer (&viewer->next);
    switched = TRUE;
  }
  if (viewer->current != rung)
    return switched;
  if (g_atomic_int_compare_and_exchange (&viewer->wants_keyframe, TRUE, FALSE) && !is_key)
    engine_return_rung_request_keyframe (rung, FALSE);
  /* One encoder may be a little behind another. */
  if ((gint64) GST_BUFFER_PTS (frame) <= viewer->last_ns) {
    later = gst_buffer_copy (frame);
    GST_BUFFER_PTS (later) = (GstClockTime) viewer->last_ns + GST_MSECOND;
    frame = later;
  }
  viewer->last_ns = (gint64) GST_BUFFER_PTS (frame);
  viewer->func (frame, viewer->user_data);
  return switched;
}

static void update (EngineReturn *self);

static gboolean
update_cb (gpointer data)
{
  EngineReturn *self = data;

  g_mutex_lock (&self->lock);
  self->update_pending = FALSE;
  g_mutex_unlock (&self->lock);
  update (self);
  return G_SOURCE_REMOVE;
}

/* Encoder's thread. */
static void
encoded_cb (EngineReturnRung *rung, GstBuffer *frame, gpointer user_data)
{
  EngineReturn *self = user_data;
  gboolean switched = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->viewers->len; i++)
    switched |= take (self->viewers->pdata[i], rung, frame);
  if (switched && !self->update_pending) {
    self->update_pending = TRUE;
    g_idle_add_full (G_PRIORITY_DEFAULT, update_cb, g_object_ref (self), g_object_unref);
  }
  g_mutex_unlock (&self->lock);
}

/* What somebody watches runs, as fast as the slowest of them can take it; all else does not. */
static void
update (EngineReturn *self)
{
  for (guint i = self->views->len; i > 0; i--) {
    View *view = self->views->pdata[i - 1];

    for (guint r = 0; r < ENGINE_RETURN_N_STEPS; r++) {
      const int bps = self->running ? get_wish (self, view->rungs[r]) : 0;

      if (bps == 0) {
        engine_return_rung_stop (view->rungs[r]);
        continue;
      }
      if (bps < G_MAXINT)
        engine_return_rung_set_bps (view->rungs[r], bps);
      engine_return_rung_start (view->rungs[r], encoded_cb, self);
    }
    if (!is_watched (self, view))
      g_ptr_array_remove_index (self->views, i - 1);
  }
  renew_tick (self);
}

/* Sends a viewer on the way to what they are to see. */
static void
lead (EngineReturnViewer *viewer)
{
  EngineReturn *self = viewer->owner;
  EngineReturnRung *rung = get_view (self, viewer->source)->rungs[viewer->step];
  gboolean is_new = FALSE;

  g_mutex_lock (&self->lock);
  is_new = viewer->current != rung && viewer->next != rung;
  g_clear_object (&viewer->next);
  if (viewer->current != rung)
    viewer->next = g_object_ref (rung);
  g_mutex_unlock (&self->lock);
  if (is_new)
    engine_return_rung_request_keyframe (rung, TRUE);
  update (self);
}

static void
engine_return_dispose (GObject *object)
{
  EngineReturn *self = ENGINE_RETURN (object);

  _engine_return_set_running (self, FALSE);
  G_OBJECT_CLASS (engine_return_parent_class)->dispose (object);
}

static void
engine_return_finalize (GObject *object)
{
  EngineReturn *self = ENGINE_RETURN (object);

  g_ptr_array_unref (self->tick);
  g_ptr_array_unref (self->viewers);
  g_ptr_array_unref (self->views);
  g_clear_object (&self->clock);
  engine_lock_clear (&self->tick_lock);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_return_parent_class)->finalize (object);
}

static void
engine_return_class_init (EngineReturnClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = engine_return_dispose;
  object_class->finalize = engine_return_finalize;
}

static void
engine_return_init (EngineReturn *self)
{
  g_mutex_init (&self->lock);
  engine_lock_init (&self->tick_lock);
  self->views = g_ptr_array_new_with_free_func (view_free);
  self->viewers = g_ptr_array_new_with_free_func (viewer_free);
  self->tick = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * _engine_return_new:
 * @clock: the show's clock
 * @program: the program's picture
 *
 * Returns: (transfer full): a return that nobody watches
 */
EngineReturn *
_engine_return_new (EngineClock *clock, const GstVideoInfo *program)
{
  EngineReturn *self = g_object_new (ENGINE_TYPE_RETURN, NULL);

  self->clock = g_object_ref (clock);
  self->program = *program;
  return self;
}

/* Viewers stay, whether the program runs or not. */
void
_engine_return_set_running (EngineReturn *self, gboolean running)
{
  g_return_if_fail (ENGINE_IS_RETURN (self));

  if (self->running == running)
    return;
  self->running = running;
  update (self);
}

/**
 * _engine_return_push_frame:
 * @self: a return
 * @frame: the frame of the program that was mixed just now
 *
 * The mixer's thread. Never waits.
 */
void
_engine_return_push_frame (EngineReturn *self, GstBuffer *frame)
{
  g_autoptr (GPtrArray) tick = NULL;

  if (g_atomic_int_get (&self->n_running) == 0)
    return;
  engine_lock_take (&self->tick_lock);
  tick = g_ptr_array_ref (self->tick);
  engine_lock_give (&self->tick_lock);
  for (guint i = 0; i < tick->len; i++)
    engine_return_rung_push (tick->pdata[i], frame);
}

/**
 * engine_return_add_viewer:
 * @self: a return
 * @func: (scope forever): gets what is to be seen: at first the program, in the middle size
 * @user_data: for @func
 *
 * Returns: (transfer none): a viewer, until engine_return_remove_viewer ()
 */
EngineReturnViewer *
engine_return_add_viewer (EngineReturn *self, EngineReturnFunc func, gpointer user_data)
{
  EngineReturnViewer *viewer = NULL;

  g_return_val_if_fail (ENGINE_IS_RETURN (self), NULL);

  viewer = g_new0 (EngineReturnViewer, 1);
  viewer->owner = self;
  viewer->func = func;
  viewer->user_data = user_data;
  viewer->bps = FIRST_BPS;
  viewer->step = ENGINE_RETURN_MIDDLE;
  viewer->last_ns = -1;
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->viewers, viewer);
  g_mutex_unlock (&self->lock);
  lead (viewer);
  return viewer;
}

/**
 * engine_return_remove_viewer:
 * @self: a return
 * @viewer: one of its viewers; gone afterwards
 *
 * Its function is not called any more once this has returned. Not from within the function.
 */
void
engine_return_remove_viewer (EngineReturn *self, EngineReturnViewer *viewer)
{
  g_return_if_fail (ENGINE_IS_RETURN (self));

  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->viewers, viewer);
  g_mutex_unlock (&self->lock);
  update (self);
}

/**
 * engine_return_viewer_set_bps:
 * @viewer: a viewer
 * @bps: what their line can take for the picture: this chooses its size, and nobody who watches the same
 *   size gets more
 */
void
engine_return_viewer_set_bps (EngineReturnViewer *viewer, int bps)
{
  g_return_if_fail (viewer != NULL);

  if (viewer->bps == bps)
    return;
  viewer->bps = MAX (1, bps);
  viewer->step = engine_return_rung_choose_again (viewer->step, bps);
  lead (viewer);
}

/**
 * engine_return_viewer_set_source:
 * @viewer: a viewer
 * @source: (nullable): what they see instead of the program, such as the camera in the room; `NULL`
 *   for the program
 */
void
engine_return_viewer_set_source (EngineReturnViewer *viewer, EngineSource *source)
{
  g_return_if_fail (viewer != NULL);

  if (g_set_object (&viewer->source, source))
    lead (viewer);
}

/**
 * engine_return_viewer_request_keyframe:
 * @viewer: a viewer
 *
 * Their picture is broken. They get one that is whole, at the most one a second. Any thread.
 */
void
engine_return_viewer_request_keyframe (EngineReturnViewer *viewer)
{
  g_return_if_fail (viewer != NULL);

  g_atomic_int_set (&viewer->wants_keyframe, TRUE);
}

/**
 * engine_return_viewer_get_size:
 * @viewer: a viewer
 * @size: (out): what they get, or will get as soon as it begins
 */
void
engine_return_viewer_get_size (EngineReturnViewer *viewer, EngineSize *size)
{
  g_return_if_fail (viewer != NULL);

  engine_return_rung_get_size (get_view (viewer->owner, viewer->source)->rungs[viewer->step], size);
}

/**
 * engine_return_get_n_encodes:
 * @self: a return
 *
 * Returns: how many encoders run for it
 */
guint
engine_return_get_n_encodes (EngineReturn *self)
{
  g_return_val_if_fail (ENGINE_IS_RETURN (self), 0);

  return (guint) g_atomic_int_get (&self->n_running);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-feed.h"

/* Keyframes are large: more often than this nobody gets one by asking. */
#define KEYFRAME_US G_USEC_PER_SEC

typedef struct {
  guint id;
  EngineFeedFunc func;
  gpointer user_data;
} Listener;

/**
 * EngineFeed:
 *
 * The encoded program, for everybody who wants it: encoded once, and each destination and the
 * recording gets a reference. Any thread.
 */
struct _EngineFeed {
  GObject parent_instance;

  GMutex lock; /* guards all below; held while listeners are called, so that one is never called
                * after it was removed */
  GArray *listeners; /* of Listener */
  guint last_id;

  gint64 keyframe_us; /* when one was last asked for; main thread only */
};

G_DEFINE_FINAL_TYPE (EngineFeed, engine_feed, G_TYPE_OBJECT)

static guint keyframe_wanted_signal;

static void
engine_feed_finalize (GObject *object)
{
  EngineFeed *self = ENGINE_FEED (object);

  g_array_unref (self->listeners);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_feed_parent_class)->finalize (object);
}

static void
engine_feed_class_init (EngineFeedClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = engine_feed_finalize;
  keyframe_wanted_signal = g_signal_new ("keyframe-wanted", ENGINE_TYPE_FEED, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
engine_feed_init (EngineFeed *self)
{
  g_mutex_init (&self->lock);
  self->listeners = g_array_new (FALSE, FALSE, sizeof (Listener));
}

EngineFeed *
engine_feed_new (void)
{
  return g_object_new (ENGINE_TYPE_FEED, NULL);
}

/**
 * engine_feed_push:
 * @self: a feed
 * @media: what it is
 * @buffer: one encoded picture or packet; PTS and DTS are show time
 * @caps: its format, with codec data
 */
void
engine_feed_push (EngineFeed *self, EngineMedia media, GstBuffer *buffer, GstCaps *caps)
{
  g_return_if_fail (ENGINE_IS_FEED (self));

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->listeners->len; i++) {
    const Listener *listener = &g_array_index (self->listeners, Listener, i);

    listener->func (media, buffer, caps, listener->user_data);
  }
  g_mutex_unlock (&self->lock);
}

/**
 * engine_feed_want_keyframe:
 * @self: a feed
 *
 * For who cannot wait for the next one: somebody who has just joined, or lost some. Once a second at
 * the most. Main thread.
 */
void
engine_feed_want_keyframe (EngineFeed *self)
{
  const gint64 now_us = g_get_monotonic_time ();

  g_return_if_fail (ENGINE_IS_FEED (self));

  if (self->keyframe_us != 0 && now_us - self->keyframe_us < KEYFRAME_US)
    return;
  self->keyframe_us = now_us;
  g_signal_emit (self, keyframe_wanted_signal, 0);
}

/**
 * engine_feed_add_listener:
 * @self: a feed
 * @func: (scope notified): called with everything that comes from now on
 * @user_data: must outlive the listener
 *
 * Returns: an id above 0
 */
guint
engine_feed_add_listener (EngineFeed *self, EngineFeedFunc func, gpointer user_data)
{
  Listener listener = { .func = func, .user_data = user_data };

  g_return_val_if_fail (ENGINE_IS_FEED (self), 0);

  g_mutex_lock (&self->lock);
  listener.id = ++self->last_id;
  g_array_append_val (self->listeners, listener);
  g_mutex_unlock (&self->lock);
  return listener.id;
}

/**
 * engine_feed_remove_listener:
 * @self: a feed
 * @id: what engine_feed_add_listener () returned
 *
 * When this returns the listener is not running, and never will again.
 */
void
engine_feed_remove_listener (EngineFeed *self, guint id)
{
  g_return_if_fail (ENGINE_IS_FEED (self));

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->listeners->len; i++) {
    if (g_array_index (self->listeners, Listener, i).id == id) {
      g_array_remove_index (self->listeners, i);
      break;
    }
  }
  g_mutex_unlock (&self->lock);
}

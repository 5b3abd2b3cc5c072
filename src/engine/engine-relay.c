/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-relay.h"

static EngineSide
other (EngineSide side)
{
  return side == ENGINE_SIDE_PROGRAM ? ENGINE_SIDE_BLIND : ENGINE_SIDE_PROGRAM;
}

/**
 * engine_relay_init:
 * @self: (out): a relay without coders
 * @feed: where to; must outlive it
 */
void
engine_relay_init (EngineRelay *self, EngineFeed *feed)
{
  *self = (EngineRelay){ 0 };
  g_mutex_init (&self->lock);
  engine_splice_init (&self->splice, ENGINE_MEDIA_VIDEO, feed);
}

void
engine_relay_clear (EngineRelay *self)
{
  engine_splice_clear (&self->splice);
  g_mutex_clear (&self->lock);
}

/* As at the beginning. */
void
engine_relay_reset (EngineRelay *self)
{
  g_mutex_lock (&self->lock);
  engine_splice_reset (&self->splice, ENGINE_SIDE_PROGRAM);
  self->sides[ENGINE_SIDE_PROGRAM] = self->sides[ENGINE_SIDE_BLIND] = NULL;
  g_mutex_unlock (&self->lock);
}

/* What @coder gives goes out from its first picture on. */
void
engine_relay_set_current (EngineRelay *self, EngineCoder *coder)
{
  g_mutex_lock (&self->lock);
  self->sides[self->splice.side] = coder;
  g_mutex_unlock (&self->lock);
}

/* What @coder gives will go out from the switch on. */
void
engine_relay_set_next (EngineRelay *self, EngineCoder *coder)
{
  g_mutex_lock (&self->lock);
  self->sides[other (self->splice.side)] = coder;
  g_mutex_unlock (&self->lock);
}

/**
 * engine_relay_switch:
 * @self: a relay with a next coder
 * @time_ns: the show time of that one's first picture
 */
void
engine_relay_switch (EngineRelay *self, gint64 time_ns)
{
  g_mutex_lock (&self->lock);
  if (self->splice.switch_ns < 0)
    engine_splice_switch (&self->splice, time_ns);
  g_mutex_unlock (&self->lock);
}

/* The current coder goes on. */
void
engine_relay_cancel (EngineRelay *self)
{
  g_mutex_lock (&self->lock);
  engine_splice_cancel (&self->splice);
  g_mutex_unlock (&self->lock);
}

/* Nobody waits for what @coder still has to say. */
void
engine_relay_forget (EngineRelay *self, EngineCoder *coder)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < ENGINE_N_SIDES; i++) {
    if (self->sides[i] == coder)
      self->sides[i] = NULL;
  }
  g_mutex_unlock (&self->lock);
}

gboolean
engine_relay_is_current (EngineRelay *self, EngineCoder *coder)
{
  gboolean current = FALSE;

  g_mutex_lock (&self->lock);
  current = self->sides[self->splice.side] == coder;
  g_mutex_unlock (&self->lock);
  return current;
}

/**
 * engine_relay_push:
 * @self: a relay
 * @coder: whose picture it is
 * @buffer: the picture; its PTS is show time
 * @caps: its format
 *
 * Coder's thread.
 *
 * Returns: whether the next coder has taken over with it
 */
gboolean
engine_relay_push (EngineRelay *self, EngineCoder *coder, GstBuffer *buffer, GstCaps *caps)
{
  gboolean completed = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < ENGINE_N_SIDES; i++) {
    if (self->sides[i] != coder)
      continue;
    completed = engine_splice_push (&self->splice, (EngineSide) i, buffer, caps);
    break;
  }
  g_mutex_unlock (&self->lock);
  return completed;
}

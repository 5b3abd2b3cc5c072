/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pthread.h>

/**
 * EngineLock:
 *
 * A lock that the mixer's thread waits for as well as others. Whoever holds it runs with the
 * priority of who waits: on a busy machine, a thread that is put aside with it in its hands would
 * hold up all sound. To be held for moments only.
 */
typedef pthread_mutex_t EngineLock;

static inline void
engine_lock_init (EngineLock *self)
{
  pthread_mutexattr_t attributes;

  pthread_mutexattr_init (&attributes);
  pthread_mutexattr_setprotocol (&attributes, PTHREAD_PRIO_INHERIT);
  pthread_mutex_init (self, &attributes);
  pthread_mutexattr_destroy (&attributes);
}

static inline void
engine_lock_clear (EngineLock *self)
{
  pthread_mutex_destroy (self);
}

static inline void
engine_lock_take (EngineLock *self)
{
  pthread_mutex_lock (self);
}

static inline void
engine_lock_give (EngineLock *self)
{
  pthread_mutex_unlock (self);
}

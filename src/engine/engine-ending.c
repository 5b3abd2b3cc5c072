/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-ending.h"

/* Work that a program which ends waits for, but not for ever: pipelines on their way out, files that
 * are being brought to the disk. Each of it is done in a thread that nobody joins, as it may hang.
 * Any thread. */
static GMutex lock;
static GCond cond;
static guint n_ending;

void
engine_ending_begin (void)
{
  g_mutex_lock (&lock);
  n_ending++;
  g_mutex_unlock (&lock);
}

void
engine_ending_done (void)
{
  g_mutex_lock (&lock);
  n_ending--;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&lock);
}

/**
 * engine_ending_wait:
 * @end_us: until when at the most, in monotonic time
 *
 * Waits until all of it has ended. For the end of the program only.
 */
void
engine_ending_wait (gint64 end_us)
{
  g_mutex_lock (&lock);
  while (n_ending > 0 && g_cond_wait_until (&cond, &lock, end_us))
    ;
  g_mutex_unlock (&lock);
}

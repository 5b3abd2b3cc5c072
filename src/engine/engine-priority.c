/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For SCHED_RESET_ON_FORK: children do not inherit it. */
#define _GNU_SOURCE
#include "config.h"

#include <gio/gio.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine-priority.h"

/* Above all that is not real time, below the sound server. */
#define REALTIME_PRIORITY 5

/* And where that is not to be had: before all that has asked for nothing. */
#define NICE (-11)

/* For what may be left out when there is much to do. */
#define LOW_NICE 15

/* RealtimeKit only helps a process that is stopped when it never waits for so long; the mixer waits a
 * hundred times a second. */
#define MAX_RUN_US     200000

#define KIT_NAME       "org.freedesktop.RealtimeKit1"
#define KIT_PATH       "/org/freedesktop/RealtimeKit1"
#define KIT_TIMEOUT_MS 5000

/* Whether it works or not, there is nothing else to be tried. */
static void
made_nice_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (answer == NULL)
    g_debug ("sound has no priority: %s", error->message);
}

static void
made_realtime_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  const guint64 thread = (guint64) GPOINTER_TO_INT (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (answer != NULL)
    return;
  g_debug ("sound does not run in real time: %s", error->message);
  g_dbus_connection_call (G_DBUS_CONNECTION (object), KIT_NAME, KIT_PATH, KIT_NAME,
                          "MakeThreadHighPriority", g_variant_new ("(ti)", thread, NICE), NULL,
                          G_DBUS_CALL_FLAGS_NONE, KIT_TIMEOUT_MS, NULL, made_nice_cb, NULL);
}

static void
got_bus_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  const guint64 thread = (guint64) GPOINTER_TO_INT (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  struct rlimit limit = { MAX_RUN_US, MAX_RUN_US };

  if (bus == NULL) {
    g_debug ("sound has no priority: %s", error->message);
    return;
  }
  setrlimit (RLIMIT_RTTIME, &limit);
  g_dbus_connection_call (bus, KIT_NAME, KIT_PATH, KIT_NAME, "MakeThreadRealtime",
                          g_variant_new ("(tu)", thread, REALTIME_PRIORITY), NULL,
                          G_DBUS_CALL_FLAGS_NONE, KIT_TIMEOUT_MS, NULL, made_realtime_cb,
                          user_data);
}

/* Main thread: whoever asks another process waits for it, which sound never does. */
static gboolean
ask_cb (gpointer data)
{
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, got_bus_cb, data);
  return G_SOURCE_REMOVE;
}

/**
 * engine_priority_raise:
 *
 * Asks for real-time priority for the thread that calls this, or at least for more than others have:
 * of the system itself, or else of RealtimeKit. Does not wait for the answer; where there is none, the
 * thread runs like any other. It must wait for something at least every 200 ms.
 */
void
engine_priority_raise (void)
{
  const struct sched_param parameter = { .sched_priority = REALTIME_PRIORITY };
  const pid_t thread = (pid_t) syscall (SYS_gettid);

  if (sched_setscheduler (0, SCHED_RR | SCHED_RESET_ON_FORK, &parameter) == 0)
    return;
  if (setpriority (PRIO_PROCESS, (id_t) thread, NICE) == 0)
    return;
  g_idle_add (ask_cb, GINT_TO_POINTER (thread));
}

/**
 * engine_priority_lower:
 *
 * Lets the thread that calls this run only when others leave it time.
 */
void
engine_priority_lower (void)
{
  engine_priority_lower_to (LOW_NICE);
}

/**
 * engine_priority_lower_to:
 * @nice: how much others come first, 0 to 19
 *
 * Lets others come before the thread that calls this.
 */
void
engine_priority_lower_to (int nice)
{
  if (setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), nice) != 0)
    g_debug ("a thread keeps its priority");
}

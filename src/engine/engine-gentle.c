/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-gentle.h"
#include "engine-priority.h"

/* For what may be left out when there is much to do. */
#define LOW_NICE                15

#define ENGINE_TYPE_GENTLE_POOL (engine_gentle_pool_get_type ())
G_DECLARE_FINAL_TYPE (EngineGentlePool, engine_gentle_pool, ENGINE, GENTLE_POOL, GstTaskPool)

/**
 * EngineGentlePool:
 *
 * Threads of low priority, each for one task: who has lowered a thread cannot raise it again, so it must
 * not be used for anything else afterwards.
 */
struct _EngineGentlePool {
  GstTaskPool parent_instance;

  int nice;
};

G_DEFINE_FINAL_TYPE (EngineGentlePool, engine_gentle_pool, GST_TYPE_TASK_POOL)

typedef struct {
  GstTaskPoolFunction func;
  gpointer data;
  int nice;
} Job;

static gpointer
run (gpointer data)
{
  g_autofree Job *job = data;

  /* Threads that an encoder makes for itself inherit it. */
  engine_priority_lower_to (job->nice);
  job->func (job->data);
  return NULL;
}

static void
engine_gentle_pool_prepare (GstTaskPool *pool, GError **error)
{
}

static void
engine_gentle_pool_cleanup (GstTaskPool *pool)
{
}

static gpointer
engine_gentle_pool_push (GstTaskPool *pool, GstTaskPoolFunction func, gpointer data, GError **error)
{
  Job *job = g_new0 (Job, 1);
  GThread *thread = NULL;

  job->func = func;
  job->data = data;
  job->nice = ENGINE_GENTLE_POOL (pool)->nice;
  thread = g_thread_try_new ("gentle", run, job, error);
  if (thread == NULL)
    g_free (job);
  return thread;
}

static void
engine_gentle_pool_join (GstTaskPool *pool, gpointer id)
{
  if (id != NULL)
    g_thread_join (id);
}

static void
engine_gentle_pool_dispose_handle (GstTaskPool *pool, gpointer id)
{
  g_thread_unref (id);
}

static void
engine_gentle_pool_class_init (EngineGentlePoolClass *klass)
{
  GstTaskPoolClass *pool_class = GST_TASK_POOL_CLASS (klass);

  pool_class->prepare = engine_gentle_pool_prepare;
  pool_class->cleanup = engine_gentle_pool_cleanup;
  pool_class->push = engine_gentle_pool_push;
  pool_class->join = engine_gentle_pool_join;
  pool_class->dispose_handle = engine_gentle_pool_dispose_handle;
}

static void
engine_gentle_pool_init (EngineGentlePool *self)
{
}

/* Whoever starts a streaming thread. */
static void
stream_status_cb (GstBus *bus, GstMessage *message, gpointer user_data)
{
  GstStreamStatusType type = GST_STREAM_STATUS_TYPE_CREATE;
  const GValue *value = gst_message_get_stream_status_object (message);
  g_autoptr (EngineGentlePool) pool = NULL;

  gst_message_parse_stream_status (message, &type, NULL);
  if (type != GST_STREAM_STATUS_TYPE_CREATE || value == NULL ||
      !G_VALUE_HOLDS (value, GST_TYPE_TASK))
    return;
  pool = gst_object_ref_sink (g_object_new (ENGINE_TYPE_GENTLE_POOL, NULL));
  pool->nice = GPOINTER_TO_INT (user_data);
  gst_task_set_pool (g_value_get_object (value), GST_TASK_POOL (pool));
}

/**
 * engine_gentle_apply:
 * @pipeline: a pipeline that was not started yet
 *
 * What runs in it runs only when others leave it time.
 */
void
engine_gentle_apply (EnginePipeline *pipeline)
{
  engine_gentle_apply_nice (pipeline, LOW_NICE);
}

/**
 * engine_gentle_apply_nice:
 * @pipeline: a pipeline that was not started yet
 * @nice: how much others come first, 0 to 19
 */
void
engine_gentle_apply_nice (EnginePipeline *pipeline, int nice)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (engine_pipeline_get_bin (pipeline));

  gst_bus_enable_sync_message_emission (bus);
  g_signal_connect (bus, "sync-message::stream-status", G_CALLBACK (stream_status_cb),
                    GINT_TO_POINTER (nice));
}

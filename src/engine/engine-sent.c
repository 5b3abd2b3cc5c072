/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-sent.h"
#include "engine-writer.h"

/* What waits to be looked at; what is too much is left out. */
#define MAX_QUEUE_MS 4000

/* A decoder that broke is made anew after so long. */
#define RETRY_MS 3000

/**
 * EngineSent:
 *
 * Remembers what destinations were given, pause cards and all, as it is encoded: what comes back from
 * them is compared with it. It costs next to nothing, and nothing while nobody holds it. Main thread
 * only.
 */
struct _EngineSent {
  GObject parent_instance;

  EngineClock *clock;
  EngineFeed *feed;
  guint n_holders;
  EngineGlimpse *glimpse;
  EnginePipeline *pipeline; /* nullable */
  EngineWriter *writer;     /* nullable */
  guint retry_id;
};

G_DEFINE_FINAL_TYPE (EngineSent, engine_sent, G_TYPE_OBJECT)

static void open_pipeline (EngineSent *self);

static void
close_pipeline (EngineSent *self)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->pipeline != NULL)
    g_signal_handlers_disconnect_by_data (self->pipeline, self);
  if (self->writer != NULL)
    engine_writer_stop (self->writer);
  if (self->pipeline != NULL)
    engine_pipeline_stop (self->pipeline);
  g_clear_object (&self->writer);
  g_clear_object (&self->pipeline);
}

static gboolean
retry_cb (gpointer data)
{
  EngineSent *self = data;

  self->retry_id = 0;
  open_pipeline (self);
  return G_SOURCE_REMOVE;
}

static void
failed_cb (EngineSent *self, const GError *error)
{
  g_debug ("what is sent cannot be looked at: %s", error->message);
  close_pipeline (self);
  self->retry_id = g_timeout_add (RETRY_MS, retry_cb, self);
}

static gboolean
build (EngineSent *self, GError **error)
{
  GstElement *bin = engine_pipeline_get_bin (self->pipeline);

  self->writer = engine_writer_new (self->feed, bin, MAX_QUEUE_MS, error);
  if (self->writer == NULL)
    return FALSE;
  for (guint i = 0; i < ENGINE_N_MEDIA; i++) {
    GstElement *decoder = engine_make (bin, "decodebin", NULL, error);

    if (decoder == NULL ||
        !engine_link (engine_writer_get_source (self->writer, (EngineMedia) i), decoder, error))
      return FALSE;
    engine_glimpse_watch (self->glimpse, decoder);
  }
  return TRUE;
}

static void
open_pipeline (EngineSent *self)
{
  g_autoptr (GError) error = NULL;

  /* What was remembered of before is not what a new pipeline would fit into. */
  g_clear_pointer (&self->glimpse, engine_glimpse_unref);
  self->glimpse = engine_glimpse_new (FALSE, NULL, NULL);
  self->pipeline = engine_pipeline_new (self->clock, "sent");
  if (!build (self, &error)) {
    failed_cb (self, error);
    return;
  }
  g_signal_connect_swapped (self->pipeline, "failed", G_CALLBACK (failed_cb), self);
  engine_pipeline_start (self->pipeline, FALSE);
  engine_writer_start (self->writer);
}

static void
engine_sent_dispose (GObject *object)
{
  EngineSent *self = ENGINE_SENT (object);

  close_pipeline (self);
  g_clear_object (&self->feed);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_sent_parent_class)->dispose (object);
}

static void
engine_sent_finalize (GObject *object)
{
  engine_glimpse_unref (ENGINE_SENT (object)->glimpse);
  G_OBJECT_CLASS (engine_sent_parent_class)->finalize (object);
}

static void
engine_sent_class_init (EngineSentClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_sent_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_sent_finalize;
}

static void
engine_sent_init (EngineSent *self)
{
  self->glimpse = engine_glimpse_new (FALSE, NULL, NULL);
}

/**
 * engine_sent_new:
 * @clock: the show's clock
 * @feed: what destinations get
 *
 * Returns: (transfer full): one that looks at nothing
 */
EngineSent *
engine_sent_new (EngineClock *clock, EngineFeed *feed)
{
  EngineSent *self = g_object_new (ENGINE_TYPE_SENT, NULL);

  self->clock = g_object_ref (clock);
  self->feed = g_object_ref (feed);
  return self;
}

/**
 * engine_sent_hold:
 * @self: what was sent
 *
 * Looks until each who held it has released it.
 */
void
engine_sent_hold (EngineSent *self)
{
  if (self->n_holders++ == 0)
    open_pipeline (self);
}

void
engine_sent_release (EngineSent *self)
{
  g_return_if_fail (self->n_holders > 0);

  if (--self->n_holders == 0)
    close_pipeline (self);
}

/**
 * engine_sent_get_glimpse:
 * @self: what was sent
 *
 * Returns: (transfer none): what there was to see and hear
 */
EngineGlimpse *
engine_sent_get_glimpse (EngineSent *self)
{
  return self->glimpse;
}

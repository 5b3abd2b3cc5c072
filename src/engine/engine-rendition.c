/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-rendition.h"

/**
 * EngineRendition:
 *
 * The program encoded once more, in another quality: for destinations that can take only less, or for
 * the recording. What is for the audience hides behind the pause's card as everything else does.
 *
 * Main thread, but for the two push functions, which belong to any one thread each.
 */
struct _EngineRendition {
  GObject parent_instance;

  EngineFeed *feed; /* nullable: what the encoder fills when that is not what goes out */
  EngineEncoder *encoder;
  EngineBlinder *blinder; /* nullable: it is not for the audience */
};

G_DEFINE_FINAL_TYPE (EngineRendition, engine_rendition, G_TYPE_OBJECT)

static void
engine_rendition_dispose (GObject *object)
{
  EngineRendition *self = ENGINE_RENDITION (object);

  if (self->encoder != NULL)
    engine_rendition_stop (self);
  g_clear_object (&self->blinder);
  g_clear_object (&self->encoder);
  g_clear_object (&self->feed);
  G_OBJECT_CLASS (engine_rendition_parent_class)->dispose (object);
}

static void
engine_rendition_class_init (EngineRenditionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_rendition_dispose;
}

static void
engine_rendition_init (EngineRendition *self)
{
}

/**
 * engine_rendition_new:
 * @clock: the show's clock
 * @format: what is to come out
 * @info: the program's picture, at least as large
 * @out: where it goes; must outlive it
 * @for_audience: whether a pause hides it
 *
 * Returns: (transfer full): a rendition that is not running
 */
EngineRendition *
engine_rendition_new (EngineClock *clock, const EngineFormat *format, const GstVideoInfo *info,
                      EngineFeed *out, gboolean for_audience)
{
  EngineRendition *self = g_object_new (ENGINE_TYPE_RENDITION, NULL);

  if (!for_audience) {
    self->encoder = engine_encoder_new (clock, out, format, info);
    return self;
  }
  self->feed = engine_feed_new ();
  self->encoder = engine_encoder_new (clock, self->feed, format, info);
  self->blinder = engine_blinder_new (clock, self->encoder, self->feed, out, format, info);
  return self;
}

EngineEncoder *
engine_rendition_get_encoder (EngineRendition *self)
{
  g_return_val_if_fail (ENGINE_IS_RENDITION (self), NULL);

  return self->encoder;
}

/**
 * engine_rendition_get_blinder:
 * @self: a rendition
 *
 * Returns: (transfer none) (nullable): what hides it in a pause
 */
EngineBlinder *
engine_rendition_get_blinder (EngineRendition *self)
{
  g_return_val_if_fail (ENGINE_IS_RENDITION (self), NULL);

  return self->blinder;
}

/**
 * engine_rendition_start:
 * @self: a rendition
 *
 * Fails with an `ENGINE_ERROR`.
 *
 * Returns: whether it is being encoded
 */
gboolean
engine_rendition_start (EngineRendition *self, GError **error)
{
  g_return_val_if_fail (ENGINE_IS_RENDITION (self), FALSE);

  if (self->blinder != NULL && !engine_blinder_start (self->blinder, error))
    return FALSE;
  if (engine_encoder_start (self->encoder, error))
    return TRUE;
  if (self->blinder != NULL)
    engine_blinder_stop (self->blinder);
  return FALSE;
}

void
engine_rendition_stop (EngineRendition *self)
{
  g_return_if_fail (ENGINE_IS_RENDITION (self));

  engine_encoder_stop (self->encoder);
  if (self->blinder != NULL)
    engine_blinder_stop (self->blinder);
}

/**
 * engine_rendition_push_frame:
 * @self: a rendition
 * @frame: a frame of the program, its PTS in show time
 *
 * Never blocks.
 *
 * Returns: whether it was taken, see engine_encoder_push_frame ()
 */
gboolean
engine_rendition_push_frame (EngineRendition *self, GstBuffer *frame)
{
  if (self->blinder != NULL)
    engine_blinder_push_frame (self->blinder, frame);
  return engine_encoder_push_frame (self->encoder, frame);
}

/* Never blocks. See engine_encoder_push_sound (). */
void
engine_rendition_push_sound (EngineRendition *self, const float *samples, guint n_frames,
                             gint64 time_ns)
{
  if (self->blinder != NULL)
    engine_blinder_push_sound (self->blinder, n_frames, time_ns);
  engine_encoder_push_sound (self->encoder, samples, n_frames, time_ns);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-remote.h"

/* A picture or a sound that has not come for so long has stopped. */
#define GONE_NS           (1500 * (gint64) GST_MSECOND)
#define WATCH_INTERVAL_MS 250

/**
 * EngineRemote:
 *
 * Feeds what somebody else brings: a guest. Whoever has the connection opens it, gets a bridge, and
 * leads decoded pictures and sound into that; here it is only watched whether they come. What counts is
 * what was decoded, never what a connection says of itself.
 *
 * It is open over stops and starts: those are the operator's, and the guest knows nothing of them.
 */
struct _EngineRemote {
  GObject parent_instance;

  const EngineSourceConfig *config; /* borrowed from the source, which outlives us */
  EngineClock *clock;
  EngineSlot *slot;
  EngineBridge *bridge; /* nullable: nobody is there */
  guint watch_id;
  gint64 past_picture_ns; /* of the bridge before this one, which it replaced; −1: none */
  gint64 past_sound_ns;
  gboolean has_picture; /* they come, or came until all was lost */
  gboolean has_sound;   /* it came */
  gboolean seen;        /* pictures come now */
  gboolean heard;       /* sound comes now */
  gboolean came;        /* something came since somebody was expected */
  GError *why;          /* nullable: it was closed for this reason */
  GError *stalled;      /* nullable: nothing comes any more, and nothing says why */
};

static void feeder_iface_init (EngineFeederInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EngineRemote, engine_remote, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ENGINE_TYPE_FEEDER, feeder_iface_init))

static gboolean
is_fresh (EngineRemote *self, gint64 arrival_ns)
{
  return arrival_ns >= 0 && engine_clock_get_now (self->clock) - arrival_ns <= GONE_NS;
}

/* Looks at what comes. Returns whether that is different from the last time. */
static gboolean
look (EngineRemote *self)
{
  const gboolean was_seen = self->seen, was_heard = self->heard;
  gint64 picture_ns = -1, sound_ns = -1;

  if (self->bridge != NULL) {
    picture_ns = engine_bridge_get_picture_arrival (self->bridge);
    sound_ns = engine_bridge_get_sound_arrival (self->bridge);
  }
  self->seen = is_fresh (self, MAX (picture_ns, self->past_picture_ns)) ||
               (self->config->stands_still && picture_ns >= 0);
  self->heard = is_fresh (self, MAX (sound_ns, self->past_sound_ns));
  /* Half of it is missing, not all: the card is for what is not seen. */
  if (was_seen && !self->seen)
    engine_slot_expire_picture (self->slot);
  if (self->bridge != NULL && (self->seen || self->heard)) {
    self->came = TRUE;
    self->has_picture = self->seen;
    self->has_sound |= self->heard;
    g_clear_error (&self->why);
  }
  return self->seen != was_seen || self->heard != was_heard;
}

static gboolean
watch_cb (gpointer data)
{
  EngineRemote *self = data;

  if (look (self))
    engine_feeder_changed (ENGINE_FEEDER (self));
  /* The last picture of who has left is watched until it is too old. */
  if (self->bridge != NULL || self->seen || self->heard)
    return G_SOURCE_CONTINUE;
  self->watch_id = 0;
  return G_SOURCE_REMOVE;
}

static void
arrived_cb (EngineBridge *bridge, EngineRemote *self)
{
  if (bridge == self->bridge)
    engine_feeder_changed (ENGINE_FEEDER (self));
}

/* What is pushed from now on comes to nothing. */
static void
let_go (EngineRemote *self)
{
  if (self->bridge == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->bridge, self);
  engine_bridge_close (self->bridge);
  self->past_picture_ns =
    MAX (self->past_picture_ns, engine_bridge_get_picture_arrival (self->bridge));
  self->past_sound_ns = MAX (self->past_sound_ns, engine_bridge_get_sound_arrival (self->bridge));
  g_clear_object (&self->bridge);
  engine_slot_set_still (self->slot, FALSE);
}

static void
remote_start (EngineFeeder *feeder)
{
}

static void
remote_stop (EngineFeeder *feeder)
{
}

static void
remote_report (EngineFeeder *feeder, EngineFeederReport *report)
{
  EngineRemote *self = ENGINE_REMOTE (feeder);

  look (self);
  report->has_picture = self->has_picture;
  report->has_sound = self->has_sound;
  if (self->bridge != NULL) {
    report->description = engine_bridge_describe_picture (self->bridge);
    report->frozen =
      self->seen && !self->config->stands_still && engine_bridge_is_frozen (self->bridge);
  }
  if (self->bridge != NULL && (self->seen || self->heard)) {
    report->state = ENGINE_SOURCE_STATE_LIVE;
  } else if (self->why != NULL) {
    report->state = ENGINE_SOURCE_STATE_LOST;
    report->error = self->why;
  } else if (self->came) {
    if (self->stalled == NULL)
      self->stalled = g_error_new (ENGINE_ERROR, ENGINE_ERROR_STALLED,
                                   "nothing comes from “%s” any more", self->config->title);
    report->state = ENGINE_SOURCE_STATE_LOST;
    report->error = self->stalled;
  } else {
    report->gone = TRUE;
  }
}

static void
feeder_iface_init (EngineFeederInterface *iface)
{
  iface->start = remote_start;
  iface->stop = remote_stop;
  iface->report = remote_report;
}

static void
engine_remote_dispose (GObject *object)
{
  EngineRemote *self = ENGINE_REMOTE (object);

  let_go (self);
  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_clear_object (&self->slot);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_remote_parent_class)->dispose (object);
}

static void
engine_remote_finalize (GObject *object)
{
  g_clear_error (&ENGINE_REMOTE (object)->why);
  g_clear_error (&ENGINE_REMOTE (object)->stalled);
  G_OBJECT_CLASS (engine_remote_parent_class)->finalize (object);
}

static void
engine_remote_class_init (EngineRemoteClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_remote_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_remote_finalize;
}

static void
engine_remote_init (EngineRemote *self)
{
  self->past_picture_ns = self->past_sound_ns = -1;
}

/**
 * engine_remote_new:
 * @config: the source; must outlive the feeder
 * @clock: the show's clock
 * @slot: where pictures and sound go
 *
 * Returns: (transfer full): a feeder that nobody feeds yet
 */
EngineFeeder *
engine_remote_new (const EngineSourceConfig *config, EngineClock *clock, EngineSlot *slot)
{
  EngineRemote *self = g_object_new (ENGINE_TYPE_REMOTE, NULL);

  self->config = config;
  self->clock = g_object_ref (clock);
  self->slot = g_object_ref (slot);
  return ENGINE_FEEDER (self);
}

/**
 * engine_remote_open:
 * @self: a remote
 * @delay_ms: from the stamp of what comes to the mix
 *
 * See engine_source_open_remote ().
 *
 * Returns: (transfer full): where what comes is to be led
 */
EngineBridge *
engine_remote_open (EngineRemote *self, int delay_ms)
{
  g_return_val_if_fail (ENGINE_IS_REMOTE (self), NULL);

  /* The last picture of the one before stays, and what is fresh of it counts: who only reloads their
   * page was never away. */
  let_go (self);
  self->bridge = engine_bridge_new (self->clock, self->slot);
  engine_bridge_reset (self->bridge, ENGINE_TIMING_CLOCKED, MAX (delay_ms, self->config->delay_ms));
  engine_bridge_distrust (self->bridge);
  engine_slot_move_sound (self->slot);
  engine_slot_set_still (self->slot, self->config->stands_still);
  g_signal_connect (self->bridge, "arrived", G_CALLBACK (arrived_cb), self);
  if (self->watch_id == 0)
    self->watch_id = g_timeout_add (WATCH_INTERVAL_MS, watch_cb, self);
  engine_feeder_changed (ENGINE_FEEDER (self));
  return g_object_ref (self->bridge);
}

/**
 * engine_remote_close:
 * @self: a remote
 * @bridge: what was opened
 * @why: (nullable): what has happened
 *
 * See engine_source_close_remote ().
 */
void
engine_remote_close (EngineRemote *self, EngineBridge *bridge, const GError *why)
{
  g_return_if_fail (ENGINE_IS_REMOTE (self));

  if (bridge == NULL || bridge != self->bridge)
    return;
  let_go (self);
  common_set_error (&self->why, why);
  if (why == NULL) {
    /* A face that stays after its good-bye would be wrong. */
    engine_slot_expire_picture (self->slot);
    self->past_picture_ns = self->past_sound_ns = -1;
    self->seen = self->heard = self->came = self->has_picture = FALSE;
  }
  engine_feeder_changed (ENGINE_FEEDER (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-address.h"
#include "engine-audience-private.h"
#include "engine-pipeline.h"

/* Segments have to be made, and brought there, before anybody can load them. */
#define FIRST_TRY_MS 4000
#define RETRY_MS     4000

/* Until then it is opening, and not gone. */
#define PATIENCE_MS 40000

/* A connection that brings nothing for so long is given up. */
#define MUTE_MS 25000

/* Pictures that are decoded are some seconds apart, sound is not. */
#define STALLED_MS 8000
#define HUNG_MS    12000

/* One that stands still for so long is connected anew. */
#define REOPEN_MS 30000

/* The same picture, or silence, for so long is none of ours, if ours was not like that. */
#define STILL_MS       10000
#define SILENT_MS      8000
#define SENT_QUIET_MS  3000
#define SENT_WINDOW_MS 40000

/* A delay that was not found again for so long is not known any more. */
#define DELAY_LIFE_MS 60000

/* How often the delay is looked for, in seconds. */
#define DELAY_INTERVAL 3

G_DEFINE_ENUM_TYPE (EngineAudienceState, engine_audience_state,
                    G_DEFINE_ENUM_VALUE (ENGINE_AUDIENCE_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (ENGINE_AUDIENCE_OPENING, "opening"),
                    G_DEFINE_ENUM_VALUE (ENGINE_AUDIENCE_SEEN, "seen"),
                    G_DEFINE_ENUM_VALUE (ENGINE_AUDIENCE_FROZEN, "frozen"),
                    G_DEFINE_ENUM_VALUE (ENGINE_AUDIENCE_SILENT, "silent"),
                    G_DEFINE_ENUM_VALUE (ENGINE_AUDIENCE_GONE, "gone"))

/**
 * EngineAudience:
 *
 * One of the audience: plays a destination's public stream, very small, and says what it sees there,
 * and how late. Whatever comes in stays in a pipeline of its own. Main thread only.
 */
struct _EngineAudience {
  GObject parent_instance;

  char *id;
  char *uri;
  EngineClock *clock;
  EngineSent *sent;

  EngineAudienceState state;
  GError *error; /* nullable */
  int delay_ms;
  gint64 delay_found_ms;
  EngineFrame *frame; /* nullable */

  gint64 started_ms;
  gint64 opened_ms;
  gboolean came; /* something was seen or heard since it was started */
  guint tick_id;
  guint n_ticks;
  guint open_id;
  EnginePipeline *pipeline; /* nullable */
  EngineGlimpse *glimpse;   /* nullable */
};

G_DEFINE_FINAL_TYPE (EngineAudience, engine_audience, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_STATE,
  PROP_ERROR,
  PROP_DELAY_MS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint frame_signal;

static gboolean open_cb (gpointer data);

static gint64
get_now_ms (void)
{
  return g_get_monotonic_time () / 1000;
}

static void
set_state (EngineAudience *self, EngineAudienceState state, const GError *error)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (self->state != state) {
    self->state = state;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  }
  if (common_set_error (&self->error, error))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_delay (EngineAudience *self, int delay_ms)
{
  if (self->delay_ms == delay_ms)
    return;
  self->delay_ms = delay_ms;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DELAY_MS]);
}

static void
frame_cb (gpointer owner)
{
  EngineAudience *self = owner;
  EngineFrame *frame = engine_glimpse_take_frame (self->glimpse);

  if (frame == NULL)
    return;
  g_clear_pointer (&self->frame, engine_frame_unref);
  self->frame = frame;
  g_signal_emit (self, frame_signal, 0);
}

static void
close_pipeline (EngineAudience *self)
{
  g_clear_handle_id (&self->open_id, g_source_remove);
  if (self->pipeline != NULL) {
    g_signal_handlers_disconnect_by_data (self->pipeline, self);
    engine_pipeline_stop (self->pipeline);
  }
  g_clear_object (&self->pipeline);
  if (self->glimpse != NULL)
    engine_glimpse_detach (self->glimpse);
  g_clear_pointer (&self->glimpse, engine_glimpse_unref);
}

static void
fail (EngineAudience *self, const GError *reason)
{
  g_autofree char *message = engine_address_hide_secrets (self->uri, reason->message);
  g_autoptr (GError) error = g_error_new_literal (reason->domain, reason->code, message);

  close_pipeline (self);
  self->open_id = g_timeout_add (RETRY_MS, open_cb, self);
  if (self->came || get_now_ms () - self->started_ms > PATIENCE_MS)
    set_state (self, ENGINE_AUDIENCE_GONE, error);
}

static void
failed_cb (EngineAudience *self, const GError *error)
{
  fail (self, error);
}

static void
eos_cb (EngineAudience *self)
{
  g_autoptr (GError) error =
    g_error_new (ENGINE_ERROR, ENGINE_ERROR_STREAM, "the stream has ended there");

  fail (self, error);
}

/* What is sent as it is made is looked at as it comes; of the rest players keep some seconds. */
static gboolean
is_paced (const char *uri)
{
  static const char *const live[] = { "rtmp", "rtmps", "srt", NULL };

  return !engine_address_has_scheme (uri, live);
}

static gboolean
open_cb (gpointer data)
{
  EngineAudience *self = data;
  g_autoptr (GError) error = NULL;
  GstElement *decoder = NULL;

  self->open_id = 0;
  self->pipeline = engine_pipeline_new (self->clock, "audience");
  decoder = engine_make (engine_pipeline_get_bin (self->pipeline), "uridecodebin", NULL, &error);
  if (decoder == NULL) {
    fail (self, error);
    return G_SOURCE_REMOVE;
  }
  g_object_set (decoder, "uri", self->uri, NULL);
  self->glimpse = engine_glimpse_new (is_paced (self->uri), frame_cb, self);
  engine_glimpse_watch (self->glimpse, decoder);
  g_signal_connect_swapped (self->pipeline, "failed", G_CALLBACK (failed_cb), self);
  g_signal_connect_swapped (self->pipeline, "eos", G_CALLBACK (eos_cb), self);
  self->opened_ms = get_now_ms ();
  engine_pipeline_start (self->pipeline, FALSE);
  return G_SOURCE_REMOVE;
}

/* What was sent, when what is there now was: as far as the delay is known. */
static void
find_window (EngineAudience *self, gint64 now_ms, guint length_ms, gint64 *from_ms, gint64 *to_ms)
{
  if (self->delay_ms >= 0) {
    *to_ms = now_ms - self->delay_ms;
    *from_ms = *to_ms - length_ms;
  } else {
    *to_ms = now_ms;
    *from_ms = MAX (now_ms - SENT_WINDOW_MS, self->started_ms + FIRST_TRY_MS);
  }
}

static gboolean
is_silent (EngineAudience *self, gint64 now_ms)
{
  gint64 from_ms = 0, to_ms = 0, quiet_ms = 0;

  if (now_ms - self->opened_ms < 2 * SILENT_MS)
    return FALSE;
  quiet_ms = engine_echo_get_longest_quiet_ms (engine_glimpse_lock (self->glimpse),
                                               now_ms - SILENT_MS, now_ms);
  engine_glimpse_unlock (self->glimpse);
  if (quiet_ms < SILENT_MS - ENGINE_ECHO_BIN_MS)
    return FALSE;
  find_window (self, now_ms, SILENT_MS, &from_ms, &to_ms);
  quiet_ms =
    engine_echo_get_longest_quiet_ms (engine_glimpse_lock (engine_sent_get_glimpse (self->sent)),
                                      from_ms, to_ms);
  engine_glimpse_unlock (engine_sent_get_glimpse (self->sent));
  return quiet_ms < SENT_QUIET_MS;
}

static gboolean
is_still (EngineAudience *self, gint64 now_ms)
{
  gint64 from_ms = 0, to_ms = 0;
  guint still_ms = engine_echo_get_still_ms (engine_glimpse_lock (self->glimpse), now_ms);
  gboolean moves = FALSE;

  engine_glimpse_unlock (self->glimpse);
  if (still_ms < STILL_MS)
    return FALSE;
  find_window (self, now_ms, STILL_MS, &from_ms, &to_ms);
  moves = engine_echo_moves_throughout (engine_glimpse_lock (engine_sent_get_glimpse (self->sent)),
                                        from_ms, to_ms);
  engine_glimpse_unlock (engine_sent_get_glimpse (self->sent));
  return moves;
}

/* Sound tells soonest; a stream without any is judged by its pictures. */
static gboolean
is_stalled (const EngineGlimpseNews *news, gint64 now_ms)
{
  const gint64 newest_ms = MAX (news->picture_ms, news->sound_ms);

  return now_ms - newest_ms >= (news->sound_ms >= 0 ? STALLED_MS : HUNG_MS) ||
         (news->picture_ms >= 0 && now_ms - news->picture_ms >= HUNG_MS);
}

static void
look_for_delay (EngineAudience *self, gint64 now_ms)
{
  EngineGlimpse *sent = engine_sent_get_glimpse (self->sent);
  const EngineEcho *back = engine_glimpse_lock (self->glimpse);
  const int delay_ms = engine_echo_find_delay (engine_glimpse_lock (sent), back, now_ms);

  engine_glimpse_unlock (sent);
  engine_glimpse_unlock (self->glimpse);
  if (delay_ms >= 0) {
    self->delay_found_ms = now_ms;
    set_delay (self, delay_ms);
  } else if (now_ms - self->delay_found_ms > DELAY_LIFE_MS) {
    set_delay (self, -1);
  }
}

static void
judge (EngineAudience *self, const EngineGlimpseNews *news, gint64 now_ms)
{
  if (is_stalled (news, now_ms)) {
    const gint64 idle_ms = now_ms - MAX (news->picture_ms, news->sound_ms);

    set_state (self, ENGINE_AUDIENCE_FROZEN, NULL);
    set_delay (self, -1);
    if (idle_ms > REOPEN_MS) {
      close_pipeline (self);
      self->open_id = g_timeout_add (RETRY_MS, open_cb, self);
    }
    return;
  }
  self->came = TRUE;
  if (self->n_ticks % DELAY_INTERVAL == 0)
    look_for_delay (self, now_ms);
  if (is_still (self, now_ms))
    set_state (self, ENGINE_AUDIENCE_FROZEN, NULL);
  else if (is_silent (self, now_ms))
    set_state (self, ENGINE_AUDIENCE_SILENT, NULL);
  else
    set_state (self, ENGINE_AUDIENCE_SEEN, NULL);
}

static gboolean
tick_cb (gpointer data)
{
  EngineAudience *self = data;
  const gint64 now_ms = get_now_ms ();
  EngineGlimpseNews news = { -1, -1 };

  self->n_ticks++;
  if (self->state == ENGINE_AUDIENCE_GONE || now_ms - self->delay_found_ms > DELAY_LIFE_MS)
    set_delay (self, -1);
  if (self->glimpse == NULL)
    return G_SOURCE_CONTINUE;
  engine_glimpse_get_news (self->glimpse, &news);
  if (news.picture_ms >= 0 || news.sound_ms >= 0) {
    judge (self, &news, now_ms);
  } else if (now_ms - self->opened_ms > MUTE_MS) {
    g_autoptr (GError) error =
      g_error_new (ENGINE_ERROR, ENGINE_ERROR_STALLED, "nothing comes from there");

    fail (self, error);
  }
  return G_SOURCE_CONTINUE;
}

/**
 * engine_audience_start:
 * @self: an audience
 *
 * Looks from some seconds on, when there may be something to see.
 */
void
engine_audience_start (EngineAudience *self)
{
  g_return_if_fail (ENGINE_IS_AUDIENCE (self));

  if (self->state != ENGINE_AUDIENCE_OFF)
    return;
  self->started_ms = get_now_ms ();
  self->came = FALSE;
  self->n_ticks = 0;
  engine_sent_hold (self->sent);
  self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
  self->open_id = g_timeout_add (FIRST_TRY_MS, open_cb, self);
  set_state (self, ENGINE_AUDIENCE_OPENING, NULL);
}

void
engine_audience_stop (EngineAudience *self)
{
  g_return_if_fail (ENGINE_IS_AUDIENCE (self));

  if (self->state == ENGINE_AUDIENCE_OFF)
    return;
  g_clear_handle_id (&self->tick_id, g_source_remove);
  close_pipeline (self);
  engine_sent_release (self->sent);
  g_clear_pointer (&self->frame, engine_frame_unref);
  set_delay (self, -1);
  set_state (self, ENGINE_AUDIENCE_OFF, NULL);
  g_signal_emit (self, frame_signal, 0);
}

static void
engine_audience_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EngineAudience *self = ENGINE_AUDIENCE (object);

  switch (id) {
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  case PROP_DELAY_MS:
    g_value_set_int (value, self->delay_ms);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_audience_dispose (GObject *object)
{
  EngineAudience *self = ENGINE_AUDIENCE (object);

  engine_audience_stop (self);
  g_clear_object (&self->sent);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_audience_parent_class)->dispose (object);
}

static void
engine_audience_finalize (GObject *object)
{
  EngineAudience *self = ENGINE_AUDIENCE (object);

  g_free (self->id);
  g_free (self->uri);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (engine_audience_parent_class)->finalize (object);
}

static void
engine_audience_class_init (EngineAudienceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = engine_audience_get_property;
  object_class->dispose = engine_audience_dispose;
  object_class->finalize = engine_audience_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, ro);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, ENGINE_TYPE_AUDIENCE_STATE, ENGINE_AUDIENCE_OFF, ro);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro);
  properties[PROP_DELAY_MS] = g_param_spec_int ("delay-ms", NULL, NULL, -1, G_MAXINT, -1, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  frame_signal = g_signal_new ("frame", ENGINE_TYPE_AUDIENCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
engine_audience_init (EngineAudience *self)
{
  self->delay_ms = -1;
}

/**
 * _engine_audience_new:
 * @id: the destination's
 * @uri: where the audience sees it
 * @clock: the show's clock
 * @sent: what destinations get
 *
 * Returns: (transfer full): an audience that does not look
 */
EngineAudience *
_engine_audience_new (const char *id, const char *uri, EngineClock *clock, EngineSent *sent)
{
  EngineAudience *self = g_object_new (ENGINE_TYPE_AUDIENCE, NULL);

  self->id = g_strdup (id);
  self->uri = g_strdup (uri);
  self->clock = g_object_ref (clock);
  self->sent = g_object_ref (sent);
  return self;
}

const char *
engine_audience_get_id (EngineAudience *self)
{
  g_return_val_if_fail (ENGINE_IS_AUDIENCE (self), NULL);

  return self->id;
}

EngineAudienceState
engine_audience_get_state (EngineAudience *self)
{
  g_return_val_if_fail (ENGINE_IS_AUDIENCE (self), ENGINE_AUDIENCE_OFF);

  return self->state;
}

/**
 * engine_audience_get_error:
 * @self: an audience
 *
 * Returns: (transfer none) (nullable): why it is gone, without anything secret
 */
const GError *
engine_audience_get_error (EngineAudience *self)
{
  g_return_val_if_fail (ENGINE_IS_AUDIENCE (self), NULL);

  return self->error;
}

/**
 * engine_audience_get_delay_ms:
 * @self: an audience
 *
 * Returns: how much later than here the show is seen there; −1 while that is not known, as when
 *   nothing moves or sounds
 */
int
engine_audience_get_delay_ms (EngineAudience *self)
{
  g_return_val_if_fail (ENGINE_IS_AUDIENCE (self), -1);

  return self->delay_ms;
}

/**
 * engine_audience_get_frame:
 * @self: an audience
 *
 * Returns: (transfer none) (nullable): the newest picture
 */
EngineFrame *
engine_audience_get_frame (EngineAudience *self)
{
  g_return_val_if_fail (ENGINE_IS_AUDIENCE (self), NULL);

  return self->frame;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine-source-run.h"

#define MIN_VOLUME_DB (-60.0)
#define MAX_VOLUME_DB 12.0

/**
 * EngineSource:
 *
 * One camera, screen, file or guest that the director can put on air.
 *
 * What it shows to the outside is what the operator sees; a feeder is behind it, which leads into its
 * slot of the mix and finds what was lost again by itself. All its calls belong to the main thread.
 */
G_DEFINE_FINAL_TYPE (EngineSource, engine_source, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_TITLE,
  PROP_STATE,
  PROP_ERROR,
  PROP_DESCRIPTION,
  PROP_HAS_PICTURE,
  PROP_HAS_SOUND,
  PROP_VOLUME_DB,
  PROP_MUTED,
  PROP_ON_AIR,
  PROP_NEXT,
  PROP_FROZEN,
  PROP_LEFT_MS,
  PROP_PAGE,
  PROP_N_PAGES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  SIGNAL_LEVELS,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

EngineSlot *
_engine_source_get_slot (EngineSource *self)
{
  return self->slot;
}

void
_engine_source_tell_levels (EngineSource *self)
{
  double left_db = 0, right_db = 0;

  engine_audio_mixer_get_levels (self->mixer, self->slot, &left_db, &right_db);
  if (left_db == self->peak_db[0] && right_db == self->peak_db[1])
    return;
  self->peak_db[0] = left_db;
  self->peak_db[1] = right_db;
  g_signal_emit (self, signals[SIGNAL_LEVELS], 0);
}

static void
engine_source_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EngineSource *self = ENGINE_SOURCE (object);

  switch (id) {
  case PROP_ID:
    g_value_set_string (value, self->config.id);
    break;
  case PROP_TITLE:
    g_value_set_string (value, self->config.title);
    break;
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  case PROP_DESCRIPTION:
    g_value_set_string (value, self->description);
    break;
  case PROP_HAS_PICTURE:
    g_value_set_boolean (value, self->has_picture);
    break;
  case PROP_HAS_SOUND:
    g_value_set_boolean (value, self->has_sound);
    break;
  case PROP_VOLUME_DB:
    g_value_set_double (value, self->volume_db);
    break;
  case PROP_MUTED:
    g_value_set_boolean (value, self->muted);
    break;
  case PROP_ON_AIR:
    g_value_set_boolean (value, self->on_air);
    break;
  case PROP_NEXT:
    g_value_set_boolean (value, self->next);
    break;
  case PROP_FROZEN:
    g_value_set_boolean (value, self->frozen);
    break;
  case PROP_LEFT_MS:
    g_value_set_int64 (value, self->left_ms);
    break;
  case PROP_PAGE:
    g_value_set_uint (value, self->page);
    break;
  case PROP_N_PAGES:
    g_value_set_uint (value, self->n_pages);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_source_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EngineSource *self = ENGINE_SOURCE (object);

  switch (id) {
  case PROP_VOLUME_DB:
    engine_source_set_volume_db (self, g_value_get_double (value));
    break;
  case PROP_MUTED:
    engine_source_set_muted (self, g_value_get_boolean (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_source_dispose (GObject *object)
{
  EngineSource *self = ENGINE_SOURCE (object);

  _engine_source_stop (self);
  _engine_source_drop_feeder (self);
  g_clear_object (&self->slot);
  g_clear_object (&self->mixer);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_source_parent_class)->dispose (object);
}

static void
engine_source_finalize (GObject *object)
{
  EngineSource *self = ENGINE_SOURCE (object);

  engine_source_config_clear (&self->config);
  g_free (self->description);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (engine_source_parent_class)->finalize (object);
}

static void
engine_source_class_init (EngineSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = engine_source_get_property;
  object_class->set_property = engine_source_set_property;
  object_class->dispose = engine_source_dispose;
  object_class->finalize = engine_source_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, ro);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, ro);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, ENGINE_TYPE_SOURCE_STATE, ENGINE_SOURCE_STATE_OFF, ro);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro);
  properties[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, "", ro);
  properties[PROP_HAS_PICTURE] = g_param_spec_boolean ("has-picture", NULL, NULL, FALSE, ro);
  properties[PROP_HAS_SOUND] = g_param_spec_boolean ("has-sound", NULL, NULL, FALSE, ro);
  properties[PROP_VOLUME_DB] =
    g_param_spec_double ("volume-db", NULL, NULL, MIN_VOLUME_DB, MAX_VOLUME_DB, 0, rw);
  properties[PROP_MUTED] = g_param_spec_boolean ("muted", NULL, NULL, FALSE, rw);
  properties[PROP_ON_AIR] = g_param_spec_boolean ("on-air", NULL, NULL, FALSE, ro);
  properties[PROP_NEXT] = g_param_spec_boolean ("next", NULL, NULL, FALSE, ro);
  properties[PROP_FROZEN] = g_param_spec_boolean ("frozen", NULL, NULL, FALSE, ro);
  properties[PROP_LEFT_MS] = g_param_spec_int64 ("left-ms", NULL, NULL, -1, G_MAXINT64, -1, ro);
  properties[PROP_PAGE] = g_param_spec_uint ("page", NULL, NULL, 0, G_MAXUINT, 0, ro);
  properties[PROP_N_PAGES] = g_param_spec_uint ("n-pages", NULL, NULL, 0, G_MAXUINT, 0, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_LEVELS] = g_signal_new ("levels", ENGINE_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", ENGINE_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

static void
engine_source_init (EngineSource *self)
{
  self->description = g_strdup ("");
  self->left_ms = -1;
  self->peak_db[0] = self->peak_db[1] = -120;
}

EngineSource *
_engine_source_new (const EngineSourceConfig *config, EngineClock *clock,
                    const EngineFormat *format, EngineAudioMixer *mixer)
{
  EngineSource *self = g_object_new (ENGINE_TYPE_SOURCE, NULL);

  engine_source_config_copy (&self->config, config);
  self->format = *format;
  self->clock = g_object_ref (clock);
  self->mixer = g_object_ref (mixer);
  self->slot = engine_slot_new (format->rate_fps);
  engine_audio_mixer_add_slot (mixer, self->slot);
  _engine_source_make_feeder (self);
  engine_source_set_volume_db (self, config->volume_db);
  engine_source_set_muted (self, config->muted);
  return self;
}

const char *
engine_source_get_id (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), NULL);

  return self->config.id;
}

const char *
engine_source_get_title (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), NULL);

  return self->config.title;
}

EngineSourceState
engine_source_get_state (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), ENGINE_SOURCE_STATE_OFF);

  return self->state;
}

/**
 * engine_source_get_error:
 * @self: a source
 *
 * Returns: (transfer none) (nullable): why it is lost or failed; for a camera that is live, why its
 *   microphone is not
 */
const GError *
engine_source_get_error (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), NULL);

  return self->error;
}

const char *
engine_source_get_description (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), NULL);

  return self->description;
}

gboolean
engine_source_get_has_picture (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), FALSE);

  return self->has_picture;
}

gboolean
engine_source_get_has_sound (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), FALSE);

  return self->has_sound;
}

double
engine_source_get_volume_db (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), 0);

  return self->volume_db;
}

/* The end of the fader is silence. */
static void
apply_gain (EngineSource *self)
{
  const gboolean silent = self->muted || self->volume_db <= MIN_VOLUME_DB;

  engine_audio_mixer_set_gain (self->mixer, self->slot,
                               silent ? 0 : pow (10, self->volume_db / 20));
}

/**
 * engine_source_set_volume_db:
 * @self: a source
 * @volume_db: −60 (silence) to 12
 */
void
engine_source_set_volume_db (EngineSource *self, double volume_db)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  volume_db = isnan (volume_db) ? 0 : CLAMP (volume_db, MIN_VOLUME_DB, MAX_VOLUME_DB);
  if (self->volume_db == volume_db)
    return;
  self->volume_db = volume_db;
  apply_gain (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VOLUME_DB]);
}

gboolean
engine_source_get_muted (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), FALSE);

  return self->muted;
}

void
engine_source_set_muted (EngineSource *self, gboolean muted)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  if (self->muted == !!muted)
    return;
  self->muted = !!muted;
  apply_gain (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MUTED]);
}

gboolean
engine_source_get_on_air (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), FALSE);

  return self->on_air;
}

/**
 * engine_source_set_tally:
 * @self: a source
 * @on_air: it is seen in the program
 * @next: it is seen in the next shot
 */
void
engine_source_set_tally (EngineSource *self, gboolean on_air, gboolean next)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  if (self->on_air != on_air && self->state != ENGINE_SOURCE_STATE_OFF)
    engine_feeder_set_on_air (self->feeder, on_air);
  _engine_source_set_boolean (self, &self->on_air, on_air, "on-air");
  _engine_source_set_boolean (self, &self->next, next, "next");
}

/**
 * engine_source_turn:
 * @self: a source, of slides; others ignore it
 * @n_pages: how many pages forward, or back if negative; it goes no further than the first and last
 */
void
engine_source_turn (EngineSource *self, int n_pages)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  if (self->state != ENGINE_SOURCE_STATE_OFF)
    engine_feeder_turn (self->feeder, n_pages);
}

/**
 * engine_source_play:
 * @self: a source: a film is played from its beginning, whether it is on air or not; a screen is
 *   asked for again; others ignore it
 */
void
engine_source_play (EngineSource *self)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  if (self->state != ENGINE_SOURCE_STATE_OFF)
    engine_feeder_play (self->feeder);
}

/**
 * engine_source_stop:
 * @self: a source: a film goes back to its beginning and waits there; others ignore it
 */
void
engine_source_stop (EngineSource *self)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  if (self->state != ENGINE_SOURCE_STATE_OFF)
    engine_feeder_halt (self->feeder);
}

gboolean
engine_source_get_frozen (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), FALSE);

  return self->frozen;
}

gint64
engine_source_get_left_ms (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), -1);

  return self->left_ms;
}

guint
engine_source_get_page (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), 0);

  return self->page;
}

guint
engine_source_get_n_pages (EngineSource *self)
{
  g_return_val_if_fail (ENGINE_IS_SOURCE (self), 0);

  return self->n_pages;
}

/**
 * engine_source_get_levels:
 * @self: a source
 * @peak_left_db: (out): the highest sample of the last 50 ms, after fader and mute, in dBFS; −120
 *   for silence
 * @peak_right_db: (out): the same for the right channel
 */
void
engine_source_get_levels (EngineSource *self, double *peak_left_db, double *peak_right_db)
{
  g_return_if_fail (ENGINE_IS_SOURCE (self));

  *peak_left_db = self->peak_db[0];
  *peak_right_db = self->peak_db[1];
}

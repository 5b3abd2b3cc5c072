/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-source-run.h"

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
  PROP_SOLO,
  PROP_CLIPPED,
  PROP_SOUND_SETTINGS,
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

const EngineSourceConfig *
_engine_source_get_config (EngineSource *self)
{
  return &self->config;
}

EngineSlot *
_engine_source_get_slot (EngineSource *self)
{
  return self->slot;
}

EngineSound *
_engine_source_get_sound (EngineSource *self)
{
  return self->sound;
}

void
_engine_source_tell_levels (EngineSource *self)
{
  if (engine_sound_update_levels (self->sound))
    g_signal_emit (self, signals[SIGNAL_LEVELS], 0);
}

static void
sound_notify_cb (EngineSound *sound, GParamSpec *pspec, gpointer user_data)
{
  g_object_notify (user_data, pspec->name);
}

/* What only some kinds of sources have. */
static void
get_fed_property (EngineSource *self, guint id, GValue *value)
{
  if (id == PROP_FROZEN)
    g_value_set_boolean (value, self->frozen);
  else if (id == PROP_LEFT_MS)
    g_value_set_int64 (value, self->left_ms);
  else
    g_value_set_uint (value, id == PROP_PAGE ? self->page : self->n_pages);
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
  case PROP_MUTED:
  case PROP_SOLO:
  case PROP_CLIPPED:
  case PROP_SOUND_SETTINGS:
    g_object_get_property (G_OBJECT (self->sound), pspec->name, value);
    break;
  case PROP_ON_AIR:
    g_value_set_boolean (value, self->on_air);
    break;
  case PROP_NEXT:
    g_value_set_boolean (value, self->next);
    break;
  case PROP_FROZEN:
  case PROP_LEFT_MS:
  case PROP_PAGE:
  case PROP_N_PAGES:
    get_fed_property (self, id, value);
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
  case PROP_MUTED:
  case PROP_SOLO:
    g_object_set_property (G_OBJECT (self->sound), pspec->name, value);
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
  g_clear_object (&self->sound);
  g_clear_object (&self->slot);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_source_parent_class)->dispose (object);
}

static void
engine_source_finalize (GObject *object)
{
  EngineSource *self = ENGINE_SOURCE (object);

  engine_source_config_clear (&self->config);
  g_free (self->description);
  g_free (self->drawn);
  g_free (self->expecting);
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
  properties[PROP_VOLUME_DB] = g_param_spec_double ("volume-db", NULL, NULL, ENGINE_MIN_VOLUME_DB,
                                                    ENGINE_MAX_VOLUME_DB, 0, rw);
  properties[PROP_MUTED] = g_param_spec_boolean ("muted", NULL, NULL, FALSE, rw);
  properties[PROP_SOLO] = g_param_spec_boolean ("solo", NULL, NULL, FALSE, rw);
  properties[PROP_CLIPPED] = g_param_spec_boolean ("clipped", NULL, NULL, FALSE, ro);
  properties[PROP_SOUND_SETTINGS] = g_param_spec_pointer ("sound-settings", NULL, NULL, ro);
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
}

EngineSource *
_engine_source_new (const EngineSourceConfig *config, EngineClock *clock,
                    const EngineFormat *format, EngineAudioMixer *mixer)
{
  EngineSource *self = g_object_new (ENGINE_TYPE_SOURCE, NULL);

  engine_source_config_copy (&self->config, config);
  self->format = *format;
  self->clock = g_object_ref (clock);
  self->slot = engine_slot_new (format->rate_fps);
  engine_slot_set_picture_settings (self->slot, &config->picture_settings);
  self->sound = engine_sound_new (mixer, self->slot, config);
  g_signal_connect_object (self->sound, "notify", G_CALLBACK (sound_notify_cb), self, 0);
  _engine_source_make_feeder (self);
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
 * @self: a source: a film is played from its beginning, whether it is on air or not; a screen that is
 *   not shown, or a camera that may not be used, is asked for again; others ignore it
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

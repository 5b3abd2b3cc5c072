/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "engine-sound.h"

#define MAX_DELAY_MS 1000

/* Sound that is taken out of the mix fades away first. */
#define FADE_OUT_MS 60

/**
 * EngineSound:
 *
 * The sound of a source, as the operator sees it: fader, switches, and what the meter shows. Behind
 * it is an input of the mixer, which goes when it goes. Main thread only.
 */
struct _EngineSound {
  GObject parent_instance;

  EngineAudioMixer *mixer;
  EngineSlot *slot;
  double volume_db;
  gboolean muted;
  gboolean solo;
  EngineSoundSettings settings;
  EngineLevels levels;
  gboolean left;
};

G_DEFINE_FINAL_TYPE (EngineSound, engine_sound, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_VOLUME_DB,
  PROP_MUTED,
  PROP_SOLO,
  PROP_CLIPPED,
  PROP_SOUND_SETTINGS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
engine_sound_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EngineSound *self = ENGINE_SOUND (object);

  switch (id) {
  case PROP_VOLUME_DB:
    g_value_set_double (value, self->volume_db);
    break;
  case PROP_MUTED:
    g_value_set_boolean (value, self->muted);
    break;
  case PROP_SOLO:
    g_value_set_boolean (value, self->solo);
    break;
  case PROP_CLIPPED:
    g_value_set_boolean (value, self->levels.clipped);
    break;
  case PROP_SOUND_SETTINGS:
    g_value_set_pointer (value, &self->settings);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_sound_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EngineSound *self = ENGINE_SOUND (object);

  switch (id) {
  case PROP_VOLUME_DB:
    engine_sound_set_volume_db (self, g_value_get_double (value));
    break;
  case PROP_MUTED:
    engine_sound_set_muted (self, g_value_get_boolean (value));
    break;
  case PROP_SOLO:
    engine_sound_set_solo (self, g_value_get_boolean (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_sound_dispose (GObject *object)
{
  EngineSound *self = ENGINE_SOUND (object);

  if (self->mixer != NULL && !self->left)
    engine_audio_mixer_remove_slot (self->mixer, self->slot);
  g_clear_object (&self->mixer);
  g_clear_object (&self->slot);
  G_OBJECT_CLASS (engine_sound_parent_class)->dispose (object);
}

static void
engine_sound_class_init (EngineSoundClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = engine_sound_get_property;
  object_class->set_property = engine_sound_set_property;
  object_class->dispose = engine_sound_dispose;

  properties[PROP_VOLUME_DB] = g_param_spec_double ("volume-db", NULL, NULL, ENGINE_MIN_VOLUME_DB,
                                                    ENGINE_MAX_VOLUME_DB, 0, rw);
  properties[PROP_MUTED] = g_param_spec_boolean ("muted", NULL, NULL, FALSE, rw);
  properties[PROP_SOLO] = g_param_spec_boolean ("solo", NULL, NULL, FALSE, rw);
  properties[PROP_CLIPPED] = g_param_spec_boolean ("clipped", NULL, NULL, FALSE, ro);
  properties[PROP_SOUND_SETTINGS] = g_param_spec_pointer ("sound-settings", NULL, NULL, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
engine_sound_init (EngineSound *self)
{
  self->levels = ENGINE_LEVELS_SILENCE;
}

/**
 * engine_sound_new:
 * @mixer: the mixer
 * @slot: where the source's sound comes from
 * @config: how it begins
 *
 * Returns: (transfer full): the sound; @slot is in the mix until it goes
 */
EngineSound *
engine_sound_new (EngineAudioMixer *mixer, EngineSlot *slot, const EngineSourceConfig *config)
{
  EngineSound *self = g_object_new (ENGINE_TYPE_SOUND, NULL);

  self->mixer = g_object_ref (mixer);
  self->slot = g_object_ref (slot);
  engine_audio_mixer_add_slot (mixer, slot);
  engine_sound_set_volume_db (self, config->volume_db);
  engine_sound_set_muted (self, config->muted);
  engine_sound_set_settings (self, &config->sound_settings);
  return self;
}

/* The end of the fader is silence. */
static void
apply_gain (EngineSound *self)
{
  const gboolean silent = self->muted || self->volume_db <= ENGINE_MIN_VOLUME_DB;

  engine_audio_mixer_set_gain (self->mixer, self->slot,
                               silent ? 0 : pow (10, self->volume_db / 20));
}

double
engine_sound_get_volume_db (EngineSound *self)
{
  g_return_val_if_fail (ENGINE_IS_SOUND (self), 0);

  return self->volume_db;
}

void
engine_sound_set_volume_db (EngineSound *self, double volume_db)
{
  g_return_if_fail (ENGINE_IS_SOUND (self));

  volume_db = isnan (volume_db) ? 0 : CLAMP (volume_db, ENGINE_MIN_VOLUME_DB, ENGINE_MAX_VOLUME_DB);
  if (self->volume_db == volume_db)
    return;
  self->volume_db = volume_db;
  apply_gain (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VOLUME_DB]);
}

gboolean
engine_sound_get_muted (EngineSound *self)
{
  g_return_val_if_fail (ENGINE_IS_SOUND (self), FALSE);

  return self->muted;
}

void
engine_sound_set_muted (EngineSound *self, gboolean muted)
{
  g_return_if_fail (ENGINE_IS_SOUND (self));

  if (self->muted == !!muted)
    return;
  self->muted = !!muted;
  apply_gain (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MUTED]);
}

gboolean
engine_sound_get_solo (EngineSound *self)
{
  g_return_val_if_fail (ENGINE_IS_SOUND (self), FALSE);

  return self->solo;
}

void
engine_sound_set_solo (EngineSound *self, gboolean solo)
{
  g_return_if_fail (ENGINE_IS_SOUND (self));

  if (self->solo == !!solo)
    return;
  self->solo = !!solo;
  engine_audio_mixer_set_solo (self->mixer, self->slot, self->solo);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SOLO]);
}

const EngineSoundSettings *
engine_sound_get_settings (EngineSound *self)
{
  g_return_val_if_fail (ENGINE_IS_SOUND (self), NULL);

  return &self->settings;
}

static gboolean
are_equal (const EngineSoundSettings *a, const EngineSoundSettings *b)
{
  return a->follows == b->follows && a->pan == b->pan && a->delay_ms == b->delay_ms &&
         a->low_cut == b->low_cut && a->channels == b->channels &&
         a->noise_suppression == b->noise_suppression && a->gain_control == b->gain_control &&
         a->compressor == b->compressor;
}

/**
 * engine_sound_set_settings:
 * @self: the sound of a source
 * @settings: what is wanted; what is out of its range is brought into it
 */
void
engine_sound_set_settings (EngineSound *self, const EngineSoundSettings *settings)
{
  const EngineSoundSettings wanted = {
    .follows = settings->follows,
    .pan = isnan (settings->pan) ? 0 : CLAMP (settings->pan, -1, 1),
    .delay_ms = CLAMP (settings->delay_ms, -MAX_DELAY_MS, MAX_DELAY_MS),
    .low_cut = !!settings->low_cut,
    .noise_suppression = !!settings->noise_suppression,
    .gain_control = !!settings->gain_control,
    .compressor = !!settings->compressor,
    .channels = settings->channels,
  };

  g_return_if_fail (ENGINE_IS_SOUND (self));

  if (are_equal (&self->settings, &wanted))
    return;
  self->settings = wanted;
  engine_audio_mixer_set_settings (self->mixer, self->slot, &wanted);
  engine_slot_set_sound_lead (self->slot, -wanted.delay_ms);
  engine_cleaner_set (engine_slot_get_cleaner (self->slot), wanted.noise_suppression,
                      wanted.gain_control);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SOUND_SETTINGS]);
}

const EngineLevels *
engine_sound_get_levels (EngineSound *self)
{
  g_return_val_if_fail (ENGINE_IS_SOUND (self), NULL);

  return &self->levels;
}

/* Asks the mixer for what the meter is to show. Returns whether it moved. */
gboolean
engine_sound_update_levels (EngineSound *self)
{
  EngineLevels levels = ENGINE_LEVELS_SILENCE;

  g_return_val_if_fail (ENGINE_IS_SOUND (self), FALSE);

  const gboolean was_clipped = self->levels.clipped;
  engine_audio_mixer_get_levels (self->mixer, self->slot, &levels);
  const gboolean moved =
    memcmp (levels.peak_db, self->levels.peak_db, sizeof levels.peak_db) != 0 ||
    memcmp (levels.held_db, self->levels.held_db, sizeof levels.held_db) != 0 ||
    memcmp (levels.input_db, self->levels.input_db, sizeof levels.input_db) != 0;
  self->levels = levels;
  if (levels.clipped != was_clipped)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIPPED]);
  return moved;
}

void
engine_sound_clear_clipped (EngineSound *self)
{
  g_return_if_fail (ENGINE_IS_SOUND (self));

  engine_audio_mixer_clear_clipped (self->mixer, self->slot);
  if (!self->levels.clipped)
    return;
  self->levels.clipped = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIPPED]);
}

typedef struct {
  EngineAudioMixer *mixer;
  EngineSlot *slot;
} FadeOut;

static void
fade_out_free (gpointer data)
{
  FadeOut *fade = data;

  g_object_unref (fade->mixer);
  g_object_unref (fade->slot);
  g_free (fade);
}

static gboolean
left_cb (gpointer data)
{
  FadeOut *fade = data;

  engine_audio_mixer_remove_slot (fade->mixer, fade->slot);
  return G_SOURCE_REMOVE;
}

/**
 * engine_sound_leave:
 * @self: a sound, for the last time
 *
 * It fades out of the mix and is then gone from there, even if @self goes before.
 */
void
engine_sound_leave (EngineSound *self)
{
  FadeOut *fade = NULL;

  g_return_if_fail (ENGINE_IS_SOUND (self));
  g_return_if_fail (!self->left);

  self->left = TRUE;
  engine_audio_mixer_set_gain (self->mixer, self->slot, 0);
  fade = g_new0 (FadeOut, 1);
  fade->mixer = g_object_ref (self->mixer);
  fade->slot = g_object_ref (self->slot);
  g_timeout_add_full (G_PRIORITY_DEFAULT, FADE_OUT_MS, left_cb, fade, fade_out_free);
}

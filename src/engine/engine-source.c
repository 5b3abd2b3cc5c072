/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <math.h>

#include "common-util.h"
#include "engine-devices.h"
#include "engine-intake.h"
#include "engine-lost-card.h"
#include "engine-source-private.h"
#include "engine-still.h"

#define WATCH_INTERVAL_MS 500

/* A source that has not come by then shows its card meanwhile. */
#define CARD_AFTER_MS 400

#define MIN_VOLUME_DB (-60.0)
#define MAX_VOLUME_DB 12.0

/**
 * EngineSource:
 *
 * One camera, screen, file or guest that the director can put on air.
 *
 * What it shows to the outside is what the operator sees; its pipelines are behind it, one for each
 * thing that can fail by itself, and lead into its slot of the mix. It finds what it lost again by
 * itself. All its calls belong to the main thread.
 */
struct _EngineSource {
  GObject parent_instance;

  char *description;
  EngineSourceState state;
  GError *error; /* nullable */
  gboolean has_picture;
  gboolean has_sound;
  double volume_db;
  gboolean muted;
  gboolean on_air;
  gboolean next;
  double peak_db[ENGINE_N_CHANNELS];

  EngineSourceConfig config; /* its strings are owned */
  EngineFormat format;
  EngineClock *clock;
  EngineAudioMixer *mixer;
  EngineSlot *slot;
  EngineIntake *intakes[ENGINE_N_PARTS]; /* of a still: not started */
  guint watch_id;
  guint update_id;
  guint card_id;
  gboolean has_card;
  GCancellable *cancellable; /* of loading a still */
  gulong devices_changed_id;
};

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
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint levels_signal;

/* The card is drawn when it may be needed for the first time, which for most sources is never: the
 * last picture stays for two seconds, and a source that comes soon needs none. */
static void
need_card (EngineSource *self)
{
  const EngineSize size = { self->format.width_px, self->format.height_px };

  g_clear_handle_id (&self->card_id, g_source_remove);
  if (self->has_card)
    return;
  self->has_card = TRUE;
  engine_lost_card_draw (self->slot, self->config.title, self->config.lost_sentence, size);
}

static gboolean
card_cb (gpointer data)
{
  EngineSource *self = data;

  self->card_id = 0;
  if (self->state != ENGINE_SOURCE_STATE_LIVE)
    need_card (self);
  return G_SOURCE_REMOVE;
}

static void
set_state (EngineSource *self, EngineSourceState state, const GError *error)
{
  if (state == ENGINE_SOURCE_STATE_LOST || state == ENGINE_SOURCE_STATE_FAILED)
    need_card (self);
  if (self->state != state) {
    self->state = state;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  }
  if (common_set_error (&self->error, error))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static void
set_boolean (EngineSource *self, gboolean *field, gboolean value, guint property)
{
  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* The state follows what comes in, and of the errors the main part's counts first. */
static void
update_state (EngineSource *self)
{
  EngineIntake *main = self->intakes[ENGINE_PART_MAIN];
  EngineIntake *sound = self->intakes[ENGINE_PART_SOUND];
  const gboolean alive = engine_intake_watch (main);
  const GError *error = engine_intake_get_error (main);

  if (engine_intake_is_wanted (sound))
    engine_intake_watch (sound);
  if (alive) {
    set_state (self, ENGINE_SOURCE_STATE_LIVE, engine_intake_get_error (sound));
  } else if (error != NULL) {
    const gboolean hopeless = g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT) ||
                              g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED);

    set_state (self, hopeless ? ENGINE_SOURCE_STATE_FAILED : ENGINE_SOURCE_STATE_LOST, error);
  } else if (self->state == ENGINE_SOURCE_STATE_LIVE) {
    g_autoptr (GError) stalled =
      g_error_new (ENGINE_ERROR, ENGINE_ERROR_STALLED, "nothing comes from “%s” any more",
                   self->config.title);

    set_state (self, ENGINE_SOURCE_STATE_LOST, stalled);
  }
}

static gboolean
update_cb (gpointer data)
{
  EngineSource *self = data;

  self->update_id = 0;
  update_state (self);
  return G_SOURCE_REMOVE;
}

/* Something came for the first time, or failed: what there is to see and hear is known now. */
static void
intake_changed_cb (EngineIntake *intake, gpointer user_data)
{
  EngineSource *self = user_data;
  EngineBridge *bridge = engine_intake_get_bridge (intake);

  if (self->state == ENGINE_SOURCE_STATE_OFF)
    return;
  if (engine_bridge_get_picture_arrival (bridge) >= 0) {
    g_autofree char *description = engine_bridge_describe_picture (bridge);

    set_boolean (self, &self->has_picture, TRUE, PROP_HAS_PICTURE);
    if (common_set_string (&self->description, description))
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DESCRIPTION]);
  }
  if (engine_bridge_get_sound_arrival (bridge) >= 0)
    set_boolean (self, &self->has_sound, TRUE, PROP_HAS_SOUND);
  /* Not from within the intake: what it says next may restart it. */
  if (self->update_id == 0)
    self->update_id = g_idle_add (update_cb, self);
}

static gboolean
watch_cb (gpointer data)
{
  update_state (data);
  return G_SOURCE_CONTINUE;
}

static void
devices_changed_cb (EngineDevices *devices, gpointer user_data)
{
  EngineSource *self = user_data;

  for (guint i = 0; i < ENGINE_N_PARTS; i++)
    engine_intake_devices_changed (self->intakes[i]);
}

static void
still_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EngineSource) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (EnginePicture) picture = engine_still_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (picture == NULL) {
    set_state (self, ENGINE_SOURCE_STATE_FAILED, error);
    return;
  }
  engine_slot_set_still (self->slot, TRUE);
  engine_slot_push_picture (self->slot, picture->buffer, &picture->info,
                            engine_clock_get_now (self->clock));
  set_boolean (self, &self->has_picture, TRUE, PROP_HAS_PICTURE);
  set_state (self, ENGINE_SOURCE_STATE_LIVE, NULL);
}

static void
start_still (EngineSource *self)
{
  const EngineSize limit = { self->format.width_px, self->format.height_px };

  self->cancellable = g_cancellable_new ();
  engine_still_load_async (self->config.picture, limit, self->cancellable, still_loaded_cb,
                           g_object_ref (self));
}

void
_engine_source_start (EngineSource *self)
{
  if (self->state != ENGINE_SOURCE_STATE_OFF)
    return;

  set_state (self, ENGINE_SOURCE_STATE_STARTING, NULL);
  self->card_id = g_timeout_add (CARD_AFTER_MS, card_cb, self);
  if (self->config.kind == ENGINE_SOURCE_STILL) {
    start_still (self);
    return;
  }
  if (self->config.kind == ENGINE_SOURCE_CAMERA)
    self->devices_changed_id = g_signal_connect (engine_devices_get_default (), "changed",
                                                 G_CALLBACK (devices_changed_cb), self);
  engine_intake_start (self->intakes[ENGINE_PART_MAIN]);
  if (self->config.kind == ENGINE_SOURCE_CAMERA && g_strcmp0 (self->config.sound, "none") != 0)
    engine_intake_start (self->intakes[ENGINE_PART_SOUND]);
  self->watch_id = g_timeout_add (WATCH_INTERVAL_MS, watch_cb, self);
}

void
_engine_source_stop (EngineSource *self)
{
  if (self->devices_changed_id != 0)
    g_clear_signal_handler (&self->devices_changed_id, engine_devices_get_default ());
  g_clear_handle_id (&self->watch_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_handle_id (&self->card_id, g_source_remove);
  for (guint i = 0; i < ENGINE_N_PARTS; i++) {
    if (self->intakes[i] != NULL)
      engine_intake_stop (self->intakes[i]);
  }
  set_state (self, ENGINE_SOURCE_STATE_OFF, NULL);
}

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
  g_signal_emit (self, levels_signal, 0);
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
  for (guint i = 0; i < ENGINE_N_PARTS; i++) {
    if (self->intakes[i] != NULL)
      engine_bridge_set_peer (engine_intake_get_bridge (self->intakes[i]), NULL);
  }
  for (guint i = 0; i < ENGINE_N_PARTS; i++)
    g_clear_object (&self->intakes[i]);
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
  g_object_class_install_properties (object_class, N_PROPS, properties);

  levels_signal = g_signal_new ("levels", ENGINE_TYPE_SOURCE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
engine_source_init (EngineSource *self)
{
  self->description = g_strdup ("");
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
  for (guint i = 0; i < ENGINE_N_PARTS; i++) {
    self->intakes[i] = engine_intake_new (&self->config, (EnginePart) i, clock, self->slot, format);
    g_signal_connect_object (self->intakes[i], "changed", G_CALLBACK (intake_changed_cb), self, 0);
  }
  if (config->kind == ENGINE_SOURCE_CAMERA) {
    EngineBridge *picture = engine_intake_get_bridge (self->intakes[ENGINE_PART_MAIN]);
    EngineBridge *sound = engine_intake_get_bridge (self->intakes[ENGINE_PART_SOUND]);

    engine_bridge_set_peer (picture, sound);
    engine_bridge_set_peer (sound, picture);
  }
  self->has_sound = config->kind == ENGINE_SOURCE_CAMERA && g_strcmp0 (config->sound, "none") != 0;
  self->has_picture = config->kind != ENGINE_SOURCE_URI;
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

  set_boolean (self, &self->on_air, on_air, PROP_ON_AIR);
  set_boolean (self, &self->next, next, PROP_NEXT);
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

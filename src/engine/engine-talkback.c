/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-devices.h"
#include "engine-intake.h"
#include "engine-talkback.h"

#define WATCH_INTERVAL_MS 500

/* Who has talked may want to talk again, and a microphone takes its time to open. */
#define KEEP_S 60

/* From the microphone to the ears nothing waits for a picture. */
#define DELAY_MS 50

/**
 * EngineTalkback:
 *
 * The operator's microphone, for the ears of chosen guests: it reaches the buses that it is set to, and
 * the program never. It is opened when somebody is talked to for the first time, and closed a while
 * after the last; nothing of it is heard or kept in between.
 *
 * Main thread only.
 */
struct _EngineTalkback {
  GObject parent_instance;

  EngineClock *clock;
  EngineFormat format;
  EngineSlot *slot;          /* what the microphone leads into; not in the mix */
  EngineSourceConfig config; /* of the intake; borrows the device */
  char *device;              /* nullable: off */
  EngineIntake *intake;      /* nullable: closed */
  GPtrArray *buses;          /* of EngineBus: who hears it now */
  EngineTalkbackState state;
  GError *error; /* nullable */
  guint watch_id;
  guint close_id;
  gulong devices_changed_id;
};

G_DEFINE_ENUM_TYPE (EngineTalkbackState, engine_talkback_state,
                    G_DEFINE_ENUM_VALUE (ENGINE_TALKBACK_STATE_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (ENGINE_TALKBACK_STATE_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (ENGINE_TALKBACK_STATE_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (ENGINE_TALKBACK_STATE_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (ENGINE_TALKBACK_STATE_LOST, "lost"))

G_DEFINE_FINAL_TYPE (EngineTalkback, engine_talkback, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_DEVICE,
  PROP_STATE,
  PROP_ERROR,
  PROP_TALKING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_state (EngineTalkback *self, EngineTalkbackState state, const GError *error)
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
look (EngineTalkback *self)
{
  const GError *error = NULL;

  if (engine_intake_watch (self->intake)) {
    set_state (self, ENGINE_TALKBACK_STATE_LIVE, NULL);
    return;
  }
  error = engine_intake_get_error (self->intake);
  if (error != NULL)
    set_state (self, ENGINE_TALKBACK_STATE_LOST, error);
  else if (self->state != ENGINE_TALKBACK_STATE_LOST)
    set_state (self, ENGINE_TALKBACK_STATE_STARTING, NULL);
}

static gboolean
watch_cb (gpointer data)
{
  look (data);
  return G_SOURCE_CONTINUE;
}

static void
changed_cb (EngineTalkback *self)
{
  look (self);
}

static void
devices_changed_cb (EngineDevices *devices, gpointer user_data)
{
  EngineTalkback *self = user_data;

  engine_intake_devices_changed (self->intake);
}

static void
close_microphone (EngineTalkback *self)
{
  g_clear_handle_id (&self->close_id, g_source_remove);
  g_clear_handle_id (&self->watch_id, g_source_remove);
  if (self->devices_changed_id != 0)
    g_clear_signal_handler (&self->devices_changed_id, engine_devices_get_default ());
  if (self->intake == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->intake, self);
  engine_intake_stop (self->intake);
  g_clear_object (&self->intake);
  engine_slot_clear (self->slot);
}

static void
open_microphone (EngineTalkback *self)
{
  g_clear_handle_id (&self->close_id, g_source_remove);
  if (self->intake != NULL || self->device == NULL)
    return;
  self->config.sound = self->device;
  self->intake =
    engine_intake_new (&self->config, ENGINE_PART_SOUND, self->clock, self->slot, &self->format);
  g_signal_connect_object (self->intake, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  self->devices_changed_id = g_signal_connect (engine_devices_get_default (), "changed",
                                               G_CALLBACK (devices_changed_cb), self);
  self->watch_id = g_timeout_add (WATCH_INTERVAL_MS, watch_cb, self);
  set_state (self, ENGINE_TALKBACK_STATE_STARTING, NULL);
  engine_intake_start (self->intake);
}

static gboolean
close_cb (gpointer data)
{
  EngineTalkback *self = data;

  self->close_id = 0;
  close_microphone (self);
  set_state (self, ENGINE_TALKBACK_STATE_READY, NULL);
  return G_SOURCE_REMOVE;
}

static void
engine_talkback_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EngineTalkback *self = ENGINE_TALKBACK (object);

  switch (id) {
  case PROP_DEVICE:
    g_value_set_string (value, self->device);
    break;
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_ERROR:
    g_value_set_boxed (value, self->error);
    break;
  case PROP_TALKING:
    g_value_set_boolean (value, self->buses->len > 0);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_talkback_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  EngineTalkback *self = ENGINE_TALKBACK (object);

  switch (id) {
  case PROP_DEVICE:
    engine_talkback_set_device (self, g_value_get_string (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_talkback_dispose (GObject *object)
{
  EngineTalkback *self = ENGINE_TALKBACK (object);

  engine_talkback_stop (self);
  g_clear_object (&self->slot);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (engine_talkback_parent_class)->dispose (object);
}

static void
engine_talkback_finalize (GObject *object)
{
  EngineTalkback *self = ENGINE_TALKBACK (object);

  g_ptr_array_unref (self->buses);
  g_clear_error (&self->error);
  g_free (self->device);
  G_OBJECT_CLASS (engine_talkback_parent_class)->finalize (object);
}

static void
engine_talkback_class_init (EngineTalkbackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = engine_talkback_get_property;
  object_class->set_property = engine_talkback_set_property;
  object_class->dispose = engine_talkback_dispose;
  object_class->finalize = engine_talkback_finalize;

  properties[PROP_DEVICE] = g_param_spec_string ("device", NULL, NULL, NULL, rw);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, ENGINE_TYPE_TALKBACK_STATE,
                                              ENGINE_TALKBACK_STATE_OFF, ro);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, ro);
  properties[PROP_TALKING] = g_param_spec_boolean ("talking", NULL, NULL, FALSE, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
engine_talkback_init (EngineTalkback *self)
{
  self->buses = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * engine_talkback_new:
 * @clock: the show's clock
 * @format: the program's
 *
 * Returns: (transfer full): a talkback without a microphone
 */
EngineTalkback *
engine_talkback_new (EngineClock *clock, const EngineFormat *format)
{
  EngineTalkback *self = g_object_new (ENGINE_TYPE_TALKBACK, NULL);

  self->clock = g_object_ref (clock);
  self->format = *format;
  self->slot = engine_slot_new (format->rate_fps);
  self->config = (EngineSourceConfig){
    .id = "talkback", .title = "talkback", .kind = ENGINE_SOURCE_CAMERA, .delay_ms = DELAY_MS
  };
  return self;
}

/**
 * engine_talkback_stop:
 * @self: a talkback
 *
 * Closes the microphone, and forgets who was talked to. May run twice.
 */
void
engine_talkback_stop (EngineTalkback *self)
{
  g_return_if_fail (ENGINE_IS_TALKBACK (self));

  engine_talkback_set_buses (self, NULL, 0);
  engine_talkback_set_device (self, NULL);
}

/**
 * engine_talkback_set_device:
 * @self: a talkback
 * @device_id: (nullable): the stable id of a microphone, or `default`; `NULL` for off
 *
 * Who is being talked to hears the new one as soon as it is open.
 */
void
engine_talkback_set_device (EngineTalkback *self, const char *device_id)
{
  g_return_if_fail (ENGINE_IS_TALKBACK (self));

  if (g_strcmp0 (self->device, device_id) == 0)
    return;
  if (device_id == NULL)
    engine_talkback_set_buses (self, NULL, 0);
  close_microphone (self);
  g_free (self->device);
  self->device = g_strdup (device_id);
  if (self->device == NULL)
    set_state (self, ENGINE_TALKBACK_STATE_OFF, NULL);
  else if (self->buses->len > 0)
    open_microphone (self);
  else
    set_state (self, ENGINE_TALKBACK_STATE_READY, NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEVICE]);
}

const char *
engine_talkback_get_device (EngineTalkback *self)
{
  g_return_val_if_fail (ENGINE_IS_TALKBACK (self), NULL);

  return self->device;
}

/**
 * engine_talkback_set_buses:
 * @self: a talkback
 * @buses: (array length=n_buses): who is talked to from now on
 * @n_buses: how many; 0 for nobody: the button is released
 *
 * All else on these buses is 12 dB softer meanwhile. Nobody else hears it, and nothing of it gets into
 * the program. Without a device nobody is talked to.
 */
void
engine_talkback_set_buses (EngineTalkback *self, EngineBus *const *buses, guint n_buses)
{
  g_autoptr (GPtrArray) before = NULL;

  g_return_if_fail (ENGINE_IS_TALKBACK (self));

  if (self->device == NULL)
    n_buses = 0;
  before = g_steal_pointer (&self->buses);
  self->buses = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n_buses; i++) {
    g_ptr_array_add (self->buses, g_object_ref (buses[i]));
    engine_bus_set_talker (buses[i], self->slot);
  }
  for (guint i = 0; i < before->len; i++) {
    if (!g_ptr_array_find (self->buses, before->pdata[i], NULL))
      engine_bus_set_talker (before->pdata[i], NULL);
  }
  if (n_buses > 0)
    open_microphone (self);
  else if (self->intake != NULL && self->close_id == 0)
    self->close_id = g_timeout_add_seconds (KEEP_S, close_cb, self);
  if ((before->len > 0) != (n_buses > 0))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TALKING]);
}

gboolean
engine_talkback_get_talking (EngineTalkback *self)
{
  g_return_val_if_fail (ENGINE_IS_TALKBACK (self), FALSE);

  return self->buses->len > 0;
}

EngineTalkbackState
engine_talkback_get_state (EngineTalkback *self)
{
  g_return_val_if_fail (ENGINE_IS_TALKBACK (self), ENGINE_TALKBACK_STATE_OFF);

  return self->state;
}

const GError *
engine_talkback_get_error (EngineTalkback *self)
{
  g_return_val_if_fail (ENGINE_IS_TALKBACK (self), NULL);

  return self->error;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-devices.h"

/**
 * EngineDevices:
 *
 * The cameras, microphones and loudspeakers of this machine, as they come and go. The first look is taken in
 * another thread, because asking the sound server may take its time.
 */
struct _EngineDevices {
  GObject parent_instance;

  GstDeviceMonitor *monitor;
  guint bus_watch_id;
  GPtrArray *devices; /* of GstDevice */
  gboolean has_pulse; /* the PulseAudio side of the sound server answers */
  gboolean ready;
};

G_DEFINE_FINAL_TYPE (EngineDevices, engine_devices, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  SIGNAL_READY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A monitor is not a device, but some sound servers list it as a source. */
static gboolean
is_monitor (GstDevice *device)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);
  const char *device_class =
    properties != NULL ? gst_structure_get_string (properties, "device.class") : NULL;

  return g_strcmp0 (device_class, "monitor") == 0;
}

static gboolean
is_listed_by (GstDevice *device, const char *list)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);

  return properties != NULL && gst_structure_has_name (properties, list);
}

/* PipeWire's microphones and loudspeakers are listed twice, under the same id: by PipeWire, whose element gives sound
 * the time at which it happened to arrive, in large pieces, and by PulseAudio's side of it, whose
 * element knows better. */
static gboolean
is_double (EngineDevices *self, GstDevice *device)
{
  return self->has_pulse &&
         (gst_device_has_classes (device, "Audio/Source") ||
          gst_device_has_classes (device, "Audio/Sink")) &&
         is_listed_by (device, "pipewire-proplist");
}

static void
forget_doubles (EngineDevices *self)
{
  for (guint i = self->devices->len; i-- > 0;) {
    if (is_double (self, self->devices->pdata[i]))
      g_ptr_array_remove_index (self->devices, i);
  }
}

static void
add_device (EngineDevices *self, GstDevice *device)
{
  if (!self->has_pulse && is_listed_by (device, "pulse-proplist")) {
    self->has_pulse = TRUE;
    forget_doubles (self);
  }
  if (!is_double (self, device) && !g_ptr_array_find (self->devices, device, NULL))
    g_ptr_array_add (self->devices, gst_object_ref (device));
}

static gboolean
bus_message_cb (GstBus *bus, GstMessage *message, gpointer user_data)
{
  EngineDevices *self = user_data;
  g_autoptr (GstDevice) device = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_ADDED) {
    gst_message_parse_device_added (message, &device);
    add_device (self, device);
  } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_REMOVED) {
    gst_message_parse_device_removed (message, &device);
    g_ptr_array_remove (self->devices, device);
  } else {
    return G_SOURCE_CONTINUE;
  }
  /* Until the first look is done, what comes first is not all there is. */
  if (self->ready)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

static void
look_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  EngineDevices *self = source_object;
  GList *devices = NULL;

  if (gst_device_monitor_start (self->monitor))
    devices = gst_device_monitor_get_devices (self->monitor);
  g_task_return_pointer (task, devices, NULL);
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EngineDevices *self = ENGINE_DEVICES (object);
  GList *devices = g_task_propagate_pointer (G_TASK (result), NULL); /* looking cannot fail */

  for (GList *l = devices; l != NULL; l = l->next)
    add_device (self, l->data);
  g_list_free_full (devices, gst_object_unref);
  self->ready = TRUE;
  g_signal_emit (self, signals[SIGNAL_READY], 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
engine_devices_class_init (EngineDevicesClass *klass)
{
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ENGINE_TYPE_DEVICES, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_READY] = g_signal_new ("ready", ENGINE_TYPE_DEVICES, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

static void
engine_devices_init (EngineDevices *self)
{
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GTask) task = g_task_new (self, NULL, looked_cb, NULL);

  self->devices = g_ptr_array_new_with_free_func (gst_object_unref);
  self->monitor = gst_device_monitor_new ();
  gst_device_monitor_add_filter (self->monitor, "Video/Source", NULL);
  gst_device_monitor_add_filter (self->monitor, "Audio/Source", NULL);
  gst_device_monitor_add_filter (self->monitor, "Audio/Sink", NULL);
  bus = gst_device_monitor_get_bus (self->monitor);
  self->bus_watch_id = gst_bus_add_watch (bus, bus_message_cb, self);
  g_task_set_source_tag (task, engine_devices_init);
  g_task_run_in_thread (task, look_thread);
}

/**
 * engine_devices_get_default:
 *
 * There is one for the whole program: a machine has its devices once. It is made when the first
 * camera is asked for and lives as long as the program.
 *
 * Returns: (transfer none): the devices
 */
EngineDevices *
engine_devices_get_default (void)
{
  static EngineDevices *devices = NULL;

  if (devices == NULL)
    devices = g_object_new (ENGINE_TYPE_DEVICES, NULL);
  return devices;
}

gboolean
engine_devices_is_ready (EngineDevices *self)
{
  g_return_val_if_fail (ENGINE_IS_DEVICES (self), FALSE);

  return self->ready;
}

guint
engine_devices_get_n (EngineDevices *self)
{
  g_return_val_if_fail (ENGINE_IS_DEVICES (self), 0);

  return self->devices->len;
}

/**
 * engine_devices_get_nth:
 * @self: the devices
 * @n: below engine_devices_get_n ()
 * @kind: (out): what it is
 *
 * Returns: (transfer none): the device
 */
GstDevice *
engine_devices_get_nth (EngineDevices *self, guint n, EngineDeviceKind *kind)
{
  g_return_val_if_fail (ENGINE_IS_DEVICES (self), NULL);
  g_return_val_if_fail (n < self->devices->len, NULL);

  GstDevice *device = self->devices->pdata[n];

  if (gst_device_has_classes (device, "Video/Source"))
    *kind = ENGINE_DEVICE_CAMERA;
  else if (gst_device_has_classes (device, "Audio/Sink"))
    *kind = ENGINE_DEVICE_SPEAKER;
  else
    *kind = ENGINE_DEVICE_MICROPHONE;
  return device;
}

/**
 * engine_device_get_id:
 * @device: a device
 *
 * Returns: (transfer full): what it is called in an event file: the same after a reboot or in
 *   another order of plugging in
 */
char *
engine_device_get_id (GstDevice *device)
{
  static const char *const keys[] = { "node.name", "device.bus_path", "device.path", "sysfs.path" };
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);

  for (guint i = 0; properties != NULL && i < G_N_ELEMENTS (keys); i++) {
    const char *value = gst_structure_get_string (properties, keys[i]);

    /* What a loudspeaker plays is listed with the loudspeaker's own properties. */
    if (value != NULL)
      return g_strconcat (value, is_monitor (device) ? ".monitor" : "", NULL);
  }
  return gst_device_get_display_name (device);
}

/**
 * engine_devices_find:
 * @self: the devices
 * @kind: what it is
 * @id: a stable id, or `default`
 *
 * For `default`, a device that says it is the default comes before the first one.
 *
 * Returns: (transfer full) (nullable): the device, or `NULL` if it is not there
 */
GstDevice *
engine_devices_find (EngineDevices *self, EngineDeviceKind kind, const char *id)
{
  const gboolean any = g_strcmp0 (id, "default") == 0;
  GstDevice *found = NULL;

  g_return_val_if_fail (ENGINE_IS_DEVICES (self), NULL);

  for (guint i = 0; i < self->devices->len; i++) {
    EngineDeviceKind its_kind;
    GstDevice *device = engine_devices_get_nth (self, i, &its_kind);
    g_autofree char *its_id = engine_device_get_id (device);
    g_autoptr (GstStructure) properties = gst_device_get_properties (device);
    gboolean is_default = FALSE;

    if (its_kind != kind || (any ? is_monitor (device) : g_strcmp0 (its_id, id) != 0))
      continue;
    if (properties != NULL)
      gst_structure_get_boolean (properties, "is-default", &is_default);
    if (found == NULL || is_default)
      found = device;
  }
  return found != NULL ? gst_object_ref (found) : NULL;
}

/**
 * engine_devices_has:
 * @self: the devices
 * @kind: what it is
 * @id: a stable id
 *
 * Returns: whether it is plugged in
 */
gboolean
engine_devices_has (EngineDevices *self, EngineDeviceKind kind, const char *id)
{
  g_autoptr (GstDevice) device = engine_devices_find (self, kind, id);

  return device != NULL;
}

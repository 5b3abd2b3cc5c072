/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "common-util.h"
#include "engine-cameras.h"
#include "engine-devices.h"

/**
 * EngineDevices:
 *
 * The cameras, microphones and loudspeakers of this machine, as they come and go. The first look is
 * taken in another thread, because asking the sound server may take its time. Inside a sandbox cameras
 * come by the desktop's portal; what else reaches a camera there is used beside it, if that was not
 * refused.
 */
struct _EngineDevices {
  GObject parent_instance;

  GstDeviceMonitor *monitor;
  guint bus_watch_id;
  EngineCameras *cameras; /* nullable: this is no sandbox */
  GPtrArray *devices;     /* of EngineDevice */
  GHashTable *asked;      /* ids that somebody uses or looks for */
  gboolean has_pulse;     /* the PulseAudio side of the sound server answers */
  gboolean ready;
};

static void list_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (EngineDevices, engine_devices, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_iface_init))

enum {
  SIGNAL_CHANGED,
  SIGNAL_READY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GType
get_item_type (GListModel *model)
{
  return ENGINE_TYPE_DEVICE;
}

static guint
get_n_items (GListModel *model)
{
  return ENGINE_DEVICES (model)->devices->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  EngineDevices *self = ENGINE_DEVICES (model);

  return position < self->devices->len ? g_object_ref (self->devices->pdata[position]) : NULL;
}

static void
list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean
is_listed_by (GstDevice *device, const char *list)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);

  return properties != NULL && gst_structure_has_name (properties, list);
}

/* PipeWire's microphones and loudspeakers are listed twice, under the same id: by PipeWire, whose
 * element gives sound the time at which it happened to arrive, in large pieces, and by PulseAudio's
 * side of it, whose element knows better. */
static gboolean
is_double (EngineDevices *self, GstDevice *device)
{
  return self->has_pulse &&
         (gst_device_has_classes (device, "Audio/Source") ||
          gst_device_has_classes (device, "Audio/Sink")) &&
         is_listed_by (device, "pipewire-proplist");
}

static char *
get_node (GstDevice *device, const char *key)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);

  return properties != NULL ? g_strdup (gst_structure_get_string (properties, key)) : NULL;
}

/* A camera that the kernel shows, and PipeWire, too: outside of a sandbox GStreamer sees to that. */
static gboolean
is_shown_by_portal (EngineDevices *self, GstDevice *device)
{
  g_autofree char *node = get_node (device, "device.path");

  for (guint i = 0; node != NULL && i < self->devices->len; i++) {
    GstDevice *other = engine_device_get_gst_device (self->devices->pdata[i]);
    g_autofree char *same = get_node (other, "api.v4l2.path");

    if (other != device && g_strcmp0 (node, same) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_withheld (EngineDevices *self, GstDevice *device)
{
  return self->cameras != NULL && gst_device_has_classes (device, "Video/Source") &&
         !is_listed_by (device, "pipewire-proplist") &&
         (!engine_cameras_allows_others (self->cameras) || is_shown_by_portal (self, device));
}

static void
remove_nth (EngineDevices *self, guint n)
{
  g_autoptr (EngineDevice) device = g_object_ref (self->devices->pdata[n]);

  g_ptr_array_remove_index (self->devices, n);
  engine_device_leave (device);
  g_list_model_items_changed (G_LIST_MODEL (self), n, 1, 0);
}

static void
forget_doubles (EngineDevices *self)
{
  for (guint i = self->devices->len; i-- > 0;) {
    if (is_double (self, engine_device_get_gst_device (self->devices->pdata[i])))
      remove_nth (self, i);
  }
}

static gboolean
find_nth (EngineDevices *self, GstDevice *device, guint *n)
{
  for (guint i = 0; i < self->devices->len; i++) {
    *n = i;
    if (engine_device_get_gst_device (self->devices->pdata[i]) == device)
      return TRUE;
  }
  return FALSE;
}

static void
add_device (EngineDevices *self, GstDevice *gst_device)
{
  EngineDevice *device = NULL;
  guint n = 0;

  if (!self->has_pulse && is_listed_by (gst_device, "pulse-proplist")) {
    self->has_pulse = TRUE;
    forget_doubles (self);
  }
  if (is_double (self, gst_device) || is_withheld (self, gst_device) ||
      find_nth (self, gst_device, &n))
    return;
  device = engine_device_new (gst_device);
  for (guint i = 0; i < self->devices->len; i++)
    engine_device_meet (device, self->devices->pdata[i]);
  g_ptr_array_add (self->devices, device);
  g_list_model_items_changed (G_LIST_MODEL (self), self->devices->len - 1, 0, 1);
}

static void
remove_device (EngineDevices *self, GstDevice *device)
{
  guint n = 0;

  if (find_nth (self, device, &n))
    remove_nth (self, n);
}

/* What the portal said decides about cameras that need no portal. */
static void
cameras_changed_cb (EngineDevices *self)
{
  GList *devices = NULL;

  for (guint i = self->devices->len; i-- > 0;) {
    if (is_withheld (self, engine_device_get_gst_device (self->devices->pdata[i])))
      remove_nth (self, i);
  }
  if (!self->ready)
    return;
  devices = gst_device_monitor_get_devices (self->monitor);
  for (GList *l = devices; l != NULL; l = l->next)
    add_device (self, l->data);
  g_list_free_full (devices, gst_object_unref);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
follow_portal (EngineDevices *self)
{
  self->cameras = engine_cameras_new ();
  g_signal_connect_object (self->cameras, "added", G_CALLBACK (add_device), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->cameras, "removed", G_CALLBACK (remove_device), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->cameras, "changed", G_CALLBACK (cameras_changed_cb), self,
                           G_CONNECT_SWAPPED);
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
    remove_device (self, device);
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

  self->devices = g_ptr_array_new_with_free_func (g_object_unref);
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->monitor = gst_device_monitor_new ();
  gst_device_monitor_add_filter (self->monitor, "Video/Source", NULL);
  gst_device_monitor_add_filter (self->monitor, "Audio/Source", NULL);
  gst_device_monitor_add_filter (self->monitor, "Audio/Sink", NULL);
  bus = gst_device_monitor_get_bus (self->monitor);
  self->bus_watch_id = gst_bus_add_watch (bus, bus_message_cb, self);
  g_task_set_source_tag (task, engine_devices_init);
  g_task_run_in_thread (task, look_thread);
  if (common_is_sandboxed ())
    follow_portal (self);
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

/**
 * engine_devices_is_asking:
 * @self: the devices
 *
 * Returns: whether cameras may still come of a question that the desktop asks somebody
 */
gboolean
engine_devices_is_asking (EngineDevices *self)
{
  g_return_val_if_fail (ENGINE_IS_DEVICES (self), FALSE);

  return self->cameras != NULL && engine_cameras_is_asking (self->cameras);
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
 *
 * Returns: (transfer none): the device
 */
EngineDevice *
engine_devices_get_nth (EngineDevices *self, guint n)
{
  g_return_val_if_fail (ENGINE_IS_DEVICES (self), NULL);
  g_return_val_if_fail (n < self->devices->len, NULL);

  return self->devices->pdata[n];
}

static EngineDevice *
find_default (EngineDevices *self, EngineDeviceKind kind)
{
  EngineDevice *found = NULL;

  for (guint i = 0; i < self->devices->len; i++) {
    EngineDevice *device = self->devices->pdata[i];

    if (engine_device_get_kind (device) == kind && !engine_device_is_monitor (device) &&
        (found == NULL || engine_device_is_default (device)))
      found = device;
  }
  return found;
}

static EngineDevice *
find_exact (EngineDevices *self, EngineDeviceKind kind, const char *id)
{
  for (guint i = 0; i < self->devices->len; i++) {
    EngineDevice *device = self->devices->pdata[i];

    if (engine_device_get_kind (device) == kind && engine_device_is_called (device, id))
      return device;
  }
  return NULL;
}

static gboolean
is_asked_for (EngineDevices *self, EngineDevice *device)
{
  GHashTableIter iter;
  gpointer id = NULL;

  g_hash_table_iter_init (&iter, self->asked);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    if (engine_device_is_called (device, id))
      return TRUE;
  }
  return FALSE;
}

/* The same camera in another place; but not its twin, which somebody else may be using or which was
 * there all the time. */
static EngineDevice *
find_moved (EngineDevices *self, EngineDeviceKind kind, const char *id)
{
  for (guint i = 0; i < self->devices->len; i++) {
    EngineDevice *device = self->devices->pdata[i];

    if (engine_device_get_kind (device) == kind && engine_device_is_same_hardware (device, id) &&
        !engine_device_is_rival (device, id) && !is_asked_for (self, device))
      return device;
  }
  return NULL;
}

/**
 * engine_devices_find:
 * @self: the devices
 * @kind: what it is
 * @id: a stable id, one that an older Régie gave, or `default`
 *
 * For `default`, a device that says it is the default comes before the first one. What is not where
 * it was is found where it is now, if it says who it is.
 *
 * Returns: (transfer full) (nullable): the device, or `NULL` if it is not there
 */
EngineDevice *
engine_devices_find (EngineDevices *self, EngineDeviceKind kind, const char *id)
{
  EngineDevice *found = NULL;

  g_return_val_if_fail (ENGINE_IS_DEVICES (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  if (g_str_equal (id, "default")) {
    found = find_default (self, kind);
  } else {
    g_hash_table_add (self->asked, g_strdup (id));
    found = find_exact (self, kind, id);
    if (found == NULL)
      found = find_moved (self, kind, id);
  }
  return found != NULL ? g_object_ref (found) : NULL;
}

/**
 * engine_devices_has:
 * @self: the devices
 * @kind: what it is
 * @id: the id of a device
 *
 * Returns: whether it is plugged in, and in the same place
 */
gboolean
engine_devices_has (EngineDevices *self, EngineDeviceKind kind, const char *id)
{
  g_return_val_if_fail (ENGINE_IS_DEVICES (self), FALSE);

  return find_exact (self, kind, id) != NULL;
}

/**
 * engine_devices_get_trouble:
 * @self: the devices
 * @kind: what somebody looks for in vain
 *
 * Returns: (transfer none) (nullable): why none is there, if it is not that none is plugged in
 */
const GError *
engine_devices_get_trouble (EngineDevices *self, EngineDeviceKind kind)
{
  g_return_val_if_fail (ENGINE_IS_DEVICES (self), NULL);

  return kind == ENGINE_DEVICE_CAMERA && self->cameras != NULL
           ? engine_cameras_get_error (self->cameras)
           : NULL;
}

/**
 * engine_devices_ask_again:
 * @self: the devices
 *
 * Has the desktop asked for its cameras once more, where it said no or could not be reached.
 */
void
engine_devices_ask_again (EngineDevices *self)
{
  g_return_if_fail (ENGINE_IS_DEVICES (self));

  if (self->cameras != NULL)
    engine_cameras_ask (self->cameras);
}

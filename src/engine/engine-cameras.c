/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixfdlist.h>
#include <unistd.h>

#include "common-util.h"
#include "engine-cameras.h"
#include "engine-request.h"

#define CAMERA           "org.freedesktop.portal.Camera"
#define PRESENT          "IsCameraPresent"
#define PROPERTIES       "org.freedesktop.DBus.Properties"
#define PROVIDER         "pipewiredeviceprovider"

#define ANSWER_TIMEOUT_S 10
#define CHOICE_TIMEOUT_S 120

/* Whether cameras are there, whether they may be used, and that they can be. */
typedef enum {
  STATE_LOOKING,
  STATE_ASKED,
  STATE_OPENING,
  STATE_GRANTED,
  STATE_REFUSED,
  STATE_NONE, /* no camera, or no portal */
} State;

/**
 * EngineCameras:
 *
 * The cameras that a sandbox is led to by the desktop's Camera portal. The desktop asks somebody once,
 * and remembers what was said; then a connection to PipeWire comes of it, which shows the cameras as
 * they come and go. When PipeWire goes and comes back, a new connection is asked for by itself.
 */
struct _EngineCameras {
  GObject parent_instance;

  State state;
  gboolean unreachable; /* nothing there knows of cameras */
  GDBusConnection *bus; /* nullable: there is none, or not yet */
  GCancellable *cancellable;
  guint present_id;
  guint watch_id;
  int fd;                      /* −1: none */
  GstDeviceProvider *provider; /* nullable: with the connection */
  guint bus_watch_id;
  GList *devices; /* of GstDevice: what was told of */
  GError *error;  /* nullable: why there are no cameras */
};

G_DEFINE_FINAL_TYPE (EngineCameras, engine_cameras, G_TYPE_OBJECT)

enum {
  SIGNAL_ADDED,
  SIGNAL_REMOVED,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void look (EngineCameras *self);

/* Takes @error. */
static void
set_state (EngineCameras *self, State state, GError *error)
{
  self->state = state;
  common_set_error (&self->error, error);
  g_clear_error (&error);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
add (EngineCameras *self, GstDevice *device)
{
  if (g_list_find (self->devices, device) != NULL ||
      !gst_device_has_classes (device, "Video/Source"))
    return;
  self->devices = g_list_append (self->devices, gst_object_ref (device));
  g_signal_emit (self, signals[SIGNAL_ADDED], 0, device);
}

/* Takes the reference that the list has. */
static void
forget (EngineCameras *self, GList *link)
{
  GstDevice *device = link->data;

  self->devices = g_list_delete_link (self->devices, link);
  g_signal_emit (self, signals[SIGNAL_REMOVED], 0, device);
  gst_object_unref (device);
}

static void
let_go (EngineCameras *self)
{
  g_clear_handle_id (&self->bus_watch_id, g_source_remove);
  while (self->devices != NULL)
    forget (self, self->devices);
  if (self->provider != NULL && self->state == STATE_GRANTED)
    gst_device_provider_stop (self->provider);
  gst_clear_object (&self->provider);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static gboolean
bus_message_cb (GstBus *bus, GstMessage *message, gpointer user_data)
{
  EngineCameras *self = user_data;
  g_autoptr (GstDevice) device = NULL;
  GList *link = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_ADDED) {
    gst_message_parse_device_added (message, &device);
    add (self, device);
  } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DEVICE_REMOVED) {
    gst_message_parse_device_removed (message, &device);
    link = g_list_find (self->devices, device);
    if (link != NULL)
      forget (self, link);
  } else {
    return G_SOURCE_CONTINUE;
  }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

/* Talks to PipeWire, which may take its time. */
static void
start_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_boolean (task, gst_device_provider_start (task_data));
}

static void
provider_started_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  EngineCameras *self = ENGINE_CAMERAS (object);
  GstDeviceProvider *provider = g_task_get_task_data (G_TASK (result));
  const gboolean started = g_task_propagate_boolean (G_TASK (result), NULL); /* cannot fail else */
  g_autoptr (GstBus) bus = NULL;
  GList *devices = NULL;

  if (self->provider != provider) {
    if (started)
      gst_device_provider_stop (provider);
    return;
  }
  if (!started) {
    let_go (self);
    set_state (self, STATE_NONE,
               g_error_new (ENGINE_ERROR, ENGINE_ERROR_CAMERA_UNREACHABLE,
                            "the desktop's connection to its cameras does not work"));
    return;
  }
  bus = gst_device_provider_get_bus (provider);
  self->bus_watch_id = gst_bus_add_watch (bus, bus_message_cb, self);
  devices = gst_device_provider_get_devices (provider);
  for (GList *l = devices; l != NULL; l = l->next)
    add (self, l->data);
  g_list_free_full (devices, gst_object_unref);
  set_state (self, STATE_GRANTED, NULL);
}

/* GStreamer has one of these for the whole program, which knows no connection: ours is another one. */
static GstDeviceProvider *
make_provider (int fd)
{
  g_autoptr (GstDeviceProviderFactory) factory = gst_device_provider_factory_find (PROVIDER);
  g_autoptr (GstPluginFeature) loaded =
    factory != NULL ? gst_plugin_feature_load (GST_PLUGIN_FEATURE (factory)) : NULL;
  GstDeviceProvider *provider = NULL;

  if (loaded == NULL)
    return NULL;
  provider = g_object_new (gst_device_provider_factory_get_device_provider_type (
                             GST_DEVICE_PROVIDER_FACTORY (loaded)),
                           "fd", fd, "client-name", "Régie", NULL);
  return gst_object_ref_sink (provider);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EngineCameras) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (object), &fds, result,
                                                     &error);
  g_autoptr (GTask) task = NULL;
  gint32 index = 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply != NULL)
    g_variant_get (reply, "(h)", &index);
  self->fd = reply != NULL && fds != NULL ? g_unix_fd_list_get (fds, index, NULL) : -1;
  self->provider = self->fd >= 0 ? make_provider (self->fd) : NULL;
  if (self->provider == NULL) {
    const gboolean connected = self->fd >= 0;

    let_go (self);
    set_state (self, STATE_NONE,
               connected ? g_error_new (ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT,
                                        "the PipeWire elements of GStreamer are not installed")
                         : g_error_new (ENGINE_ERROR, ENGINE_ERROR_CAMERA_UNREACHABLE,
                                        "the desktop gave no way to its cameras"));
    return;
  }
  task = g_task_new (self, self->cancellable, provider_started_cb, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_source_tag (task, opened_cb);
  g_task_set_task_data (task, gst_object_ref (self->provider), gst_object_unref);
  g_task_run_in_thread (task, start_thread);
}

static GError *
describe_failure (const GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_CAMERA_REFUSED,
                        "nobody has said whether cameras may be used");
  if (g_error_matches (cause, ENGINE_ERROR, ENGINE_ERROR_REFUSED) ||
      g_error_matches (cause, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED) ||
      g_strrstr (cause->message, "NotAllowed") != NULL)
    return g_error_new (ENGINE_ERROR, ENGINE_ERROR_CAMERA_REFUSED,
                        "it was not allowed to use cameras");
  return g_error_new (ENGINE_ERROR, ENGINE_ERROR_CAMERA_UNREACHABLE,
                      "the desktop leads to no camera: %s", cause->message);
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EngineCameras) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) results = engine_request_finish (result, &error);
  GError *told = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (results == NULL) {
    told = describe_failure (error);
    self->unreachable = told->code == ENGINE_ERROR_CAMERA_UNREACHABLE;
    set_state (self, self->unreachable ? STATE_NONE : STATE_REFUSED, told);
    return;
  }
  set_state (self, STATE_OPENING, NULL);
  g_dbus_connection_call_with_unix_fd_list (self->bus, ENGINE_PORTAL_NAME, ENGINE_PORTAL_PATH,
                                            CAMERA, "OpenPipeWireRemote",
                                            g_variant_new ("(a{sv})", NULL), G_VARIANT_TYPE ("(h)"),
                                            G_DBUS_CALL_FLAGS_NONE, ANSWER_TIMEOUT_S * 1000, NULL,
                                            self->cancellable, opened_cb, g_object_ref (self));
}

static void
set_present (EngineCameras *self, gboolean present)
{
  g_auto (GVariantBuilder) options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (!present) {
    /* The last one was unplugged, or PipeWire has gone, and our connection with it. */
    if (self->state == STATE_GRANTED || self->state == STATE_LOOKING || self->state == STATE_NONE) {
      let_go (self);
      set_state (self, STATE_NONE, NULL);
    }
    return;
  }
  if (self->state != STATE_LOOKING && self->state != STATE_NONE)
    return;
  set_state (self, STATE_ASKED,
             g_error_new (ENGINE_ERROR, ENGINE_ERROR_CAMERA_ASKED,
                          "the desktop asks whether cameras may be used"));
  engine_request_async (self->bus, CAMERA, "AccessCamera", NULL, &options, CHOICE_TIMEOUT_S,
                        self->cancellable, answered_cb, g_object_ref (self));
}

static void
got_present_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EngineCameras) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  g_autoptr (GVariant) value = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->state != STATE_LOOKING)
    return;
  if (reply != NULL)
    g_variant_get (reply, "(v)", &value);
  self->unreachable = value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN);
  if (self->unreachable)
    set_state (self, STATE_NONE,
               g_error_new (ENGINE_ERROR, ENGINE_ERROR_CAMERA_UNREACHABLE,
                            "this desktop has no portal that leads to cameras"));
  else
    set_present (self, g_variant_get_boolean (value));
}

static void
look (EngineCameras *self)
{
  if (self->bus == NULL)
    return;
  set_state (self, STATE_LOOKING, NULL);
  g_dbus_connection_call (self->bus, ENGINE_PORTAL_NAME, ENGINE_PORTAL_PATH, PROPERTIES, "Get",
                          g_variant_new ("(ss)", CAMERA, PRESENT), G_VARIANT_TYPE ("(v)"),
                          G_DBUS_CALL_FLAGS_NONE, ANSWER_TIMEOUT_S * 1000, self->cancellable,
                          got_present_cb, g_object_ref (self));
}

static void
present_changed_cb (GDBusConnection *bus, const char *sender, const char *path,
                    const char *interface, const char *signal, GVariant *parameters,
                    gpointer user_data)
{
  g_autoptr (GVariant) changed = NULL;
  gboolean present = FALSE;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_variant_get_child (parameters, 1, "@a{sv}", &changed);
  if (g_variant_lookup (changed, PRESENT, "b", &present))
    set_present (user_data, present);
}

/* A portal that was installed, or is back: what was said to it before still holds. */
static void
appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  EngineCameras *self = user_data;

  if (self->state == STATE_NONE && self->unreachable)
    look (self);
}

static void
got_bus_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (EngineCameras) self = user_data;
  g_autoptr (GError) error = NULL;

  self->bus = g_bus_get_finish (result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (self->bus == NULL) {
    set_state (self, STATE_NONE,
               g_error_new (ENGINE_ERROR, ENGINE_ERROR_CAMERA_UNREACHABLE,
                            "there is no desktop that leads to cameras"));
    return;
  }
  self->present_id =
    g_dbus_connection_signal_subscribe (self->bus, ENGINE_PORTAL_NAME, PROPERTIES,
                                        "PropertiesChanged", ENGINE_PORTAL_PATH, CAMERA,
                                        G_DBUS_SIGNAL_FLAGS_NONE, present_changed_cb, self, NULL);
  look (self);
  self->watch_id =
    g_bus_watch_name_on_connection (self->bus, ENGINE_PORTAL_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                    appeared_cb, NULL, self, NULL);
}

static void
engine_cameras_dispose (GObject *object)
{
  EngineCameras *self = ENGINE_CAMERAS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->watch_id, g_bus_unwatch_name);
  if (self->present_id != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->present_id);
  self->present_id = 0;
  let_go (self);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (engine_cameras_parent_class)->dispose (object);
}

static void
engine_cameras_finalize (GObject *object)
{
  EngineCameras *self = ENGINE_CAMERAS (object);

  g_object_unref (self->cancellable);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (engine_cameras_parent_class)->finalize (object);
}

static void
engine_cameras_class_init (EngineCamerasClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = engine_cameras_dispose;
  G_OBJECT_CLASS (klass)->finalize = engine_cameras_finalize;
  signals[SIGNAL_ADDED] = g_signal_new ("added", ENGINE_TYPE_CAMERAS, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, GST_TYPE_DEVICE);
  signals[SIGNAL_REMOVED] = g_signal_new ("removed", ENGINE_TYPE_CAMERAS, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, GST_TYPE_DEVICE);
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ENGINE_TYPE_CAMERAS, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
engine_cameras_init (EngineCameras *self)
{
  self->fd = -1;
  self->cancellable = g_cancellable_new ();
  /* The connection is everybody's: cancelled while it is made, it fails for whoever asks next. */
  g_bus_get (G_BUS_TYPE_SESSION, NULL, got_bus_cb, g_object_ref (self));
}

/**
 * engine_cameras_new:
 *
 * Returns: (transfer full): the cameras; they are asked for at once
 */
EngineCameras *
engine_cameras_new (void)
{
  return g_object_new (ENGINE_TYPE_CAMERAS, NULL);
}

/**
 * engine_cameras_ask:
 * @self: the cameras
 *
 * Asks once more, if they were refused or could not be reached.
 */
void
engine_cameras_ask (EngineCameras *self)
{
  g_return_if_fail (ENGINE_IS_CAMERAS (self));

  if (self->state == STATE_REFUSED || self->state == STATE_NONE)
    look (self);
}

/**
 * engine_cameras_is_asking:
 * @self: the cameras
 *
 * Returns: whether it is not known yet which there are
 */
gboolean
engine_cameras_is_asking (EngineCameras *self)
{
  g_return_val_if_fail (ENGINE_IS_CAMERAS (self), FALSE);

  return self->state == STATE_LOOKING || self->state == STATE_ASKED || self->state == STATE_OPENING;
}

/**
 * engine_cameras_allows_others:
 * @self: the cameras
 *
 * Returns: whether a camera may be opened past the portal: not before somebody was asked, and not
 *   when they said no
 */
gboolean
engine_cameras_allows_others (EngineCameras *self)
{
  g_return_val_if_fail (ENGINE_IS_CAMERAS (self), FALSE);

  return self->state == STATE_GRANTED || self->state == STATE_NONE;
}

/**
 * engine_cameras_get_error:
 * @self: the cameras
 *
 * Returns: (transfer none) (nullable): why there are none, if it is not that none is plugged in
 */
const GError *
engine_cameras_get_error (EngineCameras *self)
{
  g_return_val_if_fail (ENGINE_IS_CAMERAS (self), NULL);

  return self->error;
}

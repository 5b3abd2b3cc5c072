/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-battery.h"

#include <gio/gio.h>

/* UPower's org.freedesktop.UPower.Device: “State”. */
#define UPOWER_STATE_DISCHARGING 2

/**
 * ShowBattery:
 *
 * Follows UPower's “display device”, which stands for all batteries together. Nothing waits for it,
 * and a computer without one is a computer on mains.
 */
struct _ShowBattery {
  GObject parent_instance;

  GCancellable *cancellable; /* nullable: while it is started */
  GDBusProxy *device;        /* nullable */
  int percent;
};

G_DEFINE_FINAL_TYPE (ShowBattery, show_battery, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_PERCENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_percent (ShowBattery *self, int percent)
{
  if (self->percent == percent)
    return;
  self->percent = percent;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PERCENT]);
}

/* Nullable, and of whatever type somebody on the bus thought right. */
static GVariant *
get_property (GDBusProxy *device, const char *name, const GVariantType *type)
{
  GVariant *value = g_dbus_proxy_get_cached_property (device, name);

  if (value != NULL && !g_variant_is_of_type (value, type))
    g_clear_pointer (&value, g_variant_unref);
  return value;
}

static void
update (ShowBattery *self)
{
  g_autoptr (GVariant) state = get_property (self->device, "State", G_VARIANT_TYPE_UINT32);
  g_autoptr (GVariant) present = get_property (self->device, "IsPresent", G_VARIANT_TYPE_BOOLEAN);
  g_autoptr (GVariant) percentage =
    get_property (self->device, "Percentage", G_VARIANT_TYPE_DOUBLE);

  if (state != NULL && g_variant_get_uint32 (state) == UPOWER_STATE_DISCHARGING &&
      percentage != NULL && (present == NULL || g_variant_get_boolean (present)))
    set_percent (self, (int) CLAMP (g_variant_get_double (percentage), 0, 100));
  else
    set_percent (self, -1);
}

static void
proxy_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ShowBattery) self = user_data;
  g_autoptr (GError) error = NULL;
  GDBusProxy *device = g_dbus_proxy_new_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (device == NULL) {
    g_debug ("nothing is known of a battery: %s", error->message);
    return;
  }
  g_set_object (&self->device, device);
  g_object_unref (device);
  g_signal_connect_object (device, "g-properties-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (device, "notify::g-name-owner", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

/* @user_data: a task that only keeps who asked, and whether they still want it. */
static void
bus_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) asked = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (asked)))
    return;
  if (bus == NULL) {
    g_debug ("nothing is known of a battery: %s", error->message);
    return;
  }
  g_dbus_proxy_new (bus, G_DBUS_PROXY_FLAGS_GET_INVALIDATED_PROPERTIES, NULL,
                    "org.freedesktop.UPower", "/org/freedesktop/UPower/devices/DisplayDevice",
                    "org.freedesktop.UPower.Device", g_task_get_cancellable (asked), proxy_cb,
                    g_object_ref (g_task_get_source_object (asked)));
}

static void
show_battery_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
  case PROP_PERCENT:
    g_value_set_int (value, SHOW_BATTERY (object)->percent);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
show_battery_dispose (GObject *object)
{
  show_battery_stop (SHOW_BATTERY (object));
  G_OBJECT_CLASS (show_battery_parent_class)->dispose (object);
}

static void
show_battery_class_init (ShowBatteryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = show_battery_get_property;
  object_class->dispose = show_battery_dispose;

  properties[PROP_PERCENT] = g_param_spec_int ("percent", NULL, NULL, -1, 100, -1,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
show_battery_init (ShowBattery *self)
{
  self->percent = -1;
}

ShowBattery *
show_battery_new (void)
{
  return g_object_new (SHOW_TYPE_BATTERY, NULL);
}

/**
 * show_battery_start:
 * @self: a battery
 *
 * Begins to follow it. May run twice.
 */
void
show_battery_start (ShowBattery *self)
{
  g_return_if_fail (SHOW_IS_BATTERY (self));

  if (self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  /* The connection is everybody's: cancelled while it is made, it would fail for whoever asks next. */
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, bus_cb, g_task_new (self, self->cancellable, NULL, NULL));
}

/**
 * show_battery_stop:
 * @self: a battery
 *
 * May run twice.
 */
void
show_battery_stop (ShowBattery *self)
{
  g_return_if_fail (SHOW_IS_BATTERY (self));

  if (self->cancellable == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->device != NULL)
    g_signal_handlers_disconnect_by_data (self->device, self);
  g_clear_object (&self->device);
  set_percent (self, -1);
}

int
show_battery_get_percent (ShowBattery *self)
{
  g_return_val_if_fail (SHOW_IS_BATTERY (self), -1);

  return self->percent;
}

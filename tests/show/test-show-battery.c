/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-battery.h"

#include <gio/gio.h>

/* What UPower says of its display device, on a bus of our own that stands for the system's. */
typedef struct {
  GTestDBus *bus;
  GDBusConnection *connection;
  guint name_id;
  guint object_id;
  guint32 state;
  gboolean acquired;
  double percentage;
} Upower;

static const char introspection[] =
  "<node><interface name='org.freedesktop.UPower.Device'>"
  "<property name='State' type='u' access='read'/>"
  "<property name='IsPresent' type='b' access='read'/>"
  "<property name='Percentage' type='d' access='read'/></interface></node>";

static GVariant *
get_property_cb (GDBusConnection *connection, const char *sender, const char *path,
                 const char *interface, const char *name, GError **error, gpointer user_data)
{
  Upower *upower = user_data;

  if (g_str_equal (name, "State"))
    return g_variant_new_uint32 (upower->state);
  if (g_str_equal (name, "Percentage"))
    return g_variant_new_double (upower->percentage);
  return g_variant_new_boolean (TRUE);
}

static void
acquired_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  ((Upower *) user_data)->acquired = TRUE;
}

static void
upower_start (Upower *upower)
{
  static const GDBusInterfaceVTable vtable = { .get_property = get_property_cb };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autoptr (GError) error = NULL;

  upower->acquired = FALSE;
  upower->connection =
    g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (upower->bus),
                                            G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                              G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                            NULL, NULL, &error);
  g_assert_no_error (error);
  upower->object_id =
    g_dbus_connection_register_object (upower->connection,
                                       "/org/freedesktop/UPower/devices/DisplayDevice",
                                       info->interfaces[0], &vtable, upower, NULL, NULL);
  upower->name_id =
    g_bus_own_name_on_connection (upower->connection, "org.freedesktop.UPower",
                                  G_BUS_NAME_OWNER_FLAGS_NONE, acquired_cb, NULL, upower, NULL);
  while (!upower->acquired)
    g_main_context_iteration (NULL, TRUE);
}

static void
upower_set (Upower *upower, guint32 state, double percentage)
{
  GVariantBuilder changed;

  upower->state = state;
  upower->percentage = percentage;
  g_variant_builder_init (&changed, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&changed, "{sv}", "State", g_variant_new_uint32 (state));
  g_variant_builder_add (&changed, "{sv}", "Percentage", g_variant_new_double (percentage));
  g_dbus_connection_emit_signal (
    upower->connection, NULL, "/org/freedesktop/UPower/devices/DisplayDevice",
    "org.freedesktop.DBus.Properties", "PropertiesChanged",
    g_variant_new ("(sa{sv}as)", "org.freedesktop.UPower.Device", &changed, NULL), NULL);
}

static void
upower_stop (Upower *upower)
{
  g_bus_unown_name (upower->name_id);
  g_dbus_connection_unregister_object (upower->connection, upower->object_id);
  g_dbus_connection_flush_sync (upower->connection, NULL, NULL);
  g_clear_object (&upower->connection);
}

static void
wait_for (ShowBattery *battery, int percent)
{
  const gint64 end_us = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (show_battery_get_percent (battery) != percent) {
    g_assert_cmpint (g_get_monotonic_time (), <, end_us);
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
}

/* UPower may go and come again; only what is emptied counts. */
static void
test_follows_upower (gconstpointer data)
{
  Upower upower = { .bus = (GTestDBus *) data, .state = 2, .percentage = 63.4 };
  ShowBattery *battery = show_battery_new ();

  upower_start (&upower);
  show_battery_start (battery);
  g_assert_cmpint (show_battery_get_percent (battery), ==, -1);
  wait_for (battery, 63);
  upower_set (&upower, 2, 9.9);
  wait_for (battery, 9);
  upower_set (&upower, 1, 9.9); /* somebody plugged the charger in */
  wait_for (battery, -1);
  upower_set (&upower, 2, 1e300);
  wait_for (battery, 100);
  upower_stop (&upower);
  wait_for (battery, -1);
  upower.percentage = 50;
  upower_start (&upower);
  wait_for (battery, 50);
  show_battery_stop (battery);
  show_battery_stop (battery);
  g_assert_cmpint (show_battery_get_percent (battery), ==, -1);
  upower_stop (&upower);
  g_assert_finalize_object (battery);
}

static void
test_stops_while_it_starts (void)
{
  ShowBattery *battery = show_battery_new ();
  gpointer gone = battery;

  g_object_add_weak_pointer (G_OBJECT (battery), &gone);
  show_battery_start (battery);
  g_object_run_dispose (G_OBJECT (battery));
  g_object_unref (battery);
  while (gone != NULL)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  g_autoptr (GTestDBus) bus = NULL;
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (bus), TRUE);

  g_test_add_func ("/show/battery/stops-while-it-starts", test_stops_while_it_starts);
  g_test_add_data_func ("/show/battery/follows-upower", bus, test_follows_upower);

  status = g_test_run ();
  g_test_dbus_stop (bus);
  return status;
}

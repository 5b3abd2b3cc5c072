/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "control-devices.h"
#include "engine-devices.h"
#include "engine-init.h"

#include <glib/gi18n.h>

static const char *
describe (EngineDeviceKind kind)
{
  switch (kind) {
  case ENGINE_DEVICE_CAMERA:
    return _ ("camera");
  case ENGINE_DEVICE_MICROPHONE:
    return _ ("microphone");
  case ENGINE_DEVICE_SPEAKER:
    return _ ("headphones");
  }
  g_return_val_if_reached ("");
}

/**
 * control_devices_list:
 * @argc: of main ()
 * @argv: of main ()
 *
 * Prints the cameras, microphones and headphones of this machine, one a line: what it is, the id that
 * an event file names it by, and its name, separated by tabs.
 *
 * Returns: the exit status
 */
int
control_devices_list (int argc, char **argv)
{
  EngineDevices *devices = NULL;
  const GError *trouble = NULL;

  engine_init (&argc, &argv);
  devices = engine_devices_get_default ();
  while (!engine_devices_is_ready (devices) || engine_devices_is_asking (devices))
    g_main_context_iteration (NULL, TRUE);

  for (guint i = 0; i < engine_devices_get_n (devices); i++) {
    EngineDevice *device = engine_devices_get_nth (devices, i);

    g_print ("%s\t%s\t%s\n", describe (engine_device_get_kind (device)),
             engine_device_get_id (device), engine_device_get_name (device));
  }
  trouble = engine_devices_get_trouble (devices, ENGINE_DEVICE_CAMERA);
  if (trouble != NULL)
    g_printerr ("%s\n", trouble->message);
  if (engine_devices_get_n (devices) == 0)
    g_printerr (_ ("No camera, microphone or headphones were found.\n"));
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-testing-encoders.h"

#define PACKAGE GETTEXT_PACKAGE

/* The encoders with faults for a whole Régie, by way of GST_PLUGIN_PATH. */
static gboolean
plugin_init (GstPlugin *plugin)
{
  engine_testing_register_encoders (plugin);
  return TRUE;
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, regietesting, "Encoders with faults",
                   plugin_init, PACKAGE_VERSION, "GPL", GETTEXT_PACKAGE, "https://regie.live/")

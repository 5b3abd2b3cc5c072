/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-init.h"

#include <gst/gst.h>

/**
 * engine_init:
 * @argc: (inout) (nullable): of main ()
 * @argv: (inout) (nullable): of main ()
 *
 * Sets GStreamer up, and takes its options out of the command line. Once, before all else of this
 * room.
 */
void
engine_init (int *argc, char ***argv)
{
  gst_init (argc, argv);
}

/**
 * engine_get_option_group:
 *
 * For a program that reads its command line with a GOptionContext: parsing does what
 * engine_init () does.
 *
 * Returns: (transfer full): GStreamer's options
 */
GOptionGroup *
engine_get_option_group (void)
{
  return gst_init_get_option_group ();
}

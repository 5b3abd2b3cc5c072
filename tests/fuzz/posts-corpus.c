/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

/* Goes through what fuzzing found to be worth keeping, once for each target, in every build. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
main (int argc, char **argv)
{
  guint n_files = 0;

  g_print ("TAP version 13\n");
  for (int i = 1; i < argc; i++) {
    g_autoptr (GDir) folder = g_dir_open (argv[i], 0, NULL);
    const char *name = NULL;

    g_assert_nonnull (folder);
    while ((name = g_dir_read_name (folder)) != NULL) {
      g_autofree char *path = g_build_filename (argv[i], name, NULL);
      g_autofree char *data = NULL;
      g_autofree char *exact = NULL;
      gsize size = 0;

      g_assert_true (g_file_get_contents (path, &data, &size, NULL));
      /* Without the NUL that GLib adds, so that a byte too many is found. */
      exact = g_memdup2 (data, size);
      LLVMFuzzerTestOneInput ((const uint8_t *) (exact != NULL ? exact : data), size);
      g_print ("ok %u %s\n", ++n_files, name);
    }
  }
  g_print ("1..%u\n", n_files);
  return n_files > 0 ? 0 : 1;
}

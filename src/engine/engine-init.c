/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-init.h"

#include <gst/gst.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Pictures are megabytes, come from many threads, and those threads come and go with the sources. Left
 * to itself, glibc has a heap for each thread and learns to keep ever larger blocks in them: after three
 * minutes of sources that die and return it held twice what was in use. Two heaps do, and what is larger
 * than a 1080p picture goes back to the system; for smaller ones that would cost a twelfth of all
 * processor time (bench-show), since the system clears every page it gives. */
#define MAX_HEAPS         2
#define OWN_MAPPING_BYTES (4 * 1024 * 1024)

static void
set_up_memory (void)
{
#ifdef __GLIBC__
  mallopt (M_ARENA_MAX, MAX_HEAPS);
  mallopt (M_MMAP_THRESHOLD, OWN_MAPPING_BYTES);
#endif
}

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
  set_up_memory ();
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
  set_up_memory ();
  return gst_init_get_option_group ();
}

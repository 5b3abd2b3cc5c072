/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-recording-private.h"

/* 255 bytes is what file systems take; date, number and ending need some of them. */
#define MAX_TITLE_BYTES 170

/* A title as a file name: what file systems or shells would trip over becomes a space, and so do several. */
static char *
to_file_name (const char *title)
{
  g_autofree char *name = g_strdup (title);
  char *end = name;

  for (const char *c = name; *c != '\0'; c++) {
    const gboolean odd = strchr ("/\\:*?\"<>| ", *c) != NULL || g_ascii_iscntrl (*c);

    if (!odd)
      *end++ = *c;
    else if (end > name && end[-1] != ' ')
      *end++ = ' ';
  }
  *end = '\0';
  g_strstrip (name);
  if (strlen (name) > MAX_TITLE_BYTES) {
    end = g_utf8_find_prev_char (name, name + MAX_TITLE_BYTES);
    name[end != NULL ? end - name : 0] = '\0';
    g_strchomp (name);
  }
  /* What FAT has no room for at the end of a name. */
  while (g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
  return *name != '\0' && *name != '.' ? g_steal_pointer (&name) : g_strdup ("Régie");
}

/**
 * _engine_recording_make_name:
 * @title: anything, in UTF-8
 *
 * Returns: (transfer full): a name for files of now, such as `2026-11-22 1400 Title`
 */
char *
_engine_recording_make_name (const char *title)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d %H%M");
  g_autofree char *name = to_file_name (title);

  return g_strdup_printf ("%s %s", date, name);
}

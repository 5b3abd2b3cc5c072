/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-files.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVENT_SUFFIX ".regie"

/**
 * show_files_is_alone:
 * @path: where an event is
 *
 * Returns: whether the desktop handed out this file and nothing beside it, as it does to a sandbox
 */
gboolean
show_files_is_alone (const char *path)
{
  g_autofree char *documents = g_build_filename (g_get_user_runtime_dir (), "doc/", NULL);
  const char *below = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  /* A file is at ID/NAME there; what is in a folder is at ID/FOLDER/NAME. */
  if (!g_str_has_prefix (path, documents))
    return FALSE;
  below = strchr (path + strlen (documents), '/');
  return below != NULL && strchr (below + 1, '/') == NULL;
}

static gboolean
is_missing (EventFile *event, const char *name)
{
  g_autofree char *path = NULL;

  if (name == NULL || g_path_is_absolute (name) || g_str_has_prefix (name, "~/") ||
      strstr (name, "://") != NULL)
    return FALSE;
  path = event_file_resolve (event, name);
  return access (path, R_OK) != 0;
}

static const char *
find_in_posts (EventFile *event)
{
  const EventPosts *posts = event_file_get_posts (event);

  for (guint i = 0; posts != NULL && i < posts->networks->len; i++) {
    const EventNetwork *network = posts->networks->pdata[i];

    if (is_missing (event, network->file))
      return network->file;
  }
  return NULL;
}

/**
 * show_files_find_missing:
 * @event: an event
 *
 * Returns: (transfer full) (nullable): the first of the files beside the event, as it names them, that
 *   cannot be read; `NULL` if all can
 */
char *
show_files_find_missing (EventFile *event)
{
  const EventGraphics *graphics = NULL;
  GPtrArray *sources = NULL, *shots = NULL;

  g_return_val_if_fail (EVENT_IS_FILE (event), NULL);

  sources = event_file_get_sources (event);
  for (guint i = 0; i < sources->len; i++) {
    const EventSource *source = sources->pdata[i];
    const char *names[] = { source->file, source->picture, source->uri };

    for (gsize k = 0; k < G_N_ELEMENTS (names); k++) {
      if (is_missing (event, names[k]))
        return g_strdup (names[k]);
    }
  }
  shots = event_file_get_shots (event);
  for (guint i = 0; i < shots->len; i++) {
    const EventShot *shot = shots->pdata[i];

    if (is_missing (event, shot->background))
      return g_strdup (shot->background);
  }
  graphics = event_file_get_graphics (event);
  if (is_missing (event, graphics->logo))
    return g_strdup (graphics->logo);
  return g_strdup (find_in_posts (event));
}

/* The desktop gives a sandbox a file under another name than the folder in which it is. */
static gboolean
is_same (const char *path, const char *other)
{
  struct stat a, b;

  return stat (path, &a) == 0 && stat (other, &b) == 0 && S_ISREG (a.st_mode) &&
         S_ISREG (b.st_mode) && a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

/**
 * show_files_make_name:
 * @event: an event
 * @path: a file that somebody chose for it
 *
 * Returns: (transfer full): how the event should name it: what is beside the event, or below, by its
 *   name alone, so that the folder can be taken to another computer
 */
char *
show_files_make_name (EventFile *event, const char *path)
{
  const char *event_path = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *name = NULL;
  g_autofree char *beside = NULL;

  g_return_val_if_fail (EVENT_IS_FILE (event), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  event_path = event_file_get_path (event);
  if (event_path == NULL)
    return g_strdup (path);
  folder = g_path_get_dirname (event_path);
  if (g_str_has_prefix (path, folder) && path[strlen (folder)] == '/')
    return g_strdup (path + strlen (folder) + 1);
  name = g_path_get_basename (path);
  beside = g_build_filename (folder, name, NULL);
  return show_files_is_alone (path) && is_same (path, beside) ? g_steal_pointer (&name)
                                                              : g_strdup (path);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(const char *const *) a, *(const char *const *) b);
}

/**
 * show_files_list_events:
 * @folder: a folder's path
 *
 * Returns: (transfer full): the names of the events in it, sorted; none if it cannot be read
 */
GStrv
show_files_list_events (const char *folder)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GDir) entries = NULL;
  const char *name = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  entries = g_dir_open (folder, 0, NULL); /* then there are none */
  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_str_has_suffix (name, EVENT_SUFFIX) && *name != '.' &&
        g_file_test (path, G_FILE_TEST_IS_REGULAR))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_sort (names, compare);
  g_ptr_array_add (names, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "common-util.h"
#include "event-address.h"
#include "event-contents.h"
#include "event-file.h"
#include "event-json.h"

#define MAX_FILE_BYTES (4 * 1024 * 1024)

/**
 * EventFile:
 *
 * What is prepared beforehand: the event as a `.regie` file says it.
 *
 * A file that loads is right in every part this version knows. What it does not know it keeps, in
 * its place, for the next time it is saved. All calls belong to the main thread; the records live as
 * long as the file and do not change.
 */
struct _EventFile {
  GObject parent_instance;
  char *path; /* (nullable) absolute */
  JsonNode *root;
  EventContents *contents;
};

G_DEFINE_FINAL_TYPE (EventFile, event_file, G_TYPE_OBJECT)

G_DEFINE_QUARK (event_error, event_error)

enum {
  PROP_0,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
event_file_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  EventFile *self = EVENT_FILE (object);

  switch (property_id) {
  case PROP_TITLE:
    g_value_set_string (value, self->contents != NULL ? self->contents->title : NULL);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
event_file_finalize (GObject *object)
{
  EventFile *self = EVENT_FILE (object);

  g_free (self->path);
  g_clear_pointer (&self->root, json_node_unref);
  g_clear_pointer (&self->contents, event_contents_free);
  G_OBJECT_CLASS (event_file_parent_class)->finalize (object);
}

static void
event_file_class_init (EventFileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = event_file_get_property;
  object_class->finalize = event_file_finalize;

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
event_file_init (EventFile *self)
{
}

/* Reads a whole ordinary file, but never more than an event file can be. */
static GBytes *
read_file (const char *path, const char *name, GError **error)
{
  g_autofree char *text = g_malloc (MAX_FILE_BYTES + 1);
  gsize length = 0;
  gssize n_read = 0;
  struct stat status = { 0 };
  /* Opening must not wait for the other end of a pipe. */
  const int fd = open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  const char *problem = NULL;

  if (fd < 0) {
    g_set_error (error, EVENT_ERROR, EVENT_ERROR_UNREADABLE,
                 "%s: cannot be opened, expected an event file: %s", name, g_strerror (errno));
    return NULL;
  }
  if (fstat (fd, &status) != 0)
    problem = g_strerror (errno);
  else if (S_ISDIR (status.st_mode))
    problem = "it is a folder";
  else if (!S_ISREG (status.st_mode))
    problem = "it is not an ordinary file";

  while (problem == NULL && length <= MAX_FILE_BYTES) {
    n_read = read (fd, text + length, MAX_FILE_BYTES + 1 - length);
    if (n_read < 0 && errno != EINTR)
      problem = g_strerror (errno);
    else if (n_read == 0)
      break;
    length += (gsize) MAX (n_read, 0);
  }
  close (fd);
  if (length > MAX_FILE_BYTES)
    problem = "it is larger than 4 MiB";
  if (problem != NULL) {
    g_set_error (error, EVENT_ERROR, EVENT_ERROR_UNREADABLE,
                 "%s: cannot be read, expected an event file: %s", name, problem);
    return NULL;
  }
  return g_bytes_new (text, length);
}

/**
 * event_file_load:
 * @path: (type filename): an event file
 *
 * Fails with `EVENT_ERROR_UNREADABLE`, or as [ctor@Event.File.parse] does.
 *
 * Returns: (transfer full): the event; `NULL` on error
 */
EventFile *
event_file_load (const char *path, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  name = g_filename_display_basename (path);
  bytes = read_file (path, name, error);
  if (bytes == NULL)
    return NULL;
  /* GBytes has no data when it is empty. */
  return event_file_parse (g_bytes_get_size (bytes) > 0 ? g_bytes_get_data (bytes, NULL) : "",
                           (gssize) g_bytes_get_size (bytes), path, error);
}

/**
 * event_file_parse:
 * @json: what an event file holds
 * @length: its bytes, or −1 if it ends with a zero byte
 * @path: (nullable) (type filename): where it is: names it in messages, and media paths are relative
 *   to its folder
 *
 * Fails with `EVENT_ERROR_SYNTAX` if it is not JSON, `EVENT_ERROR_VERSION` if a newer Régie wrote it
 * and `EVENT_ERROR_INVALID` if a value is wrong. The message is one sentence that names the file, the
 * line and column or the JSON path, and what was expected.
 *
 * Returns: (transfer full): the event; `NULL` on error
 */
EventFile *
event_file_parse (const char *json, gssize length, const char *path, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (EventContents) contents = NULL;
  EventFile *self = NULL;
  const gsize n_bytes = length >= 0 ? (gsize) length : json != NULL ? strlen (json) : 0;

  g_return_val_if_fail (json != NULL, NULL);

  name = path != NULL ? g_filename_display_basename (path) : g_strdup ("event");
  if (n_bytes > MAX_FILE_BYTES) {
    g_set_error (error, EVENT_ERROR, EVENT_ERROR_UNREADABLE,
                 "%s: is larger than 4 MiB, expected an event file", name);
    return NULL;
  }
  root = event_json_parse (json, n_bytes, name, error);
  if (root != NULL)
    contents = event_contents_new (root, name, error);
  if (contents == NULL)
    return NULL;

  self = g_object_new (EVENT_TYPE_FILE, NULL);
  self->path = path != NULL ? g_canonicalize_filename (path, NULL) : NULL;
  self->root = g_steal_pointer (&root);
  self->contents = g_steal_pointer (&contents);
  return self;
}

/**
 * event_file_to_json:
 * @self: an event
 *
 * Returns: (transfer full): what saving would write
 */
char *
event_file_to_json (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return event_json_write (self->root);
}

/**
 * event_file_save:
 * @self: an event
 * @path: (nullable) (type filename): where to; `NULL` for where it came from
 *
 * Replaces the file at once or not at all, and what @self is relative to is @path from then on.
 *
 * Fails with `EVENT_ERROR_UNWRITABLE`; then the file at @path is as it was.
 *
 * Returns: whether it is saved
 */
gboolean
event_file_save (EventFile *self, const char *path, GError **error)
{
  g_autofree char *full_path = NULL;
  g_autofree char *real_path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) reason = NULL;
  GStatBuf status = { 0 };
  int mode = 0644;

  g_return_val_if_fail (EVENT_IS_FILE (self), FALSE);
  g_return_val_if_fail (path != NULL || self->path != NULL, FALSE);

  full_path = g_canonicalize_filename (path != NULL ? path : self->path, NULL);
  /* What a link points to is replaced, not the link, and keeps who may read it. */
  real_path = realpath (full_path, NULL);
  if (real_path != NULL && g_stat (real_path, &status) == 0)
    mode = status.st_mode & 0777;

  text = event_json_write (self->root);
  if (!g_file_set_contents_full (real_path != NULL ? real_path : full_path, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, mode,
                                 &reason)) {
    g_autofree char *name = g_filename_display_basename (full_path);

    g_set_error (error, EVENT_ERROR, EVENT_ERROR_UNWRITABLE, "%s: cannot be saved: %s", name,
                 reason->message);
    return FALSE;
  }
  common_set_string (&self->path, full_path);
  return TRUE;
}

/**
 * event_file_get_path:
 *
 * Returns: (nullable) (type filename): where the event is, absolute; `NULL` if nowhere yet
 */
const char *
event_file_get_path (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return self->path;
}

/**
 * event_file_resolve:
 * @self: an event
 * @relative_path: a path or address as the event file has it
 *
 * Returns: (transfer full): an absolute path: relative to the event file's folder, or to the home
 *   folder if it begins with `~/`; an address such as `rtsp://…` stays as it is
 */
char *
event_file_resolve (EventFile *self, const char *relative_path)
{
  g_autofree char *folder = NULL;

  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);
  g_return_val_if_fail (relative_path != NULL, NULL);

  if (event_address_is_uri (relative_path))
    return g_strdup (relative_path);
  if (g_str_has_prefix (relative_path, "~/"))
    return g_canonicalize_filename (relative_path + 2, g_get_home_dir ());
  if (self->path != NULL)
    folder = g_path_get_dirname (self->path);
  return g_canonicalize_filename (relative_path, folder);
}

const char *
event_file_get_title (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return self->contents->title;
}

/* A title as the event file can have it, whatever someone typed or pasted. */
static char *
clean_title (const char *title)
{
  g_autofree char *valid = g_utf8_make_valid (title, -1);
  g_autoptr (GString) clean = g_string_new (NULL);
  glong n_chars = 0;

  for (const char *at = valid; *at != '\0' && n_chars < EVENT_MAX_TITLE_CHARS;
       at = g_utf8_next_char (at), n_chars++) {
    const gunichar character = g_utf8_get_char (at);

    g_string_append_unichar (clean, g_unichar_iscntrl (character) ? ' ' : character);
  }
  return g_strstrip (g_string_free (g_steal_pointer (&clean), FALSE));
}

/**
 * event_file_set_title:
 * @self: an event
 * @title: its new title: cut at 200 characters, line breaks become spaces; an empty one is ignored
 *
 * Changes the event, not the file: see [method@Event.File.save].
 */
void
event_file_set_title (EventFile *self, const char *title)
{
  g_autofree char *clean = NULL;

  g_return_if_fail (EVENT_IS_FILE (self));
  g_return_if_fail (title != NULL);

  clean = clean_title (title);
  if (*clean == '\0' || !common_set_string (&self->contents->title, clean))
    return;
  json_object_set_string_member (json_node_get_object (self->root), "title", clean);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

/**
 * event_file_get_language:
 *
 * Returns: the code of the event's language, such as `fr`; `en` if not said
 */
const char *
event_file_get_language (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return self->contents->language;
}

const EventProgram *
event_file_get_program (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return &self->contents->program;
}

const EventGraphics *
event_file_get_graphics (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return &self->contents->graphics;
}

const EventRecording *
event_file_get_recording (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return &self->contents->recording;
}

const EventPosts *
event_file_get_posts (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return &self->contents->posts;
}

const EventLivePage *
event_file_get_live_page (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return &self->contents->live_page;
}

/**
 * event_file_get_sources:
 *
 * Returns: (transfer none) (element-type EventSource): one at least
 */
GPtrArray *
event_file_get_sources (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return self->contents->sources;
}

/**
 * event_file_get_shots:
 *
 * Returns: (transfer none) (element-type EventShot): one at least
 */
GPtrArray *
event_file_get_shots (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return self->contents->shots;
}

/**
 * event_file_get_talks:
 *
 * Returns: (transfer none) (element-type EventTalk): perhaps none, as the file orders them
 */
GPtrArray *
event_file_get_talks (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return self->contents->talks;
}

/**
 * event_file_get_destinations:
 *
 * Returns: (transfer none) (element-type EventDestination): perhaps none
 */
GPtrArray *
event_file_get_destinations (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return self->contents->destinations;
}

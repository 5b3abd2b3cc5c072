/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common-util.h"
#include "event-address.h"
#include "event-file-private.h"
#include "event-json.h"

G_DEFINE_FINAL_TYPE (EventFile, event_file, G_TYPE_OBJECT)

G_DEFINE_QUARK (event_error, event_error)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_MODIFIED,
  PROP_SAVABLE,
  PROP_PATH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint changed_signal;

static void
event_file_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  EventFile *self = EVENT_FILE (object);

  switch (property_id) {
  case PROP_TITLE:
    g_value_set_string (value, self->contents != NULL ? self->contents->title : NULL);
    break;
  case PROP_MODIFIED:
    g_value_set_boolean (value, event_file_get_modified (self));
    break;
  case PROP_SAVABLE:
    g_value_set_boolean (value, self->savable);
    break;
  case PROP_PATH:
    g_value_set_string (value, self->path);
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
  g_clear_pointer (&self->past_contents, g_ptr_array_unref);
  g_queue_clear_full (&self->past, (GDestroyNotify) g_ptr_array_unref);
  G_OBJECT_CLASS (event_file_parent_class)->finalize (object);
}

static void
event_file_class_init (EventFileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = event_file_get_property;
  object_class->finalize = event_file_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, ro);
  properties[PROP_MODIFIED] = g_param_spec_boolean ("modified", NULL, NULL, FALSE, ro);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, ro);
  properties[PROP_SAVABLE] = g_param_spec_boolean ("savable", NULL, NULL, FALSE, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  changed_signal = g_signal_new ("changed", EVENT_TYPE_FILE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
event_file_init (EventFile *self)
{
  g_queue_init (&self->past);
  self->past_contents = g_ptr_array_new_with_free_func ((GDestroyNotify) event_contents_free);
}

/* Returns: (transfer full): how messages name the file */
char *
_event_file_get_name (EventFile *self)
{
  return self->path != NULL ? g_filename_display_basename (self->path) : g_strdup ("event");
}

/* Régie's own files are nobody's to change, and a file is replaced by another one beside it. */
static gboolean
is_savable (const char *path)
{
  g_autofree char *real_path = realpath (path, NULL);
  g_autofree char *folder = g_path_get_dirname (real_path != NULL ? real_path : path);
  struct stat status = { 0 };

  return real_path != NULL && !common_is_data_file (real_path) && stat (real_path, &status) == 0 &&
         status.st_uid == geteuid () && access (real_path, W_OK) == 0 && access (folder, W_OK) == 0;
}

void
_event_file_set_path (EventFile *self, const char *path)
{
  const gboolean savable = path != NULL && is_savable (path);

  if (common_set_string (&self->path, path))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
  if (self->savable == savable)
    return;
  self->savable = savable;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAVABLE]);
}

/* Any thread. */
void
_event_file_get_stamp (const char *path, EventStamp *stamp)
{
  struct stat status = { 0 };

  *stamp = (EventStamp){ 0 };
  if (stat (path, &status) != 0)
    return;
  stamp->device = status.st_dev;
  stamp->inode = status.st_ino;
  stamp->size = status.st_size;
  stamp->modified_ns =
    (gint64) status.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + status.st_mtim.tv_nsec;
}

/* Something is not in the file. */
void
_event_file_add_change (EventFile *self)
{
  self->n_changes++;
  if (self->n_changes == self->n_saved + 1)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODIFIED]);
}

/* So many changes are in the file. */
void
_event_file_set_saved (EventFile *self, guint64 n_changes)
{
  const gboolean modified = event_file_get_modified (self);

  self->n_saved = MAX (self->n_saved, n_changes);
  if (event_file_get_modified (self) != modified)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODIFIED]);
}

void
_event_file_tell_changed (EventFile *self)
{
  g_signal_emit (self, changed_signal, 0);
}

/* Reads a whole ordinary file, but never more than an event file can be. */
static GBytes *
read_file (const char *path, const char *name, GError **error)
{
  g_autofree char *text = g_malloc (EVENT_MAX_FILE_BYTES + 1);
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

  while (problem == NULL && length <= EVENT_MAX_FILE_BYTES) {
    n_read = read (fd, text + length, EVENT_MAX_FILE_BYTES + 1 - length);
    if (n_read < 0 && errno != EINTR)
      problem = g_strerror (errno);
    else if (n_read == 0)
      break;
    length += (gsize) MAX (n_read, 0);
  }
  close (fd);
  if (length > EVENT_MAX_FILE_BYTES)
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
  EventStamp stamp = { 0 };
  EventFile *self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  name = g_filename_display_basename (path);
  _event_file_get_stamp (path, &stamp);
  bytes = read_file (path, name, error);
  if (bytes == NULL)
    return NULL;
  /* GBytes has no data when it is empty. */
  self = event_file_parse (g_bytes_get_size (bytes) > 0 ? g_bytes_get_data (bytes, NULL) : "",
                           (gssize) g_bytes_get_size (bytes), path, error);
  if (self != NULL)
    self->stamp = stamp;
  return self;
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
  if (n_bytes > EVENT_MAX_FILE_BYTES) {
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
  if (path != NULL) {
    g_autofree char *full_path = g_canonicalize_filename (path, NULL);

    _event_file_set_path (self, full_path);
  }
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
 * event_file_get_modified:
 *
 * Returns: whether there is something that is not in the file
 */
gboolean
event_file_get_modified (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), FALSE);

  return self->n_changes != self->n_saved;
}

/**
 * event_file_set_unsaved:
 * @self: an event that was parsed from something else than its file
 *
 * Has it saved where it can be, or else said to be modified.
 */
void
event_file_set_unsaved (EventFile *self)
{
  g_return_if_fail (EVENT_IS_FILE (self));

  _event_file_add_change (self);
}

/**
 * event_file_get_savable:
 *
 * Returns: whether it can be saved where it is: it is the user's own, can be written, and does not
 *   come with Régie
 */
gboolean
event_file_get_savable (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), FALSE);

  return self->savable;
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
  _event_file_add_change (self);
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

const EventAlarms *
event_file_get_alarms (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return &self->contents->alarms;
}

const EventGuests *
event_file_get_guests (EventFile *self)
{
  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  return &self->contents->guests;
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

/**
 * event_file_find_destination:
 * @self: an event
 * @id: (nullable): an id
 *
 * Returns: (transfer none) (nullable): the destination of that id, if there is one
 */
const EventDestination *
event_file_find_destination (EventFile *self, const char *id)
{
  GPtrArray *destinations = NULL;

  g_return_val_if_fail (EVENT_IS_FILE (self), NULL);

  destinations = self->contents->destinations;
  for (guint i = 0; id != NULL && i < destinations->len; i++) {
    const EventDestination *destination = destinations->pdata[i];

    if (g_str_equal (destination->id, id))
      return destination;
  }
  return NULL;
}

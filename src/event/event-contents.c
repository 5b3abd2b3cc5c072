/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "event-address.h"
#include "event-list.h"
#include "event-network.h"

#define MAX_SHOTS        32
#define MAX_TALKS        200
#define MAX_DESTINATIONS 16
#define MAX_SPEAKERS     20

#define MAX_HOST_CHARS   253
#define MAX_DATE_CHARS   64

#define DEFAULT_COLOUR   "#3584e4"
#define DEFAULT_LANGUAGE "en"
#define DEFAULT_ADDRESS  "127.0.0.1"
#define DEFAULT_PORT     8088

#define MAX_PLACE_CHARS  200
#define MAX_FONT_CHARS   200
#define MAX_SHOWN_S      600

/* In the order of their enums. */
static const char *const styles[] = { "plate", "band", "line", NULL };

static void
talk_free (EventTalk *self)
{
  g_free (self->title);
  g_strfreev (self->speakers);
  g_free (self->affiliation);
  g_clear_pointer (&self->start, g_date_time_unref);
  g_clear_pointer (&self->end, g_date_time_unref);
  g_free (self);
}

/**
 * event_contents_free:
 * @self: the records
 */
void
event_contents_free (EventContents *self)
{
  g_free (self->title);
  g_free (self->language);
  g_free (self->graphics.logo);
  g_free (self->graphics.colour);
  g_free (self->graphics.font);
  g_free (self->graphics.music);
  g_free (self->recording.folder);
  g_free (self->recording.second_folder);
  event_posts_clear (&self->posts);
  g_free (self->live_page.address);
  event_alarms_clear (&self->alarms);
  event_guests_clear (&self->guests);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->shots, g_ptr_array_unref);
  g_clear_pointer (&self->talks, g_ptr_array_unref);
  g_clear_pointer (&self->destinations, g_ptr_array_unref);
  g_free (self);
}

/* Returns: (transfer full) (nullable): the time under @key, `NULL` if it is not there */
static GDateTime *
read_time (EventReader *reader, JsonObject *object, const char *key)
{
  g_autofree char *text = event_reader_optional_string (reader, object, key, MAX_DATE_CHARS);
  GDateTime *time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (text != NULL && time == NULL)
    event_reader_fail (
      reader, key, "is “%s”, expected a date, time and time zone such as 2026-11-22T14:00:00+01:00",
      text);
  return time;
}

static gpointer
read_talk (EventReader *reader, JsonObject *object, gpointer user_data)
{
  EventTalk *self = g_new0 (EventTalk, 1);

  self->title = event_reader_string (reader, object, "title", EVENT_MAX_TITLE_CHARS, NULL);
  self->speakers =
    event_reader_strings (reader, object, "speakers", MAX_SPEAKERS, EVENT_MAX_TITLE_CHARS);
  self->affiliation = event_reader_optional_string (reader, object, "affiliation", MAX_PLACE_CHARS);
  self->start = read_time (reader, object, "start");
  self->end = read_time (reader, object, "end");
  if (self->start != NULL && self->end != NULL && g_date_time_compare (self->end, self->start) <= 0)
    event_reader_fail (reader, "end", "is not after the start, expected a later time");
  return self;
}

static void
read_program (EventReader *reader, JsonObject *object, EventProgram *self)
{
  self->width_px = event_reader_int (reader, object, "width", 320, 3840, 1920);
  self->height_px = event_reader_int (reader, object, "height", 180, 2160, 1080);
  self->rate_fps = event_reader_int (reader, object, "rate", 10, 60, 30);
  self->video_kbps = event_reader_int (reader, object, "video-kbps", 200, 50000, 4500);
  self->audio_kbps = event_reader_int (reader, object, "audio-kbps", 32, 320, 128);
  if (self->width_px % 2 != 0)
    event_reader_fail (reader, "width", "is %d, expected an even number", self->width_px);
  if (self->height_px % 2 != 0)
    event_reader_fail (reader, "height", "is %d, expected an even number", self->height_px);
}

static void
read_graphics (EventReader *reader, JsonObject *object, EventGraphics *self)
{
  self->logo = event_reader_optional_string (reader, object, "logo", EVENT_MAX_PATH_CHARS);
  self->logo_position = (EventCorner) event_reader_choice (reader, object, "logo-position",
                                                           event_corners, EVENT_CORNER_TOP_RIGHT);
  self->logo_size =
    event_reader_double (reader, object, "logo-size", EVENT_MIN_LOGO_SIZE, EVENT_MAX_LOGO_SIZE, 1);
  self->logo_opacity =
    event_reader_double (reader, object, "logo-opacity", EVENT_MIN_LOGO_OPACITY, 1, 1);
  self->colour = event_reader_colour (reader, object, "colour", DEFAULT_COLOUR);
  self->font = event_reader_optional_string (reader, object, "font", MAX_FONT_CHARS);
  self->style =
    (EventStyle) event_reader_choice (reader, object, "style", styles, EVENT_STYLE_PLATE);
  self->name_s = event_reader_int (reader, object, "name-s", 0, MAX_SHOWN_S, 0);
  self->post_s = event_reader_int (reader, object, "post-s", 0, MAX_SHOWN_S, 0);
  self->music = event_reader_optional_string (reader, object, "music", EVENT_MAX_PATH_CHARS);
}

static void
read_recording (EventReader *reader, JsonObject *object, EventRecording *self)
{
  self->folder = event_reader_optional_string (reader, object, "folder", EVENT_MAX_PATH_CHARS);
  self->second_folder =
    event_reader_optional_string (reader, object, "second-folder", EVENT_MAX_PATH_CHARS);
  self->enabled = event_reader_boolean (reader, object, "enabled", TRUE);
  if (json_object_has_member (object, "video-kbps"))
    self->video_kbps = event_reader_int (reader, object, "video-kbps", 200, 100000, 0);
  self->clean_program = event_reader_boolean (reader, object, "clean-program", FALSE);
  self->sources = event_reader_boolean (reader, object, "sources", FALSE);
  self->tracks = event_reader_boolean (reader, object, "tracks", FALSE);
  self->talks = event_reader_boolean (reader, object, "talks", TRUE);
}

static void
read_live_page (EventReader *reader, JsonObject *object, EventLivePage *self)
{
  self->address = event_reader_string (reader, object, "address", MAX_HOST_CHARS, DEFAULT_ADDRESS);
  self->port = event_reader_int (reader, object, "port", 0, 65535, DEFAULT_PORT);
  event_address_check_own (reader, "address", self->address);
}

static char *
read_language (EventReader *reader, JsonObject *top)
{
  char *language =
    event_reader_string (reader, top, "language", EVENT_MAX_ID_CHARS, DEFAULT_LANGUAGE);

  if (language != NULL &&
      !g_regex_match_simple ("^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$", language, 0, 0))
    event_reader_fail (reader, "language", "is “%s”, expected a language's code such as fr or en",
                       language);
  return language;
}

static GPtrArray *
read_list (EventReader *reader, JsonObject *top, const char *key, guint fewest, guint most,
           EventReaderFunc read_record, gpointer free_record, EventContents *contents)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  EventList list = { .contents = contents, .ids = ids };

  return event_reader_records (reader, top, key, fewest, most, read_record,
                               (GDestroyNotify) free_record, &list);
}

static EventContents *
read_contents (EventReader *reader, JsonObject *top)
{
  EventContents *self = g_new0 (EventContents, 1);

  self->title = event_reader_string (reader, top, "title", EVENT_MAX_TITLE_CHARS, NULL);
  self->language = read_language (reader, top);
  EVENT_READER_SECTION (reader, top, "program", read_program, &self->program);
  EVENT_READER_SECTION (reader, top, "graphics", read_graphics, &self->graphics);
  self->sources = read_list (reader, top, "sources", 1, EVENT_MAX_SOURCES, event_source_read,
                             (gpointer) event_source_free, self);
  self->shots = read_list (reader, top, "shots", 1, MAX_SHOTS, event_shot_read,
                           (gpointer) event_shot_free, self);
  event_shot_give_keys (reader, self);
  event_source_check_films (reader, self);
  self->talks =
    read_list (reader, top, "talks", 0, MAX_TALKS, read_talk, (gpointer) talk_free, self);
  self->destinations = read_list (reader, top, "destinations", 0, MAX_DESTINATIONS,
                                  event_destination_read, (gpointer) event_destination_free, self);
  EVENT_READER_SECTION (reader, top, "recording", read_recording, &self->recording);
  EVENT_READER_SECTION (reader, top, "posts", event_posts_read, &self->posts);
  self->live_page.enabled = json_object_has_member (top, "live-page");
  EVENT_READER_SECTION (reader, top, "live-page", read_live_page, &self->live_page);
  EVENT_READER_SECTION (reader, top, "alarms", event_alarms_read, &self->alarms);
  EVENT_READER_SECTION (reader, top, "guests", event_guests_read, &self->guests);
  event_guests_check (reader, self);
  return self;
}

/* A newer Régie's file is told from a wrong one before anything else is looked at. */
static gboolean
check_version (EventReader *reader, JsonObject *top)
{
  JsonNode *node = json_object_get_member (top, "regie");

  gint64 version = 0;

  if (node == NULL) {
    event_reader_fail (reader, "regie", "is missing, expected 1, the version of the event file");
    return FALSE;
  }
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    version = json_node_get_int (node);
  if (version < EVENT_VERSION)
    event_reader_fail_value (reader, "regie", node, "1, the version of the event file");
  else if (version > EVENT_VERSION)
    reader->error = g_error_new (EVENT_ERROR, EVENT_ERROR_VERSION,
                                 "%s: regie is %" G_GINT64_FORMAT ", expected %d: the file was "
                                 "written by a newer Régie, update this one",
                                 reader->name, version, EVENT_VERSION);
  return reader->error == NULL;
}

/**
 * event_contents_new:
 * @root: the tree of an event file
 * @name: how messages name the file
 *
 * Reads and checks everything in the file that this version knows.
 *
 * Fails with `EVENT_ERROR_VERSION` or `EVENT_ERROR_INVALID`.
 *
 * Returns: (transfer full): the records; `NULL` on error
 */
EventContents *
event_contents_new (JsonNode *root, const char *name, GError **error)
{
  g_autoptr (EventContents) self = NULL;
  EventReader reader;

  g_return_val_if_fail (root != NULL && name != NULL, NULL);

  event_reader_init (&reader, name);
  if (!JSON_NODE_HOLDS_OBJECT (root))
    event_reader_fail_value (&reader, NULL, root, "an object { \"regie\": 1, … }");
  else if (check_version (&reader, json_node_get_object (root)))
    self = read_contents (&reader, json_node_get_object (root));

  if (reader.error != NULL) {
    g_propagate_error (error, g_steal_pointer (&reader.error));
    g_clear_pointer (&self, event_contents_free);
  }
  event_reader_clear (&reader);
  return g_steal_pointer (&self);
}

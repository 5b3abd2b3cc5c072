/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "event-address.h"
#include "event-list.h"

/* What comes in: the entries of “sources”. */

#define MAX_DEVICE_CHARS   500
#define MAX_MODE_CHARS     100
#define MAX_SENTENCE_CHARS 200
#define MAX_DATE_CHARS     64

#define MAX_CROP           0.45
#define DEFAULT_BACKGROUND "#1e2430"

/* In the order of their enums. */
static const char *const kinds[] = { "camera", "uri",  "still", "drawn", "slides", "screen",
                                     "film",   "card", "guest", "whip",  "whep",   NULL };
static const char *const drawings[] = { "speaker", "slides", "guest", NULL };
static const char *const follows[] = { "always", "seen", "never", NULL };
static const char *const channels[] = { "stereo", "left", "right", "both", NULL };
static const char *const web_schemes[] = { "https", "http", NULL };
static const char *const cards[] = { "text", "clock", "countdown", NULL };

/**
 * event_source_free:
 * @self: a source's record
 */
void
event_source_free (EventSource *self)
{
  g_free (self->id);
  g_free (self->title);
  g_free (self->mode);
  g_free (self->file);
  g_free (self->then);
  g_free (self->text);
  g_free (self->until);
  g_free (self->background);
  g_free (self->device);
  g_free (self->sound);
  g_free (self->uri);
  g_free (self->screen_of);
  g_free (self->picture);
  g_free (self);
}

static void
read_crop (EventReader *reader, JsonObject *object, EventPicture *self)
{
  self->crop_left = event_reader_double (reader, object, "left", 0, MAX_CROP, 0);
  self->crop_top = event_reader_double (reader, object, "top", 0, MAX_CROP, 0);
  self->crop_right = event_reader_double (reader, object, "right", 0, MAX_CROP, 0);
  self->crop_bottom = event_reader_double (reader, object, "bottom", 0, MAX_CROP, 0);
}

static void
read_picture_settings (EventReader *reader, JsonObject *object, EventPicture *self)
{
  self->rotate_deg = event_reader_int (reader, object, "rotate", 0, 270, 0);
  if (self->rotate_deg % 90 != 0)
    event_reader_fail (reader, "rotate", "is %d, expected one of 0, 90, 180, 270",
                       self->rotate_deg);
  EVENT_READER_SECTION (reader, object, "crop", read_crop, self);
  self->zoom = event_reader_double (reader, object, "zoom", 1, 8, 1);
  self->zoom_x = event_reader_double (reader, object, "zoom-x", 0, 1, 0.5);
  self->zoom_y = event_reader_double (reader, object, "zoom-y", 0, 1, 0.5);
  self->mirror = event_reader_boolean (reader, object, "mirror", FALSE);
  self->brightness = event_reader_double (reader, object, "brightness", -1, 1, 0);
  self->contrast = event_reader_double (reader, object, "contrast", 0, 2, 1);
  self->saturation = event_reader_double (reader, object, "saturation", 0, 2, 1);
  self->temperature = event_reader_double (reader, object, "temperature", -1, 1, 0);
  self->tint = event_reader_double (reader, object, "tint", -1, 1, 0);
  self->delay_ms = event_reader_int (reader, object, "delay-ms", 0, 1000, 0);
}

/* A film that nobody sees yet must not be heard either, nor a guest who was not called. */
static EventSoundFollows
get_usual_follows (EventSourceKind kind)
{
  switch (kind) {
  case EVENT_SOURCE_CAMERA:
  case EVENT_SOURCE_URI:
  case EVENT_SOURCE_STILL:
  case EVENT_SOURCE_DRAWN:
  case EVENT_SOURCE_SLIDES:
  case EVENT_SOURCE_SCREEN:
  case EVENT_SOURCE_CARD:
    return EVENT_SOUND_ALWAYS;
  case EVENT_SOURCE_FILM:
  case EVENT_SOURCE_GUEST:
  case EVENT_SOURCE_WHIP:
  case EVENT_SOURCE_WHEP:
    return EVENT_SOUND_SEEN;
  }
  g_return_val_if_reached (EVENT_SOUND_ALWAYS);
}

static void
read_sound_settings (EventReader *reader, JsonObject *object, EventSource *source)
{
  EventSound *self = &source->sound_settings;
  const EventSoundFollows usual = get_usual_follows (source->kind);

  self->follows =
    (EventSoundFollows) event_reader_choice (reader, object, "follows", follows, (int) usual);
  self->pan = event_reader_double (reader, object, "pan", -1, 1, 0);
  self->delay_ms = event_reader_int (reader, object, "delay-ms", -1000, 1000, 0);
  self->low_cut = event_reader_boolean (reader, object, "low-cut", FALSE);
  self->noise_suppression = event_reader_boolean (reader, object, "noise-suppression", FALSE);
  self->gain_control = event_reader_boolean (reader, object, "gain-control", FALSE);
  self->compressor = event_reader_boolean (reader, object, "compressor", FALSE);
  self->channels = (EventChannels) event_reader_choice (reader, object, "channels", channels,
                                                        EVENT_CHANNELS_STEREO);
}

static void
read_camera (EventReader *reader, JsonObject *object, EventSource *self)
{
  self->device = event_reader_string (reader, object, "device", MAX_DEVICE_CHARS, "default");
  self->sound = event_reader_string (reader, object, "sound", MAX_DEVICE_CHARS, "default");
  self->mode = event_reader_optional_string (reader, object, "mode", MAX_MODE_CHARS);
  if (self->mode != NULL &&
      !g_regex_match_simple ("^[1-9][0-9]{1,4}x[1-9][0-9]{1,4}(@[0-9]{1,3}([./][0-9]{1,5})?)?"
                             "( [a-z0-9]+)?$",
                             self->mode, G_REGEX_DOLLAR_ENDONLY, 0))
    event_reader_fail (reader, "mode", "is “%.60s”, expected one such as 1280x720@30 jpeg",
                       self->mode);
}

static void
read_film (EventReader *reader, JsonObject *object, EventSource *self)
{
  self->file = event_reader_string (reader, object, "file", EVENT_MAX_PATH_CHARS, NULL);
  self->loop = event_reader_boolean (reader, object, "loop", FALSE);
  self->then = event_reader_optional_string (reader, object, "then", EVENT_MAX_ID_CHARS);
}

static void
check_until (EventReader *reader, const char *until)
{
  g_autoptr (GDateTime) time = NULL;

  if (until == NULL ||
      g_regex_match_simple ("^([01]?[0-9]|2[0-3]):[0-5][0-9]$", until, G_REGEX_DOLLAR_ENDONLY, 0))
    return;
  time = g_date_time_new_from_iso8601 (until, NULL);
  if (time == NULL)
    event_reader_fail (
      reader, "until",
      "is “%s”, expected a time of the day such as 14:00, or a date, time and time "
      "zone such as 2026-11-22T14:00:00+01:00",
      until);
}

static void
read_card (EventReader *reader, JsonObject *object, EventSource *self)
{
  self->card = (EventCard) event_reader_choice (reader, object, "card", cards, EVENT_CARD_TEXT);
  self->text = event_reader_text (reader, object, "text", MAX_SENTENCE_CHARS);
  self->background = event_reader_colour (reader, object, "background", DEFAULT_BACKGROUND);
  if (self->card != EVENT_CARD_COUNTDOWN)
    return;
  self->until = event_reader_string (reader, object, "until", MAX_DATE_CHARS, NULL);
  check_until (reader, self->until);
}

static void
read_kind (EventReader *reader, JsonObject *object, EventSource *self)
{
  switch (self->kind) {
  case EVENT_SOURCE_CAMERA:
    read_camera (reader, object, self);
    break;
  case EVENT_SOURCE_URI:
    self->uri = event_reader_string (reader, object, "uri", EVENT_MAX_ADDRESS_CHARS, NULL);
    self->loop = event_reader_boolean (reader, object, "loop", FALSE);
    event_address_check_source (reader, "uri", self->uri);
    break;
  case EVENT_SOURCE_STILL:
    self->picture = event_reader_string (reader, object, "picture", EVENT_MAX_PATH_CHARS, NULL);
    break;
  case EVENT_SOURCE_DRAWN:
    self->drawing = (EventDrawing) event_reader_choice (reader, object, "drawing", drawings,
                                                        EVENT_DRAWING_SPEAKER);
    break;
  case EVENT_SOURCE_SLIDES:
    self->file = event_reader_string (reader, object, "file", EVENT_MAX_PATH_CHARS, NULL);
    break;
  case EVENT_SOURCE_SCREEN:
    break;
  case EVENT_SOURCE_FILM:
    read_film (reader, object, self);
    break;
  case EVENT_SOURCE_CARD:
    read_card (reader, object, self);
    break;
  case EVENT_SOURCE_GUEST:
    self->screen_of =
      event_reader_optional_string (reader, object, "screen-of", EVENT_MAX_ID_CHARS);
    break;
  case EVENT_SOURCE_WHIP:
    break;
  case EVENT_SOURCE_WHEP:
    self->uri = event_reader_string (reader, object, "uri", EVENT_MAX_ADDRESS_CHARS, NULL);
    event_address_check_destination (reader, "uri", self->uri, web_schemes);
    break;
  }
}

/**
 * event_source_read:
 * @reader: a reader
 * @object: an entry of “sources”
 * @list: an EventList
 *
 * Returns: (transfer full): the record
 */
gpointer
event_source_read (EventReader *reader, JsonObject *object, gpointer list)
{
  EventSource *self = g_new0 (EventSource, 1);

  self->id = event_list_read_id (reader, object, list);
  self->title = event_list_read_title (reader, object, self->id);
  self->kind = (EventSourceKind) event_reader_choice (reader, object, "kind", kinds, -1);
  self->volume_db = event_reader_double (reader, object, "volume-db", -60, 12, 0);
  self->muted = event_reader_boolean (reader, object, "muted", FALSE);
  self->delay_ms = event_reader_int (reader, object, "delay-ms", 0, 5000, -1);
  EVENT_READER_SECTION (reader, object, "picture-settings", read_picture_settings,
                        &self->picture_settings);
  EVENT_READER_SECTION (reader, object, "sound-settings", read_sound_settings, self);
  read_kind (reader, object, self);
  return self;
}

/**
 * event_source_check_films:
 * @reader: a reader, at the top of the file
 * @contents: sources and shots
 *
 * What a film goes on with is a shot.
 */
void
event_source_check_films (EventReader *reader, const EventContents *contents)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; i < contents->shots->len; i++)
    g_ptr_array_add (ids, ((EventShot *) contents->shots->pdata[i])->id);
  g_ptr_array_add (ids, NULL);

  for (guint i = 0; i < contents->sources->len && reader->error == NULL; i++) {
    const EventSource *source = contents->sources->pdata[i];
    g_autofree char *key = g_strdup_printf ("sources[%u].then", i);
    g_autofree char *hint = NULL;

    if (source->then == NULL || g_strv_contains ((const char *const *) ids->pdata, source->then))
      continue;
    hint = event_reader_suggest (source->then, (const char *const *) ids->pdata);
    event_reader_fail (reader, key, "is “%s”, expected the id of a shot%s", source->then, hint);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-source-config.h"
#include "show-texts.h"
#include "show-until.h"

static EngineSourceKind
to_kind (EventSourceKind kind)
{
  switch (kind) {
  case EVENT_SOURCE_CAMERA:
    return ENGINE_SOURCE_CAMERA;
  case EVENT_SOURCE_URI:
    return ENGINE_SOURCE_URI;
  case EVENT_SOURCE_STILL:
    return ENGINE_SOURCE_STILL;
  case EVENT_SOURCE_DRAWN:
    return ENGINE_SOURCE_DRAWN;
  case EVENT_SOURCE_SLIDES:
    return ENGINE_SOURCE_SLIDES;
  case EVENT_SOURCE_SCREEN:
    return ENGINE_SOURCE_SCREEN;
  case EVENT_SOURCE_FILM:
    return ENGINE_SOURCE_FILM;
  case EVENT_SOURCE_CARD:
    return ENGINE_SOURCE_CARD;
  case EVENT_SOURCE_GUEST:
  case EVENT_SOURCE_WHIP:
  case EVENT_SOURCE_WHEP:
    return ENGINE_SOURCE_REMOTE;
  }
  g_return_val_if_reached (ENGINE_SOURCE_DRAWN);
}

static EngineDrawingKind
to_drawing (EventDrawing drawing)
{
  switch (drawing) {
  case EVENT_DRAWING_SPEAKER:
    return ENGINE_DRAWING_SPEAKER;
  case EVENT_DRAWING_SLIDES:
    return ENGINE_DRAWING_SLIDES;
  case EVENT_DRAWING_GUEST:
    return ENGINE_DRAWING_GUEST;
  }
  g_return_val_if_reached (ENGINE_DRAWING_SPEAKER);
}

static EngineCardKind
to_card (EventCard card)
{
  switch (card) {
  case EVENT_CARD_TEXT:
    return ENGINE_CARD_TEXT;
  case EVENT_CARD_CLOCK:
    return ENGINE_CARD_CLOCK;
  case EVENT_CARD_COUNTDOWN:
    return ENGINE_CARD_COUNTDOWN;
  }
  g_return_val_if_reached (ENGINE_CARD_TEXT);
}

static EngineFollow
to_follow (EventSoundFollows follows)
{
  switch (follows) {
  case EVENT_SOUND_ALWAYS:
    return ENGINE_FOLLOW_ALWAYS;
  case EVENT_SOUND_SEEN:
    return ENGINE_FOLLOW_SEEN;
  case EVENT_SOUND_NEVER:
    return ENGINE_FOLLOW_NEVER;
  }
  g_return_val_if_reached (ENGINE_FOLLOW_ALWAYS);
}

static EnginePictureSettings
to_picture_settings (const EventPicture *picture)
{
  return (EnginePictureSettings){
    .rotate_deg = picture->rotate_deg,
    .crop_left = picture->crop_left,
    .crop_top = picture->crop_top,
    .crop_right = picture->crop_right,
    .crop_bottom = picture->crop_bottom,
    .zoom = picture->zoom,
    .zoom_x = picture->zoom_x,
    .zoom_y = picture->zoom_y,
    .mirror = picture->mirror,
    .brightness = picture->brightness,
    .contrast = picture->contrast,
    .saturation = picture->saturation,
    .temperature = picture->temperature,
    .tint = picture->tint,
    .delay_ms = picture->delay_ms,
  };
}

static EngineChannels
to_channels (EventChannels channels)
{
  switch (channels) {
  case EVENT_CHANNELS_STEREO:
    return ENGINE_CHANNELS_STEREO;
  case EVENT_CHANNELS_LEFT:
    return ENGINE_CHANNELS_LEFT;
  case EVENT_CHANNELS_RIGHT:
    return ENGINE_CHANNELS_RIGHT;
  case EVENT_CHANNELS_BOTH:
    return ENGINE_CHANNELS_BOTH;
  }
  g_return_val_if_reached (ENGINE_CHANNELS_STEREO);
}

static EngineSoundSettings
to_sound_settings (const EventSound *sound)
{
  return (EngineSoundSettings){
    .follows = to_follow (sound->follows),
    .pan = sound->pan,
    .delay_ms = sound->delay_ms,
    .low_cut = sound->low_cut,
    .noise_suppression = sound->noise_suppression,
    .gain_control = sound->gain_control,
    .compressor = sound->compressor,
    .channels = to_channels (sound->channels),
  };
}

/* An address as GStreamer wants it: a path becomes a file URI. */
static char *
to_uri (EventFile *event, const char *address)
{
  g_autofree char *scheme = g_uri_parse_scheme (address);
  g_autofree char *path = NULL;

  if (scheme != NULL)
    return g_strdup (address);
  path = event_file_resolve (event, address);
  return g_filename_to_uri (path, NULL, NULL); /* an absolute path always can be */
}

/* A countdown goes on to the moment it was begun with, however often the event is edited. */
static gint64
to_until_s (EventFile *event, const EventSource *source, const ShowSourceConfig *before)
{
  g_autoptr (GDateTime) now = show_until_get_now (event_file_get_talks (event));
  gint64 until_s = 0;

  if (source->until == NULL)
    return 0;
  if (before != NULL && g_strcmp0 (before->until, source->until) == 0)
    return before->config.until_s;
  if (!show_until_parse (source->until, now, &until_s))
    g_return_val_if_reached (0); /* the event file was checked */
  return until_s;
}

/* In microseconds GLib has it, and in whole seconds time zones are. */
static int
get_utc_offset_s (EventFile *event)
{
  g_autoptr (GDateTime) now = show_until_get_now (event_file_get_talks (event));

  return (int) (g_date_time_get_utc_offset (now) / G_TIME_SPAN_SECOND);
}

/**
 * show_source_config_new:
 * @event: the event
 * @source: one of its sources
 * @before: (nullable): what the same source was before it was edited
 *
 * Returns: (transfer full): what the engine is to know of it
 */
ShowSourceConfig *
show_source_config_new (EventFile *event, const EventSource *source, const ShowSourceConfig *before)
{
  const EventGraphics *graphics = event_file_get_graphics (event);
  g_autofree char *uri = source->uri != NULL ? to_uri (event, source->uri) : NULL;
  g_autofree char *picture =
    source->picture != NULL ? event_file_resolve (event, source->picture) : NULL;
  g_autofree char *file = source->file != NULL ? event_file_resolve (event, source->file) : NULL;
  const EngineSourceConfig config = {
    .id = source->id,
    .title = source->title,
    .kind = to_kind (source->kind),
    .picture_settings = to_picture_settings (&source->picture_settings),
    .sound_settings = to_sound_settings (&source->sound_settings),
    .mode = source->mode,
    .file = file,
    .card = to_card (source->card),
    .text = source->text,
    .until_s = to_until_s (event, source, before),
    .utc_offset_s = get_utc_offset_s (event),
    .background = source->background,
    .colour = graphics->colour,
    .font = graphics->font,
    .device = source->device,
    .sound = source->sound,
    .uri = uri,
    .stands_still = source->screen_of != NULL,
    .loop = source->loop,
    .picture = picture,
    .drawing = to_drawing (source->drawing),
    .delay_ms = source->delay_ms,
    .volume_db = source->volume_db,
    .muted = source->muted,
    .lost_sentence = show_texts_get (event_file_get_language (event), SHOW_TEXT_LOST),
  };
  ShowSourceConfig *self = g_new0 (ShowSourceConfig, 1);

  engine_source_config_copy (&self->config, &config);
  self->until = g_strdup (source->until);
  return self;
}

void
show_source_config_free (ShowSourceConfig *self)
{
  engine_source_config_clear (&self->config);
  g_free (self->until);
  g_free (self);
}

/**
 * show_source_config_is_same_source:
 * @self: a source
 * @other: the same source, edited
 *
 * Returns: whether what is captured or drawn is the same, so that it can go on as it runs; title,
 *   fader and settings may differ
 */
gboolean
show_source_config_is_same_source (const ShowSourceConfig *self, const ShowSourceConfig *other)
{
  const EngineSourceConfig *a = &self->config, *b = &other->config;
  const char *const texts[][2] = {
    { a->mode, b->mode },     { a->file, b->file },       { a->text, b->text },
    { a->device, b->device }, { a->sound, b->sound },     { a->background, b->background },
    { a->uri, b->uri },       { a->picture, b->picture },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    if (g_strcmp0 (texts[i][0], texts[i][1]) != 0)
      return FALSE;
  }
  return a->kind == b->kind && a->card == b->card && a->until_s == b->until_s &&
         a->loop == b->loop && a->drawing == b->drawing && a->delay_ms == b->delay_ms;
}

static gboolean
are_equal (double a, double b)
{
  return !(a < b || a > b);
}

/**
 * show_source_config_is_seen_alike:
 * @self: a source
 * @other: the same source, edited
 *
 * Returns: whether the event treats its picture in the same way
 */
gboolean
show_source_config_is_seen_alike (const ShowSourceConfig *self, const ShowSourceConfig *other)
{
  const EnginePictureSettings *a = &self->config.picture_settings;
  const EnginePictureSettings *b = &other->config.picture_settings;
  const double numbers[][2] = {
    { a->crop_left, b->crop_left },
    { a->crop_top, b->crop_top },
    { a->crop_right, b->crop_right },
    { a->crop_bottom, b->crop_bottom },
    { a->zoom, b->zoom },
    { a->zoom_x, b->zoom_x },
    { a->zoom_y, b->zoom_y },
    { a->brightness, b->brightness },
    { a->contrast, b->contrast },
    { a->saturation, b->saturation },
    { a->temperature, b->temperature },
    { a->tint, b->tint },
  };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    if (!are_equal (numbers[i][0], numbers[i][1]))
      return FALSE;
  }
  return a->rotate_deg == b->rotate_deg && a->mirror == b->mirror && a->delay_ms == b->delay_ms;
}

/**
 * show_source_config_is_heard_alike:
 * @self: a source
 * @other: the same source, edited
 *
 * Returns: whether the event treats its sound in the same way
 */
gboolean
show_source_config_is_heard_alike (const ShowSourceConfig *self, const ShowSourceConfig *other)
{
  const EngineSoundSettings *a = &self->config.sound_settings, *b = &other->config.sound_settings;

  return a->follows == b->follows && are_equal (a->pan, b->pan) && a->delay_ms == b->delay_ms &&
         a->low_cut == b->low_cut && a->noise_suppression == b->noise_suppression &&
         a->gain_control == b->gain_control && a->compressor == b->compressor &&
         a->channels == b->channels;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-bridge.h"
#include "engine-devices.h"
#include "engine-drawing.h"

G_BEGIN_DECLS

typedef enum {
  ENGINE_SOURCE_CAMERA,
  ENGINE_SOURCE_URI,
  ENGINE_SOURCE_STILL,
  ENGINE_SOURCE_DRAWN,
  ENGINE_SOURCE_SLIDES,
  ENGINE_SOURCE_SCREEN,
  ENGINE_SOURCE_FILM,
  ENGINE_SOURCE_CARD,
  ENGINE_SOURCE_REMOTE, /* nothing is captured: see engine_source_open_remote () */
} EngineSourceKind;

typedef enum {
  ENGINE_CARD_TEXT,
  ENGINE_CARD_CLOCK,
  ENGINE_CARD_COUNTDOWN,
} EngineCardKind;

/**
 * EngineSourceConfig:
 *
 * What a source is. Strings are borrowed, but in a copy.
 */
typedef struct {
  const char *id;
  const char *title;
  EngineSourceKind kind;
  EnginePictureSettings picture_settings;
  EngineSoundSettings sound_settings;
  const char *mode;          /* camera: nullable: chosen by itself */
  int screen_fd;             /* screen: a connection to PipeWire; below 0: the X server's */
  guint screen_node;         /* screen: what to read from that connection */
  const char *file;          /* slides: a PDF's or a folder's path; film: a file's */
  EngineCardKind card;       /* card */
  const char *text;          /* card: what it says, perhaps empty */
  gint64 until_s;            /* countdown: seconds since 1970 */
  int utc_offset_s;          /* clock: how far east of UTC it is read, in seconds */
  const char *background;    /* card: “#rrggbb” */
  const char *colour;        /* of cards, a lost signal’s too: the event’s, “#rrggbb” */
  const char *font;          /* the same, nullable: a font family */
  const char *device;        /* camera: a device's id or "default" */
  const char *sound;         /* camera: a microphone's id, "default" or "none" */
  const char *uri;           /* uri: absolute */
  gboolean loop;             /* uri: play again at its end */
  const char *picture;       /* still: a file's path */
  EngineDrawingKind drawing; /* drawn */
  gboolean stands_still;     /* remote: a screen, on which perhaps nothing moves for a long time */
  int delay_ms;              /* from capture to the mix; −1 for the kind's own */
  double volume_db;
  gboolean muted;
  const char *lost_sentence; /* what the card says while nothing comes in */
} EngineSourceConfig;

/* A camera and its microphone fail, and come back, each by itself. */
typedef enum {
  ENGINE_PART_MAIN,  /* the picture of a camera; all of the other kinds */
  ENGINE_PART_SOUND, /* the microphone of a camera */
  ENGINE_N_PARTS,
} EnginePart;

void engine_source_config_copy (EngineSourceConfig *to, const EngineSourceConfig *from);
void engine_source_config_clear (EngineSourceConfig *config);
EngineTiming engine_capture_get_timing (const EngineSourceConfig *config);
int engine_capture_get_delay_ms (const EngineSourceConfig *config);
EnginePipeline *engine_capture_build (const EngineSourceConfig *config, EnginePart part,
                                      EngineClock *clock, EngineBridge *bridge,
                                      const EngineFormat *format, char **device_id, GError **error);
EngineDeviceKind engine_capture_get_device_kind (EnginePart part);

G_END_DECLS

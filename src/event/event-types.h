/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * EventError:
 * @EVENT_ERROR_UNREADABLE: the file is not there, cannot be read, or is too large
 * @EVENT_ERROR_SYNTAX: the file is not JSON; the message names file, line and column
 * @EVENT_ERROR_VERSION: the file was written by a newer Régie
 * @EVENT_ERROR_INVALID: a value is missing, of the wrong type, out of range or refers to nothing;
 *   the message names file, JSON path and what was expected
 * @EVENT_ERROR_UNWRITABLE: the file cannot be saved
 */
typedef enum {
  EVENT_ERROR_UNREADABLE,
  EVENT_ERROR_SYNTAX,
  EVENT_ERROR_VERSION,
  EVENT_ERROR_INVALID,
  EVENT_ERROR_UNWRITABLE,
} EventError;

#define EVENT_ERROR (event_error_quark ())
GQuark event_error_quark (void);

typedef enum {
  EVENT_SOURCE_CAMERA,
  EVENT_SOURCE_URI,
  EVENT_SOURCE_STILL,
  EVENT_SOURCE_DRAWN,
} EventSourceKind;

typedef enum {
  EVENT_LAYOUT_FULL,
  EVENT_LAYOUT_SIDE_BY_SIDE,
  EVENT_LAYOUT_PICTURE_IN_PICTURE,
  EVENT_LAYOUT_SLIDES_AND_SPEAKER,
  EVENT_LAYOUT_PAUSE,
} EventLayout;

typedef enum {
  EVENT_CORNER_TOP_LEFT,
  EVENT_CORNER_TOP_RIGHT,
  EVENT_CORNER_BOTTOM_LEFT,
  EVENT_CORNER_BOTTOM_RIGHT,
} EventCorner;

typedef enum {
  EVENT_DRAWING_SPEAKER,
  EVENT_DRAWING_SLIDES,
  EVENT_DRAWING_GUEST,
} EventDrawing;

/* The records below belong to their EventFile, are never NULL where a string is not marked
 * nullable, and do not change. Paths are as written in the file: see event_file_resolve (). */

typedef struct {
  int width_px;   /* 320 to 3840, even */
  int height_px;  /* 180 to 2160, even */
  int rate_fps;   /* 10 to 60 */
  int video_kbps; /* 200 to 50000 */
  int audio_kbps; /* 32 to 320 */
} EventProgram;

typedef struct {
  char *id;
  char *title;
  EventSourceKind kind;
  char *device;         /* camera: stable id, or "default"; NULL otherwise */
  char *sound;          /* camera: microphone's stable id, "default" or "none"; NULL otherwise */
  char *uri;            /* uri: an address, or a path relative to the event file; NULL otherwise */
  gboolean loop;        /* uri */
  char *picture;        /* still: a path relative to the event file; NULL otherwise */
  EventDrawing drawing; /* drawn */
  double volume_db;     /* -60 to 12, 0 if not said */
  gboolean muted;
  int delay_ms; /* 0 to 5000: how much later than captured it is mixed; -1 if not said */
} EventSource;

typedef struct {
  char *id;
  char *title;
  EventLayout layout;
  EventCorner corner; /* picture-in-picture: the small picture's, bottom-right if not said */
  GStrv sources;      /* ids; as many as the layout has places */
} EventShot;

typedef struct {
  char *title;
  GStrv speakers;   /* perhaps empty */
  GDateTime *start; /* nullable */
  GDateTime *end;   /* nullable */
} EventTalk;

typedef struct {
  char *id;
  char *title;
  char *url;        /* rtmp://, rtmps:// or srt:// */
  gboolean has_key; /* a key is to be looked up (keyring or --secrets) under this id */
  gboolean enabled; /* TRUE if not said */
} EventDestination;

typedef struct {
  char *logo; /* nullable: a picture's path */
  EventCorner logo_position;
  char *colour; /* accent colour "#rrggbb" */
} EventGraphics;

typedef struct {
  char *folder; /* nullable: the user's Videos folder is meant */
} EventRecording;

typedef enum {
  EVENT_NETWORK_REPLAY,
} EventNetworkKind;

typedef struct {
  EventNetworkKind kind;
  char *file;   /* replay: a path relative to the event file */
  double speed; /* replay: 1 is as it was, 0.1 to 1000 */
} EventNetwork;

typedef struct {
  GStrv tags;          /* without “#” */
  GPtrArray *networks; /* (element-type EventNetwork) */
  GStrv allowed_hosts; /* hosts that posts may link to without being held back */
} EventPosts;

typedef struct {
  gboolean enabled; /* the file has a "live-page" */
  char *address;    /* "127.0.0.1" if not said */
  int port;         /* 0 (any free one) to 65535, 8088 if not said */
} EventLivePage;

G_END_DECLS

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

/* The lists of an event that can be edited while it runs. */
typedef enum {
  EVENT_ENTRIES_SOURCES,
  EVENT_ENTRIES_SHOTS,
  EVENT_ENTRIES_DESTINATIONS,
} EventEntries;

typedef enum {
  EVENT_SOURCE_CAMERA,
  EVENT_SOURCE_URI,
  EVENT_SOURCE_STILL,
  EVENT_SOURCE_DRAWN,
  EVENT_SOURCE_SLIDES, /* a PDF, or a folder of pictures, turned with keys */
  EVENT_SOURCE_SCREEN, /* a screen or window of this machine */
  EVENT_SOURCE_FILM,   /* a file that is played from its start when it is taken */
  EVENT_SOURCE_CARD,   /* a colour with a sentence, a clock or a countdown */
  EVENT_SOURCE_GUEST,  /* somebody who comes with a link, or the screen that he shares */
  EVENT_SOURCE_WHIP,   /* what a program elsewhere pushes here */
  EVENT_SOURCE_WHEP,   /* what is pulled from a relay */
} EventSourceKind;

typedef enum {
  EVENT_LAYOUT_FULL,
  EVENT_LAYOUT_SIDE_BY_SIDE,
  EVENT_LAYOUT_PICTURE_IN_PICTURE,
  EVENT_LAYOUT_SLIDES_AND_SPEAKER,
  EVENT_LAYOUT_SLIDES_AND_TWO,
  EVENT_LAYOUT_EVERYONE, /* a grid of those that are there, four at most */
  EVENT_LAYOUT_PAUSE,
} EventLayout;

#define EVENT_TYPE_LAYOUT (event_layout_get_type ())
GType event_layout_get_type (void);

typedef enum {
  EVENT_CORNER_TOP_LEFT,
  EVENT_CORNER_TOP_RIGHT,
  EVENT_CORNER_BOTTOM_LEFT,
  EVENT_CORNER_BOTTOM_RIGHT,
} EventCorner;

#define EVENT_TYPE_CORNER (event_corner_get_type ())
GType event_corner_get_type (void);

/* When a source is heard. */
typedef enum {
  EVENT_SOUND_ALWAYS,
  EVENT_SOUND_SEEN, /* only while it is seen in the program */
  EVENT_SOUND_NEVER,
} EventSoundFollows;

/* What becomes of a source's two channels. */
typedef enum {
  EVENT_CHANNELS_STEREO,
  EVENT_CHANNELS_LEFT,  /* the left one is heard on both sides */
  EVENT_CHANNELS_RIGHT, /* the right one is */
  EVENT_CHANNELS_BOTH,  /* their mean is */
} EventChannels;

typedef enum {
  EVENT_CARD_TEXT,
  EVENT_CARD_CLOCK,
  EVENT_CARD_COUNTDOWN,
} EventCard;

typedef enum {
  EVENT_STYLE_PLATE, /* a dark plate with a bar of the event's colour */
  EVENT_STYLE_BAND,  /* a band of the event's colour from edge to edge */
  EVENT_STYLE_LINE,  /* no plate: shadowed letters over a line of the event's colour */
} EventStyle;

typedef enum {
  EVENT_DRAWING_SPEAKER,
  EVENT_DRAWING_SLIDES,
  EVENT_DRAWING_GUEST,
} EventDrawing;

/* The records below belong to their EventFile, are never NULL where a string is not marked
 * nullable, and do not change. Those of sources and shots are replaced when the event is edited; old
 * ones stay for a thousand edits more, or as long as somebody has a reference to their list. Paths are
 * as written in the file: see event_file_resolve (). */

typedef struct {
  int width_px;   /* 320 to 3840, even */
  int height_px;  /* 180 to 2160, even */
  int rate_fps;   /* 10 to 60 */
  int video_kbps; /* 200 to 50000 */
  int audio_kbps; /* 32 to 320 */
} EventProgram;

/**
 * EventPicture:
 *
 * How a source's picture is treated before it is mixed, in the order of the fields.
 */
typedef struct {
  int rotate_deg;                                      /* 0, 90, 180 or 270, clockwise */
  double crop_left, crop_top, crop_right, crop_bottom; /* shares of the picture, 0 to 0.45 */
  double zoom;                                         /* 1 to 8: how much larger */
  double zoom_x, zoom_y;                               /* 0 to 1: which point stays in the middle */
  gboolean mirror;
  double brightness;  /* -1 to 1, 0 is as it came */
  double contrast;    /* 0 to 2, 1 is as it came */
  double saturation;  /* 0 to 2, 1 is as it came */
  double temperature; /* -1 (bluer) to 1 (warmer), 0 is as it came */
  double tint;        /* -1 (greener) to 1 (more magenta), 0 is as it came */
  int delay_ms;       /* 0 to 1000: how much later the picture is shown, to meet the sound */
} EventPicture;

/**
 * EventSound:
 *
 * How a source's sound is treated before it is mixed.
 */
typedef struct {
  EventSoundFollows follows; /* "always", but for films and whoever comes from outside "seen" */
  double pan;                /* -1 (left) to 1 (right) */
  int delay_ms;              /* -1000 to 1000: how much later (earlier) than the picture */
  gboolean low_cut;
  gboolean noise_suppression;
  gboolean gain_control;
  gboolean compressor;
  EventChannels channels; /* stereo if not said */
} EventSound;

typedef struct {
  char *id;
  char *title;
  EventSourceKind kind;
  EventPicture picture_settings; /* "picture-settings" */
  EventSound sound_settings;     /* "sound-settings" */
  char *mode;       /* camera: "1280x720@30 jpeg" and the like; NULL: chosen by itself */
  char *file;       /* slides: a PDF or a folder of pictures; film: a media file; NULL otherwise */
  char *then;       /* film: (nullable) the id of the shot to go to at its end */
  EventCard card;   /* card */
  char *text;       /* card: what it says, "" if not said; NULL otherwise */
  char *until;      /* card: countdown: "14:00" (today) or a date and time; NULL otherwise */
  char *background; /* card: "#rrggbb"; NULL otherwise */
  char *device;     /* camera: stable id, or "default"; NULL otherwise */
  char *sound;      /* camera: microphone's stable id, "default" or "none"; NULL otherwise */
  char *uri; /* uri: an address, or a path relative to the event file; whep: an address; or NULL */
  char *screen_of; /* guest: (nullable) it is the screen that this guest shares; NULL otherwise */
  gboolean loop;   /* uri */
  char *picture;   /* still: a path relative to the event file; NULL otherwise */
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
  GStrv sources;    /* ids; as many as the layout has places; everyone: 1 to 16 that may be there */
  int key;          /* 1 to 9: the digit that takes it; 0: none */
  char *background; /* nullable: a picture's path, behind and between the sources */
  gboolean logo;    /* TRUE if not said */
  EventCorner logo_position; /* the graphics' if not said */
  double logo_size;          /* 0.25 to 3, 1 is the usual one; the graphics' if not said */
  double logo_opacity;       /* 0.1 to 1; the graphics' if not said */
} EventShot;

typedef struct {
  char *title;
  GStrv speakers;    /* perhaps empty */
  char *affiliation; /* nullable: where they come from */
  GDateTime *start;  /* nullable */
  GDateTime *end;    /* nullable */
} EventTalk;

typedef enum {
  EVENT_DESTINATION_RTMP,
  EVENT_DESTINATION_SRT,
  EVENT_DESTINATION_WHIP,
  EVENT_DESTINATION_HLS,
} EventDestinationKind;

/* What the secret of a destination is. */
typedef enum {
  EVENT_KEY_STREAM_KEY, /* RTMP: the stream key; SRT: the stream id; WHIP, HLS: a bearer token */
  EVENT_KEY_PASSPHRASE, /* SRT: what the stream is encrypted with */
  EVENT_KEY_PASSWORD,   /* HLS: "name:password" */
} EventKeyKind;

typedef struct {
  char *id;
  char *title;
  EventDestinationKind kind;
  char *service;    /* which platform it is, such as "youtube"; "own" if not said */
  char *url;        /* rtmp(s)://, srt://, or http(s):// for WHIP and HLS; for HLS also a path */
  char *backup_url; /* nullable: RTMP and SRT: where to go while the first does not answer */
  char *watch;      /* nullable: where the audience sees it */
  gboolean has_key; /* a key is to be looked up (keyring or --secrets) under this id */
  EventKeyKind key_kind;
  gboolean ts_segments; /* HLS: MPEG-TS instead of fragmented MP4 */
  int latency_ms;       /* SRT: 20 to 8000, 200 if not said */
  gboolean enabled;     /* TRUE if not said */
} EventDestination;

typedef struct {
  char *logo; /* nullable: a picture's path */
  EventCorner logo_position;
  double logo_size;
  double logo_opacity;
  char *colour; /* accent colour "#rrggbb" */
  char *font;   /* nullable: a font family */
  EventStyle style;
  int name_s;  /* 0 to 600: how long a name stays; 0: until it is taken off; 0 if not said */
  int post_s;  /* 0 to 600: the same for a post; 0 if not said */
  char *music; /* nullable: what the audience hears during a pause; a media file */
} EventGraphics;

typedef struct {
  char *folder;           /* nullable: the user's Videos folder is meant */
  char *second_folder;    /* nullable: where to go on when the first is full or gone */
  gboolean enabled;       /* TRUE if not said: a show is recorded */
  int video_kbps;         /* 200 to 100000: an encoding of its own; 0 if not said: the program's */
  gboolean clean_program; /* the program without graphics as well */
  gboolean sources;       /* each source as it came as well */
  gboolean tracks;        /* each source's sound as well */
  gboolean talks;         /* TRUE if not said: a file for each talk */
} EventRecording;

typedef enum {
  EVENT_NETWORK_REPLAY,
  EVENT_NETWORK_MASTODON,
  EVENT_NETWORK_BLUESKY,
  EVENT_NETWORK_X,
  EVENT_NETWORK_YOUTUBE,
  EVENT_NETWORK_TWITCH,
  EVENT_NETWORK_OWNCAST,
} EventNetworkKind;

typedef struct {
  EventNetworkKind kind;
  char *file;          /* replay: a path relative to the event file */
  double speed;        /* replay: 1 is as it was, 0.1 to 1000 */
  char *server;        /* its address; bluesky: nullable: one of its own streams is meant */
  char *profiles;      /* bluesky: where profiles are */
  char *video;         /* youtube: the id of the video whose chat is meant */
  char *channel;       /* twitch: the channel whose chat is meant */
  gboolean has_key;    /* its token is in the keyring, for @server */
  double max_cost_usd; /* x: what may be spent */
} EventNetwork;

/**
 * EventApproval:
 * @EVENT_APPROVAL_MANUAL: a human says yes to each post
 * @EVENT_APPROVAL_TRUSTED: what trusted authors write is approved by itself, but the first 20 posts
 */
typedef enum {
  EVENT_APPROVAL_MANUAL,
  EVENT_APPROVAL_TRUSTED,
} EventApproval;

typedef struct {
  GStrv off;           /* rules that hold nothing back */
  GStrv languages;     /* of two letters; empty: any */
  GStrv hidden_words;  /* words or phrases, `*` is any end of a word */
  GStrv held_words;    /* the same */
  GStrv allowed_words; /* the same: they count for no rule about words */
} EventRules;

typedef struct {
  GStrv tags;          /* without “#” */
  GPtrArray *networks; /* (element-type EventNetwork) */
  GStrv allowed_hosts; /* hosts that posts may link to without being held back */
  EventApproval approval;
  EventRules rules;
  int rotation_s; /* 0 to 3600: from one post of the rotation to the next, nothing is on screen */
} EventPosts;

/**
 * EventAlarms:
 *
 * Of what the operator is warned.
 */
typedef struct {
  gboolean off_air; /* before and after the show as well */
  int silence_s;    /* 3 to 120, 8 if not said: how much silence is an alarm */
  GStrv ignored;    /* kinds that are not wanted, as alarms are called in the status line */
} EventAlarms;

typedef struct {
  char *address;          /* such as "turn:turn.example.org:3478?transport=udp" */
  char *user;             /* its password, or the shared secret, is to be looked up */
  gboolean shared_secret; /* credentials are made from a secret, and last for a day only */
} EventTurn;

/**
 * EventGuests:
 *
 * How guests reach Régie.
 */
typedef struct {
  char *address;             /* where the page is served over http, "127.0.0.1" if not said */
  int port;                  /* 0 (any free one) to 65534, 8085 if not said; https is one above */
  gboolean lan;              /* guests in the same network reach it, over https */
  char *certificate;         /* nullable: a file; made by Régie if not said */
  char *certificate_key;     /* nullable, as the certificate is */
  char *public_address;      /* nullable: where the page is seen from far away, https:// */
  GStrv tunnel;              /* perhaps empty: a command and its arguments */
  GStrv stun;                /* perhaps empty: "stun:stun.example.org:3478" */
  GPtrArray *turn;           /* (element-type EventTurn): perhaps empty */
  gboolean relay_only;       /* media goes through TURN, never directly */
  int most;                  /* 1 to 16, 4 if not said: so many are there at once */
  gboolean green_room_hears; /* who waits hears the others who wait */
  char *view;                /* nullable: the id of the source that is “the room” to guests */
} EventGuests;

typedef struct {
  gboolean enabled; /* the file has a "live-page" */
  char *address;    /* "127.0.0.1" if not said */
  int port;         /* 0 (any free one) to 65535, 8088 if not said */
} EventLivePage;

G_END_DECLS

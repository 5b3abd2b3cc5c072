/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * EngineError:
 * @ENGINE_ERROR_MISSING_ELEMENT: a GStreamer element is not installed; the message names it
 * @ENGINE_ERROR_MISSING_CODEC: what encodes or decodes a format is not installed
 * @ENGINE_ERROR_STREAM: a pipeline failed, starting or running
 * @ENGINE_ERROR_NOT_FOUND: a device, file or host is not there
 * @ENGINE_ERROR_REFUSED: the other side answered and said no: a wrong key, a closed stream
 * @ENGINE_ERROR_STALLED: nothing failed, but nothing came or went for too long
 * @ENGINE_ERROR_DISK_FULL: the recording has no room left
 * @ENGINE_ERROR_UNWRITABLE: the recording's folder cannot be written
 * @ENGINE_ERROR_UNSUPPORTED: a format, address or device of a kind that Régie does not know
 * @ENGINE_ERROR_TOO_LONG: a text that nobody could read on screen
 * @ENGINE_ERROR_NAME: a server's name is not known
 * @ENGINE_ERROR_CLOSED_AT_ONCE: a server takes the connection and closes it again at once: the key
 *   is probably wrong. It is tried again, but seldom
 * @ENGINE_ERROR_BUSY: somebody is publishing there already, with the same key
 * @ENGINE_ERROR_PASSPHRASE: the passphrase is not the server's
 * @ENGINE_ERROR_UNCALLED: it waits for the other side to call
 * @ENGINE_ERROR_CERTIFICATE_EXPIRED: a server's certificate is too old, or not valid yet
 * @ENGINE_ERROR_CERTIFICATE_HOST: it belongs to another server
 * @ENGINE_ERROR_CERTIFICATE_UNKNOWN: nobody known has signed it
 * @ENGINE_ERROR_DISK_GONE: the recording's disk was unplugged, or is broken
 * @ENGINE_ERROR_DISK_SLOW: the recording's disk takes less than is recorded
 * @ENGINE_ERROR_DISK_STALLED: the recording's disk does not answer
 * @ENGINE_ERROR_PLACE_FULL: the folder or web host that the show is published to has no room left
 * @ENGINE_ERROR_NOT_TAKEN: a server takes no picture or sound as they are sent
 * @ENGINE_ERROR_PLACE_UNWRITABLE: the folder that the show is published to cannot be written
 * @ENGINE_ERROR_SCREEN_REFUSED: whoever the desktop asked said no to showing a screen, or ended it
 * @ENGINE_ERROR_SCREEN_UNSUPPORTED: the desktop shows its screen to nobody
 * @ENGINE_ERROR_CAMERA_ASKED: the desktop asks somebody whether Régie may use cameras
 * @ENGINE_ERROR_CAMERA_REFUSED: they said no
 * @ENGINE_ERROR_CAMERA_UNREACHABLE: from inside a sandbox the desktop leads to no camera
 */
typedef enum {
  ENGINE_ERROR_MISSING_ELEMENT,
  ENGINE_ERROR_MISSING_CODEC,
  ENGINE_ERROR_STREAM,
  ENGINE_ERROR_NOT_FOUND,
  ENGINE_ERROR_REFUSED,
  ENGINE_ERROR_STALLED,
  ENGINE_ERROR_DISK_FULL,
  ENGINE_ERROR_UNWRITABLE,
  ENGINE_ERROR_UNSUPPORTED,
  ENGINE_ERROR_TOO_LONG,
  ENGINE_ERROR_NAME,
  ENGINE_ERROR_CLOSED_AT_ONCE,
  ENGINE_ERROR_BUSY,
  ENGINE_ERROR_PASSPHRASE,
  ENGINE_ERROR_UNCALLED,
  ENGINE_ERROR_CERTIFICATE_EXPIRED,
  ENGINE_ERROR_CERTIFICATE_HOST,
  ENGINE_ERROR_CERTIFICATE_UNKNOWN,
  ENGINE_ERROR_DISK_GONE,
  ENGINE_ERROR_DISK_SLOW,
  ENGINE_ERROR_DISK_STALLED,
  ENGINE_ERROR_PLACE_FULL,
  ENGINE_ERROR_PLACE_UNWRITABLE,
  ENGINE_ERROR_SCREEN_REFUSED,
  ENGINE_ERROR_SCREEN_UNSUPPORTED,
  ENGINE_ERROR_CAMERA_ASKED,
  ENGINE_ERROR_CAMERA_REFUSED,
  ENGINE_ERROR_CAMERA_UNREACHABLE,
  ENGINE_ERROR_NOT_TAKEN,
} EngineError;

#define ENGINE_TYPE_ERROR (engine_error_get_type ())
GType engine_error_get_type (void);
#define ENGINE_ERROR (engine_error_quark ())
GQuark engine_error_quark (void);

/* off → starting → live ⇄ lost (retrying) ; failed (needs a human) */
typedef enum {
  ENGINE_SOURCE_STATE_OFF,
  ENGINE_SOURCE_STATE_STARTING,
  ENGINE_SOURCE_STATE_LIVE,
  ENGINE_SOURCE_STATE_LOST,
  ENGINE_SOURCE_STATE_FAILED,
} EngineSourceState;

#define ENGINE_TYPE_SOURCE_STATE (engine_source_state_get_type ())
GType engine_source_state_get_type (void);

/* off → connecting → live ⇄ waiting (retrying by itself) ; refused (wrong key: needs a human) */
typedef enum {
  ENGINE_OUTPUT_STATE_OFF,
  ENGINE_OUTPUT_STATE_CONNECTING,
  ENGINE_OUTPUT_STATE_LIVE,
  ENGINE_OUTPUT_STATE_WAITING,
  ENGINE_OUTPUT_STATE_REFUSED,
} EngineOutputState;

typedef enum {
  ENGINE_OUTPUT_RTMP,
  ENGINE_OUTPUT_SRT,
  ENGINE_OUTPUT_WHIP,
  ENGINE_OUTPUT_HLS,
  ENGINE_OUTPUT_LIVE_PAGE,
} EngineOutputKind;

#define ENGINE_TYPE_OUTPUT_KIND (engine_output_kind_get_type ())
GType engine_output_kind_get_type (void);

/* What the secret of an output is. */
typedef enum {
  ENGINE_KEY_STREAM_KEY, /* RTMP: the stream key; SRT: the stream id; WHIP, HLS: a bearer token */
  ENGINE_KEY_PASSPHRASE, /* SRT: what the stream is encrypted with */
  ENGINE_KEY_PASSWORD,   /* HLS: "name:password" */
} EngineKeyKind;

/**
 * EngineOutputConfig:
 * @url: (nullable): the address without the key, or for HLS a folder's absolute path; `NULL` for the
 *   live page
 * @backup_url: (nullable): where to go while the first does not answer
 * @ts_segments: HLS: MPEG-TS instead of fragmented MP4
 * @latency_ms: SRT: what it may take to repair losses
 *
 * What an output is. All texts are borrowed.
 */
typedef struct {
  const char *id;
  const char *title; /* for the operator */
  EngineOutputKind kind;
  const char *url;
  const char *backup_url;
  EngineKeyKind key_kind;
  gboolean ts_segments;
  guint latency_ms;
} EngineOutputConfig;

/**
 * EngineUplink:
 * @queue_ms: what waits to be sent, in milliseconds of picture
 * @rtt_ms: how long a packet and its answer are under way; −1: not known
 * @sent_bps: what left this machine in the last second or two
 * @lost_share: what had to be sent again, 0 to 1; −1: not known
 * @congested: more is made than leaves
 *
 * How well an output gets rid of what it is given.
 */
typedef struct {
  double queue_ms;
  double rtt_ms;
  double sent_bps;
  double lost_share;
  gboolean congested;
} EngineUplink;

/**
 * EngineGap:
 * @begin_ns: the show time from which on an output got nothing
 * @begin_real_us: the same by the wall clock, in microseconds since 1970
 * @length_ms: for how long
 */
typedef struct {
  gint64 begin_ns;
  gint64 begin_real_us;
  gint64 length_ms;
} EngineGap;

/* What a private test of an upload has found. */
typedef enum {
  ENGINE_VERDICT_NONE, /* there was none */
  ENGINE_VERDICT_RUNNING,
  ENGINE_VERDICT_GOOD,
  ENGINE_VERDICT_TIGHT,    /* it fits, with nothing to spare */
  ENGINE_VERDICT_TOO_SLOW, /* it does not fit */
  ENGINE_VERDICT_REFUSED,
  ENGINE_VERDICT_UNREACHABLE,
} EngineVerdict;

#define ENGINE_TYPE_VERDICT (engine_verdict_get_type ())
GType engine_verdict_get_type (void);

/**
 * EngineUpload:
 * @wanted_bps: what the show sends, picture and sound
 * @sent_bps: what left in the test
 * @max_queue_ms: the most that waited at any time
 * @rtt_ms, @lost_share: at the end; −1: not known
 * @left_s: while it runs, the seconds still to go once connected
 *
 * A private test of an upload.
 */
typedef struct {
  EngineVerdict verdict;
  double wanted_bps;
  double sent_bps;
  double max_queue_ms;
  double rtt_ms;
  double lost_share;
  guint left_s;
} EngineUpload;

#define ENGINE_TYPE_OUTPUT_STATE (engine_output_state_get_type ())
GType engine_output_state_get_type (void);

/* off → recording → stopping ; degraded (disk low) ; stopped (disk full, or the folder went away) */
typedef enum {
  ENGINE_RECORDING_STATE_OFF,
  ENGINE_RECORDING_STATE_RECORDING,
  ENGINE_RECORDING_STATE_STOPPING,
  ENGINE_RECORDING_STATE_DEGRADED,
  ENGINE_RECORDING_STATE_STOPPED,
} EngineRecordingState;

#define ENGINE_TYPE_RECORDING_STATE (engine_recording_state_get_type ())
GType engine_recording_state_get_type (void);

/**
 * EngineFormat:
 *
 * What the program looks and sounds like. Sound is always 48 kHz stereo float inside.
 */
typedef struct {
  int width_px;
  int height_px;
  int rate_fps;
  int video_bps;
  int audio_bps;
} EngineFormat;

#define ENGINE_SAMPLE_RATE_HZ 48000
#define ENGINE_N_CHANNELS     2

/**
 * EngineRect:
 *
 * A rectangle in pixels, from the top left.
 */
typedef struct {
  int x;
  int y;
  int width;
  int height;
} EngineRect;

typedef enum {
  ENGINE_CORNER_TOP_LEFT,
  ENGINE_CORNER_TOP_RIGHT,
  ENGINE_CORNER_BOTTOM_LEFT,
  ENGINE_CORNER_BOTTOM_RIGHT,
} EngineCorner;

/* When a source is heard. */
typedef enum {
  ENGINE_FOLLOW_ALWAYS,
  ENGINE_FOLLOW_SEEN, /* only while it is seen in the program */
  ENGINE_FOLLOW_NEVER,
} EngineFollow;

#define ENGINE_TYPE_FOLLOW (engine_follow_get_type ())
GType engine_follow_get_type (void);

/**
 * EnginePictureSettings:
 *
 * How a source's picture is treated before it is mixed, in the order of the fields.
 */
typedef struct {
  int rotate_deg;                                      /* 0, 90, 180 or 270, clockwise */
  double crop_left, crop_top, crop_right, crop_bottom; /* shares of the picture, 0 to 0.45 */
  double zoom;                                         /* 1 to 8: how much larger */
  double zoom_x, zoom_y; /* 0 to 1: which point of the picture is in the middle */
  gboolean mirror;
  double brightness;  /* −1 to 1, 0 is as it came */
  double contrast;    /* 0 to 2, 1 is as it came */
  double saturation;  /* 0 to 2, 1 is as it came */
  double temperature; /* −1 (bluer) to 1 (warmer), 0 is as it came */
  double tint;        /* −1 (greener) to 1 (more magenta), 0 is as it came */
  int delay_ms;       /* 0 to 1000: how much later the picture is shown, to meet the sound */
} EnginePictureSettings;

#define ENGINE_PICTURE_SETTINGS_NEUTRAL \
  ((EnginePictureSettings){             \
    .zoom = 1, .zoom_x = 0.5, .zoom_y = 0.5, .contrast = 1, .saturation = 1 })

/* What becomes of a source's two channels. */
typedef enum {
  ENGINE_CHANNELS_STEREO, /* as they came */
  ENGINE_CHANNELS_LEFT,   /* the left one is heard on both sides */
  ENGINE_CHANNELS_RIGHT,  /* the right one is */
  ENGINE_CHANNELS_BOTH,   /* their mean is */
} EngineChannels;

/**
 * EngineSoundSettings:
 *
 * How a source's sound is treated before it is mixed; fader and mute come after it.
 */
typedef struct {
  EngineFollow follows;
  double pan;   /* −1 (left) to 1 (right) */
  int delay_ms; /* −1000 to 1000: how much later (earlier) than the picture */
  gboolean low_cut;
  gboolean noise_suppression;
  gboolean gain_control;
  gboolean compressor;
  EngineChannels channels;
} EngineSoundSettings;

/* How loud the program is, for who has no ear for it: against −16 LUFS. */
typedef enum {
  ENGINE_LOUDNESS_SILENT,
  ENGINE_LOUDNESS_QUIET, /* more than 5 LU below */
  ENGINE_LOUDNESS_GOOD,
  ENGINE_LOUDNESS_LOUD, /* more than 3 LU above */
} EngineLoudnessWord;

#define ENGINE_TYPE_LOUDNESS_WORD (engine_loudness_word_get_type ())
GType engine_loudness_word_get_type (void);

/**
 * EngineLoudness:
 * @momentary_lufs: of the last 400 ms
 * @short_lufs: of the last 3 s
 * @integrated_lufs: of the time on air, or since the show began
 * @true_peak_db: the highest peak of that time, between the samples as well, in dBTP
 * @word: what to make of it
 *
 * The program's loudness after EBU R 128. Never below −120, which is silence.
 */
typedef struct {
  double momentary_lufs;
  double short_lufs;
  double integrated_lufs;
  double true_peak_db;
  EngineLoudnessWord word;
} EngineLoudness;

/**
 * EngineFrame:
 *
 * A small picture for the window: 32-bit pixels, blue first in memory, opaque.
 * Immutable and reference counted; any thread.
 */
typedef struct {
  gatomicrefcount ref_count;
  GBytes *pixels;
  int width_px;
  int height_px;
  int stride_bytes;
} EngineFrame;

#define ENGINE_TYPE_FRAME (engine_frame_get_type ())
GType engine_frame_get_type (void);
EngineFrame *engine_frame_new (GBytes *pixels, int width_px, int height_px, int stride_bytes);
EngineFrame *engine_frame_ref (EngineFrame *self);
void engine_frame_unref (EngineFrame *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineFrame, engine_frame_unref)

const char *engine_enum_get_nick (GType type, int value);

G_END_DECLS

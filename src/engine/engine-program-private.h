/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-audio-mixer.h"
#include "engine-blinder.h"
#include "engine-chooser.h"
#include "engine-encoder.h"
#include "engine-extras.h"
#include "engine-preview-private.h"
#include "engine-program.h"
#include "engine-rendition.h"
#include "engine-return-private.h"
#include "engine-sent.h"
#include "engine-trials.h"

G_BEGIN_DECLS

/* Encodes beside the shared one. */
typedef enum {
  ENGINE_RENDITION_SECOND,    /* for destinations that can take only less */
  ENGINE_RENDITION_RECORDING, /* its own, better one */
  ENGINE_RENDITION_CLEAN,     /* without graphics, to be recorded */
  ENGINE_N_RENDITIONS,
} EngineRenditionKind;

/**
 * EngineProgram:
 *
 * What goes out: the two mixers, the encoder, and who is connected to them. It holds the parts
 * together and is what the rooms above talk to. Main thread only.
 */
struct _EngineProgram {
  GObject parent_instance;

  EngineFormat format;
  EngineClock *clock;
  EngineVideoMixer *video;
  EngineAudioMixer *audio;
  EngineFeed *feed; /* the program */
  EngineFeed *air;  /* for the audience: the program, or what a pause shows instead */
  EngineSent *sent; /* nullable: what of it is remembered, to know it again */
  EngineEncoder *encoder;
  EngineBlinder *blinder;
  EngineChooser *chooser;
  int video_bps; /* of the shared encode; the format has what was asked for */
  int audio_bps;
  GMutex rendition_lock;                            /* guards the next */
  EngineRendition *renditions[ENGINE_N_RENDITIONS]; /* nullable: not running */
  EngineFeed *second_air;                           /* as air, of the second encode */
  EngineFormat second_format;
  gboolean has_second;
  EngineFeed *record_feed; /* what is recorded: the program, or an encode of its own */
  guint record_id;
  int recording_bps;                /* 0: it has none of its own */
  gint records_own;                 /* atomic: it has now */
  EngineFeed *clean_feed;           /* without graphics */
  EngineRecording *clean_recording; /* of that */
  int clean_bps;                    /* 0: it is not recorded */
  gint n_clean_dropped;             /* atomic */
  GstBuffer *card;                  /* nullable: the pause's */
  char *music;                      /* nullable: the pause's */
  EnginePreviewer *previewer;
  EngineHeadphones *headphones;
  EngineTalkback *talkback;
  EngineReturn *guests_return;
  EngineRecording *recording;
  EngineExtras *extras; /* beside it */
  GPtrArray *sources;
  EngineTrials *trials;
  GPtrArray *outputs;
  gboolean running;
  gint levels_pending; /* atomic: a look at the levels is on its way to the main thread */
};

void _engine_program_prepare_encoding (EngineProgram *self);
void _engine_program_clear_encoding (EngineProgram *self);
void _engine_program_start_trials (EngineProgram *self);
gboolean _engine_program_encode_frame (EngineProgram *self, GstBuffer *frame);
void _engine_program_encode_sound (EngineProgram *self, const float *samples, gint64 time_ns);
gboolean _engine_program_start_rendition (EngineProgram *self, EngineRenditionKind kind,
                                          const EngineFormat *format, EngineFeed *out,
                                          GError **error);
EngineRendition *_engine_program_ref_rendition (EngineProgram *self, EngineRenditionKind kind);
void _engine_program_prepare_clean (EngineProgram *self);
void _engine_program_clear_clean (EngineProgram *self);
void _engine_program_start_clean (EngineProgram *self);
void _engine_program_stop_clean (EngineProgram *self);
void _engine_program_start_clean_recording (EngineProgram *self,
                                            const EngineRecordingConfig *config);
void _engine_program_stop_clean_recording (EngineProgram *self);
void _engine_program_set_card (EngineProgram *self, GstBuffer *card);
void _engine_program_set_music (EngineProgram *self, const char *uri);

G_END_DECLS

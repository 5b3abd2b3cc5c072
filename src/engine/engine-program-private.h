/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-audio-mixer.h"
#include "engine-blinder.h"
#include "engine-encoder.h"
#include "engine-preview-private.h"
#include "engine-program.h"
#include "engine-trials.h"

G_BEGIN_DECLS

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
  EngineFeed *feed; /* the program, for the recording */
  EngineFeed *air;  /* for everybody else: the program, or what a pause shows instead */
  EngineEncoder *encoder;
  EngineBlinder *blinder;
  EnginePreviewer *previewer;
  EngineHeadphones *headphones;
  EngineRecording *recording;
  GPtrArray *sources;
  EngineTrials *trials;
  GPtrArray *outputs;
  gboolean running;
  gint levels_pending; /* atomic: a look at the levels is on its way to the main thread */
};

G_END_DECLS

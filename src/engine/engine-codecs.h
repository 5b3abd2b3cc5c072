/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-types.h"

#include <gst/video/video.h>

G_BEGIN_DECLS

/* A closed GOP of two seconds satisfies every platform's ingest. */
#define ENGINE_GOP_SECONDS 2

/**
 * EngineCodec:
 * @factory: the element
 * @hardware: it is a chip's, and only as good as its driver: it has to pass a trial first
 * @presets: (nullable) (array zero-terminated=1): its speeds, the fastest first
 * @usual_preset: the one to take unless something else was measured
 *
 * One way to encode H.264.
 */
typedef struct _EngineCodec EngineCodec;
struct _EngineCodec {
  const char *factory;
  gboolean hardware;
  const char *const *presets;
  guint usual_preset;

  /* Private. */
  const char *parser; /* where the encoder cannot give what muxers want by itself */
  gboolean sets_level;
  guint bps_per_unit; /* of the property "bitrate" */
  void (*set_up) (GstElement *element, const EngineFormat *format);
  void (*set_bps) (GstElement *element, const EngineFormat *format); /* nullable */
};

/**
 * EngineChoice:
 * @codec: a number into the table of codecs
 * @preset: one into that codec's speeds
 * @gently: only when others leave it time
 *
 * How a picture is encoded.
 */
typedef struct {
  guint codec;
  guint preset;
  gboolean gently;
} EngineChoice;

guint engine_codecs_get_n (void);
const EngineCodec *engine_codecs_get (guint n);
gboolean engine_codec_is_installed (const EngineCodec *self);
const char *engine_choice_get_preset (const EngineChoice *choice);
gboolean engine_choice_find_usual (guint first_codec, EngineChoice *choice);

GstElement *engine_codec_build (const EngineChoice *choice, GstElement *bin, GstElement *source,
                                const GstVideoInfo *info, const EngineFormat *format,
                                GstElement **encoder, GError **error);
void engine_codec_set_bps (const EngineCodec *self, GstElement *encoder,
                           const EngineFormat *format);

G_END_DECLS

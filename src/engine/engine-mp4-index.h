/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "engine-mp4-box.h"

G_BEGIN_DECLS

#define ENGINE_MP4_VIDEO ENGINE_MP4_TYPE ('v', 'i', 'd', 'e')
#define ENGINE_MP4_AUDIO ENGINE_MP4_TYPE ('s', 'o', 'u', 'n')

/* A day at 60 pictures a second, and its sound. */
#define ENGINE_MP4_MAX_SAMPLES 12000000

/* One picture, or one packet of sound. */
typedef struct {
  guint64 offset; /* in its file */
  guint32 size;
  guint32 duration; /* in the time scale of its track */
  gint32 shift;     /* how much later than decoded it is shown */
  guint8 part;      /* which file */
  guint8 entry;     /* which of the track's descriptions */
  guint8 sync;      /* can be decoded without those before it */
} EngineMp4Sample;

typedef struct {
  guint32 id;
  guint32 handler; /* ENGINE_MP4_VIDEO, ENGINE_MP4_AUDIO, or what else there may be */
  guint32 timescale;
  guint16 width_px;
  guint16 height_px;
  gint64 start;       /* what is added to a sample's decoding time for its place in the movie */
  gint64 decoded_end; /* where the next fragment begins if nothing is missing */
  guint32 default_duration, default_size, default_flags, default_entry; /* of its fragments */
  GPtrArray *entries; /* (element-type GBytes): descriptions of samples, as they are in the file */
  GArray *samples;    /* (element-type EngineMp4Sample) */
} EngineMp4Track;

/**
 * EngineMp4Index:
 *
 * What is where in an MP4 file, fragmented or not. A file that ends in the middle of something, or
 * in rubbish, is read up to there. Any thread, one at a time.
 */
typedef struct {
  GPtrArray *tracks;   /* (element-type EngineMp4Track) */
  guint64 size;        /* of the file when it was read */
  guint64 good_end;    /* up to here it is as it should be */
  guint64 moov_offset; /* of the box that says what it is */
  guint64 moov_size;
  gboolean fragmented;
  gboolean damaged; /* its end was missing or wrong */
} EngineMp4Index;

EngineMp4Index *engine_mp4_index_read (const char *path, GCancellable *cancellable, GError **error);
void engine_mp4_index_free (EngineMp4Index *self);
EngineMp4Track *engine_mp4_index_find_track (EngineMp4Index *self, guint32 id);

gint64 engine_mp4_track_get_duration (EngineMp4Track *self);
void engine_mp4_track_free (EngineMp4Track *self);

/* Its two halves. */
gboolean engine_mp4_index_parse_moov (EngineMp4Index *self, EngineMp4Reader moov,
                                      guint64 file_size);
gboolean engine_mp4_index_parse_moof (EngineMp4Index *self, EngineMp4Reader moof,
                                      guint64 moof_offset, guint64 file_size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EngineMp4Index, engine_mp4_index_free)

G_END_DECLS

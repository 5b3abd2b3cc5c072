/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One picture or packet of sound of a file, as ffprobe sees it. */
typedef struct {
  gboolean video;
  gboolean key;
  double time_s;
  guint64 size;
} EngineTestingPacket;

/* What a recording is while it is written: fragments of half a second, a keyframe each second. */
void engine_testing_make_recording (const char *path, guint duration_s, const char *pattern,
                                    guint n_b_frames, const char *preset);

/* What programs that are not ours say of a file; a warning of theirs fails the test. */
char *engine_testing_run (const char *const *words);
char *engine_testing_probe (const char *path, const char *entries);
void engine_testing_assert_decodes (const char *path);
GArray *engine_testing_get_packets (const char *path);
GArray *engine_testing_get_track (const char *path, gboolean video);
double engine_testing_get_duration (const char *path);

G_END_DECLS

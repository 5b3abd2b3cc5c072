/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Loudness is noted ten times a second, for a hundred seconds. */
#define ENGINE_ECHO_BIN_MS 100
#define ENGINE_ECHO_N_BINS 1000

/* A picture is noted as the brightness of so many fields. */
#define ENGINE_ECHO_COLUMNS    16
#define ENGINE_ECHO_ROWS       9
#define ENGINE_ECHO_N_FIELDS   (ENGINE_ECHO_COLUMNS * ENGINE_ECHO_ROWS)
#define ENGINE_ECHO_N_PICTURES 128

/* How late something may come back to be known again. */
#define ENGINE_ECHO_MAX_DELAY_MS 90000

/* Nothing quieter, −50 dBFS, is anything that somebody hears. */
#define ENGINE_ECHO_QUIET_POWER 1e-5

typedef struct {
  gint64 time_ms;
  guint8 fields[ENGINE_ECHO_N_FIELDS];
} EngineEchoPicture;

/**
 * EngineEcho:
 *
 * What was lately seen and heard in one place: how loud it was, moment by moment, and some pictures.
 * What was sent and what came back tell together how long the way is. Plain data without a lock;
 * about 40 kB.
 */
typedef struct {
  gint64 newest_bin; /* −1: nothing was heard yet */
  double power[ENGINE_ECHO_N_BINS];
  guint n_samples[ENGINE_ECHO_N_BINS];
  EngineEchoPicture pictures[ENGINE_ECHO_N_PICTURES];
  guint n_pictures; /* that were ever noted */
} EngineEcho;

void engine_echo_init (EngineEcho *self);
void engine_echo_note_sound (EngineEcho *self, gint64 time_ms, double power, guint n_samples);
void engine_echo_note_picture (EngineEcho *self, gint64 time_ms, const guint8 *fields);
int engine_echo_find_delay (const EngineEcho *sent, const EngineEcho *back, gint64 now_ms);
int engine_echo_find_delay_of_sound (const EngineEcho *sent, const EngineEcho *back, gint64 now_ms);
int engine_echo_find_delay_of_pictures (const EngineEcho *sent, const EngineEcho *back,
                                        gint64 now_ms);
gint64 engine_echo_get_longest_quiet_ms (const EngineEcho *self, gint64 from_ms, gint64 to_ms);
guint engine_echo_get_still_ms (const EngineEcho *self, gint64 now_ms);
gboolean engine_echo_moves_throughout (const EngineEcho *self, gint64 from_ms, gint64 to_ms);

G_END_DECLS

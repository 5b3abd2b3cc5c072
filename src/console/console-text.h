/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-output.h"
#include "engine-recording.h"
#include "engine-source.h"
#include "posts-item.h"
#include "show-session.h"

G_BEGIN_DECLS

char *console_text_show_state (ShowState state, guint64 elapsed_s);
char *console_text_tally (gboolean in_program, gboolean next, ShowState state);
const char *console_text_tally_class (gboolean in_program, gboolean next, ShowState state);
char *console_text_missing_source (const char *title, gboolean has_address);
gboolean console_text_source_is_missing (EngineSourceState state, const GError *error,
                                         gboolean was_live);
char *console_text_source_state (EngineSourceState state, gboolean missing);
char *console_text_destinations (guint n_live, guint n_destinations);
char *console_text_reasons (PostsReason reasons);
char *console_text_age (gint64 age_s);
char *console_text_decibels (double level_db);
char *console_text_strip (double volume_db, gboolean muted, const EngineSoundSettings *settings);
char *console_text_loudness (const EngineLoudness *loudness);
char *console_text_time_left (gint64 left_ms);
char *console_text_format (const char *format, const char *word);
char *console_text_talk (const char *speakers, const char *title);

G_END_DECLS

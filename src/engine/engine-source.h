/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-capture.h"

G_BEGIN_DECLS

#define ENGINE_TYPE_SOURCE (engine_source_get_type ())
G_DECLARE_FINAL_TYPE (EngineSource, engine_source, ENGINE, SOURCE, GObject)

/* Properties, all on the main thread:
 *   "id", "title"                       strings
 *   "state" EngineSourceState, "error"  GError, nullable: why it is lost or failed
 *   "description"                       string: what comes in, such as “1280×720 30 fps”
 *   "has-picture", "has-sound"          booleans: it has come; a remote source's picture: it comes
 *   "volume-db" double −60…12, "muted"  the fader and the mute button, writable
 *   "solo"                              boolean, writable: heard in the headphones, before its fader
 *   "clipped"                           boolean: was too loud, until cleared
 *   "sound-settings"                    EngineSoundSettings, by pointer
 *   "on-air", "next"                    booleans: seen in the program, or in the next shot
 *   "frozen"                            boolean: the same picture again and again from a camera or a
 *                                       network, for more than four seconds
 *   "left-ms"                           int64: how long a film still lasts, a few times a second;
 *                                       −1: not a film, or not known
 *   "page", "n-pages"                   uint: of slides, from 1; 0: none
 * Signals: "levels" (): the meters moved, see engine_source_get_levels (); "ended" (): a film has
 * come to its end, and its last picture stays. */
const char *engine_source_get_id (EngineSource *self);
const char *engine_source_get_title (EngineSource *self);
EngineSourceState engine_source_get_state (EngineSource *self);
const GError *engine_source_get_error (EngineSource *self);
const char *engine_source_get_description (EngineSource *self);
gboolean engine_source_get_has_picture (EngineSource *self);
gboolean engine_source_get_has_sound (EngineSource *self);
double engine_source_get_volume_db (EngineSource *self);
void engine_source_set_volume_db (EngineSource *self, double volume_db);
gboolean engine_source_get_muted (EngineSource *self);
void engine_source_set_muted (EngineSource *self, gboolean muted);
gboolean engine_source_get_solo (EngineSource *self);
void engine_source_set_solo (EngineSource *self, gboolean solo);
const EngineSoundSettings *engine_source_get_sound_settings (EngineSource *self);
void engine_source_set_sound_settings (EngineSource *self, const EngineSoundSettings *settings);
gboolean engine_source_get_on_air (EngineSource *self);
void engine_source_set_tally (EngineSource *self, gboolean on_air, gboolean next);
void engine_source_set_picture_settings (EngineSource *self, const EnginePictureSettings *settings);
const EnginePictureSettings *engine_source_get_picture_settings (EngineSource *self);
void engine_source_get_levels (EngineSource *self, double *peak_left_db, double *peak_right_db);
void engine_source_get_held_peak (EngineSource *self, double *left_db, double *right_db);
void engine_source_get_input_levels (EngineSource *self, double *left_db, double *right_db);
gboolean engine_source_get_clipped (EngineSource *self);
void engine_source_clear_clipped (EngineSource *self);

gboolean engine_source_get_frozen (EngineSource *self);
gint64 engine_source_get_left_ms (EngineSource *self);
guint engine_source_get_page (EngineSource *self);
guint engine_source_get_n_pages (EngineSource *self);

void engine_source_set_title (EngineSource *self, const char *title);
void engine_source_reconfigure (EngineSource *self, const EngineSourceConfig *config);
void engine_source_restart (EngineSource *self);
void engine_source_turn (EngineSource *self, int n_pages);
void engine_source_play (EngineSource *self);
void engine_source_stop (EngineSource *self);
EngineBridge *engine_source_open_remote (EngineSource *self, int delay_ms);
void engine_source_close_remote (EngineSource *self, EngineBridge *bridge, const GError *why);
void engine_source_set_expecting (EngineSource *self, const char *sentence);

G_END_DECLS

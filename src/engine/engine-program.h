/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine-art.h"
#include "engine-audience.h"
#include "engine-bus.h"
#include "engine-capture.h"
#include "engine-chooser.h"
#include "engine-ear.h"
#include "engine-headphones.h"
#include "engine-output.h"
#include "engine-preview.h"
#include "engine-recording.h"
#include "engine-return.h"
#include "engine-source.h"
#include "engine-talkback.h"
#include "engine-video-mixer.h"

G_BEGIN_DECLS

/**
 * EngineSceneSpec:
 * @layout: a layout
 * @corner: for picture-in-picture
 * @sources: (array length=n_sources): what fills its places
 * @n_sources: as many as it has; for everyone 1 to %ENGINE_SCENE_MAX_SLOTS, and the first four that
 *   are there are seen
 * @card: (nullable): the pause layout's picture, of the program's size
 * @background: (nullable): what is behind and between the sources, of the program's size
 * @logo: (nullable): what is laid over them
 *
 * What a scene is to look like. All of it is borrowed; arts may be used for many scenes.
 */
typedef struct {
  EngineLayout layout;
  EngineCorner corner;
  EngineSource *const *sources;
  guint n_sources;
  const EngineArt *card;
  const EngineArt *background;
  const EngineArt *logo;
} EngineSceneSpec;

#define ENGINE_TYPE_PROGRAM (engine_program_get_type ())
G_DECLARE_FINAL_TYPE (EngineProgram, engine_program, ENGINE, PROGRAM, GObject)

/* Main thread only. Signals: "levels" (), about 20 times a second: sources and program have new
 * ones; "failed" (GError): the encoder broke and is being replaced. */
EngineProgram *engine_program_new (const EngineFormat *format);
void engine_program_start (EngineProgram *self);
void engine_program_stop (EngineProgram *self);

EngineSource *engine_program_add_source (EngineProgram *self, const EngineSourceConfig *config);
EngineSource *engine_program_try_source (EngineProgram *self, const EngineSourceConfig *config);
void engine_program_remove_source (EngineProgram *self, EngineSource *source);
EngineOutput *engine_program_add_output (EngineProgram *self, const EngineOutputConfig *config);
void engine_program_remove_output (EngineProgram *self, EngineOutput *output);
EngineRecording *engine_program_get_recording (EngineProgram *self);

EngineScene *engine_program_make_scene (EngineProgram *self, const EngineSceneSpec *spec);
gboolean engine_program_scene_shows (const EngineScene *scene, EngineSource *source);
void engine_program_take (EngineProgram *self, EngineScene *scene, EngineTransition transition,
                          guint transition_ms);
void engine_program_set_pause_music (EngineProgram *self, const char *uri);
void engine_program_pause (EngineProgram *self, EngineScene *scene);
void engine_program_resume (EngineProgram *self);
void engine_program_set_graphic (EngineProgram *self, EngineGraphic graphic, const EngineArt *art);
void engine_program_set_draft (EngineProgram *self, EngineGraphic graphic, const EngineArt *art);
void engine_program_plan_room (EngineProgram *self, const EngineScene *scene,
                               EngineSource *const *slides, guint n_slides, EngineRoomPlan *plan);

gboolean engine_program_start_encoding (EngineProgram *self, GError **error);
void engine_program_stop_encoding (EngineProgram *self);
void engine_program_set_rates (EngineProgram *self, int video_bps, int audio_bps);
void engine_program_set_video_bps (EngineProgram *self, int video_bps);
int engine_program_get_video_bps (EngineProgram *self);
void engine_program_set_recording_bps (EngineProgram *self, int video_bps);
int engine_program_get_recording_bps (EngineProgram *self);
void engine_program_set_clean_bps (EngineProgram *self, int video_bps);
int engine_program_get_clean_bps (EngineProgram *self);
guint engine_program_get_clean_dropped (EngineProgram *self);
EngineRecording *engine_program_get_clean_recording (EngineProgram *self);
void engine_program_set_second (EngineProgram *self, const EngineFormat *format);
void engine_program_set_second_bps (EngineProgram *self, int video_bps);
int engine_program_get_second_bps (EngineProgram *self);
void engine_program_set_output_second (EngineProgram *self, EngineOutput *output, gboolean second);
gboolean engine_program_lower_preset (EngineProgram *self);
const char *engine_program_get_encoder_name (EngineProgram *self);
const char *engine_program_get_encoder_preset (EngineProgram *self);
GPtrArray *engine_program_get_encoder_refusals (EngineProgram *self);
double engine_program_get_encode_cost (EngineProgram *self);
void engine_program_start_output (EngineProgram *self, EngineOutput *output, const char *key);
void engine_program_refuse_output (EngineProgram *self, EngineOutput *output, const GError *error);
void engine_program_stop_output (EngineProgram *self, EngineOutput *output);
void engine_program_test_output (EngineProgram *self, EngineOutput *output, const char *key);
void engine_program_refuse_test (EngineProgram *self, EngineOutput *output, const GError *error);
void engine_program_start_recording (EngineProgram *self, const EngineRecordingConfig *config);
void engine_program_stop_recording (EngineProgram *self);
void engine_program_list_extras (EngineProgram *self, EngineExtraFunc func, gpointer user_data);

EngineAudience *engine_program_create_audience (EngineProgram *self, const char *id,
                                                const char *uri);

void engine_program_wait_for_stopped (gint64 timeout_us);

void engine_program_get_levels (EngineProgram *self, double *peak_left_db, double *peak_right_db);
void engine_program_get_held_peak (EngineProgram *self, double *left_db, double *right_db);
gboolean engine_program_get_clipped (EngineProgram *self);
void engine_program_clear_clipped (EngineProgram *self);
void engine_program_get_loudness (EngineProgram *self, EngineLoudness *loudness);
void engine_program_restart_loudness (EngineProgram *self);
void engine_program_set_match_loudness (EngineProgram *self, gboolean match);
EngineBus *engine_program_add_bus (EngineProgram *self, EngineSource *excluded);
void engine_program_remove_bus (EngineProgram *self, EngineBus *bus);
void engine_program_set_bus_extras (EngineProgram *self, EngineBus *bus,
                                    EngineSource *const *sources, guint n_sources);
EngineTalkback *engine_program_get_talkback (EngineProgram *self);
EngineReturn *engine_program_get_return (EngineProgram *self);
EngineHeadphones *engine_program_get_headphones (EngineProgram *self);
void engine_program_set_headphones (EngineProgram *self, const char *device_id);
void engine_program_set_headphones_volume_db (EngineProgram *self, double volume_db);
void engine_program_get_hearing (EngineProgram *self, EngineHearing *hearing);
void engine_program_get_source_hearing (EngineProgram *self, EngineSource *source,
                                        EngineHearing *hearing);
int engine_program_get_source_lateness_ms (EngineProgram *self, EngineSource *source);
EngineSight engine_program_get_sight (EngineProgram *self);
void engine_program_set_light_previews (EngineProgram *self, gboolean light);
EngineVideoMixerStats engine_program_get_stats (EngineProgram *self);
guint64 engine_program_get_running_ms (EngineProgram *self);
const EngineFormat *engine_program_get_format (EngineProgram *self);
EngineClock *engine_program_get_clock (EngineProgram *self);

EnginePreview *engine_program_create_preview (EngineProgram *self);
EnginePreview *engine_program_create_scene_preview (EngineProgram *self, EngineScene *scene,
                                                    guint rate_fps);
void engine_program_set_preview_scene (EngineProgram *self, EnginePreview *preview,
                                       EngineScene *scene);

G_END_DECLS

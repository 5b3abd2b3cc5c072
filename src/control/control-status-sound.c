/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "control-status-sound.h"

/* A tenth of a decibel is as fine as anybody reads. */
static void
add_db (JsonBuilder *builder, const char *name, double db)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, isfinite (db) ? round (db * 10) / 10 : -120);
}

static void
add_bool (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/* Adds the members of a source that are about its sound, but for level and mute button. */
void
control_status_add_source_sound (JsonBuilder *builder, EngineSource *source)
{
  const EngineSoundSettings *settings = engine_source_get_sound_settings (source);

  add_bool (builder, "clipped", engine_source_get_clipped (source));
  add_bool (builder, "solo", engine_source_get_solo (source));
  add_string (builder, "sound-follows",
              engine_enum_get_nick (ENGINE_TYPE_FOLLOW, (int) settings->follows));
}

/* The same for the program. */
void
control_status_add_program_sound (JsonBuilder *builder, EngineProgram *program)
{
  EngineLoudness loudness;

  engine_program_get_loudness (program, &loudness);
  add_bool (builder, "clipped", engine_program_get_clipped (program));
  json_builder_set_member_name (builder, "loudness");
  json_builder_begin_object (builder);
  add_db (builder, "momentary", loudness.momentary_lufs);
  add_db (builder, "short", loudness.short_lufs);
  add_db (builder, "integrated", loudness.integrated_lufs);
  add_db (builder, "true-peak-db", loudness.true_peak_db);
  add_string (builder, "word",
              engine_enum_get_nick (ENGINE_TYPE_LOUDNESS_WORD, (int) loudness.word));
  json_builder_end_object (builder);
}

void
control_status_add_headphones (JsonBuilder *builder, EngineProgram *program)
{
  EngineHeadphones *headphones = engine_program_get_headphones (program);
  const GError *error = engine_headphones_get_error (headphones);

  json_builder_set_member_name (builder, "headphones");
  json_builder_begin_object (builder);
  add_string (builder, "device", engine_headphones_get_device (headphones));
  add_string (builder, "state",
              engine_enum_get_nick (ENGINE_TYPE_HEADPHONES_STATE,
                                    (int) engine_headphones_get_state (headphones)));
  add_string (builder, "error", error != NULL ? error->message : NULL);
  json_builder_end_object (builder);
}

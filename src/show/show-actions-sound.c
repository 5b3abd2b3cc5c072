/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-actions-private.h"

/* What an operator does with the sound beyond faders and mute buttons. */

static void
solo_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const char *id = NULL;
  gboolean solo = FALSE;
  EngineSource *source = NULL;

  g_variant_get (parameter, "(&sb)", &id, &solo);
  source = _show_session_find_source (user_data, id, &error);
  if (source != NULL)
    engine_source_set_solo (source, solo);
  _show_actions_finish (user_data, source != NULL, error);
}

static void
pan_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GError *error = NULL;
  const char *id = NULL;
  double pan = 0;
  EngineSource *source = NULL;

  g_variant_get (parameter, "(&sd)", &id, &pan);
  source = _show_session_find_source (user_data, id, &error);
  if (source != NULL) {
    EngineSoundSettings settings = *engine_source_get_sound_settings (source);

    settings.pan = pan;
    engine_source_set_sound_settings (source, &settings);
  }
  _show_actions_finish (user_data, source != NULL, error);
}

static void
sound_follows_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GEnumClass) enum_class = g_type_class_ref (ENGINE_TYPE_FOLLOW);
  GError *error = NULL;
  const char *id = NULL, *word = NULL;
  const GEnumValue *value = NULL;
  EngineSource *source = NULL;

  g_variant_get (parameter, "(&s&s)", &id, &word);
  value = g_enum_get_value_by_nick (enum_class, word);
  source = _show_session_find_source (user_data, id, &error);
  if (source != NULL && value == NULL) {
    g_set_error (&error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND,
                 "a source is heard “always”, when “seen” or “never”, not “%s”", word);
  } else if (source != NULL) {
    EngineSoundSettings settings = *engine_source_get_sound_settings (source);

    settings.follows = (EngineFollow) value->value;
    engine_source_set_sound_settings (source, &settings);
  }
  _show_actions_finish (user_data, error == NULL, error);
}

static void
clear_clip_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  GError *error = NULL;
  const char *id = g_variant_get_string (parameter, NULL);
  EngineSource *source = NULL;

  if (*id == '\0') {
    engine_program_clear_clipped (self->program);
    return;
  }
  source = _show_session_find_source (self, id, &error);
  if (source != NULL)
    engine_source_clear_clipped (source);
  _show_actions_finish (self, source != NULL, error);
}

static void
headphones_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;
  const char *device = g_variant_get_string (parameter, NULL);

  engine_program_set_headphones (self->program, *device != '\0' ? device : NULL);
}

static void
headphones_volume_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ShowSession *self = user_data;

  engine_program_set_headphones_volume_db (self->program, g_variant_get_double (parameter));
}

static void
match_loudness_changed (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  ShowSession *self = user_data;

  engine_program_set_match_loudness (self->program, g_variant_get_boolean (state));
  g_simple_action_set_state (action, state);
}

/* The state of these says what is; asking for another state would only make it lie. */
static void
keep_state (GSimpleAction *action, GVariant *state, gpointer user_data)
{
}

static void
set_action_state (ShowSession *self, const char *name, GVariant *state)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), state);
}

static void
update_sources (ShowSession *self)
{
  GVariantBuilder solo, pan, follows;

  g_variant_builder_init (&solo, G_VARIANT_TYPE ("a{sb}"));
  g_variant_builder_init (&pan, G_VARIANT_TYPE ("a{sd}"));
  g_variant_builder_init (&follows, G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (G_LIST_MODEL (self->sources), i);
    const EngineSoundSettings *settings = engine_source_get_sound_settings (source);
    const char *id = engine_source_get_id (source);

    g_variant_builder_add (&solo, "{sb}", id, engine_source_get_solo (source));
    g_variant_builder_add (&pan, "{sd}", id, settings->pan);
    g_variant_builder_add (&follows, "{ss}", id,
                           engine_enum_get_nick (ENGINE_TYPE_FOLLOW, (int) settings->follows));
  }
  set_action_state (self, "solo", g_variant_builder_end (&solo));
  set_action_state (self, "pan", g_variant_builder_end (&pan));
  set_action_state (self, "sound-follows", g_variant_builder_end (&follows));
}

static void
update_headphones (ShowSession *self)
{
  EngineHeadphones *headphones = engine_program_get_headphones (self->program);
  const char *device = engine_headphones_get_device (headphones);

  set_action_state (self, "headphones", g_variant_new_string (device != NULL ? device : ""));
  set_action_state (self, "headphones-volume",
                    g_variant_new_double (engine_headphones_get_volume_db (headphones)));
}

/**
 * _show_actions_add_sound:
 * @self: a session
 *
 * Adds the actions for solo and headphones, pan, what is heard when, clip lamps and loudness.
 */
void
_show_actions_add_sound (ShowSession *self)
{
  static const char *const signals[] = { "notify::solo", "notify::sound-settings", NULL };
  const GActionEntry entries[] = {
    { "solo", solo_activated, "(sb)", "@a{sb} {}", keep_state, { 0 } },
    { "pan", pan_activated, "(sd)", "@a{sd} {}", keep_state, { 0 } },
    { "sound-follows", sound_follows_activated, "(ss)", "@a{ss} {}", keep_state, { 0 } },
    { "clear-clip", clear_clip_activated, "s", NULL, NULL, { 0 } },
    { "headphones", headphones_activated, "s", "''", keep_state, { 0 } },
    { "headphones-volume", headphones_volume_activated, "d", "0.0", keep_state, { 0 } },
    { "match-loudness", NULL, NULL, "false", match_loudness_changed, { 0 } },
  };
  EngineHeadphones *headphones = engine_program_get_headphones (self->program);

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  _show_actions_follow_sources (self, signals, update_sources);
  g_signal_connect_object (headphones, "notify::device", G_CALLBACK (update_headphones), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (headphones, "notify::volume-db", G_CALLBACK (update_headphones), self,
                           G_CONNECT_SWAPPED);
}

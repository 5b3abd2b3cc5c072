/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-session-private.h"
#include "show-shot-private.h"

/* What a window or a status line sees of a session. */

/* Small pictures a second: what the window can show on two old cores. */
#define NEXT_FPS   15
#define SOURCE_FPS 12
#define SHOT_FPS   4

GActionGroup *
show_session_get_actions (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return G_ACTION_GROUP (self->actions);
}

EventFile *
show_session_get_event (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return self->event;
}

/**
 * show_session_get_program:
 * @self: a session
 *
 * For status lines; what changes the show goes through actions.
 *
 * Returns: (transfer none): the program
 */
EngineProgram *
show_session_get_program (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return self->program;
}

const char *
show_session_get_title (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return event_file_get_title (self->event);
}

GListModel *
show_session_get_sources (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->sources);
}

GListModel *
show_session_get_shots (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->shots);
}

GListModel *
show_session_get_talks (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->talks);
}

GListModel *
show_session_get_destinations (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->destinations);
}

GListModel *
show_session_get_networks (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return G_LIST_MODEL (self->networks);
}

EngineRecording *
show_session_get_recording (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return engine_program_get_recording (self->program);
}

PostsDesk *
show_session_get_desk (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return self->desk;
}

ShowShot *
show_session_get_on_air_shot (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return self->on_air;
}

ShowShot *
show_session_get_next_shot (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return self->next;
}

gboolean
show_session_get_talk_shown (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);

  return self->talk_shown;
}

gboolean
show_session_get_preview_before_taking (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);

  return self->preview_before_taking;
}

guint
show_session_get_transition_ms (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), 0);

  return self->transition_ms;
}

const char *
show_session_get_live_page_uri (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return show_air_get_page_uri (self->air);
}

static ShowTalk *
get_nth_talk (ShowSession *self, guint n)
{
  g_autoptr (ShowTalk) talk = g_list_model_get_item (G_LIST_MODEL (self->talks), n);

  return talk; /* the store keeps it */
}

/**
 * show_session_get_current_talk:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the talk that is given, or comes first
 */
ShowTalk *
show_session_get_current_talk (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return get_nth_talk (self, self->talk);
}

/**
 * show_session_get_next_talk:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the talk after the current one
 */
ShowTalk *
show_session_get_next_talk (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return get_nth_talk (self, self->talk + 1);
}

/**
 * show_session_get_program_levels:
 * @self: a session
 * @peak_left_db: (out): the highest sample of the last 50 ms, in dBFS; −120 for silence
 * @peak_right_db: (out): the same for the right channel
 */
void
show_session_get_program_levels (ShowSession *self, double *peak_left_db, double *peak_right_db)
{
  g_return_if_fail (SHOW_IS_SESSION (self));

  engine_program_get_levels (self->program, peak_left_db, peak_right_db);
}

gboolean
show_session_get_overloaded (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), FALSE);

  return self->overloaded;
}

void
show_session_set_secrets (ShowSession *self, ShowSecrets *secrets)
{
  g_return_if_fail (SHOW_IS_SESSION (self));

  show_air_set_secrets (self->air, secrets);
}

EnginePreview *
show_session_create_program_preview (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  return engine_program_create_preview (self->program);
}

/**
 * show_session_create_next_preview:
 * @self: a session, started
 *
 * Returns: (transfer full): what comes next as it will look, following the choice of the next shot
 */
EnginePreview *
show_session_create_next_preview (ShowSession *self)
{
  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);
  g_return_val_if_fail (self->next != NULL, NULL);

  EngineScene *scene = _show_shot_get_scene (self->next);
  EnginePreview *preview = engine_program_create_scene_preview (self->program, scene, NEXT_FPS);

  g_set_weak_pointer (&self->next_preview, preview);
  engine_program_set_preview_scene (self->program, preview, scene);
  return preview;
}

EnginePreview *
show_session_create_source_preview (ShowSession *self, EngineSource *source)
{
  const EngineSceneSpec spec = {
    .layout = ENGINE_LAYOUT_FULL,
    .sources = &source,
    .n_sources = 1,
  };
  g_autoptr (EngineScene) scene = NULL;

  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  scene = engine_program_make_scene (self->program, &spec);
  return engine_program_create_scene_preview (self->program, scene, SOURCE_FPS);
}

EnginePreview *
show_session_create_shot_preview (ShowSession *self, ShowShot *shot)
{
  EnginePreview *preview = NULL;

  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  preview =
    engine_program_create_scene_preview (self->program, _show_shot_get_scene (shot), SHOT_FPS);
  _show_shot_add_preview (shot, preview);
  return preview;
}

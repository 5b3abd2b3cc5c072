/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-builder.h"
#include "show-nearest.h"
#include "show-session-private.h"
#include "show-shot-private.h"
#include "show-source-config.h"

/* Sources and shots become what the event says: at the beginning, and whenever it was edited. What
 * did not change is not touched, so that it goes on as it runs. */

/* How long a shot that is edited on air takes to become what it is now. */
#define EDITED_MS 300

/* What goes on in the sources' pipelines goes on there, unless it is something else that comes in. */
static void
update_source (EngineSource *source, const ShowSourceConfig *before, const ShowSourceConfig *after)
{
  if (!show_source_config_is_same_source (before, after))
    engine_source_reconfigure (source, &after->config);
  engine_source_set_title (source, after->config.title);
  /* They are where the operator left them, unless the event says something new. */
  if (before->config.volume_db < after->config.volume_db ||
      before->config.volume_db > after->config.volume_db)
    engine_source_set_volume_db (source, after->config.volume_db);
  if (before->config.muted != after->config.muted)
    engine_source_set_muted (source, after->config.muted);
  if (!show_source_config_is_seen_alike (before, after))
    engine_source_set_picture_settings (source, &after->config.picture_settings);
  if (!show_source_config_is_heard_alike (before, after))
    engine_source_set_sound_settings (source, &after->config.sound_settings);
}

/* Returns: (transfer full): the source as it is now */
static EngineSource *
sync_source (ShowSession *self, const EventSource *record)
{
  const ShowSourceConfig *before = g_hash_table_lookup (self->configs, record->id);
  ShowSourceConfig *after = show_source_config_new (self->event, record, before);
  EngineSource *source = NULL;

  if (before != NULL) {
    source =
      g_object_ref (_show_session_find_source (self, record->id, NULL)); /* it has a config */
    update_source (source, before, after);
  } else {
    source = g_object_ref (engine_program_add_source (self->program, &after->config));
    _show_session_follow_source (self, source);
  }
  g_hash_table_replace (self->configs, g_strdup (record->id), after);
  return source;
}

/* Returns: (transfer full): all sources of the event in their order */
static GPtrArray *
sync_sources (ShowSession *self)
{
  GPtrArray *records = event_file_get_sources (self->event);
  GPtrArray *sources = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (sources, sync_source (self, records->pdata[i]));
  return sources;
}

/* Puts into the list what is wanted, in its order; what stays where it is is not touched. */
void
_show_session_arrange (GListStore *list, GPtrArray *wanted)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (list)); i > 0; i--) {
    g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (list), i - 1);

    if (!g_ptr_array_find (wanted, item, NULL))
      g_list_store_remove (list, i - 1);
  }
  for (guint i = 0; i < wanted->len; i++) {
    g_autoptr (GObject) present = g_list_model_get_item (G_LIST_MODEL (list), i);
    guint position = 0;

    if (present == wanted->pdata[i])
      continue;
    if (g_list_store_find (list, wanted->pdata[i], &position))
      g_list_store_remove (list, position);
    g_list_store_insert (list, i, wanted->pdata[i]);
  }
}

static EngineScene *
make_scene (ShowSession *self, const EventShot *record, GPtrArray *sources, const ShowLook *look)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new ();

  for (guint place = 0; record->sources[place] != NULL; place++) {
    for (guint i = 0; i < sources->len; i++) {
      if (g_str_equal (engine_source_get_id (sources->pdata[i]), record->sources[place]))
        g_ptr_array_add (places, sources->pdata[i]);
    }
  }
  return show_builder_make_scene (record, self->program, places, look);
}

/* Returns: (transfer full): the shot as it is now */
static ShowShot *
sync_shot (ShowSession *self, const EventShot *record, GPtrArray *sources, GHashTable *rebuilt)
{
  ShowShot *known = _show_session_find_shot (self, record->id, NULL);
  ShowShot *shot = known != NULL ? g_object_ref (known) : _show_shot_new (record);
  g_autoptr (EngineScene) scene = NULL;
  ShowLook look;

  show_arts_get_look (self->arts, record, &look);
  if (!_show_shot_update (shot, record) && _show_shot_looks_like (shot, &look))
    return shot;
  scene = make_scene (self, record, sources, &look);
  _show_shot_set_scene (shot, self->program, scene);
  _show_shot_set_look (shot, &look);
  g_hash_table_add (rebuilt, shot);
  return shot;
}

static ShowArrangement
get_arrangement (ShowShot *shot)
{
  return (ShowArrangement){ show_shot_get_layout (shot), show_shot_get_sources (shot) };
}

/* Returns: (transfer none): what is nearest to a shot that is no more */
static ShowShot *
find_heir (ShowShot *gone, GPtrArray *shots)
{
  static const char *const nothing[] = { NULL };
  const ShowArrangement current = get_arrangement (gone);
  g_autofree ShowArrangement *arrangements = g_new0 (ShowArrangement, shots->len);

  for (guint i = 0; i < shots->len; i++)
    arrangements[i] = get_arrangement (shots->pdata[i]);
  /* An event has one shot at least. */
  return shots->pdata[show_nearest_find (arrangements, shots->len, &current, nothing)];
}

static gboolean
is_gone (ShowShot *shot, GPtrArray *shots)
{
  return shot != NULL && !g_ptr_array_find (shots, shot, NULL);
}

/* What is on air and what comes next are shots of the event, as they are now. */
static void
sync_air (ShowSession *self, GPtrArray *shots, GHashTable *rebuilt, gboolean was_paused)
{
  if (is_gone (self->before_pause, shots))
    g_clear_object (&self->before_pause);
  if (self->on_air == NULL)
    return; /* it is not running yet */

  if (self->on_air != self->pause && is_gone (self->on_air, shots))
    _show_session_put_on_air (self, find_heir (self->on_air, shots), ENGINE_TRANSITION_MOVE,
                              EDITED_MS);
  else if (g_hash_table_contains (rebuilt, self->on_air))
    _show_session_put_on_air (self, self->on_air, ENGINE_TRANSITION_MOVE, EDITED_MS);
  if (is_gone (self->next, shots))
    _show_session_put_next (self, find_heir (self->next, shots));
  else if (self->next_preview != NULL && g_hash_table_contains (rebuilt, self->next))
    engine_program_set_preview_scene (self->program, self->next_preview,
                                      _show_shot_get_scene (self->next));
  _show_session_follow_shots (self);
  _show_session_update_tally (self);
  if (was_paused != show_session_get_paused (self))
    g_object_notify (G_OBJECT (self), "paused");
}

/* No shot shows them any more. */
static void
drop_sources (ShowSession *self, GPtrArray *sources)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i > 0; i--) {
    g_autoptr (EngineSource) source = g_list_model_get_item (G_LIST_MODEL (self->sources), i - 1);

    if (g_ptr_array_find (sources, source, NULL))
      continue;
    g_signal_handlers_disconnect_by_data (source, self);
    g_hash_table_remove (self->lost_since, source);
    g_hash_table_remove (self->configs, engine_source_get_id (source));
    engine_program_remove_source (self->program, source);
  }
  _show_session_arrange (self->sources, sources);
}

/**
 * _show_session_sync:
 * @self: a session
 *
 * When the event was edited, or a picture has been drawn that shots are dressed with.
 *
 * Makes, changes, orders and removes sources and shots, so that they are what the event says. The shot
 * on air becomes what it is now with a short transition; one that is gone gives way to the one that is
 * nearest to it.
 */
void
_show_session_sync (ShowSession *self)
{
  const gboolean was_paused = show_session_get_paused (self);
  GPtrArray *records = event_file_get_shots (self->event);
  g_autoptr (GPtrArray) sources = sync_sources (self);
  g_autoptr (GPtrArray) shots = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) rebuilt = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (shots, sync_shot (self, records->pdata[i], sources, rebuilt));
  sync_air (self, shots, rebuilt, was_paused);
  _show_session_arrange (self->shots, shots);
  if (self->guests != NULL)
    show_guests_leave (self->guests, sources);
  drop_sources (self, sources);
  _show_session_prepare_pause (self);
  show_arts_forget_unused (self->arts);
  _show_session_update_tally (self);
  _show_session_update_suggestion (self);
  if (self->guests != NULL)
    show_guests_sync (self->guests);
}

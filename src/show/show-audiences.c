/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-audiences.h"
#include "show-session.h"

/**
 * ShowAudiences:
 *
 * Has one of the audience of each destination look at it while the show is live there, and stop when
 * it is over.
 */
struct _ShowAudiences {
  GObject parent_instance;

  ShowSession *session; /* borrowed: it owns us */
  GListStore *list;     /* of EngineAudience */
  GHashTable *watches;  /* destination's id → where it is watched */
  GPtrArray *outputs;   /* (element-type EngineOutput): those that are followed */
};

G_DEFINE_FINAL_TYPE (ShowAudiences, show_audiences, G_TYPE_OBJECT)

static EngineOutput *
find_output (ShowAudiences *self, const char *id)
{
  for (guint i = 0; i < self->outputs->len; i++) {
    if (g_str_equal (engine_output_get_id (self->outputs->pdata[i]), id))
      return self->outputs->pdata[i];
  }
  return NULL;
}

/* It begins with the first success of its destination, and an outage does not end it. */
static void
update (ShowAudiences *self)
{
  const gboolean live = show_session_get_state (self->session) == SHOW_STATE_LIVE;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++) {
    g_autoptr (EngineAudience) audience = g_list_model_get_item (G_LIST_MODEL (self->list), i);
    EngineOutput *output = find_output (self, engine_audience_get_id (audience));
    const EngineOutputState state =
      output != NULL ? engine_output_get_state (output) : ENGINE_OUTPUT_STATE_OFF;

    if (!live || state == ENGINE_OUTPUT_STATE_OFF || state == ENGINE_OUTPUT_STATE_REFUSED)
      engine_audience_stop (audience);
    else if (state == ENGINE_OUTPUT_STATE_LIVE)
      engine_audience_start (audience);
  }
}

static void
follow_outputs (ShowAudiences *self)
{
  GListModel *destinations = show_session_get_destinations (self->session);

  for (guint i = 0; i < self->outputs->len; i++)
    g_signal_handlers_disconnect_by_data (self->outputs->pdata[i], self);
  g_ptr_array_set_size (self->outputs, 0);
  for (guint i = 0; i < g_list_model_get_n_items (destinations); i++) {
    EngineOutput *output = g_list_model_get_item (destinations, i);

    g_signal_connect_swapped (output, "notify::state", G_CALLBACK (update), self);
    g_ptr_array_add (self->outputs, output);
  }
}

/* Where a destination is watched; NULL if nobody says so, or it is switched off. */
static const char *
get_watch (ShowAudiences *self, const char *id)
{
  const EventDestination *record =
    event_file_find_destination (show_session_get_event (self->session), id);

  return record != NULL && record->enabled ? record->watch : NULL;
}

/**
 * show_audiences_sync:
 * @self: audiences
 *
 * The event's destinations have changed: those that are watched where they were go on.
 */
void
show_audiences_sync (ShowAudiences *self)
{
  GPtrArray *records = event_file_get_destinations (show_session_get_event (self->session));

  g_return_if_fail (SHOW_IS_AUDIENCES (self));

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->list)); i > 0; i--) {
    g_autoptr (EngineAudience) audience = g_list_model_get_item (G_LIST_MODEL (self->list), i - 1);
    const char *id = engine_audience_get_id (audience);

    if (g_strcmp0 (get_watch (self, id), g_hash_table_lookup (self->watches, id)) == 0)
      continue;
    engine_audience_stop (audience);
    g_hash_table_remove (self->watches, id);
    g_list_store_remove (self->list, i - 1);
  }
  for (guint i = 0; i < records->len; i++) {
    const EventDestination *record = records->pdata[i];
    g_autoptr (EngineAudience) audience = NULL;

    if (!record->enabled || record->watch == NULL ||
        g_hash_table_contains (self->watches, record->id))
      continue;
    audience = engine_program_create_audience (show_session_get_program (self->session), record->id,
                                               record->watch);
    g_hash_table_insert (self->watches, g_strdup (record->id), g_strdup (record->watch));
    g_list_store_append (self->list, audience);
  }
  follow_outputs (self);
  update (self);
}

/**
 * show_audiences_stop:
 * @self: audiences
 *
 * Nobody looks any more. May run twice.
 */
void
show_audiences_stop (ShowAudiences *self)
{
  g_return_if_fail (SHOW_IS_AUDIENCES (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++) {
    g_autoptr (EngineAudience) audience = g_list_model_get_item (G_LIST_MODEL (self->list), i);

    engine_audience_stop (audience);
  }
}

static void
show_audiences_dispose (GObject *object)
{
  ShowAudiences *self = SHOW_AUDIENCES (object);

  for (guint i = 0; self->outputs != NULL && i < self->outputs->len; i++)
    g_signal_handlers_disconnect_by_data (self->outputs->pdata[i], self);
  g_clear_pointer (&self->outputs, g_ptr_array_unref);
  if (self->list != NULL)
    show_audiences_stop (self);
  g_clear_object (&self->list);
  g_clear_pointer (&self->watches, g_hash_table_unref);
  G_OBJECT_CLASS (show_audiences_parent_class)->dispose (object);
}

static void
show_audiences_class_init (ShowAudiencesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = show_audiences_dispose;
}

static void
show_audiences_init (ShowAudiences *self)
{
  self->list = g_list_store_new (ENGINE_TYPE_AUDIENCE);
  self->watches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->outputs = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * show_audiences_new:
 * @session: whose audiences they are; owns them
 *
 * Returns: (transfer full): audiences that look when the show is live
 */
ShowAudiences *
show_audiences_new (ShowSession *session)
{
  ShowAudiences *self = g_object_new (SHOW_TYPE_AUDIENCES, NULL);

  self->session = session;
  g_signal_connect_object (session, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  show_audiences_sync (self);
  return self;
}

/**
 * show_audiences_get_list:
 * @self: audiences
 *
 * Returns: (transfer none): of EngineAudience, in no order
 */
GListModel *
show_audiences_get_list (ShowAudiences *self)
{
  g_return_val_if_fail (SHOW_IS_AUDIENCES (self), NULL);

  return G_LIST_MODEL (self->list);
}

/**
 * show_audiences_find:
 * @self: audiences
 * @output_id: a destination's id
 *
 * Returns: (transfer none) (nullable): its audience, if the event says where to watch it
 */
EngineAudience *
show_audiences_find (ShowAudiences *self, const char *output_id)
{
  g_return_val_if_fail (SHOW_IS_AUDIENCES (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++) {
    g_autoptr (EngineAudience) audience = g_list_model_get_item (G_LIST_MODEL (self->list), i);

    if (g_str_equal (engine_audience_get_id (audience), output_id))
      return audience; /* the list keeps it */
  }
  return NULL;
}

/**
 * show_audiences_find_bad:
 * @self: audiences
 * @state: what is wrong there
 *
 * Returns: (transfer none) (nullable): a destination that we send to without trouble, and whose
 *   audience is in that state
 */
EngineOutput *
show_audiences_find_bad (ShowAudiences *self, EngineAudienceState state)
{
  g_return_val_if_fail (SHOW_IS_AUDIENCES (self), NULL);

  for (guint i = 0; i < self->outputs->len; i++) {
    EngineOutput *output = self->outputs->pdata[i];
    EngineAudience *audience = show_audiences_find (self, engine_output_get_id (output));

    if (audience != NULL && engine_audience_get_state (audience) == state &&
        engine_output_get_state (output) == ENGINE_OUTPUT_STATE_LIVE)
      return output;
  }
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-builder.h"
#include "show-session-private.h"

/* The destinations become what the event says: those that did not change go on as they are. */

/**
 * show_session_get_destination:
 * @self: a session
 * @id: (nullable): a destination of its event
 *
 * Returns: (transfer none) (nullable): what sends the show there; `NULL` for one that is switched off
 */
EngineOutput *
show_session_get_destination (ShowSession *self, const char *id)
{
  GListModel *destinations = NULL;

  g_return_val_if_fail (SHOW_IS_SESSION (self), NULL);

  destinations = G_LIST_MODEL (self->destinations);
  for (guint i = 0; id != NULL && i < g_list_model_get_n_items (destinations); i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (destinations, i);

    if (g_str_equal (engine_output_get_id (output), id))
      return output; /* the list holds it */
  }
  return NULL;
}

/* Returns: (transfer full): the destinations as they are to be, those of the event first */
static GPtrArray *
make_outputs (ShowSession *self, GPtrArray *fresh)
{
  GPtrArray *records = event_file_get_destinations (self->event);
  GPtrArray *outputs = g_ptr_array_new_with_free_func (g_object_unref);
  EngineOutput *page = show_air_get_page_output (self->air);

  for (guint i = 0; i < records->len; i++) {
    const EventDestination *record = records->pdata[i];
    EngineOutput *output = show_session_get_destination (self, record->id);
    g_autofree char *url = event_file_resolve (self->event, record->url);
    const EngineOutputConfig config = show_builder_get_output_config (record, url);

    if (!record->enabled)
      continue;
    if (output == NULL || !engine_output_is_configured_as (output, &config)) {
      output = engine_program_add_output (self->program, &config);
      g_ptr_array_add (fresh, output);
    }
    g_ptr_array_add (outputs, g_object_ref (output));
  }
  if (page != NULL)
    g_ptr_array_add (outputs, g_object_ref (page));
  return outputs;
}

/**
 * _show_session_sync_destinations:
 * @self: a session
 *
 * When the event was edited. One that is new while the show is live goes live, too.
 */
void
_show_session_sync_destinations (ShowSession *self)
{
  g_autoptr (GPtrArray) fresh = g_ptr_array_new ();
  g_autoptr (GPtrArray) outputs = make_outputs (self, fresh);

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->destinations)); i > 0; i--) {
    g_autoptr (EngineOutput) output =
      g_list_model_get_item (G_LIST_MODEL (self->destinations), i - 1);

    if (g_ptr_array_find (outputs, output, NULL))
      continue;
    g_list_store_remove (self->destinations, i - 1);
    engine_program_remove_output (self->program, output);
  }
  _show_session_arrange (self->destinations, outputs);
  for (guint i = 0; i < fresh->len; i++)
    show_air_add_output (self->air, fresh->pdata[i]);
  show_audiences_sync (self->audiences);
  show_encode_update (self->encode);
}

/**
 * _show_session_check_destination:
 * @self: a session
 * @id: a destination's id
 *
 * Fails with %SHOW_ERROR_STATE when the show is being sent there now.
 *
 * Returns: whether it may be changed
 */
gboolean
_show_session_check_destination (ShowSession *self, const char *id, GError **error)
{
  EngineOutput *output = show_session_get_destination (self, id);

  if (output == NULL || engine_output_get_state (output) != ENGINE_OUTPUT_STATE_LIVE)
    return TRUE;
  g_set_error (error, SHOW_ERROR, SHOW_ERROR_STATE,
               "the show is being sent to “%s” now; change it when it is off air",
               engine_output_get_title (output));
  return FALSE;
}

/**
 * _show_session_find_output:
 * @self: a session
 * @id: a destination's id
 *
 * Fails with %SHOW_ERROR_NOT_FOUND.
 *
 * Returns: (transfer none) (nullable): the destination
 */
EngineOutput *
_show_session_find_output (ShowSession *self, const char *id, GError **error)
{
  EngineOutput *output = show_session_get_destination (self, id);

  if (output == NULL)
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no destination “%s”", id);
  return output;
}

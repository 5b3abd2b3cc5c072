/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-destinations.h"

#include "common-util.h"

/**
 * ConsoleDestination:
 *
 * One destination of an event, whether the show is to be sent there or not.
 */
struct _ConsoleDestination {
  GObject parent_instance;

  char *id;
  char *title;
};

G_DEFINE_FINAL_TYPE (ConsoleDestination, console_destination, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
console_destination_get_property (GObject *object, guint property_id, GValue *value,
                                  GParamSpec *pspec)
{
  ConsoleDestination *self = CONSOLE_DESTINATION (object);

  switch (property_id) {
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;
  case PROP_TITLE:
    g_value_set_string (value, self->title);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_destination_finalize (GObject *object)
{
  ConsoleDestination *self = CONSOLE_DESTINATION (object);

  g_free (self->id);
  g_free (self->title);

  G_OBJECT_CLASS (console_destination_parent_class)->finalize (object);
}

static void
console_destination_class_init (ConsoleDestinationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_destination_get_property;
  object_class->finalize = console_destination_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, ro);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
console_destination_init (ConsoleDestination *self)
{
}

/* Returns: (transfer full): the one that is there already, so that a list keeps its row */
static ConsoleDestination *
find_or_create (GListModel *list, const EventDestination *record)
{
  ConsoleDestination *self = NULL;

  for (guint i = 0; self == NULL && i < g_list_model_get_n_items (list); i++) {
    g_autoptr (ConsoleDestination) item = g_list_model_get_item (list, i);

    if (g_str_equal (item->id, record->id))
      self = g_steal_pointer (&item);
  }
  if (self == NULL) {
    self = g_object_new (CONSOLE_TYPE_DESTINATION, NULL);
    self->id = g_strdup (record->id);
  }
  if (common_set_string (&self->title, record->title))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
  return self;
}

static gboolean
is_same (GListModel *list, GPtrArray *wanted)
{
  if (g_list_model_get_n_items (list) != wanted->len)
    return FALSE;

  for (guint i = 0; i < wanted->len; i++) {
    g_autoptr (ConsoleDestination) item = g_list_model_get_item (list, i);

    if (item != wanted->pdata[i])
      return FALSE;
  }
  return TRUE;
}

static void
event_changed_cb (GListStore *list, EventFile *event)
{
  GPtrArray *records = event_file_get_destinations (event);
  g_autoptr (GPtrArray) wanted = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (wanted, find_or_create (G_LIST_MODEL (list), records->pdata[i]));
  if (!is_same (G_LIST_MODEL (list), wanted))
    g_list_store_splice (list, 0, g_list_model_get_n_items (G_LIST_MODEL (list)), wanted->pdata,
                         wanted->len);
}

/**
 * console_destinations_new:
 * @session: a show
 *
 * Returns: (transfer full): the list of [class@Console.Destination] of its event, in their order; it
 *   follows the event for as long as it lives
 */
GListModel *
console_destinations_new (ShowSession *session)
{
  EventFile *event = show_session_get_event (session);
  GListStore *list = g_list_store_new (CONSOLE_TYPE_DESTINATION);

  g_signal_connect_object (event, "changed", G_CALLBACK (event_changed_cb), list,
                           G_CONNECT_SWAPPED);
  event_changed_cb (list, event);
  return G_LIST_MODEL (list);
}

/**
 * console_destinations_find:
 * @session: a show
 * @id: (nullable): a destination of its event
 *
 * Returns: (transfer none) (nullable): what the event says of it
 */
const EventDestination *
console_destinations_find (ShowSession *session, const char *id)
{
  return event_file_find_destination (show_session_get_event (session), id);
}

/**
 * console_destinations_put:
 * @session: a show
 * @id: the destination
 * @is_new: whether it is to be added, rather than changed
 * @json: what it is to be, as the show's actions take it
 * @url: the address that it has then
 *
 * Returns: whether the event has taken it; if not, the show's “action-failed” has said why
 */
gboolean
console_destinations_put (ShowSession *session, const char *id, gboolean is_new, const char *json,
                          const char *url)
{
  GActionGroup *actions = NULL;
  const EventDestination *record = NULL;

  g_return_val_if_fail (SHOW_IS_SESSION (session), FALSE);

  actions = show_session_get_actions (session);
  if (is_new)
    g_action_group_activate_action (actions, "add-destination", g_variant_new_string (json));
  else
    g_action_group_activate_action (actions, "edit-destination", g_variant_new ("(ss)", id, json));
  record = console_destinations_find (session, id);
  return record != NULL && g_str_equal (record->url, url);
}

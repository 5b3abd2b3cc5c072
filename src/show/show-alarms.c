/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-alarm-watch.h"
#include "show-alarms-private.h"
#include "show-alarms.h"
#include "show-battery.h"
#include "show-secrets.h"

#define TICK_MS 200

/**
 * ShowAlarms:
 *
 * Keeps an eye and an ear on a session for its operator: looks five times a second at what is known
 * of it, and has a list of what is wrong, the worst first and the newest of those.
 */
struct _ShowAlarms {
  GObject parent_instance;

  ShowSession *session; /* borrowed: it owns us */
  ShowAlarmWatch *watch;
  ShowBattery *battery;
  GPtrArray *active;     /* (element-type ShowAlarm): those that were dismissed as well */
  GListStore *list;      /* of ShowAlarm: those that are shown */
  GHashTable *dismissed; /* ids; one stays in here until its cause is really over */
  ShowAlarmsCorrections *corrections;
  gboolean journal_broken;
  GArray *sources; /* (element-type ShowSourceFacts): of the look that goes on */
  guint tick_id;
};

G_DEFINE_FINAL_TYPE (ShowAlarms, show_alarms, G_TYPE_OBJECT)

enum {
  SIGNAL_BEGAN,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static int
compare_alarms (gconstpointer a, gconstpointer b, gpointer user_data)
{
  ShowAlarm *one = (ShowAlarm *) a, *other = (ShowAlarm *) b;
  const int worse = (int) show_alarm_get_severity (other) - (int) show_alarm_get_severity (one);
  const guint64 since = show_alarm_get_since_ms (one);
  const guint64 other_since = show_alarm_get_since_ms (other);

  if (worse != 0)
    return worse;
  return since > other_since ? -1 : since < other_since;
}

static ShowAlarm *
find_active (ShowAlarms *self, const char *id)
{
  for (guint i = 0; i < self->active->len; i++) {
    if (g_str_equal (show_alarm_get_id (self->active->pdata[i]), id))
      return self->active->pdata[i];
  }
  return NULL;
}

static void
take_off_list (ShowAlarms *self, ShowAlarm *alarm)
{
  guint position = 0;

  if (g_list_store_find (self->list, alarm, &position))
    g_list_store_remove (self->list, position);
}

static void
begin (ShowAlarms *self, ShowAlarmKind kind, EngineSource *source, gboolean returned,
       const ShowFacts *facts)
{
  EngineProgram *program = show_session_get_program (self->session);
  g_autoptr (ShowAlarm) alarm =
    _show_alarm_new (kind, source, engine_program_get_running_ms (program), returned);

  _show_alarms_choose_help (self->session, facts, alarm);
  g_ptr_array_add (self->active, g_object_ref (alarm));
  if (!returned)
    g_hash_table_remove (self->dismissed, show_alarm_get_id (alarm));
  if (!g_hash_table_contains (self->dismissed, show_alarm_get_id (alarm)))
    g_list_store_insert_sorted (self->list, alarm, compare_alarms, NULL);
  g_signal_emit (self, signals[SIGNAL_BEGAN], 0, alarm);
}

static void
end (ShowAlarms *self, const char *id)
{
  ShowAlarm *found = find_active (self, id);
  g_autoptr (ShowAlarm) alarm = found != NULL ? g_object_ref (found) : NULL;

  if (alarm == NULL)
    return;
  g_ptr_array_remove (self->active, alarm);
  take_off_list (self, alarm);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, alarm);
}

typedef struct {
  ShowAlarms *self;
  const ShowFacts *facts;
} Look;

static EngineSource *
find_source (ShowSession *session, const char *id)
{
  GListModel *sources = show_session_get_sources (session);

  for (guint i = 0; id != NULL && i < g_list_model_get_n_items (sources); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);

    if (g_str_equal (engine_source_get_id (source), id))
      return source; /* the list keeps it */
  }
  return NULL;
}

static void
edge_cb (ShowAlarmKind kind, int source, const char *source_id, ShowAlarmEdge edge,
         gpointer user_data)
{
  Look *look = user_data;
  g_autofree char *id = _show_alarm_make_id (kind, source_id);

  switch (edge) {
  case SHOW_ALARM_EDGE_BEGINS:
  case SHOW_ALARM_EDGE_RETURNS:
    begin (look->self, kind, find_source (look->self->session, source_id),
           edge == SHOW_ALARM_EDGE_RETURNS, look->facts);
    break;
  case SHOW_ALARM_EDGE_ENDS:
    end (look->self, id);
    break;
  case SHOW_ALARM_EDGE_NONE:
    break;
  }
}

static gboolean
tick_cb (gpointer data)
{
  ShowAlarms *self = data;
  ShowFacts facts = { 0 };
  Look look = { self, &facts };

  _show_alarms_look (self->session, self->corrections, &facts, self->sources);
  facts.battery_percent = show_battery_get_percent (self->battery);
  facts.journal_broken = self->journal_broken;
  show_alarm_watch_feed (self->watch, &facts, edge_cb, &look);
  for (guint i = 0; i < self->active->len; i++)
    _show_alarms_choose_help (self->session, &facts, self->active->pdata[i]);
  return G_SOURCE_CONTINUE;
}

/* What ends with the show has ended before anybody says so. */
static void
state_cb (ShowAlarms *self)
{
  if (self->tick_id != 0 && !show_session_get_active (self->session))
    tick_cb (self);
}

static void
show_alarms_dispose (GObject *object)
{
  ShowAlarms *self = SHOW_ALARMS (object);

  show_alarms_stop (self);
  g_clear_object (&self->battery);
  g_clear_object (&self->list);
  g_clear_pointer (&self->active, g_ptr_array_unref);
  g_clear_pointer (&self->dismissed, g_hash_table_unref);
  g_clear_pointer (&self->corrections, g_hash_table_unref);
  g_clear_pointer (&self->sources, g_array_unref);
  g_clear_pointer (&self->watch, show_alarm_watch_free);
  G_OBJECT_CLASS (show_alarms_parent_class)->dispose (object);
}

static void
show_alarms_class_init (ShowAlarmsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = show_alarms_dispose;

  signals[SIGNAL_BEGAN] = g_signal_new ("began", SHOW_TYPE_ALARMS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, SHOW_TYPE_ALARM);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", SHOW_TYPE_ALARMS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, SHOW_TYPE_ALARM);
}

static void
show_alarms_init (ShowAlarms *self)
{
  self->active = g_ptr_array_new_with_free_func (g_object_unref);
  self->list = g_list_store_new (SHOW_TYPE_ALARM);
  self->dismissed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->corrections = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->sources = g_array_new (FALSE, TRUE, sizeof (ShowSourceFacts));
  self->battery = show_battery_new ();
}

/* A bit for each kind; the two of the battery go by one name. */
static guint
collect_ignored (GStrv names)
{
  guint ignored = 0;

  for (guint kind = 0; kind < SHOW_N_ALARMS; kind++) {
    const char *nick = kind == SHOW_ALARM_BATTERY_LOW
                         ? "battery"
                         : engine_enum_get_nick (SHOW_TYPE_ALARM_KIND, (int) kind);

    if (g_strv_contains ((const char *const *) names, nick))
      ignored |= 1u << kind;
  }
  return ignored;
}

/**
 * show_alarms_new:
 * @session: whose troubles they are; owns the alarms
 *
 * Returns: (transfer full): alarms that do not look yet
 */
ShowAlarms *
show_alarms_new (ShowSession *session)
{
  ShowAlarms *self = g_object_new (SHOW_TYPE_ALARMS, NULL);
  const EventAlarms *wanted = event_file_get_alarms (show_session_get_event (session));

  self->session = session;
  g_signal_connect_object (session, "notify::state", G_CALLBACK (state_cb), self,
                           G_CONNECT_SWAPPED);
  self->watch =
    show_alarm_watch_new ((guint) wanted->silence_s * 1000, collect_ignored (wanted->ignored));
  return self;
}

void
show_alarms_start (ShowAlarms *self)
{
  g_return_if_fail (SHOW_IS_ALARMS (self));

  if (self->tick_id == 0)
    self->tick_id = g_timeout_add (TICK_MS, tick_cb, self);
  show_battery_start (self->battery);
}

/**
 * show_alarms_stop:
 * @self: alarms
 *
 * Looks no more, and what there was is over. May run twice.
 */
void
show_alarms_stop (ShowAlarms *self)
{
  g_return_if_fail (SHOW_IS_ALARMS (self));

  if (self->tick_id == 0)
    return;
  g_clear_handle_id (&self->tick_id, g_source_remove);
  show_battery_stop (self->battery);
  while (self->active->len > 0) {
    g_autofree char *id = g_strdup (show_alarm_get_id (self->active->pdata[0]));

    end (self, id);
  }
}

/**
 * show_alarms_get_list:
 * @self: alarms
 *
 * Returns: (transfer none): of ShowAlarm: those that are there and were not dismissed
 */
GListModel *
show_alarms_get_list (ShowAlarms *self)
{
  g_return_val_if_fail (SHOW_IS_ALARMS (self), NULL);

  return G_LIST_MODEL (self->list);
}

/**
 * show_alarms_find:
 * @self: alarms
 * @id: an alarm's id
 *
 * Returns: (transfer none) (nullable): the alarm, dismissed or not, or `NULL` if it is not there
 */
ShowAlarm *
show_alarms_find (ShowAlarms *self, const char *id)
{
  g_return_val_if_fail (SHOW_IS_ALARMS (self), NULL);

  return find_active (self, id);
}

static ShowAlarm *
find_shown (ShowAlarms *self, const char *id, GError **error)
{
  ShowAlarm *alarm = find_active (self, id);

  if (alarm == NULL)
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_NOT_FOUND, "there is no alarm “%s” now", id);
  return alarm;
}

/**
 * show_alarms_dismiss:
 * @self: alarms
 * @id: an alarm's id
 *
 * The operator knows, and does not want to see it again before it was really over. Fails with
 * %SHOW_ERROR_NOT_FOUND.
 *
 * Returns: whether there was such an alarm
 */
gboolean
show_alarms_dismiss (ShowAlarms *self, const char *id, GError **error)
{
  ShowAlarm *alarm = NULL;

  g_return_val_if_fail (SHOW_IS_ALARMS (self), FALSE);

  alarm = find_shown (self, id, error);
  if (alarm == NULL)
    return FALSE;
  g_hash_table_add (self->dismissed, g_strdup (id));
  take_off_list (self, alarm);
  return TRUE;
}

/**
 * show_alarms_help:
 * @self: alarms
 * @id: an alarm's id
 *
 * Does what the alarm's button says. The alarm goes, and comes back if that did not help. Fails with
 * %SHOW_ERROR_NOT_FOUND, with %SHOW_ERROR_STATE when it has no button, or with what went wrong.
 *
 * Returns: whether it was done
 */
gboolean
show_alarms_help (ShowAlarms *self, const char *id, GError **error)
{
  g_autoptr (ShowAlarm) alarm = NULL;
  ShowAlarm *found = NULL;
  const char *source_id = NULL;

  g_return_val_if_fail (SHOW_IS_ALARMS (self), FALSE);

  found = find_shown (self, id, error);
  if (found == NULL)
    return FALSE;
  alarm = g_object_ref (found);
  if (!_show_alarms_do_help (self->session, self->corrections, alarm, error))
    return FALSE;
  if (show_alarm_get_kind (alarm) >= SHOW_ALARM_FIRST_OF_SOURCE)
    source_id = engine_source_get_id (show_alarm_get_source (alarm));
  if (show_alarm_watch_help (self->watch, show_alarm_get_kind (alarm), source_id,
                             g_get_monotonic_time () / 1000))
    end (self, id);
  return TRUE;
}

/**
 * show_alarms_set_journal_broken:
 * @self: alarms
 * @broken: whether the journal cannot be written
 */
void
show_alarms_set_journal_broken (ShowAlarms *self, gboolean broken)
{
  g_return_if_fail (SHOW_IS_ALARMS (self));

  self->journal_broken = broken;
}

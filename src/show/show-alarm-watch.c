/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-alarm-watch.h"

/* A source that has moved without a break for so long is no still picture. */
#define LIVELY_MS 10000
#define MOVES_MS  1000

typedef struct {
  ShowAlarmRule rules[SHOW_N_ALARMS];
  gint64 moving_since_ms; /* −1: it does not, or nobody can tell */
  gboolean lively;        /* it moved all the time, when it was alone on air */
  guint round;            /* the last one in which it was there */
} SourceWatch;

struct _ShowAlarmWatch {
  ShowAlarmLimits limits[SHOW_N_ALARMS];
  guint ignored; /* a bit for each kind */
  ShowAlarmRule rules[SHOW_N_ALARMS];
  GHashTable *sources; /* id → SourceWatch */
  guint round;
};

/* Ear and eye have counted a second before the rules begin to. */
static const ShowAlarmLimits usual_limits[SHOW_N_ALARMS] = {
  [SHOW_ALARM_RECORDING] = { 0, 1000 },
  [SHOW_ALARM_BLACK] = { 2000, 1000 },
  [SHOW_ALARM_SILENCE] = { 7000, 1000 },
  [SHOW_ALARM_BATTERY_LOW] = { 0, 0 },
  [SHOW_ALARM_FROZEN] = { 9000, 1000 },
  [SHOW_ALARM_OVERLOAD] = { 0, 0 },
  [SHOW_ALARM_DISK] = { 0, 5000 },
  [SHOW_ALARM_BATTERY] = { 0, 0 },
  [SHOW_ALARM_JOURNAL] = { 0, 0 },
  [SHOW_ALARM_SOURCE_LOST] = { 200, 1500 },
  [SHOW_ALARM_MICROPHONE] = { 4000, 1000 },
  [SHOW_ALARM_CHANNEL] = { 0, 1000 },
  [SHOW_ALARM_CLIPPING] = { 1000, 5000 },
  [SHOW_ALARM_LIPS] = { 3000, 3000 },
  [SHOW_ALARM_HUM] = { 3000, 3000 },
  [SHOW_ALARM_GUEST_WEAK] = { 0, 1000 }, /* its peer has judged for seconds */
  [SHOW_ALARM_AUDIENCE_FROZEN] = { 2000, 3000 },
  [SHOW_ALARM_AUDIENCE_SILENT] = { 2000, 3000 },
  [SHOW_ALARM_AUDIENCE_GONE] = { 6000, 3000 },
};

/**
 * show_alarm_watch_new:
 * @silence_ms: after how much silence on air an alarm begins, at least 1000
 * @ignored: bits of the kinds that are not wanted, `1 << SHOW_ALARM_HUM`
 *
 * Returns: (transfer full): a watch that has seen nothing yet
 */
ShowAlarmWatch *
show_alarm_watch_new (guint silence_ms, guint ignored)
{
  ShowAlarmWatch *self = g_new0 (ShowAlarmWatch, 1);

  memcpy (self->limits, usual_limits, sizeof usual_limits);
  self->limits[SHOW_ALARM_SILENCE].on_ms = MAX (silence_ms, 1000) - 1000;
  self->ignored = ignored;
  self->sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
show_alarm_watch_free (ShowAlarmWatch *self)
{
  g_hash_table_unref (self->sources);
  g_free (self);
}

static ShowAlarmEdge
feed_rule (ShowAlarmWatch *self, ShowAlarmRule *rule, ShowAlarmKind kind, gboolean bad,
           const ShowFacts *facts)
{
  /* Off air an alarm does not wait to be over. */
  if (!facts->watched)
    return show_alarm_rule_end (rule, facts->time_ms);
  return show_alarm_rule_feed (rule, &self->limits[kind],
                               bad && (self->ignored & (1u << kind)) == 0, facts->time_ms);
}

static SourceWatch *
find_source (ShowAlarmWatch *self, const char *id)
{
  SourceWatch *source = g_hash_table_lookup (self->sources, id);

  if (source == NULL) {
    source = g_new0 (SourceWatch, 1);
    source->moving_since_ms = -1;
    g_hash_table_insert (self->sources, g_strdup (id), source);
  }
  source->round = self->round;
  return source;
}

static guint
count_on_air (const ShowFacts *facts)
{
  guint n_on_air = 0;

  for (guint i = 0; i < facts->n_sources; i++)
    n_on_air += facts->sources[i].on_air;
  return n_on_air;
}

/* A grabber of slides is a camera as well, but its picture stands still most of the time. */
static void
learn (SourceWatch *source, const ShowSourceFacts *facts, const ShowFacts *all, guint n_on_air)
{
  const gboolean moves = facts->on_air && n_on_air == 1 && facts->live && all->sight.any &&
                         all->sight.still_ms < MOVES_MS;

  if (!moves)
    source->moving_since_ms = -1;
  else if (source->moving_since_ms < 0)
    source->moving_since_ms = all->time_ms;
  else if (all->time_ms - source->moving_since_ms >= LIVELY_MS)
    source->lively = TRUE;
}

static gboolean
something_lively_is_on_air (ShowAlarmWatch *self, const ShowFacts *facts)
{
  for (guint i = 0; i < facts->n_sources; i++) {
    if (facts->sources[i].on_air && facts->sources[i].somebody &&
        find_source (self, facts->sources[i].id)->lively)
      return TRUE;
  }
  return FALSE;
}

/* Those that are not there any more have no alarms either. */
static void
drop_gone (ShowAlarmWatch *self, const ShowFacts *facts, ShowAlarmWatchFunc func,
           gpointer user_data)
{
  GHashTableIter iter;
  gpointer id = NULL, value = NULL;

  g_hash_table_iter_init (&iter, self->sources);
  while (g_hash_table_iter_next (&iter, &id, &value)) {
    SourceWatch *source = value;

    if (source->round == self->round)
      continue;
    for (guint kind = SHOW_ALARM_FIRST_OF_SOURCE; kind < SHOW_N_ALARMS; kind++) {
      if (show_alarm_rule_end (&source->rules[kind], facts->time_ms) == SHOW_ALARM_EDGE_ENDS)
        func ((ShowAlarmKind) kind, -1, id, SHOW_ALARM_EDGE_ENDS, user_data);
    }
    g_hash_table_iter_remove (&iter);
  }
}

/**
 * show_alarm_watch_feed:
 * @self: a watch
 * @facts: what is known now; call it about five times a second
 * @func: (scope call): told of each alarm that begins or ends
 * @user_data: for @func
 */
void
show_alarm_watch_feed (ShowAlarmWatch *self, const ShowFacts *facts, ShowAlarmWatchFunc func,
                       gpointer user_data)
{
  const guint n_on_air = count_on_air (facts);

  self->round++;
  for (guint i = 0; i < facts->n_sources; i++) {
    const ShowSourceFacts *source = &facts->sources[i];
    SourceWatch *watch = find_source (self, source->id);

    learn (watch, source, facts, n_on_air);
    for (guint kind = SHOW_ALARM_FIRST_OF_SOURCE; kind < SHOW_N_ALARMS; kind++) {
      const gboolean bad = show_source_facts_are_bad (source, facts, (ShowAlarmKind) kind);
      const ShowAlarmEdge edge =
        feed_rule (self, &watch->rules[kind], (ShowAlarmKind) kind, bad, facts);

      if (edge != SHOW_ALARM_EDGE_NONE)
        func ((ShowAlarmKind) kind, (int) i, source->id, edge, user_data);
    }
  }
  drop_gone (self, facts, func, user_data);
  for (guint kind = 0; kind < SHOW_ALARM_FIRST_OF_SOURCE; kind++) {
    const gboolean bad = show_facts_are_bad (facts, (ShowAlarmKind) kind) &&
                         (kind != SHOW_ALARM_FROZEN || something_lively_is_on_air (self, facts));
    const ShowAlarmEdge edge =
      feed_rule (self, &self->rules[kind], (ShowAlarmKind) kind, bad, facts);

    if (edge != SHOW_ALARM_EDGE_NONE)
      func ((ShowAlarmKind) kind, -1, NULL, edge, user_data);
  }
}

/**
 * show_alarm_watch_help:
 * @self: a watch
 * @kind: an alarm that somebody did something about
 * @source_id: (nullable): its source
 * @time_ms: now
 *
 * Returns: whether there was such an alarm; it is over, and comes back if it did not help
 */
gboolean
show_alarm_watch_help (ShowAlarmWatch *self, ShowAlarmKind kind, const char *source_id,
                       gint64 time_ms)
{
  ShowAlarmRule *rule = &self->rules[kind];

  if (source_id != NULL) {
    SourceWatch *source = g_hash_table_lookup (self->sources, source_id);

    if (source == NULL)
      return FALSE;
    rule = &source->rules[kind];
  }
  return show_alarm_rule_help (rule, time_ms) == SHOW_ALARM_EDGE_ENDS;
}

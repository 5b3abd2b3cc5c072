/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-marks.h"
#include "show-session.h"
#include "show-texts.h"
#include "show-until.h"

#include <common-util.h>

/* A countdown stays at zero for so long. */
#define STAYS_S 10

/**
 * ShowMarks:
 *
 * What is written small in a corner: the time, that it is live, how long until it goes on. They are
 * drawn anew when what they say changes, and not more often.
 */
struct _ShowMarks {
  GObject parent_instance;

  ShowGraphics *graphics;
  EventFile *event;
  gboolean clock;
  gboolean live_mark;
  gboolean live;
  char *countdown; /* as it was given; "" for none */
  gint64 until_s;
  guint tick_id;
  char *said[ENGINE_N_GRAPHICS]; /* nullable: what is on screen */
};

G_DEFINE_FINAL_TYPE (ShowMarks, show_marks, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_CLOCK,
  PROP_LIVE_MARK,
  PROP_COUNTDOWN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/**
 * show_marks_describe_time:
 * @now: a moment, in the time zone in which it is to be read
 *
 * Returns: (transfer full): the time of the day, as a clock shows it
 */
char *
show_marks_describe_time (GDateTime *now)
{
  return g_date_time_format (now, "%H:%M");
}

/**
 * show_marks_describe_left:
 * @left_s: how long it is until then; less than 0 when that has passed
 *
 * Returns: (transfer full): how long, in minutes and seconds, with hours if it takes any
 */
char *
show_marks_describe_left (gint64 left_s)
{
  const gint64 left = MAX (left_s, 0);
  const int hours = (int) MIN (left / 3600, 99), minutes = (int) (left / 60 % 60);
  const int seconds = (int) (left % 60);

  if (hours > 0)
    return g_strdup_printf ("%d:%02d:%02d", hours, minutes, seconds);
  return g_strdup_printf ("%02d:%02d", minutes, seconds);
}

/**
 * show_marks_get_wait_ms:
 * @now: a moment
 * @seconds: whether seconds are shown, or only minutes
 *
 * Returns: how long it is until what is shown changes
 */
guint
show_marks_get_wait_ms (GDateTime *now, gboolean seconds)
{
  const int into_us = g_date_time_get_microsecond (now) +
                      (seconds ? 0 : g_date_time_get_second (now) * G_USEC_PER_SEC);
  const int step_us = seconds ? G_USEC_PER_SEC : 60 * G_USEC_PER_SEC;

  /* Rounded up: a little late is the right second, a little early the wrong one. */
  return (guint) ((step_us - into_us) / 1000 + 1);
}

static void
say (ShowMarks *self, EngineGraphic mark, const char *text)
{
  if (common_set_string (&self->said[mark], text))
    show_graphics_set_mark (self->graphics, mark, text);
}

static void update (ShowMarks *self);

static gboolean
tick_cb (gpointer data)
{
  ShowMarks *self = data;

  self->tick_id = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* Says what is true now, and comes back when that changes. */
static void
update (ShowMarks *self)
{
  const char *word = show_texts_get (event_file_get_language (self->event), SHOW_TEXT_LIVE);
  g_autoptr (GDateTime) now = show_until_get_now (event_file_get_talks (self->event));
  const gint64 left_s = self->until_s - g_date_time_to_unix (now);
  g_autofree char *time = self->clock ? show_marks_describe_time (now) : NULL;
  g_autofree char *left = NULL;

  if (*self->countdown != '\0' && left_s < -STAYS_S) {
    common_set_string (&self->countdown, "");
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNTDOWN]);
  }
  if (*self->countdown != '\0')
    left = show_marks_describe_left (left_s);
  say (self, ENGINE_GRAPHIC_LIVE_MARK, self->live_mark && self->live ? word : NULL);
  say (self, ENGINE_GRAPHIC_CLOCK, time);
  say (self, ENGINE_GRAPHIC_COUNTDOWN, left);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (time != NULL || left != NULL)
    self->tick_id = g_timeout_add (show_marks_get_wait_ms (now, left != NULL), tick_cb, self);
}

static void
show_marks_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ShowMarks *self = SHOW_MARKS (object);

  switch (id) {
  case PROP_CLOCK:
    g_value_set_boolean (value, self->clock);
    break;
  case PROP_LIVE_MARK:
    g_value_set_boolean (value, self->live_mark);
    break;
  case PROP_COUNTDOWN:
    g_value_set_string (value, self->countdown);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
show_marks_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ShowMarks *self = SHOW_MARKS (object);

  switch (id) {
  case PROP_CLOCK:
    show_marks_set_clock (self, g_value_get_boolean (value));
    break;
  case PROP_LIVE_MARK:
    show_marks_set_live_mark (self, g_value_get_boolean (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
show_marks_dispose (GObject *object)
{
  ShowMarks *self = SHOW_MARKS (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_object (&self->graphics);
  g_clear_object (&self->event);
  G_OBJECT_CLASS (show_marks_parent_class)->dispose (object);
}

static void
show_marks_finalize (GObject *object)
{
  ShowMarks *self = SHOW_MARKS (object);

  g_free (self->countdown);
  for (guint i = 0; i < ENGINE_N_GRAPHICS; i++)
    g_free (self->said[i]);
  G_OBJECT_CLASS (show_marks_parent_class)->finalize (object);
}

static void
show_marks_class_init (ShowMarksClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = show_marks_get_property;
  object_class->set_property = show_marks_set_property;
  object_class->dispose = show_marks_dispose;
  object_class->finalize = show_marks_finalize;

  properties[PROP_CLOCK] = g_param_spec_boolean ("clock", NULL, NULL, FALSE, rw);
  properties[PROP_LIVE_MARK] = g_param_spec_boolean ("live-mark", NULL, NULL, FALSE, rw);
  properties[PROP_COUNTDOWN] = g_param_spec_string ("countdown", NULL, NULL, "", ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
show_marks_init (ShowMarks *self)
{
  self->countdown = g_strdup ("");
}

/**
 * show_marks_new:
 * @graphics: where they are shown
 * @event: whose language and time zone they have
 *
 * Returns: (transfer full): marks, none of them shown
 */
ShowMarks *
show_marks_new (ShowGraphics *graphics, EventFile *event)
{
  ShowMarks *self = g_object_new (SHOW_TYPE_MARKS, NULL);

  self->graphics = g_object_ref (graphics);
  self->event = g_object_ref (event);
  return self;
}

static void
set_boolean (ShowMarks *self, gboolean *field, gboolean value, guint property)
{
  if (*field == value)
    return;
  *field = value;
  update (self);
  if (property != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
show_marks_set_clock (ShowMarks *self, gboolean clock)
{
  g_return_if_fail (SHOW_IS_MARKS (self));

  set_boolean (self, &self->clock, clock, PROP_CLOCK);
}

gboolean
show_marks_get_clock (ShowMarks *self)
{
  g_return_val_if_fail (SHOW_IS_MARKS (self), FALSE);

  return self->clock;
}

void
show_marks_set_live_mark (ShowMarks *self, gboolean live_mark)
{
  g_return_if_fail (SHOW_IS_MARKS (self));

  set_boolean (self, &self->live_mark, live_mark, PROP_LIVE_MARK);
}

gboolean
show_marks_get_live_mark (ShowMarks *self)
{
  g_return_val_if_fail (SHOW_IS_MARKS (self), FALSE);

  return self->live_mark;
}

/**
 * show_marks_set_live:
 * @self: marks
 * @live: whether the show is live: only then does the live mark say so
 */
void
show_marks_set_live (ShowMarks *self, gboolean live)
{
  g_return_if_fail (SHOW_IS_MARKS (self));

  set_boolean (self, &self->live, live, 0);
}

/**
 * show_marks_set_countdown:
 * @self: marks
 * @until: a time of the day such as `14:00`, or a date and time, or "" to take the countdown off
 * @error: return location
 *
 * Counts down to a time, stays at zero for ten seconds, and goes. Fails with %SHOW_ERROR_TIME
 * when that is no time, or one that has passed.
 *
 * Returns: whether it counts down, or was taken off
 */
gboolean
show_marks_set_countdown (ShowMarks *self, const char *until, GError **error)
{
  g_autoptr (GDateTime) now = NULL;
  gint64 until_s = 0;

  g_return_val_if_fail (SHOW_IS_MARKS (self), FALSE);
  g_return_val_if_fail (until != NULL, FALSE);

  now = show_until_get_now (event_file_get_talks (self->event));
  if (*until != '\0' && !show_until_parse (until, now, &until_s)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_TIME,
                 "“%s” is not a time to count down to: write it as 14:00", until);
    return FALSE;
  }
  if (*until != '\0' && until_s + STAYS_S < g_date_time_to_unix (now)) {
    g_set_error (error, SHOW_ERROR, SHOW_ERROR_TIME, "%s has passed already", until);
    return FALSE;
  }
  self->until_s = until_s;
  if (common_set_string (&self->countdown, until))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNTDOWN]);
  update (self);
  return TRUE;
}

const char *
show_marks_get_countdown (ShowMarks *self)
{
  g_return_val_if_fail (SHOW_IS_MARKS (self), NULL);

  return self->countdown;
}

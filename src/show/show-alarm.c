/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-alarm-private.h"

struct _ShowAlarm {
  GObject parent_instance;

  char *id;
  ShowAlarmKind kind;
  EngineSource *source; /* nullable */
  EngineOutput *output; /* nullable */
  guint64 since_ms;
  gboolean returned;
  ShowHelp help;
  ShowShot *shot; /* nullable */
  int value;
};

G_DEFINE_ENUM_TYPE (ShowSeverity, show_severity,
                    G_DEFINE_ENUM_VALUE (SHOW_SEVERITY_NOTICE, "notice"),
                    G_DEFINE_ENUM_VALUE (SHOW_SEVERITY_WARNING, "warning"),
                    G_DEFINE_ENUM_VALUE (SHOW_SEVERITY_URGENT, "urgent"))

G_DEFINE_ENUM_TYPE (ShowHelp, show_help, G_DEFINE_ENUM_VALUE (SHOW_HELP_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (SHOW_HELP_UNMUTE, "unmute"),
                    G_DEFINE_ENUM_VALUE (SHOW_HELP_LISTEN, "listen"),
                    G_DEFINE_ENUM_VALUE (SHOW_HELP_RESTART, "restart"),
                    G_DEFINE_ENUM_VALUE (SHOW_HELP_USE_ONE_CHANNEL, "use-one-channel"),
                    G_DEFINE_ENUM_VALUE (SHOW_HELP_TURN_DOWN, "turn-down"),
                    G_DEFINE_ENUM_VALUE (SHOW_HELP_LOW_CUT, "low-cut"),
                    G_DEFINE_ENUM_VALUE (SHOW_HELP_TAKE_SHOT, "take-shot"),
                    G_DEFINE_ENUM_VALUE (SHOW_HELP_CORRECT_LIPS, "correct-lips"),
                    G_DEFINE_ENUM_VALUE (SHOW_HELP_LIGHTEN_PREVIEWS, "lighten-previews"),
                    G_DEFINE_ENUM_VALUE (SHOW_HELP_OPEN_FOLDER, "open-folder"))

G_DEFINE_FINAL_TYPE (ShowAlarm, show_alarm, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_KIND,
  PROP_SEVERITY,
  PROP_SOURCE,
  PROP_OUTPUT,
  PROP_SINCE_MS,
  PROP_HELP,
  PROP_SHOT,
  PROP_VALUE,
  PROP_RETURNED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
show_alarm_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ShowAlarm *self = SHOW_ALARM (object);

  switch (id) {
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;
  case PROP_KIND:
    g_value_set_enum (value, self->kind);
    break;
  case PROP_SEVERITY:
    g_value_set_enum (value, show_alarm_get_severity (self));
    break;
  case PROP_SOURCE:
    g_value_set_object (value, self->source);
    break;
  case PROP_OUTPUT:
    g_value_set_object (value, self->output);
    break;
  case PROP_SINCE_MS:
    g_value_set_uint64 (value, self->since_ms);
    break;
  case PROP_HELP:
    g_value_set_enum (value, self->help);
    break;
  case PROP_SHOT:
    g_value_set_object (value, self->shot);
    break;
  case PROP_VALUE:
    g_value_set_int (value, self->value);
    break;
  case PROP_RETURNED:
    g_value_set_boolean (value, self->returned);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
show_alarm_dispose (GObject *object)
{
  ShowAlarm *self = SHOW_ALARM (object);

  g_clear_object (&self->source);
  g_clear_object (&self->output);
  g_clear_object (&self->shot);
  G_OBJECT_CLASS (show_alarm_parent_class)->dispose (object);
}

static void
show_alarm_finalize (GObject *object)
{
  g_free (SHOW_ALARM (object)->id);
  G_OBJECT_CLASS (show_alarm_parent_class)->finalize (object);
}

static void
show_alarm_class_init (ShowAlarmClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = show_alarm_get_property;
  object_class->dispose = show_alarm_dispose;
  object_class->finalize = show_alarm_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, ro);
  properties[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL, SHOW_TYPE_ALARM_KIND, SHOW_ALARM_RECORDING, ro);
  properties[PROP_SEVERITY] =
    g_param_spec_enum ("severity", NULL, NULL, SHOW_TYPE_SEVERITY, SHOW_SEVERITY_NOTICE, ro);
  properties[PROP_SOURCE] = g_param_spec_object ("source", NULL, NULL, ENGINE_TYPE_SOURCE, ro);
  properties[PROP_OUTPUT] = g_param_spec_object ("output", NULL, NULL, ENGINE_TYPE_OUTPUT, ro);
  properties[PROP_SINCE_MS] = g_param_spec_uint64 ("since-ms", NULL, NULL, 0, G_MAXUINT64, 0, ro);
  properties[PROP_HELP] =
    g_param_spec_enum ("help", NULL, NULL, SHOW_TYPE_HELP, SHOW_HELP_NONE, ro);
  properties[PROP_SHOT] = g_param_spec_object ("shot", NULL, NULL, SHOW_TYPE_SHOT, ro);
  properties[PROP_VALUE] = g_param_spec_int ("value", NULL, NULL, G_MININT, G_MAXINT, 0, ro);
  properties[PROP_RETURNED] = g_param_spec_boolean ("returned", NULL, NULL, FALSE, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
show_alarm_init (ShowAlarm *self)
{
}

/**
 * _show_alarm_make_id:
 * @kind: a kind
 * @source_id: (nullable): a source's id
 *
 * Returns: (transfer full): what the alarm is called: there is one of each kind and source
 */
char *
_show_alarm_make_id (ShowAlarmKind kind, const char *source_id)
{
  const char *nick = engine_enum_get_nick (SHOW_TYPE_ALARM_KIND, (int) kind);

  return source_id != NULL ? g_strdup_printf ("%s:%s", nick, source_id) : g_strdup (nick);
}

ShowAlarm *
_show_alarm_new (ShowAlarmKind kind, EngineSource *source, guint64 since_ms, gboolean returned)
{
  ShowAlarm *self = g_object_new (SHOW_TYPE_ALARM, NULL);

  self->id = _show_alarm_make_id (kind, source != NULL ? engine_source_get_id (source) : NULL);
  self->kind = kind;
  g_set_object (&self->source, source);
  self->since_ms = since_ms;
  self->returned = returned;
  return self;
}

void
_show_alarm_set_help (ShowAlarm *self, ShowHelp help, ShowShot *shot)
{
  if (self->help != help) {
    self->help = help;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HELP]);
  }
  if (g_set_object (&self->shot, shot))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOT]);
}

/* Of the program's alarms: who can be helped. The id stays. */
void
_show_alarm_set_source (ShowAlarm *self, EngineSource *source)
{
  if (g_set_object (&self->source, source))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SOURCE]);
}

void
_show_alarm_set_output (ShowAlarm *self, EngineOutput *output)
{
  if (g_set_object (&self->output, output))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OUTPUT]);
}

void
_show_alarm_set_value (ShowAlarm *self, int value)
{
  if (self->value == value)
    return;
  self->value = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
}

const char *
show_alarm_get_id (ShowAlarm *self)
{
  g_return_val_if_fail (SHOW_IS_ALARM (self), NULL);

  return self->id;
}

ShowAlarmKind
show_alarm_get_kind (ShowAlarm *self)
{
  g_return_val_if_fail (SHOW_IS_ALARM (self), SHOW_ALARM_RECORDING);

  return self->kind;
}

ShowSeverity
show_alarm_get_severity (ShowAlarm *self)
{
  g_return_val_if_fail (SHOW_IS_ALARM (self), SHOW_SEVERITY_NOTICE);

  switch (self->kind) {
  case SHOW_ALARM_RECORDING:
  case SHOW_ALARM_BLACK:
  case SHOW_ALARM_SILENCE:
  case SHOW_ALARM_SOURCE_LOST:
  case SHOW_ALARM_BATTERY_LOW:
  case SHOW_ALARM_AUDIENCE_FROZEN:
  case SHOW_ALARM_AUDIENCE_SILENT:
    return SHOW_SEVERITY_URGENT;
  case SHOW_ALARM_AUDIENCE_GONE:
  case SHOW_ALARM_FROZEN:
  case SHOW_ALARM_OVERLOAD:
  case SHOW_ALARM_DISK:
  case SHOW_ALARM_BATTERY:
  case SHOW_ALARM_MICROPHONE:
  case SHOW_ALARM_CHANNEL:
  case SHOW_ALARM_CLIPPING:
  case SHOW_ALARM_LIPS:
    return SHOW_SEVERITY_WARNING;
  case SHOW_ALARM_JOURNAL:
  case SHOW_ALARM_GUEST_WEAK:
  case SHOW_ALARM_HUM:
  case SHOW_N_ALARMS:
    break;
  }
  return SHOW_SEVERITY_NOTICE;
}

EngineSource *
show_alarm_get_source (ShowAlarm *self)
{
  g_return_val_if_fail (SHOW_IS_ALARM (self), NULL);

  return self->source;
}

EngineOutput *
show_alarm_get_output (ShowAlarm *self)
{
  g_return_val_if_fail (SHOW_IS_ALARM (self), NULL);

  return self->output;
}

guint64
show_alarm_get_since_ms (ShowAlarm *self)
{
  g_return_val_if_fail (SHOW_IS_ALARM (self), 0);

  return self->since_ms;
}

ShowHelp
show_alarm_get_help (ShowAlarm *self)
{
  g_return_val_if_fail (SHOW_IS_ALARM (self), SHOW_HELP_NONE);

  return self->help;
}

ShowShot *
show_alarm_get_shot (ShowAlarm *self)
{
  g_return_val_if_fail (SHOW_IS_ALARM (self), NULL);

  return self->shot;
}

int
show_alarm_get_value (ShowAlarm *self)
{
  g_return_val_if_fail (SHOW_IS_ALARM (self), 0);

  return self->value;
}

gboolean
show_alarm_get_returned (ShowAlarm *self)
{
  g_return_val_if_fail (SHOW_IS_ALARM (self), FALSE);

  return self->returned;
}

static const char *
get_output_title (ShowAlarm *self)
{
  return self->output != NULL ? engine_output_get_title (self->output) : "";
}

/**
 * show_alarm_describe:
 * @self: an alarm
 *
 * Returns: (transfer full): one English sentence, for the log and the journal
 */
char *
show_alarm_describe (ShowAlarm *self)
{
  const char *title = NULL;

  g_return_val_if_fail (SHOW_IS_ALARM (self), NULL);

  title = self->source != NULL ? engine_source_get_title (self->source) : "";
  switch (self->kind) {
  case SHOW_ALARM_RECORDING:
    return g_strdup ("the recording has stopped: the disk is full or its folder is gone");
  case SHOW_ALARM_BLACK:
    return g_strdup ("the program is black");
  case SHOW_ALARM_SILENCE:
    return g_strdup ("the audience hears nothing, and somebody is in the shot");
  case SHOW_ALARM_BATTERY_LOW:
  case SHOW_ALARM_BATTERY:
    return g_strdup_printf ("this computer runs on its battery, %d %% are left", self->value);
  case SHOW_ALARM_FROZEN:
    return g_strdup ("the program's picture is frozen");
  case SHOW_ALARM_AUDIENCE_FROZEN:
    return g_strdup_printf ("the picture stands still at “%s”, although we send",
                            get_output_title (self));
  case SHOW_ALARM_AUDIENCE_SILENT:
    return g_strdup_printf ("nothing is heard at “%s”, although we send sound",
                            get_output_title (self));
  case SHOW_ALARM_AUDIENCE_GONE:
    return g_strdup_printf ("the stream cannot be watched at “%s”, although we send",
                            get_output_title (self));
  case SHOW_ALARM_OVERLOAD:
    return g_strdup ("this computer does not keep up: the picture stutters");
  case SHOW_ALARM_DISK:
    return g_strdup ("the disk is nearly full");
  case SHOW_ALARM_JOURNAL:
    return g_strdup ("the journal cannot be written beside the recording");
  case SHOW_ALARM_SOURCE_LOST:
    return g_strdup_printf ("“%s” is on air and gives no picture", title);
  case SHOW_ALARM_MICROPHONE:
    return g_strdup_printf ("the sound of “%s” is digital silence", title);
  case SHOW_ALARM_CHANNEL:
    return g_strdup_printf ("the %s channel of “%s” is missing",
                            self->value == ENGINE_CHANNEL_LEFT ? "left" : "right", title);
  case SHOW_ALARM_CLIPPING:
    return g_strdup_printf ("the sound of “%s” is too loud and distorts", title);
  case SHOW_ALARM_LIPS:
    return g_strdup_printf ("the picture of “%s” is %d ms behind its sound", title, self->value);
  case SHOW_ALARM_HUM:
    return g_strdup_printf ("“%s” hums at %d Hz", title, self->value);
  case SHOW_ALARM_GUEST_WEAK:
    return g_strdup_printf ("the network of “%s” is weak", title);
  case SHOW_N_ALARMS:
    break;
  }
  g_return_val_if_reached (NULL);
}

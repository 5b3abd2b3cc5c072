/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-notice.h"

#include "console-alarm-text.h"

/**
 * ConsoleNotice:
 *
 * One thing that the operator has to know, in the operator's words: an alarm of the show, or what a
 * destination or source says of itself.
 */
struct _ConsoleNotice {
  GObject parent_instance;

  char *sentence;
  char *help;     /* nullable */
  char *alarm_id; /* nullable */
};

G_DEFINE_FINAL_TYPE (ConsoleNotice, console_notice, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_SENTENCE,
  PROP_HELP,
  PROP_ALARM_ID,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
console_notice_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsoleNotice *self = CONSOLE_NOTICE (object);

  switch (property_id) {
  case PROP_SENTENCE:
    g_value_set_string (value, self->sentence);
    break;
  case PROP_HELP:
    g_value_set_string (value, self->help);
    break;
  case PROP_ALARM_ID:
    g_value_set_string (value, self->alarm_id);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_notice_finalize (GObject *object)
{
  ConsoleNotice *self = CONSOLE_NOTICE (object);

  g_free (self->sentence);
  g_free (self->help);
  g_free (self->alarm_id);

  G_OBJECT_CLASS (console_notice_parent_class)->finalize (object);
}

static void
console_notice_class_init (ConsoleNoticeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_notice_get_property;
  object_class->finalize = console_notice_finalize;

  properties[PROP_SENTENCE] = g_param_spec_string ("sentence", NULL, NULL, NULL, ro);
  properties[PROP_HELP] = g_param_spec_string ("help", NULL, NULL, NULL, ro);
  properties[PROP_ALARM_ID] = g_param_spec_string ("alarm-id", NULL, NULL, NULL, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
console_notice_init (ConsoleNotice *self)
{
}

ConsoleNotice *
console_notice_new (const char *sentence)
{
  ConsoleNotice *self = g_object_new (CONSOLE_TYPE_NOTICE, NULL);

  self->sentence = g_strdup (sentence);
  return self;
}

ConsoleNotice *
console_notice_new_for_alarm (ShowAlarm *alarm)
{
  ConsoleNotice *self = g_object_new (CONSOLE_TYPE_NOTICE, NULL);

  self->sentence = console_alarm_describe (alarm);
  self->help = console_alarm_button (alarm);
  self->alarm_id = g_strdup (show_alarm_get_id (alarm));
  return self;
}

const char *
console_notice_get_sentence (ConsoleNotice *self)
{
  g_return_val_if_fail (CONSOLE_IS_NOTICE (self), NULL);

  return self->sentence;
}

const char *
console_notice_get_help (ConsoleNotice *self)
{
  g_return_val_if_fail (CONSOLE_IS_NOTICE (self), NULL);

  return self->help;
}

const char *
console_notice_get_alarm_id (ConsoleNotice *self)
{
  g_return_val_if_fail (CONSOLE_IS_NOTICE (self), NULL);

  return self->alarm_id;
}

/**
 * console_notice_equals:
 * @self: a notice
 * @other: another one
 *
 * Returns: whether the operator would see no difference
 */
gboolean
console_notice_equals (ConsoleNotice *self, ConsoleNotice *other)
{
  g_return_val_if_fail (CONSOLE_IS_NOTICE (self), FALSE);
  g_return_val_if_fail (CONSOLE_IS_NOTICE (other), FALSE);

  return g_strcmp0 (self->sentence, other->sentence) == 0 &&
         g_strcmp0 (self->help, other->help) == 0 &&
         g_strcmp0 (self->alarm_id, other->alarm_id) == 0;
}

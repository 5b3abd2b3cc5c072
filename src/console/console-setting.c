/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-setting.h"

#include "common-util.h"

#include <math.h>

#define PRECISION 10000.0

/**
 * ConsoleSetting:
 *
 * One value of a [class@Console.Entry], for a widget's property to be bound to.
 */
struct _ConsoleSetting {
  GObject parent_instance;

  ConsoleEntry *entry; /* nullable */
  gulong changed_id;
  char *path;
  char **choices; /* nullable */
  double factor;
  double neutral;
  char *neutral_text; /* nullable */
  gboolean neutral_active;

  /* What was last told: a widget must not lose what is being typed for another value's sake. */
  double told_number;
  gboolean told_active;
  guint told_index;
  char *told_text;
};

G_DEFINE_FINAL_TYPE (ConsoleSetting, console_setting, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ENTRY,
  PROP_PATH,
  PROP_CHOICES,
  PROP_FACTOR,
  PROP_NEUTRAL,
  PROP_NEUTRAL_TEXT,
  PROP_NEUTRAL_ACTIVE,
  PROP_NUMBER,
  PROP_ACTIVE,
  PROP_INDEX,
  PROP_TEXT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static double
get_number (ConsoleSetting *self)
{
  if (self->entry == NULL)
    return self->neutral * self->factor;
  return console_entry_get_number (self->entry, self->path, self->neutral) * self->factor;
}

static gboolean
get_active (ConsoleSetting *self)
{
  if (self->entry == NULL)
    return self->neutral_active;
  return console_entry_get_boolean (self->entry, self->path, self->neutral_active);
}

static const char *
get_text (ConsoleSetting *self)
{
  const char *neutral = self->neutral_text != NULL ? self->neutral_text : "";

  if (self->entry == NULL)
    return neutral;
  return console_entry_get_string (self->entry, self->path, neutral);
}

/* Choices that are numbers in the file are written as numbers. */
static guint
get_index (ConsoleSetting *self)
{
  JsonNode *node = self->entry != NULL ? console_entry_get (self->entry, self->path) : NULL;
  g_autofree char *number = NULL;
  const char *value = get_text (self);

  if (node != NULL && json_node_get_value_type (node) == G_TYPE_INT64)
    value = number = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  for (guint i = 0; self->choices != NULL && self->choices[i] != NULL; i++) {
    if (g_str_equal (self->choices[i], value))
      return i;
  }
  return 0;
}

static void
set_number (ConsoleSetting *self, double number)
{
  const double value = round (number / self->factor * PRECISION) / PRECISION;

  if (self->entry == NULL || fabs (number - get_number (self)) < self->factor / PRECISION)
    return;

  if (value == floor (value))
    console_entry_set (self->entry, self->path,
                       json_node_init_int (json_node_alloc (), (gint64) value));
  else
    console_entry_set (self->entry, self->path, json_node_init_double (json_node_alloc (), value));
}

static void
set_active (ConsoleSetting *self, gboolean active)
{
  if (self->entry != NULL && active != get_active (self))
    console_entry_set (self->entry, self->path,
                       json_node_init_boolean (json_node_alloc (), active));
}

static void
set_text (ConsoleSetting *self, const char *text)
{
  if (self->entry != NULL && g_strcmp0 (text, get_text (self)) != 0)
    console_entry_set_string (self->entry, self->path, text);
}

static void
set_index (ConsoleSetting *self, guint index)
{
  char *end = NULL;
  gint64 number = 0;

  if (self->entry == NULL || self->choices == NULL || index >= g_strv_length (self->choices) ||
      index == get_index (self))
    return;

  number = g_ascii_strtoll (self->choices[index], &end, 10);
  if (end != self->choices[index] && *end == '\0')
    console_entry_set (self->entry, self->path, json_node_init_int (json_node_alloc (), number));
  else
    console_entry_set_string (self->entry, self->path, self->choices[index]);
}

static void
changed_cb (ConsoleSetting *self)
{
  const double number = get_number (self);
  const gboolean active = get_active (self);
  const guint index = get_index (self);
  const gboolean number_changed = number != self->told_number;
  const gboolean active_changed = active != self->told_active;
  const gboolean index_changed = index != self->told_index;

  self->told_number = number;
  self->told_active = active;
  self->told_index = index;
  if (number_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NUMBER]);
  if (active_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
  if (index_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INDEX]);
  if (common_set_string (&self->told_text, get_text (self)))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

static void
set_entry (ConsoleSetting *self, ConsoleEntry *entry)
{
  if (self->entry == entry)
    return;

  if (self->entry != NULL)
    g_clear_signal_handler (&self->changed_id, self->entry);
  g_set_object (&self->entry, entry);
  if (entry != NULL)
    self->changed_id =
      g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENTRY]);
  changed_cb (self);
}

static void
console_setting_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsoleSetting *self = CONSOLE_SETTING (object);

  switch (property_id) {
  case PROP_ENTRY:
    g_value_set_object (value, self->entry);
    break;
  case PROP_NEUTRAL_TEXT:
    g_value_set_string (value, self->neutral_text);
    break;
  case PROP_NUMBER:
    g_value_set_double (value, get_number (self));
    break;
  case PROP_ACTIVE:
    g_value_set_boolean (value, get_active (self));
    break;
  case PROP_INDEX:
    g_value_set_uint (value, get_index (self));
    break;
  case PROP_TEXT:
    g_value_set_string (value, get_text (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_setting_set_property (GObject *object, guint property_id, const GValue *value,
                              GParamSpec *pspec)
{
  ConsoleSetting *self = CONSOLE_SETTING (object);
  const char *text = NULL;

  switch (property_id) {
  case PROP_ENTRY:
    set_entry (self, g_value_get_object (value));
    break;
  case PROP_PATH:
    self->path = g_value_dup_string (value);
    break;
  case PROP_CHOICES:
    text = g_value_get_string (value);
    self->choices = text != NULL ? g_strsplit (text, "|", -1) : NULL;
    break;
  case PROP_FACTOR:
    self->factor = g_value_get_double (value);
    break;
  case PROP_NEUTRAL:
    self->neutral = g_value_get_double (value);
    break;
  case PROP_NEUTRAL_TEXT:
    if (common_set_string (&self->neutral_text, g_value_get_string (value)))
      changed_cb (self);
    break;
  case PROP_NEUTRAL_ACTIVE:
    self->neutral_active = g_value_get_boolean (value);
    break;
  case PROP_NUMBER:
    set_number (self, g_value_get_double (value));
    break;
  case PROP_ACTIVE:
    set_active (self, g_value_get_boolean (value));
    break;
  case PROP_INDEX:
    set_index (self, g_value_get_uint (value));
    break;
  case PROP_TEXT:
    set_text (self, g_value_get_string (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_setting_dispose (GObject *object)
{
  set_entry (CONSOLE_SETTING (object), NULL);

  G_OBJECT_CLASS (console_setting_parent_class)->dispose (object);
}

static void
console_setting_finalize (GObject *object)
{
  ConsoleSetting *self = CONSOLE_SETTING (object);

  g_free (self->path);
  g_strfreev (self->choices);
  g_free (self->neutral_text);
  g_free (self->told_text);

  G_OBJECT_CLASS (console_setting_parent_class)->finalize (object);
}

static void
console_setting_class_init (ConsoleSettingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags rw = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  const GParamFlags once = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_setting_get_property;
  object_class->set_property = console_setting_set_property;
  object_class->dispose = console_setting_dispose;
  object_class->finalize = console_setting_finalize;

  properties[PROP_ENTRY] = g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY, rw);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, once);
  properties[PROP_CHOICES] = g_param_spec_string ("choices", NULL, NULL, NULL, once);
  properties[PROP_FACTOR] = g_param_spec_double ("factor", NULL, NULL, 0.001, 1000, 1, once);
  properties[PROP_NEUTRAL] =
    g_param_spec_double ("neutral", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, once);
  properties[PROP_NEUTRAL_TEXT] = g_param_spec_string ("neutral-text", NULL, NULL, NULL, rw);
  properties[PROP_NEUTRAL_ACTIVE] =
    g_param_spec_boolean ("neutral-active", NULL, NULL, FALSE, once);
  properties[PROP_NUMBER] =
    g_param_spec_double ("number", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, rw);
  properties[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE, rw);
  properties[PROP_INDEX] = g_param_spec_uint ("index", NULL, NULL, 0, G_MAXUINT, 0, rw);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, rw);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
console_setting_init (ConsoleSetting *self)
{
  self->told_number = NAN;
  self->told_index = G_MAXUINT;
}

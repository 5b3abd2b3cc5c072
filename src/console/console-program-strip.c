/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-program-strip.h"

#include "common-util.h"
#include "console-meter.h"
#include "console-text.h"

#include <glib/gi18n.h>

/* Loudness is a matter of seconds: a number that dances twenty times a second cannot be read. */
#define READ_EVERY_US (G_USEC_PER_SEC / 2)

/**
 * ConsoleProgramStrip:
 *
 * What the audience hears: its meter and clip lamp, how loud it is in a number and a word, and the
 * switch that matches it to what platforms ask for.
 */
struct _ConsoleProgramStrip {
  AdwBin parent_instance;

  ShowSession *session; /* nullable */
  char *loudness;       /* nullable */
  EngineLoudnessWord word;
  gboolean clipped;
  gint64 read_us;
};

G_DEFINE_FINAL_TYPE (ConsoleProgramStrip, console_program_strip, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_LOUDNESS,
  PROP_WORD,
  PROP_CLIPPED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char **
loudness_classes (ConsoleProgramStrip *self, EngineLoudnessWord word)
{
  const char *classes[] = { "small-note", "numeric", NULL, NULL };

  switch (word) {
  case ENGINE_LOUDNESS_GOOD:
    classes[2] = "good";
    break;
  case ENGINE_LOUDNESS_QUIET:
  case ENGINE_LOUDNESS_LOUD:
    classes[2] = "bad";
    break;
  case ENGINE_LOUDNESS_SILENT:
    break;
  }
  return g_strdupv ((char **) classes);
}

static void
clip_clicked_cb (ConsoleProgramStrip *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "app.clear-clip", "s", "");
}

static void
levels_cb (ConsoleProgramStrip *self)
{
  EngineProgram *program = show_session_get_program (self->session);
  const gboolean clipped = engine_program_get_clipped (program);
  const gint64 now_us = g_get_monotonic_time ();
  EngineLoudness loudness = { 0 };
  g_autofree char *text = NULL;

  if (clipped != self->clipped) {
    self->clipped = clipped;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIPPED]);
  }
  if (now_us - self->read_us < READ_EVERY_US)
    return;

  self->read_us = now_us;
  engine_program_get_loudness (program, &loudness);
  text = console_text_loudness (&loudness);
  if (common_set_string (&self->loudness, text))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOUDNESS]);
  if (loudness.word != self->word) {
    self->word = loudness.word;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORD]);
  }
}

static void
set_session (ConsoleProgramStrip *self, ShowSession *session)
{
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_func (self->session, levels_cb, self);
  if (!g_set_object (&self->session, session))
    return;

  if (session != NULL)
    g_signal_connect_object (session, "program-levels", G_CALLBACK (levels_cb), self,
                             G_CONNECT_SWAPPED);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
console_program_strip_get_property (GObject *object, guint property_id, GValue *value,
                                    GParamSpec *pspec)
{
  ConsoleProgramStrip *self = CONSOLE_PROGRAM_STRIP (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_LOUDNESS:
    g_value_set_string (value, self->loudness);
    break;
  case PROP_WORD:
    g_value_set_enum (value, (int) self->word);
    break;
  case PROP_CLIPPED:
    g_value_set_boolean (value, self->clipped);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_program_strip_set_property (GObject *object, guint property_id, const GValue *value,
                                    GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    set_session (CONSOLE_PROGRAM_STRIP (object), g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_program_strip_dispose (GObject *object)
{
  ConsoleProgramStrip *self = CONSOLE_PROGRAM_STRIP (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_func (self->session, levels_cb, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_PROGRAM_STRIP);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_program_strip_parent_class)->dispose (object);
}

static void
console_program_strip_finalize (GObject *object)
{
  g_free (CONSOLE_PROGRAM_STRIP (object)->loudness);

  G_OBJECT_CLASS (console_program_strip_parent_class)->finalize (object);
}

static void
console_program_strip_class_init (ConsoleProgramStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_program_strip_get_property;
  object_class->set_property = console_program_strip_set_property;
  object_class->dispose = console_program_strip_dispose;
  object_class->finalize = console_program_strip_finalize;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_LOUDNESS] = g_param_spec_string ("loudness", NULL, NULL, NULL, ro);
  properties[PROP_WORD] = g_param_spec_enum ("word", NULL, NULL, ENGINE_TYPE_LOUDNESS_WORD,
                                             (int) ENGINE_LOUDNESS_SILENT, ro);
  properties[PROP_CLIPPED] = g_param_spec_boolean ("clipped", NULL, NULL, FALSE, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_METER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-program-strip.ui");
  gtk_widget_class_bind_template_callback (widget_class, loudness_classes);
  gtk_widget_class_bind_template_callback (widget_class, clip_clicked_cb);
}

static void
console_program_strip_init (ConsoleProgramStrip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-monitor.h"

#include "console-picture.h"

#include <glib/gi18n.h>

/**
 * ConsoleMonitor:
 *
 * One of the two big pictures: what the audience sees, or what it will see next.
 */
struct _ConsoleMonitor {
  AdwBin parent_instance;

  ShowSession *session; /* nullable */
  gboolean program;
  ConsolePicture *picture;
};

G_DEFINE_FINAL_TYPE (ConsoleMonitor, console_monitor, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_PROGRAM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
word_text (ConsoleMonitor *self, gboolean program, ShowState state, gboolean paused)
{
  if (!program)
    return g_strdup (_ ("NEXT"));
  if (paused && state == SHOW_STATE_REHEARSAL)
    return g_strdup (_ ("⏸ PAUSE in the rehearsal: nobody sees this"));
  if (paused)
    return g_strdup (state == SHOW_STATE_LIVE
                       ? _ ("⏸ PAUSE: the audience sees the card, the recording goes on")
                       : _ ("⏸ PAUSE: the card is in the program"));
  if (state == SHOW_STATE_REHEARSAL)
    return g_strdup (_ ("◎ REHEARSAL – nobody sees this"));
  /* What is in the program before the show is live goes nowhere yet. */
  return g_strdup (state == SHOW_STATE_LIVE ? _ ("● ON AIR") : _ ("PROGRAM — off air"));
}

static char *
shot_title (ConsoleMonitor *self, gboolean program, ShowShot *on_air, ShowShot *next)
{
  ShowShot *shot = program ? on_air : next;

  return g_strdup (shot != NULL ? show_shot_get_title (shot) : "");
}

static char *
picture_description (ConsoleMonitor *self, gboolean program, ShowShot *on_air, ShowShot *next)
{
  g_autofree char *title = shot_title (self, program, on_air, next);

  /* Translators: %s is a shot's title */
  return g_strdup_printf (program ? _ ("Program picture: %s") : _ ("Next picture: %s"), title);
}

static char **
frame_classes (ConsoleMonitor *self, gboolean program, ShowState state, gboolean paused)
{
  const char *classes[] = { "monitor", "next", NULL };

  if (program && paused)
    classes[1] = "paused";
  else if (program)
    classes[1] = state == SHOW_STATE_LIVE        ? "on-air"
                 : state == SHOW_STATE_REHEARSAL ? "rehearsal"
                                                 : "program";
  return g_strdupv ((char **) classes);
}

static void
set_session (ConsoleMonitor *self, ShowSession *session)
{
  g_autoptr (EnginePreview) preview = NULL;

  if (!g_set_object (&self->session, session))
    return;

  if (session != NULL)
    preview = self->program ? show_session_create_program_preview (session)
                            : show_session_create_next_preview (session);
  console_picture_set_preview (self->picture, preview);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
console_monitor_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsoleMonitor *self = CONSOLE_MONITOR (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_PROGRAM:
    g_value_set_boolean (value, self->program);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_monitor_set_property (GObject *object, guint property_id, const GValue *value,
                              GParamSpec *pspec)
{
  ConsoleMonitor *self = CONSOLE_MONITOR (object);

  switch (property_id) {
  case PROP_SESSION:
    set_session (self, g_value_get_object (value));
    break;
  case PROP_PROGRAM:
    self->program = g_value_get_boolean (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_monitor_dispose (GObject *object)
{
  ConsoleMonitor *self = CONSOLE_MONITOR (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_MONITOR);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_monitor_parent_class)->dispose (object);
}

static void
console_monitor_class_init (ConsoleMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_monitor_get_property;
  object_class->set_property = console_monitor_set_property;
  object_class->dispose = console_monitor_dispose;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PROGRAM] =
    g_param_spec_boolean ("program", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_PICTURE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-monitor.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleMonitor, picture);
  gtk_widget_class_bind_template_callback (widget_class, word_text);
  gtk_widget_class_bind_template_callback (widget_class, shot_title);
  gtk_widget_class_bind_template_callback (widget_class, picture_description);
  gtk_widget_class_bind_template_callback (widget_class, frame_classes);
}

static void
console_monitor_init (ConsoleMonitor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

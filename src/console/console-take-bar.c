/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-take-bar.h"

#include "console-graphics.h"
#include "console-text.h"

#include <glib/gi18n.h>

/**
 * ConsoleTakeBar:
 *
 * What lies under the two big pictures: how the next shot goes on air, and who speaks.
 */
struct _ConsoleTakeBar {
  AdwBin parent_instance;

  ShowSession *session; /* nullable */
  GtkWidget *name;
  GtkAdjustment *duration;
};

G_DEFINE_FINAL_TYPE (ConsoleTakeBar, console_take_bar, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
has_object (ConsoleTakeBar *self, GObject *object)
{
  return object != NULL;
}

static char *
talk_text (ConsoleTakeBar *self, ShowTalk *talk)
{
  g_autofree char *name = NULL;

  if (talk == NULL)
    return g_strdup (_ ("No talk now"));

  name = console_text_talk (show_talk_get_speakers (talk), show_talk_get_title (talk));
  /* Translators: %s is the talk that is on now */
  return g_strdup_printf (_ ("Now: %s"), name);
}

static char *
name_text (ConsoleTakeBar *self, gboolean shown)
{
  return g_strdup (shown ? _ ("Hide name") : _ ("Show name"));
}

/* Which talk is next follows from which one is current. */
static char *
next_talk_text (ConsoleTakeBar *self, ShowSession *session, ShowTalk *current)
{
  ShowTalk *talk = session != NULL ? show_session_get_next_talk (session) : NULL;
  g_autofree char *time = NULL;

  if (talk == NULL || show_talk_get_start (talk) == NULL)
    return g_strdup (_ ("Next talk ▸"));

  g_autoptr (GDateTime) start = g_date_time_to_local (show_talk_get_start (talk));
  /* Translators: when a talk starts, see g_date_time_format() */
  time = g_date_time_format (start, _ ("%H:%M"));
  /* Translators: %s is when it starts, such as 14:30 */
  return g_strdup_printf (_ ("Next talk %s ▸"), time);
}

static char *
next_talk_tooltip (ConsoleTakeBar *self, ShowSession *session, ShowTalk *current)
{
  ShowTalk *talk = session != NULL ? show_session_get_next_talk (session) : NULL;

  if (talk == NULL)
    return g_strdup (_ ("The programme has no further talk"));
  return console_text_talk (show_talk_get_speakers (talk), show_talk_get_title (talk));
}

static gboolean
has_next_talk (ConsoleTakeBar *self, ShowSession *session, ShowTalk *current)
{
  return session != NULL && show_session_get_next_talk (session) != NULL;
}

static double
to_double (ConsoleTakeBar *self, guint number)
{
  return number;
}

static char *
duration_text (ConsoleTakeBar *self, guint transition_ms)
{
  /* Translators: how long fading and gliding last, in seconds such as 0.4 */
  return g_strdup_printf (_ ("%.2f s"), transition_ms / 1000.0);
}

static void
duration_changed_cb (ConsoleTakeBar *self)
{
  const guint duration_ms = (guint) gtk_adjustment_get_value (self->duration);

  if (self->session == NULL || duration_ms == show_session_get_transition_ms (self->session))
    return;

  g_action_group_change_action_state (show_session_get_actions (self->session), "transition-ms",
                                      g_variant_new_uint32 (duration_ms));
}

static void
name_toggled_cb (ConsoleTakeBar *self)
{
  const gboolean shown = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->name));

  if (self->session == NULL || shown == show_session_get_talk_shown (self->session))
    return;

  gtk_widget_activate_action (GTK_WIDGET (self), "win.toggle-name", NULL);
}

static void
console_take_bar_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsoleTakeBar *self = CONSOLE_TAKE_BAR (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_take_bar_set_property (GObject *object, guint property_id, const GValue *value,
                               GParamSpec *pspec)
{
  ConsoleTakeBar *self = CONSOLE_TAKE_BAR (object);

  switch (property_id) {
  case PROP_SESSION:
    if (g_set_object (&self->session, g_value_get_object (value)))
      g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_take_bar_dispose (GObject *object)
{
  ConsoleTakeBar *self = CONSOLE_TAKE_BAR (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_TAKE_BAR);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_take_bar_parent_class)->dispose (object);
}

static void
console_take_bar_class_init (ConsoleTakeBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_take_bar_get_property;
  object_class->set_property = console_take_bar_set_property;
  object_class->dispose = console_take_bar_dispose;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_GRAPHICS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-take-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleTakeBar, name);
  gtk_widget_class_bind_template_child (widget_class, ConsoleTakeBar, duration);
  gtk_widget_class_bind_template_callback (widget_class, to_double);
  gtk_widget_class_bind_template_callback (widget_class, duration_text);
  gtk_widget_class_bind_template_callback (widget_class, duration_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, has_object);
  gtk_widget_class_bind_template_callback (widget_class, talk_text);
  gtk_widget_class_bind_template_callback (widget_class, name_text);
  gtk_widget_class_bind_template_callback (widget_class, next_talk_text);
  gtk_widget_class_bind_template_callback (widget_class, next_talk_tooltip);
  gtk_widget_class_bind_template_callback (widget_class, has_next_talk);
  gtk_widget_class_bind_template_callback (widget_class, name_toggled_cb);
}

static void
console_take_bar_init (ConsoleTakeBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

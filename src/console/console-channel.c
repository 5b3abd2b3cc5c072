/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-channel.h"

#include "console-level.h"
#include "console-meter.h"
#include "console-text.h"

#include <glib/gi18n.h>
#include <math.h>

#define STEP_DB 0.1

/**
 * ConsoleChannel:
 *
 * One source's sound: its meter, its fader and its mute button.
 */
struct _ConsoleChannel {
  AdwBin parent_instance;

  EngineSource *source; /* construct-only */
  GtkAdjustment *adjustment;
  GtkWidget *fader;
  GtkWidget *mute;
};

G_DEFINE_FINAL_TYPE (ConsoleChannel, console_channel, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SOURCE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static double
fader_position (ConsoleChannel *self, double volume_db)
{
  return console_level_to_fader (volume_db);
}

static char *
mute_text (ConsoleChannel *self, gboolean muted)
{
  return g_strdup (muted ? _ ("Muted") : _ ("Mute"));
}

static char **
mute_classes (ConsoleChannel *self, gboolean muted)
{
  const char *classes[] = { "mute", muted ? "muted" : NULL, NULL };

  return g_strdupv ((char **) classes);
}

static char *
volume_text (ConsoleChannel *self, double volume_db)
{
  return console_text_decibels (volume_db);
}

static char *
meter_description (ConsoleChannel *self, const char *title)
{
  /* Translators: %s is a source's title */
  return g_strdup_printf (_ ("Level of %s"), title);
}

/* The fader shows the source's volume: moving it asks for another one, and the answer moves it. */
static void
value_changed_cb (ConsoleChannel *self)
{
  const double volume_db = console_level_from_fader (gtk_adjustment_get_value (self->adjustment));

  if (self->source == NULL ||
      fabs (volume_db - engine_source_get_volume_db (self->source)) < STEP_DB)
    return;

  gtk_widget_activate_action (GTK_WIDGET (self), "app.volume", "(sd)",
                              engine_source_get_id (self->source), volume_db);
}

static void
mute_toggled_cb (ConsoleChannel *self)
{
  const gboolean muted = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->mute));

  if (self->source == NULL || muted == engine_source_get_muted (self->source))
    return;

  gtk_widget_activate_action (GTK_WIDGET (self), "app.mute", "(sb)",
                              engine_source_get_id (self->source), muted);
}

static void
update_accessible_names (ConsoleChannel *self)
{
  const char *title = engine_source_get_title (self->source);
  /* Translators: %s is a source's title */
  g_autofree char *fader = g_strdup_printf (_ ("Volume of %s"), title);
  /* Translators: %s is a source's title */
  g_autofree char *mute = g_strdup_printf (_ ("Mute %s"), title);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->fader), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  fader, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->mute), GTK_ACCESSIBLE_PROPERTY_LABEL, mute,
                                  -1);
}

static void
console_channel_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsoleChannel *self = CONSOLE_CHANNEL (object);

  switch (property_id) {
  case PROP_SOURCE:
    g_value_set_object (value, self->source);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_channel_set_property (GObject *object, guint property_id, const GValue *value,
                              GParamSpec *pspec)
{
  ConsoleChannel *self = CONSOLE_CHANNEL (object);

  switch (property_id) {
  case PROP_SOURCE:
    self->source = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_channel_constructed (GObject *object)
{
  ConsoleChannel *self = CONSOLE_CHANNEL (object);

  G_OBJECT_CLASS (console_channel_parent_class)->constructed (object);

  /* Not in the template: GTK 4.8 complains when a widget goes that binds its own property. */
  g_object_bind_property (self->source, "has-sound", self, "visible", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->source, "notify::title", G_CALLBACK (update_accessible_names),
                           self, G_CONNECT_SWAPPED);
  update_accessible_names (self);
}

static void
console_channel_dispose (GObject *object)
{
  ConsoleChannel *self = CONSOLE_CHANNEL (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_CHANNEL);
  g_clear_object (&self->source);

  G_OBJECT_CLASS (console_channel_parent_class)->dispose (object);
}

static void
console_channel_class_init (ConsoleChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_channel_get_property;
  object_class->set_property = console_channel_set_property;
  object_class->constructed = console_channel_constructed;
  object_class->dispose = console_channel_dispose;

  properties[PROP_SOURCE] =
    g_param_spec_object ("source", NULL, NULL, ENGINE_TYPE_SOURCE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_METER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-channel.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleChannel, adjustment);
  gtk_widget_class_bind_template_child (widget_class, ConsoleChannel, fader);
  gtk_widget_class_bind_template_child (widget_class, ConsoleChannel, mute);
  gtk_widget_class_bind_template_callback (widget_class, fader_position);
  gtk_widget_class_bind_template_callback (widget_class, mute_text);
  gtk_widget_class_bind_template_callback (widget_class, mute_classes);
  gtk_widget_class_bind_template_callback (widget_class, volume_text);
  gtk_widget_class_bind_template_callback (widget_class, meter_description);
  gtk_widget_class_bind_template_callback (widget_class, value_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, mute_toggled_cb);
}

static void
console_channel_init (ConsoleChannel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
console_channel_new (EngineSource *source)
{
  return g_object_new (CONSOLE_TYPE_CHANNEL, "source", source, NULL);
}

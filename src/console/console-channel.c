/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-channel.h"

#include "console-level.h"
#include "console-meter.h"
#include "console-text.h"

#include <glib/gi18n.h>
#include <math.h>

#define STEP_DB  0.1
#define PAN_STEP 0.02

/**
 * ConsoleChannel:
 *
 * One source's sound: its meter and clip lamp, its fader, mute, solo and pan, and a menu for the rest.
 */
struct _ConsoleChannel {
  AdwBin parent_instance;

  EngineSource *source; /* construct-only */
  GtkAdjustment *adjustment;
  GtkWidget *fader;
  GtkWidget *mute;
  GtkWidget *solo;
  GtkWidget *clip;
  GtkWidget *more;
  GtkWidget *pan;
  GtkAdjustment *pan_adjustment;
};

G_DEFINE_FINAL_TYPE (ConsoleChannel, console_channel, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SOURCE,
  PROP_FOLLOWS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static double
fader_position (ConsoleChannel *self, double volume_db)
{
  return console_level_to_fader (volume_db);
}

static double
pan_position (ConsoleChannel *self, const EngineSoundSettings *settings)
{
  return settings != NULL ? settings->pan : 0.0;
}

/* The crossed loudspeaker says it to who does not see red. */
static char *
mute_icon (ConsoleChannel *self, gboolean muted)
{
  return g_strdup (muted ? "audio-volume-muted-symbolic" : "audio-volume-high-symbolic");
}

static char **
mute_classes (ConsoleChannel *self, gboolean muted)
{
  const char *classes[] = { "strip-button", muted ? "muted" : NULL, NULL };

  return g_strdupv ((char **) classes);
}

static char *
mute_tooltip (ConsoleChannel *self, gboolean muted)
{
  return g_strdup (muted ? _ ("Muted: press to let it be heard") : _ ("Mute"));
}

static char **
solo_classes (ConsoleChannel *self, gboolean solo)
{
  const char *classes[] = { "strip-button", solo ? "solo" : NULL, NULL };

  return g_strdupv ((char **) classes);
}

static char *
note_text (ConsoleChannel *self, double volume_db, gboolean muted,
           const EngineSoundSettings *settings)
{
  return console_text_strip (volume_db, muted, settings);
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
solo_toggled_cb (ConsoleChannel *self)
{
  const gboolean solo = gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->solo));

  if (self->source == NULL || solo == engine_source_get_solo (self->source))
    return;

  gtk_widget_activate_action (GTK_WIDGET (self), "app.solo", "(sb)",
                              engine_source_get_id (self->source), solo);
}

static void
pan_changed_cb (ConsoleChannel *self)
{
  const double pan = gtk_adjustment_get_value (self->pan_adjustment);

  if (self->source == NULL ||
      fabs (pan - engine_source_get_sound_settings (self->source)->pan) < PAN_STEP / 2)
    return;

  gtk_widget_activate_action (GTK_WIDGET (self), "app.pan", "(sd)",
                              engine_source_get_id (self->source), pan);
}

static void
clip_clicked_cb (ConsoleChannel *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "app.clear-clip", "s",
                              engine_source_get_id (self->source));
}

static void
settings_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.edit-source", "s",
                              engine_source_get_id (CONSOLE_CHANNEL (widget)->source));
}

static void
centre_activated (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_adjustment_set_value (CONSOLE_CHANNEL (widget)->pan_adjustment, 0.0);
}

static const char *const follow_nicks[] = { "always", "seen", "never" };

static void
set_follows (ConsoleChannel *self, const char *nick)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "app.sound-follows", "(ss)",
                              engine_source_get_id (self->source), nick);
}

static void
settings_changed_cb (ConsoleChannel *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWS]);
}

static void
name_part (GtkWidget *widget, const char *format, const char *title)
{
  g_autofree char *name = console_text_format (format, title);

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
update_accessible_names (ConsoleChannel *self)
{
  const char *title = engine_source_get_title (self->source);

  /* Translators: %s is a source's title, here and below */
  name_part (self->fader, _ ("Volume of %s"), title);
  name_part (self->mute, _ ("Mute %s"), title);
  name_part (self->solo, _ ("Hear only %s in the headphones"), title);
  name_part (self->clip, _ ("%s was too loud: press to clear"), title);
  name_part (self->pan, _ ("Left – right of %s"), title);
  name_part (self->more, _ ("More about the sound of %s"), title);
}

static void
console_channel_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  ConsoleChannel *self = CONSOLE_CHANNEL (object);

  switch (property_id) {
  case PROP_SOURCE:
    g_value_set_object (value, self->source);
    break;
  case PROP_FOLLOWS:
    g_value_set_string (value,
                        self->source != NULL
                          ? follow_nicks[engine_source_get_sound_settings (self->source)->follows]
                          : follow_nicks[0]);
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
  case PROP_FOLLOWS:
    set_follows (self, g_value_get_string (value));
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
  g_signal_connect_object (self->source, "notify::sound-settings", G_CALLBACK (settings_changed_cb),
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
  properties[PROP_FOLLOWS] =
    g_param_spec_string ("follows", NULL, NULL, "always",
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_property_action (widget_class, "strip.follows", "follows");
  gtk_widget_class_install_action (widget_class, "strip.settings", NULL, settings_activated);
  gtk_widget_class_install_action (widget_class, "strip.centre", NULL, centre_activated);

  g_type_ensure (CONSOLE_TYPE_METER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-channel.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleChannel, adjustment);
  gtk_widget_class_bind_template_child (widget_class, ConsoleChannel, fader);
  gtk_widget_class_bind_template_child (widget_class, ConsoleChannel, mute);
  gtk_widget_class_bind_template_child (widget_class, ConsoleChannel, solo);
  gtk_widget_class_bind_template_child (widget_class, ConsoleChannel, clip);
  gtk_widget_class_bind_template_child (widget_class, ConsoleChannel, more);
  gtk_widget_class_bind_template_child (widget_class, ConsoleChannel, pan);
  gtk_widget_class_bind_template_child (widget_class, ConsoleChannel, pan_adjustment);
  gtk_widget_class_bind_template_callback (widget_class, fader_position);
  gtk_widget_class_bind_template_callback (widget_class, pan_position);
  gtk_widget_class_bind_template_callback (widget_class, mute_icon);
  gtk_widget_class_bind_template_callback (widget_class, mute_tooltip);
  gtk_widget_class_bind_template_callback (widget_class, solo_classes);
  gtk_widget_class_bind_template_callback (widget_class, solo_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, pan_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, clip_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, mute_classes);
  gtk_widget_class_bind_template_callback (widget_class, note_text);
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

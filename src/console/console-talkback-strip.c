/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-talkback-strip.h"

#include "common-util.h"
#include "console-menu.h"
#include "console-talkback.h"
#include "engine-devices.h"
#include "engine-talkback.h"

#include <glib/gi18n.h>

/**
 * ConsoleTalkbackStrip:
 *
 * How the operator talks to the guests, beside the sound: with which microphone, and a button to
 * hold. It is there as long as the event has guests.
 */
struct _ConsoleTalkbackStrip {
  AdwBin parent_instance;

  ShowSession *session; /* nullable */
  EngineTalkback *talkback;
  char *microphone; /* nullable */
  GtkMenuButton *microphones;
};

G_DEFINE_FINAL_TYPE (ConsoleTalkbackStrip, console_talkback_strip, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_TALKBACK,
  PROP_MICROPHONE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
note_text (ConsoleTalkbackStrip *self, EngineTalkbackState state, gboolean talking)
{
  switch (state) {
  case ENGINE_TALKBACK_STATE_OFF:
    return g_strdup (_ ("no microphone"));
  case ENGINE_TALKBACK_STATE_STARTING:
    return g_strdup (_ ("starting…"));
  case ENGINE_TALKBACK_STATE_LOST:
    return g_strdup (_ ("⚠ not plugged in"));
  case ENGINE_TALKBACK_STATE_READY:
  case ENGINE_TALKBACK_STATE_LIVE:
    break;
  }
  /* The audience never hears it, and whoever talks has to be sure of that. */
  return g_strdup (talking ? _ ("only guests hear it") : _ ("silent"));
}

/* A menu, because GTK 4.8's drop-down is silent for those who cannot see it. */
static void
update_microphones (ConsoleTalkbackStrip *self)
{
  EngineDevices *devices = engine_devices_get_default ();
  const char *current = engine_talkback_get_device (self->talkback);
  const char *title = current != NULL ? _ ("Usual microphone") : _ ("None, silent");
  g_autoptr (GMenu) menu = g_menu_new ();

  console_menu_append (menu, _ ("None, silent"), "app.talkback-microphone", "");
  console_menu_append (menu, _ ("Usual microphone"), "app.talkback-microphone", "default");
  for (guint i = 0; i < engine_devices_get_n (devices); i++) {
    EngineDevice *device = engine_devices_get_nth (devices, i);

    if (engine_device_get_kind (device) != ENGINE_DEVICE_MICROPHONE)
      continue;
    console_menu_append (menu, engine_device_get_name (device), "app.talkback-microphone",
                         engine_device_get_id (device));
    if (g_strcmp0 (current, engine_device_get_id (device)) == 0)
      title = engine_device_get_name (device);
  }
  gtk_menu_button_set_menu_model (self->microphones, G_MENU_MODEL (menu));
  if (common_set_string (&self->microphone, title))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MICROPHONE]);
}

static void
guests_changed_cb (ConsoleTalkbackStrip *self, guint position, guint n_removed, guint n_added,
                   GListModel *guests)
{
  gtk_widget_set_visible (GTK_WIDGET (self), g_list_model_get_n_items (guests) > 0);
}

static void
set_session (ConsoleTalkbackStrip *self, ShowSession *session)
{
  GListModel *guests = NULL;

  g_return_if_fail (self->session == NULL || session == NULL);

  if (session == NULL || !g_set_object (&self->session, session))
    return;

  guests = show_session_get_guests (session);
  self->talkback = g_object_ref (engine_program_get_talkback (show_session_get_program (session)));
  g_signal_connect_object (self->talkback, "notify::device", G_CALLBACK (update_microphones), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (engine_devices_get_default (), "changed",
                           G_CALLBACK (update_microphones), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (guests, "items-changed", G_CALLBACK (guests_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update_microphones (self);
  guests_changed_cb (self, 0, 0, 0, guests);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TALKBACK]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
console_talkback_strip_get_property (GObject *object, guint property_id, GValue *value,
                                     GParamSpec *pspec)
{
  ConsoleTalkbackStrip *self = CONSOLE_TALKBACK_STRIP (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_TALKBACK:
    g_value_set_object (value, self->talkback);
    break;
  case PROP_MICROPHONE:
    g_value_set_string (value, self->microphone);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_talkback_strip_set_property (GObject *object, guint property_id, const GValue *value,
                                     GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    set_session (CONSOLE_TALKBACK_STRIP (object), g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_talkback_strip_dispose (GObject *object)
{
  ConsoleTalkbackStrip *self = CONSOLE_TALKBACK_STRIP (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_TALKBACK_STRIP);
  g_clear_object (&self->talkback);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_talkback_strip_parent_class)->dispose (object);
}

static void
console_talkback_strip_finalize (GObject *object)
{
  g_free (CONSOLE_TALKBACK_STRIP (object)->microphone);

  G_OBJECT_CLASS (console_talkback_strip_parent_class)->finalize (object);
}

static void
console_talkback_strip_class_init (ConsoleTalkbackStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_talkback_strip_get_property;
  object_class->set_property = console_talkback_strip_set_property;
  object_class->dispose = console_talkback_strip_dispose;
  object_class->finalize = console_talkback_strip_finalize;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TALKBACK] =
    g_param_spec_object ("talkback", NULL, NULL, ENGINE_TYPE_TALKBACK, ro);
  properties[PROP_MICROPHONE] = g_param_spec_string ("microphone", NULL, NULL, NULL, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_TALKBACK);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-talkback-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleTalkbackStrip, microphones);
  gtk_widget_class_bind_template_callback (widget_class, note_text);
}

static void
console_talkback_strip_init (ConsoleTalkbackStrip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

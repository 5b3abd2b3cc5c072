/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-headphones.h"

#include "common-util.h"
#include "console-level.h"
#include "console-menu.h"
#include "engine-devices.h"

#include <glib/gi18n.h>
#include <math.h>

#define STEP_DB 0.1

/**
 * ConsoleHeadphones:
 *
 * What the operator hears and the audience does not: on which device, how loud, and whether it is the
 * program or what was chosen at the strips.
 */
struct _ConsoleHeadphones {
  AdwBin parent_instance;

  ShowSession *session; /* nullable */
  EngineHeadphones *headphones;
  char *heard;  /* nullable */
  char *device; /* nullable */
  GtkMenuButton *devices;
  GtkAdjustment *volume;
};

G_DEFINE_FINAL_TYPE (ConsoleHeadphones, console_headphones, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_HEADPHONES,
  PROP_HEARD,
  PROP_DEVICE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static double
fader_position (ConsoleHeadphones *self, double volume_db)
{
  return console_level_to_fader (volume_db);
}

/* What is wrong comes before what would be heard. */
static char *
note_text (ConsoleHeadphones *self, EngineHeadphonesState state, const char *heard)
{
  switch (state) {
  case ENGINE_HEADPHONES_STATE_OFF:
    return g_strdup (_ ("off"));
  case ENGINE_HEADPHONES_STATE_STARTING:
    return g_strdup (_ ("starting…"));
  case ENGINE_HEADPHONES_STATE_LOST:
    return g_strdup (_ ("not plugged in"));
  case ENGINE_HEADPHONES_STATE_LIVE:
    break;
  }
  return g_strdup (heard);
}

static void
update_heard (ConsoleHeadphones *self)
{
  GListModel *sources = show_session_get_sources (self->session);
  g_autoptr (GString) solo = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (sources); i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);

    if (engine_source_get_solo (source))
      g_string_append_printf (solo, "%s%s", solo->len > 0 ? ", " : "",
                              engine_source_get_title (source));
  }
  if (solo->len > 0)
    /* Translators: what is heard in the headphones; %s is one source or several */
    text = g_strdup_printf (_ ("only %s"), solo->str);
  else
    text = g_strdup (_ ("the program"));
  if (common_set_string (&self->heard, text))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEARD]);
}

static void
sources_changed_cb (ConsoleHeadphones *self, guint position, guint n_removed, guint n_added,
                    GListModel *sources)
{
  for (guint i = position; i < position + n_added; i++) {
    g_autoptr (EngineSource) source = g_list_model_get_item (sources, i);

    g_signal_connect_object (source, "notify::solo", G_CALLBACK (update_heard), self,
                             G_CONNECT_SWAPPED);
  }
  update_heard (self);
}

/* A menu, because GTK 4.8's drop-down is silent for those who cannot see it. */
static void
update_devices (ConsoleHeadphones *self)
{
  EngineDevices *devices = engine_devices_get_default ();
  const char *current = engine_headphones_get_device (self->headphones);
  const char *title = current != NULL ? _ ("Usual output") : _ ("None, silent");
  g_autoptr (GMenu) menu = g_menu_new ();

  console_menu_append (menu, _ ("None, silent"), "app.headphones", "");
  console_menu_append (menu, _ ("Usual output"), "app.headphones", "default");
  for (guint i = 0; i < engine_devices_get_n (devices); i++) {
    EngineDevice *device = engine_devices_get_nth (devices, i);

    if (engine_device_get_kind (device) != ENGINE_DEVICE_SPEAKER)
      continue;
    console_menu_append (menu, engine_device_get_name (device), "app.headphones",
                         engine_device_get_id (device));
    if (g_strcmp0 (current, engine_device_get_id (device)) == 0)
      title = engine_device_get_name (device);
  }
  gtk_menu_button_set_menu_model (self->devices, G_MENU_MODEL (menu));
  if (common_set_string (&self->device, title))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEVICE]);
}

static void
volume_changed_cb (ConsoleHeadphones *self)
{
  const double volume_db = console_level_from_fader (gtk_adjustment_get_value (self->volume));

  if (self->headphones == NULL ||
      fabs (volume_db - engine_headphones_get_volume_db (self->headphones)) < STEP_DB)
    return;

  gtk_widget_activate_action (GTK_WIDGET (self), "app.headphones-volume", "d", volume_db);
}

static void
set_session (ConsoleHeadphones *self, ShowSession *session)
{
  g_return_if_fail (self->session == NULL || session == NULL);

  if (session == NULL || !g_set_object (&self->session, session))
    return;

  self->headphones =
    g_object_ref (engine_program_get_headphones (show_session_get_program (session)));
  g_signal_connect_object (self->headphones, "notify::device", G_CALLBACK (update_devices), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (engine_devices_get_default (), "changed", G_CALLBACK (update_devices),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (show_session_get_sources (session), "items-changed",
                           G_CALLBACK (sources_changed_cb), self, G_CONNECT_SWAPPED);
  update_devices (self);
  sources_changed_cb (self, 0, 0, g_list_model_get_n_items (show_session_get_sources (session)),
                      show_session_get_sources (session));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEADPHONES]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

static void
console_headphones_get_property (GObject *object, guint property_id, GValue *value,
                                 GParamSpec *pspec)
{
  ConsoleHeadphones *self = CONSOLE_HEADPHONES (object);

  switch (property_id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_HEADPHONES:
    g_value_set_object (value, self->headphones);
    break;
  case PROP_HEARD:
    g_value_set_string (value, self->heard);
    break;
  case PROP_DEVICE:
    g_value_set_string (value, self->device);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_headphones_set_property (GObject *object, guint property_id, const GValue *value,
                                 GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_SESSION:
    set_session (CONSOLE_HEADPHONES (object), g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_headphones_dispose (GObject *object)
{
  ConsoleHeadphones *self = CONSOLE_HEADPHONES (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_HEADPHONES);
  g_clear_object (&self->headphones);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (console_headphones_parent_class)->dispose (object);
}

static void
console_headphones_finalize (GObject *object)
{
  ConsoleHeadphones *self = CONSOLE_HEADPHONES (object);

  g_free (self->heard);
  g_free (self->device);

  G_OBJECT_CLASS (console_headphones_parent_class)->finalize (object);
}

static void
console_headphones_class_init (ConsoleHeadphonesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = console_headphones_get_property;
  object_class->set_property = console_headphones_set_property;
  object_class->dispose = console_headphones_dispose;
  object_class->finalize = console_headphones_finalize;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, SHOW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_HEADPHONES] =
    g_param_spec_object ("headphones", NULL, NULL, ENGINE_TYPE_HEADPHONES, ro);
  properties[PROP_DEVICE] = g_param_spec_string ("device", NULL, NULL, NULL, ro);
  properties[PROP_HEARD] = g_param_spec_string ("heard", NULL, NULL, NULL, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-headphones.ui");
  gtk_widget_class_bind_template_child (widget_class, ConsoleHeadphones, devices);
  gtk_widget_class_bind_template_child (widget_class, ConsoleHeadphones, volume);
  gtk_widget_class_bind_template_callback (widget_class, fader_position);
  gtk_widget_class_bind_template_callback (widget_class, note_text);
  gtk_widget_class_bind_template_callback (widget_class, volume_changed_cb);
}

static void
console_headphones_init (ConsoleHeadphones *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-source-setup.h"

#include "console-address.h"
#include "console-device-row.h"
#include "console-field.h"
#include "console-file-row.h"
#include "console-outside-setup.h"
#include "console-setting.h"
#include "console-text-row.h"

#include <glib/gi18n.h>
#include <math.h>

/**
 * ConsoleSourceSetup:
 *
 * What a source is called, and where its picture and sound come from.
 */
struct _ConsoleSourceSetup {
  AdwBin parent_instance;

  ConsoleEntry *entry; /* nullable */
  gulong changed_id;
  ConsoleField *address;
  AdwComboRow *then;
  GtkColorChooser *background;
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (ConsoleSourceSetup, console_source_setup, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_ENTRY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const char *const settings[] = { "kind", "card_kind", "uri_loop", "film_loop" };

static gboolean
is_camera (ConsoleSourceSetup *self, const char *kind)
{
  return g_strcmp0 (kind, "camera") == 0;
}

static gboolean
is_uri (ConsoleSourceSetup *self, const char *kind)
{
  return g_strcmp0 (kind, "uri") == 0;
}

static gboolean
is_slides (ConsoleSourceSetup *self, const char *kind)
{
  return g_strcmp0 (kind, "slides") == 0;
}

static gboolean
is_film (ConsoleSourceSetup *self, const char *kind)
{
  return g_strcmp0 (kind, "film") == 0;
}

static gboolean
is_still (ConsoleSourceSetup *self, const char *kind)
{
  return g_strcmp0 (kind, "still") == 0;
}

static gboolean
is_card (ConsoleSourceSetup *self, const char *kind)
{
  return g_strcmp0 (kind, "card") == 0;
}

static gboolean
is_screen (ConsoleSourceSetup *self, const char *kind)
{
  return g_strcmp0 (kind, "screen") == 0;
}

static gboolean
is_outside (ConsoleSourceSetup *self, const char *kind)
{
  static const char *const kinds[] = { "guest", "whip", "whep", NULL };

  return kind != NULL && g_strv_contains (kinds, kind);
}

/* First to stay on the last picture, then one line for each shot. */
static void
fill_then (ConsoleSourceSetup *self)
{
  GListModel *shots = show_session_get_shots (console_entry_get_session (self->entry));
  const char *then = console_entry_get_string (self->entry, "then", NULL);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint selected = 0;

  gtk_string_list_append (titles, _ ("Stay on the last picture"));
  for (guint i = 0; i < g_list_model_get_n_items (shots); i++) {
    g_autoptr (ShowShot) shot = g_list_model_get_item (shots, i);
    /* Translators: %s is a shot */
    g_autofree char *title = g_strdup_printf (_ ("Go to “%s”"), show_shot_get_title (shot));

    gtk_string_list_append (titles, title);
    if (g_strcmp0 (then, show_shot_get_id (shot)) == 0)
      selected = i + 1;
  }
  adw_combo_row_set_model (self->then, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->then, selected);
}

static void
then_selected_cb (ConsoleSourceSetup *self)
{
  g_autoptr (ShowShot) shot = NULL;
  const guint selected = adw_combo_row_get_selected (self->then);

  if (self->updating || self->entry == NULL || selected == GTK_INVALID_LIST_POSITION)
    return;

  if (selected > 0)
    shot = g_list_model_get_item (show_session_get_shots (console_entry_get_session (self->entry)),
                                  selected - 1);
  console_entry_set_string (self->entry, "then", shot != NULL ? show_shot_get_id (shot) : NULL);
}

static void
background_set_cb (ConsoleSourceSetup *self)
{
  GdkRGBA rgba = { 0 };
  g_autofree char *colour = NULL;

  if (self->entry == NULL)
    return;

  gtk_color_chooser_get_rgba (self->background, &rgba);
  colour = g_strdup_printf ("#%02x%02x%02x", (guint) lroundf (rgba.red * 255),
                            (guint) lroundf (rgba.green * 255), (guint) lroundf (rgba.blue * 255));
  console_entry_set_string (self->entry, "background", colour);
}

static char *
check_address (const char *text, gpointer user_data)
{
  ConsoleSourceSetup *self = user_data;
  ShowSession *session = self->entry != NULL ? console_entry_get_session (self->entry) : NULL;

  return session != NULL ? console_address_check_source (text, show_session_get_event (session))
                         : NULL;
}

static void
changed_cb (ConsoleSourceSetup *self)
{
  GdkRGBA rgba = { 0 };

  self->updating = TRUE;
  if (is_film (self, console_entry_get_string (self->entry, "kind", NULL)))
    fill_then (self);
  if (gdk_rgba_parse (&rgba, console_entry_get_string (self->entry, "background", "#000000")))
    gtk_color_chooser_set_rgba (self->background, &rgba);
  self->updating = FALSE;
}

static void
set_entry (ConsoleSourceSetup *self, ConsoleEntry *entry)
{
  if (self->entry == entry)
    return;

  if (self->entry != NULL)
    g_clear_signal_handler (&self->changed_id, self->entry);
  g_set_object (&self->entry, entry);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENTRY]);
  if (entry == NULL)
    return;

  self->changed_id =
    g_signal_connect_object (entry, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  console_field_check (self->address);
}

static void
console_source_setup_get_property (GObject *object, guint property_id, GValue *value,
                                   GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_ENTRY:
    g_value_set_object (value, CONSOLE_SOURCE_SETUP (object)->entry);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_source_setup_set_property (GObject *object, guint property_id, const GValue *value,
                                   GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_ENTRY:
    set_entry (CONSOLE_SOURCE_SETUP (object), g_value_get_object (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_source_setup_dispose (GObject *object)
{
  ConsoleSourceSetup *self = CONSOLE_SOURCE_SETUP (object);

  if (self->entry != NULL)
    g_clear_signal_handler (&self->changed_id, self->entry);
  gtk_widget_dispose_template (GTK_WIDGET (self), CONSOLE_TYPE_SOURCE_SETUP);
  g_clear_object (&self->entry);

  G_OBJECT_CLASS (console_source_setup_parent_class)->dispose (object);
}

static void
console_source_setup_class_init (ConsoleSourceSetupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = console_source_setup_get_property;
  object_class->set_property = console_source_setup_set_property;
  object_class->dispose = console_source_setup_dispose;

  properties[PROP_ENTRY] =
    g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CONSOLE_TYPE_DEVICE_ROW);
  g_type_ensure (CONSOLE_TYPE_FIELD);
  g_type_ensure (CONSOLE_TYPE_FILE_ROW);
  g_type_ensure (CONSOLE_TYPE_OUTSIDE_SETUP);
  g_type_ensure (CONSOLE_TYPE_SETTING);
  g_type_ensure (CONSOLE_TYPE_TEXT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               APPLICATION_PATH "/ui/console-source-setup.ui");
  /* Bindings do not keep what they bind. */
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    gtk_widget_class_bind_template_child_full (widget_class, settings[i], FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, ConsoleSourceSetup, address);
  gtk_widget_class_bind_template_child (widget_class, ConsoleSourceSetup, then);
  gtk_widget_class_bind_template_child (widget_class, ConsoleSourceSetup, background);
  gtk_widget_class_bind_template_callback (widget_class, is_camera);
  gtk_widget_class_bind_template_callback (widget_class, is_uri);
  gtk_widget_class_bind_template_callback (widget_class, is_slides);
  gtk_widget_class_bind_template_callback (widget_class, is_film);
  gtk_widget_class_bind_template_callback (widget_class, is_still);
  gtk_widget_class_bind_template_callback (widget_class, is_card);
  gtk_widget_class_bind_template_callback (widget_class, is_screen);
  gtk_widget_class_bind_template_callback (widget_class, is_outside);
  gtk_widget_class_bind_template_callback (widget_class, then_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, background_set_cb);
}

static void
console_source_setup_init (ConsoleSourceSetup *self)
{
  GtkWidget *button = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  console_field_set_check (self->address, check_address, self);
  /* GTK 4.8 leaves the button inside, which takes the keys, without a name. */
  button = gtk_widget_get_first_child (GTK_WIDGET (self->background));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Background"), -1);
}

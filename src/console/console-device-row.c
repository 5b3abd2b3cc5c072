/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-device-row.h"

#include "engine-devices.h"

#include <glib/gi18n.h>

/**
 * ConsoleDeviceRow:
 *
 * A choice among what is plugged in: a camera, a microphone, or a format of the camera. It follows
 * what comes and goes, and keeps what the event names even while that is not there.
 */
struct _ConsoleDeviceRow {
  AdwComboRow parent_instance;

  ConsoleEntry *entry; /* nullable */
  gulong changed_id;
  char *path;
  ConsoleDevice kind;
  GtkStringList *titles;
  GPtrArray *ids; /* (element-type utf8): in the order of the titles */
  gboolean updating;
};

G_DEFINE_FINAL_TYPE (ConsoleDeviceRow, console_device_row, ADW_TYPE_COMBO_ROW)

enum {
  PROP_0,
  PROP_ENTRY,
  PROP_PATH,
  PROP_KIND,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

GType
console_device_get_type (void)
{
  static const GEnumValue values[] = {
    { CONSOLE_DEVICE_CAMERA, "CONSOLE_DEVICE_CAMERA", "camera" },
    { CONSOLE_DEVICE_MICROPHONE, "CONSOLE_DEVICE_MICROPHONE", "microphone" },
    { CONSOLE_DEVICE_MODE, "CONSOLE_DEVICE_MODE", "mode" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("ConsoleDevice", values));
  return (GType) type;
}

static void
add (ConsoleDeviceRow *self, const char *id, const char *title)
{
  gtk_string_list_append (self->titles, title);
  g_ptr_array_add (self->ids, g_strdup (id));
}

static void
add_devices (ConsoleDeviceRow *self, EngineDeviceKind kind)
{
  EngineDevices *devices = engine_devices_get_default ();

  for (guint i = 0; i < engine_devices_get_n (devices); i++) {
    EngineDevice *device = engine_devices_get_nth (devices, i);

    if (engine_device_get_kind (device) == kind)
      add (self, engine_device_get_id (device), engine_device_get_name (device));
  }
}

/* Of the camera that the same source has chosen. */
static void
add_modes (ConsoleDeviceRow *self)
{
  g_autoptr (EngineDevice) camera =
    engine_devices_find (engine_devices_get_default (), ENGINE_DEVICE_CAMERA,
                         console_entry_get_string (self->entry, "device", "default"));
  const char *const *modes = camera != NULL ? engine_device_get_modes (camera) : NULL;

  for (guint i = 0; modes != NULL && modes[i] != NULL; i++)
    add (self, modes[i], modes[i]);
}

static const char *
get_neutral (ConsoleDeviceRow *self)
{
  return self->kind == CONSOLE_DEVICE_MODE ? "" : "default";
}

static void
fill (ConsoleDeviceRow *self)
{
  switch (self->kind) {
  case CONSOLE_DEVICE_CAMERA:
    add (self, "default", _ ("The first camera there is"));
    add_devices (self, ENGINE_DEVICE_CAMERA);
    break;
  case CONSOLE_DEVICE_MICROPHONE:
    add (self, "default", _ ("This computer’s usual microphone"));
    add (self, "none", _ ("No sound"));
    add_devices (self, ENGINE_DEVICE_MICROPHONE);
    break;
  case CONSOLE_DEVICE_MODE:
    add (self, "", _ ("Automatic"));
    add_modes (self);
    break;
  }
}

static void
update (ConsoleDeviceRow *self)
{
  const char *current = NULL;
  guint selected = 0;

  if (self->entry == NULL)
    return;

  self->updating = TRUE;
  g_clear_object (&self->titles);
  self->titles = gtk_string_list_new (NULL);
  g_ptr_array_set_size (self->ids, 0);
  fill (self);

  current = console_entry_get_string (self->entry, self->path, get_neutral (self));
  if (!g_ptr_array_find_with_equal_func (self->ids, current, g_str_equal, &selected)) {
    /* Translators: %s is a device's name */
    g_autofree char *title =
      g_strdup_printf (self->kind == CONSOLE_DEVICE_MODE ? "%s" : _ ("%s (not plugged in)"),
                       current);

    selected = self->ids->len;
    add (self, current, title);
  }
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (self->titles));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), selected);
  self->updating = FALSE;
}

static void
selected_cb (ConsoleDeviceRow *self)
{
  const guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  const char *id = NULL;

  if (self->updating || self->entry == NULL || selected >= self->ids->len)
    return;

  id = self->ids->pdata[selected];
  if (g_strcmp0 (id, console_entry_get_string (self->entry, self->path, get_neutral (self))) != 0)
    console_entry_set_string (self->entry, self->path, *id != '\0' ? id : NULL);
}

static void
set_entry (ConsoleDeviceRow *self, ConsoleEntry *entry)
{
  if (self->entry == entry)
    return;

  if (self->entry != NULL)
    g_clear_signal_handler (&self->changed_id, self->entry);
  g_set_object (&self->entry, entry);
  if (entry != NULL)
    self->changed_id =
      g_signal_connect_object (entry, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENTRY]);
}

static void
console_device_row_get_property (GObject *object, guint property_id, GValue *value,
                                 GParamSpec *pspec)
{
  switch (property_id) {
  case PROP_ENTRY:
    g_value_set_object (value, CONSOLE_DEVICE_ROW (object)->entry);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_device_row_set_property (GObject *object, guint property_id, const GValue *value,
                                 GParamSpec *pspec)
{
  ConsoleDeviceRow *self = CONSOLE_DEVICE_ROW (object);

  switch (property_id) {
  case PROP_ENTRY:
    set_entry (self, g_value_get_object (value));
    break;
  case PROP_PATH:
    self->path = g_value_dup_string (value);
    break;
  case PROP_KIND:
    self->kind = (ConsoleDevice) g_value_get_enum (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
console_device_row_constructed (GObject *object)
{
  ConsoleDeviceRow *self = CONSOLE_DEVICE_ROW (object);

  G_OBJECT_CLASS (console_device_row_parent_class)->constructed (object);

  g_signal_connect (self, "notify::selected", G_CALLBACK (selected_cb), NULL);
  g_signal_connect_object (engine_devices_get_default (), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
}

static void
console_device_row_dispose (GObject *object)
{
  ConsoleDeviceRow *self = CONSOLE_DEVICE_ROW (object);

  if (self->entry != NULL)
    g_clear_signal_handler (&self->changed_id, self->entry);
  g_clear_object (&self->entry);
  g_clear_object (&self->titles);

  G_OBJECT_CLASS (console_device_row_parent_class)->dispose (object);
}

static void
console_device_row_finalize (GObject *object)
{
  ConsoleDeviceRow *self = CONSOLE_DEVICE_ROW (object);

  g_ptr_array_unref (self->ids);
  g_free (self->path);

  G_OBJECT_CLASS (console_device_row_parent_class)->finalize (object);
}

static void
console_device_row_class_init (ConsoleDeviceRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags once = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = console_device_row_constructed;
  object_class->get_property = console_device_row_get_property;
  object_class->set_property = console_device_row_set_property;
  object_class->dispose = console_device_row_dispose;
  object_class->finalize = console_device_row_finalize;

  properties[PROP_ENTRY] =
    g_param_spec_object ("entry", NULL, NULL, CONSOLE_TYPE_ENTRY,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, once);
  properties[PROP_KIND] =
    g_param_spec_enum ("kind", NULL, NULL, CONSOLE_TYPE_DEVICE, (int) CONSOLE_DEVICE_CAMERA, once);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
console_device_row_init (ConsoleDeviceRow *self)
{
  self->ids = g_ptr_array_new_with_free_func (g_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-device.h"
#include "engine-mode.h"

#define VIDEO_SYSFS "/sys/class/video4linux"

/**
 * EngineDevice:
 *
 * A camera, microphone or loudspeaker as it is plugged in now.
 *
 * Its id is what an event file names it by: for a camera that says what it is, maker, model and serial
 * number, “@”, and the place it is plugged into; else the place or the sound server's name for it. So
 * a camera is known again in another place, and two of a kind are told apart.
 */
struct _EngineDevice {
  GObject parent_instance;

  GstDevice *device;
  EngineDeviceKind kind;
  char *id;
  char *name;
  char *hardware; /* nullable: it does not say */
  GStrv aliases;  /* all it was ever called in event files */
  GStrv modes;
  GHashTable *rivals; /* ids of the same hardware that were plugged in together with it */
  gboolean monitor;
  gboolean present;
};

G_DEFINE_FINAL_TYPE (EngineDevice, engine_device, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_KIND,
  PROP_MODES,
  PROP_PRESENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
engine_device_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  EngineDevice *self = ENGINE_DEVICE (object);

  switch (id) {
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_KIND:
    g_value_set_int (value, (int) self->kind);
    break;
  case PROP_MODES:
    g_value_set_boxed (value, self->modes);
    break;
  case PROP_PRESENT:
    g_value_set_boolean (value, self->present);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
engine_device_finalize (GObject *object)
{
  EngineDevice *self = ENGINE_DEVICE (object);

  gst_clear_object (&self->device);
  g_free (self->id);
  g_free (self->name);
  g_free (self->hardware);
  g_strfreev (self->aliases);
  g_strfreev (self->modes);
  g_hash_table_unref (self->rivals);
  G_OBJECT_CLASS (engine_device_parent_class)->finalize (object);
}

static void
engine_device_class_init (EngineDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = engine_device_get_property;
  object_class->finalize = engine_device_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, ro);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, ro);
  properties[PROP_KIND] =
    g_param_spec_int ("kind", NULL, NULL, ENGINE_DEVICE_CAMERA, ENGINE_DEVICE_SPEAKER, 0, ro);
  properties[PROP_MODES] = g_param_spec_boxed ("modes", NULL, NULL, G_TYPE_STRV, ro);
  properties[PROP_PRESENT] = g_param_spec_boolean ("present", NULL, NULL, TRUE, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
engine_device_init (EngineDevice *self)
{
  self->rivals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->present = TRUE;
}

static EngineDeviceKind
get_kind (GstDevice *device)
{
  if (gst_device_has_classes (device, "Video/Source"))
    return ENGINE_DEVICE_CAMERA;
  return gst_device_has_classes (device, "Audio/Sink") ? ENGINE_DEVICE_SPEAKER
                                                       : ENGINE_DEVICE_MICROPHONE;
}

static char *
read_sysfs (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  return g_strstrip (text);
}

/* The folder of the USB device behind a video node. */
static char *
find_sysfs (const GstStructure *props)
{
  const char *path = gst_structure_get_string (props, "api.v4l2.path");
  g_autofree char *node = NULL;

  if (path == NULL)
    path = gst_structure_get_string (props, "device.path");
  if (path == NULL || !g_str_has_prefix (path, "/dev/video"))
    return NULL;
  node = g_path_get_basename (path);
  return g_build_filename (VIDEO_SYSFS, node, "device", "..", NULL);
}

static const char *
skip_0x (const char *text)
{
  return g_str_has_prefix (text, "0x") ? text + 2 : text;
}

/**
 * engine_device_make_hardware:
 * @props: what is known of a device
 * @sysfs: (nullable): the folder in which the kernel tells about it
 *
 * Returns: (transfer full) (nullable): maker, model and serial number, such as `046d:082d:5F2E1A`;
 *   `NULL` if it does not say
 */
char *
engine_device_make_hardware (const GstStructure *props, const char *sysfs)
{
  g_autofree char *vendor = sysfs != NULL ? read_sysfs (sysfs, "idVendor") : NULL;
  g_autofree char *product = sysfs != NULL ? read_sysfs (sysfs, "idProduct") : NULL;
  g_autofree char *serial = sysfs != NULL ? read_sysfs (sysfs, "serial") : NULL;
  g_autofree char *hardware = NULL;

  if (vendor == NULL || product == NULL) {
    g_free (vendor);
    g_free (product);
    g_free (serial);
    vendor = g_strdup (gst_structure_get_string (props, "device.vendor.id"));
    product = g_strdup (gst_structure_get_string (props, "device.product.id"));
    serial = g_strdup (gst_structure_get_string (props, "device.serial"));
  }
  if (vendor == NULL || product == NULL || *vendor == '\0' || *product == '\0')
    return NULL;
  hardware = serial != NULL && *serial != '\0'
               ? g_strdup_printf ("%s:%s:%s", skip_0x (vendor), skip_0x (product), serial)
               : g_strdup_printf ("%s:%s", skip_0x (vendor), skip_0x (product));
  /* “@” divides it from the place. */
  g_strdelimit (hardware, "@ \t\n", '-');
  return g_steal_pointer (&hardware);
}

/* What it is called where it is plugged in, best first: the first is what event files use. What a
 * loudspeaker plays is listed with the loudspeaker's own properties. */
static GStrv
list_places (GstDevice *device, const GstStructure *props, gboolean monitor)
{
  static const char *const keys[] = { "node.name", "device.bus_path", "device.path", "sysfs.path" };
  g_autoptr (GStrvBuilder) places = g_strv_builder_new ();
  g_autofree char *name = gst_device_get_display_name (device);

  for (guint i = 0; props != NULL && i < G_N_ELEMENTS (keys); i++) {
    const char *value = gst_structure_get_string (props, keys[i]);
    g_autofree char *place =
      g_strconcat (value != NULL ? value : "", monitor ? ".monitor" : "", NULL);

    if (value != NULL)
      g_strv_builder_add (places, place);
  }
  g_strv_builder_add (places, name);
  return g_strv_builder_end (places);
}

/**
 * engine_device_new:
 * @device: what GStreamer found
 *
 * Returns: (transfer full): the device
 */
EngineDevice *
engine_device_new (GstDevice *device)
{
  EngineDevice *self = g_object_new (ENGINE_TYPE_DEVICE, NULL);
  g_autoptr (GstStructure) props = gst_device_get_properties (device);
  g_autoptr (GstCaps) caps = gst_device_get_caps (device);
  g_autofree char *sysfs = props != NULL ? find_sysfs (props) : NULL;

  self->device = gst_object_ref (device);
  self->kind = get_kind (device);
  self->name = gst_device_get_display_name (device);
  self->monitor =
    props != NULL && g_strcmp0 (gst_structure_get_string (props, "device.class"), "monitor") == 0;
  self->aliases = list_places (device, props, self->monitor);
  /* The sound server's names for sound cards say what they are, and not where. */
  if (self->kind == ENGINE_DEVICE_CAMERA && props != NULL)
    self->hardware = engine_device_make_hardware (props, sysfs);
  self->id = self->hardware != NULL ? g_strconcat (self->hardware, "@", self->aliases[0], NULL)
                                    : g_strdup (self->aliases[0]);
  self->modes = engine_mode_list (self->kind == ENGINE_DEVICE_CAMERA ? caps : NULL);
  return self;
}

const char *
engine_device_get_id (EngineDevice *self)
{
  g_return_val_if_fail (ENGINE_IS_DEVICE (self), NULL);

  return self->id;
}

const char *
engine_device_get_name (EngineDevice *self)
{
  g_return_val_if_fail (ENGINE_IS_DEVICE (self), NULL);

  return self->name;
}

EngineDeviceKind
engine_device_get_kind (EngineDevice *self)
{
  g_return_val_if_fail (ENGINE_IS_DEVICE (self), ENGINE_DEVICE_CAMERA);

  return self->kind;
}

/**
 * engine_device_get_modes:
 * @self: a device
 *
 * Returns: (transfer none): what a camera can give, the largest first, such as `1280x720@30 jpeg`;
 *   empty if it does not say
 */
const char *const *
engine_device_get_modes (EngineDevice *self)
{
  g_return_val_if_fail (ENGINE_IS_DEVICE (self), NULL);

  return (const char *const *) self->modes;
}

gboolean
engine_device_get_present (EngineDevice *self)
{
  g_return_val_if_fail (ENGINE_IS_DEVICE (self), FALSE);

  return self->present;
}

GstDevice *
engine_device_get_gst_device (EngineDevice *self)
{
  g_return_val_if_fail (ENGINE_IS_DEVICE (self), NULL);

  return self->device;
}

/**
 * engine_device_is_monitor:
 * @self: a device
 *
 * Returns: whether it is no device but what a loudspeaker plays
 */
gboolean
engine_device_is_monitor (EngineDevice *self)
{
  g_return_val_if_fail (ENGINE_IS_DEVICE (self), FALSE);

  return self->monitor;
}

gboolean
engine_device_is_default (EngineDevice *self)
{
  g_autoptr (GstStructure) props = NULL;
  gboolean is_default = FALSE;

  g_return_val_if_fail (ENGINE_IS_DEVICE (self), FALSE);

  props = gst_device_get_properties (self->device);
  if (props != NULL)
    gst_structure_get_boolean (props, "is-default", &is_default);
  return is_default;
}

/**
 * engine_device_is_called:
 * @self: a device
 * @id: from an event file
 *
 * Returns: whether it is exactly that one, in the same place
 */
gboolean
engine_device_is_called (EngineDevice *self, const char *id)
{
  g_return_val_if_fail (ENGINE_IS_DEVICE (self), FALSE);

  return g_str_equal (self->id, id) || g_strv_contains ((const char *const *) self->aliases, id);
}

/**
 * engine_device_is_same_hardware:
 * @self: a device
 * @id: from an event file
 *
 * Returns: whether it may be that one, plugged in somewhere else
 */
gboolean
engine_device_is_same_hardware (EngineDevice *self, const char *id)
{
  gsize length = 0;

  g_return_val_if_fail (ENGINE_IS_DEVICE (self), FALSE);

  if (self->hardware == NULL)
    return FALSE;
  length = strlen (self->hardware);
  return strncmp (self->hardware, id, length) == 0 && (id[length] == '\0' || id[length] == '@');
}

/**
 * engine_device_is_rival:
 * @self: a device
 * @id: from an event file
 *
 * Returns: whether the two were plugged in at the same time, so that they are two
 */
gboolean
engine_device_is_rival (EngineDevice *self, const char *id)
{
  g_return_val_if_fail (ENGINE_IS_DEVICE (self), FALSE);

  return g_hash_table_contains (self->rivals, id);
}

/**
 * engine_device_meet:
 * @self: a device
 * @other: one that is plugged in at the same time
 *
 * If they are of a kind, they will be told apart from now on.
 */
void
engine_device_meet (EngineDevice *self, EngineDevice *other)
{
  g_return_if_fail (ENGINE_IS_DEVICE (self));
  g_return_if_fail (ENGINE_IS_DEVICE (other));

  if (self->hardware == NULL || g_strcmp0 (self->hardware, other->hardware) != 0)
    return;
  g_hash_table_add (self->rivals, g_strdup (other->id));
  g_hash_table_add (other->rivals, g_strdup (self->id));
}

/**
 * engine_device_leave:
 * @self: a device
 *
 * It was unplugged.
 */
void
engine_device_leave (EngineDevice *self)
{
  g_return_if_fail (ENGINE_IS_DEVICE (self));

  if (!self->present)
    return;
  self->present = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRESENT]);
}

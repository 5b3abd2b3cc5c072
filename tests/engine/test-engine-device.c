/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-device.h"
#include "engine-mode.h"
#include "engine-testing.h"

#define TEST_TYPE_DEVICE (test_device_get_type ())
G_DECLARE_FINAL_TYPE (TestDevice, test_device, TEST, DEVICE, GstDevice)

/* What a device provider would have found. */
struct _TestDevice {
  GstDevice parent_instance;
};

G_DEFINE_FINAL_TYPE (TestDevice, test_device, GST_TYPE_DEVICE)

static void
test_device_class_init (TestDeviceClass *klass)
{
}

static void
test_device_init (TestDevice *self)
{
}

static EngineDevice *
make_device (const char *device_class, const char *name, const char *properties_text)
{
  g_autoptr (GstStructure) properties = gst_structure_from_string (properties_text, NULL);
  g_autoptr (GstCaps) caps =
    gst_caps_from_string ("video/x-raw,width=640,height=480,framerate=30/1");
  g_autoptr (GstDevice) device =
    g_object_new (TEST_TYPE_DEVICE, "device-class", device_class, "display-name", name, "caps",
                  caps, "properties", properties, NULL);

  return engine_device_new (device);
}

static EngineDevice *
make_camera (const char *place, const char *serial)
{
  g_autofree char *text = g_strdup_printf ("pipewire-proplist,node.name=%s,device.vendor.id=("
                                           "string)0x046d,device.product.id=(string)0x082d%s%s",
                                           place, serial != NULL ? ",device.serial=(string)" : "",
                                           serial != NULL ? serial : "");

  return make_device ("Video/Source", "Webcam C920", text);
}

static void
test_camera_id (void)
{
  g_autoptr (EngineDevice) camera = make_camera ("usb-1", "5F2E");

  g_assert_cmpstr (engine_device_get_id (camera), ==, "046d:082d:5F2E@usb-1");
  g_assert_cmpstr (engine_device_get_name (camera), ==, "Webcam C920");
  g_assert_cmpint (engine_device_get_kind (camera), ==, ENGINE_DEVICE_CAMERA);
  g_assert_cmpstr (engine_device_get_modes (camera)[0], ==, "640x480@30 raw");
  g_assert_true (engine_device_is_called (camera, "046d:082d:5F2E@usb-1"));
  /* What older event files say. */
  g_assert_true (engine_device_is_called (camera, "usb-1"));
  g_assert_true (engine_device_is_called (camera, "Webcam C920"));
  g_assert_false (engine_device_is_called (camera, "usb-2"));
  /* In another place, by serial number or by hand; never another model in the same place. */
  g_assert_true (engine_device_is_same_hardware (camera, "046d:082d:5F2E@usb-7"));
  g_assert_true (engine_device_is_same_hardware (camera, "046d:082d:5F2E"));
  g_assert_false (engine_device_is_same_hardware (camera, "046d:082d:5F2"));
  g_assert_false (engine_device_is_same_hardware (camera, "046d:082d:5F2E1@usb-1"));
  g_assert_false (engine_device_is_same_hardware (camera, "1234:082d:5F2E@usb-1"));
}

static void
test_nameless_camera (void)
{
  g_autoptr (EngineDevice) camera =
    make_device ("Video/Source", "Grabber", "props,node.name=grabber,device.vendor.id=(string)0x1");
  g_autoptr (EngineDevice) bare = make_device ("Video/Source", "Bare", "props");

  g_assert_cmpstr (engine_device_get_id (camera), ==, "grabber");
  g_assert_false (engine_device_is_same_hardware (camera, "grabber"));
  g_assert_cmpstr (engine_device_get_id (bare), ==, "Bare");
}

/* The names of sound cards say what they are: they stay as they are. */
static void
test_sound (void)
{
  g_autoptr (EngineDevice) microphone =
    make_device ("Audio/Source", "Desk",
                 "props,node.name=desk,device.vendor.id=(string)0x1,device.product.id=(string)0x2");
  g_autoptr (EngineDevice) monitor =
    make_device ("Audio/Source", "Monitor", "props,node.name=desk,device.class=monitor");
  g_autoptr (EngineDevice) speaker = make_device ("Audio/Sink", "Hall", "props,node.name=hall");

  g_assert_cmpstr (engine_device_get_id (microphone), ==, "desk");
  g_assert_cmpint (engine_device_get_kind (microphone), ==, ENGINE_DEVICE_MICROPHONE);
  g_assert_null (engine_device_get_modes (microphone)[0]);
  g_assert_cmpstr (engine_device_get_id (monitor), ==, "desk.monitor");
  g_assert_true (engine_device_is_monitor (monitor));
  g_assert_false (engine_device_is_called (monitor, "desk"));
  g_assert_cmpint (engine_device_get_kind (speaker), ==, ENGINE_DEVICE_SPEAKER);
}

static void
test_twins (void)
{
  g_autoptr (EngineDevice) left = make_camera ("usb-1", NULL);
  g_autoptr (EngineDevice) right = make_camera ("usb-2", NULL);
  g_autoptr (EngineDevice) other = make_device ("Video/Source", "Other", "props,node.name=usb-3");

  g_assert_false (engine_device_is_rival (right, engine_device_get_id (left)));
  engine_device_meet (right, left);
  engine_device_meet (other, left);
  g_assert_true (engine_device_is_rival (right, engine_device_get_id (left)));
  g_assert_true (engine_device_is_rival (left, engine_device_get_id (right)));
  g_assert_false (engine_device_is_rival (other, engine_device_get_id (left)));
}

static void
count_cb (EngineDevice *device, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
test_leaves (void)
{
  g_autoptr (EngineDevice) camera = make_camera ("usb-1", NULL);
  guint n = 0;

  g_signal_connect (camera, "notify::present", G_CALLBACK (count_cb), &n);
  g_assert_true (engine_device_get_present (camera));
  engine_device_leave (camera);
  engine_device_leave (camera);
  g_assert_false (engine_device_get_present (camera));
  g_assert_cmpuint (n, ==, 1);
}

static void
write_sysfs (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* The kernel knows it better than the sound server. */
static void
test_sysfs (void)
{
  char *folder = engine_testing_make_folder ();
  g_autoptr (GstStructure) props =
    gst_structure_from_string ("props,device.vendor.id=(string)0xaaaa,device.product.id=(string)"
                               "0xbbbb,device.serial=(string)C",
                               NULL);
  g_autofree char *without = NULL, *with = NULL, *serial = NULL;

  without = engine_device_make_hardware (props, folder);
  g_assert_cmpstr (without, ==, "aaaa:bbbb:C");
  write_sysfs (folder, "idVendor", "046d\n");
  write_sysfs (folder, "idProduct", "082d\n");
  with = engine_device_make_hardware (props, folder);
  g_assert_cmpstr (with, ==, "046d:082d");
  write_sysfs (folder, "serial", "a b@c\n");
  serial = engine_device_make_hardware (props, folder);
  g_assert_cmpstr (serial, ==, "046d:082d:a-b-c");
  engine_testing_remove_folder (folder);
}

#define WEBCAM                                                                              \
  "video/x-raw,format=YUY2,width=1920,height=1080,framerate=5/1;"                           \
  "video/x-raw,format=YUY2,width=1280,height=720,framerate={(fraction)10/1,(fraction)5/1};" \
  "video/x-raw,format=YUY2,width=640,height=480,framerate={(fraction)30/1,(fraction)15/1};" \
  "image/jpeg,width=1920,height=1080,framerate={(fraction)30/1,(fraction)24/1};"            \
  "image/jpeg,width=1280,height=720,framerate={(fraction)60/1,(fraction)30000/1001};"       \
  "video/x-h264,width=1920,height=1080,framerate=30/1"

static void
check_choice (const char *caps_text, const char *wanted, EngineFormat format, const char *expected)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (caps_text);
  g_autoptr (GstCaps) choice = engine_mode_choose (caps, wanted, &format);
  g_auto (GStrv) modes = engine_mode_list (choice);

  g_assert_cmpstr (modes[0], ==, expected);
  g_assert_null (modes[1]);
}

static void
test_choice (void)
{
  const EngineFormat full = { 1920, 1080, 30, 0, 0 }, half = { 1280, 720, 30, 0, 0 },
                     fast = { 1280, 720, 60, 0, 0 }, small = { 640, 360, 30, 0, 0 };

  check_choice (WEBCAM, NULL, full, "1920x1080@30 jpeg");
  check_choice (WEBCAM, NULL, half, "1280x720@29.97 jpeg");
  check_choice (WEBCAM, NULL, fast, "1280x720@60 jpeg");
  check_choice (WEBCAM, NULL, small, "640x480@30 raw");
  check_choice (WEBCAM, "1920x1080@30 h264", half, "1920x1080@30 h264");
  check_choice (WEBCAM, "1920x1080@24", full, "1920x1080@24 jpeg");
  check_choice (WEBCAM, "640X480", full, "640x480@30 raw");
  /* What it cannot do, or what is no mode at all. */
  check_choice (WEBCAM, "3840x2160@60 raw", full, "1920x1080@30 jpeg");
  check_choice (WEBCAM, "640x4", full, "1920x1080@30 jpeg");
  check_choice (WEBCAM, "", full, "1920x1080@30 jpeg");
  check_choice ("video/x-raw,width=[1,4096],height=[1,4096],framerate=[0/1,100/1]", NULL, half,
                "1280x720@30 raw");
}

static void
test_modes (void)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (WEBCAM);
  g_auto (GStrv) modes = engine_mode_list (caps);
  g_autofree char *text = g_strjoinv (", ", modes);
  g_autoptr (GstCaps) any = gst_caps_new_any ();
  g_auto (GStrv) none = engine_mode_list (any), nothing = engine_mode_list (NULL);
  const EngineFormat format = { 1920, 1080, 30, 0, 0 };

  g_assert_cmpstr (text, ==,
                   "1920x1080@30 jpeg, 1920x1080@30 h264, 1920x1080@24 jpeg, 1920x1080@5 raw, "
                   "1280x720@60 jpeg, 1280x720@29.97 jpeg, 1280x720@10 raw, 1280x720@5 raw, "
                   "640x480@30 raw, 640x480@15 raw");
  g_assert_null (none[0]);
  g_assert_null (nothing[0]);
  g_assert_null (engine_mode_choose (any, NULL, &format));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/engine/device/camera-is-known-anywhere", test_camera_id);
  g_test_add_func ("/engine/device/camera-that-does-not-say", test_nameless_camera);
  g_test_add_func ("/engine/device/microphones-and-loudspeakers", test_sound);
  g_test_add_func ("/engine/device/twins-are-told-apart", test_twins);
  g_test_add_func ("/engine/device/leaves", test_leaves);
  g_test_add_func ("/engine/device/kernel-knows-better", test_sysfs);
  g_test_add_func ("/engine/device/mode-is-chosen", test_choice);
  g_test_add_func ("/engine/device/modes-as-text", test_modes);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-testing-encoders.h"

#include <gst/gst.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

typedef enum {
  FAULT_CRASHES,
  FAULT_HANGS,
  FAULT_NO_KEYFRAMES,
  FAULT_SLOW,
  FAULT_TOO_MUCH,
  FAULT_OTHER_PICTURE,
  FAULT_FAILS,
  N_FAULTS,
} Fault;

static const char *const names[N_FAULTS] = {
  "vah264enc", "vah264lpenc", "vaapih264enc", "nvautogpuh264enc",
  "nvh264enc", "qsvh264enc",  "v4l2h264enc",
};

typedef struct {
  GstBin parent_instance;

  GstElement *encoder;
  guint n_pictures;
} TestingEncoder;

typedef struct {
  GstBinClass parent_class;

  Fault fault;
} TestingEncoderClass;

static GstPadProbeReturn
picture_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  TestingEncoder *self = user_data;
  const Fault fault = ((TestingEncoderClass *) G_OBJECT_GET_CLASS (self))->fault;
  GstBuffer *buffer = NULL;

  self->n_pictures++;
  switch (fault) {
  case FAULT_CRASHES:
    raise (SIGSEGV);
    break;
  case FAULT_HANGS:
    while (self->n_pictures > ENGINE_TESTING_HANGS_AFTER &&
           GST_STATE_TARGET (self) == GST_STATE_PLAYING)
      g_usleep (20000);
    break;
  case FAULT_SLOW:
    g_usleep (22000);
    break;
  case FAULT_OTHER_PICTURE:
    buffer = gst_buffer_copy_deep (GST_PAD_PROBE_INFO_BUFFER (info));
    gst_buffer_memset (buffer, 0, 235, gst_buffer_get_size (buffer) / 2);
    gst_buffer_unref (GST_PAD_PROBE_INFO_BUFFER (info));
    info->data = buffer;
    break;
  case FAULT_FAILS:
    if (self->n_pictures == ENGINE_TESTING_FAILS_AFTER + 1)
      GST_ELEMENT_ERROR (self, RESOURCE, FAILED, ("the chip has gone away"), (NULL));
    if (self->n_pictures > ENGINE_TESTING_FAILS_AFTER)
      return GST_PAD_PROBE_DROP;
    break;
  case FAULT_NO_KEYFRAMES:
  case FAULT_TOO_MUCH:
  case N_FAULTS:
    break;
  }
  return GST_PAD_PROBE_OK;
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  TestingEncoder *self = (TestingEncoder *) object;
  const Fault fault = ((TestingEncoderClass *) G_OBJECT_GET_CLASS (self))->fault;

  g_object_set (self->encoder, "bitrate",
                g_value_get_uint (value) * (fault == FAULT_TOO_MUCH ? 4 : 1), NULL);
}

static void
class_init (gpointer klass, gpointer fault)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  g_autoptr (GstCaps) any = gst_caps_new_any ();
  g_autoptr (GstCaps) coded = gst_caps_new_empty_simple ("video/x-h264");

  ((TestingEncoderClass *) klass)->fault = (Fault) GPOINTER_TO_INT (fault);
  G_OBJECT_CLASS (klass)->set_property = set_property;
  g_object_class_install_property (G_OBJECT_CLASS (klass), 1,
                                   g_param_spec_uint ("bitrate", NULL, NULL, 1, 100000, 1000,
                                                      G_PARAM_WRITABLE));
  gst_element_class_set_static_metadata (element_class, "Encoder for tests",
                                         "Codec/Encoder/Video/Hardware", "Has a fault", "Régie");
  gst_element_class_add_pad_template (element_class, gst_pad_template_new ("sink", GST_PAD_SINK,
                                                                           GST_PAD_ALWAYS, any));
  gst_element_class_add_pad_template (element_class, gst_pad_template_new ("src", GST_PAD_SRC,
                                                                           GST_PAD_ALWAYS, coded));
}

static void
init (GTypeInstance *instance, gpointer klass)
{
  TestingEncoder *self = (TestingEncoder *) instance;
  const Fault fault = ((TestingEncoderClass *) klass)->fault;
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstPad) src = NULL;

  self->encoder = gst_element_factory_make ("x264enc", NULL);
  gst_util_set_object_arg (G_OBJECT (self->encoder), "speed-preset", "ultrafast");
  gst_util_set_object_arg (G_OBJECT (self->encoder), "tune", "zerolatency");
  g_object_set (self->encoder, "key-int-max", fault == FAULT_NO_KEYFRAMES ? 1000u : 60u,
                "option-string", "scenecut=0:filler=1:8x8dct=1", "threads", 1u, "bitrate", 800u,
                NULL);
  gst_bin_add (GST_BIN (self), self->encoder);
  sink = gst_element_get_static_pad (self->encoder, "sink");
  src = gst_element_get_static_pad (self->encoder, "src");
  gst_element_add_pad (GST_ELEMENT (self), gst_ghost_pad_new ("sink", sink));
  gst_element_add_pad (GST_ELEMENT (self), gst_ghost_pad_new ("src", src));
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER, picture_cb, self, NULL);
}

void
engine_testing_register_encoders (GstPlugin *plugin)
{
  for (guint i = 0; i < N_FAULTS; i++) {
    const GTypeInfo info = { .class_size = sizeof (TestingEncoderClass),
                             .class_init = class_init,
                             .class_data = GINT_TO_POINTER (i),
                             .instance_size = sizeof (TestingEncoder),
                             .instance_init = init };
    g_autofree char *name = g_strdup_printf ("TestingEncoder%u", i);

    gst_element_register (plugin, names[i], GST_RANK_NONE,
                          g_type_register_static (GST_TYPE_BIN, name, &info, 0));
  }
}

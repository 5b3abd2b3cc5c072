/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/video/gstvideoencoder.h>

#include "engine-testing-vp8.h"

gint engine_testing_vp8_fails;
gint engine_testing_vp8_sleeps;
gint engine_testing_vp8_swallows;
gint engine_testing_vp8_made;

static GstFlowReturn (*real_handle_frame) (GstVideoEncoder *encoder, GstVideoCodecFrame *frame);

static GstFlowReturn
handle_frame (GstVideoEncoder *encoder, GstVideoCodecFrame *frame)
{
  while (g_atomic_int_get (&engine_testing_vp8_swallows) &&
         GST_STATE_TARGET (encoder) == GST_STATE_PLAYING)
    g_usleep (20000);
  g_usleep ((gulong) g_atomic_int_get (&engine_testing_vp8_sleeps) * 1000);
  if (g_atomic_int_get (&engine_testing_vp8_fails) > 0 &&
      g_atomic_int_add (&engine_testing_vp8_fails, -1) == 1) {
    gst_video_codec_frame_unref (frame);
    GST_ELEMENT_ERROR (encoder, STREAM, ENCODE, ("broken for a test"), (NULL));
    return GST_FLOW_ERROR;
  }
  return real_handle_frame (encoder, frame);
}

static void
class_init (gpointer klass, gpointer data)
{
  real_handle_frame = GST_VIDEO_ENCODER_CLASS (klass)->handle_frame;
  GST_VIDEO_ENCODER_CLASS (klass)->handle_frame = handle_frame;
}

static void
instance_init (GTypeInstance *instance, gpointer klass)
{
  g_atomic_int_inc (&engine_testing_vp8_made);
}

/* Call once, after gst_init (): from now on `vp8enc` is the real one with the faults above. */
void
engine_testing_spoil_vp8 (void)
{
  g_autoptr (GstElement) real = gst_element_factory_make ("vp8enc", NULL);
  GTypeQuery query;
  GTypeInfo info = { .class_init = class_init, .instance_init = instance_init };

  g_type_query (G_OBJECT_TYPE (real), &query);
  info.class_size = (guint16) query.class_size;
  info.instance_size = (guint16) query.instance_size;
  g_assert_true (
    gst_element_register (NULL, "vp8enc", GST_RANK_PRIMARY,
                          g_type_register_static (G_OBJECT_TYPE (real), "TestVp8Enc", &info, 0)));
}

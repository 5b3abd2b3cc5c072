/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

#include "engine-return.h"
#include "guest-rtp.h"
#include "guest-seeing.h"

/* What waits beyond this many pictures to be sent is left out, up to the next keyframe. */
#define MAX_WAITING 15

/* What the encoder's thread and those of the elements share. */
typedef struct {
  GMutex lock;
  GstElement *source;         /* nullable once closed */
  EngineReturnViewer *viewer; /* nullable, the same */
  gboolean described;         /* one picture went, so that the packets' format is known */
  gboolean connected;
  gboolean broken; /* a picture is missing since the last keyframe */
} Way;

/**
 * GuestSeeing:
 *
 * What a guest sees: the return picture, which is encoded once for all, in RTP packets of their own.
 * Main thread, but for what comes from the encoder's.
 */
struct _GuestSeeing {
  GObject parent_instance;

  EngineReturn *back;         /* nullable once closed */
  EngineReturnViewer *viewer; /* nullable */
  EngineSource *view;         /* nullable: the program */
  Way *way;
};

G_DEFINE_FINAL_TYPE (GuestSeeing, guest_seeing, G_TYPE_OBJECT)

static void
way_clear (gpointer data)
{
  Way *way = data;

  gst_clear_object (&way->source);
  g_mutex_clear (&way->lock);
}

static void
way_release (gpointer data)
{
  g_atomic_rc_box_release_full (data, way_clear);
}

static void
guest_seeing_dispose (GObject *object)
{
  GuestSeeing *self = GUEST_SEEING (object);

  guest_seeing_close (self);
  g_clear_object (&self->view);
  G_OBJECT_CLASS (guest_seeing_parent_class)->dispose (object);
}

static void
guest_seeing_finalize (GObject *object)
{
  way_release (GUEST_SEEING (object)->way);
  G_OBJECT_CLASS (guest_seeing_parent_class)->finalize (object);
}

static void
guest_seeing_class_init (GuestSeeingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guest_seeing_dispose;
  G_OBJECT_CLASS (klass)->finalize = guest_seeing_finalize;
}

static void
guest_seeing_init (GuestSeeing *self)
{
  self->way = g_atomic_rc_box_new0 (Way);
  g_mutex_init (&self->way->lock);
}

GuestSeeing *
guest_seeing_new (EngineProgram *program)
{
  GuestSeeing *self = g_object_new (GUEST_TYPE_SEEING, NULL);

  self->back = g_object_ref (engine_program_get_return (program));
  return self;
}

/* Whether a picture goes out: nothing that was missed may be missing in it. Locked. */
static gboolean
lets_pass (Way *way, GstBuffer *frame)
{
  const gboolean is_key = !GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT);

  if (way->source == NULL || (way->described && !way->connected))
    return FALSE;
  if (gst_app_src_get_current_level_buffers (GST_APP_SRC (way->source)) > MAX_WAITING) {
    way->broken = TRUE;
    return FALSE;
  }
  if (way->broken && !is_key)
    return FALSE;
  way->broken = FALSE;
  return TRUE;
}

/* The encoder's thread. */
static void
frame_cb (GstBuffer *frame, gpointer user_data)
{
  Way *way = user_data;
  gboolean passes = FALSE, broken = FALSE;

  g_mutex_lock (&way->lock);
  passes = lets_pass (way, frame);
  broken = way->broken && way->connected;
  if (passes) {
    way->described = TRUE;
    gst_app_src_push_buffer (GST_APP_SRC (way->source), gst_buffer_ref (frame));
  }
  if (broken && way->viewer != NULL)
    engine_return_viewer_request_keyframe (way->viewer);
  g_mutex_unlock (&way->lock);
}

/* He asks for a keyframe: the encoder is not in this pipeline. */
static GstPadProbeReturn
asked_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Way *way = user_data;

  if (!gst_video_event_is_force_key_unit (gst_pad_probe_info_get_event (info)))
    return GST_PAD_PROBE_OK;
  g_mutex_lock (&way->lock);
  if (way->viewer != NULL)
    engine_return_viewer_request_keyframe (way->viewer);
  g_mutex_unlock (&way->lock);
  return GST_PAD_PROBE_DROP;
}

/* The picture that only tells what the packets are does not go. */
static GstPadProbeReturn
hold_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Way *way = user_data;
  gboolean connected = FALSE;

  g_mutex_lock (&way->lock);
  connected = way->connected;
  g_mutex_unlock (&way->lock);
  return connected ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

static void
add_probe (GuestSeeing *self, GstElement *element, GstPadProbeType type,
           GstPadProbeCallback callback)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "src");

  gst_pad_add_probe (pad, type, callback, g_atomic_rc_box_acquire (self->way), way_release);
}

static GstElement *
make_source (GstElement *bin, GError **error)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-vp8");
  GstElement *source = engine_make (bin, "appsrc", NULL, error);

  if (source != NULL)
    g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes",
                  G_GUINT64_CONSTANT (0), NULL);
  return source;
}

/**
 * guest_seeing_build:
 * @self: what he is to see; once only
 * @bin: the connection's pipeline; its running time is the show's
 * @payload_type: of the RTP packets
 * @twcc_id: of the header extension that congestion is told by
 *
 * Returns: (transfer none) (nullable): the last element
 */
GstElement *
guest_seeing_build (GuestSeeing *self, GstElement *bin, guint payload_type, guint twcc_id,
                    GError **error)
{
  GstElement *source = make_source (bin, error);
  GstElement *payloader = source != NULL ? engine_make (bin, "rtpvp8pay", NULL, error) : NULL;

  g_return_val_if_fail (self->back != NULL && self->viewer == NULL, NULL);

  if (payloader == NULL || !guest_rtp_set_up_payloader (payloader, payload_type, twcc_id, error) ||
      !engine_link (source, payloader, error))
    return NULL;
  gst_util_set_object_arg (G_OBJECT (payloader), "picture-id-mode", "15-bit");
  add_probe (self, source, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, asked_cb);
  add_probe (self, payloader, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, hold_cb);
  self->way->source = gst_object_ref (source);
  self->viewer = engine_return_add_viewer (self->back, frame_cb, self->way);
  engine_return_viewer_set_source (self->viewer, self->view);
  g_mutex_lock (&self->way->lock);
  self->way->viewer = self->viewer;
  g_mutex_unlock (&self->way->lock);
  return payloader;
}

/**
 * guest_seeing_begin:
 * @self: what he sees
 *
 * He is connected: from the next keyframe on pictures go.
 */
void
guest_seeing_begin (GuestSeeing *self)
{
  g_return_if_fail (GUEST_IS_SEEING (self));

  g_mutex_lock (&self->way->lock);
  self->way->connected = TRUE;
  self->way->broken = TRUE;
  g_mutex_unlock (&self->way->lock);
  if (self->viewer != NULL)
    engine_return_viewer_request_keyframe (self->viewer);
}

/**
 * guest_seeing_ask:
 * @self: what he sees
 *
 * He sees nothing: a picture is made that needs none before it.
 */
void
guest_seeing_ask (GuestSeeing *self)
{
  g_return_if_fail (GUEST_IS_SEEING (self));

  if (self->viewer != NULL)
    engine_return_viewer_request_keyframe (self->viewer);
}

/**
 * guest_seeing_set_bps:
 * @self: what he sees
 * @bps: what his line takes for it
 */
void
guest_seeing_set_bps (GuestSeeing *self, int bps)
{
  g_return_if_fail (GUEST_IS_SEEING (self));

  if (self->viewer != NULL)
    engine_return_viewer_set_bps (self->viewer, bps);
}

/**
 * guest_seeing_set_source:
 * @self: what he sees
 * @source: (nullable): instead of the program
 */
void
guest_seeing_set_source (GuestSeeing *self, EngineSource *source)
{
  g_return_if_fail (GUEST_IS_SEEING (self));

  g_set_object (&self->view, source);
  if (self->viewer != NULL)
    engine_return_viewer_set_source (self->viewer, source);
}

/**
 * guest_seeing_close:
 * @self: what he saw
 *
 * The encoder does not call any more. May be called twice.
 */
void
guest_seeing_close (GuestSeeing *self)
{
  g_return_if_fail (GUEST_IS_SEEING (self));

  g_mutex_lock (&self->way->lock);
  self->way->viewer = NULL;
  g_mutex_unlock (&self->way->lock);
  if (self->viewer != NULL)
    engine_return_remove_viewer (self->back, g_steal_pointer (&self->viewer));
  g_clear_object (&self->back);
}

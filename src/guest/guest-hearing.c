/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/audio/audio.h>

#include "engine-pipeline.h"
#include "guest-hearing.h"
#include "guest-rtp.h"

/* Speech in stereo is transparent at the first, music at the second (Opus 1.1 listening tests). */
#define SPEECH_BPS 64000
#define MUSIC_BPS  128000

/* What waits longer than this to be encoded is left out: a return that is late is worse. */
#define MAX_WAIT_NS (200 * GST_MSECOND)

#define BLOCK_BYTES (ENGINE_AUDIO_BLOCK_FRAMES * ENGINE_N_CHANNELS * sizeof (float))

/**
 * GuestHearing:
 *
 * What a guest hears: a bus of the program as Opus in RTP packets. Main thread, but for what comes
 * from the mixer's.
 */
struct _GuestHearing {
  GObject parent_instance;

  EngineBus *bus;      /* nullable once closed */
  GstElement *source;  /* nullable */
  GstElement *encoder; /* nullable */
  gboolean music;
  gint *connected; /* atomic, a reference-counted box: packets may go */
};

G_DEFINE_FINAL_TYPE (GuestHearing, guest_hearing, G_TYPE_OBJECT)

static void
guest_hearing_dispose (GObject *object)
{
  guest_hearing_close (GUEST_HEARING (object));
  G_OBJECT_CLASS (guest_hearing_parent_class)->dispose (object);
}

static void
guest_hearing_finalize (GObject *object)
{
  GuestHearing *self = GUEST_HEARING (object);

  gst_clear_object (&self->source);
  gst_clear_object (&self->encoder);
  g_atomic_rc_box_release (self->connected);
  G_OBJECT_CLASS (guest_hearing_parent_class)->finalize (object);
}

static void
guest_hearing_class_init (GuestHearingClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guest_hearing_dispose;
  G_OBJECT_CLASS (klass)->finalize = guest_hearing_finalize;
}

static void
guest_hearing_init (GuestHearing *self)
{
  self->connected = g_atomic_rc_box_new0 (gint);
}

GuestHearing *
guest_hearing_new (EngineBus *bus)
{
  GuestHearing *self = g_object_new (GUEST_TYPE_HEARING, NULL);

  self->bus = g_object_ref (bus);
  return self;
}

/* The mixer's thread. */
static void
block_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  GstBuffer *buffer = gst_buffer_new_memdup (samples, BLOCK_BYTES);

  GST_BUFFER_PTS (buffer) = (GstClockTime) time_ns;
  GST_BUFFER_DURATION (buffer) =
    gst_util_uint64_scale (ENGINE_AUDIO_BLOCK_FRAMES, GST_SECOND, ENGINE_SAMPLE_RATE_HZ);
  gst_app_src_push_buffer (user_data, buffer);
}

/* Before there is a connection nothing is kept for it: what is old is of no use. */
static GstPadProbeReturn
hold_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return g_atomic_int_get ((gint *) user_data) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

static GstElement *
make_source (GstElement *bin, GError **error)
{
  g_autoptr (GstCaps) caps =
    gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, GST_AUDIO_NE (F32), "layout",
                         G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, ENGINE_SAMPLE_RATE_HZ,
                         "channels", G_TYPE_INT, ENGINE_N_CHANNELS, "channel-mask",
                         GST_TYPE_BITMASK, G_GUINT64_CONSTANT (3), NULL);
  GstElement *source = engine_make (bin, "appsrc", NULL, error);

  if (source == NULL)
    return NULL;
  g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes",
                G_GUINT64_CONSTANT (0), "max-time", MAX_WAIT_NS, NULL);
  gst_util_set_object_arg (G_OBJECT (source), "leaky-type", "downstream");
  return source;
}

/**
 * guest_hearing_build:
 * @self: what he is to hear; once only
 * @bin: the connection's pipeline; its running time is the show's
 * @payload_type: of the RTP packets
 * @twcc_id: of the header extension that congestion is told by
 *
 * Returns: (transfer none) (nullable): the last element, whose caps also say what he is to send
 */
GstElement *
guest_hearing_build (GuestHearing *self, GstElement *bin, guint payload_type, guint twcc_id,
                     GError **error)
{
  GstElement *source = make_source (bin, error);
  GstElement *converter = engine_make (bin, "audioconvert", NULL, error);
  GstElement *encoder = engine_make (bin, "opusenc", NULL, error);
  GstElement *payloader = engine_make (bin, "rtpopuspay", NULL, error);
  GstElement *filter = engine_make (bin, "capsfilter", NULL, error);
  g_autoptr (GstCaps) caps = guest_rtp_make_sound_caps (payload_type, self->music);
  g_autoptr (GstPad) pad = NULL;

  g_return_val_if_fail (self->bus != NULL && self->source == NULL, NULL);

  if (source == NULL || converter == NULL || encoder == NULL || payloader == NULL || filter == NULL)
    return NULL;
  self->source = gst_object_ref (source);
  self->encoder = gst_object_ref (encoder);
  g_object_set (encoder, "frame-size", 20, "complexity", 5, "inband-fec", TRUE,
                "packet-loss-percentage", 5, NULL);
  guest_hearing_set_music (self, self->music);
  g_object_set (filter, "caps", caps, NULL);
  if (!guest_rtp_set_up_payloader (payloader, payload_type, twcc_id, error) ||
      !engine_link (source, converter, error) || !engine_link (converter, encoder, error) ||
      !engine_link (encoder, payloader, error) || !engine_link (payloader, filter, error))
    return NULL;
  pad = gst_element_get_static_pad (filter, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, hold_cb,
                     g_atomic_rc_box_acquire (self->connected), g_atomic_rc_box_release);
  engine_bus_set_consumer (self->bus, block_cb, self->source);
  return filter;
}

/**
 * guest_hearing_set_music:
 * @self: what he hears
 * @music: whether it is, and what he plays, music
 */
void
guest_hearing_set_music (GuestHearing *self, gboolean music)
{
  g_return_if_fail (GUEST_IS_HEARING (self));

  self->music = music;
  if (self->encoder != NULL)
    g_object_set (self->encoder, "bitrate", music ? MUSIC_BPS : SPEECH_BPS, NULL);
}

/**
 * guest_hearing_begin:
 * @self: what he hears
 *
 * He is connected: from now on packets go.
 */
void
guest_hearing_begin (GuestHearing *self)
{
  g_return_if_fail (GUEST_IS_HEARING (self));

  g_atomic_int_set (self->connected, TRUE);
}

/**
 * guest_hearing_close:
 * @self: what he heard
 *
 * The bus does not call any more. May be called twice.
 */
void
guest_hearing_close (GuestHearing *self)
{
  g_return_if_fail (GUEST_IS_HEARING (self));

  if (self->bus != NULL && self->source != NULL)
    engine_bus_set_consumer (self->bus, NULL, NULL);
  g_clear_object (&self->bus);
}

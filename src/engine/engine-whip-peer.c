/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/video/video.h>

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#include "engine-webrtc.h"
#include "engine-whip-peer.h"
#include "engine-whip-sdp.h"

/* The offer goes out when all candidates are found, or after so long with those that are. */
#define GATHER_MS 1500

/* Of the 1500 bytes of a packet, tunnels and headers take their part. */
#define MTU      1200u

#define VIDEO_PT 96u
#define AUDIO_PT 97u

/* Opus at this rate is transparent to nearly everybody (Opus 1.1 listening tests). */
#define OPUS_BPS 128000

/* Two attributes, a line and a candidate are far shorter. */
#define MAX_FRAGMENT_CHARS 4096

/* When the other side was last heard of. Its pad belongs to an element that we hold: it must not hold
 * us. */
typedef struct {
  GMutex lock;
  gint64 time_us;
} Heard;

/**
 * EngineWhipPeer:
 *
 * The WebRTC side of publishing by WHIP: the shared encoding in RTP packets, the sound as Opus. Main
 * thread, but for the callbacks of its elements.
 */
struct _EngineWhipPeer {
  GObject parent_instance;

  GstElement *webrtc; /* nullable; stays once it is there: any thread */
  EngineWhipPicture picture;
  GstElement *payloader; /* nullable */
  Heard *heard;
  guint gather_id;
  gboolean offered;
  gboolean over;   /* closed, or told that it failed */
  gboolean relays; /* TURN servers were asked for */

  gint connected; /* atomic: packets may go */
  gint begun;     /* atomic: the first keyframe has gone */
};

G_DEFINE_FINAL_TYPE (EngineWhipPeer, engine_whip_peer, G_TYPE_OBJECT)

enum {
  SIGNAL_OFFER,
  SIGNAL_CANDIDATE,
  SIGNAL_CONNECTED,
  SIGNAL_FAILED,
  SIGNAL_KEYFRAME_WANTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
heard_clear (gpointer data)
{
  g_mutex_clear (&((Heard *) data)->lock);
}

static void
heard_release (gpointer data)
{
  g_atomic_rc_box_release_full (data, heard_clear);
}

/* Any thread. */
static void
heard_now (Heard *heard)
{
  g_mutex_lock (&heard->lock);
  heard->time_us = g_get_monotonic_time ();
  g_mutex_unlock (&heard->lock);
}

/* Something that happened in a thread of the elements, on its way to the main thread. */
typedef struct {
  EngineWhipPeer *self;
  void (*func) (EngineWhipPeer *self, const char *text, guint number);
  char *text;
  guint number;
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_object_unref (news->self);
  g_free (news->text);
  g_free (news);
}

static gboolean
news_cb (gpointer data)
{
  News *news = data;

  if (!news->self->over)
    news->func (news->self, news->text, news->number);
  return G_SOURCE_REMOVE;
}

/* Any thread. */
static void
tell (EngineWhipPeer *self, void (*func) (EngineWhipPeer *self, const char *text, guint number),
      const char *text, guint number)
{
  News *news = g_new0 (News, 1);

  news->self = g_object_ref (self);
  news->func = func;
  news->text = g_strdup (text);
  news->number = number;
  g_idle_add_full (G_PRIORITY_DEFAULT, news_cb, news, news_free);
}

/* @code: 0 for the usual one */
static void
fail (EngineWhipPeer *self, const char *what, guint code)
{
  g_autoptr (GError) error =
    g_error_new_literal (ENGINE_ERROR, code != 0 ? (int) code : ENGINE_ERROR_STREAM, what);

  self->over = TRUE;
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
send_offer (EngineWhipPeer *self)
{
  GstWebRTCSessionDescription *offer = NULL;
  g_autofree char *sdp = NULL;

  if (self->offered || self->webrtc == NULL)
    return;
  g_object_get (self->webrtc, "local-description", &offer, NULL);
  if (offer == NULL)
    return;
  sdp = gst_sdp_message_as_text (offer->sdp);
  gst_webrtc_session_description_free (offer);
  self->offered = TRUE;
  g_clear_handle_id (&self->gather_id, g_source_remove);
  g_signal_emit (self, signals[SIGNAL_OFFER], 0, sdp);
}

static gboolean
gather_cb (gpointer data)
{
  EngineWhipPeer *self = data;

  self->gather_id = 0;
  send_offer (self);
  return G_SOURCE_REMOVE;
}

static void
described (EngineWhipPeer *self, const char *text, guint number)
{
  self->gather_id = g_timeout_add (GATHER_MS, gather_cb, self);
}

static void
gathered (EngineWhipPeer *self, const char *text, guint number)
{
  send_offer (self);
}

static void
described_cb (GstPromise *promise, gpointer user_data)
{
  tell (user_data, described, NULL, 0);
  gst_promise_unref (promise);
}

static void
offer_made_cb (GstPromise *promise, gpointer user_data)
{
  EngineWhipPeer *self = user_data;
  const GstStructure *reply = gst_promise_get_reply (promise);
  GstWebRTCSessionDescription *offer = NULL, *soft = NULL;
  GstSDPMessage *message = NULL;
  g_autoptr (EngineWhipPeer) kept = g_object_ref (self);
  g_autofree char *text = NULL;
  g_autofree char *softened = NULL;

  if (gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED && reply != NULL)
    gst_structure_get (reply, "offer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &offer, NULL);
  gst_promise_unref (promise);
  if (offer == NULL) {
    tell (self, fail, "no offer could be made", 0);
    return;
  }
  text = gst_sdp_message_as_text (offer->sdp);
  softened = engine_whip_sdp_soften (text);
  gst_sdp_message_new_from_text (softened, &message);
  soft = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_OFFER, message);
  promise = gst_promise_new_with_change_func (described_cb, g_object_ref (self), g_object_unref);
  g_signal_emit_by_name (self->webrtc, "set-local-description", soft, promise);
  gst_webrtc_session_description_free (soft);
  gst_webrtc_session_description_free (offer);
}

static void
negotiate_cb (GstElement *webrtc, EngineWhipPeer *self)
{
  GstPromise *promise =
    gst_promise_new_with_change_func (offer_made_cb, g_object_ref (self), g_object_unref);

  g_signal_emit_by_name (webrtc, "create-offer", NULL, promise);
}

static void
gathering_cb (GstElement *webrtc, GParamSpec *pspec, EngineWhipPeer *self)
{
  GstWebRTCICEGatheringState state = GST_WEBRTC_ICE_GATHERING_STATE_NEW;

  g_object_get (webrtc, "ice-gathering-state", &state, NULL);
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    tell (self, gathered, NULL, 0);
}

/* One that came too late for the offer. */
static void
late_candidate (EngineWhipPeer *self, const char *candidate, guint m_line)
{
  GstWebRTCSessionDescription *offer = NULL;
  const GstSDPMedia *media = NULL;
  g_autofree char *fragment = NULL;

  if (!self->offered || self->webrtc == NULL)
    return;
  g_object_get (self->webrtc, "local-description", &offer, NULL);
  if (offer == NULL)
    return;
  if (m_line < gst_sdp_message_medias_len (offer->sdp)) {
    media = gst_sdp_message_get_media (offer->sdp, m_line);
    fragment = engine_whip_sdp_make_fragment (media, candidate);
  }
  gst_webrtc_session_description_free (offer);
  if (fragment != NULL && strlen (fragment) <= MAX_FRAGMENT_CHARS)
    g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, fragment);
}

static void
candidate_cb (GstElement *webrtc, guint m_line, const char *candidate, EngineWhipPeer *self)
{
  tell (self, late_candidate, candidate, m_line);
}

static void
connected (EngineWhipPeer *self, const char *text, guint number)
{
  heard_now (self->heard);
  if (g_atomic_int_get (&self->connected))
    return;
  g_atomic_int_set (&self->connected, TRUE);
  engine_whip_picture_ask_for_keyframe (self->payloader);
  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0);
}

static void
connection_cb (GstElement *webrtc, GParamSpec *pspec, EngineWhipPeer *self)
{
  GstWebRTCPeerConnectionState state = GST_WEBRTC_PEER_CONNECTION_STATE_NEW;

  g_object_get (webrtc, "connection-state", &state, NULL);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED)
    tell (self, connected, NULL, 0);
  else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED)
    tell (self, fail, "no way was found to the server's media address", 0);
}

/* What the other side says of our packets: that it is there at all. */
static GstPadProbeReturn
heard_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  heard_now (user_data);
  return GST_PAD_PROBE_OK;
}

static void
rtpbin_pad_cb (GstElement *rtpbin, GstPad *pad, EngineWhipPeer *self)
{
  if (g_str_has_prefix (GST_PAD_NAME (pad), "recv_rtcp_sink"))
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, heard_cb,
                       g_atomic_rc_box_acquire (self->heard), heard_release);
}

static gboolean
is_delta (GstPadProbeInfo *info)
{
  GstBuffer *buffer = NULL;

  if ((GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0)
    buffer = gst_buffer_list_get (gst_pad_probe_info_get_buffer_list (info), 0);
  else
    buffer = gst_pad_probe_info_get_buffer (info);
  return GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
}

/* Before there is a connection nothing is kept for it: what is old is of no use. */
static GstPadProbeReturn
hold_video_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  EngineWhipPeer *self = user_data;

  if (g_atomic_int_get (&self->begun))
    return GST_PAD_PROBE_OK;
  if (!g_atomic_int_get (&self->connected) || is_delta (info))
    return GST_PAD_PROBE_DROP;
  g_atomic_int_set (&self->begun, TRUE);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
hold_sound_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  EngineWhipPeer *self = user_data;

  return g_atomic_int_get (&self->connected) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

static void
keyframe_wanted (EngineWhipPeer *self, const char *text, guint number)
{
  g_signal_emit (self, signals[SIGNAL_KEYFRAME_WANTED], 0);
}

/* The server asks for a keyframe: the encoder is not in this pipeline. */
static GstPadProbeReturn
asked_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  if (!gst_video_event_is_force_key_unit (gst_pad_probe_info_get_event (info)))
    return GST_PAD_PROBE_OK;
  tell (user_data, keyframe_wanted, NULL, 0);
  return GST_PAD_PROBE_DROP;
}

static void
add_probe (EngineWhipPeer *self, GstElement *element, GstPadProbeType type,
           GstPadProbeCallback callback)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "src");

  gst_pad_add_probe (pad, type, callback, g_object_ref (self), g_object_unref);
}

static gboolean
link_to_peer (EngineWhipPeer *self, GstElement *payloader, gboolean repairs, GError **error)
{
  g_autoptr (GstPad) from = gst_element_get_static_pad (payloader, "src");
  g_autoptr (GstPad) to = gst_element_request_pad_simple (self->webrtc, "sink_%u");
  g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;

  if (to == NULL || gst_pad_link (from, to) != GST_PAD_LINK_OK) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT,
                 "WebRTC does not work here: “nicesink” is not installed");
    return FALSE;
  }
  g_object_get (to, "transceiver", &transceiver, NULL);
  g_object_set (transceiver, "direction", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDONLY, "do-nack",
                repairs, NULL);
  return TRUE;
}

static GstElement *
build_video (EngineWhipPeer *self, GstElement *source, GstElement *bin, GError **error)
{
  GstElement *payloader = engine_whip_picture_build (self->picture, source, bin, error);

  if (payloader == NULL)
    return NULL;
  self->payloader = gst_object_ref (payloader);
  g_object_set (payloader, "pt", VIDEO_PT, "mtu", MTU, NULL);
  add_probe (self, payloader, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
             hold_video_cb);
  add_probe (self, source, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, asked_cb);
  return link_to_peer (self, payloader, TRUE, error) ? payloader : NULL;
}

static GstElement *
build_sound (EngineWhipPeer *self, GstElement *source, GstElement *bin, GError **error)
{
  static const char *const factories[] = { "aacparse",      "avdec_aac", "audioconvert",
                                           "audioresample", "opusenc",   "rtpopuspay" };
  GstElement *last = source;

  for (guint i = 0; i < G_N_ELEMENTS (factories); i++) {
    GstElement *element = engine_make (bin, factories[i], NULL, error);

    if (element == NULL || !engine_link (last, element, error))
      return NULL;
    if (g_str_equal (factories[i], "opusenc"))
      g_object_set (element, "bitrate", OPUS_BPS, "frame-size", 20, NULL);
    last = element;
  }
  g_object_set (last, "pt", AUDIO_PT, "mtu", MTU, NULL);
  add_probe (self, last, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, hold_sound_cb);
  return link_to_peer (self, last, FALSE, error) ? last : NULL;
}

/**
 * engine_whip_peer_build:
 * @self: a peer
 * @writer: where picture and sound come from
 * @bin: the empty pipeline
 * @ice_servers: (nullable): STUN and TURN servers to be found with
 *
 * Returns: (transfer none) (nullable): the element whose pad `sink` shows what leaves
 */
GstElement *
engine_whip_peer_build (EngineWhipPeer *self, EngineWriter *writer, GstElement *bin,
                        const char *const *ice_servers, GError **error)
{
  g_autoptr (GstElement) rtpbin = NULL;
  GstElement *video = NULL;

  self->webrtc = engine_make (bin, "webrtcbin", "webrtc", error);
  if (self->webrtc == NULL)
    return NULL;
  gst_object_ref (self->webrtc);
  gst_util_set_object_arg (G_OBJECT (self->webrtc), "bundle-policy", "max-bundle");
  engine_webrtc_switch_upnp_off (self->webrtc);
  self->relays = engine_webrtc_add_servers (self->webrtc, ice_servers);
  g_signal_connect_object (self->webrtc, "on-negotiation-needed", G_CALLBACK (negotiate_cb), self,
                           0);
  g_signal_connect_object (self->webrtc, "on-ice-candidate", G_CALLBACK (candidate_cb), self, 0);
  g_signal_connect_object (self->webrtc, "notify::ice-gathering-state", G_CALLBACK (gathering_cb),
                           self, 0);
  g_signal_connect_object (self->webrtc, "notify::connection-state", G_CALLBACK (connection_cb),
                           self, 0);
  rtpbin = gst_bin_get_by_name (GST_BIN (self->webrtc), "rtpbin");
  if (rtpbin != NULL)
    g_signal_connect_object (rtpbin, "pad-added", G_CALLBACK (rtpbin_pad_cb), self, 0);
  video = build_video (self, engine_writer_get_source (writer, ENGINE_MEDIA_VIDEO), bin, error);
  if (video == NULL ||
      build_sound (self, engine_writer_get_source (writer, ENGINE_MEDIA_AUDIO), bin, error) == NULL)
    return NULL;
  return video;
}

static void
answered_cb (GstPromise *promise, gpointer user_data)
{
  const GstStructure *reply = gst_promise_get_reply (promise);

  if (reply != NULL && gst_structure_has_field (reply, "error"))
    tell (user_data, fail, "the server's answer does not fit the offer", 0);
  gst_promise_unref (promise);
}

/**
 * engine_whip_peer_answer:
 * @self: a peer that has offered
 * @sdp: what the server answered
 */
void
engine_whip_peer_answer (EngineWhipPeer *self, const char *sdp)
{
  GstSDPMessage *message = NULL;
  GstWebRTCSessionDescription *answer = NULL;
  GstPromise *promise = NULL;

  if (self->over)
    return;
  if (gst_sdp_message_new_from_text (sdp, &message) != GST_SDP_OK) {
    fail (self, "the server's answer cannot be read", 0);
    return;
  }
  if (gst_sdp_message_medias_len (message) != 2 ||
      !engine_whip_sdp_takes_video (message, VIDEO_PT)) {
    gst_sdp_message_free (message);
    fail (self, "the server does not take the picture as it is offered", ENGINE_ERROR_NOT_TAKEN);
    return;
  }
  answer = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_ANSWER, message);
  promise = gst_promise_new_with_change_func (answered_cb, g_object_ref (self), g_object_unref);
  g_signal_emit_by_name (self->webrtc, "set-remote-description", answer, promise);
  gst_webrtc_session_description_free (answer);
}

/**
 * engine_whip_peer_measure:
 * @self: a peer
 * @health: (out): how it goes
 *
 * Returns: whether it is connected
 */
gboolean
engine_whip_peer_measure (EngineWhipPeer *self, EngineWhipHealth *health)
{
  *health = (EngineWhipHealth){ .rtt_ms = -1, .lost_share = -1 };
  if (self->webrtc == NULL || !g_atomic_int_get (&self->connected))
    return FALSE;
  g_mutex_lock (&self->heard->lock);
  health->heard_us = self->heard->time_us;
  g_mutex_unlock (&self->heard->lock);
  engine_whip_health_read (self->webrtc, health);
  return TRUE;
}

/**
 * engine_whip_peer_close:
 * @self: a peer
 *
 * Nothing is emitted any more. May be called twice.
 */
void
engine_whip_peer_close (EngineWhipPeer *self)
{
  self->over = TRUE;
  g_clear_handle_id (&self->gather_id, g_source_remove);
  if (self->webrtc != NULL)
    g_signal_handlers_disconnect_by_data (self->webrtc, self);
  if (self->relays)
    engine_webrtc_end_relays (self->webrtc);
  self->relays = FALSE;
}

static void
engine_whip_peer_finalize (GObject *object)
{
  EngineWhipPeer *self = ENGINE_WHIP_PEER (object);

  gst_clear_object (&self->webrtc);
  gst_clear_object (&self->payloader);
  heard_release (self->heard);
  G_OBJECT_CLASS (engine_whip_peer_parent_class)->finalize (object);
}

static void
engine_whip_peer_class_init (EngineWhipPeerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = engine_whip_peer_finalize;
  signals[SIGNAL_OFFER] = g_signal_new ("offer", ENGINE_TYPE_WHIP_PEER, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CANDIDATE] = g_signal_new ("candidate", ENGINE_TYPE_WHIP_PEER, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_CONNECTED] = g_signal_new ("connected", ENGINE_TYPE_WHIP_PEER, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", ENGINE_TYPE_WHIP_PEER, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_KEYFRAME_WANTED] =
    g_signal_new ("keyframe-wanted", ENGINE_TYPE_WHIP_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
engine_whip_peer_init (EngineWhipPeer *self)
{
  self->heard = g_atomic_rc_box_new0 (Heard);
  g_mutex_init (&self->heard->lock);
}

EngineWhipPeer *
engine_whip_peer_new (EngineWhipPicture picture)
{
  EngineWhipPeer *self = g_object_new (ENGINE_TYPE_WHIP_PEER, NULL);

  self->picture = picture;
  return self;
}

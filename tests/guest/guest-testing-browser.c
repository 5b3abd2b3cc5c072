/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-testing-browser.h"

#include <gst/app/app.h>
#include <gst/rtp/rtp.h>
#include <gst/video/video.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#define SECOND 48000u
#define TWCC   "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

struct _GuestTestingBrowser {
  GstElement *pipeline;
  GstElement *webrtc;
  GuestPeer *peer; /* nullable: it offers by itself */
  guint tone_hz;
  void (*done) (const char *sdp, gpointer user_data);
  gpointer user_data;

  GMutex lock; /* guards all below */
  double to_peer, from_peer;
  GRand *rand;
  guint n_sent;
  guint n_pictures;
  int width_px, height_px;
  GArray *samples;
  GstPad *picture_pad;
};

gboolean
guest_testing_has_network (void)
{
  struct ifaddrs *all = NULL;
  gboolean found = FALSE;

  g_assert_cmpint (getifaddrs (&all), ==, 0);
  for (struct ifaddrs *i = all; i != NULL; i = i->ifa_next)
    found |= (i->ifa_flags & IFF_UP) != 0 && (i->ifa_flags & IFF_LOOPBACK) == 0 &&
             i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET;
  freeifaddrs (all);
  return found;
}

/* Something for the main thread. */
typedef struct {
  GuestTestingBrowser *self;
  char *text;
  guint index;
  gboolean is_candidate;
} Message;

static gboolean
message_cb (gpointer data)
{
  Message *message = data;
  GuestTestingBrowser *self = message->self;
  GError *error = NULL;

  if (self->done != NULL && !message->is_candidate) {
    self->done (message->text, self->user_data);
  } else if (message->is_candidate) {
    guest_peer_add_candidate (self->peer, message->text, message->index, &error);
    g_assert_no_error (error);
  } else {
    guest_peer_take_answer (self->peer, message->text, &error);
    g_assert_no_error (error);
  }
  return G_SOURCE_REMOVE;
}

static void
message_free (gpointer data)
{
  g_free (((Message *) data)->text);
  g_free (data);
}

/* Any thread. Takes the text. */
static void
say (GuestTestingBrowser *self, char *text, guint index, gboolean is_candidate)
{
  Message *message = g_new0 (Message, 1);
  GSource *source = g_idle_source_new ();

  *message = (Message){ self, text, index, is_candidate };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_name (source, "browser");
  g_source_set_callback (source, message_cb, message, message_free);
  g_source_attach (source, NULL);
  g_source_unref (source);
}

static void
local_candidate_cb (GstElement *webrtc, guint index, const char *candidate, gpointer data)
{
  GuestTestingBrowser *self = data;

  if (self->done == NULL)
    say (self, g_strdup (candidate), index, TRUE);
}

static void
set_local (GuestTestingBrowser *self, GstPromise *promise, const char *what)
{
  GstWebRTCSessionDescription *description = NULL;

  g_assert_cmpint (gst_promise_wait (promise), ==, GST_PROMISE_RESULT_REPLIED);
  gst_structure_get (gst_promise_get_reply (promise), what, GST_TYPE_WEBRTC_SESSION_DESCRIPTION,
                     &description, NULL);
  gst_promise_unref (promise);
  g_assert_nonnull (description);
  g_signal_emit_by_name (self->webrtc, "set-local-description", description, NULL);
  if (self->done == NULL)
    say (self, gst_sdp_message_as_text (description->sdp), 0, FALSE);
  gst_webrtc_session_description_free (description);
}

static void
answer_cb (GstPromise *promise, gpointer data)
{
  set_local (data, promise, "answer");
}

static void
offer_cb (GstPromise *promise, gpointer data)
{
  set_local (data, promise, "offer");
}

static void
negotiate_cb (GstElement *webrtc, gpointer data)
{
  g_signal_emit_by_name (webrtc, "create-offer", NULL,
                         gst_promise_new_with_change_func (offer_cb, data, NULL));
}

static void
gathering_cb (GstElement *webrtc, GParamSpec *pspec, gpointer data)
{
  GuestTestingBrowser *self = data;
  GstWebRTCICEGatheringState state = GST_WEBRTC_ICE_GATHERING_STATE_NEW;
  GstWebRTCSessionDescription *description = NULL;

  g_object_get (webrtc, "ice-gathering-state", &state, NULL);
  if (self->done == NULL || state != GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    return;
  g_object_get (webrtc, "local-description", &description, NULL);
  say (self, gst_sdp_message_as_text (description->sdp), 0, FALSE);
  gst_webrtc_session_description_free (description);
}

static GstPadProbeReturn
sent_cb (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GuestTestingBrowser *self = data;

  g_mutex_lock (&self->lock);
  self->n_sent++;
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

/* Links @text, which makes RTP packets, to a part of the description. */
static void
send_media (GuestTestingBrowser *self, const char *text, guint index)
{
  GError *error = NULL;
  GstElement *bin = gst_parse_bin_from_description (text, TRUE, &error);
  g_autofree char *name = g_strdup_printf ("sink_%u", index);
  g_autoptr (GstPad) from = NULL;
  g_autoptr (GstPad) to = NULL;
  g_autoptr (GstElement) payloader = NULL;
  g_autoptr (GstElement) encoder = NULL;
  GstRTPHeaderExtension *extension = gst_rtp_header_extension_create_from_uri (TWCC);

  g_assert_no_error (error);
  gst_rtp_header_extension_set_id (extension, 3);
  payloader = gst_bin_get_by_name (GST_BIN (bin), "payloader");
  g_signal_emit_by_name (payloader, "add-extension", extension);
  gst_object_unref (extension);
  encoder = gst_bin_get_by_name (GST_BIN (bin), "encoder");
  if (encoder != NULL) {
    g_autoptr (GstPad) pad = gst_element_get_static_pad (encoder, "src");

    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, sent_cb, self, NULL);
  }
  gst_bin_add (GST_BIN (self->pipeline), bin);
  from = gst_element_get_static_pad (bin, "src");
  to = gst_element_request_pad_simple (self->webrtc, name);
  g_assert_cmpint (gst_pad_link (from, to), ==, GST_PAD_LINK_OK);
  if (encoder != NULL) {
    g_autoptr (GstWebRTCRTPTransceiver) transceiver = NULL;

    g_object_get (to, "transceiver", &transceiver, NULL);
    g_object_set (transceiver, "do-nack", TRUE, NULL);
  }
  gst_element_sync_state_with_parent (bin);
}

static void
send_tone (GuestTestingBrowser *self, guint index)
{
  g_autofree char *text =
    g_strdup_printf ("audiotestsrc is-live=true freq=%u volume=0.3 samplesperbuffer=480 ! "
                     "audio/x-raw,rate=48000,channels=2 "
                     "! opusenc bitrate=96000 ! rtpopuspay name=payloader pt=97",
                     self->tone_hz);

  send_media (self, text, index);
}

#define PICTURE \
  "videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=30/1 ! "

static void
offered_cb (GuestPeer *peer, const char *sdp, gpointer data)
{
  GuestTestingBrowser *self = data;
  GstSDPMessage *message = NULL;
  GstWebRTCSessionDescription *offer = NULL;

  g_assert_cmpint (gst_sdp_message_new_from_text (sdp, &message), ==, GST_SDP_OK);
  for (guint i = 0; self->tone_hz > 0 && i < gst_sdp_message_medias_len (message); i++) {
    if (g_str_equal (gst_sdp_message_get_media (message, i)->media, "audio"))
      send_tone (self, i);
    else
      send_media (self,
                  PICTURE "vp8enc name=encoder deadline=1 cpu-used=8 target-bitrate=600000 "
                          "keyframe-max-dist=3000 ! rtpvp8pay name=payloader pt=96 "
                          "picture-id-mode=15-bit mtu=1200",
                  i);
  }
  offer = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_OFFER, message);
  g_signal_emit_by_name (self->webrtc, "set-remote-description", offer, NULL);
  gst_webrtc_session_description_free (offer);
  g_signal_emit_by_name (self->webrtc, "create-answer", NULL,
                         gst_promise_new_with_change_func (answer_cb, self, NULL));
}

static void
candidate_cb (GuestPeer *peer, const char *candidate, guint index, gpointer data)
{
  g_signal_emit_by_name (((GuestTestingBrowser *) data)->webrtc, "add-ice-candidate", index,
                         candidate);
}

static GstFlowReturn
picture_cb (GstAppSink *sink, gpointer data)
{
  GuestTestingBrowser *self = data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstVideoInfo info;

  g_assert_true (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
  g_mutex_lock (&self->lock);
  self->n_pictures++;
  self->width_px = info.width;
  self->height_px = info.height;
  g_mutex_unlock (&self->lock);
  return GST_FLOW_OK;
}

static GstFlowReturn
sound_cb (GstAppSink *sink, gpointer data)
{
  GuestTestingBrowser *self = data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstMapInfo map;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  g_mutex_lock (&self->lock);
  g_array_append_vals (self->samples, map.data, (guint) (map.size / sizeof (float)));
  if (self->samples->len > 4 * SECOND)
    g_array_remove_range (self->samples, 0, self->samples->len - 2 * SECOND);
  g_mutex_unlock (&self->lock);
  gst_buffer_unmap (buffer, &map);
  return GST_FLOW_OK;
}

static void
receive (GuestTestingBrowser *self, GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const char *media = gst_structure_get_string (gst_caps_get_structure (caps, 0), "media");
  const gboolean is_picture = g_str_equal (media, "video");
  GstElement *bin = gst_parse_bin_from_description (
    is_picture
      ? "rtpvp8depay wait-for-keyframe=true request-keyframe=true ! vp8dec ! appsink name=sink "
        "sync=false async=false"
      : "rtpopusdepay ! opusdec ! audioconvert ! "
        "audio/x-raw,format=F32LE,rate=48000,channels=1 ! appsink name=sink sync=false async=false",
    TRUE, NULL);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (bin), "sink");
  GstAppSinkCallbacks callbacks = { .new_sample = is_picture ? picture_cb : sound_cb };
  g_autoptr (GstPad) target = gst_element_get_static_pad (bin, "sink");

  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  gst_bin_add (GST_BIN (self->pipeline), bin);
  gst_element_sync_state_with_parent (bin);
  gst_pad_link (pad, target);
  if (is_picture) {
    g_mutex_lock (&self->lock);
    self->picture_pad = gst_object_ref (pad);
    g_mutex_unlock (&self->lock);
  }
}

static void
pad_added_cb (GstElement *webrtc, GstPad *pad, gpointer data)
{
  if (GST_PAD_DIRECTION (pad) == GST_PAD_SRC)
    receive (data, pad);
}

/* RTP, but neither STUN, nor DTLS, nor RTCP unless all is lost. */
static gboolean
is_lost (GuestTestingBrowser *self, GstBuffer *buffer, double share)
{
  guint8 head[2] = { 0 };

  gst_buffer_extract (buffer, 0, head, 2);
  if (share >= 1)
    return TRUE;
  if (head[0] < 128 || head[0] > 191 || (head[1] >= 192 && head[1] <= 223))
    return FALSE;
  return g_rand_double (self->rand) < share;
}

static GstPadProbeReturn
lose_cb (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GuestTestingBrowser *self = data;
  GstPadProbeReturn result = GST_PAD_PROBE_OK;

  g_mutex_lock (&self->lock);
  const double share = GST_PAD_IS_SINK (pad) ? self->to_peer : self->from_peer;
  if (share > 0 && (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
    GstBufferList *list = gst_buffer_list_make_writable (gst_pad_probe_info_get_buffer_list (info));

    for (guint i = gst_buffer_list_length (list); i > 0; i--)
      if (is_lost (self, gst_buffer_list_get (list, i - 1), share))
        gst_buffer_list_remove (list, i - 1, 1);
    GST_PAD_PROBE_INFO_DATA (info) = list;
    if (gst_buffer_list_length (list) == 0)
      result = GST_PAD_PROBE_DROP;
  } else if (share > 0 && is_lost (self, gst_pad_probe_info_get_buffer (info), share)) {
    result = GST_PAD_PROBE_DROP;
  }
  g_mutex_unlock (&self->lock);
  return result;
}

static void
element_added_cb (GstBin *bin, GstBin *parent, GstElement *element, gpointer data)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  const char *name = factory != NULL ? GST_OBJECT_NAME (factory) : "";
  g_autoptr (GstPad) pad = NULL;

  if (g_str_equal (name, "nicesink"))
    pad = gst_element_get_static_pad (element, "sink");
  else if (g_str_equal (name, "nicesrc"))
    pad = gst_element_get_static_pad (element, "src");
  if (pad != NULL)
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, lose_cb,
                       data, NULL);
}

static void
keep_retransmissions_cb (GstElement *rtpbin, GstElement *jitterbuffer, guint session, guint ssrc,
                         gpointer data)
{
  g_object_set (jitterbuffer, "do-retransmission", TRUE, NULL);
}

GuestTestingBrowser *
guest_testing_browser_new (GuestPeer *peer, guint tone_hz)
{
  GuestTestingBrowser *self = g_new0 (GuestTestingBrowser, 1);
  g_autoptr (GObject) ice = NULL;
  g_autoptr (GObject) nice = NULL;
  g_autoptr (GstElement) rtpbin = NULL;

  g_mutex_init (&self->lock);
  self->rand = g_rand_new_with_seed (1);
  self->samples = g_array_new (FALSE, FALSE, sizeof (float));
  self->tone_hz = tone_hz;
  self->pipeline = gst_object_ref_sink (gst_pipeline_new ("browser"));
  g_signal_connect (self->pipeline, "deep-element-added", G_CALLBACK (element_added_cb), self);
  self->webrtc = gst_element_factory_make ("webrtcbin", NULL);
  gst_util_set_object_arg (G_OBJECT (self->webrtc), "bundle-policy", "max-bundle");
  g_object_get (self->webrtc, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &nice, NULL);
  g_object_set (nice, "upnp", FALSE, NULL);
  gst_bin_add (GST_BIN (self->pipeline), self->webrtc);
  rtpbin = gst_bin_get_by_name (GST_BIN (self->webrtc), "rtpbin");
  g_signal_connect (rtpbin, "new-jitterbuffer", G_CALLBACK (keep_retransmissions_cb), NULL);
  g_signal_connect (self->webrtc, "on-ice-candidate", G_CALLBACK (local_candidate_cb), self);
  g_signal_connect (self->webrtc, "notify::ice-gathering-state", G_CALLBACK (gathering_cb), self);
  g_signal_connect (self->webrtc, "pad-added", G_CALLBACK (pad_added_cb), self);
  if (peer != NULL) {
    gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
    self->peer = g_object_ref (peer);
    g_signal_connect (peer, "offer", G_CALLBACK (offered_cb), self);
    g_signal_connect (peer, "candidate", G_CALLBACK (candidate_cb), self);
  }
  return self;
}

void
guest_testing_browser_free (GuestTestingBrowser *self)
{
  if (self->peer != NULL)
    g_signal_handlers_disconnect_by_data (self->peer, self);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  /* What is under way to the main thread holds us. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_clear_object (&self->peer);
  gst_clear_object (&self->picture_pad);
  gst_object_unref (self->pipeline);
  g_array_unref (self->samples);
  g_rand_free (self->rand);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
guest_testing_browser_offer (GuestTestingBrowser *self, const char *encoder, const char *payloader,
                             void (*done) (const char *sdp, gpointer user_data), gpointer user_data)
{
  g_autofree char *text = g_strconcat (PICTURE, encoder, " ! identity name=encoder ! ", payloader,
                                       " name=payloader pt=96 mtu=1200", NULL);

  self->done = done;
  self->user_data = user_data;
  g_signal_connect (self->webrtc, "on-negotiation-needed", G_CALLBACK (negotiate_cb), self);
  send_media (self, text, 0);
  send_tone (self, 1);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

void
guest_testing_browser_take_answer (GuestTestingBrowser *self, const char *sdp)
{
  GstSDPMessage *message = NULL;
  GstWebRTCSessionDescription *answer = NULL;

  g_assert_cmpint (gst_sdp_message_new_from_text (sdp, &message), ==, GST_SDP_OK);
  answer = gst_webrtc_session_description_new (GST_WEBRTC_SDP_TYPE_ANSWER, message);
  g_signal_emit_by_name (self->webrtc, "set-remote-description", answer, NULL);
  gst_webrtc_session_description_free (answer);
}

void
guest_testing_browser_lose (GuestTestingBrowser *self, double to_peer, double from_peer)
{
  g_mutex_lock (&self->lock);
  self->to_peer = to_peer;
  self->from_peer = from_peer;
  g_mutex_unlock (&self->lock);
}

guint
guest_testing_browser_count_sent (GuestTestingBrowser *self)
{
  g_mutex_lock (&self->lock);
  const guint n_sent = self->n_sent;
  g_mutex_unlock (&self->lock);
  return n_sent;
}

guint
guest_testing_browser_count_pictures (GuestTestingBrowser *self)
{
  g_mutex_lock (&self->lock);
  const guint n_pictures = self->n_pictures;
  g_mutex_unlock (&self->lock);
  return n_pictures;
}

void
guest_testing_browser_get_size (GuestTestingBrowser *self, int *width_px, int *height_px)
{
  g_mutex_lock (&self->lock);
  *width_px = self->width_px;
  *height_px = self->height_px;
  g_mutex_unlock (&self->lock);
}

gboolean
guest_testing_browser_hear (GuestTestingBrowser *self, float *second)
{
  gboolean enough = FALSE;

  g_mutex_lock (&self->lock);
  enough = self->samples->len >= SECOND;
  if (enough)
    memcpy (second, &g_array_index (self->samples, float, self->samples->len - SECOND),
            SECOND * sizeof (float));
  g_mutex_unlock (&self->lock);
  return enough;
}

void
guest_testing_browser_forget_sound (GuestTestingBrowser *self)
{
  g_mutex_lock (&self->lock);
  g_array_set_size (self->samples, 0);
  g_mutex_unlock (&self->lock);
}

void
guest_testing_browser_request_keyframe (GuestTestingBrowser *self)
{
  g_mutex_lock (&self->lock);
  g_assert_nonnull (self->picture_pad);
  gst_pad_send_event (self->picture_pad,
                      gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE, 0));
  g_mutex_unlock (&self->lock);
}

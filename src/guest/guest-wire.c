/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

#include "engine-pipeline.h"
#include "engine-webrtc.h"
#include "guest-gauge.h"
#include "guest-notes.h"
#include "guest-wire.h"

/* A description that is to be whole goes out with all candidates, or after so long with some. */
#define GATHER_MS 1500

/**
 * GuestWire:
 *
 * The main thread's end of a `webrtcbin`: what has to be said to it in which order, and what it says
 * from its own threads, as signals on the main thread.
 */
struct _GuestWire {
  GObject parent_instance;

  GstElement *webrtc; /* nullable; stays once it is there: any thread */
  GuestNotes *notes;
  gboolean whole;     /* described with all candidates */
  gboolean relays;    /* TURN servers were asked for */
  gboolean described; /* "described" is out */
  gboolean asked;     /* an offer was asked for */
  guint gather_id;
  GPtrArray *candidates; /* News that came before "described" */
  gboolean over;
  gboolean connected;
};

G_DEFINE_FINAL_TYPE (GuestWire, guest_wire, G_TYPE_OBJECT)

enum {
  SIGNAL_DESCRIBED,
  SIGNAL_CANDIDATE,
  SIGNAL_CONNECTED,
  SIGNAL_PAD,
  SIGNAL_WAY,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Something that happened in a thread of the elements, on its way to the main thread. */
typedef struct _News News;
struct _News {
  GuestWire *self;
  void (*func) (GuestWire *self, const News *news);
  char *text; /* nullable */
  guint number;
  GstPad *pad; /* nullable */
  gulong probe_id;
};

static void
news_free (gpointer data)
{
  News *news = data;

  g_clear_object (&news->self);
  gst_clear_object (&news->pad);
  g_free (news->text);
  g_free (news);
}

static gboolean
news_cb (gpointer data)
{
  News *news = data;

  if (!news->self->over)
    news->func (news->self, news);
  return G_SOURCE_REMOVE;
}

static News *
make_news (GuestWire *self, void (*func) (GuestWire *self, const News *news), const char *text,
           guint number)
{
  News *news = g_new0 (News, 1);

  news->self = g_object_ref (self);
  news->func = func;
  news->text = g_strdup (text);
  news->number = number;
  return news;
}

/* Any thread. */
static void
tell (News *news)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, news_cb, news, news_free);
}

static void
fail (GuestWire *self, int code, const char *what)
{
  g_autoptr (GError) error = g_error_new_literal (GUEST_ERROR, code, what);

  if (self->over)
    return;
  self->over = TRUE;
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
failed (GuestWire *self, const News *news)
{
  fail (self, (int) news->number, news->text);
}

static void
candidate_found (GuestWire *self, const News *news)
{
  /* Who gets the whole of it needs no parts, and one that comes after it has no place to go. */
  if (self->whole)
    return;
  if (self->described)
    g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, news->text, news->number);
  else
    g_ptr_array_add (self->candidates, make_news (self, candidate_found, news->text, news->number));
}

static void
describe (GuestWire *self)
{
  g_autoptr (GuestWire) kept = g_object_ref (self);
  g_autoptr (GPtrArray) candidates = NULL;
  GstWebRTCSessionDescription *description = NULL;
  g_autofree char *sdp = NULL;

  if (self->described || self->over)
    return;
  g_object_get (self->webrtc, "local-description", &description, NULL);
  if (description == NULL)
    return;
  sdp = gst_sdp_message_as_text (description->sdp);
  gst_webrtc_session_description_free (description);
  self->described = TRUE;
  g_clear_handle_id (&self->gather_id, g_source_remove);
  /* Whoever hears of it may close us. */
  candidates = g_steal_pointer (&self->candidates);
  g_signal_emit (self, signals[SIGNAL_DESCRIBED], 0, sdp);
  for (guint i = 0; i < candidates->len && !self->over; i++)
    candidate_found (self, g_ptr_array_index (candidates, i));
}

static gboolean
gather_cb (gpointer data)
{
  GuestWire *self = data;

  self->gather_id = 0;
  describe (self);
  return G_SOURCE_REMOVE;
}

static void
local_set (GuestWire *self, const News *news)
{
  if (!self->whole)
    describe (self);
  else if (!self->described && self->gather_id == 0)
    self->gather_id = g_timeout_add (GATHER_MS, gather_cb, self);
}

static void
gathered (GuestWire *self, const News *news)
{
  if (self->whole)
    describe (self);
}

static gboolean
has_error (GstPromise *promise)
{
  const GstStructure *reply = gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED
                                ? gst_promise_get_reply (promise)
                                : NULL;

  return reply != NULL && gst_structure_has_field (reply, "error");
}

static void
local_set_cb (GstPromise *promise, gpointer user_data)
{
  if (has_error (promise))
    tell (make_news (user_data, failed, "our own description was not taken", GUEST_ERROR_STREAM));
  else
    tell (make_news (user_data, local_set, NULL, 0));
  gst_promise_unref (promise);
}

/* An offer, or an answer, was made. */
static void
made_cb (GstPromise *promise, gpointer user_data)
{
  GuestWire *self = user_data;
  g_autoptr (GuestWire) kept = g_object_ref (self);
  const GstStructure *reply = gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED
                                ? gst_promise_get_reply (promise)
                                : NULL;
  GstWebRTCSessionDescription *description = NULL;

  if (reply != NULL && gst_structure_has_field (reply, "offer"))
    gst_structure_get (reply, "offer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL);
  else if (reply != NULL && gst_structure_has_field (reply, "answer"))
    gst_structure_get (reply, "answer", GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &description, NULL);
  gst_promise_unref (promise);
  if (description == NULL) {
    tell (make_news (self, failed, "no description could be made", GUEST_ERROR_NOT_TAKEN));
    return;
  }
  promise = gst_promise_new_with_change_func (local_set_cb, g_object_ref (self), g_object_unref);
  g_signal_emit_by_name (self->webrtc, "set-local-description", description, promise);
  gst_webrtc_session_description_free (description);
}

/**
 * guest_wire_offer:
 * @self: a wire to which is linked what is to be sent, in a pipeline that plays
 *
 * Makes an offer, once. "described" or "failed" follows.
 */
void
guest_wire_offer (GuestWire *self)
{
  GstPromise *promise = NULL;

  g_return_if_fail (GUEST_IS_WIRE (self));

  if (self->asked || self->over)
    return;
  self->asked = TRUE;
  promise = gst_promise_new_with_change_func (made_cb, g_object_ref (self), g_object_unref);
  g_signal_emit_by_name (self->webrtc, "create-offer", NULL, promise);
}

/**
 * guest_wire_await_offer:
 * @self: a wire that has offered nothing
 *
 * The other side will offer: this one does not.
 */
void
guest_wire_await_offer (GuestWire *self)
{
  g_return_if_fail (GUEST_IS_WIRE (self));

  self->asked = TRUE;
}

static void
remote_set_cb (GstPromise *promise, gpointer user_data)
{
  if (has_error (promise))
    tell (make_news (user_data, failed, "what the other side answered does not fit our offer",
                     GUEST_ERROR_NOT_TAKEN));
  gst_promise_unref (promise);
}

static void
offer_taken_cb (GstPromise *promise, gpointer user_data)
{
  GuestWire *self = user_data;
  g_autoptr (GuestWire) kept = g_object_ref (self);
  const gboolean refused = has_error (promise);

  gst_promise_unref (promise);
  if (refused) {
    tell (
      make_news (self, failed, "the other side's offer cannot be taken", GUEST_ERROR_NOT_TAKEN));
    return;
  }
  promise = gst_promise_new_with_change_func (made_cb, g_object_ref (self), g_object_unref);
  g_signal_emit_by_name (self->webrtc, "create-answer", NULL, promise);
}

/**
 * guest_wire_take_description:
 * @self: a wire, in a pipeline that plays
 * @sdp: the other side's, checked
 * @is_offer: it is an offer: "described", with our answer, or "failed" follows. Else it is the answer
 *   to ours
 */
void
guest_wire_take_description (GuestWire *self, const char *sdp, gboolean is_offer)
{
  GstSDPMessage *message = NULL;
  GstWebRTCSessionDescription *description = NULL;
  GstPromise *promise = NULL;

  g_return_if_fail (GUEST_IS_WIRE (self));

  if (self->over)
    return;
  if (gst_sdp_message_new_from_text (sdp, &message) != GST_SDP_OK) {
    g_clear_pointer (&message, gst_sdp_message_free);
    fail (self, GUEST_ERROR_INVALID, "what the other side describes cannot be read");
    return;
  }
  guest_notes_take_sound (self->notes, message);
  description = gst_webrtc_session_description_new (is_offer ? GST_WEBRTC_SDP_TYPE_OFFER
                                                             : GST_WEBRTC_SDP_TYPE_ANSWER,
                                                    message);
  promise = gst_promise_new_with_change_func (is_offer ? offer_taken_cb : remote_set_cb,
                                              g_object_ref (self), g_object_unref);
  g_signal_emit_by_name (self->webrtc, "set-remote-description", description, promise);
  gst_webrtc_session_description_free (description);
}

/**
 * guest_wire_add_candidate:
 * @self: a wire that was described
 * @candidate: one of the other side's, checked
 * @index: of the part of the description that it belongs to
 */
void
guest_wire_add_candidate (GuestWire *self, const char *candidate, guint index)
{
  g_return_if_fail (GUEST_IS_WIRE (self));

  if (!self->over)
    g_signal_emit_by_name (self->webrtc, "add-ice-candidate", index, candidate);
}

static void
negotiate (GuestWire *self, const News *news)
{
  guest_wire_offer (self);
}

static void
negotiate_cb (GstElement *webrtc, GuestWire *self)
{
  tell (make_news (self, negotiate, NULL, 0));
}

static void
candidate_cb (GstElement *webrtc, guint index, const char *candidate, GuestWire *self)
{
  tell (make_news (self, candidate_found, candidate, index));
}

static void
gathering_cb (GstElement *webrtc, GParamSpec *pspec, GuestWire *self)
{
  GstWebRTCICEGatheringState state = GST_WEBRTC_ICE_GATHERING_STATE_NEW;

  g_object_get (webrtc, "ice-gathering-state", &state, NULL);
  if (state == GST_WEBRTC_ICE_GATHERING_STATE_COMPLETE)
    tell (make_news (self, gathered, NULL, 0));
}

static void
connected (GuestWire *self, const News *news)
{
  if (self->connected)
    return;
  self->connected = TRUE;
  guest_notes_hear (self->notes);
  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0);
}

static void
connection_cb (GstElement *webrtc, GParamSpec *pspec, GuestWire *self)
{
  GstWebRTCPeerConnectionState state = GST_WEBRTC_PEER_CONNECTION_STATE_NEW;

  g_object_get (webrtc, "connection-state", &state, NULL);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CONNECTED)
    tell (make_news (self, connected, NULL, 0));
  else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED)
    tell (
      make_news (self, failed, "no way was found through the two networks", GUEST_ERROR_NO_WAY));
  else if (state == GST_WEBRTC_PEER_CONNECTION_STATE_CLOSED)
    tell (
      make_news (self, failed, "the other side has ended the connection", GUEST_ERROR_VANISHED));
}

/* On the main thread; nothing passes the pad before. */
static void
pad_came (GuestWire *self, const News *news)
{
  g_autoptr (GuestWire) kept = g_object_ref (self);

  g_signal_emit (self, signals[SIGNAL_PAD], 0, news->pad);
  gst_pad_remove_probe (news->pad, news->probe_id);
}

static GstPadProbeReturn
wait_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return GST_PAD_PROBE_OK;
}

static void
pad_added_cb (GstElement *webrtc, GstPad *pad, GuestWire *self)
{
  News *news = NULL;

  if (GST_PAD_DIRECTION (pad) != GST_PAD_SRC)
    return;
  news = make_news (self, pad_came, NULL, 0);
  news->pad = gst_object_ref (pad);
  news->probe_id =
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, wait_cb, NULL, NULL);
  tell (news);
}

static void
watch (GuestWire *self)
{
  g_autoptr (GstElement) rtpbin = gst_bin_get_by_name (GST_BIN (self->webrtc), "rtpbin");

  g_signal_connect_object (self->webrtc, "on-negotiation-needed", G_CALLBACK (negotiate_cb), self,
                           0);
  g_signal_connect_object (self->webrtc, "on-ice-candidate", G_CALLBACK (candidate_cb), self, 0);
  g_signal_connect_object (self->webrtc, "notify::ice-gathering-state", G_CALLBACK (gathering_cb),
                           self, 0);
  g_signal_connect_object (self->webrtc, "notify::connection-state", G_CALLBACK (connection_cb),
                           self, 0);
  g_signal_connect_object (self->webrtc, "pad-added", G_CALLBACK (pad_added_cb), self, 0);
  if (rtpbin != NULL)
    guest_notes_watch (self->notes, rtpbin);
}

static gboolean
set_up_ice (GstElement *webrtc, const GuestIce *ice)
{
  g_autoptr (GObject) agent = NULL;

  engine_webrtc_switch_upnp_off (webrtc);
  if (ice == NULL)
    return FALSE;
  if (ice->relay_only)
    gst_util_set_object_arg (G_OBJECT (webrtc), "ice-transport-policy", "relay");
  g_object_get (webrtc, "ice-agent", &agent, NULL);
  if (agent != NULL && ice->min_port > 0)
    g_object_set (agent, "min-rtp-port", ice->min_port, NULL);
  if (agent != NULL && ice->max_port > 0)
    g_object_set (agent, "max-rtp-port", ice->max_port, NULL);
  return engine_webrtc_add_servers (webrtc, (const char *const *) ice->servers);
}

/**
 * guest_wire_new:
 * @bin: a pipeline
 * @ice: (nullable): how the other side may be found
 * @jitter_ms: how late a packet may be
 * @whole: whether what describes us is to have all its candidates in it
 *
 * Returns: (transfer full) (nullable): a wire; fails with %GUEST_ERROR_MISSING_ELEMENT
 */
GuestWire *
guest_wire_new (GstElement *bin, const GuestIce *ice, guint jitter_ms, gboolean whole,
                GError **error)
{
  g_autoptr (GuestWire) self = g_object_new (GUEST_TYPE_WIRE, NULL);
  g_autoptr (GError) reason = NULL;
  GstElement *webrtc = engine_make (bin, "webrtcbin", "webrtc", &reason);

  if (webrtc == NULL) {
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_MISSING_ELEMENT, reason->message);
    return NULL;
  }
  self->webrtc = gst_object_ref (webrtc);
  self->whole = whole;
  gst_util_set_object_arg (G_OBJECT (webrtc), "bundle-policy", "max-bundle");
  g_object_set (webrtc, "latency", jitter_ms, NULL);
  self->relays = set_up_ice (webrtc, ice);
  watch (self);
  return g_steal_pointer (&self);
}

GstElement *
guest_wire_get_element (GuestWire *self)
{
  g_return_val_if_fail (GUEST_IS_WIRE (self), NULL);

  return self->webrtc;
}

static void
way_found (GuestWire *self, const News *news)
{
  g_signal_emit (self, signals[SIGNAL_WAY], 0, (gboolean) news->number);
}

static void
stats_cb (GstPromise *promise, gpointer user_data)
{
  const GstStructure *stats = gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED
                                ? gst_promise_get_reply (promise)
                                : NULL;
  gboolean relayed = FALSE;

  if (stats != NULL && guest_gauge_read_way (stats, &relayed))
    tell (make_news (user_data, way_found, NULL, (guint) relayed));
  gst_promise_unref (promise);
}

/**
 * guest_wire_look_for_way:
 * @self: a wire that is connected
 *
 * "way" follows if it is known.
 */
void
guest_wire_look_for_way (GuestWire *self)
{
  GstPromise *promise = NULL;

  g_return_if_fail (GUEST_IS_WIRE (self));

  promise = gst_promise_new_with_change_func (stats_cb, g_object_ref (self), g_object_unref);
  g_signal_emit_by_name (self->webrtc, "get-stats", NULL, promise);
}

/**
 * guest_wire_get_heard:
 * @self: a wire
 *
 * Returns: the monotonic time at which anything last came from the other side; 0: never
 */
gint64
guest_wire_get_heard (GuestWire *self)
{
  g_return_val_if_fail (GUEST_IS_WIRE (self), 0);

  return guest_notes_get_heard (self->notes);
}

/**
 * guest_wire_close:
 * @self: a wire
 *
 * Nothing is emitted any more. May be called twice.
 */
void
guest_wire_close (GuestWire *self)
{
  g_return_if_fail (GUEST_IS_WIRE (self));

  self->over = TRUE;
  g_clear_handle_id (&self->gather_id, g_source_remove);
  if (self->webrtc != NULL)
    g_signal_handlers_disconnect_by_data (self->webrtc, self);
  if (self->relays)
    engine_webrtc_end_relays (self->webrtc);
  self->relays = FALSE;
  /* They hold us. */
  g_clear_pointer (&self->candidates, g_ptr_array_unref);
}

static void
guest_wire_finalize (GObject *object)
{
  GuestWire *self = GUEST_WIRE (object);

  g_clear_handle_id (&self->gather_id, g_source_remove);
  g_clear_pointer (&self->candidates, g_ptr_array_unref);
  gst_clear_object (&self->webrtc);
  guest_notes_release (self->notes);
  G_OBJECT_CLASS (guest_wire_parent_class)->finalize (object);
}

static guint
make_signal (const char *name, GType first, GType second)
{
  return g_signal_new (name, GUEST_TYPE_WIRE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       (first != G_TYPE_NONE) + (second != G_TYPE_NONE), first, second);
}

static void
guest_wire_class_init (GuestWireClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = guest_wire_finalize;
  signals[SIGNAL_DESCRIBED] = make_signal ("described", G_TYPE_STRING, G_TYPE_NONE);
  signals[SIGNAL_CANDIDATE] = make_signal ("candidate", G_TYPE_STRING, G_TYPE_UINT);
  signals[SIGNAL_CONNECTED] = make_signal ("connected", G_TYPE_NONE, G_TYPE_NONE);
  signals[SIGNAL_PAD] = make_signal ("pad", GST_TYPE_PAD, G_TYPE_NONE);
  signals[SIGNAL_WAY] = make_signal ("way", G_TYPE_BOOLEAN, G_TYPE_NONE);
  signals[SIGNAL_FAILED] = make_signal ("failed", G_TYPE_ERROR, G_TYPE_NONE);
}

static void
guest_wire_init (GuestWire *self)
{
  self->notes = guest_notes_new ();
  self->candidates = g_ptr_array_new_with_free_func (news_free);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "guest-answer.h"
#include "guest-gauge.h"
#include "guest-hearing.h"
#include "guest-intake.h"
#include "guest-peer.h"
#include "guest-rtp.h"
#include "guest-sdp.h"
#include "guest-seeing.h"
#include "guest-wire.h"

/* How late a packet may be: a lost one can be sent again in this time by most of a continent. */
#define JITTER_MS 120

/* What it takes to decode. The show time of what comes is that much later. */
#define DECODE_MS 30

/* From our offer, or theirs, to a connection. */
#define CONNECT_MS 30000

/* After so long without a single packet he is gone, whatever his side believes. */
#define SILENT_US (5 * G_USEC_PER_SEC)

typedef enum {
  PHASE_NEW,
  PHASE_OFFERING,  /* we offer; an answer may come */
  PHASE_ANSWERING, /* we answer */
  PHASE_ANSWERED,
  PHASE_OVER,
} Phase;

/**
 * GuestPeer:
 *
 * One connection to a guest: what they send goes into a source, and what they see and hear goes to
 * them. It has a pipeline of its own, so that nothing that happens to it is felt in the program. It is
 * never repaired: one that fails is closed, and another made.
 */
struct _GuestPeer {
  GObject parent_instance;

  EngineProgram *program;
  gboolean uses; /* what he sends becomes a source */
  gboolean whole;
  guint jitter_ms;
  GuestIce ice; /* a copy */

  Phase phase;
  EnginePipeline *pipeline; /* nullable */
  GuestWire *wire;          /* nullable */
  GuestHearing *hearing;    /* nullable */
  GuestSeeing *seeing;      /* nullable */
  GuestIntake *intake;
  GStrv media; /* nullable: what each part of our offer is about */
  char *offer; /* nullable: theirs, until the pipeline runs */
  guint n_candidates;
  gboolean connected;
  gboolean music;
  guint late_id;
  guint tick_id;
  guint n_ticks;
  guint n_sounds;

  GuestGauge gauge;
  GuestPace pace;
  GuestWeakness weakness;
  GuestHealth health;
};

G_DEFINE_FINAL_TYPE (GuestPeer, guest_peer, G_TYPE_OBJECT)

enum {
  SIGNAL_OFFER,
  SIGNAL_ANSWER,
  SIGNAL_CANDIDATE,
  SIGNAL_CONNECTED,
  SIGNAL_FAILED,
  SIGNAL_HEALTH_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Nothing comes or goes any more. */
static void
end (GuestPeer *self, const GError *why)
{
  self->phase = PHASE_OVER;
  g_clear_handle_id (&self->late_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->hearing != NULL)
    guest_hearing_close (self->hearing);
  if (self->seeing != NULL)
    guest_seeing_close (self->seeing);
  if (self->wire != NULL)
    guest_wire_close (self->wire);
  guest_intake_close (self->intake, why);
  if (self->pipeline != NULL)
    engine_pipeline_stop (self->pipeline);
}

static void
fail (GuestPeer *self, const GError *error)
{
  g_autoptr (GuestPeer) kept = g_object_ref (self);
  g_autoptr (GError) copy = g_error_copy (error);

  if (self->phase == PHASE_OVER)
    return;
  g_debug ("a connection to a guest has failed: %s", copy->message);
  end (self, copy);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, copy);
}

static void
fail_with (GuestPeer *self, int code, const char *what)
{
  g_autoptr (GError) error = g_error_new_literal (GUEST_ERROR, code, what);

  fail (self, error);
}

static void
part_failed_cb (GObject *part, const GError *error, GuestPeer *self)
{
  fail (self, error);
}

static void
pipeline_failed_cb (EnginePipeline *pipeline, const GError *error, GuestPeer *self)
{
  fail_with (self,
             g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT)
               ? GUEST_ERROR_MISSING_ELEMENT
               : GUEST_ERROR_STREAM,
             error->message);
}

static gboolean
late_cb (gpointer data)
{
  GuestPeer *self = data;

  self->late_id = 0;
  fail_with (self, GUEST_ERROR_TOO_SLOW, "the connection was not made within half a minute");
  return G_SOURCE_REMOVE;
}

static void
take_report (GuestPeer *self)
{
  GuestPaceReport report = { 0 };

  if (self->seeing != NULL &&
      guest_gauge_read_report (&self->gauge, guest_wire_get_element (self->wire), &report))
    guest_seeing_set_bps (self->seeing, guest_pace_take (&self->pace, &report));
}

static void
measure (GuestPeer *self)
{
  const gint64 now_us = g_get_monotonic_time ();
  GuestIntakeCounts counts = { 0 };

  guest_intake_get_counts (self->intake, &counts);
  guest_gauge_read (&self->gauge, guest_wire_get_element (self->wire), counts.n_pictures, now_us,
                    &self->health);
  self->health.heard = counts.n_sounds != self->n_sounds;
  self->n_sounds = counts.n_sounds;
  self->health.width_px = counts.width_px;
  self->health.height_px = counts.height_px;
  self->health.heard_us = guest_wire_get_heard (self->wire);
  self->health.weak =
    guest_weakness_judge (&self->weakness, &self->health, self->health.rate_fps > 0, now_us);
  guest_wire_look_for_way (self->wire);
}

static gboolean
tick_cb (gpointer data)
{
  g_autoptr (GuestPeer) self = g_object_ref (data);

  if (g_get_monotonic_time () - guest_wire_get_heard (self->wire) > SILENT_US) {
    self->tick_id = 0;
    fail_with (self, GUEST_ERROR_VANISHED, "nothing has come from the guest for five seconds");
    return G_SOURCE_REMOVE;
  }
  take_report (self);
  if (++self->n_ticks % 2 == 0) {
    measure (self);
    g_signal_emit (self, signals[SIGNAL_HEALTH_CHANGED], 0);
  }
  return self->tick_id != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
connected_cb (GuestWire *wire, GuestPeer *self)
{
  self->connected = TRUE;
  g_clear_handle_id (&self->late_id, g_source_remove);
  self->tick_id = g_timeout_add (GUEST_PACE_MS, tick_cb, self);
  guest_gauge_let_report (guest_wire_get_element (self->wire));
  if (self->hearing != NULL)
    guest_hearing_begin (self->hearing);
  if (self->seeing != NULL)
    guest_seeing_begin (self->seeing);
  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0);
}

static void
described_cb (GuestWire *wire, const char *sdp, GuestPeer *self)
{
  if (self->phase == PHASE_ANSWERING) {
    self->phase = PHASE_ANSWERED;
    g_signal_emit (self, signals[SIGNAL_ANSWER], 0, sdp);
    return;
  }
  g_strfreev (self->media);
  self->media = guest_sdp_list_media (sdp);
  g_signal_emit (self, signals[SIGNAL_OFFER], 0, sdp);
}

static void
candidate_cb (GuestWire *wire, const char *candidate, guint index, GuestPeer *self)
{
  g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, candidate, index);
}

static void
pad_cb (GuestWire *wire, GstPad *pad, GuestPeer *self)
{
  guest_intake_take_pad (self->intake, engine_pipeline_get_bin (self->pipeline), pad);
}

static void
way_cb (GuestWire *wire, gboolean relayed, GuestPeer *self)
{
  self->health.known_way = TRUE;
  self->health.relayed = relayed;
}

static void
playing_cb (EnginePipeline *pipeline, gboolean live, GuestPeer *self)
{
  g_autofree char *offer = g_steal_pointer (&self->offer);

  if (offer != NULL)
    guest_wire_take_description (self->wire, offer, TRUE);
  else if (self->phase == PHASE_OFFERING && self->hearing == NULL)
    /* With nothing that is sent there is nothing to wait for. */
    guest_wire_offer (self->wire);
}

/* Running time in it is the show's. */
static gboolean
make_pipeline (GuestPeer *self, gboolean whole, GError **error)
{
  EngineClock *clock = engine_program_get_clock (self->program);
  GstElement *bin = NULL;

  self->pipeline = engine_pipeline_new (clock, "guest");
  bin = engine_pipeline_get_bin (self->pipeline);
  gst_element_set_start_time (bin, GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (bin, engine_clock_get_base_time (clock));
  self->wire = guest_wire_new (bin, &self->ice, self->jitter_ms, whole, error);
  if (self->wire == NULL)
    return FALSE;
  g_signal_connect_object (self->pipeline, "failed", G_CALLBACK (pipeline_failed_cb), self, 0);
  g_signal_connect_object (self->pipeline, "playing", G_CALLBACK (playing_cb), self, 0);
  g_signal_connect_object (self->wire, "described", G_CALLBACK (described_cb), self, 0);
  g_signal_connect_object (self->wire, "candidate", G_CALLBACK (candidate_cb), self, 0);
  g_signal_connect_object (self->wire, "connected", G_CALLBACK (connected_cb), self, 0);
  g_signal_connect_object (self->wire, "pad", G_CALLBACK (pad_cb), self, 0);
  g_signal_connect_object (self->wire, "way", G_CALLBACK (way_cb), self, 0);
  g_signal_connect_object (self->wire, "failed", G_CALLBACK (part_failed_cb), self, 0);
  self->late_id = g_timeout_add (CONNECT_MS, late_cb, self);
  return TRUE;
}

static gboolean
offer_sound (GuestPeer *self, GError **error)
{
  GstElement *payloader = NULL;
  GstCaps *caps = NULL;

  if (self->hearing == NULL) {
    caps = guest_rtp_make_sound_caps (GUEST_RTP_OPUS_PT, self->music);
    guest_rtp_add_feedback (caps, GUEST_RTP_TWCC_ID, FALSE);
    return guest_rtp_receive (guest_wire_get_element (self->wire), caps, FALSE, error);
  }
  payloader = guest_hearing_build (self->hearing, engine_pipeline_get_bin (self->pipeline),
                                   GUEST_RTP_OPUS_PT, GUEST_RTP_TWCC_ID, error);
  return payloader != NULL &&
         guest_rtp_send (guest_wire_get_element (self->wire), payloader, FALSE, self->uses, error);
}

static gboolean
offer_picture (GuestPeer *self, GError **error)
{
  GstElement *webrtc = guest_wire_get_element (self->wire);
  GstElement *payloader = NULL;
  GstCaps *caps = NULL;

  if (self->seeing == NULL) {
    caps = guest_rtp_make_picture_caps (GUEST_RTP_VP8_PT, GUEST_RTP_TWCC_ID);
    return guest_rtp_receive (webrtc, caps, TRUE, error);
  }
  payloader = guest_seeing_build (self->seeing, engine_pipeline_get_bin (self->pipeline),
                                  GUEST_RTP_VP8_PT, GUEST_RTP_TWCC_ID, error);
  return payloader != NULL && guest_rtp_send (webrtc, payloader, TRUE, self->uses, error);
}

/**
 * guest_peer_offer:
 * @self: a peer that has done nothing yet
 *
 * Begins: "offer" or "failed" follows.
 *
 * Returns: FALSE with %GUEST_ERROR_MISSING_ELEMENT; it is over then
 */
gboolean
guest_peer_offer (GuestPeer *self, GError **error)
{
  g_return_val_if_fail (GUEST_IS_PEER (self), FALSE);
  g_return_val_if_fail (self->phase == PHASE_NEW, FALSE);

  self->phase = PHASE_OFFERING;
  /* What is sent comes first: webrtcbin would give its pad to what is only to come. */
  if (!make_pipeline (self, self->whole, error) ||
      (self->seeing != NULL && !offer_picture (self, error)) || !offer_sound (self, error) ||
      (self->seeing == NULL && !offer_picture (self, error))) {
    end (self, NULL);
    return FALSE;
  }
  engine_pipeline_start (self->pipeline, FALSE);
  return TRUE;
}

/**
 * guest_peer_take_offer:
 * @self: a peer that has done nothing yet; what he hears and sees is not used
 * @sdp: what somebody offers to send; may be anything
 *
 * Begins the other way round: "answer", with all candidates, or "failed" follows.
 *
 * Returns: FALSE with a %GUEST_ERROR; after %GUEST_ERROR_INVALID and %GUEST_ERROR_NOT_TAKEN nothing was
 *   changed by it
 */
gboolean
guest_peer_take_offer (GuestPeer *self, const char *sdp, GError **error)
{
  g_autofree char *checked = NULL;
  g_autoptr (GPtrArray) choices = NULL;

  g_return_val_if_fail (GUEST_IS_PEER (self), FALSE);
  g_return_val_if_fail (self->phase == PHASE_NEW, FALSE);

  checked = guest_sdp_check_offer (sdp, error);
  choices = checked != NULL ? guest_answer_choose (checked, error) : NULL;
  if (choices == NULL)
    return FALSE;
  self->phase = PHASE_ANSWERING;
  if (!make_pipeline (self, TRUE, error)) {
    end (self, NULL);
    return FALSE;
  }
  guest_wire_await_offer (self->wire);
  for (guint i = 0; i < choices->len; i++) {
    GstCaps *caps = choices->pdata[i];
    const char *media = gst_structure_get_string (gst_caps_get_structure (caps, 0), "media");

    if (!guest_rtp_receive (guest_wire_get_element (self->wire), gst_caps_ref (caps),
                            g_strcmp0 (media, "video") == 0, error)) {
      end (self, NULL);
      return FALSE;
    }
  }
  self->offer = g_steal_pointer (&checked);
  engine_pipeline_start (self->pipeline, FALSE);
  return TRUE;
}

/**
 * guest_peer_take_answer:
 * @self: a peer that has offered
 * @sdp: what somebody answered; may be anything
 *
 * Returns: FALSE with %GUEST_ERROR_INVALID or %GUEST_ERROR_NOT_TAKEN; nothing was changed by it then
 */
gboolean
guest_peer_take_answer (GuestPeer *self, const char *sdp, GError **error)
{
  g_autofree char *checked = NULL;

  g_return_val_if_fail (GUEST_IS_PEER (self), FALSE);

  if (self->phase != PHASE_OFFERING || self->media == NULL) {
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_INVALID,
                         "an answer came to which there is no offer");
    return FALSE;
  }
  checked = guest_sdp_check_answer (sdp, (const char *const *) self->media, error);
  if (checked == NULL)
    return FALSE;
  self->phase = PHASE_ANSWERED;
  guest_wire_take_description (self->wire, checked, FALSE);
  return TRUE;
}

/**
 * guest_peer_add_candidate:
 * @self: a peer
 * @candidate: where somebody says that they can be found; may be anything
 * @index: of the part of the description that it belongs to
 *
 * Returns: FALSE with %GUEST_ERROR_INVALID; nothing was changed by it then
 */
gboolean
guest_peer_add_candidate (GuestPeer *self, const char *candidate, guint index, GError **error)
{
  g_autofree char *checked = NULL;

  g_return_val_if_fail (GUEST_IS_PEER (self), FALSE);

  if (index >= GUEST_SDP_MAX_MEDIA || self->n_candidates >= GUEST_SDP_MAX_CANDIDATES) {
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_INVALID,
                         "there are more candidates than anybody has addresses");
    return FALSE;
  }
  self->n_candidates++;
  if (!guest_sdp_check_candidate (candidate, &checked, error))
    return FALSE;
  if (checked != NULL && self->phase != PHASE_NEW && self->phase != PHASE_OVER)
    guest_wire_add_candidate (self->wire, checked, index);
  return TRUE;
}

/**
 * guest_peer_set_view:
 * @self: a peer
 * @source: (nullable): what is seen instead of the program
 */
void
guest_peer_set_view (GuestPeer *self, EngineSource *source)
{
  g_return_if_fail (GUEST_IS_PEER (self));

  if (self->seeing != NULL)
    guest_seeing_set_source (self->seeing, source);
}

/**
 * guest_peer_set_music:
 * @self: a peer
 * @music: whether what goes to and fro is music; what is offered is offered by what was set before
 */
void
guest_peer_set_music (GuestPeer *self, gboolean music)
{
  g_return_if_fail (GUEST_IS_PEER (self));

  self->music = music;
  if (self->hearing != NULL)
    guest_hearing_set_music (self->hearing, music);
}

/* He is to send a whole picture. */
void
guest_peer_ask_for_picture (GuestPeer *self)
{
  g_return_if_fail (GUEST_IS_PEER (self));

  if (self->connected && self->phase != PHASE_OVER)
    guest_intake_ask_for_picture (self->intake);
}

/* He is sent a whole picture. */
void
guest_peer_show_anew (GuestPeer *self)
{
  g_return_if_fail (GUEST_IS_PEER (self));

  if (self->connected && self->seeing != NULL)
    guest_seeing_ask (self->seeing);
}

void
guest_peer_get_health (GuestPeer *self, GuestHealth *health)
{
  g_return_if_fail (GUEST_IS_PEER (self));

  *health = self->health;
}

/**
 * guest_peer_close:
 * @self: a peer
 *
 * Ends it, in the background. No signal comes any more. May be called twice.
 */
void
guest_peer_close (GuestPeer *self)
{
  g_return_if_fail (GUEST_IS_PEER (self));

  end (self, NULL);
}

static void
guest_peer_dispose (GObject *object)
{
  GuestPeer *self = GUEST_PEER (object);

  end (self, NULL);
  g_clear_object (&self->program);
  g_clear_object (&self->pipeline);
  g_clear_object (&self->wire);
  g_clear_object (&self->hearing);
  g_clear_object (&self->seeing);
  G_OBJECT_CLASS (guest_peer_parent_class)->dispose (object);
}

static void
guest_peer_finalize (GObject *object)
{
  GuestPeer *self = GUEST_PEER (object);

  g_clear_object (&self->intake);
  g_strfreev (self->ice.servers);
  g_strfreev (self->media);
  g_free (self->offer);
  G_OBJECT_CLASS (guest_peer_parent_class)->finalize (object);
}

static guint
make_signal (const char *name, GType first, GType second)
{
  return g_signal_new (name, GUEST_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       (first != G_TYPE_NONE) + (second != G_TYPE_NONE), first, second);
}

static void
guest_peer_class_init (GuestPeerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guest_peer_dispose;
  G_OBJECT_CLASS (klass)->finalize = guest_peer_finalize;
  signals[SIGNAL_OFFER] = make_signal ("offer", G_TYPE_STRING, G_TYPE_NONE);
  signals[SIGNAL_ANSWER] = make_signal ("answer", G_TYPE_STRING, G_TYPE_NONE);
  signals[SIGNAL_CANDIDATE] = make_signal ("candidate", G_TYPE_STRING, G_TYPE_UINT);
  signals[SIGNAL_CONNECTED] = make_signal ("connected", G_TYPE_NONE, G_TYPE_NONE);
  signals[SIGNAL_FAILED] = make_signal ("failed", G_TYPE_ERROR, G_TYPE_NONE);
  signals[SIGNAL_HEALTH_CHANGED] = make_signal ("health-changed", G_TYPE_NONE, G_TYPE_NONE);
}

static void
guest_peer_init (GuestPeer *self)
{
  self->health = GUEST_HEALTH_NONE;
  guest_pace_init (&self->pace);
}

/**
 * guest_peer_new:
 * @config: what it is for
 * @ice: (nullable): how the two may find each other; copied
 *
 * Returns: (transfer full): a peer that does nothing yet
 */
GuestPeer *
guest_peer_new (const GuestPeerConfig *config, const GuestIce *ice)
{
  GuestPeer *self = g_object_new (GUEST_TYPE_PEER, NULL);

  self->program = g_object_ref (config->program);
  self->uses = config->source != NULL;
  self->whole = config->whole;
  self->jitter_ms = config->jitter_ms > 0 ? config->jitter_ms : JITTER_MS;
  if (config->bus != NULL)
    self->hearing = guest_hearing_new (config->bus);
  if (config->bus != NULL && config->sends_picture_back)
    self->seeing = guest_seeing_new (config->program);
  self->intake = guest_intake_new (config->source, (int) self->jitter_ms + DECODE_MS);
  g_signal_connect_object (self->intake, "failed", G_CALLBACK (part_failed_cb), self, 0);
  if (ice != NULL) {
    self->ice = *ice;
    self->ice.servers = g_strdupv (ice->servers);
  }
  return self;
}

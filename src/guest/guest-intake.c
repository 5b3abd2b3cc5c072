/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gst/video/video.h>

#include "engine-pipeline.h"
#include "guest-intake.h"
#include "guest-types.h"

/* Nothing that a guest sends is of use beyond this, and decoding it takes all the memory there is. */
#define MAX_WIDTH_PX  3840
#define MAX_HEIGHT_PX 3840

/* Each new stream of his takes a pad and threads: who makes more than these wants to do harm. */
#define MAX_PADS 12

typedef enum {
  PICTURE,
  SOUND,
  N_KINDS
} Kind;

/* What the decoder's thread counts. */
typedef struct {
  GMutex lock;
  GuestIntakeCounts counts;
  gboolean too_large;
  GWeakRef intake;
} Tally;

/**
 * GuestIntake:
 *
 * What comes from a guest: his streams, decoded, and led over a bridge into his source. Main thread
 * only.
 */
struct _GuestIntake {
  GObject parent_instance;

  EngineSource *source; /* nullable once closed, or when nothing of his is used */
  int delay_ms;
  EngineBridge *bridge;       /* nullable: nothing came yet */
  GstElement *heads[N_KINDS]; /* nullable: what each kind of stream is linked to */
  GstPad *pads[N_KINDS];      /* nullable: what is linked to it */
  guint n_pads;
  Tally *tally;
};

G_DEFINE_FINAL_TYPE (GuestIntake, guest_intake, G_TYPE_OBJECT)

static guint failed_signal;

static void
tally_clear (gpointer data)
{
  Tally *tally = data;

  g_mutex_clear (&tally->lock);
  g_weak_ref_clear (&tally->intake);
}

static void
tally_release (gpointer data)
{
  g_atomic_rc_box_release_full (data, tally_clear);
}

static void
guest_intake_dispose (GObject *object)
{
  GuestIntake *self = GUEST_INTAKE (object);

  guest_intake_close (self, NULL);
  for (guint i = 0; i < N_KINDS; i++) {
    gst_clear_object (&self->heads[i]);
    gst_clear_object (&self->pads[i]);
  }
  G_OBJECT_CLASS (guest_intake_parent_class)->dispose (object);
}

static void
guest_intake_finalize (GObject *object)
{
  tally_release (GUEST_INTAKE (object)->tally);
  G_OBJECT_CLASS (guest_intake_parent_class)->finalize (object);
}

static void
guest_intake_class_init (GuestIntakeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guest_intake_dispose;
  G_OBJECT_CLASS (klass)->finalize = guest_intake_finalize;
  failed_signal = g_signal_new ("failed", GUEST_TYPE_INTAKE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
guest_intake_init (GuestIntake *self)
{
  self->tally = g_atomic_rc_box_new0 (Tally);
  g_mutex_init (&self->tally->lock);
  g_weak_ref_init (&self->tally->intake, self);
}

/**
 * guest_intake_new:
 * @source: (nullable): what his streams become; `NULL`: nothing of his is used
 * @delay_ms: from the moment a packet ought to be here to its show time
 *
 * Returns: (transfer full): an intake into which nothing has come yet
 */
GuestIntake *
guest_intake_new (EngineSource *source, int delay_ms)
{
  GuestIntake *self = g_object_new (GUEST_TYPE_INTAKE, NULL);

  self->source = source != NULL ? g_object_ref (source) : NULL;
  self->delay_ms = delay_ms;
  return self;
}

static void
fail (GuestIntake *self, int code, const char *what)
{
  g_autoptr (GError) error = g_error_new_literal (GUEST_ERROR, code, what);

  g_signal_emit (self, failed_signal, 0, error);
}

static gboolean
too_large_cb (gpointer data)
{
  fail (data, GUEST_ERROR_NOT_TAKEN, "the picture is larger than any that can be shown");
  return G_SOURCE_REMOVE;
}

static void
note_size (Tally *tally, GstCaps *caps)
{
  const GstStructure *structure = gst_caps_get_structure (caps, 0);
  int width_px = 0, height_px = 0;
  gboolean too_large = FALSE;

  if (!gst_structure_get_int (structure, "width", &width_px) ||
      !gst_structure_get_int (structure, "height", &height_px))
    return;
  too_large = width_px > MAX_WIDTH_PX || height_px > MAX_HEIGHT_PX;
  g_mutex_lock (&tally->lock);
  tally->counts.width_px = width_px;
  tally->counts.height_px = height_px;
  if (too_large && !tally->too_large) {
    GuestIntake *intake = g_weak_ref_get (&tally->intake);

    if (intake != NULL)
      g_idle_add_full (G_PRIORITY_DEFAULT, too_large_cb, intake, g_object_unref);
  }
  tally->too_large = too_large;
  g_mutex_unlock (&tally->lock);
}

/* Before the decoder: its size is in the caps, and one that is too large does not reach it. */
static GstPadProbeReturn
coded_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Tally *tally = user_data;
  gboolean too_large = FALSE;

  if ((GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) != 0) {
    GstEvent *event = gst_pad_probe_info_get_event (info);
    GstCaps *caps = NULL;

    if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
      return GST_PAD_PROBE_OK;
    gst_event_parse_caps (event, &caps);
    note_size (tally, caps);
  }
  g_mutex_lock (&tally->lock);
  too_large = tally->too_large;
  g_mutex_unlock (&tally->lock);
  return too_large ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
decoded_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Tally *tally = user_data;

  g_mutex_lock (&tally->lock);
  tally->counts.n_pictures++;
  g_mutex_unlock (&tally->lock);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
sounded_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Tally *tally = user_data;

  g_mutex_lock (&tally->lock);
  tally->counts.n_sounds++;
  g_mutex_unlock (&tally->lock);
  return GST_PAD_PROBE_OK;
}

static void
add_probe (GuestIntake *self, GstElement *element, const char *pad_name, GstPadProbeType type,
           GstPadProbeCallback callback)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);

  gst_pad_add_probe (pad, type, callback, g_atomic_rc_box_acquire (self->tally), tally_release);
}

/* The elements that @factories name, up to `NULL`, one after the other, with @sink behind them.
 * Returns: (transfer none) (nullable): the first; *@last is the one before @sink */
static GstElement *
chain (GstElement *bin, const char *const *factories, GstElement *sink, GstElement **last,
       GError **error)
{
  GstElement *first = NULL;

  *last = NULL;
  for (guint i = 0; factories[i] != NULL; i++) {
    GstElement *element = engine_make (bin, factories[i], NULL, error);

    if (element == NULL || (*last != NULL && !engine_link (*last, element, error)))
      return NULL;
    first = first != NULL ? first : element;
    *last = element;
  }
  return engine_link (*last, sink, error) ? first : NULL;
}

static GstElement *
build_picture (GuestIntake *self, GstElement *bin, const char *encoding, GError **error)
{
  static const char *const vp8[] = { "rtpvp8depay", "vp8dec", NULL };
  static const char *const h264[] = { "rtph264depay", "h264parse", "avdec_h264", NULL };
  const gboolean is_vp8 = g_str_equal (encoding, "VP8");
  GstElement *sink = engine_bridge_make_picture_sink (self->bridge, bin, error);
  GstElement *head = NULL, *decoder = NULL;

  if (sink != NULL)
    head = chain (bin, is_vp8 ? vp8 : h264, sink, &decoder, error);
  if (head == NULL)
    return NULL;
  g_object_set (head, "request-keyframe", TRUE, "wait-for-keyframe", TRUE, NULL);
  g_object_set (decoder, is_vp8 ? "threads" : "max-threads", 1, NULL);
  add_probe (self, decoder, "sink",
             GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST |
               GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
             coded_cb);
  add_probe (self, decoder, "src", GST_PAD_PROBE_TYPE_BUFFER, decoded_cb);
  return head;
}

static GstElement *
build_sound (GuestIntake *self, GstElement *bin, GError **error)
{
  static const char *const opus[] = { "rtpopusdepay", "opusdec", "audioconvert", "audioresample",
                                      NULL };
  GstElement *sink = engine_bridge_make_sound_sink (self->bridge, bin, error);
  GstElement *last = NULL;
  GstElement *head = sink != NULL ? chain (bin, opus, sink, &last, error) : NULL;
  GstIterator *all = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  if (head == NULL)
    return NULL;
  /* Before the decoder, which makes up for what is missing. */
  add_probe (self, head, "src", GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST,
             sounded_cb);
  all = gst_bin_iterate_all_by_element_factory_name (GST_BIN (bin), "opusdec");
  /* What is lost is made up for; waiting for the next packet to hold a copy of it costs 120 ms. */
  while (gst_iterator_next (all, &value) == GST_ITERATOR_OK) {
    g_object_set (g_value_get_object (&value), "plc", TRUE, "use-inband-fec", FALSE, NULL);
    g_value_reset (&value);
  }
  gst_iterator_free (all);
  return head;
}

/* The sinks come into a pipeline that plays: it is not to wait for their first buffer. */
static void
let_sinks_be (GstElement *bin)
{
  GstIterator *sinks = gst_bin_iterate_sinks (GST_BIN (bin));
  g_auto (GValue) value = G_VALUE_INIT;

  while (gst_iterator_next (sinks, &value) == GST_ITERATOR_OK) {
    g_object_set (g_value_get_object (&value), "async", FALSE, NULL);
    g_value_reset (&value);
  }
  gst_iterator_free (sinks);
}

static GstElement *
build (GuestIntake *self, GstElement *pipeline, Kind kind, const char *encoding, GError **error)
{
  g_autoptr (GstElement) bin = gst_object_ref_sink (gst_bin_new (NULL));
  GstElement *head = NULL;
  g_autoptr (GstPad) target = NULL;

  if (self->bridge == NULL)
    self->bridge = engine_source_open_remote (self->source, self->delay_ms);
  if (self->bridge == NULL) {
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_STREAM, "the guest's place is gone");
    return NULL;
  }
  head =
    kind == PICTURE ? build_picture (self, bin, encoding, error) : build_sound (self, bin, error);
  if (head == NULL)
    return NULL;
  let_sinks_be (bin);
  target = gst_element_get_static_pad (head, "sink");
  gst_element_add_pad (bin, gst_ghost_pad_new ("sink", target));
  gst_bin_add (GST_BIN (pipeline), bin);
  gst_element_sync_state_with_parent (bin);
  return gst_bin_get_by_name (GST_BIN (pipeline), GST_OBJECT_NAME (bin));
}

static void
throw_away (GstElement *pipeline, GstPad *pad)
{
  GstElement *sink = engine_make (pipeline, "fakesink", NULL, NULL); /* a core element */
  g_autoptr (GstPad) target = sink != NULL ? gst_element_get_static_pad (sink, "sink") : NULL;

  if (target == NULL)
    return;
  g_object_set (sink, "async", FALSE, "sync", FALSE, NULL);
  gst_element_sync_state_with_parent (sink);
  gst_pad_link (pad, target);
}

/* Returns: what @pad brings; %N_KINDS: nothing that is of use. *@encoding is borrowed from @caps. */
static Kind
get_kind (GstCaps *caps, const char **encoding)
{
  const GstStructure *structure =
    caps != NULL && gst_caps_get_size (caps) > 0 ? gst_caps_get_structure (caps, 0) : NULL;

  *encoding = structure != NULL ? gst_structure_get_string (structure, "encoding-name") : NULL;
  if (g_strcmp0 (*encoding, "VP8") == 0 || g_strcmp0 (*encoding, "H264") == 0)
    return PICTURE;
  return g_strcmp0 (*encoding, "OPUS") == 0 ? SOUND : N_KINDS;
}

/* A second stream of a kind takes the place of the first: he has chosen another camera. */
static void
link_pad (GuestIntake *self, GstElement *pipeline, Kind kind, GstPad *pad)
{
  g_autoptr (GstPad) target = gst_element_get_static_pad (self->heads[kind], "sink");

  if (self->pads[kind] != NULL && gst_pad_unlink (self->pads[kind], target))
    throw_away (pipeline, self->pads[kind]);
  gst_clear_object (&self->pads[kind]);
  self->pads[kind] = gst_object_ref (pad);
  gst_pad_link (pad, target);
}

/**
 * guest_intake_take_pad:
 * @self: an intake
 * @bin: the connection's pipeline, playing; its clock is the show's
 * @pad: what his stream comes out of; nothing leaves it before this returns
 */
void
guest_intake_take_pad (GuestIntake *self, GstElement *bin, GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const char *encoding = NULL;
  const Kind kind = get_kind (caps, &encoding);
  g_autoptr (GError) error = NULL;

  g_return_if_fail (GUEST_IS_INTAKE (self));

  if (++self->n_pads > MAX_PADS) {
    fail (self, GUEST_ERROR_INVALID, "more streams come in than anybody has cameras");
    return;
  }
  if (kind == N_KINDS || self->source == NULL) {
    throw_away (bin, pad);
    return;
  }
  if (self->heads[kind] == NULL)
    self->heads[kind] = build (self, bin, kind, encoding, &error);
  if (self->heads[kind] == NULL) {
    throw_away (bin, pad);
    fail (self,
          g_error_matches (error, ENGINE_ERROR, ENGINE_ERROR_MISSING_ELEMENT)
            ? GUEST_ERROR_MISSING_ELEMENT
            : GUEST_ERROR_STREAM,
          error->message);
    return;
  }
  link_pad (self, bin, kind, pad);
}

void
guest_intake_get_counts (GuestIntake *self, GuestIntakeCounts *counts)
{
  g_return_if_fail (GUEST_IS_INTAKE (self));

  g_mutex_lock (&self->tally->lock);
  *counts = self->tally->counts;
  g_mutex_unlock (&self->tally->lock);
}

/**
 * guest_intake_ask_for_picture:
 * @self: an intake
 *
 * Asks him for a picture that needs none before it, if a stream of pictures comes at all.
 */
void
guest_intake_ask_for_picture (GuestIntake *self)
{
  g_return_if_fail (GUEST_IS_INTAKE (self));

  if (self->pads[PICTURE] != NULL)
    gst_pad_send_event (self->pads[PICTURE],
                        gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE, 0));
}

/**
 * guest_intake_close:
 * @self: an intake
 * @why: (nullable): what the source is to say; `NULL`: it was wanted
 *
 * His source gets nothing any more. May be called twice.
 */
void
guest_intake_close (GuestIntake *self, const GError *why)
{
  g_return_if_fail (GUEST_IS_INTAKE (self));

  if (self->bridge != NULL && self->source != NULL)
    engine_source_close_remote (self->source, self->bridge, why);
  g_clear_object (&self->bridge);
  g_clear_object (&self->source);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-cleaner.h"
#include "engine-pipeline.h"

/* What comes out of it is so much older than the times that it bears, as measured: noise is looked
 * for in pieces that overlap; and whatever it does, it does in bands. */
#define NOISE_DELAY_NS (7 * (gint64) GST_MSECOND)
#define BANDS_DELAY_NS ((gint64) GST_MSECOND)

#define VOICE_CAPS     "audio/x-raw,format=F32LE,layout=non-interleaved,rate=48000,channels=2"

/**
 * EngineCleaner:
 *
 * Takes noise away from a source's voice, and brings it to an even loudness, by the GStreamer element
 * `webrtcdsp`. That is only in the source's pipeline while it is wanted, and can be put in and taken
 * out while sound flows. Where it is not installed, sound goes on as it comes.
 *
 * Any thread.
 */
struct _EngineCleaner {
  GObject parent_instance;

  GMutex lock; /* guards all below */
  gboolean noise_suppression;
  gboolean gain_control;
  GWeakRef entry; /* of the newest pipeline: the element before the place */
  GWeakRef exit;  /* and the one behind it */
};

/* What is in the place: from its first to its last, nothing at all if NULL. Belongs to the entry
 * element, and to whoever holds its stream back. */
typedef struct {
  GstElement *parts[4];
  gboolean noise_suppression;
  gboolean gain_control;
} Place;

G_DEFINE_FINAL_TYPE (EngineCleaner, engine_cleaner, G_TYPE_OBJECT)

static void
engine_cleaner_finalize (GObject *object)
{
  EngineCleaner *self = ENGINE_CLEANER (object);

  g_weak_ref_clear (&self->entry);
  g_weak_ref_clear (&self->exit);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (engine_cleaner_parent_class)->finalize (object);
}

static void
engine_cleaner_class_init (EngineCleanerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = engine_cleaner_finalize;
}

static void
engine_cleaner_init (EngineCleaner *self)
{
  g_mutex_init (&self->lock);
  g_weak_ref_init (&self->entry, NULL);
  g_weak_ref_init (&self->exit, NULL);
}

EngineCleaner *
engine_cleaner_new (void)
{
  return g_object_new (ENGINE_TYPE_CLEANER, NULL);
}

/**
 * engine_cleaner_is_available:
 *
 * Returns: whether voices can be cleaned on this machine
 */
gboolean
engine_cleaner_is_available (void)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find ("webrtcdsp");

  return factory != NULL;
}

static Place *
get_place (GstElement *entry)
{
  Place *place = g_object_get_data (G_OBJECT (entry), "place");

  if (place == NULL) {
    place = g_new0 (Place, 1);
    g_object_set_data_full (G_OBJECT (entry), "place", place, g_free);
  }
  return place;
}

static void
empty (Place *place)
{
  for (guint i = 0; i < G_N_ELEMENTS (place->parts); i++) {
    g_autoptr (GstObject) bin =
      place->parts[i] != NULL ? gst_element_get_parent (place->parts[i]) : NULL;

    if (bin != NULL) {
      gst_element_set_state (place->parts[i], GST_STATE_NULL);
      gst_bin_remove (GST_BIN (bin), place->parts[i]);
    }
    place->parts[i] = NULL;
  }
}

static void
set_up (Place *place)
{
  g_object_set (place->parts[2], "echo-cancel", FALSE, "high-pass-filter", FALSE,
                "noise-suppression", place->noise_suppression, "gain-control", place->gain_control,
                NULL);
  if (place->gain_control)
    gst_util_set_object_arg (G_OBJECT (place->parts[2]), "gain-control-mode", "adaptive-digital");
}

/* Fills the place between @entry and @exit. */
static gboolean
fill (Place *place, GstElement *bin, GstElement *entry, GstElement *exit, GError **error)
{
  static const char *const factories[] = { "audioconvert", "capsfilter", "webrtcdsp",
                                           "audioconvert" };
  g_autoptr (GstCaps) caps = gst_caps_from_string (VOICE_CAPS);
  g_autoptr (GstPad) pad = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (factories); i++) {
    if ((place->parts[i] = engine_make (bin, factories[i], NULL, error)) == NULL)
      return FALSE;
  }
  g_object_set (place->parts[1], "caps", caps, NULL);
  set_up (place);
  /* Lips do not wait for it. */
  pad = gst_element_get_static_pad (place->parts[3], "src");
  gst_pad_set_offset (pad, place->noise_suppression ? -NOISE_DELAY_NS : -BANDS_DELAY_NS);
  for (guint i = 0; i + 1 < G_N_ELEMENTS (factories); i++) {
    if (!engine_link (place->parts[i], place->parts[i + 1], error))
      return FALSE;
  }
  if (!engine_link (place->parts[3], exit, error) || !engine_link (entry, place->parts[0], error))
    return FALSE;
  for (guint i = G_N_ELEMENTS (factories); i-- > 0;)
    gst_element_sync_state_with_parent (place->parts[i]);
  return TRUE;
}

/* Brings the place into the state that is wanted, while nothing flows through it. */
static void
change (EngineCleaner *self, GstElement *entry, GstElement *exit)
{
  Place *place = get_place (entry);
  g_autoptr (GstObject) bin = gst_element_get_parent (entry);
  g_autoptr (GstPad) from = gst_element_get_static_pad (entry, "src");
  g_autoptr (GstPad) to = gst_pad_get_peer (from);
  g_autoptr (GError) error = NULL;
  Place wanted = { 0 };

  g_mutex_lock (&self->lock);
  wanted.noise_suppression = self->noise_suppression;
  wanted.gain_control = self->gain_control;
  g_mutex_unlock (&self->lock);
  if (bin == NULL || (to != NULL && wanted.noise_suppression == place->noise_suppression &&
                      wanted.gain_control == place->gain_control))
    return;

  if (to != NULL)
    gst_pad_unlink (from, to);
  if (place->parts[3] != NULL)
    gst_element_unlink (place->parts[3], exit);
  empty (place);
  *place = wanted;
  if (!wanted.noise_suppression && !wanted.gain_control) {
    gst_element_link (entry, exit);
  } else if (!fill (place, GST_ELEMENT (bin), entry, exit, &error)) {
    g_message ("voices are not cleaned: %s", error->message);
    empty (place);
    gst_element_link (entry, exit);
  }
}

/* What an idle probe needs. */
typedef struct {
  EngineCleaner *self;
  GstElement *entry;
  GstElement *exit;
} Change;

static void
change_free (gpointer data)
{
  Change *wanted = data;

  g_object_unref (wanted->self);
  gst_object_unref (wanted->entry);
  gst_object_unref (wanted->exit);
  g_free (wanted);
}

/* Streaming thread, or the one that asked. */
static GstPadProbeReturn
idle_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Change *wanted = user_data;

  change (wanted->self, wanted->entry, wanted->exit);
  return GST_PAD_PROBE_REMOVE;
}

/**
 * engine_cleaner_set:
 * @self: a cleaner
 * @noise_suppression: whether steady noise is taken away
 * @gain_control: whether soft voices are made louder
 *
 * Takes effect as soon as nothing is just on its way through.
 */
void
engine_cleaner_set (EngineCleaner *self, gboolean noise_suppression, gboolean gain_control)
{
  g_autoptr (GstElement) entry = NULL;
  g_autoptr (GstElement) exit = NULL;
  g_autoptr (GstPad) pad = NULL;
  Change *wanted = NULL;

  g_return_if_fail (ENGINE_IS_CLEANER (self));

  g_mutex_lock (&self->lock);
  const gboolean same =
    self->noise_suppression == noise_suppression && self->gain_control == gain_control;
  self->noise_suppression = noise_suppression;
  self->gain_control = gain_control;
  entry = g_weak_ref_get (&self->entry);
  exit = g_weak_ref_get (&self->exit);
  g_mutex_unlock (&self->lock);
  if (same || entry == NULL || exit == NULL)
    return;

  wanted = g_new0 (Change, 1);
  wanted->self = g_object_ref (self);
  wanted->entry = gst_object_ref (entry);
  wanted->exit = gst_object_ref (exit);
  pad = gst_element_get_static_pad (entry, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_IDLE, idle_cb, wanted, change_free);
}

/**
 * engine_cleaner_make:
 * @self: a cleaner
 * @bin: a pipeline, running or not
 * @exit: the sink behind it, in @bin
 *
 * Returns: (transfer none) (nullable): what a stream of raw sound is to be linked to; it leads to
 *   @exit
 */
GstElement *
engine_cleaner_make (EngineCleaner *self, GstElement *bin, GstElement *exit, GError **error)
{
  GstElement *entry = engine_make (bin, "identity", NULL, error);

  if (entry == NULL)
    return NULL;
  g_object_set (entry, "silent", TRUE, NULL);
  g_mutex_lock (&self->lock);
  g_weak_ref_set (&self->entry, entry);
  g_weak_ref_set (&self->exit, exit);
  g_mutex_unlock (&self->lock);
  change (self, entry, exit);
  gst_element_sync_state_with_parent (exit);
  return entry;
}

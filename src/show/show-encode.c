/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <sys/resource.h>

#include "show-encode.h"
#include "show-governor.h"
#include "show-plan.h"

/* What may be busy of all cores. The rest is the system's. */
#define USABLE_SHARE 0.8

/* What mixing takes at the least, in cores: before a show has begun there is little to be measured. */
#define MIXING_CORES_PER_PIXEL (0.5 / (1920.0 * 1080 * 30))

/* Overloaded for so long, and not encoded faster just now: it is. */
#define OVERLOAD_S 2
#define FASTER_S   10

/* Slow for so long, a destination among others gets a picture of its own. */
#define SLOW_S 2

/**
 * ShowEncode:
 *
 * How the program is encoded, and why: what the destinations can take, what this machine can do, and,
 * while on air, what the uplinks and the machine turn out to take. Main thread.
 */
struct _ShowEncode {
  GObject parent_instance;

  EventFile *event;
  EngineProgram *program;
  GListModel *destinations; /* of EngineOutput */
  ShowPlan *plan;
  GStrv sentences;
  gboolean active;

  ShowGovernor shared;
  ShowGovernor second;
  char *slow_title; /* nullable: who made the shared picture smaller */
  char *moved_id;   /* nullable: who got a second picture because of a slow uplink */
  char *moved_title;
  char *slow_id; /* nullable: the only one that is slow */
  guint slow_s;

  double used_cores; /* by this process in the last second */
  double cpu_s;
  gint64 cpu_us; /* when that was */
  guint overloaded_s;
  gint64 faster_us; /* when it was last encoded faster; 0: never */
};

G_DEFINE_FINAL_TYPE (ShowEncode, show_encode, G_TYPE_OBJECT)

static guint changed_signal;

static void
measure_cores (ShowEncode *self)
{
  const gint64 now_us = g_get_monotonic_time ();
  struct rusage usage;
  double cpu_s = 0;

  getrusage (RUSAGE_SELF, &usage);
  cpu_s = (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
          (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  if (self->cpu_us > 0 && now_us > self->cpu_us)
    self->used_cores = (cpu_s - self->cpu_s) * 1e6 / (double) (now_us - self->cpu_us);
  self->cpu_s = cpu_s;
  self->cpu_us = now_us;
}

/* What is free beside all that runs, and the shared encode. */
static double
get_spare_cores (ShowEncode *self)
{
  const EngineFormat *format = engine_program_get_format (self->program);
  const double mixing =
    MIXING_CORES_PER_PIXEL * format->width_px * format->height_px * format->rate_fps;
  const double usable = USABLE_SHARE * g_get_num_processors ();

  if (self->active)
    return usable - self->used_cores;
  return usable - MAX (self->used_cores, mixing) - engine_program_get_encode_cost (self->program);
}

static void
say (GPtrArray *sentences, char *sentence)
{
  g_ptr_array_add (sentences, sentence);
}

static void
say_shared (ShowEncode *self, GPtrArray *sentences)
{
  g_autofree char *now = show_plan_format_rate (self->shared.bps);
  g_autofree char *planned = show_plan_format_rate (self->shared.chosen_bps);

  if (!self->active || self->slow_title == NULL || self->shared.bps >= self->shared.chosen_bps)
    return;
  if (engine_program_get_recording_bps (self->program) > 0)
    say (sentences, g_strdup_printf (_ ("The connection to “%s” is too slow: for now the picture "
                                        "goes out at %s instead of %s. The recording is not "
                                        "affected."),
                                     self->slow_title, now, planned));
  else
    say (sentences, g_strdup_printf (_ ("The connection to “%s” is too slow: for now the picture "
                                        "goes out, and is recorded, at %s instead of %s."),
                                     self->slow_title, now, planned));
}

static void
say_second (ShowEncode *self, GPtrArray *sentences)
{
  g_autofree char *now = show_plan_format_rate (self->second.bps);
  g_autofree char *planned = show_plan_format_rate (self->second.chosen_bps);

  if (!self->active || engine_program_get_second_bps (self->program) == 0)
    return;
  if (self->moved_title != NULL)
    say (sentences, g_strdup_printf (_ ("The connection to “%s” is too slow: it gets a second "
                                        "picture, now at %s, so that the others lose nothing."),
                                     self->moved_title, now));
  else if (self->second.bps < self->second.chosen_bps)
    say (sentences,
         g_strdup_printf (_ ("A connection is too slow for the second picture: for now it "
                             "has %s instead of %s."),
                          now, planned));
}

static void
say_clean (ShowEncode *self, GPtrArray *sentences)
{
  EngineRecording *clean = engine_program_get_clean_recording (self->program);
  const guint n_dropped = engine_program_get_clean_dropped (self->program);

  if (!self->active || engine_program_get_clean_bps (self->program) == 0)
    return;
  if (engine_recording_get_state (clean) == ENGINE_RECORDING_STATE_STOPPED)
    say (sentences, g_strdup (_ ("The program without graphics is not recorded now: its disk "
                                 "cannot be written, or has less than 500 MB free.")));
  if (n_dropped > 0)
    say (sentences, g_strdup_printf (ngettext ("The recording without graphics lacks %u picture: "
                                               "this computer had no power left for it.",
                                               "The recording without graphics lacks %u pictures: "
                                               "this computer had no power left for them.",
                                               n_dropped),
                                     n_dropped));
}

/* Says it again if it has changed. */
static void
describe (ShowEncode *self)
{
  GPtrArray *sentences = g_ptr_array_new ();
  g_auto (GStrv) before = self->sentences;

  for (guint i = 0; self->plan->sentences[i] != NULL; i++)
    say (sentences, g_strdup (self->plan->sentences[i]));
  say_shared (self, sentences);
  say_second (self, sentences);
  say_clean (self, sentences);
  if (self->active && self->faster_us > 0)
    say (sentences,
         g_strdup (_ ("This computer does not keep up: the picture is encoded faster, and "
                      "not as well.")));
  g_ptr_array_add (sentences, NULL);
  self->sentences = (GStrv) g_ptr_array_free (sentences, FALSE);
  if (before == NULL ||
      !g_strv_equal ((const char *const *) before, (const char *const *) self->sentences))
    g_signal_emit (self, changed_signal, 0);
}

static ShowPlan *
make_plan (ShowEncode *self)
{
  const EventRecording *recording = event_file_get_recording (self->event);
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (ShowPlanDestination));
  ShowPlanRequest request = {
    .format = *engine_program_get_format (self->program),
    .recording_bps = recording->enabled ? recording->video_kbps * 1000 : 0,
    .clean = recording->enabled && recording->clean_program,
    .spare_cores = get_spare_cores (self),
    .encode_cores = engine_program_get_encode_cost (self->program),
  };

  for (guint i = 0; i < g_list_model_get_n_items (self->destinations); i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (self->destinations, i);
    const EventDestination *destination =
      event_file_find_destination (self->event, engine_output_get_id (output));
    ShowPlanDestination entry = { 0 };

    if (destination == NULL)
      continue;
    entry.id = destination->id;
    entry.service = show_services_find (destination->service);
    g_array_append_val (wanted, entry);
  }
  request.destinations = (const ShowPlanDestination *) wanted->data;
  request.n_destinations = wanted->len;
  return show_plan_new (&request);
}

static void
show_encode_dispose (GObject *object)
{
  ShowEncode *self = SHOW_ENCODE (object);

  g_clear_object (&self->destinations);
  g_clear_object (&self->program);
  g_clear_object (&self->event);
  G_OBJECT_CLASS (show_encode_parent_class)->dispose (object);
}

static void
show_encode_finalize (GObject *object)
{
  ShowEncode *self = SHOW_ENCODE (object);

  g_clear_pointer (&self->plan, show_plan_free);
  g_strfreev (self->sentences);
  g_free (self->slow_title);
  g_free (self->slow_id);
  g_free (self->moved_id);
  g_free (self->moved_title);
  G_OBJECT_CLASS (show_encode_parent_class)->finalize (object);
}

static void
show_encode_class_init (ShowEncodeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = show_encode_dispose;
  G_OBJECT_CLASS (klass)->finalize = show_encode_finalize;
  changed_signal = g_signal_new ("changed", SHOW_TYPE_ENCODE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
show_encode_init (ShowEncode *self)
{
}

/**
 * show_encode_new:
 * @event: the event
 * @program: its program
 * @destinations: its outputs, with the live page's; it may change while off air
 *
 * Returns: (transfer full): a plan for them, not in force
 */
ShowEncode *
show_encode_new (EventFile *event, EngineProgram *program, GListModel *destinations)
{
  ShowEncode *self = g_object_new (SHOW_TYPE_ENCODE, NULL);

  self->event = g_object_ref (event);
  self->program = g_object_ref (program);
  self->destinations = g_object_ref (destinations);
  show_encode_update (self);
  g_signal_connect_object (destinations, "items-changed", G_CALLBACK (show_encode_update), self,
                           G_CONNECT_SWAPPED);
  return self;
}

static gboolean
has_second (ShowEncode *self, EngineOutput *output)
{
  const char *id = engine_output_get_id (output);

  return g_strcmp0 (self->moved_id, id) == 0 || show_plan_has_second (self->plan, id);
}

/* A destination that came while on air may be able to take only less. */
static void
limit_shared (ShowEncode *self)
{
  const EngineFormat *format = engine_program_get_format (self->program);

  for (guint i = 0; i < g_list_model_get_n_items (self->destinations); i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (self->destinations, i);
    const EventDestination *destination =
      event_file_find_destination (self->event, engine_output_get_id (output));
    int max_kbps = 0;

    if (destination == NULL || has_second (self, output))
      continue;
    max_kbps = show_service_get_max_kbps (show_services_find (destination->service),
                                          format->height_px, format->rate_fps);
    if (max_kbps > 0 && max_kbps * 1000 < self->shared.chosen_bps)
      show_governor_set_chosen (&self->shared, max_kbps * 1000);
  }
  engine_program_set_video_bps (self->program, self->shared.bps);
}

/**
 * show_encode_update:
 * @self: an encode
 *
 * The event has changed: another plan. One that is in force stays, but for what a new destination
 * cannot take.
 */
void
show_encode_update (ShowEncode *self)
{
  g_return_if_fail (SHOW_IS_ENCODE (self));

  if (self->active) {
    limit_shared (self);
    return;
  }
  g_clear_pointer (&self->plan, show_plan_free);
  self->plan = make_plan (self);
  describe (self);
}

/**
 * show_encode_begin:
 * @self: an encode
 *
 * The program is about to be encoded: the plan comes into force. Does nothing when it is.
 */
void
show_encode_begin (ShowEncode *self)
{
  g_return_if_fail (SHOW_IS_ENCODE (self));

  if (self->active)
    return;
  show_encode_update (self);
  self->active = TRUE;
  show_governor_init (&self->shared, self->plan->video_bps);
  show_governor_init (&self->second, self->plan->second.video_bps);
  engine_program_set_rates (self->program, self->plan->video_bps, self->plan->audio_bps);
  engine_program_set_recording_bps (self->program, self->plan->recording_bps);
  engine_program_set_clean_bps (self->program, self->plan->clean_bps);
  engine_program_set_second (self->program,
                             self->plan->second_ids->len > 0 ? &self->plan->second : NULL);
  for (guint i = 0; i < g_list_model_get_n_items (self->destinations); i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (self->destinations, i);

    engine_program_set_output_second (
      self->program, output, show_plan_has_second (self->plan, engine_output_get_id (output)));
  }
}

/* The program is not encoded any more. */
void
show_encode_end (ShowEncode *self)
{
  g_return_if_fail (SHOW_IS_ENCODE (self));

  if (!self->active)
    return;
  self->active = FALSE;
  self->faster_us = 0;
  self->overloaded_s = self->slow_s = 0;
  g_clear_pointer (&self->slow_title, g_free);
  g_clear_pointer (&self->slow_id, g_free);
  g_clear_pointer (&self->moved_id, g_free);
  g_clear_pointer (&self->moved_title, g_free);
  show_encode_update (self);
}

/* What those that share a picture have to say. The only one of several that is slow, if it is so. */
static GArray *
collect (ShowEncode *self, gboolean second, EngineOutput **slow)
{
  GArray *uplinks = g_array_new (FALSE, FALSE, sizeof (EngineUplink));
  guint n_slow = 0, n_sharing = 0;

  for (guint i = 0; i < g_list_model_get_n_items (self->destinations); i++) {
    g_autoptr (EngineOutput) output = g_list_model_get_item (self->destinations, i);
    EngineUplink uplink = { 0 };

    if (engine_output_get_kind (output) == ENGINE_OUTPUT_LIVE_PAGE ||
        has_second (self, output) != second)
      continue;
    n_sharing++;
    if (!engine_output_get_uplink (output, &uplink))
      continue;
    g_array_append_val (uplinks, uplink);
    if (!show_governor_is_slow (&uplink))
      continue;
    n_slow++;
    *slow = output; /* the list has a reference */
    if (!second) {
      g_free (self->slow_title);
      self->slow_title = g_strdup (engine_output_get_title (output));
    }
  }
  if (n_slow != 1 || n_sharing < 2)
    *slow = NULL;
  return uplinks;
}

/* Whether a single slow destination may have a picture of its own: then nobody else loses anything. */
static gboolean
may_move (ShowEncode *self, EngineOutput *slow)
{
  if (slow == NULL || engine_program_get_second_bps (self->program) > 0 ||
      get_spare_cores (self) < engine_program_get_encode_cost (self->program)) {
    self->slow_s = 0;
    g_clear_pointer (&self->slow_id, g_free);
    return FALSE;
  }
  if (g_strcmp0 (self->slow_id, engine_output_get_id (slow)) != 0) {
    g_free (self->slow_id);
    self->slow_id = g_strdup (engine_output_get_id (slow));
    self->slow_s = 0;
  }
  self->slow_s++;
  return TRUE;
}

static void
move (ShowEncode *self, EngineOutput *output)
{
  EngineFormat format = *engine_program_get_format (self->program);
  EngineUplink uplink = { 0 };

  engine_output_get_uplink (output, &uplink);
  show_governor_init (&self->second, self->shared.bps);
  self->second.bps =
    MAX (self->second.floor_bps, show_governor_get_share (&uplink, self->shared.bps));
  self->second.failed_bps = self->shared.bps;
  self->second.n_failed = 1;
  format.video_bps = self->second.bps;
  format.audio_bps = self->plan->audio_bps;
  self->moved_id = g_strdup (engine_output_get_id (output));
  self->moved_title = g_strdup (engine_output_get_title (output));
  engine_program_set_second (self->program, &format);
  engine_program_set_output_second (self->program, output, TRUE);
}

static void
govern (ShowEncode *self)
{
  const gint64 now_ms = g_get_monotonic_time () / 1000;
  EngineOutput *slow = NULL, *unused = NULL;
  g_autoptr (GArray) shared = collect (self, FALSE, &slow);
  g_autoptr (GArray) second = collect (self, TRUE, &unused);

  if (may_move (self, slow)) {
    if (self->slow_s >= SLOW_S)
      move (self, slow);
  } else {
    show_governor_step (&self->shared, (const EngineUplink *) shared->data, shared->len, now_ms);
    engine_program_set_video_bps (self->program, self->shared.bps);
  }
  if (engine_program_get_second_bps (self->program) > 0) {
    show_governor_step (&self->second, (const EngineUplink *) second->data, second->len, now_ms);
    engine_program_set_second_bps (self->program, self->second.bps);
  }
}

/* Never slower again: it would be seen twice. */
static void
hurry (ShowEncode *self, gboolean overloaded)
{
  const gint64 now_us = g_get_monotonic_time ();

  self->overloaded_s = overloaded ? self->overloaded_s + 1 : 0;
  if (self->overloaded_s < OVERLOAD_S ||
      (self->faster_us > 0 && now_us - self->faster_us < FASTER_S * G_USEC_PER_SEC))
    return;
  if (engine_program_lower_preset (self->program))
    self->faster_us = now_us;
}

/**
 * show_encode_tick:
 * @self: an encode
 * @overloaded: whether frames were lost in the last second
 *
 * To be called every second.
 */
void
show_encode_tick (ShowEncode *self, gboolean overloaded)
{
  g_return_if_fail (SHOW_IS_ENCODE (self));

  measure_cores (self);
  if (!self->active)
    return;
  hurry (self, overloaded);
  govern (self);
  describe (self);
}

/**
 * show_encode_get_sentences:
 * @self: an encode
 *
 * Returns: (transfer none) (array zero-terminated=1): how the program is encoded, or will be, for the
 *   operator
 */
const char *const *
show_encode_get_sentences (ShowEncode *self)
{
  g_return_val_if_fail (SHOW_IS_ENCODE (self), NULL);

  return (const char *const *) self->sentences;
}

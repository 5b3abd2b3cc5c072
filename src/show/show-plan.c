/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "show-plan.h"

/* Who gets less than this share of what the others could have is worth an encode of their own. */
#define SECOND_SHARE 0.6

/* A second picture of fewer lines is scaled as well. */
#define SCALING_CORES 0.1

typedef struct {
  const ShowPlanDestination *destination;
  int max_bps;       /* of the picture; no more than the program's */
  gboolean limited;  /* that is less than the program's */
  gboolean too_high; /* it takes fewer lines than the program has */
  gboolean second;   /* it gets the second encode */
} Wish;

/**
 * show_plan_format_rate:
 * @bps: bits per second
 *
 * Returns: (transfer full): it for the operator, such as “4.5 Mbit/s”
 */
char *
show_plan_format_rate (int bps)
{
  const int tenths = (bps + 50000) / 100000;

  if (bps < 1000000)
    return g_strdup_printf (_ ("%d kbit/s"), (bps + 500) / 1000);
  if (tenths % 10 == 0)
    return g_strdup_printf (_ ("%d Mbit/s"), tenths / 10);
  return g_strdup_printf (_ ("%.1f Mbit/s"), tenths / 10.0);
}

static char *
format_size (const EngineFormat *format)
{
  return g_strdup_printf ("%dp%d", format->height_px, format->rate_fps);
}

static int
get_max_bps (const ShowService *service, const EngineFormat *format)
{
  const int max_kbps = show_service_get_max_kbps (service, format->height_px, format->rate_fps);

  return max_kbps > 0 ? MIN (format->video_bps, max_kbps * 1000) : format->video_bps;
}

static Wish *
make_wishes (const ShowPlanRequest *request)
{
  Wish *wishes = g_new0 (Wish, request->n_destinations + 1);

  for (guint i = 0; i < request->n_destinations; i++) {
    const ShowService *service = request->destinations[i].service;

    wishes[i].destination = &request->destinations[i];
    wishes[i].max_bps = get_max_bps (service, &request->format);
    wishes[i].limited = wishes[i].max_bps < request->format.video_bps;
    wishes[i].too_high =
      service->max_height_px > 0 && request->format.height_px > service->max_height_px;
  }
  return wishes;
}

/* Some can have much more than others, or the picture is too high for some. */
static gboolean
mark_second (const ShowPlanRequest *request, Wish *wishes)
{
  int most_bps = 0;
  guint n_second = 0;

  for (guint i = 0; i < request->n_destinations; i++)
    most_bps = MAX (most_bps, wishes[i].too_high ? 0 : wishes[i].max_bps);
  for (guint i = 0; i < request->n_destinations; i++) {
    wishes[i].second = wishes[i].too_high || wishes[i].max_bps < SECOND_SHARE * most_bps;
    n_second += wishes[i].second ? 1 : 0;
  }
  return n_second > 0;
}

static EngineFormat
make_second (const ShowPlanRequest *request, const Wish *wishes)
{
  EngineFormat second = request->format;

  for (guint i = 0; i < request->n_destinations; i++) {
    const ShowService *service = wishes[i].destination->service;

    if (wishes[i].too_high && second.height_px > service->max_height_px) {
      second.height_px = service->max_height_px / 2 * 2;
      second.width_px =
        request->format.width_px * second.height_px / request->format.height_px / 2 * 2;
    }
  }
  for (guint i = 0; i < request->n_destinations; i++) {
    if (wishes[i].second)
      second.video_bps =
        MIN (second.video_bps, get_max_bps (wishes[i].destination->service, &second));
  }
  return second;
}

static void
add (GPtrArray *sentences, char *sentence)
{
  g_ptr_array_add (sentences, sentence);
}

/* “Facebook limits the picture to 4 Mbit/s at 720p30.” */
static void
add_limits (const ShowPlanRequest *request, const Wish *wishes, const ShowPlan *plan,
            GPtrArray *sentences)
{
  g_autofree char *size = format_size (&request->format);

  for (guint i = 0; i < request->n_destinations; i++) {
    const ShowService *service = wishes[i].destination->service;
    const char *title = show_service_get_title (service);
    g_autofree char *rate = show_plan_format_rate (wishes[i].max_bps);

    if (wishes[i].limited && !wishes[i].second && wishes[i].max_bps == plan->video_bps)
      add (sentences,
           g_strdup_printf (_ ("%s limits the picture to %s at %s."), title, rate, size));
    if (service->max_audio_kbps > 0 && service->max_audio_kbps * 1000 < request->format.audio_bps &&
        service->max_audio_kbps * 1000 == plan->audio_bps)
      add (sentences, g_strdup_printf (_ ("%s limits the sound to %d kbit/s."), title,
                                       service->max_audio_kbps));
    if (service->max_rate_fps > 0 && request->format.rate_fps > service->max_rate_fps)
      add (sentences, g_strdup_printf (_ ("%s takes %d pictures a second at most, and this program "
                                          "has %d: it may be refused."),
                                       title, service->max_rate_fps, request->format.rate_fps));
    if (wishes[i].too_high && !wishes[i].second)
      add (sentences, g_strdup_printf (_ ("%s takes %d lines at most, and this program has %d: it "
                                          "may be refused."),
                                       title, service->max_height_px, request->format.height_px));
  }
}

static void
add_second (const Wish *wishes, guint n, const ShowPlan *plan, GPtrArray *sentences)
{
  g_autofree char *size = format_size (&plan->second);
  g_autofree char *rate = show_plan_format_rate (plan->second.video_bps);

  for (guint i = 0; i < n; i++) {
    if (wishes[i].second)
      add (sentences, g_strdup_printf (
                        _ ("%s gets a second picture, %s at %s, so that the others lose nothing."),
                        show_service_get_title (wishes[i].destination->service), size, rate));
  }
}

static void
add_recording (const ShowPlanRequest *request, const ShowPlan *plan, GPtrArray *sentences)
{
  g_autofree char *rate = show_plan_format_rate (request->recording_bps);

  if (plan->recording_bps > 0)
    add (sentences, g_strdup_printf (_ ("The recording has a picture of its own, at %s."), rate));
  else if (request->recording_bps > 0)
    add (sentences,
         g_strdup_printf (_ ("This computer has no power left for a recording of its own at %s: it "
                             "records what goes out."),
                          rate));
}

static void
add_clean (const ShowPlanRequest *request, const ShowPlan *plan, GPtrArray *sentences)
{
  g_autofree char *rate = show_plan_format_rate (plan->clean_bps);

  if (plan->clean_bps > 0)
    add (sentences,
         g_strdup_printf (_ ("The program without graphics is recorded, too, at %s."), rate));
  else if (request->clean)
    add (sentences, g_strdup (_ ("This computer has no power left to record the program without "
                                 "graphics, too.")));
}

static void
plan_shared (const ShowPlanRequest *request, const Wish *wishes, ShowPlan *self)
{
  self->video_bps = request->format.video_bps;
  self->audio_bps = request->format.audio_bps;
  for (guint i = 0; i < request->n_destinations; i++) {
    const int max_audio_bps = wishes[i].destination->service->max_audio_kbps * 1000;

    if (!wishes[i].second)
      self->video_bps = MIN (self->video_bps, wishes[i].max_bps);
    if (max_audio_bps > 0)
      self->audio_bps = MIN (self->audio_bps, max_audio_bps);
  }
}

/* The destinations' own encode is worth more than the recording's, and that more than another one. */
static void
plan_more (const ShowPlanRequest *request, Wish *wishes, ShowPlan *self)
{
  double spare_cores = request->spare_cores;

  if (mark_second (request, wishes)) {
    const double cores = request->encode_cores + SCALING_CORES;
    const gboolean affordable = spare_cores >= cores;

    if (affordable) {
      self->second = make_second (request, wishes);
      spare_cores -= cores;
    }
    for (guint i = 0; i < request->n_destinations; i++) {
      wishes[i].second = wishes[i].second && affordable;
      if (wishes[i].second)
        g_ptr_array_add (self->second_ids, g_strdup (wishes[i].destination->id));
    }
  }
  if (request->recording_bps > 0 && spare_cores >= request->encode_cores) {
    self->recording_bps = request->recording_bps;
    spare_cores -= request->encode_cores;
  }
  if (request->clean && spare_cores >= request->encode_cores)
    self->clean_bps = MAX (request->recording_bps, request->format.video_bps);
}

/**
 * show_plan_new:
 * @request: what is wanted
 *
 * Returns: (transfer full): what all those destinations can take, and what of it this machine can do
 */
ShowPlan *
show_plan_new (const ShowPlanRequest *request)
{
  ShowPlan *self = g_new0 (ShowPlan, 1);
  g_autofree Wish *wishes = make_wishes (request);
  GPtrArray *sentences = g_ptr_array_new ();
  g_autofree char *size = format_size (&request->format);
  g_autofree char *rate = NULL;

  self->second_ids = g_ptr_array_new_with_free_func (g_free);
  plan_more (request, wishes, self);
  plan_shared (request, wishes, self);
  self->second.audio_bps = self->audio_bps;
  rate = show_plan_format_rate (self->video_bps);
  add (sentences, g_strdup_printf (_ ("The picture goes out as %s at %s."), size, rate));
  add_limits (request, wishes, self, sentences);
  add_second (wishes, request->n_destinations, self, sentences);
  add_recording (request, self, sentences);
  add_clean (request, self, sentences);
  g_ptr_array_add (sentences, NULL);
  self->sentences = (GStrv) g_ptr_array_free (sentences, FALSE);
  return self;
}

void
show_plan_free (ShowPlan *self)
{
  g_ptr_array_unref (self->second_ids);
  g_strfreev (self->sentences);
  g_free (self);
}

/**
 * show_plan_has_second:
 * @self: a plan
 * @id: a destination
 *
 * Returns: whether it gets the second encode
 */
gboolean
show_plan_has_second (const ShowPlan *self, const char *id)
{
  return g_ptr_array_find_with_equal_func (self->second_ids, id, g_str_equal, NULL);
}

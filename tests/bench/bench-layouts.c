/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-painter.h"
#include "engine-treatment.h"

#include <gst/app/gstappsrc.h>
#include <locale.h>
#include <time.h>

/* What a frame of the program costs in each layout, for each source more, in each transition, and
 * what the settings of a picture cost; beside GStreamer's own compositor, videoflip and videobalance
 * doing the same in the same run. Processor time, in milliseconds for one frame of 1080p. */

#define WIDTH    1920
#define HEIGHT   1080
#define RATE     30
#define N_FRAMES 60

typedef struct {
  const char *name;
  EngineLayout layout;
  guint n_sources;
} Shot;

static const Shot shots[] = {
  { "full", ENGINE_LAYOUT_FULL, 1 },
  { "side by side", ENGINE_LAYOUT_SIDE_BY_SIDE, 2 },
  { "picture in picture", ENGINE_LAYOUT_PICTURE_IN_PICTURE, 2 },
  { "slides and speaker", ENGINE_LAYOUT_SLIDES_AND_SPEAKER, 2 },
  { "slides and two", ENGINE_LAYOUT_SLIDES_AND_TWO, 3 },
  { "everyone, 2", ENGINE_LAYOUT_EVERYONE, 2 },
  { "everyone, 3", ENGINE_LAYOUT_EVERYONE, 3 },
  { "everyone, 4", ENGINE_LAYOUT_EVERYONE, 4 },
};

static GstVideoInfo program;
static EngineSlot *slots[ENGINE_LAYOUT_MAX_PLACES];
static EnginePicture *pictures[ENGINE_LAYOUT_MAX_PLACES];

static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* Noise, so that nothing is cheaper than it would be with a camera. */
static EnginePicture *
make_picture (guint seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, program.size, NULL);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gsize i = 0; i + 4 <= map.size; i += 4)
    *(guint32 *) (map.data + i) = g_rand_int (rand);
  gst_buffer_unmap (buffer, &map);
  return engine_picture_new (buffer, &program, 0);
}

static EngineScene *
make_scene (const Shot *shot, guint first)
{
  EngineSlot *chosen[ENGINE_LAYOUT_MAX_PLACES] = { NULL };

  for (guint i = 0; i < shot->n_sources; i++)
    chosen[i] = slots[(first + i) % G_N_ELEMENTS (slots)];
  return engine_scene_new (shot->layout, ENGINE_CORNER_TOP_RIGHT, chosen, shot->n_sources, NULL);
}

/* @before: (nullable): what a transition comes from */
static double
measure_ours (const Shot *shot, const Shot *before, EngineTransition transition)
{
  g_autoptr (EnginePainter) painter = engine_painter_new (&program);
  g_autoptr (EngineScene) scene = make_scene (shot, 0);
  g_autoptr (EngineScene) from = before != NULL ? make_scene (before, 1) : NULL;
  double start_ms = 0;

  for (guint n = 0; n <= N_FRAMES; n++) {
    EnginePaintPlan plan = { .scene = engine_scene_ref (scene), .transition = transition };
    g_autoptr (GstBuffer) frame = NULL;

    if (from != NULL) {
      plan.from = engine_scene_ref (from);
      plan.begins = n == 0;
      plan.progress = (n + 1.0) / (N_FRAMES + 2);
    }
    frame = engine_painter_paint (painter, &plan, n * (gint64) GST_SECOND / RATE);
    engine_paint_plan_clear (&plan);
    if (n == 0)
      start_ms = get_cpu_ms ();
  }
  return (get_cpu_ms () - start_ms) / N_FRAMES;
}

/* Feeds the same picture N_FRAMES times into each appsrc of a pipeline and runs it to its end. */
static double
run_pipeline (const char *description)
{
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GstCaps) caps = gst_video_info_to_caps (&program);
  const double start_ms = get_cpu_ms ();

  if (pipeline == NULL)
    return -1;
  bus = gst_element_get_bus (pipeline);
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++) {
    g_autofree char *name = g_strdup_printf ("source%u", i);
    g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (pipeline), name);

    if (source == NULL)
      continue;
    g_object_set (source, "caps", caps, "format", GST_FORMAT_TIME, "max-bytes",
                  G_GUINT64_CONSTANT (0), NULL);
    for (guint n = 0; n < N_FRAMES; n++) {
      GstBuffer *buffer = gst_buffer_copy (pictures[i]->buffer);

      GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (n, GST_SECOND, RATE);
      GST_BUFFER_DURATION (buffer) = GST_SECOND / RATE;
      gst_app_src_push_buffer (GST_APP_SRC (source), buffer);
    }
    gst_app_src_end_of_stream (GST_APP_SRC (source));
  }
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return message != NULL && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS
           ? (get_cpu_ms () - start_ms) / N_FRAMES
           : -1;
}

static void
add_pads (GString *text, const Shot *shot, guint *n_pads, double alpha)
{
  const EngineSize size = { WIDTH, HEIGHT };
  const EngineSize sizes[] = { size, size, size, size };
  EngineRect rects[ENGINE_LAYOUT_MAX_PLACES];

  engine_layout_arrange (shot->layout, ENGINE_CORNER_TOP_RIGHT, sizes, shot->n_sources, size,
                         rects);
  for (guint i = 0; i < shot->n_sources; i++) {
    g_string_append_printf (
      text,
      "sink_%u::xpos=%d sink_%u::ypos=%d sink_%u::width=%d sink_%u::height=%d "
      "sink_%u::alpha=%f ",
      *n_pads, rects[i].x, *n_pads, rects[i].y, *n_pads, rects[i].width, *n_pads, rects[i].height,
      *n_pads, alpha);
    (*n_pads)++;
  }
}

static double
measure_compositor (const Shot *shot, const Shot *before)
{
  g_autoptr (GString) text = g_string_new ("compositor name=c background=black ");
  guint n_pads = 0;

  if (before != NULL)
    add_pads (text, before, &n_pads, 1);
  add_pads (text, shot, &n_pads, before != NULL ? 0.5 : 1);
  g_string_append (text, "! video/x-raw,format=I420,width=1920,height=1080 ! fakesink sync=false ");
  for (guint i = 0; i < n_pads; i++)
    g_string_append_printf (text, "appsrc name=source%u ! c.sink_%u ", i, i);
  return run_pipeline (text->str);
}

static void
print_row (const char *name, double ours_ms, double theirs_ms)
{
  if (theirs_ms > 0)
    g_print ("%-34s %7.2f ms %10.2f ms %7.2f\n", name, ours_ms, theirs_ms, ours_ms / theirs_ms);
  else
    g_print ("%-34s %7.2f ms\n", name, ours_ms);
}

static void
bench_layouts (void)
{
  double ours_ms[G_N_ELEMENTS (shots)] = { 0 }, theirs_ms[G_N_ELEMENTS (shots)] = { 0 };

  g_print ("%-34s %10s %13s %7s\n", "layout", "Régie", "compositor", "ratio");
  for (guint i = 0; i < G_N_ELEMENTS (shots); i++) {
    ours_ms[i] = measure_ours (&shots[i], NULL, ENGINE_TRANSITION_CUT);
    theirs_ms[i] = measure_compositor (&shots[i], NULL);
    print_row (shots[i].name, ours_ms[i], theirs_ms[i]);
  }
  print_row ("each source more, of everyone", (ours_ms[7] - ours_ms[5]) / 2,
             (theirs_ms[7] - theirs_ms[5]) / 2);
}

static void
bench_transitions (void)
{
  const Shot *full = &shots[0], *side = &shots[1], *corner = &shots[2];

  g_print ("\n%-34s %10s %13s %7s\n", "transition", "Régie", "compositor", "ratio");
  print_row ("fade, full to full", measure_ours (full, full, ENGINE_TRANSITION_FADE),
             measure_compositor (full, full));
  print_row ("fade, corner to side by side", measure_ours (side, corner, ENGINE_TRANSITION_FADE),
             measure_compositor (side, corner));
  print_row ("move, corner to side by side", measure_ours (side, corner, ENGINE_TRANSITION_MOVE),
             -1);
  print_row ("move, slides and two to everyone",
             measure_ours (&shots[7], &shots[4], ENGINE_TRANSITION_MOVE), -1);
}

static double
measure_treatment (const EnginePictureSettings *settings)
{
  g_autoptr (EngineTreatment) treatment = engine_treatment_new (settings);
  double start_ms = 0;

  for (guint n = 0; n <= N_FRAMES; n++) {
    g_autoptr (EnginePicture) treated =
      engine_treatment_apply (treatment, pictures[0]->buffer, &program, 0);

    if (n == 0)
      start_ms = get_cpu_ms ();
  }
  return (get_cpu_ms () - start_ms) / N_FRAMES;
}

static void
bench_treatments (void)
{
  EnginePictureSettings neutral = ENGINE_PICTURE_SETTINGS_NEUTRAL, zoom = neutral, mirror = neutral;
  EnginePictureSettings turned = neutral, contrast = neutral, warm = neutral;

  zoom.zoom = 2;
  mirror.mirror = TRUE;
  turned.rotate_deg = 90;
  contrast.contrast = 1.2;
  contrast.saturation = 1.2;
  warm.temperature = 0.3;
  g_print ("\n%-34s %10s %13s %7s\n", "picture settings", "Régie", "GStreamer's", "ratio");
  print_row ("neutral", measure_treatment (&neutral), -1);
  print_row ("zoomed and cropped", measure_treatment (&zoom), -1);
  print_row ("mirrored", measure_treatment (&mirror),
             run_pipeline ("appsrc name=source0 ! videoflip video-direction=horiz ! fakesink"));
  print_row ("turned by 90°", measure_treatment (&turned),
             run_pipeline ("appsrc name=source0 ! videoflip video-direction=90r ! fakesink"));
  print_row ("contrast and saturation", measure_treatment (&contrast),
             run_pipeline (
               "appsrc name=source0 ! videobalance contrast=1.2 saturation=1.2 ! fakesink"));
  print_row ("temperature", measure_treatment (&warm), -1);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  gst_init (&argc, &argv);
  gst_video_info_set_format (&program, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  program.fps_n = RATE;
  program.fps_d = 1;
  gst_video_colorimetry_from_string (&program.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++) {
    g_autoptr (EnginePicture) due = NULL;

    pictures[i] = make_picture (i);
    slots[i] = engine_slot_new (RATE);
    engine_slot_set_still (slots[i], TRUE);
    engine_slot_push_picture (slots[i], pictures[i]->buffer, &pictures[i]->info, 0);
    due = engine_slot_pull_picture (slots[i], 0);
  }
  bench_layouts ();
  bench_transitions ();
  bench_treatments ();
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++) {
    engine_picture_unref (pictures[i]);
    g_object_unref (slots[i]);
  }
  return 0;
}

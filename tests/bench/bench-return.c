/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-pipeline.h"
#include "engine-return-rung.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <sys/resource.h>
#include <unistd.h>

/* What the return picture costs, in percent of a core: each size of it, made of the program's frames as they
 * come, 30 a second; once for all guests. Beside it GStreamer's videoconvertscale and vp8enc with the same
 * settings, and ffmpeg's scale and libvpx, at the same pace; what reading their pictures costs is taken off theirs. */

#define RATE     30
#define N_FRAMES (3 * RATE)
#define WARM_UP  15
#define FRAME_NS ((gint64) GST_SECOND / RATE)

typedef struct {
  int width_px;
  int height_px;
} Program;

typedef struct {
  EngineReturnStep step;
  int width_px;
  int height_px;
  int rate_fps;
  int bps;
} Wanted;

static double
get_cpu_ms (int who)
{
  struct rusage usage;

  getrusage (who, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

/* A picture with edges and flat parts that moves, and a little noise, as a camera has. */
static GstBuffer *
draw (const GstVideoInfo *info, guint nth, GRand *rand)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, info->size, NULL);
  const int width = GST_VIDEO_INFO_WIDTH (info), height = GST_VIDEO_INFO_HEIGHT (info);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      const int far = (x + (int) nth * 3) / 40 % 2 == (y + (int) nth) / 40 % 2 ? 60 : 150;

      map.data[y * width + x] = (guint8) (far + x * 60 / width + (int) (g_rand_int (rand) & 7));
    }
  }
  for (gsize i = (gsize) width * (gsize) height; i < map.size; i++)
    map.data[i] = (guint8) (118 + i * 20 / map.size);
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

static GPtrArray *
draw_all (const GstVideoInfo *info)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  GPtrArray *frames = g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);

  for (guint i = 0; i < N_FRAMES; i++)
    g_ptr_array_add (frames, draw (info, i, rand));
  return frames;
}

static char *
write_all (GPtrArray *frames)
{
  char *path = NULL;
  const int fd = g_file_open_tmp ("regie-bench-XXXXXX.yuv", &path, NULL);

  for (guint i = 0; i < frames->len; i++) {
    GstMapInfo map;

    gst_buffer_map (frames->pdata[i], &map, GST_MAP_READ);
    if (write (fd, map.data, map.size) != (gssize) map.size)
      g_error ("no room for the pictures");
    gst_buffer_unmap (frames->pdata[i], &map);
  }
  close (fd);
  return path;
}

typedef struct {
  gint n;    /* atomic */
  gint size; /* atomic */
} Count;

static void
count_cb (EngineReturnRung *rung, GstBuffer *frame, gpointer user_data)
{
  Count *count = user_data;

  g_atomic_int_inc (&count->n);
  g_atomic_int_add (&count->size, (gint) gst_buffer_get_size (frame));
}

static void
push (EngineReturnRung *rung, GPtrArray *frames, guint nth, gint64 start_us)
{
  g_autoptr (GstBuffer) frame = gst_buffer_copy (frames->pdata[nth % N_FRAMES]);
  const gint64 due_us = start_us + (gint64) nth * G_USEC_PER_SEC / RATE;

  while (g_get_monotonic_time () < due_us) {
    while (g_main_context_iteration (NULL, FALSE))
      ;
    g_usleep ((gulong) CLAMP (due_us - g_get_monotonic_time (), 0, 5000));
  }
  GST_BUFFER_PTS (frame) = (GstClockTime) (nth * FRAME_NS);
  engine_return_rung_push (rung, frame);
}

static double
measure_ours (const GstVideoInfo *info, GPtrArray *frames, const Wanted *wanted, Count *count)
{
  g_autoptr (EngineClock) clock = engine_clock_new ();
  g_autoptr (EngineReturnRung) rung = engine_return_rung_new (clock, info, NULL, wanted->step);
  const gint64 start_us = g_get_monotonic_time ();
  double before_ms = 0;

  engine_return_rung_set_bps (rung, wanted->bps);
  engine_return_rung_start (rung, count_cb, count);
  for (guint i = 0; i < WARM_UP; i++)
    push (rung, frames, i, start_us);
  *count = (Count){ 0 };
  before_ms = get_cpu_ms (RUSAGE_SELF);
  for (guint i = WARM_UP; i < WARM_UP + N_FRAMES; i++)
    push (rung, frames, i, start_us);
  g_usleep (100000);
  before_ms = get_cpu_ms (RUSAGE_SELF) - before_ms;
  engine_return_rung_stop (rung);
  engine_pipeline_wait_for_stopped (10 * G_USEC_PER_SEC);
  return before_ms / (N_FRAMES * 10.0 / RATE);
}

/* Runs a shell's command; returns what it took in percent of a core, or −1 when that is not installed. */
static double
measure_command (const char *command)
{
  const double before_ms = get_cpu_ms (RUSAGE_CHILDREN);
  const char *const argv[] = { "/bin/sh", "-c", command, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;

  if (!g_spawn_sync (NULL, (char **) argv, NULL,
                     G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                     NULL, &status, &error) ||
      !g_spawn_check_wait_status (status, &error))
    return -1;
  return (get_cpu_ms (RUSAGE_CHILDREN) - before_ms) / (N_FRAMES * 10.0 / RATE);
}

static double
measure_gstreamer (const char *path, const Program *program, const Wanted *wanted)
{
  g_autofree char *read = g_strdup_printf (
    "gst-launch-1.0 -q filesrc location=%s blocksize=%d ! rawvideoparse format=i420 width=%d "
    "height=%d framerate=30/1 colorimetry=bt709 ! clocksync ! ",
    path, program->width_px * program->height_px * 3 / 2, program->width_px, program->height_px);
  g_autofree char *bare = g_strconcat (read, "fakesink", NULL);
  g_autofree char *all = g_strdup_printf (
    "%svideorate drop-only=true ! video/x-raw,framerate=%d/1 ! videoconvertscale n-threads=1 ! "
    "video/x-raw,width=%d,height=%d ! vp8enc deadline=1 cpu-used=16 threads=1 end-usage=cbr "
    "target-bitrate=%d lag-in-frames=0 keyframe-max-dist=3000 undershoot=95 overshoot=15 "
    "buffer-size=600 buffer-initial-size=300 buffer-optimal-size=500 min-quantizer=4 "
    "max-quantizer=63 static-threshold=1 ! fakesink",
    read, wanted->rate_fps, wanted->width_px, wanted->height_px, wanted->bps);
  const double bare_percent = measure_command (bare), percent = measure_command (all);

  return bare_percent < 0 || percent < 0 ? -1 : percent - bare_percent;
}

static double
measure_ffmpeg (const char *path, const Program *program, const Wanted *wanted)
{
  g_autofree char *read = g_strdup_printf (
    "ffmpeg -v error -nostdin -re -threads 1 -f rawvideo -pix_fmt yuv420p -s %dx%d "
    "-r 30 -i %s -threads 1 ",
    program->width_px, program->height_px, path);
  g_autofree char *bare = g_strconcat (read, "-f null -", NULL);
  g_autofree char *all = g_strdup_printf (
    "%s-r %d -vf scale=%d:%d:flags=bilinear -c:v libvpx -deadline realtime -cpu-used 16 -b:v %d "
    "-minrate %d -maxrate %d -bufsize %d -lag-in-frames 0 -g 3000 -f null -",
    read, wanted->rate_fps, wanted->width_px, wanted->height_px, wanted->bps, wanted->bps,
    wanted->bps, wanted->bps);
  const double bare_percent = measure_command (bare), percent = measure_command (all);

  return bare_percent < 0 || percent < 0 ? -1 : percent - bare_percent;
}

static void
print_other (const char *name, double percent, double ours)
{
  if (percent < 0)
    g_print ("  %s is not installed", name);
  else
    g_print ("  %s %.1f %% (ratio %.2f)", name, percent, percent / ours);
}

static void
run (const Program *program)
{
  static const Wanted all[] = { { ENGINE_RETURN_LARGE, 960, 540, 30, 1200000 },
                                { ENGINE_RETURN_MIDDLE, 640, 360, 30, 600000 },
                                { ENGINE_RETURN_SMALL, 320, 180, 30, 200000 },
                                { ENGINE_RETURN_LEAST, 320, 180, 15, 120000 } };
  g_autoptr (GPtrArray) frames = NULL;
  g_autofree char *path = NULL;
  GstVideoInfo info;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, (guint) program->width_px,
                             (guint) program->height_px);
  gst_video_colorimetry_from_string (&info.colorimetry, GST_VIDEO_COLORIMETRY_BT709);
  info.fps_n = RATE;
  frames = draw_all (&info);
  path = write_all (frames);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    Count count = { 0 };
    const double ours = measure_ours (&info, frames, &all[i], &count);

    g_print ("%d×%d → %d×%d at %d fps: Régie %.1f %% of a core, %d pictures, %d kbit/s",
             program->width_px, program->height_px, all[i].width_px, all[i].height_px,
             all[i].rate_fps, ours, count.n, count.size * 8 / (N_FRAMES / RATE) / 1000);
    print_other ("GStreamer", measure_gstreamer (path, program, &all[i]), ours);
    print_other ("ffmpeg", measure_ffmpeg (path, program, &all[i]), ours);
    g_print ("\n");
  }
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  static const Program programs[] = { { 1280, 720 }, { 1920, 1080 } };

  setlocale (LC_ALL, "");
  gst_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    run (&programs[i]);
  return 0;
}

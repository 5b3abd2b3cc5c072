/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-mix.h"

#include <locale.h>
#include <math.h>
#include <sys/resource.h>

/* What the sound costs, in milliseconds of processor for each second of program: every source with
 * low cut, compressor and pan, then limiter, loudness and meters, and for each source a return
 * without itself. Beside it GStreamer's audiomixer and ffmpeg's amix doing less: without returns,
 * and GStreamer's without loudness as well. What their test sounds cost is taken off theirs. */

#define SECONDS 60
#define BLOCK   ENGINE_AUDIO_BLOCK_FRAMES
#define RATE    ENGINE_SAMPLE_RATE_HZ

static void
drop_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
}

static double
get_cpu_ms (int who)
{
  struct rusage usage;

  getrusage (who, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

static void
push_second (EngineSlot *slot, guint nth, guint second, float *samples)
{
  for (guint i = 0; i < RATE; i++)
    samples[i * 2] = samples[i * 2 + 1] =
      0.4f * (float) sin (2 * G_PI * (200 + 37 * nth) * (double) i / RATE);
  engine_slot_push_sound (slot, samples, RATE, second * (gint64) GST_SECOND + 1000);
}

static double
measure_ours (guint n_sources)
{
  g_autofree float *samples = g_new (float, RATE * 2);
  g_autoptr (GPtrArray) inputs =
    g_ptr_array_new_with_free_func ((GDestroyNotify) engine_input_unref);
  g_autoptr (GPtrArray) buses = g_ptr_array_new_with_free_func (g_object_unref);
  double spent_ms = 0;
  EngineMix mix;

  engine_mix_init (&mix);
  mix.now = (EngineMixWish){
    .inputs = inputs, .buses = buses, .match = TRUE, .func = drop_cb, .listener = drop_cb
  };
  for (guint i = 0; i < n_sources; i++) {
    g_autoptr (EngineSlot) slot = engine_slot_new (30);
    EngineInput *input = engine_input_new (slot);
    EngineBus *bus = engine_bus_new (slot);

    input->now.settings =
      (EngineSoundSettings){ .pan = 0.2, .low_cut = TRUE, .compressor = TRUE, .delay_ms = 20 };
    engine_bus_set_consumer (bus, drop_cb, NULL);
    g_ptr_array_add (inputs, input);
    g_ptr_array_add (buses, bus);
  }
  for (guint second = 0; second < SECONDS; second++) {
    for (guint i = 0; i < n_sources; i++)
      push_second (((EngineInput *) inputs->pdata[i])->slot, i, second, samples);
    const double before_ms = get_cpu_ms (RUSAGE_SELF);
    for (guint block = 0; block < 100; block++)
      engine_mix_run (&mix, (gint64) (second * 100 + block) * BLOCK);
    spent_ms += get_cpu_ms (RUSAGE_SELF) - before_ms;
  }
  engine_mix_clear (&mix);
  return spent_ms / SECONDS;
}

/* Runs a shell's command; returns what it took, or −1 when that is not installed. */
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
  return (get_cpu_ms (RUSAGE_CHILDREN) - before_ms) / SECONDS;
}

#define GST_TONE                                                    \
  " audiotestsrc num-buffers=%d samplesperbuffer=480 volume=0.4 ! " \
  "audio/x-raw,format=F32LE,rate=48000,channels=2 !"

static double
measure_gstreamer (guint n_sources, gboolean mixing)
{
  g_autoptr (GString) command = g_string_new ("gst-launch-1.0 -q");

  if (mixing)
    g_string_append (command, " audiomixer name=mix ! rglimiter ! fakesink");
  for (guint i = 0; i < n_sources; i++) {
    g_string_append_printf (command, GST_TONE, SECONDS * 100);
    g_string_append (command, mixing ? " audiocheblimit mode=high-pass cutoff=90 poles=2 ! "
                                       "audiodynamic threshold=0.1 ratio=0.33 ! "
                                       "audiopanorama panorama=0.2 ! mix."
                                     : " fakesink");
  }
  return measure_command (command->str);
}

static double
measure_ffmpeg (guint n_sources, gboolean mixing)
{
  g_autoptr (GString) command = g_string_new ("ffmpeg -v error -nostdin");
  g_autoptr (GString) filter = g_string_new (NULL);

  for (guint i = 0; i < n_sources; i++) {
    g_string_append_printf (
      command, " -f lavfi -i 'aevalsrc=0.4*sin(2*PI*%u*t)|0.4*sin(2*PI*%u*t):s=48000:d=%d'",
      200 + 37 * i, 200 + 37 * i, SECONDS);
    g_string_append_printf (filter,
                            "[%u:a]highpass=f=90,acompressor,stereotools=balance_out=0.2[s%u];", i,
                            i);
  }
  for (guint i = 0; mixing && i < n_sources; i++)
    g_string_append_printf (filter, "[s%u]", i);
  g_string_append_printf (filter,
                          "amix=inputs=%u:normalize=0,alimiter=limit=0.88,ebur128=peak=true[out]",
                          n_sources);
  if (mixing)
    g_string_append_printf (command, " -filter_complex '%s' -map '[out]' -f null -", filter->str);
  for (guint i = 0; !mixing && i < n_sources; i++)
    g_string_append_printf (command, " -map %u:a -f null -", i);
  return measure_command (command->str);
}

static void
print_other (const char *name, double with_ms, double tones_ms, double ours_ms)
{
  if (with_ms < 0 || tones_ms < 0)
    g_print ("  %s is not installed", name);
  else
    g_print ("  %s %.2f ms (ratio %.2f)", name, with_ms - tones_ms, (with_ms - tones_ms) / ours_ms);
}

int
main (int argc, char **argv)
{
  static const guint n_sources[] = { 1, 4, 16 };

  setlocale (LC_ALL, "");
  gst_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (n_sources); i++) {
    const double ours_ms = measure_ours (n_sources[i]);

    g_print ("%2u sources: Régie %.2f ms of processor a second", n_sources[i], ours_ms);
    print_other ("audiomixer", measure_gstreamer (n_sources[i], TRUE),
                 measure_gstreamer (n_sources[i], FALSE), ours_ms);
    print_other ("amix", measure_ffmpeg (n_sources[i], TRUE), measure_ffmpeg (n_sources[i], FALSE),
                 ours_ms);
    g_print ("\n");
  }
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-init.h"
#include "engine-testing-tone.h"
#include "engine-testing.h"
#include "guest-testing-browser.h"
#include "guest-warm-up.h"

#include <stdio.h>
#include <string.h>

#define SECOND     48000u
#define TONE_A     1000
#define N_WARM_UPS 4
#define N_JOINS    40
#define TONE_B     1700

static const EngineFormat format = { 640, 360, 30, 800000, 64000 };

/* One guest: his place, his connection, his browser. */
typedef struct {
  EngineSource *source;
  EngineBus *bus;
  GuestPeer *peer;
  GuestTestingBrowser *browser;
  gboolean connected;
  gboolean offered;
  guint n_health;
  GError *error; /* nullable */
  guint n_wanted;
} Guest;

typedef struct {
  EngineProgram *program;
  Guest a, b;
  GMutex lock;
  GArray *program_sound; /* of float, left */
  EngineBus *all;
} Fixture;

/* A tone of somebody else's clock, which is brought into step by some thousandths of its speed. */
static double
find_tone_db (const float *samples, double hz)
{
  double loudest_db = -200;

  for (double off_hz = -8; off_hz <= 8; off_hz++)
    loudest_db = MAX (loudest_db, engine_testing_tone_db (samples, SECOND, hz + off_hz));
  return loudest_db;
}

static void
block_cb (const float *samples, gint64 time_ns, gpointer user_data)
{
  Fixture *self = user_data;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < ENGINE_AUDIO_BLOCK_FRAMES; i++)
    g_array_append_val (self->program_sound, samples[i * 2]);
  g_mutex_unlock (&self->lock);
}

static void
connected_cb (GuestPeer *peer, Guest *guest)
{
  g_assert_false (guest->connected);
  guest->connected = TRUE;
}

static void
failed_cb (GuestPeer *peer, const GError *error, Guest *guest)
{
  g_assert_null (guest->error);
  guest->error = g_error_copy (error);
}

static void
health_cb (GuestPeer *peer, Guest *guest)
{
  guest->n_health++;
}

static void
make_place (Fixture *self, Guest *guest, const char *id)
{
  const EngineSourceConfig config = { .id = id,
                                      .title = id,
                                      .kind = ENGINE_SOURCE_REMOTE,
                                      .colour = "#c01c28",
                                      .delay_ms = -1,
                                      .lost_sentence = "Back in a moment" };

  guest->source = engine_program_add_source (self->program, &config);
  guest->bus = engine_program_add_bus (self->program, guest->source);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_mutex_init (&self->lock);
  self->program_sound = g_array_new (FALSE, FALSE, sizeof (float));
  self->program = engine_program_new (&format);
  engine_program_start (self->program);
  make_place (self, &self->a, "anna");
  make_place (self, &self->b, "bruno");
}

static void
hang_up (Guest *guest)
{
  if (guest->peer != NULL)
    guest_peer_close (guest->peer);
  g_clear_pointer (&guest->browser, guest_testing_browser_free);
  if (guest->peer != NULL)
    engine_testing_assert_finalizes (g_steal_pointer (&guest->peer));
  g_clear_error (&guest->error);
  guest->connected = guest->offered = FALSE;
  guest->n_health = 0;
}

static void
clear_place (Fixture *self, Guest *guest)
{
  hang_up (guest);
  engine_program_remove_bus (self->program, guest->bus);
  g_clear_object (&guest->bus);
  engine_program_remove_source (self->program, guest->source);
  guest->source = NULL;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->all != NULL) {
    engine_bus_set_consumer (self->all, NULL, NULL);
    engine_program_remove_bus (self->program, self->all);
    g_clear_object (&self->all);
  }
  clear_place (self, &self->a);
  clear_place (self, &self->b);
  engine_program_stop (self->program);
  engine_program_wait_for_stopped (10 * G_USEC_PER_SEC);
  engine_testing_assert_finalizes (self->program);
  g_array_unref (self->program_sound);
  g_mutex_clear (&self->lock);
}

static void
make_peer (Fixture *self, Guest *guest, gboolean with_return)
{
  const GuestPeerConfig config = { .program = self->program,
                                   .source = guest->source,
                                   .bus = with_return ? guest->bus : NULL,
                                   .sends_picture_back = with_return };

  guest->peer = guest_peer_new (&config, NULL);
  g_signal_connect (guest->peer, "connected", G_CALLBACK (connected_cb), guest);
  g_signal_connect (guest->peer, "failed", G_CALLBACK (failed_cb), guest);
  g_signal_connect (guest->peer, "health-changed", G_CALLBACK (health_cb), guest);
}

static void
join (Fixture *self, Guest *guest, guint tone_hz)
{
  g_autoptr (GError) error = NULL;

  make_peer (self, guest, TRUE);
  guest->browser = guest_testing_browser_new (guest->peer, tone_hz);
  guest_peer_offer (guest->peer, &error);
  g_assert_no_error (error);
}

static gboolean
is_there (gpointer data)
{
  Guest *guest = data;

  g_assert_no_error (guest->error);
  return guest->connected && engine_source_get_has_picture (guest->source) &&
         engine_source_get_has_sound (guest->source) &&
         engine_source_get_state (guest->source) == ENGINE_SOURCE_STATE_LIVE;
}

static gboolean
has_failed (gpointer data)
{
  return ((Guest *) data)->error != NULL;
}

static gboolean
has_new_health (gpointer data)
{
  return ((Guest *) data)->n_health >= ((Guest *) data)->n_wanted;
}

static void
offered_cb (GuestPeer *peer, const char *sdp, Guest *guest)
{
  guest->offered = TRUE;
}

static gboolean
is_offered (gpointer data)
{
  return ((Guest *) data)->offered;
}

static gboolean
has_health (gpointer data)
{
  Guest *guest = data;
  GuestHealth health;

  guest_peer_get_health (guest->peer, &health);
  return guest->n_health >= guest->n_wanted && health.known_way && health.rtt_ms >= 0 &&
         health.rate_fps > 15;
}

static double
get_tone_db (Guest *guest, double hz)
{
  float second[SECOND];

  g_assert_true (guest_testing_browser_hear (guest->browser, second));
  return find_tone_db (second, hz);
}

static gboolean
hears (gpointer data)
{
  float second[SECOND];

  return guest_testing_browser_hear (((Guest *) data)->browser, second);
}

static gboolean
sees (gpointer data)
{
  Guest *guest = data;

  g_assert_no_error (guest->error);
  return guest_testing_browser_count_pictures (guest->browser) >= guest->n_wanted;
}

static gboolean
is_skipped (void)
{
  if (guest_testing_has_network ())
    return FALSE;
  g_test_skip ("there is no network but the loopback, where WebRTC finds no address");
  return TRUE;
}

static void
check_program (Fixture *self)
{
  double a_db = 0, b_db = 0;

  self->all = engine_program_add_bus (self->program, NULL);
  engine_bus_set_consumer (self->all, block_cb, self);
  engine_testing_run_for (1500);
  g_mutex_lock (&self->lock);
  g_assert_cmpuint (self->program_sound->len, >=, SECOND);
  a_db = find_tone_db ((const float *) self->program_sound->data, TONE_A);
  b_db = find_tone_db ((const float *) self->program_sound->data, TONE_B);
  g_mutex_unlock (&self->lock);
  g_test_message ("the program has the tones at %.1f and %.1f dB", a_db, b_db);
  g_assert_cmpfloat (a_db, >, -20);
  g_assert_cmpfloat (b_db, >, -20);
}

static void
check_health (Guest *guest)
{
  GuestHealth health;
  gboolean got = FALSE;

  guest->n_wanted = 2;
  got = engine_testing_wait (has_health, guest, 20000);
  guest_peer_get_health (guest->peer, &health);
  g_test_message ("%d×%d, %.1f fps, %d in, %d out, %.1f ms, lost %.3f %.3f", health.width_px,
                  health.height_px, health.rate_fps, health.in_bps, health.out_bps, health.rtt_ms,
                  health.lost_in_share, health.lost_out_share);
  g_assert_true (got);
  g_assert_cmpint (health.width_px, ==, 640);
  g_assert_cmpint (health.height_px, ==, 360);
  g_assert_cmpint (health.in_bps, >, 50000);
  g_assert_cmpint (health.out_bps, >, 20000);
  g_assert_cmpfloat (health.rtt_ms, <, 200);
  g_assert_cmpfloat (health.lost_in_share, <, 0.05);
  g_assert_false (health.relayed);
  g_assert_false (health.weak);
}

static void
offer_made_cb (const char *sdp, gpointer data)
{
  Guest *guest = data;
  g_autoptr (GError) error = NULL;

  guest->offered = TRUE;
  guest_peer_take_offer (guest->peer, sdp, &error);
  g_assert_no_error (error);
}

static void
answered_cb (GuestPeer *peer, const char *sdp, Guest *guest)
{
  g_assert_nonnull (strstr (sdp, "a=candidate:"));
  guest_testing_browser_take_answer (guest->browser, sdp);
}

/* The other side offers, as broadcasting programs do. */
static void
test_takes_offer (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *encoder;
    const char *payloader;
  } kinds[] = {
    { "vp8enc deadline=1 cpu-used=8 keyframe-max-dist=60", "rtpvp8pay" },
    { "x264enc tune=zerolatency speed-preset=ultrafast bitrate=600 key-int-max=60 ! "
      "video/x-h264,profile=constrained-baseline",
      "rtph264pay config-interval=-1 aggregate-mode=zero-latency" },
  };

  if (is_skipped ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    make_peer (self, &self->a, FALSE);
    g_signal_connect (self->a.peer, "answer", G_CALLBACK (answered_cb), &self->a);
    self->a.browser = guest_testing_browser_new (NULL, TONE_A);
    guest_testing_browser_offer (self->a.browser, kinds[i].encoder, kinds[i].payloader,
                                 offer_made_cb, &self->a);
    g_assert_true (engine_testing_wait (is_there, &self->a, 15000));
    hang_up (&self->a);
  }
}

static void
test_both_ways (Fixture *self, gconstpointer data)
{
  const gint64 begin_us = g_get_monotonic_time ();
  int width_px = 0, height_px = 0;

  if (is_skipped ())
    return;
  join (self, &self->a, TONE_A);
  g_assert_true (engine_testing_wait (is_there, &self->a, 10000));
  g_test_message ("picture and sound after %d ms",
                  (int) ((g_get_monotonic_time () - begin_us) / 1000));
  join (self, &self->b, TONE_B);
  g_assert_true (engine_testing_wait (is_there, &self->b, 10000));
  check_program (self);
  guest_testing_browser_forget_sound (self->a.browser);
  guest_testing_browser_forget_sound (self->b.browser);
  g_assert_true (engine_testing_wait (hears, &self->a, 5000));
  g_assert_true (engine_testing_wait (hears, &self->b, 5000));
  g_test_message ("anna hears herself at %.1f dB and bruno at %.1f dB",
                  get_tone_db (&self->a, TONE_A), get_tone_db (&self->a, TONE_B));
  g_assert_cmpfloat (get_tone_db (&self->a, TONE_B), >, -25);
  g_assert_cmpfloat (get_tone_db (&self->b, TONE_A), >, -25);
  g_assert_cmpfloat (get_tone_db (&self->a, TONE_A), <, -60);
  g_assert_cmpfloat (get_tone_db (&self->b, TONE_B), <, -60);
  check_health (&self->a);
  self->a.n_wanted = guest_testing_browser_count_pictures (self->a.browser) + 25;
  g_assert_true (engine_testing_wait (sees, &self->a, 3000));
  self->b.n_wanted = 30;
  g_assert_true (engine_testing_wait (sees, &self->b, 3000));
  guest_testing_browser_get_size (self->a.browser, &width_px, &height_px);
  g_test_message ("anna sees %d×%d", width_px, height_px);
  g_assert_cmpint (height_px, >=, 360);
}

/* Ten seconds with three packets in a hundred lost, both ways. Returns: whether nearly all pictures
 * came all the same. */
static gboolean
is_repaired (Guest *guest)
{
  GuestHealth health;
  guint n_sent = 0, n_seen = 0;
  double n_decoded = 0, lost = 0;

  guest->n_wanted = guest->n_health + 1;
  g_assert_true (engine_testing_wait (has_new_health, guest, 3000));
  n_sent = guest_testing_browser_count_sent (guest->browser);
  n_seen = guest_testing_browser_count_pictures (guest->browser);
  for (guint i = 0; i < 10; i++) {
    guest->n_wanted = guest->n_health + 1;
    g_assert_true (engine_testing_wait (has_new_health, guest, 3000));
    guest_peer_get_health (guest->peer, &health);
    n_decoded += health.rate_fps;
    lost = MAX (lost, health.lost_in_share);
  }
  n_sent = guest_testing_browser_count_sent (guest->browser) - n_sent;
  n_seen = guest_testing_browser_count_pictures (guest->browser) - n_seen;
  g_test_message ("%u sent, %.0f decoded; %u of the return seen; lost %.3f %.3f", n_sent, n_decoded,
                  n_seen, lost, health.lost_out_share);
  g_assert_cmpfloat (lost, >, 0);
  g_assert_false (health.weak);
  /* The smallest return has 15 a second. */
  return n_decoded >= n_sent * 0.95 && n_seen >= (guint) (10 * 15 * 0.95);
}

static void
test_loses (Fixture *self, gconstpointer data)
{
  gboolean repaired = FALSE;

  if (is_skipped ())
    return;
  join (self, &self->a, TONE_A);
  g_assert_true (engine_testing_wait (is_there, &self->a, 10000));
  self->a.n_wanted = 2;
  g_assert_true (engine_testing_wait (has_health, &self->a, 20000));
  guest_testing_browser_lose (self->a.browser, 0.03, 0.03);
  /* On a machine that is busy with other tests what is sent again may come too late. */
  for (guint i = 0; i < 3 && !repaired; i++)
    repaired = is_repaired (&self->a);
  g_assert_true (repaired);
}

/* What a program holds. */
typedef struct {
  guint n_threads;
  guint n_files;
  guint64 bytes;
} Holdings;

static guint
count_entries (const char *path)
{
  GDir *folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    n++;
  g_dir_close (folder);
  return n;
}

static Holdings
get_holdings (void)
{
  g_autofree char *text = NULL;
  guint64 size = 0, resident = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &size, &resident), ==,
                   2);
  return (Holdings){ count_entries ("/proc/self/task"), count_entries ("/proc/self/fd"),
                     resident * 4096 };
}

static gboolean
has_settled (gpointer data)
{
  const Holdings *before = data;
  const Holdings now = get_holdings ();

  return now.n_threads <= before->n_threads && now.n_files <= before->n_files;
}

static gboolean
has_grown (gpointer data)
{
  return get_holdings ().n_files > ((const Holdings *) data)->n_files;
}

static void
test_joins (Fixture *self, gconstpointer data)
{
  Holdings before = { 0 }, after = { 0 };

  if (is_skipped ())
    return;
  for (guint i = 0; i < N_WARM_UPS + N_JOINS; i++) {
    join (self, &self->a, TONE_A);
    g_assert_true (engine_testing_wait (is_there, &self->a, 10000));
    hang_up (&self->a);
    engine_program_wait_for_stopped (10 * G_USEC_PER_SEC);
    if (i + 1 == N_WARM_UPS)
      before = get_holdings ();
  }
  engine_testing_wait (has_settled, &before, 10000);
  after = get_holdings ();
  g_test_message ("threads %u → %u, files %u → %u, %.1f → %.1f MB", before.n_threads,
                  after.n_threads, before.n_files, after.n_files, (double) before.bytes / 1e6,
                  (double) after.bytes / 1e6);
  g_assert_cmpuint (after.n_threads, <=, before.n_threads + 2);
  g_assert_cmpuint (after.n_files, <=, before.n_files + 2);
  g_assert_cmpuint (after.bytes, <, before.bytes + N_JOINS * 1000000);
}

/* An answer that is none changes nothing; the right one is taken after it. */
static void
test_hostile (Fixture *self, gconstpointer data)
{
  static const char *const bad[] = { "", "hello", "v=0\r\n", "candidate:" };
  g_autoptr (GError) error = NULL;

  if (is_skipped ())
    return;
  make_peer (self, &self->a, TRUE);
  g_assert_false (guest_peer_take_answer (self->a.peer, "v=0", &error));
  g_assert_error (error, GUEST_ERROR, GUEST_ERROR_INVALID);
  g_clear_error (&error);
  self->a.browser = guest_testing_browser_new (self->a.peer, TONE_A);
  g_signal_connect (self->a.peer, "offer", G_CALLBACK (offered_cb), &self->a);
  g_assert_true (guest_peer_offer (self->a.peer, NULL));
  g_assert_true (engine_testing_wait (is_offered, &self->a, 10000));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_false (guest_peer_take_answer (self->a.peer, bad[i], &error));
    g_assert_error (error, GUEST_ERROR, GUEST_ERROR_INVALID);
    g_clear_error (&error);
  }
  for (guint i = 0; i < 20; i++)
    g_assert_false (guest_peer_add_candidate (self->a.peer, "candidate:evil", 0, NULL));
  g_assert_false (guest_peer_add_candidate (self->a.peer, "", 4, NULL));
  g_assert_true (engine_testing_wait (is_there, &self->a, 10000));
}

/* A connection to nobody comes, and goes by itself. */
static void
test_warm_up (Fixture *self, gconstpointer data)
{
  const Holdings before = get_holdings ();
  Holdings warm = { 0 };

  guest_warm_up (self->program);
  g_assert_true (engine_testing_wait (has_grown, (gpointer) &before, 5000));
  engine_testing_run_for (1000);
  engine_program_wait_for_stopped (10 * G_USEC_PER_SEC);
  warm = get_holdings ();
  guest_warm_up (self->program);
  g_assert_true (engine_testing_wait (has_grown, &warm, 5000));
  g_assert_true (engine_testing_wait (has_settled, &warm, 20000));
}

/* One leaves before anything has come about. */
static void
test_aborted (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 10; i++) {
    make_peer (self, &self->a, TRUE);
    g_assert_true (guest_peer_offer (self->a.peer, NULL));
    engine_testing_run_for (i * 20);
    hang_up (&self->a);
  }
}

/* A browser that is gone says nothing; what ICE believes of it does not matter. */
static void
test_vanishes (Fixture *self, gconstpointer data)
{
  gint64 begin_us = 0;

  if (is_skipped ())
    return;
  join (self, &self->a, TONE_A);
  g_assert_true (engine_testing_wait (is_there, &self->a, 10000));
  guest_testing_browser_lose (self->a.browser, 1, 1);
  begin_us = g_get_monotonic_time ();
  g_assert_true (engine_testing_wait (has_failed, &self->a, 15000));
  g_assert_error (self->a.error, GUEST_ERROR, GUEST_ERROR_VANISHED);
  g_assert_cmpstr (self->a.error->message, ==, "nothing has come from the guest for five seconds");
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 7 * G_USEC_PER_SEC);
  g_assert_cmpint (engine_source_get_state (self->a.source), ==, ENGINE_SOURCE_STATE_LOST);
  g_assert_nonnull (engine_source_get_error (self->a.source));
  /* He comes again. */
  hang_up (&self->a);
  join (self, &self->a, TONE_A);
  g_assert_true (engine_testing_wait (is_there, &self->a, 10000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  engine_init (&argc, &argv);
#define ADD(name, func) g_test_add ("/guest/peer/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("sees-and-hears-both-ways", test_both_ways);
  ADD ("takes-an-offer", test_takes_offer);
  ADD ("loss-is-repaired", test_loses);
  ADD ("forty-joins-leave-nothing", test_joins);
  ADD ("bad-answers-change-nothing", test_hostile);
  ADD ("warms-up", test_warm_up);
  ADD ("leaves-at-any-moment", test_aborted);
  ADD ("says-when-nothing-comes-any-more", test_vanishes);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-init.h"
#include "engine-testing-tone.h"
#include "engine-testing.h"
#include "guest-testing-browser.h"

#define SECOND 48000u
#define TONE_A 1000
#define TONE_B 1700

static const EngineFormat format = { 640, 360, 30, 800000, 64000 };

/* One guest: his place, his connection, his browser. */
typedef struct {
  EngineSource *source;
  EngineBus *bus;
  GuestPeer *peer;
  GuestTestingBrowser *browser;
  gboolean connected;
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
  guest->connected = FALSE;
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
has_health (gpointer data)
{
  Guest *guest = data;
  GuestHealth health;

  guest_peer_get_health (guest->peer, &health);
  return guest->n_health >= guest->n_wanted && health.known_way && health.rtt_ms >= 0 &&
         health.rate_fps > 25;
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

  guest->n_wanted = 2;
  g_assert_true (engine_testing_wait (has_health, guest, 20000));
  guest_peer_get_health (guest->peer, &health);
  g_test_message ("%d×%d, %.1f fps, %d in, %d out, %.1f ms, lost %.3f %.3f", health.width_px,
                  health.height_px, health.rate_fps, health.in_bps, health.out_bps, health.rtt_ms,
                  health.lost_in_share, health.lost_out_share);
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
  ADD ("says-when-nothing-comes-any-more", test_vanishes);
  return g_test_run ();
}

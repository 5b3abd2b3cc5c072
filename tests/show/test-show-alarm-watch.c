/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-alarm-watch.h"

#define TICK_MS 200

/* A show in which all is well: a camera and a guest, the camera alone on air and moving, somebody
 * speaks. Time is ours. */
typedef struct {
  ShowAlarmWatch *watch;
  ShowFacts facts;
  ShowSourceFacts sources[2];
  GString *heard; /* what was told since it was last looked at */
} Fixture;

static void
set_up_with (Fixture *fixture, guint ignored)
{
  const EngineHearing good = { .any = TRUE, .rms_db = -22, .peak_db = -10 };

  fixture->watch = show_alarm_watch_new (8000, ignored);
  fixture->sources[0] = (ShowSourceFacts){ .id = "room",
                                           .somebody = TRUE,
                                           .microphone = TRUE,
                                           .has_sound = TRUE,
                                           .live = TRUE,
                                           .on_air = TRUE,
                                           .heard = TRUE,
                                           .hearing = good };
  fixture->sources[1] = (ShowSourceFacts){
    .id = "guest", .somebody = TRUE, .has_sound = TRUE, .live = TRUE, .heard = TRUE, .hearing = good
  };
  fixture->facts = (ShowFacts){ .watched = TRUE,
                                .hearing = good,
                                .sight = { .any = TRUE, .brightness = 90 },
                                .battery_percent = -1,
                                .sources = fixture->sources,
                                .n_sources = 2 };
  fixture->heard = g_string_new (NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  set_up_with (fixture, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  show_alarm_watch_free (fixture->watch);
  g_string_free (fixture->heard, TRUE);
}

static void
edge_cb (ShowAlarmKind kind, int source, const char *id, ShowAlarmEdge edge, gpointer user_data)
{
  static const char *const edges[] = { "?", "+", "~", "-" };
  Fixture *fixture = user_data;

  g_string_append_printf (fixture->heard, "%s%d%s%s ", edges[edge], (int) kind,
                          id != NULL ? ":" : "", id != NULL ? id : "");
}

static void
pass (Fixture *fixture, guint duration_ms)
{
  for (guint ms = 0; ms < duration_ms; ms += TICK_MS) {
    show_alarm_watch_feed (fixture->watch, &fixture->facts, edge_cb, fixture);
    fixture->facts.time_ms += TICK_MS;
  }
}

/* What was told since the last time: + begins, ~ returns, - ends. */
static void
assert_heard (Fixture *fixture, const char *edge, int kind, const char *id)
{
  g_autofree char *wanted =
    edge != NULL
      ? g_strdup_printf ("%s%d%s%s ", edge, kind, id != NULL ? ":" : "", id != NULL ? id : "")
      : g_strdup ("");

  g_assert_cmpstr (fixture->heard->str, ==, wanted);
  g_string_truncate (fixture->heard, 0);
}

static void
be_silent (Fixture *fixture, gboolean silent)
{
  fixture->facts.hearing.quiet_ms = silent ? 1000 : 0;
}

static void
test_all_is_well (Fixture *fixture, gconstpointer data)
{
  pass (fixture, 600000);
  assert_heard (fixture, NULL, 0, NULL);
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  be_silent (fixture, TRUE);
  pass (fixture, 6800);
  assert_heard (fixture, NULL, 0, NULL);
  pass (fixture, 600);
  assert_heard (fixture, "+", SHOW_ALARM_SILENCE, NULL);
  pass (fixture, 60000);
  assert_heard (fixture, NULL, 0, NULL);
  be_silent (fixture, FALSE);
  pass (fixture, 800);
  assert_heard (fixture, NULL, 0, NULL);
  pass (fixture, 600);
  assert_heard (fixture, "-", SHOW_ALARM_SILENCE, NULL);
  /* A word now and then begins the count anew. */
  for (guint i = 0; i < 20; i++) {
    be_silent (fixture, TRUE);
    pass (fixture, 5000);
    be_silent (fixture, FALSE);
    pass (fixture, TICK_MS);
  }
  assert_heard (fixture, NULL, 0, NULL);
}

static void
test_silence_is_meant (Fixture *fixture, gconstpointer data)
{
  be_silent (fixture, TRUE);
  fixture->facts.paused = TRUE;
  pass (fixture, 20000);
  fixture->facts.paused = FALSE;
  fixture->sources[0].somebody = FALSE; /* slides */
  pass (fixture, 20000);
  fixture->sources[0].somebody = TRUE;
  fixture->sources[0].has_sound = fixture->sources[1].has_sound = FALSE;
  pass (fixture, 20000);
  assert_heard (fixture, NULL, 0, NULL);
}

/* The dead microphone is said, and not the silence that comes of it. */
static void
test_one_cause_one_alarm (Fixture *fixture, gconstpointer data)
{
  be_silent (fixture, TRUE);
  fixture->sources[0].hearing.zero_ms = 1000;
  pass (fixture, 30000);
  assert_heard (fixture, "+", SHOW_ALARM_MICROPHONE, "room");
  be_silent (fixture, FALSE);
  fixture->sources[0].hearing.zero_ms = 0;
  pass (fixture, 3000);
  assert_heard (fixture, "-", SHOW_ALARM_MICROPHONE, "room");
  /* A source that is lost is black or stands still, and gives no sound. */
  fixture->sources[0].live = FALSE;
  fixture->sources[0].lost = TRUE;
  fixture->sources[1].on_air = TRUE;
  fixture->facts.sight.still_ms = 5000;
  fixture->facts.sight.black_ms = 5000;
  pass (fixture, 30000);
  assert_heard (fixture, "+", SHOW_ALARM_SOURCE_LOST, "room");
}

/* A weak network matters while he is on air; one that is lost is another matter. */
static void
test_guest_is_weak (Fixture *fixture, gconstpointer data)
{
  fixture->sources[1].weak = TRUE;
  pass (fixture, 10000);
  assert_heard (fixture, NULL, 0, NULL);
  fixture->sources[1].on_air = TRUE;
  pass (fixture, 1000);
  assert_heard (fixture, "+", SHOW_ALARM_GUEST_WEAK, "guest");
  fixture->sources[1].lost = TRUE;
  fixture->sources[1].live = FALSE;
  pass (fixture, 1000);
  assert_heard (fixture, "+", SHOW_ALARM_SOURCE_LOST, "guest");
  pass (fixture, 2000);
  assert_heard (fixture, "-", SHOW_ALARM_GUEST_WEAK, "guest");
}

static void
test_guest_may_mute_himself (Fixture *fixture, gconstpointer data)
{
  fixture->sources[1].hearing.zero_ms = 1000;
  fixture->sources[1].on_air = TRUE;
  pass (fixture, 60000);
  assert_heard (fixture, NULL, 0, NULL);
  be_silent (fixture, TRUE);
  pass (fixture, 6000);
  assert_heard (fixture, "+", SHOW_ALARM_MICROPHONE, "guest");
}

/* A microphone that is there may be closed while others speak; one that gives nothing is not there. */
static void
test_microphone_may_be_closed (Fixture *fixture, gconstpointer data)
{
  fixture->sources[0].hearing.zero_ms = 1000;
  fixture->sources[0].hearing.sounded = TRUE;
  pass (fixture, 60000);
  assert_heard (fixture, NULL, 0, NULL);
  fixture->sources[0].hearing.sounded = FALSE;
  fixture->sources[0].on_air = FALSE;
  pass (fixture, 3800);
  assert_heard (fixture, NULL, 0, NULL);
  pass (fixture, 600);
  assert_heard (fixture, "+", SHOW_ALARM_MICROPHONE, "room");
}

static void
test_flicker_does_not_blink (Fixture *fixture, gconstpointer data)
{
  fixture->sources[0].hearing.clipped_ms = 400;
  pass (fixture, 2000);
  assert_heard (fixture, "+", SHOW_ALARM_CLIPPING, "room");
  for (guint i = 0; i < 50; i++) {
    fixture->sources[0].hearing.clipped_ms = i % 2 == 0 ? 0 : 400;
    pass (fixture, 2000);
  }
  assert_heard (fixture, NULL, 0, NULL);
  fixture->sources[0].hearing.clipped_ms = 0;
  pass (fixture, 6000);
  assert_heard (fixture, "-", SHOW_ALARM_CLIPPING, "room");
  /* Back within a minute it is known, after a minute it is new. */
  fixture->sources[0].hearing.clipped_ms = 400;
  pass (fixture, 2000);
  assert_heard (fixture, "~", SHOW_ALARM_CLIPPING, "room");
  fixture->sources[0].hearing.clipped_ms = 0;
  pass (fixture, 70000);
  assert_heard (fixture, "-", SHOW_ALARM_CLIPPING, "room");
  fixture->sources[0].hearing.clipped_ms = 400;
  pass (fixture, 2000);
  assert_heard (fixture, "+", SHOW_ALARM_CLIPPING, "room");
}

static void
test_nothing_off_air (Fixture *fixture, gconstpointer data)
{
  fixture->facts.watched = FALSE;
  fixture->facts.overloaded = fixture->facts.disk_low = fixture->facts.recording_stopped = TRUE;
  fixture->facts.journal_broken = TRUE;
  fixture->facts.battery_percent = 4;
  fixture->sources[0].hearing.hum_hz = 50;
  fixture->sources[1].hearing.clipped_ms = 1000;
  be_silent (fixture, TRUE);
  pass (fixture, 60000);
  assert_heard (fixture, NULL, 0, NULL);
  /* What was there all the time counts from going live. */
  fixture->facts.overloaded = fixture->facts.disk_low = fixture->facts.recording_stopped = FALSE;
  fixture->facts.journal_broken = FALSE;
  fixture->facts.battery_percent = -1;
  fixture->sources[0].hearing.hum_hz = fixture->sources[1].hearing.clipped_ms = 0;
  fixture->facts.watched = TRUE;
  pass (fixture, 6800);
  assert_heard (fixture, NULL, 0, NULL);
  pass (fixture, 600);
  assert_heard (fixture, "+", SHOW_ALARM_SILENCE, NULL);
  /* And ends with it at once. */
  fixture->facts.watched = FALSE;
  pass (fixture, TICK_MS);
  assert_heard (fixture, "-", SHOW_ALARM_SILENCE, NULL);
}

static void
test_ignored (Fixture *fixture, gconstpointer data)
{
  tear_down (fixture, NULL);
  set_up_with (fixture, 1u << SHOW_ALARM_HUM);
  fixture->sources[0].hearing.hum_hz = 50;
  pass (fixture, 60000);
  assert_heard (fixture, NULL, 0, NULL);
}

static void
test_help (Fixture *fixture, gconstpointer data)
{
  fixture->sources[0].hearing.hum_hz = 50;
  pass (fixture, 4000);
  assert_heard (fixture, "+", SHOW_ALARM_HUM, "room");
  g_assert_false (show_alarm_watch_help (fixture->watch, SHOW_ALARM_HUM, "guest", 4000));
  g_assert_false (show_alarm_watch_help (fixture->watch, SHOW_ALARM_HUM, "nobody", 4000));
  g_assert_true (
    show_alarm_watch_help (fixture->watch, SHOW_ALARM_HUM, "room", fixture->facts.time_ms));
  pass (fixture, 7600);
  assert_heard (fixture, NULL, 0, NULL);
  /* It did not help. */
  pass (fixture, 1000);
  assert_heard (fixture, "~", SHOW_ALARM_HUM, "room");
  /* This does: what the ear hears is before the low cut. */
  g_assert_true (
    show_alarm_watch_help (fixture->watch, SHOW_ALARM_HUM, "room", fixture->facts.time_ms));
  fixture->sources[0].low_cut = TRUE;
  pass (fixture, 60000);
  assert_heard (fixture, NULL, 0, NULL);
}

static void
test_frozen_needs_life (Fixture *fixture, gconstpointer data)
{
  /* A grabber of slides: it stands still, and changes now and then. */
  for (guint i = 0; i < 10; i++) {
    fixture->facts.sight.still_ms = 0;
    pass (fixture, 1000);
    fixture->facts.sight.still_ms = 5000;
    pass (fixture, 30000);
  }
  assert_heard (fixture, NULL, 0, NULL);
  /* A camera moves all the time. */
  fixture->facts.sight.still_ms = 200;
  pass (fixture, 12000);
  fixture->facts.sight.still_ms = 5000;
  pass (fixture, 8800);
  assert_heard (fixture, NULL, 0, NULL);
  pass (fixture, 600);
  assert_heard (fixture, "+", SHOW_ALARM_FROZEN, NULL);
  /* Another shot, of slides: it is over. */
  fixture->sources[0].on_air = FALSE;
  pass (fixture, 2000);
  assert_heard (fixture, "-", SHOW_ALARM_FROZEN, NULL);
}

static void
test_black (Fixture *fixture, gconstpointer data)
{
  fixture->facts.sight.black_ms = fixture->facts.sight.still_ms = 1000;
  pass (fixture, 1800);
  assert_heard (fixture, NULL, 0, NULL);
  pass (fixture, 20000);
  assert_heard (fixture, "+", SHOW_ALARM_BLACK, NULL);
}

static void
test_battery (Fixture *fixture, gconstpointer data)
{
  fixture->facts.battery_percent = 20;
  pass (fixture, 1000);
  assert_heard (fixture, NULL, 0, NULL);
  fixture->facts.battery_percent = 19;
  pass (fixture, 1000);
  assert_heard (fixture, "+", SHOW_ALARM_BATTERY, NULL);
  fixture->facts.battery_percent = -1;
  pass (fixture, 1000);
  assert_heard (fixture, "-", SHOW_ALARM_BATTERY, NULL);
  fixture->facts.battery_percent = 9;
  pass (fixture, 1000);
  assert_heard (fixture, "+", SHOW_ALARM_BATTERY_LOW, NULL);
}

/* What the machine itself has: decided elsewhere, so said at once. */
static void
test_machine (Fixture *fixture, gconstpointer data)
{
  const struct {
    gboolean *fact;
    ShowAlarmKind kind;
  } facts[] = {
    { &fixture->facts.overloaded, SHOW_ALARM_OVERLOAD },
    { &fixture->facts.disk_low, SHOW_ALARM_DISK },
    { &fixture->facts.recording_stopped, SHOW_ALARM_RECORDING },
    { &fixture->facts.journal_broken, SHOW_ALARM_JOURNAL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++) {
    *facts[i].fact = TRUE;
    pass (fixture, TICK_MS);
    assert_heard (fixture, "+", (int) facts[i].kind, NULL);
    *facts[i].fact = FALSE;
    pass (fixture, 6000);
    assert_heard (fixture, "-", (int) facts[i].kind, NULL);
  }
}

/* The rest of what a source can have: each at once, or after its time, and not a muted one's. */
static void
test_sources (Fixture *fixture, gconstpointer data)
{
  fixture->sources[0].hearing.missing = ENGINE_CHANNEL_LEFT;
  fixture->sources[0].hearing.missing_ms = 4800;
  fixture->sources[0].late_ms = 80;
  pass (fixture, 10000);
  assert_heard (fixture, NULL, 0, NULL);
  fixture->sources[0].hearing.missing_ms = 5000;
  pass (fixture, TICK_MS);
  assert_heard (fixture, "+", SHOW_ALARM_CHANNEL, "room");
  fixture->sources[0].one_ear = TRUE;
  pass (fixture, 2000);
  assert_heard (fixture, "-", SHOW_ALARM_CHANNEL, "room");
  fixture->sources[0].late_ms = 120;
  pass (fixture, 4000);
  assert_heard (fixture, "+", SHOW_ALARM_LIPS, "room");
  fixture->sources[0].late_ms = 0;
  pass (fixture, 4000);
  assert_heard (fixture, "-", SHOW_ALARM_LIPS, "room");
  fixture->sources[1].heard = FALSE;
  fixture->sources[1].hearing.hum_hz = 50;
  fixture->sources[1].hearing.clipped_ms = 1000;
  pass (fixture, 60000);
  assert_heard (fixture, NULL, 0, NULL);
}

static void
test_source_is_removed (Fixture *fixture, gconstpointer data)
{
  fixture->sources[1].hearing.hum_hz = 60;
  pass (fixture, 4000);
  assert_heard (fixture, "+", SHOW_ALARM_HUM, "guest");
  fixture->facts.n_sources = 1;
  pass (fixture, TICK_MS);
  assert_heard (fixture, "-", SHOW_ALARM_HUM, "guest");
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "/show/alarm-watch/nothing-when-all-is-well", test_all_is_well },
    { "/show/alarm-watch/silence-after-eight-seconds", test_silence },
    { "/show/alarm-watch/silence-that-is-meant", test_silence_is_meant },
    { "/show/alarm-watch/one-alarm-for-one-cause", test_one_cause_one_alarm },
    { "/show/alarm-watch/guest-is-weak", test_guest_is_weak },
    { "/show/alarm-watch/guest-may-mute-himself", test_guest_may_mute_himself },
    { "/show/alarm-watch/microphone-may-be-closed", test_microphone_may_be_closed },
    { "/show/alarm-watch/what-flickers-does-not-blink", test_flicker_does_not_blink },
    { "/show/alarm-watch/nothing-off-air", test_nothing_off_air },
    { "/show/alarm-watch/nothing-that-is-ignored", test_ignored },
    { "/show/alarm-watch/comes-back-if-nothing-helped", test_help },
    { "/show/alarm-watch/frozen-only-what-was-lively", test_frozen_needs_life },
    { "/show/alarm-watch/black", test_black },
    { "/show/alarm-watch/battery", test_battery },
    { "/show/alarm-watch/machine", test_machine },
    { "/show/alarm-watch/sources", test_sources },
    { "/show/alarm-watch/source-is-removed", test_source_is_removed },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}

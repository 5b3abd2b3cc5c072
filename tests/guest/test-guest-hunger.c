/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-hunger.h"
#include "guest-joins.h"

#define BEGIN_US (100 * G_USEC_PER_SEC)

static const GuestFood all = { TRUE, TRUE };
static const GuestFood nothing = { FALSE, FALSE };
static const GuestFood sound = { FALSE, TRUE };

/* Judges once a second, up to @seconds. Returns: after how many the step came; 0: not */
static guint
wait_for (GuestHunger *hunger, GuestHungerStep step, const GuestFood *expected,
          const GuestFood *got, guint seconds, gint64 *now_us)
{
  for (guint i = 1; i <= seconds; i++) {
    *now_us += G_USEC_PER_SEC;
    if (guest_hunger_judge (hunger, expected, got, *now_us) == step)
      return i;
  }
  return 0;
}

static void
test_fed (void)
{
  GuestHunger hunger = { 0 };
  gint64 now_us = BEGIN_US;

  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_ASKS, &all, &all, 100, &now_us), ==, 0);
  /* Who is said to send nothing is not asked, nor is one whose camera is off. */
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_ASKS, &nothing, &nothing, 100, &now_us), ==, 0);
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_ASKS, &sound, &sound, 100, &now_us), ==, 0);
  /* A moment is nothing. */
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_ASKS, &all, &nothing, 3, &now_us), ==, 0);
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_ASKS, &all, &all, 1, &now_us), ==, 0);
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_ASKS, &all, &nothing, 3, &now_us), ==, 0);
}

static void
test_asks_and_renews (void)
{
  GuestHunger hunger = { 0 };
  gint64 now_us = BEGIN_US;
  guint waited_s = 0;

  guest_hunger_begin (&hunger, now_us);
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_ASKS, &all, &nothing, 10, &now_us), ==, 4);
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_RENEWS, &all, &nothing, 10, &now_us), ==, 4);
  /* Each time after a longer while, but for ever. */
  for (guint i = 0; i < 10; i++) {
    const guint before_s = waited_s;

    guest_hunger_begin (&hunger, now_us);
    waited_s = wait_for (&hunger, GUEST_HUNGER_RENEWS, &all, &nothing, 200, &now_us);
    g_assert_cmpuint (waited_s, >=, MAX (before_s, 16));
    g_assert_cmpuint (waited_s, <=, 128);
  }
  /* When all was well for a minute it begins as at first. */
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_ASKS, &all, &all, 61, &now_us), ==, 0);
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_RENEWS, &all, &nothing, 10, &now_us), ==, 8);
}

/* His picture is asked for again and again; his sound is not broken off for it. */
static void
test_keeps_sound (void)
{
  GuestHunger hunger = { 0 };
  gint64 now_us = BEGIN_US;

  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_RENEWS, &all, &sound, 20, &now_us), >, 0);
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_RENEWS, &all, &sound, 20, &now_us), >, 0);
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_RENEWS, &all, &sound, 2000, &now_us), ==, 0);
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_ASKS, &all, &sound, 1, &now_us), ==, 1);
  g_assert_cmpuint (wait_for (&hunger, GUEST_HUNGER_RENEWS, &all, &nothing, 1, &now_us), ==, 1);
}

static void
test_joins (void)
{
  GuestJoins joins = { 0 };
  gint64 now_us = BEGIN_US, wait_us = 0;

  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (guest_joins_ask (&joins, now_us), ==, 0);
  wait_us = guest_joins_ask (&joins, now_us);
  g_assert_cmpint (wait_us, >, 2 * G_USEC_PER_SEC);
  g_assert_cmpint (wait_us, <=, 3 * G_USEC_PER_SEC + 1);
  /* Asking costs nothing, and who waits as long as he is told may. */
  for (guint i = 0; i < 100; i++)
    g_assert_cmpint (guest_joins_ask (&joins, now_us + wait_us / 2), >, 0);
  g_assert_cmpint (guest_joins_ask (&joins, now_us + wait_us), ==, 0);
  g_assert_cmpint (guest_joins_ask (&joins, now_us + wait_us), >, 0);
  now_us += 600 * G_USEC_PER_SEC;
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (guest_joins_ask (&joins, now_us), ==, 0);
  g_assert_cmpint (guest_joins_ask (&joins, now_us), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guest/hunger/who-is-there-is-not-asked", test_fed);
  g_test_add_func ("/guest/hunger/asks-then-renews", test_asks_and_renews);
  g_test_add_func ("/guest/hunger/keeps-sound", test_keeps_sound);
  g_test_add_func ("/guest/joins/wait-rather-than-refuse", test_joins);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-plan.h"

static const EngineFormat hd = { 1920, 1080, 30, 4500000, 128000 };
static const EngineFormat small = { 1280, 720, 30, 6000000, 192000 };

static ShowPlan *
make (const EngineFormat *format, const char *services, int recording_bps, double spare_cores)
{
  g_auto (GStrv) ids = g_strsplit (services, " ", -1);
  ShowPlanDestination destinations[8];
  ShowPlanRequest request = { .format = *format,
                              .destinations = destinations,
                              .recording_bps = recording_bps,
                              .spare_cores = spare_cores,
                              .encode_cores = 0.4 };

  for (; ids[request.n_destinations] != NULL && *ids[0] != '\0'; request.n_destinations++)
    destinations[request.n_destinations] =
      (ShowPlanDestination){ show_services_find (ids[request.n_destinations])->id,
                             show_services_find (ids[request.n_destinations]) };
  return show_plan_new (&request);
}

static void
assert_says (const ShowPlan *plan, const char *sentence)
{
  g_autofree char *all = g_strjoinv (" | ", plan->sentences);

  g_test_message ("%s", all);
  g_assert_true (g_strv_contains ((const char *const *) plan->sentences, sentence));
}

/* The usual program suits every platform: there is nothing to be said but what it is. */
static void
test_suits_all (void)
{
  g_autoptr (ShowPlan) plan =
    make (&hd, "youtube twitch x facebook linkedin peertube owncast restream mediamtx", 0, 0);

  g_assert_cmpint (plan->video_bps, ==, 4500000);
  g_assert_cmpint (plan->audio_bps, ==, 128000);
  g_assert_cmpuint (plan->second_ids->len, ==, 0);
  g_assert_cmpuint (g_strv_length (plan->sentences), ==, 1);
  assert_says (plan, "The picture goes out as 1080p30 at 4.5 Mbit/s.");
}

/* The strictest counts for all, and is named. */
static void
test_strictest (void)
{
  g_autoptr (ShowPlan) plan = make (&small, "youtube facebook twitch", 0, 0);
  g_autoptr (ShowPlan) none = make (&small, "", 0, 0);

  g_assert_cmpint (plan->video_bps, ==, 4000000);
  g_assert_cmpint (plan->audio_bps, ==, 128000);
  assert_says (plan, "The picture goes out as 720p30 at 4 Mbit/s.");
  assert_says (plan, "Facebook limits the picture to 4 Mbit/s at 720p30.");
  assert_says (plan, "Facebook limits the sound to 128 kbit/s.");
  g_assert_cmpuint (g_strv_length (plan->sentences), ==, 3);
  g_assert_cmpint (none->video_bps, ==, 6000000);
  g_assert_cmpint (none->audio_bps, ==, 192000);
}

/* One that can take far less gets a picture of its own, if this machine can do it. */
static void
test_second (void)
{
  const EngineFormat rich = { 1920, 1080, 30, 12000000, 128000 };
  g_autoptr (ShowPlan) plan = make (&rich, "youtube twitch", 0, 1);
  g_autoptr (ShowPlan) poor = make (&rich, "youtube twitch", 0, 0.3);
  g_autoptr (ShowPlan) alone = make (&rich, "twitch", 0, 1);

  g_assert_cmpint (plan->video_bps, ==, 12000000);
  g_assert_cmpint (plan->second.video_bps, ==, 6000000);
  g_assert_cmpint (plan->second.height_px, ==, 1080);
  g_assert_true (show_plan_has_second (plan, "twitch"));
  g_assert_false (show_plan_has_second (plan, "youtube"));
  assert_says (
    plan, "Twitch gets a second picture, 1080p30 at 6 Mbit/s, so that the others lose nothing.");

  g_assert_cmpint (poor->video_bps, ==, 6000000);
  g_assert_cmpuint (poor->second_ids->len, ==, 0);
  assert_says (poor, "Twitch limits the picture to 6 Mbit/s at 1080p30.");
  g_assert_cmpint (alone->video_bps, ==, 6000000);
  g_assert_cmpuint (alone->second_ids->len, ==, 0);
}

/* So does one whose picture has fewer lines. */
static void
test_smaller (void)
{
  const EngineFormat uhd = { 3840, 2160, 30, 20000000, 128000 };
  g_autoptr (ShowPlan) plan = make (&uhd, "youtube facebook", 0, 3);
  g_autoptr (ShowPlan) poor = make (&uhd, "youtube facebook", 0, 0);

  g_assert_cmpint (plan->video_bps, ==, 20000000);
  g_assert_cmpint (plan->second.width_px, ==, 1920);
  g_assert_cmpint (plan->second.height_px, ==, 1080);
  g_assert_cmpint (plan->second.video_bps, ==, 6000000);
  g_assert_true (show_plan_has_second (plan, "facebook"));
  assert_says (poor, "Facebook takes 1080 lines at most, and this program has 2160: it may be "
                     "refused.");
}

static void
test_rate (void)
{
  const EngineFormat fast = { 1920, 1080, 60, 6000000, 128000 };
  g_autoptr (ShowPlan) plan = make (&fast, "linkedin", 0, 0);

  assert_says (plan,
               "LinkedIn takes 30 pictures a second at most, and this program has 60: it may be "
               "refused.");
}

/* The recording comes after the destinations. */
static void
test_recording (void)
{
  const EngineFormat rich = { 1920, 1080, 30, 12000000, 128000 };
  g_autoptr (ShowPlan) plan = make (&hd, "youtube", 12000000, 0.5);
  g_autoptr (ShowPlan) poor = make (&hd, "youtube", 12000000, 0.3);
  g_autoptr (ShowPlan) both = make (&rich, "youtube twitch", 15000000, 0.8);

  g_assert_cmpint (plan->recording_bps, ==, 12000000);
  assert_says (plan, "The recording has a picture of its own, at 12 Mbit/s.");
  g_assert_cmpint (poor->recording_bps, ==, 0);
  assert_says (poor, "This computer has no power left for a recording of its own at 12 Mbit/s: it "
                     "records what goes out.");
  g_assert_cmpuint (both->second_ids->len, ==, 1);
  g_assert_cmpint (both->recording_bps, ==, 0);
}

/* What the program is without graphics comes last. */
static void
test_clean (void)
{
  ShowPlanRequest request = {
    .format = hd, .clean = TRUE, .spare_cores = 0.5, .encode_cores = 0.4
  };
  g_autoptr (ShowPlan) plan = show_plan_new (&request);
  request.recording_bps = 12000000;
  g_autoptr (ShowPlan) poor = show_plan_new (&request);
  request.spare_cores = 0.8;
  g_autoptr (ShowPlan) rich = show_plan_new (&request);

  g_assert_cmpint (plan->clean_bps, ==, 4500000);
  assert_says (plan, "The program without graphics is recorded, too, at 4.5 Mbit/s.");
  g_assert_cmpint (poor->recording_bps, ==, 12000000);
  g_assert_cmpint (poor->clean_bps, ==, 0);
  assert_says (poor,
               "This computer has no power left to record the program without graphics, too.");
  g_assert_cmpint (rich->recording_bps, ==, 12000000);
  g_assert_cmpint (rich->clean_bps, ==, 12000000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/show/plan/usual-program-suits-all", test_suits_all);
  g_test_add_func ("/show/plan/strictest-counts", test_strictest);
  g_test_add_func ("/show/plan/second-picture", test_second);
  g_test_add_func ("/show/plan/smaller-picture", test_smaller);
  g_test_add_func ("/show/plan/too-many-pictures", test_rate);
  g_test_add_func ("/show/plan/recording-of-its-own", test_recording);
  g_test_add_func ("/show/plan/without-graphics", test_clean);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "show-services.h"

#define KEY "abcd-efgh-ijkl-mnop-qrst"

/* What can be said of every service, so that a new line of the table cannot be forgotten in half. */
static void
test_table_is_whole (void)
{
  guint n = 0;
  const ShowService *services = show_services_get (&n);

  g_assert_cmpuint (n, ==, 11);
  for (guint i = 0; i < n; i++) {
    const ShowService *service = &services[i];
    g_autofree char *url = show_service_get_url (service, service->kind);

    g_test_message ("%s", service->id);
    g_assert_true (show_services_find (service->id) == service);
    g_assert_cmpstr (show_service_get_title (service), !=, "");
    g_assert_cmpstr (show_service_get_where (service), !=, "");
    g_assert_true ((service->kinds & (1u << service->kind)) != 0);
    for (guint kind = EVENT_DESTINATION_RTMP; kind <= EVENT_DESTINATION_HLS; kind++)
      g_assert_cmpstr (show_service_get_key_name (service, kind, EVENT_KEY_STREAM_KEY), !=, "");
    /* The table's own addresses are right, and known again. */
    if (*url != '\0' && g_strrstr (url, SHOW_SERVICE_SERVER) == NULL) {
      g_assert_cmpint (show_service_check (service, service->kind, url, NULL), ==,
                       SHOW_MISTAKE_NONE);
      g_assert_true (show_services_guess (url) == service);
    }
    if (service->backup_url != NULL)
      g_assert_cmpint (show_service_check (service, service->kind, service->backup_url, NULL), ==,
                       SHOW_MISTAKE_NONE);
  }
  g_assert_cmpstr (show_services_find ("nobody knows it")->id, ==, "own");
  g_assert_cmpstr (show_services_find (NULL)->id, ==, "own");
}

static void
test_limits (void)
{
  const ShowService *facebook = show_services_find ("facebook");

  g_assert_cmpint (show_service_get_max_kbps (facebook, 720, 30), ==, 4000);
  g_assert_cmpint (show_service_get_max_kbps (facebook, 720, 25), ==, 4000);
  g_assert_cmpint (show_service_get_max_kbps (facebook, 720, 50), ==, 6000);
  g_assert_cmpint (show_service_get_max_kbps (facebook, 1080, 30), ==, 6000);
  g_assert_cmpint (show_service_get_max_kbps (facebook, 540, 30), ==, 4000);
  g_assert_cmpint (show_service_get_max_kbps (facebook, 2160, 30), ==, 9000);
  g_assert_cmpint (show_service_get_max_kbps (show_services_find ("twitch"), 1080, 30), ==, 6000);
  g_assert_cmpint (show_service_get_max_kbps (show_services_find ("own"), 1080, 30), ==, 0);
}

static void
test_mistakes (void)
{
  static const struct {
    const char *service;
    EventDestinationKind kind;
    const char *url;
    const char *key;
    ShowMistake mistake;
  } cases[] = {
    { "youtube", EVENT_DESTINATION_RTMP, "rtmps://a.rtmps.youtube.com/live2", KEY,
      SHOW_MISTAKE_NONE },
    { "youtube", EVENT_DESTINATION_RTMP, "rtmps://a.rtmps.youtube.com/live2/", KEY,
      SHOW_MISTAKE_NONE },
    { "youtube", EVENT_DESTINATION_RTMP, "", KEY, SHOW_MISTAKE_NO_ADDRESS },
    { "youtube", EVENT_DESTINATION_RTMP, "rtmp://a.rtmp.youtube.com/live2/" KEY, NULL,
      SHOW_MISTAKE_KEY_IN_ADDRESS },
    { "youtube", EVENT_DESTINATION_RTMP, "rtmp://a.rtmp.youtube.com/live2 ", KEY,
      SHOW_MISTAKE_SPACES_IN_ADDRESS },
    { "youtube", EVENT_DESTINATION_RTMP, "https://studio.youtube.com/video/x/livestreaming", KEY,
      SHOW_MISTAKE_WEB_PAGE },
    { "youtube", EVENT_DESTINATION_RTMP, "www.youtube.com/watch?v=x", KEY, SHOW_MISTAKE_WEB_PAGE },
    { "youtube", EVENT_DESTINATION_RTMP, "a.rtmps.youtube.com/live2", KEY, SHOW_MISTAKE_SCHEME },
    { "youtube", EVENT_DESTINATION_RTMP, "rtmps://a.rtmps.youtube.com/live2", "abcd efgh",
      SHOW_MISTAKE_SPACES_IN_KEY },
    { "youtube", EVENT_DESTINATION_RTMP, "rtmps://a.rtmps.youtube.com/live2", KEY "\n",
      SHOW_MISTAKE_SPACES_IN_KEY },
    { "youtube", EVENT_DESTINATION_RTMP, "rtmps://a.rtmps.youtube.com/live2",
      "rtmps://a.rtmps.youtube.com/live2", SHOW_MISTAKE_ADDRESS_AS_KEY },
    { "twitch", EVENT_DESTINATION_RTMP, "rtmp://live.twitch.tv/app", KEY, SHOW_MISTAKE_OTHER_KEY },
    { "twitch", EVENT_DESTINATION_RTMP, "rtmp://live.twitch.tv/app", "live_1_x",
      SHOW_MISTAKE_NONE },
    { "peertube", EVENT_DESTINATION_RTMP, "rtmp://<server>:1935/live", KEY,
      SHOW_MISTAKE_SERVER_MISSING },
    { "peertube", EVENT_DESTINATION_RTMP, "rtmp://video.example.org:1935/live", KEY,
      SHOW_MISTAKE_NONE },
    { "own", EVENT_DESTINATION_RTMP, "rtmp://video.example.org/any/path/at/all", "a",
      SHOW_MISTAKE_NONE },
    { "own", EVENT_DESTINATION_SRT, "rtmp://video.example.org/live", NULL, SHOW_MISTAKE_SCHEME },
    { "own", EVENT_DESTINATION_SRT, "srt://video.example.org:9000", NULL, SHOW_MISTAKE_NONE },
    { "own", EVENT_DESTINATION_WHIP, "https://video.example.org/whip/a", NULL, SHOW_MISTAKE_NONE },
    { "own", EVENT_DESTINATION_HLS, "/srv/my stream", NULL, SHOW_MISTAKE_NONE },
    { "own", EVENT_DESTINATION_HLS, "https://example.org/my stream", NULL,
      SHOW_MISTAKE_SPACES_IN_ADDRESS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const ShowMistake mistake = show_service_check (show_services_find (cases[i].service),
                                                    cases[i].kind, cases[i].url, cases[i].key);

    g_test_message ("%s", cases[i].url);
    g_assert_cmpint (mistake, ==, cases[i].mistake);
    g_assert_true ((show_mistake_describe (mistake) == NULL) == (mistake == SHOW_MISTAKE_NONE));
  }
}

static void
assert_split (const char *service, const char *pasted, const char *url, const char *key)
{
  g_autofree char *found_url = NULL;
  g_autofree char *found_key = NULL;

  g_assert_cmpint (show_service_split (show_services_find (service), pasted, &found_url,
                                       &found_key),
                   ==, url != NULL);
  g_assert_cmpstr (found_url, ==, url);
  g_assert_cmpstr (found_key, ==, key);
}

static void
test_split (void)
{
  assert_split ("youtube", "rtmp://a.rtmp.youtube.com/live2/" KEY,
                "rtmp://a.rtmp.youtube.com/live2", KEY);
  assert_split ("facebook", "rtmps://live-api-s.facebook.com:443/rtmp/FB-1-0-Ab?s_bl=1&a=Ab-c",
                "rtmps://live-api-s.facebook.com:443/rtmp", "FB-1-0-Ab?s_bl=1&a=Ab-c");
  assert_split ("youtube", "rtmp://a.rtmp.youtube.com/live2", NULL, NULL);
  assert_split ("youtube", "rtmp://a.rtmp.youtube.com/live2/", NULL, NULL);
  assert_split ("own", "rtmp://example.org/live/key", NULL, NULL);
}

static void
test_guess (void)
{
  static const char *const cases[][2] = {
    { "rtmps://b.rtmps.youtube.com:443/live2?backup=1", "youtube" },
    { "https://www.youtube.com/watch?v=x", "youtube" },
    { "rtmp://fra05.contribute.live-video.net/app", "twitch" },
    { "rtmps://FR.pscp.tv:443/x", "x" },
    { "rtmp://example.org/live", "own" },
    { "rtmp://notyoutube.com/live2", "own" },
    { "no address", "own" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (show_services_guess (cases[i][0])->id, ==, cases[i][1]);
  g_assert_cmpstr (show_services_guess (NULL)->id, ==, "own");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/show/services/table-is-whole", test_table_is_whole);
  g_test_add_func ("/show/services/knows-limits", test_limits);
  g_test_add_func ("/show/services/finds-mistakes", test_mistakes);
  g_test_add_func ("/show/services/takes-key-out-of-address", test_split);
  g_test_add_func ("/show/services/knows-whose-address-it-is", test_guess);
  return g_test_run ();
}

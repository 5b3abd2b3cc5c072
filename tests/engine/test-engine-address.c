/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-address.h"

static void
test_listener (void)
{
  g_assert_true (engine_address_is_listener ("srt://:9000?mode=listener"));
  g_assert_true (engine_address_is_listener ("srt://0.0.0.0:9000?latency=200&mode=listener"));
  g_assert_true (engine_address_is_listener ("srt://:9000"));
  g_assert_false (engine_address_is_listener ("srt://example.org:9000"));
  g_assert_false (engine_address_is_listener ("srt://example.org:9000?mode=caller"));
  g_assert_false (engine_address_is_listener ("srt://:9000?mode=caller"));
  g_assert_false (engine_address_is_listener ("rtmp://:1935?mode=listener"));
  g_assert_false (engine_address_is_listener ("no address"));
  g_assert_false (engine_address_is_listener (""));
}

static void
check_description (const char *uri, const char *expected)
{
  g_autofree char *description = engine_address_describe (uri);

  g_assert_cmpstr (description, ==, expected);
}

static void
test_description (void)
{
  check_description ("rtsp://ana:secret@cam.example:554/live?token=abc#x",
                     "rtsp://cam.example:554/live");
  check_description ("file:///tmp/a%20film.mp4", "/tmp/a film.mp4");
  check_description ("no address", NULL);
}

static void
check_hidden (const char *uri, const char *message, const char *expected)
{
  g_autofree char *hidden = engine_address_hide_secrets (uri, message);

  g_assert_cmpstr (hidden, ==, expected);
}

static void
test_secrets (void)
{
  const char *uri = "rtsp://ana:p%40ss@cam.example/live?token=abc123&x=1";

  check_hidden (uri, "cannot open rtsp://ana:p%40ss@cam.example/live?token=abc123&x=1",
                "cannot open rtsp://…@cam.example/live?…");
  check_hidden (uri, "wrong password p@ss for ana", "wrong password … for …");
  check_hidden (uri, "bad token abc123", "bad token …");
  check_hidden (uri, "nothing came in 1 s", "nothing came in 1 s");
  check_hidden (NULL, "unplugged", "unplugged");
  check_hidden ("", "unplugged", "unplugged");
  check_hidden ("srt://h:1?passphrase=0123456789", "refused: 0123456789", "refused: …");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/address/listener", test_listener);
  g_test_add_func ("/engine/address/description-without-secrets", test_description);
  g_test_add_func ("/engine/address/secrets-are-hidden", test_secrets);
  return g_test_run ();
}

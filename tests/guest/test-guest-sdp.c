/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-sdp.h"

#include <string.h>

#define FINGERPRINT                                                                         \
  "sha-256 "                                                                                \
  "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:" \
  "dd:ee:ff"
#define HEAD "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE video0 audio1\r\n"
#define ICE                                                                           \
  "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\na=ice-options:trickle\r\n" \
  "a=fingerprint:" FINGERPRINT "\r\n"
#define VIDEO                                                                                \
  "m=video 9 UDP/TLS/RTP/SAVPF 96 100 101 98\r\nc=IN IP4 "                                   \
  "0.0.0.0\r\na=mid:video0\r\na=sendrecv\r\n"                                                \
  "a=rtcp-mux\r\na=rtcp-rsize\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\n"             \
  "a=rtcp-fb:96 nack pli\r\na=rtcp-fb:96 transport-cc\r\na=rtcp-fb:96 x-evil\r\n"            \
  "a=fmtp:100 apt=96\r\na=rtpmap:100 rtx/90000\r\na=rtpmap:101 AV1/90000\r\n"                \
  "a=fmtp:101 profile=0\r\na=rtpmap:98 rtx/90000\r\na=fmtp:98 apt=101\r\n"                   \
  "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n" \
  "a=extmap:4/sendonly urn:ietf:params:rtp-hdrext:toffset\r\n"                               \
  "a=ssrc:4294967295 cname:{ab-12}\r\na=ssrc:4294967295 msid:a b\r\na=msid:- x\r\n"
#define SETUP "a=setup:active\r\n"
#define AUDIO                                                                               \
  "m=audio 9 UDP/TLS/RTP/SAVPF 97 0\r\na=mid:audio1\r\na=recvonly\r\na=rtcp-mux\r\n"        \
  "a=rtpmap:97 opus/48000/2\r\na=fmtp:97 minptime=10; useinbandfec=1;evil=1;stereo=a b\r\n" \
  "a=rtpmap:0 PCMU/8000\r\n"
#define GOOD HEAD VIDEO ICE SETUP AUDIO ICE SETUP

static const char *const media[] = { "video video0", "audio audio1", NULL };

static char *
replace (const char *what, const char *with)
{
  g_auto (GStrv) parts = g_strsplit (GOOD, what, 2);

  g_assert_nonnull (parts[1]);
  return g_strconcat (parts[0], with, parts[1], NULL);
}

/* What comes out is what goes in, without what nobody here knows. */
static void
test_keeps (void)
{
  static const char *const kept[] = {
    "m=video 9 UDP/TLS/RTP/SAVPF 96 100\r\n",
    "a=rtpmap:96 VP8/90000\r\n",
    "a=fmtp:100 apt=96\r\n",
    "a=rtcp-fb:96 nack pli\r\n",
    "a=rtcp-fb:96 transport-cc\r\n",
    "a=ssrc:4294967295 cname:{ab-12}",
    "a=extmap:3 http://www.ietf.org",
    "m=audio 9 UDP/TLS/RTP/SAVPF 97\r\n",
    "a=recvonly",
    "a=fmtp:97 minptime=10;useinbandfec=1\r\n",
    "a=group:BUNDLE video0 audio1",
    "a=setup:active",
    "a=fingerprint:" FINGERPRINT,
    "a=ice-pwd:0123456789abcdefghijkl",
  };
  static const char *const dropped[] = { "AV1",    "PCMU", "toffset",   "evil", "msid",
                                         "stereo", "101",  "127.0.0.1", ":98 " };
  g_autoptr (GError) error = NULL;
  g_autofree char *checked = guest_sdp_check_answer (GOOD, media, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    if (strstr (checked, kept[i]) == NULL)
      g_error ("“%s” is missing in %s", kept[i], checked);
  for (guint i = 0; i < G_N_ELEMENTS (dropped); i++)
    if (strstr (checked, dropped[i]) != NULL)
      g_error ("“%s” is in %s", dropped[i], checked);
  again = guest_sdp_check_answer (checked, media, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, checked);
}

static void
test_inherits (void)
{
  const char *session = HEAD ICE VIDEO SETUP AUDIO SETUP;
  g_autoptr (GError) error = NULL;
  g_autofree char *checked = guest_sdp_check_answer (session, media, &error);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (strstr (checked, "m=audio"), "a=fingerprint:" FINGERPRINT));
  g_assert_nonnull (strstr (strstr (checked, "m=audio"), "a=ice-ufrag:abcd"));
}

/* Before they are bundled, parts may have ways of their own. */
static void
test_bundles (void)
{
  const char *other =
    "a=ice-ufrag:wxyz\r\na=ice-pwd:lkjihgfedcba9876543210\r\na=fingerprint:" FINGERPRINT
    "\r\na=candidate:9 1 UDP 1 192.168.1.9 5009 typ host\r\n";
  g_autofree char *sdp = g_strconcat (HEAD VIDEO ICE SETUP AUDIO, other, SETUP, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *checked = guest_sdp_check_offer (sdp, &error);

  g_assert_no_error (error);
  g_assert_null (strstr (checked, "wxyz"));
  g_assert_null (strstr (checked, "192.168.1.9"));
  g_assert_nonnull (strstr (strstr (checked, "m=audio"), "a=ice-ufrag:abcd"));
}

static void
check_refused (const char *sdp, int code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *checked = guest_sdp_check_answer (sdp, media, &error);

  if (checked != NULL)
    g_error ("taken: %s", sdp);
  g_assert_error (error, GUEST_ERROR, code);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), <, 200);
}

static const struct {
  const char *what;
  const char *with;
  GuestError code;
} refused_changes[] = {
  { "v=0", "v=1", GUEST_ERROR_INVALID },
  { "v=0\r\n", "", GUEST_ERROR_INVALID },
  { "o=-", "x=-", GUEST_ERROR_INVALID },
  { "s=-", "i=-", GUEST_ERROR_INVALID },
  { "t=0 0", "b=0", GUEST_ERROR_INVALID },
  { "a=mid:video0", "a=mid:audio1", GUEST_ERROR_INVALID },
  { "a=mid:video0", "a=mid:video1", GUEST_ERROR_INVALID },
  { "a=mid:video0", "a=mid:", GUEST_ERROR_INVALID },
  { "a=mid:video0", "a=mid:video0\r\na=mid:x", GUEST_ERROR_INVALID },
  { "a=mid:video0", "a=nothing", GUEST_ERROR_INVALID },
  { "m=video", "m=audio", GUEST_ERROR_NOT_TAKEN },
  { "m=video", "m=application", GUEST_ERROR_NOT_TAKEN },
  { "m=video 9", "m=video 0", GUEST_ERROR_NOT_TAKEN },
  { "m=video 9", "m=video 99999", GUEST_ERROR_INVALID },
  { "m=video 9", "m=video -1", GUEST_ERROR_INVALID },
  { "m=video 9", "m=video  9", GUEST_ERROR_INVALID },
  { "UDP/TLS/RTP/SAVPF", "RTP/AVP", GUEST_ERROR_NOT_TAKEN },
  { "96 100 101", "96 96 101", GUEST_ERROR_INVALID },
  { "96 100 101", "96 128 101", GUEST_ERROR_INVALID },
  { "96 100 101", "96 18446744073709551712 101", GUEST_ERROR_INVALID },
  { " 96 100 101 98", "", GUEST_ERROR_INVALID },
  { "VP8/90000", "VP9/90000", GUEST_ERROR_NOT_TAKEN },
  { "VP8/90000", "VP8/90000\xff", GUEST_ERROR_INVALID },
  { "VP8/90000", "VP8 /90000", GUEST_ERROR_INVALID },
  { "opus/48000/2", "opus/8000/1", GUEST_ERROR_NOT_TAKEN },
  { "a=rtpmap:96", "a=rtpmap", GUEST_ERROR_NOT_TAKEN },
  { "a=rtpmap:96", "a=rtpmap:x", GUEST_ERROR_INVALID },
  { "a=rtpmap:96", "a=rtpmap:128", GUEST_ERROR_INVALID },
  { "a=rtpmap:101 AV1", "a=rtpmap:96 AV1", GUEST_ERROR_INVALID },
  { "a=fmtp:100 apt=96", "a=fmtp", GUEST_ERROR_INVALID },
  { "a=fmtp:100 apt=96", "a=fmtp:1000 apt=96", GUEST_ERROR_INVALID },
  { "a=rtcp-fb:96 nack pli", "a=rtcp-fb:q nack", GUEST_ERROR_INVALID },
  { "a=extmap:3", "a=extmap:0", GUEST_ERROR_INVALID },
  { "a=extmap:3", "a=extmap:256", GUEST_ERROR_INVALID },
  { "a=ssrc:4294967295", "a=ssrc:4294967296", GUEST_ERROR_INVALID },
  { "a=ice-ufrag:abcd", "a=ice-ufrag:abc", GUEST_ERROR_INVALID },
  { "a=ice-ufrag:abcd", "a=ice-ufrag:ab d", GUEST_ERROR_INVALID },
  { "a=ice-pwd:0123456789", "a=ice-pwd:", GUEST_ERROR_INVALID },
  { "sha-256 00:11", "sha-256 00-11", GUEST_ERROR_INVALID },
  { "sha-256 00:11", "sha-256 00", GUEST_ERROR_INVALID },
  { "sha-256 00:11", "sha-256 01:11", GUEST_ERROR_INVALID },
  { "sha-256 00:11", "sha-1 00:11", GUEST_ERROR_INVALID },
  { "a=setup:active", "a=setup:actpass", GUEST_ERROR_INVALID },
  { "a=setup:active", "a=setup:holdconn", GUEST_ERROR_INVALID },
  { "a=rtcp-mux\r\n", "", GUEST_ERROR_INVALID },
  { "a=group:BUNDLE video0 audio1", "a=group:BUNDLE video0", GUEST_ERROR_INVALID },
  { "a=group:BUNDLE video0 audio1", "a=group:LS video0", GUEST_ERROR_INVALID },
  { "a=sendrecv", "a=sendrecv\r\na=inactive", GUEST_ERROR_INVALID },
  { "a=sendrecv", "a=candidate:hello", GUEST_ERROR_INVALID },
  { "a=sendrecv", "A=sendrecv", GUEST_ERROR_INVALID },
  { "a=sendrecv", "asendrecv", GUEST_ERROR_INVALID },
  { "a=sendrecv", "a", GUEST_ERROR_INVALID },
  { "a=sendrecv", "a=send\x01recv", GUEST_ERROR_INVALID },
  { "m=audio", "m=audio 9 UDP/TLS/RTP/SAVPF 97\r\nm=audio", GUEST_ERROR_INVALID },
};

static void
test_refuses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused_changes); i++) {
    g_autofree char *sdp = replace (refused_changes[i].what, refused_changes[i].with);

    check_refused (sdp, (int) refused_changes[i].code);
  }
  check_refused ("", GUEST_ERROR_INVALID);
  check_refused ("v=0", GUEST_ERROR_INVALID);
  check_refused (HEAD, GUEST_ERROR_INVALID);
  check_refused (HEAD VIDEO ICE SETUP, GUEST_ERROR_INVALID);
  check_refused (GOOD AUDIO ICE SETUP, GUEST_ERROR_INVALID);
}

/* Too much of anything. */
static void
test_bounds (void)
{
  g_autofree char *many = g_strnfill (GUEST_SDP_MAX_BYTES + 1, 'a');
  g_autofree char *line = g_strnfill (5000, 'a');
  g_autofree char *long_line = g_strconcat (GOOD, "a=", line, "\r\n", NULL);
  GString *text = g_string_new (GOOD);

  check_refused (many, GUEST_ERROR_INVALID);
  check_refused (long_line, GUEST_ERROR_INVALID);
  for (guint i = 0; i < 2000; i++)
    g_string_append (text, "a=x\r\n");
  check_refused (text->str, GUEST_ERROR_INVALID);
  g_string_assign (text, GOOD);
  for (guint i = 0; i < 65; i++)
    g_string_append_printf (text, "a=candidate:%u 1 UDP 1 192.168.1.2 5000 typ host\r\n", i);
  check_refused (text->str, GUEST_ERROR_INVALID);
  g_string_assign (text, GOOD);
  for (guint i = 0; i < 20; i++)
    g_string_append_printf (text, "a=ssrc:%u cname:x\r\n", i);
  check_refused (text->str, GUEST_ERROR_INVALID);
  g_string_assign (text, HEAD);
  for (guint i = 0; i < 5; i++)
    g_string_append (text, "m=audio 9 UDP/TLS/RTP/SAVPF 97\r\n");
  check_refused (text->str, GUEST_ERROR_INVALID);
  g_string_free (text, TRUE);
}

/* Every beginning of a good one, and every one with a byte changed, is taken or refused with a reason. */
static void
test_mangled (void)
{
  const gsize length = strlen (GOOD);
  GRand *rand = g_rand_new_with_seed (7);

  for (gsize i = 0; i < length * 12; i++) {
    g_autofree char *sdp = g_strdup (GOOD);
    g_autoptr (GError) error = NULL;
    g_autofree char *checked = NULL;

    if (i < length)
      sdp[i] = '\0';
    else
      sdp[i % length] = (char) g_rand_int_range (rand, 1, 256);
    checked = guest_sdp_check_offer (sdp, &error);
    g_assert_true ((checked == NULL) == (error != NULL));
    if (checked != NULL) {
      g_autofree char *again = guest_sdp_check_offer (checked, NULL);

      g_assert_cmpstr (again, ==, checked);
    }
  }
  g_rand_free (rand);
}

static const struct {
  const char *text;
  const char *checked; /* NULL: leads nowhere */
} good_candidates[] = {
  { "candidate:1 1 udp 2122260223 192.168.1.7 50000 typ host generation 0 ufrag abcd network-id "
    "1",
    "candidate:1 1 UDP 2122260223 192.168.1.7 50000 typ host" },
  { "a=candidate:842163049 1 UDP 1677729535 203.0.113.9 61000 typ srflx raddr 10.0.0.1 rport 5",
    "candidate:842163049 1 UDP 1677729535 203.0.113.9 61000 typ srflx raddr 10.0.0.1 rport 5" },
  { "candidate:2 1 tcp 1518280447 192.168.1.7 9 typ host tcptype active generation 0",
    "candidate:2 1 TCP 1518280447 192.168.1.7 9 typ host tcptype active" },
  { "candidate:3 1 udp 1 0f3c1a1e-5a39-4f57-8d13-2f1c4c0e7a11.local 5000 typ host",
    "candidate:3 1 UDP 1 0f3c1a1e-5a39-4f57-8d13-2f1c4c0e7a11.local 5000 typ host" },
  { "candidate:4 1 udp 1 fe80::1 5000 typ relay raddr 0.0.0.0 rport 0",
    "candidate:4 1 UDP 1 fe80::1 5000 typ relay raddr 0.0.0.0 rport 0" },
  { "", NULL },
  { "end-of-candidates", NULL },
  { "candidate:5 1 udp 1 127.0.0.1 5000 typ host", NULL },
  { "candidate:5 1 udp 1 ::1 5000 typ host", NULL },
  { "candidate:5 1 udp 1 0.0.0.0 5000 typ host", NULL },
  { "candidate:5 1 udp 1 224.0.0.251 5353 typ host", NULL },
  { "candidate:5 1 udp 1 255.255.255.255 5353 typ host", NULL },
  { "candidate:5 1 udp 1 192.168.1.1 0 typ host", NULL },
  { "candidate:5 2 udp 1 192.168.1.1 5000 typ host", NULL },
  { "candidate:5 1 udp 1 metadata.example.net 80 typ host", NULL },
  { "candidate:5 1 udp 1 a.b.local 80 typ host", NULL },
  { "candidate:5 1 ssltcp 1 192.168.1.1 443 typ host", NULL },
};

static const char *const bad_candidates[] = {
  "hello",
  "candidate:",
  "candidate:1",
  "candidate:1 1 udp 1 192.168.1.1 5000 typ",
  "candidate:1 1 udp 1 192.168.1.1 5000 type host",
  "candidate:1 1 udp 1 192.168.1.1 5000 typ guest",
  "candidate:1 1 sctp 1 192.168.1.1 5000 typ host",
  "candidate:1 0 udp 1 192.168.1.1 5000 typ host",
  "candidate:1 1 udp -1 192.168.1.1 5000 typ host",
  "candidate:1 1 udp 4294967296 192.168.1.1 5000 typ host",
  "candidate:1 1 udp 1 192.168.1.1 65536 typ host",
  "candidate:1 1 udp 1 192.168.1.1/24 5000 typ host",
  "candidate:1  1 udp 1 192.168.1.1 5000 typ host",
  "candidate:1 1 udp 1 192.168.1.1 5000 typ host generation",
  "candidate:1 1 udp 1 192.168.1.1 5000 typ host raddr b\xc3\xa9 rport 1",
  "candidate:1 1 udp 1 192.168.1.1 5000 typ host raddr 1.1.1.1 rport 70000",
  "candidate:1 1 udp 1 192.168.1.1 5000 typ host\r\na=evil",
  "candidate:1 1 udp 1 192.168.1.1 5000 typ host x \xff",
  "candidate:123456789012345678901234567890123 1 udp 1 192.168.1.1 5000 typ host",
};

static void
test_candidates (void)
{
  g_autofree char *filling = g_strnfill (600, '1');
  g_autofree char *too_long =
    g_strconcat ("candidate:1 1 udp 1 1.1.1.1 5 typ host x ", filling, NULL);
  g_autofree char *checked = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (good_candidates); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *result = NULL;

    g_assert_true (guest_sdp_check_candidate (good_candidates[i].text, &result, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (result, ==, good_candidates[i].checked);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad_candidates); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *result = NULL;

    if (guest_sdp_check_candidate (bad_candidates[i], &result, &error))
      g_error ("taken: %s", bad_candidates[i]);
    g_assert_error (error, GUEST_ERROR, GUEST_ERROR_INVALID);
    g_assert_null (result);
  }
  g_assert_false (guest_sdp_check_candidate (too_long, &checked, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guest/sdp/keeps-only-what-is-known", test_keeps);
  g_test_add_func ("/guest/sdp/what-all-share-is-said-once", test_inherits);
  g_test_add_func ("/guest/sdp/one-way-for-all-of-a-bundle", test_bundles);
  g_test_add_func ("/guest/sdp/refuses-with-a-reason", test_refuses);
  g_test_add_func ("/guest/sdp/has-bounds", test_bounds);
  g_test_add_func ("/guest/sdp/takes-or-refuses-anything", test_mangled);
  g_test_add_func ("/guest/sdp/candidates", test_candidates);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "event-file.h"

#define SOURCES \
  "\"sources\": [{\"id\": \"a\", \"kind\": \"drawn\"}, {\"id\": \"b\", \"kind\": \"drawn\"}]"
#define SHOTS        "\"shots\": [{\"id\": \"s\", \"layout\": \"full\", \"sources\": [\"a\"]}]"
#define HEAD         "{\"regie\": 1, \"title\": \"T\", "
#define WITH(...)    HEAD SOURCES ", " SHOTS ", " __VA_ARGS__ "}"
#define SOURCE(...)  HEAD "\"sources\": [{\"id\": \"a\", " __VA_ARGS__ "}], " SHOTS "}"
#define SHOT(...)    HEAD SOURCES ", \"shots\": [{\"id\": \"s\", " __VA_ARGS__ "}]}"
#define TALK(...)    WITH ("\"talks\": [{\"title\": \"A\", " __VA_ARGS__ "}]")
#define PLACE(...)   WITH ("\"destinations\": [{\"id\": \"d\", " __VA_ARGS__ "}]")
#define CARD(...)    SOURCE ("\"kind\": \"card\", \"card\": \"countdown\", " __VA_ARGS__)
#define PICTURE(...) SOURCE ("\"kind\": \"drawn\", \"picture-settings\": {" __VA_ARGS__ "}")
#define SOUND(...)   SOURCE ("\"kind\": \"drawn\", \"sound-settings\": {" __VA_ARGS__ "}")
#define NEST16(open) open open open open open open open open open open open open open open open open

/* What is wrong, and what the message says: where, and what was expected. */
typedef struct {
  const char *name;
  const char *json;
  EventError code;
  const char *where;
  const char *expected;
} Broken;

static const Broken broken[] = {
  { "empty", "", EVENT_ERROR_SYNTAX, "line 1, column 1", "the file is empty, expected an event" },
  { "only-space", " \n\t", EVENT_ERROR_SYNTAX, "line 2, column 2", "expected an event" },
  { "not-json", "Bonjour", EVENT_ERROR_SYNTAX, "line 1, column 1", "expected a value" },
  { "cut-off", "{\"regie\": 1,\n\"title\":", EVENT_ERROR_SYNTAX, "line 2, column 9",
    "the file ends" },
  { "no-comma", "{\"regie\": 1\n \"title\": \"T\"}", EVENT_ERROR_SYNTAX, "line 2, column 2",
    "expected “,” or “}” after an entry" },
  { "last-comma", "{\"regie\": 1,\n \"sources\": [1,]}", EVENT_ERROR_SYNTAX, "line 2, column 15",
    "expected no “,” after the last entry" },
  { "no-colon", "{\"regie\" 1}", EVENT_ERROR_SYNTAX, "line 1, column 10",
    "expected “:” after a key" },
  { "single-quotes", "{'regie': 1}", EVENT_ERROR_SYNTAX, "line 1, column 2", "double quotes" },
  { "comment", "{ // mine\n}", EVENT_ERROR_SYNTAX, "line 1, column 3",
    "comments are not possible" },
  { "open-text", "{\"été\": \"T\n\"}", EVENT_ERROR_SYNTAX, "line 1, column 9",
    "expected a closing \"" },
  { "bad-escape", "{\"a\": \"\\x\"}", EVENT_ERROR_SYNTAX, "line 1, column 8",
    "expected one of \\\"" },
  { "zero-escape", "{\"a\": \"\\u0000\"}", EVENT_ERROR_SYNTAX, "line 1, column 8",
    "expected a character" },
  { "half-character", "{\"a\": \"\\ud83d.\"}", EVENT_ERROR_SYNTAX, "line 1, column 8",
    "expected a whole character" },
  { "not-utf8", "{\"regie\": 1,\n\"title\": \"\xe9t\xe9\"}", EVENT_ERROR_SYNTAX,
    "line 2, column 11", "expected UTF-8" },
  { "twice", "{\"regie\": 1,\n\"r\\u0065gie\": 1}", EVENT_ERROR_SYNTAX, "line 2, column 1",
    "expected each key once" },
  { "leading-zero", "{\"regie\": 01}", EVENT_ERROR_SYNTAX, "line 1, column 11",
    "expected a number" },
  { "nan", "{\"regie\": NaN}", EVENT_ERROR_SYNTAX, "line 1, column 11", "expected a value" },
  { "endless-number", "{\"regie\": 1e999}", EVENT_ERROR_SYNTAX, "line 1, column 11",
    "ordinary size" },
  { "long-number", "{\"regie\": 99999999999999999999}", EVENT_ERROR_SYNTAX, "line 1, column 11",
    "ordinary size" },
  { "deep", NEST16 ("[") NEST16 ("[") NEST16 ("[") NEST16 ("[") "[", EVENT_ERROR_SYNTAX,
    "line 1, column 65", "expected at most 64 brackets" },
  { "more-after", HEAD SOURCES ", " SHOTS "}\n}", EVENT_ERROR_SYNTAX, "line 2, column 1",
    "expected nothing after the event" },

  { "a-list", "[]", EVENT_ERROR_INVALID, "the event", "expected an object" },
  { "no-version", "{\"title\": \"T\"}", EVENT_ERROR_INVALID, "regie is missing", "expected 1" },
  { "version-text", "{\"regie\": \"1\"}", EVENT_ERROR_INVALID, "regie is “1”",
    "expected 1, the version" },
  { "newer", "{\"regie\": 2}", EVENT_ERROR_VERSION, "regie is 2",
    "expected 1: the file was written by a newer" },
  { "misspelt-title", "{\"regie\": 1, \"titel\": \"T\"}", EVENT_ERROR_INVALID, "title is missing",
    "expected a text; is “titel” meant to be “title”?" },
  { "title-number", "{\"regie\": 1, \"title\": 7}", EVENT_ERROR_INVALID, "title is 7",
    "expected a text" },
  { "title-empty", "{\"regie\": 1, \"title\": \"\"}", EVENT_ERROR_INVALID, "title is empty",
    "expected a text" },
  { "title-lines", "{\"regie\": 1, \"title\": \"a\\nb\"}", EVENT_ERROR_INVALID, "title is “a\\nb”",
    "expected one line" },
  { "language", WITH ("\"language\": \"français\""), EVENT_ERROR_INVALID, "language is “français”",
    "expected a language's code" },
  { "width", WITH ("\"program\": {\"width\": 99999}"), EVENT_ERROR_INVALID,
    "program.width is 99999", "expected a whole number from 320 to 3840" },
  { "odd-height", WITH ("\"program\": {\"height\": 721}"), EVENT_ERROR_INVALID,
    "program.height is 721", "expected an even number" },
  { "half-rate", WITH ("\"program\": {\"rate\": 29.97}"), EVENT_ERROR_INVALID,
    "program.rate is 29.97", "expected a whole number from 10 to 60" },
  { "program-list", WITH ("\"program\": []"), EVENT_ERROR_INVALID, "program is a list",
    "expected an object" },
  { "no-sources", HEAD "\"talks\": []}", EVENT_ERROR_INVALID, "sources is missing",
    "expected a list with one entry at least" },
  { "empty-sources", "{\"regie\": 1, \"title\": \"T\", \"sources\": []}", EVENT_ERROR_INVALID,
    "sources is empty", "expected one entry at least" },
  { "source-text", "{\"regie\": 1, \"title\": \"T\", \"sources\": [\"a\"]}", EVENT_ERROR_INVALID,
    "sources[0] is “a”", "expected an object" },
  { "no-shots", HEAD SOURCES "}", EVENT_ERROR_INVALID, "shots is missing", "expected a list" },
  { "kind", SOURCE ("\"kind\": \"camra\""), EVENT_ERROR_INVALID, "sources[0].kind is “camra”",
    "expected one of camera, uri, still, drawn, slides, screen, film, card, guest, whip, whep; is "
    "“camera” meant?" },
  { "no-kind", SOURCE ("\"muted\": true"), EVENT_ERROR_INVALID, "sources[0].kind is missing",
    "expected one of camera" },
  { "bad-id", SOURCE ("\"kind\": \"drawn\"}, {\"id\": \"a b\", \"kind\": \"drawn\""),
    EVENT_ERROR_INVALID, "sources[1].id is “a b”", "expected letters" },
  { "same-id", SOURCE ("\"kind\": \"drawn\"}, {\"id\": \"a\", \"kind\": \"drawn\""),
    EVENT_ERROR_INVALID, "sources[1].id is “a”", "expected one that no other entry has" },
  { "muted-text", SOURCE ("\"kind\": \"drawn\", \"muted\": \"yes\""), EVENT_ERROR_INVALID,
    "sources[0].muted is “yes”", "expected true or false" },
  { "volume", SOURCE ("\"kind\": \"drawn\", \"volume-db\": 20"), EVENT_ERROR_INVALID,
    "sources[0].volume-db is 20", "expected a number from -60 to 12" },
  { "delay", SOURCE ("\"kind\": \"drawn\", \"delay-ms\": -1"), EVENT_ERROR_INVALID,
    "sources[0].delay-ms is -1", "expected a whole number from 0 to 5000" },
  { "no-uri", SOURCE ("\"kind\": \"uri\""), EVENT_ERROR_INVALID, "sources[0].uri is missing",
    "expected a text" },
  { "uri-scheme", SOURCE ("\"kind\": \"uri\", \"uri\": \"htp://x/y\""), EVENT_ERROR_INVALID,
    "sources[0].uri begins with “htp”", "expected one of file://, http://" },
  { "no-picture", SOURCE ("\"kind\": \"still\""), EVENT_ERROR_INVALID,
    "sources[0].picture is missing", "expected a text" },
  { "layout", SHOT ("\"layout\": \"fulll\", \"sources\": [\"a\"]"), EVENT_ERROR_INVALID,
    "shots[0].layout is “fulll”", "is “full” meant?" },
  { "too-few", SHOT ("\"layout\": \"side-by-side\", \"sources\": [\"a\"]"), EVENT_ERROR_INVALID,
    "shots[0].sources has 1", "expected 2, since the layout is side-by-side" },
  { "pause-with", SHOT ("\"layout\": \"pause\", \"sources\": [\"a\"]"), EVENT_ERROR_INVALID,
    "shots[0].sources has 1", "expected 0" },
  { "no-such-source", SHOT ("\"layout\": \"side-by-side\", \"sources\": [\"a\", \"guest\"]"),
    EVENT_ERROR_INVALID, "shots[0].sources[1] is “guest”", "expected the id of a source" },
  { "same-source", SHOT ("\"layout\": \"side-by-side\", \"sources\": [\"a\", \"a\"]"),
    EVENT_ERROR_INVALID, "shots[0].sources[1] is “a” again", "expected another source" },
  { "corner", SHOT ("\"layout\": \"full\", \"sources\": [\"a\"], \"corner\": \"up\""),
    EVENT_ERROR_INVALID, "shots[0].corner is “up”", "expected one of top-left" },
  { "colour", WITH ("\"graphics\": {\"colour\": \"red\"}"), EVENT_ERROR_INVALID,
    "graphics.colour is “red”", "expected a colour such as #" },
  { "no-zone", TALK ("\"start\": \"2026-11-22T14:00:00\""), EVENT_ERROR_INVALID,
    "talks[0].start is “2026-11-22T14:00:00”", "expected a date, time and time zone" },
  { "end-first",
    TALK ("\"start\": \"2026-11-22T14:00:00Z\", \"end\": \"2026-11-22T14:30:00+01:00\""),
    EVENT_ERROR_INVALID, "talks[0].end is not after the start", "expected a later time" },
  { "scheme", PLACE ("\"url\": \"http://host/app\""), EVENT_ERROR_INVALID,
    "destinations[0].url begins with “http”", "expected one of rtmp://, rtmps://, srt://" },
  { "kind-of-place", PLACE ("\"kind\": \"smoke\", \"url\": \"rtmp://host/app\""),
    EVENT_ERROR_INVALID, "destinations[0].kind is “smoke”",
    "expected one of rtmp, srt, whip, hls" },
  { "whip-scheme", PLACE ("\"kind\": \"whip\", \"url\": \"rtmp://host/app\""), EVENT_ERROR_INVALID,
    "destinations[0].url begins with “rtmp”", "expected one of http://, https://" },
  { "listener-port", PLACE ("\"url\": \"srt://:port?mode=listener\""), EVENT_ERROR_INVALID,
    "destinations[0].url is not a whole address", "such as srt://:9000?mode=listener" },
  { "backup-of-hls", PLACE ("\"url\": \"out\", \"backup-url\": \"out2\""), EVENT_ERROR_INVALID,
    "destinations[0].backup-url is there", "only RTMP and SRT" },
  { "backup-secret", PLACE ("\"url\": \"rtmp://h/a\", \"backup-url\": \"rtmp://me:S3CRET@h/a\""),
    EVENT_ERROR_INVALID, "destinations[0].backup-url has a name or password", "in the keyring" },
  { "watch", PLACE ("\"url\": \"rtmp://h/a\", \"watch\": \"ftp://h/a\""), EVENT_ERROR_INVALID,
    "destinations[0].watch begins with “ftp”", "expected one of http://" },
  { "key-is", PLACE ("\"url\": \"rtmp://h/a\", \"key-is\": \"passphrase\""), EVENT_ERROR_INVALID,
    "destinations[0].key-is is “passphrase”", "for SRT only" },
  { "latency", PLACE ("\"url\": \"srt://h:1\", \"latency-ms\": 5"), EVENT_ERROR_INVALID,
    "destinations[0].latency-ms is 5", "20 to 8000" },
  { "recording-rate", WITH ("\"recording\": {\"video-kbps\": 5}"), EVENT_ERROR_INVALID,
    "recording.video-kbps is 5", "200 to 100000" },
  { "no-host", PLACE ("\"url\": \"rtmp:///app\""), EVENT_ERROR_INVALID,
    "destinations[0].url has no host", "expected an address such as rtmp://host/path" },
  { "bad-port", PLACE ("\"url\": \"srt://host:port\""), EVENT_ERROR_INVALID, "destinations[0].url",
    "expected one such as srt://host/path" },
  { "password", PLACE ("\"url\": \"rtmp://me:S3CRET@host/app\""), EVENT_ERROR_INVALID,
    "destinations[0].url has a name or password", "in the keyring" },
  { "passphrase", PLACE ("\"url\": \"srt://host:1?mode=caller&passphrase=S3CRET\""),
    EVENT_ERROR_INVALID, "destinations[0].url has a passphrase", "in the keyring" },
  { "key", PLACE ("\"url\": \"rtmp://host/app\", \"key\": \"S3CRET\""), EVENT_ERROR_INVALID,
    "destinations[0].key", "expected \"keyring\": keys stay in the keyring" },
  { "key-number", PLACE ("\"url\": \"rtmp://host/app\", \"key\": 5"), EVENT_ERROR_INVALID,
    "destinations[0].key", "expected \"keyring\"" },
  { "tag", WITH ("\"posts\": {\"tags\": [\"ok\", \"two words\"]}"), EVENT_ERROR_INVALID,
    "posts.tags[1] is “two words”", "expected one word" },
  { "network", WITH ("\"posts\": {\"networks\": [{\"kind\": \"reply\"}]}"), EVENT_ERROR_INVALID,
    "posts.networks[0].kind is “reply”", "expected one of replay, mastodon, bluesky, x" },
  { "network-server",
    WITH ("\"posts\": {\"tags\": [\"a\"], \"networks\": [{\"kind\": \"mastodon\", \"server\": "
          "\"http://social.example\"}]}"),
    EVENT_ERROR_INVALID, "posts.networks[0].server is “http://social.example”",
    "expected an address such as https://" },
  { "network-token",
    WITH ("\"posts\": {\"tags\": [\"a\"], \"networks\": [{\"kind\": \"mastodon\", \"key\": "
          "\"S3CRET\"}]}"),
    EVENT_ERROR_INVALID, "posts.networks[0].key",
    "expected \"keyring\": keys stay in the keyring" },
  { "network-tags", WITH ("\"posts\": {\"networks\": [{\"kind\": \"bluesky\"}]}"),
    EVENT_ERROR_INVALID, "posts.tags are missing", "expected at least one" },
  { "speed",
    WITH ("\"posts\": {\"networks\": [{\"kind\": \"replay\", \"file\": \"f\", \"speed\": 0}]}"),
    EVENT_ERROR_INVALID, "posts.networks[0].speed is 0", "expected a number from 0.1 to 1000" },
  { "allowed-host", WITH ("\"posts\": {\"allowed-hosts\": [\"https://x\"]}"), EVENT_ERROR_INVALID,
    "posts.allowed-hosts[0] is “https://x”", "expected a host's name" },
  { "port", WITH ("\"live-page\": {\"port\": 65536}"), EVENT_ERROR_INVALID,
    "live-page.port is 65536", "expected a whole number from 0 to 65535" },
  { "page-address", WITH ("\"live-page\": {\"address\": \"everyone\"}"), EVENT_ERROR_INVALID,
    "live-page.address is “everyone”", "expected this computer's address" },
  { "silence", WITH ("\"alarms\": {\"silence-s\": 2}"), EVENT_ERROR_INVALID,
    "alarms.silence-s is 2", "expected a whole number from 3 to 120" },
  { "ignored-alarm", WITH ("\"alarms\": {\"ignore\": [\"hum\", \"silense\"]}"), EVENT_ERROR_INVALID,
    "alarms.ignore[1] is “silense”", "; is “silence” meant?" },
  { "page-null", WITH ("\"live-page\": null"), EVENT_ERROR_INVALID, "live-page is null",
    "expected an object" },

  { "mode", SOURCE ("\"kind\": \"camera\", \"mode\": \"big\""), EVENT_ERROR_INVALID,
    "sources[0].mode is “big”", "expected one such as 1280x720@30 jpeg" },
  { "mode-newline", SOURCE ("\"kind\": \"camera\", \"mode\": \"1280x720\\n\""), EVENT_ERROR_INVALID,
    "sources[0].mode is", "expected one line" },
  { "no-slides", SOURCE ("\"kind\": \"slides\""), EVENT_ERROR_INVALID, "sources[0].file is missing",
    "expected a text" },
  { "no-film", SOURCE ("\"kind\": \"film\", \"uri\": \"a.mp4\""), EVENT_ERROR_INVALID,
    "sources[0].file is missing", "expected a text" },
  { "then", SOURCE ("\"kind\": \"film\", \"file\": \"a\", \"then\": \"S\""), EVENT_ERROR_INVALID,
    "sources[0].then is “S”", "expected the id of a shot" },
  { "then-a-source", SOURCE ("\"kind\": \"film\", \"file\": \"a\", \"then\": \"a\""),
    EVENT_ERROR_INVALID, "sources[0].then is “a”", "expected the id of a shot" },
  { "then-number", SOURCE ("\"kind\": \"film\", \"file\": \"a\", \"then\": 1"), EVENT_ERROR_INVALID,
    "sources[0].then is 1", "expected a text" },
  { "card", SOURCE ("\"kind\": \"card\", \"card\": \"cuntdown\""), EVENT_ERROR_INVALID,
    "sources[0].card is “cuntdown”",
    "expected one of text, clock, countdown; is “countdown” meant?" },
  { "no-until", SOURCE ("\"kind\": \"card\", \"card\": \"countdown\""), EVENT_ERROR_INVALID,
    "sources[0].until is missing", "expected a text" },
  { "until", CARD ("\"until\": \"24:00\""), EVENT_ERROR_INVALID, "sources[0].until is “24:00”",
    "expected a time of the day such as 14:00" },
  { "until-minutes", CARD ("\"until\": \"14:60\""), EVENT_ERROR_INVALID,
    "sources[0].until is “14:60”", "expected a time of the day such as 14:00" },
  { "until-no-zone", CARD ("\"until\": \"2026-11-22T14:00:00\""), EVENT_ERROR_INVALID,
    "sources[0].until is “2026-11-22T14:00:00”", "or a date, time and time zone" },
  { "until-number", CARD ("\"until\": 14"), EVENT_ERROR_INVALID, "sources[0].until is 14",
    "expected a text" },
  { "card-text", CARD ("\"until\": \"14:00\", \"text\": \"a\\nb\""), EVENT_ERROR_INVALID,
    "sources[0].text is “a\\nb”", "expected one line" },
  { "card-text-list", CARD ("\"until\": \"14:00\", \"text\": []"), EVENT_ERROR_INVALID,
    "sources[0].text is a list", "expected a text" },
  { "card-background", CARD ("\"until\": \"14:00\", \"background\": \"#12345\""),
    EVENT_ERROR_INVALID, "sources[0].background is “#12345”", "expected a colour such as #" },
  { "picture-settings", SOURCE ("\"kind\": \"drawn\", \"picture-settings\": 5"),
    EVENT_ERROR_INVALID, "sources[0].picture-settings is 5", "expected an object" },
  { "rotate", PICTURE ("\"rotate\": 45"), EVENT_ERROR_INVALID,
    "sources[0].picture-settings.rotate is 45", "expected one of 0, 90, 180, 270" },
  { "rotate-once-more", PICTURE ("\"rotate\": 360"), EVENT_ERROR_INVALID,
    "sources[0].picture-settings.rotate is 360", "expected a whole number from 0 to 270" },
  { "crop", PICTURE ("\"crop\": {\"left\": 0.5}"), EVENT_ERROR_INVALID,
    "sources[0].picture-settings.crop.left is 0.5", "expected a number from 0 to 0.45" },
  { "crop-list", PICTURE ("\"crop\": [0, 0, 0, 0]"), EVENT_ERROR_INVALID,
    "sources[0].picture-settings.crop is a list", "expected an object" },
  { "zoom", PICTURE ("\"zoom\": 0.5"), EVENT_ERROR_INVALID,
    "sources[0].picture-settings.zoom is 0.5", "expected a number from 1 to 8" },
  { "zoom-x", PICTURE ("\"zoom-x\": 1.01"), EVENT_ERROR_INVALID,
    "sources[0].picture-settings.zoom-x is 1.01", "expected a number from 0 to 1" },
  { "contrast", PICTURE ("\"contrast\": -1"), EVENT_ERROR_INVALID,
    "sources[0].picture-settings.contrast is -1", "expected a number from 0 to 2" },
  { "tint", PICTURE ("\"tint\": \"green\""), EVENT_ERROR_INVALID,
    "sources[0].picture-settings.tint is “green”", "expected a number from -1 to 1" },
  { "picture-delay", PICTURE ("\"delay-ms\": -1"), EVENT_ERROR_INVALID,
    "sources[0].picture-settings.delay-ms is -1", "expected a whole number from 0 to 1000" },
  { "follows", SOUND ("\"follows\": \"sometimes\""), EVENT_ERROR_INVALID,
    "sources[0].sound-settings.follows is “sometimes”", "expected one of always, seen, never" },
  { "pan", SOUND ("\"pan\": -2"), EVENT_ERROR_INVALID, "sources[0].sound-settings.pan is -2",
    "expected a number from -1 to 1" },
  { "sound-delay", SOUND ("\"delay-ms\": 1001"), EVENT_ERROR_INVALID,
    "sources[0].sound-settings.delay-ms is 1001", "expected a whole number from -1000 to 1000" },
  { "low-cut", SOUND ("\"low-cut\": 80"), EVENT_ERROR_INVALID,
    "sources[0].sound-settings.low-cut is 80", "expected true or false" },
  { "slides-and-one", SHOT ("\"layout\": \"slides-and-two\", \"sources\": [\"a\", \"b\"]"),
    EVENT_ERROR_INVALID, "shots[0].sources has 2",
    "expected 3, since the layout is slides-and-two" },
  { "same-other", SHOT ("\"layout\": \"slides-and-two\", \"sources\": [\"a\", \"b\", \"b\"]"),
    EVENT_ERROR_INVALID, "shots[0].sources[2] is “b” again", "expected another source" },
  { "no-one", SHOT ("\"layout\": \"everyone\", \"sources\": []"), EVENT_ERROR_INVALID,
    "shots[0].sources has 0", "expected 1 to 16, since the layout is everyone" },
  { "shot-key", SHOT ("\"layout\": \"pause\", \"key\": 10"), EVENT_ERROR_INVALID,
    "shots[0].key is 10", "expected a whole number from 0 to 9" },
  { "shot-key-text", SHOT ("\"layout\": \"pause\", \"key\": \"1\""), EVENT_ERROR_INVALID,
    "shots[0].key is “1”", "expected a whole number from 0 to 9" },
  { "same-key",
    SHOT ("\"layout\": \"pause\", \"key\": 3}, {\"id\": \"t\", \"layout\": \"pause\", "
          "\"key\": 3"),
    EVENT_ERROR_INVALID, "shots[1].key is 3", "expected one that “s” does not have" },
  { "shot-logo", SHOT ("\"layout\": \"pause\", \"logo\": \"logo.png\""), EVENT_ERROR_INVALID,
    "shots[0].logo is “logo.png”", "expected true or false" },
  { "shot-logo-size", SHOT ("\"layout\": \"pause\", \"logo-size\": 0.1"), EVENT_ERROR_INVALID,
    "shots[0].logo-size is 0.1", "expected a number from 0.25 to 3" },
  { "logo-opacity", WITH ("\"graphics\": {\"logo-opacity\": 0}"), EVENT_ERROR_INVALID,
    "graphics.logo-opacity is 0", "expected a number from 0.1 to 1" },
  { "style", WITH ("\"graphics\": {\"style\": \"lines\"}"), EVENT_ERROR_INVALID,
    "graphics.style is “lines”", "expected one of plate, band, line; is “line” meant?" },
  { "name-s", WITH ("\"graphics\": {\"name-s\": 601}"), EVENT_ERROR_INVALID,
    "graphics.name-s is 601", "expected a whole number from 0 to 600" },
  { "font", WITH ("\"graphics\": {\"font\": \"\"}"), EVENT_ERROR_INVALID, "graphics.font is empty",
    "expected a text" },
  { "affiliation", TALK ("\"affiliation\": [\"A\"]"), EVENT_ERROR_INVALID,
    "talks[0].affiliation is a list", "expected a text" },
};

static void
test_refuses (gconstpointer data)
{
  const Broken *item = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (EventFile) file = event_file_parse (item->json, -1, "/x/show.regie", &error);

  g_assert_null (file);
  g_assert_error (error, EVENT_ERROR, (int) item->code);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, "show.regie: "));
  g_assert_nonnull (strstr (error->message, item->where));
  g_assert_nonnull (strstr (error->message, item->expected));
  g_assert_null (strstr (error->message, "S3CRET"));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_refuses_zero_byte (void)
{
  static const char json[] = "{\"regie\": 1,\n \"title\": \"a\0b\"}";
  g_autoptr (GError) error = NULL;

  g_assert_null (event_file_parse (json, sizeof json - 1, NULL, &error));
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_SYNTAX);
  g_assert_cmpstr (error->message, ==,
                   "event: line 2, column 13: expected text, but a zero byte is here");
}

/* Needs no zero byte after the text: the sanitizers see a read past its end. */
static void
test_reads_only_its_bytes (void)
{
  static const char *const beginnings[] = { "",   "{",   "{\"a", "{\"a\\", "{\"a\\u12", "[1",
                                            "[-", "[1e", "tru",  "true",   "[\"\xc3" };

  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++) {
    const gsize length = strlen (beginnings[i]);
    g_autofree char *exact = g_memdup2 (beginnings[i], length);
    g_autoptr (GError) error = NULL;

    g_assert_null (event_file_parse (exact != NULL ? exact : "", (gssize) length, NULL, &error));
    g_assert_nonnull (error);
  }
}

static void
test_refuses_too_many (void)
{
  g_autoptr (GString) json = g_string_new (HEAD "\"sources\": [");
  g_autofree char *long_title = g_strnfill (201, 'x');
  g_autofree char *with_title = g_strdup_printf ("{\"regie\": 1, \"title\": \"%s\"}", long_title);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 17; i++)
    g_string_append_printf (json, "%s{\"id\": \"s%d\", \"kind\": \"drawn\"}", i > 0 ? "," : "", i);
  g_string_append (json, "]}");
  g_assert_null (event_file_parse (json->str, -1, "show.regie", &error));
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "show.regie: sources has 17 entries, expected 16 at most");
  g_clear_error (&error);

  g_assert_null (event_file_parse (with_title, -1, "show.regie", &error));
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==,
                   "show.regie: title has 201 characters, expected 200 at most");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autofree char *path = g_strconcat ("/event/errors/refuses/", broken[i].name, NULL);

    g_test_add_data_func (path, &broken[i], test_refuses);
  }
  g_test_add_func ("/event/errors/refuses-zero-byte", test_refuses_zero_byte);
  g_test_add_func ("/event/errors/reads-only-its-bytes", test_reads_only_its_bytes);
  g_test_add_func ("/event/errors/refuses-too-many", test_refuses_too_many);
  return g_test_run ();
}

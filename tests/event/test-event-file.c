/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "event-file.h"

#define SOURCES \
  "\"sources\": [{\"id\": \"a\", \"kind\": \"drawn\"}, {\"id\": \"b\", \"kind\": \"drawn\"}]"
#define SHOTS "\"shots\": [{\"id\": \"s\", \"layout\": \"full\", \"sources\": [\"a\"]}]"
#define HEAD  "{\"regie\": 1, \"title\": \"T\", "

static const char full_event[] =
  "{ \"regie\": 1, \"title\": \"Été à l’amphi\", \"language\": \"fr\",\n"
  "  \"program\": { \"width\": 1280, \"height\": 720, \"rate\": 25, \"video-kbps\": 3000, "
  "\"audio-kbps\": 160 },\n"
  "  \"sources\": [\n"
  "    { \"id\": \"room\", \"title\": \"Room camera\", \"kind\": \"camera\", \"device\": "
  "\"usb-1\", "
  "\"sound\": \"none\",\n      \"volume-db\": -3.3, \"muted\": true, \"delay-ms\": 120 },\n"
  "    { \"id\": \"guest\", \"title\": \"Guest\", \"kind\": \"uri\", \"uri\": \"guest.mp4\", "
  "\"loop\": true },\n"
  "    { \"id\": \"net\", \"kind\": \"uri\", \"uri\": \"rtsp://camera.local/1\" },\n"
  "    { \"id\": \"pic\", \"kind\": \"still\", \"picture\": \"still.png\" },\n"
  "    { \"id\": \"any\", \"kind\": \"camera\" },\n"
  "    { \"id\": \"demo\", \"kind\": \"drawn\", \"drawing\": \"guest\" } ],\n"
  "  \"shots\": [\n"
  "    { \"id\": \"room\", \"title\": \"Camera\", \"layout\": \"full\", \"sources\": [\"room\"] "
  "},\n"
  "    { \"id\": \"duo\", \"title\": \"Camera + guest\", \"layout\": \"picture-in-picture\",\n"
  "      \"sources\": [\"room\", \"guest\"], \"corner\": \"top-left\" },\n"
  "    { \"id\": \"two\", \"layout\": \"side-by-side\", \"sources\": [\"guest\", \"room\"] },\n"
  "    { \"id\": \"talk\", \"layout\": \"slides-and-speaker\", \"sources\": [\"pic\", \"room\"] "
  "},\n"
  "    { \"id\": \"wait\", \"layout\": \"pause\" } ],\n"
  "  \"graphics\": { \"logo\": \"logo.png\", \"logo-position\": \"top-left\", \"colour\": "
  "\"#A0b1C2\" },\n"
  "  \"talks\": [ { \"title\": \"Opening\", \"speakers\": [\"Ada\", \"Zoë\"],\n"
  "      \"start\": \"2026-11-22T14:00:00+01:00\", \"end\": \"2026-11-22T14:30:00+01:00\" },\n"
  "    { \"title\": \"Lunch\" } ],\n"
  "  \"destinations\": [ { \"id\": \"a\", \"title\": \"Far\", \"url\": \"rtmp://host/app\", "
  "\"key\": \"keyring\" },\n"
  "    { \"id\": \"b\", \"url\": \"srt://host:7001?mode=caller\", \"enabled\": false } ],\n"
  "  \"recording\": { \"folder\": \"out\" },\n"
  "  \"posts\": { \"tags\": [\"#amphi\", \"été\"], \"allowed-hosts\": [\"example.org\"],\n"
  "    \"networks\": [ { \"kind\": \"replay\", \"file\": \"posts.ndjson\", \"speed\": 2.5 } ] },\n"
  "  \"live-page\": { \"address\": \"0.0.0.0\", \"port\": 0 },\n"
  "  \"alarms\": { \"off-air\": true, \"silence-s\": 15, \"ignore\": [\"hum\"] } }\n";

static EventFile *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  EventFile *file = event_file_parse (json, -1, "/tmp/show.regie", &error);

  g_assert_no_error (error);
  g_assert_nonnull (file);
  return file;
}

static gpointer
nth (GPtrArray *records, guint index)
{
  g_assert_cmpuint (index, <, records->len);
  return records->pdata[index];
}

static void
test_reads_sources (void)
{
  g_autoptr (EventFile) file = parse (full_event);
  GPtrArray *sources = event_file_get_sources (file);
  const EventSource *room = nth (sources, 0), *guest = nth (sources, 1), *net = nth (sources, 2);
  const EventSource *pic = nth (sources, 3), *any = nth (sources, 4), *demo = nth (sources, 5);

  g_assert_cmpuint (sources->len, ==, 6);
  g_assert_cmpstr (room->id, ==, "room");
  g_assert_cmpstr (room->title, ==, "Room camera");
  g_assert_cmpint (room->kind, ==, EVENT_SOURCE_CAMERA);
  g_assert_cmpstr (room->device, ==, "usb-1");
  g_assert_cmpstr (room->sound, ==, "none");
  g_assert_cmpfloat (room->volume_db, ==, -3.3);
  g_assert_true (room->muted);
  g_assert_cmpint (room->delay_ms, ==, 120);
  g_assert_null (room->uri);

  g_assert_cmpint (guest->kind, ==, EVENT_SOURCE_URI);
  g_assert_cmpstr (guest->uri, ==, "guest.mp4");
  g_assert_true (guest->loop);
  g_assert_null (guest->device);
  g_assert_cmpfloat (guest->volume_db, ==, 0);
  g_assert_false (guest->muted);
  g_assert_cmpint (guest->delay_ms, ==, -1);

  g_assert_cmpstr (net->title, ==, "net");
  g_assert_cmpstr (net->uri, ==, "rtsp://camera.local/1");
  g_assert_false (net->loop);
  g_assert_cmpint (pic->kind, ==, EVENT_SOURCE_STILL);
  g_assert_cmpstr (pic->picture, ==, "still.png");
  g_assert_cmpstr (any->device, ==, "default");
  g_assert_cmpstr (any->sound, ==, "default");
  g_assert_cmpint (demo->kind, ==, EVENT_SOURCE_DRAWN);
  g_assert_cmpint (demo->drawing, ==, EVENT_DRAWING_GUEST);
}

static void
test_reads_shots (void)
{
  g_autoptr (EventFile) file = parse (full_event);
  GPtrArray *shots = event_file_get_shots (file);
  const EventShot *duo = nth (shots, 1), *pause = nth (shots, 4);
  static const EventLayout layouts[] = { EVENT_LAYOUT_FULL, EVENT_LAYOUT_PICTURE_IN_PICTURE,
                                         EVENT_LAYOUT_SIDE_BY_SIDE, EVENT_LAYOUT_SLIDES_AND_SPEAKER,
                                         EVENT_LAYOUT_PAUSE };

  g_assert_cmpuint (shots->len, ==, G_N_ELEMENTS (layouts));
  for (guint i = 0; i < shots->len; i++)
    g_assert_cmpint (((const EventShot *) nth (shots, i))->layout, ==, layouts[i]);
  g_assert_cmpstr (duo->id, ==, "duo");
  g_assert_cmpstr (duo->title, ==, "Camera + guest");
  g_assert_cmpint (duo->corner, ==, EVENT_CORNER_TOP_LEFT);
  g_assert_cmpuint (g_strv_length (duo->sources), ==, 2);
  g_assert_cmpstr (duo->sources[0], ==, "room");
  g_assert_cmpstr (duo->sources[1], ==, "guest");
  g_assert_cmpint (pause->corner, ==, EVENT_CORNER_BOTTOM_RIGHT);
  g_assert_cmpuint (g_strv_length (pause->sources), ==, 0);
}

static void
test_reads_talks_and_destinations (void)
{
  g_autoptr (EventFile) file = parse (full_event);
  const EventTalk *opening = nth (event_file_get_talks (file), 0);
  const EventTalk *lunch = nth (event_file_get_talks (file), 1);
  const EventDestination *far = nth (event_file_get_destinations (file), 0);
  const EventDestination *srt = nth (event_file_get_destinations (file), 1);

  g_assert_cmpstr (opening->title, ==, "Opening");
  g_assert_cmpuint (g_strv_length (opening->speakers), ==, 2);
  g_assert_cmpstr (opening->speakers[1], ==, "Zoë");
  g_assert_cmpint (g_date_time_to_unix (opening->start), ==, 1795352400);
  g_assert_cmpint (g_date_time_difference (opening->end, opening->start), ==,
                   30 * G_TIME_SPAN_MINUTE);
  g_assert_null (lunch->start);
  g_assert_null (lunch->end);
  g_assert_cmpuint (g_strv_length (lunch->speakers), ==, 0);

  g_assert_cmpstr (far->id, ==, "a");
  g_assert_cmpstr (far->title, ==, "Far");
  g_assert_cmpstr (far->url, ==, "rtmp://host/app");
  g_assert_true (far->has_key);
  g_assert_true (far->enabled);
  g_assert_cmpstr (srt->title, ==, "b");
  g_assert_cmpstr (srt->url, ==, "srt://host:7001?mode=caller");
  g_assert_false (srt->has_key);
  g_assert_false (srt->enabled);
}

static void
test_networks_have_real_addresses (void)
{
  g_autoptr (EventFile) file =
    parse (HEAD SOURCES
           ", " SHOTS ","
           "\"posts\": {\"tags\": [\"a\"], \"networks\": [{\"kind\": \"mastodon\"},"
           "{\"kind\": \"mastodon\", \"server\": \"https://piaille.fr\", \"key\": \"keyring\"},"
           "{\"kind\": \"bluesky\"}, {\"kind\": \"x\", \"max-cost\": 12.5},"
           "{\"kind\": \"bluesky\", \"stream\": \"ws://127.0.0.1:1\", \"profiles\": "
           "\"http://localhost:2\"}]}}");
  GPtrArray *networks = event_file_get_posts (file)->networks;
  const EventNetwork *first = nth (networks, 0);
  const EventNetwork *second = nth (networks, 1);
  const EventNetwork *bluesky = nth (networks, 2);
  const EventNetwork *x = nth (networks, 3);
  const EventNetwork *standin = nth (networks, 4);

  g_assert_cmpint (first->kind, ==, EVENT_NETWORK_MASTODON);
  g_assert_cmpstr (first->server, ==, "https://mastodon.social");
  g_assert_false (first->has_key);
  g_assert_cmpstr (second->server, ==, "https://piaille.fr");
  g_assert_true (second->has_key);
  g_assert_cmpint (bluesky->kind, ==, EVENT_NETWORK_BLUESKY);
  g_assert_null (bluesky->server);
  g_assert_cmpstr (bluesky->profiles, ==, "https://public.api.bsky.app");
  g_assert_cmpint (x->kind, ==, EVENT_NETWORK_X);
  g_assert_cmpstr (x->server, ==, "https://api.x.com");
  g_assert_true (x->has_key);
  g_assert_cmpfloat (x->max_cost_usd, ==, 12.5);
  g_assert_cmpstr (standin->server, ==, "ws://127.0.0.1:1");
  g_assert_cmpstr (standin->profiles, ==, "http://localhost:2");
}

/* The chats of a stream's own viewers need no tag. */
static void
test_chats_have_real_addresses (void)
{
  g_autoptr (EventFile) file =
    parse (HEAD SOURCES ", " SHOTS ","
                        "\"posts\": {\"networks\": ["
                        "{\"kind\": \"youtube\", \"video\": \"dQw4w9WgXcQ\"},"
                        "{\"kind\": \"twitch\", \"channel\": \"Asso_Example\"},"
                        "{\"kind\": \"owncast\", \"server\": \"https://live.example.org\"},"
                        "{\"kind\": \"twitch\", \"channel\": \"a\", \"server\": "
                        "\"ws://127.0.0.1:1\"}]}}");
  GPtrArray *networks = event_file_get_posts (file)->networks;
  const EventNetwork *youtube = nth (networks, 0);
  const EventNetwork *twitch = nth (networks, 1);
  const EventNetwork *owncast = nth (networks, 2);
  const EventNetwork *standin = nth (networks, 3);

  g_assert_cmpint (youtube->kind, ==, EVENT_NETWORK_YOUTUBE);
  g_assert_cmpstr (youtube->video, ==, "dQw4w9WgXcQ");
  g_assert_cmpstr (youtube->server, ==, "https://youtube.googleapis.com");
  g_assert_true (youtube->has_key);
  g_assert_cmpint (twitch->kind, ==, EVENT_NETWORK_TWITCH);
  g_assert_cmpstr (twitch->channel, ==, "Asso_Example");
  g_assert_cmpstr (twitch->server, ==, "wss://irc-ws.chat.twitch.tv");
  g_assert_false (twitch->has_key);
  g_assert_cmpint (owncast->kind, ==, EVENT_NETWORK_OWNCAST);
  g_assert_cmpstr (owncast->server, ==, "https://live.example.org");
  g_assert_cmpstr (standin->server, ==, "ws://127.0.0.1:1");
}

static void
test_reads_the_rest (void)
{
  g_autoptr (EventFile) file = parse (full_event);
  const EventProgram *program = event_file_get_program (file);
  const EventGraphics *graphics = event_file_get_graphics (file);
  const EventPosts *posts = event_file_get_posts (file);
  const EventNetwork *network = nth (posts->networks, 0);
  const EventLivePage *page = event_file_get_live_page (file);
  const EventAlarms *alarms = event_file_get_alarms (file);

  g_assert_cmpstr (event_file_get_title (file), ==, "Été à l’amphi");
  g_assert_cmpstr (event_file_get_language (file), ==, "fr");
  g_assert_cmpint (program->width_px, ==, 1280);
  g_assert_cmpint (program->height_px, ==, 720);
  g_assert_cmpint (program->rate_fps, ==, 25);
  g_assert_cmpint (program->video_kbps, ==, 3000);
  g_assert_cmpint (program->audio_kbps, ==, 160);
  g_assert_cmpstr (graphics->logo, ==, "logo.png");
  g_assert_cmpint (graphics->logo_position, ==, EVENT_CORNER_TOP_LEFT);
  g_assert_cmpstr (graphics->colour, ==, "#A0b1C2");
  g_assert_cmpstr (event_file_get_recording (file)->folder, ==, "out");
  g_assert_cmpstr (posts->tags[0], ==, "amphi");
  g_assert_cmpstr (posts->tags[1], ==, "été");
  g_assert_null (posts->tags[2]);
  g_assert_cmpstr (posts->allowed_hosts[0], ==, "example.org");
  g_assert_cmpint (network->kind, ==, EVENT_NETWORK_REPLAY);
  g_assert_cmpstr (network->file, ==, "posts.ndjson");
  g_assert_cmpfloat (network->speed, ==, 2.5);
  g_assert_true (page->enabled);
  g_assert_cmpstr (page->address, ==, "0.0.0.0");
  g_assert_cmpint (page->port, ==, 0);
  g_assert_true (alarms->off_air);
  g_assert_cmpint (alarms->silence_s, ==, 15);
  g_assert_cmpstr (alarms->ignored[0], ==, "hum");
  g_assert_null (alarms->ignored[1]);
}

static void
test_has_defaults (void)
{
  g_autoptr (EventFile) file = parse (HEAD SOURCES ", " SHOTS "}");
  const EventProgram *program = event_file_get_program (file);
  const EventLivePage *page = event_file_get_live_page (file);
  const EventAlarms *alarms = event_file_get_alarms (file);

  g_assert_cmpstr (event_file_get_language (file), ==, "en");
  g_assert_cmpint (program->width_px, ==, 1920);
  g_assert_cmpint (program->height_px, ==, 1080);
  g_assert_cmpint (program->rate_fps, ==, 30);
  g_assert_cmpint (program->video_kbps, ==, 4500);
  g_assert_cmpint (program->audio_kbps, ==, 128);
  g_assert_null (event_file_get_graphics (file)->logo);
  g_assert_cmpint (event_file_get_graphics (file)->logo_position, ==, EVENT_CORNER_TOP_RIGHT);
  g_assert_cmpuint (strlen (event_file_get_graphics (file)->colour), ==, 7);
  g_assert_null (event_file_get_recording (file)->folder);
  g_assert_false (alarms->off_air);
  g_assert_cmpint (alarms->silence_s, ==, 8);
  g_assert_null (alarms->ignored[0]);
  g_assert_cmpuint (g_strv_length (event_file_get_posts (file)->tags), ==, 0);
  g_assert_cmpuint (event_file_get_posts (file)->networks->len, ==, 0);
  g_assert_cmpuint (g_strv_length (event_file_get_posts (file)->allowed_hosts), ==, 0);
  g_assert_cmpuint (event_file_get_talks (file)->len, ==, 0);
  g_assert_cmpuint (event_file_get_destinations (file)->len, ==, 0);
  g_assert_false (page->enabled);
  g_assert_cmpstr (page->address, ==, "127.0.0.1");
  g_assert_cmpint (page->port, ==, 8088);
}

/* A folder of its own for each test that touches the disk. */
typedef struct {
  char *folder;
  char *path;
} Disk;

static void
disk_set_up (Disk *disk, gconstpointer data)
{
  disk->folder = g_dir_make_tmp ("regie-event-XXXXXX", NULL);
  g_assert_nonnull (disk->folder);
  disk->path = g_build_filename (disk->folder, "show.regie", NULL);
}

static void
disk_tear_down (Disk *disk, gconstpointer data)
{
  GDir *dir = g_dir_open (disk->folder, 0, NULL);
  const char *name = NULL;

  g_chmod (disk->folder, 0755);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (disk->folder, name, NULL);

    g_remove (path);
  }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (disk->folder);
  g_free (disk->folder);
  g_free (disk->path);
}

static void
write_file (const char *path, const char *text)
{
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static char *
read_back (const char *path)
{
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
test_keeps_unknown_keys (Disk *disk, gconstpointer data)
{
  g_autoptr (EventFile) file = NULL;
  g_autoptr (EventFile) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  const char *kept[] = { "\"deep\": [1, 2.5, 0.1, null, true, \"\\\"é\\n\"]",
                         "\"colour-space\": \"bt2020\"", "\"big\": 9007199254740993",
                         "\"empty\": []", "\"title\": \"New “title”\"" };

  write_file (
    disk->path,
    "\xef\xbb\xbf{\"zz-new\":{\"deep\":[1,2.5,0.1,null,true,\"\\\"\\u00e9\\n\"]},\"regie\":1,"
    "\"title\":\"Old\",\"big\":9007199254740993,\"empty\":[],\"sources\":[{\"id\":\"a\","
    "\"kind\":\"drawn\",\"colour-space\":\"bt2020\"}]," SHOTS "}");
  file = event_file_load (disk->path, &error);
  g_assert_no_error (error);
  event_file_set_title (file, "New “title”");
  g_assert_true (event_file_save (file, NULL, &error));
  g_assert_no_error (error);

  text = read_back (disk->path);
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    g_assert_nonnull (strstr (text, kept[i]));
  g_assert_true (strstr (text, "zz-new") < strstr (text, "regie"));
  g_assert_true (strstr (text, "regie") < strstr (text, "New “title”"));

  again = event_file_load (disk->path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (event_file_get_title (again), ==, "New “title”");
  g_free (text);
  text = event_file_to_json (again);
  g_assert_true (g_str_has_prefix (text, "{\n  \"zz-new\": {"));
}

static void
test_saves_what_it_read (Disk *disk, gconstpointer data)
{
  g_autoptr (EventFile) file = event_file_parse (full_event, -1, disk->path, NULL);
  g_autoptr (EventFile) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = event_file_to_json (file);
  g_autofree char *after = NULL;

  g_assert_nonnull (strstr (before, "\"volume-db\": -3.3,"));
  g_assert_true (event_file_save (file, disk->path, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (event_file_get_path (file), ==, disk->path);
  again = event_file_load (disk->path, &error);
  g_assert_no_error (error);
  after = event_file_to_json (again);
  g_assert_cmpstr (before, ==, after);
}

static void
count_cb (EventFile *file, GParamSpec *pspec, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
test_cleans_a_new_title (void)
{
  g_autoptr (EventFile) file = parse (full_event);
  g_autoptr (EventFile) again = NULL;
  g_autofree char *long_title = g_strnfill (300, 'x');
  g_autofree char *json = NULL;
  guint n_notifies = 0;

  g_signal_connect (file, "notify::title", G_CALLBACK (count_cb), &n_notifies);
  event_file_set_title (file, " ");
  g_assert_cmpstr (event_file_get_title (file), ==, "Été à l’amphi");
  g_assert_cmpuint (n_notifies, ==, 0);
  event_file_set_title (file, "two\nlines\xff ");
  event_file_set_title (file, "two\nlines\xff");
  g_assert_cmpstr (event_file_get_title (file), ==, "two lines\xef\xbf\xbd");
  g_assert_cmpuint (n_notifies, ==, 1);
  event_file_set_title (file, long_title);
  g_assert_cmpuint (strlen (event_file_get_title (file)), ==, 200);

  json = event_file_to_json (file);
  again = parse (json);
  g_assert_cmpstr (event_file_get_title (again), ==, event_file_get_title (file));
}

/* Root may do everything: it steps down to nobody, and back afterwards. */
static gboolean
step_down (Disk *disk)
{
  if (geteuid () != 0)
    return TRUE;
  if (chown (disk->folder, 65534, 65534) == 0 && seteuid (65534) == 0)
    return TRUE;
  g_test_skip ("root cannot become another user here, and root may write everywhere");
  return FALSE;
}

static void
step_up (void)
{
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
}

static void
test_leaves_the_old_file (Disk *disk, gconstpointer data)
{
  g_autoptr (EventFile) file = parse (full_event);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean saved = TRUE;

  write_file (disk->path, "the old one");
  g_assert_cmpint (g_chmod (disk->folder, 0555), ==, 0);
  if (!step_down (disk))
    return;
  saved = event_file_save (file, disk->path, &error);
  step_up ();

  g_assert_false (saved);
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_UNWRITABLE);
  g_assert_true (g_str_has_prefix (error->message, "show.regie: cannot be saved: "));
  g_assert_cmpstr (event_file_get_path (file), ==, "/tmp/show.regie");
  text = read_back (disk->path);
  g_assert_cmpstr (text, ==, "the old one");
}

static void
test_save_keeps_link_and_mode (Disk *disk, gconstpointer data)
{
  g_autoptr (EventFile) file = parse (full_event);
  g_autoptr (GError) error = NULL;
  g_autofree char *link_path = g_build_filename (disk->folder, "link.regie", NULL);
  GStatBuf status = { 0 };

  write_file (disk->path, "the old one");
  g_assert_cmpint (g_chmod (disk->path, 0640), ==, 0);
  g_assert_cmpint (symlink ("show.regie", link_path), ==, 0);
  g_assert_true (event_file_save (file, link_path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (link_path, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (g_stat (disk->path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0640);
  g_assert_cmpint (status.st_size, >, 100);
}

static void
assert_unreadable (const char *path, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EventFile) file = event_file_load (path, &error);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *prefix = g_strconcat (name, ": ", NULL);

  g_assert_null (file);
  g_assert_error (error, EVENT_ERROR, EVENT_ERROR_UNREADABLE);
  g_assert_true (g_str_has_prefix (error->message, prefix));
  g_assert_nonnull (strstr (error->message, "expected an event file"));
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_refuses_what_is_no_file (Disk *disk, gconstpointer data)
{
  g_autofree char *fifo = g_build_filename (disk->folder, "fifo", NULL);

  assert_unreadable (disk->path, "No such file");
  assert_unreadable (disk->folder, "it is a folder");
  /* Nobody ever writes to it: opening must not wait. */
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_unreadable (fifo, "not an ordinary file");
  assert_unreadable ("/dev/zero", "not an ordinary file");
}

static void
test_refuses_a_huge_file (Disk *disk, gconstpointer data)
{
  write_file (disk->path, " ");
  g_assert_cmpint (truncate (disk->path, 4 * 1024 * 1024 + 1), ==, 0);
  assert_unreadable (disk->path, "larger than 4 MiB");
}

static void
test_refuses_without_permission (Disk *disk, gconstpointer data)
{
  write_file (disk->path, full_event);
  g_assert_cmpint (g_chmod (disk->path, 0), ==, 0);
  if (!step_down (disk))
    return;
  assert_unreadable (disk->path, "Permission denied");
  step_up ();
}

static void
test_resolves (void)
{
  g_autoptr (EventFile) file = NULL;
  g_autofree char *at_home = g_build_filename (g_get_home_dir (), "Videos", NULL);
  const char *const cases[][2] = {
    { "guest.mp4", "/srv/event/guest.mp4" },
    { "media/a b.mp4", "/srv/event/media/a b.mp4" },
    { "../logo.png", "/srv/logo.png" },
    { "/data/x.png", "/data/x.png" },
    { "rtsp://host/../1", "rtsp://host/../1" },
    { "file:///data/x.mp4", "file:///data/x.mp4" },
    { "1:00 talk.mp4", "/srv/event/1:00 talk.mp4" },
    { "~/Videos", at_home },
  };

  file = event_file_parse (full_event, -1, "/srv/event/show.regie", NULL);
  g_assert_cmpstr (event_file_get_path (file), ==, "/srv/event/show.regie");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = event_file_resolve (file, cases[i][0]);

    g_assert_cmpstr (path, ==, cases[i][1]);
  }
}

#define ADD_DISK_TEST(name, function) \
  g_test_add ("/event/file/" name, Disk, NULL, disk_set_up, function, disk_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event/file/reads-sources", test_reads_sources);
  g_test_add_func ("/event/file/reads-shots", test_reads_shots);
  g_test_add_func ("/event/file/reads-talks-and-destinations", test_reads_talks_and_destinations);
  g_test_add_func ("/event/file/reads-the-rest", test_reads_the_rest);
  g_test_add_func ("/event/file/has-defaults", test_has_defaults);
  g_test_add_func ("/event/file/cleans-a-new-title", test_cleans_a_new_title);
  g_test_add_func ("/event/file/resolves", test_resolves);
  ADD_DISK_TEST ("keeps-unknown-keys", test_keeps_unknown_keys);
  ADD_DISK_TEST ("saves-what-it-read", test_saves_what_it_read);
  ADD_DISK_TEST ("leaves-the-old-file", test_leaves_the_old_file);
  ADD_DISK_TEST ("save-keeps-link-and-mode", test_save_keeps_link_and_mode);
  ADD_DISK_TEST ("refuses-what-is-no-file", test_refuses_what_is_no_file);
  ADD_DISK_TEST ("refuses-a-huge-file", test_refuses_a_huge_file);
  ADD_DISK_TEST ("refuses-without-permission", test_refuses_without_permission);
  g_test_add_func ("/event/file/networks-have-real-addresses", test_networks_have_real_addresses);
  g_test_add_func ("/event/file/chats-have-real-addresses", test_chats_have_real_addresses);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-ending.h"
#include "engine-hls-playlist.h"
#include "engine-hls-publisher.h"
#include "engine-testing.h"
#include "engine-types.h"

#include <libsoup/soup.h>
#include <string.h>

#define USER     "studio"
#define PASSWORD "caffè-latte"
#define TOKEN    "abc.def-123"

/* A web host that takes files, with its moods. */
typedef struct {
  SoupServer *server;
  char *url;
  GHashTable *files; /* path → GBytes */
  guint n_bad;       /* so many of the next requests are answered with… */
  guint bad_status;
  gboolean no_folder; /* until MKCOL makes it */
  gboolean mute;      /* answers nothing */
  guint n_requests;
  const char *token; /* nullable */
} Host;

static void
take (Host *host, SoupServerMessage *message, const char *path)
{
  const char *method = soup_server_message_get_method (message);

  if (g_str_equal (method, "MKCOL")) {
    host->no_folder = FALSE;
    soup_server_message_set_status (message, SOUP_STATUS_CREATED, NULL);
  } else if (g_str_equal (method, SOUP_METHOD_PUT)) {
    SoupMessageBody *body = soup_server_message_get_request_body (message);

    g_hash_table_insert (host->files, g_strdup (path), soup_message_body_flatten (body));
    soup_server_message_set_status (message, SOUP_STATUS_CREATED, NULL);
  } else if (g_str_equal (method, SOUP_METHOD_DELETE)) {
    soup_server_message_set_status (message, g_hash_table_remove (host->files, path) ? 204u : 404u,
                                    NULL);
  } else {
    GBytes *file = g_hash_table_lookup (host->files, path);

    soup_server_message_set_status (message, file != NULL ? 200u : 404u, NULL);
    if (file != NULL)
      soup_message_body_append_bytes (soup_server_message_get_response_body (message), file);
  }
}

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  Host *host = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const gboolean reads = g_str_equal (soup_server_message_get_method (message), SOUP_METHOD_GET);
  const char *said = soup_message_headers_get_one (headers, "Authorization");
  g_autofree char *wanted = g_strconcat ("Bearer ", host->token, NULL);

  host->n_requests++;
  if (host->mute && !reads) {
    soup_server_message_pause (message);
  } else if (host->n_bad > 0 && !reads) {
    host->n_bad--;
    soup_server_message_set_status (message, host->bad_status, NULL);
  } else if (host->token != NULL && !reads && g_strcmp0 (said, wanted) != 0) {
    soup_server_message_set_status (message, SOUP_STATUS_UNAUTHORIZED, NULL);
  } else if (host->no_folder && !g_str_equal (soup_server_message_get_method (message), "MKCOL")) {
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  } else {
    take (host, message, path);
  }
}

static char *
digest_cb (SoupAuthDomain *domain, SoupServerMessage *message, const char *user, gpointer user_data)
{
  return g_str_equal (user, USER) ? soup_auth_domain_digest_encode_password (user, "hls", PASSWORD)
                                  : NULL;
}

static void
set_up (Host *host, gconstpointer data)
{
  const gboolean digest = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;
  GSList *uris = NULL;
  g_autofree char *root = NULL;

  host->files =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  host->server = soup_server_new (NULL, NULL);
  if (digest) {
    g_autoptr (SoupAuthDomain) domain = soup_auth_domain_digest_new ("realm", "hls", NULL);

    soup_auth_domain_digest_set_auth_callback (domain, digest_cb, NULL, NULL);
    soup_auth_domain_add_path (domain, "/");
    soup_server_add_auth_domain (host->server, domain);
  }
  soup_server_add_handler (host->server, NULL, request_cb, host, NULL);
  soup_server_listen_local (host->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (host->server);
  root = g_uri_to_string (uris->data);
  host->url = g_strconcat (root, "live/", NULL);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static void
tear_down (Host *host, gconstpointer data)
{
  engine_ending_wait (g_get_monotonic_time () + 5 * G_USEC_PER_SEC);
  soup_server_disconnect (host->server);
  g_object_unref (host->server);
  g_hash_table_unref (host->files);
  g_free (host->url);
}

typedef struct {
  guint n_published;
  GError *error;
} Told;

static void
told_cb (gint64 made_us, const GError *error, gpointer user_data)
{
  Told *told = user_data;

  if (error != NULL)
    told->error = g_error_copy (error);
  else
    told->n_published++;
}

static gboolean
is_told (gpointer data)
{
  const Told *told = data;

  return told->n_published > 0 || told->error != NULL;
}

static gboolean
has_requests (gpointer data)
{
  return ((Host *) data)->n_requests >= 2;
}

static void
push (EngineHlsPublisher *publisher)
{
  const EngineHlsFormat format = { 160, 90, 30, "avc1.640028,mp4a.40.2" };
  g_autoptr (GBytes) segment = g_bytes_new_static ("segment", 7);

  engine_hls_publisher_push (publisher, segment, 2 * G_USEC_PER_SEC, g_get_real_time (), &format);
}

static EngineHlsPublisher *
start (Host *host, EngineHlsWebKey kind, const char *key, Told *told)
{
  EngineHlsStore *store = engine_hls_web_new (host->url, kind, key);
  EngineHlsPublisher *publisher =
    engine_hls_publisher_new (store, "index.m3u8", TRUE, told_cb, told);

  engine_hls_publisher_start (publisher);
  push (publisher);
  return publisher;
}

/* What comes of one segment. Returns: (nullable): why nothing did */
static GError *
publish_one (Host *host, EngineHlsWebKey kind, const char *key)
{
  Told told = { 0 };
  EngineHlsPublisher *publisher = start (host, kind, key, &told);

  g_assert_true (engine_testing_wait (is_told, &told, 15000));
  engine_hls_publisher_close (publisher);
  engine_hls_publisher_unref (publisher);
  if (told.error == NULL) {
    g_assert_true (g_hash_table_contains (host->files, "/live/stream.m3u8"));
    g_assert_true (g_hash_table_contains (host->files, "/live/index.m3u8"));
  }
  return told.error;
}

static void
assert_says (GError *error, int code, const char *words)
{
  g_assert_error (error, ENGINE_ERROR, code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strstr (error->message, PASSWORD));
  g_assert_null (strstr (error->message, TOKEN));
  g_error_free (error);
}

static void
test_digest (Host *host, gconstpointer data)
{
  g_assert_no_error (publish_one (host, ENGINE_HLS_WEB_PASSWORD, USER ":" PASSWORD));
  assert_says (publish_one (host, ENGINE_HLS_WEB_PASSWORD, USER ":" PASSWORD "x"),
               ENGINE_ERROR_REFUSED, "password");
  assert_says (publish_one (host, ENGINE_HLS_WEB_OPEN, NULL), ENGINE_ERROR_REFUSED, "wants");
}

static void
test_token (Host *host, gconstpointer data)
{
  host->token = TOKEN;
  g_assert_no_error (publish_one (host, ENGINE_HLS_WEB_TOKEN, TOKEN));
  assert_says (publish_one (host, ENGINE_HLS_WEB_TOKEN, TOKEN "x"), ENGINE_ERROR_REFUSED, "token");
  /* It would be a header of its own. */
  assert_says (publish_one (host, ENGINE_HLS_WEB_TOKEN, "x\r\nX: y"), ENGINE_ERROR_REFUSED,
               "token");
}

static void
test_moods (Host *host, gconstpointer data)
{
  static const struct {
    guint status;
    int code;
    const char *words;
  } cases[] = {
    { 507, ENGINE_ERROR_PLACE_FULL, "no room" },
    { 403, ENGINE_ERROR_REFUSED, "not allow" },
    { 405, ENGINE_ERROR_UNSUPPORTED, "takes no files" },
    { 413, ENGINE_ERROR_UNSUPPORTED, "larger" },
    { 301, ENGINE_ERROR_UNSUPPORTED, "another address" },
    { 409, ENGINE_ERROR_PLACE_UNWRITABLE, "folder" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    host->n_bad = 100;
    host->bad_status = cases[i].status;
    assert_says (publish_one (host, ENGINE_HLS_WEB_OPEN, NULL), cases[i].code, cases[i].words);
    g_assert_cmpuint (g_hash_table_size (host->files), ==, 0);
  }
  host->n_bad = 0;
}

/* What passes by itself is tried again; folders that are missing are made. */
static void
test_again (Host *host, gconstpointer data)
{
  host->n_bad = 2;
  host->bad_status = SOUP_STATUS_SERVICE_UNAVAILABLE;
  g_assert_no_error (publish_one (host, ENGINE_HLS_WEB_OPEN, NULL));
  g_assert_cmpuint (host->n_bad, ==, 0);
  g_hash_table_remove_all (host->files);
  host->no_folder = TRUE;
  g_assert_no_error (publish_one (host, ENGINE_HLS_WEB_OPEN, NULL));
}

/* A host that hangs holds up nobody, nor the end; the newest of the stream waits for it, and no more. */
static void
test_mute (Host *host, gconstpointer data)
{
  Told told = { 0 };
  EngineHlsPublisher *publisher = NULL;
  double queue_ms = 0, sent_bps = 0;
  gboolean failing = FALSE;
  gint64 began_us = 0;

  host->mute = TRUE;
  publisher = start (host, ENGINE_HLS_WEB_OPEN, NULL, &told);
  g_assert_true (engine_testing_wait (has_requests, host, 5000));
  for (guint i = 0; i < 30; i++)
    push (publisher);
  engine_hls_publisher_measure (publisher, &queue_ms, &sent_bps, &failing);
  g_assert_cmpfloat (queue_ms, >=, 20000);
  g_assert_cmpfloat (queue_ms, <=, 24000);
  engine_hls_publisher_end (publisher);
  began_us = g_get_monotonic_time ();
  engine_hls_publisher_close (publisher);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, G_USEC_PER_SEC / 10);
  engine_hls_publisher_unref (publisher);
  engine_ending_wait (g_get_monotonic_time () + 5 * G_USEC_PER_SEC);
  g_assert_cmpint (g_get_monotonic_time () - began_us, <, 3 * G_USEC_PER_SEC);
  g_assert_no_error (told.error);
}

/* A slow way loses the oldest, and says where. */
static void
test_left_out (Host *host, gconstpointer data)
{
  Told told = { 0 };
  EngineHlsPublisher *publisher = NULL;
  g_autofree char *text = NULL;
  GBytes *playlist = NULL;

  /* Nobody serves while this loop does not run. */
  publisher = start (host, ENGINE_HLS_WEB_OPEN, NULL, &told);
  g_assert_true (engine_testing_wait (is_told, &told, 5000));
  told.n_published = 0;
  for (guint i = 0; i < 25; i++)
    push (publisher);
  engine_hls_publisher_end (publisher);
  while (told.n_published < 10)
    g_main_context_iteration (NULL, TRUE);
  engine_testing_run_for (500);
  engine_hls_publisher_close (publisher);
  engine_hls_publisher_unref (publisher);
  playlist = g_hash_table_lookup (host->files, "/live/stream.m3u8");
  text = g_strndup (g_bytes_get_data (playlist, NULL), g_bytes_get_size (playlist));
  /* In the list, or it has left it already. */
  g_assert_true (strstr (text, "#EXT-X-DISCONTINUITY\n") != NULL ||
                 strstr (text, "#EXT-X-DISCONTINUITY-SEQUENCE:0\n") == NULL);
  g_assert_true (g_str_has_suffix (text, "#EXT-X-ENDLIST\n"));
}

#define ADD(path, digest, func) \
  g_test_add (path, Host, GINT_TO_POINTER (digest), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/engine/hls-web/digest", TRUE, test_digest);
  ADD ("/engine/hls-web/token", FALSE, test_token);
  ADD ("/engine/hls-web/every-refusal-in-words", FALSE, test_moods);
  ADD ("/engine/hls-web/tries-again", FALSE, test_again);
  ADD ("/engine/hls-web/mute-host-holds-up-nobody", FALSE, test_mute);
  ADD ("/engine/hls-web/slow-way-leaves-out-the-oldest", FALSE, test_left_out);
  return g_test_run ();
}

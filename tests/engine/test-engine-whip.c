/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "engine-testing.h"
#include "engine-types.h"
#include "engine-whip-client.h"
#include "engine-whip-headers.h"
#include "engine-whip-sdp.h"

#define ANSWER "v=0\r\na=ice-ufrag:u\r\na=fingerprint:sha-256 00\r\n"
#define TOKEN  "s3cret"

typedef enum {
  GOOD,
  REDIRECTED,
  REDIRECTED_FAR,
  LOOP,
  HUGE,
  GARBAGE,
  BINARY,
  NO_LOCATION,
  NO_BODY,
  HTML,
  STATUS,
  SILENT,
} Manner;

typedef struct {
  SoupServer *server;
  SoupServer *other; /* of another origin */
  char *url;
  Manner manner;
  guint status;
  guint n_posts, n_deletes, n_patches;
  char *token;       /* nullable: what the last request had */
  char *other_token; /* nullable: the same at the other server */
  gboolean other_asked;
  char *offer; /* nullable: what came last */
  char *fragment;

  EngineWhipClient *client;
  char *answer;  /* nullable */
  GError *error; /* nullable */
} Fixture;

static void
set_body (SoupServerMessage *message, const char *type, gconstpointer data, gsize size)
{
  soup_server_message_set_status (message, SOUP_STATUS_CREATED, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, data, size);
}

static void
redirect (SoupServerMessage *message, const char *where)
{
  soup_server_message_set_status (message, SOUP_STATUS_TEMPORARY_REDIRECT, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Location",
                                where);
}

static void
post (Fixture *self, SoupServerMessage *message, const char *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *huge = NULL;

  self->n_posts++;
  if (self->manner != NO_LOCATION)
    soup_message_headers_replace (headers, "Location", "/session/1?a=b");
  switch (self->manner) {
  case REDIRECTED:
    if (g_str_equal (path, "/whip")) {
      redirect (message, "elsewhere");
      return;
    }
    break;
  case REDIRECTED_FAR: {
    g_autoslist (GUri) uris = soup_server_get_uris (self->other);
    g_autofree char *where = g_uri_to_string (uris->data);

    redirect (message, where);
    return;
  }
  case LOOP:
    redirect (message, "/whip");
    return;
  case HUGE:
    huge = g_strnfill (400000, 'v');
    set_body (message, "application/sdp", huge, 400000);
    return;
  case GARBAGE:
    set_body (message, "application/sdp", "hello", 5);
    return;
  case BINARY:
    set_body (message, "application/sdp", "v=0\0\xff\xfe", 6);
    return;
  case NO_BODY:
    set_body (message, "application/sdp", "", 0);
    return;
  case HTML:
    set_body (message, "text/html", ANSWER, strlen (ANSWER));
    return;
  case STATUS:
    soup_server_message_set_status (message, self->status, NULL);
    return;
  case SILENT:
    soup_server_message_pause (message);
    return;
  case GOOD:
  case NO_LOCATION:
    break;
  }
  soup_message_headers_append (headers, "ETag", "\"e1\"");
  soup_message_headers_append (
    headers, "Link",
    "<turn:turn.example.net?transport=udp>; rel=\"ice-server\"; "
    "username=\"a:b\"; credential=\"c=d\"; credential-type=\"password\"");
  soup_message_headers_append (headers, "Link", "<stun:stun.example.net>; rel=\"ice-server\"");
  set_body (message, "application/sdp", ANSWER, strlen (ANSWER));
}

static char *
get_text (SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  return g_strndup (body->data, (gsize) body->length);
}

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  Fixture *self = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *method = soup_server_message_get_method (message);

  g_free (self->token);
  self->token = g_strdup (soup_message_headers_get_one (headers, "Authorization"));
  if (g_str_equal (method, "POST")) {
    g_free (self->offer);
    self->offer = get_text (message);
    post (self, message, path);
    return;
  }
  g_assert_cmpstr (path, ==, "/session/1");
  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  if (g_str_equal (method, "DELETE")) {
    self->n_deletes++;
  } else {
    g_assert_cmpstr (soup_message_headers_get_one (headers, "If-Match"), ==, "\"e1\"");
    g_free (self->fragment);
    self->fragment = get_text (message);
    self->n_patches++;
  }
}

static void
other_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
          gpointer user_data)
{
  Fixture *self = user_data;

  self->other_asked = TRUE;
  self->other_token =
    g_strdup (soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                            "Authorization"));
  set_body (message, "application/sdp", ANSWER, strlen (ANSWER));
}

static void
answered_cb (EngineWhipClient *client, const char *sdp, Fixture *self)
{
  g_assert_null (self->answer);
  self->answer = g_strdup (sdp);
}

static void
failed_cb (EngineWhipClient *client, const GError *error, Fixture *self)
{
  g_assert_null (self->error);
  self->error = g_error_copy (error);
}

static SoupServer *
serve (SoupServerCallback callback, Fixture *self)
{
  SoupServer *server = soup_server_new (NULL, NULL);
  GError *error = NULL;

  soup_server_add_handler (server, NULL, callback, self, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  return server;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoslist (GUri) uris = NULL;

  self->server = serve (request_cb, self);
  self->other = serve (other_cb, self);
  uris = soup_server_get_uris (self->server);
  self->url = g_strdup_printf ("http://127.0.0.1:%d/whip", g_uri_get_port (uris->data));
}

static void
begin (Fixture *self, Manner manner)
{
  self->manner = manner;
  self->client = engine_whip_client_new (self->url, TOKEN);
  g_signal_connect (self->client, "answered", G_CALLBACK (answered_cb), self);
  g_signal_connect (self->client, "failed", G_CALLBACK (failed_cb), self);
  engine_whip_client_offer (self->client, "v=0\r\nours\r\n");
}

static void
forget (Fixture *self)
{
  if (self->client != NULL)
    engine_whip_client_close (self->client);
  g_clear_object (&self->client);
  g_clear_pointer (&self->answer, g_free);
  g_clear_error (&self->error);
  self->n_posts = 0;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  forget (self);
  soup_server_disconnect (self->server);
  soup_server_disconnect (self->other);
  g_object_unref (self->server);
  g_object_unref (self->other);
  g_free (self->url);
  g_free (self->token);
  g_free (self->other_token);
  g_free (self->offer);
  g_free (self->fragment);
}

static gboolean
is_over (gpointer data)
{
  Fixture *self = data;

  return self->answer != NULL || self->error != NULL;
}

static gboolean
was_deleted (gpointer data)
{
  return ((Fixture *) data)->n_deletes > 0;
}

static gboolean
was_patched (gpointer data)
{
  return ((Fixture *) data)->n_patches > 0;
}

static void
test_publishes (Fixture *self, gconstpointer data)
{
  const char *const *servers = NULL;

  begin (self, GOOD);
  g_assert_true (engine_testing_wait (is_over, self, 5000));
  g_assert_no_error (self->error);
  g_assert_cmpstr (self->answer, ==, ANSWER);
  g_assert_cmpstr (self->offer, ==, "v=0\r\nours\r\n");
  g_assert_cmpstr (self->token, ==, "Bearer " TOKEN);
  servers = engine_whip_client_get_ice_servers (self->client);
  g_assert_cmpstr (servers[0], ==, "turn://a%3Ab:c%3Dd@turn.example.net?transport=udp");
  g_assert_cmpstr (servers[1], ==, "stun://stun.example.net");
  g_assert_null (servers[2]);
  engine_whip_client_trickle (self->client, "a=candidate:1");
  g_assert_true (engine_testing_wait (was_patched, self, 5000));
  g_assert_cmpstr (self->fragment, ==, "a=candidate:1");
  engine_whip_client_close (self->client);
  engine_whip_client_close (self->client);
  g_assert_true (engine_testing_wait (was_deleted, self, 5000));
  g_assert_cmpuint (self->n_deletes, ==, 1);
  g_assert_cmpstr (self->token, ==, "Bearer " TOKEN);
}

static void
test_redirects (Fixture *self, gconstpointer data)
{
  begin (self, REDIRECTED);
  g_assert_true (engine_testing_wait (is_over, self, 5000));
  g_assert_no_error (self->error);
  g_assert_cmpuint (self->n_posts, ==, 2);
  g_assert_cmpstr (self->offer, ==, "v=0\r\nours\r\n");
  g_assert_cmpstr (self->token, ==, "Bearer " TOKEN);
  forget (self);

  /* Another server gets the offer, but not what proves who we are. */
  begin (self, REDIRECTED_FAR);
  g_assert_true (engine_testing_wait (is_over, self, 5000));
  g_assert_no_error (self->error);
  g_assert_true (self->other_asked);
  g_assert_null (self->other_token);
  forget (self);

  begin (self, LOOP);
  g_assert_true (engine_testing_wait (is_over, self, 5000));
  g_assert_error (self->error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED);
  g_assert_cmpuint (self->n_posts, ==, 6);
}

static void
test_hostile (Fixture *self, gconstpointer data)
{
  static const Manner manners[] = { HUGE, GARBAGE, BINARY, NO_BODY, HTML };

  for (guint i = 0; i < G_N_ELEMENTS (manners); i++) {
    begin (self, manners[i]);
    g_assert_true (engine_testing_wait (is_over, self, 5000));
    g_assert_null (self->answer);
    g_assert_error (self->error, ENGINE_ERROR, ENGINE_ERROR_STREAM);
    g_assert_null (strstr (self->error->message, TOKEN));
    forget (self);
  }
  /* It can be done without. */
  begin (self, NO_LOCATION);
  g_assert_true (engine_testing_wait (is_over, self, 5000));
  g_assert_nonnull (self->answer);
}

static void
test_statuses (Fixture *self, gconstpointer data)
{
  static const struct {
    guint status;
    EngineError code;
  } statuses[] = {
    { 401, ENGINE_ERROR_REFUSED },   { 403, ENGINE_ERROR_REFUSED },
    { 404, ENGINE_ERROR_NOT_FOUND }, { 405, ENGINE_ERROR_UNSUPPORTED },
    { 400, ENGINE_ERROR_NOT_TAKEN }, { 406, ENGINE_ERROR_NOT_TAKEN },
    { 415, ENGINE_ERROR_NOT_TAKEN }, { 422, ENGINE_ERROR_NOT_TAKEN },
    { 409, ENGINE_ERROR_BUSY },      { 500, ENGINE_ERROR_STREAM },
    { 200, ENGINE_ERROR_STREAM },
  };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    self->status = statuses[i].status;
    begin (self, STATUS);
    g_assert_true (engine_testing_wait (is_over, self, 5000));
    g_assert_error (self->error, ENGINE_ERROR, (int) statuses[i].code);
    forget (self);
  }
}

/* One that never answers is given up; and one may leave before that. */
static void
test_silent (Fixture *self, gconstpointer data)
{
  begin (self, SILENT);
  g_assert_true (engine_testing_wait (is_over, self, 15000));
  g_assert_error (self->error, ENGINE_ERROR, ENGINE_ERROR_STALLED);
  forget (self);
  begin (self, SILENT);
  engine_whip_client_close (self->client);
  engine_testing_assert_finalizes (self->client);
  self->client = NULL;
  g_assert_false (is_over (self));
}

static void
test_unreachable (Fixture *self, gconstpointer data)
{
  g_free (self->url);
  self->url = g_strdup_printf ("http://127.0.0.1:%u/whip", engine_testing_find_closed_port ());
  begin (self, GOOD);
  g_assert_true (engine_testing_wait (is_over, self, 15000));
  g_assert_error (self->error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND);
  forget (self);
  g_free (self->url);
  self->url = g_strdup ("ftp://host/whip");
  begin (self, GOOD);
  g_assert_error (self->error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED);
}

static void
test_links (void)
{
  static const char *const useless[] = {
    NULL,
    "",
    "stun:x",
    "<stun:>; rel=\"ice-server\"",
    "<stun:x>",
    "<stun:x>; rel=\"next\"",
    "<turn:x>; rel=\"ice-server\"",
    "<turns:x>; rel=ice-server; username=a; credential=b",
    "<<<;;;>>>",
    "<http://x>; rel=\"ice-server\"",
  };
  g_autofree char *many = g_strnfill (5000, '<');

  for (guint i = 0; i < G_N_ELEMENTS (useless); i++) {
    g_auto (GStrv) servers = engine_whip_parse_links (useless[i]);

    g_assert_cmpuint (g_strv_length (servers), ==, 0);
  }
  g_auto (GStrv) none = engine_whip_parse_links (many);
  g_assert_cmpuint (g_strv_length (none), ==, 0);
}

static void
test_retry_after (void)
{
  /* Sun, 22 Nov 2026 14:00:00 GMT */
  const gint64 now_s = 1795356000;

  g_assert_cmpuint (engine_whip_parse_retry_after (NULL, now_s), ==, 0);
  g_assert_cmpuint (engine_whip_parse_retry_after ("7", now_s), ==, 7);
  g_assert_cmpuint (engine_whip_parse_retry_after ("86400", now_s), ==, 120);
  g_assert_cmpuint (engine_whip_parse_retry_after ("-5", now_s), ==, 0);
  g_assert_cmpuint (engine_whip_parse_retry_after ("soon", now_s), ==, 0);
  g_assert_cmpuint (engine_whip_parse_retry_after ("Sun, 22 Nov 2026 14:00:30 GMT", now_s), ==, 30);
  g_assert_cmpuint (engine_whip_parse_retry_after ("Sun, 22 Nov 2026 13:00:00 GMT", now_s), ==, 0);
}

static void
test_softens (void)
{
  g_autofree char *soft = engine_whip_sdp_soften (
    "a=fmtp:96 "
    "packetization-mode=1;profile-level-id=64001f;sprop-parameter-sets=Z0,aO4=\r\na=x\r\n");

  g_assert_cmpstr (soft, ==, "a=fmtp:96 packetization-mode=1;profile-level-id=42e01f\r\na=x\r\n");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  ADD ("/engine/whip/publishes", test_publishes);
  ADD ("/engine/whip/redirects", test_redirects);
  ADD ("/engine/whip/hostile-answers", test_hostile);
  ADD ("/engine/whip/statuses", test_statuses);
  ADD ("/engine/whip/silent", test_silent);
  ADD ("/engine/whip/unreachable", test_unreachable);
  g_test_add_func ("/engine/whip/links", test_links);
  g_test_add_func ("/engine/whip/retry-after", test_retry_after);
  g_test_add_func ("/engine/whip/softens", test_softens);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "engine-types.h"
#include "engine-whip-client.h"
#include "engine-whip-headers.h"

/* An answer with all its candidates takes a few kilobytes. */
#define MAX_ANSWER_BYTES 65536

/* From the offer to the whole answer, redirections and all. */
#define ANSWER_MS 10000

/* What the end may take. */
#define CLOSE_S       2

#define MAX_REDIRECTS 5

/**
 * EngineWhipClient:
 *
 * The HTTP side of publishing by WHIP (RFC 9725), or of playing by WHEP, which is the same the other way
 * round: the offer is posted, the answer comes back, and the end is said by deleting what the server made
 * of it. By WHEP the server may make an offer of its own instead, which is answered by patching. Main
 * thread only.
 */
struct _EngineWhipClient {
  GObject parent_instance;

  gboolean plays;      /* WHEP */
  guint retry_after_s; /* 0: the server did not say */

  SoupSession *session;
  GUri *endpoint; /* nullable: the address was none */
  char *token;    /* nullable; a secret */
  GCancellable *cancellable;
  guint timeout_id;
  guint n_redirects;
  gboolean late; /* it was given up because it took too long */

  char *offer;       /* nullable */
  GUri *resource;    /* nullable: what the server made of the offer */
  char *etag;        /* nullable */
  GStrv ice_servers; /* as webrtcbin wants them; perhaps empty */
  gboolean trickles; /* as far as is known */
};

G_DEFINE_FINAL_TYPE (EngineWhipClient, engine_whip_client, G_TYPE_OBJECT)

enum {
  SIGNAL_ANSWERED,
  SIGNAL_COUNTERED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void post (EngineWhipClient *self, GUri *uri);

static const char *
get_host (EngineWhipClient *self)
{
  return self->endpoint != NULL ? g_uri_get_host (self->endpoint) : "";
}

static void
tell_failure (EngineWhipClient *self, int code, const char *format, const char *detail)
{
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  error = g_error_new (ENGINE_ERROR, code, "“%s” %s%s", get_host (self), format, detail);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static gboolean
is_same_origin (GUri *a, GUri *b)
{
  return g_str_equal (g_uri_get_scheme (a), g_uri_get_scheme (b)) &&
         g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0 &&
         g_uri_get_port (a) == g_uri_get_port (b);
}

static SoupMessage *
make_message (EngineWhipClient *self, const char *method, GUri *uri)
{
  SoupMessage *message = soup_message_new_from_uri (method, uri);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (self->token != NULL && *self->token != '\0' && is_same_origin (uri, self->endpoint)) {
    g_autofree char *value = g_strconcat ("Bearer ", self->token, NULL);

    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  value);
  }
  return message;
}

/* Returns: (transfer full) (nullable): where a header `Location` leads, if that may be followed: never
 * to something that others on the way can read when it was not so before */
static GUri *
resolve (GUri *base, const char *location)
{
  g_autoptr (GUri) uri =
    location != NULL
      ? g_uri_parse_relative (base, location, SOUP_HTTP_URI_FLAGS | G_URI_FLAGS_ENCODED, NULL)
      : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (scheme == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;
  if (g_str_equal (scheme, "https") ||
      (g_str_equal (scheme, "http") && g_str_equal (g_uri_get_scheme (base), "http")))
    return g_steal_pointer (&uri);
  return NULL;
}

/* Reads what came in, and looks at no more than is allowed. */
typedef struct {
  EngineWhipClient *self;
  SoupMessage *message;
  GInputStream *stream;
  guint8 *data;
} Reply;

static void
reply_free (Reply *reply)
{
  g_object_unref (reply->self);
  g_object_unref (reply->message);
  g_clear_object (&reply->stream);
  g_free (reply->data);
  g_free (reply);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reply, reply_free)

static void
tell_certificate (EngineWhipClient *self, SoupMessage *message)
{
  const GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (message);

  if ((flags & (G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED)) != 0)
    tell_failure (self, ENGINE_ERROR_CERTIFICATE_EXPIRED, "has a certificate that is not valid now",
                  "");
  else if ((flags & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    tell_failure (self, ENGINE_ERROR_CERTIFICATE_HOST, "has a certificate for another name", "");
  else
    tell_failure (self, ENGINE_ERROR_CERTIFICATE_UNKNOWN,
                  "has a certificate that nobody known here vouches for", "");
}

/* What of the network went wrong, in our words: its own may quote the address. */
static void
tell_network_failure (EngineWhipClient *self, SoupMessage *message, const GError *reason)
{
  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    if (self->late)
      tell_failure (self, ENGINE_ERROR_STALLED, "does not answer", "");
  } else if (reason->domain == G_TLS_ERROR) {
    tell_certificate (self, message);
  } else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
    tell_failure (self, ENGINE_ERROR_STALLED, "does not answer", "");
  } else if (reason->domain == G_RESOLVER_ERROR) {
    tell_failure (self, ENGINE_ERROR_NAME, "is not known in the network", "");
  } else {
    tell_failure (self, ENGINE_ERROR_NOT_FOUND, "cannot be reached: ", reason->message);
  }
}

/**
 * engine_whip_client_get_retry_after_ms:
 *
 * Returns: how long the server wants to be left alone after it turned an offer away; 0 if it did not
 *   say
 */
guint
engine_whip_client_get_retry_after_ms (EngineWhipClient *self)
{
  g_return_val_if_fail (ENGINE_IS_WHIP_CLIENT (self), 0);

  return self->retry_after_s * 1000;
}

static void
tell_status (EngineWhipClient *self, guint status, const char *retry_after)
{
  g_autofree char *code = g_strdup_printf (" (HTTP %u)", status);

  if (status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_FORBIDDEN)
    tell_failure (self, ENGINE_ERROR_REFUSED,
                  self->token != NULL ? "does not accept the token" : "wants a token", code);
  else if (status == SOUP_STATUS_NOT_FOUND || status == SOUP_STATUS_GONE)
    tell_failure (self, ENGINE_ERROR_NOT_FOUND,
                  self->plays ? "has no stream at this address" : "takes no stream at this address",
                  code);
  else if (status == SOUP_STATUS_METHOD_NOT_ALLOWED)
    tell_failure (self, ENGINE_ERROR_UNSUPPORTED,
                  self->plays ? "does not speak WHEP at this address"
                              : "does not speak WHIP at this address",
                  code);
  else if (status == SOUP_STATUS_NOT_ACCEPTABLE || status == SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE ||
           status == SOUP_STATUS_UNPROCESSABLE_ENTITY || status == SOUP_STATUS_BAD_REQUEST)
    tell_failure (self, ENGINE_ERROR_NOT_TAKEN, "does not take the codecs that are offered", code);
  else if (status == SOUP_STATUS_CONFLICT)
    tell_failure (self, ENGINE_ERROR_BUSY, "gets a stream at this address already", code);
  else if ((status == 429 || status == SOUP_STATUS_SERVICE_UNAVAILABLE) && retry_after != NULL)
    tell_failure (self, ENGINE_ERROR_BUSY, "is busy now", code);
  else if (SOUP_STATUS_IS_REDIRECTION (status))
    tell_failure (self, ENGINE_ERROR_UNSUPPORTED,
                  "sends us to another address, again and again or to none", code);
  else
    tell_failure (self, ENGINE_ERROR_STREAM,
                  self->plays ? "could not give the stream" : "could not take the stream", code);
}

/* What is said beside the description, for later. */
static void
take_headers (EngineWhipClient *self, SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);

  g_clear_pointer (&self->resource, g_uri_unref);
  self->resource =
    resolve (soup_message_get_uri (message), soup_message_headers_get_one (headers, "Location"));
  g_free (self->etag);
  self->etag = g_strdup (soup_message_headers_get_one (headers, "ETag"));
  g_strfreev (self->ice_servers);
  self->ice_servers = engine_whip_parse_links (soup_message_headers_get_list (headers, "Link"));
}

static void
take_description (EngineWhipClient *self, SoupMessage *message, const char *sdp)
{
  const gboolean is_answer = soup_message_get_status (message) == SOUP_STATUS_CREATED;

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (!g_str_has_prefix (sdp, "v=0") || strstr (sdp, "a=ice-ufrag:") == NULL ||
      strstr (sdp, "a=fingerprint:") == NULL) {
    tell_failure (self, ENGINE_ERROR_STREAM, "gives an answer that is none", "");
    return;
  }
  if (self->resource == NULL) {
    /* RFC 9725 demands it; without, the stream ends when nothing comes any more. */
    g_debug ("“%s” does not say how to end the stream", get_host (self));
  }
  g_signal_emit (self, signals[is_answer ? SIGNAL_ANSWERED : SIGNAL_COUNTERED], 0, sdp);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Reply) reply = user_data;
  g_autoptr (GError) reason = NULL;
  EngineWhipClient *self = reply->self;
  gsize n_read = 0;
  g_autofree char *sdp = NULL;

  if (!g_input_stream_read_all_finish (reply->stream, result, &n_read, &reason)) {
    tell_network_failure (self, reply->message, reason);
    return;
  }
  sdp = g_strndup ((const char *) reply->data, n_read);
  if (n_read > MAX_ANSWER_BYTES)
    tell_failure (self, ENGINE_ERROR_STREAM, "gives an answer that is too long", "");
  else if (memchr (reply->data, '\0', n_read) != NULL || !g_utf8_validate (sdp, -1, NULL))
    tell_failure (self, ENGINE_ERROR_STREAM, "gives an answer that is none", "");
  else
    take_description (self, reply->message, sdp);
}

static gboolean
follow (EngineWhipClient *self, SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const guint status = soup_message_get_status (message);
  g_autoptr (GUri) uri = NULL;

  if (status != SOUP_STATUS_TEMPORARY_REDIRECT && status != SOUP_STATUS_PERMANENT_REDIRECT)
    return FALSE;
  uri =
    resolve (soup_message_get_uri (message), soup_message_headers_get_one (headers, "Location"));
  if (uri == NULL || ++self->n_redirects > MAX_REDIRECTS)
    return FALSE;
  post (self, uri);
  return TRUE;
}

/* By WHEP a server may refuse the offer and make one of its own. */
static gboolean
is_counter_offer (EngineWhipClient *self, guint status, const char *type)
{
  return self->plays && status == SOUP_STATUS_NOT_ACCEPTABLE && self->resource != NULL &&
         g_strcmp0 (type, "application/sdp") == 0;
}

static void
posted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Reply) reply = user_data;
  g_autoptr (GError) reason = NULL;
  EngineWhipClient *self = reply->self;
  SoupMessageHeaders *headers = NULL;
  GInputStream *stream = NULL;
  guint8 *data = NULL;
  const char *type = NULL;
  guint status = 0;

  reply->stream = soup_session_send_finish (SOUP_SESSION (object), result, &reason);
  if (reply->stream == NULL) {
    tell_network_failure (self, reply->message, reason);
    return;
  }
  if (follow (self, reply->message))
    return;
  headers = soup_message_get_response_headers (reply->message);
  status = soup_message_get_status (reply->message);
  type = soup_message_headers_get_content_type (headers, NULL);
  take_headers (self, reply->message);
  if (status != SOUP_STATUS_CREATED && !is_counter_offer (self, status, type)) {
    g_clear_pointer (&self->resource, g_uri_unref);
    self->retry_after_s =
      engine_whip_parse_retry_after (soup_message_headers_get_one (headers, "Retry-After"),
                                     g_get_real_time () / G_USEC_PER_SEC);
    tell_status (self, status, soup_message_headers_get_one (headers, "Retry-After"));
    return;
  }
  if (g_strcmp0 (type, "application/sdp") != 0) {
    tell_failure (self, ENGINE_ERROR_STREAM, "gives an answer that is none", "");
    return;
  }
  stream = reply->stream;
  data = reply->data = g_malloc (MAX_ANSWER_BYTES + 1);
  g_input_stream_read_all_async (stream, data, MAX_ANSWER_BYTES + 1, G_PRIORITY_DEFAULT,
                                 self->cancellable, read_cb, g_steal_pointer (&reply));
}

static void
post (EngineWhipClient *self, GUri *uri)
{
  g_autoptr (GBytes) body = g_bytes_new (self->offer, strlen (self->offer));
  Reply *reply = g_new0 (Reply, 1);

  reply->self = g_object_ref (self);
  reply->message = make_message (self, "POST", uri);
  soup_message_set_request_body_from_bytes (reply->message, "application/sdp", body);
  soup_session_send_async (self->session, reply->message, G_PRIORITY_DEFAULT, self->cancellable,
                           posted_cb, reply);
}

static gboolean
late_cb (gpointer data)
{
  EngineWhipClient *self = data;

  self->timeout_id = 0;
  self->late = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

/**
 * engine_whip_client_offer:
 * @self: a client that has offered nothing yet
 * @sdp: the offer, with its candidates
 */
void
engine_whip_client_offer (EngineWhipClient *self, const char *sdp)
{
  g_return_if_fail (ENGINE_IS_WHIP_CLIENT (self));
  g_return_if_fail (self->offer == NULL);

  if (self->endpoint == NULL) {
    g_autoptr (GError) error =
      g_error_new (ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED, "the address is not one of a web host");

    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
    return;
  }
  self->offer = g_strdup (sdp);
  self->timeout_id = g_timeout_add (ANSWER_MS, late_cb, self);
  post (self, self->endpoint);
}

static void
patch (EngineWhipClient *self, const char *type, const char *text, GAsyncReadyCallback callback)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  Reply *reply = g_new0 (Reply, 1);

  reply->self = g_object_ref (self);
  reply->message = make_message (self, "PATCH", self->resource);
  if (self->etag != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (reply->message), "If-Match",
                                  self->etag);
  soup_message_set_request_body_from_bytes (reply->message, type, body);
  soup_session_send_async (self->session, reply->message, G_PRIORITY_DEFAULT, self->cancellable,
                           callback, reply);
}

static void
answer_patched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Reply) reply = user_data;
  g_autoptr (GError) reason = NULL;

  reply->stream = soup_session_send_finish (SOUP_SESSION (object), result, &reason);
  if (reply->stream == NULL)
    tell_network_failure (reply->self, reply->message, reason);
  else if (!SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (reply->message)))
    tell_status (reply->self, soup_message_get_status (reply->message), NULL);
  else
    g_clear_handle_id (&reply->self->timeout_id, g_source_remove);
}

/**
 * engine_whip_client_answer:
 * @self: a client that got an offer, see "countered"
 * @sdp: the answer to it, with its candidates
 */
void
engine_whip_client_answer (EngineWhipClient *self, const char *sdp)
{
  g_return_if_fail (ENGINE_IS_WHIP_CLIENT (self));
  g_return_if_fail (self->resource != NULL);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  self->timeout_id = g_timeout_add (ANSWER_MS, late_cb, self);
  patch (self, "application/sdp", sdp, answer_patched_cb);
}

static void
patched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Reply) reply = user_data;
  guint status = 0;

  reply->stream = soup_session_send_finish (SOUP_SESSION (object), result, NULL); /* or not */
  status = soup_message_get_status (reply->message);
  /* Who does not take them does without. */
  if (status == SOUP_STATUS_METHOD_NOT_ALLOWED || status == SOUP_STATUS_NOT_IMPLEMENTED ||
      status == SOUP_STATUS_NOT_FOUND || status == SOUP_STATUS_UNPROCESSABLE_ENTITY)
    reply->self->trickles = FALSE;
}

/**
 * engine_whip_client_trickle:
 * @self: a client that was answered
 * @fragment: candidates that were found after the offer, as RFC 8840 writes them
 */
void
engine_whip_client_trickle (EngineWhipClient *self, const char *fragment)
{
  g_return_if_fail (ENGINE_IS_WHIP_CLIENT (self));

  if (self->resource == NULL || !self->trickles)
    return;
  patch (self, "application/trickle-ice-sdpfrag", fragment, patched_cb);
}

/**
 * engine_whip_client_get_ice_servers:
 * @self: a client that was answered
 *
 * Returns: (transfer none): the STUN and TURN servers that the server recommends
 */
const char *const *
engine_whip_client_get_ice_servers (EngineWhipClient *self)
{
  return (const char *const *) self->ice_servers;
}

static void
deleted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Reply) reply = user_data;

  /* Whatever it says: we are gone. */
  reply->stream = soup_session_send_finish (SOUP_SESSION (object), result, NULL);
}

/**
 * engine_whip_client_close:
 * @self: a client
 *
 * Ends the stream at the server, in the background, and within two seconds. May be called twice.
 */
void
engine_whip_client_close (EngineWhipClient *self)
{
  Reply *reply = NULL;

  g_return_if_fail (ENGINE_IS_WHIP_CLIENT (self));

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (self->resource == NULL)
    return;
  reply = g_new0 (Reply, 1);
  reply->self = g_object_ref (self);
  reply->message = make_message (self, "DELETE", self->resource);
  g_clear_pointer (&self->resource, g_uri_unref);
  soup_session_set_timeout (self->session, CLOSE_S);
  soup_session_send_async (self->session, reply->message, G_PRIORITY_DEFAULT, NULL, deleted_cb,
                           reply);
}

static void
engine_whip_client_finalize (GObject *object)
{
  EngineWhipClient *self = ENGINE_WHIP_CLIENT (object);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->endpoint, g_uri_unref);
  g_clear_pointer (&self->resource, g_uri_unref);
  g_free (self->token);
  g_free (self->offer);
  g_free (self->etag);
  g_strfreev (self->ice_servers);
  G_OBJECT_CLASS (engine_whip_client_parent_class)->finalize (object);
}

static guint
make_signal (const char *name, GType type)
{
  return g_signal_new (name, ENGINE_TYPE_WHIP_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 1, type);
}

static void
engine_whip_client_class_init (EngineWhipClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = engine_whip_client_finalize;
  signals[SIGNAL_ANSWERED] = make_signal ("answered", G_TYPE_STRING);
  signals[SIGNAL_COUNTERED] = make_signal ("countered", G_TYPE_STRING);
  signals[SIGNAL_FAILED] = make_signal ("failed", G_TYPE_ERROR);
}

static void
engine_whip_client_init (EngineWhipClient *self)
{
  self->cancellable = g_cancellable_new ();
  self->ice_servers = g_new0 (char *, 1);
  self->trickles = TRUE;
}

/**
 * engine_whip_client_new:
 * @url: the address of the WHIP endpoint
 * @token: (nullable): the bearer token
 *
 * Returns: (transfer full): a client
 */
EngineWhipClient *
engine_whip_client_new (const char *url, const char *token)
{
  EngineWhipClient *self = g_object_new (ENGINE_TYPE_WHIP_CLIENT, NULL);
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS | G_URI_FLAGS_ENCODED, NULL);

  if (uri != NULL &&
      (g_strcmp0 (g_uri_get_scheme (uri), "http") == 0 ||
       g_strcmp0 (g_uri_get_scheme (uri), "https") == 0) &&
      g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0')
    self->endpoint = g_steal_pointer (&uri);
  self->token = g_strdup (token);
  self->session =
    soup_session_new_with_options ("user-agent", "Regie", "timeout", ANSWER_MS / 1000, NULL);
  return self;
}

/**
 * engine_whip_client_new_player:
 * @url: the address of a WHEP endpoint
 * @token: (nullable): the bearer token
 *
 * Returns: (transfer full): a client that plays what the server has
 */
EngineWhipClient *
engine_whip_client_new_player (const char *url, const char *token)
{
  EngineWhipClient *self = engine_whip_client_new (url, token);

  self->plays = TRUE;
  return self;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "engine-types.h"
#include "guest-whep-client.h"

/* A description with all its candidates takes a few kilobytes. */
#define MAX_SDP_BYTES 65536

/* From the offer to the whole answer, redirections and all. */
#define ANSWER_S 10

/* What the end may take. */
#define CLOSE_S       2

#define MAX_REDIRECTS 5

/**
 * GuestWhepClient:
 *
 * The HTTP side of playing a relay's stream by WHEP: our offer is posted, and the relay answers it, or
 * makes an offer of its own that is answered by patching; the end is said by deleting what it made of
 * us.
 */
struct _GuestWhepClient {
  GObject parent_instance;
  SoupSession *session;
  GUri *endpoint; /* nullable: the address was none */
  GUri *resource; /* nullable: what the relay made of us */
  char *token;    /* nullable; a secret */
  char *offer;    /* nullable */
  GCancellable *cancellable;
  guint timeout_id;
  guint n_redirects;
  gboolean late; /* it was given up because it took too long */
};

G_DEFINE_FINAL_TYPE (GuestWhepClient, guest_whep_client, G_TYPE_OBJECT)

enum {
  SIGNAL_ANSWERED,
  SIGNAL_COUNTERED,
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A question to the relay, and what comes back. */
typedef struct {
  GuestWhepClient *client;
  SoupMessage *message;
  GInputStream *stream; /* nullable */
  guint8 *data;         /* nullable */
} Request;

static void
request_free (Request *self)
{
  g_object_unref (self->client);
  g_object_unref (self->message);
  g_clear_object (&self->stream);
  g_free (self->data);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

/* The address may hold a secret: only its host is named. */
static void
fail (GuestWhepClient *self, EngineError code, const char *what, const char *detail)
{
  const char *host = self->endpoint != NULL ? g_uri_get_host (self->endpoint) : "";
  g_autoptr (GError) error =
    g_error_new (ENGINE_ERROR, (int) code, "“%s” %s%s", host, what, detail);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static gboolean
is_same_origin (GUri *a, GUri *b)
{
  return g_str_equal (g_uri_get_scheme (a), g_uri_get_scheme (b)) &&
         g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0 &&
         g_uri_get_port (a) == g_uri_get_port (b);
}

static gboolean
is_web (GUri *uri)
{
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  return scheme != NULL && (g_str_equal (scheme, "https") || g_str_equal (scheme, "http")) &&
         g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0';
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

  if (!is_web (uri) || (g_str_equal (g_uri_get_scheme (base), "https") &&
                        !g_str_equal (g_uri_get_scheme (uri), "https")))
    return NULL;
  return g_steal_pointer (&uri);
}

static Request *
request_new (GuestWhepClient *client, const char *method, GUri *uri, const char *sdp)
{
  Request *self = g_new0 (Request, 1);

  self->client = g_object_ref (client);
  self->message = soup_message_new_from_uri (method, uri);
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT);
  if (client->token != NULL && is_same_origin (uri, client->endpoint)) {
    g_autofree char *value = g_strconcat ("Bearer ", client->token, NULL);

    soup_message_headers_replace (soup_message_get_request_headers (self->message), "Authorization",
                                  value);
  }
  if (sdp != NULL) {
    g_autoptr (GBytes) body = g_bytes_new (sdp, strlen (sdp));

    soup_message_set_request_body_from_bytes (self->message, "application/sdp", body);
  }
  return self;
}

/* What of the network went wrong, in our words: its own may quote the address. */
static void
tell_network_failure (GuestWhepClient *self, SoupMessage *message, const GError *reason)
{
  const GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (message);

  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    if (self->late)
      fail (self, ENGINE_ERROR_STALLED, "does not answer", "");
  } else if (reason->domain == G_TLS_ERROR) {
    if ((flags & (G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED)) != 0)
      fail (self, ENGINE_ERROR_CERTIFICATE_EXPIRED, "has a certificate that is not valid now", "");
    else if ((flags & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
      fail (self, ENGINE_ERROR_CERTIFICATE_HOST, "has a certificate for another name", "");
    else
      fail (self, ENGINE_ERROR_CERTIFICATE_UNKNOWN,
            "has a certificate that nobody known here vouches for", "");
  } else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
    fail (self, ENGINE_ERROR_STALLED, "does not answer", "");
  } else if (reason->domain == G_RESOLVER_ERROR) {
    fail (self, ENGINE_ERROR_NAME, "is not known in the network", "");
  } else {
    fail (self, ENGINE_ERROR_NOT_FOUND, "cannot be reached: ", reason->message);
  }
}

static void
tell_status (GuestWhepClient *self, guint status)
{
  g_autofree char *code = g_strdup_printf (" (HTTP %u)", status);

  if (status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_FORBIDDEN)
    fail (self, ENGINE_ERROR_REFUSED,
          self->token != NULL ? "does not accept the token" : "wants a token", code);
  else if (status == SOUP_STATUS_NOT_FOUND || status == SOUP_STATUS_GONE)
    fail (self, ENGINE_ERROR_NOT_FOUND, "has no stream at this address", code);
  else if (status == SOUP_STATUS_METHOD_NOT_ALLOWED)
    fail (self, ENGINE_ERROR_UNSUPPORTED, "does not speak WHEP at this address", code);
  else if (status == SOUP_STATUS_NOT_ACCEPTABLE || status == SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE ||
           status == SOUP_STATUS_UNPROCESSABLE_ENTITY || status == SOUP_STATUS_BAD_REQUEST)
    fail (self, ENGINE_ERROR_NOT_TAKEN, "does not take the codecs that are offered", code);
  else
    fail (self, ENGINE_ERROR_STREAM, "could not give the stream", code);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  GuestWhepClient *self = request->client;
  g_autoptr (GError) reason = NULL;
  g_autofree char *sdp = NULL;
  gsize n_read = 0;

  if (!g_input_stream_read_all_finish (request->stream, result, &n_read, &reason)) {
    tell_network_failure (self, request->message, reason);
    return;
  }
  if (n_read > MAX_SDP_BYTES || memchr (request->data, '\0', n_read) != NULL) {
    fail (self, ENGINE_ERROR_STREAM, "gives an answer that is none", "");
    return;
  }
  /* Whoever takes it checks the rest. */
  sdp = g_strndup ((const char *) request->data, n_read);
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_signal_emit (
    self,
    signals[soup_message_get_status (request->message) == SOUP_STATUS_CREATED ? SIGNAL_ANSWERED
                                                                              : SIGNAL_COUNTERED],
    0, sdp);
}

static void post (GuestWhepClient *self, GUri *uri);

static gboolean
follow (GuestWhepClient *self, SoupMessage *message)
{
  const guint status = soup_message_get_status (message);
  g_autoptr (GUri) uri = NULL;

  if (status != SOUP_STATUS_TEMPORARY_REDIRECT && status != SOUP_STATUS_PERMANENT_REDIRECT)
    return FALSE;
  uri = resolve (soup_message_get_uri (message),
                 soup_message_headers_get_one (soup_message_get_response_headers (message),
                                               "Location"));
  if (uri == NULL || ++self->n_redirects > MAX_REDIRECTS)
    return FALSE;
  post (self, uri);
  return TRUE;
}

static void
posted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  GuestWhepClient *self = request->client;
  g_autoptr (GError) reason = NULL;
  SoupMessageHeaders *headers = NULL;
  guint status = 0;
  const char *type = NULL;

  request->stream = soup_session_send_finish (SOUP_SESSION (object), result, &reason);
  if (request->stream == NULL) {
    tell_network_failure (self, request->message, reason);
    return;
  }
  if (follow (self, request->message))
    return;
  headers = soup_message_get_response_headers (request->message);
  status = soup_message_get_status (request->message);
  type = soup_message_headers_get_content_type (headers, NULL);
  g_clear_pointer (&self->resource, g_uri_unref);
  self->resource = resolve (soup_message_get_uri (request->message),
                            soup_message_headers_get_one (headers, "Location"));
  if (g_strcmp0 (type, "application/sdp") != 0 ||
      (status != SOUP_STATUS_CREATED &&
       (status != SOUP_STATUS_NOT_ACCEPTABLE || self->resource == NULL))) {
    if (status == SOUP_STATUS_CREATED)
      fail (self, ENGINE_ERROR_STREAM, "gives an answer that is none", "");
    else
      tell_status (self, status);
    return;
  }
  GInputStream *stream = request->stream;
  guint8 *data = request->data = g_malloc (MAX_SDP_BYTES + 1);
  g_input_stream_read_all_async (stream, data, MAX_SDP_BYTES + 1, G_PRIORITY_DEFAULT,
                                 self->cancellable, read_cb, g_steal_pointer (&request));
}

static void
post (GuestWhepClient *self, GUri *uri)
{
  Request *request = request_new (self, "POST", uri, self->offer);

  soup_session_send_async (self->session, request->message, G_PRIORITY_DEFAULT, self->cancellable,
                           posted_cb, request);
}

static gboolean
late_cb (gpointer data)
{
  GuestWhepClient *self = data;

  self->timeout_id = 0;
  self->late = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

/**
 * guest_whep_client_offer:
 * @self: a client that has offered nothing yet
 * @sdp: the offer, with its candidates
 */
void
guest_whep_client_offer (GuestWhepClient *self, const char *sdp)
{
  g_return_if_fail (GUEST_IS_WHEP_CLIENT (self));
  g_return_if_fail (self->offer == NULL);

  if (self->endpoint == NULL) {
    fail (self, ENGINE_ERROR_UNSUPPORTED, "is not the address of a web host", "");
    return;
  }
  self->offer = g_strdup (sdp);
  self->timeout_id = g_timeout_add_seconds (ANSWER_S, late_cb, self);
  post (self, self->endpoint);
}

static void
patched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GError) reason = NULL;

  request->stream = soup_session_send_finish (SOUP_SESSION (object), result, &reason);
  if (request->stream == NULL)
    tell_network_failure (request->client, request->message, reason);
  else if (!SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (request->message)))
    tell_status (request->client, soup_message_get_status (request->message));
  else
    g_clear_handle_id (&request->client->timeout_id, g_source_remove);
}

/**
 * guest_whep_client_answer:
 * @self: a client that got an offer
 * @sdp: the answer to it, with its candidates
 */
void
guest_whep_client_answer (GuestWhepClient *self, const char *sdp)
{
  Request *request = NULL;

  g_return_if_fail (GUEST_IS_WHEP_CLIENT (self));
  g_return_if_fail (self->resource != NULL);

  self->timeout_id = g_timeout_add_seconds (ANSWER_S, late_cb, self);
  request = request_new (self, "PATCH", self->resource, sdp);
  soup_session_send_async (self->session, request->message, G_PRIORITY_DEFAULT, self->cancellable,
                           patched_cb, request);
}

static void
deleted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;

  /* Whatever it says: we are gone. */
  request->stream = soup_session_send_finish (SOUP_SESSION (object), result, NULL);
}

/**
 * guest_whep_client_close:
 * @self: a client
 *
 * Ends it at the relay, in the background, and within two seconds. No signal comes any more. May be
 * called twice.
 */
void
guest_whep_client_close (GuestWhepClient *self)
{
  Request *request = NULL;

  g_return_if_fail (GUEST_IS_WHEP_CLIENT (self));

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (self->resource == NULL)
    return;
  request = request_new (self, "DELETE", self->resource, NULL);
  g_clear_pointer (&self->resource, g_uri_unref);
  soup_session_set_timeout (self->session, CLOSE_S);
  soup_session_send_async (self->session, request->message, G_PRIORITY_DEFAULT, NULL, deleted_cb,
                           request);
}

static void
guest_whep_client_finalize (GObject *object)
{
  GuestWhepClient *self = GUEST_WHEP_CLIENT (object);

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->endpoint, g_uri_unref);
  g_clear_pointer (&self->resource, g_uri_unref);
  g_free (self->token);
  g_free (self->offer);
  G_OBJECT_CLASS (guest_whep_client_parent_class)->finalize (object);
}

static guint
make_signal (const char *name, GType type)
{
  return g_signal_new (name, GUEST_TYPE_WHEP_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 1, type);
}

static void
guest_whep_client_class_init (GuestWhepClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = guest_whep_client_finalize;
  signals[SIGNAL_ANSWERED] = make_signal ("answered", G_TYPE_STRING);
  signals[SIGNAL_COUNTERED] = make_signal ("countered", G_TYPE_STRING);
  signals[SIGNAL_FAILED] = make_signal ("failed", G_TYPE_ERROR);
}

static void
guest_whep_client_init (GuestWhepClient *self)
{
  self->cancellable = g_cancellable_new ();
  self->session = soup_session_new_with_options ("user-agent", "Regie", "timeout", ANSWER_S, NULL);
}

/**
 * guest_whep_client_new:
 * @uri: where the relay gives the stream
 * @token: (nullable): what it wants to see
 *
 * Returns: (transfer full): a client
 */
GuestWhepClient *
guest_whep_client_new (const char *uri, const char *token)
{
  GuestWhepClient *self = g_object_new (GUEST_TYPE_WHEP_CLIENT, NULL);
  g_autoptr (GUri) parsed = g_uri_parse (uri, SOUP_HTTP_URI_FLAGS | G_URI_FLAGS_ENCODED, NULL);

  if (is_web (parsed))
    self->endpoint = g_steal_pointer (&parsed);
  self->token = g_strdup (token);
  return self;
}

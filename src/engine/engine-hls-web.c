/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "engine-hls-playlist.h"
#include "engine-hls-store.h"
#include "engine-types.h"

/* Nothing moves for so long: try again with a new connection. */
#define IDLE_TIMEOUT_S 5

/* A file that takes longer than this to send is of no use to anybody any more. */
#define FILE_TIMEOUT_US (20 * G_TIME_SPAN_SECOND)

/* Of an answer to what was sent, no more than this is read. */
#define MAX_REPLY_BYTES 16384

/* How many folders within each other are made. */
#define MAX_DEPTH 8

/**
 * Web:
 *
 * A folder of a web host that takes files by HTTP PUT, as WebDAV servers and object stores do.
 */
typedef struct {
  EngineHlsStore parent;
  GUri *base; /* its path ends with a slash */
  EngineHlsWebKey kind;
  char *user;   /* nullable */
  char *secret; /* nullable: password or token */
  GMainContext *context;
  SoupSession *session; /* nullable before it is opened: it belongs to the thread that opens */
} Web;

/* One file on its way. */
typedef struct {
  Web *self;
  GCancellable *cancellable;
  gint64 began_us;
} Way;

static GUri *
make_uri (Web *self, const char *name)
{
  g_autofree char *path = g_strconcat (g_uri_get_path (self->base), name, NULL);

  return g_uri_build (g_uri_get_flags (self->base), g_uri_get_scheme (self->base), NULL,
                      g_uri_get_host (self->base), g_uri_get_port (self->base), path,
                      g_uri_get_query (self->base), NULL);
}

static gboolean
authenticate_cb (SoupMessage *message, SoupAuth *auth, gboolean retrying, gpointer user_data)
{
  Web *self = user_data;

  /* The same again would be refused again. */
  if (self->kind != ENGINE_HLS_WEB_PASSWORD || retrying || soup_auth_is_for_proxy (auth))
    return FALSE;
  soup_auth_authenticate (auth, self->user, self->secret);
  return TRUE;
}

static void
wrote_cb (SoupMessage *message, guint n_bytes, gpointer user_data)
{
  Way *way = user_data;

  if (way->self->parent.sent != NULL)
    way->self->parent.sent (n_bytes, way->self->parent.user_data);
  if (g_get_monotonic_time () - way->began_us > FILE_TIMEOUT_US)
    g_cancellable_cancel (way->cancellable);
}

static SoupMessage *
make_message (Web *self, const char *method, const char *name)
{
  g_autoptr (GUri) uri = make_uri (self, name);
  SoupMessage *message = soup_message_new_from_uri (method, uri);

  /* Who we are is told to whom we were told to, and to nobody else. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (self->kind == ENGINE_HLS_WEB_TOKEN) {
    g_autofree char *value = g_strconcat ("Bearer ", self->secret, NULL);

    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  value);
  }
  g_signal_connect (message, "authenticate", G_CALLBACK (authenticate_cb), self);
  return message;
}

static void
set_certificate_error (Web *self, SoupMessage *message, GError **error)
{
  const GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (message);
  const char *host = g_uri_get_host (self->base);

  if ((flags & (G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED)) != 0)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_CERTIFICATE_EXPIRED,
                 "the certificate of “%s” is not valid now", host);
  else if ((flags & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_CERTIFICATE_HOST,
                 "the certificate of “%s” is for another name", host);
  else
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_CERTIFICATE_UNKNOWN,
                 "nobody known here vouches for the certificate of “%s”", host);
}

/* What of the network went wrong, in our words: its own may quote the address. */
static void
set_network_error (Web *self, SoupMessage *message, const GError *reason, const Way *way,
                   GError **error)
{
  const char *host = g_uri_get_host (self->base);

  if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    if (g_get_monotonic_time () - way->began_us > FILE_TIMEOUT_US)
      g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STALLED, "“%s” takes the files too slowly",
                   host);
    else
      g_propagate_error (error, g_error_copy (reason));
  } else if (reason->domain == G_TLS_ERROR) {
    set_certificate_error (self, message, error);
  } else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STALLED, "“%s” does not answer", host);
  } else if (reason->domain == G_RESOLVER_ERROR) {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NAME, "there is no “%s” in the network", host);
  } else {
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_NOT_FOUND, "“%s” cannot be reached: %s", host,
                 reason->message);
  }
}

static void
set_status_error (Web *self, guint status, GError **error)
{
  const char *host = g_uri_get_host (self->base);

  if (status == SOUP_STATUS_UNAUTHORIZED)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_REFUSED,
                 self->kind == ENGINE_HLS_WEB_OPEN ? "“%s” wants a password or a token"
                                                   : "“%s” does not accept the password or token",
                 host);
  else if (status == SOUP_STATUS_FORBIDDEN)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_REFUSED, "“%s” does not allow us to write there",
                 host);
  else if (status == SOUP_STATUS_METHOD_NOT_ALLOWED || status == SOUP_STATUS_NOT_IMPLEMENTED)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "“%s” takes no files there (HTTP %u)", host, status);
  else if (status == SOUP_STATUS_NOT_FOUND || status == SOUP_STATUS_CONFLICT)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_PLACE_UNWRITABLE,
                 "“%s” has no such folder, and none could be made (HTTP %u)", host, status);
  else if (status == SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "the files are larger than “%s” takes them", host);
  else if (status == SOUP_STATUS_INSUFFICIENT_STORAGE)
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_PLACE_FULL, "“%s” has no room left", host);
  else if (SOUP_STATUS_IS_REDIRECTION (status))
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_UNSUPPORTED,
                 "“%s” sends us to another address: give that one (HTTP %u)", host, status);
  else
    g_set_error (error, ENGINE_ERROR, ENGINE_ERROR_STREAM, "“%s” could not do it (HTTP %u)", host,
                 status);
}

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* Sends it and reads the answer, of which no more than @max_bytes. Returns 0 on error. */
static guint
send (Web *self, SoupMessage *message, gsize max_bytes, GBytes **reply, GCancellable *cancellable,
      GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GCancellable) own = g_cancellable_new ();
  g_autofree guint8 *data = g_malloc (max_bytes);
  g_autoptr (GInputStream) stream = NULL;
  Way way = { self, own, g_get_monotonic_time () };
  gsize n_read = 0;
  gulong cancel_id = 0;

  if (cancellable != NULL)
    cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), own, NULL);
  g_signal_connect (message, "wrote-body-data", G_CALLBACK (wrote_cb), &way);
  stream = soup_session_send (self->session, message, own, &reason);
  if (stream != NULL && g_input_stream_read_all (stream, data, max_bytes, &n_read, own, &reason))
    g_input_stream_close (stream, own, NULL); /* what matters has been read */
  g_signal_handlers_disconnect_by_data (message, &way);
  g_cancellable_disconnect (cancellable, cancel_id);
  if (reason != NULL) {
    set_network_error (self, message, reason, &way, error);
    return 0;
  }
  if (reply != NULL)
    *reply = g_bytes_new (data, n_read);
  return soup_message_get_status (message);
}

static gboolean
web_open (EngineHlsStore *store, GCancellable *cancellable, GError **error)
{
  Web *self = (Web *) store;

  if (self->session != NULL)
    return TRUE;
  /* Whatever the session has to do later is done in this thread or never. */
  g_main_context_push_thread_default (self->context);
  self->session = soup_session_new_with_options ("timeout", IDLE_TIMEOUT_S, "idle-timeout", 60,
                                                 "user-agent", "Regie/" PACKAGE_VERSION, NULL);
  g_main_context_pop_thread_default (self->context);
  return TRUE;
}

static GBytes *
web_read (EngineHlsStore *store, const char *name, GCancellable *cancellable, GError **error)
{
  Web *self = (Web *) store;
  g_autoptr (SoupMessage) message = make_message (self, SOUP_METHOD_GET, name);
  g_autoptr (GBytes) reply = NULL;
  guint status = 0;

  soup_message_headers_replace (soup_message_get_request_headers (message), "Cache-Control",
                                "no-cache");
  status = send (self, message, ENGINE_HLS_PLAYLIST_MAX_BYTES + 1, &reply, cancellable, error);
  if (status == 0)
    return NULL;
  if (SOUP_STATUS_IS_SUCCESSFUL (status))
    return g_steal_pointer (&reply);
  /* Some stores say so of what is not there; whether we may write is seen when we do. */
  if (status != SOUP_STATUS_NOT_FOUND && status != SOUP_STATUS_GONE &&
      status != SOUP_STATUS_FORBIDDEN && status != SOUP_STATUS_METHOD_NOT_ALLOWED)
    set_status_error (self, status, error);
  return NULL;
}

static const char *
get_type (const char *name)
{
  if (g_str_has_suffix (name, ".m3u8"))
    return "application/vnd.apple.mpegurl";
  if (g_str_has_suffix (name, ".ts"))
    return "video/mp2t";
  return g_str_has_suffix (name, ".m4s") ? "video/iso.segment" : "video/mp4";
}

static guint
put (Web *self, const char *name, GBytes *bytes, GCancellable *cancellable, GError **error)
{
  g_autoptr (SoupMessage) message = make_message (self, SOUP_METHOD_PUT, name);

  /* Object stores repeat this to who loads the file. */
  soup_message_headers_replace (soup_message_get_request_headers (message), "Cache-Control",
                                g_str_has_suffix (name, ".m3u8") ? "max-age=1" : "max-age=3600");
  soup_message_set_request_body_from_bytes (message, get_type (name), bytes);
  return send (self, message, MAX_REPLY_BYTES, NULL, cancellable, error);
}

/* Makes the folder of the address, and those it is in. What the server says to it is not asked: the
 * file that is sent next tells whether it helped. */
static gboolean
make_folders (Web *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_strdup (g_uri_get_path (self->base));
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);
  guint status = 0;

  while (strlen (path) > 1 && missing->len < MAX_DEPTH) {
    g_autoptr (GUri) uri =
      g_uri_build (g_uri_get_flags (self->base), g_uri_get_scheme (self->base), NULL,
                   g_uri_get_host (self->base), g_uri_get_port (self->base), path,
                   g_uri_get_query (self->base), NULL);
    g_autoptr (SoupMessage) message = make_message (self, "MKCOL", "");
    char *slash = NULL;

    soup_message_set_uri (message, uri);
    status = send (self, message, MAX_REPLY_BYTES, NULL, cancellable, error);
    if (status == 0)
      return FALSE;
    /* Made: and now those within it. */
    if (SOUP_STATUS_IS_SUCCESSFUL (status)) {
      if (missing->len == 0)
        return TRUE;
      g_free (path);
      path = g_ptr_array_steal_index (missing, missing->len - 1);
      continue;
    }
    if (status != SOUP_STATUS_CONFLICT && status != SOUP_STATUS_NOT_FOUND)
      return TRUE;
    g_ptr_array_add (missing, g_strdup (path));
    path[strlen (path) - 1] = '\0';
    slash = strrchr (path, '/');
    if (slash == NULL)
      return TRUE;
    slash[1] = '\0';
  }
  return TRUE;
}

static gboolean
web_write (EngineHlsStore *store, const char *name, GBytes *bytes, GCancellable *cancellable,
           GError **error)
{
  Web *self = (Web *) store;
  guint status = put (self, name, bytes, cancellable, error);

  if (status == SOUP_STATUS_NOT_FOUND || status == SOUP_STATUS_CONFLICT ||
      status == SOUP_STATUS_INTERNAL_SERVER_ERROR) {
    if (!make_folders (self, cancellable, error))
      return FALSE;
    status = put (self, name, bytes, cancellable, error);
  }
  if (status == 0)
    return FALSE;
  if (SOUP_STATUS_IS_SUCCESSFUL (status))
    return TRUE;
  set_status_error (self, status, error);
  return FALSE;
}

static gboolean
web_remove (EngineHlsStore *store, const char *name, GCancellable *cancellable, GError **error)
{
  Web *self = (Web *) store;
  g_autoptr (SoupMessage) message = make_message (self, SOUP_METHOD_DELETE, name);
  const guint status = send (self, message, MAX_REPLY_BYTES, NULL, cancellable, error);

  if (status == 0)
    return FALSE;
  if (SOUP_STATUS_IS_SUCCESSFUL (status) || status == SOUP_STATUS_NOT_FOUND ||
      status == SOUP_STATUS_GONE)
    return TRUE;
  set_status_error (self, status, error);
  return FALSE;
}

static void
web_free (EngineHlsStore *store)
{
  Web *self = (Web *) store;

  if (self->session != NULL) {
    g_main_context_push_thread_default (self->context);
    soup_session_abort (self->session);
    g_clear_object (&self->session);
    g_main_context_pop_thread_default (self->context);
  }
  g_main_context_unref (self->context);
  g_uri_unref (self->base);
  g_free (self->user);
  g_free (self->secret);
  g_free (self);
}

static const EngineHlsStoreClass web_class = {
  web_open, web_read, web_write, web_remove, NULL, web_free,
};

/**
 * engine_hls_web_new:
 * @url: `http://` or `https://`, of the folder
 * @kind: how to say who we are
 * @key: (nullable): the token, or `user:password`
 *
 * Returns: (transfer full) (nullable): a web host's folder; `NULL` if that is no such address
 */
EngineHlsStore *
engine_hls_web_new (const char *url, EngineHlsWebKey kind, const char *key)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  const char *colon = key != NULL ? strchr (key, ':') : NULL;
  g_autofree char *path = NULL;
  Web *self = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      !g_str_has_prefix (g_uri_get_scheme (uri), "http"))
    return NULL;
  path = g_str_has_suffix (g_uri_get_path (uri), "/")
           ? g_strdup (g_uri_get_path (uri))
           : g_strconcat (g_uri_get_path (uri), "/", NULL);
  self = g_new0 (Web, 1);
  self->parent.klass = &web_class;
  self->base =
    g_uri_build (g_uri_get_flags (uri), g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                 g_uri_get_port (uri), path, g_uri_get_query (uri), NULL);
  self->kind = key != NULL && *key != '\0' ? kind : ENGINE_HLS_WEB_OPEN;
  if (self->kind == ENGINE_HLS_WEB_PASSWORD) {
    self->user = colon != NULL ? g_strndup (key, (gsize) (colon - key)) : g_strdup ("");
    self->secret = g_strdup (colon != NULL ? colon + 1 : key);
  } else if (self->kind == ENGINE_HLS_WEB_TOKEN) {
    self->secret = g_strdelimit (g_strdup (key), "\r\n", ' ');
  }
  self->context = g_main_context_new ();
  return &self->parent;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-photo-error.h"
#include "posts-photo-fetch.h"
#include "posts-photo-words.h"

/* Fetches what strangers point at: from where it may be fetched, also after being sent on, not from this
 * computer's own network, not for ever and not without end, and saying nothing of us. */

#define MAX_REDIRECTS 3
#define DEADLINE_MS   (10 * 1000)
#define READ_BYTES    (64 * 1024)
#define MAX_CONNS     8
#define MAX_PER_HOST  4

typedef struct {
  SoupSession *session;
  PostsPhotoHosts *hosts; /* borrowed: outlives every fetch */
  PostsNetworkKind kind;
  PostsPhotoTrust trust;
  GUri *uri;
  SoupMessage *message;      /* nullable */
  GInputStream *stream;      /* nullable */
  GCancellable *cancellable; /* of this fetch only */
  GCancellable *callers;     /* nullable */
  gulong callers_id;
  GByteArray *body;
  guint deadline_id;
  guint n_redirects;
  gboolean is_late;
  gboolean is_private; /* it leads into a network that is not the internet */
} Fetch;

static void
drop_message (Fetch *fetch)
{
  if (fetch->message != NULL)
    g_signal_handlers_disconnect_by_data (fetch->message, fetch);
  g_clear_object (&fetch->message);
}

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  g_clear_handle_id (&fetch->deadline_id, g_source_remove);
  g_cancellable_disconnect (fetch->callers, fetch->callers_id);
  g_clear_object (&fetch->callers);
  g_object_unref (fetch->session);
  g_clear_pointer (&fetch->uri, g_uri_unref);
  drop_message (fetch);
  g_clear_object (&fetch->stream);
  g_object_unref (fetch->cancellable);
  g_byte_array_unref (fetch->body);
  g_free (fetch);
}

SoupSession *
posts_photo_fetch_new_session (void)
{
  SoupSession *session =
    soup_session_new_with_options ("user-agent", "Regie/" PACKAGE_VERSION " (" APPLICATION_ID ")",
                                   "max-conns", MAX_CONNS, "max-conns-per-host", MAX_PER_HOST,
                                   "timeout", DEADLINE_MS / 1000, "idle-timeout", 30, NULL);

  /* A proxy would look names up for us, and could not be told what not to reach. */
  soup_session_set_proxy_resolver (session, NULL);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  return session;
}

static void
refuse (GTask *task, PostsPhotoError code, const char *words)
{
  g_task_return_new_error (task, POSTS_PHOTO_ERROR, (int) code, "%s", words);
  g_object_unref (task);
}

static void
return_cancelled (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "nobody wants it any more");
  g_object_unref (task);
}

/* What the network says, in our words. Takes @task. */
static void
fail (GTask *task, const GError *error)
{
  Fetch *fetch = g_task_get_task_data (task);

  if (fetch->is_private)
    refuse (task, POSTS_PHOTO_ERROR_ADDRESS, "its server is not on the internet");
  else if (fetch->is_late)
    refuse (task, POSTS_PHOTO_ERROR_SOURCE, "it did not come in time");
  else if (g_cancellable_is_cancelled (fetch->callers))
    return_cancelled (task);
  else
    refuse (task, POSTS_PHOTO_ERROR_SOURCE, error != NULL ? error->message : "nothing came");
}

static gboolean
late_cb (gpointer user_data)
{
  Fetch *fetch = user_data;

  fetch->deadline_id = 0;
  fetch->is_late = TRUE;
  g_cancellable_cancel (fetch->cancellable);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *callers, GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* The name was looked up: before a byte goes there, it is known where “there” is. */
static void
network_event_cb (SoupMessage *message, GSocketClientEvent event, GIOStream *connection,
                  gpointer user_data)
{
  Fetch *fetch = user_data;
  g_autoptr (GSocketAddress) address = NULL;

  if (fetch->trust == POSTS_PHOTO_TRUST_OWN || !G_IS_SOCKET_CONNECTION (connection) ||
      (event != G_SOCKET_CLIENT_CONNECTING && event != G_SOCKET_CLIENT_CONNECTED))
    return;
  address = g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (connection), NULL);
  if (G_IS_INET_SOCKET_ADDRESS (address) &&
      posts_photo_hosts_is_public (
        g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address))))
    return;
  fetch->is_private = TRUE;
  g_cancellable_cancel (fetch->cancellable);
}

static void send (GTask *task);

/* Takes @task. */
static void
follow (GTask *task)
{
  Fetch *fetch = g_task_get_task_data (task);
  const char *location =
    soup_message_headers_get_one (soup_message_get_response_headers (fetch->message), "Location");
  GUri *next = location != NULL
                 ? g_uri_parse_relative (fetch->uri, location, SOUP_HTTP_URI_FLAGS, NULL)
                 : NULL;

  if (next == NULL || ++fetch->n_redirects > MAX_REDIRECTS) {
    g_clear_pointer (&next, g_uri_unref);
    refuse (task, POSTS_PHOTO_ERROR_SOURCE, "its server sends us round and round");
    return;
  }
  g_uri_unref (fetch->uri);
  fetch->uri = next;
  send (task);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);
  const gsize size = bytes != NULL ? g_bytes_get_size (bytes) : 0;

  if (bytes == NULL) {
    fail (task, error);
  } else if (fetch->body->len + size > POSTS_PHOTO_MAX_BYTES) {
    refuse (task, POSTS_PHOTO_ERROR_TOO_LARGE, "more bytes than are read");
  } else if (size > 0) {
    g_byte_array_append (fetch->body, g_bytes_get_data (bytes, NULL), (guint) size);
    g_input_stream_read_bytes_async (fetch->stream, READ_BYTES, G_PRIORITY_LOW, fetch->cancellable,
                                     read_cb, task);
  } else {
    GBytes *body = g_bytes_new (fetch->body->data, fetch->body->len);

    g_task_return_pointer (task, body, (GDestroyNotify) g_bytes_unref);
    g_object_unref (task);
  }
}

static void
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  guint status = 0;

  g_clear_object (&fetch->stream);
  fetch->stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);
  status = soup_message_get_status (fetch->message);
  if (fetch->stream == NULL) {
    fail (task, error);
  } else if (SOUP_STATUS_IS_REDIRECTION (status)) {
    follow (task);
  } else if (!SOUP_STATUS_IS_SUCCESSFUL (status)) {
    g_set_error (&error, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_SOURCE, "its server says %u", status);
    fail (task, error);
  } else if (soup_message_headers_get_content_length (
               soup_message_get_response_headers (fetch->message)) > POSTS_PHOTO_MAX_BYTES) {
    refuse (task, POSTS_PHOTO_ERROR_TOO_LARGE, "more bytes than are read");
  } else {
    g_input_stream_read_bytes_async (fetch->stream, READ_BYTES, G_PRIORITY_LOW, fetch->cancellable,
                                     read_cb, task);
  }
}

/* Takes @task. */
static void
send (GTask *task)
{
  Fetch *fetch = g_task_get_task_data (task);

  fetch->trust = posts_photo_hosts_check (fetch->hosts, fetch->kind, fetch->uri);
  if (fetch->trust == POSTS_PHOTO_TRUST_NONE) {
    refuse (task, POSTS_PHOTO_ERROR_ADDRESS, "nothing is fetched from there");
    return;
  }
  drop_message (fetch);
  fetch->message = soup_message_new_from_uri ("GET", fetch->uri);
  soup_message_add_flags (fetch->message, SOUP_MESSAGE_NO_REDIRECT);
  /* What is packed small could be endless when it is unpacked. */
  soup_message_disable_feature (fetch->message, SOUP_TYPE_CONTENT_DECODER);
  soup_message_headers_replace (soup_message_get_request_headers (fetch->message), "Accept",
                                "image/webp, image/jpeg, image/png, image/gif");
  g_signal_connect (fetch->message, "network-event", G_CALLBACK (network_event_cb), fetch);
  soup_session_send_async (fetch->session, fetch->message, G_PRIORITY_LOW, fetch->cancellable,
                           sent_cb, task);
}

/**
 * posts_photo_fetch_async:
 * @session: as posts_photo_fetch_new_session () makes it
 * @hosts: from where pictures may be fetched; outlives the fetch
 * @kind: the network of the post
 * @url: where the picture is
 * @cancellable: (nullable): cancels the fetch
 * @callback: called in the main thread
 * @user_data: for @callback
 *
 * Fetches a picture of at most 8 MiB. Gives up after 10 seconds.
 */
void
posts_photo_fetch_async (SoupSession *session, PostsPhotoHosts *hosts, PostsNetworkKind kind,
                         const char *url, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (session, NULL, callback, user_data);
  Fetch *fetch = g_new0 (Fetch, 1);

  fetch->session = g_object_ref (session);
  fetch->hosts = hosts;
  fetch->kind = kind;
  fetch->uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  fetch->cancellable = g_cancellable_new ();
  fetch->body = g_byte_array_new ();
  g_task_set_source_tag (task, posts_photo_fetch_async);
  g_task_set_task_data (task, fetch, fetch_free);
  if (fetch->uri == NULL) {
    refuse (task, POSTS_PHOTO_ERROR_ADDRESS, "that is no address");
    return;
  }
  if (cancellable != NULL) {
    fetch->callers = g_object_ref (cancellable);
    fetch->callers_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb),
                                               g_object_ref (fetch->cancellable), g_object_unref);
  }
  fetch->deadline_id = g_timeout_add (DEADLINE_MS, late_cb, fetch);
  send (task);
}

/**
 * posts_photo_fetch_finish:
 *
 * Fails with a `POSTS_PHOTO_ERROR` or with `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full): what came; `NULL` on error
 */
GBytes *
posts_photo_fetch_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

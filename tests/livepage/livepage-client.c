/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "livepage-client.h"

#define TIMEOUT_S 20

typedef struct {
  guint port;
  char *request;
} Request;

void
livepage_reply_free (LivepageReply *reply)
{
  g_free (reply->headers);
  g_free (reply->body);
  g_free (reply);
}

static void
request_free (Request *request)
{
  g_free (request->request);
  g_free (request);
}

/* In a thread, as the server answers from this one. */
static void
send_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Request *request = task_data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 chunk[4096] = { 0 };
  gssize n_read = 0;

  g_socket_client_set_timeout (client, TIMEOUT_S);
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) request->port, NULL, &error);
  if (connection == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                             request->request, strlen (request->request), NULL, NULL, NULL);
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  while ((n_read = g_input_stream_read (input, chunk, sizeof chunk, NULL, NULL)) > 0)
    g_byte_array_append (bytes, chunk, (guint) n_read);
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  g_task_return_pointer (task, g_byte_array_free_to_bytes (g_steal_pointer (&bytes)),
                         (GDestroyNotify) g_bytes_unref);
}

static void
got_reply_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* NULL if nobody answered. */
LivepageReply *
livepage_client_send_raw (LivepageServer *server, char *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GTask) task = g_task_new (NULL, NULL, got_reply_cb, &result);
  Request *request = g_new0 (Request, 1);
  g_autoptr (GUri) uri = g_uri_parse (livepage_server_get_uri (server), G_URI_FLAGS_NONE, NULL);

  request->port = (guint) g_uri_get_port (uri);
  request->request = text;
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_run_in_thread (task, send_in_thread);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), NULL);
  if (bytes == NULL)
    return NULL;
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);
  const char *end = strstr (data, "\r\n\r\n");
  g_assert_nonnull (end);

  LivepageReply *reply = g_new0 (LivepageReply, 1);
  reply->status = (guint) g_ascii_strtoull (data + strlen ("HTTP/1.1 "), NULL, 10);
  reply->headers = g_strndup (data, (gsize) (end + 2 - data));
  reply->body_length = length - 1 - (gsize) (end + 4 - data);
  reply->body = g_memdup2 (end + 4, reply->body_length + 1);
  return reply;
}

LivepageReply *
livepage_client_send (LivepageServer *server, const char *method, const char *path,
                      const char *headers)
{
  return livepage_client_send_raw (server,
                                   g_strdup_printf ("%s %s HTTP/1.1\r\nHost: localhost\r\n"
                                                    "Connection: close\r\n%s\r\n",
                                                    method, path, headers != NULL ? headers : ""));
}

LivepageReply *
livepage_client_get (LivepageServer *server, const char *path)
{
  return livepage_client_send (server, "GET", path, NULL);
}

char *
livepage_client_find_header (const LivepageReply *reply, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\r\n%s: ", name);
  const char *found = strstr (reply->headers, start);

  if (found == NULL)
    return NULL;
  found += strlen (start);
  return g_strndup (found, strcspn (found, "\r"));
}

void
livepage_client_assert_header (const LivepageReply *reply, const char *name, const char *value)
{
  g_autofree char *found = livepage_client_find_header (reply, name);

  g_assert_cmpstr (found, ==, value);
}

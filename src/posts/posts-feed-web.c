/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "posts-feed-private.h"

/* How a feed asks servers that it does not trust: nothing waits for ever, nothing grows without end, and
 * a token goes nowhere but where it was meant to. */

#define MAX_BODY_BYTES    (4 * 1024 * 1024)
#define MAX_REFUSAL_BYTES (64 * 1024)
#define READ_BYTES        (64 * 1024)
#define ANSWER_MS         (20 * 1000)
#define PING_S            20

typedef struct {
  PostsFeed *self; /* borrowed: NULL once the feed does not want it any more */
  SoupMessage *message;
  GCancellable *cancellable;
  GInputStream *stream; /* nullable */
  GByteArray *body;
  guint deadline_id;
  gboolean is_stream;
  gboolean is_open; /* a stream that goes on */
  gboolean is_late;
  PostsFeedOpenFunc opened;
  PostsFeedBytesFunc bytes;
  PostsFeedAnswerFunc ended;
  gpointer user_data;
} Op;

static void
op_free (Op *op)
{
  if (op->self != NULL)
    g_ptr_array_remove_fast (_posts_feed_get_web (op->self)->ops, op);
  g_clear_handle_id (&op->deadline_id, g_source_remove);
  g_object_unref (op->message);
  g_object_unref (op->cancellable);
  g_clear_object (&op->stream);
  g_byte_array_unref (op->body);
  g_free (op);
}

static gboolean
late_cb (gpointer user_data)
{
  Op *op = user_data;

  op->deadline_id = 0;
  op->is_late = TRUE;
  g_cancellable_cancel (op->cancellable);
  return G_SOURCE_REMOVE;
}

static Op *
op_new (PostsFeed *self, SoupMessage *message, PostsFeedAnswerFunc ended, gpointer user_data)
{
  Op *op = g_new0 (Op, 1);

  op->self = self;
  op->message = message;
  op->cancellable = g_cancellable_new ();
  op->body = g_byte_array_new ();
  op->ended = ended;
  op->user_data = user_data;
  op->deadline_id = g_timeout_add (_posts_feed_pace (self, ANSWER_MS), late_cb, op);
  g_ptr_array_add (_posts_feed_get_web (self)->ops, op);
  return op;
}

/* The last thing that an operation says. */
static void
finish (Op *op, const GError *error)
{
  PostsFeed *self = op->self;
  g_autoptr (GError) late =
    g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no answer in time");
  g_autoptr (GBytes) body = NULL;

  if (self != NULL) {
    g_autoptr (PostsFeed) kept = g_object_ref (self);
    g_autoptr (SoupMessage) message = g_object_ref (op->message);
    const PostsFeedAnswerFunc ended = op->ended;
    gpointer user_data = op->user_data;

    if (op->is_late)
      error = late;
    if (error == NULL && !op->is_open)
      body = g_bytes_new (op->body->data, op->body->len);
    op_free (op);
    ended (kept, message, body, error, user_data);
  } else {
    op_free (op);
  }
}

static void read_more (Op *op);

static gboolean
is_success (SoupMessage *message)
{
  return SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message));
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Op *op = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);
  const gsize length = bytes != NULL ? g_bytes_get_size (bytes) : 0;
  const gsize limit = is_success (op->message) ? MAX_BODY_BYTES : MAX_REFUSAL_BYTES;

  if (bytes == NULL || length == 0 || op->self == NULL) {
    finish (op, error);
    return;
  }
  if (op->is_open) {
    g_autoptr (PostsFeed) kept = g_object_ref (op->self);

    _posts_feed_heard (op->self);
    op->bytes (op->self, g_bytes_get_data (bytes, NULL), length, op->user_data);
  } else if (op->body->len + length <= limit) {
    g_byte_array_append (op->body, g_bytes_get_data (bytes, NULL), (guint) length);
  } else {
    g_set_error_literal (&error, POSTS_ERROR, POSTS_ERROR_PARSE, "more than any answer");
    finish (op, error);
    return;
  }
  read_more (op);
}

static void
read_more (Op *op)
{
  g_input_stream_read_bytes_async (op->stream, READ_BYTES, G_PRIORITY_DEFAULT, op->cancellable,
                                   read_cb, op);
}

static void
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Op *op = user_data;
  g_autoptr (GError) error = NULL;

  op->stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);
  if (op->stream == NULL || op->self == NULL) {
    finish (op, error);
    return;
  }
  if (op->is_stream && is_success (op->message)) {
    g_autoptr (PostsFeed) kept = g_object_ref (op->self);

    g_clear_handle_id (&op->deadline_id, g_source_remove);
    op->is_open = TRUE;
    op->opened (op->self, op->message, op->user_data);
  }
  read_more (op);
}

static SoupSession *
get_session (PostsFeed *self)
{
  PostsFeedWeb *web = _posts_feed_get_web (self);

  if (web->session == NULL)
    web->session =
      soup_session_new_with_options ("user-agent", "Regie/" PACKAGE_VERSION " (" APPLICATION_ID ")",
                                     "max-conns-per-host", 16, "max-conns", 32, "timeout", 0, NULL);
  return web->session;
}

/**
 * _posts_feed_make_message:
 * @self: a feed
 * @method: of HTTP
 * @base: the address of a server
 * @path: what is asked there, with its query
 * @with_token: whether the account's token goes along
 *
 * Returns: (transfer full) (nullable): a message; `NULL` if that is no address
 */
SoupMessage *
_posts_feed_make_message (PostsFeed *self, const char *method, const char *base, const char *path,
                          gboolean with_token)
{
  const gsize length = strlen (base);
  g_autofree char *root =
    g_strndup (base, length > 0 && base[length - 1] == '/' ? length - 1 : length);
  g_autofree char *address = g_strconcat (root, path, NULL);
  SoupMessage *message = soup_message_new (method, address);
  const char *token = _posts_feed_get_token (self);

  if (message == NULL)
    return NULL;
  /* Wherever a server sends us on to must not get the token. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (with_token && token != NULL) {
    g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);

    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  bearer);
  }
  return message;
}

/**
 * _posts_feed_fetch:
 * @self: a feed
 * @message: (transfer full): what to ask
 * @func: gets the whole answer, whatever its status, or the error
 * @user_data: for @func
 */
void
_posts_feed_fetch (PostsFeed *self, SoupMessage *message, PostsFeedAnswerFunc func,
                   gpointer user_data)
{
  Op *op = op_new (self, message, func, user_data);

  soup_session_send_async (get_session (self), message, G_PRIORITY_DEFAULT, op->cancellable,
                           sent_cb, op);
}

/**
 * _posts_feed_stream:
 * @self: a feed
 * @message: (transfer full): what to ask
 * @opened: told when the answer begins, if it is a success
 * @bytes: gets what comes then
 * @ended: told when it is over: with a body, if it was refused; without, if the server ended it
 * @user_data: for all of them
 */
void
_posts_feed_stream (PostsFeed *self, SoupMessage *message, PostsFeedOpenFunc opened,
                    PostsFeedBytesFunc bytes, PostsFeedAnswerFunc ended, gpointer user_data)
{
  Op *op = op_new (self, message, ended, user_data);

  op->is_stream = TRUE;
  op->opened = opened;
  op->bytes = bytes;
  /* A proxy would keep compressed bytes back. */
  soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
  soup_session_send_async (get_session (self), message, G_PRIORITY_DEFAULT, op->cancellable,
                           sent_cb, op);
}

static void
text_cb (PostsFeed *self, int type, GBytes *bytes)
{
  g_autoptr (PostsFeed) kept = g_object_ref (self);

  _posts_feed_heard (self);
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    _posts_feed_get_web (self)->text (self, g_bytes_get_data (bytes, NULL),
                                      g_bytes_get_size (bytes), NULL);
}

static void
pong_cb (PostsFeed *self)
{
  _posts_feed_heard (self);
}

static void
closed_cb (PostsFeed *self, SoupWebsocketConnection *connection)
{
  g_autoptr (PostsFeed) kept = g_object_ref (self);
  g_autoptr (GError) error =
    g_error_new (POSTS_ERROR, POSTS_ERROR_SOURCE, "the server closed the connection (%u)",
                 soup_websocket_connection_get_close_code (connection));

  _posts_feed_get_web (self)->ended (self, NULL, NULL, error, NULL);
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Op *op = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) connection =
    soup_session_websocket_connect_finish (SOUP_SESSION (object), result, &error);

  if (connection == NULL || op->self == NULL) {
    finish (op, error);
    return;
  }

  g_autoptr (PostsFeed) self = g_object_ref (op->self);
  g_autoptr (SoupMessage) message = g_object_ref (op->message);
  PostsFeedWeb *web = _posts_feed_get_web (self);
  const PostsFeedOpenFunc opened = op->opened;

  web->websocket = g_object_ref (connection);
  soup_websocket_connection_set_max_incoming_payload_size (connection, MAX_BODY_BYTES);
  soup_websocket_connection_set_keepalive_interval (
    connection, MAX (_posts_feed_pace (self, PING_S * 1000) / 1000, 1));
  g_signal_connect_object (connection, "message", G_CALLBACK (text_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "pong", G_CALLBACK (pong_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  op_free (op);
  opened (self, message, NULL);
}

/**
 * _posts_feed_websocket:
 * @self: a feed
 * @message: (transfer full): what to ask
 * @protocols: (nullable): what may be spoken
 * @opened: told when it is open
 * @text: gets its messages
 * @ended: told when it is over, or could not be opened
 */
void
_posts_feed_websocket (PostsFeed *self, SoupMessage *message, char **protocols,
                       PostsFeedOpenFunc opened, PostsFeedBytesFunc text, PostsFeedAnswerFunc ended)
{
  PostsFeedWeb *web = _posts_feed_get_web (self);
  Op *op = op_new (self, message, ended, NULL);

  op->opened = opened;
  web->text = text;
  web->ended = ended;
  soup_session_websocket_connect_async (get_session (self), message, NULL, protocols,
                                        G_PRIORITY_DEFAULT, op->cancellable, connected_cb, op);
}

/* To the server, over the WebSocket that is open. */
void
_posts_feed_send (PostsFeed *self, const char *text)
{
  PostsFeedWeb *web = _posts_feed_get_web (self);

  if (web->websocket != NULL &&
      soup_websocket_connection_get_state (web->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (web->websocket, text);
}

/* Ends everything: nothing is told any more. */
void
_posts_feed_halt_web (PostsFeed *self)
{
  PostsFeedWeb *web = _posts_feed_get_web (self);

  while (web->ops->len > 0) {
    Op *op = web->ops->pdata[web->ops->len - 1];

    g_ptr_array_set_size (web->ops, (int) web->ops->len - 1);
    op->self = NULL;
    g_clear_handle_id (&op->deadline_id, g_source_remove);
    g_cancellable_cancel (op->cancellable);
  }
  if (web->websocket != NULL) {
    g_signal_handlers_disconnect_by_data (web->websocket, self);
    if (soup_websocket_connection_get_state (web->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
      soup_websocket_connection_close (web->websocket, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
    g_clear_object (&web->websocket);
  }
}

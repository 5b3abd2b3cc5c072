/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "guest-room-private.h"
#include "guest-stun.h"
#include "web-token.h"
#include "web-words.h"

#define PAGE_TIMEOUT_S   10
#define SOCKET_TIMEOUT_S 8
#define MAX_HEALTH_BYTES 64

/* One question to one server. */
typedef struct {
  struct _Check *check;
  guint slot;
  GuestIceServer *server;
  char *user;     /* nullable: STUN */
  char *password; /* nullable */
} Question;

/* One test of everything. */
typedef struct _Check {
  GTask *task;
  GuestSettings *settings;
  GPtrArray *results; /* of GuestReach, nullable until it is known, in the order they are told */
  guint n_pending;
  SoupSession *session;
  char *public_uri; /* nullable */
  char *probe_token;
  char *payload;
  guint status;
  char health[MAX_HEALTH_BYTES + 1];
  SoupWebsocketConnection *connection; /* nullable */
  guint timeout_id;
} Check;

static void
check_free (Check *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_object (&self->connection);
  g_clear_object (&self->session);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  guest_settings_unref (self->settings);
  g_object_unref (self->task);
  g_free (self->public_uri);
  g_free (self->probe_token);
  g_free (self->payload);
  g_free (self);
}

static void
question_free (Question *self)
{
  guest_ice_server_free (self->server);
  g_free (self->user);
  g_free (self->password);
  g_free (self);
}

static void
set_checking (GuestRoom *self, gboolean checking)
{
  self->checking_reach = checking;
  _guest_room_notify (self, GUEST_ROOM_PROP_CHECKING_REACH);
}

/* The last one ends it all. */
static void
end_one (Check *self)
{
  GuestRoom *room = g_task_get_source_object (self->task);

  if (--self->n_pending > 0)
    return;
  g_clear_pointer (&room->reach, g_ptr_array_unref);
  room->reach = g_ptr_array_ref (self->results);
  _guest_room_notify (room, GUEST_ROOM_PROP_REACH);
  set_checking (room, FALSE);
  g_task_return_pointer (self->task, g_ptr_array_ref (self->results),
                         (GDestroyNotify) g_ptr_array_unref);
  check_free (self);
}

static void
tell (Check *self, guint slot, GuestReachWhat what, const char *address, GuestReachCode code,
      const char *detail)
{
  g_message ("Reach: %s %s: %s (%s)", engine_enum_get_nick (GUEST_TYPE_REACH_WHAT, (int) what),
             address != NULL ? address : "",
             engine_enum_get_nick (GUEST_TYPE_REACH_CODE, (int) code), detail);
  self->results->pdata[slot] = guest_reach_new (what, address, code, detail);
  end_one (self);
}

static GuestReachCode
judge (const GError *error)
{
  if (error->domain == G_RESOLVER_ERROR)
    return GUEST_REACH_NAME;
  if (error->domain == G_TLS_ERROR)
    return GUEST_REACH_CERTIFICATE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return GUEST_REACH_REFUSED;
  if (error->domain == G_IO_ERROR)
    return GUEST_REACH_SILENT;
  return GUEST_REACH_OTHER;
}

/* ---- a line through the public address, and back ---- */

static void
end_line (Check *self, GuestReachCode code, const char *detail)
{
  SoupWebsocketConnection *connection = self->connection;

  if (connection != NULL) {
    g_signal_handlers_disconnect_by_data (connection, self);
    if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_OPEN)
      soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  }
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  tell (self, GUEST_REACH_WEBSOCKET, GUEST_REACH_WEBSOCKET, self->public_uri, code, detail);
}

static void
message_cb (SoupWebsocketConnection *connection, int type, GBytes *bytes, gpointer user_data)
{
  Check *self = user_data;
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_strndup (data, length);

  if (strstr (text, self->payload) != NULL)
    end_line (self, GUEST_REACH_OK, "What was sent came back");
  else
    end_line (self, GUEST_REACH_OTHER, "It is not this Régie that answers");
}

static void
closed_cb (SoupWebsocketConnection *connection, gpointer user_data)
{
  end_line (user_data, GUEST_REACH_NO_SOCKET, "The WebSocket was closed");
}

static gboolean
late_cb (gpointer user_data)
{
  Check *self = user_data;

  self->timeout_id = 0;
  end_line (self, GUEST_REACH_NO_SOCKET, "Nothing came back over the WebSocket");
  return G_SOURCE_REMOVE;
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Check *self = user_data;
  g_autoptr (GError) error = NULL;

  self->connection = soup_session_websocket_connect_finish (SOUP_SESSION (object), result, &error);
  if (self->connection == NULL) {
    end_line (self, GUEST_REACH_NO_SOCKET, error->message);
    return;
  }

  g_autofree char *hello =
    web_words_end (web_words_text (web_words_new ("hello"), "token", self->probe_token));
  g_autofree char *echo = web_words_end (
    web_words_text (web_words_number (web_words_new ("echo"), "id", 1), "payload", self->payload));
  g_signal_connect (self->connection, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (self->connection, "closed", G_CALLBACK (closed_cb), self);
  self->timeout_id = g_timeout_add_seconds (SOCKET_TIMEOUT_S, late_cb, self);
  soup_websocket_connection_send_text (self->connection, hello);
  soup_websocket_connection_send_text (self->connection, echo);
}

/* The same address with another path; nothing of what follows the host is wanted twice. */
static char *
make_uri (Check *self, const char *path)
{
  return g_strconcat (self->public_uri, g_str_has_suffix (self->public_uri, "/") ? "" : "/", path,
                      NULL);
}

static void
try_line (Check *self)
{
  g_autofree char *uri = make_uri (self, "signal");
  g_autofree char *socket_uri = g_strconcat ("ws", uri + strlen ("http"), NULL);
  g_autoptr (GUri) parsed = g_uri_parse (self->public_uri, G_URI_FLAGS_NONE, NULL);
  g_autofree char *host =
    g_uri_get_port (parsed) > 0
      ? g_strdup_printf ("%s:%d", g_uri_get_host (parsed), g_uri_get_port (parsed))
      : g_strdup (g_uri_get_host (parsed));
  g_autofree char *origin = g_strdup_printf ("%s://%s", g_uri_get_scheme (parsed), host);
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, socket_uri);

  soup_session_websocket_connect_async (self->session, message, origin, NULL, G_PRIORITY_DEFAULT,
                                        NULL, connected_cb, self);
}

/* ---- the page ---- */

static void
end_page (Check *self, GuestReachCode code, const char *detail)
{
  /* Without the page there is no need to ask for more. */
  if (code != GUEST_REACH_OK)
    tell (self, GUEST_REACH_WEBSOCKET, GUEST_REACH_WEBSOCKET, self->public_uri, code, detail);
  else
    try_line (self);
  tell (self, GUEST_REACH_PAGE, GUEST_REACH_PAGE, self->public_uri, code, detail);
}

static void
read_page_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Check *self = user_data;
  g_autofree char *detail = g_strdup_printf ("It answers with status %u", self->status);

  /* What broke off is not what we wait for. */
  g_input_stream_read_all_finish (G_INPUT_STREAM (object), result, NULL, NULL);
  if (self->status == SOUP_STATUS_OK && g_str_equal (self->health, "regie"))
    end_page (self, GUEST_REACH_OK, detail);
  else
    end_page (self, GUEST_REACH_OTHER, detail);
}

static void
got_page_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Check *self = user_data;
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (object), result);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream =
    soup_session_send_finish (SOUP_SESSION (object), result, &error);

  if (stream == NULL) {
    end_page (self, judge (error), error->message);
    return;
  }
  self->status = soup_message_get_status (message);
  g_input_stream_read_all_async (stream, self->health, MAX_HEALTH_BYTES, G_PRIORITY_DEFAULT, NULL,
                                 read_page_cb, self);
}

static void
try_page (Check *self)
{
  g_autofree char *uri = make_uri (self, "health");
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, uri);

  if (message == NULL || !g_str_has_prefix (self->public_uri, "http")) {
    end_page (self, GUEST_REACH_BAD_ADDRESS, "The public address is not one of a page");
    return;
  }
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_session_send_async (self->session, message, G_PRIORITY_DEFAULT, NULL, got_page_cb, self);
}

/* ---- STUN and TURN ---- */

static void
ask_in_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;
  char *detail = NULL;
  const GuestReachCode code = question->user == NULL
                                ? guest_stun_bind (question->server, cancellable, &detail)
                                : guest_stun_allocate (question->server, question->user,
                                                       question->password, cancellable, &detail);

  g_object_set_data_full (G_OBJECT (task), "detail", detail, g_free);
  g_task_return_int (task, (gssize) code);
}

static void
asked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GTask *task = G_TASK (result);
  Question *question = g_task_get_task_data (task);
  g_autofree char *address =
    g_strdup_printf ("%s:%s:%u%s", question->server->scheme, question->server->host,
                     question->server->port, question->server->tcp ? "?transport=tcp" : "");
  /* It cannot be cancelled, and so cannot fail. */
  const gssize code = g_task_propagate_int (task, NULL);

  tell (question->check, question->slot,
        question->user == NULL ? GUEST_REACH_STUN : GUEST_REACH_TURN, address,
        (GuestReachCode) code, g_object_get_data (G_OBJECT (task), "detail"));
}

static void
try_server (Check *self, guint slot, const char *address, const GuestTurn *turn)
{
  g_autoptr (GuestIceServer) server = guest_ice_server_parse (address, NULL);

  if (server == NULL) {
    tell (self, slot, turn == NULL ? GUEST_REACH_STUN : GUEST_REACH_TURN, NULL,
          GUEST_REACH_BAD_ADDRESS, "It is not an address of such a server");
    return;
  }

  Question *question = g_new0 (Question, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, asked_cb, NULL);
  question->check = self;
  question->slot = slot;
  question->server = g_steal_pointer (&server);
  if (turn != NULL)
    guest_ice_make_credentials (turn, "reach", g_get_real_time () / G_USEC_PER_SEC, &question->user,
                                &question->password);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  g_task_run_in_thread (task, ask_in_thread);
}

static void
try_servers (Check *self)
{
  const GuestIceConfig *ice = &self->settings->config.ice;
  const guint n_stun = ice->stun != NULL ? g_strv_length ((char **) ice->stun) : 0;
  guint slot = GUEST_REACH_STUN;

  self->n_pending += n_stun + ice->n_turns;
  g_ptr_array_set_size (self->results, (int) (GUEST_REACH_STUN + n_stun + ice->n_turns));
  for (guint i = 0; i < n_stun; i++)
    try_server (self, slot++, ice->stun[i], NULL);
  for (guint i = 0; i < ice->n_turns; i++)
    try_server (self, slot++, ice->turns[i].address, &ice->turns[i]);
}

/**
 * guest_room_check_reach_async:
 * @self: a room
 * @cancellable: (nullable): the caller waits no longer; what was begun ends by itself
 * @callback: when all is known
 * @user_data: for @callback
 *
 * “Can my guest reach me?”: fetches the public page, sends something through its WebSocket, and asks
 * the STUN and TURN servers, all at once. It takes up to 18 seconds. Nobody is asked who was not
 * entered. The result is the property "reach", too.
 */
void
guest_room_check_reach_async (GuestRoom *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (GUEST_IS_ROOM (self));

  Check *check = g_new0 (Check, 1);

  check->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (check->task, guest_room_check_reach_async);
  check->settings = guest_settings_ref (self->settings);
  check->results = g_ptr_array_new_with_free_func ((GDestroyNotify) guest_reach_free);
  check->public_uri = g_strdup (self->public_address != NULL ? self->public_address
                                                             : self->settings->config.public_uri);
  check->probe_token =
    g_strdup (self->server != NULL ? guest_server_get_probe_token (self->server) : "");
  check->payload = web_token_new ();
  check->session = soup_session_new_with_options ("timeout", PAGE_TIMEOUT_S, NULL);
  set_checking (self, TRUE);

  /* Page, line, and one for ourselves: it must not end before all has begun. */
  check->n_pending = 3;
  try_servers (check);
  if (check->public_uri == NULL)
    end_page (check, GUEST_REACH_NOT_SET, "No public address is set");
  else if (self->server == NULL)
    end_page (check, GUEST_REACH_CLOSED, "The guests' page is not open");
  else
    try_page (check);
  end_one (check);
}

/**
 * guest_room_check_reach_finish:
 * @self: a room
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: (transfer full) (element-type GuestReach): page, WebSocket, each STUN, each TURN server;
 *   `NULL` with `G_IO_ERROR_CANCELLED`
 */
GPtrArray *
guest_room_check_reach_finish (GuestRoom *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-resources.h"
#include "guest-server.h"
#include "web-reply.h"
#include "web-token.h"

#define WHIP_PATH "/whip"

/**
 * GuestServer:
 *
 * What the guests' browsers talk to: the page, the lines, and the way in for other programs. It
 * knows no guest; it asks with its signals.
 */
struct _GuestServer {
  GObject parent_instance;

  WebServer *web;
  char *probe_token;
  GPtrArray *lines; /* of GuestLine */
};

G_DEFINE_FINAL_TYPE (GuestServer, guest_server, G_TYPE_OBJECT)

enum {
  SIGNAL_HELLO,
  SIGNAL_WHIP,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Lets pages of others send here: who has the token may, from wherever he is. */
static void
share (SoupServerMessage *message)
{
  static const char *const headers[][2] = {
    { "Access-Control-Allow-Origin", "*" },
    { "Access-Control-Allow-Methods", "POST, PATCH, DELETE, OPTIONS" },
    { "Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match" },
    { "Access-Control-Expose-Headers", "Location, Link, ETag" },
    { "Cross-Origin-Resource-Policy", "cross-origin" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), headers[i][0],
                                  headers[i][1]);
}

static gboolean
request_cb (WebServer *web, SoupServerMessage *message, const char *path, gpointer user_data)
{
  GuestServer *self = user_data;
  const char *method = soup_server_message_get_method (message);
  g_auto (GStrv) parts = g_strsplit (path + strlen (WHIP_PATH), "/", 4);
  const guint n_parts = g_strv_length (parts);
  g_autofree char *bearer = web_reply_get_bearer (message);
  const char *token = n_parts > 1 && *parts[1] != '\0' ? parts[1] : bearer;
  const char *session = n_parts > 2 && *parts[2] != '\0' ? parts[2] : NULL;
  gboolean taken = FALSE;

  share (message);
  if (g_str_equal (method, SOUP_METHOD_OPTIONS))
    soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  else if (!g_str_equal (method, SOUP_METHOD_POST) && !g_str_equal (method, "PATCH") &&
           !g_str_equal (method, SOUP_METHOD_DELETE))
    web_reply_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "POST, PATCH, DELETE, OPTIONS");
  else if (n_parts > 3 || !web_token_is_valid (token))
    web_reply_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  else {
    g_signal_emit (self, signals[SIGNAL_WHIP], 0, message, token, session, &taken);
    if (!taken)
      web_reply_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  }
  return TRUE;
}

static void
line_message_cb (GuestLine *line, const GuestMessage *message, gpointer user_data)
{
  GuestServer *self = user_data;
  gboolean taken = FALSE;

  if (message->type != GUEST_MESSAGE_HELLO)
    return;
  /* Our own question whether we can be reached: it may ping and echo. */
  if (web_token_equal (message->token, self->probe_token))
    return;
  if (web_token_is_valid (message->token))
    g_signal_emit (self, signals[SIGNAL_HELLO], 0, line, message->token, message->language, &taken);
  if (!taken)
    web_server_turn_away (self->web, guest_line_get_web (line));
}

static void
line_closed_cb (GuestLine *line, gpointer user_data)
{
  GuestServer *self = user_data;

  g_ptr_array_remove (self->lines, line);
}

static void
line_cb (WebServer *web, WebLine *opened, gpointer user_data)
{
  GuestServer *self = user_data;
  GuestLine *line = guest_line_new (opened);

  g_ptr_array_add (self->lines, line);
  g_signal_connect_object (line, "message", G_CALLBACK (line_message_cb), self, 0);
  g_signal_connect_object (line, "closed", G_CALLBACK (line_closed_cb), self, 0);
}

static void
guest_server_dispose (GObject *object)
{
  GuestServer *self = GUEST_SERVER (object);

  if (self->web != NULL)
    web_server_close (self->web);
  g_clear_object (&self->web);
  G_OBJECT_CLASS (guest_server_parent_class)->dispose (object);
}

static void
guest_server_finalize (GObject *object)
{
  GuestServer *self = GUEST_SERVER (object);

  g_ptr_array_unref (self->lines);
  g_free (self->probe_token);
  G_OBJECT_CLASS (guest_server_parent_class)->finalize (object);
}

static void
guest_server_class_init (GuestServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guest_server_dispose;
  object_class->finalize = guest_server_finalize;

  signals[SIGNAL_HELLO] =
    g_signal_new ("hello", GUEST_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 3, GUEST_TYPE_LINE,
                  G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_WHIP] =
    g_signal_new ("whip", GUEST_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0,
                  g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 3,
                  SOUP_TYPE_SERVER_MESSAGE, G_TYPE_STRING, G_TYPE_STRING);
}

static void
guest_server_init (GuestServer *self)
{
  static const WebServerPage page = {
    .resources = "/live/regie/Regie/guest",
    .permissions =
      "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), "
      "screen-wake-lock=(self), autoplay=(self), geolocation=()",
    .socket = "/signal",
    .max_message_bytes = GUEST_MESSAGE_MAX_BYTES,
    .folder = WHIP_PATH,
  };
  static gsize registered = 0;

  /* By hand: the linker drops what a static library registers by itself. */
  if (g_once_init_enter (&registered)) {
    guest_register_resource ();
    g_once_init_leave (&registered, 1);
  }
  self->lines = g_ptr_array_new_with_free_func (g_object_unref);
  self->probe_token = web_token_new ();
  self->web = web_server_new (&page);
  g_signal_connect_object (self->web, "line", G_CALLBACK (line_cb), self, 0);
  g_signal_connect_object (self->web, "request", G_CALLBACK (request_cb), self, 0);
}

GuestServer *
guest_server_new (void)
{
  return g_object_new (GUEST_TYPE_SERVER, NULL);
}

/**
 * guest_server_get_web:
 * @self: a server
 *
 * Returns: (transfer none): what serves the page: where it listens is to be told to it
 */
WebServer *
guest_server_get_web (GuestServer *self)
{
  g_return_val_if_fail (GUEST_IS_SERVER (self), NULL);

  return self->web;
}

/**
 * guest_server_get_probe_token:
 * @self: a server
 *
 * Returns: what a line says hello with that wants to ping and echo only
 */
const char *
guest_server_get_probe_token (GuestServer *self)
{
  g_return_val_if_fail (GUEST_IS_SERVER (self), NULL);

  return self->probe_token;
}

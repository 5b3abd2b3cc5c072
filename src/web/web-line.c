/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "web-line.h"
#include "web-words.h"

/* Since the last whole message: one of 64 KiB in pieces, and some more in libsoup's buffer. */
#define ALLOWED_BYTES (128 * 1024)

/* What was sent besides messages: pieces' heads, pings. No browser sends any of it. */
#define MAX_OTHER_BYTES (2 * ALLOWED_BYTES)

/* What waits for who does not read. */
#define MAX_UNSENT_BYTES (512 * 1024)

/* At once, and a second. */
#define MAX_MESSAGES     200
#define MESSAGES_RATE    50
#define MAX_MESSAGE_SIZE (1024 * 1024)
#define SIZE_RATE        (512 * 1024)

/* After goodbye. */
#define CLOSE_S 2

typedef struct {
  double most;
  double rate_s;
  double left;
  gint64 filled_us;
} Bucket;

/**
 * WebLine:
 *
 * One WebSocket of somebody we do not know. It lets through only texts, not too many, not too large,
 * in time, and closes itself when that is not what comes.
 */
struct _WebLine {
  GObject parent_instance;

  SoupWebsocketConnection *connection; /* nullable: closed */
  WebStream *stream;                   /* nullable */
  char *address;

  gint64 opened_us;
  gint64 heard_us;
  gint64 bye_us; /* when to hang up; 0: not yet */
  char *bye;     /* nullable: what to say then */
  gboolean said_bye;
  gboolean known;

  Bucket messages;
  Bucket size;
  guint64 n_read_before;
  guint64 n_message_bytes;
  guint64 n_written_before;
  guint64 n_sent;
};

G_DEFINE_FINAL_TYPE (WebLine, web_line, G_TYPE_OBJECT)

enum {
  SIGNAL_TEXT,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
bucket_take (Bucket *self, double amount, gint64 now_us)
{
  const double gained = (double) (now_us - self->filled_us) / G_TIME_SPAN_SECOND * self->rate_s;

  self->left = MIN (self->most, self->left + gained);
  self->filled_us = now_us;
  if (self->left < amount)
    return FALSE;
  self->left -= amount;
  return TRUE;
}

/* The head of a frame: of ours without, of a browser's with a mask. */
static guint64
get_frame_size (gsize length, gboolean masked)
{
  const guint64 head = length < 126 ? 2 : length <= G_MAXUINT16 ? 4 : 10;

  return head + (masked ? 4 : 0) + length;
}

static void
let_go (WebLine *self)
{
  g_autoptr (SoupWebsocketConnection) connection = g_steal_pointer (&self->connection);

  if (connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (connection, self);
  if (soup_websocket_connection_get_state (connection) != SOUP_WEBSOCKET_STATE_CLOSED)
    /* Without a reference it would be cut off at once, with what it still has to say. */
    g_signal_connect (g_object_ref (connection), "closed", G_CALLBACK (g_object_unref), NULL);
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  /* The door does it, so that the goodbye may still be read. */
  web_stream_allow (self->stream, ALLOWED_BYTES);
  web_stream_set_deadline (self->stream, g_get_monotonic_time () + CLOSE_S * G_TIME_SPAN_SECOND);
  g_clear_object (&self->stream);
}

static void
hang_up (WebLine *self)
{
  if (self->connection == NULL)
    return;
  g_object_ref (self);
  let_go (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
  g_object_unref (self);
}

static void
closed_cb (WebLine *self)
{
  hang_up (self);
}

static gboolean
is_within_limits (WebLine *self, gsize length, gint64 now_us)
{
  const guint64 n_read = web_stream_get_n_read (self->stream) - self->n_read_before;

  self->n_message_bytes += get_frame_size (length, TRUE);
  web_stream_allow (self->stream, ALLOWED_BYTES);
  if (n_read > self->n_message_bytes + MAX_OTHER_BYTES)
    return FALSE;
  return bucket_take (&self->messages, 1, now_us) &&
         bucket_take (&self->size, (double) length, now_us);
}

static void
message_cb (WebLine *self, int type, GBytes *bytes)
{
  const gint64 now_us = g_get_monotonic_time ();

  if (self->bye_us != 0)
    return;
  self->heard_us = now_us;
  if (!is_within_limits (self, g_bytes_get_size (bytes), now_us)) {
    g_debug ("%s sends too much", self->address);
    web_line_bye (self, "protocol");
  } else if (type != SOUP_WEBSOCKET_DATA_TEXT) {
    g_debug ("%s: not a text", self->address);
    web_line_bye (self, "protocol");
  } else {
    g_object_ref (self);
    g_signal_emit (self, signals[SIGNAL_TEXT], 0, bytes);
    g_object_unref (self);
  }
}

static void
web_line_dispose (GObject *object)
{
  WebLine *self = WEB_LINE (object);

  let_go (self);
  G_OBJECT_CLASS (web_line_parent_class)->dispose (object);
}

static void
web_line_finalize (GObject *object)
{
  WebLine *self = WEB_LINE (object);

  g_free (self->address);
  g_free (self->bye);
  G_OBJECT_CLASS (web_line_parent_class)->finalize (object);
}

static void
web_line_class_init (WebLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = web_line_dispose;
  object_class->finalize = web_line_finalize;

  signals[SIGNAL_TEXT] = g_signal_new ("text", WEB_TYPE_LINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", WEB_TYPE_LINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
web_line_init (WebLine *self)
{
  const gint64 now_us = g_get_monotonic_time ();

  self->opened_us = self->heard_us = now_us;
  self->messages = (Bucket){ MAX_MESSAGES, MESSAGES_RATE, MAX_MESSAGES, now_us };
  self->size = (Bucket){ MAX_MESSAGE_SIZE, SIZE_RATE, MAX_MESSAGE_SIZE, now_us };
}

/**
 * web_line_new:
 * @connection: an open WebSocket
 * @stream: below it
 * @address: where it comes from, for the log
 * @max_bytes: of one message
 *
 * Returns: (transfer full): the line; call web_line_check () once a second
 */
WebLine *
web_line_new (SoupWebsocketConnection *connection, WebStream *stream, const char *address,
              gsize max_bytes)
{
  WebLine *self = g_object_new (WEB_TYPE_LINE, NULL);

  self->connection = g_object_ref (connection);
  self->stream = g_object_ref (stream);
  self->address = g_strdup (address);
  self->n_read_before = web_stream_get_n_read (stream);
  self->n_written_before = web_stream_get_n_written (stream);
  web_stream_allow (stream, ALLOWED_BYTES);
  web_stream_set_deadline (stream, G_MAXINT64);

  soup_websocket_connection_set_max_incoming_payload_size (connection, max_bytes);
  g_signal_connect_object (connection, "message", G_CALLBACK (message_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

const char *
web_line_get_address (WebLine *self)
{
  return self->address;
}

gboolean
web_line_get_open (WebLine *self)
{
  return self->connection != NULL && self->bye_us == 0;
}

gboolean
web_line_get_known (WebLine *self)
{
  return self->known;
}

/**
 * web_line_set_known:
 * @self: a line
 *
 * Whoever it is has said so: he may stay for longer than %WEB_LINE_HELLO_S.
 */
void
web_line_set_known (WebLine *self)
{
  g_return_if_fail (WEB_IS_LINE (self));

  self->known = TRUE;
}

/**
 * web_line_send:
 * @self: a line
 * @text: (transfer full): a message, see web_words_end (); lost if the line is closed
 */
void
web_line_send (WebLine *self, char *text)
{
  g_autofree char *owned = text;

  g_return_if_fail (WEB_IS_LINE (self));

  if (self->connection == NULL || self->said_bye ||
      soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  soup_websocket_connection_send_text (self->connection, owned);
  self->n_sent += get_frame_size (strlen (owned), FALSE);
}

/**
 * web_line_bye_later:
 * @self: a line
 * @reason: what the page is told
 * @delay_s: how long it has to wait for it
 *
 * Takes nothing any more, and closes.
 */
void
web_line_bye_later (WebLine *self, const char *reason, guint delay_s)
{
  g_return_if_fail (WEB_IS_LINE (self));

  if (self->bye_us != 0)
    return;
  self->bye = g_strdup (reason);
  self->bye_us = g_get_monotonic_time () + delay_s * G_TIME_SPAN_SECOND;
}

/**
 * web_line_bye:
 * @self: a line
 * @reason: what the page is told
 *
 * Says goodbye, and closes.
 */
void
web_line_bye (WebLine *self, const char *reason)
{
  g_return_if_fail (WEB_IS_LINE (self));

  if (self->said_bye || self->connection == NULL)
    return;
  web_line_send (self, web_words_end (web_words_text (web_words_new ("bye"), "reason", reason)));
  self->said_bye = TRUE;
  self->bye_us = g_get_monotonic_time ();
  hang_up (self);
}

/**
 * web_line_check:
 * @self: a line
 * @now_us: monotonic time
 *
 * Closes it if it is silent, or does not read what it is sent.
 */
void
web_line_check (WebLine *self, gint64 now_us)
{
  g_return_if_fail (WEB_IS_LINE (self));

  if (self->connection == NULL)
    return;

  const guint64 n_written = web_stream_get_n_written (self->stream) - self->n_written_before;
  if (self->n_sent > n_written + MAX_UNSENT_BYTES) {
    g_debug ("%s does not read", self->address);
    web_stream_cut (self->stream);
    hang_up (self);
  } else if (self->bye_us != 0) {
    if (now_us >= self->bye_us)
      web_line_bye (self, self->bye);
  } else if (!self->known && now_us - self->opened_us > WEB_LINE_HELLO_S * G_TIME_SPAN_SECOND) {
    web_line_bye (self, "protocol");
  } else if (now_us - self->heard_us > WEB_LINE_SILENCE_S * G_TIME_SPAN_SECOND) {
    g_debug ("%s is silent", self->address);
    web_stream_cut (self->stream);
    hang_up (self);
  }
}

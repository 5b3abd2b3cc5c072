/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-line.h"
#include "guest-words.h"

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
 * GuestLine:
 *
 * One WebSocket of somebody we do not know. It lets through only checked messages, not too many,
 * not too large, in time, and closes itself when that is not what comes.
 */
struct _GuestLine {
  GObject parent_instance;

  SoupWebsocketConnection *connection; /* nullable: closed */
  GuestStream *stream;                 /* nullable */
  char *address;

  gint64 opened_us;
  gint64 heard_us;
  gint64 bye_us; /* when to hang up; 0: not yet */
  char *bye;     /* nullable: what to say then */
  gboolean said_bye;
  gboolean greeted;

  Bucket messages;
  Bucket size;
  guint64 n_read_before;
  guint64 n_message_bytes;
  guint64 n_written_before;
  guint64 n_sent;
};

G_DEFINE_FINAL_TYPE (GuestLine, guest_line, G_TYPE_OBJECT)

enum {
  SIGNAL_MESSAGE,
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
let_go (GuestLine *self)
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
  guest_stream_allow (self->stream, ALLOWED_BYTES);
  guest_stream_set_deadline (self->stream, g_get_monotonic_time () + CLOSE_S * G_TIME_SPAN_SECOND);
  g_clear_object (&self->stream);
}

static void
hang_up (GuestLine *self)
{
  if (self->connection == NULL)
    return;
  g_object_ref (self);
  let_go (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
  g_object_unref (self);
}

static void
closed_cb (GuestLine *self)
{
  hang_up (self);
}

static void
answer_echo (GuestLine *self, const GuestMessage *message)
{
  guest_line_send (self, guest_words_end (guest_words_text (
                           guest_words_number (guest_words_new ("echo"), "id", message->id),
                           "payload", message->payload)));
}

static void
answer_ping (GuestLine *self, const GuestMessage *message)
{
  guest_line_send (self, guest_words_end (
                           guest_words_number (guest_words_new ("pong"), "id", message->id)));
}

static void
take_message (GuestLine *self, const GuestMessage *message)
{
  /* A hello, and only one. */
  if (self->greeted == (message->type == GUEST_MESSAGE_HELLO)) {
    guest_line_bye (self, "protocol");
    return;
  }
  self->greeted = TRUE;
  if (message->type == GUEST_MESSAGE_ECHO)
    answer_echo (self, message);
  else if (message->type == GUEST_MESSAGE_PING)
    answer_ping (self, message);
  else if (message->type != GUEST_MESSAGE_UNKNOWN)
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

static gboolean
is_within_limits (GuestLine *self, gsize length, gint64 now_us)
{
  const guint64 n_read = guest_stream_get_n_read (self->stream) - self->n_read_before;

  self->n_message_bytes += get_frame_size (length, TRUE);
  guest_stream_allow (self->stream, ALLOWED_BYTES);
  if (n_read > self->n_message_bytes + MAX_OTHER_BYTES)
    return FALSE;
  return bucket_take (&self->messages, 1, now_us) &&
         bucket_take (&self->size, (double) length, now_us);
}

static void
message_cb (GuestLine *self, int type, GBytes *bytes)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  const gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  if (self->bye_us != 0)
    return;
  self->heard_us = now_us;
  if (!is_within_limits (self, length, now_us)) {
    g_debug ("%s sends too much", self->address);
    guest_line_bye (self, "protocol");
    return;
  }

  g_autoptr (GuestMessage) message =
    type == SOUP_WEBSOCKET_DATA_TEXT ? guest_message_parse (text, length, &error) : NULL;
  if (message == NULL) {
    g_debug ("%s: %s", self->address, error != NULL ? error->message : "not a text");
    guest_line_bye (self, "protocol");
    return;
  }
  g_object_ref (self);
  take_message (self, message);
  g_object_unref (self);
}

static void
guest_line_dispose (GObject *object)
{
  GuestLine *self = GUEST_LINE (object);

  let_go (self);
  G_OBJECT_CLASS (guest_line_parent_class)->dispose (object);
}

static void
guest_line_finalize (GObject *object)
{
  GuestLine *self = GUEST_LINE (object);

  g_free (self->address);
  g_free (self->bye);
  G_OBJECT_CLASS (guest_line_parent_class)->finalize (object);
}

static void
guest_line_class_init (GuestLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guest_line_dispose;
  object_class->finalize = guest_line_finalize;

  signals[SIGNAL_MESSAGE] = g_signal_new ("message", GUEST_TYPE_LINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", GUEST_TYPE_LINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void
guest_line_init (GuestLine *self)
{
  const gint64 now_us = g_get_monotonic_time ();

  self->opened_us = self->heard_us = now_us;
  self->messages = (Bucket){ MAX_MESSAGES, MESSAGES_RATE, MAX_MESSAGES, now_us };
  self->size = (Bucket){ MAX_MESSAGE_SIZE, SIZE_RATE, MAX_MESSAGE_SIZE, now_us };
}

/**
 * guest_line_new:
 * @connection: an open WebSocket
 * @stream: below it
 * @address: where it comes from, for the log
 *
 * Returns: (transfer full): the line; call guest_line_check () once a second
 */
GuestLine *
guest_line_new (SoupWebsocketConnection *connection, GuestStream *stream, const char *address)
{
  GuestLine *self = g_object_new (GUEST_TYPE_LINE, NULL);

  self->connection = g_object_ref (connection);
  self->stream = g_object_ref (stream);
  self->address = g_strdup (address);
  self->n_read_before = guest_stream_get_n_read (stream);
  self->n_written_before = guest_stream_get_n_written (stream);
  guest_stream_allow (stream, ALLOWED_BYTES);
  guest_stream_set_deadline (stream, G_MAXINT64);

  soup_websocket_connection_set_max_incoming_payload_size (connection, GUEST_MESSAGE_MAX_BYTES);
  g_signal_connect_object (connection, "message", G_CALLBACK (message_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

const char *
guest_line_get_address (GuestLine *self)
{
  return self->address;
}

gboolean
guest_line_get_open (GuestLine *self)
{
  return self->connection != NULL && self->bye_us == 0;
}

gboolean
guest_line_get_greeted (GuestLine *self)
{
  return self->greeted;
}

/**
 * guest_line_send:
 * @self: a line
 * @text: (transfer full): a message, see guest_words_end (); lost if the line is closed
 */
void
guest_line_send (GuestLine *self, char *text)
{
  g_autofree char *owned = text;

  g_return_if_fail (GUEST_IS_LINE (self));

  if (self->connection == NULL || self->said_bye ||
      soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  soup_websocket_connection_send_text (self->connection, owned);
  self->n_sent += get_frame_size (strlen (owned), FALSE);
}

/**
 * guest_line_bye_later:
 * @self: a line
 * @reason: what the page is told
 * @delay_s: how long it has to wait for it
 *
 * Takes nothing any more, and closes.
 */
void
guest_line_bye_later (GuestLine *self, const char *reason, guint delay_s)
{
  g_return_if_fail (GUEST_IS_LINE (self));

  if (self->bye_us != 0)
    return;
  self->bye = g_strdup (reason);
  self->bye_us = g_get_monotonic_time () + delay_s * G_TIME_SPAN_SECOND;
}

/**
 * guest_line_bye:
 * @self: a line
 * @reason: what the page is told
 *
 * Says goodbye, and closes.
 */
void
guest_line_bye (GuestLine *self, const char *reason)
{
  g_return_if_fail (GUEST_IS_LINE (self));

  if (self->said_bye || self->connection == NULL)
    return;
  guest_line_send (self,
                   guest_words_end (guest_words_text (guest_words_new ("bye"), "reason", reason)));
  self->said_bye = TRUE;
  self->bye_us = g_get_monotonic_time ();
  hang_up (self);
}

/**
 * guest_line_check:
 * @self: a line
 * @now_us: monotonic time
 *
 * Closes it if it is silent, or does not read what it is sent.
 */
void
guest_line_check (GuestLine *self, gint64 now_us)
{
  g_return_if_fail (GUEST_IS_LINE (self));

  if (self->connection == NULL)
    return;

  const guint64 n_written = guest_stream_get_n_written (self->stream) - self->n_written_before;
  if (self->n_sent > n_written + MAX_UNSENT_BYTES) {
    g_debug ("%s does not read", self->address);
    guest_stream_cut (self->stream);
    hang_up (self);
  } else if (self->bye_us != 0) {
    if (now_us >= self->bye_us)
      guest_line_bye (self, self->bye);
  } else if (!self->greeted && now_us - self->opened_us > GUEST_LINE_HELLO_S * G_TIME_SPAN_SECOND) {
    guest_line_bye (self, "protocol");
  } else if (now_us - self->heard_us > GUEST_LINE_SILENCE_S * G_TIME_SPAN_SECOND) {
    g_debug ("%s is silent", self->address);
    guest_stream_cut (self->stream);
    hang_up (self);
  }
}

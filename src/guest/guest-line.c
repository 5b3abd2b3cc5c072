/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "guest-line.h"
#include "web-words.h"

/**
 * GuestLine:
 *
 * What a guest's page says, on a line of somebody we do not know: only checked messages get through,
 * after one hello.
 */
struct _GuestLine {
  GObject parent_instance;

  WebLine *line;
};

G_DEFINE_FINAL_TYPE (GuestLine, guest_line, G_TYPE_OBJECT)

enum {
  SIGNAL_MESSAGE,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
closed_cb (GuestLine *self)
{
  g_object_ref (self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
  g_object_unref (self);
}

static void
answer_echo (GuestLine *self, const GuestMessage *message)
{
  guest_line_send (self, web_words_end (web_words_text (web_words_number (web_words_new ("echo"),
                                                                          "id", message->id),
                                                        "payload", message->payload)));
}

static void
answer_ping (GuestLine *self, const GuestMessage *message)
{
  guest_line_send (self,
                   web_words_end (web_words_number (web_words_new ("pong"), "id", message->id)));
}

static void
take_message (GuestLine *self, const GuestMessage *message)
{
  /* A hello, and only one. */
  if (web_line_get_known (self->line) == (message->type == GUEST_MESSAGE_HELLO)) {
    guest_line_bye (self, "protocol");
    return;
  }
  web_line_set_known (self->line);
  if (message->type == GUEST_MESSAGE_ECHO)
    answer_echo (self, message);
  else if (message->type == GUEST_MESSAGE_PING)
    answer_ping (self, message);
  else if (message->type != GUEST_MESSAGE_UNKNOWN)
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

static void
text_cb (GuestLine *self, GBytes *bytes)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (GError) error = NULL;
  g_autoptr (GuestMessage) message = guest_message_parse (text, length, &error);

  if (message == NULL) {
    g_debug ("%s: %s", web_line_get_address (self->line), error->message);
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

  if (self->line != NULL)
    g_signal_handlers_disconnect_by_data (self->line, self);
  g_clear_object (&self->line);
  G_OBJECT_CLASS (guest_line_parent_class)->dispose (object);
}

static void
guest_line_class_init (GuestLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = guest_line_dispose;

  signals[SIGNAL_MESSAGE] = g_signal_new ("message", GUEST_TYPE_LINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", GUEST_TYPE_LINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void
guest_line_init (GuestLine *self)
{
}

/**
 * guest_line_new:
 * @line: an open line
 *
 * Returns: (transfer full): what a guest's page says on it
 */
GuestLine *
guest_line_new (WebLine *line)
{
  GuestLine *self = g_object_new (GUEST_TYPE_LINE, NULL);

  self->line = g_object_ref (line);
  g_signal_connect_object (line, "text", G_CALLBACK (text_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (line, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

WebLine *
guest_line_get_web (GuestLine *self)
{
  g_return_val_if_fail (GUEST_IS_LINE (self), NULL);

  return self->line;
}

/**
 * guest_line_send:
 * @self: a line
 * @text: (transfer full): a message, see web_words_end (); lost if the line is closed
 */
void
guest_line_send (GuestLine *self, char *text)
{
  g_return_if_fail (GUEST_IS_LINE (self));

  web_line_send (self->line, text);
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

  web_line_bye (self->line, reason);
}

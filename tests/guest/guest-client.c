/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-client.h"

#define TIMEOUT_MS 20000

static gboolean
wake_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
late_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_CONTINUE;
}

GuestClient *
guest_client_new (guint port)
{
  GuestClient *self = g_new0 (GuestClient, 1);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GError) error = NULL;

  self->socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  /* The kernel accepts for the server, so that this does not wait for it. */
  g_socket_connect (self->socket, address, NULL, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (self->socket, FALSE);
  self->received = g_byte_array_new ();
  return self;
}

void
guest_client_free (GuestClient *self)
{
  g_socket_close (self->socket, NULL);
  g_object_unref (self->socket);
  g_byte_array_unref (self->received);
  g_free (self);
}

static void
receive (GuestClient *self)
{
  guint8 chunk[16384] = { 0 };
  gssize n = 1;

  while (!self->ended && n > 0) {
    g_autoptr (GError) error = NULL;

    n = g_socket_receive (self->socket, (char *) chunk, sizeof chunk, NULL, &error);
    if (n > 0)
      g_byte_array_append (self->received, chunk, (guint) n);
    else if (n == 0 || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
      self->ended = TRUE;
  }
}

/* Until something happens at the socket or in the server, or it is late. */
static gboolean
turn (GuestClient *self, GIOCondition condition, gint64 until_us)
{
  gboolean late = FALSE;
  g_autoptr (GSource) wake = g_socket_create_source (self->socket, condition, NULL);
  g_autoptr (GSource) timer =
    g_timeout_source_new ((guint) (MAX (until_us - g_get_monotonic_time (), 0) / 1000));

  if (self->ended) {
    g_main_context_iteration (NULL, FALSE);
    return FALSE;
  }
  g_source_set_callback (wake, G_SOURCE_FUNC (wake_cb), NULL, NULL);
  g_source_set_callback (timer, late_cb, &late, NULL);
  g_source_attach (wake, NULL);
  g_source_attach (timer, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_destroy (wake);
  g_source_destroy (timer);
  return !late;
}

gboolean
guest_client_send (GuestClient *self, const void *data, gsize length)
{
  const gint64 until_us = g_get_monotonic_time () + TIMEOUT_MS * 1000;

  for (gsize n_sent = 0; n_sent < length;) {
    g_autoptr (GError) error = NULL;
    const gssize n =
      g_socket_send (self->socket, (const char *) data + n_sent, length - n_sent, NULL, &error);

    if (n > 0)
      n_sent += (gsize) n;
    else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ||
             !turn (self, G_IO_OUT | G_IO_HUP, until_us))
      return FALSE;
  }
  return TRUE;
}

gboolean
guest_client_wait_ended (GuestClient *self, guint timeout_ms)
{
  const gint64 until_us = g_get_monotonic_time () + timeout_ms * 1000;

  receive (self);
  while (!self->ended && turn (self, G_IO_IN | G_IO_HUP, until_us))
    receive (self);
  return self->ended;
}

/* The head of an answer, without what follows. NULL if there was none. */
char *
guest_client_read_head (GuestClient *self)
{
  const gint64 until_us = g_get_monotonic_time () + TIMEOUT_MS * 1000;

  while (TRUE) {
    receive (self);
    const char *end = self->received->len > 0
                        ? g_strstr_len ((const char *) self->received->data,
                                        (gssize) self->received->len, "\r\n\r\n")
                        : NULL;
    if (end != NULL) {
      const gsize length = (gsize) (end + 4 - (const char *) self->received->data);
      char *head = g_strndup ((const char *) self->received->data, length - 2);

      g_byte_array_remove_range (self->received, 0, (guint) length);
      return head;
    }
    if (self->ended || !turn (self, G_IO_IN | G_IO_HUP, until_us))
      return NULL;
  }
}

/* The whole answer of a server that is asked to close. */
char *
guest_client_request (guint port, const char *request)
{
  g_autoptr (GuestClient) self = guest_client_new (port);

  guest_client_send (self, request, strlen (request));
  g_assert_true (guest_client_wait_ended (self, TIMEOUT_MS));
  return g_strndup ((const char *) self->received->data, self->received->len);
}

char *
guest_client_find_header (const char *answer, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\r\n%s: ", name);
  const char *found = strstr (answer, start);

  if (found == NULL)
    return NULL;
  found += strlen (start);
  return g_strndup (found, strcspn (found, "\r"));
}

/* The head of the answer. */
char *
guest_client_shake_hands (GuestClient *self, const char *host, const char *origin)
{
  g_autofree char *origin_line =
    origin != NULL ? g_strdup_printf ("Origin: %s\r\n", origin) : g_strdup ("");
  g_autofree char *request = g_strdup_printf (
    "GET /signal HTTP/1.1\r\nHost: %s\r\n%sUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n",
    host, origin_line);

  guest_client_send (self, request, strlen (request));
  return guest_client_read_head (self);
}

GuestClient *
guest_client_open_line (guint port)
{
  GuestClient *self = guest_client_new (port);
  g_autofree char *host = g_strdup_printf ("localhost:%u", port);
  g_autofree char *origin = g_strdup_printf ("http://localhost:%u", port);
  g_autofree char *head = guest_client_shake_hands (self, host, origin);

  g_assert_nonnull (head);
  g_assert_true (g_str_has_prefix (head, "HTTP/1.1 101 "));
  return self;
}

/* @first: FIN and opcode. Masked, as a browser does. */
gboolean
guest_client_frame (GuestClient *self, guint8 first, const void *data, gsize length)
{
  static const guint8 mask[] = { 0x12, 0x34, 0x56, 0x78 };
  g_autoptr (GByteArray) frame = g_byte_array_sized_new ((guint) length + 14);
  guint8 head[10] = { first };
  guint n_head = 2;

  if (length < 126) {
    head[1] = (guint8) (0x80 | length);
  } else if (length <= G_MAXUINT16) {
    head[1] = 0x80 | 126;
    head[2] = (guint8) (length >> 8);
    head[3] = (guint8) length;
    n_head = 4;
  } else {
    head[1] = 0x80 | 127;
    for (guint i = 0; i < 8; i++)
      head[2 + i] = (guint8) ((guint64) length >> (8 * (7 - i)));
    n_head = 10;
  }
  g_byte_array_append (frame, head, n_head);
  g_byte_array_append (frame, mask, sizeof mask);
  for (gsize i = 0; i < length; i++) {
    const guint8 byte = ((const guint8 *) data)[i] ^ mask[i % 4];

    g_byte_array_append (frame, &byte, 1);
  }
  return guest_client_send (self, frame->data, frame->len);
}

gboolean
guest_client_say (GuestClient *self, const char *text)
{
  return guest_client_frame (self, 0x81, text, strlen (text));
}

/* One whole frame of text out of what was received. */
static char *
take_text (GuestClient *self)
{
  while (self->received->len >= 2) {
    const guint8 *data = self->received->data;
    const guint8 opcode = data[0] & 0x0f;
    guint64 length = data[1] & 0x7f;
    gsize n_head = 2;

    if (length == 126 && self->received->len >= 4) {
      length = ((guint64) data[2] << 8) | data[3];
      n_head = 4;
    } else if (length == 127 && self->received->len >= 10) {
      length =
        ((guint64) data[6] << 24) | ((guint64) data[7] << 16) | ((guint64) data[8] << 8) | data[9];
      n_head = 10;
    } else if (length >= 126) {
      return NULL;
    }
    if (self->received->len < n_head + length)
      return NULL;

    char *text = opcode == 1 ? g_strndup ((const char *) data + n_head, length) : NULL;
    g_byte_array_remove_range (self->received, 0, (guint) (n_head + length));
    if (text != NULL)
      return text;
  }
  return NULL;
}

/* The next message, or NULL if none comes. */
char *
guest_client_hear (GuestClient *self, guint timeout_ms)
{
  const gint64 until_us = g_get_monotonic_time () + timeout_ms * 1000;

  while (TRUE) {
    receive (self);
    char *text = take_text (self);
    if (text != NULL || self->ended || !turn (self, G_IO_IN | G_IO_HUP, until_us))
      return text;
  }
}

/* The next message of a type, past others. */
char *
guest_client_hear_type (GuestClient *self, const char *type)
{
  g_autofree char *start = g_strdup_printf ("{\"type\":\"%s\"", type);

  while (TRUE) {
    g_autofree char *text = guest_client_hear (self, TIMEOUT_MS);

    if (text == NULL || g_str_has_prefix (text, start))
      return g_steal_pointer (&text);
  }
}

static gboolean
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

void
guest_client_run (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, over_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

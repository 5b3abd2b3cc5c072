/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-stun.h"

#define MAGIC            0x2112a442u
#define HEAD_BYTES       20
#define MAX_BYTES        2048
#define MAX_VALUE_BYTES  763 /* of a realm or a nonce */
#define INTEGRITY_BYTES  20
#define FIRST_TIMEOUT_MS 500
#define N_TRIES          4 /* 0.5 s, 1 s, 2 s, 4 s */
#define TCP_TIMEOUT_S    8

enum {
  METHOD_BINDING = 0x001,
  METHOD_ALLOCATE = 0x003,
  METHOD_REFRESH = 0x004,
  CLASS_SUCCESS = 0x100,
};

enum {
  ATTRIBUTE_USERNAME = 0x0006,
  ATTRIBUTE_MESSAGE_INTEGRITY = 0x0008,
  ATTRIBUTE_ERROR_CODE = 0x0009,
  ATTRIBUTE_LIFETIME = 0x000d,
  ATTRIBUTE_REALM = 0x0014,
  ATTRIBUTE_NONCE = 0x0015,
  ATTRIBUTE_XOR_RELAYED_ADDRESS = 0x0016,
  ATTRIBUTE_REQUESTED_TRANSPORT = 0x0019,
  ATTRIBUTE_XOR_MAPPED_ADDRESS = 0x0020,
};

/* One conversation. */
typedef struct {
  GSocket *socket;   /* nullable: over TCP */
  GIOStream *stream; /* nullable: over UDP */
  GCancellable *cancellable;
  char *realm; /* nullable */
  char *nonce; /* nullable */
  guint8 answer[MAX_BYTES];
  gsize answer_length;
} Talk;

static void
talk_clear (Talk *self)
{
  g_clear_object (&self->socket);
  g_clear_object (&self->stream);
  g_free (self->realm);
  g_free (self->nonce);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Talk, talk_clear)

static guint16
get_16 (const guint8 *bytes)
{
  return (guint16) ((bytes[0] << 8) | bytes[1]);
}

static void
set_16 (guint8 *bytes, guint value)
{
  bytes[0] = (guint8) (value >> 8);
  bytes[1] = (guint8) value;
}

/* ---- writing ---- */

static GByteArray *
begin_request (guint method)
{
  GByteArray *request = g_byte_array_sized_new (256);
  guint8 head[HEAD_BYTES] = { 0 };

  set_16 (head, method);
  set_16 (head + 4, MAGIC >> 16);
  set_16 (head + 6, MAGIC & 0xffff);
  for (guint i = 8; i < HEAD_BYTES; i += 4) {
    const guint32 random = g_random_int ();

    memcpy (head + i, &random, sizeof random);
  }
  return g_byte_array_append (request, head, sizeof head);
}

static void
add_attribute (GByteArray *request, guint type, const void *value, gsize length)
{
  static const guint8 padding[4] = { 0 };
  guint8 head[4] = { 0 };

  set_16 (head, type);
  set_16 (head + 2, (guint) length);
  g_byte_array_append (request, head, sizeof head);
  g_byte_array_append (request, value, (guint) length);
  g_byte_array_append (request, padding, (4 - length % 4) % 4);
  set_16 (request->data + 2, request->len - HEAD_BYTES);
}

/* The length already counts what comes last. */
static void
sign (GByteArray *request, const Talk *talk, const char *user, const char *password)
{
  g_autofree char *text = g_strdup_printf ("%s:%s:%s", user, talk->realm, password);
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);
  guint8 key[16] = { 0 };
  gsize key_length = sizeof key;
  guint8 digest[INTEGRITY_BYTES] = { 0 };
  gsize digest_length = sizeof digest;

  g_checksum_update (md5, (const guint8 *) text, -1);
  g_checksum_get_digest (md5, key, &key_length);
  set_16 (request->data + 2, request->len - HEAD_BYTES + 4 + INTEGRITY_BYTES);

  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA1, key, key_length);
  g_hmac_update (hmac, request->data, request->len);
  g_hmac_get_digest (hmac, digest, &digest_length);
  g_hmac_unref (hmac);
  add_attribute (request, ATTRIBUTE_MESSAGE_INTEGRITY, digest, sizeof digest);
}

/* ---- reading ---- */

static const guint8 *
find_attribute (const Talk *talk, guint type, gsize *length)
{
  for (gsize i = HEAD_BYTES; i + 4 <= talk->answer_length;) {
    const gsize size = get_16 (talk->answer + i + 2);

    if (i + 4 + size > talk->answer_length)
      return NULL;
    if (get_16 (talk->answer + i) == type) {
      *length = size;
      return talk->answer + i + 4;
    }
    i += 4 + size + (4 - size % 4) % 4;
  }
  return NULL;
}

static char *
find_text (const Talk *talk, guint type)
{
  gsize length = 0;
  const guint8 *value = find_attribute (talk, type, &length);

  return value != NULL && length <= MAX_VALUE_BYTES ? g_strndup ((const char *) value, length)
                                                    : NULL;
}

static guint
find_error (const Talk *talk)
{
  gsize length = 0;
  const guint8 *value = find_attribute (talk, ATTRIBUTE_ERROR_CODE, &length);

  return value != NULL && length >= 4 ? (value[2] & 7u) * 100u + value[3] : 0;
}

/* Ours is it only with our number in it. */
static gboolean
is_answer (const Talk *talk, const GByteArray *request)
{
  return talk->answer_length >= HEAD_BYTES &&
         (gsize) get_16 (talk->answer + 2) + HEAD_BYTES <= talk->answer_length &&
         memcmp (talk->answer + 4, request->data + 4, HEAD_BYTES - 4) == 0 &&
         (get_16 (talk->answer) & 0x3eefu) == (get_16 (request->data) & 0x3eefu) &&
         (get_16 (talk->answer) & 0x100u) != 0;
}

static char *
read_address (const Talk *talk)
{
  gsize length = 0;
  const guint8 *value = find_attribute (talk, ATTRIBUTE_XOR_MAPPED_ADDRESS, &length);
  guint8 bytes[16] = { 0 };

  if (value == NULL || length < 8 || (value[1] == 2 && length < 20))
    return NULL;
  for (guint i = 0; i < (value[1] == 2 ? 16u : 4u); i++)
    bytes[i] = value[4 + i] ^ talk->answer[4 + i];

  g_autoptr (GInetAddress) address =
    g_inet_address_new_from_bytes (bytes,
                                   value[1] == 2 ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4);
  return g_inet_address_to_string (address);
}

/* ---- asking ---- */

static gboolean
ask_udp (Talk *self, const GByteArray *request, GError **error)
{
  guint timeout_ms = FIRST_TIMEOUT_MS;

  for (guint i = 0; i < N_TRIES; i++, timeout_ms *= 2) {
    const gint64 until_us = g_get_monotonic_time () + timeout_ms * 1000;
    gint64 left_us = timeout_ms * 1000;

    if (g_socket_send (self->socket, (const char *) request->data, request->len, self->cancellable,
                       error) < 0)
      return FALSE;
    for (; left_us > 0; left_us = until_us - g_get_monotonic_time ()) {
      g_autoptr (GError) late = NULL;

      if (!g_socket_condition_timed_wait (self->socket, G_IO_IN, left_us, self->cancellable,
                                          &late)) {
        if (g_error_matches (late, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
          break;
        g_propagate_error (error, g_steal_pointer (&late));
        return FALSE;
      }
      const gssize n =
        g_socket_receive (self->socket, (char *) self->answer, MAX_BYTES, self->cancellable, error);
      if (n < 0)
        return FALSE;
      self->answer_length = (gsize) n;
      if (is_answer (self, request))
        return TRUE;
    }
  }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No answer came");
  return FALSE;
}

static gboolean
ask_tcp (Talk *self, const GByteArray *request, GError **error)
{
  GInputStream *input = g_io_stream_get_input_stream (self->stream);
  gsize n_read = 0;

  if (!g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), request->data,
                                  request->len, NULL, self->cancellable, error) ||
      !g_input_stream_read_all (input, self->answer, HEAD_BYTES, &n_read, self->cancellable, error))
    return FALSE;

  const gsize length = get_16 (self->answer + 2);
  self->answer_length = HEAD_BYTES + length;
  if (n_read == HEAD_BYTES && self->answer_length <= MAX_BYTES &&
      g_input_stream_read_all (input, self->answer + HEAD_BYTES, length, &n_read, self->cancellable,
                               error) &&
      n_read == length && is_answer (self, request))
    return TRUE;
  if (error != NULL && *error == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The answer is not STUN");
  return FALSE;
}

static gboolean
ask (Talk *self, const GByteArray *request, GError **error)
{
  return self->socket != NULL ? ask_udp (self, request, error) : ask_tcp (self, request, error);
}

static gboolean
open_udp (Talk *self, const GuestIceServer *server, GError **error)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  GList *addresses = g_resolver_lookup_by_name (resolver, server->host, self->cancellable, error);
  gboolean open = FALSE;

  /* Each in turn: this computer may have no way to the first. */
  for (GList *l = addresses; l != NULL && !open; l = l->next) {
    g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new (l->data, (guint16) server->port);

    g_clear_object (&self->socket);
    g_clear_error (error);
    self->socket = g_socket_new (g_inet_address_get_family (l->data), G_SOCKET_TYPE_DATAGRAM,
                                 G_SOCKET_PROTOCOL_UDP, error);
    open =
      self->socket != NULL && g_socket_connect (self->socket, address, self->cancellable, error);
  }
  g_resolver_free_addresses (addresses);
  return open;
}

static gboolean
open_talk (Talk *self, const GuestIceServer *server, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  self->cancellable = cancellable;
  if (!server->tcp)
    return open_udp (self, server, error);
  g_socket_client_set_timeout (client, TCP_TIMEOUT_S);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_tls (client, g_str_equal (server->scheme, "turns"));
  self->stream =
    G_IO_STREAM (g_socket_client_connect_to_host (client, server->host, (guint16) server->port,
                                                  cancellable, error));
  return self->stream != NULL;
}

static GuestReachCode
judge_failure (const GError *error, char **detail)
{
  *detail = g_strdup (error->message);
  if (error->domain == G_RESOLVER_ERROR)
    return GUEST_REACH_NAME;
  if (error->domain == G_TLS_ERROR)
    return GUEST_REACH_CERTIFICATE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return GUEST_REACH_REFUSED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    return GUEST_REACH_OTHER;
  return GUEST_REACH_SILENT;
}

/**
 * guest_stun_bind:
 * @server: a STUN server
 * @cancellable: (nullable): ends it early
 * @detail: (out) (transfer full): what happened, in English
 *
 * Asks by which address the server sees us. Gives up after eight seconds.
 *
 * Returns: `GUEST_REACH_OK`, or why not
 */
GuestReachCode
guest_stun_bind (const GuestIceServer *server, GCancellable *cancellable, char **detail)
{
  g_auto (Talk) talk = { 0 };
  g_autoptr (GByteArray) request = begin_request (METHOD_BINDING);
  g_autoptr (GError) error = NULL;

  if (!open_talk (&talk, server, cancellable, &error) || !ask (&talk, request, &error))
    return judge_failure (error, detail);
  if (get_16 (talk.answer) != (METHOD_BINDING | CLASS_SUCCESS)) {
    *detail = g_strdup_printf ("It answers with error %u", find_error (&talk));
    return GUEST_REACH_FORBIDDEN;
  }
  g_autofree char *address = read_address (&talk);
  *detail = g_strdup_printf ("It sees us as %s", address != NULL ? address : "we cannot read");
  return GUEST_REACH_OK;
}

static GByteArray *
write_allocate (const Talk *talk, guint method, const char *user, const char *password,
                guint lifetime_s)
{
  static const guint8 udp[4] = { 17 };
  GByteArray *request = begin_request (method);
  guint8 lifetime[4] = { 0 };

  set_16 (lifetime + 2, lifetime_s);
  if (method == METHOD_ALLOCATE)
    add_attribute (request, ATTRIBUTE_REQUESTED_TRANSPORT, udp, sizeof udp);
  add_attribute (request, ATTRIBUTE_LIFETIME, lifetime, sizeof lifetime);
  if (talk->realm != NULL && talk->nonce != NULL) {
    add_attribute (request, ATTRIBUTE_USERNAME, user, strlen (user));
    add_attribute (request, ATTRIBUTE_REALM, talk->realm, strlen (talk->realm));
    add_attribute (request, ATTRIBUTE_NONCE, talk->nonce, strlen (talk->nonce));
    sign (request, talk, user, password);
  }
  return request;
}

static void
take_challenge (Talk *talk)
{
  g_free (talk->realm);
  g_free (talk->nonce);
  talk->realm = find_text (talk, ATTRIBUTE_REALM);
  talk->nonce = find_text (talk, ATTRIBUTE_NONCE);
}

static GuestReachCode
judge_refusal (guint code, char **detail)
{
  *detail = g_strdup_printf ("It answers with error %u", code);
  switch (code) {
  case 401:
  case 431:
  case 441:
    return GUEST_REACH_PASSWORD;
  case 486:
  case 508:
    return GUEST_REACH_FULL;
  default:
    return GUEST_REACH_FORBIDDEN;
  }
}

/* The address is given back at once. Whether that was heard changes nothing. */
static void
give_back (Talk *talk, const char *user, const char *password)
{
  g_autoptr (GByteArray) request = write_allocate (talk, METHOD_REFRESH, user, password, 0);

  if (talk->socket != NULL)
    g_socket_send (talk->socket, (const char *) request->data, request->len, NULL, NULL);
  else
    g_output_stream_write_all (g_io_stream_get_output_stream (talk->stream), request->data,
                               request->len, NULL, NULL, NULL);
}

/**
 * guest_stun_allocate:
 * @server: a TURN server
 * @user: who we are there
 * @password: and the proof
 * @cancellable: (nullable): ends it early
 * @detail: (out) (transfer full): what happened, in English
 *
 * Borrows an address of the server, and gives it back.
 *
 * Returns: `GUEST_REACH_OK`, or why not
 */
GuestReachCode
guest_stun_allocate (const GuestIceServer *server, const char *user, const char *password,
                     GCancellable *cancellable, char **detail)
{
  g_auto (Talk) talk = { 0 };
  g_autoptr (GError) error = NULL;
  guint code = 0;

  if (!open_talk (&talk, server, cancellable, &error))
    return judge_failure (error, detail);
  /* Without a name it tells its realm; its nonce may be old once more. */
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GByteArray) request = write_allocate (&talk, METHOD_ALLOCATE, user, password, 60);
    const gboolean signed_already = talk.realm != NULL && talk.nonce != NULL;
    gsize length = 0;

    if (!ask (&talk, request, &error))
      return judge_failure (error, detail);
    if (get_16 (talk.answer) == (METHOD_ALLOCATE | CLASS_SUCCESS) &&
        find_attribute (&talk, ATTRIBUTE_XOR_RELAYED_ADDRESS, &length) != NULL) {
      give_back (&talk, user, password);
      *detail = g_strdup ("It has lent an address");
      return GUEST_REACH_OK;
    }
    code = find_error (&talk);
    if (code != 438 && (code != 401 || signed_already))
      break;
    take_challenge (&talk);
  }
  return judge_refusal (code, detail);
}

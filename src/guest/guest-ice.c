/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "guest-ice.h"
#include "guest-types.h"

#define DEFAULT_PORT     3478
#define DEFAULT_TLS_PORT 5349
#define MAX_HOST_LENGTH  253

void
guest_ice_server_free (GuestIceServer *self)
{
  g_free (self->scheme);
  g_free (self->host);
  g_free (self);
}

static gboolean
is_host (const char *host, gboolean is_v6)
{
  const gsize length = strlen (host);

  if (length == 0 || length > MAX_HOST_LENGTH)
    return FALSE;
  for (gsize i = 0; i < length; i++) {
    if (is_v6 ? !g_ascii_isxdigit (host[i]) && host[i] != ':' && host[i] != '.'
              : !g_ascii_isalnum (host[i]) && host[i] != '-' && host[i] != '.' && host[i] != '_')
      return FALSE;
  }
  return TRUE;
}

/* "host", "host:port", "[v6]:port". */
static gboolean
read_host (GuestIceServer *self, const char *text)
{
  const gboolean is_v6 = text[0] == '[';
  const char *end = is_v6 ? strchr (text, ']') : text + strcspn (text, ":");
  guint64 port = 0;

  if (end == NULL)
    return FALSE;
  self->host =
    is_v6 ? g_strndup (text + 1, (gsize) (end - text - 1)) : g_strndup (text, (gsize) (end - text));
  if (is_v6)
    end++;
  if (*end == ':') {
    if (!g_ascii_string_to_unsigned (end + 1, 10, 1, G_MAXUINT16, &port, NULL))
      return FALSE;
  } else if (*end != '\0') {
    return FALSE;
  }
  self->port = port != 0                             ? (guint) port
               : g_str_equal (self->scheme, "turns") ? DEFAULT_TLS_PORT
                                                     : DEFAULT_PORT;
  return is_host (self->host, is_v6);
}

static gboolean
read_server (GuestIceServer *self, const char *address)
{
  static const char *const schemes[] = { "stun", "turns", "turn" };
  const char *rest = NULL;

  for (gsize i = 0; rest == NULL && i < G_N_ELEMENTS (schemes); i++) {
    const gsize length = strlen (schemes[i]);

    if (g_ascii_strncasecmp (address, schemes[i], length) != 0 || address[length] != ':')
      continue;
    self->scheme = g_strdup (schemes[i]);
    rest = address + length + 1;
    if (g_str_has_prefix (rest, "//"))
      rest += 2;
  }
  if (rest == NULL)
    return FALSE;

  const char *query = strchr (rest, '?');
  g_autofree char *host =
    query != NULL ? g_strndup (rest, (gsize) (query - rest)) : g_strdup (rest);
  if (query != NULL) {
    if (g_str_equal (self->scheme, "stun"))
      return FALSE;
    if (g_str_equal (query, "?transport=tcp"))
      self->tcp = TRUE;
    else if (!g_str_equal (query, "?transport=udp"))
      return FALSE;
  }
  /* TLS goes over TCP, whatever was written. */
  if (g_str_equal (self->scheme, "turns"))
    self->tcp = TRUE;
  return read_host (self, host);
}

/**
 * guest_ice_server_parse:
 * @address: `stun:host`, `turn:host:port?transport=tcp`, `turns:[v6]:port`; also with `//`
 * @error: return location
 *
 * Returns: (transfer full): its parts; `NULL` with `GUEST_ERROR_ADDRESS` if it is no such address
 */
GuestIceServer *
guest_ice_server_parse (const char *address, GError **error)
{
  g_autoptr (GuestIceServer) self = g_new0 (GuestIceServer, 1);

  /* Not quoted: it may hold a password by mistake. */
  if (address == NULL || !read_server (self, address)) {
    g_set_error_literal (error, GUEST_ERROR, GUEST_ERROR_ADDRESS,
                         "A STUN or TURN server's address is not like stun:host:port or "
                         "turn:host:port?transport=udp");
    return NULL;
  }
  return g_steal_pointer (&self);
}

/**
 * guest_ice_config_check:
 * @config: which servers there are
 * @error: return location
 *
 * Returns: whether all addresses can be used; `FALSE` with `GUEST_ERROR_ADDRESS` if not
 */
gboolean
guest_ice_config_check (const GuestIceConfig *config, GError **error)
{
  for (gsize i = 0; config->stun != NULL && config->stun[i] != NULL; i++) {
    g_autoptr (GuestIceServer) server = guest_ice_server_parse (config->stun[i], error);

    if (server == NULL)
      return FALSE;
  }
  for (guint i = 0; i < config->n_turns; i++) {
    g_autoptr (GuestIceServer) server = guest_ice_server_parse (config->turns[i].address, error);

    if (server == NULL)
      return FALSE;
  }
  return TRUE;
}

/**
 * guest_ice_make_credentials:
 * @turn: a TURN server
 * @who: whose they are, for the server's log
 * @now_s: unix time
 * @user: (out) (transfer full): the user name
 * @password: (out) (transfer full): the password
 *
 * With a shared secret: a name that is good until its own time, and a password that proves it, as
 * coturn's `use-auth-secret` wants them.
 */
void
guest_ice_make_credentials (const GuestTurn *turn, const char *who, gint64 now_s, char **user,
                            char **password)
{
  const char *secret = turn->secret != NULL ? turn->secret : "";

  if (!turn->shared_secret) {
    *user = g_strdup (turn->user != NULL ? turn->user : "");
    *password = g_strdup (secret);
    return;
  }

  guint8 digest[20] = { 0 };
  gsize length = sizeof digest;
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guint8 *) secret, strlen (secret));

  *user = g_strdup_printf ("%" G_GINT64_FORMAT ":%s", now_s + GUEST_ICE_PASSWORD_S, who);
  g_hmac_update (hmac, (const guint8 *) *user, -1);
  g_hmac_get_digest (hmac, digest, &length);
  g_hmac_unref (hmac);
  *password = g_base64_encode (digest, length);
}

static char *
write_host (const GuestIceServer *server)
{
  return g_strdup_printf (strchr (server->host, ':') != NULL ? "[%s]:%u" : "%s:%u", server->host,
                          server->port);
}

static void
add_turn (GPtrArray *servers, const GuestTurn *turn, const char *who, gint64 now_s)
{
  g_autoptr (GuestIceServer) server = guest_ice_server_parse (turn->address, NULL);
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;

  /* libnice cannot do TLS; a browser can. A bad address was told when the room was opened. */
  if (server == NULL || !g_str_equal (server->scheme, "turn"))
    return;

  guest_ice_make_credentials (turn, who, now_s, &user, &password);
  g_autofree char *host = write_host (server);
  g_autofree char *escaped_user = g_uri_escape_string (user, NULL, FALSE);
  g_autofree char *escaped_password = g_uri_escape_string (password, NULL, FALSE);
  g_ptr_array_add (servers, g_strdup_printf ("turn://%s:%s@%s?transport=%s", escaped_user,
                                             escaped_password, host, server->tcp ? "tcp" : "udp"));
}

/**
 * guest_ice_new:
 * @config: which servers there are
 * @who: whose connection it is for
 * @now_s: unix time
 *
 * Returns: (transfer full): what our end of a connection uses
 */
GuestIce *
guest_ice_new (const GuestIceConfig *config, const char *who, gint64 now_s)
{
  GuestIce *self = g_new0 (GuestIce, 1);
  g_autoptr (GPtrArray) servers = g_ptr_array_new ();

  for (gsize i = 0; config->stun != NULL && config->stun[i] != NULL; i++) {
    g_autoptr (GuestIceServer) server = guest_ice_server_parse (config->stun[i], NULL);
    g_autofree char *host = server != NULL ? write_host (server) : NULL;

    if (server != NULL && g_str_equal (server->scheme, "stun"))
      g_ptr_array_add (servers, g_strdup_printf ("stun://%s", host));
  }
  for (guint i = 0; i < config->n_turns; i++)
    add_turn (servers, &config->turns[i], who, now_s);
  g_ptr_array_add (servers, NULL);

  self->servers = (char **) g_ptr_array_steal (servers, NULL);
  self->relay_only = config->relay_only;
  self->min_port = config->min_port;
  self->max_port = config->max_port;
  return self;
}

void
guest_ice_free (GuestIce *self)
{
  g_strfreev (self->servers);
  g_free (self);
}

static void
begin_server (JsonBuilder *builder, const GuestIceServer *server)
{
  g_autofree char *host = write_host (server);
  const gboolean is_turn = g_str_equal (server->scheme, "turn");
  g_autofree char *url = g_strdup_printf ("%s:%s%s", server->scheme, host,
                                          !is_turn      ? ""
                                          : server->tcp ? "?transport=tcp"
                                                        : "?transport=udp");

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "urls");
  json_builder_add_string_value (builder, url);
}

/**
 * guest_ice_make_page:
 * @config: which servers there are
 * @who: whose page it is for
 * @now_s: unix time
 *
 * Returns: (transfer full): the array that a browser takes as `iceServers`
 */
JsonNode *
guest_ice_make_page (const GuestIceConfig *config, const char *who, gint64 now_s)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (gsize i = 0; config->stun != NULL && config->stun[i] != NULL; i++) {
    g_autoptr (GuestIceServer) server = guest_ice_server_parse (config->stun[i], NULL);

    if (server == NULL || !g_str_equal (server->scheme, "stun"))
      continue;
    begin_server (builder, server);
    json_builder_end_object (builder);
  }
  for (guint i = 0; i < config->n_turns; i++) {
    g_autoptr (GuestIceServer) server = guest_ice_server_parse (config->turns[i].address, NULL);
    g_autofree char *user = NULL;
    g_autofree char *password = NULL;

    if (server == NULL || g_str_equal (server->scheme, "stun"))
      continue;
    guest_ice_make_credentials (&config->turns[i], who, now_s, &user, &password);
    begin_server (builder, server);
    json_builder_set_member_name (builder, "username");
    json_builder_add_string_value (builder, user);
    json_builder_set_member_name (builder, "credential");
    json_builder_add_string_value (builder, password);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

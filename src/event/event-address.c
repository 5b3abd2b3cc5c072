/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "event-address.h"

#define KEYRING_WORDS \
  "keys and passwords stay in the keyring: write \"key\": \"keyring\" and enter the key in Régie"

static const char *const source_schemes[] = { "file", "http", "https", "rtsp", "rtsps",
                                              "srt",  "rtmp", "rtmps", NULL };

/**
 * event_address_is_uri:
 * @text: an address or a path
 *
 * Returns: whether @text begins as `scheme://` does
 */
gboolean
event_address_is_uri (const char *text)
{
  const char *scheme = g_uri_peek_scheme (text);

  return scheme != NULL && strncmp (text + strlen (scheme), "://", 3) == 0;
}

static void
check_scheme (EventReader *reader, const char *key, const char *address, const char *const *schemes)
{
  const char *scheme = g_uri_peek_scheme (address);
  g_autofree char *list = g_strjoinv ("://, ", (char **) schemes);
  g_autofree char *hint = NULL;

  if (scheme != NULL && event_address_is_uri (address) && g_strv_contains (schemes, scheme))
    return;
  if (scheme != NULL)
    hint = event_reader_suggest (scheme, schemes);
  /* The rest of the address may be a secret. */
  event_reader_fail (reader, key, "begins with “%s”, expected one of %s://%s",
                     scheme != NULL ? scheme : "no scheme", list, hint != NULL ? hint : "");
}

/* Returns: (transfer full) (nullable): the address taken apart, `NULL` if it has no host */
static GUri *
parse_uri (EventReader *reader, const char *key, const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUri) uri = NULL;

  uri = g_uri_parse (address, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, &error);
  if (uri == NULL) {
    /* The reason would quote the address. */
    event_reader_fail (reader, key, "is not a whole address, expected one such as %s://host/path",
                       g_uri_peek_scheme (address));
    return NULL;
  }
  if (g_str_equal (g_uri_get_scheme (uri), "file"))
    return g_steal_pointer (&uri);
  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0') {
    event_reader_fail (reader, key, "has no host, expected an address such as %s://host/path",
                       g_uri_get_scheme (uri));
    return NULL;
  }
  return g_steal_pointer (&uri);
}

/**
 * event_address_check_source:
 * @reader: a reader
 * @key: where the address stands
 * @address: (nullable): what a source of kind `uri` plays: a path, or an address
 *
 * A path is not looked up: what is not there yet may be there on show day.
 */
void
event_address_check_source (EventReader *reader, const char *key, const char *address)
{
  g_autoptr (GUri) uri = NULL;

  if (address == NULL || !event_address_is_uri (address))
    return;
  check_scheme (reader, key, address, source_schemes);
  if (reader->error == NULL)
    uri = parse_uri (reader, key, address);
}

/* An SRT passphrase in the query is a secret as a password is. */
static gboolean
has_passphrase (GUri *uri)
{
  g_autofree char *query =
    g_ascii_strdown (g_uri_get_query (uri) != NULL ? g_uri_get_query (uri) : "", -1);

  return g_str_has_prefix (query, "passphrase=") || strstr (query, "&passphrase=") != NULL;
}

/* Who is called has no host of his own to call. */
static gboolean
is_listener (const char *url)
{
  return g_str_has_prefix (url, "srt://") && strstr (url, "mode=listener") != NULL;
}

/**
 * event_address_check_destination:
 * @reader: a reader
 * @key: where the address stands
 * @url: (nullable): where a destination is
 * @schemes: how it may begin
 */
void
event_address_check_destination (EventReader *reader, const char *key, const char *url,
                                 const char *const *schemes)
{
  g_autoptr (GUri) uri = NULL;

  if (url == NULL)
    return;
  check_scheme (reader, key, url, schemes);
  if (reader->error != NULL)
    return;
  uri = is_listener (url) ? g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL)
                          : parse_uri (reader, key, url);
  if (uri == NULL) {
    if (is_listener (url))
      event_reader_fail (reader, key,
                         "is not a whole address, expected one such as "
                         "srt://:9000?mode=listener");
    return;
  }
  if (g_uri_get_userinfo (uri) != NULL)
    event_reader_fail (reader, key, "has a name or password before the host, expected none: %s",
                       KEYRING_WORDS);
  else if (has_passphrase (uri))
    event_reader_fail (reader, key, "has a passphrase, expected none: %s", KEYRING_WORDS);
}

/**
 * event_address_check_own:
 * @reader: a reader
 * @key: where the address stands
 * @address: (nullable): where this computer serves something
 */
void
event_address_check_own (EventReader *reader, const char *key, const char *address)
{
  if (address != NULL && !g_hostname_is_ip_address (address) && !g_str_equal (address, "localhost"))
    event_reader_fail (reader, key,
                       "is “%s”, expected this computer's address: 127.0.0.1 for this computer "
                       "only, 0.0.0.0 for everyone",
                       address);
}

/**
 * event_address_check_host:
 * @reader: a reader
 * @key: (nullable): where the name stands
 * @host: (nullable): a host's name without port, such as `example.org`
 */
void
event_address_check_host (EventReader *reader, const char *key, const char *host)
{
  g_autofree char *ascii = NULL;

  if (host == NULL || g_hostname_is_ip_address (host))
    return;
  ascii = g_hostname_to_ascii (host);
  for (const char *at = ascii; at != NULL && *at != '\0'; at++) {
    if (!g_ascii_isalnum (*at) && *at != '-' && *at != '.' && *at != '_')
      g_clear_pointer (&ascii, g_free);
    if (ascii == NULL)
      break;
  }
  if (ascii == NULL)
    event_reader_fail (reader, key, "is “%.60s”, expected a host's name such as example.org", host);
}

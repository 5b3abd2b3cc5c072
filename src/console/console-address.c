/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "console-address.h"

#include <glib/gi18n.h>

static const char *const source_schemes[] = { "rtsp",  "rtsps", "srt",   "rtmp",
                                              "rtmps", "http",  "https", NULL };
static const char *const watch_schemes[] = { "http", "https", "rtmp", "rtmps", NULL };

static char *
check (const char *text, const char *const *schemes, const char *wrong_beginning)
{
  g_autofree char *scheme = g_uri_parse_scheme (text);
  g_autoptr (GUri) uri = NULL;

  if (scheme == NULL || !g_strv_contains (schemes, scheme) || strstr (text, "://") == NULL)
    return g_strdup (wrong_beginning);
  if (strpbrk (text, " \t") != NULL)
    return g_strdup (_ ("An address has no spaces. Copy it again, all of it and nothing else."));

  uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);
  /* Who listens has no computer to name. */
  if (uri == NULL || ((g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0') &&
                      strstr (text, "mode=listener") == NULL))
    return g_strdup (_ ("This is only a part of an address: after “://” comes the name of a "
                        "computer, such as stream.example.org."));
  return NULL;
}

/**
 * console_address_check_stream:
 * @text: what somebody typed as the address of a stream that comes in
 *
 * Returns: (transfer full) (nullable): what is wrong with it, in a sentence; `NULL`: nothing
 */
char *
console_address_check_stream (const char *text)
{
  return check (text, source_schemes,
                _ ("This is not an address: it begins with rtsp://, srt://, rtmp:// or http://."));
}

/**
 * console_address_check_whep:
 * @text: what somebody typed as the address of a stream that is fetched by WHEP
 *
 * Returns: as console_address_check_stream ()
 */
char *
console_address_check_whep (const char *text)
{
  static const char *const schemes[] = { "http", "https", NULL };

  return check (text, schemes, _ ("This is not a WHEP address: it begins with https://."));
}

/**
 * console_address_check_source:
 * @text: what somebody typed as the address of a source
 * @event: its event: a file beside it will do, too
 *
 * Returns: as console_address_check_stream ()
 */
char *
console_address_check_source (const char *text, EventFile *event)
{
  g_autofree char *path = NULL;

  if (g_str_has_prefix (text, "file://") || strstr (text, "://") == NULL) {
    path = g_str_has_prefix (text, "file://") ? g_filename_from_uri (text, NULL, NULL)
                                              : event_file_resolve (event, text);
    if (path != NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR))
      return NULL;
  }
  return console_address_check_stream (text);
}

/**
 * console_address_check_destination:
 * @text: what somebody typed as an address to send to, which begins as it should
 *
 * Returns: as console_address_check_stream ()
 */
char *
console_address_check_destination (const char *text)
{
  static const char *const schemes[] = { "srt", "rtmp", "rtmps", "http", "https", NULL };
  g_autofree char *problem =
    check (text, schemes,
           _ ("This is not an address to send to: it begins with rtmps://, rtmp://, "
              "srt:// or https://."));
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);
  const char *query = uri != NULL ? g_uri_get_query (uri) : NULL;

  if (problem != NULL)
    return g_steal_pointer (&problem);
  if (g_uri_get_userinfo (uri) != NULL || (query != NULL && strstr (query, "passphrase=") != NULL))
    return g_strdup (_ ("There is a name or a password in this address: it belongs into the field "
                        "for the key, where nobody can read it."));
  return NULL;
}

/**
 * console_address_check_watch:
 * @text: what somebody typed as the address at which the audience watches
 *
 * Returns: as console_address_check_stream ()
 */
char *
console_address_check_watch (const char *text)
{
  return check (text, watch_schemes,
                _ ("This is not an address to watch at: it begins with https:// or rtmp://."));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine-address.h"

#define HIDDEN "…"

/* Shorter than this it is no secret, and would be found in every word. */
#define MIN_SECRET_BYTES 3

gboolean
engine_address_has_scheme (const char *uri, const char *const *schemes)
{
  g_autofree char *scheme = g_uri_parse_scheme (uri);

  return scheme != NULL && g_strv_contains (schemes, scheme);
}

/**
 * engine_address_is_listener:
 * @uri: an address
 *
 * Returns: whether it is one at which we wait to be called: `srt://:9000?mode=listener`
 */
gboolean
engine_address_is_listener (const char *uri)
{
  static const char *const schemes[] = { "srt", NULL };
  g_autoptr (GUri) parsed =
    g_uri_parse (uri, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GHashTable) parameters = NULL;

  if (parsed == NULL || !engine_address_has_scheme (uri, schemes))
    return FALSE;
  if (g_uri_get_query (parsed) != NULL)
    parameters = g_uri_parse_params (g_uri_get_query (parsed), -1, "&", G_URI_PARAMS_NONE, NULL);
  if (parameters != NULL && g_hash_table_contains (parameters, "mode"))
    return g_strcmp0 (g_hash_table_lookup (parameters, "mode"), "listener") == 0;
  /* Whom should we call? */
  return g_strcmp0 (g_uri_get_host (parsed), "") == 0;
}

/**
 * engine_address_describe:
 * @uri: an address
 *
 * Returns: (transfer full) (nullable): a file's path, or the address without what may be a password
 *   in it; `NULL` if it is no address
 */
char *
engine_address_describe (const char *uri)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_PARSE_RELAXED, NULL);

  if (parsed == NULL)
    return NULL;
  if (g_strcmp0 (g_uri_get_scheme (parsed), "file") == 0)
    return g_filename_from_uri (uri, NULL, NULL);
  return g_uri_to_string_partial (parsed,
                                  G_URI_HIDE_USERINFO | G_URI_HIDE_QUERY | G_URI_HIDE_FRAGMENT);
}

static void
hide (GString *text, const char *secret)
{
  if (secret != NULL && strlen (secret) >= MIN_SECRET_BYTES)
    g_string_replace (text, secret, HIDDEN, 0);
}

static void
hide_parts (GString *text, const char *uri, GUriFlags flags)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, flags | G_URI_FLAGS_PARSE_RELAXED, NULL);
  g_auto (GStrv) words = NULL;

  if (parsed == NULL)
    return;
  hide (text, g_uri_get_query (parsed));
  hide (text, g_uri_get_userinfo (parsed));
  words = g_strsplit_set (g_uri_get_userinfo (parsed) != NULL ? g_uri_get_userinfo (parsed) : "",
                          ":", -1);
  for (guint i = 0; words[i] != NULL; i++)
    hide (text, words[i]);
  g_strfreev (words);
  words =
    g_strsplit_set (g_uri_get_query (parsed) != NULL ? g_uri_get_query (parsed) : "", "&", -1);
  for (guint i = 0; words[i] != NULL; i++) {
    const char *value = strchr (words[i], '=');

    hide (text, value != NULL ? value + 1 : NULL);
  }
}

/**
 * engine_address_hide_secrets:
 * @uri: (nullable): an address, perhaps with names, passwords and keys in it
 * @message: what somebody says about it
 *
 * Returns: (transfer full): the message without them, as they are written or meant
 */
char *
engine_address_hide_secrets (const char *uri, const char *message)
{
  GString *text = g_string_new (message);

  if (uri != NULL) {
    hide_parts (text, uri, G_URI_FLAGS_ENCODED);
    hide_parts (text, uri, G_URI_FLAGS_NONE);
  }
  return g_string_free (text, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "engine-whip-headers.h"

/* A server that wants us to wait longer than this is asked again all the same. */
#define MAX_RETRY_AFTER_S 120

#define MAX_ICE_SERVERS   8
#define MAX_LINK_CHARS    4096

/* Returns: (transfer full) (nullable): as webrtcbin takes it. What is encrypted to the TURN server
 * itself libnice cannot do. */
static char *
to_ice_server (const char *uri, GHashTable *parameters)
{
  const char *user = parameters != NULL ? g_hash_table_lookup (parameters, "username") : NULL;
  const char *secret = parameters != NULL ? g_hash_table_lookup (parameters, "credential") : NULL;
  g_autofree char *user_text = NULL;
  g_autofree char *secret_text = NULL;

  if (g_str_has_prefix (uri, "stun:") && uri[5] != '\0')
    return g_strconcat ("stun://", uri + 5, NULL);
  if (!g_str_has_prefix (uri, "turn:") || uri[5] == '\0' || user == NULL || secret == NULL)
    return NULL;
  user_text = g_uri_escape_string (user, NULL, FALSE);
  secret_text = g_uri_escape_string (secret, NULL, FALSE);
  return g_strdup_printf ("turn://%s:%s@%s", user_text, secret_text, uri + 5);
}

/**
 * engine_whip_parse_links:
 * @header: (nullable): all headers `Link` of an answer
 *
 * Returns: (transfer full): the STUN and TURN servers in them, such as `turn://name:password@host`;
 *   perhaps none
 */
GStrv
engine_whip_parse_links (const char *header)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GSList *links = NULL;
  guint n_servers = 0;

  if (header != NULL && strlen (header) <= MAX_LINK_CHARS)
    links = soup_header_parse_list (header);
  for (GSList *l = links; l != NULL && n_servers < MAX_ICE_SERVERS; l = l->next) {
    const char *text = l->data;
    const char *end = *text == '<' ? strchr (text, '>') : NULL;
    const char *more = end != NULL ? strchr (end, ';') : NULL;
    g_autoptr (GHashTable) parameters =
      more != NULL ? soup_header_parse_semi_param_list (more + 1) : NULL;
    const char *rel = parameters != NULL ? g_hash_table_lookup (parameters, "rel") : NULL;
    g_autofree char *uri = end != NULL ? g_strndup (text + 1, (gsize) (end - text - 1)) : NULL;
    g_autofree char *server =
      g_strcmp0 (rel, "ice-server") == 0 ? to_ice_server (uri, parameters) : NULL;

    if (server == NULL)
      continue;
    g_strv_builder_add (builder, server);
    n_servers++;
  }
  soup_header_free_list (links);
  return g_strv_builder_end (builder);
}

/**
 * engine_whip_parse_retry_after:
 * @header: (nullable): seconds, or a date
 * @now_s: the wall clock
 *
 * Returns: how long to wait, in seconds, two minutes at the most; 0 if it does not say
 */
guint
engine_whip_parse_retry_after (const char *header, gint64 now_s)
{
  guint64 seconds = 0;

  if (header == NULL)
    return 0;
  if (!g_ascii_string_to_unsigned (header, 10, 0, G_MAXINT64, &seconds, NULL)) {
    g_autoptr (GDateTime) date = soup_date_time_new_from_http_string (header);

    if (date == NULL)
      return 0;
    seconds = (guint64) MAX (0, g_date_time_to_unix (date) - now_s);
  }
  return (guint) MIN (seconds, MAX_RETRY_AFTER_S);
}

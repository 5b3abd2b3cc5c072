/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "posts-links.h"

/* What ends an address written in a sentence. */
#define SEPARATORS " \t\n<>\"'()[]{}|,;"

/* Endings that make a link of a bare "name.ending"; others need a path behind them, as "fin.de"
 * is rather a full stop without its space. */
static const char *const endings[] = {
  "com",    "org",  "net",  "fr",    "io",  "co", "ly",     "gg",    "tv",  "app", "link", "xyz",
  "shop",   "site", "info", "eu",    "ru",  "cn", "top",    "club",  "dev", "bio", "page", "live",
  "online", "vip",  "sbs",  "click", "bzh", "uk", "social", "store", "biz", NULL,
};

static gboolean
is_host_character (gunichar c)
{
  return g_unichar_isalnum (c) || c == '.' || c == '-' || c == '_';
}

/* The host of what follows "://", the way a browser reads it. */
static char *
read_host (const char *address)
{
  gsize length = strcspn (address, "/?#\\");
  g_autofree char *authority = g_strndup (address, length);
  const char *user_end = strrchr (authority, '@');
  const char *host = user_end != NULL ? user_end + 1 : authority;
  const char *end = host;

  while (*end != '\0' && is_host_character (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  while (end > host && end[-1] == '.')
    end--;
  g_autofree char *name = g_strndup (host, (gsize) (end - host));
  return g_utf8_strdown (name, -1);
}

static gboolean
is_allowed (const char *host, const char *const *allowed_hosts)
{
  for (gsize i = 0; allowed_hosts != NULL && allowed_hosts[i] != NULL; i++) {
    const gsize host_length = strlen (host);
    const gsize allowed_length = strlen (allowed_hosts[i]);

    if (allowed_length == 0 || allowed_length > host_length)
      continue;
    const char *tail = host + host_length - allowed_length;
    if (g_ascii_strcasecmp (tail, allowed_hosts[i]) == 0 && (tail == host || tail[-1] == '.'))
      return TRUE;
  }
  return FALSE;
}

/* The host in "name.ending" or "name.ending/path"; NULL if it is no link. */
static char *
read_bare_host (const char *chunk)
{
  const char *end = chunk;

  while (*end != '\0' && is_host_character (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  /* Mail addresses and names of people have a @; nobody lands on a page by them. */
  if (*end == '@' || end == chunk)
    return NULL;

  const gboolean has_path = end[0] == '/' && end[1] != '\0' && end[1] != '/';
  g_autofree char *host = g_strndup (chunk, (gsize) (end - chunk));
  gsize length = strlen (host);
  while (length > 0 && host[length - 1] == '.')
    host[--length] = '\0';
  const char *dot = strrchr (host, '.');
  if (dot == NULL || dot == host)
    return NULL;

  g_autofree char *ending = g_ascii_strdown (dot + 1, -1);
  const gboolean looks_like_ending = strlen (ending) >= 2 && g_ascii_isalpha (ending[0]);
  if (!g_strv_contains (endings, ending) && !(has_path && looks_like_ending))
    return NULL;
  return g_utf8_strdown (host, -1);
}

static void
note_host (char *host, const char *const *allowed_hosts, PostsLinks *links)
{
  if (!is_allowed (host, allowed_hosts))
    *links = POSTS_LINKS_UNKNOWN;
  else if (*links == POSTS_LINKS_NONE)
    *links = POSTS_LINKS_ALLOWED;
  g_free (host);
}

static PostsLinks
check_chunk (const char *chunk, const char *const *allowed_hosts)
{
  PostsLinks links = POSTS_LINKS_NONE;
  const char *scheme_end = strstr (chunk, "://");

  if (scheme_end == NULL) {
    char *host = read_bare_host (chunk);

    if (host != NULL)
      note_host (host, allowed_hosts, &links);
  }
  for (; scheme_end != NULL; scheme_end = strstr (scheme_end + 3, "://"))
    note_host (read_host (scheme_end + 3), allowed_hosts, &links);
  return links;
}

static char **
split_chunks (const char *text)
{
  g_autofree char *plain = g_utf8_normalize (text, -1, G_NORMALIZE_NFKC);
  g_autoptr (GString) spaced = g_string_new (NULL);

  for (const char *p = plain; p != NULL && *p != '\0'; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);
    const gboolean is_mark_between = c >= 0x80 && !g_unichar_isalnum (c) && !g_unichar_ismark (c);

    g_string_append_unichar (spaced, is_mark_between ? ' ' : c);
  }
  return g_strsplit_set (spaced->str, SEPARATORS, -1);
}

/**
 * posts_links_check:
 * @text: valid UTF-8
 * @allowed_hosts: (nullable) (array zero-terminated=1): hosts that may be linked, with those below
 *
 * Looks for links in a text, with or without `https://`. Any thread.
 *
 * Returns: what they lead to
 */
PostsLinks
posts_links_check (const char *text, const char *const *allowed_hosts)
{
  PostsLinks links = POSTS_LINKS_NONE;

  if (strchr (text, '.') == NULL && strstr (text, "://") == NULL && g_str_is_ascii (text))
    return POSTS_LINKS_NONE;

  g_auto (GStrv) chunks = split_chunks (text);
  for (gsize i = 0; chunks[i] != NULL; i++)
    links = MAX (links, check_chunk (chunks[i], allowed_hosts));
  return links;
}

/**
 * posts_links_remove:
 * @text: valid UTF-8
 *
 * Any thread.
 *
 * Returns: (transfer full): @text without its links, tags and mentions, for comparing
 */
char *
posts_links_remove (const char *text)
{
  GString *rest = g_string_new (NULL);
  g_auto (GStrv) chunks = split_chunks (text);

  for (gsize i = 0; chunks[i] != NULL; i++)
    if (chunks[i][0] != '#' && chunks[i][0] != '@' &&
        check_chunk (chunks[i], NULL) == POSTS_LINKS_NONE)
      g_string_append_printf (rest, "%s ", chunks[i]);
  return g_string_free (rest, FALSE);
}

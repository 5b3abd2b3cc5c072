/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "web-reply.h"

#define MAX_PATH_LENGTH 128
#define MAX_HOST_LENGTH 260

static void
set_header (SoupServerMessage *message, const char *name, const char *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), name, value);
}

const char *
web_reply_get_header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
}

/* The host as it may stand in a header again: nothing of a stranger's goes there unread. */
static const char *
get_host (SoupServerMessage *message)
{
  const char *host = web_reply_get_header (message, "Host");

  if (host == NULL || strnlen (host, MAX_HOST_LENGTH + 1) > MAX_HOST_LENGTH || *host == '\0')
    return NULL;
  for (const char *letter = host; *letter != '\0'; letter++) {
    if (!g_ascii_isalnum (*letter) && strchr (".-_:[]", *letter) == NULL)
      return NULL;
  }
  return host;
}

/**
 * web_reply_secure:
 * @message: a request
 * @permissions: the `Permissions-Policy`
 *
 * Sets what every answer has: a browser must not run, load, keep, tell or guess anything we did not
 * write. Its sockets are named by the host that was asked for: not every browser takes `self` to
 * mean them.
 */
void
web_reply_secure (SoupServerMessage *message, const char *permissions)
{
  const char *host = get_host (message);
  g_autofree char *sockets =
    host != NULL ? g_strdup_printf (" ws://%s wss://%s", host, host) : g_strdup ("");
  g_autofree char *policy = g_strdup_printf (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; connect-src 'self'%s; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'",
    sockets);

  set_header (message, "Content-Security-Policy", policy);
  set_header (message, "Cache-Control", "no-store");
  set_header (message, "Referrer-Policy", "no-referrer");
  set_header (message, "X-Content-Type-Options", "nosniff");
  set_header (message, "X-Frame-Options", "DENY");
  set_header (message, "Cross-Origin-Opener-Policy", "same-origin");
  set_header (message, "Cross-Origin-Resource-Policy", "same-origin");
  set_header (message, "Permissions-Policy", permissions);
  set_header (message, "X-Robots-Tag", "noindex, nofollow");
}

static void
set_body (SoupServerMessage *message, const char *type, GBytes *bytes)
{
  /* libsoup would cut it otherwise. */
  soup_message_headers_remove (soup_server_message_get_request_headers (message), "Range");
  set_header (message, "Content-Type", type);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);
  soup_message_headers_set_content_length (soup_server_message_get_response_headers (message),
                                           (goffset) g_bytes_get_size (bytes));
}

/**
 * web_reply_text:
 * @message: a request
 * @text: the whole answer
 */
void
web_reply_text (SoupServerMessage *message, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  set_body (message, "text/plain; charset=utf-8", bytes);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

/**
 * web_reply_status:
 * @message: a request
 * @status: an HTTP status
 * @allow: (nullable): the methods there are
 *
 * Answers with the name of the status and nothing else.
 */
void
web_reply_status (SoupServerMessage *message, guint status, const char *allow)
{
  g_autofree char *text = g_strdup_printf ("%s\n", soup_status_get_phrase (status));
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  if (allow != NULL)
    set_header (message, "Allow", allow);
  set_body (message, "text/plain; charset=utf-8", bytes);
  soup_server_message_set_status (message, status, NULL);
}

static const char *
find_type (const char *path)
{
  static const char *const types[][2] = {
    { ".html", "text/html; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".mjs", "text/javascript; charset=utf-8" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".ico", "image/x-icon" },
    { ".json", "application/json" },
    { ".webmanifest", "application/manifest+json" },
    { ".woff2", "font/woff2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
    if (g_str_has_suffix (path, types[i][0]))
      return types[i][1];
  }
  return NULL;
}

/**
 * web_reply_page:
 * @message: a request
 * @resources: where the page's files are in this program
 * @path: (nullable): its path
 *
 * Answers with one of the page's own files, or that there is no such one.
 */
void
web_reply_page (SoupServerMessage *message, const char *resources, const char *path)
{
  const char *name = g_strcmp0 (path, "/") == 0 ? "/index.html" : path;
  const char *type = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (name != NULL && strnlen (name, MAX_PATH_LENGTH + 1) <= MAX_PATH_LENGTH &&
      strstr (name, "..") == NULL && strstr (name, "//") == NULL)
    type = find_type (name);
  if (type != NULL) {
    g_autofree char *resource = g_strconcat (resources, name, NULL);

    bytes = g_resources_lookup_data (resource, 0, NULL);
  }
  if (bytes == NULL) {
    web_reply_status (message, SOUP_STATUS_NOT_FOUND, NULL);
    return;
  }
  set_body (message, type, bytes);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

static int
get_port (GUri *uri)
{
  const char *scheme = g_uri_get_scheme (uri);

  if (g_uri_get_port (uri) > 0)
    return g_uri_get_port (uri);
  return g_strcmp0 (scheme, "https") == 0 ? 443 : 80;
}

static gboolean
is_same_origin (GUri *a, GUri *b)
{
  return g_strcmp0 (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0 &&
         g_uri_get_host (a) != NULL && g_uri_get_host (b) != NULL &&
         g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0 &&
         get_port (a) == get_port (b);
}

/**
 * web_reply_origin_is:
 * @message: a WebSocket's request
 * @public_uri: (nullable): where the page is seen from far away
 *
 * A tunnel may take TLS off, and say `http` for what the browser calls `https`: so the page's scheme
 * is not compared with the one we see, but its host is.
 *
 * Returns: whether it is our own page that asks
 */
gboolean
web_reply_origin_is (SoupServerMessage *message, const char *public_uri)
{
  const char *text = web_reply_get_header (message, "Origin");
  const char *host = get_host (message);
  g_autoptr (GUri) origin =
    text != NULL && strnlen (text, 2 * MAX_HOST_LENGTH) < 2 * MAX_HOST_LENGTH
      ? g_uri_parse (text, G_URI_FLAGS_NONE, NULL)
      : NULL;

  if (origin == NULL || host == NULL)
    return FALSE;

  g_autofree char *asked = g_strdup_printf ("%s://%s", g_uri_get_scheme (origin), host);
  g_autoptr (GUri) asked_uri = g_uri_parse (asked, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GUri) known =
    public_uri != NULL ? g_uri_parse (public_uri, G_URI_FLAGS_NONE, NULL) : NULL;
  if (known != NULL && is_same_origin (origin, known))
    return TRUE;
  return asked_uri != NULL && is_same_origin (origin, asked_uri) &&
         (g_str_equal (g_uri_get_scheme (origin), "https") ||
          g_str_equal (g_uri_get_scheme (origin), "http"));
}

/**
 * web_reply_get_bearer:
 * @message: a request
 *
 * Returns: (transfer full) (nullable): the token of its `Authorization: Bearer`
 */
char *
web_reply_get_bearer (SoupServerMessage *message)
{
  const char *value = web_reply_get_header (message, "Authorization");

  if (value == NULL || g_ascii_strncasecmp (value, "Bearer ", strlen ("Bearer ")) != 0)
    return NULL;
  return g_strstrip (g_strdup (value + strlen ("Bearer ")));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "common-util.h"
#include "livepage-reply.h"

/* Nothing from elsewhere, nothing inline, in nobody's frame. */
#define CONTENT_SECURITY_POLICY                                                       \
  "default-src 'self'; script-src 'self'; style-src 'self'; media-src 'self' blob:; " \
  "connect-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "    \
  "form-action 'none'; frame-ancestors 'none'"

static void
set_header (SoupServerMessage *message, const char *name, const char *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), name, value);
}

static const char *
get_header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
}

static void
set_body (SoupServerMessage *message, GBytes *bytes)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  /* Shared, not copied: a thousand viewers take the same segment. */
  soup_message_body_append_bytes (body, bytes);
  soup_message_headers_set_content_length (soup_server_message_get_response_headers (message),
                                           (goffset) g_bytes_get_size (bytes));
}

/**
 * livepage_reply_secure:
 * @message: a request
 *
 * Sets what every answer has: a browser must not run, load or guess anything we did not write.
 */
void
livepage_reply_secure (SoupServerMessage *message)
{
  set_header (message, "Content-Security-Policy", CONTENT_SECURITY_POLICY);
  set_header (message, "X-Content-Type-Options", "nosniff");
  set_header (message, "X-Frame-Options", "DENY");
  set_header (message, "Referrer-Policy", "no-referrer");
  set_header (message, "Cross-Origin-Resource-Policy", "same-origin");
  set_header (message, "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
}

/**
 * livepage_reply_share:
 * @message: a request for the stream
 *
 * Lets players on other pages have the stream.
 */
void
livepage_reply_share (SoupServerMessage *message)
{
  set_header (message, "Access-Control-Allow-Origin", "*");
  set_header (message, "Access-Control-Expose-Headers", "Content-Length, Content-Range");
  set_header (message, "Cross-Origin-Resource-Policy", "cross-origin");
}

/**
 * livepage_reply_names_loopback:
 * @message: a request
 *
 * A page elsewhere can make its own name point to 127.0.0.1 and so read what is meant for this
 * computer; but the browser still tells that name.
 *
 * Returns: whether the request is for `localhost`, `127.0.0.1` or `[::1]`, on any port
 */
gboolean
livepage_reply_names_loopback (SoupServerMessage *message)
{
  return common_host_is_loopback (get_header (message, "Host"));
}

/**
 * livepage_reply_status:
 * @message: a request
 * @status: an HTTP status
 *
 * Answers with the name of the status and nothing else.
 */
void
livepage_reply_status (SoupServerMessage *message, guint status)
{
  g_autofree char *text = g_strdup_printf ("%s\n", soup_status_get_phrase (status));
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  set_header (message, "Content-Type", "text/plain; charset=utf-8");
  set_header (message, "Cache-Control", "no-store");
  if (status == SOUP_STATUS_METHOD_NOT_ALLOWED)
    set_header (message, "Allow", "GET, HEAD");
  set_body (message, bytes);
  soup_server_message_set_status (message, status, NULL);
}

typedef enum {
  RANGE_NONE, /* none asked for, or one we need not understand: the whole is right */
  RANGE_OK,
  RANGE_OUTSIDE,
} Range;

/* "bytes=A-B", "bytes=A-" or "bytes=-N". Lists of ranges get the whole: no player asks for them,
 * and they are a way to have much work done. */
static Range
read_range (const char *header, guint64 size, guint64 *first, guint64 *last)
{
  if (header == NULL || !g_str_has_prefix (header, "bytes="))
    return RANGE_NONE;

  g_auto (GStrv) ends = g_strsplit (header + strlen ("bytes="), "-", 3);
  if (g_strv_length (ends) != 2)
    return RANGE_NONE;

  const gboolean has_first = g_ascii_string_to_unsigned (ends[0], 10, 0, G_MAXUINT64, first, NULL);
  const gboolean has_last = g_ascii_string_to_unsigned (ends[1], 10, 0, G_MAXUINT64, last, NULL);
  if ((!has_first && *ends[0] != '\0') || (!has_last && *ends[1] != '\0') ||
      (!has_first && !has_last) || (has_first && has_last && *last < *first))
    return RANGE_NONE;
  if (has_first ? *first >= size : *last == 0 || size == 0)
    return RANGE_OUTSIDE;
  if (!has_first) {
    *first = *last < size ? size - *last : 0;
    *last = size - 1;
  } else {
    *last = has_last ? MIN (*last, size - 1) : size - 1;
  }
  return RANGE_OK;
}

/**
 * livepage_reply_media:
 * @message: a request
 * @type: its content type
 * @bytes: what never changes under this address
 *
 * Answers with a piece of the stream, or with the range of it that was asked for.
 */
void
livepage_reply_media (SoupServerMessage *message, const char *type, GBytes *bytes)
{
  const guint64 size = g_bytes_get_size (bytes);
  guint64 first = 0;
  guint64 last = 0;
  const Range range = read_range (get_header (message, "Range"), size, &first, &last);

  /* libsoup would cut once more. */
  soup_message_headers_remove (soup_server_message_get_request_headers (message), "Range");
  if (range == RANGE_OUTSIDE) {
    g_autofree char *content_range = g_strdup_printf ("bytes */%" G_GUINT64_FORMAT, size);

    livepage_reply_status (message, SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE);
    set_header (message, "Content-Range", content_range);
    return;
  }

  set_header (message, "Content-Type", type);
  set_header (message, "Cache-Control", "public, max-age=3600, immutable");
  set_header (message, "Accept-Ranges", "bytes");
  if (range == RANGE_OK) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, first, last - first + 1);
    g_autofree char *content_range =
      g_strdup_printf ("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                       first, last, size);

    set_header (message, "Content-Range", content_range);
    set_body (message, part);
    soup_server_message_set_status (message, SOUP_STATUS_PARTIAL_CONTENT, NULL);
  } else {
    set_body (message, bytes);
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  }
}

/**
 * livepage_reply_playlist:
 * @message: a request
 * @playlist: (nullable): the playlist; `NULL` if there is none yet
 */
void
livepage_reply_playlist (SoupServerMessage *message, const char *playlist)
{
  if (playlist == NULL) {
    livepage_reply_status (message, SOUP_STATUS_NOT_FOUND);
    return;
  }

  g_autoptr (GBytes) bytes = g_bytes_new (playlist, strlen (playlist));
  soup_message_headers_remove (soup_server_message_get_request_headers (message), "Range");
  set_header (message, "Content-Type", "application/vnd.apple.mpegurl");
  set_header (message, "Cache-Control", "no-store");
  set_body (message, bytes);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

/**
 * livepage_reply_tagged:
 * @message: a request
 * @type: its content type
 * @bytes: what changes now and then
 *
 * Answers with @bytes, or that the browser has them already.
 */
void
livepage_reply_tagged (SoupServerMessage *message, const char *type, GBytes *bytes)
{
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *tag = g_strdup_printf ("\"%.16s\"", sum);
  const char *known = get_header (message, "If-None-Match");

  soup_message_headers_remove (soup_server_message_get_request_headers (message), "Range");
  set_header (message, "ETag", tag);
  set_header (message, "Cache-Control", "no-cache");
  if (known != NULL && strstr (known, tag) != NULL) {
    soup_server_message_set_status (message, SOUP_STATUS_NOT_MODIFIED, NULL);
    return;
  }
  set_header (message, "Content-Type", type);
  set_body (message, bytes);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
}

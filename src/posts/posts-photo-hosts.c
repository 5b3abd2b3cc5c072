/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "posts-photo-hosts.h"

/* Where the networks keep what their people upload. */
static const struct {
  PostsNetworkKind kind;
  const char *host;
} known[] = {
  { POSTS_NETWORK_KIND_X, "pbs.twimg.com" },
  { POSTS_NETWORK_KIND_X, "video.twimg.com" },
  { POSTS_NETWORK_KIND_BLUESKY, "cdn.bsky.app" },
  { POSTS_NETWORK_KIND_BLUESKY, "video.bsky.app" },
  { POSTS_NETWORK_KIND_YOUTUBE, "yt3.ggpht.com" },
  { POSTS_NETWORK_KIND_TWITCH, "static-cdn.jtvnw.net" },
};

/* A server that the event names. */
typedef struct {
  PostsNetworkKind kind;
  char *host;
  int port;
  gboolean is_https;
} Server;

struct _PostsPhotoHosts {
  GPtrArray *servers;
};

static void
server_free (gpointer data)
{
  Server *server = data;

  g_free (server->host);
  g_free (server);
}

PostsPhotoHosts *
posts_photo_hosts_new (void)
{
  PostsPhotoHosts *self = g_new0 (PostsPhotoHosts, 1);

  self->servers = g_ptr_array_new_with_free_func (server_free);
  return self;
}

void
posts_photo_hosts_free (PostsPhotoHosts *self)
{
  g_ptr_array_unref (self->servers);
  g_free (self);
}

static int
get_port (int port, gboolean is_https)
{
  return port > 0 ? port : is_https ? 443 : 80;
}

/**
 * posts_photo_hosts_add_server:
 * @self: hosts
 * @kind: a network
 * @server: where the event says that it is; what is no address is left out
 */
void
posts_photo_hosts_add_server (PostsPhotoHosts *self, PostsNetworkKind kind, const char *server)
{
  g_autoptr (GUri) uri = server != NULL ? g_uri_parse (server, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  Server *added = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return;
  added = g_new0 (Server, 1);
  added->kind = kind;
  added->host = g_ascii_strdown (g_uri_get_host (uri), -1);
  added->is_https = g_str_equal (scheme, "https") || g_str_equal (scheme, "wss");
  added->port = get_port (g_uri_get_port (uri), added->is_https);
  g_ptr_array_add (self->servers, added);
}

/* Without https only within this computer. */
static gboolean
is_the_same (const Server *server, const char *host, int port, gboolean is_https)
{
  return g_str_equal (server->host, host) && server->port == port && server->is_https == is_https &&
         (is_https || g_str_equal (host, "127.0.0.1") || g_str_equal (host, "::1"));
}

/* Mastodon's servers have a host beside them for what is uploaded: files.example.org. */
static gboolean
is_beside (const Server *server, const char *host)
{
  const char *its = soup_tld_get_base_domain (server->host, NULL); /* NULL: a number, or local */
  const char *other = soup_tld_get_base_domain (host, NULL);       /* the same */

  return server->kind == POSTS_NETWORK_KIND_MASTODON && its != NULL && other != NULL &&
         g_str_equal (its, other);
}

/**
 * posts_photo_hosts_check:
 * @self: hosts
 * @kind: the network of a post
 * @uri: where one of its pictures is, or where a server sends us on to
 *
 * Returns: whether it may be fetched
 */
PostsPhotoTrust
posts_photo_hosts_check (PostsPhotoHosts *self, PostsNetworkKind kind, GUri *uri)
{
  const gboolean is_https = g_str_equal (g_uri_get_scheme (uri), "https");
  const int port = get_port (g_uri_get_port (uri), is_https);
  g_autofree char *host = NULL;

  if (g_uri_get_host (uri) == NULL || g_uri_get_userinfo (uri) != NULL)
    return POSTS_PHOTO_TRUST_NONE;
  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  for (guint i = 0; i < self->servers->len; i++) {
    const Server *server = self->servers->pdata[i];

    if (server->kind == kind && is_the_same (server, host, port, is_https))
      return POSTS_PHOTO_TRUST_OWN;
  }
  if (!is_https || port != 443)
    return POSTS_PHOTO_TRUST_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].kind == kind && g_str_equal (known[i].host, host))
      return POSTS_PHOTO_TRUST_PUBLIC;
  for (guint i = 0; i < self->servers->len; i++) {
    const Server *server = self->servers->pdata[i];

    if (server->kind == kind && is_beside (server, host))
      return POSTS_PHOTO_TRUST_PUBLIC;
  }
  return POSTS_PHOTO_TRUST_NONE;
}

/* The first bits of addresses that are nobody's on the internet. */
typedef struct {
  guint8 bytes[4];
  guint n_bits;
} Range;

static gboolean
is_within (const guint8 *address, const Range *ranges, guint n_ranges)
{
  for (guint i = 0; i < n_ranges; i++) {
    guint bit = 0;

    while (bit < ranges[i].n_bits &&
           ((address[bit / 8] ^ ranges[i].bytes[bit / 8]) & (0x80 >> bit % 8)) == 0)
      bit++;
    if (bit == ranges[i].n_bits)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_public_v4 (const guint8 *address)
{
  static const Range others[] = {
    { { 0 }, 8 },
    { { 10 }, 8 },
    { { 100, 64 }, 10 },
    { { 127 }, 8 },
    { { 169, 254 }, 16 },
    { { 172, 16 }, 12 },
    { { 192, 0, 0 }, 24 },
    { { 192, 0, 2 }, 24 },
    { { 192, 88, 99 }, 24 },
    { { 192, 168 }, 16 },
    { { 198, 18 }, 15 },
    { { 198, 51, 100 }, 24 },
    { { 203, 0, 113 }, 24 },
    { { 224 }, 3 },
  };

  return !is_within (address, others, G_N_ELEMENTS (others));
}

/**
 * posts_photo_hosts_is_public:
 * @address: an address
 *
 * Any thread.
 *
 * Returns: whether it is one on the internet, and not of this computer, its network or nobody
 */
gboolean
posts_photo_hosts_is_public (GInetAddress *address)
{
  static const Range internet = { { 0x20 }, 3 };
  static const Range others[] = { { { 0x20, 0x01, 0x0d, 0xb8 }, 32 },
                                  { { 0x20, 0x01, 0x00 }, 23 } };
  static const guint8 translated[12] = { 0x00, 0x64, 0xff, 0x9b };
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return is_public_v4 (bytes);
  /* The other internet's, written in this one's way. */
  if (memcmp (bytes, translated, sizeof translated) == 0)
    return is_public_v4 (bytes + 12);
  if (bytes[0] == 0x20 && bytes[1] == 0x02)
    return is_public_v4 (bytes + 2);
  return is_within (bytes, &internet, 1) && !is_within (bytes, others, G_N_ELEMENTS (others));
}

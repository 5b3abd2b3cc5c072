/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "common-util.h"
#include "livepage-reply.h"
#include "livepage-resources.h"
#include "livepage-server.h"
#include "livepage-state.h"
#include "livepage-stream.h"
#include "livepage-wait.h"

#define RESOURCE_PREFIX     "/live/regie/Regie/livepage"
#define STREAM_PREFIX       "/live/"
#define VIEWER_STAYS_US     (10 * G_TIME_SPAN_SECOND)
#define MAX_VIEWERS         20000
#define MAX_VIEWER_ID_BYTES 64

/**
 * LivepageServer:
 *
 * The audience's page: the program as HLS, the talk and the approved posts, from this computer.
 *
 * Everything it serves is in memory; it never opens a file. Main thread only.
 */
struct _LivepageServer {
  GObject parent_instance;
  char *title;
  char *language;
  char *talk_title; /* nullable */
  char *speakers;   /* nullable */
  LivepageStatus status;
  PostsDesk *desk; /* nullable */
  LivepageStream *stream;
  GBytes *state;      /* nullable: to be made anew */
  LivepageWait *wait; /* those who are told when it changes */
  SoupServer *soup;
  gboolean on_loopback;
  char *uri;
  GHashTable *viewers; /* id → gint64, when last seen */
  guint viewers_timer_id;
  guint n_viewers;
};

G_DEFINE_QUARK (livepage_error, livepage_error)
G_DEFINE_FINAL_TYPE (LivepageServer, livepage_server, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_URI,
  PROP_N_VIEWERS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const struct {
  const char *path;
  const char *resource;
  const char *type;
} files[] = {
  { "/", "index.html", "text/html; charset=utf-8" },
  { "/livepage.css", "livepage.css", "text/css; charset=utf-8" },
  { "/livepage.js", "livepage.js", "text/javascript; charset=utf-8" },
  { "/livepage.svg", "livepage.svg", "image/svg+xml" },
};

static void
livepage_server_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LivepageServer *self = LIVEPAGE_SERVER (object);

  switch (id) {
  case PROP_URI:
    g_value_set_string (value, self->uri);
    break;
  case PROP_N_VIEWERS:
    g_value_set_uint (value, self->n_viewers);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
livepage_server_dispose (GObject *object)
{
  LivepageServer *self = LIVEPAGE_SERVER (object);

  livepage_server_stop (self);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (livepage_server_parent_class)->dispose (object);
}

static void
livepage_server_finalize (GObject *object)
{
  LivepageServer *self = LIVEPAGE_SERVER (object);

  g_free (self->title);
  g_free (self->language);
  g_free (self->talk_title);
  g_free (self->speakers);
  g_clear_pointer (&self->state, g_bytes_unref);
  livepage_stream_free (self->stream);
  livepage_wait_free (self->wait);
  g_hash_table_unref (self->viewers);
  G_OBJECT_CLASS (livepage_server_parent_class)->finalize (object);
}

static void
livepage_server_class_init (LivepageServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags ro = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = livepage_server_get_property;
  object_class->dispose = livepage_server_dispose;
  object_class->finalize = livepage_server_finalize;

  properties[PROP_URI] = g_param_spec_string ("uri", NULL, NULL, NULL, ro);
  properties[PROP_N_VIEWERS] = g_param_spec_uint ("n-viewers", NULL, NULL, 0, G_MAXUINT, 0, ro);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /* By hand: the linker drops what a static library registers by itself. */
  livepage_register_resource ();
}

static GBytes *
get_state (LivepageServer *self)
{
  if (self->state == NULL) {
    const LivepageFacts facts = {
      .status = self->status,
      .title = self->title,
      .language = self->language,
      .talk_title = self->talk_title,
      .speakers = self->speakers,
      .desk = self->desk,
    };
    char *json = livepage_state_to_json (&facts);

    self->state = g_bytes_new_take (json, strlen (json));
  }
  return self->state;
}

static void
answer_cb (SoupServerMessage *message, gpointer user_data)
{
  livepage_reply_tagged (message, "application/json", get_state (user_data));
}

static void
livepage_server_init (LivepageServer *self)
{
  self->stream = livepage_stream_new ();
  self->wait = livepage_wait_new (answer_cb, self);
  self->viewers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
forget_state (LivepageServer *self)
{
  g_clear_pointer (&self->state, g_bytes_unref);
  livepage_wait_wake (self->wait);
}

static void
set_n_viewers (LivepageServer *self, guint n_viewers)
{
  if (self->n_viewers == n_viewers)
    return;
  self->n_viewers = n_viewers;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_VIEWERS]);
}

static gboolean
is_gone (gpointer id, gpointer last_seen_us, gpointer now_us)
{
  return *(gint64 *) now_us - *(gint64 *) last_seen_us > VIEWER_STAYS_US;
}

static gboolean
count_viewers_cb (gpointer user_data)
{
  LivepageServer *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  g_hash_table_foreach_remove (self->viewers, is_gone, &now_us);
  set_n_viewers (self, g_hash_table_size (self->viewers));
  if (self->n_viewers > 0)
    return G_SOURCE_CONTINUE;
  self->viewers_timer_id = 0;
  return G_SOURCE_REMOVE;
}

/* Our page says a random id; other players are known by address and name. */
static void
note_viewer (LivepageServer *self, SoupServerMessage *message, GHashTable *query)
{
  const char *said = query != NULL ? g_hash_table_lookup (query, "v") : NULL;
  const char *agent =
    soup_message_headers_get_one (soup_server_message_get_request_headers (message), "User-Agent");
  char *id = said != NULL && strlen (said) <= MAX_VIEWER_ID_BYTES
               ? g_strdup (said)
               : g_strdup_printf ("%s %.200s", soup_server_message_get_remote_host (message),
                                  agent != NULL ? agent : "");
  gint64 now_us = g_get_monotonic_time ();

  if (g_hash_table_size (self->viewers) >= MAX_VIEWERS &&
      !g_hash_table_contains (self->viewers, id)) {
    g_free (id);
    return;
  }
  g_hash_table_replace (self->viewers, id, g_memdup2 (&now_us, sizeof now_us));
  if (self->viewers_timer_id == 0)
    self->viewers_timer_id = g_timeout_add_seconds (1, count_viewers_cb, self);
  set_n_viewers (self, g_hash_table_size (self->viewers));
}

static void
reply_stream (LivepageServer *self, SoupServerMessage *message, const char *name, GHashTable *query)
{
  g_autofree char *playlist = NULL;

  livepage_reply_share (message);
  if (g_str_equal (name, "stream.m3u8")) {
    playlist = livepage_stream_make_playlist (self->stream);
    note_viewer (self, message, query);
    livepage_reply_playlist (message, playlist);
  } else if (g_str_equal (name, "master.m3u8")) {
    playlist = livepage_stream_make_master (self->stream);
    livepage_reply_playlist (message, playlist);
  } else {
    GBytes *bytes = livepage_stream_find (self->stream, name);
    const char *type = g_str_has_suffix (name, ".m4s") ? "video/iso.segment" : "video/mp4";

    if (bytes != NULL)
      livepage_reply_media (message, type, bytes);
    else
      livepage_reply_status (message, SOUP_STATUS_NOT_FOUND);
  }
}

static void
reply_file (SoupServerMessage *message, const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    if (!g_str_equal (path, files[i].path))
      continue;

    g_autofree char *resource = g_build_path ("/", RESOURCE_PREFIX, files[i].resource, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = g_resources_lookup_data (resource, 0, &error);

    g_assert_no_error (error);
    livepage_reply_tagged (message, files[i].type, bytes);
    return;
  }
  livepage_reply_status (message, SOUP_STATUS_NOT_FOUND);
}

/* What anybody sends along is thrown away as it comes, and not kept until it is all there. */
static void
request_begun_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
                  gpointer user_data)
{
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
}

/* Who asks to wait, and knows how it is, is told when it changes. */
static void
reply_state (LivepageServer *self, SoupServerMessage *message, GHashTable *query)
{
  answer_cb (message, self);
  if (query != NULL && g_hash_table_contains (query, "wait") &&
      soup_server_message_get_status (message) == SOUP_STATUS_NOT_MODIFIED)
    livepage_wait_add (self->wait, message);
}

static void
request_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  LivepageServer *self = user_data;
  const char *method = soup_server_message_get_method (message);

  livepage_reply_secure (message);
  if (self->on_loopback && !livepage_reply_names_loopback (message))
    livepage_reply_status (message, SOUP_STATUS_FORBIDDEN);
  else if (!g_str_equal (method, SOUP_METHOD_GET) && !g_str_equal (method, SOUP_METHOD_HEAD))
    livepage_reply_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED);
  else if (path == NULL)
    livepage_reply_status (message, SOUP_STATUS_NOT_FOUND);
  else if (g_str_equal (path, "/state.json"))
    reply_state (self, message, query);
  else if (g_str_has_prefix (path, STREAM_PREFIX))
    reply_stream (self, message, path + strlen (STREAM_PREFIX), query);
  else
    reply_file (message, path);
}

static void
set_uri (LivepageServer *self, char *uri)
{
  if (common_set_string (&self->uri, uri))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_URI]);
  g_free (uri);
}

/* The port that was had, when any would do. */
static guint
find_port (SoupServer *soup)
{
  GSList *uris = soup_server_get_uris (soup);
  const guint port = uris != NULL ? (guint) g_uri_get_port (uris->data) : 0;

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return port;
}

static char *
make_uri (GInetAddress *address, guint port)
{
  const gboolean is_v6 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  /* Every address: this computer opens the page by its loopback. */
  g_autofree char *host = g_inet_address_get_is_any (address)
                            ? g_strdup (is_v6 ? "::1" : "127.0.0.1")
                            : g_inet_address_to_string (address);

  return g_strdup_printf (is_v6 ? "http://[%s]:%u/" : "http://%s:%u/", host, port);
}

/**
 * livepage_server_new:
 * @title: the event's title
 * @language: (nullable): the event's language, for browsers that speak neither French nor English
 * @desk: (nullable): whose approved posts the page shows
 *
 * Returns: (transfer full): a server that does not listen yet
 */
LivepageServer *
livepage_server_new (const char *title, const char *language, PostsDesk *desk)
{
  g_return_val_if_fail (desk == NULL || POSTS_IS_DESK (desk), NULL);

  LivepageServer *self = g_object_new (LIVEPAGE_TYPE_SERVER, NULL);

  self->title = g_strdup (title);
  self->language = g_strdup (language);
  if (desk != NULL) {
    self->desk = g_object_ref (desk);
    g_signal_connect_object (posts_desk_get_list (desk, POSTS_STATE_APPROVED), "items-changed",
                             G_CALLBACK (forget_state), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (desk, "notify::on-screen", G_CALLBACK (forget_state), self,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (desk, "notify::panic", G_CALLBACK (forget_state), self,
                             G_CONNECT_SWAPPED);
  }
  return self;
}

static gboolean
listen_at (LivepageServer *self, GInetAddress *address, guint port, GError **error)
{
  g_autoptr (SoupServer) soup = soup_server_new (NULL, NULL);
  g_autoptr (GSocketAddress) socket_address = g_inet_socket_address_new (address, (guint16) port);
  g_autofree char *name = g_inet_address_to_string (address);
  g_autoptr (GError) cause = NULL;

  soup_server_add_early_handler (soup, NULL, request_begun_cb, self, NULL);
  soup_server_add_handler (soup, NULL, request_cb, self, NULL);
  if (!soup_server_listen (soup, socket_address, 0, &cause)) {
    if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
      g_set_error (error, LIVEPAGE_ERROR, LIVEPAGE_ERROR_LISTEN,
                   "Another program uses port %u of %s already", port, name);
    else
      g_set_error (error, LIVEPAGE_ERROR, LIVEPAGE_ERROR_LISTEN,
                   "Cannot listen at port %u of %s: %s", port, name, cause->message);
    return FALSE;
  }
  self->soup = g_steal_pointer (&soup);
  self->on_loopback = g_inet_address_get_is_loopback (address);
  set_uri (self, make_uri (address, find_port (self->soup)));
  return TRUE;
}

/**
 * livepage_server_listen:
 * @self: a server
 * @address: `127.0.0.1`, `::1`, `0.0.0.0`, `::` or an address of this computer
 * @port: 1 to 65535; 0: any free one
 * @error: return location
 *
 * Opens the page, closing it elsewhere first. What was streamed before is still there.
 *
 * Returns: `FALSE` with `LIVEPAGE_ERROR_LISTEN` if the address or port cannot be had
 */
gboolean
livepage_server_listen (LivepageServer *self, const char *address, guint port, GError **error)
{
  g_return_val_if_fail (LIVEPAGE_IS_SERVER (self), FALSE);
  g_return_val_if_fail (address != NULL, FALSE);

  g_autoptr (GInetAddress) inet_address = g_inet_address_new_from_string (address);

  livepage_server_stop (self);
  if (inet_address == NULL || port > G_MAXUINT16) {
    g_set_error (error, LIVEPAGE_ERROR, LIVEPAGE_ERROR_LISTEN,
                 "Cannot listen at port %u of %s: not an address of a computer", port, address);
    return FALSE;
  }
  return listen_at (self, inet_address, port, error);
}

/**
 * livepage_server_stop:
 * @self: a server
 *
 * Closes the page. May be called twice.
 */
void
livepage_server_stop (LivepageServer *self)
{
  g_return_if_fail (LIVEPAGE_IS_SERVER (self));

  livepage_wait_flush (self->wait);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
  g_clear_handle_id (&self->viewers_timer_id, g_source_remove);
  g_hash_table_remove_all (self->viewers);
  set_n_viewers (self, 0);
  set_uri (self, NULL);
}

const char *
livepage_server_get_uri (LivepageServer *self)
{
  g_return_val_if_fail (LIVEPAGE_IS_SERVER (self), NULL);

  return self->uri;
}

guint
livepage_server_get_n_viewers (LivepageServer *self)
{
  g_return_val_if_fail (LIVEPAGE_IS_SERVER (self), 0);

  return self->n_viewers;
}

/**
 * livepage_server_set_live:
 * @self: a server
 * @live: whether the show is live
 *
 * Says on the page that the show is live, or that it has ended if it was.
 */
void
livepage_server_set_live (LivepageServer *self, gboolean live)
{
  g_return_if_fail (LIVEPAGE_IS_SERVER (self));

  if (live)
    self->status = LIVEPAGE_STATUS_LIVE;
  else if (self->status == LIVEPAGE_STATUS_LIVE)
    self->status = LIVEPAGE_STATUS_ENDED;
  forget_state (self);
}

/**
 * livepage_server_set_talk:
 * @self: a server
 * @title: (nullable): the talk being given; `NULL`: none
 * @speakers: (nullable): who gives it, as one line
 */
void
livepage_server_set_talk (LivepageServer *self, const char *title, const char *speakers)
{
  g_return_if_fail (LIVEPAGE_IS_SERVER (self));

  common_set_string (&self->talk_title, title);
  common_set_string (&self->speakers, speakers);
  forget_state (self);
}

/**
 * livepage_server_begin_stream:
 * @self: a server
 * @init_segment: `ftyp` and `moov` of fragmented MP4
 * @width_px: width of the picture
 * @height_px: height of the picture
 * @codecs: as in RFC 6381, like `avc1.640028,mp4a.40.2`
 * @bandwidth_bps: the most that picture and sound take together
 *
 * Starts the stream. Called again, it goes on with another encoder; players cope.
 */
void
livepage_server_begin_stream (LivepageServer *self, GBytes *init_segment, int width_px,
                              int height_px, const char *codecs, guint bandwidth_bps)
{
  g_return_if_fail (LIVEPAGE_IS_SERVER (self));
  g_return_if_fail (init_segment != NULL && codecs != NULL);

  livepage_stream_begin (self->stream, init_segment, width_px, height_px, codecs, bandwidth_bps);
}

/**
 * livepage_server_add_segment:
 * @self: a server whose stream has begun
 * @segment: `moof` and `mdat` pairs that start with a keyframe
 * @duration_us: how long it lasts; about two seconds
 */
void
livepage_server_add_segment (LivepageServer *self, GBytes *segment, gint64 duration_us)
{
  g_return_if_fail (LIVEPAGE_IS_SERVER (self));
  g_return_if_fail (segment != NULL && duration_us > 0);

  livepage_stream_add (self->stream, segment, duration_us);
}

void
livepage_server_end_stream (LivepageServer *self)
{
  g_return_if_fail (LIVEPAGE_IS_SERVER (self));

  livepage_stream_end (self->stream);
}

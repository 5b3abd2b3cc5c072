/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "posts-decoder.h"
#include "posts-photo-hosts.h"
#include "posts-photos.h"

/* test-posts-photos REGIE-PHOTO: photos from a real server that is not always kind. */

static const char *photo_program;

typedef struct {
  SoupServer *server;
  PostsPhotos *photos;
  char *address; /* of the server */
  GBytes *png;
  guint n_requests;
  GPtrArray *held; /* messages that are never answered */
} Fixture;

static GBytes *
make_png (int width, int height)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  char *data = NULL;
  gsize length = 0;
  GError *error = NULL;

  gdk_pixbuf_fill (pixbuf, 0xff8000ff);
  gdk_pixbuf_save_to_buffer (pixbuf, &data, &length, "png", &error, NULL);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

static void
answer (SoupServerMessage *message, const char *type, const void *data, gsize length)
{
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, data, length);
}

static void
send_more_cb (SoupServerMessage *message)
{
  static const char zeros[64 * 1024];

  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_STATIC,
                            zeros, sizeof zeros);
}

/* Begins as a picture and never ends. */
static void
answer_without_end (SoupServerMessage *message, GBytes *png)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                     SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_append_bytes (body, png);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (send_more_cb), NULL);
}

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  Fixture *fixture = user_data;
  const char *data = g_bytes_get_data (fixture->png, NULL);
  const gsize length = g_bytes_get_size (fixture->png);
  static const char svg[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"file:///etc/passwd\"/></svg>";

  g_assert_null (
    soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Cookie"));
  g_assert_null (
    soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Referer"));
  fixture->n_requests++;
  if (g_str_has_prefix (path, "/good"))
    answer (message, "image/png", data, length);
  else if (g_str_equal (path, "/named-wrong.jpg"))
    answer (message, "text/html", data, length);
  else if (g_str_equal (path, "/svg.png"))
    answer (message, "image/png", svg, sizeof svg - 1);
  else if (g_str_equal (path, "/cut.png"))
    answer (message, "image/png", data, length / 2);
  else if (g_str_equal (path, "/empty.png"))
    answer (message, "image/png", "", 0);
  else if (g_str_equal (path, "/huge-header.png")) {
    g_autofree char *copy = g_memdup2 (data, length);

    memset (copy + 16, 0x7f, 8);
    answer (message, "image/png", copy, length);
  } else if (g_str_equal (path, "/endless.png"))
    answer_without_end (message, fixture->png);
  else if (g_str_equal (path, "/heavy.png")) {
    g_autofree char *much = g_malloc0 (9 * 1024 * 1024);

    answer (message, "image/png", much, 9 * 1024 * 1024);
  } else if (g_str_equal (path, "/silent.png")) {
    g_ptr_array_add (fixture->held, g_object_ref (message));
    soup_server_message_pause (message);
  } else if (g_str_equal (path, "/here.png"))
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "/good.png");
  else if (g_str_equal (path, "/round.png"))
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "/round.png");
  else if (g_str_equal (path, "/router.png"))
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "http://192.168.1.1/a.png");
  else if (g_str_equal (path, "/other-port.png"))
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "http://127.0.0.1:1/a.png");
  else if (g_str_equal (path, "/file.png"))
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "file:///etc/passwd");
  else
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;
  GSList *uris = NULL;

  fixture->png = make_png (300, 200);
  fixture->held = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, request_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  fixture->address = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  posts_media_add_stand_in (fixture->address);
  fixture->photos = posts_photos_new (photo_program);
  posts_photos_add_server (fixture->photos, POSTS_NETWORK_KIND_MASTODON, fixture->address);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->photos);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
  g_ptr_array_unref (fixture->held);
  g_bytes_unref (fixture->png);
  g_free (fixture->address);
}

static PostsPost *
make_post (PostsNetworkKind network, const char *url)
{
  g_autoptr (GPtrArray) media = g_ptr_array_new_with_free_func ((GDestroyNotify) posts_media_free);
  const PostsPostFields fields = {
    .id = "1",
    .network = network,
    .author_handle = "@ana",
    .avatar_url = url,
    .text = "Bonjour",
    .media = media,
  };

  g_ptr_array_add (media, posts_media_new (FALSE, url, NULL, "A hall"));
  return posts_post_new (&fields);
}

typedef struct {
  gboolean done;
  PostsPicture *picture;
  GError *error;
} Answer;

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Answer *got = user_data;

  got->picture = posts_photos_load_finish (POSTS_PHOTOS (object), result, &got->error);
  got->done = TRUE;
}

static void
wait_for (Answer *got)
{
  while (!got->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
clear (Answer *got)
{
  g_clear_pointer (&got->picture, posts_picture_unref);
  g_clear_error (&got->error);
  got->done = FALSE;
}

static void
ask (Fixture *fixture, const char *path, PostsPhotoUse use, Answer *got)
{
  g_autofree char *url = g_strconcat (fixture->address, path, NULL);
  g_autoptr (PostsPost) post = make_post (POSTS_NETWORK_KIND_MASTODON, url);

  posts_photos_load_async (fixture->photos, post, use, NULL, loaded_cb, got);
}

static void
check_refused (Fixture *fixture, const char *path, PostsPhotoError wanted)
{
  Answer got = { 0 };

  ask (fixture, path, POSTS_PHOTO_USE_ROW, &got);
  wait_for (&got);
  g_test_message ("%s: %s", path, got.error != NULL ? got.error->message : "no error");
  g_assert_error (got.error, POSTS_PHOTO_ERROR, (int) wanted);
  g_assert_null (got.picture);
  clear (&got);
}

static void
test_shared (Fixture *fixture, gconstpointer data)
{
  Answer row = { 0 }, again = { 0 }, avatar = { 0 }, later = { 0 };

  ask (fixture, "/good.png", POSTS_PHOTO_USE_ROW, &row);
  ask (fixture, "/good.png", POSTS_PHOTO_USE_ROW, &again);
  wait_for (&row);
  wait_for (&again);
  g_assert_no_error (row.error);
  g_assert_true (row.picture == again.picture);
  g_assert_cmpint (posts_picture_get_width_px (row.picture), ==, 300);
  g_assert_cmpint (posts_picture_get_height_px (row.picture), ==, 200);
  g_assert_cmphex (*(const guint32 *) g_bytes_get_data (posts_picture_get_pixels (row.picture),
                                                        NULL),
                   ==, 0xffff8000);

  ask (fixture, "/good.png", POSTS_PHOTO_USE_AVATAR, &avatar);
  wait_for (&avatar);
  g_assert_no_error (avatar.error);
  g_assert_cmpint (posts_picture_get_width_px (avatar.picture), ==, 128);
  ask (fixture, "/good.png", POSTS_PHOTO_USE_ROW, &later);
  g_assert_false (later.done);
  wait_for (&later);
  g_assert_true (later.picture == row.picture);
  g_assert_cmpuint (fixture->n_requests, ==, 1);
  clear (&row);
  clear (&again);
  clear (&avatar);
  clear (&later);
}

static void
test_hostile (Fixture *fixture, gconstpointer data)
{
  Answer got = { 0 };

  check_refused (fixture, "/svg.png", POSTS_PHOTO_ERROR_KIND);
  check_refused (fixture, "/empty.png", POSTS_PHOTO_ERROR_KIND);
  check_refused (fixture, "/cut.png", POSTS_PHOTO_ERROR_BROKEN);
  check_refused (fixture, "/huge-header.png", POSTS_PHOTO_ERROR_TOO_LARGE);
  check_refused (fixture, "/heavy.png", POSTS_PHOTO_ERROR_TOO_LARGE);
  check_refused (fixture, "/endless.png", POSTS_PHOTO_ERROR_TOO_LARGE);
  check_refused (fixture, "/missing.png", POSTS_PHOTO_ERROR_SOURCE);
  /* What it is called does not matter, what it is does. */
  ask (fixture, "/named-wrong.jpg", POSTS_PHOTO_USE_ROW, &got);
  wait_for (&got);
  g_assert_no_error (got.error);
  clear (&got);
}

static void
test_redirects (Fixture *fixture, gconstpointer data)
{
  Answer got = { 0 };

  check_refused (fixture, "/round.png", POSTS_PHOTO_ERROR_SOURCE);
  check_refused (fixture, "/router.png", POSTS_PHOTO_ERROR_ADDRESS);
  check_refused (fixture, "/other-port.png", POSTS_PHOTO_ERROR_ADDRESS);
  check_refused (fixture, "/file.png", POSTS_PHOTO_ERROR_ADDRESS);
  ask (fixture, "/here.png", POSTS_PHOTO_USE_ROW, &got);
  wait_for (&got);
  g_assert_no_error (got.error);
  clear (&got);
}

/* What is broken is not asked for again. */
static void
test_remembers (Fixture *fixture, gconstpointer data)
{
  check_refused (fixture, "/svg.png", POSTS_PHOTO_ERROR_KIND);
  check_refused (fixture, "/svg.png", POSTS_PHOTO_ERROR_KIND);
  g_assert_cmpuint (fixture->n_requests, ==, 1);
}

/* A server that takes the question and says nothing holds up nobody else, and not for ever. */
static void
test_silent (Fixture *fixture, gconstpointer data)
{
  Answer silent = { 0 }, good = { 0 };

  ask (fixture, "/silent.png", POSTS_PHOTO_USE_ROW, &silent);
  ask (fixture, "/good.png", POSTS_PHOTO_USE_ROW, &good);
  wait_for (&good);
  g_assert_no_error (good.error);
  g_assert_false (silent.done);
  wait_for (&silent);
  g_assert_error (silent.error, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_SOURCE);
  clear (&silent);
  clear (&good);
}

/* Of very many that are asked for, those that were asked for last come; the others are told so. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  enum {
    N = 200
  };
  Answer got[N] = { { 0 } };
  guint n_good = 0, n_busy = 0;

  for (guint i = 0; i < N; i++) {
    g_autofree char *path = g_strdup_printf ("/good-%u.png", i);

    ask (fixture, path, POSTS_PHOTO_USE_AVATAR, &got[i]);
  }
  for (guint i = 0; i < N; i++) {
    wait_for (&got[i]);
    n_good += got[i].picture != NULL;
    n_busy += g_error_matches (got[i].error, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_BUSY);
  }
  g_assert_nonnull (got[N - 1].picture);
  g_assert_cmpuint (n_good, ==, 68);
  g_assert_cmpuint (n_busy, ==, N - 68);
  for (guint i = 0; i < N; i++)
    clear (&got[i]);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *url = g_strconcat (fixture->address, "/good.png", NULL);
  g_autoptr (PostsPost) post = make_post (POSTS_NETWORK_KIND_MASTODON, url);
  Answer got = { 0 };

  posts_photos_load_async (fixture->photos, post, POSTS_PHOTO_USE_ROW, cancellable, loaded_cb,
                           &got);
  g_cancellable_cancel (cancellable);
  wait_for (&got);
  g_assert_error (got.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  clear (&got);
}

static void
check_trust (PostsPhotoHosts *hosts, PostsNetworkKind kind, const char *url, PostsPhotoTrust wanted)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  g_test_message ("%s", url);
  g_assert_nonnull (uri);
  g_assert_cmpint (posts_photo_hosts_check (hosts, kind, uri), ==, wanted);
}

static void
test_hosts (void)
{
  g_autoptr (PostsPhotoHosts) hosts = posts_photo_hosts_new ();
  const PostsNetworkKind mastodon = POSTS_NETWORK_KIND_MASTODON, x = POSTS_NETWORK_KIND_X;

  posts_photo_hosts_add_server (hosts, mastodon, "https://asso.example.org");
  posts_photo_hosts_add_server (hosts, mastodon, "http://127.0.0.1:8080");
  posts_photo_hosts_add_server (hosts, mastodon, "http://192.168.1.7:8080");
  posts_photo_hosts_add_server (hosts, x, "https://api.x.com");
  check_trust (hosts, x, "https://pbs.twimg.com/media/a.jpg", POSTS_PHOTO_TRUST_PUBLIC);
  check_trust (hosts, x, "https://PBS.twimg.com:443/media/a.jpg", POSTS_PHOTO_TRUST_PUBLIC);
  check_trust (hosts, x, "http://pbs.twimg.com/media/a.jpg", POSTS_PHOTO_TRUST_NONE);
  check_trust (hosts, x, "https://pbs.twimg.com:8443/media/a.jpg", POSTS_PHOTO_TRUST_NONE);
  check_trust (hosts, x, "https://pbs.twimg.com@evil.example/a.jpg", POSTS_PHOTO_TRUST_NONE);
  check_trust (hosts, x, "https://pbs.twimg.com.evil.example/a.jpg", POSTS_PHOTO_TRUST_NONE);
  check_trust (hosts, x, "https://cdn.bsky.app/a.jpg", POSTS_PHOTO_TRUST_NONE);
  check_trust (hosts, x, "http://127.0.0.1:8080/a.jpg", POSTS_PHOTO_TRUST_NONE);
  check_trust (hosts, mastodon, "https://asso.example.org/a.jpg", POSTS_PHOTO_TRUST_OWN);
  check_trust (hosts, mastodon, "https://files.example.org/a.jpg", POSTS_PHOTO_TRUST_PUBLIC);
  check_trust (hosts, mastodon, "https://example.com/a.jpg", POSTS_PHOTO_TRUST_NONE);
  check_trust (hosts, mastodon, "http://asso.example.org/a.jpg", POSTS_PHOTO_TRUST_NONE);
  check_trust (hosts, mastodon, "http://127.0.0.1:8080/a.jpg", POSTS_PHOTO_TRUST_OWN);
  check_trust (hosts, mastodon, "http://127.0.0.1:8081/a.jpg", POSTS_PHOTO_TRUST_NONE);
  check_trust (hosts, mastodon, "http://192.168.1.7:8080/a.jpg", POSTS_PHOTO_TRUST_NONE);
}

static void
test_addresses (void)
{
  static const char *const ours[] = {
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:c0a8:101::1",
    "2001:db8::1",
    "2001::1",
  };
  static const char *const others[] = {
    "9.9.9.9",         "172.32.0.1",      "192.169.0.1", "100.128.0.1", "2a00:1450:4007:80e::200e",
    "2606:4700::1111", "64:ff9b::909:909"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (ours[i]);

    g_test_message ("%s", ours[i]);
    g_assert_false (posts_photo_hosts_is_public (address));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (others[i]);

    g_test_message ("%s", others[i]);
    g_assert_true (posts_photo_hosts_is_public (address));
  }
}

/* Names are what whoever owns them says they are. */
#define TYPE_LIAR (liar_get_type ())
G_DECLARE_FINAL_TYPE (Liar, liar, TEST, LIAR, GResolver)
struct _Liar {
  GResolver parent_instance;
};
G_DEFINE_FINAL_TYPE (Liar, liar, G_TYPE_RESOLVER)

static void
look_up_async (GResolver *resolver, const char *name, GResolverNameLookupFlags flags,
               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_pointer (task, g_list_append (NULL, g_inet_address_new_from_string ("127.0.0.1")),
                         (GDestroyNotify) g_resolver_free_addresses);
}

static void
look_up_plainly_async (GResolver *resolver, const char *name, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  look_up_async (resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, callback,
                 user_data);
}

static GList *
look_up_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
liar_class_init (LiarClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_async = look_up_plainly_async;
  resolver_class->lookup_by_name_finish = look_up_finish;
  resolver_class->lookup_by_name_with_flags_async = look_up_async;
  resolver_class->lookup_by_name_with_flags_finish = look_up_finish;
}

static void
liar_init (Liar *self)
{
}

static void
test_private_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GResolver) before = g_resolver_get_default ();
  g_autoptr (GResolver) liar = g_object_new (TYPE_LIAR, NULL);
  g_autoptr (PostsPost) post =
    make_post (POSTS_NETWORK_KIND_BLUESKY, "https://cdn.bsky.app/img/a.jpg");
  Answer got = { 0 };

  g_resolver_set_default (liar);
  posts_photos_load_async (fixture->photos, post, POSTS_PHOTO_USE_ROW, NULL, loaded_cb, &got);
  wait_for (&got);
  g_resolver_set_default (before);
  g_assert_error (got.error, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_ADDRESS);
  clear (&got);
}

static void
decoded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Answer *got = user_data;

  got->picture = posts_decoder_decode_finish (POSTS_DECODER (object), result, &got->error);
  got->done = TRUE;
}

/* A reader that is not what it should be: a shell's script. */
static void
check_reader (const char *script, PostsPhotoError wanted)
{
  g_autofree char *folder = g_dir_make_tmp ("regie-photo-XXXXXX", NULL);
  g_autofree char *program = g_build_filename (folder, "reader", NULL);
  g_autofree char *text = g_strconcat ("#!/bin/sh\n", script, "\n", NULL);
  g_autoptr (PostsDecoder) decoder = posts_decoder_new (program);
  g_autoptr (GBytes) png = make_png (1000, 1000);
  Answer got = { 0 };

  if (script != NULL) {
    g_assert_true (g_file_set_contents (program, text, -1, NULL));
    g_assert_cmpint (chmod (program, 0700), ==, 0);
  }
  posts_decoder_decode_async (decoder, png, 100, decoded_cb, &got);
  wait_for (&got);
  g_test_message ("%s: %s", script, got.error->message);
  g_assert_error (got.error, POSTS_PHOTO_ERROR, (int) wanted);
  clear (&got);
  g_unlink (program);
  g_rmdir (folder);
}

static void
test_bad_readers (void)
{
  check_reader (NULL, POSTS_PHOTO_ERROR_READER);
  check_reader ("kill -SEGV $$", POSTS_PHOTO_ERROR_STOPPED);
  check_reader ("exit 1", POSTS_PHOTO_ERROR_STOPPED);
  check_reader ("echo hello", POSTS_PHOTO_ERROR_STOPPED);
  check_reader ("cat /dev/zero", POSTS_PHOTO_ERROR_STOPPED);
  /* Width and height of a picture that does not come. */
  check_reader ("printf '1HPR\\0\\0\\0\\0\\144\\0\\0\\0\\144\\0\\0\\0'", POSTS_PHOTO_ERROR_STOPPED);
  check_reader ("printf '1HPR\\0\\0\\0\\0\\377\\377\\377\\377\\377\\377\\377\\377'",
                POSTS_PHOTO_ERROR_STOPPED);
}

static void
test_hanging_reader (void)
{
  check_reader ("exec sleep 60", POSTS_PHOTO_ERROR_STOPPED);
}

/* The real one, killed with half a picture in it. */
static void
test_killed (void)
{
  g_autoptr (PostsDecoder) decoder = posts_decoder_new (photo_program);
  g_autofree char *noise = g_malloc (1024 * 1024);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *children = NULL;
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", (int) getpid ());
  g_autoptr (GBytes) png = make_png (64, 64);
  Answer got = { 0 }, next = { 0 };

  memset (noise, 'x', 1024 * 1024);
  bytes = g_bytes_new (noise, 1024 * 1024);
  posts_decoder_decode_async (decoder, bytes, 100, decoded_cb, &got);
  g_assert_true (g_file_get_contents (path, &children, NULL, NULL));
  g_assert_cmpint (atoi (children), >, 1);
  g_assert_cmpint (kill (atoi (children), SIGKILL), ==, 0);
  wait_for (&got);
  g_assert_error (got.error, POSTS_PHOTO_ERROR, POSTS_PHOTO_ERROR_STOPPED);
  /* The next picture has nothing to do with it. */
  posts_decoder_decode_async (decoder, png, 100, decoded_cb, &next);
  wait_for (&next);
  g_assert_no_error (next.error);
  clear (&got);
  clear (&next);
}

static void
test_blurred (void)
{
  guint32 *data = g_new0 (guint32, 200 * 100);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (PostsPicture) picture = NULL, blurred = NULL;
  const guint32 *pixels = NULL;
  int width = 0;

  /* Stripes that are finer than what is left. */
  for (int i = 0; i < 200 * 100; i++)
    data[i] = i % 2 ? 0xffffffff : 0xff000000;
  bytes = g_bytes_new_take (data, 200 * 100 * 4);
  picture = posts_picture_new (bytes, 200, 100);
  blurred = posts_picture_new_blurred (picture);
  width = posts_picture_get_width_px (blurred);
  g_assert_cmpint (width, ==, 96);
  g_assert_cmpint (posts_picture_get_height_px (blurred), ==, 48);
  pixels = g_bytes_get_data (posts_picture_get_pixels (blurred), NULL);
  for (int i = 0; i < width * 48; i++) {
    g_assert_cmphex (pixels[i] >> 24, ==, 0xff);
    g_assert_cmpint (abs ((int) (pixels[i] & 0xff) - 0x80), <, 8);
  }
}

#define ADD(name, func) g_test_add ("/posts/photos/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  signal (SIGPIPE, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  photo_program = argv[1];
  ADD ("shared", test_shared);
  ADD ("hostile", test_hostile);
  ADD ("redirects", test_redirects);
  ADD ("remembers", test_remembers);
  ADD ("silent", test_silent);
  ADD ("many", test_many);
  ADD ("cancelled", test_cancelled);
  ADD ("private-name", test_private_name);
  g_test_add_func ("/posts/photos/hosts", test_hosts);
  g_test_add_func ("/posts/photos/addresses", test_addresses);
  g_test_add_func ("/posts/photos/bad-readers", test_bad_readers);
  g_test_add_func ("/posts/photos/hanging-reader", test_hanging_reader);
  g_test_add_func ("/posts/photos/killed", test_killed);
  g_test_add_func ("/posts/photos/blurred", test_blurred);
  return g_test_run ();
}

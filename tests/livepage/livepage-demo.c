/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "livepage-server.h"

/*
 * Serves the live page for the browser test: fragmented MP4 comes in on standard input, as fast as
 * it is to be shown, one fragment for each segment; the test speaks to it by signals.
 *
 *   livepage-demo PORT LANGUAGE WIDTH HEIGHT SEGMENT_MS < stream.mp4
 */
typedef struct {
  LivepageServer *server;
  GByteArray *pending;
  GByteArray *init;    /* ftyp, moov */
  GByteArray *segment; /* moof, mdat */
  int width_px;
  int height_px;
  gint64 duration_us;
  gboolean begun;
  GMainLoop *loop;
} Demo;

static const char *const posts[][5] = {
  { "1", "Camille Robert", "camille@piaille.fr", "mastodon",
    "La collecte par SMS a doubl\xC3\xA9 nos dons, bravo \xC3\xA0 toute l\xE2\x80\x99\xC3\xA9quipe "
    "!" },
  { "2", "Jonas Weber", "jonas.bsky.social", "bluesky",
    "Question: what was the budget in the first year?" },
  { "3", "<img src=x onerror=alert(1)>", "eve", "x",
    "<script>document.title = 'pwned'</script> On suit depuis Nantes, le son est parfait." },
};

static void
add_posts (PostsDesk *desk)
{
  g_autoptr (GEnumClass) kinds = g_type_class_ref (POSTS_TYPE_NETWORK_KIND);

  for (gsize i = 0; i < G_N_ELEMENTS (posts); i++) {
    const PostsPostFields fields = {
      .id = posts[i][0],
      .author_name = posts[i][1],
      .author_handle = posts[i][2],
      .network = (PostsNetworkKind) g_enum_get_value_by_nick (kinds, posts[i][3])->value,
      .text = posts[i][4],
      .n_followers = -1,
    };
    g_autoptr (PostsPost) post = posts_post_new (&fields);

    posts_desk_add (desk, post);
    posts_desk_approve (desk, posts[i][0], NULL);
  }
  posts_desk_show (desk, "2", NULL);
}

static void
finish_segment (Demo *demo)
{
  if (demo->segment->len == 0)
    return;

  g_autoptr (GBytes) bytes = g_bytes_new (demo->segment->data, demo->segment->len);
  g_byte_array_set_size (demo->segment, 0);
  livepage_server_add_segment (demo->server, bytes, demo->duration_us);
}

static void
take_box (Demo *demo, const guint8 *box, guint size)
{
  const char *type = (const char *) box + 4;

  if (memcmp (type, "ftyp", 4) == 0 || memcmp (type, "moov", 4) == 0) {
    g_byte_array_append (demo->init, box, size);
  } else if (memcmp (type, "moof", 4) == 0 || memcmp (type, "mdat", 4) == 0) {
    if (!demo->begun) {
      g_autoptr (GBytes) init = g_bytes_new (demo->init->data, demo->init->len);

      livepage_server_begin_stream (demo->server, init, demo->width_px, demo->height_px,
                                    "avc1.64001f,mp4a.40.2", 3000000);
      livepage_server_set_live (demo->server, TRUE);
      demo->begun = TRUE;
    }
    if (memcmp (type, "moof", 4) == 0)
      finish_segment (demo);
    g_byte_array_append (demo->segment, box, size);
    if (memcmp (type, "mdat", 4) == 0)
      finish_segment (demo);
  }
}

static void
take_bytes (Demo *demo, const guint8 *data, gsize length)
{
  g_byte_array_append (demo->pending, data, (guint) length);
  while (demo->pending->len >= 8) {
    guint32 size = 0;

    memcpy (&size, demo->pending->data, sizeof size);
    size = GUINT32_FROM_BE (size);
    if (size < 8 || demo->pending->len < size)
      return;
    take_box (demo, demo->pending->data, size);
    g_byte_array_remove_range (demo->pending, 0, size);
  }
}

static void
read_cb (GObject *source_object, GAsyncResult *result, gpointer user_data)
{
  Demo *demo = user_data;
  GInputStream *input = G_INPUT_STREAM (source_object);
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (input, result, NULL);
  gsize length = 0;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0) {
    livepage_server_end_stream (demo->server);
    livepage_server_set_live (demo->server, FALSE);
    return;
  }
  const guint8 *data = g_bytes_get_data (bytes, &length);
  take_bytes (demo, data, length);
  g_input_stream_read_bytes_async (input, 65536, G_PRIORITY_DEFAULT, NULL, read_cb, demo);
}

int
main (int argc, char *argv[])
{
  g_autoptr (PostsDesk) desk = posts_desk_new ();
  g_autoptr (LivepageServer) server = NULL;
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;

  if (argc != 6)
    return 2;
  server = livepage_server_new ("Journ\xC3\xA9"
                                "e num\xC3\xA9rique des associations",
                                argv[2], desk);
  Demo demo = {
    .server = server,
    .pending = g_byte_array_new (),
    .init = g_byte_array_new (),
    .segment = g_byte_array_new (),
    .width_px = (int) g_ascii_strtoll (argv[3], NULL, 10),
    .height_px = (int) g_ascii_strtoll (argv[4], NULL, 10),
    .duration_us = g_ascii_strtoll (argv[5], NULL, 10) * 1000,
    .loop = loop,
  };

  livepage_server_set_talk (server, "Des dons qui durent : deux ans de collecte par SMS",
                            "Ada Martin, Jos\xC3\xA9 Silva");
  add_posts (desk);
  if (!livepage_server_listen (server, "127.0.0.1", (guint) g_ascii_strtoull (argv[1], NULL, 10),
                               &error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  g_print ("%s\n", livepage_server_get_uri (server));
  fflush (stdout);
  g_input_stream_read_bytes_async (input, 65536, G_PRIORITY_DEFAULT, NULL, read_cb, &demo);
  g_main_loop_run (loop);
  return 0;
}

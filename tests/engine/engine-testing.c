/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-testing.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>

static gboolean
wake_up_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

gboolean
engine_testing_wait (EngineTestingFunc done, gpointer user_data, guint timeout_ms)
{
  const gint64 end_us = g_get_monotonic_time () + timeout_ms * (gint64) 1000;
  const guint wake_up_id = g_timeout_add (5, wake_up_cb, NULL);
  gboolean result = done (user_data);

  while (!result && g_get_monotonic_time () < end_us) {
    g_main_context_iteration (NULL, TRUE);
    result = done (user_data);
  }
  g_source_remove (wake_up_id);
  return result;
}

static gboolean
never (gpointer data)
{
  return FALSE;
}

void
engine_testing_run_for (guint duration_ms)
{
  engine_testing_wait (never, NULL, duration_ms);
}

static void
gone_cb (gpointer data, GObject *where_the_object_was)
{
  *(gboolean *) data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

void
engine_testing_assert_finalizes (gpointer object)
{
  gboolean gone = FALSE;

  g_object_weak_ref (object, gone_cb, &gone);
  g_object_unref (object);
  g_assert_true (engine_testing_wait (is_true, &gone, 5000));
}

char *
engine_testing_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("regie-test-XXXXXX", &error);

  g_assert_no_error (error);
  return path;
}

static void
remove_all (const char *path)
{
  GDir *folder = g_file_test (path, G_FILE_TEST_IS_DIR) ? g_dir_open (path, 0, NULL) : NULL;
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *inside = g_build_filename (path, name, NULL);

    remove_all (inside);
  }
  g_clear_pointer (&folder, g_dir_close);
  g_remove (path);
}

void
engine_testing_remove_folder (char *path)
{
  remove_all (path);
  g_free (path);
}

#define FILM                                                                                      \
  "videotestsrc pattern=ball animation-mode=frames num-buffers=60 ! "                             \
  "video/x-raw,format=I420,width=160,height=90,framerate=30/1 ! x264enc speed-preset=ultrafast "  \
  "! mux. audiotestsrc num-buffers=94 samplesperbuffer=1024 ! audio/x-raw,rate=48000,channels=2 " \
  "! avenc_aac ! mux. mp4mux name=mux faststart=true ! filesink location=%s"

void
engine_testing_make_film (const char *path)
{
  g_autofree char *description = g_strdup_printf (FILM, path);
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 20 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_true (message != NULL && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

guint16
engine_testing_find_closed_port (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  g_assert_no_error (error);
  g_socket_bind (socket, any, FALSE, &error);
  g_assert_no_error (error);
  bound = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}
